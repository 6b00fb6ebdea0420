/** Mistakes that somebody might make in a mapping, each planted on one side of pairs: the comparison has to find it. */
import type { AttemptFact, OrderFact } from "../../src/domain/Fact.ts"
import type { CallOrder } from "../../src/domain/CallOrder.ts"
import { type Instant, parseInstant } from "../../src/domain/Instant.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import type { Turn } from "../../src/domain/Transcript.ts"
import { viewFact } from "../../src/domain/View.ts"
import type { Adapter } from "../../src/provider/Adapter.ts"
import { compareBy, type Pairing, readOrders } from "./pairs.ts"
import { scriptedCall } from "./scriptedCalls.ts"
import { type TellerId, tellers } from "./tellers.ts"

export interface PlantedMistake {
  readonly id: string
  /** What is wrong. */
  readonly is: string
  /** Whose mapping is wrong, and with whom it is compared. */
  readonly at: TellerId
  readonly against: TellerId
  /** The field that has to be named. */
  readonly field: string
  readonly change: (fact: OrderFact) => OrderFact
}

type Claims = AttemptFact["claims"]

const ofAttempts =
  (change: (attempt: AttemptFact) => AttemptFact) =>
  (fact: OrderFact): OrderFact => ({ ...fact, attempts: fact.attempts.map(change) })

const claims = (change: (claims: Claims) => Partial<Claims>) =>
  ofAttempts((attempt) => ({ ...attempt, claims: { ...attempt.claims, ...change(attempt.claims) } }))

const ofOrder =
  (change: (claims: OrderFact["claims"]) => Partial<OrderFact["claims"]>) =>
  (fact: OrderFact): OrderFact => ({ ...fact, claims: { ...fact.claims, ...change(fact.claims) } })

/** A word of the provider that is taken for another one. */
const words = (field: string, swapped: { readonly [word: string]: string | undefined }) =>
  ofAttempts((attempt) => {
    const word = attempt.evidence[field]
    return typeof word === "string" && Object.hasOwn(swapped, word)
      ? { ...attempt, evidence: { ...attempt.evidence, [field]: swapped[word] } }
      : attempt
  })

const turns = (change: (turns: ReadonlyArray<Turn>) => ReadonlyArray<Turn>) =>
  claims(({ transcript }) =>
    transcript !== undefined && "turns" in transcript ? { transcript: { turns: change(transcript.turns) } } : {}
  )

const shifted = (at: Instant | undefined, hours: number): Instant | undefined =>
  at === undefined ? undefined : parseInstant(Date.parse(at) + hours * 3_600_000)

const without = (values: JsonObject | undefined, isDropped: (name: string, index: number) => boolean): JsonObject =>
  Object.fromEntries(Object.entries(values ?? {}).filter(([name], index) => !isDropped(name, index)))

const status = (from: string, to: OrderFact["claims"]["status"]["value"], terminal: boolean) =>
  ofOrder(({ status: told }) => (told.word === from ? { status: { ...told, value: to, terminal } } : {}))

const SWAPPED_ROLES = { agent: "remote", remote: "agent" } as const

export const PLANTED_MISTAKES: ReadonlyArray<PlantedMistake> = [
  {
    id: "canceled-as-completed",
    is: "`cancelled` is taken for completed",
    at: "revox",
    against: "revring",
    field: "status",
    change: status("cancelled", "completed", true)
  },
  {
    id: "canceled-as-failed",
    is: "`CANCELED` is taken for failed",
    at: "revring",
    against: "vapi",
    field: "status",
    change: status("CANCELED", "failed", true)
  },
  {
    id: "over-too-early",
    is: "`ONGOING` is taken for completed: the order is over while they talk",
    at: "revring",
    against: "revox",
    field: "terminal",
    change: status("ONGOING", "completed", true)
  },
  {
    id: "never-over",
    is: "`completed` is taken for a call that goes on",
    at: "revox",
    against: "vapi",
    field: "terminal",
    change: status("completed", "in_progress", false)
  },
  {
    id: "queued-as-scheduled",
    is: "`queued` is taken for scheduled",
    at: "vapi",
    against: "revox",
    field: "status",
    change: status("queued", "scheduled", false)
  },
  {
    id: "waiting-as-going-on",
    is: "`QUEUED` is taken for a call that is dialled",
    at: "revring",
    against: "revox",
    field: "status",
    change: status("QUEUED", "in_progress", false)
  },
  {
    id: "talk-as-failed-dial",
    is: "a dial that was answered and is `completed` is taken for one that failed",
    at: "revox",
    against: "vapi",
    field: "attempts[].status",
    change: claims(({ status: told, answered }) =>
      told.word === "completed" && answered === true ? { status: { ...told, value: "failed" } } : {}
    )
  },
  {
    id: "failed-dial-as-ringing",
    is: "a dial with `error` is taken for one that rings",
    at: "revox",
    against: "revring",
    field: "attempts[].status",
    change: claims(({ status: told }) =>
      told.word === "error" ? { status: { ...told, value: "dialing", terminal: false } } : {}
    )
  },
  {
    id: "hour-late",
    is: "times of the end are read in a zone an hour away",
    at: "vapi",
    against: "revox",
    field: "attempts[].endedAt",
    change: claims(({ endedAt }) => ({ endedAt: shifted(endedAt, 1) }))
  },
  {
    id: "created-in-local-time",
    is: "the time of the order is taken for local time",
    at: "revring",
    against: "vapi",
    field: "createdAt",
    change: ofOrder(({ createdAt }) => ({ createdAt: shifted(createdAt, -2) }))
  },
  {
    id: "dial-as-answer",
    is: "the time of the dial is taken for that of the answer",
    at: "revring",
    against: "revox",
    field: "attempts[].answeredAt",
    change: claims(({ answeredAt, dialedAt }) => (answeredAt === undefined ? {} : { answeredAt: dialedAt }))
  },
  {
    id: "minutes",
    is: "the duration is taken for minutes",
    at: "revring",
    against: "revox",
    field: "attempts[].talkSeconds",
    change: claims(({ durationSeconds }) =>
      durationSeconds === undefined ? {} : { durationSeconds: durationSeconds * 60 }
    )
  },
  {
    id: "start-forgotten",
    is: "the start time of the order is not read",
    at: "vapi",
    against: "revox",
    field: "scheduledAt",
    change: ofOrder(() => ({ scheduledAt: undefined }))
  },
  {
    id: "roles-swapped",
    is: "the agent's turns are taken for those of the other side, and the other way round",
    at: "vapi",
    against: "revring",
    field: "attempts[].transcript",
    change: turns((all) =>
      all.map((turn) =>
        turn.role === "agent" || turn.role === "remote" ? { ...turn, role: SWAPPED_ROLES[turn.role] } : turn
      )
    )
  },
  {
    id: "tools-as-agent",
    is: "turns of tools are taken for words of the agent",
    at: "revring",
    against: "revox",
    field: "attempts[].transcript",
    change: turns((all) => all.map((turn) => (turn.role === "tool" ? { ...turn, role: "agent" } : turn)))
  },
  {
    id: "last-turn-lost",
    is: "the last turn of the transcript is lost",
    at: "revox",
    against: "vapi",
    field: "attempts[].transcript",
    change: turns((all) => all.slice(0, -1))
  },
  {
    id: "text-cut",
    is: "what is said is cut after 20 characters",
    at: "vapi",
    against: "revox",
    field: "attempts[].transcript",
    change: turns((all) => all.map((turn) => ({ ...turn, text: turn.text.slice(0, 20) })))
  },
  {
    id: "late-transcript",
    is: "a transcript that comes after the end is not read",
    at: "vapi",
    against: "revring",
    field: "enriched",
    change: claims(({ status: told }) => (told.terminal ? { transcript: undefined } : {}))
  },
  {
    id: "voicemail-as-human",
    is: "`voicemail` is taken for a person",
    at: "revox",
    against: "revring",
    field: "reach",
    change: words("result", { voicemail: "human" })
  },
  {
    id: "voicemail-cause-lost",
    is: "`VOICEMAIL_DETECTED` is not read",
    at: "revring",
    against: "revox",
    field: "attempts[].disconnect",
    change: words("hangupCause", { VOICEMAIL_DETECTED: undefined })
  },
  {
    id: "nobody-as-answered",
    is: "a call that nobody answered counts as answered",
    at: "revring",
    against: "revox",
    field: "attempts[].reach",
    change: claims(({ answered }) => (answered === false ? { answered: true } : {}))
  },
  {
    id: "busy-as-no-answer",
    is: "`busy` and `no_answer` are swapped",
    at: "revox",
    against: "vapi",
    field: "attempts[].failure",
    change: words("dial_error", { busy: "no_answer", no_answer: "busy" })
  },
  {
    id: "failure-lost",
    is: "`NO_ANSWER` is not read: nobody knows why",
    at: "revring",
    against: "revox",
    field: "attempts[].failure",
    change: words("hangupCause", { NO_ANSWER: undefined })
  },
  {
    id: "hangup-of-other-side",
    is: "`customer-ended-call` is taken for an end by the assistant",
    at: "vapi",
    against: "revring",
    field: "attempts[].disconnect",
    change: words("endedReason", { "customer-ended-call": "assistant-ended-call" })
  },
  {
    id: "silence-as-limit",
    is: "`SILENCE_TIMEOUT` is taken for the longest duration",
    at: "revring",
    against: "vapi",
    field: "attempts[].disconnect",
    change: words("hangupCause", { SILENCE_TIMEOUT: "MAX_DURATION" })
  },
  {
    id: "limit-as-transfer",
    is: "a call that the system ends is taken for one that was handed over",
    at: "revox",
    against: "revring",
    field: "attempts[].disconnect",
    change: ofAttempts((attempt) =>
      attempt.evidence["ended_by"] === "system"
        ? { ...attempt, evidence: { ...attempt.evidence, end_reason: "transfer" } }
        : attempt
    )
  },
  {
    id: "transfer-forgotten",
    is: "that the call was handed over is not read",
    at: "revring",
    against: "vapi",
    field: "attempts[].transfer",
    change: claims(() => ({ transfer: undefined }))
  },
  {
    id: "one-attempt-too-few",
    is: "the list of attempts is read from its second on",
    at: "revox",
    against: "revring",
    field: "attempts",
    change: (fact) => ({ ...fact, attempts: fact.attempts.slice(1) })
  },
  {
    id: "attempt-twice",
    is: "the newest attempt counts twice, since it stands in two places",
    at: "revox",
    against: "vapi",
    field: "attempts",
    change: (fact) => ({ ...fact, attempts: [...fact.attempts, ...fact.attempts.slice(0, 1)] })
  },
  {
    id: "metadata-dropped",
    is: "the caller's own values are not read",
    at: "vapi",
    against: "revox",
    field: "metadata",
    change: ofOrder(() => ({ metadata: undefined }))
  },
  {
    id: "variable-dropped",
    is: "one of the variables is lost",
    at: "revox",
    against: "revring",
    field: "variables",
    change: ofOrder(({ variables }) => ({ variables: without(variables, (_, index) => index === 0) }))
  },
  {
    id: "reference-lost",
    is: "the caller's own key is not read",
    at: "revring",
    against: "vapi",
    field: "reference",
    change: ofOrder(({ variables }) => ({ variables: without(variables, (name) => name === "call_reference") }))
  },
  {
    id: "direction-flipped",
    is: "inbound and outbound are swapped",
    at: "revring",
    against: "revox",
    field: "direction",
    change: (fact) => ({
      ...fact,
      evidence: { ...fact.evidence, direction: fact.evidence["direction"] === "INBOUND" ? "OUTBOUND" : "INBOUND" }
    })
  },
  {
    id: "numbers-swapped",
    is: "the two numbers are swapped",
    at: "revring",
    against: "vapi",
    field: "to",
    change: ofOrder(({ from, to }) => ({ from: to, to: from }))
  },
  {
    id: "recording-lost",
    is: "the recording is not read",
    at: "revring",
    against: "revox",
    field: "attempts[].recordingUrl",
    change: claims(() => ({ recordingUrl: undefined }))
  },
  {
    id: "extracted-lost",
    is: "data of the conversation that come late are not read",
    at: "revox",
    against: "vapi",
    field: "attempts[].extracted",
    change: claims(() => ({ extracted: undefined }))
  },
  {
    id: "summary-lost",
    is: "the summary is not read",
    at: "vapi",
    against: "revring",
    field: "summary",
    change: ofOrder(() => ({ summary: undefined }))
  }
]

/**
 * What no pair can show: one states it, and the other only guesses, which it declares. That many calls differ so is seen in a
 * comparison of many calls.
 */
export const BEYOND_PAIRS: ReadonlyArray<PlantedMistake> = [
  {
    id: "human-as-voicemail",
    is: "`human` is taken for a mailbox",
    at: "revox",
    against: "vapi",
    field: "attempts[].reach",
    change: words("result", { human: "voicemail" })
  }
]

/** The bodies as a mapping with the mistake reads them. */
const readWrongly = (
  bodies: ReadonlyArray<JsonObject>,
  adapter: Adapter,
  change: PlantedMistake["change"]
): ReadonlyArray<CallOrder> =>
  bodies.flatMap((body) => {
    const fact = adapter.shapes.find(({ matches }) => matches(body))?.read(body)
    return fact?.kind === "order" ? [viewFact(change(fact), adapter)] : []
  })

/** By which pair a mistake was found, counted from the first, and in which fields. */
export interface Found {
  readonly pair: number
  readonly fields: ReadonlyArray<string>
}

/** The first pair in which the field is named, of at most so many; `undefined` if there is none. */
export const findMistake = (
  { at, against, field, change }: PlantedMistake,
  from: number,
  most: number
): Found | undefined => {
  const pairing: Pairing = [at, against]
  for (let pair = 1; pair <= most; pair++) {
    const call = scriptedCall(String(from + pair - 1))
    const wrong = readWrongly(tellers[at].tell(call), tellers[at].adapter, change)
    const { differences } = compareBy(pairing, wrong, readOrders(tellers[against].tell(call)), call)
    const fields = [...new Set(differences.map((each) => each.field.replace(/\[\d+\]/, "[]")))]
    if (fields.includes(field)) return { pair, fields }
  }
  return undefined
}
