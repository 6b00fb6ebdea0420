/** The measured values of each arm, and quantiles of them. */

import type { Estimate, Linearised } from "./difference.ts"
import type { Grouped } from "./persons.ts"

export interface ValueSample extends Grouped {
  /** 0 or more; what is negative or NaN was not measured. */
  readonly value: Float64Array | Float32Array
}

/** The measured rows of one arm. */
export interface ArmValues {
  readonly value: Float64Array
  readonly person: Uint32Array
  /** The same values, smallest first. */
  readonly sorted: Float64Array
}

/** The median of an arm. */
export interface Median extends Linearised<Estimate> {
  readonly rows: ArmValues
}

export const rowsByArm = ({ value, arm, arms, person }: ValueSample): ReadonlyArray<ArmValues> => {
  const isMeasured = (row: number): boolean => (value[row] ?? -1) >= 0
  const counts = new Uint32Array(arms)
  for (let row = 0; row < value.length; row++)
    if (isMeasured(row)) counts[arm[row] ?? 0] = (counts[arm[row] ?? 0] ?? 0) + 1
  const found = Array.from(counts, (count) => ({
    value: new Float64Array(count),
    person: new Uint32Array(count),
    size: 0
  }))
  for (let row = 0; row < value.length; row++) {
    const own = found[arm[row] ?? 0]
    if (own === undefined || !isMeasured(row)) continue
    own.value[own.size] = value[row] ?? 0
    own.person[own.size++] = person[row] ?? 0
  }
  return found.map((own) => ({ value: own.value, person: own.person, sorted: own.value.toSorted() }))
}

/** Quantile of sorted values, interpolated between neighbours (type 7 of Hyndman and Fan 1996); the median is the usual one. */
export const quantileOf = (sorted: Float64Array, p: number): number => {
  const position = p * (sorted.length - 1)
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below === above ? below : below + (above - below) * (position - Math.floor(position))
}
