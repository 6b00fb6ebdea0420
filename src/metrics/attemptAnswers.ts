/** Questions to a single dial that is over. */
import type { Attempt } from "../domain/CallAttempt.ts"
import { secondsBetween } from "../domain/Instant.ts"
import type { AnsweredByValue, Certainty } from "../domain/Reach.ts"
import type { RateAnswer } from "./Metric.ts"
import { readTranscript, type TranscriptReading } from "./transcriptRules.ts"

const answersOf = (is: "yes" | "no"): { readonly [certainty in Certainty]: RateAnswer } => ({
  stated: { is, certainty: "stated" },
  detected: { is, certainty: "detected" },
  inferred: { is, certainty: "inferred" }
})

// Made once: a million orders have fifty answers each.
const ANSWERS = {
  yes: answersOf("yes"),
  no: answersOf("no")
}
export const yes = (certainty: Certainty): RateAnswer => ANSWERS.yes[certainty]
export const no = (certainty: Certainty): RateAnswer => ANSWERS.no[certainty]
export const OPEN: RateAnswer = { is: "open" }
export const MISSING: RateAnswer = { is: "missing" }
export const OUTSIDE: RateAnswer = { is: "outside" }

/** Whether anybody or anything answered. A verdict on who it was proves an answer where no answer time is given. */
export const connectedOf = ({ answered, reach }: Attempt): RateAnswer => {
  if (answered === true) return yes("stated")
  if (answered === false) return no("stated")
  switch (reach.value) {
    case "human":
    case "voicemail":
    case "ivr":
    case "call_screening":
    case "answered":
      return yes(reach.certainty)
    case "not_reached":
    case "failed":
      return no(reach.certainty)
    default:
      return MISSING
  }
}

/**
 * Whether the provider's verdict on who answered is this one. An answer without a verdict tells nothing. That nobody
 * answered is no verdict on who did: it is stated, however the reason is known.
 */
export const ownWordOf =
  (wanted: AnsweredByValue) =>
  ({ reach }: Attempt): RateAnswer => {
    switch (reach.value) {
      case "human":
      case "voicemail":
      case "ivr":
      case "call_screening":
        return reach.value === wanted ? yes(reach.certainty) : no(reach.certainty)
      case "not_reached":
      case "failed":
        return no("stated")
      default:
        return MISSING
    }
  }

/** What may answer in a person's place, as people call it and as a sentence says it. */
export const MACHINES = [
  { value: "voicemail", title: "Voicemail", who: "a mailbox" },
  { value: "call_screening", title: "Call screening", who: "the call screening of a mobile phone" },
  { value: "ivr", title: "Phone menu (IVR)", who: "a telephone menu" }
] as const satisfies ReadonlyArray<{ readonly value: AnsweredByValue; readonly title: string; readonly who: string }>

/** By the transcript alone: no provider's verdict is asked. That nobody answered is stated, all else concluded. */
const byTranscript =
  (holds: (read: TranscriptReading) => boolean) =>
  (attempt: Attempt): RateAnswer => {
    const connected = connectedOf(attempt)
    if (connected.is !== "yes") return connected
    const read = attempt.transcript === undefined ? undefined : readTranscript(attempt.transcript)
    if (read === undefined) return MISSING
    return holds(read) ? yes("inferred") : no("inferred")
  }

/** Whether two sides talked. */
export const conversationOf = byTranscript(({ isConversation }) => isConversation)

/** Whether the other side said anything to the agent. */
export const replyOf = byTranscript(({ replies }) => replies > 0)

const SOON_SECONDS = 10

/** Hung up by the remote party at most ten seconds after the answer. */
export const hungUpSoonOf = (first: Attempt): RateAnswer => {
  const connected = connectedOf(first)
  if (connected.is !== "yes") return connected
  const talk = secondsBetween(first.answeredAt, first.endedAt)
  const by = first.disconnect?.by
  if (talk !== undefined && talk > SOON_SECONDS) return no("stated")
  if (by === undefined || by === "unrecognized" || talk === undefined) return MISSING
  return by === "remote" ? yes("stated") : no("stated")
}

/** A word that nobody knows, of the end or of the status, may be a new one for a transfer. */
export const transferredOf = ({ disconnect, status }: Attempt): RateAnswer =>
  disconnect?.reason === "transferred"
    ? yes("stated")
    : disconnect?.reason === "unrecognized" || status === "unrecognized"
      ? MISSING
      : no("stated")
