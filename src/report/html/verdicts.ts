/** The verdicts at the top: a card per primary metric and guardrail, a line in it per arm. */
import type { Check, Comparison, Contrast, MetricResult, VerdictWord } from "../../compare/Comparison.ts"
import * as format from "../../compare/format.ts"
import { isForbidden, isShown, likeWithLike } from "../rules.ts"
import type { Markup, Piece } from "./markup.ts"
import { html } from "./markup.ts"
import type { ArmNames } from "./marks.ts"
import { armLabel } from "./marks.ts"

const SIGNS: { readonly [verdict in VerdictWord]: string } = {
  better: "M8 2L14 13H2Z",
  worse: "M8 14L14 3H2Z",
  no_meaningful_difference: "M2 4H14V7H2ZM2 9H14V12H2Z",
  not_enough_data: "M1 6H5V10H1ZM6 6H10V10H6ZM11 6H15V10H11Z",
  not_comparable: "M4 2L8 6L12 2L14 4L10 8L14 12L12 14L8 10L4 14L2 12L6 8L2 4Z"
}

/** The verdict as a word with a sign: colour is never the only difference. */
export const verdictBadge = (verdict: VerdictWord | undefined): Markup =>
  html`<strong class="badge ${verdict ?? "described"}"
    >${
      verdict !== undefined && html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${SIGNS[verdict]}" /></svg>`
    }${format.verdictText(verdict)}</strong
  >`

/** Where a metric is explained; `index`: its place among all metrics. */
export const anchorOf = (index: number): string => `metric-${index}`

/** Where the scenarios of a metric are. */
export const scenariosAnchorOf = (index: number): string => `${anchorOf(index)}-scenarios`

/** A sentence instead where nothing was singled out. */
export const verdictCards = ({ metrics, arms, checks, settings }: Comparison): Markup => {
  const names = arms.map(({ name }) => name)
  const cards = (["primary", "guardrail"] as const).flatMap((role) =>
    metrics.flatMap((metric, index) => (metric.role === role ? [card(metric, { arms: names, checks, index })] : []))
  )
  return cards.length === 0
    ? html`<p>There is no primary metric and no guardrail to give a verdict on.</p>`
    : html`<div class="cards">${cards}</div>
        ${likeWithLikeNote(
          settings,
          metrics.filter(({ role }) => role !== "secondary")
        )}`
}

/** Why a difference may not be that of the two rates beside it. */
export const likeWithLikeNote = (...of: Parameters<typeof likeWithLike>): Piece => {
  const sentence = likeWithLike(...of)
  return sentence !== undefined && html`<p class="note">${sentence}</p>`
}

/** Why there is no verdict or no difference; what a failed check says of every metric is said once, among the checks. */
export const whyNone = (contrast: Contrast, checks: ReadonlyArray<Check>): Piece =>
  isForbidden(contrast, checks)
    ? html`<a href="#checks">A check failed</a>, so there is no verdict.`
    : (contrast.notComparable ?? contrast.sentence)

interface CardPlace {
  readonly arms: ArmNames
  readonly checks: ReadonlyArray<Check>
  /** Of the metric among all metrics. */
  readonly index: number
}

const card = (metric: MetricResult, place: CardPlace): Markup =>
  html`<article class="card ${metric.role}" aria-labelledby="card-${place.index}">
    <p class="eyebrow">${format.roleText(metric.role)}</p>
    <h3 id="card-${place.index}"><a href="#${anchorOf(place.index)}">${metric.title}</a></h3>
    <p class="quiet">${scopeAndAmong(metric)}${directionText(metric)}</p>
    ${metric.contrasts.length === 0 ? emptyLine(metric) : html`<div class="card-lines">${metric.contrasts.map((contrast) => line(metric, contrast, place))}</div>`}
  </article>`

/** "First attempts, connected calls only". */
export const scopeAndAmong = ({ scope, among }: MetricResult): string =>
  among === undefined ? format.scopeText(scope) : `${format.scopeText(scope)}, ${among} only`

const directionText = ({ better }: MetricResult): string => (better === "neither" ? "" : `; ${better} is better`)

/** Refused, or only one arm in the data. */
const emptyLine = ({ definition, refused }: MetricResult): Markup =>
  definition === undefined
    ? html`<div class="card-line">
        ${verdictBadge("not_comparable")}${refused.slice(0, 1).map(({ sentence }) => html`<p>${sentence}</p>`)}
      </div>`
    : html`<div class="card-line">
        ${verdictBadge("not_enough_data")}
        <p>There is nothing to compare it with.</p>
      </div>`

const line = (metric: MetricResult, contrast: Contrast, { arms, checks, index }: CardPlace): Markup => {
  const { kind } = metric
  const value = (arm: string): Piece =>
    html`<b>${format.figure(kind, metric.arms.find((each) => each.arm === arm)?.value)}</b>`
  return html`<div class="card-line">
    <p class="who">${armLabel(arms, contrast.arm)} ${verdictBadge(contrast.verdict)}</p>
    ${
      isShown(contrast)
        ? html`<p class="effect">
              <b>${format.effect(kind, contrast.effect)}</b>
              ${
                contrast.interval !== undefined &&
                html`<span class="quiet">${format.levelledIntervalText(kind, contrast.interval, contrast.level)}</span>`
              }
            </p>
            <p>
              ${value(contrast.arm)} <span class="quiet">against</span> ${value(contrast.baseline)}
              <span class="quiet">of</span> ${armLabel(arms, contrast.baseline)}
            </p>`
        : html`<p>${whyNone(contrast, checks)}</p>`
    }
    ${
      contrast.robust === false &&
      html`<p class="quiet">
        Not certain to hold: <a href="#${scenariosAnchorOf(index)}">see what would change it</a>.
      </p>`
    }
  </div>`
}
