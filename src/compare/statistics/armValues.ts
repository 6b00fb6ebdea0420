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
  const rowsOf = Array.from({ length: arms }, (): Array<number> => [])
  for (let row = 0; row < value.length; row++) if ((value[row] ?? -1) >= 0) rowsOf[arm[row] ?? 0]?.push(row)
  return rowsOf.map((rows) => {
    const own = new Float64Array(rows.map((row) => value[row] ?? 0))
    return { value: own, person: new Uint32Array(rows.map((row) => person[row] ?? 0)), sorted: own.toSorted() }
  })
}

/** Quantile of sorted values, interpolated between neighbours (type 7 of Hyndman and Fan 1996); the median is the usual one. */
export const quantileOf = (sorted: Float64Array, p: number): number => {
  const position = p * (sorted.length - 1)
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below === above ? below : below + (above - below) * (position - Math.floor(position))
}
