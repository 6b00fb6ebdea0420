/** Live calls for applications written with promises: the interface of an opened handle. Every duration is a number of seconds. */
import type { PlaceCallInput } from "../domain/PlaceCall.ts"
import type { LimitsOf, RoutedLimitsOf } from "../provider/OrderFor.ts"
import type {
  AddressFields,
  AgentFields,
  Cancelable,
  ChangesOptions,
  CloseOptions,
  InboxListOptions,
  ListFields,
  PlaceOptions,
  ReconcileOptions,
  StaleOptions,
  WaitOptions
} from "./OperationOptions.ts"
import type {
  AddressChanges,
  AgentAddresses,
  AgentInfo,
  CallAttempt,
  CallChange,
  CallOrder,
  CallRef,
  Canceled,
  DryRun,
  InboxEntry,
  KeyCheck,
  Looked,
  NumberInfo,
  Placed,
  Reconciled,
  UnreadableEntry
} from "./records.ts"

/** Whether a union has several members. */
type IsSeveral<Id, All = Id> = Id extends unknown ? ([All] extends [Id] ? false : true) : never

/** Options that may be left out where there is one provider. */
type Said<Id, Options> = true extends IsSeveral<Id> ? [options: Options] : [options?: Options]

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

type OrUndefined<A> = { readonly [Name in keyof A]: undefined extends A[Name] ? A[Name] | undefined : A[Name] }

/** What an order says, beside its provider. */
export interface OrderFields extends OrUndefined<Omit<PlaceCallInput, "provider">> {}

/** An order to call someone, by a provider that takes it, or by one that a route chooses. */
export type Order<Provider extends string> =
  | (Which<Provider> & OrderFields & { readonly route?: undefined } & (OfOne<Provider> | LimitsOf<Provider>))
  | RoutedOrder<Provider>

/** One whose provider a route chooses: what a provider cannot take is not in it, or is in `mayOmit`. */
type RoutedOrder<Provider extends string> = OrderFields & {
  readonly provider?: undefined
  readonly route: string
} & RoutedLimitsOf<Provider>

/** Which of them it is decides what else the order can say; beside it stands what all of them take, for where any may be meant. */
type OfOne<Provider extends string> = Provider extends unknown
  ? { readonly provider?: Provider | undefined } & LimitsOf<Provider>
  : never

/** Which calls to list. A filter that the provider lacks is `Unsupported`. */
export type ListOptions<Provider extends string> = Which<Provider> & ListFields

/** Whose key is checked. */
export type CheckOptions<Provider extends string> = Which<Provider> & Cancelable

/** Whose agents or numbers are listed. */
export type CatalogOptions<Provider extends string> = Which<Provider> & Cancelable

/** Which agent is meant. */
export type AgentOptions<Provider extends string> = Which<Provider> & AgentFields

/** Where an agent's messages are to go. */
export type AddressOptions<Provider extends string> = Which<Provider> & AddressFields

/** The calls of this tenant that webhooks have named. One that is parked stays so until a message names it anew, or a person acts. */
export interface Inbox {
  /** Those that wait or waited since last first. */
  list(options?: InboxListOptions): Promise<ReadonlyArray<InboxEntry | UnreadableEntry>>
  /** One of them; none if no webhook has named it, or it has been forgotten. */
  show(call: CallLike, options?: Cancelable): Promise<InboxEntry | UnreadableEntry | undefined>
  /** Lets a call be read now that is parked, done or waiting, with all its tries before it. Whether there was one. */
  replay(call: CallLike, options?: Cancelable): Promise<boolean>
  /** Takes a call out of the inbox that is not being read just now. Whether there was one. */
  drop(call: CallLike, options?: Cancelable): Promise<boolean>
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
  list(...options: Said<Provider, ListOptions<Provider>>): AsyncIterable<CallOrder | CallAttempt>
  /** Cancels a call and tells what came of it. */
  cancel(call: CallLike, options?: Cancelable): Promise<Canceled>
  /** Waits for the end; fails with `Unresolved` when the deadline has passed. */
  awaitEnd(call: CallLike, options: WaitOptions): Promise<CallOrder>
  /** The record as it is, then each change of it, until the end; fails with `Unresolved` when the deadline has passed. */
  watch(call: CallLike, options: WaitOptions): AsyncIterable<CallOrder>
  /** Looks at a call now if somebody waits for it: something was heard of it, by a webhook perhaps. */
  wake(call: CallLike): Promise<void>
  /**
   * Answers a webhook, at an address whose last part is the provider: `/webhooks/revox`. What it names is written down, then read at
   * the provider: a placement whose answer was lost is settled, and whoever waits for the call is woken. Whatever is wrong with it is
   * a status of the answer. Rejects with `CallsClosed` after `close`, which a server answers with 503, and with `InvalidRequest` where
   * the option `webhooks` was not given.
   */
  webhook(request: Request): Promise<Response>
  /** What webhooks have named, for people who look into it. Rejects with `InvalidRequest` where the option `webhooks` was not given. */
  readonly inbox: Inbox
  /**
   * What became of a placement: read if it was accepted, searched for if that is uncertain, `free` if no placement holds
   * the reference. Never places.
   */
  reconcile(reference: string, options?: ReconcileOptions): Promise<Reconciled>
  /**
   * The same for all that have not been heard of for long, in batches. Fails with `AbsentWasWrong`, once all is written down,
   * if an order exists that a policy had called absent.
   */
  reconcileStale(options: StaleOptions): Promise<ReadonlyArray<Looked>>
  /**
   * Looks for uncertain orders, and for those called absent in the last day, once: what the option `settle` does every so
   * often. What needs a person has a `question`; `wasAbsent` says that one exists which a policy had called absent.
   */
  settle(options?: Cancelable): Promise<ReadonlyArray<Looked>>
  /**
   * Gives up an uncertain placement, so that its reference can be placed again. The call may have been placed: only a
   * person, or a policy that somebody answers for, can decide this. Whether there was one to give up: not what is
   * `in_flight`, nor what is held by another account or tenant.
   */
  release(reference: string, options?: Cancelable): Promise<boolean>
  /** Where the messages of an agent go, secrets removed. `Unsupported` where the provider lets nobody see it. */
  webhookAddresses(options: AgentOptions<Provider>): Promise<AgentAddresses>
  /**
   * Sets where the messages of an agent go: `https`, or a loopback address. Only the addresses that are given are changed, and only
   * where they are others; then they are read again. With `dryRun` nothing is changed.
   */
  setWebhookAddresses(options: AddressOptions<Provider>): Promise<AddressChanges>
  /** The stored agents, each once; fails with `Incomplete` at its end if it may not be all. `Unsupported` where the provider lists none. */
  agents(...options: Said<Provider, CatalogOptions<Provider>>): AsyncIterable<AgentInfo>
  /**
   * The numbers of the account in the same way, or only those that are assigned to agents, where the provider tells of no others
   * (`capabilities.listNumbers.holds`).
   */
  numbers(...options: Said<Provider, CatalogOptions<Provider>>): AsyncIterable<NumberInfo>
  /**
   * What becomes known of placed calls, one after the other, those that come included. A consumer has each at least once: asking for
   * the next one says that the one before has been dealt with, and after a restart its name goes on there. Rejects with
   * `InvalidRequest` where the option `changes` was not given, and with `ChangesForgotten` where some are not kept any more.
   */
  changes(options: ChangesOptions): AsyncIterable<CallChange>
  /** Whether the key is accepted; fails with `Unauthorized` if not. */
  check(...options: Said<Provider, CheckOptions<Provider>>): Promise<KeyCheck>
  /**
   * Ends everything: waits, lists and reads under way reject with `CallsClosed`; placements under way get their result
   * first. Again is no mistake. `await using` does it at the end of the block.
   */
  close(options?: CloseOptions): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
