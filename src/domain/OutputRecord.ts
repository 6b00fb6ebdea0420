import * as Schema from "effect/Schema"
import { CallAttempt } from "./CallAttempt.ts"
import { CallHint } from "./CallHint.ts"
import { CallOrder } from "./CallOrder.ts"
import { Rejection } from "./Rejection.ts"

/** A record of a call. */
export const CallRecord = Schema.Union([CallOrder, CallAttempt, CallHint])
export type CallRecord = typeof CallRecord.Type

/** Everything a payload can become. */
export const OutputRecord = Schema.Union([CallOrder, CallAttempt, CallHint, Rejection])
export type OutputRecord = typeof OutputRecord.Type

/** Every kind of record that normalising gives. */
export const RECORD_KINDS = ["call_order", "call_attempt", "call_hint", "rejection"] as const
/** The kind of a record. */
export type RecordKind = OutputRecord["kind"]
