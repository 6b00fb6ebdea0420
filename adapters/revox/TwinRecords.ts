/** Orders of the Revox twin as records of a version of the API: the documented fields, null or absent as documented. */
import type { Outcome } from "../../src/domain/CallOrder.ts"
import type { DisconnectReason } from "../../src/domain/Disconnect.ts"
import type { FailureKind } from "../../src/domain/Failure.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import type { Role, Turn } from "../../src/domain/Transcript.ts"
import type { PlacedOrder } from "../../src/twin/orderBook.ts"
import { uuidFrom } from "../../src/twin/seeded.ts"
import type { Story, StoryAttempt } from "../../src/twin/story.ts"
import { type AttemptState, isoOf, type OrderState } from "../../src/twin/timeline.ts"
import { assistantRecord, LLM_MODEL, ORGANIZATION_ID, retryRecord } from "./TwinAccount.ts"
import { type ApiVersion, type RetryConfig, since } from "./TwinRequest.ts"
import type * as Wire from "./Wire.ts"

/** What the record of an order repeats of the request that placed it. */
export interface OrderDetails {
  readonly from: string
  readonly assistantId: string
  /** The inline assistant, as given; absent where a stored one talks. */
  readonly assistant: JsonObject | undefined
  readonly retry: RetryConfig
  readonly metadata: JsonObject | null
  readonly variables: JsonObject
}

export type TwinOrderRecord = PlacedOrder<OrderDetails>

const RESULTS: Record<NonNullable<StoryAttempt["answeredBy"]>, (typeof Wire.RESULTS)[number]> = {
  human: "human",
  voicemail: "voicemail",
  ivr: "IVR",
  call_screening: "ios-screening-filter",
  unknown: "unknown"
}

type DialError = (typeof Wire.DIAL_ERRORS)[number]

/** There is no word for a call that was declined or blocked, nor for faults of the account or the network. */
export const DIAL_ERROR_OF: Record<FailureKind, DialError> = {
  invalid_number: "number_non_attributed",
  busy: "busy",
  no_answer: "no_answer",
  unreachable: "temporarily_unavailable",
  declined: "non_classified_error",
  blocked: "non_classified_error",
  congestion: "too_many_calls",
  not_permitted: "no_international_permission",
  precondition_failed: "precondition_failed",
  timeout: "non_classified_error",
  account: "non_classified_error",
  account_limit: "too_many_calls",
  customer_error: "non_classified_error",
  provider_error: "non_classified_error",
  unclassified: "non_classified_error",
  unrecognized: "non_classified_error"
}

interface End {
  readonly ended_by: (typeof Wire.ENDED_BY)[number]
  /** Documented for calls that the agent ends. */
  readonly end_reason: (typeof Wire.END_REASONS)[number] | null
}

const ENDS: Record<DisconnectReason, End> = {
  transferred: { ended_by: "agent", end_reason: "transfer" },
  agent_hangup: { ended_by: "agent", end_reason: "tool_end_call" },
  remote_hangup: { ended_by: "user", end_reason: null },
  voicemail: { ended_by: "agent", end_reason: "voicemail" },
  ivr_dead_end: { ended_by: "agent", end_reason: "ivr_no_navigate" },
  silence: { ended_by: "system", end_reason: null },
  max_duration: { ended_by: "system", end_reason: null },
  stopped: { ended_by: "system", end_reason: null },
  taken_over: { ended_by: "system", end_reason: null },
  transfer_failed: { ended_by: "system", end_reason: null },
  unrecognized: { ended_by: "system", end_reason: null }
}

const OUTCOMES: Record<Outcome, (typeof Wire.OUTCOMES)[number] | null> = {
  interested: "interested",
  not_interested: "not_interested",
  completed: "completed",
  callback_later: "requested_callback_later",
  callback_new_number: "requested_callback_new_number",
  do_not_contact: "do_not_contact",
  none: "none",
  unrecognized: null
}

/** Words that no page knows, for the stories that try them. */
const UNKNOWN = {
  result: "robot_receptionist",
  ended_by: "operator",
  end_reason: "handed_over",
  status: "wrapped_up"
} as const

const iso = (instant: number | undefined): string | null => (instant === undefined ? null : isoOf(instant))

const ROLES = {
  agent: "assistant",
  remote: "user",
  transfer_target: "user",
  tool: "tool",
  system: "assistant",
  unrecognized: "user"
} as const satisfies Record<Role, string>

const entryFrom = (
  { role, text, toolName, arguments: given, output, isError }: Turn,
  version: ApiVersion
): JsonObject => ({
  content: text,
  role: ROLES[role],
  ...(toolName === undefined ? {} : { tool_name: toolName, tool_arguments: given ?? null, tool_is_error: isError }),
  ...(output === undefined || !since("V4", version) ? {} : { tool_output: output })
})

/** An attempt that a cancelled order has cut short was ended by the system. */
const endOf = ({ plan, hungUp, answeredAt }: AttemptState, { unknownWords }: Story): JsonObject => {
  if (unknownWords === "details") return { end_reason: UNKNOWN.end_reason, ended_by: UNKNOWN.ended_by }
  if (hungUp) return { end_reason: null, ended_by: "system" }
  if (answeredAt === undefined || plan.end === undefined) return { end_reason: null, ended_by: null }
  return { end_reason: ENDS[plan.end].end_reason, ended_by: ENDS[plan.end].ended_by }
}

const resultOf = ({ plan, phase, answeredAt }: AttemptState, story: Story, version: ApiVersion): string | null => {
  if (phase !== "over" || answeredAt === undefined || plan.answeredBy === undefined) return null
  if (story.unknownWords === "details") return UNKNOWN.result
  if (plan.answeredBy === "call_screening" && !since("V2", version)) return "unknown"
  return RESULTS[plan.answeredBy]
}

/** Whether an attempt that failed has status `error` or `completed` is not documented; V1 has no `error`. */
const statusOf = ({ phase, plan, hungUp }: AttemptState, version: ApiVersion): string => {
  if (phase !== "over") return phase === "talking" ? "ongoing" : "ringing"
  return plan.failure !== undefined && !hungUp && since("V2", version) ? "error" : "completed"
}

/** Keys that may be absent are so until the attempt is over. */
const afterTheEnd = (attempt: AttemptState, state: OrderState, story: Story, version: ApiVersion): JsonObject => ({
  ...(since("V2", version) ? endOf(attempt, story) : {}),
  structured_output: state.evaluated && attempt.turns !== undefined ? (story.extracted ?? null) : null,
  transcript: attempt.turns?.map((turn) => entryFrom(turn, version)) ?? null
})

const isTransferred = ({ plan, phase, hungUp }: AttemptState): boolean =>
  phase === "over" && !hungUp && plan.end === "transferred"

export const attemptIdOf = (orderId: string, index: number): string => uuidFrom(orderId, "attempt", index)

/** One attempt; `call_attempts`, `last_call_attempt` and list items have the same form. */
export const attemptRecord = (
  { id, to, story, details }: TwinOrderRecord,
  attempt: AttemptState,
  state: OrderState,
  version: ApiVersion
): JsonObject => {
  const attemptId = attemptIdOf(id, attempt.index)
  const { failure } = attempt.plan
  const hasFailed = attempt.phase === "over" && failure !== undefined && !attempt.hungUp
  return {
    id: attemptId,
    answered_at: iso(attempt.answeredAt),
    ...(since("V2", version) ? { dial_error: hasFailed ? DIAL_ERROR_OF[failure] : null } : {}),
    ended_at: iso(attempt.endedAt),
    phone_number: to,
    recording_url: attempt.recorded ? `https://recordings.example.invalid/${attemptId}.mp3` : null,
    result: resultOf(attempt, story, version),
    started_at: iso(attempt.dialedAt),
    status: statusOf(attempt, version),
    ...(attempt.phase === "over" ? afterTheEnd(attempt, state, story, version) : {}),
    ...(since("V5", version)
      ? {
          assistants_used: attempt.answeredAt === undefined ? null : [details.assistantId],
          email_log: null,
          handled_by_ai: attempt.answeredAt !== undefined,
          handled_by_human: isTransferred(attempt),
          handled_by_user: null
        }
      : {})
  }
}

/** The second of an order's life in which it is being set up. */
const SET_UP_MS = 1000

/** What an order does between two attempts is not documented; it waits for a time, so it is scheduled. */
export const orderStatus = (
  { story }: TwinOrderRecord,
  state: OrderState,
  version: ApiVersion,
  now: number
): (typeof Wire.ORDER_STATUSES)[number] | typeof UNKNOWN.status => {
  const waitsFor = since("V5", version) ? story.waitsFor : undefined
  switch (state.phase) {
    case "scheduled":
      return waitsFor === "launch" ? "not_launched" : "scheduled"
    case "between_attempts":
      return "scheduled"
    case "queued":
      if (now - state.placedAt < SET_UP_MS) return "initializing"
      return waitsFor === "resumption" ? "paused" : "queued_for_calling"
    case "dialing":
    case "talking":
      return "calling"
    case "over":
      if (state.canceled) return "cancelled"
      if (story.attempts.length === 0) return "errored"
      if (state.writingUp && since("V5", version)) return "post_processing"
      return story.unknownWords === "status" ? UNKNOWN.status : "completed"
  }
}

const enriched = ({ story }: TwinOrderRecord, state: OrderState): JsonObject => {
  if (state.phase !== "over") return {}
  if (!state.evaluated) return { outcome: null, outcome_summary: null }
  return {
    outcome: story.outcome === undefined ? null : OUTCOMES[story.outcome],
    outcome_summary: story.outcome === undefined ? null : (story.summary ?? null)
  }
}

const campaignOf = ({ story }: TwinOrderRecord): JsonObject | null =>
  story.waitsFor === "launch" ? { id: uuidFrom("campaign"), name: "Campaign of the twin" } : null

export const directionOf = ({ incoming }: TwinOrderRecord): (typeof Wire.DIRECTIONS)[number] =>
  incoming === undefined ? "outbound" : "inbound"

/** A whole order. `is_completed` of an order that errored is not documented; here it is false, in V1 true. */
export const orderRecord = (
  order: TwinOrderRecord,
  state: OrderState,
  version: ApiVersion,
  now: number
): JsonObject => {
  const { details, story } = order
  const talks = { id: details.assistantId, createdAt: order.placedAt, inline: details.assistant }
  const status = orderStatus(order, state, version, now)
  const newestFirst = state.attempts.map((attempt) => attemptRecord(order, attempt, state, version)).toReversed()
  const isDone = status === "completed" || status === UNKNOWN.status || (status === "errored" && !since("V2", version))
  return {
    id: order.id,
    ...(since("V2", version)
      ? { assistant: assistantRecord({ ...talks, retry: details.retry }, version), campaign: campaignOf(order) }
      : {}),
    call_attempts: newestFirst,
    call_retry_config: retryRecord(details.retry, version),
    calls_count: newestFirst.length,
    created_at: iso(order.placedAt),
    direction: directionOf(order),
    first_sentence_delay_ms: details.assistant?.["first_sentence_delay_ms"] ?? 400,
    from_phone_number: details.from,
    is_cancelled: status === "cancelled",
    is_completed: isDone,
    last_call_attempt: newestFirst[0] ?? null,
    llm_model: details.assistant?.["llm_model"] ?? LLM_MODEL,
    metadata: details.metadata,
    scheduled_at:
      story.waitsFor === "launch" && order.options.scheduledAt === undefined ? null : iso(state.scheduledAt),
    to_phone_number: order.to,
    ...(since("V2", version)
      ? { organization_id: ORGANIZATION_ID, status }
      : { next_call_at: iso(state.nextAttemptAt) }),
    ...(since("V4", version)
      ? { prompt_variables: details.variables, updated_at: iso(state.changedAt), ...enriched(order, state) }
      : {}),
    ...(since("V5", version) ? { assignee: null, contact: {} } : {})
  }
}
