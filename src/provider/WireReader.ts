/**
 * Reading provider bodies: strict schemas, lenient results. A body that fits its schema is taken as it is, without a
 * copy; in one that does not, each value that does not fit is set aside as an issue and the rest is kept.
 */
import * as Schema from "effect/Schema"
import type { Issue } from "../domain/Issue.ts"
import { formatPath, isEmptyObject, isJsonObject, type JsonObject } from "../domain/Json.ts"
import { BOOLEAN, fits, type Form, formOf, NUMBER, refit } from "./wireGuard.ts"

/** A field that may be absent or null: both mean "not given". */
export const given = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullishOr(schema))

/** A field of text. */
export const Text = given(Schema.String)
/** A field that is true or false. */
export const Flag = given(Schema.Boolean)
/** A field that is a finite number. */
export const Count = given(Schema.Finite)
/** Ids are opaque text; integers are taken as text. */
export const Id = given(Schema.Union([Schema.String, Schema.Finite]))
/** An amount: a number, or one as decimal text; `readDecimal` decides what is one. */
export const Amount = given(Schema.Union([Schema.String, Schema.Finite]))
/** Any form of time; `parseInstant` decides what is one. */
export const Time = Schema.optionalKey(Schema.Unknown)
/** A field that is an object of any content. */
export const Dictionary = given(Schema.Record(Schema.String, Schema.Unknown))
/** A list in which an item may be missing. */
export const List = <S extends Schema.Top>(item: S) => given(Schema.Array(Schema.NullishOr(item)))

/** A body as far as it fits its schema, and what did not fit. */
export interface Read<A> {
  readonly body: A
  readonly issues: ReadonlyArray<Issue>
}

const NO_ISSUES: ReadonlyArray<Issue> = []

const DECIMAL = /^[+-]?\d+(\.\d+)?$/

/** Text that came through CSV: booleans and plain decimals in words. */
const readWords = (raw: unknown, { bits }: Form): boolean | number | undefined => {
  if (typeof raw !== "string") return undefined
  if ((bits & BOOLEAN) !== 0 && /^(true|false)$/i.test(raw)) return raw.toLowerCase() === "true"
  const number = (bits & NUMBER) !== 0 && DECIMAL.test(raw) ? Number(raw) : undefined
  return number !== undefined && Number.isFinite(number) ? number : undefined
}

/** Sets aside what does not fit. `{}` where a scalar is expected is "not given" and no issue. */
const repair = (raw: JsonObject, form: Form): { readonly body: JsonObject; readonly issues: ReadonlyArray<Issue> } => {
  const issues: Array<Issue> = []
  const body = refit(raw, form, (value, expected, path) => {
    const read = readWords(value, expected)
    const isPlaceholder = isEmptyObject(value) && expected.item === undefined
    if (read === undefined && !isPlaceholder) issues.push({ path: formatPath(path), reason: "wrong_type", raw: value })
    return read
  })
  return { body: isJsonObject(body) ? body : {}, issues }
}

/**
 * Reads bodies of one schema. All its fields must be optional and nullish (`given`), so that any misfit can be set
 * aside.
 *
 * @throws TypeError at once, if the schema is made of anything else
 */
export const makeReader = <S extends Schema.Top>(schema: S): ((raw: JsonObject) => Read<S["Type"]>) => {
  const form = formOf(schema.ast)
  if (form.fields === undefined) throw new TypeError("the schema of a body must be a struct")
  const isBody = (body: JsonObject): body is JsonObject & S["Type"] => fits(body, form)
  return (raw) => {
    if (isBody(raw)) return { body: raw, issues: NO_ISSUES }
    const { body, issues } = repair(raw, form)
    if (isBody(body)) return { body, issues }
    throw new TypeError("a misfit was left after all were set aside")
  }
}
