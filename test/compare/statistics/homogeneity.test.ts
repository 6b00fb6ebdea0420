import { describe, expect, it } from "vitest"
import { rankTest } from "../../../src/compare/statistics/homogeneity.ts"

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
