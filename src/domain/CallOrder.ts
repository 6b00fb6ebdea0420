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
  /** Id of the provider. */
  provider: ProviderId,
  /** The provider's id of the order. */
  id: OrderId,
  /** Who calls whom, seen from the account at the provider. */
  direction: Schema.optionalKey(Direction),
  /** Telephone, or a call from a browser. */
  channel: Schema.optionalKey(Channel),
  from: Schema.optionalKey(Schema.String),
  to: Schema.optionalKey(Schema.String),
  /** Where the order stands. `completed` means neither answered nor gone well: see `reach` and `outcome`. */
  status: OrderStatus,
  /** The provider's own word for it. */
  providerStatus: Schema.optionalKey(Schema.String),
  /** Whether it is over. Absent if that is not known. */
  terminal: Schema.optionalKey(Schema.Boolean),
  /** What has arrived so far; it often trails the end of the call. */
  enriched: Schema.Struct({ transcript: Schema.Boolean, recording: Schema.Boolean, outcome: Schema.Boolean }),
  agent: Schema.optionalKey(
    Schema.Struct({ id: Schema.optionalKey(Schema.String), name: Schema.optionalKey(Schema.String) })
  ),
  /** Your own key for this order. */
  reference: Schema.optionalKey(Schema.String),
  createdAt: Schema.optionalKey(Instant),
  scheduledAt: Schema.optionalKey(Instant),
  /** When the next attempt is due. */
  nextAttemptAt: Schema.optionalKey(Instant),
  /** When the provider's record last changed. */
  updatedAt: Schema.optionalKey(Instant),
  /** One entry for each dial, oldest first; always present. */
  attempts: Schema.Array(Attempt),
  /** The provider's own count; may differ from the number of attempts listed. */
  attemptsMade: Schema.optionalKey(Schema.Finite),
  attemptsAllowed: Schema.optionalKey(Schema.Finite),
  /** The provider's business verdict; never derived. */
  outcome: Schema.optionalKey(Outcome),
  outcomeReason: Schema.optionalKey(Schema.String),
  /** The provider's summary of the conversation. */
  summary: Schema.optionalKey(Schema.String),
  /** The values you stored with the order. */
  metadata: Schema.optionalKey(JsonObject),
  /** The values you gave for the agent's prompt. */
  variables: Schema.optionalKey(JsonObject),
  campaign: Schema.optionalKey(
    Schema.Struct({ id: Schema.optionalKey(Schema.String), name: Schema.optionalKey(Schema.String) })
  ),
  organizationId: Schema.optionalKey(Schema.String),
  /** The best that its attempts achieved in terms of contact. */
  reach: Reach,
  /** Fields that could not be understood; present only if there are any. */
  issues: Schema.optionalKey(Schema.Array(Issue)),
  /** Ends that were claimed and lost against others; present only if there are any. */
  conflicts: Schema.optionalKey(Schema.Array(Conflict)),
  /** The provider's record as received, secrets redacted. */
  native: Schema.optionalKey(JsonObject)
})
export type CallOrder = typeof CallOrder.Type
