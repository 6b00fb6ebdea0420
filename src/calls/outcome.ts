/** What looking into placements of one provider comes to: they are read by their ids, found in its list, or missed. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { OrderFact } from "../domain/Fact.ts"
import { present } from "../domain/present.ts"
import { viewFact } from "../domain/View.ts"
import { CallError, ReferenceHeld } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import { RESERVATION_LIMIT } from "../provider/placingLimits.ts"
import { type Absences, absencesAt, type Confirmed, settlementOfMissed } from "./absence.ts"
import { nowInstant } from "./currentInstant.ts"
import { acceptedOf, becauseOf, hasOrder, openFrom, type PlacedOrder } from "./heldReference.ts"
import { sentReference } from "./attribution.ts"
import { type Finding, isOrderOf, referenceOf, searchList } from "./listSearch.ts"
import { claimOf, holderOf, type Owner } from "./ownership.ts"
import type { Accepted, Looked, Question, Uncertain } from "./Placed.ts"
import type { Evidence, JournalError, Placement, PlacementJournal } from "./PlacementJournal.ts"
import { isEndSeen, requestMillisOf, settlementOf } from "./placementState.ts"
import { clockOffsetOf } from "./providerClock.ts"
import { isSameReference } from "./references.ts"
import { holdsOrder, nowAfter, settlePlacement } from "./settlePlacement.ts"
import { absentWasWrong } from "./telemetry.ts"

export interface Journaling {
  readonly journal: PlacementJournal["Service"]
  readonly owner: Owner
}

/** What looking came to, for one placement. */
export type Outcome = readonly [placement: Placement, looked: Looked]

/** One provider's placements. */
export interface AtProvider extends Journaling {
  readonly provider: CallProvider
  readonly confirmed: Confirmed
}

/**
 * What became of placements of one provider: read in batches if accepted, searched for in one go if not. A failure of
 * one does not keep the other from being done and written down; then the whole fails with it.
 */
export const reconcileAt = (
  at: AtProvider,
  placements: ReadonlyArray<Placement>,
  isWanted: (placement: Placement) => boolean
) =>
  allDone([
    readKnown(at, placements.filter(hasOrder).filter(isWanted)),
    look(
      at,
      placements.filter((placement) => !hasOrder(placement)),
      placements.filter(hasOrder)
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

interface Sign {
  readonly evidence: Extract<Evidence, "id_read" | "reference_seen" | "webhook">
  readonly listDelay?: number | undefined
}

/** Answers tell the provider's clock in whole seconds, and some orders their time. */
const SECOND = 1000

/**
 * Whether an order seems to be older than the reservation of a placement whose request may not have left yet: then it is one that was
 * given up before, and another will come. A clock that is further off than a request takes tells nothing of that.
 */
const isOfBefore = Effect.fnUntraced(function* (
  provider: CallProvider,
  { state, reservedAt, clockOffset }: Placement,
  { claims: { createdAt } }: OrderFact
): Effect.fn.Return<boolean> {
  const reserved = Date.parse(reservedAt)
  const age = Math.abs((yield* Clock.currentTimeMillis) - reserved)
  if (state !== "reserved" || createdAt === undefined || age >= Duration.toMillis(RESERVATION_LIMIT)) return false
  const offset = clockOffset ?? (yield* clockOffsetOf(provider)) ?? 0
  return Date.parse(createdAt) < reserved + offset - SECOND
})

/**
 * What our key has read is ours. Nothing where the placement is gone by now, is being placed and the order older, has another order,
 * or the order is known as another's.
 */
export const found = Effect.fnUntraced(function* (
  { journal, owner, provider }: AtProvider,
  placement: Placement,
  fact: OrderFact,
  sign: Sign
): Effect.fn.Return<Accepted | undefined, JournalError> {
  const order = viewFact(fact, provider.adapter)
  if (yield* isOfBefore(provider, placement, fact)) return undefined
  if (placement.orderId === undefined) {
    const call = { tenant: owner.tenant, provider: provider.adapter.providerId, orderId: fact.id }
    const isAnothers = (known: Placement) => known.token !== placement.token && holderOf(owner, known) !== "account"
    if (Option.exists(yield* journal.findCall(call), isAnothers)) return undefined
  }
  const { evidence, listDelay } = sign
  const settlement = { ...settlementOf(order, claimOf(owner, placement)), evidence, ...present({ listDelay }) }
  const settled = yield* settlePlacement(
    journal,
    owner.tenant,
    placement,
    settlement,
    yield* nowAfter(placement, settlement)
  )
  const { wasWrong } = settled
  if (wasWrong) yield* absentWasWrong(placement.provider)
  if (!holdsOrder(settled, fact.id)) return undefined
  return { ...acceptedOf({ ...placement, orderId: fact.id }, order), ...(wasWrong ? { wasAbsent: true } : {}) }
})

/** Nothing is told of a placement without a tenant whose order our key has not read. */
const insistOnClaimed = ({ owner }: Journaling, placement: Placement): Effect.Effect<void, CallError> =>
  claimOf(owner, placement) === undefined
    ? Effect.void
    : Effect.fail(new CallError({ operation: "reconcile", reason: new ReferenceHeld({ by: "unclaimed" }) }))

const readKnown = Effect.fnUntraced(function* (
  at: AtProvider,
  placements: ReadonlyArray<PlacedOrder>
): Effect.fn.Return<ReadonlyArray<Outcome>, CallError | JournalError> {
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
    Effect.fnUntraced(function* (placement): Effect.fn.Return<Outcome, CallError | JournalError> {
      const fact = facts.get(placement.orderId)
      if (fact !== undefined) {
        const read = yield* found(at, placement, fact, { evidence: "id_read" })
        return [placement, read ?? acceptedOf(placement, viewFact(fact, at.provider.adapter))]
      }
      // It stays what it is known to be, and the others have their turn before it is read again.
      yield* insistOnClaimed(at, placement)
      const settlement = { state: "accepted", orderId: placement.orderId } as const
      yield* settlePlacement(at.journal, at.owner.tenant, placement, settlement, yield* nowInstant)
      return [placement, acceptedOf(placement)]
    })
  )
})

/** `siblings` have orders that are known, under references that others have as well. */
const look = Effect.fnUntraced(function* (
  at: AtProvider,
  placements: ReadonlyArray<Placement>,
  siblings: ReadonlyArray<PlacedOrder>
): Effect.fn.Return<ReadonlyArray<Outcome>, CallError | JournalError> {
  const facts = new Map(
    yield* Effect.forEach(
      placements,
      (placement) => Effect.map(followLead(at, placement), (fact) => [placement.token, fact] as const),
      { concurrency: 8 }
    )
  )
  const outcomes = new Map<string, Outcome>()
  // What is found is written before anything that may fail, and before anything is called absent: it may show that lists err.
  for (const placement of placements) {
    const fact = facts.get(placement.token)
    if (fact === undefined) continue
    const read = yield* found(at, placement, fact, { evidence: "id_read" })
    if (read !== undefined) outcomes.set(placement.token, [placement, read])
  }
  const unknown = placements.filter(({ token }) => !outcomes.has(token))
  if (unknown.length > 0) {
    const find = yield* searchList(at.provider, unknown, siblings)
    for (const placement of unknown) {
      const finding = find(placement)
      if (finding.fact === undefined) continue
      if (yield* isPlacedSince(at, placement, [...placements, ...siblings])) {
        outcomes.set(placement.token, [placement, openFrom(placement, yield* nowInstant)])
        continue
      }
      const listed = yield* found(at, placement, finding.fact, seenIn(placement, finding))
      // It is older, or has become known as another's just now: no list has missed this one for that.
      outcomes.set(placement.token, [placement, listed ?? openFrom(placement, yield* nowInstant)])
    }
    const absences = yield* absencesAt(at.journal, at.confirmed, at.provider.adapter.providerId)
    for (const placement of unknown) {
      if (outcomes.has(placement.token)) continue
      yield* insistOnClaimed(at, placement)
      outcomes.set(placement.token, [placement, yield* missed(at, placement, find(placement), absences)])
    }
  }
  return [...outcomes.values()]
})

/** Whether its reference has been placed again since it was read: the order in the list may be that one's, and the next look tells. */
const isPlacedSince = (
  { journal, owner: { tenant } }: AtProvider,
  placement: Placement,
  known: ReadonlyArray<Placement>
): Effect.Effect<boolean, JournalError> =>
  Effect.map(journal.find({ tenant, reference: sentReference(placement) }), (holder) =>
    Option.exists(
      holder,
      ({ token, provider }) => provider === placement.provider && known.every((each) => each.token !== token)
    )
  )

/**
 * From when on a list that lacks the order is late, in milliseconds since the reservation. A request whose end was seen may have been taken
 * at once: how long it took is told by the clock that says most, and one that was set meanwhile says too much. Nobody knows it of what was
 * sent again, or of a clock that says that a single request took longer than any may.
 */
const lateFrom = (placement: Placement): number | undefined => {
  if (placement.requestMillis === undefined) return requestMillisOf(placement)
  return isEndSeen(placement) ? 0 : undefined
}

const seenIn = (placement: Placement, { missed: { ages } }: Finding): Sign => {
  const from = lateFrom(placement)
  return {
    evidence: "reference_seen",
    // Only what a list had lacked before tells how late lists are.
    listDelay:
      placement.evidence === "not_listed" && ages !== undefined && from !== undefined
        ? Math.max(0, Math.round(ages.most) - from)
        : undefined
  }
}

/** Looked for in vain: the others have their turn before it is looked for again. */
const missed = Effect.fnUntraced(function* (
  { journal, owner, provider }: AtProvider,
  placement: Placement,
  finding: Finding,
  absences: Absences
): Effect.fn.Return<Looked, JournalError> {
  const now = yield* nowInstant
  const open = openFrom(placement, now)
  if (open.state !== "uncertain") return open
  // What belongs to nobody is nobody's to call absent.
  const { isConfirmed } = absences
  const follows = { ...absences, isConfirmed: isConfirmed && placement.tenant !== undefined }
  const settlement = settlementOfMissed(placement, becauseOf(placement), finding.missed, follows)
  const at = yield* nowAfter(placement, settlement)
  const { settled } = yield* settlePlacement(journal, owner.tenant, placement, settlement, at)
  if (Option.exists(settled, ({ state }) => state === "absent")) return openFrom({ ...placement, ...settlement }, now)
  const isPending = follows.isConfirmed && finding.missed.isWhole && finding.missed.ages !== undefined
  const isEarly = finding.search.compared === "early"
  const question = isPending || isEarly ? undefined : questionOf(open, provider, finding)
  return { ...open, ...present({ evidence: settlement.evidence, search: finding.search, question }) }
})

const questionOf = ({ since }: Uncertain, { adapter: { providerId } }: CallProvider, finding: Finding): Question => {
  const calls = finding.candidates.map((id) => ({ provider: providerId, id }))
  return calls.length === 0 ? { ask: "is_there_one", since } : { ask: "is_it_one_of", since, calls }
}

/** The order of a placement by the id that a contradicting answer told, if it is that. */
const followLead = (at: AtProvider, placement: Placement): Effect.Effect<OrderFact | undefined> =>
  placement.lead === undefined
    ? Effect.succeed(undefined)
    : Effect.match(at.provider.get(placement.lead), {
        onSuccess: (fact) => (isOfLead(at.provider, placement, fact) ? fact : undefined),
        // Whatever keeps it from being read, the list may still tell.
        onFailure: () => undefined
      })

/**
 * It was the answer to this placement: the same reference is enough, since the provider may write the number in another way.
 * Not so where a provider answers with an order that it had, which may be another tenant's.
 */
const isOfLead = (provider: CallProvider, placement: Placement, fact: OrderFact): boolean => {
  const told = provider.adapter.capabilities.idempotency === "no" ? referenceOf(provider, fact) : undefined
  return told === undefined ? isOrderOf(provider, placement, fact) : isSameReference(told, sentReference(placement))
}
