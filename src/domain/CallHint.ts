import * as Schema from "effect/Schema"
import { AttemptId, OrderId, ProviderId } from "./Identifiers.ts"
import { Instant } from "./Instant.ts"
import { Issue } from "./Issue.ts"
import { JsonObject } from "./Json.ts"
import { Transcript } from "./Transcript.ts"

/** A payload that names or announces a call but is no record of it: an id to read again, not a fact. Never merged. */
export const CallHint = Schema.Struct({
  kind: Schema.Literal("call_hint"),
  provider: ProviderId,
  event: Schema.Literals(["pre_call", "in_call", "post_call"]),
  orderId: Schema.optionalKey(OrderId),
  attemptId: Schema.optionalKey(AttemptId),
  agentId: Schema.optionalKey(Schema.String),
  from: Schema.optionalKey(Schema.String),
  to: Schema.optionalKey(Schema.String),
  result: Schema.optionalKey(Schema.String),
  providerStatus: Schema.optionalKey(Schema.String),
  summary: Schema.optionalKey(Schema.String),
  transcript: Schema.optionalKey(Transcript),
  recordingUrl: Schema.optionalKey(Schema.String),
  dialedAt: Schema.optionalKey(Instant),
  endedAt: Schema.optionalKey(Instant),
  attemptsMade: Schema.optionalKey(Schema.Finite),
  issues: Schema.optionalKey(Schema.Array(Issue)),
  native: Schema.optionalKey(JsonObject)
})
export type CallHint = typeof CallHint.Type
