/** How far a provider's clock is from ours, as far as its answers have told. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Instant } from "../domain/Instant.ts"
import type { CallProvider, ClockOffset } from "../provider/CallProvider.ts"
import { monotonicMillis } from "../provider/monotonicTime.ts"
import type { Ages } from "./absence.ts"
import type { Placement } from "./PlacementJournal.ts"

/** How far from the truth a clock may be that counts as known. An order may bear a time so much before its reservation. */
export const CLOCK_SKEW = Duration.minutes(5)

const knownOf = ({ offsetMillis, doubtMillis }: ClockOffset): number | undefined =>
  doubtMillis <= Duration.toMillis(CLOCK_SKEW) ? Math.round(offsetMillis) : undefined

/** Milliseconds that the provider's clock is ahead of ours; absent where no answer has told it, or too much is in doubt since. */
export const clockOffsetOf = ({ clock = Effect.succeed(undefined) }: CallProvider): Effect.Effect<number | undefined> =>
  Effect.map(clock, (read) => (read === undefined ? undefined : knownOf(read)))

/**
 * What it was at an earlier moment of this process, by both clocks: where our wall clock has been set since, it differs
 * from what it is now. One that went ahead may as well be right, after a sleep that the monotonic clock did not count: then
 * the truth lies in between.
 */
export const clockOffsetAt = (
  { clock: read = Effect.succeed(undefined) }: CallProvider,
  at: Instant,
  monotonicAt: number
): Effect.Effect<number | undefined> =>
  Effect.map(Effect.all([read, Clock.Clock]), ([now, clock]) => {
    if (now === undefined) return undefined
    const elapsed = monotonicMillis(clock) - monotonicAt
    const step = clock.currentTimeMillisUnsafe() - Date.parse(at) - elapsed
    const doubt = Math.max(0, step / 2)
    return knownOf({
      ...now,
      offsetMillis: now.offsetMillis + step - doubt,
      doubtMillis: now.doubtMillis + doubt
    })
  })

/** Milliseconds since a placement, by the provider's clock at both ends; absent where it was not measured at one of them. */
export const ageOf = (
  { reservedAt, clockOffset }: Placement,
  now: number,
  offset: number | undefined
): number | undefined =>
  clockOffset === undefined || offset === undefined ? undefined : now + offset - (Date.parse(reservedAt) + clockOffset)

/**
 * The same by both clocks, the lesser and the greater: whichever was set meanwhile, one of them says less than the truth
 * at most, and the other no less. Absent where the provider's was not measured at one of the ends.
 */
export const agesOf = (placement: Placement, now: number, clock: ClockOffset | undefined): Ages | undefined => {
  const age = ageOf(placement, now, clock?.offsetMillis)
  if (age === undefined || clock === undefined) return undefined
  const own = now - Date.parse(placement.reservedAt)
  return { least: Math.min(own, age - clock.doubtMillis), most: Math.max(own, age + clock.doubtMillis) }
}

/** An order for an earlier time than this is a mistake, such as a wrong year: it would be dialled at once. */
const LONGEST_PAST = Duration.minutes(5)

/** Whether a time has long passed, by our clock and by the provider's. */
export const isLongPast = (provider: CallProvider, at: Instant): Effect.Effect<boolean> =>
  Effect.map(Effect.all([Clock.currentTimeMillis, clockOffsetOf(provider)]), ([now, offset = 0]) => {
    return Date.parse(at) < Math.min(now, now + offset) - Duration.toMillis(LONGEST_PAST)
  })
