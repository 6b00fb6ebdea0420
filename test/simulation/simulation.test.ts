/** Histories out of seeds: whatever happens in them, what must hold holds. Long runs: `npm run simulate`. */
import process from "node:process"
import { describe, expect, it } from "vitest"
import { playOver } from "./journals.ts"
import { seedsFrom, simulate } from "./simulate.ts"

const FIXED = 400
const FRESH = 200
const ON_FILE = 30

describe("histories out of seeds", () => {
  it("of fixed seeds are as they must be, and the same each time", () => {
    const figures = simulate(seedsFrom(1, FIXED))
    const { open, settledIn15, openAfterDeath, settledIn38AfterDeath } = figures.settling
    expect(settledIn15).toBe(open)
    expect(settledIn38AfterDeath).toBe(openAfterDeath)
    expect(open).toBeGreaterThan(FIXED / 20)
    expect(figures.doubles.byList).toBeGreaterThan(FIXED / 40)
    expect(figures.lists.told).toBe(figures.lists.found)
    expect(figures.failures).toEqual([])
    expect(simulate(seedsFrom(1, 20)).digest).toBe(simulate(seedsFrom(1, 20)).digest)
    expect(figures.orders).toBeGreaterThan(FIXED / 2)
  }, 120_000)

  it("over SQLite are as they must be, each process with its own connection, and after a loss of power", () => {
    expect(simulate(seedsFrom(1, ON_FILE), { play: playOver("sqlite") }).failures).toEqual([])
  }, 120_000)

  it("of fresh seeds are as they must be", () => {
    const from = Date.now()
    process.stdout.write(`fresh seeds: ${from} to ${from + FRESH - 1}\n`)
    expect(simulate(seedsFrom(from, FRESH)).failures).toEqual([])
  }, 120_000)
})
