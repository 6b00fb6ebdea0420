/** Text that stands where a payload belongs: JSON, JSON in base64, or a line of a log with JSON in it. */
import { has, spaces } from "./reading/bytes.ts"
import { maxRawBytes } from "./reading/outlet.ts"
import { decodeUtf8, parseJson } from "./reading/text.ts"

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/
/** `{"`, `{ `, `{` and a line break, `[{`, `[ `, `["`, `[` and a line break, a byte order mark: how JSON begins in base64. */
const BASE64_OF_JSON = /^(?:ey|ew|Wy|W3|Ww|77u)/

const isBase64OfJson = (trimmed: string): boolean => BASE64_OF_JSON.test(trimmed) && BASE64.test(trimmed)

const fromBase64 = (text: string): unknown => {
  const trimmed = text.trim()
  if (!isBase64OfJson(trimmed)) return undefined
  try {
    const bytes = Uint8Array.from(atob(trimmed.replaceAll("-", "+").replaceAll("_", "/")), (byte) => byte.charCodeAt(0))
    const value = parseJson(decodeUtf8(bytes)?.replace(/^\uFEFF/, "") ?? "")
    return typeof value === "object" && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** The one value that a text is, as JSON or as base64 of JSON; `undefined` if it is neither. */
export const valueOfText = (text: string): unknown => parseJson(text) ?? fromBase64(text)

/** Whether a text is JSON, though maybe damaged; what stands in it is part of it then, and no record of its own. */
export const beginsLikeJson = (text: string): boolean => {
  const start = text.trimStart()
  if (start.startsWith("{") || start.startsWith('"')) return true
  if (!/^\[\s*["{[\dtfn-]/.test(start)) return false
  // `[INFO] {…}` is no array.
  const object = start.indexOf("{")
  const end = start.indexOf("]")
  return end < 0 || object < end
}

/** Whether objects may stand in a text that is no JSON itself. */
const isTextWithJson = (text: string): boolean => text.includes("{") && !beginsLikeJson(text)

/** Whether what a reader of JSON took for damage may be a line of a log that holds JSON; longer damage is cut off. */
export const isLineOfLog = (raw: string): boolean =>
  raw.length < maxRawBytes && (isTextWithJson(raw) || isBase64OfJson(raw.trim()))

/** Index behind the string that opens at `from`, 0 if it does not end. */
const endOfString = (text: string, from: number): number => {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at++
    else if (text[at] === '"') return at + 1
  }
  return 0
}

/** Index behind the object that opens at `from`, 0 if it does not end. */
const endOfObject = (text: string, from: number): number => {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === '"') {
      const end = endOfString(text, at)
      if (end === 0) return 0
      at = end - 1
    } else if (character === "{") depth++
    else if (character === "}" && --depth === 0) return at + 1
  }
  return 0
}

export interface JsonInText {
  /** Objects, and strings that hold them. */
  readonly values: ReadonlyArray<unknown>
  /** What begins as an object does and is none: cut off, for example. Whatever stands in it is part of it. */
  readonly damaged: ReadonlyArray<string>
}

const NONE: JsonInText = { values: [], damaged: [] }

const endOfSpace = (text: string, from: number): number => {
  let at = from
  while (has(spaces, text.charCodeAt(at))) at++
  return at
}

/** Whether an object with a first member opens here, or an empty one; `{name}` of a template is none. */
const beginsObject = (text: string, from: number): boolean => {
  const at = endOfSpace(text, from + 1)
  if (text[at] !== '"') return text[at] === "}"
  const end = endOfString(text, at)
  return end > 0 && text[endOfSpace(text, end)] === ":"
}

/** The JSON objects in a line of a log, also those that stand in it as a quoted string. */
export const jsonInText = (text: string): JsonInText => {
  if (!isTextWithJson(text)) return NONE
  const values: Array<unknown> = []
  const damaged: Array<string> = []
  let at = text.indexOf("{")
  while (at >= 0) {
    const isQuoted = text.startsWith('"{\\"', at - 1)
    let next = at + 1
    if (isQuoted || beginsObject(text, at)) {
      const from = isQuoted ? at - 1 : at
      const end = isQuoted ? endOfString(text, from) : endOfObject(text, from)
      next = end === 0 ? text.length : end
      const part = text.slice(from, next)
      const value = end === 0 ? undefined : parseJson(part)
      if (value === undefined) damaged.push(part)
      else values.push(value)
    }
    at = text.indexOf("{", next)
  }
  return { values, damaged }
}
