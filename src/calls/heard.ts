/** A message that names a call: the call is read at its provider, and what is known of it brought up to date. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import { viewFact } from "../domain/View.ts"
import type { CallError } from "../provider/CallError.ts"
import { nowInstant } from "./currentInstant.ts"
import { endedBefore } from "./forgottenCall.ts"
import { isPerhapsUnderWay } from "./heldReference.ts"
import { type AtProvider, found } from "./outcome.ts"
import { holderOf } from "./ownership.ts"
import { placementOfOrder } from "./placementOfOrder.ts"
import type { JournalError, Placement } from "./PlacementJournal.ts"

/**
 * `known`: a placement has this order. `settled`: one whose order was not known has it now. `in_flight`: it tells the reference of
 * one that is being placed just now, so that its own answer is about to come: ask again. `unknown`: none has it.
 */
export interface Heard {
  readonly state: "known" | "settled" | "in_flight" | "unknown"
  /** The order as its provider has it now, or as it ended where its record has been deleted since. */
  readonly order: CallOrder
}

/** The placement that this order is known as, if it is not another account's. */
export const knownAs = Effect.fnUntraced(function* (
  { journal, owner, provider }: AtProvider,
  orderId: OrderId
): Effect.fn.Return<Placement | undefined, JournalError> {
  const call = { tenant: owner.tenant, provider: provider.adapter.providerId, orderId }
  const placement = Option.getOrUndefined(yield* journal.findCall(call))
  return placement === undefined || holderOf(owner, placement) === "account" ? undefined : placement
})

/** What the message itself says counts for nothing: whoever sent it, the call is read with the key. */
export const heard = Effect.fnUntraced(function* (
  at: AtProvider,
  id: OrderId
): Effect.fn.Return<Heard, CallError | JournalError> {
  const { journal, owner, provider } = at
  const fact = yield* Effect.catchReason(provider.get(id), "CallError", "NotFound", (_, error) =>
    endedBefore(journal, owner, provider.adapter, id, error)
  )
  const order = viewFact(fact, provider.adapter)
  // Once more where somebody has given the placement up, or to another order, in between.
  for (let look = 0; look < 2; look++) {
    const known = yield* knownAs(at, fact.id)
    const placement = known ?? (yield* placementOfOrder(at, fact))
    if (placement === undefined) break
    if (known === undefined && isPerhapsUnderWay(placement, yield* nowInstant)) return { state: "in_flight", order }
    if ((yield* found(at, placement, fact, { evidence: "webhook" })) !== undefined)
      return { state: known === undefined ? "settled" : "known", order }
  }
  return { state: "unknown", order }
})
