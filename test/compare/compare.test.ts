/** From observations to verdicts: what users are told. */
import { describe, expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import { compare, type CompareOptions } from "../../src/compare/compare.ts"
import { makeComparing } from "../../src/compare/compareRecords.ts"
import type { Comparison, Contrast, MetricResult } from "../../src/compare/Comparison.ts"
import type { Experiment } from "../../src/experiment/Experiment.ts"
import { parseExperiment } from "../../src/experiment/parseExperiment.ts"
import { verdictOf } from "../../src/compare/verdict.ts"
import * as Result from "effect/Result"
import type { Collected } from "../../src/compare/Observations.ts"
import { type AnswerWord, collectedOf, factsOf, type Rows } from "./observed.ts"

const HUMAN = "first_attempt.human_reached.own_word"
const CONNECTED = "first_attempt.connected.answer_time"

const rows = (arm: number, count: number, word: AnswerWord, id = HUMAN): Rows => ({ arm, count, rates: { [id]: word } })

const rate = (arm: number, n: number, yes: number, id = HUMAN): ReadonlyArray<Rows> => [
  rows(arm, yes, "yes_stated", id),
  rows(arm, n - yes, "no_stated", id)
]

const two = [factsOf("a"), factsOf("b")]

const compared = (groups: ReadonlyArray<Rows>, options: Partial<CompareOptions> = {}): Comparison =>
  compare(collectedOf(two, groups), { registry: providers, ...options })

const primaryOf = ({ metrics }: Comparison): MetricResult => {
  const found = metrics.find(({ role }) => role === "primary")
  if (found === undefined) throw new Error("no primary metric")
  return found
}

const contrastOf = (comparison: Comparison): Contrast => {
  const [found] = primaryOf(comparison).contrasts
  if (found === undefined) throw new Error("no contrast")
  return found
}

const experimentWith = (fields: object = {}): Experiment => {
  const parsed = parseExperiment(
    {
      id: "trial",
      arms: [
        { name: "a", provider: "revox", agent: "x", share: 1 },
        { name: "b", provider: "revox", agent: "y", share: 1 }
      ],
      unit: "number",
      salt: "7f3c9a1be5d24c6f8a90",
      primary: { metric: "first_attempt.human_reached" },
      ...fields
    },
    providers.ids
  )
  if (Result.isFailure(parsed)) throw new Error(`${parsed.failure.field}: ${parsed.failure.expected}`)
  return parsed.success
}

describe("verdictOf", () => {
  it.each([
    [0.01, 0.09, "higher", "better"],
    [-0.09, -0.01, "higher", "worse"],
    [0.01, 0.09, "lower", "worse"],
    [-0.09, -0.01, "lower", "better"],
    [-0.02, 0.09, "higher", "not_enough_data"],
    [-0.02, 0.02, "higher", "no_meaningful_difference"],
    // Surely above zero, and surely less than what matters.
    [0.001, 0.02, "higher", "no_meaningful_difference"],
    [0, 0.09, "higher", "not_enough_data"],
    [0.01, 0.09, "neither", undefined]
  ] as const)("of %f to %f, %s being better, is %s", (low, high, better, expected) => {
    expect(verdictOf({ low, high }, { better, smallestEffect: 0.03, role: "primary" })).toBe(expected)
    expect(verdictOf({ low, high }, { better, smallestEffect: 0.03, role: "secondary" })).toBe(expected)
  })

  it.each([
    [-0.04, 0.12, "higher", "not_worse"],
    [-0.12, 0.04, "lower", "not_worse"],
    [-0.05, 0.12, "higher", "not_enough_data"],
    [-0.12, 0.05, "lower", "not_enough_data"],
    [-0.12, 0.02, "higher", "not_enough_data"],
    [0.01, 0.12, "higher", "better"],
    [-0.12, -0.01, "lower", "better"],
    [-0.12, -0.01, "higher", "worse"],
    [0.01, 0.12, "lower", "worse"],
    // Harm is shown, and surely less than the margin: what a guardrail asks is answered.
    [-0.04, -0.01, "higher", "not_worse"],
    [0.01, 0.04, "lower", "not_worse"],
    [-0.04, 0.04, "higher", "not_worse"],
    [0.01, 0.04, "higher", "not_worse"],
    [0.01, 0.12, "neither", undefined]
  ] as const)("of a guardrail, %f to %f, %s being better, is %s", (low, high, better, expected) => {
    expect(verdictOf({ low, high }, { better, smallestEffect: 0.05, role: "guardrail" })).toBe(expected)
  })
})

describe("compare", () => {
  it("finds the better arm and says so first", () => {
    const comparison = compared([...rate(0, 2000, 800), ...rate(1, 2000, 1000)])
    expect(contrastOf(comparison)).toMatchObject({
      arm: "b",
      baseline: "a",
      verdict: "better",
      n: 2000,
      baselineN: 2000
    })
    expect(contrastOf(comparison).effect).toBeCloseTo(0.1, 12)
    expect(comparison.headline.slice(0, 2).join(" ")).toMatch(
      /^Human reached: b is higher than a in this data\. b 50\.0 %, a 40\.0 %; difference \+10\.0 points \(95 % interval \+\d/
    )
  })

  it("turns with the baseline", () => {
    const groups = [...rate(0, 2000, 800), ...rate(1, 2000, 1000)]
    const there = contrastOf(compared(groups))
    const back = contrastOf(compared(groups, { baseline: "b" }))
    expect(back).toMatchObject({ arm: "a", baseline: "b", verdict: "worse" })
    expect(back.interval?.low).toBeCloseTo(-(there.interval?.high ?? 0), 12)
    expect(back.interval?.high).toBeCloseTo(-(there.interval?.low ?? 0), 12)
  })

  it("uses wider intervals for looking often, and tells both", () => {
    const groups = [...rate(0, 1000, 400), ...rate(1, 1000, 460)]
    const often = contrastOf(compared(groups))
    const once = contrastOf(compared(groups, { analysis: "fixed" }))
    expect(often.interval).toEqual(often.sequential)
    expect(once.interval).toEqual(once.fixed)
    expect(often.fixed).toEqual(once.fixed)
    expect(often.verdict).toBe("not_enough_data")
    expect(once.verdict).toBe("better")
  })

  it("says when a difference is too small to matter", () => {
    expect(contrastOf(compared([...rate(0, 40_000, 16_000), ...rate(1, 40_000, 16_100)])).verdict).toBe(
      "no_meaningful_difference"
    )
  })

  it("treats the orders of one person as one witness", () => {
    const same = (arm: number, yes: number): ReadonlyArray<Rows> =>
      [true, false].map((isYes): Rows => ({
        arm,
        count: isYes ? yes : 1000 - yes,
        rates: { [HUMAN]: isYes ? "yes_stated" : "no_stated" },
        person: (row) => arm * 1000 + (isYes ? 0 : 500) + Math.floor(row / 10)
      }))
    const clustered = contrastOf(compared([...same(0, 400), ...same(1, 480)], { analysis: "fixed" }))
    const independent = contrastOf(compared([...rate(0, 1000, 400), ...rate(1, 1000, 480)], { analysis: "fixed" }))
    expect(independent.verdict).toBe("better")
    expect(clustered.verdict).toBe("not_enough_data")
    expect(clustered.effect).toBeCloseTo(independent.effect ?? 0, 12)
  })

  it("says how sure the claims are, and what were if those not certain were wrong", () => {
    const comparison = compared([
      rows(0, 400, "yes_stated"),
      rows(0, 600, "no_stated"),
      rows(1, 300, "yes_stated"),
      rows(1, 200, "yes_inferred"),
      rows(1, 500, "no_stated")
    ])
    expect(primaryOf(comparison).arms[1]?.certainty).toEqual({ stated: 800, detected: 0, inferred: 200 })
    const contrast = contrastOf(comparison)
    expect(contrast.verdict).toBe("better")
    // Recounted: with so many yes-answers fewer the interval still lies above, and with one more it does not.
    const [{ wrong, effect: shown = 0, interval: range = { low: 0, high: 0 }, verdict = "better" } = {}] =
      contrast.sensitivity
    const { count = 0 } = wrong ?? {}
    const recounted = (fewer: number) => contrastOf(compared([...rate(0, 1000, 400), ...rate(1, 1000, 500 - fewer)]))
    expect(wrong).toEqual({ certainty: "inferred", arm: "b", count, of: 200, falls: true })
    expect([recounted(count - 1).verdict, recounted(count).verdict]).toEqual(["better", verdict])
    expect(verdict).toBe("not_enough_data")
    expect(shown).toBeCloseTo(recounted(count).effect ?? 0, 12)
    expect(range.low).toBeCloseTo(recounted(count).interval?.low ?? 0, 12)
    expect(range.high).toBeCloseTo(recounted(count).interval?.high ?? 0, 12)
    expect(contrast.sensitivity).toHaveLength(1)
    expect(contrast.robust).toBeUndefined()
    const share = ((100 * count) / 200).toFixed(1)
    expect(comparison.headline).toContain(
      `The verdict on b would fall if ${share} % of the inferred answers of b were wrong (${count} of 200).`
    )
  })

  it.each([
    // Of the arm and of the baseline, by inferred answers; which arm is better, and the rates of both.
    ["better", 500, 400, { b: "yes_inferred", a: "no_inferred" }],
    ["worse", 400, 500, { b: "no_inferred", a: "yes_inferred" }]
  ] as const)("finds the tipping point of each arm in the direction that hurts: %s", (verdict, own, other, words) => {
    const groupsOf = (arm: number, yes: number, word: AnswerWord): ReadonlyArray<Rows> => {
      const isYes = word === "yes_inferred"
      return [
        rows(arm, yes - (isYes ? 100 : 0), "yes_stated"),
        rows(arm, 1000 - yes - (isYes ? 0 : 100), "no_stated"),
        rows(arm, 100, word)
      ]
    }
    const contrast = contrastOf(compared([...groupsOf(0, other, words.a), ...groupsOf(1, own, words.b)]))
    expect(contrast.verdict).toBe(verdict)
    const points = contrast.sensitivity.map(({ wrong }) => wrong)
    expect(points.map((point) => [point?.arm, point?.of, point?.falls])).toEqual([
      ["b", 100, true],
      ["a", 100, true]
    ])
    const sign = verdict === "better" ? -1 : 1
    const recounted = (ofB: number, ofA: number) =>
      contrastOf(compared([...rate(0, 1000, other + ofA), ...rate(1, 1000, own + ofB)])).verdict
    const [b, a] = points.map((point) => point?.count ?? 0)
    expect(recounted(sign * ((b ?? 0) - 1), 0)).toBe(verdict)
    expect(recounted(sign * (b ?? 0), 0)).not.toBe(verdict)
    expect(recounted(0, -sign * ((a ?? 0) - 1))).toBe(verdict)
    expect(recounted(0, -sign * (a ?? 0))).not.toBe(verdict)
  })

  it("says where a verdict holds though all that speak for it were wrong, and has no tipping point of none", () => {
    const some = [rows(1, 10, "yes_inferred"), rows(0, 10, "no_detected")]
    const holds = contrastOf(compared([...rate(0, 1000, 300), ...rate(1, 1000, 500), ...some]))
    expect(
      holds.sensitivity.map(({ wrong, verdict }) => [wrong?.certainty, wrong?.count, wrong?.falls, verdict])
    ).toEqual([
      ["detected", 10, false, "better"],
      ["inferred", 10, false, "better"]
    ])
    expect(holds.sensitivity[1]?.sentence).toMatch(
      /^Even if 10 of 10 inferred answers of b \(100\.0 %\) were wrong, all that speak for it: /
    )
    const open = contrastOf(compared([...rate(0, 1000, 500), ...rate(1, 1000, 500), ...some]))
    expect([open.verdict, open.sensitivity]).toEqual(["not_enough_data", []])
  })

  it("counts open orders neither way, and says what they could change", () => {
    const contrast = contrastOf(compared([...rate(0, 2000, 800), ...rate(1, 2000, 1000), rows(1, 400, "open")]))
    expect(contrast.n).toBe(2000)
    expect(contrast.sensitivity.map(({ scenario, verdict }) => [scenario, verdict])).toEqual([
      ["worst_for_arm", "not_enough_data"],
      ["worst_for_baseline", "better"]
    ])
    expect(contrast.sensitivity[0]?.effect).toBeCloseTo(1000 / 2400 - 0.4, 12)
    expect(contrast.sensitivity[1]?.effect).toBeCloseTo(1400 / 2400 - 0.4, 12)
  })

  it("gives no figures side by side of what it refuses to compare", () => {
    const facts = [factsOf("a"), factsOf("b", { providers: ["revring"] })]
    const { metrics } = compare(
      collectedOf(facts, [...rate(0, 100, 60, "order.success.own_word"), ...rate(1, 100, 1, "order.success.own_word")]),
      { registry: providers }
    )
    const success = metrics.find(({ id }) => id === "order.success")
    expect(success).toMatchObject({
      arms: [],
      contrasts: [{ verdict: "not_comparable", notComparable: "RevRing does not tell what came of the order.", n: 0 }]
    })
    expect(success?.definition).toBeUndefined()
    expect(success?.contrasts[0]?.effect).toBeUndefined()
  })

  it("shares the chance of error among the metrics that get verdicts", () => {
    const groups = [
      ...rate(0, 500, 200),
      ...rate(1, 500, 230),
      ...rate(0, 500, 300, CONNECTED),
      ...rate(1, 500, 330, CONNECTED)
    ]
    const { metrics } = compared(groups)
    const level = (id: string): number | undefined => metrics.find((metric) => metric.id === id)?.contrasts[0]?.level
    const judged = metrics.filter(
      ({ role, better, definition, scope }) =>
        role === "secondary" && better !== "neither" && definition !== undefined && scope !== "placement"
    )
    expect(level("first_attempt.human_reached")).toBeCloseTo(0.95, 12)
    expect(level("first_attempt.connected")).toBeCloseTo(1 - 0.05 / judged.length, 12)
    expect(judged.length).toBeGreaterThan(5)
  })

  it("compares each of several arms with the baseline, at a stricter level", () => {
    const facts = [factsOf("a"), factsOf("b"), factsOf("c")]
    const { metrics } = compare(
      collectedOf(facts, [...rate(0, 900, 300), ...rate(1, 900, 300), ...rate(2, 900, 500)]),
      {
        registry: providers
      }
    )
    const primary = metrics.find(({ role }) => role === "primary")
    expect(primary?.contrasts).toMatchObject([
      { arm: "b", verdict: "not_enough_data", level: 0.975 },
      { arm: "c", verdict: "better", level: 0.975 }
    ])
  })

  it.each([
    ["nothing at all", []],
    ["one arm only", rate(0, 50, 20)]
  ])("has no verdict for %s", (_, groups) => {
    const comparison = compared(groups)
    expect(contrastOf(comparison)).toMatchObject({ verdict: "not_enough_data" })
    expect(contrastOf(comparison).effect).toBeUndefined()
    expect(comparison.headline).toHaveLength(1)
    expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison)
  })

  it("measures times by their medians", () => {
    const id = "first_attempt.ring_time.dial_to_answer"
    const values = (arm: number, plus: number): Rows => ({
      arm,
      count: 400,
      values: { [id]: (row) => 5 + plus + (row % 20) }
    })
    const { metrics, distributions } = compared([values(0, 0), values(1, 6)], {
      primary: { metric: "first_attempt.ring_time", better: "lower", smallestEffect: 1 }
    })
    const primary = metrics.find(({ role }) => role === "primary")
    expect(primary?.contrasts[0]).toMatchObject({ verdict: "worse", effect: 6 })
    expect(primary?.contrasts[0]?.superiority?.value).toBeGreaterThan(0.6)
    expect(distributions.find(({ metric }) => metric === "first_attempt.ring_time")?.arms.map(({ n }) => n)).toEqual([
      400, 400
    ])
  })

  it("divides all dials by the persons reached", () => {
    const dials = "order.dials_per_human.own_word"
    const reached = "order.human_reached.own_word"
    const orders = (arm: number, yes: number): ReadonlyArray<Rows> =>
      (["yes_stated", "no_stated"] as const).map((word): Rows => ({
        arm,
        count: word === "yes_stated" ? yes : 600 - yes,
        rates: { [reached]: word },
        values: { [dials]: () => 1 }
      }))
    const { metrics } = compared([...orders(0, 200), ...orders(1, 300)], {
      primary: { metric: "order.dials_per_human" }
    })
    const primary = metrics.find(({ role }) => role === "primary")
    expect(primary?.arms.map(({ value }) => value)).toEqual([3, 2])
    expect(primary?.contrasts[0]).toMatchObject({ effect: -1, verdict: "better" })
  })

  it("draws the effect over time up to where it stands", () => {
    const comparison = compared([...rate(0, 500, 200), ...rate(1, 500, 250)])
    const [line] = comparison.overTime
    expect(line?.points.length).toBeGreaterThan(20)
    expect(line?.points.at(-1)?.effect).toBeCloseTo(contrastOf(comparison).effect ?? 0, 12)
    expect(line?.points.at(-1)?.sequential).toEqual(contrastOf(comparison).sequential)
    expect(line?.points.map(({ at }) => at)).toEqual(line?.points.map(({ at }) => at).toSorted())
  })

  it("counts hours by the clock of the time zone", () => {
    const hour = (timeZone: string) =>
      compared(
        [{ ...rows(0, 1, "yes_stated"), at: () => Date.parse("2026-07-05T23:30:00Z") }, rows(1, 1, "no_stated")],
        {
          timeZone
        }
      ).heatMap?.arms[0]?.cells
    expect(hour("UTC")).toEqual([{ day: 6, hour: 23, n: 1, count: 1 }])
    expect(hour("Europe/Paris")).toEqual([{ day: 0, hour: 1, n: 1, count: 1 }])
    expect(hour("Asia/Kathmandu")).toEqual([{ day: 0, hour: 5, n: 1, count: 1 }])
  })
})

describe("what nobody may conclude", () => {
  it.each([
    [1, 1000],
    [2, 2],
    [9, 1000]
  ])("anything, from %i persons against %i", (few, many) => {
    const contrast = contrastOf(compared([...rate(0, many, 0), ...rate(1, few, few)], { analysis: "fixed" }))
    expect(contrast).toMatchObject({
      verdict: "not_enough_data",
      effect: 1,
      sentence: "Too few persons were called to compare b with a."
    })
    expect(contrast.interval).toBeUndefined()
  })

  it("anything, from many calls to few persons", () => {
    const few = (arm: number, word: "yes_stated" | "no_stated"): Rows => ({
      ...rows(arm, 1000, word),
      person: (row) => arm * 100 + (row % 9)
    })
    expect(contrastOf(compared([few(0, "no_stated"), few(1, "yes_stated")])).verdict).toBe("not_enough_data")
  })

  it("that a verdict stands which an assumption takes away", () => {
    const contrast = contrastOf(
      compared([0, 1].flatMap((arm) => [...rate(arm, 13_000, 5_200), rows(arm, 250, "missing")]))
    )
    expect(contrast.verdict).toBe("no_meaningful_difference")
    const verdicts = contrast.sensitivity.map(({ verdict }) => verdict)
    expect(verdicts).toContain("not_enough_data")
    expect(verdicts.some((verdict) => verdict === "better" || verdict === "worse")).toBe(false)
    expect(contrast.robust).toBe(false)
  })
})

describe("sentences", () => {
  it("leave names as they are", () => {
    const facts = [factsOf("a"), factsOf("$& {baseline} $$")]
    const { metrics } = compare(
      collectedOf(facts, [...rate(0, 2000, 800), ...rate(1, 2000, 1000), rows(1, 400, "open")]),
      { registry: providers }
    )
    const primary = metrics.find(({ role }) => role === "primary")
    expect(primary?.contrasts[0]?.sensitivity[0]?.sentence).toMatch(
      /^If every order without an answer had gone badly for \$& \{baseline\} \$\$ and well for a: /
    )
  })

  const facts = [factsOf("a"), factsOf("b"), factsOf("c")]
  const connected = (...yes: ReadonlyArray<number>) =>
    collectedOf(
      facts,
      yes.flatMap((count, arm) => rate(arm, 4000, count, CONNECTED))
    )
  const arms = ["a", "b", "c"].map((name) => ({ name, provider: "revox", agent: name, share: 1 }))

  it("say which arm is better in what, and which is worse", () => {
    const { headline } = compare(connected(2000, 3000, 1000), {
      registry: providers,
      experiment: experimentWith({ arms })
    })
    expect(headline).toContain("b is better than a in: Connected.")
    expect(headline).toContain("c is worse than a in: Connected.")
  })

  it("say without an experiment which arm is higher in what, and which is lower", () => {
    const { headline } = compare(connected(2000, 3000, 1000), { registry: providers })
    expect(headline).toContain("b is higher than a in this data in: Connected.")
    expect(headline).toContain("c is lower than a in this data in: Connected.")
  })

  it("say of each guardrail whether harm is excluded, and harm with its numbers", () => {
    const guarded = (...yes: ReadonlyArray<number>) =>
      compare(connected(...yes), {
        registry: providers,
        experiment: experimentWith({
          arms,
          guardrails: [{ metric: "first_attempt.connected", smallestEffect: 0.1 }]
        })
      }).headline
    expect(guarded(2000, 1980, 1000)).toEqual(
      expect.arrayContaining([
        "Guardrail Connected: c is worse than a.",
        expect.stringMatching(/^c 25\.0 %, a 50\.0 %; difference −25\.0 points \(97\.5 % interval/),
        "Guardrails, b against a. Connected: not worse by 10.0 points or more."
      ])
    )
    expect(guarded(2000, 1800, 2400)).toEqual(
      expect.arrayContaining([
        "Guardrails, b against a. Connected: worse, but by less than 10.0 points.",
        "Guardrails, c against a. Connected: better."
      ])
    )
  })
})

describe("strata", () => {
  const stratified = (stratumOf: (row: number) => number) => {
    const collected = collectedOf(two, [...rate(0, 1000, 400), ...rate(1, 1000, 400)])
    const stratum = Uint16Array.from({ length: 2000 }, (_, row) => stratumOf(row))
    return contrastOf(
      compare({ ...collected, orders: { ...collected.orders, stratum, strata: ["x", "y"] } }, { registry: providers })
    )
  }

  it("that only one arm has are left out of the difference, which is said", () => {
    const contrast = stratified((row) => (row < 50 ? 1 : 0))
    expect(contrast).toMatchObject({ n: 1000, baselineN: 950 })
    expect(contrast.sentence).toContain(
      "Left out of the difference: 50 orders of strata that only one of the two arms has."
    )
    expect(stratified((row) => row % 2).sentence).not.toContain("Left out")
    // Without the fifty, all of them yes, the arm's rate is 36.8 %.
    expect(contrast.sentence).toContain("a 40.0 %; difference, like with like, +3.2 points")
    expect(stratified((row) => row % 2).sentence).toContain("a 40.0 %; difference 0.0 points")
  })

  it("that are all different leave nothing to compare, though much was measured", () => {
    expect(stratified((row) => (row < 1000 ? 1 : 0))).toMatchObject({
      verdict: "not_enough_data",
      sentence: "b and a have no stratum in common, so nothing in them is alike enough to compare."
    })
  })
})

describe("checks", () => {
  const even = [...rate(0, 1000, 400), ...rate(1, 1000, 500)]

  it("say that calls of no experiment prove nothing about the provider", () => {
    const { checks, headline } = compared(even)
    expect(checks).toContainEqual(expect.objectContaining({ id: "no_assignment", outcome: "warning" }))
    expect(headline.join(" ")).toContain("not known to have been assigned to the arms at random")
  })

  it("pass an experiment whose arms got their shares", () => {
    const { checks, headline } = compared(even, { experiment: experimentWith() })
    expect(checks.find(({ id }) => id === "sample_ratio")).toMatchObject({ outcome: "passed" })
    expect(headline.join(" ")).toContain("was never started")
    expect(headline[0]).toContain("b is better")
    expect(headline.join(" ")).not.toContain("random")
  })

  it("forbid every conclusion if they did not", () => {
    const comparison = compared([...rate(0, 1000, 400), ...rate(1, 850, 425)], { experiment: experimentWith() })
    expect(comparison.checks.find(({ id }) => id === "sample_ratio")).toMatchObject({ outcome: "failed" })
    expect(comparison.headline).toHaveLength(1)
    expect(comparison.headline[0]).toContain(
      "not split as the experiment says (a 50.0 %, b 50.0 %) but a 54.1 %, b 45.9 %"
    )
    expect(
      comparison.metrics.flatMap(({ contrasts }) => contrasts).filter(({ effect }) => effect !== undefined)
    ).toEqual([])
    const verdicts = comparison.metrics.flatMap(({ contrasts }) => contrasts.map(({ verdict }) => verdict))
    expect(new Set(verdicts)).toEqual(new Set(["not_comparable"]))
  })

  it("tell the chance whatever the arms are called", () => {
    const collected = collectedOf([factsOf("p"), factsOf("b")], even)
    const arms = ["p", "b"].map((name) => ({ name, provider: "revox", share: 1 }))
    const { checks } = compare(collected, { registry: providers, experiment: experimentWith({ arms }) })
    expect(checks[0]?.figures["p"]).toBeCloseTo(1, 12)
  })

  it("take the shares that the experiment gives", () => {
    const arms = [
      { name: "a", provider: "revox", agent: "x", share: 3 },
      { name: "b", provider: "revox", agent: "y", share: 1 }
    ]
    const { checks, arms: shown } = compared([...rate(0, 1500, 600), ...rate(1, 500, 200)], {
      experiment: experimentWith({ arms })
    })
    expect(checks.find(({ id }) => id === "sample_ratio")).toMatchObject({ outcome: "passed" })
    expect(shown.map(({ share }) => share)).toEqual([0.75, 0.25])
  })

  it("warn of open orders, of persons in both arms, of orders in the wrong place", () => {
    const facts = [factsOf("a", { open: 200 }), factsOf("b")]
    const shared = (arm: number): Rows => ({ ...rows(arm, 1000, "yes_stated"), person: (row) => row })
    const { checks } = compare(collectedOf(facts, [shared(0), shared(1)], { crossovers: 3 }), {
      registry: providers,
      experiment: experimentWith({ unit: "reference" })
    })
    expect(checks).toMatchObject([
      { id: "sample_ratio", outcome: "passed" },
      { id: "not_started", outcome: "warning" },
      { id: "crossovers", outcome: "warning", figures: { crossovers: 3 } },
      { id: "open_orders", outcome: "warning", figures: { open: 200 } },
      { id: "overlapping_persons", outcome: "warning", figures: { persons: 1000 } }
    ])
  })

  it("warn of orders that do not say they are of the experiment, unless none does", () => {
    const check = (unmarked: number) =>
      compare(collectedOf(two, even, { unmarked }), { registry: providers, experiment: experimentWith() }).checks.find(
        ({ id }) => id === "unmarked_orders"
      )
    expect(check(0)).toBeUndefined()
    expect(check(12)).toMatchObject({ outcome: "warning", figures: { unmarked: 12 } })
    expect(check(2000)).toMatchObject({ outcome: "passed" })
    const { headline } = compare(collectedOf(two, even, { unmarked: 12, crossovers: 6 }), {
      registry: providers,
      experiment: experimentWith()
    })
    expect(headline.join(" ")).toMatch(/12 orders do not carry the mark .* 6 orders of 2,000 went to another provider/)
  })

  it("warn of arms from different weeks", () => {
    const later = rate(1, 1000, 500).map((group): Rows => ({
      ...group,
      at: (row) => Date.parse("2026-04-20T08:00:00Z") + row
    }))
    const { checks } = compared([...rate(0, 1000, 400), ...later])
    expect(checks).toContainEqual(expect.objectContaining({ id: "unequal_time", outcome: "warning" }))
    expect(compared(even).checks.map(({ id }) => id)).not.toContain("unequal_time")
    // One order of each in the other's weeks makes them no alike.
    const stragglers = [
      { ...rows(0, 1, "no_stated"), at: () => Date.parse("2026-05-30T08:00:00Z") },
      { ...rows(1, 1, "no_stated"), at: () => Date.parse("2026-03-01T08:00:00Z") }
    ]
    expect(compared([...rate(0, 1000, 400), ...later, ...stragglers]).checks).toContainEqual(
      expect.objectContaining({ id: "unequal_time", outcome: "warning" })
    )
  })
})

describe("options", () => {
  const groups = [...rate(0, 100, 40), ...rate(1, 100, 50)]

  it.each([
    ["an arm that is none", { baseline: "c" }, /^baseline: expected one of a, b$/],
    [
      "a metric that is none",
      { primary: { metric: "first_attempt.joy" } },
      /^primary: expected one of first_attempt\./
    ],
    ["a guardrail that is none", { guardrails: [{ metric: "joy" }] }, /^guardrails\[0\]: expected one of/],
    ["a goal without a direction", { primary: { metric: "first_attempt.talk_time" } }, /^primary\.better: expected/],
    ["no chance of error", { alpha: 0 }, /^alpha: expected/],
    ["a time zone that is none", { timeZone: "Europe/Atlantis" }, /time zone/i]
  ])("are refused if they name %s", (_, options, message) => {
    const attempt = () => compared(groups, options)
    expect(attempt).toThrow(RangeError)
    expect(attempt).toThrow(message)
  })

  it("may name an arm as records name it", () => {
    const facts = [factsOf("a"), factsOf("Front desk", { key: "agent-7" })]
    const { arms } = compare(collectedOf(facts, groups), { registry: providers, baseline: "agent-7" })
    expect(arms.filter(({ baseline }) => baseline).map(({ name }) => name)).toEqual(["Front desk"])
  })
})

describe("comparing record by record", () => {
  it("takes nothing once the comparison has been made, and gives the same one again", () => {
    const { add, result } = makeComparing(providers)()
    add({ nothing: "of ours" })
    const made = result()
    expect(made.data).toMatchObject({ records: 1, orders: 0 })
    expect(result()).toBe(made)
    expect(() => add({})).toThrow("nothing can be added")
  })
})

describe("a fixed analysis", () => {
  const groups = [...rate(0, 1000, 400), ...rate(1, 1000, 500)]

  it("has no verdict before the window of the last person has passed, whether units or an end are planned", () => {
    const hour = 3_600_000
    const start = Date.parse("2026-03-02T08:00:00Z")
    // The last of all is called 599 hours after the first.
    const last = start + 599 * hour
    const iso = (time: number): string => new Date(time).toISOString()
    const verdictAt = (asOf: number, now: number | undefined, fields: object) => {
      const experiment = experimentWith({ analysis: "fixed", windowHours: 48, ...fields })
      const collected = collectedOf([factsOf("a"), factsOf("b")], groups)
      const data = { ...collected.data, asOf: iso(asOf) }
      const comparison = compare(
        { ...collected, data },
        { registry: providers, experiment, now: now === undefined ? undefined : iso(now) }
      )
      return [contrastOf(comparison).verdict, comparison.headline[1]] as const
    }
    const end = { end: iso(last + hour) }
    expect(verdictAt(last + 2 * hour, undefined, end)).toEqual([
      "not_enough_data",
      `The experiment is analysed once, after its end on ${iso(last + hour).slice(0, 10)} and once the window of each person has passed, so there is no verdict yet.`
    ])
    expect(verdictAt(last + 48 * hour, undefined, end)[0]).toBe("better")
    expect(verdictAt(last + 2 * hour, last + 48 * hour, end)[0]).toBe("better")
    expect(verdictAt(last + 48 * hour - 1, undefined, { plannedUnits: 2000 })).toEqual([
      "not_enough_data",
      "The experiment is analysed once, with 2,000 persons; there are 1,999 so far whose window has passed, so there is no verdict yet."
    ])
    expect(verdictAt(last + 48 * hour - 1, undefined, { plannedUnits: 1999 })[0]).toBe("better")
    expect(verdictAt(last + 48 * hour, undefined, { plannedUnits: 2000 })[0]).toBe("better")
  })

  it("counts who tells no time as if they had been asked for last", () => {
    const groupsWith = [...groups, { ...rows(1, 1, "yes_stated"), at: () => Number.NaN }]
    const collected = collectedOf(two, groupsWith)
    const last = Date.parse("2026-03-02T08:00:00Z") + 599 * 3_600_000
    const experiment = experimentWith({ analysis: "fixed", windowHours: 48, plannedUnits: 2001 })
    const headlineAt = (asOf: number, from: Collected = collected) =>
      compare(
        { ...from, data: { ...from.data, asOf: new Date(asOf).toISOString() } },
        { registry: providers, experiment }
      ).headline.join(" ")
    expect(headlineAt(last + 48 * 3_600_000 - 1)).toContain("there are 1,999 so far whose window has passed")
    expect(headlineAt(last + 48 * 3_600_000)).not.toContain("No verdict yet.")
    // Something that is no row of its own may have been asked for later.
    const later = { ...collected, lastAsked: last + 3_600_000 }
    expect(headlineAt(last + 49 * 3_600_000 - 1, later)).toContain("there are 2,000 so far whose window has passed")
    expect(headlineAt(last + 49 * 3_600_000, later)).not.toContain("No verdict yet.")
  })

  it("has no verdict before all units are there", () => {
    const early = compared(groups, { experiment: experimentWith({ analysis: "fixed", plannedUnits: 5000 }) })
    expect(contrastOf(early)).toMatchObject({ verdict: "not_enough_data" })
    expect(early.headline[0]).toBe("No verdict yet.")
    expect(early.headline[1]).toBe(
      "The experiment is analysed once, with 5,000 persons; there are 2,000 so far, so there is no verdict yet."
    )
    const whole = compared(groups, { experiment: experimentWith({ analysis: "fixed", plannedUnits: 2000 }) })
    expect(contrastOf(whole).verdict).toBe("better")
  })

  it("has its verdict once the end has passed by the clock, however old the data", () => {
    const experiment = experimentWith({ analysis: "fixed", end: "2026-06-01T00:00:00Z" })
    const at = (now: string) => contrastOf(compared(groups, { experiment, now })).verdict
    expect(at("2026-05-31T23:59:59.999Z")).toBe("not_enough_data")
    expect(at("2026-06-01T00:00:00.000Z")).toBe("better")
  })

  it("has its verdict after the end, though fewer units came than planned", () => {
    const over = (asOf: string) => {
      const collected = collectedOf(two, groups)
      return compare(
        { ...collected, data: { ...collected.data, asOf } },
        {
          registry: providers,
          experiment: experimentWith({ analysis: "fixed", plannedUnits: 5000, end: "2026-06-01T00:00:00Z" })
        }
      )
    }
    expect(contrastOf(over("2026-06-01T00:00:00.000Z")).verdict).toBe("better")
    expect(contrastOf(over("2026-05-31T23:59:59.999Z")).verdict).toBe("not_enough_data")
  })
})
