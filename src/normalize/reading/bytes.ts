/** The bytes that the syntax of JSON and CSV is made of, and sets of them. */

export const lineFeed = 10
export const carriageReturn = 13
// RFC 7464 puts this before every record. It cannot stand inside JSON, so it always ends what is open.
export const recordSeparator = 30
export const quote = 34
export const comma = 44
export const colon = 58
export const openSquare = 91
export const backslash = 92
export const closeSquare = 93
export const letterU = 117
export const openCurly = 123
export const closeCurly = 125

/** 1 at the bytes that belong to the set. */
export type ByteSet = Uint8Array

export const setOf = (characters: string): ByteSet => {
  const set = new Uint8Array(256)
  for (const byte of new TextEncoder().encode(characters)) set[byte] = 1
  return set
}

export const allBut = (set: ByteSet): ByteSet => set.map((isMember) => 1 - isMember)

export const has = (set: ByteSet, byte: number | undefined): boolean => byte !== undefined && set[byte] === 1

/** White space within a line. */
export const blanks = setOf(" \t\r")
/** White space of JSON. */
export const spaces = setOf(" \t\r\n")
/** What cannot stand in a string, so that it ends one that was cut off. */
export const breaks = setOf("\n\x1e")
export const openers = setOf("{[")
/** What may begin a number, `true`, `false` or `null`. */
export const wordStarts = setOf("-0123456789tfn")
