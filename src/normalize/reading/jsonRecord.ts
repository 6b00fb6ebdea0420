/**
 * Scans one open record to its end: a document with brackets, or an element of a top-level array.
 *
 * A record that was cut off has no end of its own, so layout decides where the next one begins. Inner lines of a
 * pretty-printed document are indented deeper than its first line; a line that begins with a bracket and is not
 * indented deeper starts a new record, and so does one that begins with no JSON. Two layouts without indentation are told apart from that, see `startLine`.
 */
import { closeSquare, comma, isBlank, isBreak, isOpen, isWordStart, lineFeed, openSquare, quote } from "./bytes.ts"
import { reportDamage, valueOf } from "./jsonReport.ts"
import { Lines } from "./lines.ts"
import { Nesting } from "./nesting.ts"
import type { Limits, Outlet } from "./outlet.ts"
import { Region } from "./region.ts"

/** What the scanner is in. */
export type Mode =
  /** Between records, or between the elements of a top-level array. */
  | "between"
  /** In a document, or in an element of a top-level array that has brackets. */
  | "document"
  /** After a row that may belong to the parked document, see `startTrial`. */
  | "row end"
  /** In a scalar in a top-level array, or what stands where one should. */
  | "element"
  /** In a string or word outside of any array. */
  | "scalar"
  | "after scalar"
  /** In stray `,` `]` `}` after a value; they cost themselves only. */
  | "punctuation"
  | "byte order mark"
  /** In the rest of a line that holds no JSON. */
  | "garbage"
  /** In the rest of an input in another encoding. */
  | "foreign"

const PUNCTUATION: ReadonlySet<number> = new Set(new TextEncoder().encode('{}[]",:'))

export const unterminated = "unterminated array: "

/** Where the scanner stands in the top-level array whose elements it streams. */
export interface OpenArray {
  readonly line: number
  readonly indent: number
  expects: "first" | "element" | "next"
}

export class RecordScanner {
  protected readonly outlet: Outlet
  protected readonly lines = new Lines()
  protected readonly nesting: Nesting
  protected mode: Mode = "between"
  protected array: OpenArray | undefined
  /** The open record, without its bytes from `pendingFrom` on in the current chunk. */
  protected region: Region
  protected pendingFrom = 0
  /** The document that waits for the decision whether a row belongs to it, see `startTrial`. */
  private parked: Region
  /** The open document is printed without indentation. */
  private isFlush = false
  /** Last significant byte of the lines and chunks that the open document has behind it. */
  private lastSignificant = 0

  constructor(limits: Limits, outlet: Outlet) {
    this.outlet = outlet
    this.region = new Region(limits.maxRecordBytes)
    this.parked = new Region(limits.maxRecordBytes)
    this.nesting = new Nesting(limits.maxNesting, (at) => {
      if (this.hasParked) this.failTrial()
      else this.region.fault ||= `nesting deeper than ${limits.maxNesting} levels at ${this.lines.place(at)}`
    })
  }

  // The open record

  protected begin(mode: Mode, at: number): void {
    const { lines } = this
    this.region.begin(lines.line, lines.column(at), lines.origin + at, lines.indent)
    this.pendingFrom = at
    this.mode = mode
    this.nesting.begin()
    this.isFlush = false
  }

  protected take(bytes: Uint8Array, to: number): void {
    this.region.append(bytes, this.pendingFrom, to)
    this.pendingFrom = to
  }

  /** Ends the open record before `at` and reports it as a value, or as a damage when it is none. */
  protected complete(bytes: Uint8Array, at: number): void {
    const view = this.region.finish(bytes, this.pendingFrom, at)
    const value = valueOf(this.region, view)
    if (value === undefined) reportDamage(this.outlet, this.region, view)
    else this.outlet.value(value, this.region.line)
    this.leave()
  }

  /** Ends the open record before `at` as a damage. */
  protected damage(bytes: Uint8Array, at: number, prefix = ""): void {
    reportDamage(this.outlet, this.region, this.region.finish(bytes, this.pendingFrom, at), prefix)
    this.leave()
  }

  protected leave(): void {
    this.lines.isAfterValue = true
    this.mode = "between"
    if (this.array !== undefined) this.array.expects = "next"
  }

  // Through its lines

  protected inside(bytes: Uint8Array, from: number, to: number): number {
    const { mode } = this
    let at = from
    while (at < to && this.mode === mode) {
      if (this.nesting.isInString) at = this.nesting.string(bytes, at, to)
      else if (this.lines.isFresh) at = this.startLine(bytes, at, to)
      else at = mode === "document" ? this.inDocument(bytes, at, to) : this.inElement(bytes, at, to)
    }
    return at
  }

  private inDocument(bytes: Uint8Array, from: number, to: number): number {
    const at = this.nesting.document(bytes, from, to)
    if (this.nesting.depth === this.nesting.floor) {
      if (this.hasParked) this.mode = "row end"
      else this.complete(bytes, at)
      return at
    }
    this.noteLast(bytes, from, at)
    if (at === to) return at
    if (this.hasParked) this.failTrial()
    return this.passBreak(bytes, at)
  }

  private inElement(bytes: Uint8Array, from: number, to: number): number {
    const at = this.nesting.element(bytes, from, to)
    if (at === to) return at
    if (isBreak(bytes[at])) return this.passBreak(bytes, at)
    this.complete(bytes, at)
    return at
  }

  /** Remembers the last significant byte of `bytes[from, to)`, which lies on one line, so this stays linear. */
  private noteLast(bytes: Uint8Array, from: number, to: number): void {
    let at = to - 1
    while (at >= from && isBlank(bytes[at])) at--
    if (this.nesting.isInString) this.lastSignificant = quote
    else if (at >= from) this.lastSignificant = bytes[at] ?? 0
  }

  /** A line break lets the open record go on, a record separator ends it, and the array it is in. */
  private passBreak(bytes: Uint8Array, at: number): number {
    if (bytes[at] === lineFeed) {
      this.lines.end(at)
      return at + 1
    }
    this.damage(bytes, at, this.array === undefined ? "" : unterminated)
    this.array = undefined
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
    if (isBreak(byte)) return this.passBreak(bytes, at)
    this.lines.significant(at)
    if (this.lines.indent > this.region.indent) return at
    if (byte === quote) this.isFlush = true
    if (this.isText(byte)) this.cut(bytes, at)
    if (!isOpen(byte)) return at
    if (!this.awaitsElement()) this.cut(bytes, at)
    else if (!this.isFlush) this.startTrial(bytes, at)
    return at
  }

  /** Whether the line begins with what the open document cannot go on with, as a line of a log does. */
  private isText(byte: number | undefined): boolean {
    if (this.mode !== "document" || this.isFlush) return false
    return isWordStart(byte) ? this.nesting.isBroken : byte !== undefined && !PUNCTUATION.has(byte)
  }

  private awaitsElement(): boolean {
    if (this.mode !== "document" || this.nesting.isBroken || this.region.fault !== "") return false
    return this.nesting.isInArray && (this.lastSignificant === openSquare || this.lastSignificant === comma)
  }

  /** Ends the open record before `at`, where a new one begins. */
  private cut(bytes: Uint8Array, at: number): void {
    const { region } = this
    this.reportCut(region, region.finish(bytes, this.pendingFrom, at))
    this.leave()
    if (this.array !== undefined) this.array.expects = "element"
  }

  /** Reports a record that the current line cut off, and the top-level array with it. */
  private reportCut(region: Region, view: Uint8Array): void {
    const { array } = this
    // The array goes on when the line is indented like an element of it.
    const isElement = region.indent === array?.indent && region.line !== array.line
    const endsArray = array !== undefined && this.lines.indent <= array.indent && !isElement
    reportDamage(this.outlet, region, view, endsArray ? unterminated : "")
    if (endsArray) this.array = undefined
  }

  // A row that may belong to the document above it

  /**
   * Parks the open document, which waits for an element, and reads the object on this line as if it were a record.
   *
   * `{"rows":[` before `{"id":1}` is either the head of a document with a row per line or a line that was cut off. It is
   * the former when the row ends on its line and is followed by `,` or `]`. Nothing is scanned twice for that.
   */
  private startTrial(bytes: Uint8Array, at: number): void {
    this.take(bytes, at)
    this.swapRegions()
    this.nesting.floor = this.nesting.depth
    this.begin("document", at)
  }

  protected get hasParked(): boolean {
    return this.nesting.floor > 0
  }

  private swapRegions(): void {
    const { region } = this
    this.region = this.parked
    this.parked = region
  }

  protected rowEnd(bytes: Uint8Array, at: number): number {
    const byte = bytes[at]
    if (isBlank(byte)) return at + 1
    if (byte === lineFeed) return this.passBreak(bytes, at)
    if (byte === comma || byte === closeSquare) this.joinTrial(bytes, at)
    else this.endRow(bytes, at)
    return at
  }

  private joinTrial(bytes: Uint8Array, at: number): void {
    this.take(bytes, at)
    this.parked.appendRegion(this.region)
    this.swapRegions()
    this.lines.significant(at)
    this.nesting.floor = 0
    this.isFlush = true
    this.mode = "document"
  }

  /** The row is a record of its own, the parked document was cut off before it. */
  protected failTrial(): void {
    this.reportCut(this.parked, this.parked.view())
    this.nesting.dropParked()
  }

  protected endRow(bytes: Uint8Array, at: number): void {
    this.failTrial()
    this.complete(bytes, at)
  }
}
