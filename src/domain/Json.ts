import * as Schema from "effect/Schema"

/** A JSON object as `JSON.parse` gives it: values are `unknown` until a schema has looked at them. */
export type JsonObject = { readonly [key: string]: unknown }

/** Schema of a JSON object whose values are not looked at. */
export const JsonObject = Schema.Record(Schema.String, Schema.Unknown)

/** Whether it is an object and neither a list nor null. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** An object without keys, which documentation generators print for values they do not know. */
export const isEmptyObject = (value: unknown): boolean => {
  if (!isJsonObject(value)) return false
  for (const _ in value) return false
  return true
}

/** JSON text with the keys of every object in code-unit order: equal text means equal value. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(",")}]`
  if (typeof value === "bigint") return `${value}`
  if (!isJsonObject(value)) return JSON.stringify(value) ?? "null"
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`)
  return `{${members.join(",")}}`
}

/** Of the root or from another realm as well: what has a prototype with one of its own is an instance of a class. */
const isPlain = (value: object): boolean => {
  const prototype: object | null = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/**
 * Where a value stops being one that JSON can say as it is: a date, a function, `NaN`, or what nests deeper than `levels`,
 * a circle too. Absent if it is JSON throughout.
 */
export const beyondJson = (value: unknown, levels: number): ReadonlyArray<PathStep> | undefined => {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined
  if (typeof value === "number") return Number.isFinite(value) ? undefined : []
  if (typeof value !== "object" || levels === 0) return []
  if (!Array.isArray(value) && !isPlain(value)) return []
  const members: Iterable<readonly [PathStep, unknown]> = Array.isArray(value)
    ? value.entries()
    : Object.entries(value).filter(([, member]) => member !== undefined)
  for (const [step, member] of members) {
    const below = beyondJson(member, levels - 1)
    if (below !== undefined) return [step, ...below]
  }
  return undefined
}

const PathStep = Schema.Union([Schema.String, Schema.Int])
/** One step of a path into a JSON document. */
export type PathStep = typeof PathStep.Type

/** The way to a value in a JSON document. */
export const Path = Schema.Array(PathStep)

/** Writes a path as users read it: `call_attempts[0].started_at`; an odd key is quoted. */
export const formatPath = (path: ReadonlyArray<PathStep>): string =>
  path
    .flatMap((step, index): ReadonlyArray<string> => {
      if (typeof step === "number") return ["[", String(step), "]"]
      if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(step)) return ["[", JSON.stringify(step), "]"]
      return index === 0 ? [step] : [".", step]
    })
    .join("")

/** A path below another; each may be empty. */
export const joinPaths = (base: string, path: string): string => [base, path].filter((part) => part !== "").join(".")

/** The value at a path, `undefined` where there is none. */
export const valueAt = (value: unknown, path: ReadonlyArray<PathStep>): unknown =>
  path.reduce<unknown>((current, step) => {
    if (Array.isArray(current)) return typeof step === "number" ? current[step] : undefined
    return isJsonObject(current) && Object.hasOwn(current, step) ? current[step] : undefined
  }, value)
