import { describe, expect, it } from "vitest"
import type { Check, Contrast, MetricResult, Scenario } from "../../src/compare/Comparison.ts"
import { headlineOf, type HeadlineOptions } from "../../src/compare/headline.ts"

const contrast: Contrast = {
  arm: "b",
  baseline: "a",
  n: 0,
  baselineN: 20,
  verdict: "not_enough_data",
  sentence: "Nothing could be measured in b.",
  sensitivity: []
}

const metric: MetricResult = {
  id: "first_attempt.human_reached",
  title: "Human reached",
  scope: "first_attempt",
  kind: "rate",
  better: "higher",
  role: "primary",
  smallestEffect: 0.03,
  definition: { id: "conversation", text: "Two replies to the agent." },
  refused: [],
  arms: [],
  contrasts: [contrast]
}

const refused: MetricResult["refused"][number] = {
  definition: "own_word",
  text: "The provider says so.",
  because: "told_differently",
  sentence: "These are not the same measure."
}

const warning: Check = { id: "no_assignment", outcome: "warning", sentence: "Not at random.", figures: {} }

const headline = (changes: Partial<HeadlineOptions>): ReadonlyArray<string> =>
  headlineOf({
    analysis: "fixed",
    checks: [],
    metrics: [metric],
    orders: 40,
    leftOut: [],
    arms: 2,
    tooEarly: undefined,
    randomized: true,
    ...changes
  })

describe("the headline", () => {
  const leftOut = [{ reason: "no campaign told, so no arm", count: 1240 }]

  it("says of data without an order, or with one arm alone, what was left out of it and why", () => {
    const why = "1,240 records were left out: no campaign told, so no arm."
    expect(headline({ orders: 0, arms: 0, leftOut })).toEqual(["There are no orders to compare in this data.", why])
    expect(headline({ arms: 1, leftOut })).toEqual([expect.stringContaining("Only one arm"), why])
    expect(headline({ leftOut }).join(" ")).not.toContain("left out")
  })

  it("says the verdict before the reason where there are no figures", () => {
    expect(headline({})[0]).toBe("Human reached: not enough data. Nothing could be measured in b.")
  })

  it("says first why the preferred definition is not used, and then what is counted", () => {
    expect(headline({ metrics: [{ ...metric, refused: [refused] }] })).toContain(
      "These are not the same measure. So Human reached is compared here, which every arm can prove: two replies to the agent."
    )
  })

  it("says of times and counts by a rule what is said of the rate by it", () => {
    const rule = { id: "conversation/1", text: "Two replies." }
    const definition = { id: "conversation", text: "By two replies.", rule }
    const unlike = { ...contrast, unlikeAgreement: "It does not agree alike." }
    const rate: MetricResult = { ...metric, scope: "order", role: "secondary", definition, contrasts: [unlike] }
    const better = { ...contrast, verdict: "better", interval: { low: 1, high: 2 } } as const
    const count: MetricResult = { ...rate, title: "Dials", kind: "count", contrasts: [better] }
    const told = headline({ metrics: [metric, rate, count] })
    expect(told.filter((sentence) => sentence === "It does not agree alike.")).toHaveLength(1)
    // Nothing is said where no verdict rests on it, nor by another rule.
    const other = { ...count, definition: { ...definition, rule: { ...rule, id: "reply/1" } } }
    for (const metrics of [
      [metric, rate],
      [metric, rate, other]
    ])
      expect(headline({ metrics })).not.toContain("It does not agree alike.")
  })

  it("says what the verdict hangs on, and of nothing that it does not", () => {
    const scenario = (kind: Scenario["scenario"], verdict: Scenario["verdict"]): Scenario => ({
      scenario: kind,
      sentence: "If it were so.",
      effect: 0,
      interval: { low: 0, high: 0 },
      verdict
    })
    const qualified = (...sensitivity: ReadonlyArray<Scenario>) =>
      headline({ metrics: [{ ...metric, contrasts: [{ ...contrast, verdict: "better", sensitivity }] }] }).filter(
        (sentence) => sentence.includes("is another one")
      )
    const [unanswered, definition] = ["worst_for_arm", "other_definition"] as const
    expect(qualified(scenario(unanswered, "worse"), scenario(definition, "better"))).toEqual([
      "The verdict is another one if the calls without an answer all went one way; the report says which."
    ])
    expect(qualified(scenario(unanswered, "better"), scenario(definition, "worse"))).toEqual([
      "The verdict is another one by another definition of the metric; the report says which."
    ])
    expect(qualified(scenario(unanswered, "worse"), scenario(definition, "worse"))).toEqual([
      "The verdict is another one if the calls without an answer all went one way, or by another definition of the metric; the report says which."
    ])
    expect(qualified(scenario("some_wrong", "worse"), scenario(definition, "better"))).toEqual([])
  })

  it("qualifies the verdict on the primary metric before it goes on to others", () => {
    const other: MetricResult = { ...metric, title: "Hung up", role: "guardrail" }
    const told = headline({ metrics: [metric, other], checks: [warning] })
    expect(told.slice(1)).toEqual(["Not at random.", "Guardrails, b against a. Hung up: not enough data."])
  })
})
