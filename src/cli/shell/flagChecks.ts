/** What flags may say together, and how a text of theirs must be. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { isTimeZone } from "../../domain/wallClock.ts"
import { usage, type UsageFailure } from "./CommandFailure.ts"

/** Refuses the first of these flags that was given. */
export const refuseGiven = (
  flags: { readonly [flag: string]: Option.Option<unknown> | boolean },
  expected: string
): Effect.Effect<void, UsageFailure> => {
  const given = Object.entries(flags).find(([, value]) => (Option.isOption(value) ? Option.isSome(value) : value))
  return given === undefined ? Effect.void : Effect.fail(usage(`${given[0]}: expected ${expected}`))
}

/** The words of a flag, separated by commas, if it was given. */
export const wordsOf = <A extends string>(
  flag: string,
  given: Option.Option<string>,
  known: ReadonlyArray<A>
): Effect.Effect<ReadonlyArray<A> | undefined, UsageFailure> => {
  if (Option.isNone(given)) return Effect.undefined
  const words = given.value.split(",").map((word) => known.find((each) => each === word.trim()))
  return words.every((word) => word !== undefined)
    ? Effect.succeed(words)
    : Effect.fail(usage(`${flag}: expected ${known.join(", ")}, separated by commas`))
}

/** The time zone of `--time-zone`, if it was given. */
export const timeZoneOf = (flag: Option.Option<string>): Effect.Effect<string | undefined, UsageFailure> => {
  const name = Option.getOrUndefined(flag)
  return name === undefined || isTimeZone(name)
    ? Effect.succeed(name)
    : Effect.fail(usage("--time-zone: expected an IANA name such as Europe/Paris"))
}
