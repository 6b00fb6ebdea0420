/**
 * Scans one open record to its end: a document with brackets, or an element of a top-level array.
 *
 * A record that was cut off has no end of its own, so layout decides where the next one begins. Inner lines of a
 * pretty-printed document are indented deeper than its first line; a line that begins with a bracket and is not
 * indented deeper starts a new record. Two layouts without indentation are told apart from that, see `startLine`.
 */
import {
  closeCurly,
  closeSquare,
  comma,
  isBlank,
  isOpen,
  kindClose,
  kindComma,
  kindLineFeed,
  kindOpen,
  kindQuote,
  kinds,
  kindSeparator,
  lineFeed,
  openCurly,
  openSquare,
  quote,
  recordSeparator,
  stopCut,
  stopQuote,
  stops
} from "./jsonBytes.ts"
import { findFault } from "./jsonFault.ts"
import {
  decodeUtf8,
  type Limits,
  maxRawBytes,
  type Outlet,
  parseJson,
  placeName,
  Region,
  trimEnd
} from "./jsonRegion.ts"

/** What the scanner is in. */
export type Mode =
  /** At the start of a line with nothing open: the caller may read lines its own way. */
  | "idle"
  | "between"
  /** In a document, or in an element of a top-level array that has brackets. */
  | "nested"
  /** After a row that may belong to the parked document, see `startTrial`. */
  | "row end"
  | "string"
  | "word"
  | "after scalar"
  /** Stray `,` `]` `}` after a value; they cost themselves only. */
  | "punctuation"
  /** The rest of a line that holds no JSON. */
  | "garbage"
  | "byte order mark"
  /** The rest of an input in another encoding. */
  | "foreign"
  | "array"
  /** A scalar in a top-level array, or what stands where one should. */
  | "element"

export const unterminated = "unterminated array: "

const encodingOf = (bytes: Uint8Array): string => (bytes[0] === 0xff ? "utf-16le" : "utf-16be")

/** Where the scanner stands in the top-level array whose elements it streams. */
export interface OpenArray {
  readonly line: number
  readonly indent: number
  expects: "first" | "element" | "next"
}

export class RecordScanner {
  /** 1-based line of the next byte. */
  line = 1
  /** 0-based offset of the next byte in the input. */
  offset = 0
  private readonly limits: Limits
  protected readonly outlet: Outlet
  protected mode: Mode = "idle"
  /** Offset in the input of `bytes[0]` of the current call. */
  protected origin = 0
  /** Where the bytes of the open region that are not yet in it begin in the current chunk. */
  protected pendingFrom = 0
  protected region: Region
  /** The document that waits for the decision whether a row belongs to it, see `startTrial`. */
  private parked: Region

  /** Offset of the first byte of the line, for columns. */
  protected lineOffset = 0
  /** Offset from which the indentation of the line counts. */
  protected margin = 0
  protected indent = 0
  /** No significant byte on this line yet. */
  protected isFresh = true
  /** A value or an array ended on this line. */
  protected isAfterValue = false

  private depth = 0
  /** Depth at which the open document ends; above 0 only while one is parked below it. */
  protected floor = 0
  private readonly open: Uint8Array
  protected isInString = false
  private isEscaped = false
  /** Indentation of the line on which the open document began. */
  private base = 0
  private parkedBase = 0
  /** The open document is printed without indentation. */
  private isFlush = false
  private lastSignificant = 0
  protected array: OpenArray | undefined

  constructor(limits: Limits, outlet: Outlet) {
    this.limits = limits
    this.outlet = outlet
    this.region = new Region(limits.maxRecordBytes)
    this.parked = new Region(limits.maxRecordBytes)
    this.open = new Uint8Array(limits.maxNesting)
  }

  // Lines and places

  protected endLine(at: number): void {
    this.line++
    this.lineOffset = this.origin + at + 1
    this.margin = this.lineOffset
    this.isFresh = true
    this.isAfterValue = false
  }

  protected significant(at: number): void {
    if (!this.isFresh) return
    this.indent = this.origin + at - this.margin
    this.isFresh = false
  }

  protected place(at: number): string {
    const offset = this.origin + at
    return placeName(this.line, offset - this.lineOffset + 1, offset)
  }

  // The open record

  protected begin(mode: Mode, at: number): void {
    const offset = this.origin + at
    this.region.begin(this.line, offset - this.lineOffset + 1, offset)
    this.pendingFrom = at
    this.mode = mode
    this.depth = this.floor
    this.isInString = false
    this.isEscaped = false
    this.base = this.indent
    this.isFlush = false
  }

  protected afterRegion(): void {
    this.isAfterValue = true
    this.mode = "between"
    if (this.array === undefined) return
    this.array.expects = "next"
    this.mode = "array"
  }

  /** Ends the open region before `at` and reports it as a value, or as a damage when it is none. */
  protected complete(bytes: Uint8Array, at: number): void {
    const view = this.region.finish(bytes, this.pendingFrom, at)
    const text = this.region.isBad ? undefined : decodeUtf8(view)
    const value = text === undefined ? undefined : parseJson(text)
    if (value !== undefined) this.outlet.value(value, this.region.line)
    else if (text !== undefined || this.region.isBad) this.report(this.region, view, this.reason(this.region, view))
    else this.report(this.region, view, `invalid UTF-8 in the record at ${this.region.start}`)
    this.afterRegion()
  }

  /** Ends the open region before `at` as a damage. */
  protected damage(bytes: Uint8Array, at: number, prefix: string): void {
    const view = this.region.finish(bytes, this.pendingFrom, at)
    this.report(this.region, view, prefix + this.reason(this.region, view))
    this.afterRegion()
  }

  private report(region: Region, view: Uint8Array, message: string): void {
    // Only a text that is shown whole is trimmed: the end of a longer one may no longer be at hand.
    const shown = region.total <= maxRawBytes ? trimEnd(view) : view
    const total = region.total - view.length + shown.length
    this.outlet.damage(region.line, message, shown, total, this.mode === "foreign" ? encodingOf(view) : undefined)
  }

  private reason(region: Region, view: Uint8Array): string {
    const start = region.start
    if (this.mode === "foreign") return `expected UTF-8 but the input is ${encodingOf(view).toUpperCase()}, at ${start}`
    if (!this.isJsonMode()) return `expected a JSON value at ${start}`
    if (region.tooDeepAt !== "") return `nesting deeper than ${this.limits.maxNesting} levels at ${region.tooDeepAt}`
    if (region.isTooLong) return `record longer than ${this.limits.maxRecordBytes} bytes at ${start}`
    const fault = findFault(trimEnd(view))
    if (fault !== undefined) return `expected ${fault.expected} at ${region.placeOf(view, fault.at)}`
    // Only an element can be JSON and yet damaged: by what stands before or after it.
    return `expected "," or "]" next to the element at ${start}`
  }

  private isJsonMode(): boolean {
    return this.mode !== "garbage" && this.mode !== "punctuation" && this.mode !== "byte order mark"
  }

  // Inside brackets and in elements of a top-level array

  protected nested(bytes: Uint8Array, from: number, to: number): number {
    const mode = this.mode
    let at = from
    while (at < to && this.mode === mode) {
      if (this.isInString) at = this.string(bytes, at, to)
      else if (this.isFresh) at = this.startLine(bytes, at, to)
      else if (mode === "nested") at = this.brackets(bytes, at, to)
      else at = this.element(bytes, at, to)
    }
    return at
  }

  /** Scans to the end of the string; a line break or record separator cuts it, as neither can stand in a string. */
  protected string(bytes: Uint8Array, from: number, to: number): number {
    let at = this.isEscaped ? this.skipEscaped(bytes, from) : from
    while (at < to) {
      const stop = stops[bytes[at] ?? 0]
      if (stop === 0) at++
      else if (stop === stopQuote) {
        this.isInString = false
        return at + 1
      } else if (stop === stopCut) {
        this.region.isBroken = true
        this.isInString = false
        return at
      } else if (at + 1 < to) at = this.skipEscaped(bytes, at + 1)
      else {
        this.isEscaped = true
        at++
      }
    }
    this.isInString = true
    return at
  }

  private skipEscaped(bytes: Uint8Array, at: number): number {
    this.isEscaped = false
    return stops[bytes[at] ?? 0] === stopCut ? at : at + 1
  }

  private brackets(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    while (at < to) {
      const byte = bytes[at] ?? 0
      const kind = kinds[byte]
      if (kind === kindQuote) at = this.string(bytes, at + 1, to)
      else if (kind === kindLineFeed || kind === kindSeparator) return this.endNestedLine(bytes, from, at)
      else {
        if (kind === kindOpen) this.push(byte, at)
        else if (kind === kindClose && this.pop(byte)) return this.endDocument(bytes, at + 1)
        at++
      }
    }
    this.noteLast(bytes, from, at)
    return at
  }

  private push(byte: number, at: number): void {
    this.depth++
    if (this.depth > this.limits.maxNesting && this.floor > 0) this.failTrial()
    if (this.depth <= this.limits.maxNesting) this.open[this.depth - 1] = byte
    else if (this.region.tooDeepAt === "") this.region.tooDeepAt = this.place(at)
  }

  /** Closes a bracket; true when the document ends with it. One that does not match is passed over. */
  private pop(byte: number): boolean {
    const opener = byte === closeCurly ? openCurly : openSquare
    if (this.depth <= this.limits.maxNesting && this.open[this.depth - 1] !== opener) this.region.isBroken = true
    else this.depth--
    return this.depth === this.floor
  }

  private endDocument(bytes: Uint8Array, at: number): number {
    if (this.floor > 0) this.mode = "row end"
    else this.complete(bytes, at)
    return at
  }

  private endNestedLine(bytes: Uint8Array, from: number, at: number): number {
    if (bytes[at] === recordSeparator) return this.separate(bytes, at)
    this.noteLast(bytes, from, at)
    if (this.floor > 0) this.failTrial()
    this.endLine(at)
    return at + 1
  }

  /** Remembers the last significant byte of `bytes[from, to)`, which lies on one line, so this stays linear. */
  private noteLast(bytes: Uint8Array, from: number, to: number): void {
    let at = to - 1
    while (at >= from && isBlank(bytes[at])) at--
    if (at >= from) this.lastSignificant = bytes[at] ?? 0
  }

  private element(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    while (at < to) {
      const kind = kinds[bytes[at] ?? 0]
      if (kind === kindQuote) at = this.string(bytes, at + 1, to)
      else if (kind === kindSeparator) return this.separate(bytes, at)
      else if (this.depth === 0 && (kind === kindComma || bytes[at] === closeSquare)) {
        this.complete(bytes, at)
        return at
      } else {
        if (kind === kindOpen) this.depth++
        if (kind === kindClose && this.depth > 0) this.depth--
        if (kind === kindLineFeed) {
          this.endLine(at)
          return at + 1
        }
        at++
      }
    }
    return at
  }

  // Where a record ends that has no end of its own

  /**
   * Handles the white space and the first significant byte of a line inside an open record.
   *
   * A bracket that is not indented deeper than the record's first line starts a new record, unless the layout allows it
   * as the next element of an inner array: in a document printed without any indentation, known from lines that begin
   * with a member's name, or in one that has a row per line, known from what follows the first row.
   */
  private startLine(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    while (at < to && isBlank(bytes[at])) at++
    const byte = bytes[at]
    if (at === to) return at
    if (byte === recordSeparator) return this.separate(bytes, at)
    if (byte === lineFeed) {
      this.endLine(at)
      return at + 1
    }
    this.significant(at)
    if (this.indent > this.base) return at
    if (byte === quote) this.isFlush = true
    if (isOpen(byte)) this.startBracketLine(bytes, at)
    return at
  }

  private startBracketLine(bytes: Uint8Array, at: number): void {
    const mayBeElement = this.mode === "nested" && this.awaitsElement()
    if (!mayBeElement) this.cut(bytes, at)
    else if (!this.isFlush) this.startTrial(bytes, at)
  }

  private awaitsElement(): boolean {
    if (this.region.isBroken || this.region.tooDeepAt !== "") return false
    if (this.open[this.depth - 1] !== openSquare) return false
    return this.lastSignificant === openSquare || this.lastSignificant === comma
  }

  /** Ends the open record before `at`, where a new one begins. */
  private cut(bytes: Uint8Array, at: number): void {
    const endsArray = this.endsArray(this.region, this.base)
    this.region.isBroken = true
    this.damage(bytes, at, endsArray ? unterminated : "")
    if (endsArray) this.leaveArray()
    else if (this.array !== undefined) this.array.expects = "element"
  }

  /**
   * Whether a top-level array ends with an element that was cut by the current line: it does when the line is not
   * indented like an element.
   */
  private endsArray(element: Region, base: number): boolean {
    if (this.array === undefined || this.indent > this.array.indent) return false
    return base !== this.array.indent || element.line === this.array.line
  }

  protected leaveArray(): void {
    this.array = undefined
    this.mode = "between"
  }

  /** Ends the open record at a record separator, and the array it is in. */
  private separate(bytes: Uint8Array, at: number): number {
    if (this.floor > 0) this.failTrial()
    this.damage(bytes, at, this.array === undefined ? "" : unterminated)
    this.leaveArray()
    return at
  }

  // A row that may belong to the document above it

  /**
   * Parks the open document, which waits for an element, and reads the object on this line as if it were a record.
   *
   * `{"rows":[` before `{"id":1}` is either the head of a document with a row per line or a line that was cut off. It is
   * the former when the row ends on its line and is followed by `,` or `]`. Nothing is scanned twice for that.
   */
  private startTrial(bytes: Uint8Array, at: number): void {
    this.region.append(bytes, this.pendingFrom, at)
    this.swapRegions()
    this.floor = this.depth
    this.parkedBase = this.base
    this.begin("nested", at)
  }

  private swapRegions(): void {
    const region = this.region
    this.region = this.parked
    this.parked = region
  }

  protected rowEnd(bytes: Uint8Array, at: number): number {
    const byte = bytes[at]
    if (isBlank(byte)) return at + 1
    if (byte === lineFeed) {
      this.endLine(at)
      return at + 1
    }
    if (byte === comma || byte === closeSquare) this.joinTrial(bytes, at)
    else this.endRow(bytes, at)
    return at
  }

  private joinTrial(bytes: Uint8Array, at: number): void {
    this.region.append(bytes, this.pendingFrom, at)
    this.parked.appendRegion(this.region)
    this.swapRegions()
    this.pendingFrom = at
    this.significant(at)
    this.base = this.parkedBase
    this.floor = 0
    this.isFlush = true
    this.mode = "nested"
  }

  /** The row is a record of its own, the parked document was cut off before it. */
  protected failTrial(): void {
    const endsArray = this.endsArray(this.parked, this.parkedBase)
    const view = this.parked.view()
    this.report(this.parked, view, (endsArray ? unterminated : "") + this.reason(this.parked, view))
    if (endsArray) this.array = undefined
    this.open.copyWithin(0, this.floor, this.depth)
    this.depth -= this.floor
    this.floor = 0
  }

  protected endRow(bytes: Uint8Array, at: number): void {
    this.failTrial()
    this.complete(bytes, at)
  }
}
