/** How values spread, an arm below the other on one axis, with the median of each. */
import { scaleLinear } from "d3-scale"
import type { Distribution } from "../../compare/Charts.ts"
import * as format from "../../compare/format.ts"
import { shortened } from "../layout.ts"
import { drawing, type Place } from "./chartFrame.ts"
import { html, type Markup } from "./markup.ts"
import { armClass, marksOf, shape } from "./marks.ts"
import * as svg from "./svg.ts"

const TITLE = 22
const PLOT = 84
const ROW = TITLE + PLOT + 14
const AXIS = 8
const ARM_NAME = 24

export const distributionChart = ({ arms: shown, step, unit }: Distribution, { title, arms, lines }: Place): Markup => {
  const bins = Math.max(...shown.map(({ counts }) => counts.length))
  const x = scaleLinear([0, bins * step], [0, 100])
  const highest = Math.max(...shown.flatMap(({ counts, n }) => counts.map((count) => count / n)))
  const y = scaleLinear([0, highest], [0, PLOT - 8])
  const mark = marksOf(lines)
  const plots = shown.map(({ arm, n, counts, quartiles: [, median] }, row) => {
    const top = row * ROW + TITLE
    const base = top + PLOT
    const bars = counts.map((count, bin) => {
      const [from, width, height] = [x(bin * step), x(step), y(count / n)]
      return mark(
        html`${svg.rect("hit", svg.span(from, from + width), [top, PLOT])}
        ${svg.rect("bar", svg.span(from + width * 0.06, from + width * 0.94), [(base - height).toFixed(1), height.toFixed(1)])}`
      )
    })
    // The last bin holds everything above: the place of a median in it is not its value.
    const isMedianShown = median < (counts.length - 1) * step
    return html`<g class="${armClass(arms, arm)}">
      ${shape(arms, arm, 8, top - 12)}
      ${svg.label("row-label", 20, top - 8, `${shortened(arm, ARM_NAME)}, n ${format.countText(n)}`)}
      ${svg.line("axis", [0, "100%"], [base, base])} ${bars}
      ${isMedianShown && medianLine(x(median), format.figure(unit, median), top)}
    </g>`
  })
  const bottom = shown.length * ROW
  const ticks = ticksUpTo((bins - 1) * step).filter((tick) => x(tick) < 88)
  const axis = [
    svg.label("tick", 0, bottom + 2, "0"),
    ...ticks.map((tick) => svg.label("tick middle", svg.percentOf(x(tick)), bottom + 2, tickText(unit, tick))),
    svg.label("tick end", "100%", bottom + 2, "more")
  ]
  return drawing(title, bottom + AXIS, lines.length, html`${plots} ${axis}`)
}

const medianLine = (x: number, text: string, top: number): Markup => {
  const at = svg.percentOf(x)
  const side = x > 55 ? html`class="median-label halo end" dx="-5"` : html`class="median-label halo" dx="5"`
  return html`${svg.line("median", [at, at], [top, top + PLOT])}
    <text ${side} x="${at}" y="${top + 10}">median ${text}</text>`
}

const STEPS = [
  0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 21_600, 86_400, 604_800
]
/** More would run into each other on a phone. */
const MOST_TICKS = 5

/** Times that people count in: whole minutes rather than hundreds of seconds. */
const ticksUpTo = (last: number): ReadonlyArray<number> => {
  const step = STEPS.find((each) => last / each <= MOST_TICKS) ?? last
  return Array.from({ length: Math.floor(last / step) }, (_, index) => step * (index + 1))
}

/** "20 s", "2 min", "1 h": only the last word that counts. */
const tickText = (unit: Distribution["unit"], value: number): string =>
  format
    .figure(unit, value)
    .replace(/\.0+(?=\D|$)/u, "")
    .replace(/ 0 (?:s|min)$/u, "")
