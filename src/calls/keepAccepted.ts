/** Writing down that an order was taken, whatever has become of its reservation meanwhile. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { asideOf } from "./attribution.ts"
import { NewToken } from "./NewToken.ts"
import type { JournalError, Placement, PlacementJournal, Settlement } from "./PlacementJournal.ts"
import { type Prepared, reservationOf } from "./preparedOrder.ts"
import { type Settled, settlePlacement } from "./settlePlacement.ts"
import { nowInstant } from "./currentInstant.ts"

type AcceptedOrder = Extract<Settlement, { readonly state: "accepted" }>

const isHeld = ({ settled }: Settled, { orderId }: AcceptedOrder): boolean =>
  Option.exists(settled, (placement) => placement.orderId === orderId)

/**
 * Somebody may have given the reservation up, by a clock to which it was an old one, or another order of the reference may have been
 * taken for its own: an order that was taken is not forgotten for that. It is reserved again; and where its reference is held by
 * then, it is kept aside, with no reference that anybody can place.
 */
export const keepAccepted = Effect.fnUntraced(function* (
  journal: PlacementJournal["Service"],
  tenant: string,
  prepared: Prepared,
  placement: Placement,
  settlement: AcceptedOrder
): Effect.fn.Return<Settled, JournalError> {
  const settled = yield* settlePlacement(journal, tenant, placement, settlement, yield* nowInstant)
  if (isHeld(settled, settlement)) return settled
  const reserve = Effect.fnUntraced(function* (reference: string, token: string) {
    const reservation = { ...(yield* reservationOf(tenant, prepared, token)), at: placement.reservedAt, reference }
    const held = yield* journal.reserve(reservation)
    return held.token === token
      ? yield* settlePlacement(journal, tenant, held, settlement, yield* nowInstant)
      : { settled: Option.none(), wasWrong: false }
  })
  const { reference, token } = placement
  const again = Option.isNone(settled.settled) ? yield* reserve(reference, token) : settled
  if (isHeld(again, settlement)) return again
  const own = (yield* NewToken)()
  yield* Effect.logError(
    `an order of ${placement.provider} was taken whose reference was given up meanwhile, and is held by another order: somebody may be rung twice`
  )
  return yield* reserve(asideOf(reference, own), own)
})
