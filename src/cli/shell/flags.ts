/** Kinds of flags that many commands have. */
import * as Flag from "effect/cli/Flag"

/** A text; may be left out. */
export const text = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(description), Flag.optional)

export const whole = (name: string, description: string, least: number, most: number) =>
  Flag.Int(name).pipe(
    Flag.withDescription(description),
    Flag.filter(
      (value) => value >= least && value <= most,
      () => `a number from ${least} to ${most.toLocaleString("en-US")}`
    )
  )

/** `--name a --name b`; none unless given. */
export const repeated = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(description), Flag.atLeast(0))

/** Off unless it is given. */
export const onOff = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withDefault(false))

export const nativeFlag = Flag.Boolean("native").pipe(
  Flag.withDescription("Keep the provider's record in `native`; --no-native leaves it out"),
  Flag.withDefault(true)
)

export const failOnRejectFlag = onOff("fail-on-reject", "Exit with 1 if anything was rejected")
