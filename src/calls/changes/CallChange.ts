/**
 * One thing that has become known of a placed call: a line of the feed of changes. It holds ids, words and times, nothing that was
 * said and no number.
 */
import * as Schema from "effect/Schema"
import { CallOrder } from "../../domain/CallOrder.ts"
import { AttemptStatus, OrderStatus } from "../../domain/CallStatus.ts"
import { AttemptId, OrderId, ProviderId } from "../../domain/Identifiers.ts"
import { Instant } from "../../domain/Instant.ts"
import { WATCHED_FIELDS } from "./watchedFields.ts"

/**
 * What has become known. `uncertain`: whether the provider has the order is not known. `absent`: it is called absent. `accepted`: the
 * provider has it, its id is known. `settled`: what had been told as uncertain or absent is so no longer, `state` says what it is.
 * `dialing`, `answered`: of the attempt `attemptId`, once each. `ended`: the order is over. `enriched`: fields became known or changed,
 * also after the end.
 */
export const ChangeKind = Schema.Literals([
  "uncertain",
  "absent",
  "accepted",
  "settled",
  "dialing",
  "answered",
  "ended",
  "enriched"
])
export type ChangeKind = typeof ChangeKind.Type

/** What is known of a placement, in the words of `place` and `reconcile`. `free`: it was refused or given up. */
export const CallState = Schema.Literals(["uncertain", "absent", "free", "accepted"])
export type CallState = typeof CallState.Type

/**
 * By what it was heard. `place`: the answer to the request that placed it. `read`: it was read, by whomever, a poll or a sweep. `list`:
 * it stood in a list. `webhook`: a message named it, and it was read. `settle`: an open placement was looked for, or a person decided.
 */
export const HeardBy = Schema.Literals(["place", "read", "list", "webhook", "settle"])
export type HeardBy = typeof HeardBy.Type

/** A field of an order, or of one of its attempts. */
export const ChangedField = Schema.Literals(WATCHED_FIELDS)
export type ChangedField = typeof ChangedField.Type

/** One thing that has become known of a placed call. */
export const CallChange = Schema.Struct({
  /** Tells this record from the other kinds. */
  kind: Schema.Literal("call_change"),
  /** Its number in the feed of its tenant: from 1, without gaps. */
  position: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)),
  /** What has become known. */
  change: ChangeKind,
  /** When it was heard, by our clock. */
  at: Instant,
  /** Id of the provider. */
  provider: ProviderId,
  /** The caller's own key of the order. */
  reference: Schema.NonEmptyString,
  /** What is known of the placement. */
  state: CallState,
  /** The provider's id of the order; absent as long as it is not known. */
  orderId: Schema.optionalKey(OrderId),
  /** The order's status; once it is over, that of its end, whatever is read later. */
  status: Schema.optionalKey(OrderStatus),
  /** The attempts that are known, and how far each has come. */
  attempts: Schema.optionalKey(Schema.Array(Schema.Struct({ id: AttemptId, status: AttemptStatus }))),
  /** Of `dialing` and `answered`: which attempt. */
  attemptId: Schema.optionalKey(AttemptId),
  /** What became known or changed with it: names of fields of the order or of its attempts, none of their values. */
  fields: Schema.optionalKey(Schema.Array(ChangedField)),
  /** By what it was heard, where that is known. */
  heardBy: Schema.optionalKey(HeardBy),
  /** Only for who asked for it: the order as its provider has it when the change is delivered. It is kept nowhere. */
  call: Schema.optionalKey(CallOrder)
})
export type CallChange = typeof CallChange.Type

/** A change that has no place in a feed yet. */
export type NewChange = Omit<CallChange, "kind" | "position" | "at" | "call">
