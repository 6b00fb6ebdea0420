/** Secrets in text that is no JSON, as well as text allows: addresses, lines of headers, damaged or cut-off JSON. */
import { flat } from "./flatText.ts"
import { ADDRESS, type KeyKind, PAIRS, SECRET } from "./SecretKeys.ts"

/** What a secret value becomes. */
export const REDACTED = "[redacted]"

/** Up to where the user-info of an address may stand. */
const SCHEME = /^\s*(?:[a-z][a-z0-9+.-]*:)?\/\//i

/** An address without user-info, query values and fragment values; everything else stays as it was written. */
export const redactAddress = (address: string): string => {
  const details = address.search(/[?#]/)
  const place = details < 0 ? address : address.slice(0, details)
  const shown = place.includes("@") ? withoutUserInfo(place) : place
  return details < 0 ? shown : [shown, ...detailsOf(address.slice(details))].join("")
}

const withoutUserInfo = (place: string): string => {
  const start = SCHEME.exec(place)?.[0].length ?? 0
  const slash = place.indexOf("/", start)
  const end = place.lastIndexOf("@", slash < 0 ? place.length : slash)
  const info = place.slice(start, end)
  // Without a scheme only what holds a password is user-info.
  return end < start || (start === 0 && !info.includes(":"))
    ? place
    : [place.slice(0, start), REDACTED, place.slice(end)].join("")
}

/** `?a=b&c#d`: values after a name go, and parts that have no name. */
const detailsOf = (details: string): ReadonlyArray<string> => {
  const pieces: Array<string> = []
  for (const [part = ""] of details.matchAll(/[?#&;][^&;#]*/g)) {
    const equals = part.indexOf("=")
    if (equals >= 0) pieces.push(part.slice(0, equals + 1), REDACTED)
    else if (part.length > 1) pieces.push(part.slice(0, 1), REDACTED)
    else pieces.push(part)
  }
  return pieces
}

/** An address and nothing else: a sentence that holds one is none. */
export const isUrlAlone = (text: string): boolean => text.includes("://") && !/\s/.test(text)

/** Lines as `name: value` lose their values; what is no such line is no header and stays. */
export const redactHeaderLines = (text: string): string =>
  text.includes(":") || text.includes("=")
    ? flat(text.replace(/^([^\s:=]+[ \t]*[:=][ \t]*)\S.*$/gm, `$1${REDACTED}`))
    : text

const MEMBER = /"([^"\\]{1,200})"(\s*:\s*)"([^"\\]*(?:\\[^][^"\\]*)*)("|\\?$)/g
/** Where the value of a member begins within text, whose quotes are escaped, once or several times over. */
const ESCAPED_HEAD = /(?<!\\)(\\+)"([^"\\]{1,200})\1"\s*:\s*\1"/g
const OPENING = /"([^"\\]{1,200})"\s*:\s*[[{]/g
/** A string, and the colon that tells a key. */
const STRING = /"[^"\\]*(?:\\[^][^"\\]*)*("|\\?$)(\s*:)?/g

type KindOf = (key: string) => KeyKind

/** Whether what is under a key changes; in damaged text it is not known what an item or a tool is. */
const isTelling = (kindOf: KindOf, key: string): boolean =>
  key === "value" || key === "url" || kindOf(key) === SECRET || kindOf(key) === PAIRS || kindOf(key) === ADDRESS

const redactMember = (kindOf: KindOf, key: string, value: string): string => {
  if (!isTelling(kindOf, key)) return value
  return key === "url" || kindOf(key) === ADDRESS ? redactAddress(value) : REDACTED
}

/** String values after a secret key go, cut-off ones too, and all texts within the brackets that follow one. */
export const redactJsonText = (text: string, kindOf: KindOf): string =>
  flat(
    redactEscaped(redactBlocks(text, kindOf), kindOf).replace(
      MEMBER,
      (member: string, key: string, colon: string, value: string, end: string) => {
        const redacted = redactMember(kindOf, key, value)
        return redacted === value ? member : ['"', key, '"', colon, '"', redacted, end].join("")
      }
    )
  )

const redactEscaped = (text: string, kindOf: KindOf): string => {
  const pieces: Array<string> = []
  let done = 0
  for (const match of text.matchAll(ESCAPED_HEAD)) {
    const [head, escape = "", key = ""] = match
    const start = match.index + head.length
    if (match.index < done || !isTelling(kindOf, key)) continue
    const end = closingQuote(text, `${escape}"`, start)
    pieces.push(text.slice(done, start), redactMember(kindOf, key, text.slice(start, end)))
    done = end
  }
  return done === 0 ? text : [...pieces, text.slice(done)].join("")
}

/** Index of the quote that ends a text; one that is escaped once more stands within it. */
const closingQuote = (text: string, quote: string, from: number): number => {
  let at = text.indexOf(quote, from)
  while (at > from && text[at - 1] === "\\") at = text.indexOf(quote, at + 1)
  return at < 0 ? text.length : at
}

const redactBlocks = (text: string, kindOf: KindOf): string => {
  const pieces: Array<string> = []
  let done = 0
  for (const match of text.matchAll(OPENING)) {
    const start = match.index + match[0].length
    if (start < done) continue
    const kind = kindOf(match[1] ?? "")
    if (kind !== SECRET && kind !== PAIRS) continue
    const end = blockEnd(text, start)
    pieces.push(text.slice(done, start), text.slice(start, end).replace(STRING, redactString))
    done = end
  }
  return done === 0 ? text : [...pieces, text.slice(done)].join("")
}

const redactString = (string: string, end: string, colon: string | undefined): string =>
  colon === undefined ? ['"', REDACTED, end].join("") : string

/** Index of the bracket that closes the one before `start`, or the end of a text that was cut off. */
const blockEnd = (text: string, start: number): number => {
  let depth = 1
  for (const match of text.slice(start).matchAll(/"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|[[\]{}]/g)) {
    const [token] = match
    if (token === "{" || token === "[") depth++
    else if (token === "}" || token === "]") depth--
    if (depth === 0) return start + match.index
  }
  return text.length
}
