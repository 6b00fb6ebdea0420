/** Turns of requests to one provider: so many in a window, so many at a time. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import * as RateLimiter from "effect/persistence/RateLimiter"
import type { ProviderId } from "../../domain/Identifiers.ts"
import { RateLimited, TimedOut } from "../CallError.ts"
import { monotonicMillis, onMonotonicTime } from "../monotonicTime.ts"
import { millisLeft, tooLate } from "../notAfter.ts"
import { LONGEST_TURN } from "../placingLimits.ts"
import type { ClientOptions } from "./ClientOptions.ts"
import type { FailedTry } from "./retry.ts"

export const makeTurns = Effect.fnUntraced(function* (
  provider: ProviderId,
  { maxConcurrency, rateLimit }: Pick<ClientOptions, "maxConcurrency" | "rateLimit">
) {
  const permits = maxConcurrency === undefined ? undefined : yield* Semaphore.make(maxConcurrency)
  const pace = rateLimit === undefined ? undefined : yield* makePace(provider, rateLimit)

  const wait = <A>(work: Effect.Effect<A, FailedTry>): Effect.Effect<A, FailedTry> => {
    const paced = pace === undefined ? work : Effect.andThen(pace, work)
    return permits === undefined ? paced : permits.withPermits(1)(paced)
  }

  /**
   * For placing: what has not got its turn and been made ready in time fails, and nothing has left. What has begun is not
   * given up.
   */
  const waitSoon = <A, B>(ready: Effect.Effect<A, FailedTry>, begin: (ready: A) => Effect.Effect<B, FailedTry>) =>
    Effect.flatMap(Effect.all([Clock.Clock, millisLeft]), ([clock, left]) => {
      const elapsed = stopwatch(clock)
      const longest = Math.min(Duration.toMillis(LONGEST_TURN), Math.max(0, left + 1))
      let state: "waits" | "begun" | "late" = "waits"
      const beginInTime: typeof begin = (made) =>
        Effect.suspend(() => {
          // A machine that slept wakes to timers in their order, the turn's before that of the limit.
          if (state === "late" || elapsed() > Duration.toMillis(LONGEST_TURN)) return Effect.never
          return Effect.flatMap(millisLeft, (leftNow) => {
            if (state === "late") return Effect.never
            if (leftNow < 0) return Effect.fail(unsent(tooLate()))
            state = "begun"
            return begin(made)
          })
        })
      const late = Effect.suspend(() => {
        if (state === "begun") return Effect.never
        state = "late"
        return Effect.flatMap(millisLeft, (leftNow) => {
          if (leftNow < 0) return Effect.fail(unsent(tooLate()))
          return Effect.fail(pace === undefined && permits === undefined ? notReady() : noTurn())
        })
      })
      return Effect.raceFirst(wait(Effect.flatMap(ready, beginInTime)), Effect.andThen(Effect.sleep(longest), late))
    })

  return { wait, waitSoon }
})

const unsent = (reason: FailedTry["reason"]): FailedTry => ({ reason, again: undefined, unsent: true })

const noTurn = (): FailedTry => unsent(new RateLimited({}))

const notReady = (): FailedTry => unsent(new TimedOut({ afterSeconds: Duration.toSeconds(LONGEST_TURN) }))

/** Milliseconds by the clock that says more: others judge by the wall clock how old a reservation is, and it may be set back. */
const stopwatch = (clock: Clock.Clock): (() => number) => {
  const [wall, monotonic] = [clock.currentTimeMillisUnsafe(), monotonicMillis(clock)]
  return () => Math.max(clock.currentTimeMillisUnsafe() - wall, monotonicMillis(clock) - monotonic)
}

/** Waits until the window has room. */
const makePace = Effect.fnUntraced(function* (
  provider: ProviderId,
  { limit, window }: { readonly limit: number; readonly window: Duration.Input }
) {
  const limiter = yield* RateLimiter.make.pipe(Effect.provide(RateLimiter.layerStoreMemory))
  const consume = limiter.consume({ key: provider, limit, window, algorithm: "token-bucket", onExceeded: "delay" })
  // The store counts by the wall clock: set back by an hour, it would hold everything for an hour.
  return onMonotonicTime(consume).pipe(
    // It is in memory and has no way to fail with `delay`; of another one, nothing would have been sent.
    Effect.mapError(noTurn),
    Effect.flatMap(({ delay }) => Effect.sleep(delay))
  )
})
