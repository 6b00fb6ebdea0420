/** The bootstrap of a difference of medians: persons are drawn anew, with all their rows and in both arms at once. */
import type { Interval } from "../Comparison.ts"
import { type ArmValues, type Median, quantileOf } from "./armValues.ts"
import { normalQuantile } from "./distributions.ts"
import { drawPoisson, seededRandom } from "./random.ts"

export interface Bootstrap {
  readonly resamples: number
  readonly standardError: number
  /**
   * Percentile interval, `level` 0.95 or the like. `undefined` while an arm has too few values for an interval of its own.
   * Its limits cannot be stretched into a sequential interval; that is made of ranks.
   */
  readonly interval: (level: number) => Interval | undefined
}

const SEED = 20_221

/** So many row visits in all: about a second. */
const WORK = 2e8

/** Drawn medians stay within so many standard errors of the median; only values that near are sorted and searched. */
const NEAR = 6.5

export const bootstrapMedians = (a: Median, b: Median, persons: number): Bootstrap => {
  const n = a.estimate.n + b.estimate.n
  const resamples = Math.round(Math.min(2_000, Math.max(200, WORK / n)))
  const positions = positionsOf([a.rows, b.rows], persons)
  const [armA, armB] = [nearMedian(a, positions), nearMedian(b, positions)]
  const random = seededRandom(SEED)
  const weights = new Uint8Array(positions.size)
  const differences = new Float64Array(resamples)
  for (let drawn = 0; drawn < resamples;) {
    drawPoisson(random, weights)
    const difference = weighedMedian(armA, weights) - weighedMedian(armB, weights)
    // NaN: nobody of an arm was drawn, which happens with a handful of persons only.
    if (!Number.isNaN(difference)) differences[drawn++] = difference
  }
  differences.sort()
  const effect = a.estimate.value - b.estimate.value
  return {
    resamples,
    standardError: standardDeviation(differences),
    interval: (level) => {
      const z = normalQuantile((1 + level) / 2)
      if (a.estimate.interval(z) === undefined || b.estimate.interval(z) === undefined) return undefined
      return {
        low: Math.min(effect, quantileOf(differences, (1 - level) / 2)),
        high: Math.max(effect, quantileOf(differences, (1 + level) / 2))
      }
    }
  }
}

/** Persons of the arms numbered from 0 without gaps, by person. */
const positionsOf = (arms: ReadonlyArray<ArmValues>, persons: number) => {
  const of = new Uint32Array(persons).fill(NOBODY)
  let size = 0
  for (const { person } of arms) for (const who of person) if (of[who] === NOBODY) of[who] = size++
  return { size, of }
}
const NOBODY = 0xffff_ffff

/** An arm cut down to what its drawn medians depend on. */
interface NearMedian {
  /** Rows of each person, and those among them whose values are too low to be near. */
  readonly rows: Uint32Array
  readonly below: Uint32Array
  /** The near values, smallest first, and whose they are. */
  readonly value: Float64Array
  readonly person: Uint32Array
}

const nearMedian = (
  { rows: { value, person, sorted }, effectiveN }: Median,
  positions: ReturnType<typeof positionsOf>
): NearMedian => {
  const n = sorted.length
  const reach = NEAR / (2 * Math.sqrt(Math.max(1, effectiveN)))
  const low = sorted[Math.max(0, Math.floor(n * (0.5 - reach)) - 1)] ?? 0
  const high = sorted[Math.min(n - 1, Math.ceil(n * (0.5 + reach)))] ?? 0
  const [rows, below] = [new Uint32Array(positions.size), new Uint32Array(positions.size)]
  const near: Array<number> = []
  for (let row = 0; row < n; row++) {
    const position = positions.of[person[row] ?? 0] ?? 0
    const each = value[row] ?? 0
    rows[position] = (rows[position] ?? 0) + 1
    if (each < low) below[position] = (below[position] ?? 0) + 1
    else if (each <= high) near.push(row)
  }
  near.sort((left, right) => (value[left] ?? 0) - (value[right] ?? 0))
  return {
    rows,
    below,
    value: Float64Array.from(near, (row) => value[row] ?? 0),
    person: Uint32Array.from(near, (row) => positions.of[person[row] ?? 0] ?? 0)
  }
}

/** The median with each person counted as often as drawn; NaN if nobody was. */
const weighedMedian = ({ rows, below, value, person }: NearMedian, weights: Uint8Array): number => {
  let [total, reached] = [0, 0]
  for (let position = 0; position < weights.length; position++) {
    const weight = weights[position] ?? 0
    total += weight * (rows[position] ?? 0)
    reached += weight * (below[position] ?? 0)
  }
  if (total === 0) return Number.NaN
  let lower: number | undefined
  for (let index = 0; index < value.length; index++) {
    reached += weights[person[index] ?? 0] ?? 0
    if (lower === undefined && reached * 2 >= total) lower = value[index]
    if (reached * 2 > total) return ((lower ?? 0) + (value[index] ?? 0)) / 2
  }
  return value.at(-1) ?? Number.NaN
}

const standardDeviation = (values: Float64Array): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}
