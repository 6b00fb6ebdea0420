/** Failures as classes: the reasons of `CallError`, one class each, for `instanceof` and `switch (failure.reason)`. */
import type { CallErrorReason, Operation } from "../provider/CallError.ts"
import type { CallOrder } from "./records.ts"

/** What went wrong, by meaning: the name of a failure's class. */
export type Reason = CallErrorReason["_tag"]

/** What every failure tells; absent where it is not known. */
export interface FailureFacts {
  readonly message: string
  readonly operation: Operation
  readonly retryable: boolean
  readonly provider?: string
  readonly retryAfterSeconds?: number
  readonly status?: number
  readonly requestId?: string
  readonly fields?: ReadonlyArray<string>
  readonly field?: string
  readonly expected?: string
  readonly afterSeconds?: number
  readonly code?: string
  readonly call?: string
}

/** What may hold words and numbers of the call: told only to whoever asks for it. */
export interface HiddenFacts {
  readonly answer?: unknown
  readonly last?: CallOrder
}

/**
 * An operation on live calls that failed. Nothing personal stands in its message or fields, so it can be logged and
 * reported as it is.
 */
export abstract class CallFailure extends Error {
  /** What went wrong, by meaning; the same as `name`. */
  abstract readonly reason: Reason
  /** What was being done. */
  readonly operation: Operation
  /** Whether the same may succeed later. Of a `place` that failed nothing was placed, so it may be placed again. */
  readonly retryable: boolean
  /** Absent where it was not known yet which provider was meant. */
  declare readonly provider?: string
  /** When the provider wants to be asked again, where it said so. */
  declare readonly retryAfterSeconds?: number
  /** Of the provider's answer over HTTP. */
  declare readonly status?: number
  /** The provider's id of the request, for its support. */
  declare readonly requestId?: string
  /** Names of request fields that the provider's answer mentions. */
  declare readonly fields?: ReadonlyArray<string>
  /** The field or option at fault. */
  declare readonly field?: string
  /** What was expected of it. */
  declare readonly expected?: string
  readonly #hidden: HiddenFacts

  constructor({ message, operation, retryable, ...facts }: FailureFacts, hidden: HiddenFacts = {}) {
    super(message)
    this.operation = operation
    this.retryable = retryable
    // Facts that are not known do not stand in the failure as `undefined` when it is printed.
    Object.assign(this, facts)
    this.#hidden = hidden
  }

  /** The body of the provider's answer, if there was one: JSON or text. It may hold numbers and words of the call. */
  providerAnswer(): unknown {
    return this.#hidden.answer
  }

  /** The order as it was last read, of waiting that failed. */
  lastRecord(): CallOrder | undefined {
    return this.#hidden.last
  }

  /** As logs want it: name, message and facts. */
  toJSON(): { readonly [name: string]: unknown } {
    return Object.fromEntries([["name", this.name], ["message", this.message], ...Object.entries(this)])
  }
}

/**
 * The class of a reason; `Own`: what a failure of it always tells beyond the rest. Name and reason stand on the prototype,
 * so that a stack trace begins with it and printing does not repeat it.
 */
const failure = <R extends Reason>(reason: R) => {
  abstract class OfReason extends CallFailure {
    declare readonly reason: R
    static {
      Object.defineProperties(this.prototype, { name: { value: reason }, reason: { value: reason } })
    }
  }
  const made: abstract new <Own extends object = object>(
    facts: FailureFacts & Own,
    hidden?: HiddenFacts
  ) => CallFailure & { readonly reason: R } = OfReason
  return made
}

/** The key is wrong, or missing. */
export class Unauthorized extends failure("Unauthorized") {}

/** The key is right and may not do this. */
export class Forbidden extends failure("Forbidden") {}

/** No such call, agent, reference or endpoint. */
export class NotFound extends failure("NotFound") {
  /** The call that was asked for, as text: provider and id. Absent where it was no call. */
  declare readonly call?: string
}

/** `field` is not as it must be (`expected`), found before any request; or, without `field`, the provider refused. */
export class InvalidRequest extends failure("InvalidRequest") {}

/** Every line is taken and waiting for one was not wanted. */
export class AtCapacity extends failure("AtCapacity") {}

/** Too many requests. */
export class RateLimited extends failure("RateLimited") {}

/** The provider has a fault of its own. */
export class ProviderUnavailable extends failure("ProviderUnavailable") {}

/** No answer came. */
export class NetworkError extends failure("NetworkError")<{ readonly sent: "no" | "maybe" }> {
  /** `no`: the request certainly never left. */
  declare readonly sent: "no" | "maybe"
  /** The system's word for it: `ECONNREFUSED`, `ENOTFOUND`. */
  declare readonly code?: string
}

/** No answer within the time given to it. */
export class TimedOut extends failure("TimedOut") {
  /** The time that was given. */
  declare readonly afterSeconds?: number
}

/** An answer of success that is not what was asked for: no JSON, no record, a redirection. */
export class UnreadableResponse extends failure("UnreadableResponse") {}

/** The provider cannot do this at all; found before any request. `field` is what asks for it. */
export class Unsupported extends failure("Unsupported")<{ readonly capability: string }> {
  /** What the provider lacks. */
  declare readonly capability: string
}

/** Whether the provider took the order is not known. `place` tells this as a state, not as a failure. */
export class PlacementUncertain extends failure("PlacementUncertain")<{ readonly because: string }> {
  /** What left it open: the name of a reason. */
  declare readonly because: string
}

/**
 * The reference is held by another order, so nothing was placed. `lastRecord()` is that order, where it is yours and was
 * read.
 */
export class ReferenceHeld extends failure("ReferenceHeld")<Pick<ReferenceHeld, "by" | "state" | "call">> {
  /**
   * What differs. `number`: it is an order to another number. `account`: it was placed with another key or base URL.
   * `unclaimed`: it was placed before there were tenants. `content`: another agent or other variables.
   */
  declare readonly by: "number" | "account" | "unclaimed" | "content"
  /** For `content`: what is known of the order that holds it. */
  declare readonly state?: "accepted" | "in_flight" | "uncertain"
  /** For `content`: its call as text, provider and id. */
  declare readonly call?: string
}

/** The deadline passed before what was waited for; `lastRecord()` is the order as it was last read. */
export class Unresolved extends failure("Unresolved")<{ readonly call: string }> {
  /** As text: provider and id. */
  declare readonly call: string
}

/** A list is not known to be whole; what was delivered before is right. */
export class Incomplete extends failure("Incomplete")<{ readonly delivered: number; readonly because: string }> {
  /** How many records came before. */
  declare readonly delivered: number
  declare readonly because: string
}

/** Any failure of an operation: `switch (failure.reason)` tells the classes apart. */
export type AnyCallFailure =
  | Unauthorized
  | Forbidden
  | NotFound
  | InvalidRequest
  | AtCapacity
  | RateLimited
  | ProviderUnavailable
  | NetworkError
  | TimedOut
  | UnreadableResponse
  | Unsupported
  | PlacementUncertain
  | ReferenceHeld
  | Unresolved
  | Incomplete
