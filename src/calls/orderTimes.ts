/** When, by the provider's clock, the order of a placement may have been made. */
import * as Duration from "effect/Duration"
import { type Instant, instantAt } from "../domain/Instant.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import type { Placement } from "./PlacementJournal.ts"
import { requestMillisOf } from "./placementState.ts"
import { CLOCK_SKEW } from "./providerClock.ts"
import { isIdempotency } from "./repeat.ts"

/** How much earlier than its reservation an order may be where the clocks were not compared when it was placed. */
const UNKNOWN_SKEW = Duration.days(1)

/** The latest time, by the provider's clock, that the order of a placement may bear; absent where its clock was not known. */
const latestOf = (placement: Placement): number | undefined =>
  placement.clockOffset === undefined
    ? undefined
    : Date.parse(placement.reservedAt) +
      placement.clockOffset +
      requestMillisOf(placement) +
      Duration.toMillis(CLOCK_SKEW)

/** What an order's age is judged by. */
interface Times {
  /** By our clock. */
  readonly now: number
  /** How far the provider's is ahead of it, as it is known by now. */
  readonly offset: number | undefined
  /** For how long the provider knows an order again, in milliseconds. */
  readonly knownAgain: number
  /** Whose place it has taken, at the same provider and by lists. */
  readonly before: Placement | undefined
}

/** The earliest time, by the provider's clock, that the order of a placement may bear; absent: it may bear any. */
const earliestOf = (
  { reservedAt, clockOffset, supersedes }: Placement,
  { now, offset, knownAgain, before }: Times
): number | undefined => {
  // A provider that knows an order again may have answered with one that was given up before.
  const reserved = Date.parse(reservedAt)
  const at = supersedes === undefined ? reserved - knownAgain : reserved
  if (clockOffset !== undefined) return at + clockOffset - Duration.toMillis(CLOCK_SKEW)
  // One that takes another's place is at least seven minutes younger: their orders must not be taken for each other's. By the clock
  // of the other that is known; who looks now may have another clock than who reserved.
  const latest = before && latestOf(before)
  if (latest !== undefined) return latest
  if (supersedes !== undefined && offset !== undefined) return at + offset - Duration.toMillis(CLOCK_SKEW)
  // Our clock has been set back since: nothing is known of how wrong it was.
  return reserved > now ? undefined : at + Math.min(0, offset ?? 0) - Duration.toMillis(UNKNOWN_SKEW)
}

/** The earliest time that the order of a placement may bear, by the provider's clock as it is known by then. */
export type EarliestOf = (placement: Placement, offset?: number | undefined) => Instant | undefined

/** How early, by the provider's clock, an order of each placement may have been made; `known` are those of their families. */
export const earliestTimes =
  ({ adapter }: CallProvider, known: ReadonlyArray<Placement>, now: number, measured: number | undefined): EarliestOf =>
  (placement, offset = measured) => {
    const { idempotency } = adapter.capabilities
    const knownAgain = isIdempotency(idempotency) ? idempotency.windowSeconds * 1000 : 0
    // A person may have given the other up at once: then their times say nothing.
    const before = known.find(
      ({ token, provider, evidence }) =>
        token === placement.supersedes && provider === placement.provider && evidence === "not_listed"
    )
    const bound = earliestOf(placement, { now, offset, knownAgain, before })
    return bound === undefined ? undefined : instantAt(bound)
  }
