/**
 * Finds where records begin and end in bytes that are not plain NDJSON: documents over many lines, several on one
 * line, the elements of a top-level array, and whatever lies between them.
 *
 * Cost: every byte is scanned once, decoded at most twice and parsed at most once, so time is linear in the input.
 * Memory is bounded by the longest record, at most `maxRecordBytes`.
 */
import {
  closeCurly,
  closeSquare,
  comma,
  isBlank,
  isOpen,
  isWordEnd,
  isWordStart,
  lineFeed,
  openCurly,
  openSquare,
  quote,
  recordSeparator
} from "./jsonBytes.ts"
import { type Mode, type OpenArray, RecordScanner, unterminated } from "./jsonRecord.ts"
import { decodeUtf8, parseJson } from "./jsonRegion.ts"

export class JsonScanner extends RecordScanner {
  /** First byte of what may be a byte order mark. */
  private markByte = 0

  get isIdle(): boolean {
    return this.mode === "idle"
  }

  /** Scans `bytes[from, to)`, stopping early after a line break with nothing open; gives the index of the next byte. */
  feed(bytes: Uint8Array, from: number, to: number): number {
    this.origin = this.offset - from
    this.pendingFrom = from
    if (this.mode === "idle") this.startIdleLine()
    let at = from
    do at = this.step(bytes, at, to)
    while (at < to && !this.isIdle)
    if (this.hasRegion()) this.region.append(bytes, this.pendingFrom, at)
    this.offset = this.origin + at
    return at
  }

  /** Reports what is still open at the end of the input. */
  end(): void {
    const none = new Uint8Array(0)
    this.origin = this.offset
    this.pendingFrom = 0
    if (this.mode === "word") this.endWord(none, 0)
    if (this.mode === "row end") this.endRow(none, 0)
    if (this.mode === "after scalar") this.complete(none, 0)
    if (this.mode === "nested" && this.floor > 0) this.failTrial()
    if (this.hasRegion()) this.damage(none, 0, this.array === undefined ? "" : unterminated)
    else if (this.array !== undefined) this.cutArray(0, this.array)
    this.array = undefined
    this.mode = "idle"
  }

  private step(bytes: Uint8Array, at: number, to: number): number {
    switch (this.mode) {
      case "idle":
      case "between":
        return this.between(bytes, at)
      case "nested":
      case "element":
        return this.nested(bytes, at, to)
      case "row end":
        return this.rowEnd(bytes, at)
      case "string":
        return this.topLevelString(bytes, at, to)
      case "word":
        return this.topLevelWord(bytes, at, to)
      case "after scalar":
        return this.afterScalar(bytes, at)
      case "punctuation":
        return this.punctuation(bytes, at)
      case "garbage":
        return this.garbage(bytes, at, to)
      case "byte order mark":
        return this.byteOrderMark(bytes, at)
      case "foreign":
        return to
      case "array":
        return this.array === undefined ? this.between(bytes, at) : this.betweenElements(bytes, at, this.array)
    }
  }

  private startIdleLine(): void {
    this.lineOffset = this.offset
    this.margin = this.offset
    this.isFresh = true
    this.isAfterValue = false
    this.mode = "between"
  }

  /** Lets the line begin anew after a mark that is no part of a record. */
  private skipMark(at: number): void {
    this.margin = this.origin + at + 1
    this.isFresh = true
    this.isAfterValue = false
    this.mode = "between"
  }

  private hasRegion(): boolean {
    return this.mode !== "idle" && this.mode !== "between" && this.mode !== "array"
  }

  // Between records

  private between(bytes: Uint8Array, at: number): number {
    const byte = bytes[at] ?? 0
    if (isBlank(byte)) return at + 1
    if (byte === lineFeed) {
      this.endLine(at)
      this.mode = "idle"
      return at + 1
    }
    if (byte === recordSeparator) {
      this.skipMark(at)
      return at + 1
    }
    this.significant(at)
    return this.startRecord(byte, at)
  }

  private startRecord(byte: number, at: number): number {
    if (byte === openSquare) {
      this.array = { line: this.line, indent: this.indent, expects: "first" }
      this.mode = "array"
      return at + 1
    }
    if (byte === openCurly) {
      this.begin("nested", at)
      return at
    }
    this.begin(this.modeFor(byte, at), at)
    return this.mode === "string" ? at + 1 : at
  }

  private modeFor(byte: number, at: number): Mode {
    if (byte === quote) return "string"
    if (isWordStart(byte)) return "word"
    if (byte === 0xef) return "byte order mark"
    if (this.origin + at === 0 && (byte === 0xff || byte === 0xfe)) return "byte order mark"
    const isPunctuation = byte === comma || byte === closeSquare || byte === closeCurly
    return isPunctuation && this.isAfterValue ? "punctuation" : "garbage"
  }

  /** A UTF-8 mark is skipped wherever a record may begin, as files with marks get concatenated. */
  private byteOrderMark(bytes: Uint8Array, at: number): number {
    const length = this.origin + at - this.region.offset
    if (length === 0) {
      this.markByte = bytes[at] ?? 0
      return at + 1
    }
    const byte = bytes[at]
    const first = this.markByte
    if ((first === 0xff && byte === 0xfe) || (first === 0xfe && byte === 0xff)) {
      this.mode = "foreign"
      this.region.keepRawOnly()
      return at + 1
    }
    if (first === 0xef && length === 1 && byte === 0xbb) return at + 1
    if (first === 0xef && length === 2 && byte === 0xbf) {
      this.skipMark(at)
      return at + 1
    }
    this.mode = "garbage"
    return at
  }

  private garbage(bytes: Uint8Array, from: number, to: number): number {
    this.region.keepRawOnly()
    let at = from
    while (at < to && bytes[at] !== lineFeed && bytes[at] !== recordSeparator) at++
    if (at < to) this.damage(bytes, at, "")
    return at
  }

  private punctuation(bytes: Uint8Array, at: number): number {
    const byte = bytes[at]
    if (byte === comma || byte === closeSquare || byte === closeCurly || isBlank(byte)) return at + 1
    if (isOpen(byte) || byte === lineFeed || byte === recordSeparator) this.damage(bytes, at, "")
    else this.mode = "garbage"
    return at
  }

  // Scalars between records

  private topLevelString(bytes: Uint8Array, from: number, to: number): number {
    const at = this.string(bytes, from, to)
    if (!this.isInString) this.mode = this.region.isBroken ? "garbage" : "after scalar"
    return at
  }

  private topLevelWord(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    while (at < to && !isWordEnd(bytes[at])) at++
    if (at < to) this.endWord(bytes, at)
    return at
  }

  /** A word that is no JSON, such as a date, makes the rest of its line garbage. */
  private endWord(bytes: Uint8Array, at: number): void {
    this.region.append(bytes, this.pendingFrom, at)
    this.pendingFrom = at
    const text = this.region.isTooLong ? undefined : decodeUtf8(this.region.view())
    this.mode = text === undefined || parseJson(text) === undefined ? "garbage" : "after scalar"
  }

  /** What follows tells `"text"` from the `"name"` of a member that lost its object. */
  private afterScalar(bytes: Uint8Array, at: number): number {
    const byte = bytes[at] ?? 0
    if (isBlank(byte)) return at + 1
    const isEnd = byte === lineFeed || byte === recordSeparator || isOpen(byte) || byte === quote || isWordStart(byte)
    if (isEnd) this.complete(bytes, at)
    else this.mode = "garbage"
    return at
  }

  // Between the elements of a top-level array

  private betweenElements(bytes: Uint8Array, at: number, array: OpenArray): number {
    const byte = bytes[at]
    if (isBlank(byte)) return at + 1
    if (byte === lineFeed) {
      this.endLine(at)
      return at + 1
    }
    if (byte === recordSeparator) return this.cutArray(at, array)
    const isLineStart = this.isFresh
    this.significant(at)
    if (byte === closeSquare) return this.endArray(at, array)
    if (byte === comma) return this.nextElement(at, array)
    if (array.expects !== "next") this.begin(isOpen(byte) ? "nested" : "element", at)
    else if (isLineStart && isOpen(byte) && this.indent <= array.indent) return this.cutArray(at, array)
    else {
      this.begin("element", at)
      this.region.isBroken = true
    }
    return at
  }

  private nextElement(at: number, array: OpenArray): number {
    if (array.expects === "next") array.expects = "element"
    else this.outlet.damage(this.line, `expected a value at ${this.place(at)}`, Uint8Array.of(comma), 1)
    return at + 1
  }

  private endArray(at: number, array: OpenArray): number {
    if (array.expects === "element") {
      this.outlet.damage(this.line, `expected a value at ${this.place(at)}`, Uint8Array.of(comma), 1)
    }
    this.leaveArray()
    this.isAfterValue = true
    return at + 1
  }

  /** Reports an array that ends at `at` without its bracket; all its elements have been reported. */
  private cutArray(at: number, array: OpenArray): number {
    const expected = array.expects === "next" ? '"," or "]"' : "a value"
    const left = array.expects === "next" ? [] : [array.expects === "first" ? openSquare : comma]
    const message = `${unterminated}expected ${expected} at ${this.place(at)}`
    this.outlet.damage(this.line, message, Uint8Array.from(left), left.length)
    this.leaveArray()
    return at
  }
}
