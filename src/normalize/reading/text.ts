/** Bytes into text, text into values. */
import { has, spaces } from "./bytes.ts"

/**
 * Longest text that is parsed without counting its nesting first. `JSON.parse` takes up to 30 bytes of memory per
 * bracket, so a text up to this length does no harm; whoever walks its value must not recurse without a limit.
 */
export const maxUnscannedBytes = 1 << 20

// BOMs are kept: only a reader may decide that one is at the start of a record and can be skipped.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true })
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Decodes UTF-8 with U+FFFD for bad bytes. */
export const decodeLoosely = (bytes: Uint8Array): string => decoder.decode(bytes)

export const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    strictDecoder.decode(bytes)
    return true
  } catch {
    return false
  }
}

/**
 * Decodes UTF-8; undefined when the bytes are not valid UTF-8.
 *
 * The lenient decoder is about twice as fast as the fatal one on text that is not ASCII, so the strict check runs only
 * when a replacement character turned up, which may also stand in the input itself.
 */
export const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  const text = decodeLoosely(bytes)
  return text.includes("\uFFFD") && !isUtf8(bytes) ? undefined : text
}

/** Parses JSON text; undefined when it is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The UTF-16 flavour, named as WHATWG does, whose byte order mark the bytes begin with. */
export const utf16Of = (bytes: Uint8Array): string | undefined => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le"
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : undefined
}

const encoder = new TextEncoder()

export const utf8Length = (text: string): number => encoder.encode(text).length

/** The bytes without white space at their end. */
export const trimEnd = (bytes: Uint8Array): Uint8Array => {
  let end = bytes.length
  while (end > 0 && has(spaces, bytes[end - 1])) end--
  return end === bytes.length ? bytes : bytes.subarray(0, end)
}

/** The first `max` bytes, or up to three fewer so that no character is cut in two. */
export const clip = (bytes: Uint8Array, max: number): Uint8Array => {
  if (bytes.length <= max) return bytes
  let end = max
  while (end > max - 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}
