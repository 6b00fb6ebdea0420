import { readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { AB_FOLDER, abSamples, linesOf } from "./abSamples.ts"
import { CONVERSATION_RULE } from "../../src/metrics/transcriptRules.ts"
import { checkIn, compareAll, contrastIn, metricIn } from "./trial.ts"

const { experiment, revox, revring } = abSamples()

describe("the samples of an experiment", () => {
  it("are what the population gives (node test/compare/abSamples.ts writes them)", () => {
    const stored = (name: string): string => gunzipSync(readFileSync(join(AB_FOLDER, `${name}.ndjson.gz`))).toString()
    expect(stored("revox") === linesOf(revox)).toBe(true)
    expect(stored("revring") === linesOf(revring)).toBe(true)
    expect(JSON.parse(readFileSync(join(AB_FOLDER, "experiment.json"), "utf8"))).toEqual(experiment)
  })

  it("hold reserved numbers only", () => {
    const numbers = new Set([...linesOf([...revox, ...revring]).matchAll(/\+\d{6,}/g)].map(([number]) => number))
    expect(numbers.size).toBeGreaterThan(900)
    expect([...numbers].filter((number) => !/^\+3319900\d{4}$/.test(number))).toEqual([])
  })

  it("show a difference that is there, a metric that is refused, and orders that are open", () => {
    const comparison = compareAll([...revox, ...revring], { experiment })
    expect(comparison.data).toMatchObject({
      leftOut: [{ reason: "later order of a person who is judged by an earlier one" }],
      attemptsOnly: 0
    })
    expect(checkIn(comparison, "orders_per_person").outcome).toBe("passed")
    expect(comparison.data.folded).toBeGreaterThan(30)
    expect(contrastIn(comparison, "first_attempt.human_reached").verdict).toBe("better")
    expect(contrastIn(comparison, "first_attempt.remote_hangup_10s").verdict).toBe("not_worse")
    expect(contrastIn(comparison, "first_attempt.connected").verdict).toBe("not_enough_data")
    expect(metricIn(comparison, "order.human_reached").refused.at(-1)?.because).toBe("more_chances")
    expect(checkIn(comparison, "sample_ratio").outcome).toBe("passed")
    expect(checkIn(comparison, "open_orders").figures["open"]).toBeGreaterThan(0)
  })

  it("call a conversation so, and have its rule beside every number that rests on it", () => {
    const comparison = compareAll([...revox, ...revring], { experiment })
    const { title, definition, arms, agreement } = metricIn(comparison, "first_attempt.human_reached")
    expect([title, definition?.rule]).toEqual(["Conversation", CONVERSATION_RULE])
    // Everything that a rule concludes is inferred; that nobody answered is stated.
    for (const { count = 0, certainty } of arms) expect(certainty?.inferred).toBeGreaterThan(count)
    expect(agreement?.[0]?.arms[0]?.yes).toMatchObject({ n: 208, same: 141 })
    const { overTime, heatMap, funnel } = comparison
    expect(overTime.map(({ rule }) => rule)).toEqual([CONVERSATION_RULE])
    expect(heatMap?.rule).toEqual(CONVERSATION_RULE)
    expect(funnel.steps.find(({ id }) => id === "first_attempt.human_reached")).toEqual({
      id: "first_attempt.human_reached",
      title: "Conversation",
      rule: CONVERSATION_RULE
    })
    expect(funnel.steps[0]).not.toHaveProperty("rule")
    expect(comparison.headline[0]).toBe("Conversation: next is better than now.")
  })
})
