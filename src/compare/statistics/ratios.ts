/** Ratios of sums, such as dials per person reached: the sum of one column over the sum of another. */
import type { Interval } from "../Comparison.ts"
import { differenceOf, type Estimate, type Estimates, type Linearised } from "./difference.ts"
import { studentMultiplier } from "./distributions.ts"
import { countPersons, type Grouped, sumByPerson, varianceOf } from "./persons.ts"

/** Limits so many times apart from the ratio are as good as none. */
const SAYS_NOTHING = 1_000

/** A row with a negative number or NaN in either column was not measured. */
export interface RatioSample extends Grouped {
  readonly numerator: Float64Array | Float32Array | Uint8Array | Uint32Array
  readonly denominator: Float64Array | Float32Array | Uint8Array | Uint32Array
}

export interface RatioEstimate extends Estimate {
  /** By the delta method, cluster-robust. */
  readonly standardError: number
}

/** Without an estimate where the denominators add up to 0. */
export const estimateRatios = (sample: RatioSample): Estimates<RatioEstimate> => ({
  arms: Array.from({ length: sample.arms }, (_, arm) => lineariseRatio(sample, arm)?.estimate),
  contrast: (arm, baseline) => {
    const [a, b] = [lineariseRatio(sample, arm), lineariseRatio(sample, baseline)]
    return a === undefined || b === undefined ? undefined : differenceOf(a, b)
  }
})

const lineariseRatio = (sample: RatioSample, ofArm: number): Linearised<RatioEstimate> | undefined => {
  const { numerator, denominator, arm } = sample
  const aboveOf = (row: number): number => numerator[row] ?? Number.NaN
  const belowOf = (row: number): number => denominator[row] ?? Number.NaN
  const rows = new Uint32Array(arm.length)
    .map((_, row) => row)
    .filter((row) => arm[row] === ofArm && aboveOf(row) >= 0 && belowOf(row) >= 0)
  const top = rows.reduce((sum, row) => sum + aboveOf(row), 0)
  const bottom = rows.reduce((sum, row) => sum + belowOf(row), 0)
  if (!(bottom > 0)) return undefined
  const value = top / bottom
  const person = rows.map((row) => sample.person[row] ?? 0)
  const residual = (row: number): number => (aboveOf(row) - value * belowOf(row)) / bottom
  const sums = sumByPerson(person, sample.persons, (index) => residual(rows[index] ?? 0))
  const { persons, variance, degrees: ofAll } = varianceOf(sums)
  // Persons who add nothing to the denominator tell little about a ratio: they are no degrees of freedom.
  const telling = person.filter((_, index) => belowOf(rows[index] ?? 0) > 0)
  const degrees = Math.min(ofAll, countPersons(sumByPerson(telling, sample.persons, () => 0)) - 1)
  const standardError = Math.sqrt(variance)
  /** On the log scale, since small denominators make it lean upwards; none while too little varies. */
  const interval = (z: number): Interval | undefined => {
    if (degrees < 1 || !(standardError > 1e-12 * value) || value === 0) return undefined
    const factor = Math.exp((studentMultiplier(z, degrees) * standardError) / value)
    return factor > SAYS_NOTHING ? undefined : { low: value / factor, high: value * factor }
  }
  return { sums, estimate: { n: rows.length, persons, value, standardError, interval } }
}
