/** The effect on the primary metric as orders came in. */
import type { OverTimePoint } from "../../compare/Charts.ts"
import type { Comparison, Interval, MetricResult } from "../../compare/Comparison.ts"
import * as format from "../../compare/format.ts"
import { type Course, type Figure, nothing } from "./Figure.ts"

const ONE_LOOK = "The analysis is for one look at the end: what is before shows the course and allows no conclusion."

/** Since when the interval has left out zero, up to the end. */
const crossing = (points: ReadonlyArray<OverTimePoint>, timeZone: string): string => {
  const lastInside = points.findLastIndex(({ sequential: { low, high } }) => low <= 0 && high >= 0)
  const since = points[lastInside + 1]
  if (since === undefined) return "Its interval still includes zero."
  return lastInside === -1
    ? "Its interval has not included zero from the first look on."
    : `Since ${format.dayText(since.at, timeZone)} its interval has not included zero.`
}

const courseFigure = (course: Course, last: OverTimePoint): Figure => {
  const { arm, points, measured, settings } = course
  const { analysis, timeZone } = settings
  const title = `${measured.title} over time, ${arm}`
  const difference = (value: number) => format.effect(measured.kind, value)
  const range = (interval: Interval) => format.effectIntervalText(measured.kind, interval)
  return {
    title,
    message: [
      `At the end, with ${format.countText(last.n)} measured in ${arm} and the baseline together, the difference is ${difference(last.effect)} (interval ${range(last[analysis])}).`,
      analysis === "fixed" ? ONE_LOOK : crossing(points, timeZone)
    ],
    drawn: {
      plot: { kind: "course", course },
      table: {
        title,
        head: ["Until", "Measured in both", "Difference", "Single look", "Any number of looks"],
        rows: points.map(({ at, n, effect, fixed, sequential }) => [
          { words: `until ${format.momentText(at, timeZone)}` },
          format.countText(n),
          difference(effect),
          range(fixed),
          range(sequential)
        ])
      }
    }
  }
}

const isRefused = ({ contrasts }: MetricResult, arm: string): boolean =>
  contrasts.some((contrast) => contrast.arm === arm && contrast.notComparable !== undefined)

export const courseFigures = ({ overTime, metrics, settings }: Comparison): ReadonlyArray<Figure> => {
  const shown = overTime.flatMap((course) => {
    const measured = metrics.find(({ id }) => id === course.metric)
    const last = course.points.at(-1)
    return measured === undefined || last === undefined || isRefused(measured, course.arm)
      ? []
      : [{ ...course, measured, last }]
  })
  return shown.length === 0
    ? [nothing("Results over time", "There is no comparable result to follow over time.")]
    : shown.map(({ last, ...course }, index) => courseFigure({ ...course, settings, isFirst: index === 0 }, last))
}
