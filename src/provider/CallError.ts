/** What can go wrong with a live call: one error, its reasons by meaning. Nothing personal stands in message or fields. */
import * as Match from "effect/Match"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { CallOrder } from "../domain/CallOrder.ts"
import { OrderId, ProviderId } from "../domain/Identifiers.ts"
import { ChangesForgotten, forgottenText } from "./ChangesForgotten.ts"
import { Operation } from "./Operation.ts"

export * from "./CallRef.ts"
export * from "./Operation.ts"
export { ChangesForgotten }

/** Of an answer over HTTP. The body may echo numbers and words of the call: it is kept, but never printed. */
const answered = {
  status: Schema.optionalKey(Schema.Int),
  /** The provider's id of the request, for its support. */
  requestId: Schema.optionalKey(Schema.String),
  /** Names of request fields that the answer mentions. */
  fields: Schema.optionalKey(Schema.Array(Schema.String)),
  /** JSON where the answer was JSON, else its text, secrets removed. */
  body: Schema.optionalKey(Schema.Redacted(Schema.Unknown))
}

/** Seconds until the next request, as the provider asks for it. */
const retryAfter = Schema.optionalKey(Schema.Finite)

/** The key is wrong, or missing. */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()("Unauthorized", answered) {
  readonly retryable = false
}

/** The key is right, and it or the account may not do this: no permission, or no credit. */
export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", answered) {
  readonly retryable = false
}

/** No such call, agent or endpoint. */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", {
  ...answered,
  /** The call that was asked for, as text: provider and id. Absent where it was no call. */
  call: Schema.optionalKey(Schema.String)
}) {
  readonly retryable = false
}

/** Ours: a field that is not as it must be, before any request. The provider's: it refused what was asked. */
export class InvalidRequest extends Schema.TaggedError<InvalidRequest>()("InvalidRequest", {
  ...answered,
  /** The field at fault and what was expected of it; absent where only the provider knows. */
  field: Schema.optionalKey(Schema.String),
  expected: Schema.optionalKey(Schema.String)
}) {
  readonly retryable = false
}

/** Every line is taken and waiting for one was not wanted. */
export class AtCapacity extends Schema.TaggedError<AtCapacity>()("AtCapacity", { ...answered, retryAfter }) {
  readonly retryable = true
}

/** Too many requests. */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", { ...answered, retryAfter }) {
  readonly retryable = true
}

/** The provider has a fault of its own. */
export class ProviderUnavailable extends Schema.TaggedError<ProviderUnavailable>()("ProviderUnavailable", {
  ...answered,
  retryAfter
}) {
  readonly retryable = true
}

/** No answer came. */
export class NetworkError extends Schema.TaggedError<NetworkError>()("NetworkError", {
  /** `no`: the request certainly never left. */
  sent: Schema.Literals(["no", "maybe"]),
  /** The system's word for it: `ECONNREFUSED`, `ENOTFOUND`, `UND_ERR_SOCKET`. */
  code: Schema.optionalKey(Schema.String)
}) {
  readonly retryable = true
}

/** No answer within the time given to it. */
export class TimedOut extends Schema.TaggedError<TimedOut>()("TimedOut", {
  ...answered,
  /** The time that was given. */
  afterSeconds: Schema.optionalKey(Schema.Finite),
  retryAfter
}) {
  readonly retryable = true
}

/** An answer of success that is not what was asked for: no JSON, no record, a redirection. */
export class UnreadableResponse extends Schema.TaggedError<UnreadableResponse>()("UnreadableResponse", {
  ...answered,
  expected: Schema.String
}) {
  readonly retryable = false
}

/** The provider cannot do this at all; found before any request. */
export class Unsupported extends Schema.TaggedError<Unsupported>()("Unsupported", {
  /** What the provider lacks. */
  capability: Schema.String,
  field: Schema.optionalKey(Schema.String)
}) {
  readonly retryable = false
}

/** Whether the provider took the order is not known: it must not be placed again before it has been reconciled. */
export class PlacementUncertain extends Schema.TaggedError<PlacementUncertain>()("PlacementUncertain", {
  /**
   * What left it open, as a reason's name: `TimedOut`, `NetworkError`, `ProviderUnavailable`, `UnreadableResponse` …; or what
   * contradicts an answer of success: `AnswerSaysFailure`, `AnswerNamesOtherNumber`, `AnswerNamesOtherReference`.
   */
  because: Schema.String,
  /** An id that a contradicting answer told: perhaps that of the order. */
  lead: Schema.optionalKey(OrderId),
  ...answered
}) {
  readonly retryable = false
}

/** The reference is held by another order, so nothing was placed. */
export class ReferenceHeld extends Schema.TaggedError<ReferenceHeld>()("ReferenceHeld", {
  /**
   * What differs. `number`: it is an order to another number. `account`: it was placed with another key or base URL. `provider`: it
   * was placed with a provider that is not opened here.
   * `unclaimed`: it was placed before there were tenants, and is not known to be this tenant's. `content`: another agent or
   * other variables, where `onDifference` is `fail`. `compacted`: the same, where the journal no longer knows what it was.
   */
  by: Schema.Literals(["number", "account", "provider", "unclaimed", "content", "compacted"]),
  /** For `content` and `compacted`: what is known of the order that holds it. */
  state: Schema.optionalKey(Schema.Literals(["accepted", "in_flight", "uncertain", "absent"])),
  /** For `content` and `compacted`: its call as text, provider and id. */
  call: Schema.optionalKey(Schema.String),
  last: Schema.optionalKey(Schema.Redacted(CallOrder))
}) {
  readonly retryable = false
}

/** An order that a policy had called absent exists: the policy is stopped for its provider. It is written down as accepted. */
export class AbsentWasWrong extends Schema.TaggedError<AbsentWasWrong>()("AbsentWasWrong", {
  /** The order's call as text: provider and id. */
  call: Schema.String,
  /** Whether its reference had been placed again by then: somebody may have been rung twice. */
  placedAgain: Schema.Boolean
}) {
  readonly retryable = false
}

/** The deadline passed before the call was over, or enriched if that was awaited. `last` is the latest record, kept from printing. */
export class Unresolved extends Schema.TaggedError<Unresolved>()("Unresolved", {
  /** As text: provider and id. */
  call: Schema.String,
  last: Schema.optionalKey(Schema.Redacted(CallOrder))
}) {
  readonly retryable = true
}

/** A list is not known to be whole; what was delivered before is right. */
export class Incomplete extends Schema.TaggedError<Incomplete>()("Incomplete", {
  /** How many of it came before. */
  delivered: Schema.Int,
  because: Schema.String
}) {
  readonly retryable = false
}

/** Why an operation on live calls failed, by meaning. */
export const CallErrorReason = Schema.Union([
  Unauthorized,
  Forbidden,
  NotFound,
  InvalidRequest,
  AtCapacity,
  RateLimited,
  ProviderUnavailable,
  NetworkError,
  TimedOut,
  UnreadableResponse,
  Unsupported,
  PlacementUncertain,
  ReferenceHeld,
  AbsentWasWrong,
  Unresolved,
  Incomplete,
  ChangesForgotten
])
export type CallErrorReason = typeof CallErrorReason.Type

/**
 * An operation on live calls that failed. Branch on the reason: `Effect.catchReason("CallError", "RateLimited", …)`.
 * Not of this class: a journal that cannot be written (`JournalError`).
 */
export class CallError extends Schema.TaggedError<CallError>()("CallError", {
  /** Absent where it is not known yet which provider is meant. */
  provider: Schema.optionalKey(ProviderId),
  operation: Operation,
  reason: CallErrorReason,
  /** Of waiting that failed: the record of the call as it was last read, kept from printing. */
  last: Schema.optionalKey(Schema.Redacted(CallOrder))
}) {
  get retryable(): boolean {
    return this.reason.retryable
  }

  /** Seconds, where the provider said so. */
  get retryAfter(): number | undefined {
    return "retryAfter" in this.reason ? this.reason.retryAfter : undefined
  }

  override get message(): string {
    return `${this.provider === undefined ? "" : `${this.provider}: `}${this.operation}: ${describeReason(this.reason)}`
  }
}

const withNotes = (
  text: string,
  { status, requestId, fields = [] }: Pick<NotFound, "status" | "requestId" | "fields">
): string => {
  const notes = [
    ...(status === undefined ? [] : [`HTTP ${status}`]),
    ...(fields.length === 0 ? [] : [`its answer names ${fields.join(", ")}`]),
    ...(requestId === undefined ? [] : [`request ${requestId}`])
  ]
  return notes.length === 0 ? text : `${text} (${notes.join("; ")})`
}

const wait = ({ retryAfter }: { readonly retryAfter?: number }): string =>
  retryAfter === undefined ? "" : `, wanted in ${retryAfter} s`

const HELD_BY = {
  number: "an order to another number",
  account: "an order of another account (another key or base URL)",
  provider: "an order of a provider that is not opened here",
  unclaimed: "an order from before there were tenants, which is not known to be this tenant's",
  content: "an order with other content (another agent, or other variables)",
  compacted: "an order that ended long ago, of which the journal no longer knows whether it is the same"
} as const satisfies Record<ReferenceHeld["by"], string>

/**
 * How a call stood when it was last read, with the provider's word: a paused order waits for somebody, not for time. A word
 * that no table knows may be anything and is not said.
 */
export const lastSeen = ({ last }: Unresolved): string => {
  if (last === undefined) return ""
  const { status, providerStatus } = Redacted.value(last)
  if (status === "unrecognized") return ": its last status is not known here"
  return `: its last status is ${status}${providerStatus === undefined ? "" : ` (${providerStatus})`}`
}

/** A reason as a sentence, without anything personal. */
export const describeReason = Match.typeTags<CallErrorReason>()({
  Unauthorized: (reason) => withNotes("the API key is not accepted", reason),
  Forbidden: (reason) => withNotes("the provider refused: no permission, or no credit", reason),
  NotFound: (reason) =>
    reason.call === undefined
      ? withNotes("not found", reason)
      : `${withNotes(`the provider does not know ${reason.call}`, reason)}: was it placed with another key or another base URL, or deleted?`,
  InvalidRequest: (reason) =>
    reason.field === undefined
      ? withNotes("the provider refused the request", reason)
      : `${reason.field}: expected ${reason.expected ?? "another value"}`,
  AtCapacity: (reason) => withNotes(`all lines are taken${wait(reason)}`, reason),
  RateLimited: (reason) => withNotes(`too many requests${wait(reason)}`, reason),
  ProviderUnavailable: (reason) => withNotes("the provider has a fault", reason),
  NetworkError: ({ code, sent }) =>
    `no answer${code === undefined ? "" : ` (${code})`}, the request ${sent === "no" ? "was not sent" : "may have been sent"}`,
  TimedOut: (reason) =>
    withNotes(`no answer${reason.afterSeconds === undefined ? "" : ` within ${reason.afterSeconds} s`}`, reason),
  UnreadableResponse: (reason) => withNotes(`the answer cannot be read: expected ${reason.expected}`, reason),
  Unsupported: ({ capability, field }) =>
    `the provider has no ${capability}${field === undefined ? "" : `, which ${field} asks for`}`,
  PlacementUncertain: (reason) => withNotes(`whether the call was placed is not known (${reason.because})`, reason),
  ReferenceHeld: ({ by }) => `the reference is held by ${HELD_BY[by]}; nothing was sent`,
  AbsentWasWrong: ({ call, placedAgain }) =>
    `${call} exists, though it had been called absent${placedAgain ? ", and its reference was placed again" : ""}; no more orders of its provider are called absent`,
  Unresolved: (reason) =>
    `the time was up before ${reason.call} was over, or before all of it had arrived${lastSeen(reason)}`,
  Incomplete: ({ delivered, because }) => `the list may lack entries after ${delivered}: ${because}`,
  ChangesForgotten: forgottenText
})
