/** What the words of a Revox record mean, once its claims are settled: who answered, why it failed, how it ended. */
import type { Disconnect } from "../../src/domain/Disconnect.ts"
import type { AttemptFact, AttemptMeaning, Evidence, Interpretation } from "../../src/domain/Fact.ts"
import { evidenceText } from "../../src/domain/flatText.ts"
import { meaningOf, readReference } from "../../src/provider/FieldReader.ts"
import {
  dialErrorWords,
  dialingDoneWords,
  directionWords,
  endedByWords,
  endReasonWords,
  evidenceWords,
  outcomeWords,
  resultWords
} from "./Words.ts"

const disconnectFrom = ({ end_reason, ended_by }: Evidence): Disconnect | undefined => {
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

const handledByFrom = ({ handled_by_ai, handled_by_human }: Evidence): AttemptMeaning["handledBy"] => {
  if (handled_by_ai === undefined && handled_by_human === undefined) return undefined
  const ai = handled_by_ai === true ? (["ai"] as const) : []
  const human = handled_by_human === true ? (["human"] as const) : []
  return [...ai, ...human]
}

const meaningOfAttempt = ({ evidence }: AttemptFact): AttemptMeaning => {
  const { result, dial_error } = evidence
  const kind = meaningOf(dial_error, dialErrorWords)
  return {
    answeredBy:
      typeof result === "string"
        ? { value: resultWords(result) ?? "unrecognized", certainty: "stated", because: evidenceText("result", result) }
        : undefined,
    failure: kind === undefined ? undefined : { kind },
    failureVerdict:
      kind === undefined
        ? undefined
        : {
            value: kind,
            certainty: kind === "unrecognized" ? "inferred" : "stated",
            because: evidenceText("dial_error", String(dial_error))
          },
    disconnect: disconnectFrom(evidence),
    handledBy: handledByFrom(evidence)
  }
}

export const interpretation: Interpretation = {
  terms: { dialedAt: "started_at", answeredAt: "answered_at", endedAt: "ended_at", duration: "duration" },
  order: ({ claims, evidence: { direction, outcome } }) => ({
    direction: meaningOf(direction, directionWords),
    channel: "phone",
    outcome: meaningOf(outcome, outcomeWords),
    reference: readReference(claims.metadata, "reference"),
    dialingDone: claims.status.word !== undefined && dialingDoneWords(claims.status.word) === true
  }),
  attempt: meaningOfAttempt,
  recognizes: (field, word) => typeof word === "boolean" || evidenceWords.get(field)?.(word) !== undefined
}
