/** Histories out of seeds: whatever happens in them, what must hold holds. Long runs: `npm run simulate`. */
import process from "node:process"
import { describe, expect, it } from "vitest"
import { seedsFrom, simulate } from "./simulate.ts"

const FIXED = 400
const FRESH = 200

describe("histories out of seeds", () => {
  it("of fixed seeds are as they must be, and the same each time", () => {
    const figures = simulate(seedsFrom(1, FIXED))
    expect(figures.failures).toEqual([])
    expect(simulate(seedsFrom(1, 20)).digest).toBe(simulate(seedsFrom(1, 20)).digest)
    expect(figures.orders).toBeGreaterThan(FIXED / 2)
  }, 120_000)

  it("of fresh seeds are as they must be", () => {
    const from = Date.now()
    process.stdout.write(`fresh seeds: ${from} to ${from + FRESH - 1}\n`)
    expect(simulate(seedsFrom(from, FRESH)).failures).toEqual([])
  }, 120_000)
})
