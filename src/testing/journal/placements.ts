/** Placements in a journal, for its laws: brought to a state, settled, found. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { PlacementState, type Settlement } from "../../calls/PlacementJournal.ts"
import { OrderId, ProviderId } from "../../domain/Identifiers.ts"
import type { Journal } from "./model.ts"
import { absent, accepted, callOf, ended, instant, keyOf, missed, reservation, uncertain } from "./samples.ts"

export const ONE = ProviderId.make("one")
export const TWO = ProviderId.make("two")
export const A = keyOf("a")

export const SETTLEMENTS: { readonly [state in Settlement["state"]]: Settlement } = {
  uncertain: uncertain(),
  absent: absent("given_up"),
  accepted: accepted(),
  ended: ended()
}

/** Those that every journal knows. */
export const STATES = PlacementState.literals.filter((state) => state !== "absent")

/** A placement brought to a state; what is absent is so by lists. */
export const placedAs = Effect.fnUntraced(function* (journal: Journal, state: PlacementState) {
  const placement = yield* journal.reserve(reservation("a", { at: instant(1) }))
  if (state === "reserved") return placement
  if (state === "absent") yield* settle(journal, missed(), 1)
  const settlement = state === "absent" ? absent() : SETTLEMENTS[state]
  return (yield* settle(journal, settlement, 2)) ?? placement
})

export const find = (journal: Journal, key = A) => Effect.map(journal.find(key), Option.getOrNull)

export const settle = (journal: Journal, settlement: Settlement, second: number, { key = A, token = "token-1" } = {}) =>
  Effect.map(journal.settle(key, token, settlement, instant(second)), Option.getOrNull)

export const findCall = (journal: Journal, order: string, { provider = ONE, tenant = "" } = {}) =>
  Effect.map(journal.findCall(callOf(provider, OrderId.make(order), tenant)), Option.getOrNull)

/** One of each state, of two providers in turn; changed at 0, 9, 8 and 7. */
export const filled = Effect.fnUntraced(function* (journal: Journal) {
  for (const [index, state] of STATES.entries()) {
    const provider = index % 2 === 0 ? ONE : TWO
    yield* journal.reserve(reservation(state, { at: instant(index), provider, account: `account-${index % 2}` }))
    if (state !== "reserved") yield* settle(journal, SETTLEMENTS[state], 10 - index, { key: keyOf(state) })
  }
})
