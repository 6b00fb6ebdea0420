/** Three providers that tell of the same population: what is claimed of each pair, what is refused, and why. */
import { readFileSync } from "node:fs"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { compareRecords } from "../../adapters/compare.ts"
import { providers } from "../../adapters/index.ts"
import type { Comparison, Contrast, Interval, Refusal } from "../../src/compare/Comparison.ts"
import { planExperiment } from "../../src/compare/plan.ts"
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import { metricsFor } from "../../src/metrics/index.ts"
import { type Fate, HUMAN_FATES, type Life, livesOf, tell, type Teller, USUAL, withTalks } from "./population.ts"
import { expectedCounts } from "./statistics/exact.ts"
import { collectAll, concluded, contrastIn, countedIn, metricIn } from "./trial.ts"
import { assigned, experimentOf, toldIn, type TrialArm } from "./trialPlacing.ts"

const HUMAN = "first_attempt.human_reached"
const VOICEMAIL = "first_attempt.voicemail"
const BUSY = "first_attempt.busy"

const arms: ReadonlyArray<TrialArm> = [
  { name: "north", provider: "revox", agent: "agent_north" },
  { name: "east", provider: "revring", agent: "agent_east" },
  { name: "west", provider: "vapi", agent: "agent_west" }
]

/** Each pair once, by the arm that is looked at and the one that it is compared with. */
const PAIRS = [
  { arm: "east", baseline: "north" },
  { arm: "west", baseline: "north" },
  { arm: "west", baseline: "east" }
] as const
type Pair = (typeof PAIRS)[number]

/** An experiment of three arms has two verdicts on a metric, which share its 5 %. */
const WRONG = 0.05 / 2

/** Of one collection, as seen from the baseline of each pair. */
interface Look {
  readonly [baseline: string]: Comparison
}

const looksAt = (payloads: ReadonlyArray<JsonObject>, experiment: ReturnType<typeof experimentOf>): Look => {
  const collected = collectAll(payloads, { experiment })
  const from = (baseline: string) => concluded(collected, { experiment, baseline })
  return { north: from("north"), east: from("east") }
}

const seenFrom = (look: Look, { baseline }: Pair): Comparison => {
  const comparison = look[baseline]
  if (comparison === undefined) throw new Error(`not seen from ${baseline}`)
  return comparison
}

const contrastOf = (look: Look, pair: Pair): Contrast => {
  const found = metricIn(seenFrom(look, pair), HUMAN).contrasts.find(({ arm }) => arm === pair.arm)
  if (found === undefined) throw new Error(`nothing of ${pair.arm}`)
  return found
}

const excludesNone = (interval: Interval | undefined): boolean =>
  interval !== undefined && (interval.low > 0 || interval.high < 0)

describe("100 experiments of three providers that do the same", () => {
  const RUNS = 100
  const PERSONS = 210
  const looks = Array.from({ length: RUNS }, (_, run) => {
    const experiment = experimentOf(arms, { salt: `h4Zq81LmWx${run}uTe93`, plannedUnits: PERSONS })
    const lives = livesOf({ seed: 7_000 + run, orders: 270, persons: PERSONS, alike: 0.4 })
    return looksAt(toldIn(experiment, lives, arms), experiment)
  })
  const countOf = (holds: (look: Look) => boolean): number => looks.filter(holds).length
  const { most } = expectedCounts(RUNS, WRONG)

  it("are all measured by what the three have in common, and no check forbids more than chance does", () => {
    expect(countOf(({ north }) => north === undefined || metricIn(north, HUMAN).definition === undefined)).toBe(0)
    const failed = countOf(({ north }) => north?.checks.some(({ outcome }) => outcome === "failed") === true)
    expect(failed).toBeLessThanOrEqual(expectedCounts(RUNS, 0.001).most)
  })

  it.each(PAIRS)("claim no more than promised of $arm and $baseline, looked at once", (pair) => {
    expect(countOf((look) => contrastOf(look, pair).interval === undefined)).toBe(0)
    expect(countOf((look) => excludesNone(contrastOf(look, pair).fixed))).toBeLessThanOrEqual(most)
  })

  it.each(PAIRS)("claim no more than promised of $arm and $baseline, looked at all the way", (pair) => {
    const pointsOf = (look: Look) =>
      seenFrom(look, pair).overTime.flatMap(({ arm, points }) => (arm === pair.arm ? points : []))
    expect(Math.min(...looks.map((look) => pointsOf(look).length))).toBeGreaterThan(20)
    expect(countOf((look) => pointsOf(look).some(({ sequential }) => excludesNone(sequential)))).toBeLessThanOrEqual(
      most
    )
  })

  it("have a verdict on either arm against the baseline, of any metric, no more often than promised", () => {
    const claims = (role: string) =>
      countOf(({ north }) =>
        (north?.metrics ?? []).some(
          (metric) =>
            metric.role === role && metric.contrasts.some(({ verdict }) => verdict === "better" || verdict === "worse")
        )
      )
    for (const role of ["primary", "secondary"]) {
      expect(claims(role)).toBeLessThanOrEqual(expectedCounts(RUNS, 0.05).most)
    }
  })
})

describe.each(["fixed", "sequential"] as const)("one arm of three reaches 12 points more people, %s", (analysis) => {
  const RUNS = 20
  const POWER = 0.8
  const DIFFERENCE = 0.12
  const goal = { primary: { metric: HUMAN, smallestEffect: DIFFERENCE }, analysis }
  const draft = experimentOf(arms, { ...goal, plannedUnits: 1 })
  const plan = Result.getOrThrow(planExperiment(draft, { baselineRate: USUAL.talk, power: POWER }, providers))
  const looks = Array.from({ length: RUNS }, (_, run) => {
    const experiment = experimentOf(arms, { ...goal, salt: `h4Zq81LmWx${run}uTe93`, plannedUnits: plan.units })
    const size = { seed: 8_000 + run, orders: plan.units }
    const [usual, better] = [livesOf(size), livesOf({ ...size, shares: withTalks(USUAL.talk + DIFFERENCE) })]
    const told = assigned(experiment, usual, arms).map(({ life, arm, tag }) =>
      tell(arm.name === "west" ? (better[life.index] ?? life) : life, { ...arm, tag })
    )
    return looksAt(told, experiment)
  })
  const verdictsOn = (pair: Pair) => looks.map((look) => contrastOf(look, pair).verdict)
  const countOf = (pair: Pair, wanted: string): number => verdictsOn(pair).filter((word) => word === wanted).length

  it.each(PAIRS.filter(({ arm }) => arm === "west"))(
    "$arm is found better than $baseline as often as planned",
    (pair) => {
      expect(countOf(pair, "better")).toBeGreaterThanOrEqual(expectedCounts(RUNS, POWER).least)
      expect(countOf(pair, "worse")).toBe(0)
    }
  )

  it("and no difference is found between the other two", () => {
    const [pair] = PAIRS
    expect(countOf(pair, "better") + countOf(pair, "worse")).toBeLessThanOrEqual(expectedCounts(RUNS, WRONG).most)
  })
})

/** What a definition makes of the fates of first dials; of what is not told there is no rate. */
interface Reading {
  readonly teller: Teller
  readonly definition: "own_word" | "conversation" | "reply"
  readonly counted: ReadonlyArray<Fate>
  readonly notTold: ReadonlyArray<Fate>
  /** Points by which its rate is above the true share of people reached, 43.0 %, with the usual fates. */
  readonly bias: number
}

const revox: Teller = { provider: "revox" }
const revring: Teller = { provider: "revring" }
const vapi: Teller = { provider: "vapi" }
const listening: Teller = { provider: "vapi", quirks: { voicemailDetection: true } }

const ANSWERED_BY_NOBODY: ReadonlyArray<Fate> = ["silent_person", "ivr", "dead_air"]
const TALKING: ReadonlyArray<Fate> = ["talk", "one_word"]

const READINGS: ReadonlyArray<Reading> = [
  // Only who listens knows that somebody hung up without a word.
  { teller: revox, definition: "own_word", counted: [...HUMAN_FATES], notTold: ["dead_air"], bias: 0.4 },
  { teller: revring, definition: "own_word", counted: TALKING, notTold: ANSWERED_BY_NOBODY, bias: -2.3 },
  // Of a mailbox there is no word either, so that persons seem to be most of those who answer.
  {
    teller: vapi,
    definition: "own_word",
    counted: TALKING,
    notTold: [...ANSWERED_BY_NOBODY, "voicemail", "call_screening"],
    bias: 15.7
  },
  { teller: listening, definition: "own_word", counted: TALKING, notTold: ANSWERED_BY_NOBODY, bias: -2.3 },
  ...[revox, revring, vapi, listening].flatMap((teller): ReadonlyArray<Reading> => [
    { teller, definition: "conversation", counted: ["talk"], notTold: [], bias: -12 },
    { teller, definition: "reply", counted: TALKING, notTold: [], bias: -6 }
  ])
]

describe("of the same people reached", () => {
  const lives = livesOf({ seed: 71, orders: 3_000 })
  const shareOf = (fates: Iterable<Fate>): number => [...fates].reduce((sum, fate) => sum + USUAL[fate], 0)
  const countOf = (fates: ReadonlyArray<Fate>): number =>
    lives.filter(({ dials }) => fates.includes(dials[0].fate)).length

  const collected = new Map(
    [revox, revring, vapi, listening].map((teller) => [teller, collectAll(lives.map((life) => tell(life, teller)))])
  )

  it.each(READINGS)(
    "$teller.provider counts by $definition $bias points more ($teller.quirks)",
    ({ teller, definition, counted, notTold, bias }) => {
      const told = collected.get(teller)
      const [measured] = told === undefined ? [] : countedIn(told, `${HUMAN}.${definition}`)
      expect(measured).toMatchObject({ count: countOf(counted), n: lives.length - countOf(notTold) })
      const expected = shareOf(counted) / (1 - shareOf(notTold))
      expect(100 * (expected - shareOf(HUMAN_FATES))).toBeCloseTo(bias, 1)
    }
  )

  it("what the guard compares is off alike at all three", () => {
    for (const wanted of ["conversation", "reply"]) {
      const biases = READINGS.filter(({ definition }) => definition === wanted).map(({ bias }) => bias)
      expect(new Set(biases).size).toBe(1)
    }
  })
})

// What the guard makes of each pair

type Cell = string
/** Of a metric: what is compared of each pair, after what was refused. */
type Row = readonly [metric: string, revoxRevring: Cell, revoxVapi: Cell, revringVapi: Cell]

const same = (cell: Cell): readonly [Cell, Cell, Cell] => [cell, cell, cell]

const DIFFERS = "told_differently → nothing"
const SILENT = "not_told → nothing"
const BY_TALK = same("told_differently → conversation")
const NEEDS_ANSWER_TIME = ["not_told → nothing", "not_told → nothing"] as const

const COMPARED: ReadonlyArray<Row> = [
  ["first_attempt.connected", "answer_time", "not_told → stated", "not_told → stated"],
  ["first_attempt.human_reached", ...BY_TALK],
  ["first_attempt.voicemail", ...same("told_differently → no_conversation")],
  ["first_attempt.call_screening", ...same(SILENT)],
  ["first_attempt.ivr", ...same(SILENT)],
  ["first_attempt.not_reached", ...same("told_differently → not_connected")],
  ["first_attempt.invalid_number", ...same(DIFFERS)],
  ["first_attempt.busy", ...same(DIFFERS)],
  ["first_attempt.no_answer", ...same(DIFFERS)],
  ["first_attempt.unreachable", ...same(DIFFERS)],
  ["first_attempt.declined", SILENT, SILENT, DIFFERS],
  ["first_attempt.blocked", SILENT, SILENT, "own_word"],
  ["first_attempt.congestion", ...same(DIFFERS)],
  ["first_attempt.not_permitted", ...same(DIFFERS)],
  ["first_attempt.precondition_failed", DIFFERS, DIFFERS, "own_word"],
  ["first_attempt.timeout", SILENT, SILENT, DIFFERS],
  ["first_attempt.account", ...same(SILENT)],
  ["first_attempt.account_limit", ...same(SILENT)],
  ["first_attempt.customer_error", ...same(SILENT)],
  ["first_attempt.provider_error", SILENT, SILENT, DIFFERS],
  ["first_attempt.transferred", ...same("own_word")],
  ["first_attempt.remote_hangup_10s", "own_word", ...NEEDS_ANSWER_TIME],
  ["first_attempt.ring_time", "dial_to_answer", ...NEEDS_ANSWER_TIME],
  [
    "first_attempt.talk_time",
    "told_differently → answer_to_end",
    "not_told, not_told → nothing",
    "not_told, not_told → nothing"
  ],
  ["first_attempt.response_latency", ...same(SILENT)],
  ["first_attempt.interruptions_by_agent", ...same(SILENT)],
  ["first_attempt.interruptions_by_remote", SILENT, DIFFERS, SILENT],
  ["first_attempt.remote_speech", ...same(SILENT)],
  ["first_attempt.transcript_present", ...same("given")],
  ["first_attempt.recording_present", ...same("given")],
  ["order.connected", "answer_time", "not_told → stated", "not_told → stated"],
  ["order.human_reached", ...BY_TALK],
  ["order.voicemail", ...same(DIFFERS)],
  ["order.call_screening", ...same(SILENT)],
  ["order.ivr", ...same(SILENT)],
  ["order.transferred", ...same("own_word")],
  ["order.remote_hangup_10s", "own_word", ...NEEDS_ANSWER_TIME],
  [
    "order.time_to_human",
    "told_differently → conversation",
    "told_differently, not_told → nothing",
    "told_differently, not_told → nothing"
  ],
  ["order.dials_per_human", ...BY_TALK],
  ["order.success", ...same(SILENT)],
  ["order.goal_achieved", ...same(SILENT)],
  ["order.cost", ...same(SILENT)],
  ["order.record_complete", ...same("last_change")],
  ["placement.refused", ...same("state")],
  ["placement.uncertain", ...same("state")],
  ["placement.error", ...same("reason")],
  ["placement.latency", ...same("answer")]
]

/** Why, where it matters the most. */
const WHY: ReadonlyArray<readonly [metric: string, ...sentences: readonly [string, string, string]]> = [
  [
    HUMAN,
    "Revox states that a person answered (result = human); RevRing lets us infer it (a reply in the transcript after the agent spoke, or a transfer). These are not the same measure.",
    "Revox states that a person answered (result = human); Vapi lets us infer it (a reply in the transcript after the agent spoke). These are not the same measure.",
    "RevRing lets us infer that a person answered (a reply in the transcript after the agent spoke, or a transfer); Vapi lets us infer it (a reply in the transcript after the agent spoke). These are not the same measure."
  ],
  [
    VOICEMAIL,
    "Revox states that a mailbox answered (result = voicemail); RevRing only detects it (hangupCause = VOICEMAIL_DETECTED). These are not the same measure.",
    "Revox states that a mailbox answered (result = voicemail); Vapi only detects it (endedReason = voicemail, of a detector that is off unless it is set up: without it a mailbox looks like any other call). These are not the same measure.",
    "RevRing detects that a mailbox answered (hangupCause = VOICEMAIL_DETECTED); Vapi only detects it (endedReason = voicemail, of a detector that is off unless it is set up: without it a mailbox looks like any other call). These are not the same measure."
  ],
  [
    BUSY,
    "Revox states that the line was busy (dial_error = busy); RevRing lets us infer it (hangupCause = BUSY, or errorMessage). These are not the same measure.",
    "Revox states that the line was busy (dial_error = busy); Vapi states it (endedReason = customer-busy, or a SIP code in endedMessage). These are not the same measure.",
    "RevRing lets us infer that the line was busy (hangupCause = BUSY, or errorMessage); Vapi states it (endedReason = customer-busy, or a SIP code in endedMessage). These are not the same measure."
  ],
  [
    "order.success",
    "RevRing does not tell what came of the order.",
    "Vapi does not tell what came of the order.",
    "RevRing and Vapi do not tell what came of the order."
  ]
]

/** All pairs of some. */
const pairsOf = <A>(...all: ReadonlyArray<A>): ReadonlyArray<readonly [A, A]> =>
  all.flatMap((one, index) => all.slice(index + 1).map((other) => [one, other] as const))

const comparisonsOf = (tellers: ReadonlyArray<Teller>): ReadonlyArray<Comparison> => {
  const lives = livesOf({ seed: 72, orders: 1_200 })
  const told = tellers.map((teller) => lives.map((life) => tell(life, teller)))
  return pairsOf(...told).map(([one, other]) => compareRecords([...one, ...other]))
}

const wordOf = (metric: string, definition: string): string => definition.slice(metric.length + 1)

const cellOf = (metric: string, comparison: Comparison): Cell => {
  const { definition, refused } = metricIn(comparison, metric)
  const word = definition === undefined ? "nothing" : wordOf(metric, definition.id)
  return refused.length === 0 ? word : `${refused.map(({ because }) => because).join(", ")} → ${word}`
}

/** The rows of a generated table of the page on comparing. */
const pageRows = readFileSync(new URL("../../docs/comparing.md", import.meta.url), "utf8").split("\n")

describe.each([
  ["as they are unless set up", [revox, revring, vapi]],
  ["with detectors of mailboxes wherever there can be one", [revox, revring, listening]]
] as const)("of each two providers %s", (_, tellers) => {
  const comparisons = comparisonsOf(tellers)

  it("every metric is compared by what both tell in the same way, or not at all", () => {
    expect(COMPARED.map(([metric]) => metric)).toEqual(metricsFor().map(({ id }) => id))
    const found = COMPARED.map(([metric]) => [metric, ...comparisons.map((comparison) => cellOf(metric, comparison))])
    expect(found).toEqual(COMPARED)
  })

  it("what is not compared has no figure and no verdict but its reason", () => {
    for (const { metrics } of comparisons) {
      for (const { definition, arms: figures, refused, contrasts } of metrics) {
        if (definition !== undefined) continue
        expect(figures).toEqual([])
        expect(contrasts.map(({ verdict, effect }) => [verdict, effect])).toEqual([["not_comparable", undefined]])
        expect(contrasts[0]?.sentence).toContain(refused.at(-1)?.sentence)
      }
    }
  })

  it("the reason names what each of them tells, in its own fields", () => {
    for (const [metric, ...sentences] of WHY) {
      expect(comparisons.map((each) => metricIn(each, metric).refused[0]?.sentence)).toEqual(sentences)
    }
  })

  it("the page on comparing gives the same reasons", () => {
    const shortOf = ({ definition, sentence }: Refusal, metric: string) =>
      `\`${wordOf(metric, definition)}\`: ${sentence}`
    for (const { metrics } of comparisons) {
      for (const { id, refused } of metrics) {
        const row = pageRows.find((line) => line.startsWith(`| \`${id}\` | `))
        for (const refusal of refused) expect(row).toContain(shortOf(refusal, id))
      }
    }
  })

  it("who was reached is no other at one than at the other, since the very same people were called", () => {
    for (const comparison of comparisons) {
      const same = metricIn(comparison, HUMAN).arms.map(({ count, n }) => [count, n])
      expect(same[0]).toEqual(same[1])
      expect(contrastIn(comparison, HUMAN)).toMatchObject({ effect: 0, verdict: "no_meaningful_difference" })
    }
  })

  it("a mailbox is no one's own word in common: what is compared is called what it is", () => {
    for (const comparison of comparisons) {
      expect(metricIn(comparison, VOICEMAIL).title).toBe("Answered, no conversation")
      expect(metricIn(comparison, "order.voicemail").arms).toEqual([])
    }
  })
})

describe("two agents at Vapi", () => {
  const byAgent = (lives: ReadonlyArray<Life>, [one, other]: readonly [Teller, Teller]): ReadonlyArray<JsonObject> =>
    lives.map((life) =>
      life.index % 2 === 0 ? tell(life, { ...one, agent: "first" }) : tell(life, { ...other, agent: "second" })
    )
  const lives = livesOf({ seed: 73, orders: 3_000 })

  it("of which one listens for mailboxes are not compared by mailboxes, nor by persons", () => {
    const comparison = compareRecords(byAgent(lives, [listening, vapi]), { by: "agent" })
    for (const [metric, instead] of [
      [HUMAN, "conversation"],
      [VOICEMAIL, "no_conversation"]
    ] as const) {
      const { definition, refused } = metricIn(comparison, metric)
      expect(definition?.id).toBe(`${metric}.${instead}`)
      expect(refused.map(({ because }) => because)).toEqual(["never_there"])
      expect(refused[0]?.sentence).toMatch(
        /^No first dial of second has the verdict that a mailbox answered, and [23]\d\.\d % of the others have it: the detection of mailboxes may be switched off/
      )
    }
  })

  describe("of which neither does", () => {
    const comparison = compareRecords(byAgent(lives, [vapi, vapi]), { by: "agent" })
    const halves = [0, 1].map((half) => lives.filter(({ index }) => index % 2 === half))
    const sharesOf = (fates: Iterable<Fate>) =>
      halves.map((half) => half.filter(({ dials }) => [...fates].includes(dials[0].fate)).length / half.length)

    it("are not compared by mailboxes, nor by persons: that no mailbox is detected says nothing", () => {
      for (const [metric, instead] of [
        [HUMAN, `${HUMAN}.conversation`],
        [VOICEMAIL, `${VOICEMAIL}.no_conversation`],
        ["order.human_reached", "order.human_reached.conversation"],
        ["order.voicemail", undefined]
      ] as const) {
        const { definition, refused } = metricIn(comparison, metric)
        expect(definition?.id).toBe(instead)
        expect(refused).toMatchObject([
          {
            definition: `${metric}.own_word`,
            because: "never_there",
            sentence:
              "No first dial of any arm has the verdict that a mailbox answered: the detection of mailboxes may be switched off, and then mailboxes pass for persons."
          }
        ])
      }
    })

    it("have no share of persons that is 16 points too high, but that of the conversations there were", () => {
      const { title, arms } = metricIn(comparison, HUMAN)
      expect(title).toBe("Conversation")
      expect(arms.map(({ value }) => value)).toEqual(sharesOf(["talk"]))
      const ownWord = countedIn(collectAll(byAgent(lives, [vapi, vapi]), { armsBy: "agent" }), `${HUMAN}.own_word`)
      ownWord.forEach(({ rate }, arm) => expect(rate - (sharesOf(HUMAN_FATES)[arm] ?? 0)).toBeGreaterThan(0.13))
      const { headline, metrics } = comparison
      expect(headline.join(" ")).not.toMatch(/Human reached|59\.\d %/)
      expect(metrics.filter(({ title: of }) => /human/i.test(of)).flatMap(({ arms: figures }) => figures)).toEqual([])
    })
  })

  describe("in an experiment", () => {
    const trialArms = (first: object, second: object) => [
      { name: "first", provider: "vapi", agent: "first", share: 1, ...first },
      { name: "second", provider: "vapi", agent: "second", share: 1, ...second }
    ]
    const detector = { voicemailDetection: { provider: "vapi" } }
    const begun = (first: object, second: object) => {
      const experiment = experimentOf([], { arms: trialArms(first, second) })
      const plan = Result.getOrThrow(planExperiment(experiment, { baselineRate: 0.3, power: 0.8 }, providers))
      const idOf = (metric: string) => experiment.frozen?.definitions?.[metric]?.id
      return { experiment, plan, idOf }
    }

    it.each([
      ["of which nobody knows whether they listen", {}, {}],
      ["of which one is told to", { providerOptions: { assistantOverrides: detector } }, {}],
      [
        "of which one is told not to",
        { providerOptions: { assistantOverrides: detector } },
        { providerOptions: { assistantOverrides: { voicemailDetection: "off" } } }
      ]
    ] as const)("%s, conversations are what is measured, and the plan says why", (_, first, second) => {
      const { plan, idOf } = begun(first, second)
      expect([HUMAN, VOICEMAIL, "order.human_reached", "order.voicemail"].map(idOf)).toEqual([
        `${HUMAN}.conversation`,
        `${VOICEMAIL}.no_conversation`,
        "order.human_reached.conversation",
        "order.voicemail.own_word"
      ])
      expect(plan.metric).toEqual({
        id: HUMAN,
        title: "Conversation",
        insteadOf: {
          definition: `${HUMAN}.own_word`,
          because:
            "Vapi detects that a mailbox answered (endedReason = voicemail, of a detector that is off unless it is set up: without it a mailbox looks like any other call), and the experiment does not set it up in every arm."
        }
      })
    })

    it.each([
      [{ assistantOverrides: detector }, { assistantOverrides: detector }],
      [{ assistant: detector }, { squadOverrides: detector }]
    ])("that tells both to listen, the provider's own word is: %j, %j", (first, second) => {
      const { plan, idOf } = begun({ providerOptions: first }, { providerOptions: second })
      expect(idOf(HUMAN)).toBe(`${HUMAN}.own_word`)
      expect(plan.metric).toEqual({ id: HUMAN, title: "Human reached" })
    })

    it("claims no more than the conversations there were, whether its agents listened or not", () => {
      const { experiment } = begun({}, {})
      for (const teller of [vapi, listening]) {
        const told = toldIn(experiment, lives, [
          { ...teller, name: "first", agent: "first" },
          { ...teller, name: "second", agent: "second" }
        ])
        const comparison = concluded(collectAll(told, { experiment }), { experiment })
        const { title, definition, arms } = metricIn(comparison, HUMAN)
        expect([title, definition?.id]).toEqual(["Conversation", `${HUMAN}.conversation`])
        const talks = lives.filter(({ dials }) => dials[0].fate === "talk").length
        expect(arms.reduce((sum, { count = 0 }) => sum + count, 0)).toBe(talks)
      }
    })
  })

  it("that both listen are compared by what they detect", () => {
    const comparison = compareRecords(byAgent(lives, [listening, listening]), { by: "agent" })
    expect(metricIn(comparison, HUMAN).definition?.id).toBe(`${HUMAN}.own_word`)
    expect(metricIn(comparison, VOICEMAIL).definition?.id).toBe(`${VOICEMAIL}.own_word`)
  })

  describe("of which one puts people through to a colleague who is busy", () => {
    const shares = { ...USUAL, one_word: 0.3, voicemail: 0, ivr: 0, call_screening: 0 }
    const many = livesOf({ seed: 74, orders: 3_000, shares })
    const payloads = byAgent(many, [vapi, vapi]).map((record) =>
      record["assistantId"] === "second" ? withBusyColleague(record) : record
    )
    const isBusy =
      (agent: string) =>
      (record: JsonObject): boolean =>
        record["assistantId"] === agent && /busy/.test(String(record["endedReason"]))
    const comparison = compareRecords(payloads, { by: "agent" })

    it("would seem to call more people who are", () => {
      const [first = 0, second = 0] = ["first", "second"].map((agent) => payloads.filter(isBusy(agent)).length)
      expect((second - first) / (many.length / 2)).toBeGreaterThan(0.06)
    })

    it("has as many busy customers as there are, and they were all reached", () => {
      const truth = (fates: ReadonlyArray<Fate>) =>
        [0, 1].map(
          (half) => many.filter(({ index, dials }) => index % 2 === half && fates.includes(dials[0].fate)).length
        )
      const counts = (metric: string) => metricIn(comparison, metric).arms.map(({ count }) => count)
      expect(counts(BUSY)).toEqual(truth(["busy"]))
      expect(counts("first_attempt.connected")).toEqual(truth([...HUMAN_FATES, "dead_air"]))
      const ownWord = countedIn(collectAll(payloads, { armsBy: "agent" }), `${HUMAN}.own_word`)
      expect(ownWord.map(({ count }) => count)).toEqual(truth(TALKING))
    })
  })
})

/** The words of a line that is busy, of the third party's. */
const withBusyColleague = (record: JsonObject): JsonObject => {
  const { artifact, destination, ...others } = record
  if (destination === undefined || !isJsonObject(artifact)) return record
  return {
    ...others,
    endedReason: "call.in-progress.error-providerfault-outbound-sip-486-busy-here",
    artifact: { ...artifact, transfers: [{ destination, status: "busy" }] }
  }
}
