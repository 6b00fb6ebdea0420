/**
 * What the Revox twin sends of its own. No page of Revox describes its webhook: the fields are those that one integration
 * reads. Undocumented, and decided here: one message for each order, once it is over and all of it has been written down, whatever
 * came of it, and none for an order that was never dialed; nothing is sent again.
 */
import type { JsonObject } from "../../src/domain/Json.ts"
import type { MessageKind } from "../../src/twin/messages.ts"
import { isoOf, isWrittenUp, type OrderState } from "../../src/twin/timeline.ts"
import { attemptIdOf, type OrderDetails, orderRecord, type TwinOrderRecord } from "./TwinRecords.ts"
import type { ApiVersion } from "./TwinRequest.ts"

const SPEAKERS = new Map([
  ["agent", "Agent"],
  ["remote", "Caller"]
])

/** Whole seconds, as in the one example that is known. */
const inSeconds = (instant: number | undefined): string | null =>
  instant === undefined ? null : isoOf(instant).replace(/\.\d+Z$/, "Z")

/** Text, where the record has turns. */
const transcriptOf = ({ attempts }: OrderState): string | null =>
  attempts
    .at(-1)
    ?.turns?.flatMap(({ role, text }) => (SPEAKERS.has(role) ? [`${SPEAKERS.get(role)}: ${text}`] : []))
    .join("\n") ?? null

const bodyOf = (order: TwinOrderRecord, state: OrderState, at: number, version: ApiVersion): JsonObject => {
  const record = orderRecord(order, state, version, at)
  const last = state.attempts.at(-1)
  const attempt = record["last_call_attempt"]
  const { result = null, recording_url = null }: JsonObject = Object(attempt)
  return {
    call_order_id: order.id,
    call_id: last === undefined ? null : attemptIdOf(order.id, last.index),
    status: record["status"] ?? "completed",
    result,
    annotation: state.evaluated ? (order.story.summary ?? null) : null,
    transcript: transcriptOf(state),
    recording_url,
    started_at: inSeconds(last?.dialedAt),
    ended_at: inSeconds(last?.endedAt),
    calls_count: state.attempts.length
  }
}

export const messagesOf = (
  version: ApiVersion,
  urlOf: (order: TwinOrderRecord) => string | undefined
): ReadonlyArray<MessageKind<OrderDetails>> => [
  {
    name: "post_call",
    isDue: (state) => state.attempts.length > 0 && isWrittenUp(state),
    urlOf,
    bodyOf: (order, state, at) => bodyOf(order, state, at, version),
    withinSeconds: 20
  }
]
