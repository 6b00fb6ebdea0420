/** Histories out of seeds: whatever happens in them, what must hold holds. Long runs: `npm run simulate`. */
import process from "node:process"
import { describe, expect, it } from "vitest"
import { playOver } from "./journals.ts"
import { ROUTED_CELLS } from "./routedCoverage.ts"
import type { Script } from "./script.ts"
import { faultsOf, seedsFrom, simulate } from "./simulate.ts"

const FIXED = 400
const FRESH = 200
const ON_FILE = 30
const ROUTED = 100

describe("histories out of seeds", () => {
  it("of fixed seeds are as they must be, and the same each time", () => {
    const figures = simulate(seedsFrom(1, FIXED))
    const { open, settledIn15, openAfterDeath, settledIn38AfterDeath } = figures.settling
    expect(settledIn15).toBe(open)
    expect(settledIn38AfterDeath).toBe(openAfterDeath)
    expect(open).toBeGreaterThan(FIXED / 20)
    expect(Object.values(figures.doubles.byList).reduce((a, b) => a + b, 0)).toBeGreaterThan(FIXED / 40)
    expect(figures.lists.told).toBe(figures.lists.found)
    expect(figures.failures).toEqual([])
    expect(simulate(seedsFrom(1, 20)).digest).toBe(simulate(seedsFrom(1, 20)).digest)
    expect(figures.orders).toBeGreaterThan(FIXED / 2)
  }, 120_000)

  it("with routes are as they must be, though processes send one reference to different providers", () => {
    const { failures, coverage } = simulate(seedsFrom(1, ROUTED, "r"))
    expect(failures).toEqual([])
    const often = ROUTED_CELLS.filter((cell) => (coverage.get(cell) ?? 0) > 0)
    expect(often).toContain("at once, by two processes")
    expect(often.length).toBeGreaterThan(ROUTED_CELLS.length / 2)
  }, 120_000)

  it("are judged by what a caller's own request made, and by walks of lists that waited for their turn", () => {
    // A caller that slept while its reference was placed again; walks of twelve minutes under a rate of two requests a minute.
    expect(simulate(["r202518", "r207695", "r212247", "r219295"]).failures).toEqual([])
  }, 120_000)

  it("over SQLite are as they must be, each process with its own connection, and after a loss of power", () => {
    expect(simulate(seedsFrom(1, ON_FILE), { play: playOver("sqlite") }).failures).toEqual([])
  }, 120_000)

  it("of fresh seeds are as they must be", () => {
    const from = Date.now()
    process.stdout.write(`fresh seeds: ${from} to ${from + FRESH - 1}\n`)
    expect(simulate(seedsFrom(from, FRESH)).failures).toEqual([])
  }, 120_000)

  it("calls no order absent whose process slept while a slow provider answered", () => {
    const process = { tenant: "", yieldsPerThousand: 0, aheadMillis: 0, listed: true } as const
    const script: Script = {
      seed: "1",
      setup: {
        processes: [process, process],
        providers: ["revring"],
        stories: { "": { a: "80", b: "50", A: "40" }, acme: { a: "30", b: "61", A: "00" } },
        slowestMillis: 50,
        idempotent: false
      },
      steps: [
        { after: 0, do: "faults", provider: "revring", faults: "place:504+delay=250/accepted" },
        { after: 0, do: "place", process: 1, provider: "revring", reference: "b" },
        { after: 0, do: "sleep", process: 1, seconds: 400, isCounted: false },
        { after: 700_000, do: "restart", process: 1 }
      ]
    }
    expect(faultsOf(script)).toEqual([])
  })
})
