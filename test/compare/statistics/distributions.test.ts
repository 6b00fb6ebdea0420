import { describe, expect, it } from "vitest"
import {
  binomialProbability,
  chiSquareSurvival,
  normalCdf,
  normalQuantile,
  normalSurvival,
  studentMultiplier,
  studentQuantile
} from "../../../src/compare/statistics/distributions.ts"
import { seededRandom } from "../../../src/compare/statistics/random.ts"
import { binomial } from "./exact.ts"

/** Simpson's rule: all that is compared with it here is smooth. */
const integral = (of: (x: number) => number, from: number, to: number, steps = 20_000): number => {
  const width = (to - from) / steps
  let sum = of(from) + of(to)
  for (let step = 1; step < steps; step++) sum += (step % 2 === 1 ? 4 : 2) * of(from + step * width)
  return (sum * width) / 3
}

const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

describe("the normal distribution", () => {
  it.each([0, 0.5, 1, 1.96, 2.4, 2.5, 2.6, 4, 6, 10, 20])("has the tail beyond %d that its density has", (z) => {
    const tail = integral(density, z, z + 12)
    expect(normalSurvival(z) / tail).toBeCloseTo(1, 9)
    expect(normalCdf(-z) / tail).toBeCloseTo(1, 9)
    expect(normalCdf(z) + normalSurvival(z)).toBeCloseTo(1, 14)
  })

  it.each([1e-15, 1e-9, 1e-5, 0.0249, 0.2, 0.5, 0.8, 0.975, 0.99999])(
    "has quantiles that its tail confirms: %d",
    (p) => {
      expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 9)
      expect(normalQuantile(p)).toBeCloseTo(-normalQuantile(1 - p), p < 1e-9 ? 0 : 5)
    }
  )

  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.1.
  it.each([
    [0.9, 1.282],
    [0.95, 1.645],
    [0.975, 1.96],
    [0.99, 2.326],
    [0.995, 2.576]
  ])("has the quantile of tables at %d", (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 3)
  })
})

describe("the chi-square distribution", () => {
  // NIST/SEMATECH e-Handbook, 1.3.6.7.4, upper critical values.
  it.each([
    [0.05, 1, 3.841],
    [0.05, 2, 5.991],
    [0.05, 3, 7.815],
    [0.05, 10, 18.307],
    [0.01, 1, 6.635],
    [0.01, 4, 13.277],
    [0.001, 5, 20.515]
  ])("leaves %d beyond the tabled value with %d degrees of freedom", (p, df, x) => {
    expect(chiSquareSurvival(x, df) / p).toBeCloseTo(1, 3)
  })

  it("is that of squares of normal variables, far out too", () => {
    for (const x of [0.3, 4, 30, 200])
      expect(chiSquareSurvival(x, 1) / (2 * normalSurvival(Math.sqrt(x)))).toBeCloseTo(1, 9)
    // With 3 degrees of freedom by integration of its density, √(x/2π)·e^(−x/2).
    for (const x of [1, 9, 60]) {
      const tail = integral((y) => Math.sqrt(y / (2 * Math.PI)) * Math.exp(-y / 2), x, x + 120)
      expect(chiSquareSurvival(x, 3) / tail).toBeCloseTo(1, 8)
    }
    expect(chiSquareSurvival(0, 3)).toBe(1)
  })
})

describe("Student's distribution", () => {
  // NIST/SEMATECH e-Handbook, 1.3.6.7.2.
  it.each([
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [10, 2.228],
    [30, 2.042]
  ])("with %d degrees of freedom has the quantile of tables", (df, t) => {
    expect(studentQuantile(0.975, df)).toBeCloseTo(t, 3)
  })

  it("gives a multiplier with the same chance of error, up to that of sequential looks", () => {
    // With 3 degrees of freedom the tail has a closed form.
    const tail3 = (t: number) => 0.5 - (Math.atan(t / Math.sqrt(3)) + t / Math.sqrt(3) / (1 + (t * t) / 3)) / Math.PI
    for (const z of [1, 1.96, 3, 4]) expect(tail3(studentMultiplier(z, 3)) / normalSurvival(z)).toBeCloseTo(1, 5)
    expect(studentMultiplier(1.96, 1e6)).toBe(1.96)
    for (const df of [1, 4, 40, 400]) {
      const multipliers = [0.5, 1.96, 3, 5.9, 6.1, 9, 30].map((z) => studentMultiplier(z, df))
      expect(multipliers).toEqual(multipliers.toSorted((a, b) => a - b))
      expect(multipliers.every(Number.isFinite)).toBe(true)
      expect(studentMultiplier(9, df)).toBeGreaterThan(9)
    }
  })
})

describe("chance", () => {
  it("of a count is binomial", () => {
    for (const [n, p] of [
      [7, 0.3],
      [200, 0.01],
      [1000, 0.5]
    ] as const) {
      binomial(n, p).forEach((chance, k) => expect(binomialProbability(k, n, p)).toBeCloseTo(chance, 10))
    }
  })

  it("is the same for a seed and another for another", () => {
    const draw = (seed: number) => Array.from({ length: 20 }, seededRandom(seed).word)
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  it("is even, in each of ten parts, and does not follow the number before", () => {
    const random = seededRandom(3)
    const cells = new Float64Array(100)
    let before = random.uniform()
    for (let k = 0; k < 100_000; k++) {
      const next = random.uniform()
      cells[Math.floor(before * 10) * 10 + Math.floor(next * 10)]!++
      before = next
    }
    const chiSquare = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    expect(chiSquareSurvival(chiSquare, 99)).toBeGreaterThan(0.001)
  })
})
