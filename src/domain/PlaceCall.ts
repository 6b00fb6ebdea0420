/** The command to call someone: strict, unlike everything that is read. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import { ProviderId } from "./Identifiers.ts"
import { Instant, momentGiven } from "./Instant.ts"
import { beyondJson, formatPath, isJsonObject, JsonObject, type PathStep } from "./Json.ts"
import { misfitOf } from "./misfit.ts"
import { parsePhoneNumber, PhoneNumber } from "./PhoneNumber.ts"
import { present } from "./present.ts"

declare global {
  /** What providers take beyond `PlaceCall`; each adapter adds its own under its id. */
  interface UnicallProviderOptions {}
}

/** Lines of printable text: what a header, a log or a table can carry. */
const Printable = Schema.String.pipe(
  // oxlint-disable-next-line no-control-regex
  Schema.check(Schema.isPattern(/^[^\u0000-\u001F\u007F-\u009F\u2028\u2029]+$/u))
)

/** Of a reference, in characters; a provider may take less. */
export const LONGEST_REFERENCE = 200

/** The caller's own key of an order; see docs/domain.md, section 7. */
export const Reference = Printable.pipe(Schema.check(Schema.isMaxLength(LONGEST_REFERENCE)))

/** Text by name: what every provider carries without loss. */
const TextMap = Schema.Record(Schema.String, Schema.String)

const atLeast = (minimum: number) => Schema.Int.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(minimum)))

/** An agent defined in the order itself. `firstSentence` is spoken when the call is answered. */
export const InlineAgent = Schema.Struct({
  /** What the agent is told to be and to do. */
  prompt: Schema.NonEmptyString,
  /** Spoken when the call is answered. */
  firstSentence: Schema.optionalKey(Schema.NonEmptyString),
  /** Spoken to a mailbox. */
  voicemailMessage: Schema.optionalKey(Schema.NonEmptyString),
  /** The call is ended after so long. */
  maxDurationSeconds: Schema.optionalKey(atLeast(1))
})
export type InlineAgent = typeof InlineAgent.Type

/**
 * The agent that talks: one the provider stores, by its id, one defined here, or both where the provider takes both. `{}`
 * leaves it to the provider.
 */
const Agent = Schema.Struct({
  /** A named agent of the configuration. It is no field that providers get. */
  name: Schema.optionalKey(Schema.NonEmptyString),
  id: Schema.optionalKey(Schema.NonEmptyString),
  inline: Schema.optionalKey(InlineAgent)
})

/** Days of the week, the first is Monday. */
export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const

/** A time of day, `09:00`. */
export const WallClock = Schema.String.pipe(Schema.check(Schema.isPattern(/^([01]\d|2[0-3]):[0-5]\d$/u)))

/** What may be left out of an order that is routed, where the provider that is chosen cannot take it. */
export const Omittable = Schema.Literals(["metadata", "retry", "concurrency"])
export type Omittable = typeof Omittable.Type

/** When and how often the provider may dial again. */
export const RetryPolicy = Schema.Struct({
  /** Dials in all, the first included. */
  maxAttempts: Schema.optionalKey(atLeast(1)),
  /** Between two dials. */
  delaySeconds: Schema.optionalKey(atLeast(1)),
  /** Hours of the day in which dialling is allowed, `09:00` to `18:00`, in the time zone given or the remote party's. */
  windows: Schema.optionalKey(Schema.Array(Schema.Struct({ from: WallClock, to: WallClock }))),
  /** Days of the week on which dialling is allowed. */
  days: Schema.optionalKey(Schema.Array(Schema.Literals(DAYS))),
  /** IANA name. */
  timeZone: Schema.optionalKey(Schema.NonEmptyString)
})
export type RetryPolicy = typeof RetryPolicy.Type

/** An order to call someone, checked: every field is what it must be, whichever provider takes it. */
export const PlaceCall = Schema.Struct({
  /** May be left out where there is one provider. */
  provider: Schema.optionalKey(ProviderId),
  /** The number to call, E.164. */
  to: PhoneNumber,
  /** The number to call from, E.164. */
  from: Schema.optionalKey(PhoneNumber),
  /** The agent that talks. */
  agent: Agent,
  /** Your own key for this order: however often it is placed, the telephone rings for it once. */
  reference: Reference,
  /** What the agent's prompt refers to by name. */
  variables: Schema.optionalKey(TextMap),
  /** Values of your own, stored with the order. */
  metadata: Schema.optionalKey(TextMap),
  /** Absent: at once. */
  scheduledAt: Schema.optionalKey(Instant),
  /** What would be placed later than this is not placed. It is no field that providers get. */
  notAfter: Schema.optionalKey(Instant),
  /** The route that chooses the provider. It is no field that providers get, and neither are the next two. */
  route: Schema.optionalKey(Schema.NonEmptyString),
  /** What a route with weights chooses by, so that all orders with one key go the same way. */
  routeKey: Schema.optionalKey(Schema.NonEmptyString),
  /** What a route may leave out for a provider that cannot take it. */
  mayOmit: Schema.optionalKey(Schema.Array(Omittable)),
  /** When and how often the provider may dial again. */
  retry: Schema.optionalKey(RetryPolicy),
  /** At most `max` calls at a time among the orders with this key; without `max`, as many as the provider allows a key. */
  concurrency: Schema.optionalKey(Schema.Struct({ key: Schema.NonEmptyString, max: Schema.optionalKey(atLeast(1)) })),
  /** By provider id; only the options of the provider that places the call are used. */
  providerOptions: Schema.optionalKey(Schema.Record(Schema.String, JsonObject))
})
export type PlaceCall = typeof PlaceCall.Type

/** Fields of an order that no provider gets. */
export type Unsent = "notAfter" | "route" | "routeKey" | "mayOmit"

/** One that the provider stores, one defined in the order, both, or neither, said by `{}`; a provider may take less. */
export interface AgentInput {
  /** Of a named agent of the configuration, which says what it is at each provider. Neither `id` nor `inline` beside it. */
  readonly name?: string
  /** Of an agent that the provider stores. */
  readonly id?: string
  /** An agent defined in the order, where the provider takes one. */
  readonly inline?: InlineAgent
}

/** `PlaceCall` as callers write it: numbers as people write them, times in any form that names an instant. */
export interface PlaceCallInput {
  /** May be left out where there is one provider. */
  readonly provider?: string
  /** The number to call: E.164, or as people write numbers of `defaultCountry`. */
  readonly to: string
  /** The number to call from, written as `to` is. */
  readonly from?: string
  /** For reading `to` and `from`: ISO 3166, two letters. */
  readonly defaultCountry?: string
  /** The agent that talks: one the provider stores, by its id, or one defined here where the provider can; `{}` leaves it to the provider. */
  readonly agent: AgentInput
  /** Your own key for this order: however often it is placed, the telephone rings for it once. */
  readonly reference: string
  /** What the agent's prompt refers to by name. */
  readonly variables?: { readonly [name: string]: string }
  /** Values of your own, stored with the order. */
  readonly metadata?: { readonly [name: string]: string }
  /** ISO 8601 with zone, or a `Date`. @default at once */
  readonly scheduledAt?: string | Date
  /**
   * ISO 8601 with zone, or a `Date`. What would be placed later, or is for a later time, is not placed: its state is
   * `expired`. The provider is not told. @default no limit
   */
  readonly notAfter?: string | Date
  /** The route of the configuration that chooses the provider. Not beside `provider`. @default the configuration's, if it has one */
  readonly route?: string
  /** What a route with weights chooses by if it goes by a key: all orders with one key go the same way. */
  readonly routeKey?: string
  /** What a route may leave out for a provider that cannot take it; what was left out is told with the placement. @default nothing */
  readonly mayOmit?: ReadonlyArray<Omittable>
  /** When and how often the provider may dial again. */
  readonly retry?: RetryPolicy
  /** At most `max` calls at a time among the orders with this key; without `max`, as many as the provider allows a key. */
  readonly concurrency?: { readonly key: string; readonly max?: number }
  /** What else a provider takes, in its own words; only those of the provider that places the call are used. */
  readonly providerOptions?: UnicallProviderOptions
}

/** The first field at fault and what was expected of it; never its value. */
export interface FieldFault {
  readonly field: string
  readonly expected: string
}

const decode = Schema.decodeUnknownResult(PlaceCall)

/** Checks a command, whoever wrote it: a typed program, a JSON file, a web form. */
export const parsePlaceCall = (input: unknown): Result.Result<PlaceCall, FieldFault> => {
  if (!isJsonObject(input)) return Result.fail({ field: "order", expected: "an object" })
  const { defaultCountry, ...order } = input
  if (defaultCountry !== undefined && typeof defaultCountry !== "string") {
    return Result.fail({ field: "defaultCountry", expected: "a country by its two letters (ISO 3166), such as FR" })
  }
  const read: { [key: string]: unknown } = present(order)
  for (const field of ["to", "from"]) {
    const text = read[field]
    if (typeof text !== "string") continue
    const number = parsePhoneNumber(text, defaultCountry)
    if (typeof number !== "string") return Result.fail({ field, expected: number.expected })
    read[field] = number
  }
  for (const field of ["scheduledAt", "notAfter"]) {
    if (!Object.hasOwn(read, field)) continue
    const instant = momentGiven(read[field])
    if (instant === undefined) return Result.fail({ field, expected: "ISO 8601 with a zone" })
    read[field] = instant
  }
  // What JSON would change or throw on must not be found out once the order is being sent.
  const odd = optionsFault(read["providerOptions"])
  if (odd !== undefined) return Result.fail(odd)
  return Result.flatMap(
    Result.mapError(decode(read, { onExcessProperty: "error" }), (error) => faultOf(error)),
    (call) => {
      const fault = namingFault(call)
      return fault === undefined ? Result.succeed(call) : Result.fail(fault)
    }
  )
}

/** What of options by provider JSON would change or throw on. */
export const optionsFault = (options: unknown): FieldFault | undefined => {
  const odd = isJsonObject(options) ? beyondJson(options, DEEPEST_OPTIONS) : undefined
  return odd && { field: fieldAt(["providerOptions", ...odd.slice(0, SHOWN_STEPS)]), expected: PLAIN_JSON }
}

/** What is said twice: a name says what the agent is, and a route which provider. */
export const namingFault = ({ agent, provider, route }: PlaceCall): FieldFault | undefined => {
  if (agent.name !== undefined && (agent.id !== undefined || agent.inline !== undefined))
    return { field: "agent", expected: "{ name } alone: the configuration says what the named agent is" }
  if (route !== undefined && provider !== undefined)
    return { field: "provider", expected: "none beside route, which chooses it" }
  return undefined
}

const DEEPEST_OPTIONS = 100
const SHOWN_STEPS = 5
const PLAIN_JSON = `text, a finite number, true, false, null, or lists and plain objects of these, ${DEEPEST_OPTIONS} levels at most`

/** A name of a field or the id of a provider. What else a caller uses as one may be anything, a telephone number too. */
const NAME = /^(?:[A-Za-z_]\w{0,99}|[a-z][a-z\d-]{0,99})$/

const isTold = (step: PathStep): boolean => typeof step === "number" || NAME.test(step)

/** A place in an order, down to the first name that is not to be repeated. */
export const fieldAt = (path: ReadonlyArray<PathStep>): string => {
  const odd = path.findIndex((step) => !isTold(step))
  return formatPath(odd < 0 ? path : path.slice(0, odd))
}

/** What to say instead of a schema's own words, by field. */
const EXPECTED: { readonly [field: string]: string } = {
  to: "a telephone number in E.164, such as +12025550101",
  from: "a telephone number in E.164, such as +12025550100",
  agent: "{ id }, { inline: { prompt } }, or both; { name } of a named agent; {} where the provider is to choose",
  reference: "one line of 1 to 200 characters: your own key for this order",
  variables: "text by name",
  metadata: "text by name",
  providerOptions: "options by provider id"
}

export const NO_SUCH_FIELD = "no field of this name"

const expectedAt = (path: ReadonlyArray<PathStep>, message: string): string => {
  const [top, ...rest] = path
  const own = typeof top === "string" && Object.hasOwn(EXPECTED, top) ? EXPECTED[top] : undefined
  if (message.startsWith("no excess")) return path.every(isTold) ? NO_SUCH_FIELD : "no unknown field"
  if (own !== undefined && (rest.length === 0 || top === "variables" || top === "metadata")) return own
  const last = path.findLast((step) => typeof step === "string")
  return last === "from" || last === "to" ? "a time of day such as 09:00" : message
}

/** Of what stands at `at` in an order. Schema messages hold paths and types, never the rejected value. */
export const faultOf = (error: { readonly issue: SchemaIssue.Issue }, at: ReadonlyArray<PathStep> = []): FieldFault => {
  const misfit = misfitOf(error)
  const path = [...at, ...misfit.path]
  const message = (misfit.expected ?? "another value").replace(/,? (got|actual) .*$/s, "")
  const field = fieldAt(path)
  return { field: field === "" ? "order" : field, expected: expectedAt(path, message) }
}
