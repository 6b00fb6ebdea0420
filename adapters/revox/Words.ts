/**
 * The words of Revox and what they mean in the call model: a table for each field, then what the words of a record say
 * together. A known word that is not mapped does not compile.
 */
import type { Direction, Outcome } from "../../src/domain/CallOrder.ts"
import type { AttemptStatus, OrderStatus } from "../../src/domain/CallStatus.ts"
import type { Disconnect, DisconnectedBy, DisconnectReason } from "../../src/domain/Disconnect.ts"
import type { AttemptMeaning, RawWords, Interpretation } from "../../src/domain/Fact.ts"
import type { FailureKind } from "../../src/domain/Failure.ts"
import type { AnsweredByValue } from "../../src/domain/Reach.ts"
import { PLAIN_ROLES, type Role } from "../../src/domain/Transcript.ts"
import { wordTable } from "../../src/domain/Words.ts"
import { meaningOf, readReference } from "../../src/provider/FieldReader.ts"
import { recognizerOf, statedAnswerer, statedFailure } from "../../src/provider/wordMeanings.ts"
import * as Wire from "./Wire.ts"

export const orderStatusWords = wordTable<OrderStatus>({
  initializing: "queued",
  scheduled: "scheduled",
  queued_for_calling: "queued",
  calling: "in_progress",
  completed: "completed",
  cancelled: "canceled",
  errored: "failed",
  /** Of a campaign: waits to be started. */
  not_launched: "scheduled",
  /** Waits, and may never go on. */
  paused: "queued",
  /** Over on the line and not written up yet: see `dialingDoneWords`. */
  post_processing: "in_progress"
} satisfies Record<(typeof Wire.ORDER_STATUSES)[number], OrderStatus>)

/** Statuses of an order that goes on and dials no more. */
export const dialingDoneWords = wordTable<true>({
  post_processing: true
} satisfies Partial<Record<(typeof Wire.ORDER_STATUSES)[number], true>>)

export const attemptStatusWords = wordTable<AttemptStatus>({
  queued: "queued",
  ringing: "dialing",
  ongoing: "in_progress",
  completed: "ended",
  error: "failed"
} satisfies Record<(typeof Wire.ATTEMPT_STATUSES)[number], AttemptStatus>)

export const dialErrorWords = wordTable<FailureKind>({
  number_non_attributed: "invalid_number",
  too_many_calls: "congestion",
  busy: "busy",
  temporarily_unavailable: "unreachable",
  no_answer: "no_answer",
  no_international_permission: "not_permitted",
  precondition_failed: "precondition_failed",
  non_classified_error: "unclassified"
} satisfies Record<(typeof Wire.DIAL_ERRORS)[number], FailureKind>)

export const resultWords = wordTable<AnsweredByValue>({
  IVR: "ivr",
  voicemail: "voicemail",
  human: "human",
  unknown: "unknown",
  "ios-screening-filter": "call_screening"
} satisfies Record<(typeof Wire.RESULTS)[number], AnsweredByValue>)

/**
 * `end_reason` with the side that ends such a call where `ended_by` does not say. It is documented as the reason of calls
 * that the agent ends.
 */
export const endReasonWords = wordTable<{ readonly reason: DisconnectReason; readonly by: DisconnectedBy }>({
  transfer: { reason: "transferred", by: "agent" },
  tool_end_call: { reason: "agent_hangup", by: "agent" },
  voicemail: { reason: "voicemail", by: "agent" },
  ivr_no_navigate: { reason: "ivr_dead_end", by: "agent" }
} satisfies Record<(typeof Wire.END_REASONS)[number], { reason: DisconnectReason; by: DisconnectedBy }>)

export const endedByWords = wordTable<DisconnectedBy>({
  agent: "agent",
  user: "remote",
  system: "system"
} satisfies Record<(typeof Wire.ENDED_BY)[number], DisconnectedBy>)

export const outcomeWords = wordTable<Outcome>({
  not_interested: "not_interested",
  interested: "interested",
  completed: "completed",
  requested_callback_later: "callback_later",
  requested_callback_new_number: "callback_new_number",
  do_not_contact: "do_not_contact",
  none: "none"
} satisfies Record<(typeof Wire.OUTCOMES)[number], Outcome>)

export const directionWords = wordTable<Direction>({
  inbound: "inbound",
  outbound: "outbound"
} satisfies Record<(typeof Wire.DIRECTIONS)[number], Direction>)

/** `role` of a turn in a transcript. */
export const roleWords = wordTable<Role>(PLAIN_ROLES)

// What they say together: who answered, why it failed, how it ended

const disconnectFrom = ({ end_reason, ended_by }: RawWords): Disconnect | undefined => {
  const stated = meaningOf(ended_by, endedByWords)
  if (typeof end_reason === "string") {
    const row = endReasonWords(end_reason)
    const by = stated ?? row?.by
    const reason = row?.reason ?? "unrecognized"
    return by === undefined ? { reason } : { by, reason }
  }
  if (stated === undefined) return undefined
  return stated === "remote" ? { by: stated, reason: "remote_hangup" } : { by: stated }
}

const handledByFrom = ({ handled_by_ai, handled_by_human }: RawWords): AttemptMeaning["handledBy"] => {
  if (handled_by_ai === undefined && handled_by_human === undefined) return undefined
  const ai = handled_by_ai === true ? (["ai"] as const) : []
  const human = handled_by_human === true ? (["human"] as const) : []
  return [...ai, ...human]
}

export const interpretation: Interpretation = {
  terms: { dialedAt: "started_at", answeredAt: "answered_at", endedAt: "ended_at", duration: "duration" },
  order: ({ claims, evidence: { direction, outcome } }) => ({
    direction: meaningOf(direction, directionWords),
    channel: "phone",
    outcome: meaningOf(outcome, outcomeWords),
    reference: readReference(claims.metadata, Wire.REFERENCE_KEY),
    dialingDone: claims.status.word !== undefined && dialingDoneWords(claims.status.word) === true
  }),
  attempt: ({ evidence }) => {
    const { failure, failureVerdict } = statedFailure(evidence, "dial_error", dialErrorWords)
    return {
      answeredBy: statedAnswerer(evidence, "result", resultWords),
      failure,
      failureVerdict,
      disconnect: disconnectFrom(evidence),
      handledBy: handledByFrom(evidence)
    }
  },
  recognizes: recognizerOf({
    direction: directionWords,
    outcome: outcomeWords,
    result: resultWords,
    dial_error: dialErrorWords,
    end_reason: endReasonWords,
    ended_by: endedByWords
  })
}
