/** What is drawn of the calls as a whole. */
import type { Comparison } from "../../compare/Comparison.ts"
import { countText } from "../../compare/format.ts"
import type { Remark } from "../remark.ts"
import { courseFigures } from "./course.ts"
import { DAYS, type Figure, nothing } from "./Figure.ts"
import { failureFigure, funnelFigure } from "./shares.ts"
import { spreadFigure } from "./spread.ts"

const hoursFigure = ({ heatMap, metrics }: Comparison): Figure => {
  const cells = heatMap?.arms.flatMap(({ arm, cells: own }) => own.map((cell) => ({ arm, ...cell }))) ?? []
  const [most] = cells.toSorted((a, b) => b.n - a.n)
  if (heatMap === undefined || most === undefined)
    return nothing("Time of day", "No order has a time that could be shown.")
  const name = metrics.find(({ id }) => id === heatMap.metric)?.title ?? heatMap.metric
  const title = `${name} by day and hour of the order (${heatMap.timeZone})`
  return {
    title,
    message: [
      `Most orders of an hour: ${countText(most.n)} of ${most.arm}, ${DAYS[most.day]} ${String(most.hour).padStart(2, "0")} h.`,
      "Rates by the hour describe and prove nothing."
    ],
    drawn: { plot: { kind: "hours", arms: heatMap.arms }, table: { title, head: [], rows: [] } }
  }
}

export interface Figures {
  readonly heading: string
  /** To be read before any of them. */
  readonly caution: string | undefined
  readonly figures: ReadonlyArray<Figure>
}

export const figuresOf = (comparison: Comparison): Figures => {
  const { checks, data, distributions, failureKinds, funnel } = comparison
  return {
    heading: "How the calls went",
    caution: checks.some(({ outcome }) => outcome === "failed")
      ? "A check failed: these figures describe what was seen. They allow no conclusion."
      : undefined,
    figures:
      data.orders === 0
        ? []
        : [
            funnelFigure(funnel),
            failureFigure(failureKinds),
            ...distributions.map(spreadFigure),
            ...courseFigures(comparison),
            hoursFigure(comparison)
          ]
  }
}

/** What the figures show, for a report without drawings. */
export const remarksOnFigures = ({ caution, figures }: Omit<Figures, "heading">): ReadonlyArray<Remark> => [
  ...(caution === undefined || figures.length === 0 ? [] : [{ about: [], sentences: [caution] }]),
  ...figures.map(({ title, message }) => ({ about: [title], sentences: message }))
]
