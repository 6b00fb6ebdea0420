/** How values spread, an arm below the other on one axis, with the median of each. */
import { scaleLinear } from "d3-scale"
import type { Distribution } from "../../compare/Comparison.ts"
import * as format from "../../compare/format.ts"
import { chart, drawing, isRoving } from "./chartFrame.ts"
import type { Markup, Piece } from "./markup.ts"
import { html } from "./markup.ts"
import type { ArmNames } from "./marks.ts"
import { armClass, mark, percentOf, shape, shortName } from "./marks.ts"
import { dataTable } from "./table.ts"

type ArmCounts = Distribution["arms"][number]

const TITLE = 22
const PLOT = 84
const GAP = 14
const AXIS = 22

/** Nothing if nothing was measured. */
export const distributionChart = (distribution: Distribution, id: string, arms: ArmNames): Markup | undefined => {
  const shown = distribution.arms.filter(({ n }) => n > 0)
  const bins = Math.max(...shown.map(({ counts }) => counts.length), 0)
  if (bins === 0) return undefined
  const x = scaleLinear([0, bins * distribution.step], [0, 100])
  const highest = Math.max(...shown.flatMap(({ counts, n }) => counts.map((count) => count / n)))
  const y = scaleLinear([0, highest], [0, PLOT - 8])
  const row = TITLE + PLOT + GAP
  const label = `${distribution.title}, spread`
  const content = html`${shown.map((arm, index) => armPlot(arm, distribution, { arms, x, y, top: index * row, roving: isRoving(bins * shown.length), first: index === 0 }))}
  ${axis(distribution, bins, x, shown.length * row - GAP)}`
  return chart({
    id,
    title: label,
    message: html`${shown.map((arm) => html`<bdi>${arm.arm}</bdi>: ${quartileText(arm, distribution.unit)} `)}${
      shown.some((arm) => isMedianShown(arm, distribution)) && "The line marks the median."
    }`,
    drawing: drawing(label, shown.length * row - GAP + AXIS, bins * shown.length, content),
    table: binsTable(label, distribution, shown, bins)
  })
}

const quartileText = ({ quartiles: [lower, median, upper] }: ArmCounts, unit: Distribution["unit"]): string =>
  `half are below ${format.figure(unit, median)}, the middle half between ${format.figure(unit, lower)} and ${format.figure(unit, upper)}.`

interface PlotPlace {
  readonly arms: ArmNames
  readonly x: (value: number) => number
  readonly y: (share: number) => number
  readonly top: number
  readonly roving: boolean
  readonly first: boolean
}

const armPlot = (arm: ArmCounts, distribution: Distribution, { arms, x, y, top, roving, first }: PlotPlace): Markup => {
  const base = top + TITLE + PLOT
  return html`<g class="${armClass(arms, arm.arm)}"
    >${shape(arms, arm.arm, 8, top + 10)}<text class="row-label" x="20" y="${top + 14}"
      >${shortName(arm.arm)}, n ${format.countText(arm.n)}</text
    ><line class="axis" x1="0" x2="100%" y1="${base}" y2="${base}" />${arm.counts.map((count, bin) => {
      const [from, width] = [x(bin * distribution.step), x(distribution.step)]
      const height = y(count / arm.n)
      return mark(
        [
          `${arm.arm}, ${binText(distribution, bin, arm.counts.length)}`,
          `${format.countText(count)} of ${format.countText(arm.n)} (${format.percent(count / arm.n)})`
        ],
        html`<rect
            class="hit"
            x="${percentOf(from)}"
            width="${percentOf(width)}"
            y="${top + TITLE}"
            height="${PLOT}"
          /><rect
            class="bar"
            x="${percentOf(from + width * 0.06)}"
            width="${percentOf(width * 0.88)}"
            y="${(base - height).toFixed(1)}"
            height="${height.toFixed(1)}"
          />`,
        "",
        !roving || (first && bin === 0)
      )
    })}${medianLine(arm, distribution, x, top)}</g
  >`
}

/** Not for a median in the last bin, whose place on the axis is not its value. */
const isMedianShown = ({ quartiles: [, median], counts }: ArmCounts, { step }: Distribution): boolean =>
  median < (counts.length - 1) * step

const medianLine = (arm: ArmCounts, distribution: Distribution, x: (value: number) => number, top: number): Piece => {
  if (!isMedianShown(arm, distribution)) return undefined
  const [, median] = arm.quartiles
  const at = percentOf(x(median))
  const side = x(median) > 55 ? html`class="median-label halo end" dx="-5"` : html`class="median-label halo" dx="5"`
  return html`<line class="median" x1="${at}" x2="${at}" y1="${top + TITLE}" y2="${top + TITLE + PLOT}" /><text
      ${side}
      x="${at}"
      y="${top + TITLE + 10}"
      >median ${format.figure(distribution.unit, median)}</text
    >`
}

/** "10.0 s to 20.0 s"; the last bin holds everything above. */
const binText = ({ step, unit }: Distribution, bin: number, bins: number): string =>
  bin === bins - 1
    ? `${format.figure(unit, bin * step)} and more`
    : `${format.figure(unit, bin * step)} to ${format.figure(unit, (bin + 1) * step)}`

const axis = (
  { unit, step }: Distribution,
  bins: number,
  x: ReturnType<typeof scaleLinear<number>>,
  y: number
): Markup => {
  const last = (bins - 1) * step
  const ticks = ticksUpTo(last).filter((tick) => x(tick) < 88)
  return html`<text class="tick" x="0" y="${y + 16}">0</text
    >${ticks.map((tick) => html`<text class="tick middle" x="${percentOf(x(tick))}" y="${y + 16}">${tickText(unit, tick)}</text>`)}<text
      class="tick end"
      x="100%"
      y="${y + 16}"
      >more</text
    >`
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

const binsTable = (label: string, distribution: Distribution, shown: ReadonlyArray<ArmCounts>, bins: number): Markup =>
  dataTable(
    label,
    [
      { title: distribution.title },
      ...shown.flatMap(({ arm }) => [
        { title: `${arm}, count`, numeric: true },
        { title: "share", numeric: true }
      ])
    ],
    [
      ...Array.from({ length: bins }, (_, bin): ReadonlyArray<Piece> => [
        binText(distribution, bin, bins),
        ...shown.flatMap(({ counts, n }) => [
          format.countText(counts[bin] ?? 0),
          format.percent((counts[bin] ?? 0) / n)
        ])
      ]),
      ...(["Lower quartile", "Median", "Upper quartile"] as const).map((title, index): ReadonlyArray<Piece> => [
        title,
        ...shown.flatMap(({ quartiles }) => [format.figure(distribution.unit, quartiles[index]), ""])
      ])
    ]
  )
