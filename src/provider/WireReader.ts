/**
 * Reading provider bodies: strict schemas, lenient results. A body that fits its schema is taken as it is, without a
 * copy; in one that does not, each value that does not fit is set aside as an issue and the rest is kept.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaJITCompiler from "effect/schema/SchemaJITCompiler"
import type { Issue } from "../domain/Issue.ts"
import { wireGuard } from "./wireGuard.ts"
import { formatPath, isEmptyObject, isJsonObject, type JsonObject, type PathStep, valueAt } from "../domain/Json.ts"

/** A field that may be absent or null: both mean "not given". */
export const given = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullishOr(schema))

export const Text = given(Schema.String)
export const Flag = given(Schema.Boolean)
export const Count = given(Schema.Finite)
/** Ids are opaque text; integers are taken as text. */
export const Id = given(Schema.Union([Schema.String, Schema.Finite]))
/** Any form of time; `parseInstant` decides what is one. */
export const Time = Schema.optionalKey(Schema.Unknown)
export const Dictionary = given(Schema.Record(Schema.String, Schema.Unknown))
/** A list in which an item may be missing. */
export const List = <S extends Schema.Top>(item: S) => given(Schema.Array(Schema.NullishOr(item)))

export interface Read<A> {
  readonly body: A
  readonly issues: ReadonlyArray<Issue>
}

const NO_ISSUES: ReadonlyArray<Issue> = []

/** A value that does not fit, with the types that would have. */
interface Misfit {
  readonly path: ReadonlyArray<PathStep>
  readonly expected: ReadonlySet<string>
}

const isPathStep = (step: PropertyKey): step is PathStep => typeof step !== "symbol"

const expectedTypes = (ast: SchemaAST.AST, into: Set<string>): Set<string> => {
  if (ast._tag === "Union") for (const member of ast.types) expectedTypes(member, into)
  else into.add(ast._tag)
  return into
}

const misfitsOf = (issue: SchemaIssue.Issue, path: ReadonlyArray<PathStep>, into: Array<Misfit>): Array<Misfit> => {
  if (issue._tag === "Pointer") return misfitsOf(issue.issue, [...path, ...issue.path.filter(isPathStep)], into)
  const within = issue._tag === "Composite" || issue._tag === "AnyOf" ? issue.issues : []
  for (const child of within) misfitsOf(child, path, into)
  if (within.length === 0)
    into.push({ path, expected: "ast" in issue ? expectedTypes(issue.ast, new Set()) : new Set() })
  return into
}

const DECIMAL = /^[+-]?\d+(\.\d+)?$/

/** Text that came through CSV: booleans and plain decimals in words. */
const readText = (raw: unknown, expected: ReadonlySet<string>): boolean | number | undefined => {
  if (typeof raw !== "string") return undefined
  if (expected.has("Boolean") && /^(true|false)$/i.test(raw)) return raw.toLowerCase() === "true"
  const number = expected.has("Number") && DECIMAL.test(raw) ? Number(raw) : undefined
  return number !== undefined && Number.isFinite(number) ? number : undefined
}

/** A copy with another value at the path; everything off the path is shared. */
const withValueAt = (target: unknown, path: ReadonlyArray<PathStep>, value: unknown): unknown => {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (Array.isArray(target))
    return target.map((item, index) => (index === step ? withValueAt(item, rest, value) : item))
  if (!isJsonObject(target)) return target
  const member = { value: withValueAt(target[step], rest, value), enumerable: true, configurable: true, writable: true }
  return Object.defineProperty({ ...target }, step, member)
}

/**
 * Reads bodies of one schema. All its fields must be optional and nullish (`given`), so that any misfit can be set
 * aside.
 */
export const makeReader = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S
): ((raw: JsonObject) => Read<S["Type"]>) => {
  SchemaJITCompiler.enable(schema.ast)
  const guard = wireGuard(schema.ast)
  const fits = (body: JsonObject): body is JsonObject & S["Type"] => guard(body)
  const decode = Schema.decodeUnknownResult(schema, { errors: "all" })

  const repair = (raw: JsonObject): { readonly raw: JsonObject; readonly issues: ReadonlyArray<Issue> } => {
    const decoded = decode(raw)
    if (Result.isSuccess(decoded)) return { raw, issues: NO_ISSUES }
    const issues: Array<Issue> = []
    let repaired: unknown = raw
    for (const { path, expected } of misfitsOf(decoded.failure.issue, [], [])) {
      const value = valueAt(raw, path)
      const text = readText(value, expected)
      repaired = withValueAt(repaired, path, text)
      if (text === undefined && !(isEmptyObject(value) && !expected.has("Arrays"))) {
        issues.push({ path: formatPath(path), reason: "wrong_type", raw: value })
      }
    }
    return { raw: isJsonObject(repaired) ? repaired : {}, issues }
  }

  return (raw) => {
    if (fits(raw)) return { body: raw, issues: NO_ISSUES }
    const { raw: repaired, issues } = repair(raw)
    if (fits(repaired)) return { body: repaired, issues }
    throw new TypeError("a wire schema has a field that cannot be absent")
  }
}
