import { describe, expect, it } from "vitest"
import { type Random, seededRandom } from "../../../src/compare/statistics/random.ts"
import { spanOf } from "../../../src/compare/statistics/difference.ts"
import { estimateRatios } from "../../../src/compare/statistics/ratios.ts"

const z = 1.959964

interface Row {
  readonly dials: number
  readonly reached: number
  readonly arm: number
  readonly person: number
}

const estimatesOf = (rows: ReadonlyArray<Row>) =>
  estimateRatios({
    numerator: Float64Array.from(rows, ({ dials }) => dials),
    denominator: Float64Array.from(rows, ({ reached }) => reached),
    arm: Uint8Array.from(rows, ({ arm }) => arm),
    arms: 2,
    person: Uint32Array.from(rows, ({ person }) => person),
    persons: Math.max(...rows.map(({ person }) => person)) + 1
  })

const drawRows = (random: Random, persons: number, crossed: boolean): ReadonlyArray<Row> =>
  Array.from({ length: persons }, (_, person) => {
    const arm = random.word() % 2
    const chance = random.uniform()
    return Array.from({ length: 1 + (random.word() % 4) }, () => {
      const reached = random.uniform() < chance ? 1 : 0
      return {
        dials: reached === 1 ? 1 + (random.word() % 2) : 3,
        reached,
        arm: crossed ? random.word() % 2 : arm,
        person
      }
    })
  }).flat()

describe("ratios", () => {
  it("are sums over sums, in rows where both were measured", () => {
    const rows = [
      { dials: 3, reached: 1, arm: 0, person: 0 },
      { dials: 2, reached: 0, arm: 0, person: 1 },
      { dials: -1, reached: 1, arm: 0, person: 2 },
      { dials: 4, reached: Number.NaN, arm: 0, person: 3 },
      { dials: 3, reached: 0, arm: 1, person: 4 }
    ]
    const { arms, contrast } = estimatesOf(rows)
    expect(arms[0]).toMatchObject({ n: 2, persons: 2, value: 5 })
    expect(arms[1]).toBeUndefined()
    expect(contrast(0, 1)).toBeUndefined()
  })

  it("have the delta method's standard error: of means, variances and covariance, an order to each person", () => {
    const random = seededRandom(2)
    for (let run = 0; run < 30; run++) {
      const rows = drawRows(random, 40, false).map((row, person) => ({ ...row, person }))
      const own = rows.filter(({ arm }) => arm === 0)
      const persons = [...Map.groupBy(own, ({ person }) => person).values()].map((each) => ({
        x: each.reduce((sum, { dials }) => sum + dials, 0),
        y: each.reduce((sum, { reached }) => sum + reached, 0)
      }))
      const count = persons.length
      const mean = (of: (each: (typeof persons)[number]) => number) =>
        persons.reduce((sum, each) => sum + of(each), 0) / count
      const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)]
      const unbiased = count / (count - 1)
      const [vx, vy] = [mean(({ x }) => (x - mx) ** 2) * unbiased, mean(({ y }) => (y - my) ** 2) * unbiased]
      const covariance = mean(({ x, y }) => (x - mx) * (y - my)) * unbiased
      const ratio = mx / my
      const { value, standardError } = estimatesOf(rows).arms[0]!
      expect(value).toBeCloseTo(ratio, 12)
      expect(standardError).toBeCloseTo(Math.sqrt((vx - 2 * ratio * covariance + ratio ** 2 * vy) / count) / my, 10)
    }
  })

  it("have standard errors as large as differences really vary, with persons in both arms too", () => {
    const random = seededRandom(6)
    for (const crossed of [false, true]) {
      const all = Array.from({ length: 800 }, () => estimatesOf(drawRows(random, 250, crossed)).contrast(1, 0)!)
      const mean = all.reduce((sum, { effect }) => sum + effect, 0) / all.length
      const real = all.reduce((sum, { effect }) => sum + (effect - mean) ** 2, 0) / all.length
      const variance = ({ arm, baseline, correlation }: (typeof all)[number]) =>
        spanOf(arm.standardError, baseline.standardError, correlation) ** 2
      const stated = all.reduce((sum, each) => sum + variance(each), 0) / all.length
      // Relative error of a variance from 800 draws: √(2/800) = 5 %; here three of it.
      expect(stated / real).toBeGreaterThan(0.85)
      expect(stated / real).toBeLessThan(1.15)
    }
  })

  it("hold their effect, widen with the multiplier and turn round with the arms", () => {
    const random = seededRandom(9)
    for (let run = 0; run < 60; run++) {
      const { contrast } = estimatesOf(drawRows(random, [8, 30, 200][run % 3]!, run % 2 === 0))
      const [own, opposite] = [contrast(1, 0), contrast(0, 1)]
      if (own === undefined || opposite === undefined) continue
      let before = { low: own.effect, high: own.effect }
      for (const multiplier of [1, z, 3, 6]) {
        const [interval, turned] = [own.interval(multiplier), opposite.interval(multiplier)]
        if (interval === undefined || turned === undefined) continue
        expect(interval.low).toBeLessThan(before.low)
        expect(interval.high).toBeGreaterThan(before.high)
        expect(turned.low / -interval.high).toBeCloseTo(1, 9)
        before = interval
      }
    }
  })

  it("have no interval where nothing varies or nearly nobody was reached", () => {
    const even = Array.from({ length: 20 }, (_, k) => ({ dials: 2, reached: 1, arm: k % 2, person: k }))
    expect(estimatesOf(even).contrast(1, 0)!.interval(z)).toBeUndefined()
    const once = even.map((row, k) => ({ ...row, reached: k < 2 ? 1 : 0 }))
    expect(estimatesOf(once).arms[0]).toMatchObject({ value: 20 })
    expect(estimatesOf(once).arms[0]!.interval(z)).toBeUndefined()
  })
})
