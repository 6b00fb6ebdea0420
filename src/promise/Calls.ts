/** Live calls for applications written with promises: the interface of an opened handle. Every duration is a number of seconds. */
import type { OrderStatus } from "../domain/CallStatus.ts"
import type { AgentInput, RetryPolicy } from "../domain/PlaceCall.ts"
import type { CallAttempt, CallOrder, CallRef, Canceled, DryRun, KeyCheck, Placed, Reconciled } from "./records.ts"

/** Whether a union has several members. */
type IsSeveral<Id, All = Id> = Id extends unknown ? ([All] extends [Id] ? false : true) : never

/** Which provider is meant: to be said where there are several, may be left out where there is one. */
export type Which<Provider extends string> =
  true extends IsSeveral<Provider>
    ? {
        /** Which provider is meant. */
        readonly provider: Provider
      }
    : {
        /** Which provider is meant. @default the one there is */
        readonly provider?: Provider | undefined
      }

/** A call: `{ provider, id }`, any record that has both, or the two as text with a colon between. */
export type CallLike = CallRef | string

/** An operation that can be aborted. */
export interface Cancelable {
  /** Ends the operation: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** How an order is placed, and what ends the waiting. */
export interface PlaceOptions extends Cancelable {
  /**
   * What to do where the reference is held by an order with other content (another agent, other variables). `return` what
   * is known of that order, with `differs: true`, or `fail` with `ReferenceHeld`. Nothing is sent in either case.
   *
   * @default "return"
   */
  readonly onDifference?: "return" | "fail" | undefined
  /**
   * What to do where the reference is held by an uncertain placement. `return` it, or `repeat` the identical order where that
   * rings nobody twice: at a provider that knows it by its reference (`capabilities.idempotency`), up to `repeatableUntil`.
   * If the provider accepts it, so is the placement; after any other answer, a refusal too, it is as uncertain as before.
   * Where it cannot be repeated nothing is sent.
   *
   * @default "return"
   */
  readonly onUncertain?: "return" | "repeat" | undefined
}

/** What an order says, beside its provider. */
export interface OrderFields {
  /** The number to call: E.164, or as people write numbers of `defaultCountry`. */
  readonly to: string
  /** The number to call from. */
  readonly from?: string | undefined
  /** For reading `to` and `from`: ISO 3166, two letters. */
  readonly defaultCountry?: string | undefined
  /** The agent that talks: one the provider stores, by its id, or one defined here where the provider can; `{}` leaves it to the provider. */
  readonly agent: AgentInput
  /** Your own key for this order: however often it is placed, the telephone rings for it once. */
  readonly reference: string
  /** What the agent's prompt refers to by name. */
  readonly variables?: { readonly [name: string]: string } | undefined
  /** Values of your own, stored with the order. */
  readonly metadata?: { readonly [name: string]: string } | undefined
  /** ISO 8601 with zone, or a `Date`. Absent: at once. */
  readonly scheduledAt?: string | Date | undefined
  /** When and how often the provider may dial again. */
  readonly retry?: RetryPolicy | undefined
  /** At most `max` calls at a time among the orders with this key; without `max`, as many as the provider allows a key. */
  readonly concurrency?: { readonly key: string; readonly max?: number } | undefined
  /** What else a provider takes, in its own words; only those of the provider that places the call are used. */
  readonly providerOptions?: UnicallProviderOptions | undefined
}

/** An order to call someone. */
export type Order<Provider extends string> = Which<Provider> & OrderFields

/** Which calls to list, beside the provider. */
export interface ListFields extends Cancelable {
  /** Only orders with one of these statuses. */
  readonly status?: ReadonlyArray<OrderStatus> | undefined
  /** ISO 8601 with zone, or a `Date`. */
  readonly createdAfter?: string | Date | undefined
  /** ISO 8601 with zone, or a `Date`. */
  readonly createdBefore?: string | Date | undefined
  /** Only calls of this agent. */
  readonly agentId?: string | undefined
  /** Only the call that was placed with this reference. */
  readonly reference?: string | undefined
  /** Only calls to this number, in E.164. */
  readonly to?: string | undefined
}

/** Which calls to list. A filter that the provider lacks is `Unsupported`. */
export type ListOptions<Provider extends string> = Which<Provider> & ListFields

/** Until when a call is waited for, and for what. */
export interface WaitOptions extends Cancelable {
  /** From now. When it has passed, waiting fails with `Unresolved`, which holds the last record. */
  readonly deadlineSeconds: number
  /**
   * `terminal`: the order is over. `enriched`: it is over and transcript, recording and outcome have arrived, as far as
   * its provider has them; they trail the end.
   * @default "terminal"
   */
  readonly until?: "terminal" | "enriched" | undefined
  /** What `enriched` waits for, where the agent makes only some of it. */
  readonly parts?: ReadonlyArray<"transcript" | "recording" | "outcome"> | undefined
}

/** Which placements to look into again. */
export interface StaleOptions extends Cancelable {
  /** Placements of which nothing has been heard for so long. */
  readonly olderThanSeconds: number
  /** At most so many. @default 1000 */
  readonly limit?: number | undefined
}

/** How the calls are closed. */
export interface CloseOptions {
  /** How long placements under way are waited for; what is not done then is uncertain. @default until each has its result */
  readonly withinSeconds?: number | undefined
}

/**
 * Live calls on the opened providers. An operation that fails rejects with a `CallFailure` or, if the journal cannot be
 * used, a `JournalFailure`; one that is aborted with the signal's reason; any of them after `close` with `CallsClosed`.
 */
export interface Calls<Provider extends string = string> {
  /** Ids of the opened providers. */
  readonly providers: ReadonlyArray<Provider>
  /**
   * Places an order, once: of a reference that has been placed before, nothing is sent and what is known is returned.
   * Fails only if nothing was placed; whether it was is not always known, which is the state `uncertain`.
   *
   * Aborting ends the waiting, not the placement: one that has begun goes on and is written down. `reconcile` tells
   * what became of it.
   */
  place(order: Order<Provider>, options?: PlaceOptions): Promise<Placed>
  /** The request that `place` would send, secrets removed. Sends nothing. */
  dryRun(order: Order<Provider>, options?: Cancelable): Promise<DryRun>
  /** The order as the provider has it now. */
  get(call: CallLike, options?: Cancelable): Promise<CallOrder>
  /** Each call once, as it comes; fails with `Incomplete` at its end if it may not be all. Asks as the loop goes on. */
  list(
    ...options: true extends IsSeveral<Provider> ? [options: ListOptions<Provider>] : [options?: ListOptions<Provider>]
  ): AsyncIterable<CallOrder | CallAttempt>
  /** Cancels a call and tells what came of it. */
  cancel(call: CallLike, options?: Cancelable): Promise<Canceled>
  /** Waits for the end; fails with `Unresolved` when the deadline has passed. */
  awaitEnd(call: CallLike, options: WaitOptions): Promise<CallOrder>
  /** The record as it is, then each change of it, until the end; fails with `Unresolved` when the deadline has passed. */
  watch(call: CallLike, options: WaitOptions): AsyncIterable<CallOrder>
  /** Looks at a call now if somebody waits for it: something was heard of it, by a webhook perhaps. */
  wake(call: CallLike): Promise<void>
  /**
   * What became of a placement: read if it was accepted, searched for if that is uncertain, `free` if no placement holds
   * the reference. Never places.
   */
  reconcile(reference: string, options?: Cancelable): Promise<Reconciled>
  /** The same for all that have not been heard of for long, in batches. */
  reconcileStale(options: StaleOptions): Promise<ReadonlyArray<Placed>>
  /**
   * Gives up an uncertain placement, so that its reference can be placed again. The call may have been placed: only a
   * person, or a policy that somebody answers for, can decide this. Whether there was one to give up: not what is
   * `in_flight`, nor what is held by another account or tenant.
   */
  release(reference: string, options?: Cancelable): Promise<boolean>
  /** Whether the key is accepted; fails with `Unauthorized` if not. */
  check(
    ...options: true extends IsSeveral<Provider>
      ? [options: CheckOptions<Provider>]
      : [options?: CheckOptions<Provider>]
  ): Promise<KeyCheck>
  /**
   * Ends everything: waits, lists and reads under way reject with `CallsClosed`; placements under way get their result
   * first. Again is no mistake. `await using` does it at the end of the block.
   */
  close(options?: CloseOptions): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Whose key is checked. */
export type CheckOptions<Provider extends string> = Which<Provider> & Cancelable
