/** Writing down that an order was taken, whatever has become of its reservation meanwhile. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { keptAsideAs } from "./attribution.ts"
import type { JournalError, Placement, PlacementJournal, Settlement } from "./PlacementJournal.ts"
import { type Prepared, reservationOf } from "./preparedOrder.ts"
import { holdsOrder, nowAfter, type Settled, settlePlacement } from "./settlePlacement.ts"

type AcceptedOrder = Extract<Settlement, { readonly state: "accepted" }>

/**
 * Somebody may have given the reservation up, by a clock to which it was an old one, or another order of the reference may have been
 * taken for its own: an order that was taken is not forgotten for that. It is reserved again; and where its reference is held by
 * then, it is kept aside, where the next who places the reference finds it. Done again after a failure, it comes to the same.
 */
export const keepAccepted = Effect.fnUntraced(function* (
  journal: PlacementJournal["Service"],
  tenant: string,
  prepared: Prepared,
  placement: Placement,
  settlement: AcceptedOrder
): Effect.fn.Return<Settled, JournalError> {
  const { orderId } = settlement
  const settle = (held: Placement) =>
    Effect.flatMap(nowAfter(held), (at) => settlePlacement(journal, tenant, held, settlement, at))
  const settled = yield* settle(placement)
  if (holdsOrder(settled, orderId)) return settled
  const { reference, reservedAt: at, token, provider } = placement
  const reservation = { ...(yield* reservationOf(tenant, prepared, token)), at }
  if (Option.isNone(settled.settled)) {
    const held = yield* journal.reserve({ ...reservation, reference })
    if (held.token === token) return yield* settle(held)
  }
  // The same at each try, and another one than the placement's: what holds the reference may have that.
  const own = {
    ...reservation,
    token: `${token} ${orderId}`,
    ...(journal.absence === undefined ? {} : { sentAs: reference })
  }
  for (let count = 1; ; count++) {
    const held = yield* journal.reserve({ ...own, reference: keptAsideAs(reference, count) })
    if (held.token !== own.token) continue
    yield* Effect.logError(
      `an order of ${provider} was taken whose reference was given up meanwhile, and is held by another order: somebody may be rung twice`
    )
    return yield* settle(held)
  }
})
