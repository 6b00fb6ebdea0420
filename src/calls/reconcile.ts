/** What became of placements: read by their ids where these are known, else looked for by their references; or given up. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { ProviderId } from "../domain/Identifiers.ts"
import { Instant, instantAt } from "../domain/Instant.ts"
import { present } from "../domain/present.ts"
import { compareText } from "../domain/textOrder.ts"
import { millisBetween, type Moment, momentOf } from "../provider/monotonicTime.ts"
import { AbsentWasWrong, CallError, type CallRef, formatCallRef, InvalidRequest } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import { type Confirmed, WATCH } from "./absence.ts"
import { familyOf } from "./attribution.ts"
import { nowInstant } from "./currentInstant.ts"
import { answerOfFamily } from "./family.ts"
import { giveUp } from "./giveUp.ts"
import {
  alreadyAccepted,
  findPlacement,
  hasOrder,
  insistOnOurs,
  isPerhapsUnderWay,
  type PlacedOrder,
  type ReadPlaced
} from "./heldReference.ts"
import { isOrderOf, mayBeOrderOf, referenceOf } from "./listSearch.ts"
import { earliestTimes } from "./orderTimes.ts"
import { allDone, type AtProvider, found, type Journaling, type Outcome, reconcileAt } from "./outcome.ts"
import { placementsAt, claimOf, holderOf, type Owner } from "./ownership.ts"
import type { Accepted, Reconciled, ReconcileOptions } from "./Placed.ts"
import type { JournalError, Placement } from "./PlacementJournal.ts"
import { placementOfOrder } from "./placementOfOrder.ts"
import { requestMillisOf } from "./placementState.ts"
import { clockOffsetOf } from "./providerClock.ts"
import { storedForm } from "./references.ts"
import { doubtedIn } from "./settlePlacement.ts"

/** Which placements to look into again. */
export interface StaleOptions {
  /** Placements of which nothing has been heard for so long. */
  readonly olderThan: Duration.Input
  /** At most so many. @default 1000 */
  readonly limit?: number
}

export interface ReconcilingContext extends Journaling {
  /** Those that are opened. */
  readonly providers: ReadonlyMap<string, CallProvider>
  /** Fails where it is not opened. */
  readonly atProvider: (id: ProviderId) => Effect.Effect<AtProvider, CallError>
  readonly read: ReadPlaced
  /** Whether this program is placing it just now. */
  readonly isUnderWay: (reference: string) => boolean
  /** Whose orders may be called absent. */
  readonly confirmed: Confirmed
}

/** In one pass, of each provider. */
const MOST_AT_ONCE = 10_000

export const makeReconciling = (context: ReconcilingContext) => {
  const { journal, owner, providers, atProvider, read, isUnderWay, confirmed } = context
  const { tenant } = owner

  /** With what else there is of their references: two orders of one reference must not be taken for each other. */
  const withFamilies = Effect.fnUntraced(function* (placements: ReadonlyArray<Placement>) {
    const all = new Map(placements.map((placement) => [placement.token, placement]))
    for (const placement of placements)
      for (const member of yield* familyOf(journal, tenant, placement))
        if (!all.has(member.token)) all.set(member.token, member)
    return [...all.values()]
  })

  /** Of those that are known and were not asked for, nothing is read. */
  const outcomesOf = Effect.fnUntraced(function* (placements: ReadonlyArray<Placement>) {
    const all = yield* withFamilies(placements)
    const asked = new Set(placements.map(({ token }) => token))
    return yield* allDone(
      [...Map.groupBy(all, ({ provider }) => provider)].map(([id, group]) => {
        const isWanted = (placement: Placement) => asked.has(placement.token)
        if (!group.some((placement) => isWanted(placement) || !hasOrder(placement))) return Effect.succeed([])
        // What another provider had is looked for where that is opened.
        if (!providers.has(id) && !group.some(isWanted)) return Effect.succeed([])
        return Effect.flatMap(atProvider(id), (at) => reconcileAt(at, group, isWanted))
      })
    ).pipe(Effect.flatMap((outcomes) => Effect.forEach(outcomes, withDoubt, { concurrency: 8 })))
  })

  /** What holds its reference is asked for as it is by now: it may have become absent just now, or been placed again. */
  const withDoubt = Effect.fnUntraced(function* (outcome: Outcome): Effect.fn.Return<Outcome, JournalError> {
    const [placement, looked] = outcome
    if (looked.state !== "absent" || placement.sentAs !== undefined) return outcome
    const held = Option.getOrUndefined(yield* journal.find({ tenant, reference: placement.reference }))
    if (held?.token !== placement.token || held.state !== "absent") return outcome
    const doubted = yield* doubtedIn(journal, yield* familyOf(journal, tenant, held))
    return doubted.length === 0 ? outcome : [placement, { ...looked, doubted: true }]
  })

  const reconcilePlacements = Effect.fnUntraced(function* (placements: ReadonlyArray<Placement>) {
    const outcomes = yield* outcomesOf(placements)
    yield* insistOnRight(outcomes)
    return outcomes.map(([, looked]) => looked)
  })

  const reconcile = Effect.fnUntraced(function* (
    reference: string,
    { call }: ReconcileOptions = {}
  ): Effect.fn.Return<Reconciled, CallError | JournalError> {
    const placement = yield* findPlacement(journal, tenant, reference)
    const free: Reconciled = { state: "free", reference }
    if (placement === undefined) return yield* ofCall(call, free)
    // A placement without a tenant becomes ours if our key can read its order.
    const isReadable = holderOf(owner, placement) === "unclaimed" && providers.has(placement.provider)
    if (!isReadable) yield* insistOnOurs(owner, placement, "reconcile")
    const family = yield* familyOf(journal, tenant, placement)
    if (family.length === 1 && isEnded(owner, placement))
      return yield* ofCall(call, yield* alreadyAccepted(placement, read))
    const named = call === undefined ? undefined : yield* accept(family, call)
    // What another provider has of it is not looked for where that is not opened.
    const others = family.filter((each) => each.token !== named?.[0].token && providers.has(each.provider))
    const outcomes = yield* outcomesOf(named === undefined ? [placement] : others)
    const all = named === undefined ? outcomes : [...outcomes, named]
    yield* insistOnRight(all)
    return yield* ofCall(named === undefined ? call : undefined, answerOfFamily(placement, family, all) ?? free)
  })

  /**
   * The call that a person says it is, and of which placement: of several of the reference that which it fits. One that tells no
   * reference is of this order by its number and its time alone; of one that tells it nobody knows better than they, whatever
   * the clocks say. None where it is known, no placement lacks its order, or one is perhaps under way.
   */
  const accept = Effect.fnUntraced(function* (
    family: ReadonlyArray<Placement>,
    call: CallRef
  ): Effect.fn.Return<readonly [Placement, Accepted] | undefined, CallError | JournalError> {
    const now = yield* nowInstant
    const open = family.filter((each) => !hasOrder(each))
    const placement = open.find(({ provider }) => provider === call.provider) ?? open[0]
    const isKnown = family.some((each) => each.provider === call.provider && each.orderId === call.id)
    if (placement === undefined || isKnown || open.some((each) => isPerhapsUnderWay(each, now))) return undefined
    const refused = (expected: string) => wrongCall(expected, placement.provider)
    if (call.provider !== placement.provider) return yield* refused(`a call of ${placement.provider}`)
    const at = yield* atProvider(placement.provider)
    const { provider } = at
    const fact = yield* provider.get(call.id)
    if (!isOrderOf(provider, placement, fact))
      return yield* refused("a call to the number of this order, and of no other reference")
    const earliest = earliestTimes(provider, family, Date.parse(now), yield* clockOffsetOf(provider))(placement)
    if (referenceOf(provider, fact) === undefined && !mayBeOrderOf(provider, placement, fact, earliest))
      return yield* refused(`a call that was made after ${earliest}, as this order was`)
    const its = (yield* placementOfOrder(at, fact)) ?? placement
    const accepted = yield* found(at, its, fact, { evidence: "id_read" })
    return accepted === undefined
      ? yield* refused("a call that is not known as that of another order")
      : [its, accepted]
  })

  /** Those that were called absent not long ago: a sign of one of them must not be missed. */
  const absentAt = Effect.fnUntraced(function* (provider: CallProvider, now: number) {
    const since = instantAt(now - Duration.toMillis(WATCH))
    if (journal.absence === undefined || since === undefined) return []
    return yield* journal.absence.absent({ ...placementsAt(owner, provider), since, limit: MOST_AT_ONCE })
  })

  const reconcileStale = Effect.fnUntraced(function* ({ olderThan, limit = 1000 }: StaleOptions) {
    const now = yield* Clock.currentTimeMillis
    const before = instantAt(now - Duration.toMillis(Duration.fromInputUnsafe(olderThan)))
    if (before === undefined) return []
    const all = yield* journal.unfinished({ tenant, before, limit })
    const others = all.filter(({ provider }) => !providers.has(provider)).length
    if (others > 0) yield* Effect.logWarning(`${others} stale placements are of providers that are not opened here`)
    // Those of others must not take the places of ours.
    const each = yield* Effect.forEach(providers.values(), (provider) =>
      journal.unfinished({ ...placementsAt(owner, provider), before, limit })
    )
    const oldestFirst = each.flat().toSorted((a, b) => compareText(a.changedAt, b.changedAt))
    const absent = yield* Effect.forEach(providers.values(), (provider) => absentAt(provider, now))
    return yield* reconcilePlacements([...oldestFirst.slice(0, limit), ...absent.flat()])
  })

  /** When those were looked for last whose row does not tell it, by their tokens. */
  const lookedAt = new Map<string, Moment>()

  /** Milliseconds since it was looked for last, by the clock that says most: one may have been set, the other stand still in sleep. */
  const sinceLook = ({ state, evidence, changedAt, token }: Placement, now: Moment): number => {
    const last = lookedAt.get(token)
    const isTold = state !== "absent" && Date.parse(changedAt) <= now.wall
    if (isTold && evidence !== undefined) return now.wall - Date.parse(changedAt)
    return isTold || last === undefined ? Number.POSITIVE_INFINITY : millisBetween(last, now)
  }

  /**
   * An old one is looked for less and less often: of a list, no more than is needed is read. One that only lacks its second
   * list is not kept waiting.
   */
  const isDue = (placement: Placement, now: Moment): boolean => {
    const { provider, reservedAt, missedMillis = Number.NEGATIVE_INFINITY } = placement
    const age = now.wall - Date.parse(reservedAt)
    const isPending = confirmed.has(provider) && age >= 0 && age - missedMillis < LONGEST_PENDING
    return isPending || sinceLook(placement, now) >= Math.min(Math.abs(age) * OF_ITS_AGE, MOST_PAUSE)
  }

  const settle = Effect.gen(function* () {
    const now = momentOf(yield* Clock.Clock)
    const wanted = yield* Effect.forEach(providers.values(), (provider) =>
      Effect.gen(function* () {
        const filter = { ...placementsAt(owner, provider), before: ALWAYS, limit: MOST_AT_ONCE }
        const open =
          journal.absence === undefined ? yield* journal.unfinished(filter) : yield* journal.absence.open(filter)
        const all = [...open.filter((each) => !hasOrder(each)), ...(yield* absentAt(provider, now.wall))]
        return all.filter((each) => isDue(each, now))
      })
    )
    const due = wanted.flat()
    for (const [token, last] of lookedAt) if (millisBetween(last, now) > 2 * MOST_PAUSE) lookedAt.delete(token)
    for (const { token } of due) lookedAt.set(token, now)
    const outcomes = yield* outcomesOf(due)
    return outcomes.map(([, looked]) => looked)
  })

  const release = Effect.fnUntraced(function* (reference: string): Effect.fn.Return<boolean, JournalError> {
    const mayGo = Effect.fnUntraced(function* (placement: Placement) {
      if (isUnderWay(storedForm(reference)) || holderOf(owner, placement) !== "us") return false
      return !isPerhapsUnderWay(placement, yield* nowInstant)
    })
    const placement = yield* findPlacement(journal, tenant, reference)
    if (placement === undefined || !(yield* mayGo(placement))) return false
    const isAbsent = placement.state === "absent"
    if (!isAbsent && placement.supersedes === undefined) return yield* giveUp(journal, tenant, placement, mayGo)
    // What was placed before it under this reference is not forgotten.
    const others = yield* doubtedIn(journal, yield* familyOf(journal, tenant, placement))
    if (!isAbsent && !(yield* callAbsent(placement))) return false
    const givenUp = yield* Effect.forEach(others, callAbsent)
    return !isAbsent || givenUp.some((is) => is)
  })

  /** At a person's word, unless it has been sent again since it was read. Whether it is so now. */
  const callAbsent = Effect.fnUntraced(function* (placement: Placement): Effect.fn.Return<boolean, JournalError> {
    const { reference, token } = placement
    const settlement = { state: "absent", evidence: "given_up", ofRequest: requestMillisOf(placement) } as const
    const settled = yield* journal.settle({ tenant, reference }, token, settlement, yield* nowInstant)
    return Option.exists(settled, ({ evidence }) => evidence === "given_up")
  })

  return { reconcile, reconcileStale, settle, release }
}

/** Others' clocks may be ahead of ours. */
const ALWAYS = Instant.make("9999-12-31T23:59:59.999Z")

const OF_ITS_AGE = 1 / 10
const LONGEST_PENDING = Duration.toMillis(Duration.hours(1))
const MOST_PAUSE = Duration.toMillis(Duration.days(1))

const isEnded = (owner: Owner, placement: Placement): placement is PlacedOrder =>
  hasOrder(placement) && placement.state === "ended" && claimOf(owner, placement) === undefined

const wrongCall = (expected: string, provider?: ProviderId): CallError =>
  new CallError({
    operation: "reconcile",
    reason: new InvalidRequest({ field: "call", expected }),
    ...present({ provider })
  })

/** What is told of a reference; fails if somebody names a call, and nothing waits for it or another one is known. */
const ofCall = (call: CallRef | undefined, told: Reconciled): Effect.Effect<Reconciled, CallError> => {
  if (call === undefined) return Effect.succeed(told)
  if (told.state === "free") return Effect.fail(wrongCall("none, since no placement holds this reference"))
  if (told.state !== "accepted") return Effect.succeed(told)
  return [told.call, ...(told.also ?? [])].some((known) => formatCallRef(known) === formatCallRef(call))
    ? Effect.succeed(told)
    : Effect.fail(wrongCall("the call that this order is known to be", told.call.provider))
}

/** Fails once all is written down, if what had been called absent is not. */
const insistOnRight = (outcomes: ReadonlyArray<Outcome>): Effect.Effect<void, CallError> => {
  for (const [placement, looked] of outcomes) {
    if (looked.state !== "accepted" || looked.wasAbsent !== true) continue
    const reason = new AbsentWasWrong({
      call: formatCallRef(looked.call),
      placedAgain: placement.sentAs !== undefined
    })
    return Effect.fail(new CallError({ provider: placement.provider, operation: "reconcile", reason }))
  }
  return Effect.void
}
