/** Failures as classes: one for each reason of `CallError`, for `instanceof` and `switch (failure.reason)`. */
import type { JournalError } from "../calls/PlacementJournal.ts"
import type { Operation } from "../provider/CallError.ts"
import type { Printed, Reason } from "./reasonFields.ts"
import type { CallOrder } from "./records.ts"

export type { Reason }

/** What every failure tells; absent where it is not known. */
export interface FailureFacts extends Pick<CallFailure, "message" | "operation" | "retryable" | Known> {}
type Known = "provider" | "retryAfterSeconds" | "status" | "requestId" | "fields" | "field" | "expected"

/** What may hold words and numbers of the call: told only to whoever asks for it. */
export interface HiddenFacts {
  readonly answer?: unknown
  readonly last?: CallOrder
}

/** On the prototype, so that a stack trace begins with the name and printing does not repeat it. */
const define = (prototype: Error, facts: { readonly name: string; readonly reason?: Reason }): void => {
  for (const [key, value] of Object.entries(facts)) Object.defineProperty(prototype, key, { value })
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

/** What a failure of this reason tells beside what every failure does. */
type Own<R extends Reason> = Omit<Printed<R>, keyof CallFailure>

type FailureClass<R extends Reason> = abstract new (
  facts: FailureFacts & Own<R>,
  hidden?: HiddenFacts
) => CallFailure & Own<R> & { readonly reason: R }

/** The class of a reason, with the fields that the reason has. */
function failure<R extends Reason>(reason: R): FailureClass<R>
function failure(reason: Reason): abstract new (facts: FailureFacts, hidden?: HiddenFacts) => CallFailure {
  abstract class OfReason extends CallFailure {
    declare readonly reason: Reason
    static {
      define(this.prototype, { name: reason, reason })
    }
  }
  return OfReason
}

/** The key is wrong, or missing. */
export class Unauthorized extends failure("Unauthorized") {}

/** The key is right, and it or the account may not do this: no permission, or no credit. */
export class Forbidden extends failure("Forbidden") {}

/** No such call, agent, reference or endpoint. */
export class NotFound extends failure("NotFound") {}

/** `field` is not as it must be (`expected`), found before any request; or, without `field`, the provider refused. */
export class InvalidRequest extends failure("InvalidRequest") {}

/** Every line is taken and waiting for one was not wanted. */
export class AtCapacity extends failure("AtCapacity") {}

/** Too many requests. */
export class RateLimited extends failure("RateLimited") {}

/** The provider has a fault of its own. */
export class ProviderUnavailable extends failure("ProviderUnavailable") {}

/** No answer came. */
export class NetworkError extends failure("NetworkError") {}

/** No answer within the time given to it. */
export class TimedOut extends failure("TimedOut") {}

/** An answer of success that is not what was asked for: no JSON, no record, a redirection. */
export class UnreadableResponse extends failure("UnreadableResponse") {}

/** The provider cannot do this at all; found before any request. `field` is what asks for it. */
export class Unsupported extends failure("Unsupported") {}

/** Whether the provider took the order is not known. `place` tells this as a state, not as a failure. */
export class PlacementUncertain extends failure("PlacementUncertain") {}

/**
 * The reference is held by another order, so nothing was placed. `lastRecord()` is that order, where it is yours and was
 * read.
 */
export class ReferenceHeld extends failure("ReferenceHeld") {}

/** An order that a policy had called absent exists after all; it is written down as accepted, and the policy is stopped. */
export class AbsentWasWrong extends failure("AbsentWasWrong") {}

/** The deadline passed before what was waited for; `lastRecord()` is the order as it was last read. */
export class Unresolved extends failure("Unresolved") {}

/** A list is not known to be whole; what was delivered before is right. */
export class Incomplete extends failure("Incomplete") {}

/** The changes that were asked for (`asked`) are not in the feed, or not any more: the oldest that is kept is `next`. */
export class ChangesForgotten extends failure("ChangesForgotten") {}

/** The journal, the inbox of webhooks (`operation` is then `inbox`) or the feed of changes (`changes`) cannot be read or written; nothing has been sent because of it. */
export class JournalFailure extends Error {
  /** What was being done to it. */
  readonly operation: JournalError["operation"]
  /** The system's word for it (`SQLITE_FULL`, `EACCES`) or what was found. */
  readonly problem: string
  static {
    define(this.prototype, { name: "JournalFailure" })
  }

  constructor({ message, operation, problem }: Pick<JournalError, "message" | "operation" | "problem">) {
    super(message)
    this.operation = operation
    this.problem = problem
  }
}

/**
 * The calls were closed before, or while, this was asked of them. `webhook` rejects with it too, so that nothing is acknowledged
 * which nobody takes: answer 503, as `webhookListener` does.
 */
export class CallsClosed extends Error {
  static {
    define(this.prototype, { name: "CallsClosed" })
  }

  constructor() {
    super("these calls are closed: open them anew with openCalls")
  }
}
