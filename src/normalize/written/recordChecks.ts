/** Normalised records read back: every field is looked at before anything rests on it. */
import { Attempt, CallAttempt } from "../../domain/CallAttempt.ts"
import { CallHint } from "../../domain/CallHint.ts"
import { CallOrder } from "../../domain/CallOrder.ts"
import { isJsonObject, type JsonObject } from "../../domain/Json.ts"
import { RECORD_KINDS, type RecordKind } from "../../domain/OutputRecord.ts"
import { type Check, checkOf, ruleOf, setRule } from "./checks.ts"

export type { FieldFault } from "./checks.ts"

const kinds: ReadonlySet<unknown> = new Set<RecordKind>(RECORD_KINDS)

/** A record that `unicall` wrote, by its `kind`, whatever else is in it. */
export const isNormalised = (value: unknown): value is JsonObject =>
  isJsonObject(value) && kinds.has(value["kind"]) && Object.hasOwn(value, "kind")

const issues = ruleOf(CallAttempt.fields.issues) ?? "list"

// What was remarked of an attempt that came alone may still stand in it.
setRule(Attempt, checkOf(Attempt, { issues }))

/** The first field that is not what it has to be. */
export const orderFault: Check = checkOf(CallOrder)
export const attemptFault: Check = checkOf(CallAttempt)
export const hintFault: Check = checkOf(CallHint)

export const isCallOrder = (record: JsonObject): record is JsonObject & CallOrder => orderFault(record) === undefined
export const isCallAttempt = (record: JsonObject): record is JsonObject & CallAttempt =>
  attemptFault(record) === undefined
export const isCallHint = (record: JsonObject): record is JsonObject & CallHint => hintFault(record) === undefined
