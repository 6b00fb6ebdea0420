/** How values spread, an arm below the other on one axis, with the median of each. */
import { scaleLinear } from "d3-scale"
import type { Distribution } from "../../compare/Comparison.ts"
import * as format from "../../compare/format.ts"
import { shortened } from "../layout.ts"
import { drawing, type Place } from "./chartFrame.ts"
import { html, type Markup } from "./markup.ts"
import { armClass, marksOf, percentOf, shape } from "./marks.ts"

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
  const across = (from: number, width: number) => html`x="${percentOf(from)}" width="${percentOf(width)}"`
  const mark = marksOf(lines)
  const plots = shown.map(({ arm, n, counts, quartiles: [, median] }, row) => {
    const top = row * ROW + TITLE
    const base = top + PLOT
    const bars = counts.map((count, bin) => {
      const [from, width, height] = [x(bin * step), x(step), y(count / n)]
      return mark(
        html`<rect class="hit" ${across(from, width)} y="${top}" height="${PLOT}" />
          <rect
            class="bar"
            ${across(from + width * 0.06, width * 0.88)}
            y="${(base - height).toFixed(1)}"
            height="${height.toFixed(1)}"
          />`
      )
    })
    // The last bin holds everything above: the place of a median in it is not its value.
    const isMedianShown = median < (counts.length - 1) * step
    return html`<g class="${armClass(arms, arm)}">
      ${shape(arms, arm, 8, top - 12)}
      <text class="row-label" x="20" y="${top - 8}">${shortened(arm, ARM_NAME)}, n ${format.countText(n)}</text>
      <line class="axis" x1="0" x2="100%" y1="${base}" y2="${base}" />
      ${bars} ${isMedianShown && medianLine(x(median), format.figure(unit, median), top)}
    </g>`
  })
  const bottom = shown.length * ROW
  const ticks = ticksUpTo((bins - 1) * step).filter((tick) => x(tick) < 88)
  const axis = html`<text class="tick" x="0" y="${bottom + 2}">0</text>
    ${ticks.map((tick) => html`<text class="tick middle" x="${percentOf(x(tick))}" y="${bottom + 2}">${tickText(unit, tick)}</text>`)}
    <text class="tick end" x="100%" y="${bottom + 2}">more</text>`
  return drawing(title, bottom + AXIS, lines.length, html`${plots} ${axis}`)
}

const medianLine = (x: number, text: string, top: number): Markup => {
  const at = percentOf(x)
  const side = x > 55 ? html`class="median-label halo end" dx="-5"` : html`class="median-label halo" dx="5"`
  return html`<line class="median" x1="${at}" x2="${at}" y1="${top}" y2="${top + PLOT}" />
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
