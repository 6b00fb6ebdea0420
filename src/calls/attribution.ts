/**
 * Which of the orders that bear one reference is that of which of its placements. Where one was called absent and the
 * reference placed again, there may be two of each.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { OrderFact } from "../domain/Fact.ts"
import { compareText } from "../domain/textOrder.ts"
import type { JournalError, Placement, PlacementJournal } from "./PlacementJournal.ts"

/** No caller can give a reference that holds it. */
export const ASIDE = "\u0001"

/** Where a placement is kept whose reference another one holds. */
export const asideOf = (reference: string, token: string): string => `${reference}${ASIDE}${token}`

/** The reference that the provider was given; a placement that was set aside is kept under another. */
export const sentReference = ({ reference, sentAs }: Placement): string =>
  sentAs ?? reference.split(ASIDE, 1)[0] ?? reference

/** Where an order is kept that was taken after its reference had been given up. */
export const keptAsideAs = (reference: string, count: number): string => asideOf(reference, `kept-${count}`)

/** What is kept so: as long as it is there, the reference is not free. It is never given up or deleted, so there is no gap. */
export const keptAside = Effect.fnUntraced(function* (
  { find }: PlacementJournal["Service"],
  tenant: string,
  reference: string
): Effect.fn.Return<ReadonlyArray<Placement>, JournalError> {
  const kept: Array<Placement> = []
  while (true) {
    const next = yield* find({ tenant, reference: keptAsideAs(reference, kept.length + 1) })
    if (Option.isNone(next)) return kept
    kept.push(next.value)
  }
})

/** All placements of the reference of one: what holds it, what was set aside before, the latest first, and what is kept aside. */
export const familyOf = Effect.fnUntraced(function* (
  journal: PlacementJournal["Service"],
  tenant: string,
  placement: Placement
): Effect.fn.Return<ReadonlyArray<Placement>, JournalError> {
  const reference = sentReference(placement)
  const isAside = reference !== placement.reference
  const kept = yield* keptAside(journal, tenant, reference)
  if (!isAside && placement.supersedes === undefined) return [placement, ...kept]
  const find = (reference: string) => Effect.map(journal.find({ tenant, reference }), Option.getOrUndefined)
  const family: Array<Placement> = []
  let member = isAside ? yield* find(reference) : placement
  while (member !== undefined) {
    family.push(member)
    const { supersedes }: Placement = member
    member = supersedes === undefined ? undefined : yield* find(asideOf(reference, supersedes))
  }
  family.push(...kept)
  return family.some(({ token }) => token === placement.token) ? family : [...family, placement]
})

/**
 * In how many places one has stepped after another, as far as they are known: no clock tells that, since each may have been
 * set.
 */
const generationOf = (placement: Placement, family: ReadonlyArray<Placement>): number => {
  const before = family.find(({ token }) => token === placement.supersedes)
  if (before !== undefined) return 1 + generationOf(before, family)
  return placement.supersedes === undefined ? 0 : 1
}

/**
 * The orders of placements, by their tokens. The newest order is that of the latest placement that may have it: a placement
 * has one order, and none that was made before it was reserved.
 */
export const attributed = (
  family: ReadonlyArray<Placement>,
  orders: ReadonlyArray<OrderFact>,
  isOrderOf: (placement: Placement, order: OrderFact) => boolean,
  /** With those at other providers, where they are known. */
  all: ReadonlyArray<Placement> = family
): ReadonlyMap<string, OrderFact> => {
  const known = new Set(family.flatMap(({ orderId }) => orderId ?? []))
  const open = family
    .filter(({ orderId }) => orderId === undefined)
    .toSorted((a, b) => generationOf(b, all) - generationOf(a, all) || compareText(b.reservedAt, a.reservedAt))
  const newestFirst = orders
    .filter(({ id }) => !known.has(id))
    .toSorted((a, b) => compareText(b.claims.createdAt ?? "~", a.claims.createdAt ?? "~"))
  const found = new Map<string, OrderFact>()
  for (const order of newestFirst) {
    const placement = open.find((each) => !found.has(each.token) && isOrderOf(each, order))
    if (placement !== undefined) found.set(placement.token, order)
  }
  return found
}
