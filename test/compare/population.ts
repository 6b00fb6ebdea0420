/**
 * Orders whose truth is known, and the payloads in which a provider would tell of them. What really happens is one thing
 * (`livesOf`), how a provider tells it another (`tell`): a comparison is right if it finds what differs in the first and
 * is not taken in by the second. The same seed gives the same orders; every number is reserved and nobody's.
 */
import { orderRecord as revoxRecord, type TwinOrderRecord as RevoxOrder } from "../../adapters/revox/TwinRecords.ts"
import { callRecord as revringRecord, type TwinCall as RevRingCall } from "../../adapters/revring/TwinRecords.ts"
import { callRecord as vapiRecord, type TwinCall as VapiCall } from "../../adapters/vapi/TwinRecords.ts"
import type { Outcome } from "../../src/domain/CallOrder.ts"
import type { DisconnectReason } from "../../src/domain/Disconnect.ts"
import type { FailureKind } from "../../src/domain/Failure.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import type { Turn } from "../../src/domain/Transcript.ts"
import { TAG_KEY } from "../../src/experiment/assignmentTag.ts"
import type { PlacedOrder } from "../../src/twin/orderBook.ts"
import * as Dialogue from "../../src/twin/dialogues.ts"
import { drawFrom, uuidFrom } from "../../src/twin/seeded.ts"
import { FOREVER, ordinary, type Story, type StoryAttempt } from "../../src/twin/story.ts"
import { type OrderState, stateAt } from "../../src/twin/timeline.ts"

/** What may come of one dial. A person talks, says one thing, or hangs up without a word. */
export const FATES = [
  "talk",
  "one_word",
  "silent_person",
  "voicemail",
  "ivr",
  "call_screening",
  "dead_air",
  "no_answer",
  "busy",
  "unreachable",
  "declined",
  "invalid_number",
  "congestion",
  "errored"
] as const
export type Fate = (typeof FATES)[number]

export type Shares = { readonly [fate in Fate]: number }

/** Of first dials in business hours, more or less as campaigns to consumers see them. */
export const USUAL: Shares = {
  talk: 0.31,
  one_word: 0.06,
  silent_person: 0.06,
  voicemail: 0.24,
  ivr: 0.02,
  call_screening: 0.04,
  dead_air: 0.01,
  no_answer: 0.15,
  busy: 0.04,
  unreachable: 0.02,
  declined: 0.01,
  invalid_number: 0.02,
  congestion: 0.015,
  errored: 0.005
}

/** `shares` with another share of talks; all others make room in proportion. */
export const withTalks = (talk: number, shares: Shares = USUAL): Shares => {
  const scale = (1 - talk) / (1 - shares.talk)
  return {
    ...shares,
    ...Object.fromEntries(FATES.map((fate) => [fate, fate === "talk" ? talk : shares[fate] * scale]))
  }
}

export const HUMAN_FATES: ReadonlySet<Fate> = new Set<Fate>(["talk", "one_word", "silent_person"])

export interface LivesOptions {
  readonly seed: number
  readonly orders: number
  readonly shares?: Shares
  /** Distinct persons, at most ten thousand: there are no more numbers. As many as orders unless given. */
  readonly persons?: number
  /** The first of them, by which populations are kept apart. */
  readonly firstPerson?: number
  /** How alike the calls to one person are: the correlation of what comes of two of them, 0 to 1. */
  readonly alike?: number
  readonly weeks?: number
}

/** One dial as it really goes. */
export interface Dial {
  readonly fate: Fate
  readonly ringSeconds: number
  readonly talkSeconds: number
}

/** An order as it really goes: the dials in the order in which they would be made. */
export interface Life {
  readonly index: number
  readonly reference: string
  readonly to: string
  readonly placedAt: number
  readonly dials: readonly [Dial, ...ReadonlyArray<Dial>]
  /** Gives each thing about the order its own chance, the same every time. */
  readonly draw: (what: string) => number
}

/** A Monday. */
export const START = Date.UTC(2026, 2, 2)
const HOUR = 3_600_000
const DAY = 24 * HOUR
const WEEK = 7 * DAY
const WEEKS = 3
const MOST_DIALS = 3
const MOST_PERSONS = 10_000

/** When everything has long been over. */
export const LATER = START + (WEEKS + 2) * WEEK

/** Orders come from 8 to 20 o'clock, most of them in the late morning and the afternoon. */
const HOURS = [8, 9, 9, 10, 10, 10, 11, 11, 11, 12, 13, 14, 14, 14, 15, 15, 15, 16, 16, 17, 17, 18, 19]

export const numberOf = (person: number): string => `+3319900${String(person % MOST_PERSONS).padStart(4, "0")}`

export const livesOf = (options: LivesOptions): ReadonlyArray<Life> => {
  const { seed, orders, shares = USUAL, persons = orders, firstPerson = 0, alike = 0, weeks = WEEKS } = options
  const fateOf = fates(shares)
  return Array.from({ length: orders }, (_, index): Life => {
    const draw = (what: string): number => drawFrom(seed, firstPerson, index, what)
    // Everybody is called once before anybody is called twice.
    const person = firstPerson + (index % Math.min(persons, MOST_PERSONS))
    const dial = (number: number): Dial => {
      const ofPerson = draw(`alike ${number}`) < alike
      const fate = fateOf(ofPerson ? drawFrom(seed, person, "person", number) : draw(`fate ${number}`))
      return {
        fate,
        ringSeconds: ringOf(fate, normalFrom(draw, `ring ${number}`)),
        talkSeconds: talkOf(fate, normalFrom(draw, `talk ${number}`))
      }
    }
    const day = Math.floor(draw("day") * weeks * 5)
    const hour = HOURS[Math.floor(draw("hour") * HOURS.length)] ?? 9
    const placedAt = START + Math.floor(day / 5) * WEEK + (day % 5) * DAY + hour * HOUR
    return {
      index,
      reference: `lead-${seed}-${firstPerson + index}`,
      to: numberOf(person),
      placedAt: placedAt + Math.floor(draw("moment") * HOUR),
      dials: [dial(1), ...Array.from({ length: MOST_DIALS - 1 }, (_unused, more) => dial(more + 2))],
      draw
    }
  })
}

const fates = (shares: Shares): ((chance: number) => Fate) => {
  let below = 0
  const limits = FATES.map((fate) => ({ fate, limit: (below += shares[fate]) }))
  return (chance) => limits.find(({ limit }) => chance * below < limit)?.fate ?? "talk"
}

/** Box and Muller's. */
const normalFrom = (draw: Life["draw"], what: string): number =>
  Math.sqrt(-2 * Math.log(1 - draw(`${what} a`))) * Math.cos(2 * Math.PI * draw(`${what} b`))

const logNormal = (median: number, spread: number, normal: number): number => median * Math.exp(spread * normal)

const ringOf = (fate: Fate, normal: number): number => {
  switch (fate) {
    case "no_answer":
      return Math.min(45, 20 + logNormal(8, 0.4, normal))
    case "invalid_number":
    case "congestion":
    case "busy":
      return logNormal(1.5, 0.3, normal)
    case "voicemail":
      return Math.min(40, logNormal(18, 0.35, normal))
    default:
      return Math.min(40, logNormal(9, 0.5, normal))
  }
}

const talkOf = (fate: Fate, normal: number): number => {
  switch (fate) {
    case "talk":
      return Math.min(600, logNormal(65, 0.7, normal))
    case "one_word":
      return Math.max(3, logNormal(11, 0.4, normal))
    case "silent_person":
      return Math.max(1, logNormal(4, 0.5, normal))
    default:
      return logNormal(17, 0.3, normal)
  }
}

// How it is told

export type Provider = "revox" | "revring" | "vapi"

export interface Quirks {
  /** Dials that an order is allowed, at a provider that dials again; until somebody or something answers. */
  readonly dials?: number
  /** Share of talks that the provider takes for a mailbox, if it listens for mailboxes. */
  readonly mistakenVoicemail?: number
  /** Share of transcripts that never come. */
  readonly lostTranscripts?: number
  /** Share of orders of which the end is never reported. */
  readonly neverOver?: number
  /** The duration is counted from the first ring. */
  readonly durationFromDial?: true
  /** Nothing listens for that machine: the agent talks to it, and what it says is a reply. */
  readonly undetected?: "voicemail" | "ivr" | "call_screening"
  /** A detector of mailboxes is set up, at a provider that has none otherwise. */
  readonly voicemailDetection?: true
  /** The agent asks one question, and so gets one reply. */
  readonly oneQuestion?: true
  /** How long an order waits for its first dial. */
  readonly queueSeconds?: number
}

export interface Teller {
  readonly provider: Provider
  readonly agent?: string
  readonly quirks?: Quirks
  /** The mark of an experiment that the order carries. */
  readonly tag?: string
  /** The number that calls. */
  readonly from?: string
  /** When the provider is asked; long after everything unless given. */
  readonly now?: number
}

interface Said {
  readonly turns: ReadonlyArray<Turn>
  readonly end: DisconnectReason
  readonly outcome?: Outcome
}

const TALKS: ReadonlyArray<Said> = [
  { turns: Dialogue.conversation, end: "remote_hangup", outcome: "interested" },
  { turns: Dialogue.conversationInFrench, end: "remote_hangup", outcome: "interested" },
  { turns: Dialogue.booking, end: "agent_hangup", outcome: "completed" },
  { turns: Dialogue.longTalk, end: "agent_hangup", outcome: "not_interested" },
  { turns: Dialogue.callBackLater, end: "remote_hangup", outcome: "callback_later" },
  { turns: Dialogue.callAnotherNumber, end: "remote_hangup", outcome: "callback_new_number" }
]

const WORDS: ReadonlyArray<Said> = [
  { turns: Dialogue.notInterested, end: "agent_hangup", outcome: "not_interested" },
  { turns: Dialogue.doNotContact, end: "remote_hangup", outcome: "do_not_contact" },
  { turns: Dialogue.askForHuman, end: "transferred", outcome: "completed" }
]

const SAID: { readonly [fate in Fate]?: readonly [StoryAttempt["answeredBy"] & string, ReadonlyArray<Said>] } = {
  talk: ["human", TALKS],
  one_word: ["human", WORDS],
  silent_person: ["human", [{ turns: Dialogue.hungUpOn, end: "remote_hangup" }]],
  voicemail: ["voicemail", [{ turns: Dialogue.voicemailGreeting, end: "voicemail" }]],
  ivr: ["ivr", [{ turns: Dialogue.phoneMenu, end: "ivr_dead_end" }]],
  call_screening: ["call_screening", [{ turns: Dialogue.screening, end: "voicemail" }]],
  dead_air: ["unknown", [{ turns: Dialogue.unanswered, end: "silence" }]]
}

const FAILURES: { readonly [fate in Fate]?: FailureKind } = {
  no_answer: "no_answer",
  busy: "busy",
  unreachable: "unreachable",
  declined: "declined",
  invalid_number: "invalid_number",
  congestion: "congestion",
  // What breaks an order before its first dial is a fault of the network later.
  errored: "congestion"
}

interface Told {
  readonly attempt: StoryAttempt
  readonly outcome: Outcome | undefined
}

/** A dial as the provider will have it, its mistakes included. */
const dialOf = (
  { draw }: Life,
  { fate, ringSeconds, talkSeconds }: Dial,
  number: number,
  { provider, quirks = {} }: Teller
): Told => {
  const failure = FAILURES[fate]
  if (failure !== undefined) return { attempt: { ringSeconds, failure }, outcome: undefined }
  const [answeredBy, choices] = SAID[fate] ?? ["human", TALKS]
  const said = choices[Math.floor(draw(`said ${number}`) * choices.length)] ?? choices[0]
  const { turns = [], end = "remote_hangup", outcome } = said ?? {}
  const mayMistake = fate === "talk" && listensForMailboxes(provider, quirks)
  const mistaken = mayMistake && draw(`mistaken ${number}`) < (quirks.mistakenVoicemail ?? 0)
  // Call screening may end like a mailbox.
  const isUndetected =
    quirks.undetected !== undefined && (answeredBy === quirks.undetected || end === quirks.undetected)
  const lost = draw(`lost ${number}`) < (quirks.lostTranscripts ?? 0)
  return {
    attempt: {
      ringSeconds,
      talkSeconds: draw("never over") < (quirks.neverOver ?? 0) ? FOREVER : talkSeconds,
      answeredBy: mistaken ? "voicemail" : isUndetected ? "human" : answeredBy,
      end: mistaken ? "voicemail" : isUndetected ? "agent_hangup" : end,
      turns: lost ? [] : isUndetected ? turns.toReversed() : quirks.oneQuestion === true ? firstReply(turns) : turns
    },
    outcome: mistaken ? undefined : outcome
  }
}

const listensForMailboxes = (provider: Provider, { voicemailDetection }: Quirks): boolean =>
  TWINS[provider].listensForMailboxes || voicemailDetection === true

const firstReply = (turns: ReadonlyArray<Turn>): ReadonlyArray<Turn> =>
  turns.slice(0, turns.findIndex(({ role }) => role === "remote") + 1)

/** One order in twenty gets its transcript and recording minutes late. */
const enrichmentOf = ({ draw }: Life): Story["enrichment"] => {
  const slow = draw("slow") < 0.05 ? 60 : 1
  return {
    transcriptSeconds: slow * logNormal(3, 0.4, normalFrom(draw, "transcript")),
    recordingSeconds: slow * logNormal(6, 0.4, normalFrom(draw, "recording")),
    outcomeSeconds: slow * logNormal(9, 0.3, normalFrom(draw, "outcome"))
  }
}

const storyOf = (life: Life, teller: Teller): Story => {
  const { provider, quirks = {} } = teller
  const allowed = TWINS[provider].dialsAgain ? (quirks.dials ?? 1) : 1
  const story = {
    digits: "",
    name: life.reference,
    about: "",
    ...ordinary,
    queueSeconds: quirks.queueSeconds ?? ordinary.queueSeconds,
    enrichment: enrichmentOf(life),
    ending: undefined
  }
  if (life.dials[0].fate === "errored") return { ...story, attempts: [] }
  const dials = life.dials.slice(0, allowed).map((dial, index) => dialOf(life, dial, index + 1, teller))
  const last = dials.findIndex(({ attempt }) => attempt.failure === undefined)
  const made = last < 0 ? dials : dials.slice(0, last + 1)
  const outcome = made.at(-1)?.outcome
  return {
    ...story,
    attempts: made.map(({ attempt }) => attempt),
    ...(outcome === undefined ? {} : { outcome, summary: `Came to: ${outcome}.` })
  }
}

const FROM = numberOf(9999)

const WINDOW = {
  calling_window_end_time: "20:00",
  calling_window_start_time: "08:00",
  retry_delay_seconds: ordinary.retryDelaySeconds
} as const

/** What was placed, as far as all twins hold it alike. */
type Placed = Omit<PlacedOrder<unknown>, "details"> & Pick<Life, "reference">

interface Telling {
  readonly placed: Placed
  readonly state: OrderState
  readonly agent: string
  readonly from: string
  readonly now: number
  /** The mark of an experiment, as it stands in the map that carries it. */
  readonly mark: JsonObject
  readonly quirks: Quirks
}

interface ProviderTwin {
  /** Whether it may dial an order again. */
  readonly dialsAgain: boolean
  readonly listensForMailboxes: boolean
  readonly record: (telling: Telling) => JsonObject
}

const VARIABLES = { first_name: "Ada" }

const TWINS = {
  revox: {
    dialsAgain: true,
    listensForMailboxes: true,
    record: ({ placed, state, agent, from, now, mark, quirks }) => {
      const order: RevoxOrder = {
        ...placed,
        details: {
          from,
          assistantId: agent,
          assistant: undefined,
          retry: {
            allowed_days: ["monday", "tuesday", "wednesday", "thursday", "friday"],
            call_twice_in_a_row: false,
            calling_windows: [WINDOW],
            max_retry_attempts: quirks.dials ?? 1
          },
          metadata: { reference: placed.reference, ...mark },
          variables: VARIABLES
        }
      }
      return revoxRecord(order, state, "V5", now)
    }
  },
  revring: {
    dialsAgain: false,
    listensForMailboxes: true,
    record: ({ placed, state, agent, from, mark, quirks }) => {
      const call: RevRingCall = {
        ...placed,
        details: {
          agentId: agent,
          from,
          callerIdName: null,
          variables: { ...VARIABLES, call_reference: placed.reference, ...mark }
        }
      }
      const record = revringRecord(call, state, 3)
      const { durationSeconds } = record
      return quirks.durationFromDial === true && typeof durationSeconds === "number"
        ? { ...record, durationSeconds: durationSeconds + Math.round(placed.story.attempts[0]?.ringSeconds ?? 0) }
        : record
    }
  },
  vapi: {
    dialsAgain: false,
    listensForMailboxes: false,
    record: ({ placed, state, agent, from, now, mark, quirks }) => {
      const call: VapiCall = {
        ...placed,
        details: {
          // No record has the number that calls: only its id.
          request: {
            assistantId: agent,
            phoneNumberId: uuidFrom("number", from),
            customer: { number: placed.to },
            name: placed.reference,
            assistantOverrides: { variableValues: VARIABLES, metadata: mark }
          },
          address: "https://api.vapi.ai"
        }
      }
      return vapiRecord(call, state, now, listensForMailboxes("vapi", quirks))
    }
  }
} satisfies Record<Provider, ProviderTwin>

/** The payload in which the provider tells of the order. */
export const tell = (life: Life, teller: Teller): JsonObject => {
  const { provider, agent = "agent_population", quirks = {}, tag, from = FROM, now = LATER } = teller
  const { reference, to, placedAt } = life
  const story = storyOf(life, teller)
  const options = { attemptsAllowed: Math.max(1, story.attempts.length) }
  const id = uuidFrom(provider, reference)
  return TWINS[provider].record({
    placed: { id, story, to, placedAt, reference, options, lines: undefined, canceledAt: undefined },
    state: stateAt(story, placedAt, now, options),
    agent,
    from,
    now,
    mark: tag === undefined ? {} : { [TAG_KEY]: tag },
    quirks
  })
}

/** Payloads of a population that one provider called. */
export const population = ({ teller, ...options }: LivesOptions & { readonly teller: Teller }) =>
  livesOf(options).map((life) => tell(life, teller))
