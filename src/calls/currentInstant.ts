/** The moment on the clock, as records write it. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { type Instant, instantAt } from "../domain/Instant.ts"

export const nowInstant: Effect.Effect<Instant> = Effect.flatMap(Clock.currentTimeMillis, (now) => {
  const instant = instantAt(now)
  return instant === undefined ? Effect.die(new RangeError("the clock shows no time")) : Effect.succeed(instant)
})
