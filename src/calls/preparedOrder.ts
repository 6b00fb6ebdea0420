/** An order that can be sent: what it may not be if it is new, its reservation, and the sending. */
import * as Effect from "effect/Effect"
import type { OrderFact } from "../domain/Fact.ts"
import type { ProviderId } from "../domain/Identifiers.ts"
import { type Instant } from "../domain/Instant.ts"
import type { PlaceCall } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import { CallError, type CallErrorReason, InvalidRequest, PlacementUncertain } from "../provider/CallError.ts"
import type { CallProvider, PlaceRequest } from "../provider/CallProvider.ts"
import { NotAfter } from "../provider/notAfter.ts"
import { nowInstant } from "./currentInstant.ts"
import { numberDigest, timeDigest } from "./orderDigest.ts"
import type { Expired, Placed } from "./Placed.ts"
import type { Reservation } from "./PlacementJournal.ts"
import { clockOffsetOf, isLongPast } from "./providerClock.ts"
import { referenceFault } from "./references.ts"
import { type Decision, noteOf } from "./Router.ts"

/** An order that can be sent. */
export interface Prepared {
  readonly provider: CallProvider
  readonly order: PlaceCall
  readonly request: PlaceRequest
  /** Digest of what the caller asked for, before a configuration added to it. */
  readonly content: string
  /** How its provider was chosen, where a configuration says something of it. */
  readonly decision?: Decision
  /** The reference as the caller wrote it; `order` has it as it is stored. */
  readonly givenReference: string
  /** `order` is without it: no provider gets it. */
  readonly notAfter: Instant | undefined
}

const PAST = {
  field: "scheduledAt",
  expected: "a time to come: this one has passed, and the call would be placed at once"
}

/** What only a new order may not have: one that is known is answered whatever it says. */
export const faultOfNew = Effect.fnUntraced(function* ({ provider, order, givenReference }: Prepared) {
  const expected = referenceFault(givenReference)
  if (expected !== undefined) return new InvalidRequest({ field: "reference", expected })
  const { scheduledAt } = order
  return scheduledAt !== undefined && (yield* isLongPast(provider, scheduledAt)) ? new InvalidRequest(PAST) : undefined
})

export const reservationOf = Effect.fnUntraced(function* (
  tenant: string,
  { provider, order, content, decision }: Prepared,
  token: string
) {
  const at = yield* nowInstant
  const clockOffset = yield* clockOffsetOf(provider)
  return {
    tenant,
    reference: order.reference,
    provider: provider.adapter.providerId,
    token,
    numberDigest: numberDigest(order.to),
    content,
    time: timeDigest(order),
    ...present({
      account: provider.account,
      agentId: order.agent.id,
      clockOffset,
      routing: decision && noteOf(decision)
    }),
    at
  } satisfies Reservation
})

/** What placing came to, with how its provider was chosen. One that another process placed meanwhile is where that put it. */
export const withDecision = (placed: Placed, { decision }: Prepared): Placed => {
  if (decision === undefined) return placed
  const provider = placed.state === "accepted" ? placed.call.provider : placed.provider
  return { ...placed, routed: provider === decision.provider ? decision : placedBefore(provider, decision) }
}

/** Where a reference was placed before, it stays. */
export const placedBefore = (
  provider: ProviderId,
  { route, configuration }: Pick<Decision, "route" | "configuration">
): Decision => ({
  provider,
  ...present({ route }),
  because: `its reference was placed with ${provider} before, and stays there`,
  configuration
})

/** Where something dies on the way back, the provider may have the order all the same. */
export const BROKEN = "UnreadableResponse"

/** What is answered for an order that would be placed too late, or for too late a time; none while it is not. */
export const expired = (prepared: Prepared): Effect.Effect<Expired | undefined> =>
  Effect.map(nowInstant, (now) => {
    const { notAfter, order } = prepared
    const isLate = notAfter !== undefined && (now > notAfter || (order.scheduledAt ?? "") > notAfter)
    return isLate ? expiredOf(prepared, notAfter) : undefined
  })

export const expiredOf = ({ provider, order }: Prepared, notAfter: Instant): Expired => ({
  state: "expired",
  reference: order.reference,
  provider: provider.adapter.providerId,
  notAfter
})

export const failing = ({ adapter }: CallProvider, reason: CallErrorReason): CallError =>
  new CallError({ provider: adapter.providerId, operation: "place", reason })

export const placeWith = ({ provider, request, notAfter }: Prepared): Effect.Effect<OrderFact, CallError> =>
  Effect.catchDefect(
    Effect.suspend(() => provider.place(request)),
    () => failing(provider, new PlacementUncertain({ because: BROKEN }))
  ).pipe(Effect.provideService(NotAfter, notAfter))
