/**
 * Splits the bytes of a file into the JSON values in it, pushed by whoever reads the file.
 *
 * Most files are NDJSON, so whole lines take a fast path: one decode for all complete lines of a chunk, one
 * `JSON.parse` per line. A line that is no JSON object of its own goes through the scanner of `jsonScanner.ts`.
 */
import { closeCurly, isBlank, isSpace, lineFeed, openCurly, recordSeparator } from "./bytes.ts"
import { JsonScanner } from "./jsonScanner.ts"
import { type ByteReader, type DocumentSink, type Limits, Outlet, usableLimits } from "./outlet.ts"
import { decodeLoosely, decodeUtf8, isUtf8, maxUnscannedBytes, parseJson, utf8Length } from "./text.ts"

export { type Damage, type DocumentSink, defaultLimits, type Limits } from "./outlet.ts"

export interface DocumentSplitter extends ByteReader {
  /** Whether what has been pushed is a whole number of records, so that nothing is open. */
  readonly isIdle: boolean
  /** The line that the next byte stands on, 1-based. */
  readonly line: number
}

/** Where in an input a splitter begins: at a line that no record reaches over. */
export interface Start {
  /** 1-based. */
  readonly line: number
  /** Bytes before it. */
  readonly offset: number
}

/**
 * Makes a splitter for one input.
 *
 * Understood in any mixture: one value per line, documents over many lines, documents without anything between them,
 * record separators (RFC 7464), byte order marks, and top-level arrays, whose elements are values of their own and are
 * never held together. What is none of these is reported as damage. It never throws for what the input holds; errors
 * thrown by the sink pass through. Time is linear in the input, memory bounded by the longest record.
 */
export const makeDocumentSplitter = (
  limits: Limits,
  sink: DocumentSink,
  start: Start = { line: 1, offset: 0 }
): DocumentSplitter => new Splitter(usableLimits(limits), sink, start)

/** Complete lines up to this many bytes are decoded together: fewer calls, and the text stays in the processor cache. */
const maxBlockBytes = 64 * 1024

/** How far a line end is searched among bytes, before {@link findLineEnd} turns to text. */
const nearBytes = 8 * 1024

/** White space and record separators, which may stand before a record. */
const isMargin = (code: number): boolean => isBlank(code) || code === recordSeparator

/** Index after the first line break of `bytes[from,)`, 0 when there is none. */
const findLineEnd = (bytes: Uint8Array, from: number): number => {
  const near = bytes.subarray(from, from + nearBytes).indexOf(lineFeed)
  if (near >= 0) return from + near + 1
  const rest = bytes.subarray(from + nearBytes)
  // Engines search text several times faster than bytes, so even with the decoding this is quicker.
  const text = decodeLoosely(rest)
  const inText = text.indexOf("\n")
  if (inText < 0) return 0
  return from + nearBytes + (text.length === rest.length ? inText : rest.indexOf(lineFeed)) + 1
}

/** Whether a line may be one object. This spares an exception for most lines that are none. */
const looksWhole = (line: Uint8Array): boolean => {
  let last = line.length - 1
  while (last > 0 && isSpace(line[last])) last--
  return line[0] === openCurly && line[last] === closeCurly
}

class Splitter implements DocumentSplitter {
  private readonly outlet: Outlet
  private readonly scanner: JsonScanner
  private readonly maxLine: number
  private readonly maxBlock: number
  /** The start of a line whose end has not come yet. */
  private carry: Uint8Array
  private carried = 0

  constructor(limits: Limits, sink: DocumentSink, { line, offset }: Start) {
    this.outlet = new Outlet(sink)
    this.scanner = new JsonScanner(limits, this.outlet)
    this.scanner.skip(line - 1, offset)
    this.maxLine = Math.min(maxUnscannedBytes, limits.maxRecordBytes)
    this.maxBlock = Math.min(maxBlockBytes, this.maxLine)
    this.carry = new Uint8Array(this.maxBlock)
  }

  get isIdle(): boolean {
    return this.carried === 0 && this.scanner.isIdle
  }

  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      if (!this.scanner.isIdle) at = this.scanner.feed(chunk, at, chunk.length)
      else if (this.carried > 0) at = this.finishLine(chunk, at)
      else at = this.readBlock(chunk, at)
    }
  }

  get line(): number {
    return this.scanner.line
  }

  end(): void {
    if (this.carried > 0) this.readCarried()
    this.scanner.end()
  }

  /** Reads on in the line whose start was kept. */
  private finishLine(chunk: Uint8Array, at: number): number {
    const lineEnd = findLineEnd(chunk, at)
    const to = lineEnd === 0 ? chunk.length : lineEnd
    if (this.carried + to - at > this.maxLine) {
      this.scanCarried()
      return at
    }
    this.keep(chunk, at, to)
    if (lineEnd > 0) this.readCarried()
    return to
  }

  private readCarried(): void {
    const line = this.carry.subarray(0, this.carried)
    const text = looksWhole(line) ? decodeUtf8(line) : undefined
    const value = text === undefined ? undefined : parseJson(text)
    if (value === undefined) return this.scanCarried()
    this.outlet.value(value, this.scanner.line)
    this.scanner.skip(1, this.carried)
    this.carried = 0
  }

  private scanCarried(): void {
    this.scanner.feed(this.carry, 0, this.carried)
    this.carried = 0
  }

  private keep(chunk: Uint8Array, from: number, to: number): void {
    const length = this.carried + to - from
    if (length > this.carry.length) {
      const grown = new Uint8Array(Math.min(2 * length, this.maxLine))
      grown.set(this.carry.subarray(0, this.carried))
      this.carry = grown
    }
    this.carry.set(chunk.subarray(from, to), this.carried)
    this.carried = length
  }

  /** Reads the complete lines of the block that begins at `from`; keeps a line that does not end in it. */
  private readBlock(chunk: Uint8Array, from: number): number {
    const block = chunk.subarray(from, from + this.maxBlock)
    const text = decodeLoosely(block)
    const last = text.lastIndexOf("\n") + 1
    if (last === 0) {
      this.keep(block, 0, block.length)
      return from + block.length
    }
    const length = text.length === block.length ? last : block.lastIndexOf(lineFeed) + 1
    // The last character of the block may be cut in two, but it does not belong to a complete line.
    const replaced = text.indexOf("\uFFFD")
    const isClean = replaced < 0 || replaced >= last || isUtf8(block.subarray(0, length))
    let at = from + (isClean ? this.readText(text, last, length) : 0)
    // From the first line on that is no object of its own, so that no line is decoded more than twice.
    while (at < from + length) at = this.scanner.feed(chunk, at, from + length)
    return at
  }

  /** Reads lines, `text[0, to)` of `length` bytes, up to one that is no object; gives the number of bytes read. */
  private readText(text: string, to: number, length: number): number {
    let line = this.scanner.line
    let lineStart = 0
    while (lineStart < to) {
      const end = text.indexOf("\n", lineStart)
      let start = lineStart
      let code = text.charCodeAt(start)
      while (isMargin(code)) code = text.charCodeAt(++start)
      if (start < end) {
        const value = code === openCurly ? parseJson(text.slice(start, end)) : undefined
        if (value === undefined) break
        this.outlet.value(value, line)
      }
      line++
      lineStart = end + 1
    }
    const read = lineStart === to ? length : utf8Length(text, lineStart)
    this.scanner.skip(line - this.scanner.line, read)
    return read
  }
}
