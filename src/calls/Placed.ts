/** What placing comes to. */
import type { CallOrder } from "../domain/CallOrder.ts"
import type { ProviderId } from "../domain/Identifiers.ts"
import type { Instant } from "../domain/Instant.ts"
import type { JsonObject } from "../domain/Json.ts"
import type { CallRef } from "../provider/CallError.ts"

/** The provider has the order. */
export interface Accepted {
  readonly state: "accepted"
  readonly reference: string
  readonly call: CallRef
  /** As it was last read; absent if an order placed earlier cannot be read just now. */
  readonly order?: CallOrder
  /** Whether it had been placed before: nothing was sent this time. */
  readonly already: boolean
}

/**
 * Whether the provider has the order is not known. The reference stays taken: it is not placed again until the order is
 * found (`reconcile`) or a person gives it up (`release`).
 */
export interface Uncertain {
  readonly state: "uncertain"
  readonly reference: string
  readonly provider: ProviderId
  readonly since: Instant
  /** What left it open: a reason's name; `NoResult` where the process that placed it left none. */
  readonly because: string
  /** After a search: how much of the provider's list could be compared, and how many orders. */
  readonly search?: Search
}

/** How thoroughly the provider's list was searched for an order. */
export interface Search {
  /** `whole`: every order since, and none is it. `none`: the provider's list does not tell orders by reference. */
  readonly compared: "whole" | "part" | "none"
  readonly orders: number
}

/** What placing comes to. */
export type Placed = Accepted | Uncertain

/** The request that would place an order, with the key and other secrets removed. */
export interface DryRun {
  readonly provider: ProviderId
  readonly method: "POST"
  readonly url: string
  readonly body: JsonObject
}

/** `requested`: the provider took the wish, and the call is not over yet. `cannot`: it refused, and the call goes on. */
export type CancelOutcome = "canceled" | "already_over" | "requested" | "cannot"

/** What came of cancelling. */
export interface Canceled {
  readonly outcome: CancelOutcome
  readonly call: CallRef
  readonly order: CallOrder
}
