import * as Schema from "effect/Schema"
import { AttemptStatus } from "./CallStatus.ts"
import { Disconnect } from "./Disconnect.ts"
import { Failure } from "./Failure.ts"
import { AttemptId, OrderId, ProviderId } from "./Identifiers.ts"
import { Instant } from "./Instant.ts"
import { Issue } from "./Issue.ts"
import { JsonObject } from "./Json.ts"
import { AnsweredBy, Reach } from "./Reach.ts"
import { Transcript } from "./Transcript.ts"

const fields = {
  id: AttemptId,
  orderId: Schema.optionalKey(OrderId),
  status: AttemptStatus,
  to: Schema.optionalKey(Schema.String),
  dialedAt: Schema.optionalKey(Instant),
  answeredAt: Schema.optionalKey(Instant),
  endedAt: Schema.optionalKey(Instant),
  answered: Schema.optionalKey(Schema.Boolean),
  ringSeconds: Schema.optionalKey(Schema.Finite),
  talkSeconds: Schema.optionalKey(Schema.Finite),
  talkSource: Schema.optionalKey(Schema.Literals(["provider", "derived"])),
  answeredBy: Schema.optionalKey(AnsweredBy),
  handledBy: Schema.optionalKey(Schema.Array(Schema.Literals(["ai", "human"]))),
  failure: Schema.optionalKey(Failure),
  disconnect: Schema.optionalKey(Disconnect),
  transcript: Schema.optionalKey(Transcript),
  recordingUrl: Schema.optionalKey(Schema.String),
  extracted: Schema.optionalKey(JsonObject),
  metrics: Schema.optionalKey(JsonObject),
  reach: Reach
}

/** One dial, as an item of an order's `attempts`. */
export const Attempt = Schema.Struct({
  ...fields,
  /** Only for an attempt that also came as a record of its own (an item of a list of attempts): that record, secrets redacted. */
  native: Schema.optionalKey(JsonObject)
})
export type Attempt = typeof Attempt.Type

/** An attempt whose order the payload does not contain. */
export const CallAttempt = Schema.Struct({
  kind: Schema.Literal("call_attempt"),
  provider: ProviderId,
  ...fields,
  issues: Schema.optionalKey(Schema.Array(Issue)),
  native: Schema.optionalKey(JsonObject)
})
export type CallAttempt = typeof CallAttempt.Type
