/** Looking for placements in a provider's list, by their references. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { AttemptFact, OrderFact } from "../domain/Fact.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import { type Instant, instantAt } from "../domain/Instant.ts"
import { parsePhoneNumber } from "../domain/PhoneNumber.ts"
import { present } from "../domain/present.ts"
import type { CallError } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import { monotonicMillis } from "../provider/monotonicTime.ts"
import { numberDigest } from "./orderDigest.ts"
import { isStillKept, type Missed } from "./absence.ts"
import { attributed, sentReference } from "./attribution.ts"
import { type EarliestOf, earliestTimes } from "./orderTimes.ts"
import type { Search } from "./Placed.ts"
import type { Placement } from "./PlacementJournal.ts"
import { ageOf, agesOf, clockOffsetOf } from "./providerClock.ts"
import { isSameReference, storedForm } from "./references.ts"

/** How old a placement must be before its absence from a list says anything: lists lag behind. */
const LIST_DELAY = Duration.minutes(5)

/** Orders that list items do not tell whole are read one by one, up to so many. */
const MOST_SINGLE_READS = 500

/** A list that has begun with so many attempts is a list of attempts: they do not tell their orders. */
const ENOUGH_ATTEMPTS = 200

/** Lists of one reference each that are walked at a time. */
const MOST_WALKS = 8

export const referenceOf = ({ adapter }: CallProvider, fact: OrderFact): string | undefined =>
  adapter.interpretation.order(fact).reference

/**
 * Whether an order is the one that was placed. Another number says that it is not: an account may be shared, and a
 * reference be another tenant's as well. The number alone says that it is only of an order that tells no reference.
 */
export const isOrderOf = (provider: CallProvider, placement: Placement, fact: OrderFact): boolean => {
  const number = parsePhoneNumber(fact.claims.to ?? "")
  const isSameNumber = typeof number === "string" ? numberDigest(number) === placement.numberDigest : undefined
  const reference = referenceOf(provider, fact)
  if (reference === undefined) return isSameNumber === true
  return isSameNumber !== false && isSameReference(reference, sentReference(placement))
}

const searchesByReference = ({ adapter }: CallProvider): boolean =>
  adapter.capabilities.listFilters.includes("reference")

/** Whether the item tells what the reference would stand in; if not, the order has to be read. One sought by it has one. */
const tellsReference = (provider: CallProvider, listed: OrderFact, sought: string | undefined): boolean => {
  if (sought !== undefined) return referenceOf(provider, listed) !== undefined
  const { referenceIn } = provider.adapter.capabilities
  return referenceIn === "field" || listed.claims[referenceIn] !== undefined
}

/** An order that was listed a moment ago may be gone. */
const readListed = (provider: CallProvider, id: OrderId): Effect.Effect<OrderFact | undefined, CallError> =>
  Effect.catchReason(provider.get(id), "CallError", "NotFound", () => Effect.succeed(undefined))

/** An order that may be somebody's: it tells no reference, or one that is sought, but an earlier time than it could have. */
interface Stray {
  readonly id: OrderId
  /** As it is stored. */
  readonly reference: string | undefined
  /** Sixteen bits of the number called; absent where it is not told. */
  readonly numberDigest: string | undefined
  readonly createdAt: Instant | undefined
}

/** Whether an order may be that of a placement, by its number, its reference and its time. */
export const mayBeOrderOf = (
  provider: CallProvider,
  placement: Placement,
  fact: OrderFact,
  earliest: Instant | undefined
): boolean => {
  const { createdAt } = fact.claims
  return (createdAt === undefined || createdAt >= (earliest ?? "")) && isOrderOf(provider, placement, fact)
}

interface Walked {
  readonly sought: ReadonlyArray<Placement>
  /** Orders by the tokens of their placements. */
  readonly found: ReadonlyMap<string, OrderFact>
  readonly compared: Exclude<Search["compared"], "early">
  readonly orders: number
  readonly strays: ReadonlyArray<Stray>
}

const digestOf = ({ claims }: OrderFact): string | undefined => {
  const number = parsePhoneNumber(claims.to ?? "")
  return typeof number === "string" ? numberDigest(number) : undefined
}

const byReference = (placements: ReadonlyArray<Placement>): ReadonlyMap<string, ReadonlyArray<Placement>> =>
  Map.groupBy(placements, (placement) => storedForm(sentReference(placement)))

/**
 * Walks the list until all are found or it ends; of one reference only its calls, where the provider can tell them. `since`
 * is by the provider's clock, and so is what `earliestOf` tells of a placement.
 */
const walk = Effect.fnUntraced(function* (
  provider: CallProvider,
  sought: ReadonlyArray<Placement>,
  siblings: ReadonlyArray<Placement>,
  since: Instant | undefined,
  earliest: EarliestOf
): Effect.fn.Return<Walked, CallError> {
  const { capabilities } = provider.adapter
  const families = byReference([...sought, ...siblings])
  const wanted = new Map([...families].map(([text, family]) => [text, { family, orders: new Array<OrderFact>() }]))
  let missing = sought.length + siblings.length
  const strays: Array<Stray> = []
  const [first] = sought
  const reference = searchesByReference(provider) && first !== undefined ? sentReference(first) : undefined
  const createdAfter = capabilities.listFilters.includes("created") ? since : undefined
  let orders = 0
  let listsOrders = capabilities.listItems === "orders"
  let attempts = 0
  let singles = 0
  let whole = true
  let offset = yield* clockOffsetOf(provider)
  const isItsOrder = (placement: Placement, fact: OrderFact): boolean =>
    mayBeOrderOf(provider, placement, fact, earliest(placement, offset))
  const take = Effect.fnUntraced(function* (listed: OrderFact | AttemptFact) {
    if (listed.kind === "attempt") {
      attempts += 1
      return
    }
    listsOrders = true
    const unread = !tellsReference(provider, listed, reference)
    const { createdAt } = listed.claims
    if (unread && since !== undefined && createdAt !== undefined && createdAt < since) return
    if (unread && singles++ >= MOST_SINGLE_READS) {
      whole = false
      return
    }
    const fact = unread ? yield* readListed(provider, listed.id) : listed
    orders += 1
    // It is listed, and cannot be read: whose it is, nobody knows.
    if (fact === undefined) return void strays.push(strayOf(listed))
    const told = referenceOf(provider, fact)
    if (told === undefined) return void strays.push(strayOf(fact))
    const seeking = wanted.get(storedForm(told))
    if (seeking === undefined) return
    if (!seeking.family.some((placement) => isItsOrder(placement, fact))) {
      // A clock may be wrong, and a number be written otherwise: a person decides whose it is.
      return void strays.push(strayOf(fact, storedForm(told)))
    }
    seeking.orders.push(fact)
    if (seeking.orders.length <= seeking.family.length) missing -= 1
  })
  yield* provider.list(present({ createdAfter, reference })).pipe(
    // No page is asked for once everything is found, or once it is clear that nothing can be.
    Stream.takeUntilEffect((fact) =>
      Effect.map(take(fact), () => missing === 0 || (attempts >= ENOUGH_ATTEMPTS && orders === 0))
    ),
    Stream.runDrain,
    Effect.catchReason("CallError", "Incomplete", () => Effect.sync(() => void (whole = false)))
  )
  offset = yield* clockOffsetOf(provider)
  // A list of attempts is empty as long as nothing has been dialled: it does not say that there is no order.
  const compared = attempts > 0 ? (orders > 0 ? "part" : "none") : !listsOrders ? "none" : whole ? "whole" : "part"
  const found = [...wanted.values()].flatMap((each) => [...attributed(each.family, each.orders, isItsOrder)])
  return { sought, found: new Map(found), compared, orders, strays }
})

const strayOf = (fact: OrderFact, reference?: string): Stray => ({
  id: fact.id,
  reference,
  numberDigest: digestOf(fact),
  createdAt: fact.claims.createdAt
})

export interface Finding {
  readonly fact: OrderFact | undefined
  readonly search: Search
  /** What the list says of it, where it does not hold it. */
  readonly missed: Missed
  /** Orders that tell no reference, and may be this one. */
  readonly candidates: ReadonlyArray<OrderId>
}

const NOT_SEARCHED: Walked = { sought: [], found: new Map(), compared: "none", orders: 0, strays: [] }

/** Of orders that may be the one, a person is shown so many. */
const MOST_CANDIDATES = 5

/**
 * Looks for all of them in one walk of the list, or for each by its reference. Orders of `siblings`, which are known and
 * bear the same references, are theirs.
 */
export const searchList = Effect.fnUntraced(function* (
  provider: CallProvider,
  placements: ReadonlyArray<Placement>,
  siblings: ReadonlyArray<Placement> = []
): Effect.fn.Return<(placement: Placement) => Finding, CallError> {
  const ours = yield* Clock.Clock
  const begun = monotonicMillis(ours)
  const before = ours.currentTimeMillisUnsafe()
  const offsetBefore = yield* clockOffsetOf(provider)
  const earliest = earliestTimes(provider, [...placements, ...siblings], before, offsetBefore)
  const ofReference = byReference(siblings)
  const siblingsOf = (sought: ReadonlyArray<Placement>) =>
    [...byReference(sought).keys()].flatMap((reference) => ofReference.get(reference) ?? [])
  const bounds = placements.map((placement) => earliest(placement))
  const since = bounds.every((bound) => bound !== undefined) ? bounds.toSorted()[0] : undefined
  const walks =
    provider.adapter.capabilities.list === "no"
      ? []
      : yield* Effect.forEach(
          searchesByReference(provider) ? byReference(placements).values() : [placements],
          (sought) => walk(provider, sought, siblingsOf(sought), since, earliest),
          { concurrency: MOST_WALKS }
        )
  // The list's own answers have told the provider's clock if nothing had before.
  const clock = provider.clock === undefined ? undefined : yield* provider.clock
  // What was measured before knows nothing of a pause of the machine since.
  const isFresh = clock !== undefined && (clock.measuredMillisAgo ?? 0) <= monotonicMillis(ours) - begun
  const walkOf = new Map(walks.flatMap((walked) => walked.sought.map((placement) => [placement, walked] as const)))
  return (placement) => {
    const walked = walkOf.get(placement) ?? NOT_SEARCHED
    const ofOthers = new Set(siblingsOf([placement]).flatMap(({ orderId }) => orderId ?? []))
    const candidates = walked.strays.filter((stray) =>
      stray.reference === undefined
        ? (stray.numberDigest ?? placement.numberDigest) === placement.numberDigest &&
          (stray.createdAt === undefined || stray.createdAt >= (earliest(placement) ?? ""))
        : stray.reference === storedForm(sentReference(placement)) && !ofOthers.has(stray.id)
    )
    const ages = isFresh ? agesOf(placement, before, clock) : undefined
    return {
      fact: walked.found.get(placement.token),
      search: searchOf(walked, placement, before, clock && Math.round(clock.offsetMillis)),
      missed: {
        isWhole:
          walked.compared === "whole" &&
          candidates.length === 0 &&
          // An answer that contradicted itself was the answer to an order that was taken.
          placement.lead === undefined &&
          (ages === undefined || isStillKept(provider, ages)),
        ...present({ ages })
      },
      candidates: candidates.slice(0, MOST_CANDIDATES).map(({ id }) => id)
    }
  }
})

const searchOf = (
  { compared, orders }: Walked,
  placement: Placement,
  now: number,
  offset: number | undefined
): Search => {
  if (compared !== "whole") return { compared, orders }
  const age = ageOf(placement, now, offset)
  if (age === undefined || age < 0) return { compared: "part", orders }
  const delay = Duration.toMillis(LIST_DELAY)
  if (age >= delay) return { compared, orders }
  const askAgainAt = instantAt(now + delay - age)
  return { compared: "early", orders, ...present({ askAgainAt }) }
}
