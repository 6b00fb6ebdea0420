/**
 * Finds where records begin and end in bytes that are not plain NDJSON: documents over many lines, several on one
 * line, the elements of a top-level array, and whatever lies between them.
 *
 * Cost: every byte is scanned once, decoded at most twice and parsed at most twice, so time is linear in the input.
 * Memory is bounded by the longest record, at most `maxRecordBytes`.
 */
import {
  closeCurly,
  closeSquare,
  comma,
  isBlank,
  isBreak,
  isOpen,
  isWordEnd,
  isWordStart,
  lineFeed,
  openCurly,
  openSquare,
  quote,
  recordSeparator
} from "./bytes.ts"
import { type OpenArray, RecordScanner, unterminated } from "./jsonRecord.ts"
import { valueOf } from "./jsonReport.ts"

const utf8Mark: ReadonlyArray<number> = [0xef, 0xbb, 0xbf]
const byteOrderMarks = [utf8Mark, [0xff, 0xfe], [0xfe, 0xff]]

const isPunctuation = (byte: number | undefined): boolean =>
  byte === comma || byte === closeSquare || byte === closeCurly

export class JsonScanner extends RecordScanner {
  /** Offset in the input of the next byte. */
  private offset = 0
  /** The byte order mark whose first byte was seen. */
  private mark = utf8Mark

  /** Number of the line of the next byte. */
  get line(): number {
    return this.lines.line
  }

  /** At the start of a line with nothing open: the caller may read whole lines its own way, and `skip` them. */
  get isIdle(): boolean {
    return this.isIdleAt(this.offset)
  }

  skip(lines: number, bytes: number): void {
    this.offset += bytes
    this.lines.begin(this.lines.line + lines, this.offset)
  }

  /** Scans `bytes[from, to)`, stopping early after a line break with nothing open; gives the index of the next byte. */
  feed(bytes: Uint8Array, from: number, to: number): number {
    const origin = this.offset - from
    this.lines.origin = origin
    this.pendingFrom = from
    let at = from
    do at = this.step(bytes, at, to)
    while (at < to && !this.isIdleAt(origin + at))
    if (this.mode !== "between") this.take(bytes, at)
    this.offset = origin + at
    return at
  }

  /** Reports what is still open at the end of the input. */
  end(): void {
    const none = new Uint8Array(0)
    this.lines.origin = this.offset
    this.pendingFrom = 0
    if (this.mode === "after scalar" || (this.mode === "scalar" && !this.nesting.isInString)) this.endScalar(none, 0)
    if (this.mode === "punctuation" || this.mode === "byte order mark") this.spoil()
    if (this.mode === "row end") this.endRow(none, 0)
    else if (this.hasParked) this.failTrial()
    if (this.mode !== "between") this.damage(none, 0, this.array === undefined ? "" : unterminated)
    else if (this.array !== undefined) this.cutArray(0, this.array)
  }

  private isIdleAt(offset: number): boolean {
    const { start, isAfterValue } = this.lines
    return offset === start && this.mode === "between" && this.array === undefined && !isAfterValue
  }

  private step(bytes: Uint8Array, at: number, to: number): number {
    switch (this.mode) {
      case "between":
        return this.between(bytes, at)
      case "document":
      case "element":
        return this.inside(bytes, at, to)
      case "row end":
        return this.rowEnd(bytes, at)
      case "scalar":
        return this.scalar(bytes, at, to)
      case "after scalar":
        return this.afterScalar(bytes, at)
      case "punctuation":
        return this.punctuation(bytes, at)
      case "byte order mark":
        return this.byteOrderMark(bytes, at)
      case "garbage":
        return this.garbage(bytes, at, to)
      case "foreign":
        return to
    }
  }

  // Between records

  private between(bytes: Uint8Array, at: number): number {
    const byte = bytes[at] ?? 0
    if (isBlank(byte)) return at + 1
    if (byte === lineFeed) {
      this.lines.end(at)
      return at + 1
    }
    if (this.array !== undefined) return this.betweenElements(byte, at, this.array)
    if (byte === recordSeparator) {
      this.lines.skipMark(at)
      return at + 1
    }
    this.lines.significant(at)
    return this.startRecord(byte, at)
  }

  private startRecord(byte: number, at: number): number {
    const { lines } = this
    if (byte === openSquare) {
      this.array = { line: lines.line, indent: lines.indent, expects: "first" }
      return at + 1
    }
    if (byte === quote || isWordStart(byte)) {
      this.begin("scalar", at)
      this.nesting.isInString = byte === quote
      return at + 1
    }
    if (byte === openCurly) this.begin("document", at)
    else if (lines.isAfterValue && isPunctuation(byte)) this.begin("punctuation", at)
    else this.startGarbage(byte, at)
    return at
  }

  /** Begins what may be a byte order mark, or else the rest of a line that holds no JSON. */
  private startGarbage(byte: number, at: number): void {
    const isFirst = this.lines.origin + at === 0
    const mark = byteOrderMarks.find((bytes) => bytes[0] === byte && (bytes === utf8Mark || isFirst))
    this.begin("byte order mark", at)
    if (mark === undefined) this.spoil()
    else this.mark = mark
  }

  /** A UTF-8 mark is skipped wherever a record may begin, as files with marks get concatenated. */
  private byteOrderMark(bytes: Uint8Array, at: number): number {
    const length = this.lines.origin + at - this.region.offset
    if (bytes[at] !== this.mark[length]) {
      this.spoil()
      return at
    }
    if (length + 1 < this.mark.length) return at + 1
    if (this.mark === utf8Mark) {
      this.mode = "between"
      this.lines.skipMark(at)
    } else {
      this.mode = "foreign"
      this.region.keepRawOnly()
    }
    return at + 1
  }

  private punctuation(bytes: Uint8Array, at: number): number {
    const byte = bytes[at]
    if (isPunctuation(byte) || isBlank(byte)) return at + 1
    this.spoil()
    if (isOpen(byte)) this.damage(bytes, at)
    return at
  }

  /** The open record is no JSON, nor is the rest of its line. */
  private spoil(): void {
    this.mode = "garbage"
    this.region.fault = `expected a JSON value at ${this.region.start}`
    this.region.keepRawOnly()
  }

  private garbage(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    while (at < to && bytes[at] !== lineFeed && bytes[at] !== recordSeparator) at++
    if (at < to) this.damage(bytes, at)
    return at
  }

  private scalar(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    if (this.nesting.isInString) {
      at = this.nesting.string(bytes, from, to)
      if (!this.nesting.isInString) this.mode = "after scalar"
      return at
    }
    while (at < to && !isWordEnd(bytes[at])) at++
    if (at < to) this.mode = "after scalar"
    return at
  }

  /** What follows tells `"text"` from the `"name"` of a member that lost its object. */
  private afterScalar(bytes: Uint8Array, at: number): number {
    const byte = bytes[at]
    if (isBlank(byte)) return at + 1
    if (isBreak(byte) || isOpen(byte) || byte === quote || isWordStart(byte)) this.endScalar(bytes, at)
    else this.spoil()
    return at
  }

  /** A word that is no JSON, such as a date, makes the rest of its line garbage. */
  private endScalar(bytes: Uint8Array, at: number): void {
    this.take(bytes, at)
    const view = this.region.view()
    if (view[0] === quote || valueOf(this.region, view) !== undefined) this.complete(bytes, at)
    else this.spoil()
  }

  // Between the elements of a top-level array

  private betweenElements(byte: number, at: number, array: OpenArray): number {
    if (byte === recordSeparator) return this.cutArray(at, array)
    const isLineStart = this.lines.isFresh
    this.lines.significant(at)
    if (byte === closeSquare) return this.endArray(at, array)
    if (byte === comma) return this.nextElement(at, array)
    if (array.expects !== "next") this.begin(isOpen(byte) ? "document" : "element", at)
    else if (isLineStart && isOpen(byte) && this.lines.indent <= array.indent) return this.cutArray(at, array)
    else {
      this.begin("element", at)
      this.region.fault = `expected "," or "]" next to the element at ${this.region.start}`
    }
    return at
  }

  private nextElement(at: number, array: OpenArray): number {
    if (array.expects === "next") array.expects = "element"
    else this.strayComma(at)
    return at + 1
  }

  private strayComma(at: number): void {
    this.outlet.damage(this.lines.line, `expected a value at ${this.lines.place(at)}`, Uint8Array.of(comma), 1)
  }

  private endArray(at: number, array: OpenArray): number {
    if (array.expects === "element") this.strayComma(at)
    this.array = undefined
    this.lines.isAfterValue = true
    return at + 1
  }

  /** Reports an array that ends at `at` without its bracket; all its elements have been reported. */
  private cutArray(at: number, array: OpenArray): number {
    const expected = array.expects === "next" ? '"," or "]"' : "a value"
    const left = array.expects === "next" ? [] : [array.expects === "first" ? openSquare : comma]
    const message = `${unterminated}expected ${expected} at ${this.lines.place(at)}`
    this.outlet.damage(this.lines.line, message, Uint8Array.from(left), left.length)
    this.array = undefined
    return at
  }
}
