/**
 * How often intervals hold the truth, by simulation. `node test/compare/statistics/coverage.ts` measures it anew and writes
 * `coverage.json` beside itself (about five minutes); the page on comparing has its tables from there.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { FEWEST_PERSONS } from "../../../src/compare/estimate.ts"
import type { Interval } from "../../../src/compare/Comparison.ts"
import type { Difference, Estimate } from "../../../src/compare/statistics/difference.ts"
import { normalQuantile } from "../../../src/compare/statistics/distributions.ts"
import { type Random, seededRandom } from "../../../src/compare/statistics/random.ts"
import { estimateRates } from "../../../src/compare/statistics/rates.ts"
import { estimateRatios } from "../../../src/compare/statistics/ratios.ts"
import { sequentialMultiplier } from "../../../src/compare/statistics/sequential.ts"
import { estimateValues } from "../../../src/compare/statistics/values.ts"
import { HEAVY_TAIL } from "./trials.ts"

/** What is estimated, where, and of how many persons. */
export interface Situation {
  readonly measure: "rate" | "stratified rate" | "ratio" | "median"
  /** True values of the baseline and the arm: rates, but for medians (seconds). A ratio is of dials that reach with this rate. */
  readonly truths: readonly [baseline: number, arm: number]
  /** Of the arm. */
  readonly share: number
  readonly orders: "one each" | "1 to 200"
  readonly persons: number
}

/** In how many runs an interval was given, and in how many it held the truth. */
export interface Held {
  readonly given: number
  readonly held: number
}

export interface Counts {
  readonly runs: number
  /** The arm's own interval. */
  readonly arm: Held
  /** The difference's, at the end alone. */
  readonly difference: Held
  /** The difference's for any number of looks: held at every one. */
  readonly everyLook: Held
}

export interface Coverage {
  readonly seed: number
  readonly looks: number
  readonly confidence: number
  readonly situations: ReadonlyArray<Situation & Counts & { readonly firstRuns: Counts }>
}

const SEED = 12
const RUNS = 1_000
/** Of these the counts are kept, too, so that somebody can check them soon. */
export const FIRST_RUNS = 50
const LOOKS = 40
const FIRST_LOOK = 20
const ALPHA = 0.05
/** How often an order ends as all of the person's others that do. */
const SAMENESS = 0.6
/** Of a stratified rate: so much apart are the rates of the first and the last stratum. */
const STRATA = 10
const APART = 0.8
const MOST_DIALS = 3

const PERSONS = [60, 100, 300, 1_000]

const crossed = (
  measure: Situation["measure"],
  truths: ReadonlyArray<Situation["truths"]>,
  orders: ReadonlyArray<Situation["orders"]>
): ReadonlyArray<Situation> =>
  truths.flatMap((of) =>
    orders.flatMap((each) =>
      [0.5, 0.1].flatMap((share) =>
        PERSONS.map((persons): Situation => ({ measure, truths: of, share, orders: each, persons }))
      )
    )
  )

const RATES = [
  [0.05, 0.08],
  [0.5, 0.6]
] as const
const BOTH = ["one each", "1 to 200"] as const

export const SITUATIONS: ReadonlyArray<Situation> = [
  ...crossed("rate", RATES, BOTH),
  ...crossed("stratified rate", [[0.5, 0.55]], BOTH),
  ...crossed("ratio", RATES, BOTH),
  ...crossed("median", [[40, 60]], BOTH)
]

interface Rows {
  readonly arm: Uint8Array
  readonly person: Uint32Array
  readonly stratum: Uint16Array
  /** From 0 to 1, for what comes of each row; rows of a person share it now and then. */
  readonly chance: Float64Array
}

/** Person by person, as orders come in. */
const drawRows = (random: Random, { share, orders, persons }: Situation): Rows => {
  const rows = { arm: Array<number>(), person: Array<number>(), stratum: Array<number>(), chance: Array<number>() }
  for (let person = 0; person < persons; person++) {
    const arm = random.uniform() < share ? 1 : 0
    const habit = random.uniform()
    const count = orders === "one each" ? 1 : (HEAVY_TAIL[random.word() % HEAVY_TAIL.length] ?? 1)
    for (let order = 0; order < count; order++) {
      rows.arm.push(arm)
      rows.person.push(person)
      rows.stratum.push(random.word() % STRATA)
      rows.chance.push(random.uniform() < SAMENESS ? habit : random.uniform())
    }
  }
  return {
    arm: Uint8Array.from(rows.arm),
    person: Uint32Array.from(rows.person),
    stratum: Uint16Array.from(rows.stratum),
    chance: Float64Array.from(rows.chance)
  }
}

interface Found {
  readonly arm: Estimate | undefined
  readonly difference: Difference | undefined
}

/** Estimates of the first so many rows, and what they should come to. */
interface Estimator {
  readonly truths: readonly [baseline: number, arm: number]
  readonly at: (rows: number) => Found
}

const estimatorOf = ({ measure, truths, persons }: Situation, rows: Rows): Estimator => {
  const sampleOf = (n: number) => ({
    arm: rows.arm.subarray(0, n),
    arms: 2,
    person: rows.person.subarray(0, n),
    persons
  })
  const truthOf = (row: number): number => truths[rows.arm[row] === 1 ? 1 : 0]
  switch (measure) {
    case "rate":
    case "stratified rate": {
      const isStratified = measure === "stratified rate"
      const strata = isStratified ? STRATA : 1
      const stratum = isStratified ? rows.stratum : new Uint16Array(rows.stratum.length)
      const off = (row: number): number => (isStratified ? APART * ((stratum[row] ?? 0) / (STRATA - 1) - 0.5) : 0)
      const yes = Uint8Array.from(rows.chance, (chance, row) => Number(chance < truthOf(row) + off(row)))
      return {
        truths,
        at: (n) => {
          const found = estimateRates({
            ...sampleOf(n),
            yes: yes.subarray(0, n),
            stratum: stratum.subarray(0, n),
            strata
          })
          const difference = found.contrast(1, 0)
          const isEnough =
            difference !== undefined && Math.min(difference.arm.persons, difference.baseline.persons) >= FEWEST_PERSONS
          return { arm: found.arms[1], difference: isEnough ? difference : undefined }
        }
      }
    }
    case "ratio": {
      // Dialled until somebody is reached, or in vain: of 1 / rate dials one reaches, however many are allowed.
      const dials = rows.chance.map((chance, row) => Math.ceil(Math.log1p(-chance) / Math.log1p(-truthOf(row))) || 1)
      const numerator = dials.map((each) => Math.min(MOST_DIALS, each))
      const denominator = dials.map((each) => Number(each <= MOST_DIALS))
      return {
        truths: [1 / truths[0], 1 / truths[1]],
        at: (n) => {
          const found = estimateRatios({
            ...sampleOf(n),
            numerator: numerator.subarray(0, n),
            denominator: denominator.subarray(0, n)
          })
          return { arm: found.arms[1], difference: found.contrast(1, 0) }
        }
      }
    }
    case "median": {
      const value = rows.chance.map((chance, row) => -truthOf(row) * Math.log2(1 - chance))
      return {
        truths,
        at: (n) => {
          const found = estimateValues({ ...sampleOf(n), value: value.subarray(0, n) })
          return { arm: found.arms[1], difference: found.contrast(1, 0) }
        }
      }
    }
  }
}

const z = normalQuantile(1 - ALPHA / 2)

const looksUpTo = (last: number): ReadonlyArray<number> =>
  Array.from({ length: LOOKS }, (_, look) => Math.round(FIRST_LOOK * (last / FIRST_LOOK) ** (look / (LOOKS - 1))))

const holds = ({ low, high }: Interval, truth: number): boolean => low <= truth && truth <= high

/** For each of the three intervals whether it held the truth; `undefined` where none was given. */
type Outcome = readonly [arm: boolean | undefined, difference: boolean | undefined, everyLook: boolean | undefined]

const outcomeOf = (random: Random, situation: Situation): Outcome => {
  const rows = drawRows(random, situation)
  const { truths, at } = estimatorOf(situation, rows)
  const effect = truths[1] - truths[0]
  const end = at(rows.arm.length)
  const isHeld = (interval: Interval | undefined, truth: number): boolean | undefined =>
    interval === undefined ? undefined : holds(interval, truth)
  const everyLook = looksUpTo(rows.arm.length).flatMap((look) => {
    const { difference } = at(look)
    if (difference === undefined) return []
    const { persons: n } = difference
    const multiplier = sequentialMultiplier({ alpha: ALPHA, n, planned: situation.persons })
    return isHeld(difference.interval(multiplier), effect) ?? []
  })
  return [
    // Strata weigh in differences only: with them an arm's own rate is that of the mixture it happens to have.
    isHeld(end.arm?.interval(z), truths[1]),
    isHeld(end.difference?.interval(z), effect),
    everyLook.length === 0 ? undefined : everyLook.every(Boolean)
  ]
}

const countsOf = (outcomes: ReadonlyArray<Outcome>): Counts => {
  const heldOf = (index: 0 | 1 | 2): Held => {
    const given = outcomes.flatMap((outcome) => outcome[index] ?? [])
    return { given: given.length, held: given.filter(Boolean).length }
  }
  return { runs: outcomes.length, arm: heldOf(0), difference: heldOf(1), everyLook: heldOf(2) }
}

const outcomesOf = (situation: Situation, runs: number): ReadonlyArray<Outcome> =>
  Array.from({ length: runs }, (_, run) => outcomeOf(seededRandom(SEED * 1_000_003 + run), situation))

/** Each run has a seed of its own: the first runs are the same however many follow. */
export const measureFirst = (situation: Situation): Counts => countsOf(outcomesOf(situation, FIRST_RUNS))

const FILE = new URL("coverage.json", import.meta.url)

export const readCoverage = (): Coverage => JSON.parse(readFileSync(FILE, "utf8"))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const situations = SITUATIONS.map((situation, index) => {
    const outcomes = outcomesOf(situation, RUNS)
    const measured = { ...situation, ...countsOf(outcomes), firstRuns: countsOf(outcomes.slice(0, FIRST_RUNS)) }
    process.stderr.write(`${index + 1} of ${SITUATIONS.length}: ${JSON.stringify(measured)}\n`)
    return measured
  })
  const head = JSON.stringify({ seed: SEED, looks: LOOKS, confidence: 1 - ALPHA }).slice(1, -1)
  const lines = situations.map((each) => `  ${JSON.stringify(each)}`).join(",\n")
  writeFileSync(FILE, `{${head}, "situations": [\n${lines}\n]}\n`)
}
