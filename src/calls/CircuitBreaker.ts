/**
 * When a failing provider is asked again: after its `Retry-After`, or after a pause that doubles. Then one request goes first,
 * and the others follow when it succeeds.
 */

/** Failures in a row, of whatever calls, after which it is the provider that fails and not a call. */
const MOST_IN_A_ROW = 3

/** A longer `Retry-After`, such as a day, is cut to this: callers with a deadline would learn nothing until then. */
const LONGEST_PAUSE_MILLIS = 5 * 60_000

/** Between failures `first` milliseconds, doubled with each, up to `longest`; all times by one clock. */
export const makeCircuitBreaker = (first: number, longest: number) => {
  let failures = 0
  let tripped = false
  let probing = false
  let until = Number.NEGATIVE_INFINITY
  return {
    /** When a look may begin: in the past while all is well, never while one look finds out. */
    opensAt: (): number => (!tripped ? Number.NEGATIVE_INFINITY : probing ? Number.POSITIVE_INFINITY : until),
    /** Whether only one look may go, to find out. */
    isTripped: (): boolean => tripped,
    /** Begins the look that finds out; the returned function ends it. */
    probe: () => {
      probing = true
      return (): void => {
        probing = false
      }
    },
    answered: (now: number): void => {
      // What was asked before does not shorten the pause.
      if (now < until) return
      failures = 0
      tripped = false
    },
    /** `retryAfter` in seconds. */
    failed: (now: number, retryAfter: number | undefined): void => {
      const paused = tripped && now < until
      if (!paused) failures += 1
      if (retryAfter === undefined && (paused || failures < MOST_IN_A_ROW)) return
      const pause =
        retryAfter === undefined
          ? Math.min(first * 2 ** (failures - MOST_IN_A_ROW), longest)
          : Math.min(retryAfter * 1000, LONGEST_PAUSE_MILLIS)
      tripped = true
      until = Math.max(until, now + pause)
    }
  }
}
