/** Giving a placement up as it was read: what has been heard of it since may keep it, for it may have been sent again. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { JournalError, Placement, PlacementJournal } from "./PlacementJournal.ts"

/** Whether its reference is free by that. `mayGo` is asked of a placement of which something has been heard meanwhile. */
export const giveUp = Effect.fnUntraced(function* (
  journal: PlacementJournal["Service"],
  tenant: string,
  placement: Placement,
  mayGo: (placement: Placement) => Effect.Effect<boolean>
): Effect.fn.Return<boolean, JournalError> {
  const key = { tenant, reference: placement.reference }
  let read = placement
  for (;;) {
    if (yield* journal.release(key, read.token, read.changedAt)) return true
    const now = Option.getOrUndefined(yield* journal.find(key))
    if (now?.token !== read.token || now.changedAt === read.changedAt || !(yield* mayGo(now))) return false
    read = now
  }
})
