import * as Schema from "effect/Schema"
import type { AttemptStatus, OrderStatus } from "./CallStatus.ts"
import { type FailureKind, reachOfFailure } from "./Failure.ts"
import { type Transcript } from "./Transcript.ts"
import { remoteReplies, REPLIES_OF_A_CONVERSATION } from "./Reply.ts"

/** How sure a verdict is: the provider states it, a detector of the provider's found it, or we infer it. Never pooled silently. */
export const Certainty = Schema.Literals(["stated", "detected", "inferred"])
export type Certainty = typeof Certainty.Type

/** What the remote party turned out to be. */
export const AnsweredByValue = Schema.Literals([
  "human",
  "voicemail",
  "ivr",
  "call_screening",
  "unknown",
  "unrecognized"
])
export type AnsweredByValue = typeof AnsweredByValue.Type

/** Who or what answered, and how that is known. */
export const AnsweredBy = Schema.Struct({ value: AnsweredByValue, certainty: Certainty })
export type AnsweredBy = typeof AnsweredBy.Type

/** What a call achieved in terms of contact. */
export const ReachValue = Schema.Literals([
  "human",
  "answered",
  "call_screening",
  "ivr",
  "voicemail",
  "pending",
  "not_reached",
  "failed",
  "canceled",
  "unknown"
])
export type ReachValue = typeof ReachValue.Type

/** What a call achieved in terms of contact, with its evidence in provider words (`result=human`); no personal data in it. */
export const Reach = Schema.Struct({
  value: ReachValue,
  /** The provider states it, a detector of the provider's found it, or it is inferred. */
  certainty: Certainty,
  because: Schema.Array(Schema.String),
  /** Other evidence speaks against it. */
  contradicted: Schema.optionalKey(Schema.Literal(true))
})
export type Reach = typeof Reach.Type

/** A verdict with the provider's words it rests on. */
export interface Verdict<A> {
  readonly value: A
  readonly certainty: Certainty
  readonly because: string
}

/** What is known of one attempt once its claims are settled: everything the rules of reach look at. */
export interface AttemptEvidence {
  readonly status: AttemptStatus
  readonly statusBecause: string
  readonly over: boolean
  readonly running: boolean
  readonly ended: string | undefined
  readonly answered: boolean | undefined
  readonly answeredBecause: string
  readonly talkSeconds: number | undefined
  /** Replies of a person; those beyond a conversation's need not be counted. */
  readonly remoteReplies: number
  readonly answeredBy: Verdict<AnsweredByValue> | undefined
  /** Absent if the failure is only kept as text and proves nothing. */
  readonly failure: Verdict<FailureKind> | undefined
}

/**
 * A reply after the agent spoke: who answered is a person, where the provider gives no word for it. Noise is no reply, nor is
 * what stands among the phrases of machines.
 */
export const answeredByReply = (transcript: Transcript | undefined): Verdict<AnsweredByValue> | undefined =>
  remoteReplies(transcript, 1) > 0
    ? { value: "human", certainty: "inferred", because: "transcript=remote_turn_after_agent_turn" }
    : undefined

const REACHED_WORDS: ReadonlySet<AnsweredByValue> = new Set(["human", "voicemail", "ivr", "call_screening"])

const isReached = (value: AnsweredByValue): value is "human" | "voicemail" | "ivr" | "call_screening" =>
  REACHED_WORDS.has(value)

/** The first rule that applies; the numbers are those of the contract. */
const settle = (e: AttemptEvidence): Verdict<ReachValue> => {
  const { answeredBy, failure } = e
  const byStatus = (value: ReachValue, certainty: Certainty) => ({ value, certainty, because: e.statusBecause })
  if (!e.over) return byStatus(e.status === "unrecognized" ? "unknown" : "pending", "stated") // 1
  if (answeredBy !== undefined && isReached(answeredBy.value)) return { ...answeredBy, value: answeredBy.value } // 2
  if (e.answered === true) return { value: "answered", certainty: "inferred", because: e.answeredBecause } // 3
  if (e.status === "canceled") return byStatus("canceled", "stated") // 4
  if (failure !== undefined) return { ...failure, value: reachOfFailure(failure.value) } // 5, 6
  if (e.status === "failed") return byStatus("failed", "stated") // 6
  if (e.answered === false) return { value: "not_reached", certainty: "inferred", because: e.answeredBecause } // 7
  return byStatus("unknown", "inferred") // 8
}

/** Evidence that speaks against other evidence of the same attempt, whichever of the two the rules chose. */
const contradictions = (e: AttemptEvidence): ReadonlyArray<string> => {
  let found = NO_EVIDENCE
  const verdict = e.answeredBy?.value
  if (e.answeredBy !== undefined && (verdict === "human" || verdict === "voicemail")) {
    if (e.answered === false) found = [...found, e.answeredBy.because, e.answeredBecause]
    if (e.talkSeconds === 0) found = [...found, e.answeredBy.because, "talkSeconds=0"]
    if (verdict === "voicemail" && e.remoteReplies >= REPLIES_OF_A_CONVERSATION) {
      found = [...found, e.answeredBy.because, "transcript=remote_turns_after_agent_turns"]
    }
  }
  if (e.failure !== undefined && e.answered === true) found = [...found, e.failure.because, e.answeredBecause]
  if (e.running && e.ended !== undefined) found = [...found, e.statusBecause, e.ended]
  return found
}

const NO_EVIDENCE: ReadonlyArray<string> = []

export const attemptReach = (evidence: AttemptEvidence): Reach => {
  const { value, certainty, because } = settle(evidence)
  const against = contradictions(evidence)
  if (against.length === 0) return { value, certainty, because: [because] }
  return { value, certainty, because: [...new Set([because, ...against])], contradicted: true }
}

const CERTAINTY_RANK = { stated: 2, detected: 1, inferred: 0 } as const satisfies Record<Certainty, number>

const CONTACT_RANK = {
  human: 10,
  answered: 9,
  call_screening: 8,
  ivr: 7,
  voicemail: 6,
  not_reached: 5,
  failed: 4,
  canceled: 3,
  pending: 2,
  unknown: 1
} as const satisfies Record<ReachValue, number>

/** Whether somebody or something was on the line. */
export const isContact = (value: ReachValue): boolean => CONTACT_RANK[value] >= CONTACT_RANK.voicemail

/** Attempts come oldest first: an equal one later does not displace an earlier one. */
const best = (reaches: ReadonlyArray<Reach>): Reach | undefined => {
  let winner: Reach | undefined
  for (const reach of reaches) {
    if (winner === undefined || compare(reach, winner) > 0) winner = reach
  }
  return winner
}

const compare = (a: Reach, b: Reach): number =>
  CONTACT_RANK[a.value] - CONTACT_RANK[b.value] || CERTAINTY_RANK[a.certainty] - CERTAINTY_RANK[b.certainty]

const withoutAttempts = { canceled: "canceled", failed: "failed" } as const

/** Once an order is over, an attempt still pending is one whose end nobody told. */
const asUnknown = (reach: Reach): Reach =>
  reach.value === "pending" ? { ...reach, value: "unknown", certainty: "inferred" } : reach

interface OrderProgress {
  readonly status: OrderStatus
  /** Absent: not known. */
  readonly terminal: boolean | undefined
  /** It goes on, and dials no more. */
  readonly dialingDone?: boolean
  readonly because: string
}

/**
 * Reach of an order from its attempts, oldest first. While the order may dial again, only contact counts and everything
 * else is pending.
 */
export const orderReach = (attempts: ReadonlyArray<Reach>, order: OrderProgress): Reach => {
  const fromOrder = (value: ReachValue, certainty: Certainty): Reach => ({ value, certainty, because: [order.because] })
  const isOpen = order.terminal === false
  if (isOpen && (order.dialingDone !== true || attempts.length === 0)) {
    const winner = best(attempts.filter(({ value }) => isContact(value)))
    const doubtful = attempts.find(({ value, contradicted }) => value === "pending" && contradicted === true)
    return winner ?? doubtful ?? fromOrder("pending", "stated")
  }
  const isOver = order.terminal === true
  const settled = isOver && attempts.some(({ value }) => value === "pending") ? attempts.map(asUnknown) : attempts
  const winner = best(settled)
  if (winner !== undefined) return winner
  return order.status === "canceled" || order.status === "failed"
    ? fromOrder(withoutAttempts[order.status], "stated")
    : fromOrder("unknown", "inferred")
}
