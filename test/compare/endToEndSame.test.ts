/** Experiments in which nothing differs, from payloads to verdicts: how often a difference is claimed that is not there. */
import { describe, expect, it } from "vitest"
import type { Comparison, Interval } from "../../src/compare/Comparison.ts"
import { livesOf } from "./population.ts"
import { expectedCounts } from "./statistics/exact.ts"
import { checkIn, compareAll, contrastIn } from "./trial.ts"
import { experimentOf, toldIn, type TrialArm } from "./trialPlacing.ts"

const RUNS = 200
const ORDERS = 200
const PERSONS = 140
const HUMAN = "first_attempt.human_reached"

const arms: ReadonlyArray<TrialArm> = [
  { name: "now", provider: "revox", agent: "agent_now" },
  { name: "next", provider: "revring", agent: "agent_next" }
]

const excludesNone = (interval: Interval | undefined): boolean =>
  interval !== undefined && (interval.low > 0 || interval.high < 0)

/** Persons stay in their arm and are like themselves; each run has a salt, and so a split, of its own. */
const runs: ReadonlyArray<Comparison> = Array.from({ length: RUNS }, (_, run) => {
  const experiment = experimentOf(arms, { salt: `h4Zq81LmWx${run}uTe93`, plannedUnits: PERSONS })
  const lives = livesOf({ seed: 1_000 + run, orders: ORDERS, persons: PERSONS, alike: 0.4 })
  return compareAll(toldIn(experiment, lives, arms), { experiment })
})

const countOf = (holds: (comparison: Comparison) => boolean): number => runs.filter(holds).length

/** As many as come at the nominal level, with room for chance. */
const { least, most } = expectedCounts(RUNS, 0.05)

describe(`${RUNS} experiments of two providers that do the same`, () => {
  it("are all measured, and hardly any is thought to be split wrongly", () => {
    expect(countOf((run) => contrastIn(run, HUMAN).interval === undefined)).toBe(0)
    expect(countOf((run) => checkIn(run, "sample_ratio").outcome === "failed")).toBeLessThanOrEqual(
      expectedCounts(RUNS, 0.001).most
    )
  })

  it("looked at once, differ wrongly as seldom as promised, and not never", () => {
    const wrong = countOf((run) => excludesNone(contrastIn(run, HUMAN).fixed))
    expect(wrong).toBeLessThanOrEqual(most)
    expect(wrong).toBeGreaterThanOrEqual(least)
  })

  it("looked at forty times on the way, differ wrongly no more often", () => {
    const pointsOf = ({ overTime }: Comparison) => overTime.flatMap(({ points }) => points)
    expect(Math.min(...runs.map((run) => pointsOf(run).length))).toBeGreaterThan(30)
    expect(countOf((run) => pointsOf(run).some(({ sequential }) => excludesNone(sequential)))).toBeLessThanOrEqual(most)
    // The intervals for a single look do not stand that: this is what the others are for.
    expect(countOf((run) => pointsOf(run).some(({ fixed }) => excludesNone(fixed)))).toBeGreaterThan(1.5 * most)
  })

  it("get no verdict of better or worse on the primary metric more often than that", () => {
    const wrong = countOf((run) => ["better", "worse"].includes(contrastIn(run, HUMAN).verdict ?? ""))
    expect(wrong).toBeLessThanOrEqual(most)
  })

  it("nor on any of the other metrics, taken together", () => {
    const wrong = countOf(({ metrics }) =>
      metrics.some(
        ({ role, contrasts }) =>
          role === "secondary" && contrasts.some(({ verdict }) => verdict === "better" || verdict === "worse")
      )
    )
    expect(wrong).toBeLessThanOrEqual(most)
  })
})
