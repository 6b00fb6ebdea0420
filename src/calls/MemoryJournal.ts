/** A placement journal in memory, for tests and for programs that place once and end: it is lost when the process exits. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { ProviderId } from "../domain/Identifiers.ts"
import * as Option from "effect/Option"
import { compareText } from "../domain/textOrder.ts"
import { compactedPlacement, isCompactable, isDeletable, isEndedFor } from "./compactedPlacement.ts"
import {
  type CallKey,
  type Placement,
  PlacementJournal,
  type PlacementKey,
  type Reservation
} from "./PlacementJournal.ts"
import {
  countOf,
  isAbsentFor,
  isAskedFor,
  isOpenFor,
  isReleasable,
  newPlacement,
  setAside,
  settledPlacement
} from "./placementState.ts"

const keyOf = ({ tenant, reference }: PlacementKey): string => JSON.stringify([tenant, reference])

const callKeyOf = ({ tenant, provider, orderId }: CallKey): string => JSON.stringify([tenant, provider, orderId])

/** Grows with every placement that is neither released nor deleted. */
export const makeMemoryJournal: Effect.Effect<PlacementJournal["Service"]> = Effect.sync(() => {
  const placements = new Map<string, Placement>()
  const unfinished = new Map<string, Placement>()
  const absent = new Map<string, Placement>()
  const byOrder = new Map<string, string>()
  const assigned = new Map<string, ProviderId>()

  const index = (place: string, { tenant = "", provider, orderId }: Placement): void => {
    if (orderId === undefined) return
    const call = callKeyOf({ tenant, provider, orderId })
    if (!byOrder.has(call)) byOrder.set(call, place)
  }

  const put = (key: PlacementKey, placement: Placement): void => {
    const { state } = placement
    const place = keyOf(key)
    placements.set(place, placement)
    unfinished.delete(place)
    absent.delete(place)
    if (state !== "ended") (state === "absent" ? absent : unfinished).set(place, placement)
    index(place, placement)
  }

  const held = (key: PlacementKey, token: string): Placement | undefined => {
    const placement = placements.get(keyOf(key))
    return placement?.token === token ? placement : undefined
  }

  const reserve = (reservation: Reservation): Placement => {
    const earlier = placements.get(keyOf(reservation))
    if (earlier !== undefined) return earlier
    const placement = newPlacement(reservation)
    put(reservation, placement)
    return placement
  }

  const oldestFirst = (found: ReadonlyArray<Placement>, limit: number): ReadonlyArray<Placement> =>
    found.toSorted((a, b) => compareText(a.changedAt, b.changedAt)).slice(0, countOf(limit))

  return PlacementJournal.of({
    reserve: (reservation) => Effect.sync(() => reserve(reservation)),
    settle: (key, token, settlement, at) =>
      Effect.sync(() => {
        const placement = held(key, token)
        if (placement === undefined) return Option.none()
        const settled = settledPlacement(placement, settlement, at)
        if (settled !== placement) put(key, settled)
        return Option.some(settled)
      }),
    release: (key, token, changedAt) =>
      Effect.sync(() => {
        const placement = held(key, token)
        if (placement === undefined || !isReleasable(placement, changedAt)) return false
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
      Effect.sync(() => {
        const ofTenant = [...unfinished.values()].filter(({ tenant }) => tenant === filter.tenant)
        return oldestFirst(
          ofTenant.filter((placement) => isAskedFor(filter, placement)),
          filter.limit
        )
      }),
    absence: {
      supersede: (reservation, aside) =>
        Effect.sync(() => {
          const placement = held(reservation, reservation.supersedes)
          if (placement?.state === "absent") {
            absent.delete(keyOf(reservation))
            placements.delete(keyOf(reservation))
            put({ tenant: reservation.tenant, reference: aside }, setAside(placement, aside))
          }
          return reserve(reservation)
        }),
      open: (filter) =>
        Effect.sync(() => {
          const ofTenant = [...unfinished.values()].filter(({ tenant }) => tenant === filter.tenant)
          return oldestFirst(
            ofTenant.filter((placement) => isOpenFor(filter, placement)),
            filter.limit
          )
        }),
      absent: (filter) =>
        Effect.sync(() =>
          [...absent.values()]
            .filter((placement) => placement.tenant === filter.tenant && isAbsentFor(filter, placement))
            .toSorted((a, b) => compareText(b.changedAt, a.changedAt))
            .slice(0, countOf(filter.limit))
        ),
      listRecord: (provider, since) =>
        Effect.sync(() => {
          const ofProvider = [...placements.values()].filter((placement) => placement.provider === provider)
          const delays = ofProvider.flatMap(({ listDelay }) => listDelay ?? [])
          return {
            wrong: ofProvider.filter(({ wrongAt = "" }) => wrongAt > since).length,
            ...(delays.length === 0 ? {} : { slowestMillis: delays.reduce((a, b) => Math.max(a, b)) })
          }
        })
    },
    // One step is enough: nobody else waits for this memory.
    assign: ({ tenant, key, provider }) =>
      Effect.sync(() => {
        const place = JSON.stringify([tenant, key])
        const kept = assigned.get(place) ?? provider
        assigned.set(place, kept)
        return kept
      }),
    retention: {
      countEnded: (filter) =>
        Effect.sync(() => {
          const ended = [...placements.values()].filter((placement) => isEndedFor(filter, placement))
          const compactable = ended.filter((placement) => isCompactable(filter, placement)).length
          const deletable = ended.filter((placement) => isDeletable(filter, placement)).length
          return { ended: ended.length, compactable, deletable }
        }),
      compactEnded: (step) =>
        Effect.sync(() => {
          const found = [...placements].filter(([, placement]) => isCompactable(step, placement))
          for (const [place, placement] of found) placements.set(place, compactedPlacement(placement))
          return { changed: found.length }
        }),
      deleteEnded: (step) =>
        Effect.sync(() => {
          const found = [...placements].filter(([, placement]) => isDeletable(step, placement))
          for (const [place] of found) placements.delete(place)
          // Another placement may name an order of one that is gone.
          byOrder.clear()
          for (const [place, placement] of placements) index(place, placement)
          return { changed: found.length }
        })
    }
  })
})

/** A journal in memory: it is lost when the process exits. */
export const layerMemoryJournal: Layer.Layer<PlacementJournal> = Layer.effect(PlacementJournal, makeMemoryJournal)
