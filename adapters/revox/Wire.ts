/**
 * Revox bodies as they are received: calls (order and attempt) and the completion webhook, versions V0 to V5. Source: the
 * public API pages and SDKs. Only fields that are read stand here; everything else rides along in `native`. Assistants,
 * campaigns and V5 logs are left out. All fields may be absent or null, and every word is open text.
 */
import * as Schema from "effect/Schema"
import { TurnsOrText } from "../../src/provider/transcripts.ts"
import { Count, Dictionary, Flag, given, Id, List, Text, Time } from "../../src/provider/WireReader.ts"

/** The metadata key that carries the caller's own. */
export const REFERENCE_KEY = "reference"

/** The hours in which Revox dials, and the time between two dials, where an order does not say. Source: the create page. */
export const DEFAULT_CALLING_WINDOW = {
  calling_window_start_time: "10:00",
  calling_window_end_time: "18:00",
  retry_delay_seconds: 7200
} as const

/** Order `status`, V2 to V4; V0 and V1 have none. */
export const ORDER_STATUSES_V2 = [
  "initializing",
  "scheduled",
  "queued_for_calling",
  "calling",
  "completed",
  "cancelled",
  "errored"
] as const

/**
 * Order `status`. The last three are documented of a filter of V5 (`CallExportParams/Filters/Status`) only: that records
 * carry them is a conclusion.
 */
export const ORDER_STATUSES = [...ORDER_STATUSES_V2, "not_launched", "paused", "post_processing"] as const

/** Attempt `status`; `error` since V2. */
export const ATTEMPT_STATUSES = ["queued", "ringing", "ongoing", "completed", "error"] as const

/** `dial_error`, V2 and later. */
export const DIAL_ERRORS = [
  "number_non_attributed",
  "too_many_calls",
  "busy",
  "temporarily_unavailable",
  "no_answer",
  "no_international_permission",
  "precondition_failed",
  "non_classified_error"
] as const

/** `result`: what answered; `ios-screening-filter` since V2. */
export const RESULTS = ["IVR", "voicemail", "human", "unknown", "ios-screening-filter"] as const

/** `ended_by`, V2 and later. */
export const ENDED_BY = ["agent", "user", "system"] as const

/** Values of `end_reason` that the documentation gives as examples of a free string. */
export const END_REASONS = ["tool_end_call", "voicemail", "transfer", "ivr_no_navigate"] as const

/** Order `outcome`, V4 and later; `none` is known from a sibling enum of V5. */
export const OUTCOMES = [
  "not_interested",
  "interested",
  "completed",
  "requested_callback_later",
  "requested_callback_new_number",
  "do_not_contact",
  "none"
] as const

export const DIRECTIONS = ["inbound", "outbound"] as const

export const TranscriptEntry = Schema.Struct({
  role: Text,
  content: Text,
  tool_name: Text,
  tool_arguments: Schema.optionalKey(Schema.Unknown),
  tool_is_error: Flag,
  tool_output: Schema.optionalKey(Schema.Unknown)
})
export type TranscriptEntry = typeof TranscriptEntry.Type

/** An array in REST, one string in the webhook. */
const Transcript = TurnsOrText(TranscriptEntry)

/**
 * A segment of speech (V5; class `SpeechEvent` of the gem). Times are milliseconds since the session started. The members of
 * `speaker` are on no page; nor is the key of the list, which by the names of the others is `speech_events`.
 */
export const SpeechEvent = Schema.Struct({
  speaker: Text,
  started_speaking_at_ms: Count,
  stopped_speaking_at_ms: Count,
  is_real_turn: Flag,
  was_cut: Flag,
  stt_transcription_delay_ms: Count,
  llm_ttft_ms: Count,
  tts_ttfb_ms: Count
})
export type SpeechEvent = typeof SpeechEvent.Type

export const Attempt = Schema.Struct({
  id: Id,
  call_order_id: Id,
  phone_number: Text,
  status: Text,
  started_at: Time,
  answered_at: Time,
  ended_at: Time,
  result: Text,
  dial_error: Text,
  end_reason: Text,
  ended_by: Text,
  recording_url: Text,
  structured_output: Dictionary,
  transcript: Transcript,
  handled_by_ai: Flag,
  handled_by_human: Flag,
  speech_events: List(SpeechEvent)
})
export type Attempt = typeof Attempt.Type

const Named = given(Schema.Struct({ id: Id, name: Text }))

export const Order = Schema.Struct({
  id: Id,
  status: Text,
  is_completed: Flag,
  is_cancelled: Flag,
  direction: Text,
  from_phone_number: Text,
  to_phone_number: Text,
  created_at: Time,
  scheduled_at: Time,
  next_call_at: Time,
  updated_at: Time,
  assistant: Named,
  call_attempts: List(Attempt),
  last_call_attempt: given(Attempt),
  calls_count: Count,
  call_retry_config: given(Schema.Struct({ max_retry_attempts: Count })),
  campaign: Named,
  metadata: Dictionary,
  prompt_variables: Dictionary,
  organization_id: Id,
  outcome: Text,
  outcome_summary: Text
})
export type Order = typeof Order.Type

/** The completion webhook; known from one public integration. `call_id` is taken to be the attempt. */
export const Webhook = Schema.Struct({
  call_order_id: Id,
  call_id: Id,
  status: Text,
  result: Text,
  annotation: Text,
  transcript: Transcript,
  recording_url: Text,
  started_at: Time,
  ended_at: Time,
  calls_count: Count
})
export type Webhook = typeof Webhook.Type
