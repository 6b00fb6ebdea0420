/**
 * Differences as intervals around a line of no difference, a lane for each arm, on an axis below them; behind each the band
 * of what is too small to matter.
 */
import { scaleLinear } from "d3-scale"
import type { Analysis, MetricResult } from "../../compare/Comparison.ts"
import { type ContrastEntry, DIFFERENCE_HEAD, type Lane, type MetricEntry } from "../metrics.ts"
import { rowLines } from "../table.ts"
import { html, type Markup, type Piece } from "./markup.ts"
import { armClass, armLabel, type ArmNames, bandSwatch, mark, shape, swatch, verdictBadge } from "./marks.ts"
import * as svg from "./svg.ts"

const LANE = 36
const AXIS = 38

interface Axis {
  /** What its figures are in. */
  readonly unit: string
  /** Where a difference of a metric is along the width, 0 to 100; beyond the axis, where the axis ends. */
  readonly place: (metric: MetricResult, difference: number) => number
  /** Whether a difference is beyond the end of the axis. */
  readonly isBeyond: (metric: MetricResult, difference: number) => boolean
  readonly ticks: ReadonlyArray<{ readonly at: number; readonly text: string }>
}

/**
 * All differences are on the axis; an interval far wider than those and than what matters is cut at its end. Metrics in
 * different units share one `inMultiples` of what matters in each.
 */
export const axisOf = (entries: ReadonlyArray<MetricEntry>, inMultiples = false): Axis => {
  const unitOf = ({ smallestEffect }: MetricResult): number => (inMultiples ? smallestEffect : 1)
  const inUnits = (valuesOf: (lane: Lane) => ReadonlyArray<number>): ReadonlyArray<number> =>
    entries.flatMap(({ metric, contrasts }) =>
      contrasts.flatMap(({ lane }) => (lane ? valuesOf(lane).map((value) => value / unitOf(metric)) : []))
    )
  const bands = entries.map(({ metric }) => metric.smallestEffect / unitOf(metric))
  const effects = inUnits(({ effect }) => [effect])
  const reach = Math.max(...effects.map((effect) => Math.abs(effect) * 3), ...bands.map((band) => band * 5))
  const ends = inUnits(({ fixed, sequential }) => [fixed.low, fixed.high, sequential.low, sequential.high])
  const cut = ends.map((end) => Math.max(-reach, Math.min(reach, end)))
  const all = [0, ...effects, ...cut, ...bands.flatMap((band) => [-band, band])]
  const scale = scaleLinear([Math.min(...all), Math.max(...all)], [5, 95]).clamp(true)
  const [low = 0, high = 0] = scale.domain()
  const kind = inMultiples ? "count" : (entries[0]?.metric.kind ?? "count")
  return {
    unit: inMultiples ? "times the least difference that matters in the row" : svg.AXIS_UNITS[kind],
    place: (metric, difference) => scale(difference / unitOf(metric)),
    isBeyond: (metric, difference) => difference / unitOf(metric) < low || difference / unitOf(metric) > high,
    ticks: scale.ticks(5).map((tick) => ({ at: scale(tick), text: svg.differenceTick(kind, tick) }))
  }
}

/** Whether a lane of the metric goes on beyond the axis. */
export const isCut = ({ metric, contrasts }: MetricEntry, axis: Axis): boolean =>
  contrasts.some(
    ({ lane }) => lane && (axis.isBeyond(metric, lane.interval.low) || axis.isBeyond(metric, lane.interval.high))
  )

interface LanePlace {
  readonly arms: ArmNames
  readonly axis: Axis
  /** Whether the tab key stops at the mark. */
  readonly isStop: (contrast: ContrastEntry) => boolean
}

/** The arms of a metric below each other, each with its verdict and numbers in words. */
export const lanes = ({ metric, contrasts }: MetricEntry, place: LanePlace): Markup =>
  html`<div class="lanes">
    ${contrasts.map(
      (contrast) =>
        html`<div class="lane">
          <div class="lane-text">
            ${contrasts.length > 1 && armLabel(place.arms, contrast.arm)} ${verdictBadge(contrast.verdict)}
            ${
              contrast.lane === undefined
                ? html`<span>${contrast.sentence}</span>`
                : html`<b>${contrast.difference[0]}</b> <span class="quiet">${contrast.difference[1]}</span>`
            }
          </div>
          ${contrast.lane !== undefined && plot(metric, contrast, contrast.lane, place)}
        </div>`
    )}
  </div>`

const plot = (metric: MetricResult, contrast: ContrastEntry, lane: Lane, { arms, axis, isStop }: LanePlace): Markup => {
  const at = (value: number) => axis.place(metric, value)
  const range = (from: number, to: number) => svg.span(at(from), at(to))
  const upright = (x: number, name: string) => svg.line(name, [svg.percentOf(x), svg.percentOf(x)], [0, LANE])
  const y = LANE / 2
  /** An arrow where the axis ends and the interval does not. */
  const beyond = (end: number, direction: -1 | 1): Piece =>
    axis.isBeyond(metric, end) &&
    html`<svg x="${svg.percentOf(at(end))}" y="${y}" class="shape">
      <path class="beyond" d="M0-6L${direction * 9} 0L0 6Z" />
    </svg>`
  const { effect, fixed, sequential, interval, row } = lane
  return html`<svg class="chart" width="100%" height="${LANE}" role="presentation">
    ${svg.rect("band", range(-metric.smallestEffect, metric.smallestEffect), [0, LANE])}
    ${axis.ticks.filter(({ text }) => text !== "0").map((tick) => upright(tick.at, "grid"))}${upright(at(0), "zero")}
    ${mark(
      rowLines(DIFFERENCE_HEAD, row),
      html`${svg.rect("hit", [0, "100%"], [1, LANE - 2])}
      ${svg.rect("outer", range(sequential.low, sequential.high), [y - 8, 16])}
      ${svg.line("inner", [svg.percentOf(at(fixed.low)), svg.percentOf(at(fixed.high))], [y, y])}
      ${beyond(interval.low, -1)}${beyond(interval.high, 1)} ${shape(arms, contrast.arm, svg.percentOf(at(effect)), y)}`,
      armClass(arms, contrast.arm),
      isStop(contrast)
    )}
  </svg>`
}

/** The figures below lanes; with `ends`, what less and more are in words. */
export const axisLine = ({ ticks, unit }: Axis, ends?: MetricEntry["ends"]): Markup =>
  html`<div class="lane-axis">
    <svg class="chart" width="100%" height="${AXIS}" aria-hidden="true">
      ${ticks.map(({ at, text }) => svg.label("tick middle", svg.percentOf(at), 14, text))}
      ${svg.label("tick middle", "50%", 32, unit)}
      ${ends !== undefined && [svg.label("tick", 0, 32, `← ${ends[0]}`), svg.label("tick end", "100%", 32, `${ends[1]} →`)]}
    </svg>
  </div>`

/** What the signs mean; `restsOn`: which interval gives the verdicts. */
export const laneKey = (baseline: string, restsOn: Analysis, cut: boolean): Markup => {
  const sign = (picture: Markup, ...words: ReadonlyArray<Piece>) => html`<li>${picture} <span>${words}</span></li>`
  const rests = (which: Analysis) => which === restsOn && html` <b>The verdicts rest on this one.</b>`
  const box = swatch(svg.rect("outer", [1, 26], [2, 12]))
  const thick = swatch(svg.line("inner", [1, 27], [8, 8]))
  const arrow = swatch(html`<path class="beyond" d="M10 2L20 8L10 14Z" />`)
  return html`<ul class="key long-key" aria-label="Signs of this figure">
    ${sign(box, "Box: interval that holds however often you look.", rests("sequential"))}
    ${sign(thick, "Line: interval for a single look.", rests("fixed"))}
    ${sign(bandSwatch, "Shaded: too small to matter, for this row.")}
    ${sign(
      swatch(svg.line("zero", [14, 14], [0, 16])),
      html`No difference from <bdi>${baseline}</bdi>; right of it is more, left less. Which way is good stands at each
        row.`
    )}
    ${cut && sign(arrow, "The interval goes on beyond the axis; its numbers are in the row.")}
  </ul>`
}
