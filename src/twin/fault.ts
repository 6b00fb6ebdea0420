/**
 * Faults of a provider's HTTP interface as data: which requests they meet, how often, and what goes wrong. Read from JSON
 * (`FaultRules`) or from the short text of a command line (`faultText.ts`).
 */
import * as Schema from "effect/Schema"

/**
 * What a route of a provider does, under one name for all providers; `catalog`: its agents, voices and numbers; `configure`: a
 * change of an agent.
 */
export const TwinOperation = Schema.Literals([
  "place",
  "get",
  "list",
  "cancel",
  "batch",
  "check",
  "catalog",
  "configure"
])
export type TwinOperation = typeof TwinOperation.Type

/** Whether the provider does the work before it fails: an order is placed although nobody is told. False unless given. */
const accepted = { accepted: Schema.optionalKey(Schema.Boolean) }

const Seconds = Schema.Finite.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(0)))

const httpStatus = (minimum: number, maximum: number) =>
  Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum, maximum })))

/** An answer with an error status. */
const StatusFault = Schema.Struct({
  kind: Schema.Literal("status"),
  ...accepted,
  status: httpStatus(400, 599),
  /** The form of the body: the provider's own errors (`json`, unless given), or what a proxy in front of it says. */
  form: Schema.optionalKey(Schema.Literals(["json", "html", "text", "empty"])),
  /** The `retry-after` header: seconds, or the text of a date. */
  retryAfter: Schema.optionalKey(Schema.Union([Seconds, Schema.NonEmptyString])),
  /** The `retry-after-ms` header. */
  retryAfterMs: Schema.optionalKey(Seconds),
  /** Answered so much later. Absent: at once. */
  delaySeconds: Schema.optionalKey(Seconds)
})

/** The ordinary answer, late. The work is done at once. */
const DelayFault = Schema.Struct({ kind: Schema.Literal("delay"), ...accepted, seconds: Seconds })

/** No answer ever. */
const HangFault = Schema.Struct({ kind: Schema.Literal("hang"), ...accepted })

/** The connection is closed without an answer. */
const DropFault = Schema.Struct({ kind: Schema.Literal("drop"), ...accepted })

/** How an answer of success can be made unreadable. */
export const GARBLE_FORMS = [
  "html",
  "truncated",
  "empty",
  "not_json",
  "wrong_shape",
  "no_id",
  "invalid_utf8",
  "cut"
] as const

/**
 * Success that cannot be read: a page instead of JSON, JSON that breaks off (`truncated`, a whole answer; `cut`, less than
 * its `content-length`), no body, no JSON, JSON of another shape or without ids, bytes that are no UTF-8.
 */
const GarbleFault = Schema.Struct({
  kind: Schema.Literal("garble"),
  ...accepted,
  form: Schema.Literals(GARBLE_FORMS)
})

/** The ordinary answer: headers at once, the body in pieces. The work is done at once. */
const SlowBodyFault = Schema.Struct({ kind: Schema.Literal("slow_body"), ...accepted, seconds: Seconds })

/** An answer that sends the client elsewhere: to `/login` unless given. */
const RedirectFault = Schema.Struct({
  kind: Schema.Literal("redirect"),
  ...accepted,
  status: Schema.Literals([301, 302, 303, 307, 308]),
  location: Schema.optionalKey(Schema.NonEmptyString)
})

/** What goes wrong with a request. */
export const Fault = Schema.Union([
  StatusFault,
  DelayFault,
  HangFault,
  DropFault,
  GarbleFault,
  SlowBodyFault,
  RedirectFault
])
export type Fault = typeof Fault.Type

/** Every kind of fault. */
export const FAULT_KINDS = Fault.members.map(({ fields }) => fields.kind.literal)

const Count = Schema.Int.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(0)))

const isPattern = (text: string): boolean => {
  if (!text.startsWith("^")) return true
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}

/** Requests that a rule is about; all that is given must fit. */
export const FaultTarget = Schema.Struct({
  method: Schema.optionalKey(Schema.NonEmptyString),
  /** A path without what a base URL adds: exactly, as a prefix with `*` at its end, or as a regular expression with `^` at its start. */
  path: Schema.optionalKey(Schema.NonEmptyString.pipe(Schema.check(Schema.makeFilter(isPattern)))),
  operation: Schema.optionalKey(TwinOperation)
})
export type FaultTarget = typeof FaultTarget.Type

/** A fault with the requests it meets. Of several rules that fit a request the first that fires counts. */
export const FaultRule = Schema.Struct({
  /** Every request unless given. */
  on: Schema.optionalKey(FaultTarget),
  /** The share of requests, 0 to 1; the same requests on every run with the same seed. */
  rate: Schema.optionalKey(Schema.Finite.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 1 })))),
  /** How often at most. */
  times: Schema.optionalKey(Count),
  /** How many requests that fit are let through first. */
  skip: Schema.optionalKey(Count),
  fault: Fault
})
export type FaultRule = typeof FaultRule.Type

/** Rules, the first that fires counts. */
export const FaultRules = Schema.Array(FaultRule)
