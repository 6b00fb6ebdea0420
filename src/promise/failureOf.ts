/** Errors of the service as the failures of this face. */
import * as Cause from "effect/Cause"
import * as Redacted from "effect/Redacted"
import { JournalError } from "../calls/PlacementJournal.ts"
import type { FieldFault } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import { CallError, InvalidRequest, type Operation } from "../provider/CallError.ts"
import type { Check } from "../provider/optionChecks.ts"
import * as Failures from "./failures.ts"
import { printedOf, type Reason } from "./reasonFields.ts"

/** Any failure of an operation: `switch (failure.reason)` tells the classes apart. */
export type AnyCallFailure = InstanceType<(typeof Failures)[Reason]>

type Facts = { readonly [R in Reason]: ConstructorParameters<(typeof Failures)[R]>[0] }

/** A reason without a class of its name does not compile. */
const CLASSES: {
  readonly [R in Reason]: new (facts: Facts[R], hidden: Failures.HiddenFacts) => AnyCallFailure
} = Failures

const make = <R extends Reason>(reason: R, facts: Facts[R], hidden: Failures.HiddenFacts): AnyCallFailure =>
  new CLASSES[reason](facts, hidden)

const hiddenFacts = ({ reason, last }: CallError): Failures.HiddenFacts => {
  const body = "body" in reason ? reason.body : undefined
  const record = ("last" in reason ? reason.last : undefined) ?? last
  return {
    ...(body === undefined ? {} : { answer: Redacted.value(body) }),
    ...(record === undefined ? {} : { last: Redacted.value(record) })
  }
}

/** The failure that an error is, its stack beginning where the application asked, as far as the engine can. */
export const failureOf = (error: CallError): AnyCallFailure => {
  const { reason, message, operation, retryable, provider, retryAfter: retryAfterSeconds } = error
  const facts = { message, operation, retryable, ...present({ provider, retryAfterSeconds }), ...printedOf(reason) }
  const failure = make(reason._tag, facts, hiddenFacts(error))
  if (typeof Error.captureStackTrace === "function") Error.captureStackTrace(failure, failureOf)
  return failure
}

/** Ours to refuse, before anything is asked of a provider. */
export const invalid = (operation: Operation, fault: FieldFault): AnyCallFailure =>
  failureOf(new CallError({ operation, reason: new InvalidRequest(fault) }))

/** @throws the failure of an option that is not as it must be */
export const insist = (operation: Operation, check: Check, value: unknown, at: ReadonlyArray<string> = []): void => {
  const fault = check(value, at)
  if (fault !== undefined) throw invalid(operation, fault)
}

/** What a promise is rejected with. What nobody expected is passed on as it is. */
export const rejectionOf = (error: unknown): unknown => {
  if (error instanceof CallError) return failureOf(error)
  return error instanceof JournalError ? new Failures.JournalFailure(error) : error
}

/** Nothing but `close` interrupts what still runs. */
export const rejectionOfCause = (cause: Cause.Cause<unknown>): unknown =>
  Cause.hasInterruptsOnly(cause) ? new Failures.CallsClosed() : rejectionOf(Cause.squash(cause))
