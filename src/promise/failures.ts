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

/** On the prototype, so that a stack trace begins with it and printing does not repeat it. */
const named = (prototype: CallFailure, reason: Reason): void => {
  Object.defineProperties(prototype, { name: { value: reason }, reason: { value: reason } })
}

/** The key is wrong, or missing. */
export class Unauthorized extends CallFailure {
  declare readonly reason: "Unauthorized"
  static {
    named(this.prototype, "Unauthorized")
  }
}

/** The key is right and may not do this. */
export class Forbidden extends CallFailure {
  declare readonly reason: "Forbidden"
  static {
    named(this.prototype, "Forbidden")
  }
}

/** No such call, agent, reference or endpoint. */
export class NotFound extends CallFailure {
  declare readonly reason: "NotFound"
  /** The call that was asked for, as text: provider and id. Absent where it was no call. */
  declare readonly call?: string
  static {
    named(this.prototype, "NotFound")
  }
}

/** `field` is not as it must be (`expected`), found before any request; or, without `field`, the provider refused. */
export class InvalidRequest extends CallFailure {
  declare readonly reason: "InvalidRequest"
  static {
    named(this.prototype, "InvalidRequest")
  }
}

/** Every line is taken and waiting for one was not wanted. */
export class AtCapacity extends CallFailure {
  declare readonly reason: "AtCapacity"
  static {
    named(this.prototype, "AtCapacity")
  }
}

/** Too many requests. */
export class RateLimited extends CallFailure {
  declare readonly reason: "RateLimited"
  static {
    named(this.prototype, "RateLimited")
  }
}

/** The provider has a fault of its own. */
export class ProviderUnavailable extends CallFailure {
  declare readonly reason: "ProviderUnavailable"
  static {
    named(this.prototype, "ProviderUnavailable")
  }
}

/** No answer came. */
export class NetworkError extends CallFailure {
  declare readonly reason: "NetworkError"
  /** `no`: the request certainly never left. */
  readonly sent: "no" | "maybe"
  /** The system's word for it: `ECONNREFUSED`, `ENOTFOUND`. */
  declare readonly code?: string
  static {
    named(this.prototype, "NetworkError")
  }

  constructor(facts: FailureFacts & { readonly sent: "no" | "maybe" }) {
    super(facts)
    this.sent = facts.sent
  }
}

/** No answer within the time given to it. */
export class TimedOut extends CallFailure {
  declare readonly reason: "TimedOut"
  /** The time that was given. */
  declare readonly afterSeconds?: number
  static {
    named(this.prototype, "TimedOut")
  }
}

/** An answer of success that is not what was asked for: no JSON, no record, a redirection. */
export class UnreadableResponse extends CallFailure {
  declare readonly reason: "UnreadableResponse"
  static {
    named(this.prototype, "UnreadableResponse")
  }
}

/** The provider cannot do this at all; found before any request. `field` is what asks for it. */
export class Unsupported extends CallFailure {
  declare readonly reason: "Unsupported"
  /** What the provider lacks. */
  readonly capability: string
  static {
    named(this.prototype, "Unsupported")
  }

  constructor(facts: FailureFacts & { readonly capability: string }) {
    super(facts)
    this.capability = facts.capability
  }
}

/** Whether the provider took the order is not known. `place` tells this as a state, not as a failure. */
export class PlacementUncertain extends CallFailure {
  declare readonly reason: "PlacementUncertain"
  /** What left it open: the name of a reason. */
  readonly because: string
  static {
    named(this.prototype, "PlacementUncertain")
  }

  constructor(facts: FailureFacts & { readonly because: string }, hidden?: HiddenFacts) {
    super(facts, hidden)
    this.because = facts.because
  }
}

/**
 * The reference is held by another order, so nothing was placed. `lastRecord()` is that order, where it is yours and was
 * read.
 */
export class ReferenceHeld extends CallFailure {
  declare readonly reason: "ReferenceHeld"
  /**
   * What differs. `number`: it is an order to another number. `account`: it was placed with another key or base URL.
   * `unclaimed`: it was placed before there were tenants. `content`: another agent or other variables.
   */
  readonly by: "number" | "account" | "unclaimed" | "content"
  /** For `content`: what is known of the order that holds it. */
  declare readonly state?: "accepted" | "in_flight" | "uncertain"
  /** For `content`: its call as text, provider and id. */
  declare readonly call?: string
  static {
    named(this.prototype, "ReferenceHeld")
  }

  constructor(facts: FailureFacts & Pick<ReferenceHeld, "by" | "state" | "call">, hidden?: HiddenFacts) {
    super(facts, hidden)
    this.by = facts.by
  }
}

/** The deadline passed before what was waited for; `lastRecord()` is the order as it was last read. */
export class Unresolved extends CallFailure {
  declare readonly reason: "Unresolved"
  /** As text: provider and id. */
  readonly call: string
  static {
    named(this.prototype, "Unresolved")
  }

  constructor(facts: FailureFacts & { readonly call: string }, hidden?: HiddenFacts) {
    super(facts, hidden)
    this.call = facts.call
  }
}

/** A list is not known to be whole; what was delivered before is right. */
export class Incomplete extends CallFailure {
  declare readonly reason: "Incomplete"
  /** How many records came before. */
  readonly delivered: number
  readonly because: string
  static {
    named(this.prototype, "Incomplete")
  }

  constructor(facts: FailureFacts & { readonly delivered: number; readonly because: string }) {
    super(facts)
    this.delivered = facts.delivered
    this.because = facts.because
  }
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
