import { describe, expect, it } from "vitest"
import { detectableEffect, powerAt, type PowerDesign, unitsNeeded } from "../../../src/compare/statistics/power.ts"
import { sequentialMultiplier } from "../../../src/compare/statistics/sequential.ts"

const design: PowerDesign = { baselineRate: 0.3, effect: 0.1, alpha: 0.05, shares: [1, 1], analysis: "fixed" }

describe("unitsNeeded", () => {
  it("is the usual formula for two equal arms", () => {
    // n per arm = (z.975·√(2·p̄·q̄) + z.8·√(p1·q1 + p2·q2))² / δ², here by hand with z 1.959964 and 0.841621.
    const root = 1.959964 * Math.sqrt(2 * 0.35 * 0.65) + 0.841621 * Math.sqrt(0.3 * 0.7 + 0.4 * 0.6)
    const { all, arms } = unitsNeeded(design, 0.8)!
    expect(all).toBe(Math.ceil((2 * root ** 2) / 0.01))
    expect(arms).toEqual([356, 356])
  })

  it("is the least at which the power is reached, for shares of any size and more arms", () => {
    for (const analysis of ["fixed", "sequential"] as const) {
      for (const shares of [
        [1, 1],
        [9, 1],
        [1, 9],
        [2, 1, 1]
      ]) {
        for (const effect of [0.1, -0.05]) {
          for (const planned of [undefined, 4000]) {
            const each = { ...design, analysis, shares, effect, planned }
            const { all } = unitsNeeded(each, 0.8)!
            expect(powerAt(each, all)).toBeGreaterThanOrEqual(0.8)
            expect(powerAt(each, all - 1)).toBeLessThan(0.8)
          }
        }
      }
    }
  })

  it("asks for more where shares are unequal, arms are more, orders cluster or looks are many", () => {
    const all = (change: Partial<PowerDesign>) => unitsNeeded({ ...design, ...change }, 0.8)!.all
    expect(all({ shares: [9, 1] })).toBeGreaterThan(2.5 * all({}))
    expect(all({ shares: [1, 1, 1] })).toBeGreaterThanOrEqual(1.5 * all({}) - 2)
    expect(all({ designEffect: 2 }) / all({})).toBeCloseTo(2, 2)
    expect(all({ analysis: "sequential" })).toBeGreaterThan(1.5 * all({}))
    expect(all({ analysis: "sequential" })).toBeLessThan(2.2 * all({}))
    expect(all({ analysis: "sequential", planned: 50_000 })).toBeGreaterThan(all({ analysis: "sequential" }))
    expect(all({ alpha: 0.01 })).toBeGreaterThan(all({}))
    expect(all({ effect: 0.05 })).toBeGreaterThan(3.5 * all({}))
  })

  it("plans for the arm that is hardest to judge, with the units of its pair", () => {
    for (const analysis of ["fixed", "sequential"] as const) {
      const [three, pair] = [
        { ...design, analysis, shares: [5, 4, 1] },
        { ...design, analysis, shares: [5, 1] }
      ]
      for (const planned of [undefined, 3000]) {
        const ofPair = planned === undefined ? undefined : planned * 0.6
        expect(powerAt({ ...three, planned }, 2000)).toBeCloseTo(powerAt({ ...pair, planned: ofPair }, 1200), 12)
      }
    }
  })

  it("is nothing where no number would do", () => {
    expect(unitsNeeded({ ...design, effect: 1e-9 }, 0.8)).toBeUndefined()
  })
})

describe("detectableEffect", () => {
  it("is the effect for which as many units are needed", () => {
    for (const analysis of ["fixed", "sequential"] as const) {
      for (const effect of [0.1, 0.03, -0.1, -0.03]) {
        const { all } = unitsNeeded({ ...design, analysis, effect }, 0.8)!
        const found = detectableEffect({ ...design, analysis }, all, 0.8, effect > 0 ? "up" : "down")!
        expect(found / effect).toBeCloseTo(1, 2)
      }
    }
  })

  it("is none where even the largest would be missed", () => {
    expect(detectableEffect(design, 6, 0.8, "down")).toBeUndefined()
    expect(detectableEffect({ ...design, baselineRate: 0.02 }, 100, 0.8, "down")).toBeUndefined()
  })
})

describe("sequentialMultiplier", () => {
  it("is Robbins' boundary as it is written", () => {
    const [alpha, n, planned] = [0.05, 700, 1500]
    const r = planned / (2 * Math.log(1 / alpha) + Math.log(1 + 2 * Math.log(1 / alpha)))
    const written = Math.sqrt((1 + r / n) * Math.log((n + r) / (r * alpha ** 2)))
    expect(sequentialMultiplier({ alpha, n, planned })).toBeCloseTo(written, 12)
    expect(sequentialMultiplier({ alpha, n })).toBe(sequentialMultiplier({ alpha, n, planned: 2000 }))
  })

  it("never asks for less than a single look does, and is lowest near the planned number", () => {
    for (const alpha of [0.1, 0.05, 0.005]) {
      const width = (n: number) => sequentialMultiplier({ alpha, n, planned: 1000 })
      for (const n of [1, 20, 100, 1000, 10_000, 1e7])
        expect(width(n)).toBeGreaterThan(Math.sqrt(2 * Math.log(1 / alpha)))
      // Among all choices of `planned`, the one for this n gives about the narrowest interval at this n.
      const here = (planned: number) => sequentialMultiplier({ alpha, n: 1000, planned })
      for (const planned of [100, 300, 3000, 10_000]) expect(here(1000)).toBeLessThan(here(planned))
      expect(width(1000) / Math.sqrt(1000)).toBeLessThan(width(500) / Math.sqrt(500))
    }
  })
})
