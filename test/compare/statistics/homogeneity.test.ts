import { describe, expect, it } from "vitest"
import { kindsTest, rankTest } from "../../../src/compare/statistics/homogeneity.ts"

const counts = (...pairs: ReadonlyArray<readonly [value: number, units: number]>) => new Map(pairs)

const few = counts([1, 40], [2, 10])
const more = counts([3, 5], [1, 30], [2, 15])

describe("rankTest", () => {
  it("gives what scipy.stats.kruskal gives", () => {
    // kruskal([1]*40 + [2]*10, [1]*30 + [2]*15 + [3]*5), and with [1]*20 + [2]*3 + [9]*2 besides.
    expect(rankTest([few, more])).toBeCloseTo(0.017917366413148443, 12)
    expect(rankTest([few, more, counts([1, 20], [2, 3], [9, 2])])).toBeCloseTo(0.0439645756065307, 12)
  })

  it("lets one unit with very many count for no more than any other", () => {
    const moderate = rankTest([counts([1, 500]), counts([1, 499], [2, 1])])
    expect(rankTest([counts([1, 500]), counts([1, 499], [400, 1])])).toBe(moderate)
    expect(moderate).toBeGreaterThan(0.1)
  })

  it("finds nothing where nothing differs, or only one arm has units", () => {
    expect(rankTest([counts([1, 50]), counts([1, 70])])).toBe(1)
    expect(rankTest([few, few])).toBe(1)
    expect(rankTest([few, counts()])).toBe(1)
    expect(rankTest([counts(), counts()])).toBe(1)
    expect(rankTest([])).toBe(1)
  })
})

describe("kindsTest", () => {
  it("gives what scipy.stats.chi2_contingency gives without its correction", () => {
    // chi2_contingency([[30, 12, 458], [55, 9, 536]], correction=False), and with [20, 20, 360] besides.
    const [a, b, c] = [
      [30, 12],
      [55, 9],
      [20, 20]
    ]
    expect(kindsTest([500, 600], [a ?? [], b ?? []])).toBeCloseTo(0.08841522200618523, 12)
    expect(kindsTest([500, 600, 400], [a ?? [], b ?? [], c ?? []])).toBeCloseTo(0.0011055309931641269, 12)
  })

  it("tests rare kinds together, and what is rare all in all by counting", () => {
    // chi2_contingency([[9, 491], [1, 499]], correction=False), then the binomial chance of 4 of 4 in one of two arms.
    const together = kindsTest(
      [500, 500],
      [
        [3, 3, 3],
        [1, 0, 0]
      ]
    )
    expect(together).toBeCloseTo(0.011004153176868765, 12)
    expect(
      kindsTest(
        [500, 500],
        [
          [2, 2],
          [0, 0]
        ]
      )
    ).toBeCloseTo(0.125, 12)
  })

  it("finds nothing in one arm, or where nothing is lost or everything", () => {
    expect(kindsTest([500, 0], [[40], [0]])).toBe(1)
    expect(
      kindsTest(
        [500, 700],
        [
          [0, 0],
          [0, 0]
        ]
      )
    ).toBe(1)
    expect(kindsTest([500, 700], [[500], [700]])).toBeCloseTo(1, 10)
    expect(kindsTest([], [])).toBe(1)
  })
})
