/** A comparison as one HTML file that asks for nothing else: for a phone, a big screen, paper and a screen reader. */
import { sha256 } from "@noble/hashes/sha2.js"
import type { Comparison } from "../../compare/Comparison.ts"
import { outcomeText } from "../../compare/format.ts"
import { type Figure, type Plot } from "../figures/Figure.ts"
import { rowLines } from "../table.ts"
import { type Layout, layOut, type Outline, outlineOf } from "../outline.ts"
import { barChart } from "./barChart.ts"
import { chart, type Place } from "./chartFrame.ts"
import { CHART_STYLE } from "./chartStyle.ts"
import { distributionChart } from "./distributionChart.ts"
import { heatMaps } from "./heatMap.ts"
import { html, type Markup, verbatim } from "./markup.ts"
import { type ArmNames, LOOKS } from "./marks.ts"
import { glance, metricDetails, notCompared, verdictCards } from "./metrics.ts"
import { overTimeChart } from "./overTimeChart.ts"
import { PAGE_STYLE } from "./pageStyle.ts"
import { dataTable, definitionList } from "./table.ts"
import { SCRIPT } from "./tooltipScript.ts"

/** Needs nothing but its argument; every name and text in it is escaped. */
export const renderHtml = (comparison: Comparison): string => {
  const outline = outlineOf(comparison)
  const { name: title, about } = outline.title
  const parts = layOut(outline, layoutFor(outline))
    .flat()
    .toSorted((a, b) => placeOf(a) - placeOf(b))
  const details = parts.findIndex(({ id }) => id === "glance")
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${verbatim(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the result</a>
        <header>
          <h1>${title}</h1>
          <p class="quiet">${about}</p>
        </header>
        <main id="main" tabindex="-1">
          ${parts.slice(0, details).map(section)}
          <nav aria-label="On this page">
            <ul>
              ${parts.slice(details).map(({ id, title: text }) => html`<li><a href="#${id}">${text}</a></li>`)}
            </ul>
          </nav>
          ${parts.slice(details).map(section)}
        </main>
        <footer>
          <p class="quiet">
            In charts, point at a mark, tap it or reach it with the tab key to see its numbers; all of them are in
            tables as well. Made by unicall from call records. The page holds no telephone numbers, names of persons or
            transcripts, and asks no other computer for anything.
          </p>
        </footer>
        <div id="tip" aria-hidden="true" hidden></div>
        ${hatches} ${verbatim(`<script>${SCRIPT}</script>`)}
      </body>
    </html> `.markup
}

interface Section {
  readonly id: string
  readonly title: string
  readonly content: Markup
}

/** Verdicts stand before the checks, charts before the details; what is not named follows as in the outline. */
const ORDER: ReadonlyArray<string> = ["result", "verdicts", "checks", "glance", "charts", "metrics"]
const placeOf = ({ id }: Section): number => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length)

const section = ({ id, title, content }: Section): Markup =>
  html`<section id="${id}" aria-labelledby="${id}-heading">
    <h2 id="${id}-heading">${title}</h2>
    ${content}
  </section>`

const part = (id: string, title: string, content: Markup): Section => ({ id, title, content })

const layoutFor = ({ metrics: { arms, all }, topics }: Outline): Layout<ReadonlyArray<Section>> => ({
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

/** Fills of bars that are not to be compared, one per look. */
const hatches = html`<svg class="patterns" width="0" height="0" aria-hidden="true">
  <defs>
    ${Array.from(
      { length: LOOKS },
      (_, look) =>
        html`<pattern
          id="hatch-${look}"
          class="arm-${look}"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
          ><rect class="hatch-ground" width="6" height="6" /><rect class="hatch-line" width="2.4" height="6"
        /></pattern>`
    )}
  </defs>
</svg>`

const STYLE = PAGE_STYLE + CHART_STYLE

const digestOf = (text: string): string =>
  `'sha256-${btoa(String.fromCharCode(...sha256(new TextEncoder().encode(text))))}'`

/** Only this style and this script; no request to anywhere. */
const POLICY = `default-src 'none'; style-src ${digestOf(STYLE)}; script-src ${digestOf(SCRIPT)}; img-src data:; base-uri 'none'; form-action 'none'`
