/** Options as they are given at run time: what is not known, or of another kind, is named before it does harm. */
import { formatPath, isJsonObject } from "../domain/Json.ts"
import type { FieldFault } from "../domain/PlaceCall.ts"

/** The first fault of a value; `at` is where it stands. */
export type Check = (value: unknown, at: ReadonlyArray<string>) => FieldFault | undefined

export type Checks = { readonly [name: string]: Check }

const fault = (at: ReadonlyArray<string>, expected: string): FieldFault => ({
  field: at.length === 0 ? "options" : formatPath(at),
  expected
})

export const that =
  (isRight: (value: unknown) => boolean, expected: string): Check =>
  (value, at) =>
    isRight(value) ? undefined : fault(at, expected)

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value)

export const isText = (value: unknown): value is string => typeof value === "string" && value !== ""

/** A text that is not empty; `what` names it, such as `the path of search`. */
export const text = (what: string): Check => that(isText, `${what}, as text`)

/** A number of seconds, 0 included. */
export const seconds = that((value) => isNumber(value) && value >= 0, "a number of seconds, 0 or more")

export const positiveSeconds = that((value) => isNumber(value) && value > 0, "a number of seconds above 0")

/** A whole number from 1. */
export const count = that((value) => Number.isSafeInteger(value) && Number(value) >= 1, "a whole number, 1 or more")

export const callback = that((value) => typeof value === "function", "a function")

/** By what it can do: another realm, or a polyfill, has a class of its own. */
export const signal = that(
  (value) =>
    isJsonObject(value) && typeof value["aborted"] === "boolean" && typeof value["addEventListener"] === "function",
  "an AbortSignal"
)

/** One of these words. */
export const oneOf = (words: ReadonlyArray<string>): Check =>
  that((value) => words.some((word) => word === value), `one of ${words.join(", ")}`)

export const listOf =
  (check: Check): Check =>
  (value, at) => {
    if (!Array.isArray(value)) return fault(at, "a list")
    for (const item of value) {
      const found = check(item, at)
      if (found !== undefined) return found
    }
    return undefined
  }

/** May be left out. */
export const optional =
  (check: Check): Check =>
  (value, at) =>
    value === undefined ? undefined : check(value, at)

/** An object of these options and no others. */
export const options =
  (checks: Checks): Check =>
  (value, at) => {
    if (!isJsonObject(value)) return fault(at, "an object")
    const stranger = Object.keys(value).find((name) => value[name] !== undefined && !Object.hasOwn(checks, name))
    if (stranger !== undefined) {
      return fault([...at, stranger], `no option of this name; there are ${Object.keys(checks).join(", ")}`)
    }
    for (const [name, check] of Object.entries(checks)) {
      const found = check(value[name], [...at, name])
      if (found !== undefined) return found
    }
    return undefined
  }
