/** What the guard refuses, why, and what it offers instead. */
import { describe, expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import { chooseDefinition } from "../../src/compare/comparability.ts"
import type { Definition } from "../../src/metrics/Metric.ts"
import { metricsFor } from "../../src/metrics/index.ts"
import type { ArmFacts } from "../../src/compare/Observations.ts"
import { type Basis, type Proof, proofOf, type ProviderEvidence } from "../../src/provider/Evidence.ts"
import { type Registry, registryOf } from "../../src/provider/registry.ts"
import { type AnswerWord, factsOf, observationsOf, type Rows } from "./observed.ts"

const revox = factsOf("a", { providers: ["revox"] })
const revring = factsOf("b", { providers: ["revring"] })
const alsoRevring = factsOf("a", { providers: ["revring"] })

const definitionsOf = (metric: string): ReadonlyArray<Definition<never>> =>
  metricsFor().find(({ id }) => id === metric)?.definitions ?? []

const chosen = (
  metric: string,
  facts: ReadonlyArray<ArmFacts>,
  groups: ReadonlyArray<Rows> = [],
  registry: Registry = providers
) => {
  const { definition, refused } = chooseDefinition(definitionsOf(metric), {
    registry,
    facts,
    observations: observationsOf(
      facts.map(({ name }) => name),
      groups
    )
  })
  return { definition: definition?.id, because: refused.map(({ because }) => because), refused }
}

describe("between Revox and RevRing", () => {
  it.each([
    ["first_attempt.connected", "first_attempt.connected.answer_time", []],
    ["first_attempt.human_reached", "first_attempt.human_reached.conversation", ["told_differently"]],
    ["first_attempt.voicemail", "first_attempt.voicemail.no_conversation", ["told_differently"]],
    ["first_attempt.call_screening", undefined, ["not_told"]],
    ["first_attempt.ivr", undefined, ["not_told"]],
    ["first_attempt.not_reached", "first_attempt.not_reached.not_connected", ["told_differently"]],
    ["first_attempt.busy", undefined, ["told_differently"]],
    ["first_attempt.declined", undefined, ["not_told"]],
    ["first_attempt.blocked", undefined, ["not_told"]],
    ["order.goal_achieved", undefined, ["not_told"]],
    ["order.cost", undefined, ["not_told"]],
    ["first_attempt.transferred", "first_attempt.transferred.own_word", []],
    ["first_attempt.remote_hangup_10s", "first_attempt.remote_hangup_10s.own_word", []],
    ["first_attempt.ring_time", "first_attempt.ring_time.dial_to_answer", []],
    ["first_attempt.talk_time", "first_attempt.talk_time.answer_to_end", ["told_differently"]],
    ["order.success", undefined, ["not_told"]],
    ["order.record_complete", "order.record_complete.last_change", []],
    ["placement.refused", "placement.refused.state", []]
  ])("%s is compared as %s", (metric, definition, because) => {
    expect(chosen(metric, [revox, revring])).toMatchObject({ definition, because })
    // Which arm comes first makes no difference.
    expect(chosen(metric, [revring, revox])).toMatchObject({ definition, because })
  })

  it("says in one sentence what each of them knows, in its own field names", () => {
    const [human] = chosen("first_attempt.human_reached", [revox, revring]).refused
    expect(human?.sentence).toBe(
      "Revox states that a person answered (result = human); RevRing lets us infer it (a reply in the transcript after the agent spoke, or a transfer). These are not the same measure."
    )
    const [success] = chosen("order.success", [revox, revring]).refused
    expect(success?.sentence).toBe("RevRing does not tell what came of the order.")
  })
})

describe("rules of a provider's own", () => {
  const registryWith = (basis: Basis) =>
    registryOf(
      providers.adapters.map((adapter) => ({
        ...adapter,
        evidence: { ...adapter.evidence, answer_time: { certainty: "stated" as const, basis, from: "a rule" } }
      }))
    )

  it("are the same as nobody's, and one provider's are compared with themselves", () => {
    const connected = (facts: ReadonlyArray<ArmFacts>, basis: Basis) =>
      chosen("first_attempt.connected", facts, [], registryWith(basis)).because
    expect(connected([revox, revring], "answer_instant")).toEqual([])
    for (const basis of ["other", "own_duration", "own_verdict"] as const) {
      expect(connected([revox, revring], basis)).toContain("told_differently")
      expect(connected([revring, alsoRevring], basis)).toEqual([])
    }
  })
})

describe("verdicts and costs", () => {
  const proof = (basis: Basis, from: string): Proof => ({ certainty: "stated", basis, from })
  const both = (goal: readonly [Basis, Basis], cost: readonly [Basis, Basis]) =>
    registryOf(
      providers.adapters.map((adapter, index) => ({
        ...adapter,
        evidence: {
          ...adapter.evidence,
          goal: proof(goal[index] ?? "other", "`verdict`"),
          cost: proof(cost[index] ?? "other", "`charge`")
        }
      }))
    )
  const own = ["own_verdict", "own_verdict"] as const
  const usual = ["us_dollars", "us_dollars"] as const

  it("of two providers' own judges are not compared, of one provider they are", () => {
    const goal = (facts: ReadonlyArray<ArmFacts>) => chosen("order.goal_achieved", facts, [], both(own, usual))
    expect(goal([revox, revring])).toMatchObject({ definition: undefined, because: ["told_differently"] })
    expect(goal([revring, alsoRevring]).definition).toBe("order.goal_achieved.own_verdict")
  })

  it("are compared in one currency, and refused with a reason otherwise", () => {
    const cost = (bases: readonly [Basis, Basis]) => chosen("order.cost", [revox, revring], [], both(own, bases))
    expect(cost(usual).definition).toBe("order.cost.us_dollars")
    const [refusal] = cost(["us_dollars", "other"]).refused
    expect(refusal?.sentence).toBe(
      "Revox states what the order cost (charge); RevRing states it (charge). These are not the same measure."
    )
  })
})

describe("a provider that says whether a dial was answered, and not when", () => {
  const [revoxAdapter, revringAdapter] = providers.adapters
  const { answer_time: _, connected: __, ...others } = revringAdapter?.evidence ?? {}
  const word: Proof = { certainty: "stated", basis: "answer", from: "`connection`" }
  const withWord = (evidence: ProviderEvidence) =>
    registryOf(
      [revoxAdapter, revringAdapter].flatMap((adapter) =>
        adapter === undefined ? [] : [adapter === revringAdapter ? { ...adapter, evidence } : adapter]
      )
    )
  const told = withWord({ ...others, connected: word })

  it("is compared by who was connected with one that gives the time", () => {
    expect(chosen("first_attempt.connected", [revox, revring], [], told)).toMatchObject({
      definition: "first_attempt.connected.stated",
      because: ["not_told"]
    })
    expect(chosen("order.connected", [revox, revring], [], told).definition).toBe("order.connected.stated")
    for (const metric of ["human_reached", "not_reached", "transcript_present", "recording_present"]) {
      expect(chosen(`first_attempt.${metric}`, [revox, revring], [], told).definition).toBeDefined()
    }
  })

  it("is not compared by how soon", () => {
    expect(chosen("first_attempt.ring_time", [revox, revring], [], told).definition).toBeUndefined()
  })

  it("has to say it", () => {
    const { refused, definition } = chosen("first_attempt.connected", [revox, revring], [], withWord(others))
    expect(definition).toBeUndefined()
    expect(refused.map(({ sentence }) => sentence)).toEqual([
      "RevRing does not tell when the call was answered.",
      "RevRing does not tell that the call was answered."
    ])
  })

  it("need not, where it gives the time", () => {
    const timed = { ...others, answer_time: { certainty: "stated", basis: "answer_instant", from: "a time" } } as const
    expect(proofOf(timed, "connected")).toEqual({ certainty: "stated", basis: "answer", from: "a time" })
    expect(chosen("first_attempt.not_reached", [revox, revring], [], withWord(timed)).definition).toBeDefined()
  })
})

describe("between two arms of one provider", () => {
  it("takes the provider's own words", () => {
    expect(chosen("first_attempt.human_reached", [revring, alsoRevring]).definition).toBe(
      "first_attempt.human_reached.own_word"
    )
    expect(chosen("first_attempt.talk_time", [revring, alsoRevring]).definition).toBe(
      "first_attempt.talk_time.own_duration"
    )
  })

  it("does not compare orders that may be dialled more often in one arm", () => {
    const often = factsOf("often", { mostAttempts: 3 })
    const found = chosen("order.human_reached", [revox, often])
    expect(found).toMatchObject({ definition: undefined, because: ["more_chances", "more_chances", "more_chances"] })
    expect(found.refused[0]?.sentence).toContain("Orders of often may be dialled up to 3 times, orders of a once")
    expect(chosen("first_attempt.human_reached", [revox, often]).because).toEqual([])
  })

  it("does not take an arm for one of retries because of a single order", () => {
    const arm = (name: string, mean: number) =>
      factsOf(name, { mostAttempts: 3, allowed: { orders: 400, mean, variance: 0.04 } })
    const found = chosen("order.connected", [arm("a", 1.005), arm("b", 2.98)])
    expect(found.because).toEqual(["more_chances", "more_chances"])
    expect(found.refused[0]?.sentence).toContain(
      "Orders of b may be dialled 2.98 times on average, orders of a 1.00 times: they have more chances."
    )
    // By chance, and too little to matter.
    expect(chosen("order.connected", [arm("a", 1.5), arm("b", 1.52)]).because).toEqual([])
    const few = (name: string, mean: number) =>
      factsOf(name, { mostAttempts: 3, allowed: { orders: 20, mean, variance: 1 } })
    expect(chosen("order.connected", [few("a", 1.5), few("b", 1.9)]).because).toEqual([])
  })

  it.each([
    [100, 6, true],
    [100, 5, false],
    // Too few to say.
    [19, 10, false]
  ])("of %i verdicts with %i contradicted: refused is %s", (verdicts, contradicted, refused) => {
    const doubtful = factsOf("doubtful", { verdicts, contradicted })
    const found = chosen("first_attempt.voicemail", [revox, doubtful])
    expect(found.definition).toBe(`first_attempt.voicemail.${refused ? "no_conversation" : "own_word"}`)
    expect(found.because).toEqual(refused ? ["contradicted"] : [])
  })
})

const ID = "first_attempt.human_reached.conversation"

/** The same transcripts tell of both. */
const told = (arm: number, count: number, word: AnswerWord): Rows => ({
  arm,
  count,
  rates: { [ID]: word, "first_attempt.human_reached.reply": word }
})

describe("what no record has", () => {
  const id = "first_attempt.transcript_present.given"
  const has = (arm: number, count: number, word: AnswerWord): Rows => ({ arm, count, rates: { [id]: word } })
  const of = (groups: ReadonlyArray<Rows>) => chosen("first_attempt.transcript_present", [revox, revring], groups)

  it("may have been left out of the export, and is not worse", () => {
    const found = of([has(0, 100, "yes_stated"), has(1, 100, "no_stated")])
    expect(found).toMatchObject({ definition: undefined, because: ["not_told"] })
    expect(found.refused[0]?.sentence).toBe("No record of b has it: it may be switched off, or left out of the export.")
  })

  it("is compared where some have it, or where few could", () => {
    expect(of([has(0, 100, "yes_stated"), has(1, 99, "no_stated"), has(1, 1, "yes_stated")]).definition).toBe(id)
    expect(of([has(0, 100, "yes_stated"), has(1, 19, "no_stated")]).definition).toBe(id)
  })
})

describe("ratios", () => {
  const dials = (arm: number, count: number, word: AnswerWord): Rows => ({
    arm,
    count,
    rates: { "order.human_reached.own_word": word },
    values: { "order.dials_per_human.own_word": () => 1 }
  })

  it("are refused where what they are divided by is told unequally often", () => {
    const { because, refused } = chosen(
      "order.dials_per_human",
      [alsoRevring, revring],
      [dials(0, 400, "yes_inferred"), dials(1, 300, "yes_inferred"), dials(1, 100, "missing")]
    )
    expect(because).toContain("missing_differs")
    expect(refused[0]?.sentence).toContain("The records do not tell in 25 % of b and 0 % of a")
  })

  it("count an order as told only when what they are divided by is known, and not while it is open", () => {
    const groups = [dials(0, 400, "yes_inferred"), dials(1, 300, "yes_inferred"), dials(1, 100, "missing")]
    const { refused } = chosen("order.dials_per_human", [alsoRevring, revring], [...groups, dials(1, 2_000, "open")])
    expect(refused[0]?.sentence).toContain("The records do not tell in 25 % of b and 0 % of a")
  })
})

describe("records that do not tell", () => {
  const facts = [revox, factsOf("b")]
  const of = (groups: ReadonlyArray<Rows>) =>
    chooseDefinition(definitionsOf("first_attempt.human_reached").slice(1), {
      registry: providers,
      facts,
      observations: observationsOf(["a", "b"], groups)
    })

  it("are no obstacle while they are as many in both arms", () => {
    expect(
      of([told(0, 80, "yes_stated"), told(0, 20, "missing"), told(1, 160, "yes_stated"), told(1, 40, "missing")])
        .refused
    ).toEqual([])
  })

  it("forbid the comparison where one arm has many more of them", () => {
    const { definition, refused } = of([told(0, 100, "yes_stated"), told(1, 80, "yes_stated"), told(1, 20, "missing")])
    expect(definition).toBeUndefined()
    expect(refused[0]).toMatchObject({ because: "missing_differs" })
    expect(refused[0]?.sentence).toContain("20 % of b and 0 % of a")
  })

  it("do not forbid it where the difference may be chance", () => {
    expect(of([told(0, 10, "yes_stated"), told(1, 9, "yes_stated"), told(1, 1, "missing")]).refused).toEqual([])
  })

  it("forbid it where most records do not tell", () => {
    expect(
      of([told(0, 10, "yes_stated"), told(0, 30, "missing"), told(1, 10, "yes_stated"), told(1, 30, "missing")]).refused
    ).toHaveLength(2)
  })

  it("are not those of orders that are still open", () => {
    expect(of([told(0, 100, "yes_stated"), told(1, 50, "yes_stated"), told(1, 50, "open")]).refused).toEqual([])
  })
})
