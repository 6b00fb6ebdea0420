/** Writing down that an order was taken, whatever has become of its reservation meanwhile. */
import * as Effect from "effect/Effect"
import { keptAsideAs, sentReference } from "./attribution.ts"
import { JournalError, type Placement, type PlacementJournal, type Settlement } from "./PlacementJournal.ts"
import { holdsOrder, nowAfter, type Settled, settlePlacement } from "./settlePlacement.ts"

type AcceptedOrder = Extract<Settlement, { readonly state: "accepted" }>

/** Orders of one reference that may be kept aside. More than a few mean that the journal does not keep what it says. */
const MOST_KEPT = 100

/**
 * Somebody may have given the reservation up, by a clock to which it was an old one, or another order of the reference may have been
 * taken for its own: an order that was taken is not forgotten for that. It is kept aside, where whoever looks for the reference or
 * places it finds it. Done again with the same `token`, it comes to the same; no other placement has that.
 */
export const keepAccepted = Effect.fnUntraced(function* (
  journal: PlacementJournal["Service"],
  tenant: string,
  placement: Placement,
  settlement: AcceptedOrder,
  token: string
): Effect.fn.Return<Settled, JournalError> {
  const { orderId } = settlement
  const settle = (held: Placement) =>
    Effect.flatMap(nowAfter(held, settlement), (at) => settlePlacement(journal, tenant, held, settlement, at))
  const settled = yield* settle(placement)
  if (holdsOrder(settled, orderId)) return settled
  const { state: _state, changedAt: _changed, reservedAt: at, supersedes: _before, ...reserved } = placement
  const sentAs = sentReference(placement)
  const own = { ...reserved, tenant, token, at, orderId, ...(journal.absence === undefined ? {} : { sentAs }) }
  for (let count = 1; count <= MOST_KEPT; count++) {
    const held = yield* journal.reserve({ ...own, reference: keptAsideAs(sentAs, count) })
    if (held.token !== token) continue
    const kept = yield* settle(held)
    if (!holdsOrder(kept, orderId)) break
    yield* Effect.logError(
      `an order of ${placement.provider} was taken whose reference had been given up meanwhile: if that was placed again, somebody is rung twice`
    )
    return kept
  }
  return yield* new JournalError({ operation: "settle", problem: "an order that was taken is not kept" })
})
