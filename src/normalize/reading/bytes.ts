/** The bytes that the syntax of JSON and CSV is made of. */

const tab = 9
export const lineFeed = 10
export const carriageReturn = 13
// RFC 7464 puts this before every record. It cannot stand inside JSON, so it always ends what is open.
export const recordSeparator = 30
const space = 32
export const quote = 34
export const comma = 44
export const colon = 58
export const openSquare = 91
export const backslash = 92
export const closeSquare = 93
export const openCurly = 123
export const closeCurly = 125

/** White space within a line. */
export const isBlank = (byte: number | undefined): boolean => byte === space || byte === tab || byte === carriageReturn

/** White space of JSON. */
export const isSpace = (byte: number | undefined): boolean => byte === lineFeed || isBlank(byte)

/** What cannot stand in a string, so that it ends one that was cut off. */
export const isBreak = (byte: number | undefined): boolean => byte === lineFeed || byte === recordSeparator

export const isOpen = (byte: number | undefined): boolean => byte === openCurly || byte === openSquare

/** What may begin a number, `true`, `false` or `null`. */
export const isWordStart = (byte: number | undefined): boolean =>
  byte !== undefined && (byte === 45 || (byte >= 48 && byte <= 57) || byte === 116 || byte === 102 || byte === 110)

export const isWordEnd = (byte: number | undefined): boolean =>
  byte === undefined ||
  byte <= space ||
  byte === comma ||
  byte === colon ||
  byte === quote ||
  isOpen(byte) ||
  byte === closeCurly ||
  byte === closeSquare
