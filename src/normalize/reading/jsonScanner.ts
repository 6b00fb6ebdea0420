/**
 * Finds where records begin and end in bytes that are not plain NDJSON: documents over many lines, several on one
 * line, the elements of a top-level array, and whatever lies between them.
 *
 * Cost: every byte is scanned once, decoded at most twice and parsed at most twice, so time is linear in the input.
 * Memory is bounded by the longest record, at most `maxRecordBytes`.
 */
import {
  allBut,
  blanks,
  breaks,
  closeSquare,
  comma,
  has,
  lineFeed,
  openCurly,
  openers,
  openSquare,
  quote,
  recordSeparator,
  setOf,
  wordStarts
} from "./bytes.ts"
import { Cursor, type Scan } from "./cursor.ts"
import { type OpenArray, RecordScanner, unterminated } from "./jsonRecord.ts"
import { valueOf } from "./jsonReport.ts"
import { type Limits, nothing, type Outlet } from "./outlet.ts"

const everything = allBut(setOf(""))
const restOfLine = allBut(breaks)
/** All but white space, controls and punctuation. */
const wordBytes = allBut(setOf(',:"[]{}')).fill(0, 0, 33)
const strayPunctuation = setOf(",]}")
const strayPunctuationOrBlanks = setOf(",]} \t\r")
/** What may follow a scalar; before anything else, such as `:`, it is what is left of an object. */
const scalarFollowers = setOf('\n\x1e{["-0123456789tfn')

const utf8Mark: ReadonlyArray<number> = [0xef, 0xbb, 0xbf]
const byteOrderMarks = [utf8Mark, [0xff, 0xfe], [0xfe, 0xff]]

export class JsonScanner {
  private readonly outlet: Outlet
  private readonly cursor = new Cursor()
  private readonly record: RecordScanner
  private readonly scan = this.records()
  /** At the start of a line with nothing open: the caller may read whole lines its own way, and `skipLines` them. */
  isIdle = true

  constructor(limits: Limits, outlet: Outlet) {
    this.outlet = outlet
    this.record = new RecordScanner(limits, outlet, this.cursor)
    this.scan.next()
  }

  /** Number of the line of the next byte. */
  get line(): number {
    return this.cursor.line
  }

  skipLines(lines: number, bytes: number): void {
    this.cursor.skipLines(lines, bytes)
  }

  /** Scans a chunk from an index on, stopping early after a line break with nothing open; gives the index of the next byte. */
  feed(chunk: Uint8Array, from = 0): number {
    this.cursor.enter(chunk, from)
    // Only an error that the sink threw ends the scan here; nothing more is read then.
    if (this.scan.next().done === true) return chunk.length
    if (this.record.isOpen) this.record.take()
    return this.cursor.at
  }

  /** Reports what is still open at the end of the input. */
  end(): void {
    this.cursor.isAtEnd = true
    this.feed(nothing)
  }

  private *records(): Scan {
    const { cursor, record } = this
    for (;;) {
      if (record.array === undefined && cursor.isAtLineStart && !cursor.isAfterValue) {
        this.isIdle = true
        yield
        this.isIdle = false
      }
      const byte = cursor.skip(blanks) ?? (yield* cursor.next(blanks))
      if (byte === undefined) break
      if (byte === lineFeed) cursor.passLineFeed()
      else {
        const scan = record.array === undefined ? this.outsideArray(byte) : this.inArray(byte, record.array)
        if (scan !== undefined) yield* scan
      }
    }
    if (record.array !== undefined) this.cutArray(record.array)
  }

  /** Begins what begins with this byte outside of any array; gives what scans the rest of it. */
  private outsideArray(byte: number): Scan | undefined {
    const { cursor, record } = this
    if (byte === recordSeparator) {
      cursor.at++
      cursor.restartLine()
      return undefined
    }
    cursor.noteSignificant()
    if (byte === openSquare) {
      record.array = { line: cursor.line, indent: cursor.indent, expects: "first" }
      cursor.at++
      return undefined
    }
    record.begin()
    if (byte === openCurly) return record.scan()
    if (byte === quote || has(wordStarts, byte)) return this.scalar(byte)
    if (cursor.isAfterValue && has(strayPunctuation, byte)) return this.punctuation()
    const isStart = record.region.place.offset === 0
    const mark = byteOrderMarks.find((bytes) => bytes[0] === byte && (bytes === utf8Mark || isStart))
    return mark === undefined ? this.garbage() : this.byteOrderMark(mark)
  }

  // The elements of a top-level array

  private inArray(byte: number, array: OpenArray): Scan | undefined {
    const { cursor, record } = this
    const { expects } = array
    const isLineStart = cursor.isFresh
    if (byte !== recordSeparator) cursor.noteSignificant()
    if (byte === comma) {
      if (expects !== "next") this.reportStrayComma()
      else array.expects = "element"
      cursor.at++
    } else if (byte === closeSquare) {
      if (expects === "element") this.reportStrayComma()
      record.array = undefined
      cursor.isAfterValue = true
      cursor.at++
    } else if (
      byte === recordSeparator ||
      (expects === "next" && isLineStart && has(openers, byte) && cursor.indent <= array.indent)
    ) {
      this.cutArray(array)
    } else {
      record.begin(expects !== "next" && has(openers, byte) ? "document" : "element")
      if (expects === "next") record.region.fault = `expected "," or "]" next to the element at ${record.region.start}`
      return record.scan()
    }
    return undefined
  }

  private reportStrayComma(): void {
    const { cursor } = this
    this.outlet.damage(cursor.line, `expected a value at ${cursor.placeName()}`, Uint8Array.of(comma), 1)
  }

  /** Reports an array that ends here without its bracket; all its elements have been reported. */
  private cutArray({ expects }: OpenArray): void {
    const { cursor } = this
    const expected = expects === "next" ? '"," or "]"' : "a value"
    const left = expects === "next" ? [] : [expects === "first" ? openSquare : comma]
    const message = `${unterminated}expected ${expected} at ${cursor.placeName()}`
    this.outlet.damage(cursor.line, message, Uint8Array.from(left), left.length)
    this.record.array = undefined
  }

  // What is no object outside of any array

  /** A string or word. A word that is no JSON, such as a date, makes the rest of its line garbage. */
  private *scalar(first: number): Scan {
    const { cursor, record } = this
    const { nesting } = record
    if (first === quote) {
      cursor.at = nesting.string(cursor.bytes, cursor.at + 1)
      while (nesting.isInString && (yield* cursor.next()) !== undefined) {
        cursor.at = nesting.string(cursor.bytes, cursor.at)
      }
    } else if (cursor.skip(wordBytes) === undefined) yield* cursor.next(wordBytes)
    const follower = cursor.skip(blanks) ?? (yield* cursor.next(blanks))
    record.take()
    const mayFollow = follower === undefined || has(scalarFollowers, follower)
    if (mayFollow && (first === quote || valueOf(record.region, record.region.view()) !== undefined)) record.complete()
    else yield* this.garbage()
  }

  /** Stray `,` `]` `}` after a value cost themselves only. */
  private *punctuation(): Scan {
    const follower = yield* this.cursor.next(strayPunctuationOrBlanks)
    if (!has(openers, follower)) return yield* this.garbage()
    this.spoil()
    this.record.damage()
  }

  /** A UTF-8 mark is skipped wherever a record may begin, as files with marks get concatenated. */
  private *byteOrderMark(mark: ReadonlyArray<number>): Scan {
    const { cursor, record } = this
    for (const expected of mark) {
      if ((yield* cursor.next()) !== expected) return yield* this.garbage()
      cursor.at++
    }
    if (mark === utf8Mark) {
      record.isOpen = false
      cursor.restartLine()
    } else {
      record.region.keepRawOnly()
      yield* cursor.next(everything)
      record.damage()
    }
  }

  /** The open record is no JSON, nor is the rest of its line. */
  private *garbage(): Scan {
    this.spoil()
    if (this.cursor.skip(restOfLine) === undefined) yield* this.cursor.next(restOfLine)
    this.record.damage()
  }

  private spoil(): void {
    const { region } = this.record
    region.fault = `expected a JSON value at ${region.start}`
    region.keepRawOnly()
  }
}
