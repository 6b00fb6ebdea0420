/** How long ago something was, whichever clock is set meanwhile. */
import * as Clock from "effect/Clock"

/** Now, by both clocks, in milliseconds. */
export interface Moment {
  readonly wall: number
  readonly monotonic: bigint
}

export const momentOf = (clock: Clock.Clock): Moment => ({
  wall: clock.currentTimeMillisUnsafe(),
  monotonic: clock.monotonicTimeNanosUnsafe()
})

/** By the clock that says more. */
export const millisSince = (clock: Clock.Clock, { wall, monotonic }: Moment): number =>
  Math.max(Number(clock.monotonicTimeNanosUnsafe() - monotonic) / 1e6, clock.currentTimeMillisUnsafe() - wall)
