/** What is answered for a reference that is held: what is known of its order, or why that is not told. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import { type Instant, instantAt } from "../domain/Instant.ts"
import { present } from "../domain/present.ts"
import type { PlaceCall } from "../domain/PlaceCall.ts"
import { CallError, type CallRef, formatCallRef, ReferenceHeld } from "../provider/CallError.ts"
import { RESERVATION_LIMIT } from "../provider/placingLimits.ts"
import { keptAside, sentReference } from "./attribution.ts"
import { isCompacted } from "./compactedPlacement.ts"
import { nowInstant } from "./currentInstant.ts"
import { numberDigest } from "./orderDigest.ts"
import { holderOf, type Owner } from "./ownership.ts"
import type { Absent, Accepted, InFlight, Looked, PlaceOptions, Uncertain } from "./Placed.ts"
import type { JournalError, Placement, PlacementJournal } from "./PlacementJournal.ts"
import { formsOf } from "./references.ts"

export type PlacedOrder = Placement & { readonly orderId: OrderId }

/** Reads an order of any opened provider; none if it cannot be read just now. */
export type ReadPlaced = (placement: PlacedOrder) => Effect.Effect<CallOrder | undefined>

export const hasOrder = (placement: Placement): placement is PlacedOrder => placement.orderId !== undefined

/** Where a process left no result: after a crash nothing but the reservation is known. */
const NO_RESULT = "NoResult"

/** What left a placement open, for those who look at it later: it was sent again, and that has ended. */
export const becauseOf = (placement: Placement): string =>
  isSentAgain(placement) ? NO_RESULT : (placement.because ?? NO_RESULT)

/** Written before an uncertain order is sent again, and stands until its answer is written down. */
export const SENT_AGAIN = "SentAgain"

export const isSentAgain = ({ state, because }: Placement): boolean => state === "uncertain" && because === SENT_AGAIN

/** Whether nobody has sent it but who reserved it, as long as that one has written nothing down himself: others have only looked for it. */
export const isSentOnce = ({ state, because, requestMillis }: Placement): boolean =>
  requestMillis === undefined && (state === "reserved" || because === NO_RESULT)

/** When a request can be under way no longer; none of a placement that has none. */
const heldUntil = (placement: Placement): number => {
  const { state, reservedAt, changedAt } = placement
  const since = state === "reserved" ? reservedAt : isSentAgain(placement) ? changedAt : undefined
  return since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since) + Duration.toMillis(RESERVATION_LIMIT)
}

/** Whether another process may be sending it just now: reserved or sent again not long ago, and nothing heard since. */
export const isPerhapsUnderWay = (placement: Placement, now: Instant): boolean => Date.parse(now) < heldUntil(placement)

/** The placement of a reference as the caller writes it, and as it may be stored. */
export const findPlacement = Effect.fnUntraced(function* (
  journal: PlacementJournal["Service"],
  tenant: string,
  reference: string
): Effect.fn.Return<Placement | undefined, JournalError> {
  for (const form of formsOf(reference)) {
    const found = yield* journal.find({ tenant, reference: form })
    if (Option.isSome(found)) return found.value
  }
  for (const form of formsOf(reference)) {
    const [kept] = yield* keptAside(journal, tenant, form)
    if (kept !== undefined) return kept
  }
  return undefined
})

/** What is known of an order that had been placed before. */
export const acceptedOf = (placement: PlacedOrder, order?: CallOrder): Accepted => ({
  state: "accepted",
  reference: sentReference(placement),
  call: callOf(placement),
  ...present({ order }),
  already: true,
  ...(isCompacted(placement) ? { compacted: true } : {})
})

export const callOf = ({ provider, orderId }: PlacedOrder): CallRef => ({ provider, id: orderId })

export const alreadyAccepted = (placement: PlacedOrder, read: ReadPlaced): Effect.Effect<Accepted> =>
  Effect.map(read(placement), (order) => acceptedOf(placement, order))

export const uncertainFrom = (placement: Placement): Uncertain => ({
  state: "uncertain",
  reference: sentReference(placement),
  provider: placement.provider,
  since: placement.reservedAt,
  because: placement.because ?? NO_RESULT,
  ...present({ evidence: placement.evidence })
})

export const absentFrom = (placement: Placement): Absent => ({
  state: "absent",
  reference: sentReference(placement),
  provider: placement.provider,
  since: placement.reservedAt,
  because: placement.evidence ?? "unknown"
})

/** A placement without an order: in flight as long as its request may be under way, uncertain from then on. */
export const openFrom = (placement: Placement, now: Instant): InFlight | Uncertain | Absent => {
  const { provider, reservedAt } = placement
  if (placement.state === "absent") return absentFrom(placement)
  if (!isPerhapsUnderWay(placement, now)) return uncertainFrom(placement)
  const askAgainAt = instantAt(heldUntil(placement)) ?? now
  return { state: "in_flight", reference: sentReference(placement), provider, since: reservedAt, askAgainAt }
}

/** Fails if what holds a reference is not the caller's to know about. */
export const insistOnOurs = (
  owner: Owner,
  placement: Placement,
  operation: "place" | "reconcile"
): Effect.Effect<void, CallError> => {
  const holder = holderOf(owner, placement)
  if (holder === "us") return Effect.void
  const by = holder === "account" && !owner.opened.has(placement.provider) ? "provider" : holder
  return Effect.fail(new CallError({ operation, reason: new ReferenceHeld({ by }) }))
}

interface Asked {
  readonly owner: Owner
  readonly read: ReadPlaced
  /** The order that was asked for under the reference. */
  readonly order: PlaceCall
  /** Digest of what was asked for. */
  readonly content: string
  readonly onDifference: NonNullable<PlaceOptions["onDifference"]>
}

/** A reference is one order's, and an order has one number: that of a compacted one nobody knows any more. */
export const insistOnSameNumber = Effect.fnUntraced(function* (
  owner: Owner,
  placement: Placement,
  { to }: PlaceCall
): Effect.fn.Return<void, CallError> {
  yield* insistOnOurs(owner, placement, "place")
  if (isCompacted(placement) || placement.numberDigest === numberDigest(to)) return
  const reason = new ReferenceHeld({ by: "number" })
  return yield* new CallError({ provider: placement.provider, operation: "place", reason })
})

/** Nothing is sent: a second call is worse than an order that differs. */
export const answerHeld = Effect.fnUntraced(function* (
  placement: Placement,
  { owner, read, order, content, onDifference }: Asked
): Effect.fn.Return<Looked, CallError> {
  const failing = (reason: ReferenceHeld): CallError =>
    new CallError({ provider: placement.provider, operation: "place", reason })
  yield* insistOnSameNumber(owner, placement, order)
  const known = hasOrder(placement) ? yield* alreadyAccepted(placement, read) : openFrom(placement, yield* nowInstant)
  if (isCompacted(placement) && onDifference === "fail") return yield* failing(heldBy("compacted", known))
  if (placement.content === undefined || placement.content === content) return known
  if (onDifference === "fail") return yield* failing(heldBy("content", known))
  yield* Effect.logWarning(
    "an order was asked for under a reference that is held by an order with other content; nothing was sent"
  )
  return { ...known, differs: true }
})

const heldBy = (by: "content" | "compacted", known: Looked): ReferenceHeld => {
  const { call, order } = known.state === "accepted" ? known : {}
  return new ReferenceHeld({
    by,
    state: known.state,
    ...present({ call: call && formatCallRef(call), last: order && Redacted.make(order) })
  })
}
