/** Made-up experiments, always the same for a seed. */
import { type Random, seededRandom } from "../../../src/compare/statistics/random.ts"
import { NOT_MEASURED, type RateSample } from "../../../src/compare/statistics/rates.ts"

export interface Row {
  readonly yes: number
  readonly arm: number
  readonly person: number
  readonly stratum: number
}

export const sampleOf = (rows: ReadonlyArray<Row>, size: { arms?: number; persons?: number; strata?: number } = {}) => {
  const most = (of: (row: Row) => number) => rows.reduce((top, row) => Math.max(top, of(row) + 1), 1)
  return {
    yes: Uint8Array.from(rows, (row) => row.yes),
    arm: Uint8Array.from(rows, (row) => row.arm),
    arms:
      size.arms ??
      Math.max(
        2,
        most((row) => row.arm)
      ),
    person: Uint32Array.from(rows, (row) => row.person),
    persons: size.persons ?? most((row) => row.person),
    stratum: Uint16Array.from(rows, (row) => row.stratum),
    strata: size.strata ?? most((row) => row.stratum)
  } satisfies RateSample
}

/** `x` of `n` yes-answers per arm, each of another person. */
export const independentRows = (...arms: ReadonlyArray<readonly [x: number, n: number]>): ReadonlyArray<Row> => {
  const rows: Array<Row> = []
  arms.forEach(([x, n], arm) => {
    for (let k = 0; k < n; k++) rows.push({ yes: k < x ? 1 : 0, arm, person: rows.length, stratum: 0 })
  })
  return rows
}

export interface Design {
  readonly persons: number
  /** Chance of arm 1; each person has one arm, unless `crossed`. */
  readonly share: number
  /** By arm and stratum. */
  readonly rate: (arm: number, stratum: number) => number
  readonly strata?: number
  /** Orders per person, each number equally likely. */
  readonly orders?: ReadonlyArray<number>
  /** Chance that an order ends as all of the person's others that do. */
  readonly sameness?: number
  /** Whether each order has an arm of its own. */
  readonly crossed?: boolean
}

export const drawRows = (random: Random, design: Design): ReadonlyArray<Row> => {
  const { persons, share, rate, strata = 1, orders = [1], sameness = 0, crossed = false } = design
  const rows: Array<Row> = []
  const drawArm = () => (random.uniform() < share ? 1 : 0)
  for (let person = 0; person < persons; person++) {
    const ofPerson = drawArm()
    const habit = random.uniform()
    const count = orders[random.word() % orders.length]!
    for (let order = 0; order < count; order++) {
      const arm = crossed ? drawArm() : ofPerson
      const stratum = random.word() % strata
      const chance = random.uniform() < sameness ? habit : random.uniform()
      rows.push({ yes: chance < rate(arm, stratum) ? 1 : 0, arm, person, stratum })
    }
  }
  return rows
}

/** Small samples of every sort: clustered, stratified, crossed, partly not measured, now and then of one kind only. */
export const varied = (count: number): ReadonlyArray<ReadonlyArray<Row>> => {
  const random = seededRandom(41)
  const oneOf = <A>(...choices: ReadonlyArray<A>): A => choices[random.word() % choices.length]!
  return Array.from({ length: count }, () => {
    const rate = oneOf(0, 0.02, 0.3, 0.5, 0.97, 1)
    return drawRows(random, {
      persons: oneOf(2, 5, 20, 60, 300),
      share: oneOf(0.5, 0.2, 0.8),
      rate: (arm, stratum) => Math.min(1, Math.max(0, rate + 0.1 * arm - 0.05 * stratum)),
      strata: oneOf(1, 2, 6),
      orders: oneOf([1], [1, 2, 5]),
      sameness: oneOf(0, 0.5, 1),
      crossed: oneOf(true, false)
    }).map((row) => (random.uniform() < 0.1 ? { ...row, yes: NOT_MEASURED } : row))
  })
}

/** Orders per person: most have one, and one in forty has two hundred. */
export const HEAVY_TAIL: ReadonlyArray<number> = Array.from({ length: 24 }, () => 1).concat(
  2,
  2,
  2,
  2,
  2,
  2,
  3,
  3,
  3,
  4,
  5,
  6,
  8,
  12,
  25,
  200
)

/** The same rows in another order. */
export const shuffled = <A>(random: Random, items: ReadonlyArray<A>): ReadonlyArray<A> =>
  items
    .map((item) => ({ item, at: random.uniform() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)

/** What was there when the first `n` rows had come in. */
export const firstOf = (sample: RateSample, n: number): RateSample => ({
  ...sample,
  yes: sample.yes.subarray(0, n),
  arm: sample.arm.subarray(0, n),
  person: sample.person.subarray(0, n),
  stratum: sample.stratum.subarray(0, n)
})
