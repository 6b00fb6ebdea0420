import { describe, expect, it } from "vitest"
import { normalQuantile } from "../../../src/compare/statistics/distributions.ts"
import { type Random, seededRandom } from "../../../src/compare/statistics/random.ts"
import { wilson } from "../../../src/compare/statistics/rates.ts"
import { quantileOf } from "../../../src/compare/statistics/armValues.ts"
import { estimateValues } from "../../../src/compare/statistics/values.ts"
import { binomial } from "./exact.ts"
import { shuffled } from "./trials.ts"

const z = normalQuantile(0.975)

interface Row {
  readonly value: number
  readonly arm: number
  readonly person: number
}

const estimatesOf = (rows: ReadonlyArray<Row>, arms = 2) =>
  estimateValues({
    value: Float64Array.from(rows, ({ value }) => value),
    arm: Uint8Array.from(rows, ({ arm }) => arm),
    arms,
    person: Uint32Array.from(rows, ({ person }) => person),
    persons: Math.max(...rows.map(({ person }) => person)) + 1
  })

const contrastOf = (rows: ReadonlyArray<Row>) => estimatesOf(rows).contrast(1, 0)

/** Rows of persons who have one arm (or, crossed, either) and values that resemble each other; whole numbers tie often. */
const drawRows = (
  random: Random,
  {
    persons,
    orders = 1,
    whole = false,
    crossed = false,
    shift = 0
  }: {
    persons: number
    orders?: number
    whole?: boolean
    crossed?: boolean
    shift?: number
  }
): ReadonlyArray<Row> =>
  Array.from({ length: persons }, (_, person) => {
    const arm = random.word() % 2
    const habit = -Math.log(1 - random.uniform()) * 30
    return Array.from({ length: 1 + (random.word() % orders) }, () => {
      const own = crossed ? random.word() % 2 : arm
      const drawn = (orders > 1 ? habit : 0) - Math.log(1 - random.uniform()) * 30 + shift * own
      return { value: whole ? Math.floor(drawn / 20) : drawn, arm: own, person }
    })
  }).flat()

const varied = (count: number) => {
  const random = seededRandom(17)
  return Array.from({ length: count }, (_, k) =>
    drawRows(random, {
      persons: [3, 12, 40, 150][k % 4]!,
      orders: 1 + (k % 3),
      whole: k % 5 === 0,
      crossed: k % 7 === 0
    })
  )
}

describe("medians", () => {
  it("and quartiles are those of the sorted values", () => {
    const rows = [5, 1, 4, 2, 3, 9, 7, 7].map((value, person) => ({ value, arm: person < 5 ? 0 : 1, person }))
    const { arms, contrast } = estimatesOf(rows)
    expect(arms[0]).toMatchObject({ n: 5, persons: 5, value: 3 })
    expect(arms[1]).toMatchObject({ n: 3, value: 7 })
    const quartiles = (...values: ReadonlyArray<number>) =>
      [0.25, 0.5, 0.75].map((p) => quantileOf(Float64Array.from(values), p))
    expect(quartiles(1, 2, 3, 4, 5)).toEqual([2, 3, 4])
    expect(quartiles(7, 7, 9)).toEqual([7, 7, 8])
    expect(contrast(1, 0)).toMatchObject({ effect: 4, n: 8, persons: 8, sharedPersons: 0 })
  })

  it("leave out what was not measured: negative and NaN, not 0", () => {
    const rows = [-1, -2, Number.NaN, 0, 0, 6].map((value, person) => ({ value, arm: 0, person }))
    const { arms, contrast } = estimatesOf(rows, 3)
    expect(arms[0]).toMatchObject({ n: 3, persons: 3, value: 0 })
    expect(arms.slice(1)).toEqual([undefined, undefined])
    expect(contrast(0, 1)).toBeUndefined()
  })

  it("have the ranks of the sign test as limits: 40.7 and 60.3 of 100", () => {
    const rows = Array.from({ length: 100 }, (_, k) => ({ value: k + 1, arm: 0, person: k }))
    const { low, high } = estimatesOf(rows).arms[0]!.interval(z)!
    expect(low).toBeCloseTo(50.5 - 0.5 * z * 10, 9)
    expect(high).toBeCloseTo(50.5 + 0.5 * z * 10, 9)
    // Exact: the median lies between the 41st and the 60th value unless 40 or fewer, or 60 or more, are below it.
    const covered = binomial(100, 0.5)
      .slice(41, 60)
      .reduce((sum, chance) => sum + chance, 0)
    expect(Math.abs(covered - 0.95)).toBeLessThan(0.01)
  })

  it("have no interval while there are too few values for one", () => {
    const few = [3, 4, 5].map((value, person) => ({ value, arm: person % 2, person }))
    const contrast = contrastOf(few)!
    expect(contrast.arm.interval(z)).toBeUndefined()
    expect(contrast.interval(z)).toBeUndefined()
  })

  it("have wider intervals where the rows are of few persons", () => {
    const of = (persons: number) =>
      estimatesOf(Array.from({ length: 400 }, (_, k) => ({ value: (k * 131) % 400, arm: 0, person: k % persons })))
    const alike = estimatesOf(Array.from({ length: 400 }, (_, k) => ({ value: k >> 3, arm: 0, person: k >> 3 })))
    const width = ({ arms }: ReturnType<typeof estimatesOf>) => arms[0]!.interval(z)!.high - arms[0]!.interval(z)!.low
    expect(width(of(400))).toBeCloseTo(z * 20, 6)
    // 50 persons with eight equal values each: half-width of √8 times as many ranks, an eighth of a value per rank.
    expect(width(alike)).toBeGreaterThan((0.9 * (z * 20 * Math.sqrt(8))) / 8)
  })
})

describe("any contrast of values", () => {
  it("holds its effect, widens with the multiplier and turns round with the arms", () => {
    for (const rows of varied(200)) {
      const { contrast } = estimatesOf(rows)
      const [own, opposite] = [contrast(1, 0), contrast(0, 1)]
      if (own === undefined || opposite === undefined) continue
      expect(opposite.effect).toBeCloseTo(-own.effect, 12)
      expect(opposite.superiority().value).toBeCloseTo(1 - own.superiority().value, 12)
      let before = { low: own.effect, high: own.effect }
      let beforeShare = { low: own.superiority().value, high: own.superiority().value }
      for (const multiplier of [0.5, 1, z, 3, 8]) {
        const [interval, turned] = [own.interval(multiplier), opposite.interval(multiplier)]
        expect(turned === undefined).toBe(interval === undefined)
        if (interval !== undefined && turned !== undefined) {
          expect(interval.low).toBeLessThanOrEqual(before.low + 1e-9)
          expect(interval.high).toBeGreaterThanOrEqual(before.high - 1e-9)
          expect(turned.low).toBeCloseTo(-interval.high, 9)
          before = interval
        }
        const share = own.superiority().interval(multiplier)
        expect(share.low).toBeLessThanOrEqual(beforeShare.low + 1e-12)
        expect(share.high).toBeGreaterThanOrEqual(beforeShare.high - 1e-12)
        expect(share.low).toBeGreaterThanOrEqual(0)
        expect(share.high).toBeLessThanOrEqual(1)
        expect(opposite.superiority().interval(multiplier).low).toBeCloseTo(1 - share.high, 9)
        beforeShare = share
      }
    }
  })

  it("does not depend on the order of rows", () => {
    const random = seededRandom(3)
    for (const rows of varied(40)) {
      const [own, other] = [contrastOf(rows), contrastOf(shuffled(random, rows))]
      expect(other?.effect).toBe(own?.effect)
      expect(other?.interval(z)?.low ?? 0).toBeCloseTo(own?.interval(z)?.low ?? 0, 9)
      expect(other?.superiority().interval(z).low ?? 0).toBeCloseTo(own?.superiority().interval(z).low ?? 0, 9)
    }
  })
})

describe("the interval of ranks", () => {
  it("is near what drawing whole persons anew gives", () => {
    const random = seededRandom(23)
    for (const design of [
      { persons: 160, orders: 1, shift: 15 },
      { persons: 120, orders: 4, shift: 15 },
      { persons: 120, orders: 4, crossed: true },
      { persons: 200, orders: 2, whole: true }
    ]) {
      const rows = drawRows(random, design)
      const drawn = differencesByHand(random, rows, 3000)
      const mean = drawn.reduce((sum, each) => sum + each, 0) / drawn.length
      const error = Math.sqrt(drawn.reduce((sum, each) => sum + (each - mean) ** 2, 0) / drawn.length)
      // Whole numbers have medians on a grid of halves, and a quantile may fall to either side.
      const slack = 0.6 * error + (design.whole === true ? 0.5 : 0)
      const { low, high } = contrastOf(rows)!.interval(z)!
      expect(Math.abs(low - drawn[Math.floor(0.025 * drawn.length)]!)).toBeLessThan(slack)
      expect(Math.abs(high - drawn[Math.floor(0.975 * drawn.length)]!)).toBeLessThan(slack)
    }
  })
})

describe("superiority", () => {
  const pairs = (rows: ReadonlyArray<Row>) => {
    const [a, b] = [1, 0].map((arm) => rows.filter((row) => row.arm === arm))
    const above = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0)
    const value =
      a!.reduce((sum, x) => sum + b!.reduce((inner, y) => inner + above(x.value, y.value), 0), 0) /
      (a!.length * b!.length)
    return { a: a!, b: b!, above, value }
  }

  it("is what counting all pairs gives", () => {
    for (const rows of varied(120)) {
      const superiority = contrastOf(rows)?.superiority()
      if (superiority !== undefined) expect(superiority.value).toBeCloseTo(pairs(rows).value, 12)
    }
  })

  it("has DeLong's standard error where each value is another person's", () => {
    const random = seededRandom(8)
    for (const design of [{ persons: 30 }, { persons: 80, whole: true }, { persons: 200, shift: 20 }]) {
      const rows = drawRows(random, design)
      const { a, b, above, value } = pairs(rows)
      const variance = (of: ReadonlyArray<number>) =>
        of.reduce((sum, each) => sum + (each - value) ** 2, 0) / (of.length - 1) / of.length
      const v10 = a.map((x) => b.reduce((sum, y) => sum + above(x.value, y.value), 0) / b.length)
      const v01 = b.map((y) => a.reduce((sum, x) => sum + above(x.value, y.value), 0) / a.length)
      const { standardError } = contrastOf(rows)!.superiority()
      expect(standardError).toBeCloseTo(Math.sqrt(variance(v10) + variance(v01)), 12)
    }
  })

  it("has a standard error as large as it really varies, with several values per person and persons in both arms", () => {
    const random = seededRandom(12)
    for (const design of [
      { persons: 150, orders: 4 },
      { persons: 150, orders: 6, crossed: true }
    ]) {
      const all = Array.from({ length: 800 }, () => contrastOf(drawRows(random, design))!.superiority())
      const mean = all.reduce((sum, { value }) => sum + value, 0) / all.length
      const real = all.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / all.length
      const stated = all.reduce((sum, { standardError }) => sum + standardError ** 2, 0) / all.length
      // Relative error of a variance from 800 draws: √(2/800) = 5 %; here three of it.
      expect(stated / real).toBeGreaterThan(0.85)
      expect(stated / real).toBeLessThan(1.15)
    }
  })

  it("takes Student's distribution on the logit scale, by the persons of the smaller arm", () => {
    const values = [3, 9, 14, 5, 2, 11, 1, 6]
    const rows = values.map((value, person) => ({ value, arm: person < 3 ? 1 : 0, person }))
    const { value, standardError, interval } = contrastOf(rows)!.superiority()
    // 4.30265: Student's quantile for 3 − 1 degrees of freedom.
    const reach = (4.30265 * standardError) / (value * (1 - value))
    const logit = (share: number) => Math.log(share / (1 - share))
    expect(logit(interval(z).low)).toBeCloseTo(logit(value) - reach, 4)
    expect(logit(interval(z).high)).toBeCloseTo(logit(value) + reach, 4)
  })

  it("does not pretend to be sure where all values of one arm are above those of the other", () => {
    const rows = Array.from({ length: 20 }, (_, k) => ({ value: k, arm: k < 10 ? 0 : 1, person: k }))
    const { value, interval } = contrastOf(rows)!.superiority()
    expect(value).toBe(1)
    expect(interval(z)).toEqual(wilson(1, 10, z))
  })
})

/** Medians of persons drawn with replacement, the long way; differences arm 1 − arm 0, smallest first. */
const differencesByHand = (random: Random, rows: ReadonlyArray<Row>, draws: number): ReadonlyArray<number> => {
  const persons = [...Map.groupBy(rows, ({ person }) => person).values()]
  const median = (values: ReadonlyArray<number>) => {
    const sorted = values.toSorted((a, b) => a - b)
    return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
  }
  return Array.from({ length: draws }, () => {
    const drawn = persons.flatMap(() => persons[Math.floor(random.uniform() * persons.length)]!)
    const valuesOf = (arm: number) => drawn.filter((row) => row.arm === arm).map(({ value }) => value)
    return median(valuesOf(1)) - median(valuesOf(0))
  }).toSorted((a, b) => a - b)
}
