/**
 * RevRing bodies as they are received: call records (single, batch and `minimal`, list), the post-call webhook and the
 * pre-call webhook, documentation generations 1 to 3. Sources: the public API pages; for `source` and the list, one
 * public application. Only fields that are read stand here; everything else rides along in `native`. Agents, trunks and
 * custom tools are left out. All fields may be absent or null, and every word is open text.
 */
import * as Schema from "effect/Schema"
import { TurnsOrText } from "../../src/provider/transcripts.ts"
import { Count, Dictionary, Id, Text, Time } from "../../src/provider/WireReader.ts"

/** `status`: documented values, `QUEUED` since generation 2. */
export const STATUSES = ["QUEUED", "INITIATED", "ONGOING", "TRANSFERRED", "COMPLETED", "FAILED", "CANCELED"] as const

/** Further values of `status` that application code guards against; no documentation knows them. */
export const OBSERVED_STATUSES = ["CANCELLED", "NO_ANSWER", "BUSY"] as const

/** `hangupCause`: five documented values, then those seen in application code. The set is open. */
export const HANGUP_CAUSES = [
  "USER_ENDED",
  "END_CALL_TOOL",
  "SILENCE_TIMEOUT",
  "MAX_DURATION",
  "VOICEMAIL_DETECTED",
  "NO_ANSWER",
  "USER_DID_NOT_RESPOND",
  "AGENT_HUNG_UP",
  "NO_PICKUP",
  "BUSY"
] as const

export const DIRECTIONS = ["INBOUND", "OUTBOUND"] as const

/** `source`: only seen in application code; null for a telephone call. */
export const SOURCES = ["web_widget"] as const

/** Variables the provider sets itself; they come back merged with the caller's own. */
export const SYSTEM_VARIABLES = [
  "direction",
  "user_number",
  "agent_number",
  "current_time",
  "timezone",
  "language"
] as const

/** The variable that carries the caller's own key, since RevRing has no metadata. */
export const REFERENCE_VARIABLE = "call_reference"

/** `callerIdName` of a request: the name shown to the remote party. */
export const CallerIdName = Schema.String.pipe(Schema.check(Schema.isMinLength(1), Schema.isMaxLength(15)))

/** Undocumented: speaker and text are looked for under the names that application code reads. */
export const TranscriptItem = Schema.Struct({
  role: Text,
  speaker: Text,
  from: Text,
  content: Text,
  text: Text,
  message: Text
})
export type TranscriptItem = typeof TranscriptItem.Type

const Transcript = TurnsOrText(TranscriptItem)

export const Call = Schema.Struct({
  id: Id,
  organizationId: Id,
  direction: Text,
  status: Text,
  fromNumber: Text,
  toNumber: Text,
  source: Text,
  agentId: Id,
  agentName: Text,
  initiatedAt: Time,
  startedAt: Time,
  endedAt: Time,
  createdAt: Time,
  updatedAt: Time,
  durationSeconds: Count,
  hangupCause: Text,
  errorMessage: Text,
  recordingUrl: Text,
  transcript: Transcript,
  summary: Text,
  variables: Dictionary,
  metrics: Dictionary
})
export type Call = typeof Call.Type

/** Sent before an inbound call is answered; names no call. */
export const PreCall = Schema.Struct({
  event: Text,
  agentId: Id,
  dialedAgentId: Id,
  fromNumber: Text,
  toNumber: Text
})
export type PreCall = typeof PreCall.Type
