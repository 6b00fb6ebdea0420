/** A placement journal in memory, for tests and for programs that place once and end: it is lost when the process exits. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { compareText } from "../domain/textOrder.ts"
import { type CallKey, type Placement, PlacementJournal, type PlacementKey } from "./PlacementJournal.ts"
import { countOf, isAskedFor, isReleasable, newPlacement, settledPlacement } from "./placementState.ts"

const keyOf = ({ tenant, reference }: PlacementKey): string => JSON.stringify([tenant, reference])

const callKeyOf = ({ tenant, provider, orderId }: CallKey): string => JSON.stringify([tenant, provider, orderId])

/** Grows with every placement that is not released. */
export const makeMemoryJournal: Effect.Effect<PlacementJournal["Service"]> = Effect.sync(() => {
  const placements = new Map<string, Placement>()
  const unfinished = new Map<string, Placement>()
  const byOrder = new Map<string, string>()

  const put = (key: PlacementKey, placement: Placement): void => {
    const { provider, orderId, state } = placement
    const place = keyOf(key)
    placements.set(place, placement)
    if (state === "ended") unfinished.delete(place)
    else unfinished.set(place, placement)
    if (orderId === undefined) return
    const call = callKeyOf({ tenant: key.tenant, provider, orderId })
    if (!byOrder.has(call)) byOrder.set(call, place)
  }

  const held = (key: PlacementKey, token: string): Placement | undefined => {
    const placement = placements.get(keyOf(key))
    return placement?.token === token ? placement : undefined
  }

  return PlacementJournal.of({
    reserve: (reservation) =>
      Effect.sync(() => {
        const earlier = placements.get(keyOf(reservation))
        if (earlier !== undefined) return earlier
        const placement = newPlacement(reservation)
        put(reservation, placement)
        return placement
      }),
    settle: (key, token, settlement, at) =>
      Effect.sync(() => {
        const placement = held(key, token)
        if (placement === undefined) return Option.none()
        const settled = settledPlacement(placement, settlement, at)
        if (settled !== placement) put(key, settled)
        return Option.some(settled)
      }),
    release: (key, token) =>
      Effect.sync(() => {
        const placement = held(key, token)
        if (placement === undefined || !isReleasable(placement)) return false
        unfinished.delete(keyOf(key))
        return placements.delete(keyOf(key))
      }),
    find: (key) => Effect.sync(() => Option.fromNullishOr(placements.get(keyOf(key)))),
    findCall: (call) =>
      Effect.sync(() => {
        const place = byOrder.get(callKeyOf(call))
        return Option.fromNullishOr(place === undefined ? undefined : placements.get(place))
      }),
    unfinished: (filter) =>
      Effect.sync(() =>
        [...unfinished.values()]
          .filter((placement) => placement.tenant === filter.tenant && isAskedFor(filter, placement))
          .toSorted((a, b) => compareText(a.changedAt, b.changedAt))
          .slice(0, countOf(filter.limit))
      )
  })
})

/** A journal in memory: it is lost when the process exits. */
export const layerMemoryJournal: Layer.Layer<PlacementJournal> = Layer.effect(PlacementJournal, makeMemoryJournal)
