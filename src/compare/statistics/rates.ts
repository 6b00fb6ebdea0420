/** Rates per arm and their differences, with orders of one person clustered and strata weighted alike in both arms. */
import type { Interval } from "../Comparison.ts"
import {
  type Difference,
  differenceOf,
  type Estimate,
  type Estimates,
  type Linearised,
  type Side,
  squareAndAdd
} from "./difference.ts"
import {
  addRow,
  effectiveSize,
  type Grouped,
  multiplierFor,
  type PersonSums,
  reusedSums,
  varianceOf
} from "./persons.ts"

/** In `yes`: the row does not count. So does any other number above 1. */
export const NOT_MEASURED = 255

export interface RateSample extends Grouped {
  /** 0: no, 1: yes, anything else: not measured. */
  readonly yes: Uint8Array
  /** Below `strata`; all 0 without strata. */
  readonly stratum: Uint16Array
  readonly strata: number
}

export interface RateEstimate extends Estimate {
  readonly count: number
  /** From 0 to 1: count / n, or in a contrast what that would be with the strata of both arms together. */
  readonly value: number
  /** Linearised and cluster-robust. */
  readonly standardError: number
  /** As how many independent orders of no strata these tell; `n` where each is to another person and there are no strata. */
  readonly effectiveN: number
  /** Wilson limits from `effectiveN`, reaching `z` standard errors. */
  readonly interval: (z: number) => Interval
  /** The limits if the rate were another and the answers of a person as alike as they are. */
  readonly intervalAt: (rate: number, z: number) => Interval
}

/** A difference as it would be with other rates. */
export interface Shifted {
  readonly effect: number
  readonly interval: (multiplier: number) => Interval
}

export interface RateDifference extends Difference<RateEstimate> {
  /** Rows left out: their stratum has rows in one of the two arms only, so there is nothing to compare them with. */
  readonly unmatched: number
  readonly interval: (multiplier: number) => Interval
  /** With the rates of both sides moved by so much. */
  readonly shifted: (arm: number, baseline: number) => Shifted
}

/** Wilson's score interval (1927) of a rate seen in `n` observations; `n` need not be whole. */
export const wilson = (rate: number, n: number, z: number): Interval => {
  if (!(n > 0)) return { low: 0, high: 1 }
  const q = (z * z) / n
  const middle = (rate + q / 2) / (1 + q)
  const half = Math.sqrt(q * rate * (1 - rate) + (q * q) / 4) / (1 + q)
  return { low: Math.max(0, Math.min(rate, middle - half)), high: Math.min(1, Math.max(rate, middle + half)) }
}

/** The interval of the difference a − b of two rates from their own limits; correlated if persons are in both. */
export const newcombe = (a: Side, b: Side, correlation = 0): Interval => {
  const { low, high } = squareAndAdd(a, b, correlation)
  return { low: Math.max(-1, low), high: Math.min(1, high) }
}

export const estimateRates = (sample: RateSample): Estimates<RateEstimate, RateDifference> => {
  const cells = countCells(sample)
  return {
    arms: crudeRates(sample, cells),
    contrast: (arm, baseline) => contrastRates(sample, cells, arm, baseline)
  }
}

/** So many arms at once, that memory stays within a few columns however many there are. */
const ARMS_AT_ONCE = 4

const crudeRates = (sample: RateSample, cells: ReadonlyArray<Cells>): ReadonlyArray<RateEstimate | undefined> => {
  const weightings = cells
    .map((own, arm) => ({ arm, weighting: crudeWeighting(own) }))
    .filter(({ weighting }) => weighting.n > 0)
  const estimates = cells.map((): RateEstimate | undefined => undefined)
  for (let from = 0; from < weightings.length; from += ARMS_AT_ONCE) {
    const some = weightings.slice(from, from + ARMS_AT_ONCE)
    lineariseRates(sample, some).forEach(({ estimate }, index) => (estimates[some[index]?.arm ?? 0] = estimate))
  }
  return estimates
}

/** Without a difference if the two arms have no stratum in common. */
const contrastRates = (
  sample: RateSample,
  cells: ReadonlyArray<Cells>,
  arm: number,
  baseline: number
): RateDifference | undefined => {
  const [own, other] = [cells[arm], cells[baseline]]
  if (own === undefined || other === undefined) return undefined
  const isShared = own.n.map((rows, stratum) => Number(rows > 0 && (other.n[stratum] ?? 0) > 0))
  const both = own.n.map((rows, stratum) => rows + (other.n[stratum] ?? 0))
  const shared = both.map((rows, stratum) => rows * (isShared[stratum] ?? 0))
  const n = sum(shared)
  if (n === 0) return undefined
  const shares = shared.map((rows) => rows / n)
  const [a, b] = lineariseRates(sample, [
    { arm, weighting: stratifiedWeighting(own, shares) },
    { arm: baseline, weighting: stratifiedWeighting(other, shares) }
  ])
  if (a === undefined || b === undefined) return undefined
  const difference = differenceOf(a, b)
  const shifted = (arm: number, baseline: number): Shifted => {
    const [own, other] = [moved(a.estimate.value, arm), moved(b.estimate.value, baseline)]
    const side = ({ intervalAt }: RateEstimate, value: number, z: number): Side => ({
      value,
      interval: intervalAt(value, z)
    })
    return {
      effect: own - other,
      interval: (z) => newcombe(side(a.estimate, own, z), side(b.estimate, other, z), difference.correlation)
    }
  }
  return { ...difference, unmatched: sum(both) - n, interval: shifted(0, 0).interval, shifted }
}

const moved = (rate: number, by: number): number => Math.max(0, Math.min(1, rate + by))

/** Measured rows and yes-answers of an arm by stratum. */
interface Cells {
  readonly n: Float64Array
  readonly count: Float64Array
}

const countCells = ({ yes, arm, stratum, arms, strata }: RateSample): ReadonlyArray<Cells> => {
  const cells = Array.from({ length: arms }, () => ({ n: new Float64Array(strata), count: new Float64Array(strata) }))
  for (let row = 0; row < yes.length; row++) {
    const answer = yes[row] ?? NOT_MEASURED
    const own = cells[arm[row] ?? 0]
    const cell = stratum[row] ?? 0
    if (answer > 1 || own === undefined) continue
    own.n[cell] = (own.n[cell] ?? 0) + 1
    own.count[cell] = (own.count[cell] ?? 0) + answer
  }
  return cells
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

/** How each row of an arm adds to its rate: `factor` × (answer − `centre`), both by stratum. */
interface Weighting {
  readonly value: number
  readonly n: number
  readonly count: number
  readonly weighedN: number
  /** As how many rows of no strata these would tell if no two of a person were alike. */
  readonly independentN: number
  readonly factor: Float64Array
  readonly centre: Float64Array
}

/** All rows alike, whatever their stratum. */
const crudeWeighting = (cells: Cells): Weighting => {
  const [n, count] = [sum(cells.n), sum(cells.count)]
  const [factor, centre] = [cells.n.map(() => unbiased(n) / n), cells.n.map(() => count / n)]
  return { value: count / n, n, count, weighedN: n, independentN: n, factor, centre }
}

/**
 * So many rows' worth of the arm's own spread is added to that of each stratum: a few rows are alike by chance, and their
 * stratum would seem to leave nothing to chance.
 */
const PRIOR_ROWS = 2

/** Each stratum with its share, however many rows of it the arm has. The shares count as fixed. */
const stratifiedWeighting = (cells: Cells, shares: Float64Array): Weighting => {
  const rowsOf = (stratum: number) => cells.n[stratum] ?? 0
  const countOf = (stratum: number) => cells.count[stratum] ?? 0
  const total = { value: 0, n: 0, count: 0, unevenness: 0 }
  shares.forEach((share, stratum) => {
    if (share === 0) return
    const rows = rowsOf(stratum)
    total.value += (share * countOf(stratum)) / rows
    total.n += rows
    total.count += countOf(stratum)
    total.unevenness += (share * share) / rows
  })
  const value = Math.min(1, total.value)
  const spread = (value * (1 - value) * total.n) / (total.n - 1)
  let variance = 0
  shares.forEach((share, stratum) => {
    if (share === 0) return
    const rows = rowsOf(stratum)
    const within = (countOf(stratum) * (rows - countOf(stratum))) / rows
    variance += (share * share * (within + PRIOR_ROWS * spread)) / (rows * (rows - 1 + PRIOR_ROWS))
  })
  return {
    value,
    n: total.n,
    count: total.count,
    weighedN: 1 / total.unevenness,
    independentN: variance > 0 ? spread / variance : 1 / total.unevenness,
    factor: shares.map((share, stratum) => (share === 0 ? 0 : (share * unbiased(rowsOf(stratum))) / rowsOf(stratum))),
    // A lone row does not differ from its stratum's mean: it is held against the whole arm's, which errs on the safe side.
    centre: shares.map((_, stratum) => (rowsOf(stratum) > 1 ? countOf(stratum) / rowsOf(stratum) : total.value))
  }
}

/** Makes up for residuals being too small because they are taken from the rows' own mean. */
const unbiased = (n: number): number => (n > 1 ? Math.sqrt(n / (n - 1)) : 1)

/** Rates of some arms with what each person adds to them, which holds until the next are asked for; in one pass over the rows. */
const lineariseRates = (
  { yes, arm, arms, stratum, person, persons }: RateSample,
  weightings: ReadonlyArray<{ readonly arm: number; readonly weighting: Weighting }>
): ReadonlyArray<Linearised<RateEstimate>> => {
  const sides = reusedSums(persons, weightings.length)
  const weighted = sides.flatMap((side, place) => {
    const each = weightings[place]
    return each === undefined ? [] : [{ ...each, side }]
  })
  const ofArm = Array.from({ length: arms }, (_, index) => weighted.find((each) => each.arm === index))
  for (let row = 0; row < yes.length; row++) {
    const answer = yes[row] ?? NOT_MEASURED
    const own = ofArm[arm[row] ?? 0]
    if (answer > 1 || own === undefined) continue
    const { weighting, side } = own
    const factor = weighting.factor[stratum[row] ?? 0] ?? 0
    if (factor === 0) continue
    addRow(side, person[row] ?? 0, factor * (answer - (weighting.centre[stratum[row] ?? 0] ?? 0)))
  }
  return weighted.map(({ weighting, side }) => ({ sums: side, estimate: estimateRate(weighting, side) }))
}

const estimateRate = ({ value, n, count, weighedN, independentN }: Weighting, sums: PersonSums): RateEstimate => {
  const { persons, degrees, variance: ofSums } = varianceOf(sums)
  // The residuals have their factor for few rows already.
  const variance = persons > 1 ? (ofSums * (n - 1)) / n : ofSums
  const effectiveN = effectiveSize({ value, n, persons, variance, weighedN, most: independentN })
  const intervalAt = (rate: number, z: number): Interval =>
    wilson(rate, effectiveN, multiplierFor(z, { n, persons, degrees }))
  return {
    n,
    count,
    persons,
    value,
    standardError: Math.sqrt(variance),
    effectiveN,
    interval: (z) => intervalAt(value, z),
    intervalAt
  }
}
