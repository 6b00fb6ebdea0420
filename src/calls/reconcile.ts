/** Finding out what became of placements: by their ids where these are known, else by looking for the reference. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { OrderFact } from "../domain/Fact.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import { viewFact } from "../domain/View.ts"
import { CallError, ReferenceHeld } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import { nowInstant } from "./currentInstant.ts"
import { hasOrder, isPerhapsUnderWay, openFrom, type PlacedOrder, uncertainFrom } from "./heldReference.ts"
import { referenceOf, searchList } from "./listSearch.ts"
import { numberDigest } from "./orderDigest.ts"
import { claimOf, type Owner } from "./ownership.ts"
import type { Accepted, Placed } from "./Placed.ts"
import type { JournalError, Placement, PlacementJournal } from "./PlacementJournal.ts"
import { isSameReference } from "./references.ts"

export interface ReconcilingContext {
  readonly journal: PlacementJournal["Service"]
  readonly owner: Owner
  readonly provider: CallProvider
}

const acceptedFrom = (provider: CallProvider, placement: Placement, fact: OrderFact): Accepted => ({
  state: "accepted",
  reference: placement.reference,
  call: { provider: placement.provider, id: fact.id },
  order: viewFact(fact, provider.adapter),
  already: true
})

/** What our key has read is ours. */
const settle = (
  { journal, owner }: ReconcilingContext,
  placement: Placement,
  { order, call }: Accepted
): Effect.Effect<void, JournalError> => {
  const claim = order === undefined ? undefined : claimOf(owner, placement)
  const claimed = claim === undefined ? {} : { claim }
  const settlement =
    order?.terminal === true
      ? ({ state: "ended", orderId: call.id, status: order.status, ...claimed } as const)
      : ({ state: "accepted", orderId: call.id, ...(order && { status: order.status }), ...claimed } as const)
  const key = { tenant: owner.tenant, reference: placement.reference }
  return Effect.flatMap(nowInstant, (at) => Effect.asVoid(journal.settle(key, placement.token, settlement, at)))
}

/** Nothing is told of what is nobody's and has not been read with our key. */
const unlessUnclaimed = <A>(
  { owner }: ReconcilingContext,
  placement: Placement,
  told: A
): Effect.Effect<A, CallError> =>
  claimOf(owner, placement) === undefined
    ? Effect.succeed(told)
    : Effect.fail(new CallError({ operation: "reconcile", reason: new ReferenceHeld({ by: "unclaimed" }) }))

/** Looked for in vain: the others have their turn before it is looked for again. */
const stillOpen = ({ journal, owner }: ReconcilingContext, placement: Placement): Effect.Effect<void, JournalError> =>
  Effect.flatMap(nowInstant, (at) => {
    if (isPerhapsUnderWay(placement, at)) return Effect.void
    const { reference, token } = placement
    const { because } = uncertainFrom(placement)
    return Effect.asVoid(
      journal.settle({ tenant: owner.tenant, reference }, token, { state: "uncertain", because }, at)
    )
  })

/** Whether an order is the one that was placed. The number alone says so only of an order that tells no reference. */
const isOrderOf = ({ provider }: ReconcilingContext, placement: Placement, fact: OrderFact): boolean => {
  const told = referenceOf(provider, fact)
  if (told !== undefined) return isSameReference(told, placement.reference)
  return fact.claims.to !== undefined && numberDigest(fact.claims.to) === placement.numberDigest
}

/** The order of a placement by the id that a contradicting answer told, if it is that. */
const followLead = (
  context: ReconcilingContext,
  placement: Placement & { readonly lead: OrderId }
): Effect.Effect<OrderFact | undefined> =>
  Effect.match(context.provider.get(placement.lead), {
    onSuccess: (fact) => (isOrderOf(context, placement, fact) ? fact : undefined),
    // Whatever keeps it from being read, the list may still tell.
    onFailure: () => undefined
  })

const hasLead = (placement: Placement): placement is Placement & { readonly lead: OrderId } =>
  placement.lead !== undefined

const followLeads = (context: ReconcilingContext, placements: ReadonlyArray<Placement>) =>
  Effect.map(
    Effect.forEach(
      placements.filter(hasLead),
      (placement) => Effect.map(followLead(context, placement), (fact) => [placement.token, fact] as const),
      { concurrency: 8 }
    ),
    (found) => new Map(found)
  )

const look = Effect.fnUntraced(function* (
  context: ReconcilingContext,
  placements: ReadonlyArray<Placement>
): Effect.fn.Return<ReadonlyArray<Placed>, CallError | JournalError> {
  const followed = yield* followLeads(context, placements)
  const unknown = placements.filter(({ token }) => followed.get(token) === undefined)
  const find = unknown.length === 0 ? undefined : yield* searchList(context.provider, unknown)
  return yield* Effect.forEach(
    placements,
    Effect.fnUntraced(function* (placement): Effect.fn.Return<Placed, CallError | JournalError> {
      const finding = find?.(placement)
      const fact = followed.get(placement.token) ?? finding?.fact
      if (fact !== undefined) {
        const found = acceptedFrom(context.provider, placement, fact)
        return yield* Effect.as(settle(context, placement, found), found)
      }
      yield* unlessUnclaimed(context, placement, undefined)
      yield* stillOpen(context, placement)
      const open = openFrom(placement, yield* nowInstant)
      return finding === undefined || open.state === "in_flight" ? open : { ...open, search: finding.search }
    })
  )
})

const read = Effect.fnUntraced(function* (
  context: ReconcilingContext,
  placements: ReadonlyArray<PlacedOrder>
): Effect.fn.Return<ReadonlyArray<Placed>, CallError | JournalError> {
  if (placements.length === 0) return []
  const ids = placements.map(({ orderId }) => orderId)
  const { orders, failures } = yield* context.provider.getMany(ids, "whole")
  const facts = new Map(orders.map((fact) => [fact.id, fact]))
  const [failure] = failures.values()
  if (failure !== undefined && placements.length === 1) return yield* failure
  if (failure !== undefined)
    yield* Effect.logWarning(`${failures.size} placed orders cannot be read: ${failure.message}`)
  return yield* Effect.forEach(placements, (placement) => {
    // One that cannot be read stays what it is known to be, and the others have their turn before it is read again.
    const fact = facts.get(placement.orderId)
    if (fact === undefined) {
      return Effect.flatMap(unlessUnclaimed(context, placement, acceptedUnread(placement)), (unread) =>
        Effect.as(settle(context, placement, unread), unread)
      )
    }
    const found = acceptedFrom(context.provider, placement, fact)
    return Effect.as(settle(context, placement, found), found)
  })
})

const acceptedUnread = (placement: PlacedOrder): Accepted => ({
  state: "accepted",
  reference: placement.reference,
  call: { provider: placement.provider, id: placement.orderId },
  already: true
})

/**
 * What became of placements of one provider: read in batches if accepted, searched for in one go if not. A failure of
 * one does not keep the other from being done and written down; then the whole fails with it.
 */
export const reconcileAt = (
  context: ReconcilingContext,
  placements: ReadonlyArray<Placement>
): Effect.Effect<ReadonlyArray<Placed>, CallError | JournalError> =>
  allDone([
    read(context, placements.filter(hasOrder)),
    look(
      context,
      placements.filter((placement) => !hasOrder(placement))
    )
  ])

/** Does all, and then fails with the first failure if there was one. */
export const allDone = <A, E>(
  works: ReadonlyArray<Effect.Effect<ReadonlyArray<A>, E>>
): Effect.Effect<ReadonlyArray<A>, E> =>
  Effect.flatMap(
    Effect.forEach(works, (work) => Effect.result(work), { concurrency: "unbounded" }),
    (results) => Effect.map(Effect.fromResult(Result.all(results)), (lists) => lists.flat())
  )
