/** What placing comes to. */
import type { CallOrder } from "../domain/CallOrder.ts"
import type { ProviderId } from "../domain/Identifiers.ts"
import type { Instant } from "../domain/Instant.ts"
import type { CallRef } from "../provider/CallError.ts"
import type { PlaceRequest } from "../provider/CallProvider.ts"
import type { Evidence } from "./PlacementJournal.ts"
import type { Decision } from "./Router.ts"

/** What every answer to an order may tell beside its state. */
interface Answered {
  /** How its provider was chosen, where the order named a route or a named agent. Absent otherwise. */
  readonly routed?: Decision
}

/** The provider has the order. */
export interface Accepted extends Answered {
  readonly state: "accepted"
  readonly reference: string
  readonly call: CallRef
  /** As it was last read; absent if an order placed earlier cannot be read just now. */
  readonly order?: CallOrder
  /** Whether it had been placed before: nothing was sent this time. */
  readonly already: boolean
  /** The order that was placed is not the one asked for now: another agent, other variables. Nothing was sent. */
  readonly differs?: true
  /** It ended long ago, and what it was is no longer kept: whether it is the order asked for now cannot be told. Nothing was sent. */
  readonly compacted?: true
  /** It had been called absent, and is not: the one who has just found it is told. */
  readonly wasAbsent?: true
  /** Orders of this reference that are known, beside this one: each had been called absent before it was placed again. */
  readonly also?: ReadonlyArray<CallRef>
}

/**
 * Another process reserved the reference a short time ago and has written down no result: it is placing the order at this
 * moment, or it died while it was. Ask again at `askAgainAt`; by then it is accepted, free again after a refusal, or
 * uncertain.
 */
export interface InFlight extends Answered {
  readonly state: "in_flight"
  readonly reference: string
  readonly provider: ProviderId
  readonly since: Instant
  readonly askAgainAt: Instant
  readonly differs?: true
  /** Orders of this reference that are known, beside this one: each had been called absent before it was placed again. */
  readonly also?: ReadonlyArray<CallRef>
}

/**
 * Whether the provider has the order is not known. The reference stays taken: it is not placed again until the order is
 * found (`reconcile`), the provider accepts the identical order (`onUncertain`), or a person gives it up (`release`).
 */
export interface Uncertain extends Answered {
  readonly state: "uncertain"
  readonly reference: string
  readonly provider: ProviderId
  readonly since: Instant
  /** What left it open: a reason's name; `NoResult` where the process that placed it left none. */
  readonly because: string
  /**
   * Until then the identical order may be sent again to find out: `place` it with `onUncertain: "repeat"`. Absent where the
   * provider might take it for another order.
   */
  readonly repeatableUntil?: Instant
  /** After a search: how much of the provider's list could be compared, and how many orders. */
  readonly search?: Search
  /** What is known of whether there is such an order. */
  readonly evidence?: Evidence
  /** After a search, where a policy is not about to settle it: what only a person can find out. */
  readonly question?: Question
  readonly differs?: true
  /** Orders of this reference that are known, beside this one: each had been called absent before it was placed again. */
  readonly also?: ReadonlyArray<CallRef>
}

/**
 * What only a person can find out about an uncertain order, on the provider's own pages. Yes: `reconcile` with the `call`.
 * No: `release`.
 */
export interface Question {
  /** `is_it_one_of`: whether one of `calls`, which tell no reference or bear too early a time, is it. `is_there_one`: whether the provider has it. */
  readonly ask: "is_it_one_of" | "is_there_one"
  /** When it was placed, by our clock: a call to its number that was made at about that time is the one. */
  readonly since: Instant
  /** Calls to a number that may be the one called: the journal keeps sixteen bits of it. */
  readonly calls?: ReadonlyArray<CallRef>
}

/**
 * The order is called absent: by a policy that somebody answers for, since whole lists did not hold it; by its refusal, or
 * by a person, where an earlier one of its reference had been called so. The reference may be placed again.
 */
export interface Absent extends Answered {
  readonly state: "absent"
  readonly reference: string
  readonly provider: ProviderId
  readonly since: Instant
  readonly because: Evidence
  /** A list of this provider turned out to be wrong since: nothing is placed again before a person gives it up (`release`). */
  readonly doubted?: true
  readonly differs?: true
  /** Orders of this reference that are known, beside this one: each had been called absent before it was placed again. */
  readonly also?: ReadonlyArray<CallRef>
}

/** It would have been placed later than its `notAfter`: nothing was sent, and the reference is as free as it was. */
export interface Expired extends Answered {
  readonly state: "expired"
  readonly reference: string
  readonly provider: ProviderId
  readonly notAfter: Instant
}

/** What a search in the provider's list came to, for one placement. */
export interface Search {
  /**
   * `whole`: every order since, and none is it. `part`: the list may lack orders, or nobody can tell how the clocks stood
   * to each other when it was placed. `early`: it was placed so short a time ago that the list may not have it yet; ask
   * again at `askAgainAt`. `none`: the provider's list does not tell orders by reference.
   */
  readonly compared: "whole" | "part" | "early" | "none"
  /** Orders that were compared. */
  readonly orders: number
  readonly askAgainAt?: Instant
}

/** What placing comes to. */
export type Placed = Accepted | InFlight | Uncertain | Absent | Expired

/** No placement holds the reference: it was refused, given up, or never placed. It can be placed. */
export interface Free {
  readonly state: "free"
  /** The caller's own key of the order. */
  readonly reference: string
}

/** What reconciling comes to. */
export type Reconciled = Looked | Free

/** What looking for a placement comes to. */
export type Looked = Exclude<Placed, Expired>

/** How an order is reconciled. */
export interface ReconcileOptions {
  /**
   * The call that a person says it is: it is read, and taken for it unless it names another number or another reference, is
   * known as another order's, or tells no reference and was made before this order. `InvalidRequest` says which, and so it does
   * where the order is known to be another call, or there is none. Nothing is taken while the order may be under way: it is
   * `in_flight`.
   */
  readonly call?: CallRef
}

/** How an order is placed. */
export interface PlaceOptions {
  /**
   * What to do where the reference is held by an order with other content (another agent, other variables). `return` what
   * is known of that order, with `differs: true`, or `fail` with `ReferenceHeld`. Nothing is sent in either case. The same
   * where that cannot be told of an order that has been compacted (`compacted: true`).
   *
   * @default "return"
   */
  readonly onDifference?: "return" | "fail"
  /**
   * What to do where the reference is held by an uncertain placement. `return` it, or `repeat` the identical order where that
   * rings nobody twice: at a provider that knows it by its reference (`capabilities.idempotency`), up to `repeatableUntil`.
   * If the provider accepts it, so is the placement; after any other answer, a refusal too, it is as uncertain as before.
   * Where it cannot be repeated nothing is sent.
   *
   * @default "return"
   */
  readonly onUncertain?: "return" | "repeat"
}

/** The request that would place an order, with the key and other secrets removed. */
export interface DryRun extends PlaceRequest {
  readonly provider: ProviderId
  /** How its provider was chosen, where a configuration says something of it. */
  readonly routed?: Decision
}

/** How a cancel request ended. */
export type CancelOutcome = "canceled" | "already_over" | "requested" | "cannot"

/** What came of cancelling. */
export interface Canceled {
  /** `requested`: the provider accepted the cancel request, and the call is not over yet. `cannot`: it refused, or did not stop the call, which goes on. */
  readonly outcome: CancelOutcome
  readonly call: CallRef
  /** As it stands now; where the provider has deleted its record with the call, as it last stood, `canceled` if it was. */
  readonly order: CallOrder
  /** Of `cannot`: a sentence, without anything personal, where more is known than that the provider refused. */
  readonly because?: string
}
