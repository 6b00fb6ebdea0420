/**
 * The words of Vapi and what they mean in the call model: a table for each field, then what the words of a record say
 * together. A known word that is not mapped does not compile. Reasons of the end are in `EndedReason.ts`.
 */
import type { Channel, Direction } from "../../src/domain/CallOrder.ts"
import type { AttemptStatus, OrderStatus } from "../../src/domain/CallStatus.ts"
import type { AttemptFact, AttemptMeaning, Interpretation, RawWords } from "../../src/domain/Fact.ts"
import { failureInText } from "../../src/domain/Failure.ts"
import { evidenceText } from "../../src/domain/flatText.ts"
import { present } from "../../src/domain/present.ts"
import { answeredByReply } from "../../src/domain/Reach.ts"
import { PLAIN_ROLES, type Role, type Transcript } from "../../src/domain/Transcript.ts"
import type { Transfer, TransferState } from "../../src/domain/Transfer.ts"
import { wordTable } from "../../src/domain/Words.ts"
import { meaningOf } from "../../src/provider/FieldReader.ts"
import { recognizerOf } from "../../src/provider/wordMeanings.ts"
import { endedReasonWords, type ReasonMeaning } from "./EndedReason.ts"
import type * as Wire from "./Wire.ts"

export { endedReasonWords } from "./EndedReason.ts"

type Status = (typeof Wire.STATUSES)[number]

/** Every call that is over is `ended`, whatever came of it: why is in `endedReason`. */
export const orderStatusWords = wordTable<OrderStatus>({
  scheduled: "scheduled",
  queued: "queued",
  ringing: "in_progress",
  "in-progress": "in_progress",
  forwarding: "in_progress",
  ended: "completed"
} satisfies Record<Status, OrderStatus>)

export const attemptStatusWords = wordTable<AttemptStatus>({
  scheduled: "queued",
  queued: "queued",
  ringing: "dialing",
  "in-progress": "in_progress",
  forwarding: "in_progress",
  ended: "ended"
} satisfies Record<Status, AttemptStatus>)

interface TypeMeaning {
  /** Nobody says who opened a call in a browser. */
  readonly direction?: Direction
  readonly channel: Channel
}

export const typeWords = wordTable<TypeMeaning>({
  outboundPhoneCall: { direction: "outbound", channel: "phone" },
  inboundPhoneCall: { direction: "inbound", channel: "phone" },
  webCall: { channel: "web" },
  "vapi.websocketCall": { channel: "web" }
} satisfies Record<(typeof Wire.CALL_TYPES)[number], TypeMeaning>)

/** `role` of a message: free text by its type, so that plain words for who speaks count too. */
export const roleWords = wordTable<Role>({
  ...PLAIN_ROLES,
  tool_calls: "tool",
  tool_call_result: "tool"
} satisfies Record<(typeof Wire.ROLES)[number], Role>)

/** What became of the third party: never the customer's failure. */
export const transferStatusWords = wordTable<TransferState>({
  connected: "connected",
  completed: "completed",
  "no-answer": "not_connected",
  busy: "not_connected",
  voicemail: "not_connected",
  failed: "not_connected",
  cancelled: "not_connected"
} satisfies Record<(typeof Wire.TRANSFER_STATUSES)[number], TransferState>)

// What they say together: who answered, why it failed, how it ended

type Ending = Pick<AttemptMeaning, "failure" | "failureVerdict" | "disconnect">

const failureFrom = (
  { failure: kind, sipCode, codeInMessage }: ReasonMeaning,
  word: string,
  message: string | undefined
): Ending => {
  if (kind === undefined) return {}
  const text = message === undefined || message === "" ? undefined : failureInText(message)
  // Of the text a code counts, no phrase: the page gives the field no form.
  if (codeInMessage === "decides" && text?.sipCode !== undefined) {
    return {
      failure: text,
      failureVerdict: { value: text.kind, certainty: "inferred", because: evidenceText("endedMessage", text.kind) }
    }
  }
  const besides = codeInMessage === "adds" ? text?.sipCode : undefined
  return {
    failure: { kind, ...present({ sipCode: sipCode ?? besides, message: text?.message }) },
    failureVerdict: { value: kind, certainty: "stated", because: evidenceText("endedReason", word) }
  }
}

interface Course {
  readonly transfer?: Transfer | undefined
  readonly transcript?: Transcript | undefined
}

/** A tool for it may have any name; Vapi's own is `transferCall`. */
const asksForTransfer = (transcript: Transcript | undefined): boolean =>
  transcript !== undefined &&
  "turns" in transcript &&
  transcript.turns.some(({ role, toolName }) => role === "tool" && /transfer/i.test(toolName ?? ""))

/**
 * Whether the connection that failed was a third party's: there is a transfer, or the customer was on the line already, having
 * called us or replied.
 */
export const isOfThirdParty = (
  reason: ReasonMeaning | undefined,
  type: unknown,
  { transfer, transcript }: Course
): boolean => {
  if (reason?.ofTransferToo !== true) return false
  const known = typeof type === "string" ? typeWords(type) : undefined
  return (
    transfer !== undefined ||
    (known !== undefined && known.direction !== "outbound") ||
    answeredByReply(transcript) !== undefined ||
    asksForTransfer(transcript)
  )
}

const endingFrom = ({ claims, evidence }: AttemptFact): Ending => {
  const { endedReason, endedMessage } = evidence
  if (typeof endedReason !== "string") return {}
  const reason = endedReasonWords(endedReason)
  if (reason === undefined) return { disconnect: { reason: "unrecognized" } }
  if (isOfThirdParty(reason, typeIn(evidence), claims)) {
    return { disconnect: { reason: "transfer_failed", by: "system" } }
  }
  const message = typeof endedMessage === "string" ? endedMessage : undefined
  return { ...failureFrom(reason, endedReason, message), disconnect: reason.ended }
}

/** No word says that a person answered. A mailbox is a detector's verdict, and detection is off unless it is set up. */
const answeredByFrom = ({ claims, evidence: { endedReason } }: AttemptFact): AttemptMeaning["answeredBy"] => {
  const value = typeof endedReason === "string" ? endedReasonWords(endedReason)?.answeredBy : undefined
  return value === undefined
    ? answeredByReply(claims.transcript)
    : { value, certainty: "detected", because: evidenceText("endedReason", String(endedReason)) }
}

/** In a message it is the type of the call inside. */
const typeIn = (evidence: RawWords): RawWords[string] => evidence["type"] ?? evidence["call.type"]

export const interpretation: Interpretation = {
  // There is no time of the dial or of the answer, and no duration: `startedAt` is when the call was started.
  terms: { dialedAt: "dialedAt", answeredAt: "answeredAt", endedAt: "endedAt", duration: "duration" },
  order: ({ evidence }) => {
    const type = meaningOf(typeIn(evidence), typeWords)
    const { name } = evidence
    return {
      direction: type === "unrecognized" ? type : type?.direction,
      channel: type === "unrecognized" || type === undefined ? "phone" : type.channel,
      reference: typeof name === "string" && name !== "" ? name : undefined
    }
  },
  attempt: (attempt) => {
    const { claims, evidence } = attempt
    return {
      answeredBecause:
        claims.answered === undefined ? undefined : evidenceText("endedReason", String(evidence["endedReason"])),
      answeredBy: answeredByFrom(attempt),
      ...endingFrom(attempt)
    }
  },
  recognizes: recognizerOf({ type: typeWords, "call.type": typeWords, endedReason: endedReasonWords })
}
