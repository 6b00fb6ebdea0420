/**
 * Placing an order: reserve, send once, write down what came of it. Nobody is rung twice, whatever happens in between,
 * and no accepted call is lost: once the request has left, its result is awaited and written down even if the caller has
 * gone.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type { OrderFact } from "../domain/Fact.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import { viewFact } from "../domain/View.ts"
import { present } from "../domain/present.ts"
import { CallError, NetworkError } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import { millisBetween, type Moment, momentOf } from "../provider/monotonicTime.ts"
import { isTooLate } from "../provider/notAfter.ts"
import { LONGEST_WRITING, RESERVATION_LIMIT } from "../provider/placingLimits.ts"
import { familyOf, keptAside } from "./attribution.ts"
import { otherCalls } from "./family.ts"
import { giveUp } from "./giveUp.ts"
import { answerHeld, findPlacement, isSentAgain, isSentOnce, SENT_AGAIN, uncertainFrom } from "./heldReference.ts"
import { NewToken } from "./NewToken.ts"
import { keepAccepted } from "./keepAccepted.ts"
import type { Accepted, Placed, PlaceOptions, Uncertain } from "./Placed.ts"
import type { JournalError, Placement, Settlement } from "./PlacementJournal.ts"
import { requestMillisOf as endOfRequestOf } from "./placementState.ts"
import { agesOf, clockOffsetAt } from "./providerClock.ts"
import { formsOf } from "./references.ts"
import { contradictionOf } from "./contradiction.ts"
import {
  BROKEN,
  expired,
  expiredOf,
  failing,
  faultOfNew,
  placeWith,
  type Prepared,
  reservationOf
} from "./preparedOrder.ts"
import { makeSuperseding, type SupersedingContext } from "./supersede.ts"
import { repeatableUntil } from "./repeat.ts"
import { nowAfter, type Settled, settlePlacement } from "./settlePlacement.ts"
import { absentWasWrong } from "./telemetry.ts"

export interface PlacingContext extends SupersedingContext {
  /** A placement runs here, so that it outlives its caller. */
  readonly scope: Scope.Scope
}

interface Reserved {
  readonly placement: Placement
  /** When that was. Absent where the order is sent again. */
  readonly begun?: Moment
}

/** Writing down a result is tried again: the journal may be locked by another process for a moment. */
const WRITE_AGAIN = { schedule: Schedule.exponential("50 millis"), times: 5 } as const

const written = (what: string, writing: Effect.Effect<unknown, JournalError>): Effect.Effect<void> =>
  writing.pipe(
    Effect.retry(WRITE_AGAIN),
    Effect.catch((error) => Effect.logWarning(`a placement could not be ${what}: ${error.message}`)),
    Effect.asVoid
  )

/** Of a reservation whose writing took too long: another process may give it up before the request has had its time. */
const WRITTEN_TOO_LATE = "RESERVED_TOO_LONG_AGO"

export const makePlacing = ({ journal, owner, scope, read }: PlacingContext) => {
  const underWay = new Map<string, Deferred.Deferred<Placed, CallError | JournalError>>()
  const { tenant } = owner
  const supersede = makeSuperseding({ journal, owner, read })

  const tellingWrong = ({ provider }: Placement, settling: Effect.Effect<Settled, JournalError>) =>
    settling.pipe(
      Effect.tap(({ wasWrong }) => (wasWrong ? absentWasWrong(provider) : Effect.void)),
      Effect.map(({ settled }) => settled)
    )

  const settling = (placement: Placement, settlement: Settlement) =>
    tellingWrong(
      placement,
      Effect.flatMap(nowAfter(placement, settlement), (at) =>
        settlePlacement(journal, tenant, placement, settlement, at)
      )
    )

  // What is not written down is found as a reservation without result, and reconciled.
  const settle = (placement: Placement, settlement: Settlement): Effect.Effect<void> =>
    written("written down", settling(placement, settlement))

  /**
   * Unless it has been sent again since. One that has taken the place of an absent one stays, as absent: what was placed before it is
   * not forgotten.
   */
  const release = (reservation: Placement): Effect.Effect<void> =>
    written(
      "released after a refusal",
      reservation.supersedes === undefined
        ? giveUp(journal, tenant, reservation, (now) => Effect.succeed(isSentOnce(now)))
        : settling(reservation, { state: "absent", evidence: "refused", ofRequest: endOfRequestOf(reservation) })
    )

  /** Milliseconds from the reservation to now, for a request that has just ended. */
  const requestMillisOf = Effect.fnUntraced(function* (provider: CallProvider, { placement, begun }: Reserved) {
    const clock = yield* Clock.Clock
    if (begun !== undefined) return Math.round(millisBetween(begun, momentOf(clock)))
    const now = clock.currentTimeMillisUnsafe()
    const ages = agesOf(placement, now, provider.clock === undefined ? undefined : yield* provider.clock)
    return Math.max(0, Math.round(ages?.most ?? now - Date.parse(placement.reservedAt)))
  })

  /** Its answer, if one came, has told how the clocks stand: a later search goes by that. */
  const leaveOpen = Effect.fnUntraced(function* (
    prepared: Prepared,
    { placement, begun }: Reserved,
    open: { readonly because: string; readonly lead?: OrderId }
  ): Effect.fn.Return<Uncertain> {
    const { provider } = prepared
    const measured =
      begun === undefined ? undefined : yield* clockOffsetAt(provider, placement.reservedAt, begun.monotonic)
    const clockOffset = placement.clockOffset ?? measured
    const requestMillis = yield* requestMillisOf(provider, { placement, ...present({ begun }) })
    const evidence = begun === undefined ? ({ evidence: "sent_again" } as const) : {}
    yield* settle(placement, { state: "uncertain", ...open, ...evidence, requestMillis, ...present({ clockOffset }) })
    const known = { ...placement, ...present({ clockOffset }), because: open.because }
    return { ...uncertainFrom(known), ...present({ repeatableUntil: yield* repeatableUntil(known, prepared) }) }
  })

  const taken = (prepared: Prepared, reserved: Reserved, fact: OrderFact): Effect.Effect<Placed> => {
    const { provider } = prepared
    const reservation = reserved.placement
    const because = contradictionOf(provider.adapter, prepared.order, fact)
    if (because !== undefined) return leaveOpen(prepared, reserved, { because, lead: fact.id })
    const order = viewFact(fact, provider.adapter)
    const accepted = { state: "accepted", orderId: fact.id, status: order.status } as const
    const keeping = Effect.flatMap(NewToken, (newToken) => {
      const kept = keepAccepted(journal, tenant, reservation, accepted, newToken())
      return written("written down", tellingWrong(reservation, kept))
    })
    return Effect.as(keeping, {
      state: "accepted",
      reference: reservation.reference,
      call: { provider: provider.adapter.providerId, id: fact.id },
      order,
      already: false
    } satisfies Accepted)
  }

  /** The request leaves here, and nowhere else. */
  const send = (prepared: Prepared, reserved: Reserved): Effect.Effect<Placed, CallError> =>
    Effect.uninterruptibleMask((restore) =>
      restore(placeWith(prepared)).pipe(
        Effect.onInterrupt(() => Effect.asVoid(leaveOpen(prepared, reserved, { because: "Interrupted" }))),
        Effect.matchEffect({
          onSuccess: (fact) =>
            Effect.catchDefect(
              Effect.suspend(() => taken(prepared, reserved, fact)),
              () => leaveOpen(prepared, reserved, { because: BROKEN, lead: fact.id })
            ),
          onFailure: (error): Effect.Effect<Placed, CallError> => {
            const { reason } = error
            const { notAfter } = prepared
            if (isTooLate(reason) && notAfter !== undefined && reserved.begun !== undefined)
              return Effect.as(release(reserved.placement), expiredOf(prepared, notAfter))
            if (reason._tag === "PlacementUncertain") {
              const { because, lead } = reason
              return leaveOpen(prepared, reserved, { because, ...present({ lead }) })
            }
            // A refused repetition says nothing of the order that was sent first.
            return reserved.begun === undefined
              ? leaveOpen(prepared, reserved, { because: reason._tag })
              : Effect.andThen(release(reserved.placement), error)
          }
        })
      )
    )

  const answer = Effect.fnUntraced(function* (
    placement: Placement,
    prepared: Prepared,
    { onDifference = "return", onUncertain = "return" }: PlaceOptions = {}
  ) {
    const { order, provider, content } = prepared
    const asked = { owner, read, order, content, onDifference }
    const held = yield* answerHeld(placement, asked)
    const also = otherCalls(placement, yield* familyOf(journal, tenant, placement))
    const known = also.length === 0 ? held : { ...held, also }
    if (known.state !== "uncertain") return known
    const until = yield* repeatableUntil(placement, prepared)
    if (until === undefined || onUncertain === "return" || (yield* expired(prepared)) !== undefined)
      return { ...known, ...present({ repeatableUntil: until }) }
    // As long as this stands, nobody releases the reference, and whoever looks now does not send the order too.
    const sentUntil = yield* requestMillisOf(provider, { placement })
    const requestMillis = sentUntil + Duration.toMillis(RESERVATION_LIMIT)
    const again = { state: "uncertain", because: SENT_AGAIN, evidence: "sent_again", requestMillis } as const
    const marked = yield* settling(placement, again)
    // Another process gave it up, or went on with it, in between.
    if (Option.isNone(marked)) return known
    if (!isSentAgain(marked.value)) return yield* answerHeld(marked.value, asked)
    const isInTime = (yield* repeatableUntil(placement, prepared)) !== undefined
    return isInTime ? yield* send(prepared, { placement: marked.value }) : known
  })

  const placeOnce = Effect.fnUntraced(function* (prepared: Prepared, options: PlaceOptions | undefined) {
    const { givenReference } = prepared
    const fault = yield* faultOfNew(prepared)
    const late = yield* expired(prepared)
    // Before the reservation: between that and the request nothing else is waited for.
    const kept = yield* keptAside(journal, tenant, prepared.order.reference)
    if (fault !== undefined || late !== undefined || formsOf(givenReference).length > 1 || kept.length > 0) {
      const held = yield* findPlacement(journal, tenant, givenReference)
      const isFree = held?.state === "absent" && held.reference === prepared.order.reference
      if (held !== undefined && !isFree) return yield* answer(held, prepared, options)
      if (fault !== undefined) return yield* failing(prepared.provider, fault)
      if (late !== undefined) return late
    }
    const clock = yield* Clock.Clock
    let begun = momentOf(clock)
    const token = (yield* NewToken)()
    let placement = yield* journal.reserve(yield* reservationOf(tenant, prepared, token))
    if (placement.state === "absent") {
      begun = momentOf(clock)
      const taken = yield* supersede(placement, prepared, token)
      if (taken.answer !== undefined) return taken.answer
      placement = taken.placement
    }
    if (placement.token !== token) return yield* answer(placement, prepared, options)
    // A program that was stopped in between, or a machine that slept, goes on when others may have given it up.
    const waited = Math.max(
      millisBetween(begun, momentOf(clock)),
      clock.currentTimeMillisUnsafe() - Date.parse(placement.reservedAt)
    )
    if (waited > Duration.toMillis(LONGEST_WRITING)) {
      yield* release(placement)
      return yield* failing(prepared.provider, new NetworkError({ sent: "no", code: WRITTEN_TOO_LATE }))
    }
    const lateNow = yield* expired(prepared)
    if (lateNow !== undefined) return yield* Effect.as(release(placement), lateNow)
    return yield* send(prepared, { placement, begun })
  })

  /** Two fibers of this program with one reference: the second waits for the first, and then finds it in the journal. */
  const place = (prepared: Prepared, options?: PlaceOptions): Effect.Effect<Placed, CallError | JournalError> =>
    Effect.uninterruptibleMask((restore) => {
      const { reference } = prepared.order
      const first = underWay.get(reference)
      if (first !== undefined) {
        return restore(Effect.andThen(Effect.exit(Deferred.await(first)), place(prepared, options)))
      }
      const result = Deferred.makeUnsafe<Placed, CallError | JournalError>()
      underWay.set(reference, result)
      return Effect.flatMap(Effect.forkIn(placeOnce(prepared, options), scope), (placing) => {
        // Not a part of it: where the scope closes before it has begun, it never runs.
        placing.addObserver((exit) => {
          underWay.delete(reference)
          Deferred.doneUnsafe(result, exit)
        })
        return restore(Deferred.await(result))
      })
    })

  /** Whether this program is at it just now. */
  const isUnderWay = (reference: string): boolean => underWay.has(reference)

  return { place, isUnderWay }
}
