/** Probability of superiority: how often a random value of one arm is above a random one of the other. */
import type { Interval } from "../Comparison.ts"
import type { ArmValues } from "./armValues.ts"
import { studentMultiplier } from "./distributions.ts"
import { overlapOf, sumByPerson, varianceOf } from "./persons.ts"
import { wilson } from "./rates.ts"

export interface Superiority {
  /** From 0 to 1; 0.5 if neither tends to be higher. Mann and Whitney's U over the number of pairs, ties counted half. */
  readonly value: number
  /** DeLong's (1988), with the rows of a person added up (Obuchowski 1997). */
  readonly standardError: number
  /** On the logit scale, so within 0 and 1. */
  readonly interval: (multiplier: number) => Interval
}

export const superiorityOf = (arm: ArmValues, baseline: ArmValues, persons: number): Superiority => {
  const above = placements(arm, baseline.sorted)
  const value = above.reduce((sum, each) => sum + each, 0) / above.length
  const a = spreadOf(arm, above, value, persons)
  // Of the baseline's values the share of the arm's below them: its mean is 1 − value, and the effect is a difference.
  const b = spreadOf(baseline, placements(baseline, arm.sorted), 1 - value, persons)
  const { correlation } = overlapOf(a.sums, b.sums)
  const variance = Math.max(0, a.variance + b.variance - 2 * correlation * Math.sqrt(a.variance * b.variance))
  const standardError = Math.sqrt(variance)
  const fewer = Math.min(a.persons, b.persons)
  return {
    value,
    standardError,
    interval: (multiplier) => {
      const spread = value * (1 - value)
      // All values of one arm above all of the other: no variance to be seen, so its upper bound (Birnbaum and Klose 1957).
      if (fewer < 2 || !(variance > 0) || !(spread > 1e-12)) return wilson(value, fewer, multiplier)
      const reach = (studentMultiplier(multiplier, Math.min(a.degrees, b.degrees)) * standardError) / spread
      const middle = Math.log(value / (1 - value))
      return { low: 1 / (1 + Math.exp(reach - middle)), high: 1 / (1 + Math.exp(-reach - middle)) }
    }
  }
}

/** For each row the share of the others that are below its value, ties counted half. */
const placements = ({ value }: ArmValues, others: Float64Array): Float64Array =>
  value.map((each) => (firstFrom(others, each, false) + firstFrom(others, each, true)) / (2 * others.length))

/** How many of the sorted values are below the limit, or at most it. */
const firstFrom = (sorted: Float64Array, limit: number, inclusive: boolean): number => {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const value = sorted[middle] ?? 0
    if (value < limit || (inclusive && value === limit)) low = middle + 1
    else high = middle
  }
  return low
}

const spreadOf = ({ person }: ArmValues, placement: Float64Array, mean: number, allPersons: number) => {
  const sums = sumByPerson(person, allPersons, (row) => ((placement[row] ?? 0) - mean) / placement.length)
  return { sums, ...varianceOf(sums) }
}
