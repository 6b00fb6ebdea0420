/** Time that only goes forward, whatever is done to the wall clock: for intervals and deadlines. */
import type * as Clock from "effect/Clock"

/** Milliseconds since an arbitrary moment. Whether they pass while the machine sleeps depends on the system. */
export const monotonicMillis = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / 1e6
