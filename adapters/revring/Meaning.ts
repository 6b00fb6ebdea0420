/** What the words of a RevRing record mean, once its claims are settled: who answered, why it failed, how it ended. */
import type { AttemptStatus } from "../../src/domain/CallStatus.ts"
import type { Disconnect } from "../../src/domain/Disconnect.ts"
import type { AttemptFact, AttemptMeaning, Interpretation, StatusClaim } from "../../src/domain/Fact.ts"
import { type Failure, type FailureKind, failureInText } from "../../src/domain/Failure.ts"
import { evidenceText } from "../../src/domain/flatText.ts"
import { answeredByReply } from "../../src/domain/Reach.ts"
import { meaningOf, readReference } from "../../src/provider/FieldReader.ts"
import * as Wire from "./Wire.ts"
import {
  directionWords,
  evidenceWords,
  hangupCauseWords,
  sourceWords,
  statusFailureWords,
  transferredWords
} from "./Words.ts"

interface FailureReading {
  readonly failure: Failure
  readonly verdict?: AttemptMeaning["failureVerdict"]
}

/** The cause names a failure before the status does; free text is asked last. */
const failureFrom = ({ claims, evidence }: AttemptFact): FailureReading | undefined => {
  const { status, answered } = claims
  const { hangupCause, errorMessage } = evidence
  const text = typeof errorMessage === "string" && errorMessage !== "" ? failureInText(errorMessage) : undefined
  const fromWord = (kind: FailureKind, because: string): FailureReading => ({
    failure: { ...text, kind },
    verdict: { value: kind, certainty: "stated", because }
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
  if (text === undefined) return undefined
  const proves = status.value === "failed" || answered !== true
  if (!proves)
    return {
      failure: { kind: "unclassified", ...(text.message === undefined ? {} : { message: text.message }) }
    }
  return {
    failure: text,
    verdict: { value: text.kind, certainty: "inferred", because: evidenceText("errorMessage", text.kind) }
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

const isTransferred = ({ word }: StatusClaim<AttemptStatus>): boolean =>
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

const meaningOfAttempt = (attempt: AttemptFact): AttemptMeaning => {
  const failure = failureFrom(attempt)
  return {
    answeredBy: answeredByFrom(attempt),
    failure: failure?.failure,
    failureVerdict: failure?.verdict,
    disconnect: disconnectFrom(attempt)
  }
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
  attempt: meaningOfAttempt,
  // Free text has no table: whatever it says is stated.
  recognizes: (field, word) =>
    typeof word === "boolean" || (evidenceWords.has(field) ? evidenceWords.get(field)?.(word) !== undefined : true)
}
