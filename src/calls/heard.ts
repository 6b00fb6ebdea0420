/** A message that names a call: the call is read at its provider, and what is known of it brought up to date. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { OrderFact } from "../domain/Fact.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import { viewFact } from "../domain/View.ts"
import type { CallError } from "../provider/CallError.ts"
import { attributed, familyOf } from "./attribution.ts"
import { nowInstant } from "./currentInstant.ts"
import { isPerhapsUnderWay } from "./heldReference.ts"
import { earliestTimes, mayBeOrderOf, referenceOf } from "./listSearch.ts"
import { type AtProvider, found } from "./outcome.ts"
import { holderOf } from "./ownership.ts"
import type { JournalError, Placement } from "./PlacementJournal.ts"
import { clockOffsetOf } from "./providerClock.ts"
import { storedForm } from "./references.ts"

/**
 * `known`: a placement has this order. `settled`: one whose order was not known has it now. `in_flight`: it tells the reference of
 * one that is being placed just now, so that its own answer is about to come: ask again. `unknown`: none has it.
 */
export interface Heard {
  readonly state: "known" | "settled" | "in_flight" | "unknown"
  /** The order as its provider has it now. */
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

/** The placement whose order was not known until now, by the reference that the order tells. */
const openFor = Effect.fnUntraced(function* (
  { journal, owner, provider }: AtProvider,
  fact: OrderFact
): Effect.fn.Return<Placement | undefined, JournalError> {
  const told = referenceOf(provider, fact)
  if (told === undefined) return undefined
  const main = Option.getOrUndefined(yield* journal.find({ tenant: owner.tenant, reference: storedForm(told) }))
  if (main === undefined || holderOf(owner, main) === "account") return undefined
  const members = yield* familyOf(journal, owner.tenant, main)
  const family = members.filter((each) => each.provider === provider.adapter.providerId)
  const earliest = earliestTimes(yield* Clock.currentTimeMillis, yield* clockOffsetOf(provider))
  const its = attributed(family, [fact], (each, order) => mayBeOrderOf(provider, each, order, earliest(each)))
  return family.find(({ token }) => its.has(token))
})

/** What the message itself says counts for nothing: whoever sent it, the call is read with the key. */
export const heard = Effect.fnUntraced(function* (
  at: AtProvider,
  id: OrderId
): Effect.fn.Return<Heard, CallError | JournalError> {
  const fact = yield* at.provider.get(id)
  const order = viewFact(fact, at.provider.adapter)
  const known = yield* knownAs(at, fact.id)
  const placement = known ?? (yield* openFor(at, fact))
  if (placement === undefined) return { state: "unknown", order }
  if (known === undefined && isPerhapsUnderWay(placement, yield* nowInstant)) return { state: "in_flight", order }
  yield* found(at, placement, fact, { evidence: "webhook" })
  return { state: known === undefined ? "settled" : "known", order }
})
