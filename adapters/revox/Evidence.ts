/** What Revox's records prove; sources of each fact in docs/providers/revox.md. */
import type { Observable, Proof } from "../../src/provider/Evidence.ts"

const ownWord = (from: string): Proof => ({ certainty: "stated", basis: "own_word", from })
const dialError = (word: string): Proof => ownWord(`\`dial_error\` = \`${word}\``)

export const evidence = {
  dialed_time: { certainty: "stated", basis: "dialing_instant", from: "`started_at`" },
  answer_time: { certainty: "stated", basis: "answer_instant", from: "`answered_at`" },
  connected: { certainty: "stated", basis: "answer", from: "`answered_at`" },
  end_time: { certainty: "stated", basis: "end_instant", from: "`ended_at`" },
  created_time: { certainty: "stated", basis: "record_instant", from: "`created_at`" },
  updated_time: { certainty: "stated", basis: "record_instant", from: "`updated_at`" },
  // There is no duration field.
  talk_time: { certainty: "stated", basis: "answer_to_end", from: "the time between `answered_at` and `ended_at`" },
  human: ownWord("`result` = `human`"),
  voicemail: ownWord("`result` = `voicemail`"),
  ivr: ownWord("`result` = `IVR`"),
  call_screening: ownWord("`result` = `ios-screening-filter`"),
  busy: dialError("busy"),
  no_answer: dialError("no_answer"),
  unreachable: dialError("temporarily_unavailable"),
  declined: undefined,
  invalid_number: dialError("number_non_attributed"),
  congestion: dialError("too_many_calls"),
  not_permitted: dialError("no_international_permission"),
  precondition_failed: dialError("precondition_failed"),
  timeout: undefined,
  provider_error: undefined,
  transferred: ownWord("`end_reason` = `transfer`"),
  remote_hangup: ownWord("`ended_by` = `user`"),
  outcome: ownWord("`outcome`"),
  transcript: { certainty: "stated", basis: "turns", from: "`transcript`" },
  recording: { certainty: "stated", basis: "link", from: "`recording_url`" }
} as const satisfies Record<Observable, Proof | undefined>
