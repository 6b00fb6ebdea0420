/**
 * The words of RevRing and what they mean in the call model: a table for each field, then what the words of a record say
 * together. A known word that is not mapped does not compile.
 */
import type { Direction } from "../../src/domain/CallOrder.ts"
import type { AttemptStatus, OrderStatus } from "../../src/domain/CallStatus.ts"
import type { Disconnect, DisconnectedBy, DisconnectReason } from "../../src/domain/Disconnect.ts"
import type { AttemptFact, AttemptMeaning, Interpretation, StatusClaim } from "../../src/domain/Fact.ts"
import { type FailureKind, failureInText } from "../../src/domain/Failure.ts"
import { evidenceText } from "../../src/domain/flatText.ts"
import { present } from "../../src/domain/present.ts"
import { answeredByReply } from "../../src/domain/Reach.ts"
import { PLAIN_ROLES, type Role } from "../../src/domain/Transcript.ts"
import { wordTable } from "../../src/domain/Words.ts"
import { meaningOf, readReference } from "../../src/provider/FieldReader.ts"
import { recognizerOf } from "../../src/provider/wordMeanings.ts"
import * as Wire from "./Wire.ts"

type Status = (typeof Wire.STATUSES)[number] | (typeof Wire.OBSERVED_STATUSES)[number]

export const orderStatusWords = wordTable<OrderStatus>({
  QUEUED: "queued",
  INITIATED: "in_progress",
  ONGOING: "in_progress",
  TRANSFERRED: "completed",
  COMPLETED: "completed",
  FAILED: "failed",
  CANCELED: "canceled",
  CANCELLED: "canceled",
  NO_ANSWER: "failed",
  BUSY: "failed"
} satisfies Record<Status, OrderStatus>)

export const attemptStatusWords = wordTable<AttemptStatus>({
  QUEUED: "queued",
  INITIATED: "dialing",
  ONGOING: "in_progress",
  TRANSFERRED: "ended",
  COMPLETED: "ended",
  FAILED: "failed",
  CANCELED: "canceled",
  CANCELLED: "canceled",
  NO_ANSWER: "failed",
  BUSY: "failed"
} satisfies Record<Status, AttemptStatus>)

/** Statuses that say why the call failed. */
export const statusFailureWords = wordTable<FailureKind>({
  NO_ANSWER: "no_answer",
  BUSY: "busy"
} satisfies Partial<Record<Status, FailureKind>>)

/** What a hangup cause means: a failure, an end of the call, or either, depending on whether it had been answered. */
export interface CauseMeaning {
  readonly failure?: FailureKind
  readonly ended?: { readonly reason: DisconnectReason; readonly by: DisconnectedBy }
}

export const hangupCauseWords = wordTable<CauseMeaning>({
  USER_ENDED: { ended: { reason: "remote_hangup", by: "remote" } },
  END_CALL_TOOL: { ended: { reason: "agent_hangup", by: "agent" } },
  AGENT_HUNG_UP: { ended: { reason: "agent_hangup", by: "agent" } },
  SILENCE_TIMEOUT: { ended: { reason: "silence", by: "system" } },
  MAX_DURATION: { ended: { reason: "max_duration", by: "system" } },
  VOICEMAIL_DETECTED: { ended: { reason: "voicemail", by: "system" } },
  NO_ANSWER: { failure: "no_answer" },
  NO_PICKUP: { failure: "no_answer" },
  BUSY: { failure: "busy" },
  USER_DID_NOT_RESPOND: { failure: "no_answer", ended: { reason: "silence", by: "system" } }
} satisfies Record<(typeof Wire.HANGUP_CAUSES)[number], CauseMeaning>)

export const directionWords = wordTable<Direction>({
  INBOUND: "inbound",
  OUTBOUND: "outbound"
} satisfies Record<(typeof Wire.DIRECTIONS)[number], Direction>)

export const sourceWords = wordTable<"web">({ web_widget: "web" } satisfies Record<
  (typeof Wire.SOURCES)[number],
  "web"
>)

/** `role`, `speaker` or `from` of a turn in a transcript. */
export const roleWords = wordTable<Role>(PLAIN_ROLES)

/** A transfer ends the call for the agent and shows in the status alone. */
export const transferredWords = wordTable<true>({ TRANSFERRED: true })

// What they say together: who answered, why it failed, how it ended

type FailureReading = Pick<AttemptMeaning, "failure" | "failureVerdict">

/** The cause names a failure before the status does; free text is asked last. */
const failureFrom = ({ claims, evidence }: AttemptFact): FailureReading => {
  const { status, answered } = claims
  const { hangupCause, errorMessage } = evidence
  const text = typeof errorMessage === "string" && errorMessage !== "" ? failureInText(errorMessage) : undefined
  const fromWord = (kind: FailureKind, because: string): FailureReading => ({
    failure: { ...text, kind },
    failureVerdict: { value: kind, certainty: "stated", because }
  })
  if (typeof hangupCause === "string") {
    const cause = hangupCauseWords(hangupCause)
    const kind = cause?.failure
    if (kind !== undefined && !(cause?.ended !== undefined && answered === true)) {
      return fromWord(kind, evidenceText("hangupCause", hangupCause))
    }
  }
  const kindOfStatus = status.word === undefined ? undefined : statusFailureWords(status.word)
  if (kindOfStatus !== undefined) return fromWord(kindOfStatus, status.because)
  if (text === undefined) return {}
  if (status.value !== "failed" && answered === true) {
    return { failure: { kind: "unclassified", ...present({ message: text.message }) } }
  }
  return {
    failure: text,
    failureVerdict: { value: text.kind, certainty: "inferred", because: evidenceText("errorMessage", text.kind) }
  }
}

const disconnectFrom = ({ claims, evidence }: AttemptFact): Disconnect | undefined => {
  if (isTransferred(claims.status)) return { by: "agent", reason: "transferred" }
  const { hangupCause } = evidence
  if (typeof hangupCause !== "string") return undefined
  const cause = hangupCauseWords(hangupCause)
  if (cause === undefined) return { reason: "unrecognized" }
  return cause.ended === undefined || (cause.failure !== undefined && claims.answered !== true)
    ? undefined
    : cause.ended
}

export const isTransferred = ({ word }: StatusClaim<AttemptStatus>): boolean =>
  word !== undefined && transferredWords(word) === true

/** RevRing never says who answered. Its voicemail detector is known to fire on call screening. */
const answeredByFrom = ({ claims, evidence }: AttemptFact): AttemptMeaning["answeredBy"] => {
  const { hangupCause } = evidence
  if (typeof hangupCause === "string" && hangupCauseWords(hangupCause)?.ended?.reason === "voicemail") {
    return { value: "voicemail", certainty: "detected", because: evidenceText("hangupCause", hangupCause) }
  }
  if (isTransferred(claims.status)) return { value: "human", certainty: "inferred", because: claims.status.because }
  return answeredByReply(claims.transcript)
}

export const interpretation: Interpretation = {
  terms: { dialedAt: "initiatedAt", answeredAt: "startedAt", endedAt: "endedAt", duration: "durationSeconds" },
  order: ({ claims, evidence: { direction, source } }) => ({
    direction: meaningOf(direction, directionWords),
    // A browser call dialled by agent id carries that id where the number would be.
    channel:
      (typeof source === "string" && sourceWords(source) === "web") ||
      (claims.to !== undefined && claims.to === claims.agentId)
        ? "web"
        : "phone",
    reference: readReference(claims.variables, Wire.REFERENCE_VARIABLE)
  }),
  attempt: (attempt) => {
    const { failure, failureVerdict } = failureFrom(attempt)
    return { answeredBy: answeredByFrom(attempt), failure, failureVerdict, disconnect: disconnectFrom(attempt) }
  },
  recognizes: recognizerOf({ direction: directionWords, hangupCause: hangupCauseWords, source: sourceWords })
}
