/**
 * A placement journal in memory: for tests, and for programs that nothing outlives, for whoever is killed with it has
 * forgotten what was reserved. How a placement begins and moves on is decided here, for every implementation alike.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { OrderId, ProviderId } from "../domain/Identifiers.ts"
import type { Instant } from "../domain/Instant.ts"
import {
  type Placement,
  PlacementJournal,
  type PlacementState,
  type Reservation,
  type Settlement
} from "./PlacementJournal.ts"

const STEP = { reserved: 0, uncertain: 1, accepted: 2, ended: 3 } as const satisfies Record<PlacementState, number>

/** A reservation as a placement. */
export const newPlacement = ({ reference, provider, token, check, agentId, at }: Reservation): Placement => ({
  reference,
  provider,
  token,
  check,
  ...(agentId === undefined ? {} : { agentId }),
  state: "reserved",
  reservedAt: at,
  changedAt: at
})

/**
 * A placement after a settlement: the same object if it changes nothing. A step back changes nothing, nor does the state
 * it has, heard of earlier than it was. What is said of another order than the accepted one is not about this one, which
 * would be lost with it.
 */
export const settledPlacement = (placement: Placement, settlement: Settlement, at: Instant): Placement => {
  const step = STEP[settlement.state] - STEP[placement.state]
  const isNews = step > 0 || (step === 0 && placement.state !== "ended" && at > placement.changedAt)
  if (!isNews) return placement
  if (placement.orderId !== undefined && "orderId" in settlement && settlement.orderId !== placement.orderId)
    return placement
  const { because: _because, ...known } = placement
  return { ...known, ...settlement, changedAt: at }
}

/** Whether a placement can be given up: nothing says that there is an order. */
export const isFreeable = ({ state }: Placement): boolean => STEP[state] < STEP.accepted

/** How many of a list a limit asks for; none if it is below one or no number. */
export const countOf = (limit: number): number =>
  limit >= 1 ? Math.min(Math.floor(limit), Number.MAX_SAFE_INTEGER) : 0

const byChange = (a: Placement, b: Placement): number =>
  a.changedAt < b.changedAt ? -1 : a.changedAt > b.changedAt ? 1 : 0

const orderKey = (provider: ProviderId, orderId: OrderId): string => JSON.stringify([provider, orderId])

/** Grows with every placement that is not given free again. */
export const makeMemoryJournal: Effect.Effect<PlacementJournal["Service"]> = Effect.sync(() => {
  const placements = new Map<string, Placement>()
  const unfinished = new Map<string, Placement>()
  const byOrder = new Map<string, string>()

  const put = (placement: Placement): void => {
    const { reference, provider, orderId, state } = placement
    placements.set(reference, placement)
    if (state === "ended") unfinished.delete(reference)
    else unfinished.set(reference, placement)
    if (orderId === undefined) return
    const key = orderKey(provider, orderId)
    if (!byOrder.has(key)) byOrder.set(key, reference)
  }

  const held = (reference: string, token: string): Placement | undefined => {
    const placement = placements.get(reference)
    return placement?.token === token ? placement : undefined
  }

  return PlacementJournal.of({
    reserve: (reservation) =>
      Effect.sync(() => {
        const earlier = placements.get(reservation.reference)
        if (earlier !== undefined) return earlier
        const placement = newPlacement(reservation)
        put(placement)
        return placement
      }),
    settle: (reference, token, settlement, at) =>
      Effect.sync(() => {
        const placement = held(reference, token)
        if (placement === undefined) return Option.none()
        const settled = settledPlacement(placement, settlement, at)
        if (settled !== placement) put(settled)
        return Option.some(settled)
      }),
    free: (reference, token) =>
      Effect.sync(() => {
        const placement = held(reference, token)
        if (placement === undefined || !isFreeable(placement)) return false
        unfinished.delete(reference)
        return placements.delete(reference)
      }),
    find: (reference) => Effect.sync(() => Option.fromNullishOr(placements.get(reference))),
    findCall: (provider, orderId) =>
      Effect.sync(() => {
        const reference = byOrder.get(orderKey(provider, orderId))
        return Option.fromNullishOr(reference === undefined ? undefined : placements.get(reference))
      }),
    unfinished: ({ before, limit, provider }) =>
      Effect.sync(() =>
        [...unfinished.values()]
          .filter(
            (placement) => placement.changedAt <= before && (provider === undefined || placement.provider === provider)
          )
          .toSorted(byChange)
          .slice(0, countOf(limit))
      )
  })
})

/** A journal in memory: it is lost when the process exits. */
export const layerMemoryJournal: Layer.Layer<PlacementJournal> = Layer.effect(PlacementJournal, makeMemoryJournal)
