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

/** One dial, as an item of an order's `attempts`. */
export const Attempt = Schema.Struct({
  /** The provider's id of the attempt, which may not be usable as an order's. */
  id: AttemptId,
  /** The order it belongs to, when known. */
  orderId: Schema.optionalKey(OrderId),
  /** Where the dial stands. Says nothing about who was reached. */
  status: AttemptStatus,
  /** The number dialled. */
  to: Schema.optionalKey(Schema.String),
  dialedAt: Schema.optionalKey(Instant),
  answeredAt: Schema.optionalKey(Instant),
  endedAt: Schema.optionalKey(Instant),
  /** Absent if it is not known. */
  answered: Schema.optionalKey(Schema.Boolean),
  ringSeconds: Schema.optionalKey(Schema.Finite),
  /** The provider's own duration, else from answered to ended. */
  talkSeconds: Schema.optionalKey(Schema.Finite),
  talkSource: Schema.optionalKey(Schema.Literals(["provider", "derived"])),
  answeredBy: Schema.optionalKey(AnsweredBy),
  /** Whether the AI, a person, or both held the conversation. */
  handledBy: Schema.optionalKey(Schema.Array(Schema.Literals(["ai", "human"]))),
  failure: Schema.optionalKey(Failure),
  /** Who ended it, and why. */
  disconnect: Schema.optionalKey(Disconnect),
  /** Turns, or one unsplit text where the provider gives no turns. */
  transcript: Schema.optionalKey(Transcript),
  /** Treat it as private and as something that expires. */
  recordingUrl: Schema.optionalKey(Schema.String),
  /** What the provider extracted from the conversation: the customer's data, verbatim. */
  extracted: Schema.optionalKey(JsonObject),
  /** The provider's technical figures, verbatim. */
  metrics: Schema.optionalKey(JsonObject),
  /** What the dial achieved in terms of contact. */
  reach: Reach,
  /** Only for an attempt that also came as a record of its own (an item of a list of attempts): that record, secrets redacted. */
  native: Schema.optionalKey(JsonObject)
})
export type Attempt = typeof Attempt.Type

const { native, ...fields } = Attempt.fields

/** An attempt whose order the payload does not contain. */
export const CallAttempt = Schema.Struct({
  kind: Schema.Literal("call_attempt"),
  provider: ProviderId,
  ...fields,
  /** Present only if there are any. */
  issues: Schema.optionalKey(Schema.Array(Issue)),
  native
})
export type CallAttempt = typeof CallAttempt.Type
