/**
 * Placing an order: reserve, send once, write down what came of it. Nobody is rung twice, whatever happens in between,
 * and no accepted call is lost: once the request has left, its result is waited for and written down even if whoever
 * asked has gone.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { OrderFact } from "../domain/Fact.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import { type Instant, instantAt } from "../domain/Instant.ts"
import type { PlaceCall } from "../domain/PlaceCall.ts"
import { viewOrder } from "../domain/View.ts"
import { CallError, InvalidRequest } from "../provider/CallError.ts"
import type { CallProvider, PlaceRequest } from "../provider/CallProvider.ts"
import type { JournalError, Placement, PlacementJournal, Settlement } from "./PlacementJournal.ts"
import type { Accepted, Placed, Uncertain } from "./Placed.ts"

export interface PlacingContext {
  readonly journal: PlacementJournal["Service"]
  /** Outlives whoever asks for a placement. */
  readonly scope: Scope.Scope
  /** Reads an order of any configured provider. */
  readonly read: (placement: Placement & { readonly orderId: OrderId }) => Effect.Effect<CallOrder | undefined>
}

export type PlaceOrder = (
  provider: CallProvider,
  order: PlaceCall,
  request: PlaceRequest
) => Effect.Effect<Placed, CallError | JournalError>

export interface Placing {
  readonly place: PlaceOrder
  /** Whether this program is at it just now. */
  readonly isUnderWay: (reference: string) => boolean
}

/** After a crash, or while another process is still at it, nothing but the reservation is known. */
const NO_RESULT = "NoResult"

/** Writing down a result is tried again: the journal may be locked by another process for a moment. */
const WRITE_AGAIN = { schedule: Schedule.exponential("50 millis"), times: 5 } as const

export const nowInstant: Effect.Effect<Instant> = Effect.flatMap(Clock.currentTimeMillis, (now) => {
  const instant = instantAt(now)
  return instant === undefined ? Effect.die(new RangeError("the clock shows no time")) : Effect.succeed(instant)
})

export const makePlacing = ({ journal, scope, read }: PlacingContext): Placing => {
  const underWay = new Map<string, Deferred.Deferred<Placed, CallError | JournalError>>()

  const settle = (reservation: Placement, settlement: Settlement): Effect.Effect<void> =>
    Effect.flatMap(nowInstant, (at) =>
      journal.settle(reservation.reference, reservation.token, settlement, at).pipe(
        Effect.retry(WRITE_AGAIN),
        // What is not written down is found as a reservation without result, and reconciled.
        Effect.catch((error) => Effect.logWarning(`a placement could not be written down: ${error.message}`)),
        Effect.asVoid
      )
    )

  const free = ({ reference, token }: Placement): Effect.Effect<void> =>
    journal.free(reference, token).pipe(
      Effect.retry(WRITE_AGAIN),
      Effect.catch((error) => Effect.logWarning(`a refused placement could not be freed: ${error.message}`)),
      Effect.asVoid
    )

  const accepted = (provider: CallProvider, reservation: Placement, fact: OrderFact): Effect.Effect<Accepted> => {
    const order = viewOrder(fact, fact.attempts, provider.adapter.interpretation)
    return Effect.as(settle(reservation, { state: "accepted", orderId: fact.id, status: order.status }), {
      state: "accepted" as const,
      reference: reservation.reference,
      call: { provider: provider.adapter.providerId, id: fact.id },
      order,
      already: false
    })
  }

  const leaveOpen = (reservation: Placement, because: string): Effect.Effect<Uncertain> =>
    Effect.as(settle(reservation, { state: "uncertain", because }), uncertainFrom({ ...reservation, because }))

  /** The request leaves here, and nowhere else. */
  const send = (
    provider: CallProvider,
    reservation: Placement,
    request: PlaceRequest
  ): Effect.Effect<Placed, CallError> =>
    Effect.uninterruptibleMask((restore) =>
      restore(provider.place(request)).pipe(
        Effect.onInterrupt(() => Effect.asVoid(leaveOpen(reservation, "Interrupted"))),
        Effect.matchEffect({
          onSuccess: (fact) => accepted(provider, reservation, fact),
          onFailure: (error): Effect.Effect<Placed, CallError> =>
            error.reason._tag === "PlacementUncertain"
              ? leaveOpen(reservation, error.reason.because)
              : Effect.andThen(free(reservation), error)
        })
      )
    )

  const known = Effect.fnUntraced(function* (placement: Placement, check: string) {
    if (placement.check !== check) {
      const expected = "a reference of its own: this one belongs to an order to another number"
      return yield* new CallError({
        provider: placement.provider,
        operation: "place",
        reason: new InvalidRequest({ field: "reference", expected })
      })
    }
    return hasOrder(placement) ? yield* alreadyAccepted(placement, read) : uncertainFrom(placement)
  })

  const placeOnce = Effect.fnUntraced(function* (provider: CallProvider, order: PlaceCall, request: PlaceRequest) {
    const token = crypto.randomUUID()
    const check = checkOf(order.to)
    const placement = yield* journal.reserve({
      reference: order.reference,
      provider: provider.adapter.providerId,
      token,
      check,
      ...(order.agent.id === undefined ? {} : { agentId: order.agent.id }),
      at: yield* nowInstant
    })
    return placement.token === token ? yield* send(provider, placement, request) : yield* known(placement, check)
  })

  /** Two fibers of this program with one reference: the second waits for the first, and then finds it in the journal. */
  const placeAlone: PlaceOrder = (provider, order, request) =>
    Effect.uninterruptibleMask((restore) => {
      const first = underWay.get(order.reference)
      if (first !== undefined) {
        return restore(Effect.andThen(Effect.exit(Deferred.await(first)), placeAlone(provider, order, request)))
      }
      const result = Deferred.makeUnsafe<Placed, CallError | JournalError>()
      underWay.set(order.reference, result)
      return Effect.flatMap(Effect.forkIn(placeOnce(provider, order, request), scope), (placing) => {
        // Not a part of it: where the scope closes before it has begun, it never runs.
        placing.addObserver((exit) => {
          underWay.delete(order.reference)
          Deferred.doneUnsafe(result, exit)
        })
        return restore(Deferred.await(result))
      })
    })
  return { place: placeAlone, isUnderWay: (reference) => underWay.has(reference) }
}

/** Longer than any placement takes: the process that reserved it is done with it, or dead. */
const PERHAPS_UNDER_WAY_MILLIS = 10 * 60_000

/** Whether another process may be placing it just now: reserved not long ago, and nothing heard since. */
export const isPerhapsUnderWay = ({ state, reservedAt }: Placement, now: Instant): boolean =>
  state === "reserved" && Date.parse(now) - Date.parse(reservedAt) < PERHAPS_UNDER_WAY_MILLIS

export const hasOrder = (placement: Placement): placement is Placement & { readonly orderId: OrderId } =>
  placement.orderId !== undefined

export const alreadyAccepted = (
  placement: Placement & { readonly orderId: OrderId },
  read: PlacingContext["read"]
): Effect.Effect<Accepted> =>
  Effect.map(read(placement), (order) => ({
    state: "accepted" as const,
    reference: placement.reference,
    call: { provider: placement.provider, id: placement.orderId },
    ...(order === undefined ? {} : { order }),
    already: true
  }))

export const uncertainFrom = ({ reference, provider, reservedAt, because }: Placement): Uncertain => ({
  state: "uncertain",
  reference,
  provider,
  since: reservedAt,
  because: because ?? NO_RESULT
})

/** Sixteen bits of the number (FNV-1a, folded): one number in 65,536 has the same. */
const checkOf = (number: string): string => {
  let hash = 0x811c9dc5
  for (let index = 0; index < number.length; index++) hash = Math.imul(hash ^ number.charCodeAt(index), 0x01000193)
  return ((hash >>> 16) ^ (hash & 0xffff)).toString(16).padStart(4, "0")
}

export const orNone = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A | undefined> =>
  Effect.map(Effect.option(effect), Option.getOrUndefined)
