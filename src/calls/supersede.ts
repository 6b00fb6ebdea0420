/** Placing over what is absent: whether that may be, and in its place. */
import * as Effect from "effect/Effect"
import { asideOf, familyOf } from "./attribution.ts"
import { otherCalls } from "./family.ts"
import {
  absentFrom,
  alreadyAccepted,
  hasOrder,
  insistOnSameNumber,
  type PlacedOrder,
  type ReadPlaced
} from "./heldReference.ts"
import type { Owner } from "./ownership.ts"
import type { Absent } from "./Placed.ts"
import type { Placement, PlacementJournal } from "./PlacementJournal.ts"
import { expired, failing, faultOfNew, type Prepared, reservationOf } from "./preparedOrder.ts"
import { doubtedIn } from "./settlePlacement.ts"

export interface SupersedingContext {
  readonly journal: PlacementJournal["Service"]
  readonly owner: Owner
  readonly read: ReadPlaced
}

export const makeSuperseding = ({ journal, owner, read }: SupersedingContext) => {
  const { tenant } = owner

  /** What holds a reference whose order is absent: this order, if it may take its place. */
  const supersede = Effect.fnUntraced(function* (absent: Placement, prepared: Prepared, token: string) {
    const { order, provider } = prepared
    yield* insistOnSameNumber(owner, absent, order)
    const family = yield* familyOf(journal, tenant, absent)
    // One that was called absent before this one has been found since.
    const [known] = family.filter(hasOrder)
    if (known !== undefined) return { answer: yield* answered(known, family) }
    if (journal.absence === undefined || (yield* doubtedIn(journal, family)).length > 0)
      return { answer: { ...absentFrom(absent), doubted: true } satisfies Absent }
    const fault = yield* faultOfNew(prepared)
    if (fault !== undefined) return yield* failing(provider, fault)
    const late = yield* expired(prepared)
    if (late !== undefined) return { answer: late }
    const reservation = { ...(yield* reservationOf(tenant, prepared, token)), supersedes: absent.token }
    return { placement: yield* journal.absence.supersede(reservation, asideOf(absent.reference, absent.token)) }
  })

  const answered = Effect.fnUntraced(function* (placement: PlacedOrder, family: ReadonlyArray<Placement>) {
    const also = otherCalls(placement, family)
    return { ...(yield* alreadyAccepted(placement, read)), ...(also.length === 0 ? {} : { also }) }
  })

  return supersede
}
