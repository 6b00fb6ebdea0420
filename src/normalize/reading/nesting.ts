/** Follows strings and brackets through the bytes of one record, with one table look-up for most bytes. */
import { backslash, breaks, closeCurly, closeSquare, comma, has, openCurly, openSquare, quote, setOf } from "./bytes.ts"

/** What matters in strings. */
const stringStops = setOf('"\\\n\x1e')

// What a byte means between strings; 0 for all that can be passed over.
const kindOpen = 1
const kindClose = 2
const kindQuote = 3
const kindBreak = 4

const kinds = breaks.map((isBreak) => isBreak * kindBreak)
kinds[openCurly] = kindOpen
kinds[openSquare] = kindOpen
kinds[closeCurly] = kindClose
kinds[closeSquare] = kindClose
kinds[quote] = kindQuote

export class Nesting {
  depth = 0
  /** Depth at which the record ends; above 0 only while another one is parked below it. */
  floor = 0
  /** The record is an element that a comma or the bracket of its array ends, not its own bracket. */
  isElement = false
  /** The end of the record was found. */
  isClosed = false
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

  begin(form: "document" | "element"): void {
    this.depth = this.floor
    this.isElement = form === "element"
    this.isClosed = false
    this.isInString = false
    this.isBroken = false
    this.isEscaped = false
  }

  /** Goes on with the record that is parked below the one that has ended. */
  reopen(): void {
    this.floor = 0
    this.isClosed = false
  }

  /** Forgets the brackets of the record that is parked. */
  dropParked(): void {
    this.open.copyWithin(0, this.floor, this.depth)
    this.depth -= this.floor
    this.floor = 0
  }

  /** Whether the innermost bracket is that of an array. */
  get isInArray(): boolean {
    return this.open[this.depth - 1] === openSquare
  }

  /** Index of where the record ends, which `isClosed` tells, else of a line break or record separator, else the length. */
  scan(bytes: Uint8Array, from: number): number {
    const at = this.isInString ? this.string(bytes, from) : from
    return this.isElement ? this.element(bytes, at) : this.document(bytes, at)
  }

  /** A document ends behind its last bracket. */
  private document(bytes: Uint8Array, from: number): number {
    let at = from
    while (at < bytes.length) {
      const byte = bytes[at] ?? 0
      const kind = kinds[byte]
      if (kind === kindQuote) at = this.string(bytes, at + 1)
      else if (kind === kindBreak) return at
      else {
        at++
        if (kind === kindOpen) this.push(byte, at - 1)
        else if (kind === kindClose && this.pop(byte)) break
      }
    }
    return at
  }

  /** An element ends before a comma or the bracket of its array; its own brackets are only counted. */
  private element(bytes: Uint8Array, from: number): number {
    let at = from
    while (at < bytes.length) {
      const byte = bytes[at] ?? 0
      const kind = kinds[byte]
      if (kind === kindBreak) return at
      if (this.depth === 0 && (byte === comma || byte === closeSquare)) {
        this.isClosed = true
        return at
      }
      if (kind === kindQuote) at = this.string(bytes, at + 1)
      else {
        if (kind === kindOpen) this.depth++
        else if (kind === kindClose && this.depth > 0) this.depth--
        at++
      }
    }
    return at
  }

  /**
   * Index after the string that `bytes[from]` is in, else the length. A line break or record separator cuts the string,
   * as neither can stand in one.
   */
  string(bytes: Uint8Array, from: number): number {
    let at = from
    this.isInString = true
    if (this.isEscaped && !has(breaks, bytes[at])) at++
    this.isEscaped = false
    while (at < bytes.length) {
      const byte = bytes[at] ?? 0
      if (stringStops[byte] === 0) at++
      else if (byte === backslash) {
        this.isEscaped = at + 1 === bytes.length
        at += this.isEscaped || has(breaks, bytes[at + 1]) ? 1 : 2
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
    this.isClosed = this.depth === this.floor
    return this.isClosed
  }
}
