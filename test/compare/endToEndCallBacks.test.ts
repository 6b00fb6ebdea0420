/** Experiments in which every first order is reached alike, and one arm agrees on call-backs, which are often answered. */
import { describe, expect, it } from "vitest"
import type { Comparison } from "../../src/compare/Comparison.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import { type Life, livesOf, tell, withTalks } from "./population.ts"
import { expectedCounts } from "./statistics/exact.ts"
import { checkIn, compareAll, contrastIn, metricIn } from "./trial.ts"
import { assigned, experimentOf, type TrialArm } from "./trialPlacing.ts"

const RUNS = 24
const PERSONS = 1_000
const HUMAN = "first_attempt.human_reached"
const DAY = 86_400_000

const arms: ReadonlyArray<TrialArm> = [
  { name: "plain", provider: "revox", agent: "agent_plain" },
  { name: "calling_back", provider: "revox", agent: "agent_that_calls_back" }
]

/** Of half the persons who talk, four of five are called back: 40 % of all. */
const TALKS = 0.5
const CALLED_BACK = 0.8
const ANSWERING = withTalks(0.95)

interface Trial {
  readonly experiment: ReturnType<typeof experimentOf>
  readonly payloads: ReadonlyArray<JsonObject>
}

const trialOf = (
  run: number,
  changes: JsonObject = {},
  callingBack: ReadonlyArray<string> = ["calling_back"]
): Trial => {
  const experiment = experimentOf(arms, { salt: `h4Zq81LmWx${run}uTe93`, plannedUnits: PERSONS, ...changes })
  const size = { seed: 5_000 + run, orders: PERSONS }
  const later = livesOf({ ...size, seed: 9_000 + run, shares: ANSWERING })
  const callBack = (life: Life): Life => ({ ...(later[life.index] ?? life), placedAt: life.placedAt + DAY })
  const payloads = assigned(experiment, livesOf({ ...size, shares: withTalks(TALKS) }), arms).flatMap(
    ({ life, arm, tag }) => {
      const isAgreed = life.dials[0].fate === "talk" && life.draw("call-back") < CALLED_BACK
      const lives = callingBack.includes(arm.name) && isAgreed ? [life, callBack(life)] : [life]
      return lives.map((each) => tell(each, { ...arm, tag }))
    }
  )
  return { experiment, payloads }
}

const trials = Array.from({ length: RUNS }, (_, run) => trialOf(run))
const judgedOnce = trials.map(({ experiment, payloads }) => compareAll(payloads, { experiment }))

const isBetter = (comparison: Comparison): boolean => (contrastIn(comparison, HUMAN).sequential?.low ?? 0) > 0
const countOf = (runs: ReadonlyArray<Comparison>, holds: (run: Comparison) => boolean): number =>
  runs.filter(holds).length

describe(`${RUNS} experiments with call-backs in one arm`, () => {
  it("seem to show a better arm wherever each order counts", () => {
    // By agent and without the experiment, which says that persons were assigned.
    const eachOrder = trials.slice(0, 6).map(({ payloads }) => compareAll(payloads, { armsBy: "agent" }))
    expect(countOf(eachOrder, isBetter)).toBeGreaterThanOrEqual(5)
  })

  it("show none once each person is judged by the first order", () => {
    expect(countOf(judgedOnce, isBetter)).toBeLessThanOrEqual(expectedCounts(RUNS, 0.05).most)
    for (const run of judgedOnce) {
      expect(metricIn(run, HUMAN).arms.reduce((sum, { n }) => sum + n, 0)).toBeLessThanOrEqual(PERSONS)
    }
  })

  it("say that persons do not have as many orders in each arm, and what that does", () => {
    for (const run of judgedOnce) {
      const { outcome, sentence } = checkIn(run, "orders_per_person")
      expect(outcome).toBe("warning")
      expect(sentence).toMatch(
        /^Persons do not have as many orders in each arm \(on average plain 1\.00, calling_back 1\.[34]\d\): call-backs/
      )
      expect(run.headline).toContain(sentence)
    }
  })

  it("give no verdict within a window that counts the call-backs", () => {
    const { experiment, payloads } = trialOf(0, { windowHours: 48 })
    const run = compareAll(payloads, { experiment })
    expect(checkIn(run, "orders_per_person").outcome).toBe("failed")
    expect(contrastIn(run, HUMAN)).toMatchObject({ verdict: "not_comparable" })
    expect(run.headline.join(" ")).toContain("so one arm had more chances, and no conclusion is drawn")
  })
})

describe(`${RUNS} experiments in which both arms call back, judged within a window`, () => {
  const both = arms.map(({ name }) => name)
  const runs = Array.from({ length: RUNS }, (_, run) => {
    const { experiment, payloads } = trialOf(100 + run, { windowHours: 48 }, both)
    return compareAll(payloads, { experiment })
  })

  it("show no better or worse arm, and no difference in orders", () => {
    const isWrong = (run: Comparison): boolean => {
      const { low = 0, high = 0 } = contrastIn(run, HUMAN).sequential ?? {}
      return low > 0 || high < 0
    }
    expect(countOf(runs, isWrong)).toBeLessThanOrEqual(expectedCounts(RUNS, 0.05).most)
    expect(runs.map((run) => checkIn(run, "orders_per_person").outcome)).toEqual(runs.map(() => "passed"))
  })

  it("count each person once, and all their orders as compared", () => {
    for (const run of runs) {
      expect(metricIn(run, HUMAN).arms.reduce((sum, { n, open, missing }) => sum + n + open + missing, 0)).toBe(PERSONS)
      expect(run.data.orders).toBeGreaterThan(1.3 * PERSONS)
      expect(run.arms.reduce((sum, { orders }) => sum + orders, 0)).toBe(run.data.orders)
    }
  })
})
