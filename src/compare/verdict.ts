/** What an interval says, given which way is good and how much matters. */
import type { Interval, VerdictWord } from "./Comparison.ts"
import type { Better } from "../metrics/Metric.ts"

export type IntervalVerdict = Exclude<VerdictWord, "not_comparable">

/** The verdict of an interval alone; none where neither direction is better. */
export const verdictOf = (
  { low, high }: Interval,
  { better, smallestEffect }: { readonly better: Better; readonly smallestEffect: number }
): IntervalVerdict | undefined => {
  if (better === "neither") return undefined
  if (low > -smallestEffect && high < smallestEffect) return "no_meaningful_difference"
  const [worst, best] = better === "higher" ? [low, high] : [-high, -low]
  return worst > 0 ? "better" : best < 0 ? "worse" : "not_enough_data"
}
