/** A comparison as one HTML file that asks for nothing else: for a phone, a big screen, paper and a screen reader. */
import { sha256 } from "@noble/hashes/sha2.js"
import type { Comparison } from "../../compare/Comparison.ts"
import * as format from "../../compare/format.ts"
import { chartSections } from "./chartSections.ts"
import { CHART_STYLE } from "./chartStyle.ts"
import { glance } from "./glance.ts"
import type { Markup } from "./markup.ts"
import { html, verbatim } from "./markup.ts"
import { LOOKS } from "./marks.ts"
import { metricSections } from "./metricSections.ts"
import { PAGE_STYLE } from "./pageStyle.ts"
import { checks, dataSummary, headline, howToRead, settingsSummary } from "./summarySections.ts"
import { SCRIPT } from "./tooltipScript.ts"
import { verdictCards } from "./verdicts.ts"

/** Needs nothing but its argument; every name and text in it is escaped. */
export const renderHtml = (comparison: Comparison): string => {
  const title = titleOf(comparison)
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
          <p class="quiet">${subtitleOf(comparison)}</p>
        </header>
        <main id="main" tabindex="-1">
          ${RESULT.map((part) => section(part, comparison))}
          <nav aria-label="On this page">
            <ul>
              ${DETAILS.map(({ id, title: text }) => html`<li><a href="#${id}">${text}</a></li>`)}
            </ul>
          </nav>
          ${DETAILS.map((part) => section(part, comparison))}
        </main>
        <footer>
          <p class="quiet">
            Made by unicall from call records. The page holds no telephone numbers, names of persons or transcripts, and
            asks no other computer for anything.
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
  readonly content: (comparison: Comparison) => Markup
}

const RESULT: ReadonlyArray<Section> = [
  { id: "result", title: "In short", content: headline },
  { id: "verdicts", title: "Verdicts", content: verdictCards },
  { id: "checks", title: "Checks", content: checks }
]

const DETAILS: ReadonlyArray<Section> = [
  { id: "glance", title: "At a glance", content: glance },
  { id: "charts", title: "Charts", content: chartSections },
  { id: "metrics", title: "Every metric in detail", content: metricSections },
  { id: "data", title: "Data", content: dataSummary },
  { id: "settings", title: "Settings", content: settingsSummary },
  { id: "reading", title: "How to read this page", content: howToRead }
]

const section = ({ id, title, content }: Section, comparison: Comparison): Markup =>
  html`<section id="${id}" aria-labelledby="${id}-heading">
    <h2 id="${id}-heading">${title}</h2>
    ${content(comparison)}
  </section>`

const titleOf = ({ arms }: Comparison): string => {
  const names = arms.filter(({ orders }) => orders > 0).map(({ name }) => name)
  const last = names.at(-1)
  if (last === undefined) return "Nothing to compare"
  if (names.length === 1) return `${last}, with nothing to compare it with`
  return names.length > 3 ? `${names.length} arms compared` : `${names.slice(0, -1).join(", ")} and ${last} compared`
}

const subtitleOf = ({ arms, data, experiment, settings }: Comparison): Markup => {
  const baseline = arms.find((arm) => arm.baseline)
  const days = [data.from, data.to].flatMap((at) => (at === undefined ? [] : [format.dayText(at, settings.timeZone)]))
  const isCompared = arms.filter(({ orders }) => orders > 0).length > 1
  return html`${experiment !== undefined && html`Experiment <bdi>${experiment.id}</bdi>. `}${format.counted(data.orders, "order")}
  to
  ${format.counted(data.persons, "person", "persons")}${
    days.length > 0 && `, ${[...new Set(days)].join(" to ")}`
  }.${baseline !== undefined && isCompared && html` Compared with <bdi>${baseline.name}</bdi>, the baseline.`}`
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
