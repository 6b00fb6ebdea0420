import { describe, expect, it } from "vitest"
import { normalSurvival } from "../../../src/compare/statistics/distributions.ts"
import { sampleRatio } from "../../../src/compare/statistics/sampleRatio.ts"
import { binomial } from "./exact.ts"

describe("sampleRatio", () => {
  it("is Pearson's chi-square: by hand, 520 and 480 where 500 each were meant", () => {
    const { chiSquare, p, expected, method } = sampleRatio([520, 480], [1, 1])
    expect(expected).toEqual([500, 500])
    expect(chiSquare).toBeCloseTo(1.6, 12)
    expect(p).toBeCloseTo(2 * normalSurvival(Math.sqrt(1.6)), 12)
    expect(method).toBe("chi_square")
  })

  it("finds Mendel's peas as they were meant to be", () => {
    // Mendel's 315, 108, 101 and 32 peas against 9:3:3:1 (Pearson's statistic 0.470, p 0.925: textbooks; by hand below).
    const { chiSquare, p } = sampleRatio([315, 108, 101, 32], [9, 3, 3, 1])
    const byHand = [312.75, 104.25, 104.25, 34.75].map((mean, k) => ([315, 108, 101, 32][k]! - mean) ** 2 / mean)
    expect(chiSquare).toBeCloseTo(
      byHand.reduce((sum, each) => sum + each, 0),
      12
    )
    expect(chiSquare).toBeCloseTo(0.47, 3)
    expect(p).toBeCloseTo(0.925, 3)
  })

  it("takes shares in any unit and notices a shift of one point in 100,000 units", () => {
    expect(sampleRatio([900, 100], [90, 10]).p).toBe(1)
    expect(sampleRatio([900, 100], [0.9, 0.1]).p).toBeCloseTo(1, 9)
    expect(sampleRatio([51_000, 49_000], [1, 1]).p).toBeLessThan(1e-9)
    expect(sampleRatio([51_000, 49_000], [1, 1]).p).toBeGreaterThan(0)
  })

  it("is exact for two arms with few units", () => {
    const { p, method } = sampleRatio([6, 24], [1, 19])
    const chances = binomial(30, 1 / 20)
    expect(method).toBe("exact")
    expect(p).toBeCloseTo(
      chances.slice(6).reduce((sum, chance) => sum + chance, 0),
      9
    )
    expect(sampleRatio([4, 4], [1, 1]).p).toBeCloseTo(1, 9)
    expect(sampleRatio([0, 0], [1, 1]).p).toBe(1)
  })

  it("is simulated for more arms with few units, near the exact chance", () => {
    const seen = [4, 1, 0]
    const statistic = ([a, b, c]: ReadonlyArray<number>) => (3 / 5) * (a! ** 2 + b! ** 2 + c! ** 2) - 5
    const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
    let exact = 0
    for (let a = 0; a <= 5; a++) {
      for (let b = 0; a + b <= 5; b++) {
        const units = [a, b, 5 - a - b]
        if (statistic(units) < statistic(seen) - 1e-9) continue
        exact += 120 / units.reduce((product, each) => product * factorial(each), 1) / 3 ** 5
      }
    }
    const { p, method, chiSquare } = sampleRatio(seen, [1, 1, 1])
    expect(method).toBe("simulated")
    expect(chiSquare).toBeCloseTo(statistic(seen), 12)
    // Four standard errors of 10,000 runs.
    expect(Math.abs(p - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 10_000))
    expect(sampleRatio(seen, [1, 1, 1]).p).toBe(p)
  })
})
