import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { type Assumptions, planExperiment } from "../../../src/compare/plan.ts"
import { unitsNeeded } from "../../../src/compare/statistics/power.ts"
import type { JsonObject } from "../../../src/domain/Json.ts"
import type { Witnesses } from "../../../src/experiment/definitions.ts"
import { experimentOf, WITNESSES } from "./experiments.ts"

const assumed: Assumptions = { baselineRate: 0.4, power: 0.8, perDay: 200 }

const planOf = (changes = {}, assumptions: Partial<Assumptions> = {}) =>
  Result.getOrThrow(planExperiment(experimentOf(changes), { ...assumed, ...assumptions }, WITNESSES))

const needed = (effect: number, analysis: "fixed" | "sequential", shares = [1, 1]) =>
  unitsNeeded({ baselineRate: 0.4, effect, alpha: 0.05, shares, analysis }, 0.8)

const fixed = { analysis: "fixed", plannedUnits: 1 }

describe("a plan", () => {
  it("takes as many units as the statistics ask for, up or down, whichever is more", () => {
    const plan = planOf(fixed)
    expect(needed(0.03, "fixed")?.all).toBeGreaterThan(needed(-0.03, "fixed")?.all ?? Infinity)
    expect(plan).toMatchObject({ units: needed(0.03, "fixed")?.all, analysis: "fixed", alpha: 0.05, effect: 0.03 })
    expect(planOf(fixed, { baselineRate: 0.6 }).units).toBe(plan.units)
    expect(planOf().units).toBe(needed(0.03, "sequential")?.all)
  })

  it("is what textbooks have for 20 % against 25 %: 1,094 in each arm, without a continuity correction", () => {
    const plan = planOf({ ...fixed, primary: { metric: "order.success", smallestEffect: 0.05 } }, { baselineRate: 0.2 })
    expect(plan.perArm.map(({ units }) => units)).toEqual([1094, 1094])
  })

  it("names the arms with the baseline first, by their shares", () => {
    const arms = [
      { name: "big", provider: "alpha", share: 90 },
      { name: "small", provider: "beta", share: 10 }
    ]
    const plan = planOf({ arms, baseline: "small" })
    expect(plan.perArm.map(({ arm }) => arm)).toEqual(["small", "big"])
    const [small, big] = plan.perArm.map(({ units }) => units)
    expect((big ?? 0) / (small ?? 1)).toBeCloseTo(9, 1)
  })

  it("gives each of several arms its part of the chance of error, as the comparison will", () => {
    const arms = ["one", "two", "three"].map((name) => ({ name, provider: "alpha", share: 1 }))
    const shared = { baselineRate: 0.4, effect: 0.03, shares: [1, 1, 1], analysis: "fixed" } as const
    expect(planOf({ ...fixed, arms }).units).toBe(unitsNeeded({ ...shared, alpha: 0.025 }, 0.8)?.all)
  })

  it("says how long it takes, where it is told how many there are a day", () => {
    const plan = planOf()
    expect(plan.days).toBe(Math.ceil(plan.orders / 200))
    expect(
      Result.getOrThrow(planExperiment(experimentOf(), { baselineRate: 0.4, power: 0.8 }, WITNESSES))
    ).not.toHaveProperty("days")
  })

  it("counts persons, and orders to one person by how much they tell", () => {
    const one = planOf()
    const independent = planOf({ unit: "reference" }, { ordersPerUnit: 4, intraPersonCorrelation: 0 })
    expect(independent.units).toBe(Math.ceil(one.units / 4))
    const same = planOf({ unit: "reference" }, { ordersPerUnit: 4, intraPersonCorrelation: 1 })
    expect(same.units).toBe(one.units)
    expect(same.orders).toBe(4 * one.units)
    const between = planOf({ unit: "reference" }, { ordersPerUnit: 4, intraPersonCorrelation: 0.2 })
    expect(between.units / one.units).toBeCloseTo((1 + 3 * 0.2) / 4, 3)
    // Persons that are assigned are judged once each.
    expect(planOf({}, { ordersPerUnit: 4, intraPersonCorrelation: 0.2 })).toMatchObject({
      units: one.units,
      orders: 4 * one.units
    })
  })

  it("says what other sizes find: less with fewer, more with more", () => {
    const { otherSizes, units, effect = 0 } = planOf()
    expect(otherSizes.map((size) => size.units)).toEqual([units / 2, 2 * units, 4 * units].map(Math.ceil))
    const [half = 0, twice = 1, fourTimes = 1] = otherSizes.map((size) => size.effect)
    expect(half).toBeGreaterThan(effect)
    expect(twice).toBeLessThan(effect)
    expect(fourTimes).toBeCloseTo(effect / 2, 3)
    // What is up at 40 % is down at 60 %: either way is planned for.
    const mirrored = planOf({}, { baselineRate: 0.6 }).otherSizes.map((size) => size.effect)
    mirrored.forEach((found, at) => expect(found).toBeCloseTo(otherSizes[at]?.effect ?? 0, 5))
  })

  it("needs a rate to plan from", () => {
    const talk = experimentOf({ primary: { metric: "first_attempt.talk_time", better: "higher" } })
    const planned = planExperiment(talk, assumed, WITNESSES)
    if (Result.isSuccess(planned)) return expect(planned).toBe("a fault")
    expect(planned.failure.field).toBe("primary.metric")
    expect(planned.failure.expected).toMatch(/^a rate: /)
  })

  it.each<readonly [string, Partial<Assumptions>]>([
    ["baselineRate", { baselineRate: 0 }],
    ["baselineRate", { baselineRate: 1 }],
    ["baselineRate", { baselineRate: Number.NaN }],
    ["power", { power: 1 }],
    ["perDay", { perDay: 0 }],
    ["ordersPerUnit", { ordersPerUnit: 0.5 }],
    ["intraPersonCorrelation", { intraPersonCorrelation: 1.1 }]
  ])("tells which assumption does not fit: %s", (field, assumptions) => {
    const planned = planExperiment(experimentOf(), { ...assumed, ...assumptions }, WITNESSES)
    expect(Result.isFailure(planned) && planned.failure.field).toBe(field)
  })

  it("is of no use for a goal that the providers of the arms can never be compared by", () => {
    const witnesses = { get: (id: string) => (id === "beta" ? { title: "Beta", evidence: {} } : WITNESSES.get(id)) }
    const fieldOf = (changes: JsonObject, known: Witnesses) => {
      const planned = planExperiment(experimentOf(changes), assumed, known)
      return Result.isFailure(planned) ? [planned.failure.field, planned.failure.expected] : []
    }
    const success = { metric: "order.success" }
    expect(fieldOf({ primary: success }, WITNESSES)).toEqual([])
    expect(fieldOf({ primary: success }, witnesses)).toEqual([
      "primary.metric",
      "a metric that the providers of all arms tell in the same way. Beta does not tell what came of the order. These can be compared: placement.refused, placement.uncertain, placement.error, placement.latency"
    ])
    const guarded = { primary: { metric: "placement.refused" }, guardrails: [{ metric: "placement.error" }, success] }
    expect(fieldOf(guarded, witnesses)[0]).toBe("guardrails[1].metric")
  })

  it("tells an effect that no rate has room for", () => {
    const planned = planExperiment(
      experimentOf({ primary: { metric: "order.success", smallestEffect: 0.7 } }),
      assumed,
      WITNESSES
    )
    expect(Result.isFailure(planned) && planned.failure.field).toBe("primary.smallestEffect")
  })
})

describe("a plan with guardrails", () => {
  const guardrails = [
    { metric: "first_attempt.connected", smallestEffect: 0.05 },
    { metric: "first_attempt.remote_hangup_10s", smallestEffect: 0.05 },
    { metric: "order.time_to_human" }
  ]
  const guarded = { ...fixed, guardrails, primary: { metric: "first_attempt.human_reached", smallestEffect: 0.08 } }
  const guardrailRates = { "first_attempt.connected": 0.74, "first_attempt.remote_hangup_10s": 0.08 }

  it("takes what the guardrail that needs the most takes, and says which it is", () => {
    const plan = planOf(guarded, { guardrailRates })
    expect(plan.metrics.map(({ id, role, baselineRate }) => [id, role, baselineRate])).toEqual([
      ["first_attempt.human_reached", "primary", 0.4],
      ["first_attempt.connected", "guardrail", 0.74],
      ["first_attempt.remote_hangup_10s", "guardrail", 0.08]
    ])
    expect(plan.decidedBy).toBe("first_attempt.connected")
    expect(plan.units).toBe(Math.max(...plan.metrics.map(({ units }) => units)))
    expect(plan.perArm.reduce((sum, { units }) => sum + units, 0)).toBeGreaterThanOrEqual(plan.units)
    // With more units than the primary metric needs, less is found in it.
    expect(plan.effect).toBeLessThan(0.08)
  })

  it("is what textbooks have for non-inferiority: 2 p (1 − p) (z + z)² / d² in each arm", () => {
    const one = { ...guarded, guardrails: guardrails.slice(0, 1) }
    const [, connected] = planOf(one, { guardrailRates: { "first_attempt.connected": 0.74 } }).metrics
    const each = (2 * 0.74 * 0.26 * (1.959964 + 0.841621) ** 2) / 0.05 ** 2
    expect(connected?.units).toBe(Math.ceil(2 * each))
  })

  it("gives each guardrail its part of the chance of error, as the comparison will", () => {
    const [, connected] = planOf(guarded, { guardrailRates }).metrics
    const needs = { baselineRate: 0.74, effect: 0.05, claim: "no_harm", shares: [1, 1], analysis: "fixed" } as const
    expect(connected?.units).toBe(unitsNeeded({ ...needs, alpha: 0.05 / 3 }, 0.8)?.all)
  })

  it("stays with the primary metric where that needs the most", () => {
    const plan = planOf({ ...guarded, primary: { metric: "first_attempt.human_reached" } }, { guardrailRates })
    expect(plan).toMatchObject({ decidedBy: "first_attempt.human_reached", effect: 0.03 })
  })

  it("names the guardrails that it leaves out, and why", () => {
    const { unsized, units } = planOf(guarded, { guardrailRates: { "first_attempt.remote_hangup_10s": 0.08 } })
    expect(unsized.map(({ id, because }) => [id, because])).toEqual([
      ["first_attempt.connected", "no_rate"],
      ["order.time_to_human", "not_a_rate"]
    ])
    expect(planOf(guarded)).toMatchObject({ metrics: [{ role: "primary" }], decidedBy: "first_attempt.human_reached" })
    expect(units).toBeGreaterThan(0)
  })

  it.each([
    [{ "first_attempt.connected": 1 }, "a share above 0 and below 1 for first_attempt.connected"],
    [{ "first_attempt.connected": Number.NaN }, "a share above 0 and below 1 for first_attempt.connected"],
    [{ "order.time_to_human": 0.5 }, "first_attempt.connected, first_attempt.remote_hangup_10s"],
    [{ toString: 0.5 }, "first_attempt.connected, first_attempt.remote_hangup_10s"]
  ])("tells which rate does not fit: %o", (rates, expected) => {
    const planned = planExperiment(experimentOf(guarded), { ...assumed, guardrailRates: rates }, WITNESSES)
    expect(Result.isFailure(planned) && planned.failure).toEqual({ field: "guardrailRates", expected })
  })
})
