/**
 * Options as they are given at run time: what is not known, or of another kind, is named before it does harm. The types of
 * options follow from their checks.
 */
import { formatPath, isJsonObject } from "../domain/Json.ts"
import type { FieldFault } from "../domain/PlaceCall.ts"

/** The first fault of a value; `at` is where it stands. */
export interface Check<out A = unknown> {
  (value: unknown, at: ReadonlyArray<string>): FieldFault | undefined
  /** What passes, for the compiler alone. */
  readonly Type?: readonly [A]
}

export type Checks = { readonly [name: string]: Check }

type TypeOf<C> = C extends Check<infer A> ? A : never
type Optional<C> = { [Name in keyof C]: undefined extends TypeOf<C[Name]> ? Name : never }[keyof C]
type MustHave<C, Name extends keyof C> = { readonly [N in Name]: TypeOf<C[N]> }
type MayHave<C, Name extends keyof C> = { readonly [N in Name]?: TypeOf<C[N]> }

/** The options that pass these checks, with the comments that stand at the checks. */
export type OptionsOf<C> = MustHave<C, Exclude<keyof C, Optional<C>>> & MayHave<C, Optional<C>>

const fault = (at: ReadonlyArray<string>, expected: string): FieldFault => ({
  field: at.length === 0 ? "options" : formatPath(at),
  expected
})

export const that =
  <A>(isRight: (value: unknown) => boolean, expected: string): Check<A> =>
  (value, at) =>
    isRight(value) ? undefined : fault(at, expected)

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value)

export const isText = (value: unknown): value is string => typeof value === "string" && value !== ""

/** A text that is not empty; `what` names it, such as `the path of search`. */
export const text = (what: string): Check<string> => that(isText, `${what}, as text`)

/** A text, or several. */
export const texts = (expected: string): Check<string | ReadonlyArray<string>> =>
  that((value) => isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText)), expected)

/** A number of seconds, 0 included. */
export const seconds = that<number>((value) => isNumber(value) && value >= 0, "a number of seconds, 0 or more")

export const positiveSeconds = that<number>((value) => isNumber(value) && value > 0, "a number of seconds above 0")

export const secondsFrom = (least: number): Check<number> =>
  that((value) => isNumber(value) && value >= least, `a number of seconds, ${least} or more`)

export const secondsUpTo = (most: number): Check<number> =>
  that((value) => isNumber(value) && value > 0 && value <= most, `a number of seconds above 0, at most ${most}`)

/** A whole number from 1. */
export const count = that<number>(
  (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  "a whole number, 1 or more"
)

/** Items on a page of a list that goes on from the oldest so far (`newestFirst`). */
export const overlappingPageSize = that<number>(
  (value) => Number.isSafeInteger(value) && Number(value) >= 2,
  "a whole number, 2 or more: a page begins with the call that the one before has ended with"
)

export const callback = <F>(): Check<F> => that((value) => typeof value === "function", "a function")

/** By what it can do: another realm, or a polyfill, has a class of its own. */
export const signal = that<AbortSignal>(
  (value) =>
    isJsonObject(value) &&
    typeof value["aborted"] === "boolean" &&
    typeof value["addEventListener"] === "function" &&
    typeof value["removeEventListener"] === "function",
  "an AbortSignal"
)

/** One of these words. */
export const oneOf = <const Word extends string>(words: ReadonlyArray<Word>): Check<Word> =>
  that((value) => words.some((word) => word === value), `one of ${words.join(", ")}`)

export const listOf =
  <A>(check: Check<A>): Check<ReadonlyArray<A>> =>
  (value, at) => {
    if (!Array.isArray(value)) return fault(at, "a list")
    for (const item of value) {
      const found = check(item, at)
      if (found !== undefined) return found
    }
    return undefined
  }

/** Text by name; `what` names it. */
export const textsByName = (what: string): Check<{ readonly [name: string]: string }> =>
  that((value) => isJsonObject(value) && Object.values(value).every(isText), `${what}, each a text`)

/** May be left out. */
export const optional =
  <A>(check: Check<A>): Check<A | undefined> =>
  (value, at) =>
    value === undefined ? undefined : check(value, at)

/** An object of these options and no others. */
export const options =
  <C extends Checks>(checks: C): Check<OptionsOf<C>> =>
  (value, at) => {
    if (!isJsonObject(value)) return fault(at, "an object")
    const stranger = Object.keys(value).find((name) => value[name] !== undefined && !Object.hasOwn(checks, name))
    if (stranger !== undefined) {
      return fault([...at, stranger], `no option of this name; there are ${Object.keys(checks).join(", ")}`)
    }
    for (const [name, check] of Object.entries<Check>(checks)) {
      const found = check(value[name], [...at, name])
      if (found !== undefined) return found
    }
    return undefined
  }

/** An object of such values by name. */
export const recordOf =
  <A>(check: Check<A>): Check<{ readonly [name: string]: A }> =>
  (value, at) => {
    if (!isJsonObject(value)) return fault(at, "an object")
    for (const [name, item] of Object.entries(value)) {
      const found = check(item, [...at, name])
      if (found !== undefined) return found
    }
    return undefined
  }
