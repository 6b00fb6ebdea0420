/** A journal of one's own, for programs that are not written in Effect, and the rules that it keeps to. */
import * as Schema from "effect/Schema"
import { layerCustomJournal } from "../calls/CustomJournal.ts"
import { placementOf } from "../calls/journalAnswers.ts"
import * as Compacted from "../calls/compactedPlacement.ts"
import type {
  CustomJournalOptions,
  JournalEnded,
  JournalFunctions,
  JournalPlacement,
  JournalReservation,
  JournalRow,
  JournalSettlement
} from "../calls/JournalFunctions.ts"
import { JournalHandle } from "../calls/JournalHandle.ts"
import { Settlement } from "../calls/PlacementJournal.ts"
import * as State from "../calls/placementState.ts"
import { OrderId, ProviderId } from "../domain/Identifiers.ts"
import { Instant } from "../domain/Instant.ts"

/**
 * A journal in a store of your own: a table of your database, say. `journalContract` of `unicall/testing` has the laws that
 * its functions must obey, for any test runner. What a function throws rejects the operation with a `JournalFailure`,
 * without its words; so does an answer that cannot be one, and no answer in time.
 *
 * @throws TypeError if a function is missing, or an option is not as it must be
 */
export const customJournal = (functions: JournalFunctions, options: CustomJournalOptions = {}): JournalHandle =>
  new JournalHandle("custom", layerCustomJournal(functions, options))

const readSettlement = Schema.decodeUnknownSync(Settlement)
const readInstant = Schema.decodeUnknownSync(Instant)
const readOrderId = Schema.decodeUnknownSync(OrderId)
const readProvider = Schema.decodeUnknownSync(ProviderId)

/** The placement that `reserve` stores for a reservation. */
export const newPlacement = ({ provider, at, orderId, ...reservation }: JournalReservation): JournalPlacement =>
  State.newPlacement({
    ...reservation,
    provider: readProvider(provider),
    at: readInstant(at),
    ...(orderId === undefined ? {} : { orderId: readOrderId(orderId) })
  })

/** The placement that `settle` stores: the one that was there, moved on, or as it was if there is nothing new. */
export const settledPlacement = (placement: JournalRow, settlement: JournalSettlement, at: string): JournalPlacement =>
  State.settledPlacement(placementOf(placement), readSettlement(settlement), readInstant(at))

/** The placement as `supersede` keeps it under the reference `aside`, when another one takes its place. */
export const setAside = (placement: JournalRow, aside: string): JournalPlacement =>
  State.setAside(placementOf(placement), aside)

/**
 * Whether `release` may remove a placement: nothing says that there is an order, or that there is none, and nothing has been heard of it
 * since `changedAt`.
 */
export const isReleasable = (placement: JournalRow, changedAt: string): boolean =>
  State.isReleasable(placementOf(placement), changedAt)

const endedOf = ({ endedBefore, ...filter }: JournalEnded) => ({ ...filter, endedBefore: readInstant(endedBefore) })

/** Whether `compactEnded` stores a placement as `compactedPlacement`: over for long enough, and the only one of its reference. */
export const isCompactable = (filter: JournalEnded, placement: JournalRow): boolean =>
  Compacted.isCompactable(endedOf(filter), placementOf(placement))

/** The placement as `compactEnded` stores it: what keeps its reference taken. */
export const compactedPlacement = (placement: JournalRow): JournalPlacement =>
  Compacted.compactedPlacement(placementOf(placement))

/** Whether `deleteEnded` removes a placement: the same, unless it has shown something of its provider's lists. */
export const isDeletable = (filter: JournalEnded, placement: JournalRow): boolean =>
  Compacted.isDeletable(endedOf(filter), placementOf(placement))
