/** What became of placements: read by their ids where these are known, else looked for by their references; or given up. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { OrderFact } from "../domain/Fact.ts"
import type { ProviderId } from "../domain/Identifiers.ts"
import { instantAt } from "../domain/Instant.ts"
import { present } from "../domain/present.ts"
import { compareText } from "../domain/textOrder.ts"
import { viewFact } from "../domain/View.ts"
import { CallError, ReferenceHeld } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import { nowInstant } from "./currentInstant.ts"
import {
  acceptedOf,
  alreadyAccepted,
  findPlacement,
  hasOrder,
  insistOnOurs,
  isPerhapsUnderWay,
  openFrom,
  type PlacedOrder,
  type ReadPlaced,
  uncertainFrom
} from "./heldReference.ts"
import { isOrderOf, searchList } from "./listSearch.ts"
import { claimOf, holderOf, type Owner } from "./ownership.ts"
import type { Placed, Reconciled } from "./Placed.ts"
import type { JournalError, Placement, PlacementJournal, Settlement } from "./PlacementJournal.ts"
import { settlementOf } from "./placementState.ts"
import { storedForm } from "./references.ts"

/** Which placements to look into again. */
export interface StaleOptions {
  /** Placements of which nothing has been heard for so long. */
  readonly olderThan: Duration.Input
  /** At most so many. @default 1000 */
  readonly limit?: number
}

interface Journaling {
  readonly journal: PlacementJournal["Service"]
  readonly owner: Owner
}

export interface ReconcilingContext extends Journaling {
  /** Those that are opened. */
  readonly providers: ReadonlyMap<string, CallProvider>
  /** Fails where it is not opened. */
  readonly providerOf: (id: ProviderId) => Effect.Effect<CallProvider, CallError>
  readonly read: ReadPlaced
  /** Whether this program is placing it just now. */
  readonly isUnderWay: (reference: string) => boolean
}

export const makeReconciling = ({ journal, owner, providers, providerOf, read, isUnderWay }: ReconcilingContext) => {
  const { tenant } = owner

  const reconcilePlacements = (placements: ReadonlyArray<Placement>) =>
    allDone(
      [...Map.groupBy(placements, ({ provider }) => provider)].map(([id, group]) =>
        Effect.flatMap(providerOf(id), (provider) => reconcileAt({ journal, owner, provider }, group))
      )
    )

  const reconcile = Effect.fnUntraced(function* (
    reference: string
  ): Effect.fn.Return<Reconciled, CallError | JournalError> {
    const placement = yield* findPlacement(journal, tenant, reference)
    if (placement === undefined) return { state: "free", reference }
    // A placement without a tenant becomes ours if our key can read its order.
    const isReadable = holderOf(owner, placement) === "unclaimed" && providers.has(placement.provider)
    if (!isReadable) yield* insistOnOurs(owner, placement, "reconcile")
    if (hasOrder(placement) && placement.state === "ended" && claimOf(owner, placement) === undefined) {
      return yield* alreadyAccepted(placement, read)
    }
    const [placed] = yield* reconcilePlacements([placement])
    return placed ?? { state: "free", reference }
  })

  const reconcileStale = Effect.fnUntraced(function* ({ olderThan, limit = 1000 }: StaleOptions) {
    const now = yield* Clock.currentTimeMillis
    const before = instantAt(now - Duration.toMillis(Duration.fromInputUnsafe(olderThan)))
    if (before === undefined) return []
    const all = yield* journal.unfinished({ tenant, before, limit })
    const others = all.filter(({ provider }) => !providers.has(provider)).length
    if (others > 0) yield* Effect.logWarning(`${others} stale placements are of providers that are not opened here`)
    // Those of others must not take the places of ours.
    const each = yield* Effect.forEach(providers.values(), ({ adapter, account }) => {
      const ofAccount = owner.sameAccount || tenant !== "" ? undefined : account
      return journal.unfinished({
        tenant,
        before,
        limit,
        provider: adapter.providerId,
        ...present({ account: ofAccount })
      })
    })
    const oldestFirst = each.flat().toSorted((a, b) => compareText(a.changedAt, b.changedAt))
    return yield* reconcilePlacements(oldestFirst.slice(0, limit))
  })

  const release = Effect.fnUntraced(function* (reference: string): Effect.fn.Return<boolean, JournalError> {
    const placement = yield* findPlacement(journal, tenant, reference)
    if (placement === undefined || isUnderWay(storedForm(reference))) return false
    if (holderOf(owner, placement) !== "us" || isPerhapsUnderWay(placement, yield* nowInstant)) return false
    return yield* journal.release({ tenant, reference: placement.reference }, placement.token)
  })

  return { reconcile, reconcileStale, release }
}

/** One provider's placements. */
interface AtProvider extends Journaling {
  readonly provider: CallProvider
}

/**
 * What became of placements of one provider: read in batches if accepted, searched for in one go if not. A failure of
 * one does not keep the other from being done and written down; then the whole fails with it.
 */
const reconcileAt = (at: AtProvider, placements: ReadonlyArray<Placement>) =>
  allDone([
    read(at, placements.filter(hasOrder)),
    look(
      at,
      placements.filter((placement) => !hasOrder(placement))
    )
  ])

/** Does all, and then fails with the first failure if there was one. */
const allDone = <A, E>(works: ReadonlyArray<Effect.Effect<ReadonlyArray<A>, E>>): Effect.Effect<ReadonlyArray<A>, E> =>
  Effect.flatMap(
    Effect.forEach(works, (work) => Effect.result(work), { concurrency: "unbounded" }),
    (results) => Effect.map(Effect.fromResult(Result.all(results)), (lists) => lists.flat())
  )

const settle = ({ journal, owner }: Journaling, { reference, token }: Placement, settlement: Settlement) =>
  Effect.flatMap(nowInstant, (now) => journal.settle({ tenant: owner.tenant, reference }, token, settlement, now))

/** What our key has read is ours. */
const found = (at: AtProvider, placement: Placement, fact: OrderFact): Effect.Effect<Placed, JournalError> => {
  const order = viewFact(fact, at.provider.adapter)
  const settlement = settlementOf(order, claimOf(at.owner, placement))
  return Effect.as(settle(at, placement, settlement), acceptedOf({ ...placement, orderId: fact.id }, order))
}

/** Nothing is told of a placement without a tenant whose order our key has not read. */
const insistOnClaimed = ({ owner }: Journaling, placement: Placement): Effect.Effect<void, CallError> =>
  claimOf(owner, placement) === undefined
    ? Effect.void
    : Effect.fail(new CallError({ operation: "reconcile", reason: new ReferenceHeld({ by: "unclaimed" }) }))

const read = Effect.fnUntraced(function* (
  at: AtProvider,
  placements: ReadonlyArray<PlacedOrder>
): Effect.fn.Return<ReadonlyArray<Placed>, CallError | JournalError> {
  if (placements.length === 0) return []
  const ids = placements.map(({ orderId }) => orderId)
  const { orders, failures } = yield* at.provider.getMany(ids, "whole")
  const facts = new Map(orders.map((fact) => [fact.id, fact]))
  const [failure] = failures.values()
  if (failure !== undefined && placements.length === 1) return yield* failure
  if (failure !== undefined)
    yield* Effect.logWarning(`${failures.size} placed orders cannot be read: ${failure.message}`)
  return yield* Effect.forEach(
    placements,
    Effect.fnUntraced(function* (placement) {
      const fact = facts.get(placement.orderId)
      if (fact !== undefined) return yield* found(at, placement, fact)
      // It stays what it is known to be, and the others have their turn before it is read again.
      yield* insistOnClaimed(at, placement)
      yield* settle(at, placement, { state: "accepted", orderId: placement.orderId })
      return acceptedOf(placement)
    })
  )
})

const look = Effect.fnUntraced(function* (
  at: AtProvider,
  placements: ReadonlyArray<Placement>
): Effect.fn.Return<ReadonlyArray<Placed>, CallError | JournalError> {
  const facts = new Map(
    yield* Effect.forEach(
      placements,
      (placement) => Effect.map(followLead(at, placement), (fact) => [placement.token, fact] as const),
      { concurrency: 8 }
    )
  )
  const unknown = placements.filter(({ token }) => facts.get(token) === undefined)
  const find = unknown.length === 0 ? undefined : yield* searchList(at.provider, unknown)
  return yield* Effect.forEach(
    placements,
    Effect.fnUntraced(function* (placement): Effect.fn.Return<Placed, CallError | JournalError> {
      const finding = find?.(placement)
      const fact = facts.get(placement.token) ?? finding?.fact
      if (fact !== undefined) return yield* found(at, placement, fact)
      yield* insistOnClaimed(at, placement)
      const open = openFrom(placement, yield* nowInstant)
      if (open.state === "in_flight") return open
      // Looked for in vain: the others have their turn before it is looked for again.
      yield* settle(at, placement, { state: "uncertain", because: uncertainFrom(placement).because })
      return { ...open, ...present({ search: finding?.search }) }
    })
  )
})

/** The order of a placement by the id that a contradicting answer told, if it is that. */
const followLead = (at: AtProvider, placement: Placement): Effect.Effect<OrderFact | undefined> =>
  placement.lead === undefined
    ? Effect.succeed(undefined)
    : Effect.match(at.provider.get(placement.lead), {
        onSuccess: (fact) => (isOrderOf(at.provider, placement, fact) ? fact : undefined),
        // Whatever keeps it from being read, the list may still tell.
        onFailure: () => undefined
      })
