/** Measures how long a provider takes to answer the request of a placement. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { CallProvider } from "../../provider/CallProvider.ts"

interface Stopwatch {
  millis: number | undefined
}

const RunningStopwatch = Context.Reference<Stopwatch | undefined>("unicall/cli/RunningStopwatch", {
  defaultValue: () => undefined
})

/** The same provider; each placement is timed by the stopwatch of its caller. */
export const timed = (provider: CallProvider): CallProvider => ({
  ...provider,
  place: (request) =>
    Effect.gen(function* () {
      const stopwatch = yield* RunningStopwatch
      const from = yield* Clock.currentTimeNanos
      const stop = Effect.map(Clock.currentTimeNanos, (to) => {
        if (stopwatch !== undefined) stopwatch.millis = Math.round(Number(to - from) / 1e6)
      })
      return yield* Effect.onExit(provider.place(request), () => stop)
    })
})

/** A placement with the milliseconds of its request, if one was sent. */
export const withLatency = <A, E, R>(
  placing: Effect.Effect<A, E, R>
): Effect.Effect<{ readonly result: A; readonly latencyMs?: number }, E, R> =>
  Effect.suspend(() => {
    const stopwatch: Stopwatch = { millis: undefined }
    return Effect.map(Effect.provideService(placing, RunningStopwatch, stopwatch), (result) => ({
      result,
      ...(stopwatch.millis === undefined ? {} : { latencyMs: stopwatch.millis })
    }))
  })
