/**
 * Scans one open record to its end: a document with brackets, or an element of a top-level array.
 *
 * A record that was cut off has no end of its own, so layout decides where the next one begins. Inner lines of a
 * pretty-printed document are indented deeper than its first line; a line that begins with a bracket and is not
 * indented deeper starts a new record, and so does one that begins with no JSON. Two layouts without indentation are
 * told apart from that, see `startLine`.
 */
import {
  blanks,
  breaks,
  closeSquare,
  comma,
  has,
  lineFeed,
  openers,
  openSquare,
  quote,
  setOf,
  wordStarts
} from "./bytes.ts"
import type { Cursor, Scan } from "./cursor.ts"
import { reportDamage, valueOf } from "./jsonReport.ts"
import { Nesting } from "./nesting.ts"
import type { Limits, Outlet } from "./outlet.ts"
import { Region } from "./region.ts"

const punctuation = setOf('{}[]",:')

export const unterminated = "unterminated array: "

/** Where the scanner stands in the top-level array whose elements it streams. */
export interface OpenArray {
  readonly line: number
  readonly indent: number
  expects: "first" | "element" | "next"
}

export class RecordScanner {
  isOpen = false
  readonly nesting: Nesting
  /** The open record, without what is still to be taken from the current chunk. */
  region: Region
  /** The top-level array that the record is an element of. */
  array: OpenArray | undefined
  private readonly outlet: Outlet
  private readonly cursor: Cursor
  /** The document that waits for the decision whether a row belongs to it, see `startRow`. */
  private parked: Region
  /** The open document is printed without indentation. */
  private isFlush = false
  /** Last significant byte of the lines and chunks that the open document has behind it. */
  private lastSignificant = 0

  constructor(limits: Limits, outlet: Outlet, cursor: Cursor) {
    this.outlet = outlet
    this.cursor = cursor
    this.region = new Region(limits.maxRecordBytes)
    this.parked = new Region(limits.maxRecordBytes)
    this.nesting = new Nesting(limits.maxNesting, (at) => {
      if (this.hasParked) this.reportParked()
      else this.region.fault ||= `nesting deeper than ${limits.maxNesting} levels at ${cursor.placeName(at)}`
    })
  }

  /** Opens a record at the next byte. */
  begin(form: "document" | "element" = "document"): void {
    const { cursor } = this
    this.region.begin(cursor.place(), cursor.indent)
    cursor.startTaking()
    this.isOpen = true
    this.nesting.begin(form)
    this.isFlush = false
  }

  /** Scans the open record to its end, or to where layout says that it was cut off, and reports it. */
  *scan(): Scan {
    const { cursor, nesting } = this
    for (;;) {
      const from = cursor.at
      cursor.at = nesting.scan(cursor.bytes, from)
      if (nesting.isClosed) {
        if (!this.hasParked) return this.complete()
        if (yield* this.isRowAlone()) return
        continue
      }
      this.noteLast(from)
      const byte = cursor.bytes[cursor.at]
      if (byte === undefined && (yield* cursor.next()) !== undefined) continue
      if (this.hasParked) this.reportParked()
      if (byte !== lineFeed) return this.cutArray()
      cursor.passLineFeed()
      if (!this.startLine(cursor.skip(blanks) ?? (yield* cursor.next(blanks)))) return
    }
  }

  /** Takes over what the current chunk holds of the open record. */
  take(): void {
    this.region.append(this.cursor.take())
  }

  /** Ends the open record here and reports it as a value, or as a damage when it is none. */
  complete(): void {
    const { region } = this
    const view = region.finish(this.cursor.take())
    const value = valueOf(region, view)
    if (value === undefined) reportDamage(this.outlet, region, view)
    else this.outlet.value(value, region.place.line)
    this.close()
  }

  /** Ends the open record here as a damage. */
  damage(prefix = ""): void {
    reportDamage(this.outlet, this.region, this.region.finish(this.cursor.take()), prefix)
    this.close()
  }

  private close(): void {
    this.isOpen = false
    this.cursor.isAfterValue = true
    if (this.array !== undefined) this.array.expects = "next"
  }

  /** Remembers the last significant byte from `from` on, which lies on this line, so this stays linear. */
  private noteLast(from: number): void {
    const { bytes, at } = this.cursor
    let last = at - 1
    while (last >= from && has(blanks, bytes[last])) last--
    if (this.nesting.isInString) this.lastSignificant = quote
    else if (last >= from) this.lastSignificant = bytes[last] ?? 0
  }

  // Where a record ends that has no end of its own

  /** The input or a record separator ends the open record, and the array that it is in. */
  private cutArray(): void {
    this.damage(this.array === undefined ? "" : unterminated)
    this.array = undefined
  }

  /**
   * Whether the open record goes on in a line that begins with this byte, behind white space.
   *
   * A bracket that is not indented deeper than the record's first line starts a new record, unless the layout allows it
   * as the next element of an inner array: in a document printed without any indentation, known from lines that begin
   * with a member's name, or in one that has a row per line, known from what follows the first row.
   */
  private startLine(byte: number | undefined): boolean {
    const { cursor } = this
    if (byte === undefined || has(breaks, byte)) return true
    cursor.noteSignificant()
    if (cursor.indent > this.region.indent) return true
    if (byte === quote) this.isFlush = true
    if (this.isText(byte) || (has(openers, byte) && !this.awaitsElement())) {
      this.cut()
      return false
    }
    if (has(openers, byte) && !this.isFlush) this.startRow()
    return true
  }

  /** Whether the line begins with what the open document cannot go on with, as a line of a log does. */
  private isText(byte: number): boolean {
    if (this.nesting.isElement || this.isFlush) return false
    return has(wordStarts, byte) ? this.nesting.isBroken : !has(punctuation, byte)
  }

  private awaitsElement(): boolean {
    const { isBroken, isElement, isInArray } = this.nesting
    if (isElement || isBroken || this.region.fault !== "") return false
    return isInArray && (this.lastSignificant === openSquare || this.lastSignificant === comma)
  }

  /** Ends the open record here, where a new one begins. */
  private cut(): void {
    this.reportCut(this.region, this.region.finish(this.cursor.take()))
    this.close()
    if (this.array !== undefined) this.array.expects = "element"
  }

  /** Reports a record that the current line cut off, and the top-level array with it. */
  private reportCut(region: Region, view: Uint8Array): void {
    const { array, cursor } = this
    // The array goes on when the line is indented like an element of it.
    const isElement = region.indent === array?.indent && region.place.line !== array.line
    const endsArray = array !== undefined && cursor.indent <= array.indent && !isElement
    reportDamage(this.outlet, region, view, endsArray ? unterminated : "")
    if (endsArray) this.array = undefined
  }

  // A row that may belong to the document above it

  private get hasParked(): boolean {
    return this.nesting.floor > 0
  }

  /**
   * Parks the open document, which waits for an element, and reads the object on this line as if it were a record.
   *
   * `{"rows":[` before `{"id":1}` is either the head of a document with a row per line or a line that was cut off. It is
   * the former when the row ends on its line and is followed by `,` or `]`. Nothing is scanned twice for that.
   */
  private startRow(): void {
    this.take()
    this.swapRegions()
    this.nesting.floor = this.nesting.depth
    this.begin()
  }

  /** Whether the row that ends here is a record of its own; else it joins the parked document. */
  private *isRowAlone(): Scan<boolean> {
    const { cursor } = this
    let byte = yield* cursor.next(blanks)
    for (; byte === lineFeed; byte = yield* cursor.next(blanks)) cursor.passLineFeed()
    if (byte !== comma && byte !== closeSquare) {
      this.reportParked()
      this.complete()
      return true
    }
    this.take()
    this.parked.appendRegion(this.region)
    this.swapRegions()
    cursor.noteSignificant()
    this.nesting.reopen()
    this.isFlush = true
    return false
  }

  /** The row is a record of its own: the parked document was cut off before it. */
  private reportParked(): void {
    this.reportCut(this.parked, this.parked.view())
    this.nesting.dropParked()
  }

  private swapRegions(): void {
    const { region } = this
    this.region = this.parked
    this.parked = region
  }
}
