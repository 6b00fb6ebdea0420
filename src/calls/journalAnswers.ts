/**
 * What the functions of a custom journal answer and throw, read. Nothing is believed: an answer that cannot be one is a fault,
 * and what is thrown is told without its words.
 */
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { ProviderId } from "../domain/Identifiers.ts"
import { isJsonObject } from "../domain/Json.ts"
import { misfitOf } from "../domain/misfit.ts"
import { isCompacted } from "./compactedPlacement.ts"
import {
  type CallKey,
  type ListRecord,
  Placement,
  type PlacementKey,
  type Reservation,
  type Settlement
} from "./PlacementJournal.ts"
import { isSentSince, STEP } from "./placementState.ts"
import type { EndedCount, EndedProgress, EndedStep } from "./RetentionJournal.ts"

/** Its message may be told: it holds no value. What else a function throws is known by its code alone. */
export class JournalFault extends Error {}

/** An answer that cannot be one. */
class WrongAnswer extends JournalFault {}

const decode = Schema.decodeUnknownResult(Placement)

/** A row as a placement; a column that is null is absent. */
export const placementOf = (row: unknown): Placement => {
  if (!isJsonObject(row)) throw new WrongAnswer("gave no placement")
  const given = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined))
  return Result.getOrThrowWith(
    decode(given),
    (error) => new WrongAnswer(`gave a placement whose ${misfitOf(error).path[0]} cannot be read`)
  )
}

const insist = (isRight: boolean, fault: string): void => {
  if (!isRight) throw new WrongAnswer(fault)
}

/** What was written before there were tenants has none. */
const isOf = (tenant: string, placement: Placement): boolean =>
  placement.tenant === undefined || placement.tenant === tenant

export const placementFor =
  ({ tenant, reference }: PlacementKey) =>
  (row: unknown): Placement => {
    const placement = placementOf(row)
    insist(placement.reference === reference && isOf(tenant, placement), "gave the placement of another key")
    return placement
  }

export const orNone =
  (read: (row: unknown) => Placement) =>
  (row: unknown): Option.Option<Placement> =>
    Option.map(Option.fromNullishOr(row), read)

export const reserved =
  (reservation: Reservation) =>
  (row: unknown): Placement => {
    const placement = placementFor(reservation)(row)
    const isRight = placement.numberDigest === reservation.numberDigest || isCompacted(placement)
    insist(placement.token !== reservation.token || isRight, "gave another reservation with this token")
    return placement
  }

export const settled =
  (key: PlacementKey, token: string, settlement: Settlement) =>
  (row: unknown): Placement => {
    const placement = placementFor(key)(row)
    const { state, orderId } = placement
    insist(placement.token === token, "gave the placement of another token")
    const isOfAnother = orderId !== undefined && "orderId" in settlement && orderId !== settlement.orderId
    const stays = isOfAnother || isSentSince(placement, settlement)
    insist(stays || STEP[state] >= STEP[settlement.state], "gave a placement that has not moved on")
    return placement
  }

export const calledBy =
  ({ tenant, provider, orderId }: CallKey) =>
  (row: unknown): Placement => {
    const placement = placementOf(row)
    const isThis = placement.provider === provider && placement.orderId === orderId && isOf(tenant, placement)
    insist(isThis, "gave the placement of another call")
    return placement
  }

/** The provider of an assignment. */
export const providerGiven = (answer: unknown): ProviderId => {
  if (!isProviderId(answer)) throw new WrongAnswer("gave no provider")
  return answer
}

const isProviderId = Schema.is(ProviderId)

export const answered = (answer: unknown): boolean => {
  if (typeof answer !== "boolean") throw new WrongAnswer("gave neither true nor false")
  return answer
}

export const listed =
  <Filter extends { readonly tenant: string; readonly limit: number }>(
    filter: Filter,
    isAsked: (filter: Filter, placement: Placement) => boolean,
    isBefore: (a: string, b: string) => boolean = (a, b) => a <= b
  ) =>
  (rows: unknown): ReadonlyArray<Placement> => {
    if (!Array.isArray(rows)) throw new WrongAnswer("gave no list")
    const placements = rows.map(placementOf)
    insist(placements.length <= filter.limit, "gave more placements than were asked for")
    const isRight = (each: Placement) => (each.tenant ?? "") === filter.tenant && isAsked(filter, each)
    insist(placements.every(isRight), "gave a placement that was not asked for")
    const isSorted = placements.every(
      ({ changedAt }, at) => at === 0 || isBefore(placements[at - 1]?.changedAt ?? "", changedAt)
    )
    insist(isSorted, "gave placements in another order")
    return placements
  }

const isCount = (value: unknown): value is number => typeof value === "number" && Number.isInteger(value) && value >= 0

export const recorded = (row: unknown): ListRecord => {
  if (!isJsonObject(row) || !isCount(row["wrong"])) throw new WrongAnswer("gave no count of wrong placements")
  const slowestMillis = row["slowestMillis"] ?? undefined
  if (slowestMillis === undefined) return { wrong: row["wrong"] }
  if (!isCount(slowestMillis)) throw new WrongAnswer("gave a delay that is no whole number")
  return { wrong: row["wrong"], slowestMillis }
}

export const counted = (row: unknown): EndedCount => {
  const { ended, compactable, deletable }: { readonly [name: string]: unknown } = isJsonObject(row) ? row : {}
  if (!isCount(ended) || !isCount(compactable) || !isCount(deletable)) throw new WrongAnswer("gave no counts")
  insist(compactable <= ended && deletable <= ended, "counted more than there are")
  return { ended, compactable, deletable }
}

/** Where it would go on from where it was, it is refused: it would go on for ever. */
export const progressed =
  ({ after }: EndedStep) =>
  (row: unknown): EndedProgress => {
    const { changed, next }: { readonly [name: string]: unknown } = isJsonObject(row) ? row : {}
    if (!isCount(changed)) throw new WrongAnswer("gave no count of what was changed")
    if (next === undefined || next === null) return { changed }
    const { tenant, reference }: { readonly [name: string]: unknown } = isJsonObject(next) ? next : {}
    if (typeof tenant !== "string" || typeof reference !== "string") throw new WrongAnswer("gave no key to go on from")
    insist(after?.tenant !== tenant || after.reference !== reference, "goes on where it was")
    return { changed, next: { tenant, reference } }
  }

/** Codes that systems have for faults: `ECONNREFUSED`, `SQLITE_FULL`, `23505`. Anything else may be a value. */
const CODE = /^(?:[A-Z][A-Z0-9_]{2,39}|[0-9A-Z]{5})$/
const NAME = /^[A-Z][A-Za-z]{2,39}$/

const textIn = (cause: object, name: string, pattern: RegExp): string | undefined => {
  const text: unknown = Reflect.get(cause, name)
  return typeof text === "string" && pattern.test(text) ? text : undefined
}

/** What can be said of what a function threw: never its message, which may quote what was stored. */
export const problemOf = (cause: unknown): string => {
  try {
    if (cause instanceof JournalFault) return cause.message
    if (cause instanceof Error) return textIn(cause, "code", CODE) ?? textIn(cause, "name", NAME) ?? "Error"
  } catch {
    // An error that cannot even be looked at.
  }
  return "it threw what is no Error"
}
