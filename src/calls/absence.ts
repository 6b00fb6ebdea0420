/**
 * When an uncertain order is called absent, so that its reference may be placed again: never, or by lists, where somebody
 * answers for it. That a list does not hold an order proves nothing: this only says which evidence is enough.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ProviderId } from "../domain/Identifiers.ts"
import { type Instant, momentGiven } from "../domain/Instant.ts"
import { present } from "../domain/present.ts"
import { CallError, InvalidRequest } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import { RESERVATION_LIMIT } from "../provider/placingLimits.ts"
import type { JournalError, ListRecord, Placement, PlacementJournal, Settlement } from "./PlacementJournal.ts"
import { isEndSeen, requestMillisOf } from "./placementState.ts"

/** What is enough to call an uncertain order of a provider absent. */
export type AbsencePolicy =
  /** Nothing: a person decides. */
  | { readonly absent: "never" }
  /**
   * Two whole lists that do not hold it, both asked for later than the end of its request by five minutes or three times
   * the slowest delay that was seen, whichever is longer, and apart by two minutes more than that, by clocks that are known,
   * and while the order would still be in the list. Where nobody has seen the end of the request, by eleven minutes more.
   */
  | {
      readonly absent: "listed"
      /**
       * When somebody saw `unicall doctor --list` show that the list tells references, of queued, failed and cancelled
       * orders too, and took it on themselves: ISO 8601 with zone, or a `Date`. A list that turns out to be wrong after
       * that stops the policy until it is confirmed anew.
       */
      readonly confirmedAt: string | Date
    }

/** By provider id. @default never */
export interface AbsencePolicies {
  readonly [provider: string]: AbsencePolicy
}

/** Providers whose orders may be called absent by lists, and since when somebody answers for it. */
export type Confirmed = ReadonlyMap<ProviderId, Instant>

/** How long after the end of a request a list counts at the earliest. */
const LEAST_DELAY = Duration.toMillis(Duration.minutes(5))

/** Of the slowest delay that was seen. */
const TIMES_SLOWEST = 3

/** Between the two lists, beside the time that the first must wait. */
const APART = Duration.toMillis(Duration.minutes(2))

/** For how many days calls are thought to stay in a list where nothing is documented. */
const KEPT_DAYS = 1

/** How long absent orders are still looked for. */
export const WATCH = Duration.days(1)

const invalid = (field: string, expected: string, provider?: ProviderId): CallError =>
  new CallError({ operation: "configure", reason: new InvalidRequest({ field, expected }), ...present({ provider }) })

const confirmedOf = Effect.fnUntraced(function* (
  { adapter }: CallProvider,
  { confirmedAt }: Extract<AbsencePolicy, { readonly absent: "listed" }>,
  journal: PlacementJournal["Service"]
): Effect.fn.Return<Instant, CallError> {
  const { capabilities, providerId, title } = adapter
  const field = `settle.policies.${providerId}`
  const { list, listItems, listTells } = capabilities
  if (list === "no" || listItems === "attempts" || listTells.reference === "no")
    return yield* invalid(field, `never: the list of ${title} does not tell references`, providerId)
  if (journal.absence === undefined)
    return yield* invalid(field, "never: the journal does not keep placements that are absent", providerId)
  const instant = momentGiven(confirmedAt)
  if (instant === undefined || Date.parse(instant) > (yield* Clock.currentTimeMillis))
    return yield* invalid(`${field}.confirmedAt`, "ISO 8601 with a zone, of a time that has passed", providerId)
  return instant
})

/** The policies, if each can be followed; else what is wrong with one. */
export const confirmedPolicies = Effect.fnUntraced(function* (
  policies: AbsencePolicies,
  providers: ReadonlyArray<CallProvider>,
  journal: PlacementJournal["Service"]
): Effect.fn.Return<Confirmed, CallError> {
  const confirmed = new Map<ProviderId, Instant>()
  for (const [id, policy] of Object.entries(policies)) {
    const provider = providers.find(({ adapter }) => adapter.id === id)
    const ids = providers.map(({ adapter }) => adapter.id).join(" or ")
    if (provider === undefined) return yield* invalid("settle.policies", `ids of opened providers: ${ids}`)
    // Options are also written without types.
    const word: unknown = policy?.absent
    if (word === "never") continue
    if (policy?.absent !== "listed") return yield* invalid(`settle.policies.${id}.absent`, "never or listed")
    confirmed.set(provider.adapter.providerId, yield* confirmedOf(provider, policy, journal))
  }
  return confirmed
})

/** Whether orders of a provider may be called absent just now, and how slow its list has been seen to be. */
export interface Absences {
  readonly isConfirmed: boolean
  readonly slowestMillis: number
}

/** Nothing is called absent once a list turned out to be wrong, by any process, since it was confirmed. */
export const absencesAt = (
  { absence }: PlacementJournal["Service"],
  confirmed: Confirmed,
  provider: ProviderId
): Effect.Effect<Absences, JournalError> => {
  const since = confirmed.get(provider)
  if (since === undefined || absence === undefined) return Effect.succeed({ isConfirmed: false, slowestMillis: 0 })
  return Effect.map(absence.listRecord(provider, since), ({ wrong, slowestMillis = 0 }: ListRecord) => ({
    isConfirmed: wrong === 0,
    slowestMillis
  }))
}

/** Milliseconds since the reservation when a list was asked for, by the clock that says least and by the one that says most. */
export interface Ages {
  readonly least: number
  readonly most: number
}

/** Whether an order of that age would still be in the list; if not, that it is not there says nothing. */
export const isStillKept = ({ adapter }: CallProvider, { most }: Ages): boolean =>
  most < Duration.toMillis(Duration.days(adapter.capabilities.listTells.keptDays ?? KEPT_DAYS))

/** What a list that does not hold it makes of a placement. */
export interface Missed {
  /** Whether the list is whole, tells its references, goes back as far as the order, and holds nothing that may be it. */
  readonly isWhole: boolean
  /** Absent where the clocks are in doubt. */
  readonly ages?: Ages
}

/**
 * How long the second list must be after the first. The ages are wrong by as much as the clocks were when it was reserved,
 * such as after a pause that no clock has counted; between two lists that cancels out. So this is enough by itself, even
 * if the request had not ended before the first list because nobody has seen its end.
 */
const apartOf = (placement: Placement, delay: number): number =>
  APART + delay + (isEndSeen(placement) ? 0 : Duration.toMillis(RESERVATION_LIMIT))

/** What is written down of a placement whose order was looked for in vain. */
export const settlementOfMissed = (
  placement: Placement,
  because: string,
  { isWhole, ages }: Missed,
  { isConfirmed, slowestMillis }: Absences
): Extract<Settlement, { readonly state: "uncertain" | "absent" }> => {
  const ofRequest = requestMillisOf(placement)
  if (!isWhole || ages === undefined) {
    const { missedMillis, evidence } = placement
    const kept = evidence === "not_listed" || evidence === "sent_again" ? evidence : "unknown"
    return { state: "uncertain", because, evidence: kept, ofRequest, ...present({ missedMillis }) }
  }
  const delay = Math.max(LEAST_DELAY, TIMES_SLOWEST * slowestMillis)
  const from = ofRequest + delay
  const counts = ages.least >= from
  // The first list may have been too early for what has been seen of delays since.
  const earlier =
    placement.missedMillis !== undefined && placement.missedMillis >= from ? placement.missedMillis : undefined
  if (isConfirmed && earlier !== undefined && ages.least - earlier >= apartOf(placement, delay))
    return { state: "absent", evidence: "not_listed", ofRequest }
  const missedMillis = earlier ?? (counts ? Math.round(ages.most) : undefined)
  return { state: "uncertain", because, evidence: "not_listed", ofRequest, ...present({ missedMillis }) }
}
