/** What RevRing's records prove; sources of each fact in docs/providers/revring.md. */
import type { Observable, Proof } from "../../src/provider/Evidence.ts"

const inText: Proof = { certainty: "inferred", basis: "text", from: "phrases and SIP codes in `errorMessage`" }

export const evidence = {
  dialed_time: { certainty: "stated", basis: "dialing_instant", from: "`initiatedAt`" },
  answer_time: { certainty: "stated", basis: "answer_instant", from: "`startedAt`" },
  connected: { certainty: "stated", basis: "answer", from: "`startedAt`, or a `durationSeconds` above 0" },
  end_time: { certainty: "stated", basis: "end_instant", from: "`endedAt`" },
  created_time: { certainty: "stated", basis: "record_instant", from: "`createdAt`" },
  updated_time: { certainty: "stated", basis: "record_instant", from: "`updatedAt`" },
  // Whole seconds; whether a transferred call's time goes on is not documented.
  talk_time: { certainty: "stated", basis: "own_duration", from: "`durationSeconds`" },
  human: {
    certainty: "inferred",
    basis: "reply_or_transfer",
    from: "a reply in the transcript after the agent spoke, or a transfer"
  },
  // Known to fire on call screening, and once on a conversation.
  voicemail: { certainty: "detected", basis: "detector", from: "`hangupCause` = `VOICEMAIL_DETECTED`" },
  ivr: undefined,
  call_screening: undefined,
  // Neither cause is documented: both were seen in use, and the same may stand in the text only.
  busy: { certainty: "inferred", basis: "word_or_text", from: "`hangupCause` = `BUSY`, or `errorMessage`" },
  no_answer: { certainty: "inferred", basis: "word_or_text", from: "`hangupCause` = `NO_ANSWER`, or `errorMessage`" },
  unreachable: inText,
  declined: inText,
  invalid_number: inText,
  congestion: inText,
  not_permitted: inText,
  precondition_failed: inText,
  timeout: inText,
  provider_error: inText,
  transferred: { certainty: "stated", basis: "own_word", from: "`status` = `TRANSFERRED`" },
  remote_hangup: { certainty: "stated", basis: "own_word", from: "`hangupCause` = `USER_ENDED`" },
  outcome: undefined,
  transcript: { certainty: "stated", basis: "turns", from: "`transcript`" },
  recording: { certainty: "stated", basis: "link", from: "`recordingUrl`" }
} as const satisfies Record<Observable, Proof | undefined>
