/** Kinds of flags that many commands have, and checks of their values. */
import * as Effect from "effect/Effect"
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { isTimeZone } from "../../domain/wallClock.ts"
import { type CommandFailure, usage } from "./failures.ts"

/** The values of flags and arguments. */
export type Given<Flags extends Command.Command.Config> = Command.Command.Config.Infer<Flags>

/** `undefined` unless the flag is given. */
export const optional = Flag.withDefault(undefined)

export const argument = (name: string, metavar: string, description: string) =>
  Argument.String(name).pipe(Argument.withMetavar(metavar), Argument.withDescription(description))

/** A text that must be given. */
export const requiredText = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(description))

export const text = (name: string, metavar: string, description: string) =>
  requiredText(name, metavar, description).pipe(optional)

export const choice = <const Words extends ReadonlyArray<string>>(name: string, words: Words, description: string) =>
  Flag.Literals(name, words).pipe(Flag.withDescription(description), optional)

/** A number; any other than `expected` is refused. */
export const within = (
  flag: Flag.Flag<number>,
  description: string,
  isWithin: (value: number) => boolean,
  expected: string
) =>
  flag.pipe(
    Flag.withDescription(description),
    Flag.filter(isWithin, () => expected)
  )

export const whole = (name: string, description: string, least: number, most: number) =>
  Flag.Int(name).pipe(
    Flag.withDescription(description),
    Flag.filter(
      (value) => value >= least && value <= most,
      // The first number in a locale's form takes as long as all other flags: only where it is told.
      () => `a number from ${least} to ${most.toLocaleString("en-US")}`
    )
  )

/** `--name a --name b`; none unless given. */
export const repeated = (name: string, metavar: string, description: string) =>
  requiredText(name, metavar, description).pipe(Flag.atLeast(0))

/** Off unless it is given. */
export const onOff = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withDefault(false))

export const jsonFlag = onOff("json", "Print machine-readable output, one JSON document a line")

export const nativeFlag = Flag.Boolean("native").pipe(
  Flag.withDescription("Keep the provider's record in `native`; --no-native leaves it out"),
  Flag.withDefault(true)
)

export const failOnRejectFlag = onOff("fail-on-reject", "Exit with 1 if anything was rejected")

/** Refuses the first of these flags that was given. */
export const refuseGiven = (
  flags: { readonly [flag: string]: unknown },
  expected: string
): Effect.Effect<void, CommandFailure> => {
  const given = Object.keys(flags).find((flag) => flags[flag] !== undefined && flags[flag] !== false)
  return given === undefined ? Effect.void : Effect.fail(usage(`${given}: expected ${expected}`))
}

/** The words of a flag, separated by commas, if it was given. */
export const wordsOf = <A extends string>(
  flag: string,
  given: string | undefined,
  known: ReadonlyArray<A>
): Effect.Effect<ReadonlyArray<A> | undefined, CommandFailure> => {
  const words = given?.split(",").map((word) => known.find((each) => each === word.trim()))
  return words === undefined || words.every((word) => word !== undefined)
    ? Effect.succeed(words)
    : Effect.fail(usage(`${flag}: expected ${known.join(", ")}, separated by commas`))
}

/** The time zone of `--time-zone`, if it was given. */
export const timeZoneOf = (name: string | undefined): Effect.Effect<string | undefined, CommandFailure> =>
  name === undefined || isTimeZone(name)
    ? Effect.succeed(name)
    : Effect.fail(usage("--time-zone: expected an IANA name such as Europe/Paris"))
