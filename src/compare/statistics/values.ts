/** Times and counts: medians per arm, their difference, and the chance that one arm's value is the higher. */
import type { Interval } from "../Comparison.ts"
import { quantileOf, rowsByArm, type ArmValues, type ValueSample } from "./armValues.ts"
import { bootstrapMedians, type Bootstrap } from "./bootstrap.ts"
import { squareAndAddKnown } from "./difference.ts"
import {
  countPersons,
  effectiveSize,
  emptySums,
  multiplierFor,
  overlapOf,
  type PersonSums,
  sumOfSquares
} from "./persons.ts"
import { superiorityOf, type Superiority } from "./superiority.ts"

export type { ValueSample } from "./armValues.ts"

export interface ValueEstimate {
  readonly n: number
  /** Distinct persons among the measured. */
  readonly persons: number
  readonly median: number
  /** Lower quartile, median, upper quartile. */
  readonly quartiles: readonly [number, number, number]
  /**
   * The values at the ranks where the share below differs from one half by `z` standard errors (Woodruff
   * 1952; the sign test turned round). `undefined` while there are too few values to have such ranks.
   */
  readonly interval: (z: number) => Interval | undefined
}

export interface ValueContrast {
  readonly arm: ValueEstimate
  readonly baseline: ValueEstimate
  /** Median of the arm minus median of the baseline. */
  readonly effect: number
  /** Of the two medians, by persons who are in both arms. */
  readonly correlation: number
  /** Rows of both arms. */
  readonly n: number
  /** Distinct persons in either arm. */
  readonly persons: number
  readonly sharedPersons: number
  /** Square-and-add of the two medians' intervals, for any multiplier; `undefined` while one of them has none. */
  readonly interval: (multiplier: number) => Interval | undefined
  /** For a single look: the differences that come out when persons are drawn anew. Takes up to a second; same every time. */
  readonly bootstrap: () => Bootstrap
  /** The chance that a random value of the arm is above one of the baseline, ties counted half. */
  readonly superiority: () => Superiority
}

export interface ValueEstimates {
  /** By index of the arm; `undefined` where nothing was measured. */
  readonly arms: ReadonlyArray<ValueEstimate | undefined>
  readonly contrast: (arm: number, baseline: number) => ValueContrast | undefined
}

export const estimateValues = (sample: ValueSample): ValueEstimates => {
  const rows = rowsByArm(sample)
  const medians = rows.map((arm) => (arm.sorted.length === 0 ? undefined : estimateMedian(arm, sample.persons)))
  return {
    arms: medians.map((median) => median?.estimate),
    contrast: (arm, baseline) => {
      const [a, b] = [medians[arm], medians[baseline]]
      return a === undefined || b === undefined ? undefined : contrastMedians(a, b, sample.persons)
    }
  }
}

interface Median {
  readonly rows: ArmValues
  readonly estimate: ValueEstimate
  readonly effectiveN: number
}

const estimateMedian = (rows: ArmValues, allPersons: number): Median => {
  const { sorted } = rows
  const n = sorted.length
  const median = quantileOf(sorted, 0.5)
  const sums = sharesBelow(rows, median, allPersons)
  const persons = countPersons(sums)
  const value = countUpTo(rows.value, median) / n
  const variance = sumOfSquares(sums) * (persons > 1 ? persons / (persons - 1) : 1)
  const effectiveN = effectiveSize({ value, n, persons, variance, weighedN: n })
  const interval = (z: number): Interval | undefined => {
    const reach = multiplierFor(z, { n, persons }) / (2 * Math.sqrt(effectiveN))
    const [low, high] = [atRank(sorted, n * (0.5 - reach) + 0.5), atRank(sorted, n * (0.5 + reach) + 0.5)]
    return low === undefined || high === undefined ? undefined : { low, high }
  }
  const quartiles = [quantileOf(sorted, 0.25), median, quantileOf(sorted, 0.75)] as const
  return { rows, estimate: { n, persons, median, quartiles, interval }, effectiveN }
}

/** The value at a rank from 1 to n, interpolated; `undefined` outside. */
const atRank = (sorted: Float64Array, rank: number): number | undefined => {
  const below = sorted[Math.floor(rank) - 1]
  const above = sorted[Math.ceil(rank) - 1]
  return below === undefined || above === undefined ? undefined : below + (above - below) * (rank - Math.floor(rank))
}

const countUpTo = (values: Float64Array, limit: number): number => {
  let count = 0
  for (const value of values) if (value <= limit) count++
  return count
}

/** What each person adds to the share of values up to the limit. */
const sharesBelow = ({ value, person }: ArmValues, limit: number, persons: number): PersonSums => {
  const side = emptySums(persons)
  const share = countUpTo(value, limit) / value.length
  for (let row = 0; row < value.length; row++) {
    const who = person[row] ?? 0
    side.sums[who] = (side.sums[who] ?? 0) + (((value[row] ?? 0) <= limit ? 1 : 0) - share) / value.length
    side.seen[who] = 1
  }
  return side
}

const contrastMedians = (a: Median, b: Median, allPersons: number): ValueContrast => {
  const sumsOf = ({ rows, estimate }: Median) => sharesBelow(rows, estimate.median, allPersons)
  const { persons, shared, correlation } = overlapOf(sumsOf(a), sumsOf(b))
  const side = ({ estimate }: Median, z: number) => [estimate.median, estimate.interval(z)] as const
  return {
    arm: a.estimate,
    baseline: b.estimate,
    effect: a.estimate.median - b.estimate.median,
    correlation,
    n: a.estimate.n + b.estimate.n,
    persons,
    sharedPersons: shared,
    interval: (multiplier) => squareAndAddKnown(side(a, multiplier), side(b, multiplier), correlation),
    bootstrap: () => bootstrapMedians(a, b, allPersons),
    superiority: () => superiorityOf(a.rows, b.rows, allPersons)
  }
}
