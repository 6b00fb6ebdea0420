/** The one retry loop: reads and cancelling pass through it, placing never does. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import type { CallErrorReason } from "../CallError.ts"
import { monotonicMillis } from "../monotonicTime.ts"
import type { RetryLimits } from "./ClientOptions.ts"

/** A try that failed; `again` is what the server says of asking again, if it says anything. */
export interface FailedTry {
  readonly reason: CallErrorReason
  readonly again: boolean | undefined
  /** Whether nothing has left. */
  readonly unsent?: boolean
}

const JITTER = 0.25

const millisOf = (duration: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(duration))

/** Milliseconds to wait after so many tries: doubled each time, capped, up to a quarter less. */
const backoff = (tries: number, { base, cap }: RetryLimits, random: number): number =>
  Math.min(millisOf(base) * 2 ** (tries - 1), millisOf(cap)) * (1 - JITTER * random)

const isTransient = ({ reason, again }: FailedTry): boolean => again ?? reason.retryable

/**
 * Tries until it succeeds, fails for good, or the limits are reached, and then fails as the last try did. The server's
 * `Retry-After` is waited for in full, or not at all if that would take too long.
 */
export const retrying = <A>(
  attempt: Effect.Effect<A, FailedTry>,
  limits: RetryLimits,
  onRetry: (tries: number) => Effect.Effect<void>
): Effect.Effect<A, CallErrorReason> =>
  Effect.clockWith((clock) => {
    const until = monotonicMillis(clock) + millisOf(limits.total)
    const goOn = Effect.fnUntraced(function* (first: FailedTry) {
      let failed = first
      for (let tries = 1; isTransient(failed) && tries < limits.tries; tries++) {
        const random = yield* Random.next
        const asked = "retryAfter" in failed.reason ? failed.reason.retryAfter : undefined
        const wait = asked === undefined ? backoff(tries, limits, random) : (asked + JITTER * random) * 1000
        if (wait > until - monotonicMillis(clock)) break
        yield* onRetry(tries)
        yield* Effect.sleep(Duration.millis(wait))
        const tried = yield* Effect.result(attempt)
        if (Result.isSuccess(tried)) return tried.success
        failed = tried.failure
      }
      return yield* Effect.fail(failed.reason)
    })
    return Effect.catch(attempt, goOn)
  })
