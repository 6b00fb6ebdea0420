/**
 * Fast checks of values, compiled from schemas: a million records go through them, and decoding each by its schema would take
 * several times as long. What is right is seen at once; the first field that is wrong is named.
 */
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import { Decimal, isDecimal } from "../../domain/Decimal.ts"
import { Instant, parseInstant } from "../../domain/Instant.ts"
import { isJsonObject, Path } from "../../domain/Json.ts"
import { Certainty, Reach, ReachValue } from "../../domain/Reach.ts"
import { Role, Transcript, Turn } from "../../domain/Transcript.ts"

/** A field that is not what it has to be; `path` is within the value, `expected` holds no value of it. */
export interface FieldFault {
  readonly path: string
  readonly expected: string
}

export type Check = (value: unknown) => FieldFault | undefined

/** Told with a field that is not what it has to be. */
const EXPECTED = {
  text: "text",
  id: "text that is not empty",
  number: "a number",
  boolean: "true or false",
  decimal: "a decimal number as text, such as 12.50",
  instant: "a time such as 2026-03-01T10:00:00.000Z",
  map: "an object",
  list: "a list"
} as const

/** Instants of days that every month has; for the others the calendar is asked. */
const PLAIN_INSTANT = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

/** What most fields are is looked at in one place: a call for each would cost more than the look. */
const isOf = (kind: keyof typeof EXPECTED, value: unknown): boolean => {
  switch (kind) {
    case "text":
      return typeof value === "string"
    case "id":
      return typeof value === "string" && value !== ""
    case "number":
      return Number.isFinite(value)
    case "boolean":
      return typeof value === "boolean"
    case "instant":
      return (
        typeof value === "string" && value.length === 24 && (PLAIN_INSTANT.test(value) || parseInstant(value) === value)
      )
    case "decimal":
      return isDecimal(value)
    case "map":
      return isJsonObject(value)
    case "list":
      return Array.isArray(value)
  }
}

export type Rule = keyof typeof EXPECTED | ReadonlySet<unknown> | Check

export const follows = (rule: Rule, value: unknown): FieldFault | undefined => {
  if (typeof rule === "string") return isOf(rule, value) ? undefined : { path: "", expected: EXPECTED[rule] }
  if (typeof rule === "function") return rule(value)
  return rule.has(value) ? undefined : { path: "", expected: `one of ${[...rule].join(", ")}` }
}

/** A fault in a part, named from the whole. */
export const within = (step: string, { path, expected }: FieldFault): FieldFault => ({
  path: path === "" || path.startsWith("[") ? step + path : `${step}.${path}`,
  expected
})

export type Rules = { readonly [field: string]: Rule }

/** Fields that are not named are not looked at. */
export const object = (rules: Rules, required: ReadonlyArray<string> = []): Check => {
  const ruleOf = new Map(Object.entries(rules))
  return (value) => {
    if (!isJsonObject(value)) return { path: "", expected: EXPECTED.map }
    for (const name of required) if (value[name] === undefined) return { path: name, expected: "given" }
    // JSON objects inherit no enumerable keys.
    for (const name in value) {
      const rule = value[name] === undefined ? undefined : ruleOf.get(name)
      const fault = rule === undefined ? undefined : follows(rule, value[name])
      if (fault !== undefined) return within(name, fault)
    }
    return undefined
  }
}

export const listOf =
  (rule: Rule = () => undefined): Check =>
  (value) => {
    if (!Array.isArray(value)) return { path: "", expected: EXPECTED.list }
    for (let index = 0; index < value.length; index++) {
      const fault = follows(rule, value[index])
      if (fault !== undefined) return within(`[${index}]`, fault)
    }
    return undefined
  }

export const setOf = (words: ReadonlyArray<string>): ReadonlySet<unknown> => new Set(words)

interface HasAst {
  readonly ast: SchemaAST.AST
}

/** The rule of a schema; where nothing is asked of a value there is none. */
export const ruleOf = ({ ast }: HasAst): Rule | undefined => {
  const own = OWN_RULES.get(identityOf(ast))
  if (own !== undefined) return own
  switch (ast._tag) {
    case "String":
      return "text"
    case "Number":
      return "number"
    case "Boolean":
      return "boolean"
    case "Literal":
      return new Set([ast.literal])
    case "Union":
      return new Set(ast.types.flatMap((type) => (type._tag === "Literal" ? [type.literal] : [])))
    case "Arrays":
      return listOf(ast.rest[0] === undefined ? undefined : ruleOf({ ast: ast.rest[0] }))
    case "Objects":
      return ast.indexSignatures.length > 0 ? "map" : structOf(ast)
    default:
      return undefined
  }
}

/** The rules of fields by their schemas. */
export const rulesOf = (fields: Iterable<readonly [name: string, schema: HasAst]>): Rules =>
  Object.fromEntries(
    [...fields].flatMap(([name, schema]) => {
      const rule = ruleOf(schema)
      return rule === undefined ? [] : [[name, rule]]
    })
  )

const structOf = ({ propertySignatures }: SchemaAST.Objects, more: Rules = {}): Check =>
  object(
    { ...rulesOf(propertySignatures.map(({ name, type }) => [String(name), { ast: type }])), ...more },
    propertySignatures.flatMap(({ name, type }) => (type.context?.isOptional === true ? [] : [String(name)]))
  )

/** The check of a record by its schema, and of fields that may stand in it beside those. */
export const checkOf = ({ ast }: { readonly ast: SchemaAST.Objects }, more?: Rules): Check => structOf(ast, more)

/** What stays the same in a schema that is made optional. */
const identityOf = (ast: SchemaAST.AST): unknown => {
  switch (ast._tag) {
    case "Union":
      return ast.types
    case "Objects":
      return ast.propertySignatures
    case "Arrays":
      return ast.rest
    default:
      return ast.checks
  }
}

/** Rules of schemas that have words of their own, or stand in a record so often that they are looked at faster. */
const OWN_RULES = new Map<unknown, Rule>([
  [Instant.ast.checks, "instant"],
  [Decimal.ast.checks, "decimal"],
  [Schema.NonEmptyString.ast.checks, "id"]
])

/** From here on the rule counts wherever the schema stands. */
export const setRule = ({ ast }: HasAst, rule: Rule): void => void OWN_RULES.set(identityOf(ast), rule)

const step: Check = (value) =>
  typeof value === "string" || Number.isSafeInteger(value) ? undefined : { path: "", expected: "a key or an index" }

setRule(Path, listOf(step))

const reachValues = setOf(ReachValue.literals)
const certainties = setOf(Certainty.literals)
const roles = setOf(Role.literals)

const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === "string")

const thoroughReach = checkOf(Reach)

/** There is one in every attempt: what is right is seen at once, what is wrong is looked for. */
setRule(Reach, (value) =>
  isJsonObject(value) &&
  reachValues.has(value["value"]) &&
  certainties.has(value["certainty"]) &&
  areTexts(value["because"]) &&
  (value["contradicted"] === undefined || value["contradicted"] === true)
    ? undefined
    : thoroughReach(value)
)

const thoroughTurn = checkOf(Turn)

/** Turns are most of a record. */
setRule(Turn, (value) =>
  isJsonObject(value) &&
  typeof value["text"] === "string" &&
  roles.has(value["role"]) &&
  (value["at"] === undefined || typeof value["at"] === "string") &&
  (value["atSeconds"] === undefined || Number.isFinite(value["atSeconds"])) &&
  value["toolName"] === undefined &&
  value["toolCallId"] === undefined &&
  value["isError"] === undefined
    ? undefined
    : thoroughTurn(value)
)

const withTurns = checkOf(Transcript.members[0])
const withText = checkOf(Transcript.members[1])

setRule(Transcript, (value) => (isJsonObject(value) && "turns" in value ? withTurns(value) : withText(value)))
