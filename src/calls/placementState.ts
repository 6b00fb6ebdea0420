/** The laws of `PlacementJournal` as pure functions: how a placement begins and moves on. Every implementation uses them. */
import * as Duration from "effect/Duration"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { Instant } from "../domain/Instant.ts"
import { present } from "../domain/present.ts"
import { RESERVATION_LIMIT } from "../provider/placingLimits.ts"
import type {
  Absences,
  Claim,
  Open,
  Placement,
  PlacementState,
  Reservation,
  Settlement,
  Unfinished
} from "./PlacementJournal.ts"

/** How far a placement has come in each state. */
export const STEP = { reserved: 0, uncertain: 1, absent: 2, accepted: 3, ended: 4 } as const satisfies Record<
  PlacementState,
  number
>

/** A reservation as a placement: accepted, if its order is known already. */
export const newPlacement = ({ at, ...reservation }: Reservation): Placement => ({
  ...reservation,
  state: reservation.orderId === undefined ? "reserved" : "accepted",
  reservedAt: at,
  changedAt: at
})

/**
 * A placement after a settlement: the same object if it changes nothing. A step back changes nothing, nor does the state
 * it has, heard of earlier than it was. What lists say counts only of the request whose order was looked for, and they make
 * absent only what one has already missed since it was sent last: who looks may have read it before it was sent again. What
 * is said of another order than the accepted one is not about this one, which would be lost with it.
 */
export const settledPlacement = (placement: Placement, settlement: Settlement, at: Instant): Placement => {
  if (placement.orderId !== undefined && "orderId" in settlement && settlement.orderId !== placement.orderId) {
    return placement
  }
  const { claim, ofRequest: _of, ...said } = { ofRequest: undefined, ...settlement }
  const claimed = claim === undefined ? placement : claimedPlacement(placement, claim)
  const step = STEP[said.state] - STEP[placement.state]
  const isNews = step > 0 || (step === 0 && placement.state !== "ended" && at > placement.changedAt)
  if (!isNews || isSentSince(placement, settlement)) return claimed
  const { because: _because, missedMillis: _missed, lead, evidence, ...known } = claimed
  // A lead is followed until the order is known.
  const followed = present(said.state === "uncertain" ? { lead } : hasOrderIn(placement) ? { evidence } : {})
  const wasWrong = evidence === "not_listed" && placement.state === "absent" && said.state !== "absent"
  const wrongAt = wasWrong ? at : known.wrongAt
  return { ...known, ...followed, ...said, ...present({ clockOffset: known.clockOffset, wrongAt }), changedAt: at }
}

/** By when the last request for a placement had certainly ended, in milliseconds since its reservation. */
export const requestMillisOf = ({ requestMillis }: Pick<Placement, "requestMillis">): number =>
  requestMillis ?? Duration.toMillis(RESERVATION_LIMIT)

/** Whether its only request is known to have ended within the time that a request may take. */
export const isEndSeen = ({ requestMillis }: Pick<Placement, "requestMillis">): boolean =>
  requestMillis !== undefined && requestMillis < Duration.toMillis(RESERVATION_LIMIT)

/** Whether it was sent again, or the end of its request seen, since it was read by whoever says what lists hold of it. */
export const isSentSince = (placement: Placement, settlement: Settlement): boolean => {
  if (settlement.state !== "uncertain" && settlement.state !== "absent") return false
  const isByLists = settlement.state === "absent" && settlement.evidence === "not_listed"
  if (isByLists && placement.missedMillis === undefined) return true
  return settlement.ofRequest !== undefined && settlement.ofRequest !== requestMillisOf(placement)
}

/** What a settlement may change. */
export const SETTLED_FIELDS = [
  "state",
  "changedAt",
  "clockOffset",
  "orderId",
  "lead",
  "because",
  "status",
  "evidence",
  "requestMillis",
  "missedMillis",
  "listDelay",
  "wrongAt"
] as const satisfies ReadonlyArray<keyof Placement>

/** The placement as it is kept when another one takes its place. */
export const setAside = (placement: Placement, aside: string): Placement => ({
  ...placement,
  reference: aside,
  sentAs: placement.reference
})

/** What a record that was read says of its placement. */
export const settlementOf = (
  { id, status, terminal }: CallOrder,
  claim: Claim | undefined
): Extract<Settlement, { readonly state: "accepted" | "ended" }> => ({
  state: terminal === true ? "ended" : "accepted",
  orderId: id,
  status,
  ...present({ claim })
})

const hasOrderIn = ({ state }: Placement): boolean => STEP[state] >= STEP.accepted

/** Only what belongs to nobody yet can be claimed. */
const claimedPlacement = (placement: Placement, claim: Claim): Placement =>
  placement.tenant === undefined ? { ...placement, ...claim } : placement

/** Whether nothing says that there is an order, or that there is none. */
const isOpen = ({ state }: Placement): boolean => STEP[state] < STEP.absent

/** Whether a placement can be given up by somebody who has read it: nothing has been heard of it since, and it was not sent again. */
export const isReleasable = (placement: Placement, changedAt: string): boolean =>
  isOpen(placement) && placement.changedAt === changedAt

/** Whether a filter asks for a placement of its tenant. */
export const isAskedFor = ({ before, provider, account }: Unfinished, placement: Placement): boolean =>
  placement.state !== "ended" &&
  placement.state !== "absent" &&
  placement.changedAt <= before &&
  (provider === undefined || placement.provider === provider) &&
  (account === undefined || placement.account === undefined || placement.account === account)

/** Whether a filter asks for a placement that is reserved or uncertain. */
export const isOpenFor = (filter: Open, placement: Placement): boolean =>
  isOpen(placement) && placement.tenant !== undefined && isAskedFor(filter, placement)

/** Whether a filter asks for a placement that is absent. */
export const isAbsentFor = ({ since, provider, account }: Absences, placement: Placement): boolean =>
  placement.state === "absent" &&
  placement.tenant !== undefined &&
  placement.changedAt >= since &&
  placement.provider === provider &&
  (account === undefined || placement.account === undefined || placement.account === account)

/** How many of a list a limit asks for; none if it is below one or no number. */
export const countOf = (limit: number): number =>
  limit >= 1 ? Math.min(Math.floor(limit), Number.MAX_SAFE_INTEGER) : 0
