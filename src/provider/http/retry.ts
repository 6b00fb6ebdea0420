/** The one retry loop: reads and cancelling pass through it, placing never does. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
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

/** Milliseconds before try `number` (2 for the second): doubled each time, capped, up to a quarter less. */
const backoff = (number: number, { base, cap }: RetryLimits, random: number): number =>
  Math.min(
    Duration.toMillis(Duration.fromInputUnsafe(base)) * 2 ** (number - 2),
    Duration.toMillis(Duration.fromInputUnsafe(cap))
  ) *
  (1 - JITTER * random)

const isTransient = ({ reason, again }: FailedTry): boolean => again ?? reason.retryable

/**
 * Tries until it succeeds, fails for good, or the limits are reached, and then fails as the last try did. The server's
 * `Retry-After` is waited for in full, or not at all if that would take too long.
 */
export const retrying = <A, R>(
  attempt: Effect.Effect<A, FailedTry, R>,
  limits: RetryLimits,
  onRetry: (tries: number) => Effect.Effect<void>
): Effect.Effect<A, CallErrorReason, R> => {
  const total = Duration.toMillis(Duration.fromInputUnsafe(limits.total))
  const from = (number: number, left: () => number): Effect.Effect<A, CallErrorReason, R> =>
    Effect.catch(attempt, (failed) => {
      if (!isTransient(failed) || number >= limits.tries) return Effect.fail(failed.reason)
      return Effect.gen(function* () {
        const asked = "retryAfter" in failed.reason ? failed.reason.retryAfter : undefined
        const wait =
          asked === undefined
            ? backoff(number + 1, limits, yield* Random.next)
            : asked * 1000 + JITTER * 1000 * (yield* Random.next)
        if (wait > left()) return yield* Effect.fail(failed.reason)
        yield* onRetry(number)
        yield* Effect.sleep(Duration.millis(wait))
        return yield* from(number + 1, left)
      })
    })
  return Effect.clockWith((clock) => {
    const until = monotonicMillis(clock) + total
    return from(1, () => until - monotonicMillis(clock))
  })
}
