/** Errors of the service as the failures of this face. */
import * as Cause from "effect/Cause"
import * as Match from "effect/Match"
import * as Redacted from "effect/Redacted"
import { JournalError } from "../calls/PlacementJournal.ts"
import type { FieldFault } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import { CallError, type CallErrorReason, InvalidRequest, type Operation } from "../provider/CallError.ts"
import * as Failures from "./failures.ts"
import { CallsClosed, JournalFailure } from "./otherFailures.ts"

const ANSWER = ["status", "requestId", "fields"] as const

/** What a reason tells of an answer over HTTP. */
const answerFacts = (reason: CallErrorReason): Partial<Failures.FailureFacts> =>
  present(Object.fromEntries(ANSWER.map((name): [string, unknown] => [name, Reflect.get(reason, name)])))

const hiddenFacts = ({ reason, last }: CallError): Failures.HiddenFacts => ({
  ...("body" in reason && reason.body !== undefined ? { answer: Redacted.value(reason.body) } : {}),
  ...(last === undefined ? {} : { last: Redacted.value(last) })
})

/** The failure that an error is, its stack beginning where the application asked, as far as the engine can. */
export const failureOf = (error: CallError): Failures.AnyCallFailure => {
  const failure = madeFrom(error)
  if (typeof Error.captureStackTrace === "function") Error.captureStackTrace(failure, failureOf)
  return failure
}

/** A reason without a class of its own does not compile here. */
const madeFrom = (error: CallError): Failures.AnyCallFailure => {
  const { reason, message, operation, retryable } = error
  const facts: Failures.FailureFacts = {
    message,
    operation,
    retryable,
    ...present({ provider: error.provider, retryAfterSeconds: error.retryAfter }),
    ...answerFacts(reason)
  }
  const hidden = hiddenFacts(error)
  return Match.valueTags(reason, {
    Unauthorized: () => new Failures.Unauthorized(facts, hidden),
    Forbidden: () => new Failures.Forbidden(facts, hidden),
    NotFound: ({ call }) => new Failures.NotFound({ ...facts, ...present({ call }) }, hidden),
    InvalidRequest: ({ field, expected }) =>
      new Failures.InvalidRequest({ ...facts, ...present({ field, expected }) }, hidden),
    AtCapacity: () => new Failures.AtCapacity(facts, hidden),
    RateLimited: () => new Failures.RateLimited(facts, hidden),
    ProviderUnavailable: () => new Failures.ProviderUnavailable(facts, hidden),
    NetworkError: ({ sent, code }) => new Failures.NetworkError({ ...facts, sent, ...present({ code }) }),
    TimedOut: ({ afterSeconds }) => new Failures.TimedOut({ ...facts, ...present({ afterSeconds }) }, hidden),
    UnreadableResponse: ({ expected }) => new Failures.UnreadableResponse({ ...facts, expected }, hidden),
    Unsupported: ({ capability, field }) => new Failures.Unsupported({ ...facts, capability, ...present({ field }) }),
    PlacementUncertain: ({ because }) => new Failures.PlacementUncertain({ ...facts, because }, hidden),
    ReferenceHeld: ({ by, state, call, last }) =>
      new Failures.ReferenceHeld(
        { ...facts, by, ...present({ state, call }) },
        last === undefined ? {} : { last: Redacted.value(last) }
      ),
    Unresolved: ({ call, last }) =>
      new Failures.Unresolved({ ...facts, call }, last === undefined ? hidden : { last: Redacted.value(last) }),
    Incomplete: ({ delivered, because }) => new Failures.Incomplete({ ...facts, delivered, because })
  })
}

/** Ours to refuse, before anything is asked of a provider. */
export const invalid = (operation: Operation, fault: FieldFault): Failures.AnyCallFailure =>
  failureOf(new CallError({ operation, reason: new InvalidRequest(fault) }))

/** What a promise is rejected with. What nobody expected is passed on as it is. */
export const rejectionOf = (error: unknown): unknown => {
  if (error instanceof CallError) return failureOf(error)
  return error instanceof JournalError ? new JournalFailure(error) : error
}

/** Nothing but `close` interrupts what still runs. */
export const rejectionOfCause = (cause: Cause.Cause<unknown>): unknown =>
  Cause.hasInterruptsOnly(cause) ? new CallsClosed() : rejectionOf(Cause.squash(cause))
