import { describe, expect, it } from "vitest"
import { normalQuantile } from "../../../src/compare/statistics/distributions.ts"
import { seededRandom } from "../../../src/compare/statistics/random.ts"
import { spanOf } from "../../../src/compare/statistics/difference.ts"
import { estimateRates, newcombe, NOT_MEASURED, wilson } from "../../../src/compare/statistics/rates.ts"
import { binomial } from "./exact.ts"
import { drawRows, independentRows, type Row, sampleOf, shuffled, varied } from "./trials.ts"

const z = normalQuantile(0.975)

const sideOf = (x: number, n: number, multiplier = z) => ({ value: x / n, interval: wilson(x / n, n, multiplier) })

/** Limits in 5 of 10,000 of each other: published ones have four places. */
const expectLimits = (interval: { low: number; high: number }, low: number, high: number) => {
  expect(Math.abs(interval.low - low)).toBeLessThan(5.01e-5)
  expect(Math.abs(interval.high - high)).toBeLessThan(5.01e-5)
}

describe("wilson", () => {
  // Newcombe 1998, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17:857–872, Table I,
  // method 3. Read in public test suites that quote the table, not in the paper itself, and confirmed by the next test.
  const published = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718]
  ] as const

  it.each(published)("of %d/%d has the published limits", (x, n, low, high) => {
    expectLimits(wilson(x / n, n, z), low, high)
  })

  it.each([...published.map(([x, n]) => [x, n] as const), [3, 3] as const, [7, 11] as const])(
    "of %d/%d has limits from which the count is z errors off",
    (x, n) => {
      const { low, high } = wilson(x / n, n, z)
      for (const limit of [low, high].filter((limit) => limit > 0 && limit < 1)) {
        expect(Math.abs(x / n - limit) / Math.sqrt((limit * (1 - limit)) / n)).toBeCloseTo(z, 9)
      }
    }
  )

  it("covers as exact enumeration says it should: 95 % in the mean, never far below", () => {
    const rates = Array.from({ length: 199 }, (_, k) => (k + 1) / 200)
    const coverage = [5, 10, 20, 50, 100].flatMap((n) => {
      const intervals = Array.from({ length: n + 1 }, (_, x) => wilson(x / n, n, z))
      return rates.map((rate) =>
        binomial(n, rate).reduce(
          (sum, chance, x) => (intervals[x]!.low <= rate && rate <= intervals[x]!.high ? sum + chance : sum),
          0
        )
      )
    })
    const mean = coverage.reduce((sum, each) => sum + each, 0) / coverage.length
    expect(mean).toBeGreaterThan(0.95)
    expect(mean).toBeLessThan(0.955)
    // Known of the method: it dips to 0.83 where one yes-answer is already too many.
    expect(Math.min(...coverage)).toBeGreaterThan(0.83)
  })

  it("knows nothing without observations", () => {
    expect(wilson(0, 0, z)).toEqual({ low: 0, high: 1 })
  })
})

describe("newcombe", () => {
  // Newcombe 1998, Interval estimation for the difference between independent proportions, Statistics in Medicine
  // 17:873–890, Table II, method 10. Sources as above; case by case confirmed by the formula that follows.
  const published = [
    ["a", 56, 70, 48, 80, 0.0524, 0.3339],
    ["b", 9, 10, 3, 10, 0.1705, 0.809],
    ["c", 6, 7, 2, 7, 0.0582, 0.8062],
    ["d", 5, 56, 0, 29, -0.0381, 0.1926],
    ["e", 0, 10, 0, 20, -0.1611, 0.2775],
    ["f", 0, 10, 0, 10, -0.2775, 0.2775],
    ["g", 10, 10, 0, 20, 0.6791, 1],
    ["h", 10, 10, 0, 10, 0.6075, 1]
  ] as const

  it.each(published)("has the published limits in case %s", (_, x1, n1, x2, n2, low, high) => {
    expectLimits(newcombe(sideOf(x1, n1), sideOf(x2, n2)), low, high)
    expectLimits(newcombe(sideOf(x2, n2), sideOf(x1, n1)), -high, -low)
  })

  it.each(published)("has limits in case %s that roots of the score equation give as well", (_, x1, n1, x2, n2) => {
    // Limits by bisection of |p − π| = z·√(π(1 − π)/n), then ε and δ of the paper.
    const root = (p: number, n: number, end: number): number => {
      let [inside, outside] = [p, end]
      for (let step = 0; step < 200; step++) {
        const middle = (inside + outside) / 2
        if (Math.abs(p - middle) <= z * Math.sqrt((middle * (1 - middle)) / n)) inside = middle
        else outside = middle
      }
      return inside
    }
    const [p1, p2] = [x1 / n1, x2 / n2]
    const delta = Math.hypot(p1 - root(p1, n1, 0), root(p2, n2, 1) - p2)
    const epsilon = Math.hypot(root(p1, n1, 1) - p1, p2 - root(p2, n2, 0))
    const interval = newcombe(sideOf(x1, n1), sideOf(x2, n2))
    expect(interval.low).toBeCloseTo(p1 - p2 - delta, 9)
    expect(interval.high).toBeCloseTo(p1 - p2 + epsilon, 9)
  })

  it("covers as exact enumeration says it should: 95 % in the mean, never far below", () => {
    const rates = [0.02, 0.1, 0.3, 0.5, 0.6, 0.8, 0.95]
    const coverage: Array<number> = []
    for (const [n1, n2] of [
      [10, 10],
      [10, 30],
      [25, 20],
      [40, 40]
    ] as const) {
      const intervals = Array.from({ length: n1 + 1 }, (_, x1) =>
        Array.from({ length: n2 + 1 }, (_, x2) => newcombe(sideOf(x1, n1), sideOf(x2, n2)))
      )
      for (const rate1 of rates) {
        for (const rate2 of rates) {
          const chance2 = binomial(n2, rate2)
          let covered = 0
          binomial(n1, rate1).forEach((chance1, x1) =>
            intervals[x1]!.forEach(({ low, high }, x2) => {
              if (low <= rate1 - rate2 && rate1 - rate2 <= high) covered += chance1 * chance2[x2]!
            })
          )
          coverage.push(covered)
        }
      }
    }
    const mean = coverage.reduce((sum, each) => sum + each, 0) / coverage.length
    expect(mean).toBeGreaterThan(0.95)
    expect(mean).toBeLessThan(0.97)
    expect(Math.min(...coverage)).toBeGreaterThan(0.89)
  })

  it("is narrower for rates that vary together and wider for rates that vary against each other", () => {
    const width = (correlation: number) => {
      const { low, high } = newcombe(sideOf(30, 70), sideOf(28, 80), correlation)
      return high - low
    }
    expect(width(0.5)).toBeLessThan(width(0))
    expect(width(-0.5)).toBeGreaterThan(width(0))
  })
})

describe("estimateRates", () => {
  it("gives Wilson and Newcombe themselves where persons do not repeat and there are no strata", () => {
    for (const [x1, n1, x2, n2] of [
      [48, 80, 56, 70],
      [0, 10, 0, 20],
      [10, 10, 0, 20],
      [2, 7, 6, 7],
      [1, 1, 0, 1],
      [400, 1000, 30, 51]
    ] as const) {
      const rates = estimateRates(sampleOf(independentRows([x1, n1], [x2, n2])))
      const contrast = rates.contrast(1, 0)!
      for (const multiplier of [1, z, 3.3, 9]) {
        const [own, two] = [
          sideOf(x2, n2, multiplier),
          newcombe(sideOf(x2, n2, multiplier), sideOf(x1, n1, multiplier))
        ]
        expect(rates.arms[1]!.interval(multiplier).low).toBeCloseTo(own.interval.low, 12)
        expect(rates.arms[1]!.interval(multiplier).high).toBeCloseTo(own.interval.high, 12)
        expect(contrast.interval(multiplier).low).toBeCloseTo(two.low, 12)
        expect(contrast.interval(multiplier).high).toBeCloseTo(two.high, 12)
      }
      expect(contrast).toMatchObject({ n: n1 + n2, persons: n1 + n2, sharedPersons: 0, correlation: 0, unmatched: 0 })
      expect(contrast.effect).toBeCloseTo(x2 / n2 - x1 / n1, 14)
      expect(rates.arms[0]).toMatchObject({ n: n1, count: x1, persons: n1 })
    }
  })

  it("agrees with clustered and stratified variances computed by definition, person by person", () => {
    for (const rows of varied(300)) {
      const contrast = estimateRates(sampleOf(rows)).contrast(1, 0)
      const [a, b] = [byDefinition(rows, 1, 0), byDefinition(rows, 0, 1)]
      if (a === undefined || b === undefined) {
        expect(contrast).toBeUndefined()
        continue
      }
      expect(contrast!.arm.value).toBeCloseTo(a.value, 12)
      expect(contrast!.arm.standardError).toBeCloseTo(Math.sqrt(a.variance), 10)
      expect(contrast!.baseline.standardError).toBeCloseTo(Math.sqrt(b.variance), 10)
      expect(contrast!.effect).toBeCloseTo(a.value - b.value, 12)
      const both = [...a.influence.keys()].filter((person) => b.influence.has(person))
      const product = both.reduce((sum, person) => sum + a.influence.get(person)! * b.influence.get(person)!, 0)
      const squares = (of: ReadonlyMap<number, number>) => [...of.values()].reduce((sum, each) => sum + each * each, 0)
      const scale = Math.sqrt(squares(a.influence) * squares(b.influence))
      const raw = scale > 0 ? product / scale : 0
      expect(contrast!.sharedPersons).toBe(both.length)
      expect(contrast!.correlation).toBeCloseTo(both.length >= 50 ? raw : Math.min(0, raw), 9)
      expect(contrast!.persons).toBe(new Set([...a.influence.keys(), ...b.influence.keys()]).size)
    }
  })

  it("has standard errors as large as effects really vary, with clusters, strata and persons in both arms", () => {
    const random = seededRandom(11)
    const rate = (_: number, stratum: number) => 0.2 + 0.1 * stratum
    for (const design of [
      { persons: 200, share: 0.4, rate, strata: 3, orders: [1, 4], sameness: 0.7 },
      { persons: 200, share: 0.4, rate, strata: 3, orders: [2, 6], sameness: 0.8, crossed: true }
    ]) {
      const contrasts = Array.from({ length: 1000 }, () =>
        estimateRates(sampleOf(drawRows(random, design))).contrast(1, 0)!
      )
      const mean = (of: (contrast: (typeof contrasts)[number]) => number) =>
        contrasts.reduce((sum, contrast) => sum + of(contrast), 0) / contrasts.length
      const centre = mean(({ effect }) => effect)
      const real = mean(({ effect }) => (effect - centre) ** 2)
      // Relative error of a variance from 1,000 draws: √(2/1000) = 4.5 %; here three of it.
      const stated = mean(
        ({ arm, baseline, correlation }) => spanOf(arm.standardError, baseline.standardError, correlation) ** 2
      )
      expect(stated / real).toBeGreaterThan(0.865)
      expect(stated / real).toBeLessThan(1.135)
      expect(mean(({ correlation }) => correlation) > 0.1).toBe(design.crossed === true)
    }
  })

  it("takes rows of one person for less than rows of as many persons, and never for more", () => {
    const rows = Array.from({ length: 400 }, (_, k) => ({
      yes: k % 40 < 20 ? 1 : 0,
      arm: 0,
      person: k >> 2,
      stratum: 0
    }))
    const clustered = estimateRates(sampleOf(rows)).arms[0]!
    // Four like answers per person: 100 persons tell as much as 100 orders.
    expect(clustered.effectiveN).toBeCloseTo(100 * (99 / 100) * (400 / 399), 6)
    // Persons who all have as many of each tell no more than orders of as many persons.
    const unlike = rows.map((row, k) => ({ ...row, yes: k % 2 }))
    expect(estimateRates(sampleOf(unlike)).arms[0]!.effectiveN).toBe(400)
    for (const each of varied(300)) {
      for (const arm of estimateRates(sampleOf(each)).arms) {
        if (arm === undefined) continue
        expect(arm.effectiveN).toBeLessThanOrEqual(arm.n)
        expect(arm.effectiveN).toBeGreaterThan(0)
      }
    }
  })

  it("counts persons, not orders, where all answers are the same", () => {
    for (const yes of [0, 1]) {
      const rows = Array.from({ length: 30 }, (_, k) => ({ yes, arm: k % 2, person: Math.floor(k / 6), stratum: 0 }))
      const arm = estimateRates(sampleOf(rows)).arms[0]!
      expect(arm.effectiveN).toBe(5)
      // 2.77645: Student's quantile for 5 − 1 degrees of freedom.
      expectLimits(arm.interval(z), wilson(yes, 5, 2.77645).low, wilson(yes, 5, 2.77645).high)
    }
  })

  it("takes Student's distribution where there are few persons with several orders each", () => {
    const rows = Array.from({ length: 40 }, (_, k) => ({ yes: k % 5 < 2 ? 1 : 0, arm: 0, person: k >> 2, stratum: 0 }))
    const { value, effectiveN, interval } = estimateRates(sampleOf(rows)).arms[0]!
    // 2.262: Student's quantile for 10 − 1 degrees of freedom.
    expectLimits(interval(z), wilson(value, effectiveN, 2.26216).low, wilson(value, effectiveN, 2.26216).high)
  })

  it("compares like with like: strata have the same weight in both arms, however unequal they are", () => {
    // Per stratum both arms are alike, 10 % and 60 %; the arms hold them in opposite parts.
    const block = (stratum: number, arm: number, x: number, n: number): ReadonlyArray<Omit<Row, "person">> =>
      Array.from({ length: n }, (_, k) => ({ yes: k < x ? 1 : 0, arm, stratum }))
    const rows = [...block(0, 0, 10, 100), ...block(1, 0, 240, 400), ...block(0, 1, 40, 400), ...block(1, 1, 60, 100)]
    const rates = estimateRates(sampleOf(rows.map((row, person) => ({ ...row, person }))))
    expect(rates.arms[1]!.value - rates.arms[0]!.value).toBeCloseTo(-0.3, 12)
    const contrast = rates.contrast(1, 0)!
    expect(contrast.effect).toBeCloseTo(0, 12)
    expect(contrast.arm.value).toBeCloseTo(0.35, 12)
    expect(contrast.interval(z).low).toBeLessThan(0)
    expect(contrast.interval(z).high).toBeGreaterThan(0)
  })

  it("is narrower where strata tell much of the answers, and not because few rows of a stratum are alike", () => {
    const widthOf = (rows: ReadonlyArray<Row>): number => {
      const { low, high } = estimateRates(sampleOf(rows)).contrast(1, 0)!.interval(z)
      return high - low
    }
    const ratio = (rows: ReadonlyArray<Row>): number =>
      widthOf(rows) / widthOf(rows.map((row) => ({ ...row, stratum: 0 })))
    const rowsOf = (persons: number, stratumOf: (index: number) => number, isYes: (index: number) => boolean) =>
      Array.from({ length: persons }, (_, index): Row => {
        const within = index >> 1
        return { yes: Number(isYes(within)), arm: index % 2, person: index, stratum: stratumOf(within) }
      })
    // 10 and 90 %: standard errors are √(0.1 × 0.9 / (0.5 × 0.5)) = 0.6 of what they would be.
    const telling = rowsOf(
      8_000,
      (index) => index % 2,
      (index) => (index % 20 < 2 ? index % 2 === 0 : index % 2 === 1)
    )
    expect(ratio(telling)).toBeCloseTo(0.6, 2)
    // Of each stratum an arm has two rows, which are alike but in one stratum of twenty.
    const pairs = rowsOf(
      80,
      (index) => index >> 1,
      (index) => index % 4 < 2 || index === 2
    )
    expect(ratio(pairs)).toBeGreaterThan(0.8)
  })

  it("leaves out strata that one arm lacks, says how many rows they hold, and compares nothing if none is left", () => {
    const rows = independentRows([3, 10], [5, 10]).map((row) => ({
      ...row,
      stratum: row.arm === 0 && row.yes === 1 ? 1 : 0
    }))
    const contrast = estimateRates(sampleOf(rows)).contrast(1, 0)!
    expect(contrast).toMatchObject({ unmatched: 3, n: 17 })
    expect(contrast.baseline).toMatchObject({ n: 7, count: 0, value: 0 })
    const apart = estimateRates(sampleOf(rows.map((row) => ({ ...row, stratum: row.arm }))))
    expect(apart.contrast(1, 0)).toBeUndefined()
    expect(apart.arms[0]).toMatchObject({ n: 10, count: 3 })
  })

  it("says of an arm without measured rows that there is nothing", () => {
    const rows = independentRows([3, 10], [5, 10]).map((row) => (row.arm === 1 ? { ...row, yes: NOT_MEASURED } : row))
    const rates = estimateRates(sampleOf(rows, { arms: 3 }))
    expect(rates.arms[0]).toMatchObject({ n: 10, count: 3 })
    expect(rates.arms.slice(1)).toEqual([undefined, undefined])
    expect(rates.contrast(1, 0)).toBeUndefined()
    expect(rates.contrast(0, 2)).toBeUndefined()
  })

  it("counts 0 and 1 only, whatever else a row says", () => {
    const rows = [0, 1, 1, 2, 3, NOT_MEASURED].map((yes, person) => ({ yes, arm: 0, person, stratum: 0 }))
    expect(estimateRates(sampleOf(rows)).arms[0]).toMatchObject({ n: 3, count: 2, persons: 3 })
  })

  it("takes unequal weights into account where all answers are the same", () => {
    // 10 and 90 rows of two strata that weigh (10 + 90) and (90 + 10) of 200: ½ each, so 1 / (¼/10 + ¼/90) = 36.
    const rows = Array.from({ length: 200 }, (_, person) => {
      const arm = person < 100 ? 0 : 1
      return { yes: 0, arm, person, stratum: person % 100 < 10 ? arm : 1 - arm }
    })
    const contrast = estimateRates(sampleOf(rows)).contrast(1, 0)!
    expect(contrast.arm.effectiveN).toBeCloseTo(36, 9)
    expect(contrast.interval(z).high).toBeCloseTo(wilson(0, 36, z).high, 9)
  })

  it("estimates many arms as it does each alone", () => {
    const rows = independentRows([1, 9], [5, 10], [0, 3], [4, 4], [2, 8], [7, 30])
    const { arms } = estimateRates(sampleOf(rows))
    expect(arms.map((arm) => [arm!.count, arm!.n])).toEqual([
      [1, 9],
      [5, 10],
      [0, 3],
      [4, 4],
      [2, 8],
      [7, 30]
    ])
    arms.forEach((arm) => expect(arm!.interval(z).high).toBeCloseTo(wilson(arm!.value, arm!.n, z).high, 12))
  })
})

describe("any contrast of rates", () => {
  it("holds its effect, widens with the multiplier, stays within ±1 and turns round with the arms", () => {
    for (const rows of varied(400)) {
      const rates = estimateRates(sampleOf(rows))
      const [contrast, opposite] = [rates.contrast(1, 0), rates.contrast(0, 1)]
      if (contrast === undefined || opposite === undefined) continue
      expect(opposite.effect).toBeCloseTo(-contrast.effect, 12)
      let before = { low: contrast.effect, high: contrast.effect }
      for (const multiplier of [0.5, 1, z, 3, 10]) {
        const { low, high } = contrast.interval(multiplier)
        expect(low).toBeLessThanOrEqual(before.low + 1e-12)
        expect(high).toBeGreaterThanOrEqual(before.high - 1e-12)
        expect(low).toBeGreaterThanOrEqual(-1)
        expect(high).toBeLessThanOrEqual(1)
        expect(opposite.interval(multiplier).low).toBeCloseTo(-high, 10)
        expect(opposite.interval(multiplier).high).toBeCloseTo(-low, 10)
        before = { low, high }
      }
      expect(before.high - before.low).toBeGreaterThan(0)
    }
  })

  it("does not depend on the order of rows", () => {
    const random = seededRandom(5)
    for (const rows of varied(100)) {
      const of = (each: ReadonlyArray<Row>) => estimateRates(sampleOf(each)).contrast(1, 0)
      const [contrast, other] = [of(rows), of(shuffled(random, rows))]
      expect(other?.n).toBe(contrast?.n)
      if (contrast === undefined || other === undefined) continue
      expect(other.effect).toBeCloseTo(contrast.effect, 12)
      expect(other.interval(z).low).toBeCloseTo(contrast.interval(z).low, 9)
      expect(other.interval(z).high).toBeCloseTo(contrast.interval(z).high, 9)
    }
  })
})

/** The post-stratified rate of an arm and its variance, as the definitions have them. */
const byDefinition = (rows: ReadonlyArray<Row>, arm: number, other: number) => {
  const measured = rows.filter(({ yes }) => yes <= 1)
  const has = (of: number, stratum: number) => measured.some((row) => row.arm === of && row.stratum === stratum)
  const inBoth = measured.filter(
    (row) => (row.arm === arm || row.arm === other) && has(arm, row.stratum) && has(other, row.stratum)
  )
  const own = inBoth.filter((row) => row.arm === arm)
  if (own.length === 0) return undefined
  const meanOf = (each: ReadonlyArray<Row>) => each.reduce((sum, { yes }) => sum + yes, 0) / each.length
  const strata = [...new Set(inBoth.map(({ stratum }) => stratum))].map((stratum) => {
    const members = own.filter((row) => row.stratum === stratum)
    const weight = inBoth.filter((row) => row.stratum === stratum).length / inBoth.length
    return { stratum, members, weight, mean: meanOf(members) }
  })
  const value = strata.reduce((sum, { weight, mean }) => sum + weight * mean, 0)
  const added = strata.flatMap(({ members, weight, mean }) =>
    members.map(({ yes, person }) => {
      const residual =
        members.length > 1 ? (yes - mean) * Math.sqrt(members.length / (members.length - 1)) : yes - value
      return { person, adds: (weight * residual) / members.length }
    })
  )
  const sum = (values: ReadonlyArray<number>) => values.reduce((total, each) => total + each, 0)
  const ofPerson = Map.groupBy(added, ({ person }) => person)
  const persons = [...ofPerson.values()].map((each) => each.map(({ adds }) => adds))
  const influence = new Map([...ofPerson].map(([person, each]) => [person, sum(each.map(({ adds }) => adds))]))
  const n = own.length
  const robust = sum(persons.map((rows) => sum(rows) ** 2 / (persons.length > 1 ? 1 - rows.length / n : 1)))
  const squares = sum(added.map(({ adds }) => adds ** 2))
  // Of each row the mean of its products with the others of its person: of all rows that have others.
  const products = persons.flatMap((rows) =>
    rows.length === 1
      ? []
      : rows.map((one, at) => sum(rows.map((other, place) => (place === at ? 0 : one * other))) / (rows.length - 1))
  )
  const alike = squares > 0 && products.length > 0 ? sum(products) / products.length / (squares / n) : 0
  const rowsOfPerson = sum(persons.map((rows) => rows.length ** 2)) / n
  const asAlike = squares * (1 + (rowsOfPerson - 1) * Math.max(0, Math.min(1, alike)))
  const variance = Math.max(robust, asAlike) * (persons.length > 1 ? (n - 1) / n : 1)
  return { value, influence, variance }
}
