/** Calls of the RevRing twin as records of a documentation generation: the documented fields, absent only if `minimal`. */
import type { DisconnectReason } from "../../src/domain/Disconnect.ts"
import type { FailureKind } from "../../src/domain/Failure.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import type { Turn } from "../../src/domain/Transcript.ts"
import type { PlacedOrder } from "../../src/twin/orderBook.ts"
import { uuidFrom } from "../../src/twin/seeded.ts"
import type { TwinAgent } from "../../src/twin/storedAgents.ts"
import type { Story } from "../../src/twin/story.ts"
import { type AttemptState, isoOf, type OrderState } from "../../src/twin/timeline.ts"
import type { CallNotes } from "./TwinMessages.ts"
import type * as Wire from "./Wire.ts"

/** The generations of the documentation. Nothing on the wire names one. */
export type ApiVersion = 1 | 2 | 3

/** What the record of a call repeats of the request that placed it. */
export interface CallDetails {
  readonly agentId: string
  readonly from: string
  readonly callerIdName: string | null
  /** As given; the record has them merged with the system variables. */
  readonly variables: JsonObject
}

export type TwinCall = PlacedOrder<CallDetails>

export const ORGANIZATION_ID = uuidFrom("organization of calls")
const TRUNK_ID = uuidFrom("sip trunk")

type Status = (typeof Wire.STATUSES)[number]
type HangupCause = (typeof Wire.HANGUP_CAUSES)[number]

/** How a failure shows: as SIP text, or, for the one that rang out, as a cause. The texts are in the form SIP has them. */
export const FAILURES: Record<FailureKind, { readonly cause: HangupCause | null; readonly text: string | null }> = {
  no_answer: { cause: "NO_ANSWER", text: null },
  busy: { cause: null, text: "SIP 486 Busy Here" },
  unreachable: { cause: null, text: "SIP 480 Temporarily Unavailable" },
  declined: { cause: null, text: "SIP 603 Decline" },
  blocked: { cause: null, text: "SIP 608 Rejected" },
  invalid_number: { cause: null, text: "SIP 404 Not Found" },
  congestion: { cause: null, text: "SIP 503 Service Unavailable" },
  not_permitted: { cause: null, text: "SIP 403 Forbidden" },
  precondition_failed: { cause: null, text: "SIP 580 Precondition Failure" },
  timeout: { cause: null, text: "SIP 408 Request Timeout" },
  account: { cause: null, text: "The call could not be completed" },
  account_limit: { cause: null, text: "The call could not be completed" },
  customer_error: { cause: null, text: "The call could not be completed" },
  provider_error: { cause: null, text: "SIP 500 Server Internal Error" },
  unclassified: { cause: null, text: "The call could not be completed" },
  unrecognized: { cause: null, text: "The call could not be completed" }
}

/** The cause of a transferred call is not documented: here it has none. Screening counts as voicemail. */
const CAUSES: Record<DisconnectReason, HangupCause | null> = {
  transferred: null,
  agent_hangup: "END_CALL_TOOL",
  remote_hangup: "USER_ENDED",
  voicemail: "VOICEMAIL_DETECTED",
  ivr_dead_end: "END_CALL_TOOL",
  silence: "SILENCE_TIMEOUT",
  max_duration: "MAX_DURATION",
  stopped: null,
  taken_over: null,
  transfer_failed: null,
  unrecognized: null
}

/** Words that no page knows, for the stories that try them. */
const UNKNOWN = { cause: "ROBOT_DETECTED", status: "WRAPPED_UP" }

const BROKEN = "The agent could not be loaded"

const iso = (instant: number | undefined): string | null => (instant === undefined ? null : isoOf(instant))

const endStatus = ({ story }: TwinCall, state: OrderState): string => {
  const attempt = state.attempts[0]
  if (state.canceled) return "CANCELED" satisfies Status
  if (attempt?.answeredAt === undefined) return "FAILED" satisfies Status
  if (story.unknownWords === "status") return UNKNOWN.status
  return (attempt.plan.end === "transferred" ? "TRANSFERRED" : "COMPLETED") satisfies Status
}

/** There is no word for scheduled: such a call waits like any other. Generation 1 has no word for waiting either. */
export const callStatus = (call: TwinCall, state: OrderState, version: ApiVersion): string => {
  switch (state.phase) {
    case "scheduled":
    case "queued":
      return version === 1 ? "INITIATED" : "QUEUED"
    case "dialing":
    case "between_attempts":
      return "INITIATED"
    case "talking":
      return "ONGOING"
    case "over":
      return endStatus(call, state)
  }
}

/** Undocumented; names and form are those that application code reads. */
const itemFrom = ({ role, text }: Turn): JsonObject => ({
  role: role === "remote" ? "user" : role === "tool" ? "tool" : "assistant",
  content: text
})

const causeOf = (attempt: AttemptState | undefined, story: Story): string | null => {
  if (attempt?.phase !== "over" || attempt.hungUp) return null
  if (attempt.answeredAt === undefined) {
    return attempt.plan.failure === undefined ? null : FAILURES[attempt.plan.failure].cause
  }
  if (story.unknownWords === "details") return UNKNOWN.cause
  return attempt.plan.end === undefined ? null : CAUSES[attempt.plan.end]
}

const errorOf = (attempt: AttemptState | undefined, state: OrderState): string | null => {
  if (state.phase !== "over" || state.canceled) return null
  if (attempt === undefined) return BROKEN
  return attempt.plan.failure === undefined ? null : FAILURES[attempt.plan.failure].text
}

/** Later wins: the system's variables, then those of the order. The time is text in the agent's zone. */
const mergedVariables = (
  { to, placedAt, details, incoming }: TwinCall,
  { variables }: Pick<CallNotes, "variables">
): JsonObject => ({
  direction: incoming === undefined ? "outbound" : "inbound",
  user_number: incoming === undefined ? to : details.from,
  agent_number: incoming === undefined ? details.from : to,
  current_time: new Date(placedAt).toUTCString(),
  timezone: "UTC",
  language: "en",
  ...details.variables,
  ...variables
})

/** Contents undocumented. */
const metricsOf = ({ turns }: AttemptState): JsonObject => ({ averageLatencyMs: 740, turns: turns?.length ?? 0 })

const talkOf = (attempt: AttemptState | undefined): number | null =>
  attempt?.answeredAt === undefined || attempt.endedAt === undefined
    ? null
    : Math.round((attempt.endedAt - attempt.answeredAt) / 1000)

/** A whole record: 25 fields, since generation 1. `startedAt` is the moment of answer. */
export const callRecord = (
  call: TwinCall,
  state: OrderState,
  version: ApiVersion,
  notes: CallNotes = {}
): JsonObject => {
  const { id, story, details, incoming } = call
  const attempt = state.attempts[0]
  return {
    id,
    organizationId: ORGANIZATION_ID,
    direction: incoming === undefined ? "OUTBOUND" : "INBOUND",
    status: callStatus(call, state, version),
    fromNumber: details.from,
    toNumber: call.to,
    // Required, so a call that waits has one: the time it was placed.
    initiatedAt: iso(attempt?.dialedAt ?? call.placedAt),
    createdAt: iso(call.placedAt),
    updatedAt: iso(state.changedAt),
    agentId: details.agentId,
    sipTrunkId: TRUNK_ID,
    agentCallerIdName: details.callerIdName,
    agentName: "Twin agent",
    variables: mergedVariables(call, notes),
    recordingUrl: attempt?.recorded === true ? `https://recordings.example.invalid/${id}.mp3` : null,
    hangupCause: causeOf(attempt, story),
    errorMessage: errorOf(attempt, state),
    transcript: attempt?.turns?.map(itemFrom) ?? null,
    summary: state.evaluated ? (story.summary ?? null) : null,
    metrics: attempt?.turns === undefined ? null : metricsOf(attempt),
    startedAt: iso(attempt?.answeredAt),
    endedAt: iso(state.endedAt),
    durationSeconds: talkOf(attempt),
    postCallWebhookStatus: notes.postCall ?? null,
    preCallWebhookStatus: notes.preCall ?? null,
    // On no page; seen in use.
    ...(incoming === "web" ? { source: "web_widget" } : {})
  }
}

const LEFT_OUT_IF_MINIMAL = ["transcript", "summary", "metrics", "variables"]

/** Typed as enums, hence missing from the example of batch-get; whether from its answers too is unknown. */
const LEFT_OUT_OF_EXAMPLE = ["direction", "status", "postCallWebhookStatus", "preCallWebhookStatus"]

/** A record as batch-get gives it. */
export const batchRecord = (record: JsonObject, minimal: boolean, givesStatus: boolean): JsonObject => {
  const leftOut = [...(minimal ? LEFT_OUT_IF_MINIMAL : []), ...(givesStatus ? [] : LEFT_OUT_OF_EXAMPLE)]
  return Object.fromEntries(Object.entries(record).filter(([key]) => !leftOut.includes(key)))
}

const MADE_AT = isoOf(Date.UTC(2026, 0, 1))

const agentRecord = (number: number, name: string, e164: string, language: string): TwinAgent => ({
  id: uuidFrom("agent", number),
  name,
  status: "active",
  mode: "single_prompt",
  language,
  timezone: "UTC",
  endCallEnabled: true,
  maxConversationDurationSeconds: 600,
  silenceEndCallTimeoutSeconds: 30,
  turnTimeoutSeconds: -1,
  transferEnabled: false,
  voicemailEnabled: true,
  voicemailAction: "leave_message",
  preCallWebhookUrl: null,
  postCallWebhookUrl: null,
  sipTrunkId: TRUNK_ID,
  sipTrunk: { friendlyName: "Trunk of the twin" },
  phoneNumbers: [{ id: uuidFrom("phone number", number), e164, createdAt: MADE_AT, updatedAt: MADE_AT }],
  createdAt: MADE_AT,
  updatedAt: MADE_AT
})

/** Agents that are stored, always the same, with the documented fields that are known. Numbers only stand in them. */
export const AGENTS: ReadonlyArray<TwinAgent> = [
  agentRecord(1, "Twin agent", "+12025550199", "en"),
  agentRecord(2, "French agent of the twin", "+33199009999", "fr")
]
