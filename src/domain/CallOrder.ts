import * as Schema from "effect/Schema"
import { Attempt } from "./CallAttempt.ts"
import { OrderStatus } from "./CallStatus.ts"
import { OrderId, ProviderId } from "./Identifiers.ts"
import { Instant } from "./Instant.ts"
import { Issue } from "./Issue.ts"
import { JsonObject } from "./Json.ts"
import { Reach } from "./Reach.ts"

/** Who calls whom, seen from the account at the provider. */
export const Direction = Schema.Literals(["outbound", "inbound", "unrecognized"])
export type Direction = typeof Direction.Type

/** Telephone, or a call from a browser. */
export const Channel = Schema.Literals(["phone", "web"])
export type Channel = typeof Channel.Type

/** The provider's business verdict on an order, never derived by us. */
export const Outcome = Schema.Literals([
  "interested",
  "not_interested",
  "completed",
  "callback_later",
  "callback_new_number",
  "do_not_contact",
  "none",
  "unrecognized"
])
export type Outcome = typeof Outcome.Type

/** A terminal claim that lost against another one when facts were merged. */
export const Conflict = Schema.Struct({
  path: Schema.String,
  value: Schema.String,
  asOf: Schema.optionalKey(Instant)
})
export type Conflict = typeof Conflict.Type

/** A request to reach someone, with its attempts. Times are ISO 8601 UTC; a field that was not given is absent, never null. */
export const CallOrder = Schema.Struct({
  kind: Schema.Literal("call_order"),
  provider: ProviderId,
  id: OrderId,
  direction: Schema.optionalKey(Direction),
  channel: Schema.optionalKey(Channel),
  from: Schema.optionalKey(Schema.String),
  to: Schema.optionalKey(Schema.String),
  status: OrderStatus,
  providerStatus: Schema.optionalKey(Schema.String),
  terminal: Schema.optionalKey(Schema.Boolean),
  enriched: Schema.Struct({ transcript: Schema.Boolean, recording: Schema.Boolean, outcome: Schema.Boolean }),
  agent: Schema.optionalKey(
    Schema.Struct({ id: Schema.optionalKey(Schema.String), name: Schema.optionalKey(Schema.String) })
  ),
  reference: Schema.optionalKey(Schema.String),
  createdAt: Schema.optionalKey(Instant),
  scheduledAt: Schema.optionalKey(Instant),
  nextAttemptAt: Schema.optionalKey(Instant),
  updatedAt: Schema.optionalKey(Instant),
  attempts: Schema.Array(Attempt),
  attemptsMade: Schema.optionalKey(Schema.Finite),
  attemptsAllowed: Schema.optionalKey(Schema.Finite),
  outcome: Schema.optionalKey(Outcome),
  outcomeReason: Schema.optionalKey(Schema.String),
  summary: Schema.optionalKey(Schema.String),
  metadata: Schema.optionalKey(JsonObject),
  variables: Schema.optionalKey(JsonObject),
  campaign: Schema.optionalKey(
    Schema.Struct({ id: Schema.optionalKey(Schema.String), name: Schema.optionalKey(Schema.String) })
  ),
  organizationId: Schema.optionalKey(Schema.String),
  reach: Reach,
  issues: Schema.optionalKey(Schema.Array(Issue)),
  conflicts: Schema.optionalKey(Schema.Array(Conflict)),
  native: Schema.optionalKey(JsonObject)
})
export type CallOrder = typeof CallOrder.Type
