import { isJsonObject, type JsonObject } from "./Json.ts"

/** What a secret value becomes. */
export const REDACTED = "[redacted]"

const SECRET_WORDS = new Set(["apikey", "secret", "token", "authorization", "password"])
const LONGEST_SECRET_WORD = 13

const wordsOf = (key: string): ReadonlyArray<string> =>
  key
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")

/** True if one word of the key, or neighbouring words joined, name a secret: `api_key`, `clientSecret`, `x-auth-token`. */
const namesSecret = (words: ReadonlyArray<string>): boolean =>
  words.some((_, start) => {
    let joined = ""
    for (const word of words.slice(start)) {
      joined += word
      if (joined.length > LONGEST_SECRET_WORD) return false
      if (SECRET_WORDS.has(joined)) return true
    }
    return false
  })

/** What a key says about the value under it. */
const PLAIN = 0
const SECRET = 1
const ADDRESS = 2
const CREDENTIAL_LIST = 3
const TOOL_LIST = 4
type KeyKind = typeof PLAIN | typeof SECRET | typeof ADDRESS | typeof CREDENTIAL_LIST | typeof TOOL_LIST

const kindOfKey = (key: string): KeyKind => {
  const words = wordsOf(key)
  const joined = words.join("")
  if (namesSecret(words) || joined === "llmsystemprompt") return SECRET
  if (words.includes("webhook") && words.at(-1) === "url") return ADDRESS
  if (joined === "headers" || joined === "queryparams") return CREDENTIAL_LIST
  if (joined === "customtools" || joined === "tools") return TOOL_LIST
  return PLAIN
}

const KEY_CACHE_LIMIT = 10_000
const keyKinds = new Map<string, KeyKind>()

/** Keys repeat from record to record, so each is split once; customers' own keys must not grow the cache for ever. */
const cachedKindOfKey = (key: string): KeyKind => {
  const known = keyKinds.get(key)
  if (known !== undefined) return known
  if (keyKinds.size >= KEY_CACHE_LIMIT) keyKinds.clear()
  const kind = kindOfKey(key)
  keyKinds.set(key, kind)
  return kind
}

/** An address without user-info, query values and fragment values; everything else stays as it was written. */
export const redactAddress = (address: string): string => {
  const details = address.search(/[?#]/)
  const place = details < 0 ? address : address.slice(0, details)
  const shown = place.includes("@") ? place.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/]*@/i, `$1//${REDACTED}@`) : place
  return details < 0 ? shown : shown + redactDetails(address.slice(details))
}

/** `?a=b&c#d`: values after a name go, and parts that have no name. */
const redactDetails = (details: string): string =>
  details.replace(/=[^&;#]*/g, `=${REDACTED}`).replace(/(?<=[?#&;])[^=&;#]+(?=[&;#]|$)/g, REDACTED)

/** JSON text inside a string (tool arguments, request bodies) hides secrets from a walk over objects. */
const MAY_HIDE_SECRET =
  /api.?key|secret|token|authorization|password|llm.?system.?prompt|webhook|headers|query.?params|tools/i

const QUOTE = 34
const OPEN_SQUARE = 91
const OPEN_CURLY = 123
const SPACE = 32

/** JSON text begins with a bracket or, if it is quoted once more, with a quote; white space may stand before. */
const looksLikeJson = (text: string): boolean => {
  const first = text.charCodeAt(0)
  return first === OPEN_CURLY || first === OPEN_SQUARE || first === QUOTE || first <= SPACE
}

const redactText = (text: string, kind: KeyKind): string => {
  if (kind === SECRET) return REDACTED
  if (kind === ADDRESS) return redactAddress(text)
  if (!looksLikeJson(text) || (kind === PLAIN && !MAY_HIDE_SECRET.test(text))) return text
  try {
    const value: unknown = JSON.parse(text)
    const redacted = redactValue(value, kind, 0, MAX_NESTING)
    return redacted === value ? text : JSON.stringify(redacted)
  } catch {
    return redactJsonText(text)
  }
}

/** Nesting beyond which a value is refused; the recursion over it stays far from the end of the stack. */
export const MAX_NESTING = 500

/** No setting goes beyond this: writing JSON is recursive too. */
export const DEEPEST_NESTING = 2000

/** Thrown inside the walk, caught by the reader: the payload nests deeper than allowed. */
export class TooDeep extends Error {}

const redactValue = (value: unknown, kind: KeyKind, depth: number, maxNesting: number): unknown => {
  if (typeof value === "string") return redactText(value, kind)
  if (typeof value !== "object" || value === null) return value
  if (depth >= maxNesting) throw new TooDeep(`nested deeper than ${maxNesting} levels`)
  if (Array.isArray(value)) return redactArray(value, kind, depth, maxNesting)
  return isJsonObject(value) ? redactObject(value, kind, depth, maxNesting) : value
}

const redactArray = (
  items: ReadonlyArray<unknown>,
  kind: KeyKind,
  depth: number,
  maxNesting: number
): ReadonlyArray<unknown> => {
  let copy: Array<unknown> | undefined
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    const redacted = redactValue(item, kind, depth + 1, maxNesting)
    if (redacted === item) continue
    copy ??= items.slice()
    copy[index] = redacted
  }
  return copy ?? items
}

const redactObject = (object: JsonObject, kind: KeyKind, depth: number, maxNesting: number): JsonObject => {
  let copy: Record<string, unknown> | undefined
  // JSON objects inherit no enumerable keys, and this is the hottest loop of all.
  for (const key in object) {
    const value = object[key]
    if ((typeof value !== "string" && typeof value !== "object") || value === null) continue
    const within = kindWithin(kind, key)
    if (within === PLAIN && typeof value === "string" && !looksLikeJson(value)) continue
    const redacted = redactValue(value, within, depth + 1, maxNesting)
    if (redacted === value) continue
    copy ??= { ...object }
    if (key === "__proto__") setOwn(copy, key, redacted)
    else copy[key] = redacted
  }
  return copy ?? object
}

/** An own key `__proto__` is data; assigning to it would change the prototype instead. */
const setOwn = (target: object, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

const kindWithin = (parent: KeyKind, key: string): KeyKind => {
  if (parent === SECRET) return SECRET
  if (parent === CREDENTIAL_LIST && key === "value") return SECRET
  if (parent === TOOL_LIST && key === "url") return ADDRESS
  return cachedKindOfKey(key)
}

/**
 * The value with every secret in it replaced by `"[redacted]"`; the value itself where there is none. Strings are
 * replaced, numbers and booleans stay (`max_tokens`).
 *
 * Secret are: anything under a key that names an API key, secret, token, authorization or password in camel or snake
 * case; `value` in `headers[]` and `query_params[]`; `llm_system_prompt`; user-info and query values in webhook and
 * tool addresses. Both providers are known to send such values back (Revox: `llm_model.api_key`,
 * `custom_tools[].headers`).
 *
 * @throws TooDeep if the value nests deeper than `maxNesting`
 */
export const redact = (value: unknown, maxNesting: number = MAX_NESTING): unknown =>
  typeof value === "string" ? redactJsonText(redactText(value, PLAIN)) : redactValue(value, PLAIN, 0, maxNesting)

export const redactRecord = (record: JsonObject, maxNesting: number = MAX_NESTING): JsonObject =>
  redactObject(record, PLAIN, 0, maxNesting)

const MEMBER = /"([^"\\]{1,200})"(\s*:\s*)"([^"\\]*(?:\\[^][^"\\]*)*)("|\\?$)/g
const ESCAPED_MEMBER = /\\"([^"\\]{1,200})\\"(\s*:\s*)\\"([^"\\]*)/g

const redactMember = (key: string, value: string): string => {
  const kind = cachedKindOfKey(key)
  if (kind === SECRET || key === "value") return REDACTED
  return kind === ADDRESS || key === "url" ? redactAddress(value) : value
}

/** The same for text that is not readable as JSON, as well as text allows: string values after a secret key go, cut-off ones too. */
export const redactJsonText = (text: string): string =>
  text
    .replace(
      ESCAPED_MEMBER,
      (_, key: string, colon: string, value: string) => `\\"${key}\\"${colon}\\"${redactMember(key, value)}`
    )
    .replace(
      MEMBER,
      (_, key: string, colon: string, value: string, end: string) =>
        `"${key}"${colon}"${redactMember(key, value)}${end}`
    )

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
