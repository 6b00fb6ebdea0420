/** Time that goes forward whatever is done to the wall clock: for intervals and deadlines. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** Nanoseconds of more than a hundred days are too many for a number. */
const NANOS_PER_MICRO = 1000n

/** Milliseconds since an arbitrary moment. Whether they pass while the machine sleeps depends on the system. */
export const monotonicMillis = (clock: Clock.Clock): number =>
  Number(clock.monotonicTimeNanosUnsafe() / NANOS_PER_MICRO) / 1000

/** Now, by both clocks, in milliseconds. */
export interface Moment {
  readonly wall: number
  readonly monotonic: number
}

export const momentOf = (clock: Clock.Clock): Moment => ({
  wall: clock.currentTimeMillisUnsafe(),
  monotonic: monotonicMillis(clock)
})

/** Between two moments, by the clock that says more: whichever is set or stands still meanwhile. */
export const millisBetween = (from: Moment, to: Moment): number =>
  Math.max(to.monotonic - from.monotonic, to.wall - from.wall)

/** Runs it with the monotonic clock in place of the wall clock. */
export const onMonotonicTime = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.clockWith((clock) => {
    const millis = () => Math.floor(monotonicMillis(clock))
    const nanos = () => clock.monotonicTimeNanosUnsafe()
    return Effect.provideService(effect, Clock.Clock, {
      currentTimeMillisUnsafe: millis,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos),
      monotonicTimeNanosUnsafe: nanos,
      monotonicTimeNanos: clock.monotonicTimeNanos,
      sleep: (duration) => clock.sleep(duration)
    })
  })
