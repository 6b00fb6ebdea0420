/** What is done again and again: how often, and what becomes of a pass that fails. */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { CallError, InvalidRequest } from "../provider/CallError.ts"
import type { JournalError } from "./PlacementJournal.ts"

/** Without a pause the list would be walked on and on. */
export const LEAST_PAUSE = Duration.seconds(1)

/** How often is asked for, if at all; fails where that is no pause. */
export const pauseOf = (
  field: string,
  every: Duration.Input | undefined
): Effect.Effect<Duration.Duration | undefined, CallError> => {
  if (every === undefined) return Effect.succeed(undefined)
  const pause = Option.filter(Duration.fromInput(every), (read) => {
    const millis = Duration.toMillis(read)
    return Number.isFinite(millis) && millis >= Duration.toMillis(LEAST_PAUSE)
  })
  const expected = `a finite duration of at least ${Duration.format(LEAST_PAUSE)}`
  return Option.isSome(pause)
    ? Effect.succeed(pause.value)
    : Effect.fail(new CallError({ operation: "configure", reason: new InvalidRequest({ field, expected }) }))
}

/** Until its scope closes; what keeps it once does not keep it the next time. */
export const again = <A, E extends CallError | JournalError>(
  pass: Effect.Effect<A, E>,
  every: Duration.Duration,
  problem: string
) =>
  pass.pipe(
    Effect.catchCause((cause) =>
      Effect.logWarning(`${problem}: ${Cause.hasInterrupts(cause) ? "stopped" : messageOf(cause)}`)
    ),
    Effect.andThen(Effect.sleep(every)),
    Effect.forever
  )

const messageOf = (cause: Cause.Cause<CallError | JournalError>): string =>
  Option.match(Cause.findErrorOption(cause), { onNone: () => "a defect", onSome: ({ message }) => message })
