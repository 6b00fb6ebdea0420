/**
 * Traps that lie in the data and in no adapter: each as data in which somebody who divides by hand finds a difference that
 * is none, or misses one, and the sentence that says so. Without the trap the same calls give no such sentence.
 */
import { describe, expect, it } from "vitest"
import type { Check, Comparison, Refusal } from "../../src/compare/Comparison.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import { renderTerminal } from "../../src/report/terminal.ts"
import { type Fate, type Life, livesOf, type Quirks, tell, type Teller, withTalks } from "./population.ts"
import { compareRecords } from "../../adapters/compare.ts"
import {
  checkIn,
  collectAll,
  concluded,
  contrastIn,
  CONVERSATION,
  naive,
  OWN_WORD,
  type TrialOptions
} from "./trial.ts"
import { assigned, experimentOf, type TrialArm } from "./trialPlacing.ts"

const HOUR = 3_600_000
const CONNECTED = "first_attempt.connected.stated"

/** Of the same people, as two halves of them that are called by two arms. */
const halves = (lives: ReadonlyArray<Life>): readonly [ReadonlyArray<Life>, ReadonlyArray<Life>] => [
  lives.filter(({ index }) => index % 2 === 0),
  lives.filter(({ index }) => index % 2 === 1)
]

const isReached = ({ dials: [{ fate }] }: Life): boolean =>
  !new Set<Fate>(["no_answer", "busy", "unreachable", "declined", "invalid_number", "congestion", "errored"]).has(fate)

/** With other chances of a talk, everything else the same. */
const talking = (options: Parameters<typeof livesOf>[0], shareOf: (life: Life) => number): ReadonlyArray<Life> => {
  const made = new Map<number, ReadonlyArray<Life>>()
  return livesOf(options).map((life) => {
    const share = shareOf(life)
    const lives = made.get(share) ?? livesOf({ ...options, shares: withTalks(share) })
    made.set(share, lives)
    return lives[life.index] ?? life
  })
}

const hourOf = ({ placedAt }: Life): number => new Date(placedAt).getUTCHours()

/** Two agents of a provider. */
const agents = (provider: Teller["provider"]) =>
  [
    { provider, agent: "first" },
    { provider, agent: "second" }
  ] as const satisfies ReadonlyArray<Teller>

const both = [{ provider: "revox" }, { provider: "revring" }] as const satisfies ReadonlyArray<Teller>

type Pair = readonly [Teller, Teller]

const toldBy = ([first, second]: Pair, [own, other]: ReturnType<typeof halves>): ReadonlyArray<JsonObject> => [
  ...own.map((life) => tell(life, first)),
  ...other.map((life) => tell(life, second))
]

const withQuirks = ([first, second]: Pair, quirks: Quirks): Pair => [first, { ...second, quirks }]

interface Trap {
  readonly name: string
  readonly options?: TrialOptions
  /** The same calls without the trap. */
  readonly honest: ReadonlyArray<JsonObject>
  readonly trapped: ReadonlyArray<JsonObject>
  /** What somebody divides by hand, and the least difference found so. */
  readonly by: string
  readonly seems: number
  /** A check, or a definition that is refused. */
  readonly says: Check["id"] | Refusal["because"]
  readonly outcome: Check["outcome"] | "refused"
  readonly sentence: RegExp
}

const lives = livesOf({ seed: 51, orders: 4_000 })
const split = halves(lives)
const byAgent = { armsBy: "agent" } as const

/** Where evenings are better, and who is called then. */
const evenings = talking({ seed: 52, orders: 4_000 }, (life) => (hourOf(life) < 14 ? 0.25 : 0.45))
const keptBy = (isKept: (life: Life, arm: 0 | 1) => boolean, from: ReadonlyArray<Life>) => {
  const [own, other] = halves(from)
  return [own.filter((life) => isKept(life, 0)), other.filter((life) => isKept(life, 1))] as const
}
/** One arm calls in the mornings, three times in four; the other in the evenings. */
const atOtherHours = keptBy((life, arm) => hourOf(life) < 14 === (arm === 0) || life.draw("kept") < 0.25, evenings)
const atAnyHours = keptBy((life) => life.draw("kept") < 0.6, evenings)

/** Numbers for fiction in America, as France has them for the others. */
const AREAS = [202, 212, 213, 214, 303, 305, 312, 313, 404, 415, 503, 512, 602, 615, 617, 702, 713, 718, 804, 813]
const abroad = (life: Life): Life => {
  const area = AREAS[life.index % AREAS.length] ?? 202
  return { ...life, to: `+1${area}55501${String(Math.floor(life.index / AREAS.length) % 100).padStart(2, "0")}` }
}
const isAbroad = (share: number) => (life: Life) => life.draw("abroad") < share
const worldly = (isIt: (life: Life) => boolean) =>
  talking({ seed: 53, orders: 3_000 }, (life) => (isIt(life) ? 0.2 : 0.4)).map((life) =>
    isIt(life) ? abroad(life) : life
  )
const inOtherCountries = [halves(worldly(isAbroad(0.2)))[0], halves(worldly(isAbroad(0.6)))[1]] as const
const inAnyCountries = halves(worldly(isAbroad(0.4)))

/** One of two numbers is marked as spam; the arms call from them in other parts. */
const SPAM = "+12025550177"
const fromNumbers = (share: number, teller: Teller, seed: number): ReadonlyArray<JsonObject> => {
  const isSpam = (life: Life) => life.draw("number") < share
  return talking({ seed, orders: 1_800, firstPerson: seed }, (life) => (isSpam(life) ? 0.2 : 0.4)).map((life) =>
    tell(life, { ...teller, from: isSpam(life) ? SPAM : "+12025550178" })
  )
}
const [firstAgent, secondAgent] = agents("revox")

/** Who is not reached is called again by a new order, some hours later, up to three times. */
const calledAgain = (own: ReadonlyArray<Life>): ReadonlyArray<Life> =>
  own.flatMap((life) => {
    const again = [1, 2, 3].map((time) => ({
      ...life,
      reference: `${life.reference}-${time}`,
      placedAt: life.placedAt + time * 4 * HOUR,
      // Who did not answer seldom answers later.
      dials: life.dials
    }))
    return isReached(life) ? [life] : [life, ...again]
  })

/** An agent that is edited on the tenth day. */
const MIDDLE = Date.UTC(2026, 2, 12)
const edited = talking({ seed: 54, orders: 4_000 }, ({ placedAt }) => (placedAt < MIDDLE ? 0.28 : 0.48))
const steady = talking({ seed: 54, orders: 4_000 }, () => 0.38)

/** Within an hour everybody is called, up to twice; the export is made while many wait for their second dial. */
const BATCH = Date.UTC(2026, 2, 2, 9)
const batch = livesOf({ seed: 55, orders: 2_000 }).map((life) => ({
  ...life,
  placedAt: BATCH + Math.floor(life.draw("minute") * HOUR)
}))
const batches = halves(batch)
const redialled: Pair = [
  { ...firstAgent, quirks: { dials: 2 } },
  { ...secondAgent, quirks: { dials: 2 } }
]
const [later, early] = redialled
const cutShort = [
  ...batches[0].map((life) => tell(life, later)),
  ...batches[1]
    .filter(({ placedAt }) => placedAt < BATCH + HOUR)
    .map((life) => tell(life, { ...early, now: BATCH + HOUR }))
    .filter((record) => record["status"] === "completed" || record["status"] === "failed")
]

const TRAPS: ReadonlyArray<Trap> = [
  {
    name: "an export without the calls that failed",
    honest: toldBy(both, split),
    trapped: toldBy(both, [split[0], split[1].filter(isReached)]),
    by: CONVERSATION,
    seems: 0.09,
    says: "unconnected_dials",
    outcome: "failed",
    sentence:
      /^Every first dial of revring \(1,\d\d\d orders\) was answered, and of the others 2\d\.\d % were not: an export without the calls that did not connect looks like this\. No conclusion is drawn\.$/
  },
  {
    name: "a detection of mailboxes that is off",
    options: byAgent,
    honest: toldBy(agents("revring"), split),
    trapped: toldBy(withQuirks(agents("revring"), { undetected: "voicemail" }), split),
    by: OWN_WORD,
    seems: 0.19,
    says: "never_there",
    outcome: "refused",
    sentence:
      /^No first dial of second has the verdict that a mailbox answered, and [23]\d\.\d % of the others have it: the detection of mailboxes may be switched off, and then mailboxes pass for persons\.$/
  },
  {
    name: "a detection of telephone menus that is off",
    options: byAgent,
    honest: toldBy(agents("revox"), split),
    trapped: toldBy(withQuirks(agents("revox"), { undetected: "ivr" }), split),
    by: "first_attempt.ivr.own_word",
    seems: 0.01,
    says: "never_there",
    outcome: "refused",
    sentence:
      /^No first dial of second has the verdict that a telephone menu answered, and \d\.\d % of the others have it: it may be switched off, or left out of the export\.$/
  },
  {
    name: "a detection of call screening that is off",
    options: byAgent,
    honest: toldBy(agents("revox"), split),
    trapped: toldBy(withQuirks(agents("revox"), { undetected: "call_screening" }), split),
    by: "first_attempt.call_screening.own_word",
    seems: 0.02,
    says: "never_there",
    outcome: "refused",
    sentence:
      /^No first dial of second has the verdict that call screening answered, and \d\.\d % of the others have it: it may be switched off, or left out of the export\.$/
  },
  {
    name: "an agent that asks one question",
    honest: toldBy(both, split),
    trapped: toldBy(withQuirks(both, { oneQuestion: true }), split),
    by: CONVERSATION,
    seems: 0.28,
    says: "few_conversations",
    outcome: "refused",
    sentence:
      /^Of first dials that by the provider's own word a person answered, 0\.0 % of revring show two replies to the agent, and 7\d\.\d % of revox: the agents do not talk alike/
  },
  {
    name: "transcripts of one arm of which one in sixteen is missing",
    honest: toldBy(both, split),
    trapped: toldBy(withQuirks(both, { lostTranscripts: 0.06 }), split),
    by: "first_attempt.transcript_present.given",
    seems: 0.04,
    says: "missing_differs",
    outcome: "refused",
    sentence:
      /^The records do not tell in \d % of revring and 0 % of revox: what is left are not the same kinds of call\.$/
  },
  {
    name: "an export without the calls that were going on",
    options: byAgent,
    honest: toldBy(redialled, batches),
    trapped: cutShort,
    by: CONNECTED,
    seems: 0.1,
    says: "running_calls",
    outcome: "failed",
    sentence:
      /^No order was going on when the data ends in second, where about \d+ would be, by how long orders take: the export seems to leave out what was not over\. What is over quickly is not like the rest, so no conclusion is drawn\./
  },
  {
    name: "mornings against evenings",
    options: byAgent,
    honest: toldBy(agents("revox"), atAnyHours),
    trapped: toldBy(agents("revox"), atOtherHours),
    by: OWN_WORD,
    seems: 0.05,
    says: "balance",
    outcome: "warning",
    sentence:
      /^The arms do not have the same calls: they differ in time of day of the order \(orders from \d\d:00 to \d\d:00: second \d+\.\d %, first \d+\.\d %\)\. A difference may come from that alone\. Compare like with like: --strata hour\.$/
  },
  {
    name: "other countries",
    options: byAgent,
    honest: toldBy(agents("revox"), inAnyCountries),
    trapped: toldBy(agents("revox"), inOtherCountries),
    by: OWN_WORD,
    seems: 0.05,
    says: "balance",
    outcome: "warning",
    sentence:
      /^The arms do not have the same calls: they differ in country called \(calls to (US|FR): second \d+\.\d %, first \d+\.\d %\)\. A difference may come from that alone\. Compare like with like: --strata country\.$/
  },
  {
    name: "two numbers in other parts",
    options: byAgent,
    honest: [...fromNumbers(0.4, firstAgent, 61), ...fromNumbers(0.4, secondAgent, 2_062)],
    trapped: [...fromNumbers(0.15, firstAgent, 61), ...fromNumbers(0.65, secondAgent, 2_062)],
    by: OWN_WORD,
    seems: 0.05,
    says: "balance",
    outcome: "warning",
    sentence:
      /^The arms do not have the same calls: they differ in caller number \(calls from number [12]: second \d+\.\d %, first \d+\.\d %\)\. .* --strata caller_number\.$/
  },
  {
    name: "an arm that calls again whom it did not reach",
    options: byAgent,
    honest: toldBy(agents("revox"), split),
    trapped: toldBy(agents("revox"), [split[0], calledAgain(split[1])]),
    by: OWN_WORD,
    seems: 0.12,
    says: "orders_per_person",
    outcome: "warning",
    sentence:
      /^Persons do not have as many orders in each arm: they differ in orders for each person \(persons with (1 order|4 orders or more): second \d+\.\d %, first \d+\.\d %\)\. Whoever was not reached may have been called again in one arm only, and every order counts\./
  },
  {
    name: "an agent that is edited on the way",
    options: byAgent,
    honest: toldBy(agents("revox"), halves(steady)),
    trapped: toldBy(agents("revox"), [halves(steady)[0], halves(edited)[1]]),
    by: OWN_WORD,
    seems: 0,
    says: "changed_midway",
    outcome: "warning",
    sentence:
      /^The difference between second and first changed on the way: before 1\d Mar 2026 it was −\d+\.\d points, from then on \+\d+\.\d points\. An agent, its number or what is exported may have been changed at about that time; each figure is an average of before and after\.$/
  },
  {
    name: "orders that wait for hours",
    options: byAgent,
    honest: toldBy(agents("revox"), split),
    trapped: toldBy(withQuirks(agents("revox"), { queueSeconds: 3 * 3_600 }), split),
    by: OWN_WORD,
    seems: 0,
    says: "waiting",
    outcome: "warning",
    sentence:
      /^The arms do not dial equally soon after the order: they differ in wait for the first dial \(first dials within (a minute|4 h) of the order: second \d+\.\d %, first \d+\.\d %\)\. So people are called at other times\./
  }
]

/** All that a comparison says beside its figures. */
const sayings = ({
  checks,
  metrics
}: Comparison): ReadonlyArray<{ readonly says: string; readonly outcome: string; readonly sentence: string }> => [
  ...checks.map(({ id, outcome, sentence }) => ({ says: id, outcome, sentence })),
  ...metrics.flatMap(({ refused }) =>
    refused.map(({ because, sentence }) => ({ says: because, outcome: "refused", sentence }))
  )
]

const shown = (comparison: Comparison): string =>
  renderTerminal(comparison, { width: 100, color: false }).replaceAll(/\s+/gu, " ")

describe.each(TRAPS)("$name", ({ options = {}, honest, trapped, by, seems, says, outcome, sentence }) => {
  const collected = collectAll(trapped, options)
  const comparison = concluded(collected, options)
  const said = sayings(comparison).filter((each) => each.says === says)

  it("is said", () => {
    const found = said.find((each) => sentence.test(each.sentence))
    expect({ ...found, among: found === undefined ? said : [] }).toMatchObject({ outcome, among: [] })
    expect(shown(comparison)).toContain(found?.sentence)
  })

  it(`would show a difference of ${100 * seems} points or more to whoever divides`, () => {
    expect(Math.abs(naive(collected, by).difference)).toBeGreaterThanOrEqual(seems)
  })

  it("forbids what it has to, and stands in the headline", () => {
    if (outcome === "failed") {
      const words = comparison.metrics.flatMap(({ contrasts }) => contrasts.map(({ verdict }) => verdict))
      expect(new Set(words)).toEqual(new Set(["not_comparable"]))
    }
    const isSaid = comparison.headline.some((each) => said.some((one) => each.includes(one.sentence)))
    const isOfPrimary = outcome !== "refused" || by === CONVERSATION || by === OWN_WORD
    expect(isSaid || !isOfPrimary).toBe(true)
  })

  it("is not said of the same calls without the trap", () => {
    const usual = concluded(collectAll(honest, options), options)
    const suspicious = sayings(usual).filter((each) => each.says === says && each.outcome !== "passed")
    expect(suspicious.map((each) => each.sentence)).toEqual([])
  })
})

describe("in an experiment", () => {
  const arms: ReadonlyArray<TrialArm> = [
    { name: "now", provider: "revox", agent: "first" },
    { name: "next", provider: "revox", agent: "second" }
  ]
  const experiment = experimentOf(arms)
  /** Orders in the arm that is wanted, whatever chance says. */
  const placed = (from: ReadonlyArray<Life>, wanted: (life: Life, arm: TrialArm) => TrialArm) =>
    assigned(experiment, from, arms).map(({ life, arm, tag }) => {
      const own = wanted(life, arm)
      return tell(life, { ...own, tag: tag.replace(`/${arm.name}/`, `/${own.name}/`) })
    })
  const [now, next] = arms
  const broken = placed(evenings, (life, arm) =>
    life.draw("broken") < 0.5 && now !== undefined && next !== undefined ? (hourOf(life) < 14 ? now : next) : arm
  )

  it("arms that chance would have given the same hours have a broken assignment, and there is no verdict", () => {
    const comparison = concluded(collectAll(broken, { experiment }), { experiment })
    const { outcome, sentence } = checkIn(comparison, "balance")
    expect(outcome).toBe("failed")
    expect(sentence).toMatch(
      /^Chance should have given the arms the same calls, and they differ in time of day of the order \(orders from .*\)\. By chance that happens in less than one of 1,000 experiments, however often they are looked at: the assignment is broken, or orders of one arm were placed otherwise or left out\. No conclusion is drawn\.$/
    )
    expect(contrastIn(comparison, "first_attempt.human_reached").verdict).toBe("not_comparable")
    expect(comparison.headline).toContain(sentence)
    // Nothing else sees it: the split is as planned.
    expect(comparison.checks.filter((check) => check.outcome === "failed").map(({ id }) => id)).toEqual(["balance"])
  })

  it("that are assigned as they should be have the same hours", () => {
    const comparison = concluded(
      collectAll(
        placed(evenings, (_, arm) => arm),
        { experiment }
      ),
      { experiment }
    )
    expect(comparison.checks.map(({ id }) => id)).not.toContain("balance")
    expect(comparison.balance.find(({ trait }) => trait === "hour")?.outcome).toBe("alike")
  })

  it("arms with numbers of their own are said to be those numbers, too, and are compared", () => {
    const payloads = assigned(experiment, lives, arms).map(({ life, arm, tag }) =>
      tell(life, { ...arm, tag, from: arm.name === "now" ? "+12025550177" : "+12025550178" })
    )
    const comparison = concluded(collectAll(payloads, { experiment }), { experiment })
    expect(checkIn(comparison, "caller_numbers")).toMatchObject({ outcome: "warning" })
    expect(checkIn(comparison, "caller_numbers").sentence).toMatch(/^Each arm calls from numbers of its own: /)
    expect(contrastIn(comparison, "first_attempt.human_reached").verdict).not.toBe("not_comparable")
    expect(JSON.stringify(comparison)).not.toMatch(/2025550/)
  })
})

describe("compared like with like", () => {
  const payloads = toldBy(agents("revox"), atOtherHours)
  const effectOf = (strata: ReadonlyArray<"hour">): number =>
    contrastIn(compareRecords(payloads, { by: "agent", strata }), "first_attempt.human_reached").effect ?? Number.NaN

  it("the hours make no difference, and the report says what times still may", () => {
    expect(effectOf([])).toBeGreaterThan(0.05)
    expect(Math.abs(effectOf(["hour"]))).toBeLessThan(0.03)
    const { outcome, sentence } = checkIn(compareRecords(payloads, { by: "agent", strata: ["hour"] }), "balance")
    expect(outcome).toBe("passed")
    expect(sentence).toContain("Rates are compared like with like by that; times and counts are not.")
  })
})

describe("orders that are dialled again in one arm, where no record says how often they may be", () => {
  const withoutLimit = (record: JsonObject): JsonObject => ({ ...record, call_retry_config: null })
  const often = { ...secondAgent, quirks: { dials: 3 } }
  // One order of the other arm was dialled as often: the most is the same.
  const [own, other] = split
  const seldom = [
    ...own.slice(1).map((life) => tell(life, firstAgent)),
    ...own
      .map((life) => tell({ ...life, reference: `${life.reference}-b` }, { ...firstAgent, quirks: { dials: 3 } }))
      .slice(0, 60)
  ]
  const payloads = [...seldom, ...other.map((life) => tell(life, often))].map(withoutLimit)

  it("are said to have more chances", () => {
    const comparison = concluded(collectAll(payloads, byAgent), byAgent)
    expect(checkIn(comparison, "redialling").sentence).toMatch(
      /^Orders are not dialled equally often: they differ in dials made \(orders with \d dials?( or more)?: second .*, first .*\)\. Metrics of whole orders have more chances where more is dialled; those of first attempts do not\.$/
    )
  })
})
