/** Ratios of sums, such as dials per person reached: the sum of one column over the sum of another. */
import type { Interval } from "../Comparison.ts"
import { spanOf, squareAndAddKnown } from "./difference.ts"
import { studentMultiplier } from "./distributions.ts"
import { countPersons, emptySums, MANY_PERSONS, overlapOf, type PersonSums, sumOfSquares } from "./persons.ts"

/** Limits so many times apart from the ratio are as good as none. */
const SAYS_NOTHING = 1_000

/** All columns have one row per observation. A row with a negative number or NaN in either column was not measured. */
export interface RatioSample {
  readonly numerator: Float64Array | Float32Array | Uint8Array | Uint32Array
  readonly denominator: Float64Array | Float32Array | Uint8Array | Uint32Array
  /** Index of the arm, below `arms`. */
  readonly arm: Uint8Array
  readonly arms: number
  /** Below `persons`. */
  readonly person: Uint32Array
  readonly persons: number
}

export interface RatioEstimate {
  readonly n: number
  readonly persons: number
  readonly value: number
  /** By the delta method, cluster-robust. */
  readonly standardError: number
  /** On the log scale, since small denominators make it lean upwards. `undefined` while too little varies for one. */
  readonly interval: (z: number) => Interval | undefined
}

export interface RatioContrast {
  readonly arm: RatioEstimate
  readonly baseline: RatioEstimate
  /** Ratio of the arm minus ratio of the baseline. */
  readonly effect: number
  readonly standardError: number
  readonly correlation: number
  readonly n: number
  /** Distinct persons in either arm. */
  readonly persons: number
  readonly interval: (multiplier: number) => Interval | undefined
}

export interface RatioEstimates {
  /** By index of the arm; `undefined` where the denominators add up to 0. */
  readonly arms: ReadonlyArray<RatioEstimate | undefined>
  readonly contrast: (arm: number, baseline: number) => RatioContrast | undefined
}

export const estimateRatios = (sample: RatioSample): RatioEstimates => ({
  arms: Array.from({ length: sample.arms }, (_, arm) => lineariseRatio(sample, arm)?.estimate),
  contrast: (arm, baseline) => {
    const [a, b] = [lineariseRatio(sample, arm), lineariseRatio(sample, baseline)]
    return a === undefined || b === undefined ? undefined : contrastRatios(a, b)
  }
})

interface Linearised {
  readonly estimate: RatioEstimate
  readonly sums: PersonSums
}

const contrastRatios = (a: Linearised, b: Linearised): RatioContrast => {
  const { persons, correlation } = overlapOf(a.sums, b.sums)
  const side = ({ estimate }: Linearised, z: number) => [estimate.value, estimate.interval(z)] as const
  return {
    arm: a.estimate,
    baseline: b.estimate,
    effect: a.estimate.value - b.estimate.value,
    standardError: spanOf(a.estimate.standardError, b.estimate.standardError, correlation),
    correlation,
    n: a.estimate.n + b.estimate.n,
    persons,
    interval: (multiplier) => squareAndAddKnown(side(a, multiplier), side(b, multiplier), correlation)
  }
}

const lineariseRatio = (sample: RatioSample, ofArm: number): Linearised | undefined => {
  const { numerator, denominator, arm, person } = sample
  const forEach = (visit: (who: number, above: number, below: number) => void): void => {
    for (let row = 0; row < numerator.length; row++) {
      const above = numerator[row] ?? Number.NaN
      const below = denominator[row] ?? Number.NaN
      if (arm[row] === ofArm && above >= 0 && below >= 0) visit(person[row] ?? 0, above, below)
    }
  }
  let [n, top, bottom] = [0, 0, 0]
  forEach((_, above, below) => {
    n++
    top += above
    bottom += below
  })
  if (!(bottom > 0)) return undefined
  const value = top / bottom
  const side = emptySums(sample.persons)
  // Persons who add nothing to the denominator tell little about a ratio: they are no degrees of freedom.
  const telling = new Uint8Array(sample.persons)
  forEach((who, above, below) => {
    side.sums[who] = (side.sums[who] ?? 0) + (above - value * below) / bottom
    side.seen[who] = 1
    if (below > 0) telling[who] = 1
  })
  const persons = countPersons(side)
  const degrees = countPersons({ ...side, seen: telling }) - 1
  const standardError = Math.sqrt(sumOfSquares(side) * (persons > 1 ? persons / (persons - 1) : 1))
  const interval = (z: number): Interval | undefined => {
    if (degrees < 1 || !(standardError > 1e-12 * value) || value === 0) return undefined
    const multiplier = degrees < MANY_PERSONS - 1 ? studentMultiplier(z, degrees) : z
    const factor = Math.exp((multiplier * standardError) / value)
    return factor > SAYS_NOTHING ? undefined : { low: value / factor, high: value * factor }
  }
  return { sums: side, estimate: { n, persons, value, standardError, interval } }
}
