/** How the values of a metric spread, arm by arm. */
import type { Distribution } from "../../compare/Charts.ts"
import * as format from "../../compare/format.ts"
import { type Figure, nothing } from "./Figure.ts"
import { shareText } from "./shares.ts"

export const spreadFigure = (distribution: Distribution): Figure => {
  const { unit, step } = distribution
  const title = `${distribution.title}, spread`
  const arms = distribution.arms.filter(({ n }) => n > 0)
  if (arms.length === 0) return nothing(title, "No value was measured.")
  const value = (seconds: number) => format.figure(unit, seconds)
  /** "10.0 s to 20.0 s"; the last bin holds everything above. */
  const binText = (bin: number, isLast: boolean): string =>
    `${value(bin * step)} ${isLast ? "and more" : `to ${value((bin + 1) * step)}`}`
  return {
    title,
    message: arms.map(
      ({ arm, quartiles: [lower, median, upper] }) =>
        `${arm}: half are below ${value(median)}, the middle half between ${value(lower)} and ${value(upper)}.`
    ),
    drawn: {
      plot: { kind: "spread", spread: { ...distribution, arms } },
      table: {
        title,
        head: [distribution.title, "Arm", "Count", "Share"],
        rows: arms.flatMap(({ arm, n, counts }) =>
          counts.map((count, bin) => [
            { words: binText(bin, bin === counts.length - 1) },
            { arm },
            format.countText(count),
            shareText({ count, of: n })
          ])
        )
      }
    }
  }
}
