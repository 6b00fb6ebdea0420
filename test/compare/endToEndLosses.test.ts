/** Experiments in which orders are lost on the way, and those that are lost are not like the rest. */
import { describe, expect, it } from "vitest"
import type { JsonObject } from "../../src/domain/Json.ts"
import { type Life, livesOf, tell, USUAL, withTalks } from "./population.ts"
import { checkIn, compareAll, contrastIn, metricIn } from "./trial.ts"
import { assigned, experimentOf, type TrialArm } from "./trialPlacing.ts"

const CONNECTED = "first_attempt.connected"

const arms: ReadonlyArray<TrialArm> = [
  { name: "takes_all", provider: "revox", agent: "agent_a" },
  { name: "refuses", provider: "revox", agent: "agent_b" }
]
const experiment = experimentOf(arms, { primary: { metric: CONNECTED, smallestEffect: 0.03 }, plannedUnits: 2_000 })

/** What was not reached would be refused more often: numbers that are bad, lines that are busy. */
const lives = livesOf({ seed: 31, orders: 2_000, shares: withTalks(USUAL.talk) })
const isReached = ({ dials: [{ fate }] }: Life): boolean =>
  !["no_answer", "busy", "unreachable", "declined", "invalid_number", "congestion", "errored"].includes(fate)

type Fate = "placed" | "refused" | "uncertain" | "without a record"

/** Each order with its placement, and its record if there is one. */
const payloadsOf = (fateOf: (life: Life, arm: string) => Fate): ReadonlyArray<JsonObject> =>
  assigned(experiment, lives, arms).flatMap(({ life, arm, tag }) => {
    const record = tell(life, { ...arm, tag })
    const { reference } = life
    const line = {
      reference,
      provider: arm.provider,
      experiment: { id: experiment.id, arm: arm.name, unit: tag.split("/")[2] ?? "" }
    }
    const accepted = { ...line, state: "accepted", call: `${arm.provider}:${String(record["id"])}` }
    switch (fateOf(life, arm.name)) {
      case "placed":
        return [accepted, record]
      case "refused":
        return [{ ...line, state: "failed", reason: "Rejected" }]
      case "uncertain":
        return [{ ...line, state: "uncertain", because: "Timeout", since: "2026-03-03T09:00:00.000Z" }]
      case "without a record":
        return [accepted]
    }
  })

/** Of those who would not be reached, two in five; of all, about one in ten. */
const lostIn = (fate: Fate) =>
  payloadsOf((life, arm) => (arm === "refuses" && !isReached(life) && life.draw("lost") < 0.4 ? fate : "placed"))

const isRecord = (payload: JsonObject): boolean => payload["state"] === undefined

describe.each([
  ["refused", "refused"],
  ["uncertain", "uncertain"],
  ["without a record", "accepted but without a record"]
] as const)("an arm in which one order in ten is %s", (fate, words) => {
  const payloads = lostIn(fate)

  it("seems better by the records alone, and no check of them sees why", () => {
    const comparison = compareAll(payloads.filter(isRecord), { experiment })
    expect(contrastIn(comparison, CONNECTED).effect).toBeGreaterThan(0.06)
    expect(comparison.checks.filter(({ outcome }) => outcome === "failed")).toEqual([])
    expect(comparison.checks.map(({ id }) => id)).not.toContain("losses")
  })

  it("is no better where the placements are given: the losses are told, and no conclusion is drawn", () => {
    const comparison = compareAll(payloads, { experiment })
    const { outcome, sentence } = checkIn(comparison, "losses")
    expect(outcome).toBe("failed")
    expect(sentence).toMatch(
      /^The arms lost different shares on the way: takes_all 0\.0 % of [\d,]+; refuses 9\.\d % of/
    )
    expect(sentence).toContain(`${words})`)
    expect(contrastIn(comparison, CONNECTED).verdict).toBe("not_comparable")
    // Chance assigned them all alike: what was lost came after.
    const { takes_all: taken = 0, refuses = 0 } = checkIn(comparison, "sample_ratio").figures
    expect([checkIn(comparison, "sample_ratio").outcome, taken + refuses]).toEqual(["passed", lives.length])
    expect(comparison.headline).toContain(sentence)
  })
})

describe("losses that are alike in both arms", () => {
  const isRefused = (life: Life): boolean => life.draw("lost") < 0.1
  const comparison = compareAll(
    payloadsOf((life) => (isRefused(life) ? "refused" : life.draw("lost") < 0.12 ? "without a record" : "placed")),
    { experiment }
  )

  it("are told, and forbid nothing", () => {
    const { outcome, sentence } = checkIn(comparison, "losses")
    expect(outcome).toBe("passed")
    expect(sentence).toMatch(/^Each arm lost the same share on the way, as far as can be told: takes_all \d+\.\d % of/)
    expect(sentence).toMatch(/Of 2\d\d assigned units there is no order: the primary metric counts them, if/)
    expect(contrastIn(comparison, CONNECTED).verdict).not.toBe("not_comparable")
  })

  it("are no successes of the primary metric, which is one of all who were assigned", () => {
    const truth = arms.map(({ name }) => {
      const own = assigned(experiment, lives, arms).flatMap(({ arm, life }) => (arm.name === name ? [life] : []))
      const told = own.filter((life) => isRefused(life) || life.draw("lost") >= 0.12)
      const count = told.filter((life) => !isRefused(life) && isReached(life)).length
      return { arm: name, n: told.length, count, missing: own.length - told.length, open: 0 }
    })
    expect(metricIn(comparison, CONNECTED).arms).toMatchObject(truth)
  })

  it("are in no other metric, and in no count of orders", () => {
    const orders = comparison.data.orders
    expect(comparison.arms.reduce((sum, arm) => sum + arm.orders, 0)).toBe(orders)
    expect(metricIn(comparison, "first_attempt.voicemail").arms.reduce((sum, { n }) => sum + n, 0)).toBeLessThanOrEqual(
      orders
    )
    expect(comparison.funnel.arms.reduce((sum, { counts }) => sum + (counts[0] ?? 0), 0)).toBe(lives.length)
  })
})
