/** Ratios of sums, such as dials per person reached: the sum of one column over the sum of another. */
import type { Interval } from "../Comparison.ts"
import { differenceOf, type Estimate, type Estimates, type Linearised } from "./difference.ts"
import { studentMultiplier } from "./distributions.ts"
import { addRow, emptySums, type Grouped, varianceOf } from "./persons.ts"

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
  const { numerator, denominator, arm, person, persons: all } = sample
  const aboveOf = (row: number): number => numerator[row] ?? Number.NaN
  const belowOf = (row: number): number => denominator[row] ?? Number.NaN
  const isMeasured = (row: number): boolean => arm[row] === ofArm && aboveOf(row) >= 0 && belowOf(row) >= 0
  let [n, top, bottom] = [0, 0, 0]
  for (let row = 0; row < arm.length; row++) {
    if (!isMeasured(row)) continue
    n += 1
    top += aboveOf(row)
    bottom += belowOf(row)
  }
  if (!(bottom > 0)) return undefined
  const value = top / bottom
  const sums = emptySums(all)
  const isTelling = new Uint8Array(all)
  for (let row = 0; row < arm.length; row++) {
    if (!isMeasured(row)) continue
    addRow(sums, person[row] ?? 0, (aboveOf(row) - value * belowOf(row)) / bottom)
    if (belowOf(row) > 0) isTelling[person[row] ?? 0] = 1
  }
  const { persons, variance, degrees: ofAll } = varianceOf(sums)
  // Persons who add nothing to the denominator tell little about a ratio: they are no degrees of freedom.
  const degrees = Math.min(ofAll, isTelling.reduce((count, tells) => count + tells, 0) - 1)
  const standardError = Math.sqrt(variance)
  /** On the log scale, since small denominators make it lean upwards; none while too little varies. */
  const interval = (z: number): Interval | undefined => {
    if (degrees < 1 || !(standardError > 1e-12 * value) || value === 0) return undefined
    const factor = Math.exp((studentMultiplier(z, degrees) * standardError) / value)
    return factor > SAYS_NOTHING ? undefined : { low: value / factor, high: value * factor }
  }
  return { sums, estimate: { n, persons, value, standardError, interval } }
}
