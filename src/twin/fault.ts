/**
 * Faults of a provider's HTTP interface as data: which requests they meet, how often, and what goes wrong. Read from JSON
 * (`FaultRules`) or from the short text of a command line (`faultText.ts`).
 */
import * as Schema from "effect/Schema"

/**
 * What a route of a provider does, under one name for all providers; `catalog`: its agents, voices and numbers; `configure`: a
 * change of an agent; `receive`: a call that comes in, which is no part of the provider's API; `webhook`: a message that the twin
 * sends of its own, which only rules that name it meet.
 */
export const TwinOperation = Schema.Literals([
  "place",
  "get",
  "list",
  "cancel",
  "batch",
  "check",
  "catalog",
  "configure",
  "receive",
  "webhook"
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

/** A message is sent twice: both at once, or the second so many seconds later. */
const DoubleFault = Schema.Struct({ kind: Schema.Literal("double"), seconds: Schema.optionalKey(Seconds) })

/** A message is held back until the next one has been sent, or for a minute if none is. */
const ReorderFault = Schema.Struct({ kind: Schema.Literal("reorder") })

/** What goes wrong with a request. */
export const RequestFault = Schema.Union([
  StatusFault,
  DelayFault,
  HangFault,
  DropFault,
  GarbleFault,
  SlowBodyFault,
  RedirectFault
])
export type RequestFault = typeof RequestFault.Type

/** What goes wrong with a request, or with a message. */
export const Fault = Schema.Union([...RequestFault.members, DoubleFault, ReorderFault])
export type Fault = typeof Fault.Type

/** Whether it is a fault that requests can meet. */
export const isRequestFault = (fault: Fault | undefined): fault is RequestFault =>
  fault !== undefined && fault.kind !== "double" && fault.kind !== "reorder"

/** What may go wrong with a message on its way: it is lost, late, sent twice, out of order, or cannot be read. */
const OF_MESSAGES: ReadonlySet<Fault["kind"]> = new Set(["drop", "delay", "double", "reorder", "garble"])

/** Every kind of fault that a request can meet. */
export const REQUEST_FAULT_KINDS = RequestFault.members.map(({ fields }) => fields.kind.literal)

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

/** What a rule asks for that there is not: requests and messages do not fail in the same ways. */
export const ruleFault = ({ on, fault }: FaultRule): string | undefined => {
  if (on?.operation !== "webhook")
    return isRequestFault(fault) ? undefined : `webhook before :${fault.kind}, which only messages can meet`
  return OF_MESSAGES.has(fault.kind) && !(fault.kind === "garble" && fault.form === "cut")
    ? undefined
    : "drop, delay=SECONDS, double, reorder or garble=FORM (not cut) after webhook:"
}
