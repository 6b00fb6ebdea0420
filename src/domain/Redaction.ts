/** Redaction: every secret in a payload goes before anything else reads it. */
import { isJsonObject, type JsonObject } from "./Json.ts"
import { isUrlAlone, REDACTED, redactAddress, redactHeaderLines, redactJsonText } from "./redactedText.ts"
import { ADDRESS, CALLEE, type KeyKind, makeKeyReader, PAIRS, PLAIN, SECRET, type SecretKeys } from "./SecretKeys.ts"

export { REDACTED, redactAddress } from "./redactedText.ts"

/** Nesting beyond which a value is refused; the recursion over it stays far from the end of the stack. */
export const MAX_NESTING = 500

/** No setting goes beyond this: writing JSON is recursive too. */
export const DEEPEST_NESTING = 2000

/** Thrown inside the walk, caught by the reader: the payload nests deeper than allowed. */
export class TooDeep extends Error {}

/**
 * Replaces every secret by `"[redacted]"`. Strings are replaced, numbers and booleans stay (`max_tokens`); a value
 * without secrets is given back itself. Time and memory are linear in the value.
 *
 * What is secret stands in `SecretKeys.ts`. Providers are known to send keys and headers of tools back as they were given.
 */
export interface Redactor {
  /** @throws TooDeep if the value nests deeper than `maxNesting` */
  readonly value: (value: unknown, maxNesting?: number) => unknown
  /** @throws TooDeep if the record nests deeper than `maxNesting` */
  readonly record: (record: JsonObject, maxNesting?: number) => JsonObject
  /** Of text that is not readable as JSON, as well as text allows. */
  readonly text: (text: string) => string
}

const QUOTE = 34
const OPEN_SQUARE = 91
const OPEN_CURLY = 123
const SPACE = 32
const BYTE_ORDER_MARK = 0xfeff

/** JSON text begins with a bracket or, if it is quoted once more, with a quote; white space may stand before. */
const looksLikeJson = (text: string): boolean => {
  const first = text.charCodeAt(0)
  if (first === OPEN_CURLY || first === OPEN_SQUARE || first === QUOTE) return true
  return first <= SPACE || first === BYTE_ORDER_MARK
}

/** JSON text within JSON text beyond this is written by nobody, and each level costs the length of all below it. */
const MAX_TEXTS = 8

/** A list of pairs: `[{ key, value }]`, `[[key, value]]`. */
const PAIR = 5
type Kind = KeyKind | typeof PAIR

const kindOfItem = (kind: Kind, index: number): Kind => {
  if (kind === PAIRS) return PAIR
  return kind === PAIR ? (index === 0 ? PLAIN : SECRET) : kind
}

/** Redacts by the common table of keys and those added to it. */
export const makeRedactor = (additions: ReadonlyArray<SecretKeys> = []): Redactor => {
  const { kindOf, mayHold } = makeKeyReader(additions)
  let texts = 0

  const redactText = (text: string, kind: Kind): string => {
    if (kind === SECRET) return REDACTED
    if (looksLikeJson(text) && (kind !== PLAIN || mayHold(text))) return redactTextOfJson(text, kind)
    return redactLine(text, kind)
  }

  /** JSON text inside a string (tool arguments, request bodies) hides secrets from a walk over objects. */
  const redactTextOfJson = (text: string, kind: Kind): string => {
    if (texts >= MAX_TEXTS) return REDACTED
    texts += 1
    try {
      const value: unknown = JSON.parse(text)
      const redacted = redactValue(value, kind, 0, MAX_NESTING)
      return redacted === value ? text : JSON.stringify(redacted)
    } catch {
      return redactLine(redactJsonText(text, kindOf), kind)
    } finally {
      texts -= 1
    }
  }

  const redactLine = (text: string, kind: Kind): string => {
    if (kind === ADDRESS || (kind === CALLEE && isUrlAlone(text))) return redactAddress(text)
    return kind === PAIRS || kind === PAIR ? redactHeaderLines(text) : text
  }

  const redactValue = (value: unknown, kind: Kind, depth: number, maxNesting: number): unknown => {
    if (typeof value === "string") return redactText(value, kind)
    if (typeof value !== "object" || value === null) return value
    if (depth >= maxNesting) throw new TooDeep(`nested deeper than ${maxNesting} levels`)
    if (Array.isArray(value)) return redactArray(value, kind, depth, maxNesting)
    return isJsonObject(value) ? redactObject(value, kind, depth, maxNesting) : value
  }

  const redactArray = (
    items: ReadonlyArray<unknown>,
    kind: Kind,
    depth: number,
    maxNesting: number
  ): ReadonlyArray<unknown> => {
    let copy: Array<unknown> | undefined
    for (let index = 0; index < items.length; index++) {
      const item = items[index]
      const redacted = redactValue(item, kindOfItem(kind, index), depth + 1, maxNesting)
      if (redacted === item) continue
      copy ??= items.slice()
      copy[index] = redacted
    }
    return copy ?? items
  }

  const redactObject = (object: JsonObject, kind: Kind, depth: number, maxNesting: number): JsonObject => {
    let copy: Record<string, unknown> | undefined
    // The values of a map of headers are secrets, whatever their keys; so are those of a pair that has no `value`.
    const parent = kind === PAIRS || (kind === PAIR && !Object.hasOwn(object, "value")) ? SECRET : kind
    // JSON objects inherit no enumerable keys, and this is the hottest loop of all.
    for (const key in object) {
      const value = object[key]
      if ((typeof value !== "string" && typeof value !== "object") || value === null) continue
      const own = parent === PLAIN ? kindOf(key) : kindWithin(parent, key)
      const within = key === "value" && isNamedSecret(object) ? SECRET : own
      if (within === PLAIN && typeof value === "string" && !looksLikeJson(value)) continue
      const redacted = redactValue(value, within, depth + 1, maxNesting)
      if (redacted === value) continue
      copy ??= { ...object }
      if (key === "__proto__") setOwn(copy, key, redacted)
      else copy[key] = redacted
    }
    return copy ?? object
  }

  /** `{ name: "api_key", value }`: what a map says by its keys, as a list of pairs. A sentence is no name. */
  const isNamedSecret = ({ key, name }: JsonObject): boolean =>
    [key, name].some((text) => typeof text === "string" && !/\s/.test(text) && kindOf(text) === SECRET)

  const kindWithin = (parent: Kind, key: string): Kind => {
    if (parent === SECRET || (parent === PAIR && key === "value")) return SECRET
    const own = kindOf(key)
    if (own !== PLAIN || parent === PAIR) return own
    return key === "url" || key === "urls" ? ADDRESS : CALLEE
  }

  const text = (raw: string): string => redactJsonText(raw, kindOf)
  return {
    value: (value, maxNesting = MAX_NESTING) =>
      typeof value === "string" ? text(redactText(value, PLAIN)) : redactValue(value, PLAIN, 0, maxNesting),
    record: (record, maxNesting = MAX_NESTING) => redactObject(record, PLAIN, 0, maxNesting),
    text
  }
}

/** An own key `__proto__` is data; assigning to it would change the prototype instead. */
const setOwn = (target: object, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

const PRUNE_BUDGET = 100_000

/** The value cut off below a number of levels, for showing what was refused as nested too deeply. */
export const prune = (value: unknown, levels: number): unknown => {
  let budget = PRUNE_BUDGET
  const walk = (current: unknown, left: number): unknown => {
    if (typeof current !== "object" || current === null) return current
    if (left === 0 || budget-- <= 0) return "[nested too deeply]"
    if (Array.isArray(current)) return current.map((item) => walk(item, left - 1))
    return Object.fromEntries(Object.entries(current).map(([key, member]) => [key, walk(member, left - 1)]))
  }
  return walk(value, levels)
}

/** The value with every secret in it replaced that the common table knows. */
export const redact: Redactor["value"] = makeRedactor().value
