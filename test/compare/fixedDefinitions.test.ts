/** What an experiment fixed at its start and at its stop, and what its comparisons make of it. */
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import { keepDefinition } from "../../src/compare/comparability.ts"
import { compare, type CompareOptions } from "../../src/compare/compare.ts"
import type { Comparison } from "../../src/compare/Comparison.ts"
import type { ArmFacts } from "../../src/compare/Observations.ts"
import { seededRandom } from "../../src/compare/statistics/random.ts"
import { Instant } from "../../src/domain/Instant.ts"
import type { Experiment, FixedDefinition } from "../../src/experiment/Experiment.ts"
import { digestOfJson } from "../../src/experiment/digest.ts"
import { freeze, stopExperiment } from "../../src/experiment/freeze.ts"
import { parseExperiment } from "../../src/experiment/parseExperiment.ts"
import { metricsFor } from "../../src/metrics/index.ts"
import type { Definition } from "../../src/metrics/Metric.ts"
import { renderMarkdown } from "../../src/report/markdown.ts"
import { type AnswerWord, collectedOf, factsOf, observationsOf, type Rows } from "./observed.ts"

const HUMAN = "first_attempt.human_reached"
const OWN = `${HUMAN}.own_word`
const TALK = `${HUMAN}.conversation`

/** Of two agents of one provider, or of Revox and another provider. */
const startedWith = (second: string, changes: object = {}): Experiment => {
  const arms = [
    { name: "a", provider: "revox", agent: "x", share: 1 },
    { name: "b", provider: second, agent: "y", share: 1 }
  ]
  const whole = { id: "trial", arms, unit: "number", salt: "7f3c9a1be5d24c6f8a90", primary: { metric: HUMAN } }
  const parsed = parseExperiment({ ...whole, ...changes }, providers.ids)
  const at = Instant.make("2026-03-01T00:00:00.000Z")
  return Result.getOrThrow(Result.flatMap(parsed, (experiment) => freeze(experiment, at, providers)))
}

const notStarted = (experiment: Experiment): Experiment => {
  const { frozen: _, ...fields } = experiment
  return fields
}

const rows = (arm: number, count: number, word: AnswerWord): Rows => ({
  arm,
  count,
  rates: { [OWN]: word, [TALK]: word }
})

const groups = (...arms: ReadonlyArray<number>): ReadonlyArray<Rows> =>
  arms.flatMap((arm) => [rows(arm, 400, "yes_stated"), rows(arm, 600, "no_stated")])

const look = (
  facts: ReadonlyArray<ArmFacts>,
  observed: ReadonlyArray<Rows>,
  experiment: Experiment,
  options: Partial<CompareOptions> = {}
): Comparison => compare(collectedOf(facts, observed), { registry: providers, experiment, ...options })

const primaryIn = ({ metrics }: Comparison) => {
  const found = metrics.find(({ role }) => role === "primary")
  if (found === undefined) throw new Error("no primary metric")
  return found
}

const alike = [factsOf("a"), factsOf("b")]
const doubtful = [factsOf("a", { verdicts: 100, contradicted: 50 }), factsOf("b")]

describe("the definition that an experiment fixed", () => {
  it.each([
    ["revox", OWN],
    ["revring", TALK]
  ])("is used at every look, or none is, whatever the data (revox and %s)", (second, fixed) => {
    const experiment = startedWith(second)
    const random = seededRandom(12)
    const below = (limit: number): number => random.word() % limit
    const arm = (name: string, provider: string) =>
      factsOf(name, { providers: below(2) > 0 ? [provider] : [], verdicts: 100, contradicted: below(4) > 0 ? 0 : 20 })
    const [used, chosen] = [new Set<string | undefined>(), new Set<string | undefined>()]
    for (let at = 0; at < 25; at++) {
      const facts = [arm("a", "revox"), arm("b", second)]
      const observed = [...groups(0, 1), rows(below(2), below(2) * below(400), "missing")]
      used.add(primaryIn(look(facts, observed, experiment)).definition?.id)
      chosen.add(primaryIn(look(facts, observed, notStarted(experiment))).definition?.id)
    }
    expect(used).toEqual(new Set([fixed, undefined]))
    // The same data would have chosen both.
    expect(chosen).toContain(OWN)
    expect(chosen).toContain(TALK)
  })

  it("is the providers' in common, though only one of them is in the data yet", () => {
    const experiment = startedWith("revring")
    const early = look([factsOf("a"), factsOf("b", { providers: [] })], groups(0), experiment)
    expect(primaryIn(early).definition?.id).toBe(TALK)
    const later = look([factsOf("a"), factsOf("b", { providers: ["revring"] })], groups(0, 1), experiment)
    expect(primaryIn(later).definition?.id).toBe(TALK)
    expect(primaryIn(later).refused).toMatchObject([{ definition: OWN, because: "told_differently" }])
  })

  it("is refused with its reason where the data forbid it, and no other takes its place", () => {
    const comparison = look(doubtful, groups(0, 1), startedWith("revox"))
    const { definition, contrasts, refused } = primaryIn(comparison)
    expect(definition).toBeUndefined()
    expect(refused).toMatchObject([{ definition: OWN, because: "contradicted" }])
    expect(contrasts[0]).toMatchObject({ verdict: "not_comparable", sentence: refused[0]?.sentence })
    expect(comparison.headline[0]).toBe(
      "Human reached cannot be compared. In a, 50 % of the verdicts on who answered are contradicted by their own record (50 of 100): the verdicts are not to be relied on. The experiment fixed this definition at its start, so no other takes its place."
    )
  })

  it("is not replaced by what a later version understands by it", () => {
    const definitions: ReadonlyArray<Definition<never>> = metricsFor().find(({ id }) => id === HUMAN)?.definitions ?? []
    const [own] = definitions
    const digest = startedWith("revox").frozen?.definitions?.[HUMAN]?.digest ?? ""
    const kept = (list: ReadonlyArray<Definition<never>>, fixed: FixedDefinition | undefined) => {
      const observations = observationsOf(["a", "b"], groups(0, 1))
      const { definition, refused } = keepDefinition(list, fixed, { registry: providers, facts: alike, observations })
      return { definition: definition?.id, last: refused.at(-1) }
    }
    expect(kept(definitions, { id: OWN, digest })).toEqual({ definition: OWN, last: undefined })
    if (own === undefined) return expect(own).toBe("there")
    for (const list of [[{ ...own, text: "Somebody answered." }], [{ ...own, rule: 2 }], definitions.slice(1)]) {
      const { definition, last } = kept(list, { id: OWN, digest })
      expect(definition).toBeUndefined()
      expect(last).toMatchObject({ definition: OWN, because: "not_fixed" })
      expect(last?.sentence).toContain("compare with the version that started it")
    }
    expect(kept(definitions, undefined)).toMatchObject({ definition: undefined, last: { because: "not_fixed" } })
  })

  it("has its rule over transcripts with it, and a later version of the rule is refused by name", () => {
    const fixed = startedWith("revring").frozen?.definitions?.[HUMAN]
    expect(fixed).toMatchObject({ id: TALK, rule: "conversation/1" })
    const definitions: ReadonlyArray<Definition<never>> = metricsFor().find(({ id }) => id === HUMAN)?.definitions ?? []
    const later = definitions.map((each) =>
      each.id === TALK ? { ...each, transcriptRule: { id: "conversation/2", text: "Three replies." } } : each
    )
    const facts = [factsOf("a"), factsOf("b", { providers: ["revring"] })]
    const observations = observationsOf(["a", "b"], groups(0, 1))
    const { definition, refused } = keepDefinition(later, fixed, { registry: providers, facts, observations })
    expect(definition).toBeUndefined()
    expect(refused.at(-1)).toMatchObject({
      because: "not_fixed",
      sentence:
        "The experiment was started with the rule conversation/1 over transcripts, and this version of unicall has conversation/2: numbers of the two are not compared. Compare with the version that started it."
    })
  })

  it("is missing from an experiment that an earlier version started, which a check says", () => {
    const idsOf = (experiment: Experiment) => look(alike, groups(0, 1), experiment).checks.map(({ id }) => id)
    expect(idsOf(startedWith("revox"))).not.toContain("definitions_not_fixed")
    expect(idsOf(notStarted(startedWith("revox")))).not.toContain("definitions_not_fixed")
    // Its digest is of what it said: neither definitions nor which way is good.
    const { frozen, ...fields } = startedWith("revox")
    const { better: _, ...primary } = fields.primary
    const digests = { ...frozen?.fields, primary: digestOfJson(primary) }
    const earlier = { at: Instant.make("2026-03-01T00:00:00.000Z"), digest: EARLIER, fields: digests }
    const comparison = look(doubtful, groups(0, 1), { ...fields, primary, frozen: earlier })
    expect(comparison.checks).toContainEqual(
      expect.objectContaining({ id: "definitions_not_fixed", outcome: "warning" })
    )
    expect(primaryIn(comparison).definition?.id).toBe(TALK)
  })
})

/** By Python, of the experiment with its salt as HMAC and the moment of its start. */
const EARLIER = "fa18c1c01049db96c80ff00d946797ed2254b4d5d85e1beff424fd6b4feb47e8"

describe("an experiment that was changed after its start", () => {
  it("is not compared", () => {
    const experiment = startedWith("revox")
    expect(() => look(alike, groups(0, 1), { ...experiment, salt: "7f3c9a1be5d24c6f8a91" })).toThrow(
      "experiment.salt: expected what it was when the experiment was started on 2026-03-01"
    )
    const arms = experiment.arms.map((arm) => ({ ...arm, share: arm.name === "a" ? 2 : 1 }))
    expect(() => look(alike, groups(0, 1), { ...experiment, arms })).toThrow(/^experiment\.arms: /)
  })
})

describe("an experiment that was started anew under its id", () => {
  it("is found by orders that were placed under it before, and nothing is concluded", () => {
    const experiment = startedWith("revox")
    const placedAt = (time: string) =>
      look(alike, [...groups(0, 1), { ...rows(0, 1, "yes_stated"), at: () => Date.parse(time) }], experiment)
    // A clock may be fast or slow.
    const idsOf = ({ checks }: Comparison) => checks.map(({ id }) => id)
    expect(idsOf(placedAt("2026-02-28T23:46:00Z"))).not.toContain("placed_before_start")
    const comparison = placedAt("2026-02-28T09:00:00Z")
    expect(comparison.headline[0]).toMatch(
      /^1 order carries the mark of the experiment and was asked for before it started on 1 Mar 2026, 00:00 \(UTC\)/
    )
    expect(primaryIn(comparison).contrasts[0]?.verdict).toBe("not_comparable")
    const { start: _, ...draft } = notStarted(experiment)
    expect(idsOf(look(alike, groups(0, 1), draft))).not.toContain("placed_before_start")
  })
})

describe("an experiment that was stopped", () => {
  const stop = (experiment: Experiment, reason?: string) =>
    Result.getOrThrow(stopExperiment(experiment, Instant.make("2026-03-09T10:30:00.000Z"), reason))

  it("says when and why, in every report", () => {
    const comparison = look(alike, groups(0, 1), stop(startedWith("revox"), "An arm called at night"))
    const sentence =
      "The experiment was stopped on 9 Mar 2026, 10:30 (UTC). The reason given: “An arm called at night”. Orders placed after that are left out."
    expect(comparison.checks).toContainEqual({ id: "stopped", outcome: "warning", sentence, figures: {} })
    expect(comparison.headline).toContain(sentence)
    expect(comparison.experiment?.stopped).toEqual({
      at: "2026-03-09T10:30:00.000Z",
      reason: "An arm called at night"
    })
    expect(renderMarkdown(comparison)).toContain("It was stopped on 9 Mar 2026, 10:30.")
  })

  it("keeps its verdicts where they hold at every look, and has none of one look that was not its planned end", () => {
    const difference = [...groups(0), rows(1, 600, "yes_stated"), rows(1, 400, "no_stated")]
    const contrastOf = (changes: object) => {
      const now = "2026-05-01T00:00:00.000Z"
      const { metrics, headline } = look(alike, difference, stop(startedWith("revox", changes)), { now })
      return { verdict: metrics[0]?.contrasts[0]?.verdict, first: headline.slice(0, 2).join(" ") }
    }
    expect(contrastOf({}).verdict).toBe("better")
    expect(contrastOf({ analysis: "fixed", plannedUnits: 2000 }).verdict).toBe("better")
    expect(contrastOf({ analysis: "fixed", plannedUnits: 4000 })).toEqual({
      verdict: "not_enough_data",
      first:
        "No verdict. The experiment was to be analysed once, with 4,000 persons, and was stopped with 2,000, so there is no verdict."
    })
    expect(contrastOf({ analysis: "fixed", end: "2026-04-01T00:00:00Z" })).toEqual({
      verdict: "not_enough_data",
      first:
        "No verdict. The experiment was to be analysed once, after its end on 2026-04-01, and was stopped before it, so there is no verdict."
    })
  })
})
