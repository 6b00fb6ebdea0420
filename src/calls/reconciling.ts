/** Finding out what became of placements: by their ids where these are known, else by looking for the reference. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { AttemptFact, OrderFact } from "../domain/Fact.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import { type Instant, instantAt } from "../domain/Instant.ts"
import { viewOrder } from "../domain/View.ts"
import type { CallError } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import { hasOrder, isPerhapsUnderWay, nowInstant, uncertainFrom } from "./placing.ts"
import type { Accepted, Placed, Search } from "./Placed.ts"
import type { JournalError, Placement, PlacementJournal } from "./PlacementJournal.ts"

type Journal = PlacementJournal["Service"]

/** Clocks differ: an order may bear a time before its reservation. */
const CLOCK_SKEW_MILLIS = 5 * 60_000

/** Orders that list items do not tell whole are read one by one, up to so many. */
const MOST_SINGLE_READS = 500

/** A list that has begun with so many attempts is a list of attempts: they do not tell their orders. */
const ENOUGH_ATTEMPTS = 200

const acceptedFrom = (provider: CallProvider, placement: Placement, fact: OrderFact): Accepted => ({
  state: "accepted",
  reference: placement.reference,
  call: { provider: placement.provider, id: fact.id },
  order: viewOrder(fact, fact.attempts, provider.adapter.interpretation),
  already: true
})

const settle = (journal: Journal, placement: Placement, found: Accepted): Effect.Effect<void, JournalError> => {
  const { order, call } = found
  const settlement =
    order?.terminal === true
      ? ({ state: "ended", orderId: call.id, status: order.status } as const)
      : ({ state: "accepted", orderId: call.id, ...(order === undefined ? {} : { status: order.status }) } as const)
  return Effect.flatMap(nowInstant, (at) =>
    Effect.asVoid(journal.settle(placement.reference, placement.token, settlement, at))
  )
}

const referenceOf = (provider: CallProvider, fact: OrderFact): string | undefined =>
  provider.adapter.interpretation.order(fact).reference

/** Whether the item tells what the reference would stand in; if not, the order has to be read. */
const tellsReference = ({ adapter }: CallProvider, { claims }: OrderFact): boolean => {
  const { referenceIn } = adapter.capabilities
  return referenceIn === "field" || claims[referenceIn] !== undefined
}

/** An order that was listed a moment ago may be gone. */
const readListed = (provider: CallProvider, id: OrderId): Effect.Effect<OrderFact | undefined, CallError> =>
  Effect.catchReason(provider.get(id), "CallError", "NotFound", () => Effect.succeed(undefined))

interface Finding {
  readonly byReference: ReadonlyMap<string, OrderFact>
  readonly search: Search
}

/** Looks for orders with one of the references among all that the provider lists since then. */
const search = Effect.fnUntraced(function* (
  provider: CallProvider,
  placements: ReadonlyArray<Placement>
): Effect.fn.Return<Finding, CallError> {
  const { capabilities } = provider.adapter
  const byReference = new Map<string, OrderFact>()
  if (capabilities.list === "no") return { byReference, search: { compared: "none", orders: 0 } }
  const wanted = new Set(placements.map(({ reference }) => reference))
  const since = placements.map(({ reservedAt }) => reservedAt).reduce((a, b) => (a < b ? a : b))
  const createdAfter = capabilities.listFilters.includes("created") ? earlier(since) : undefined
  let orders = 0
  let listsOrders = capabilities.listItems === "orders"
  let attempts = 0
  let singles = 0
  let whole = true
  const compare = Effect.fnUntraced(function* (listed: OrderFact) {
    if (listed.claims.createdAt !== undefined && listed.claims.createdAt < (earlier(since) ?? "")) return
    const unread = !tellsReference(provider, listed)
    if (unread && singles++ >= MOST_SINGLE_READS) {
      whole = false
      return
    }
    const fact = unread ? yield* readListed(provider, listed.id) : listed
    orders += 1
    if (fact === undefined) return
    const reference = referenceOf(provider, fact)
    if (reference !== undefined && wanted.has(reference)) byReference.set(reference, fact)
  })
  const take = (fact: OrderFact | AttemptFact): Effect.Effect<void, CallError> => {
    if (fact.kind === "order") {
      listsOrders = true
      return compare(fact)
    }
    attempts += 1
    return Effect.void
  }
  yield* provider.list(createdAfter === undefined ? {} : { createdAfter }).pipe(
    // No page is asked for once everything is found, or once it is clear that nothing can be.
    Stream.takeUntilEffect((fact) =>
      Effect.map(take(fact), () => byReference.size === wanted.size || (attempts >= ENOUGH_ATTEMPTS && orders === 0))
    ),
    Stream.runDrain,
    Effect.catchReason("CallError", "Incomplete", () =>
      Effect.sync(() => {
        whole = false
      })
    )
  )
  // A list of attempts is empty as long as nothing has been dialled: it does not say that there is no order.
  const compared = attempts > 0 ? (orders > 0 ? "part" : "none") : !listsOrders ? "none" : whole ? "whole" : "part"
  return { byReference, search: { compared, orders } }
})

const earlier = (instant: Instant): Instant | undefined => instantAt(Date.parse(instant) - CLOCK_SKEW_MILLIS)

/** Looked for in vain: the others have their turn before it is looked for again. */
const stillOpen = (journal: Journal, placement: Placement): Effect.Effect<void, JournalError> =>
  Effect.flatMap(nowInstant, (at) => {
    if (isPerhapsUnderWay(placement, at)) return Effect.void
    const { because } = uncertainFrom(placement)
    return Effect.asVoid(journal.settle(placement.reference, placement.token, { state: "uncertain", because }, at))
  })

const look = Effect.fnUntraced(function* (
  journal: Journal,
  provider: CallProvider,
  placements: ReadonlyArray<Placement>
): Effect.fn.Return<ReadonlyArray<Placed>, CallError | JournalError> {
  if (placements.length === 0) return []
  const { byReference, search: evidence } = yield* search(provider, placements)
  return yield* Effect.forEach(placements, (placement): Effect.Effect<Placed, JournalError> => {
    const fact = byReference.get(placement.reference)
    if (fact === undefined)
      return Effect.as(stillOpen(journal, placement), { ...uncertainFrom(placement), search: evidence })
    const found = acceptedFrom(provider, placement, fact)
    return Effect.as(settle(journal, placement, found), found)
  })
})

const read = Effect.fnUntraced(function* (
  journal: Journal,
  provider: CallProvider,
  placements: ReadonlyArray<Placement & { readonly orderId: OrderId }>
): Effect.fn.Return<ReadonlyArray<Placed>, CallError | JournalError> {
  if (placements.length === 0) return []
  const ids = placements.map(({ orderId }) => orderId)
  const { orders, failures } = yield* provider.getMany(ids, "whole")
  const facts = new Map(orders.map((fact) => [fact.id, fact]))
  const readable = placements.filter(({ orderId }) => !failures.has(orderId))
  const placed = yield* Effect.forEach(readable, (placement): Effect.Effect<Placed, JournalError> => {
    const fact = facts.get(placement.orderId)
    const found = fact === undefined ? acceptedUnread(placement) : acceptedFrom(provider, placement, fact)
    return Effect.as(settle(journal, placement, found), found)
  })
  // The others are written down by now.
  const [failure] = failures.values()
  return failure === undefined ? placed : yield* failure
})

const acceptedUnread = (placement: Placement & { readonly orderId: OrderId }): Accepted => ({
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
  journal: Journal,
  provider: CallProvider,
  placements: ReadonlyArray<Placement>
): Effect.Effect<ReadonlyArray<Placed>, CallError | JournalError> =>
  allDone([
    read(journal, provider, placements.filter(hasOrder)),
    look(
      journal,
      provider,
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
