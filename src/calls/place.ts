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
import { type Instant, instantAt } from "../domain/Instant.ts"
import { parsePhoneNumber } from "../domain/PhoneNumber.ts"
import type { PlaceCall } from "../domain/PlaceCall.ts"
import { viewFact } from "../domain/View.ts"
import { present } from "../domain/present.ts"
import {
  CallError,
  type CallErrorReason,
  InvalidRequest,
  NetworkError,
  PlacementUncertain
} from "../provider/CallError.ts"
import type { Adapter } from "../provider/Adapter.ts"
import type { CallProvider, PlaceRequest } from "../provider/CallProvider.ts"
import { LONGEST_WRITING } from "../provider/placingLimits.ts"
import { nowInstant } from "./currentInstant.ts"
import { answerHeld, findPlacement, isSentAgain, type ReadPlaced, SENT_AGAIN, uncertainFrom } from "./heldReference.ts"
import { contentDigest, numberDigest, timeDigest } from "./orderDigest.ts"
import type { Owner } from "./ownership.ts"
import type { Accepted, Placed, PlaceOptions, Uncertain } from "./Placed.ts"
import type { JournalError, Placement, PlacementJournal, PlacementKey, Settlement } from "./PlacementJournal.ts"
import { clockOffsetAt, clockOffsetOf, isLongPast } from "./providerClock.ts"
import { formsOf, isSameReference, referenceFault } from "./references.ts"
import { repeatableUntil } from "./repeat.ts"

export interface PlacingContext {
  readonly journal: PlacementJournal["Service"]
  readonly owner: Owner
  /** A placement runs here, so that it outlives its caller. */
  readonly scope: Scope.Scope
  readonly read: ReadPlaced
}

/** An order that can be sent. */
export interface Prepared {
  readonly provider: CallProvider
  readonly order: PlaceCall
  readonly request: PlaceRequest
  /** The reference as the caller wrote it; `order` has it as it is stored. */
  readonly givenReference: string
}

interface Reserved {
  readonly placement: Placement
  /** On the monotonic clock. Absent where the order is sent again. */
  readonly begun?: bigint
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

const PAST = {
  field: "scheduledAt",
  expected: "a time to come: this one has passed, and the call would be placed at once"
}

export const makePlacing = ({ journal, owner, scope, read }: PlacingContext) => {
  const underWay = new Map<string, Deferred.Deferred<Placed, CallError | JournalError>>()
  const { tenant } = owner

  const keyOf = ({ reference }: Placement): PlacementKey => ({ tenant, reference })

  const settling = (placement: Placement, settlement: Settlement) =>
    Effect.flatMap(nowAfter(placement), (at) => journal.settle(keyOf(placement), placement.token, settlement, at))

  // What is not written down is found as a reservation without result, and reconciled.
  const settle = (placement: Placement, settlement: Settlement): Effect.Effect<void> =>
    written("written down", settling(placement, settlement))

  const release = (reservation: Placement): Effect.Effect<void> =>
    written("released after a refusal", journal.release(keyOf(reservation), reservation.token))

  /** Its answer, if one came, has told how the clocks stand: a later search goes by that. */
  const leaveOpen = Effect.fnUntraced(function* (
    { provider, order }: Prepared,
    { placement, begun }: Reserved,
    open: { readonly because: string; readonly lead?: OrderId }
  ): Effect.fn.Return<Uncertain> {
    const measured = begun === undefined ? undefined : yield* clockOffsetAt(provider, placement.reservedAt, begun)
    const clockOffset = placement.clockOffset ?? measured
    yield* settle(placement, { state: "uncertain", ...open, ...present({ clockOffset }) })
    const known = { ...placement, ...present({ clockOffset }), because: open.because }
    return { ...uncertainFrom(known), ...present({ repeatableUntil: yield* repeatableUntil(known, provider, order) }) }
  })

  const taken = (prepared: Prepared, reserved: Reserved, fact: OrderFact): Effect.Effect<Placed> => {
    const { provider } = prepared
    const reservation = reserved.placement
    const because = contradictionOf(provider.adapter, prepared.order, fact)
    if (because !== undefined) return leaveOpen(prepared, reserved, { because, lead: fact.id })
    const order = viewFact(fact, provider.adapter)
    return Effect.as(settle(reservation, { state: "accepted", orderId: fact.id, status: order.status }), {
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
    const { order, provider } = prepared
    const asked = { owner, read, order, onDifference }
    const known = yield* answerHeld(placement, asked)
    if (known.state !== "uncertain") return known
    const until = yield* repeatableUntil(placement, provider, order)
    if (until === undefined || onUncertain === "return") return { ...known, ...present({ repeatableUntil: until }) }
    // As long as this stands, nobody releases the reference, and whoever looks now does not send the order too.
    const marked = yield* settling(placement, { state: "uncertain", because: SENT_AGAIN })
    // Another process gave it up, or went on with it, in between.
    if (Option.isNone(marked)) return known
    if (!isSentAgain(marked.value)) return yield* answerHeld(marked.value, asked)
    const isInTime = (yield* repeatableUntil(placement, provider, order)) !== undefined
    return isInTime ? yield* send(prepared, { placement: marked.value }) : known
  })

  /** What only a new order may not have: one that is known is answered whatever it says. */
  const faultOfNew = Effect.fnUntraced(function* ({ provider, order, givenReference }: Prepared) {
    const expected = referenceFault(givenReference)
    if (expected !== undefined) return new InvalidRequest({ field: "reference", expected })
    const { scheduledAt } = order
    return scheduledAt !== undefined && (yield* isLongPast(provider, scheduledAt))
      ? new InvalidRequest(PAST)
      : undefined
  })

  const reserve = Effect.fnUntraced(function* ({ provider, order }: Prepared, token: string) {
    const at = yield* nowInstant
    const clockOffset = yield* clockOffsetOf(provider)
    return yield* journal.reserve({
      tenant,
      reference: order.reference,
      provider: provider.adapter.providerId,
      token,
      numberDigest: numberDigest(order.to),
      content: contentDigest(order),
      time: timeDigest(order),
      ...present({ account: provider.account, agentId: order.agent.id, clockOffset }),
      at
    })
  })

  const placeOnce = Effect.fnUntraced(function* (prepared: Prepared, options: PlaceOptions | undefined) {
    const { givenReference } = prepared
    const fault = yield* faultOfNew(prepared)
    if (fault !== undefined || formsOf(givenReference).length > 1) {
      const held = yield* findPlacement(journal, tenant, givenReference)
      if (held !== undefined) return yield* answer(held, prepared, options)
      if (fault !== undefined) return yield* failing(prepared.provider, fault)
    }
    const clock = yield* Clock.Clock
    const begun = clock.monotonicTimeNanosUnsafe()
    const token = crypto.randomUUID()
    const placement = yield* reserve(prepared, token)
    if (placement.token !== token) return yield* answer(placement, prepared, options)
    // A program that was stopped in between, or a machine that slept, goes on when others may have given it up.
    const waited = Math.max(
      Number(clock.monotonicTimeNanosUnsafe() - begun) / 1e6,
      clock.currentTimeMillisUnsafe() - Date.parse(placement.reservedAt)
    )
    if (waited > Duration.toMillis(LONGEST_WRITING)) {
      yield* release(placement)
      return yield* failing(prepared.provider, new NetworkError({ sent: "no", code: WRITTEN_TOO_LATE }))
    }
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

/**
 * What an order in an answer of success cannot be, if it is the one that was asked for: another number's, or another
 * reference's. What it does not tell, or not readably, contradicts nothing.
 */
const contradictionOf = (
  { interpretation }: Adapter,
  { to, reference }: PlaceCall,
  fact: OrderFact
): "AnswerNamesOtherNumber" | "AnswerNamesOtherReference" | undefined => {
  const named = parsePhoneNumber(fact.claims.to ?? "")
  if (typeof named === "string" && named !== to) return "AnswerNamesOtherNumber"
  const told = interpretation.order(fact).reference
  return told !== undefined && !isSameReference(told, reference) ? "AnswerNamesOtherReference" : undefined
}

/** Where something dies on the way back, the provider may have the order all the same. */
const BROKEN = "UnreadableResponse"

/** Of a state that it has, a journal takes only what is later: two moments may be one to the clock. */
const nowAfter = ({ state, changedAt }: Placement): Effect.Effect<Instant> =>
  Effect.map(nowInstant, (now) =>
    state === "reserved" || now > changedAt ? now : (instantAt(Date.parse(changedAt) + 1) ?? now)
  )

const failing = ({ adapter }: CallProvider, reason: CallErrorReason): CallError =>
  new CallError({ provider: adapter.providerId, operation: "place", reason })

const placeWith = ({ provider, request }: Prepared): Effect.Effect<OrderFact, CallError> =>
  Effect.catchDefect(
    Effect.suspend(() => provider.place(request)),
    () => failing(provider, new PlacementUncertain({ because: BROKEN }))
  )
