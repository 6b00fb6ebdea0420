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
  readonly effectiveN: number
}

export const rowsByArm = ({ value, arm, arms, person }: ValueSample): ReadonlyArray<ArmValues> => {
  const sizes = new Uint32Array(arms)
  const isMeasured = (row: number) => (value[row] ?? Number.NaN) >= 0
  for (let row = 0; row < value.length; row++) {
    const of = arm[row] ?? 0
    if (isMeasured(row)) sizes[of] = (sizes[of] ?? 0) + 1
  }
  const filled = Array.from(sizes, (size) => ({
    value: new Float64Array(size),
    person: new Uint32Array(size),
    next: 0
  }))
  for (let row = 0; row < value.length; row++) {
    const into = filled[arm[row] ?? 0]
    if (into === undefined || !isMeasured(row)) continue
    into.value[into.next] = value[row] ?? 0
    into.person[into.next++] = person[row] ?? 0
  }
  return filled.map(({ value, person }) => ({ value, person, sorted: value.toSorted() }))
}

/** Quantile of sorted values, interpolated between neighbours (type 7 of Hyndman and Fan 1996); the median is the usual one. */
export const quantileOf = (sorted: Float64Array, p: number): number => {
  const position = p * (sorted.length - 1)
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below === above ? below : below + (above - below) * (position - Math.floor(position))
}
