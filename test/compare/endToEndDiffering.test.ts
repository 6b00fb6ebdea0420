/** Experiments in which one arm reaches more people, from the plan to the verdict: whether it is found as often as planned. */
import { expect, it } from "vitest"
import * as Result from "effect/Result"
import { providers } from "../../adapters/index.ts"
import { planExperiment } from "../../src/compare/plan.ts"
import { livesOf, tell, USUAL, withTalks } from "./population.ts"
import { expectedCounts } from "./statistics/exact.ts"
import { compareAll, contrastIn } from "./trial.ts"
import { assigned, experimentOf, type TrialArm } from "./trialPlacing.ts"

const POWER = 0.8
const DIFFERENCE = 0.08
const HUMAN = "first_attempt.human_reached"

const arms: ReadonlyArray<TrialArm> = [
  { name: "now", provider: "revox", agent: "agent_now" },
  { name: "next", provider: "revring", agent: "agent_next" }
]

it.each([
  { analysis: "fixed", runs: 25 },
  { analysis: "sequential", runs: 25 }
] as const)(
  "a difference of 8 points is found as often as planned, $analysis",
  ({ analysis, runs }) => {
    const goal = { primary: { metric: HUMAN, smallestEffect: DIFFERENCE }, analysis }
    const draft = experimentOf(arms, { ...goal, plannedUnits: 1 })
    const plan = Result.getOrThrow(planExperiment(draft, { baselineRate: USUAL.talk, power: POWER }, providers))
    const better = withTalks(USUAL.talk + DIFFERENCE)
    const verdicts = Array.from({ length: runs }, (_, run) => {
      const salt = `h4Zq81LmWx${run}uTe93`
      const experiment = experimentOf(arms, { ...goal, salt, plannedUnits: plan.units })
      const size = { seed: 2_000 + run, orders: plan.units }
      const [usual, other] = [livesOf(size), livesOf({ ...size, shares: better })]
      // The same persons, and what comes of a call depends on the arm.
      const told = assigned(experiment, usual, arms).map(({ life, arm, tag }) =>
        tell(arm.name === "next" ? (other[life.index] ?? life) : life, { ...arm, tag })
      )
      return contrastIn(compareAll(told, { experiment }), HUMAN).verdict
    })
    const found = verdicts.filter((verdict) => verdict === "better").length
    const { least, most } = expectedCounts(runs, POWER)
    expect(found).toBeGreaterThanOrEqual(least)
    expect(found).toBeLessThanOrEqual(most)
    expect(verdicts).not.toContain("worse")
  },
  120_000
)
