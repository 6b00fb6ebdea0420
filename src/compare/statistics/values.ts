/** Times and counts: medians per arm, their difference, and the chance that one arm's value is the higher. */
import type { Interval } from "../Comparison.ts"
import { type ArmValues, type Median, quantileOf, rowsByArm, type ValueSample } from "./armValues.ts"
import { type Difference, differenceOf, type Estimate, type Estimates } from "./difference.ts"
import { effectiveSize, multiplierFor, sumByPerson, varianceOf } from "./persons.ts"
import { superiorityOf, type Superiority } from "./superiority.ts"

export interface MedianDifference extends Difference {
  /** The chance that a random value of the arm is above one of the baseline, ties counted half. */
  readonly superiority: () => Superiority
}

export const estimateValues = (sample: ValueSample): Estimates<Estimate, MedianDifference> => {
  const { persons } = sample
  const medians = rowsByArm(sample).map((arm) => (arm.sorted.length === 0 ? undefined : estimateMedian(arm, persons)))
  return {
    arms: medians.map((median) => median?.estimate),
    contrast: (arm, baseline) => {
      const [a, b] = [medians[arm], medians[baseline]]
      if (a === undefined || b === undefined) return undefined
      return {
        ...differenceOf(a, b),
        superiority: () => superiorityOf(a.rows, b.rows, persons)
      }
    }
  }
}

const estimateMedian = (rows: ArmValues, allPersons: number): Median => {
  const { sorted, value, person } = rows
  const n = sorted.length
  const median = quantileOf(sorted, 0.5)
  const share = value.reduce((count, each) => (each <= median ? count + 1 : count), 0) / n
  /** What each person adds to the share of values up to the median. */
  const sums = sumByPerson(person, allPersons, (row) => (((value[row] ?? 0) <= median ? 1 : 0) - share) / n)
  const { persons, variance, degrees } = varianceOf(sums)
  const effectiveN = effectiveSize({ value: share, n, persons, variance, weighedN: n, most: n })
  /**
   * The values at the ranks where the share below differs from one half by `z` standard errors (Woodruff 1952; the sign
   * test turned round); none while there are too few values to have such ranks.
   */
  const interval = (z: number): Interval | undefined => {
    const reach = multiplierFor(z, { n, persons, degrees }) / (2 * Math.sqrt(effectiveN))
    const [low, high] = [atRank(sorted, n * (0.5 - reach) + 0.5), atRank(sorted, n * (0.5 + reach) + 0.5)]
    return low === undefined || high === undefined ? undefined : { low, high }
  }
  return { rows, sums, estimate: { n, persons, value: median, interval } }
}

/** The value at a rank from 1 to n, interpolated; `undefined` outside. */
const atRank = (sorted: Float64Array, rank: number): number | undefined => {
  const below = sorted[Math.floor(rank) - 1]
  const above = sorted[Math.ceil(rank) - 1]
  return below === undefined || above === undefined ? undefined : below + (above - below) * (rank - Math.floor(rank))
}
