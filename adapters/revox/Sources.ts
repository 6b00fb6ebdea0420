/** Where each field of a record stands in a Revox body, and by which rule it is read; for `explain` and the documentation. */
import { parseAttemptId } from "../../src/domain/Identifiers.ts"
import { isJsonObject, type PathStep } from "../../src/domain/Json.ts"
import type { FieldSource, LocateAttempts } from "../../src/provider/Adapter.ts"
import { INSTANT_RULE as INSTANT } from "../../src/provider/FieldReader.ts"

export const orderSources: ReadonlyArray<FieldSource> = [
  { field: "id", paths: ["id"], rule: "opaque id, as text" },
  { field: "direction", paths: ["direction"], rule: "table of directions" },
  { field: "channel", paths: [], rule: "Revox calls are telephone calls" },
  { field: "from", paths: ["from_phone_number"], rule: "as given" },
  { field: "to", paths: ["to_phone_number"], rule: "as given" },
  {
    field: "status",
    paths: ["status", "is_cancelled", "is_completed", "call_attempts", "scheduled_at", "next_call_at"],
    rule: "table of order statuses; without a status (V0, V1) from the flags, then the attempts, then the times"
  },
  { field: "providerStatus", paths: ["status"], rule: "the provider's own word" },
  { field: "agent.id", paths: ["assistant.id"], rule: "opaque id, as text" },
  { field: "agent.name", paths: ["assistant.name"], rule: "as given" },
  { field: "reference", paths: ["metadata.reference"], rule: "the caller's own key" },
  { field: "createdAt", paths: ["created_at"], rule: INSTANT },
  { field: "scheduledAt", paths: ["scheduled_at"], rule: INSTANT },
  { field: "nextAttemptAt", paths: ["next_call_at"], rule: `${INSTANT} (V0 and V1 only)` },
  { field: "updatedAt", paths: ["updated_at"], rule: INSTANT },
  { field: "attemptsMade", paths: ["calls_count"], rule: "the provider's own figure" },
  { field: "attemptsAllowed", paths: ["call_retry_config.max_retry_attempts"], rule: "the provider's own figure" },
  { field: "outcome", paths: ["outcome"], rule: "table of outcomes; the provider's verdict" },
  { field: "outcomeReason", paths: ["outcome_summary"], rule: "as given" },
  { field: "metadata", paths: ["metadata"], rule: "as given" },
  { field: "variables", paths: ["prompt_variables"], rule: "as given" },
  { field: "campaign.id", paths: ["campaign.id"], rule: "opaque id, as text" },
  { field: "campaign.name", paths: ["campaign.name"], rule: "as given" },
  { field: "organizationId", paths: ["organization_id"], rule: "opaque id, as text" }
]

export const attemptSources: ReadonlyArray<FieldSource> = [
  { field: "id", paths: ["id"], rule: "opaque id, as text; never an order id" },
  { field: "orderId", paths: ["call_order_id"], rule: "the order that holds the attempt, or names it" },
  { field: "status", paths: ["status"], rule: "table of attempt statuses" },
  { field: "to", paths: ["phone_number"], rule: "the number called" },
  { field: "dialedAt", paths: ["started_at"], rule: INSTANT },
  { field: "answeredAt", paths: ["answered_at"], rule: INSTANT },
  { field: "endedAt", paths: ["ended_at"], rule: INSTANT },
  {
    field: "answered",
    paths: ["answered_at"],
    rule: "true if an answer time is given, readable or not; false if the attempt is over and the key is null"
  },
  { field: "answeredBy", paths: ["result"], rule: "table of results" },
  { field: "handledBy", paths: ["handled_by_ai", "handled_by_human"], rule: "the flags that are true (V5)" },
  { field: "failure", paths: ["dial_error"], rule: "table of dial errors" },
  { field: "disconnect", paths: ["end_reason", "ended_by"], rule: "table of end reasons, else who ended it" },
  { field: "transfer", paths: ["end_reason"], rule: "begun if the call ended by it; what came of it is not told" },
  { field: "transcript", paths: ["transcript"], rule: "turns with roles by table, or one unsplit text" },
  { field: "recordingUrl", paths: ["recording_url"], rule: "as given" },
  { field: "extracted", paths: ["structured_output"], rule: "verbatim; never feeds call state" },
  { field: "timing", paths: ["speech_events"], rule: "figures over the segments of speech that are real turns (V5)" }
]

export const hintSources: ReadonlyArray<FieldSource> = [
  { field: "event", paths: [], rule: "the webhook comes when a call is over" },
  { field: "orderId", paths: ["call_order_id"], rule: "opaque id, as text" },
  { field: "attemptId", paths: ["call_id"], rule: "taken to be the attempt, since the order is named beside it" },
  { field: "result", paths: ["result"], rule: "the provider's own word" },
  { field: "providerStatus", paths: ["status"], rule: "the provider's own word" },
  { field: "summary", paths: ["annotation"], rule: "as given" },
  { field: "transcript", paths: ["transcript"], rule: "turns with roles by table, or one unsplit text" },
  { field: "recordingUrl", paths: ["recording_url"], rule: "as given" },
  { field: "dialedAt", paths: ["started_at"], rule: INSTANT },
  { field: "endedAt", paths: ["ended_at"], rule: INSTANT },
  { field: "attemptsMade", paths: ["calls_count"], rule: "the provider's own figure" }
]

export const locateAttempts: LocateAttempts = (native) => {
  const paths = new Map<string, ReadonlyArray<PathStep>>()
  const locate = (item: unknown, path: ReadonlyArray<PathStep>): void => {
    const id = isJsonObject(item) ? parseAttemptId(item["id"]) : undefined
    if (id !== undefined && !paths.has(id)) paths.set(id, path)
  }
  const list: ReadonlyArray<unknown> = Array.isArray(native["call_attempts"]) ? native["call_attempts"] : []
  list.forEach((item, index) => locate(item, ["call_attempts", index]))
  locate(native["last_call_attempt"], ["last_call_attempt"])
  return paths
}
