/**
 * What chance may bring about. Checks are looked at as often as results, so none may fire by being looked at again: their
 * intervals are those of the sequential analysis, at a level that all rows of a check share.
 */
import type { Interval } from "../Comparison.ts"
import { FEWEST_PERSONS } from "../estimate.ts"
import { countText } from "../format.ts"
import type { Observations } from "../Observations.ts"
import { sampleOf } from "../samples.ts"
import { estimateRates, newcombe, NOT_MEASURED, wilson } from "../statistics/rates.ts"
import { sequentialMultiplier } from "../statistics/sequential.ts"

/** The chance that a check fires where there is nothing, at any look; of the sample ratio, too. */
export const GUARD_ALPHA = 0.001

/** One in how many that is, as sentences say it: "1,000". */
export const GUARD_CHANCE = countText(Math.round(1 / GUARD_ALPHA))

/** Fewer answers than this say too little about a share: what is usual, that none is no chance, that verdicts can be trusted. */
export const FEW_ANSWERS = 20

/** Yes-answers and answers. */
export interface Counted {
  readonly yes: number
  readonly n: number
}

export const shareOf = ({ yes, n }: Counted): number => (n === 0 ? 0 : yes / n)

/** Rows at which the intervals of checks are narrowest for their age: few, since what is wrong is to be seen early. */
const PLANNED = 200

/** `alpha`: the chance that a test fires where there is nothing, at any look. */
export const multiplierOf = (alpha: number, n: number): number =>
  sequentialMultiplier({ alpha, n: Math.max(1, n), planned: PLANNED })

/** The interval of the difference of two shares if all rows were independent: that of any rows is at least as wide. */
export const independentInterval = (a: Counted, b: Counted, alpha: number): Interval => {
  const z = multiplierOf(alpha, a.n + b.n)
  const side = (counted: Counted) => ({ value: shareOf(counted), interval: wilson(shareOf(counted), counted.n, z) })
  return newcombe(side(a), side(b))
}

export const excludesZero = ({ low, high }: Interval): boolean => low > 0 || high < 0

/**
 * The interval of the difference of two arms in a share of their rows, allowing for persons with several rows; absent
 * where persons are too few. `yes`: 0 or 1 for each row, else it is not measured; rows beyond its end are not.
 */
export const clusteredInterval = (
  observations: Observations,
  yes: Uint8Array,
  arm: number,
  baseline: number,
  alpha: number
): Interval | undefined => {
  const { size } = observations
  const column = yes.length === size ? yes : new Uint8Array(size).fill(NOT_MEASURED)
  if (column !== yes) column.set(yes)
  const sample = { ...sampleOf(observations), yes: column, stratum: new Uint16Array(size), strata: 1 }
  const found = estimateRates(sample).contrast(arm, baseline)
  if (found === undefined || Math.min(found.arm.persons, found.baseline.persons) < FEWEST_PERSONS) return undefined
  return found.interval(multiplierOf(alpha, found.persons))
}

/** Distinct persons of an arm among the rows that are asked for. */
export const personsOf = (
  { arm, person, persons, size }: Observations,
  wanted: number,
  isMeasured: (row: number) => boolean
): number => {
  const isSeen = new Uint8Array(persons)
  let count = 0
  for (let row = 0; row < size; row++) {
    const who = person[row] ?? 0
    if (arm[row] !== wanted || isSeen[who] === 1 || !isMeasured(row)) continue
    isSeen[who] = 1
    count += 1
  }
  return count
}

/**
 * The chance that an arm has none where others have this share: of so many persons in a row, so that looking again and again
 * makes it no greater. The share is taken at its lower limit.
 */
export const chanceOfNone = (persons: number, others: Counted): number =>
  others.n < FEW_ANSWERS ? 1 : (1 - wilson(shareOf(others), others.n, 3).low) ** persons
