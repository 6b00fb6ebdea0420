/** Follows strings and brackets through the bytes of one record, with one table look-up for most bytes. */
import {
  backslash,
  closeCurly,
  closeSquare,
  comma,
  isBreak,
  lineFeed,
  openCurly,
  openSquare,
  quote,
  recordSeparator
} from "./bytes.ts"

// What a byte means between strings; 0 for all that can be passed over.
const kindOpen = 1
const kindClose = 2
const kindQuote = 3
const kindBreak = 4

const kinds = new Uint8Array(256)
kinds[openCurly] = kindOpen
kinds[openSquare] = kindOpen
kinds[closeCurly] = kindClose
kinds[closeSquare] = kindClose
kinds[quote] = kindQuote
kinds[lineFeed] = kindBreak
kinds[recordSeparator] = kindBreak

// Bytes that matter in strings.
const stops = new Uint8Array(256)
stops[quote] = 1
stops[backslash] = 1
stops[lineFeed] = 1
stops[recordSeparator] = 1

export class Nesting {
  depth = 0
  /** Depth at which the record ends; above 0 only while another one is parked below it. */
  floor = 0
  isInString = false
  /** Known not to be JSON, whatever follows. */
  isBroken = false
  private isEscaped = false
  private readonly open: Uint8Array
  private readonly tooDeep: (at: number) => void

  /** Calls `tooDeep` with the index of a bracket beyond `maxNesting`. */
  constructor(maxNesting: number, tooDeep: (at: number) => void) {
    this.open = new Uint8Array(maxNesting)
    this.tooDeep = tooDeep
  }

  begin(): void {
    this.depth = this.floor
    this.isInString = false
    this.isBroken = false
    this.isEscaped = false
  }

  /** Whether the innermost bracket is that of an array. */
  get isInArray(): boolean {
    return this.open[this.depth - 1] === openSquare
  }

  /** Forgets the brackets below the floor. */
  dropParked(): void {
    this.open.copyWithin(0, this.floor, this.depth)
    this.depth -= this.floor
    this.floor = 0
  }

  /** Index after the bracket that ends the document, else of a line break or record separator, else `to`. */
  document(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    while (at < to) {
      const byte = bytes[at] ?? 0
      const kind = kinds[byte]
      if (kind === kindQuote) at = this.string(bytes, at + 1, to)
      else if (kind === kindBreak) return at
      else {
        if (kind === kindOpen) this.push(byte, at)
        else if (kind === kindClose && this.pop(byte)) return at + 1
        at++
      }
    }
    return at
  }

  /** Index of the comma or bracket that ends an element, or of a line break or record separator, else `to`. */
  element(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    while (at < to) {
      const byte = bytes[at] ?? 0
      const kind = kinds[byte]
      if (kind === kindBreak || (this.depth === 0 && (byte === comma || byte === closeSquare))) return at
      if (kind === kindQuote) at = this.string(bytes, at + 1, to)
      else {
        if (kind === kindOpen) this.depth++
        else if (kind === kindClose && this.depth > 0) this.depth--
        at++
      }
    }
    return at
  }

  /**
   * Index after the string that `bytes[from]` is in, else `to`. A line break or record separator cuts the string, as
   * neither can stand in one.
   */
  string(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    this.isInString = true
    if (this.isEscaped && !isBreak(bytes[at])) at++
    this.isEscaped = false
    while (at < to) {
      const byte = bytes[at] ?? 0
      if (stops[byte] === 0) at++
      else if (byte === backslash) {
        this.isEscaped = at + 1 === to
        at += this.isEscaped || isBreak(bytes[at + 1]) ? 1 : 2
      } else {
        this.isInString = false
        if (byte === quote) return at + 1
        this.isBroken = true
        return at
      }
    }
    return at
  }

  private push(byte: number, at: number): void {
    this.depth++
    if (this.depth > this.open.length) this.tooDeep(at)
    if (this.depth <= this.open.length) this.open[this.depth - 1] = byte
  }

  /** Closes a bracket; true when the document ends with it. One that does not match is passed over. */
  private pop(byte: number): boolean {
    const opener = byte === closeCurly ? openCurly : openSquare
    if (this.depth <= this.open.length && this.open[this.depth - 1] !== opener) this.isBroken = true
    else this.depth--
    return this.depth === this.floor
  }
}
