/** The bytes that JSON text is made of. */

const tab = 9
export const lineFeed = 10
const carriageReturn = 13
// RFC 7464 puts this before every record. It cannot stand inside JSON, so it always ends what is open.
export const recordSeparator = 30
const space = 32
export const quote = 34
export const comma = 44
export const openSquare = 91
export const backslash = 92
export const closeSquare = 93
export const openCurly = 123
export const closeCurly = 125

// Kinds of bytes that matter between strings; all others are skipped with one table look-up.
export const kindOpen = 1
export const kindClose = 2
export const kindQuote = 3
export const kindLineFeed = 4
export const kindSeparator = 5
export const kindComma = 6

export const kinds = new Uint8Array(256)
kinds[openCurly] = kindOpen
kinds[openSquare] = kindOpen
kinds[closeCurly] = kindClose
kinds[closeSquare] = kindClose
kinds[quote] = kindQuote
kinds[lineFeed] = kindLineFeed
kinds[recordSeparator] = kindSeparator
kinds[comma] = kindComma

// Kinds of bytes that matter in strings.
export const stopQuote = 1
export const stopEscape = 2
export const stopCut = 3

export const stops = new Uint8Array(256)
stops[quote] = stopQuote
stops[backslash] = stopEscape
stops[lineFeed] = stopCut
stops[recordSeparator] = stopCut

export const isBlank = (byte: number | undefined): boolean => byte === space || byte === tab || byte === carriageReturn

export const isOpen = (byte: number | undefined): boolean => byte === openCurly || byte === openSquare

export const isWordStart = (byte: number): boolean =>
  byte === 45 || (byte >= 48 && byte <= 57) || byte === 116 || byte === 102 || byte === 110

export const isWordEnd = (byte: number | undefined): boolean =>
  byte === undefined ||
  byte <= space ||
  byte === comma ||
  byte === 58 ||
  byte === quote ||
  isOpen(byte) ||
  byte === closeCurly ||
  byte === closeSquare
