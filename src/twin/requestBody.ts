/** Checking the bodies of requests: what a refusal says names the field and what was expected, never the value. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { parseInstant } from "../domain/Instant.ts"
import { misfitOf } from "../domain/misfit.ts"

/** A telephone number as the providers document it. */
export const E164 = Schema.String.pipe(Schema.check(Schema.isPattern(/^\+[1-9]\d{1,14}$/u)))

/** A field that may be absent or null. */
export const optional = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

/** Text by name. */
export const TextMap = Schema.Record(Schema.String, Schema.String)

/** A whole number, 1 or more. */
export const AtLeastOne = Schema.Int.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(1)))

/** A time that names its zone. */
export const Time = Schema.String.pipe(Schema.check(Schema.makeFilter((text) => parseInstant(text) !== undefined)))

/** A whole number in the query of a request; `undefined` for anything else. */
export const wholeNumber = (text: string | null): number | undefined =>
  text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined

/** A time as a request gives it, in milliseconds since the epoch. */
export const millisecondsOf = (time: unknown): number | undefined => {
  const instant = parseInstant(time)
  return instant === undefined ? undefined : Date.parse(instant)
}

/** Makes a function that reads a body, or says what is wrong with it; `expected` holds what to say for each field. */
export const bodyReader = <S extends Schema.Codec<unknown, unknown>>(
  schema: S,
  expected: { readonly [field: string]: string }
): ((body: unknown) => Result.Result<S["Type"], string>) => {
  const decode = Schema.decodeUnknownResult(schema)
  return (body) =>
    Result.mapError(decode(body ?? {}), (error) => {
      const { path } = misfitOf(error)
      const known = path.findIndex((_, index) => Object.hasOwn(expected, path.slice(0, index + 1).join(".")))
      const field = path.slice(0, known + 1).join(".")
      return field === "" ? `${path.join(".")} is not as documented` : `${path.join(".")} must be ${expected[field]}`
    })
}
