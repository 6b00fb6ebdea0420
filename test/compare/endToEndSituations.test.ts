/**
 * Experiments in which nothing differs, through the public interface: rare events, uneven splits, heavy tails, call-backs,
 * refusals. Few runs each; `npm run simulate:compare` makes as many as wanted.
 */
import { describe, expect, it } from "vitest"
import { type Counted, countRuns, readKept } from "./simulations/counts.ts"
import { SITUATIONS } from "./simulations/situations.ts"
import { expectedCounts } from "./statistics/exact.ts"

const RUNS = 6
const CLAIMS = ["once", "course", "primary", "others"] as const
const kept = readKept()

describe(`${SITUATIONS.length} situations of ${RUNS} experiments each`, () => {
  const counted: ReadonlyArray<Counted> = SITUATIONS.map((situation) => countRuns(situation, kept.seed, RUNS))

  it("are measured, every one", () => {
    expect(counted.map(({ measured }) => measured)).toEqual(SITUATIONS.map(() => RUNS))
  })

  it.each(CLAIMS)("claim a difference no more often than promised (%s)", (claim) => {
    const found = counted.map(({ claims }) => claims[claim])
    expect(Math.max(...found)).toBeLessThanOrEqual(expectedCounts(RUNS, 0.05).most)
    const all = found.reduce((sum, count) => sum + count, 0)
    expect(all).toBeLessThanOrEqual(expectedCounts(RUNS * SITUATIONS.length, 0.05).most)
  })
})

describe("the counts that are kept", () => {
  it("are of these situations, and within what chance allows", () => {
    expect(kept.situations.map(({ title }) => title)).toEqual(SITUATIONS.map(({ title }) => title))
    const { most } = expectedCounts(kept.runs, 0.05)
    for (const { runs, measured, claims } of kept.situations) {
      expect(runs).toBe(kept.runs)
      // A check that fails by chance withholds all.
      expect(measured).toBeGreaterThanOrEqual(0.98 * runs)
      for (const claim of CLAIMS) expect(claims[claim]).toBeLessThanOrEqual(most)
    }
  })
})
