/** The contrasts of a metric as intervals around a line of no difference, with the band of what is too small to matter. */
import { scaleLinear } from "d3-scale"
import type { Analysis, Comparison, Contrast, MetricResult } from "../../compare/Comparison.ts"
import * as format from "../../compare/format.ts"
import type { Drawable } from "../rules.ts"
import { isDrawable } from "../rules.ts"
import { chart, drawing } from "./chartFrame.ts"
import type { Markup, Piece } from "./markup.ts"
import { html } from "./markup.ts"
import type { ArmNames } from "./marks.ts"
import {
  armClass,
  armLabel,
  axisUnit,
  bandSwatch,
  differenceTick,
  mark,
  percentOf,
  shape,
  shortName,
  swatch
} from "./marks.ts"
import { dataTable } from "./table.ts"

const ROW = 54
/** Of a row, what its name takes. */
const LABEL = 20
/** Letters of a name where two stand side by side. */
const PAIRED = 15
const AXIS = 40
const TOP = 6

/** Nothing if no contrast has an effect, or none is comparable: a plot would invite the comparison that is refused. */
export const intervalChart = (
  metric: MetricResult,
  { id, arms }: { readonly id: string; readonly arms: ArmNames }
): Markup | undefined => {
  const contrasts = metric.contrasts.filter(isDrawable)
  if (contrasts.length === 0) return undefined
  const scale = scaleOf(metric, contrasts)
  const bottom = TOP + contrasts.length * ROW
  const ticks = scale.ticks(5)
  const content = html`${contrasts.map((_, index) => ground(metric, scale, ticks, TOP + index * ROW + LABEL))}
  ${ticks.map((tick) => html`<text class="tick middle" x="${percentOf(scale(tick))}" y="${bottom + 15}">${differenceTick(metric.kind, tick)}</text>`)}
  ${contrasts.map((contrast, index) => row(metric, contrast, arms, scale, TOP + index * ROW))}
  ${directions(metric, bottom + AXIS - 6)}`
  return chart({
    id,
    title: `${metric.title}: difference with interval`,
    message: messageOf(contrasts),
    drawing: drawing(`Intervals of ${metric.title}`, bottom + AXIS, contrasts.length, content),
    key: bandKey(metric),
    table: contrastTable(metric, contrasts, arms)
  })
}

const contrastTable = ({ title, kind }: MetricResult, contrasts: ReadonlyArray<Drawable>, arms: ArmNames): Markup => {
  const interval = (each: Contrast["interval"]) =>
    each === undefined ? format.NOTHING : format.effectIntervalText(kind, each)
  return dataTable(
    `${title}: differences from the baseline`,
    [
      { title: "Arm" },
      { title: "Difference", numeric: true },
      { title: "Single look", numeric: true },
      { title: "Any number of looks", numeric: true },
      { title: "Level", numeric: true },
      { title: "Measured", numeric: true },
      { title: "in the baseline", numeric: true }
    ],
    contrasts.map((contrast): ReadonlyArray<Piece> => [
      armLabel(arms, contrast.arm),
      format.effect(kind, contrast.effect),
      interval(contrast.fixed),
      interval(contrast.sequential),
      contrast.level === undefined ? format.NOTHING : format.levelText(contrast.level),
      format.countText(contrast.n),
      format.countText(contrast.baselineN)
    ])
  )
}

/** One contrast speaks for itself; of several it is counted how many came to which verdict. */
const messageOf = (contrasts: ReadonlyArray<Drawable>): string => {
  const [first, ...others] = contrasts
  if (first === undefined || others.length === 0) return first?.sentence ?? ""
  const words = contrasts.map(({ verdict }) => format.verdictText(verdict).toLowerCase())
  const counts = [...new Set(words)].map((word) => `${words.filter((each) => each === word).length} ${word}`)
  return `Each arm against ${first.baseline}: ${counts.join(", ")}.`
}

const scaleOf = (metric: MetricResult, contrasts: ReadonlyArray<Drawable>) => {
  const ends = contrasts.flatMap(({ interval, fixed, sequential }) =>
    [interval, fixed, sequential].flatMap((each) => (each === undefined ? [] : [each.low, each.high]))
  )
  const all = [0, -metric.smallestEffect * 1.2, metric.smallestEffect * 1.2, ...ends].filter(Number.isFinite)
  return scaleLinear([Math.min(...all), Math.max(...all)], [6, 94])
}

/** Band, grid and line of no difference behind one interval. */
const ground = (
  { smallestEffect }: MetricResult,
  scale: (value: number) => number,
  ticks: ReadonlyArray<number>,
  top: number
): Markup => {
  const [from, to] = [scale(-smallestEffect), scale(smallestEffect)]
  const upright = (value: number) => {
    const x = percentOf(scale(value))
    return html`<line
      class="${value === 0 ? "zero" : "grid"}"
      x1="${x}"
      x2="${x}"
      y1="${top}"
      y2="${top + ROW - LABEL}"
    />`
  }
  return html`<rect
      class="band"
      x="${percentOf(from)}"
      width="${percentOf(to - from)}"
      y="${top}"
      height="${ROW - LABEL}"
    />
    ${ticks.filter((tick) => tick !== 0).map(upright)}${upright(0)}`
}

/** Which way is good, in words at both ends of the axis. */
const directions = (metric: MetricResult, y: number): Piece => {
  if (metric.better === "neither")
    return html`<text class="tick middle" x="50%" y="${y}">${axisUnit(metric.kind)}</text>`
  const [left, right] = metric.better === "higher" ? ["worse", "better"] : ["better", "worse"]
  return html`<text class="tick" x="0" y="${y}">← ${left}</text
    ><text class="tick middle" x="50%" y="${y}">${axisUnit(metric.kind)}</text
    ><text class="tick end" x="100%" y="${y}">${right} →</text>`
}

const row = (
  { kind }: MetricResult,
  contrast: Drawable,
  arms: ArmNames,
  scale: (value: number) => number,
  top: number
): Markup => {
  const { effect, interval, fixed, sequential } = contrast
  const y = top + LABEL + (ROW - LABEL) / 2
  const outer = sequential ?? interval
  const inner = fixed ?? interval
  const lines = [
    `${contrast.arm} minus ${contrast.baseline}`,
    `difference ${format.effect(kind, effect)}`,
    format.levelledIntervalText(kind, interval, contrast.level),
    ...(fixed === undefined ? [] : [`for a single look ${format.effectIntervalText(kind, fixed)}`]),
    ...(sequential === undefined ? [] : [`for any number of looks ${format.effectIntervalText(kind, sequential)}`]),
    `measured: ${format.countText(contrast.n)} and ${format.countText(contrast.baselineN)}`
  ]
  const [from, to] = [scale(outer.low), scale(outer.high)]
  return mark(
    lines,
    html`<rect class="hit" x="0" width="100%" y="${top + 1}" height="${ROW - 2}" />
      <text class="row-label" x="0" y="${top + 14}"
        >${shortName(contrast.arm, PAIRED)} − ${shortName(contrast.baseline, PAIRED)}</text
      >
      <rect class="outer" x="${percentOf(from)}" width="${percentOf(to - from)}" y="${y - 8}" height="16" rx="3" />
      <line
        class="inner"
        x1="${percentOf(scale(inner.low))}"
        x2="${percentOf(scale(inner.high))}"
        y1="${y}"
        y2="${y}"
      />
      ${shape(arms, contrast.arm, percentOf(scale(effect)), y)}`,
    armClass(arms, contrast.arm)
  )
}

/** What the signs of all interval charts mean, said once: the shaded band differs by metric and is explained at each. */
export const intervalKey = ({ metrics, settings }: Comparison): Piece => {
  const contrasts = metrics.flatMap((metric) => metric.contrasts.filter(isDrawable))
  const has = (which: Analysis) => contrasts.some((contrast) => contrast[which] !== undefined)
  const rests = (which: Analysis) => which === settings.analysis && html` <b>The verdicts rest on this one.</b>`
  return (
    contrasts.length > 0 &&
    html`<p class="message">In each plot the sign with the arm's shape is the difference from the baseline.</p>
      <ul class="key long-key" aria-label="Signs in the plots">
        ${
          has("sequential") &&
          html`<li>
            ${swatch(html`<rect class="outer" x="1" y="2" width="26" height="12" rx="3" />`)}
            <span>Box: interval that holds however often you look.${rests("sequential")}</span>
          </li>`
        }
        ${
          has("fixed") &&
          html`<li>
            ${swatch(html`<line class="inner" x1="1" x2="27" y1="8" y2="8" />`)}
            <span>Line: interval for a single look.${rests("fixed")}</span>
          </li>`
        }
        <li>
          ${bandSwatch}
          <span>Shaded: differences too small to matter. The upright line is no difference at all.</span>
        </li>
      </ul>`
  )
}

const bandKey = ({ kind, smallestEffect }: MetricResult): Markup =>
  html`<p class="key">${bandSwatch} Shaded: less than ${format.smallestEffectText(kind, smallestEffect)} either way</p>`
