/** The two axes of "At a glance": rates share one in points; times and counts one in multiples of what matters in each row. */
import { scaleLinear } from "d3-scale"
import type { MetricResult } from "../../compare/Comparison.ts"
import type { Drawable } from "../rules.ts"
import { isDrawable } from "../rules.ts"
import { axisUnit, differenceTick } from "./marks.ts"

export interface Axis {
  /** What its figures are in. */
  readonly label: string
  /** Where a difference of a metric is along the width, 0 to 100; beyond the axis, where the axis ends. */
  readonly place: (metric: MetricResult, difference: number) => number
  /** Whether a difference is beyond the end of the axis. */
  readonly isBeyond: (metric: MetricResult, difference: number) => boolean
  readonly ticks: ReadonlyArray<{ readonly at: number; readonly text: string }>
}

export const isRate = ({ kind }: MetricResult): boolean => kind === "rate"

/** All differences are on the axis; an interval far wider than those and than what matters is cut at its end. */
export const axisOf = (metrics: ReadonlyArray<MetricResult>, rates: boolean): Axis => {
  const own = metrics.filter((metric) => isRate(metric) === rates)
  const unitOf = ({ smallestEffect }: MetricResult): number => (rates ? 1 : smallestEffect)
  const inUnits = (valuesOf: (contrast: Drawable) => ReadonlyArray<number>): ReadonlyArray<number> =>
    own.flatMap((metric) =>
      metric.contrasts.filter(isDrawable).flatMap((each) => valuesOf(each).map((value) => value / unitOf(metric)))
    )
  const bands = own.map((metric) => metric.smallestEffect / unitOf(metric))
  const effects = inUnits(({ effect }) => [effect])
  const reach = Math.max(...effects.map((effect) => Math.abs(effect) * 3), ...bands.map((band) => band * 5))
  const ends = inUnits(({ interval }) => [interval.low, interval.high]).map((end) =>
    Math.max(-reach, Math.min(reach, end))
  )
  const all = [...effects, ...ends, ...bands.flatMap((band) => [-band, band]), 0]
  const scale = scaleLinear([Math.min(...all), Math.max(...all)], [5, 95]).clamp(true)
  const [low = 0, high = 0] = scale.domain()
  return {
    label: rates ? axisUnit("rate") : "times the least difference that matters in the row",
    place: (metric, difference) => scale(difference / unitOf(metric)),
    isBeyond: (metric, difference) => difference / unitOf(metric) < low || difference / unitOf(metric) > high,
    ticks: scale.ticks(5).map((tick) => ({ at: scale(tick), text: differenceTick(rates ? "rate" : "count", tick) }))
  }
}
