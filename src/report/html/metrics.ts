/** The metrics on the page: a card for each verdict that was asked for, all at a glance, and each in detail. */
import * as format from "../../compare/format.ts"
import { wordText } from "../../compare/verdictWords.ts"
import { type ContrastEntry, differencesTable, figureOf, type MetricEntry, SCOPES } from "../metrics.ts"
import { remarksOf, type Topic } from "../notes.ts"
import type { Outline } from "../outline.ts"
import { isCompared } from "../../compare/isCompared.ts"
import { chart } from "./chartFrame.ts"
import { axisLine, axisOf, isCut, laneKey, lanes } from "./lanes.ts"
import { html, type Markup } from "./markup.ts"
import { armLabel, type ArmNames, isRoving, verdictBadge } from "./marks.ts"
import { dataTable, definitionList, disclosure } from "./table.ts"

type Metrics = Outline["metrics"]

const scenariosId = (id: string): string => `${id}-scenarios`

/** A card for the primary metric and each guardrail, a line in it per arm; a sentence where there is none. */
export const verdictCards = ({ all, arms, legend }: Metrics): Markup => {
  const singled = (["primary", "guardrail"] as const).flatMap((role) =>
    all.filter(({ metric }) => metric.role === role)
  )
  return singled.length === 0
    ? html`<p>There is no primary metric and no guardrail to give a verdict on.</p>`
    : html`<div class="cards">${singled.map((entry) => card(entry, arms))}</div>
        <p class="note">${legend.join(" ")}</p>`
}

const card = (entry: MetricEntry, arms: ArmNames): Markup => {
  const { id, metric, contrasts } = entry
  const whyAlone = metric.definition === undefined ? "not_comparable" : "not_enough_data"
  return html`<article class="card ${metric.role}" aria-labelledby="card-${id}">
    <p class="eyebrow">${format.roleText(metric.role)}</p>
    <h3 id="card-${id}"><a href="#${id}">${entry.title}</a>${entry.mark}</h3>
    <p class="quiet">${format.scopeText(metric.scope)}; ${entry.direction}</p>
    ${
      contrasts.length === 0
        ? html`<div class="card-line">
            ${verdictBadge({ word: whyAlone, text: wordText(whyAlone) })}
            <p>${entry.whyAlone}</p>
          </div>`
        : html`<div class="card-lines">${contrasts.map((contrast) => cardLine(entry, contrast, arms))}</div>`
    }
  </article>`
}

const cardLine = (entry: MetricEntry, contrast: ContrastEntry, arms: ArmNames): Markup => {
  const { arm, baseline, lane } = contrast
  return html`<div class="card-line">
    <p class="who">${armLabel(arms, arm)} ${verdictBadge(contrast.verdict)}</p>
    ${
      lane === undefined
        ? html`<p>${contrast.sentence}</p>`
        : html`<p class="effect"><b>${contrast.difference[0]}</b> <span class="quiet">${lane.levelled}</span></p>
            <p>
              <b>${figureOf(entry, arm)[0]}</b> <span class="quiet">against</span>
              <b>${figureOf(entry, baseline)[0]}</b> <span class="quiet">of</span> ${armLabel(arms, baseline)}
            </p>`
    }
    ${
      contrast.robust === false &&
      html`<p class="quiet">Not certain to hold: <a href="#${scenariosId(entry.id)}">see what would change it</a>.</p>`
    }
  </div>`
}

/** All that are compared in one figure, a row each: those on one axis below each other. */
export const glance = ({ arms, groups, whyNone, counts, analysis }: Metrics): Markup => {
  if (whyNone !== undefined) return html`<p>${whyNone}</p>`
  const compared = groups.flatMap(({ metrics }) => metrics)
  const axes = [true, false].map((isRate) => {
    const metrics = compared.filter(({ metric }) => (metric.kind === "rate") === isRate)
    return { metrics, axis: axisOf(metrics, !isRate) }
  })
  const parts = SCOPES.flatMap((scope) =>
    axes.map(({ axis, metrics }) => ({ scope, axis, rows: metrics.filter(({ metric }) => metric.scope === scope) }))
  ).filter(({ rows }) => rows.length > 0)
  const drawn = parts.flatMap(({ rows }) => rows.flatMap(({ contrasts }) => contrasts.filter(({ lane }) => lane)))
  const cut = parts.some(({ rows, axis }) => rows.some((entry) => isCut(entry, axis)))
  const roving = isRoving(drawn.length)
  const place = { arms, isStop: (contrast: ContrastEntry) => !roving || contrast === drawn[0] }
  const title = "All metrics at a glance"
  return chart({
    id: "glance-figure",
    arms,
    title,
    isTitled: false,
    message: counts,
    drawing: html`${laneKey(arms[0] ?? "", analysis, cut)}
      <div
        role="group"
        aria-label="Differences of all metrics${roving && ". The arrow keys move between the marks."}"
        ${roving && "data-roving"}
      >
        ${parts.map(
          ({ scope, axis, rows }, index) =>
            html`${scope !== parts[index - 1]?.scope && html`<h3>${format.scopeText(scope)}</h3>`}
              <ul class="glance">
                ${rows.map((entry) => html`<li>${glanceTitle(entry)} ${lanes(entry, { ...place, axis })}</li>`)}
              </ul>
              ${axisLine(axis)}`
        )}
      </div>`,
    table: differencesTable(title, compared)
  })
}

const glanceTitle = ({ id, title, mark, metric: { role }, direction }: MetricEntry): Markup =>
  html`<div class="glance-title">
    <a href="#${id}">${title}</a
    >${mark}${role !== "secondary" && html` <span class="tag">${format.roleText(role)}</span>`}
    <p class="quiet">${direction}</p>
  </div>`

/** What is noted of metrics that have no part of their own among the details. */
export const notCompared = (all: ReadonlyArray<MetricEntry>, topics: ReadonlyArray<Topic>): ReadonlyArray<Markup> => {
  const bare = new Set(all.filter(({ metric }) => !isCompared(metric)).map(({ id }) => id))
  return topics
    .map((topic) => ({ ...topic, notes: topic.notes.filter(({ metric }) => bare.has(metric)), general: [] }))
    .filter(({ notes }) => notes.length > 0)
    .map(
      (topic) =>
        html`<h3>${topic.heading}</h3>
          ${topic.notes.map(({ metric }) => html`<span id="${metric}"></span>`)}${definitionList(remarksOf(topic))}`
    )
}

/** Each metric that is compared: definition, notes, intervals, figures of each arm, what-if scenarios. */
export const metricDetails = ({ groups, arms }: Metrics, topics: ReadonlyArray<Topic>): Markup =>
  groups.length === 0
    ? html`<p>There is no metric to show in detail.</p>`
    : html`${topics.flatMap(({ general }) => general.map((sentence) => html`<p class="note">${sentence}</p>`))}
      ${groups.map(
        ({ heading, metrics }) =>
          html`<h3>${heading}</h3>
            ${metrics.map((entry) => detail(entry, topics, arms))}`
      )}`

const detail = (entry: MetricEntry, topics: ReadonlyArray<Topic>, arms: ArmNames): Markup => {
  const { id, metric, title, contrasts, armTable, caution, scenarios } = entry
  const axis = axisOf([entry])
  const drawn = contrasts.filter(({ lane }) => lane !== undefined)
  const rows = lanes(entry, { arms, axis, isStop: () => true })
  const figures = armTable !== undefined && dataTable(armTable, arms)
  return html`<section class="metric" id="${id}" aria-labelledby="${id}-title">
    <h4 id="${id}-title">${title}</h4>
    ${entry.mark === "" && html`<p><b>Measured:</b> ${metric.definition?.text}</p>`}
    ${topics.map(({ heading, notes }) =>
      notes
        .filter((note) => note.metric === id)
        .map(({ sentences }) => html`<p class="note"><b>${heading}:</b> ${sentences.join(" ")}</p>`)
    )}
    ${
      drawn.length === 0
        ? rows
        : chart({
            id: `${id}-intervals`,
            arms,
            title: `${title}: difference with interval`,
            isTitled: false,
            message: drawn.map(({ sentence }) => sentence),
            drawing: html`${rows} ${axisLine(axis, entry.ends)}`,
            table: differencesTable(`${title}: differences from the baseline`, [entry])
          })
    }
    ${caution === undefined ? figures : disclosure(caution, figures)}
    ${
      scenarios !== undefined &&
      html`<div id="${scenariosId(id)}">
        ${disclosure(scenarios.summary, dataTable(scenarios.table, arms), scenarios.isChanged)}
      </div>`
    }
  </section>`
}
