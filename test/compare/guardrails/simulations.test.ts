/**
 * Made-up experiments with a guardrail: how often harm is called excluded that is there, and how often it is excluded where
 * there is none. Counts are held against the exact binomial distribution.
 */
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { providers } from "../../../adapters/index.ts"
import { compare } from "../../../src/compare/compare.ts"
import type { Comparison } from "../../../src/compare/Comparison.ts"
import { planExperiment } from "../../../src/compare/plan.ts"
import { normalQuantile } from "../../../src/compare/statistics/distributions.ts"
import { type Random, seededRandom } from "../../../src/compare/statistics/random.ts"
import { newcombe, wilson } from "../../../src/compare/statistics/rates.ts"
import { sequentialMultiplier } from "../../../src/compare/statistics/sequential.ts"
import { verdictOf } from "../../../src/compare/verdict.ts"
import type { Experiment } from "../../../src/experiment/Experiment.ts"
import { parseExperiment } from "../../../src/experiment/parseExperiment.ts"
import { type AnswerWord, collectedOf, factsOf, type Rows } from "../observed.ts"
import { expectedCounts } from "../statistics/exact.ts"
import { contrastIn } from "../trial.ts"

const alpha = 0.05

const countRuns = (runs: number, happens: (run: number) => boolean): number =>
  Array.from({ length: runs }, (_, run) => happens(run)).filter(Boolean).length

interface Trial {
  readonly rates: readonly [baseline: number, arm: number]
  /** Of the arm. */
  readonly share: number
  readonly margin: number
  readonly better: "higher" | "lower"
}

/** Looks at every order from the 20th on, and says whether harm was called excluded at any look at `looks`. */
const everExcluded = (
  random: Random,
  { rates, share, margin, better }: Trial,
  multipliers: ReadonlyArray<number>,
  isLook: (order: number) => boolean
): boolean => {
  const [n, yes]: [[number, number], [number, number]] = [
    [0, 0],
    [0, 0]
  ]
  for (let order = 1; order < multipliers.length; order++) {
    const arm = random.uniform() < share ? 1 : 0
    n[arm]++
    if (random.uniform() < rates[arm]) yes[arm]++
    if (!isLook(order) || n[0] === 0 || n[1] === 0) continue
    const sideOf = (each: 0 | 1) => {
      const value = yes[each] / n[each]
      return { value, interval: wilson(value, n[each], multipliers[order] ?? Infinity) }
    }
    const verdict = verdictOf(newcombe(sideOf(1), sideOf(0)), { better, smallestEffect: margin, role: "guardrail" })
    if (verdict === "not_worse" || verdict === "better") return true
  }
  return false
}

const HARMS: ReadonlyArray<Trial> = [0.5, 0.1].flatMap((share) => [
  { rates: [0.08, 0.13], share, margin: 0.05, better: "lower" },
  { rates: [0.02, 0.04], share, margin: 0.02, better: "lower" },
  { rates: [0.74, 0.69], share, margin: 0.05, better: "higher" },
  { rates: [0.4, 0.3], share, margin: 0.1, better: "higher" },
  { rates: [0.97, 0.92], share, margin: 0.05, better: "higher" }
])

describe("harm as large as the margin", () => {
  it.each(HARMS)("is called excluded at any of 1,981 looks in no more than half of alpha: $rates, $share", (trial) => {
    const runs = 500
    const random = seededRandom(211)
    const multipliers = Array.from({ length: 2001 }, (_, n) =>
      sequentialMultiplier({ alpha, n: Math.max(1, n), planned: 1000 })
    )
    const wrong = countRuns(runs, () => everExcluded(random, trial, multipliers, (order) => order >= 20))
    expect(wrong).toBeLessThanOrEqual(expectedCounts(runs, alpha / 2).most)
  })

  it.each(HARMS)("is called excluded at a single look in no more than half of alpha: $rates, $share", (trial) => {
    const runs = 1000
    const random = seededRandom(212)
    const multipliers = Array.from({ length: 1501 }, () => normalQuantile(1 - alpha / 2))
    const wrong = countRuns(runs, () => everExcluded(random, trial, multipliers, (order) => order === 1500))
    expect(wrong).toBeLessThanOrEqual(expectedCounts(runs, alpha / 2).most)
    // The interval has two ends, and this is one of them.
    if (trial.share === 0.5) expect(wrong).toBeGreaterThanOrEqual(expectedCounts(runs, alpha / 2).least)
  })
})

const HUMAN = "first_attempt.human_reached"
const CONNECTED = "first_attempt.connected"
const HANGUP = "first_attempt.remote_hangup_10s"
const DEFINITIONS = { [HUMAN]: "own_word", [CONNECTED]: "answer_time", [HANGUP]: "own_word" } as const

const experimentWith = (fields: object): Experiment =>
  Result.getOrThrow(
    parseExperiment(
      {
        id: "guarded",
        arms: ["a", "b"].map((name) => ({ name, provider: "revox", agent: name, share: 1 })),
        unit: "number",
        salt: "7f3c9a1be5d24c6f8a90",
        primary: { metric: HUMAN, smallestEffect: 0.08 },
        guardrails: [
          { metric: HANGUP, smallestEffect: 0.05 },
          { metric: CONNECTED, smallestEffect: 0.05 }
        ],
        ...fields
      },
      providers.ids
    )
  )

type Rates = { readonly [metric in keyof typeof DEFINITIONS]: readonly [baseline: number, arm: number] }

const trialOf = (random: Random, experiment: Experiment, persons: number, rates: Rates): Comparison => {
  const groups = Array.from({ length: persons }, (): Rows => {
    const arm = random.uniform() < 0.5 ? 1 : 0
    const answer = (metric: keyof Rates): AnswerWord =>
      random.uniform() < rates[metric][arm] ? "yes_stated" : "no_stated"
    return {
      arm,
      count: 1,
      rates: {
        [`${HUMAN}.${DEFINITIONS[HUMAN]}`]: answer(HUMAN),
        [`${CONNECTED}.${DEFINITIONS[CONNECTED]}`]: answer(CONNECTED),
        [`${HANGUP}.${DEFINITIONS[HANGUP]}`]: answer(HANGUP)
      }
    }
  })
  return compare(collectedOf([factsOf("a"), factsOf("b")], groups), { registry: providers, experiment })
}

describe("an experiment of the planned size", () => {
  it.each(["fixed", "sequential"] as const)("excludes harm where there is none as often as planned: %s", (analysis) => {
    const runs = 60
    const random = seededRandom(213)
    const draft = experimentWith({ analysis, plannedUnits: 1 })
    const found = [
      { metric: HANGUP, rate: 0.08 },
      { metric: CONNECTED, rate: 0.74 }
    ].map(({ metric, rate }) => {
      const guardrailRates = { [metric]: rate }
      // Of the primary metric so large an effect that the guardrail decides.
      const primary = { metric: HUMAN, smallestEffect: 0.3 }
      const plan = Result.getOrThrow(
        planExperiment({ ...draft, primary }, { baselineRate: 0.4, power: 0.8, guardrailRates }, providers)
      )
      expect(plan.decidedBy).toBe(metric)
      const experiment = { ...draft, primary, plannedUnits: plan.units }
      const rates: Rates = { [HUMAN]: [0.4, 0.4], [CONNECTED]: [0.74, 0.74], [HANGUP]: [0.08, 0.08] }
      return countRuns(runs, () => {
        const { verdict } = contrastIn(trialOf(random, experiment, plan.units, rates), metric)
        return verdict === "not_worse" || verdict === "better"
      })
    })
    const { least, most } = expectedCounts(runs, 0.8)
    for (const kept of found) {
      expect(kept).toBeGreaterThanOrEqual(least)
      expect(kept).toBeLessThanOrEqual(most)
    }
  })

  it("calls harm what is harm beyond the margin", () => {
    const random = seededRandom(214)
    const experiment = experimentWith({ plannedUnits: 4000 })
    const rates: Rates = { [HUMAN]: [0.4, 0.5], [CONNECTED]: [0.74, 0.6], [HANGUP]: [0.08, 0.2] }
    const comparison = trialOf(random, experiment, 4000, rates)
    expect(contrastIn(comparison, CONNECTED).verdict).toBe("worse")
    expect(contrastIn(comparison, HANGUP).verdict).toBe("worse")
  })
})
