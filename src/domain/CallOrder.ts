import * as Schema from "effect/Schema"
import { Attempt } from "./CallAttempt.ts"
import { OrderStatus } from "./CallStatus.ts"
import { Cost } from "./Cost.ts"
import { type FieldTable, schemasOf } from "./fields.ts"
import { Goal } from "./Goal.ts"
import { gradeOfGoal, gradeOfParts } from "./grades.ts"
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

/** A terminal status as the claim of an end. */
export const endAt = (status: OrderStatus, asOf: Instant | undefined): Conflict =>
  asOf === undefined ? { path: "status", value: status } : { path: "status", value: status, asOf }

const Named = Schema.Struct({ id: Schema.optionalKey(Schema.String), name: Schema.optionalKey(Schema.String) })

/** Every field of an order; what the code and the documentation say of each follows from its row. */
export const orderFields = {
  /** Tells this record from the other kinds. */
  kind: {
    schema: Schema.Literal("call_order"),
    always: true,
    from: "conclusion",
    rule: "told by the keys of the body",
    joins: "no",
    columns: { kind: 1 }
  },
  /** Id of the provider. */
  provider: {
    schema: ProviderId,
    always: true,
    from: "conclusion",
    rule: "told by the keys of the body",
    joins: "no",
    columns: { provider: 2 }
  },
  /** The provider's id of the order: opaque text. */
  id: { schema: OrderId, always: true, from: "conclusion", joins: "no", columns: { order_id: 3 } },
  /** Who calls whom, seen from the account at the provider. */
  direction: { schema: Direction, from: "meaning", columns: { direction: 7 } },
  /** Telephone, or a call from a browser. */
  channel: { schema: Channel, from: "meaning", columns: { channel: 8 } },
  /** The calling side: E.164 where it is a telephone number, otherwise as given. */
  from: { schema: Schema.String, from: "claim", columns: { from: 9 } },
  /** The called side, likewise. */
  to: { schema: Schema.String, from: "claim", columns: { to: 10 } },
  /** Lifecycle of the order. `completed` means neither answered nor gone well. */
  status: { schema: OrderStatus, always: true, from: "conclusion", joins: "no", columns: { order_status: 12 } },
  /** The provider's own word for it. */
  providerStatus: { schema: Schema.String, from: "conclusion", joins: "no", columns: { provider_status: 13 } },
  /** Whether it is over. Absent if that is not known. */
  terminal: {
    schema: Schema.Boolean,
    from: "conclusion",
    rule: "the status is an end; an unrecognized one if a flag or an end time says so",
    explainedBy: "status",
    joins: "no",
    columns: { terminal: 14 }
  },
  /** What has arrived so far; it often trails the end of the call. */
  enriched: {
    schema: Schema.Struct({ transcript: Schema.Boolean, recording: Schema.Boolean, outcome: Schema.Boolean }),
    always: true,
    from: "conclusion",
    rule: {
      transcript: "an attempt has a transcript with a turn or words",
      recording: "an attempt has a recording",
      outcome: "the provider has given an outcome"
    },
    joins: "no"
  },
  /** The assistant or agent that talks. */
  agent: {
    schema: Named,
    from: "conclusion",
    claims: { agentId: Schema.String, agentName: Schema.String },
    grade: gradeOfParts,
    columns: { agent_id: [20, "id"], agent_name: [21, "name"] }
  },
  /** The caller's own key for this order. */
  reference: { schema: Schema.String, from: "meaning", columns: { reference: 11 } },
  /** When the order was made. */
  createdAt: { schema: Instant, from: "claim", columns: { created_at: 25 } },
  /** When it is to start. */
  scheduledAt: { schema: Instant, from: "claim", columns: { scheduled_at: 26 } },
  /** When the next attempt is due (Revox V0 and V1 only). */
  nextAttemptAt: { schema: Instant, from: "claim", columns: { next_attempt_at: 27 } },
  /** When it was over, by the provider's word. */
  endedAt: { schema: Instant, from: "claim", columns: { order_ended_at: 69 } },
  /** When the provider's record last changed. */
  updatedAt: { schema: Instant, from: "claim", columns: { updated_at: 28 } },
  /** One entry for each dial, oldest first; always present. */
  attempts: { schema: Schema.Array(Attempt), always: true, from: "conclusion", joins: "no" },
  /** The provider's own count; may differ from the number of attempts listed. */
  attemptsMade: { schema: Schema.Finite, from: "claim", columns: { attempts_made: 29 } },
  /** The provider's own limit. */
  attemptsAllowed: { schema: Schema.Finite, from: "claim", columns: { attempts_allowed: 30 } },
  /** The provider's business verdict; never derived. */
  outcome: { schema: Outcome, from: "meaning", columns: { outcome: 17 } },
  /** The provider's reason for that verdict. */
  outcomeReason: { schema: Schema.String, from: "claim", uncounted: true, columns: { outcome_reason: 18 } },
  /** The provider's verdict on whether the task was done, apart from the outcome; never derived. */
  goal: {
    schema: Goal,
    from: "claim",
    grade: gradeOfGoal,
    columns: {
      goal_achieved: [61, "achieved"],
      goal_confidence: [62, "confidence"],
      goal_reasons: [63, "reasons"],
      goal_text: [64, "text"]
    }
  },
  /** What it cost, as the provider gives it; amounts are decimal text and are never converted. */
  cost: {
    schema: Cost,
    from: "claim",
    columns: {
      cost_amount: [65, "amount"],
      cost_currency: [66, "currency"],
      cost_unit: [67, "unit"],
      cost_parts: [68, "parts"]
    }
  },
  /** The provider's summary of the conversation. */
  summary: { schema: Schema.String, from: "claim", uncounted: true, columns: { summary: 19 } },
  /** The caller's values stored with the order. */
  metadata: { schema: JsonObject, from: "claim", uncounted: true, columns: { metadata: 57 } },
  /** The caller's values for the agent's prompt, without the provider's own. */
  variables: { schema: JsonObject, from: "claim", uncounted: true, columns: { variables: 58 } },
  /** The campaign the order is part of. */
  campaign: {
    schema: Named,
    from: "conclusion",
    claims: { campaignId: Schema.String, campaignName: Schema.String },
    grade: gradeOfParts,
    columns: { campaign_id: [22, "id"], campaign_name: [23, "name"] }
  },
  /** The account at the provider. */
  organizationId: { schema: Schema.String, from: "claim", uncounted: true, columns: { organization_id: 24 } },
  /** The best that its attempts achieved in terms of contact, with the evidence. */
  reach: {
    schema: Reach,
    always: true,
    from: "conclusion",
    rule: "the best reach of its attempts; while the order goes on, contact or pending",
    explainedBy: "status",
    joins: "no",
    columns: { order_reach: [15, "value"], order_reach_certainty: [16, "certainty"] }
  },
  /** Mapped fields that could not be understood; present only if there are any. */
  issues: {
    schema: Schema.Array(Issue),
    from: "conclusion",
    rule: "mapped fields that could not be understood",
    joins: "no",
    uncounted: true,
    columns: { issues: 59 }
  },
  /** Ends that were claimed and lost when payloads were merged; present only if there are any. */
  conflicts: {
    schema: Schema.Array(Conflict),
    from: "conclusion",
    rule: "terminal claims that lost when payloads were merged",
    joins: "no",
    uncounted: true,
    columns: { conflicts: 60 }
  },
  /** The provider's record as received, secrets redacted. */
  native: { schema: JsonObject, from: "conclusion", joins: "no", uncounted: true }
} as const satisfies FieldTable

/** A request to reach someone, with its attempts. Times are ISO 8601 UTC; a field that was not given is absent, never null. */
export const CallOrder = Schema.Struct(schemasOf(orderFields))
export type CallOrder = typeof CallOrder.Type
