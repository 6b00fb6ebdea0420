/** A comparison as one HTML file that asks for nothing else: for a phone, a big screen, paper and a screen reader. */
import type { Comparison } from "../../compare/Comparison.ts"
import { outcomeText } from "../../compare/format.ts"
import { type Figure, type Plot } from "../figures/Figure.ts"
import { rowLines } from "../table.ts"
import { type Brief, type Layout, layOut, type Outline, outlineOf } from "../outline.ts"
import { barChart } from "./barChart.ts"
import { chart, type Place } from "./chartFrame.ts"
import { distributionChart } from "./distributionChart.ts"
import { heatMaps } from "./heatMap.ts"
import { html, type Markup } from "./markup.ts"
import type { ArmNames } from "./marks.ts"
import { glance, metricDetails, notCompared, verdictCards } from "./metrics.ts"
import { overTimeChart } from "./overTimeChart.ts"
import { pageOf, type Section } from "./pageFrame.ts"
import { dataTable, definitionList } from "./table.ts"

/** Needs nothing but its argument; every name and text in it is escaped. */
export const renderHtml = (comparison: Comparison): string => {
  const outline = outlineOf(comparison)
  const parts = layOut(outline, layoutFor(outline))
    .flat()
    .toSorted((a, b) => placeOf(a) - placeOf(b))
  const details = parts.findIndex(({ id }) => id === "glance")
  return pageOf({
    ...outline.title,
    first: parts.slice(0, details),
    others: parts.slice(details),
    hint: "In charts, point at a mark, tap it or reach it with the tab key to see its numbers; all of them are in tables as well."
  })
}

/** A report without metrics and figures, in the same looks. */
export const renderBriefHtml = (brief: Brief): string => {
  const { headline, sections } = layoutFor(NO_METRICS)
  return pageOf({ ...brief.title, first: headline(brief.headline), others: sections(brief.sections) })
}

const NO_METRICS = { metrics: { arms: [], all: [] }, topics: [] }

/** Verdicts stand before the checks, charts before the details; what is not named follows as in the outline. */
const ORDER: ReadonlyArray<string> = ["result", "verdicts", "checks", "glance", "charts", "metrics"]
const placeOf = ({ id }: Section): number => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length)

const part = (id: string, title: string, content: Markup): Section => ({ id, title, content })

interface Drawn {
  readonly metrics: Pick<Outline["metrics"], "arms" | "all">
  readonly topics: Outline["topics"]
}

const layoutFor = ({ metrics: { arms, all }, topics }: Drawn): Layout<ReadonlyArray<Section>> => ({
  // At the head of the page.
  title: () => [],
  headline: (sentences) => {
    const [first, ...others] = sentences
    const rest = others.map((sentence) => html`<p class="subline">${sentence}</p>`)
    return [
      part(
        "result",
        "In short",
        html`<p class="headline">${first}</p>
          ${rest}`
      )
    ]
  },
  checks: (checks) => {
    const items = checks.map(
      ({ title, outcome, sentence }) =>
        html`<li class="${outcome}">
          <b class="outcome">${outcomeText(outcome)}</b>
          <p><b>${title}.</b> ${sentence}</p>
        </li>`
    )
    const none = html`<p>Nothing was checked.</p>`
    return [
      part(
        "checks",
        "Checks",
        items.length === 0
          ? none
          : html`<ul class="checks">
              ${items}
            </ul>`
      )
    ]
  },
  metrics: (metrics) => [
    part("verdicts", "Verdicts", verdictCards(metrics)),
    part("glance", "At a glance", html`${glance(metrics)}${notCompared(all, topics)}`),
    part("metrics", "Every metric in detail", metricDetails(metrics, topics))
  ],
  // Each stands at its metric.
  topics: () => [],
  figures: ({ heading, caution, figures }) => {
    if (figures.length === 0) return []
    const warning = caution !== undefined && html`<p class="refused">${caution}</p>`
    return [
      part("charts", heading, html`${warning} ${figures.map((each, index) => figure(each, `figure-${index}`, arms))}`)
    ]
  },
  sections: (sections) =>
    sections.map(({ id, heading, table, remarks }) =>
      part(id, heading, html`${table !== undefined && dataTable(table, arms)} ${definitionList(remarks)}`)
    )
})

const figure = ({ title, message, drawn }: Figure, id: string, arms: ArmNames): Markup => {
  if (drawn === undefined)
    return html`<h3>${title}</h3>
      <p class="quiet">${message.join(" ")}</p>`
  const { plot, table } = drawn
  const lines = table.rows.map((row) => rowLines(table.head, row))
  return chart({ id, arms, title, message, drawing: drawingOf(plot, { title, arms, lines }), table })
}

const drawingOf = (plot: Plot, place: Place): Markup => {
  switch (plot.kind) {
    case "bars":
      return barChart(plot.groups, place)
    case "spread":
      return distributionChart(plot.spread, place)
    case "course":
      return overTimeChart(plot.course, place)
    case "hours":
      return heatMaps(plot.arms, place)
  }
}
