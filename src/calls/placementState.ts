/** The laws of `PlacementJournal` as pure functions: how a placement begins and moves on. Every implementation uses them. */
import type { CallOrder } from "../domain/CallOrder.ts"
import type { Instant } from "../domain/Instant.ts"
import { present } from "../domain/present.ts"
import type { Claim, Placement, PlacementState, Reservation, Settlement, Unfinished } from "./PlacementJournal.ts"

/** How far a placement has come in each state. */
export const STEP = { reserved: 0, uncertain: 1, accepted: 2, ended: 3 } as const satisfies Record<
  PlacementState,
  number
>

/** A reservation as a placement. */
export const newPlacement = ({ at, ...reservation }: Reservation): Placement => ({
  ...reservation,
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
  if (placement.orderId !== undefined && "orderId" in settlement && settlement.orderId !== placement.orderId) {
    return placement
  }
  const { claim, ...said } = settlement
  const claimed = claim === undefined ? placement : claimedPlacement(placement, claim)
  const step = STEP[said.state] - STEP[placement.state]
  const isNews = step > 0 || (step === 0 && placement.state !== "ended" && at > placement.changedAt)
  if (!isNews) return claimed
  const { because: _because, lead, ...known } = claimed
  // A lead is followed until the order is known.
  const followed = said.state === "uncertain" ? present({ lead }) : {}
  return { ...known, ...followed, ...said, ...present({ clockOffset: known.clockOffset }), changedAt: at }
}

/** What a record that was read says of its placement. */
export const settlementOf = ({ id, status, terminal }: CallOrder, claim: Claim | undefined): Settlement => ({
  state: terminal === true ? "ended" : "accepted",
  orderId: id,
  status,
  ...present({ claim })
})

/** Only what belongs to nobody yet can be claimed. */
const claimedPlacement = (placement: Placement, claim: Claim): Placement =>
  placement.tenant === undefined ? { ...placement, ...claim } : placement

/** Whether a placement can be given up: nothing says that there is an order. */
export const isReleasable = ({ state }: Placement): boolean => STEP[state] < STEP.accepted

/** Whether a filter asks for a placement of its tenant. */
export const isAskedFor = ({ before, provider, account }: Unfinished, placement: Placement): boolean =>
  placement.state !== "ended" &&
  placement.changedAt <= before &&
  (provider === undefined || placement.provider === provider) &&
  (account === undefined || placement.account === undefined || placement.account === account)

/** How many of a list a limit asks for; none if it is below one or no number. */
export const countOf = (limit: number): number =>
  limit >= 1 ? Math.min(Math.floor(limit), Number.MAX_SAFE_INTEGER) : 0
