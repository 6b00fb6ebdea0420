/** Experiments in which orders are lost on the way, and those that are lost are not like the rest. */
import { describe, expect, it } from "vitest"
import type { JsonObject } from "../../src/domain/Json.ts"
import { type Life, livesOf, tell, USUAL, withTalks } from "./population.ts"
import { renderHtml } from "../../src/report/html/page.ts"
import { renderMarkdown } from "../../src/report/markdown.ts"
import { checkIn, compareAll, contrastIn, metricIn } from "./trial.ts"
import { assigned, experimentOf, type TrialArm } from "./trialPlacing.ts"

const CONNECTED = "first_attempt.connected"

const arms: ReadonlyArray<TrialArm> = [
  { name: "takes_all", provider: "revox", agent: "agent_a" },
  { name: "refuses", provider: "revox", agent: "agent_b" }
]
const GOAL = { primary: { metric: CONNECTED, smallestEffect: 0.03 }, plannedUnits: 2_000 }
const experiment = experimentOf(arms, GOAL)

/** What was not reached would be refused more often: numbers that are bad, lines that are busy. */
const lives = livesOf({ seed: 31, orders: 2_000, shares: withTalks(USUAL.talk) })
const isReached = ({ dials: [{ fate }] }: Life): boolean =>
  !["no_answer", "busy", "unreachable", "declined", "invalid_number", "congestion", "errored"].includes(fate)

type Fate = "placed" | "never over" | "refused" | "uncertain" | "without a record"

/** Each order with its placement, and its record if there is one. */
const payloadsOf = (fateOf: (life: Life, arm: string) => Fate): ReadonlyArray<JsonObject> =>
  assigned(experiment, lives, arms).flatMap(({ life, arm, tag }) => {
    const fate = fateOf(life, arm.name)
    const record = tell(life, { ...arm, tag, ...(fate === "never over" ? { now: life.placedAt + 20_000 } : {}) })
    const { reference } = life
    const line = {
      reference,
      at: new Date(life.placedAt).toISOString(),
      provider: arm.provider,
      experiment: { id: experiment.id, arm: arm.name, unit: tag.split("/")[2] ?? "" }
    }
    const accepted = { ...line, state: "accepted", call: `${arm.provider}:${String(record["id"])}` }
    switch (fate) {
      case "placed":
      case "never over":
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

/** As lines of earlier versions were. */
const withoutTimes = (payloads: ReadonlyArray<JsonObject>): ReadonlyArray<JsonObject> =>
  payloads.map((line) => Object.fromEntries(Object.entries(line).filter(([name]) => name !== "at")))

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
  const payloads = payloadsOf((life) =>
    isRefused(life) ? "refused" : life.draw("lost") < 0.12 ? "without a record" : "placed"
  )
  const comparison = compareAll(payloads, { experiment })

  it("are told, and forbid nothing", () => {
    const { outcome, sentence } = checkIn(comparison, "losses")
    expect(outcome).toBe("passed")
    expect(sentence).toMatch(/^Each arm lost the same share on the way, as far as can be told: takes_all \d+\.\d % of/)
    expect(sentence).toMatch(/Of 2\d\d assigned units there is no order; the primary metric counts them\.$/)
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
    const { funnel } = comparison
    const stepOf = (id: string) => {
      const at = funnel.steps.findIndex((step) => step.id === id)
      return funnel.arms.reduce((sum, { counts }) => sum + (counts[at] ?? Number.NaN), 0)
    }
    expect(funnel.steps.slice(0, 3).map(({ title }) => title)).toEqual([
      "Assigned",
      "Persons",
      "First attempt’s result known"
    ])
    expect([stepOf("assigned"), stepOf("orders")]).toEqual([lives.length, orders])
    expect(stepOf("first_attempt")).toBeLessThanOrEqual(orders)
  })

  it("are no statement of the provider", () => {
    for (const { arm, n, certainty, assumed } of metricIn(comparison, CONNECTED).arms) {
      const refused = assigned(experiment, lives, arms).filter((each) => each.arm.name === arm && isRefused(each.life))
      expect(assumed).toBe(refused.length)
      expect((certainty?.stated ?? 0) + (certainty?.detected ?? 0) + (certainty?.inferred ?? 0)).toBe(
        n - refused.length
      )
    }
    expect(renderHtml(comparison)).toContain("Assumed no")
  })

  it("are in the course over time by their own times, which ends where the figures are", () => {
    const { effect } = contrastIn(comparison, CONNECTED)
    expect(comparison.overTime[0]?.points.at(-1)?.effect).toBeCloseTo(effect ?? Number.NaN, 12)
    // Lines of earlier versions told no time: then there is none that could contradict the figures.
    const timeless = withoutTimes(payloads)
    const before = compareAll(timeless, { experiment })
    expect(contrastIn(before, CONNECTED).effect).toBe(effect)
    expect(before.overTime).toEqual([])
  })

  it("are told as what the primary metric makes of them", () => {
    const sentenceFor = (primary: object) => {
      const other = experimentOf(arms, { primary })
      return checkIn(compareAll(payloads, { experiment: other }), "losses").sentence
    }
    const none = "no metric counts them, since the primary one is no rate of which more is better."
    expect(sentenceFor({ metric: CONNECTED, better: "lower" })).toContain(none)
    expect(sentenceFor({ metric: "first_attempt.ring_time", better: "higher" })).toContain(none)
    expect(sentenceFor({ metric: CONNECTED })).not.toContain(none)
  })
})

describe("losses of one kind of order", () => {
  // One arm refuses a few more in the morning; so few that nothing forbids the comparison.
  const isRefused = (life: Life, arm: string): boolean =>
    life.draw("lost") < (arm === "refuses" && new Date(life.placedAt).getUTCHours() < 12 ? 0.07 : 0.03)
  const payloads = payloadsOf((life, arm) => (isRefused(life, arm) ? "refused" : "placed"))
  const compareBy = (strata: ReadonlyArray<string>, values = payloads) => {
    const comparison = compareAll(values, { experiment: experimentOf(arms, { ...GOAL, strata }) })
    return { comparison, effect: contrastIn(comparison, CONNECTED).effect ?? Number.NaN }
  }

  it("come to the same difference with strata as without", () => {
    const [crude, byHour] = [compareBy([]), compareBy(["hour"])]
    const refused = byHour.comparison
    const ofOrders = compareBy(["hour"], payloads.filter(isRecord)).effect
    expect(Math.abs(byHour.effect - crude.effect)).toBeLessThan(0.002)
    // Without those who were refused it is another.
    expect(Math.abs(ofOrders - byHour.effect)).toBeGreaterThan(0.004)
    expect(checkIn(refused, "losses").outcome).toBe("passed")
    expect(metricIn(refused, CONNECTED).unstratified).toBeUndefined()
  })

  it("come to exactly that where nobody knows their stratum, and every report says so", () => {
    const timeless = withoutTimes(payloads)
    const crude = compareBy([])
    for (const { comparison, effect } of [compareBy(["hour"], timeless), compareBy(["hour", "campaign"])]) {
      expect(effect).toBe(crude.effect)
      expect(checkIn(comparison, "losses").sentence).toMatch(
        /the primary metric counts them\. Of \d+ it is not told what orders are sorted by, so it alone is not compared like with like\.$/
      )
      expect(metricIn(comparison, CONNECTED).unstratified).toBe(true)
      expect(metricIn(comparison, "first_attempt.voicemail").unstratified).toBeUndefined()
      expect(renderMarkdown(comparison)).toContain(
        "Only Connected (first attempts) is not: of some that were never called"
      )
    }
  })
})

describe("orders that are not over after a week", () => {
  it("are told as what the primary metric makes of them", () => {
    const late = payloadsOf((life) => (life.draw("late") < 0.02 ? "never over" : "placed"))
    const { sentence, figures } = checkIn(compareAll(late, { experiment }), "open_orders")
    const { overdue = 0 } = figures
    expect(overdue).toBeGreaterThan(10)
    expect(sentence).toContain(
      `, but for ${overdue} orders that are not over after a week: to the primary metric that is a no.`
    )
    const lower = experimentOf(arms, { primary: { metric: CONNECTED, better: "lower" } })
    expect(checkIn(compareAll(late, { experiment: lower }), "open_orders").sentence).not.toContain("is a no")
  })
})
