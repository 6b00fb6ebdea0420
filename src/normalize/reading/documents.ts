/**
 * Splits the bytes of a file into the JSON values in it, pushed by whoever reads the file.
 *
 * Most files are NDJSON, so whole lines take a fast path: one decode for all complete lines of a chunk, one
 * `JSON.parse` per line. A line that is no JSON object of its own goes through the scanner of `jsonScanner.ts`.
 */
import { closeCurly, has, lineFeed, openCurly, setOf, spaces } from "./bytes.ts"
import { JsonScanner } from "./jsonScanner.ts"
import { type ByteReader, type DocumentSink, type Limits, Outlet, usableLimits } from "./outlet.ts"
import { Region } from "./region.ts"
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
 * never held together. What is none of these is reported as damage. It never throws for what the input holds; an error
 * thrown by the sink passes through and ends the reading. Time is linear in the input, memory bounded by the longest
 * record.
 */
export const makeDocumentSplitter = (
  limits: Limits,
  sink: DocumentSink,
  start: Start = { line: 1, offset: 0 }
): DocumentSplitter => new Splitter(usableLimits(limits), sink, start)

/** Complete lines up to this many bytes are decoded together: fewer calls, and the text stays in the processor cache. */
const maxBlockBytes = 64 * 1024

/** White space and record separators, which may stand before a record. */
const margins = setOf(" \t\r\x1e")

/** Whether a line may be one object. This spares an exception for most lines that are none. */
const looksWhole = (line: Uint8Array): boolean => {
  let last = line.length - 1
  while (last > 0 && has(spaces, line[last])) last--
  return line[0] === openCurly && line[last] === closeCurly
}

class Splitter implements DocumentSplitter {
  private readonly outlet: Outlet
  private readonly scanner: JsonScanner
  private readonly maxLine: number
  private readonly maxBlock: number
  /** The start of a line whose end has not come yet. */
  private readonly carry: Region

  constructor(limits: Limits, sink: DocumentSink, { line, offset }: Start) {
    this.outlet = new Outlet(sink)
    this.scanner = new JsonScanner(limits, this.outlet)
    this.scanner.skipLines(line - 1, offset)
    this.maxLine = Math.min(maxUnscannedBytes, limits.maxRecordBytes)
    this.maxBlock = Math.min(maxBlockBytes, this.maxLine)
    this.carry = new Region(this.maxLine)
  }

  get isIdle(): boolean {
    return this.carry.total === 0 && this.scanner.isIdle
  }

  get line(): number {
    return this.scanner.line
  }

  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      if (!this.scanner.isIdle) at = this.scanner.feed(chunk, at)
      else if (this.carry.total > 0) at = this.finishLine(chunk, at)
      else at += this.readBlock(chunk.subarray(at, at + this.maxBlock))
    }
  }

  end(): void {
    if (this.carry.total > 0) this.readCarried()
    this.scanner.end()
  }

  /** Reads on in the line whose start was kept. */
  private finishLine(chunk: Uint8Array, at: number): number {
    const lineEnd = chunk.indexOf(lineFeed, at) + 1
    const rest = chunk.subarray(at, lineEnd === 0 ? chunk.length : lineEnd)
    if (this.carry.total + rest.length > this.maxLine) {
      this.scanCarried()
      return at
    }
    this.carry.append(rest)
    if (lineEnd > 0) this.readCarried()
    return at + rest.length
  }

  private readCarried(): void {
    const line = this.carry.view()
    const text = looksWhole(line) ? decodeUtf8(line) : undefined
    const value = text === undefined ? undefined : parseJson(text)
    if (value === undefined) return this.scanCarried()
    this.outlet.value(value, this.scanner.line)
    this.scanner.skipLines(1, line.length)
    this.carry.clear()
  }

  private scanCarried(): void {
    this.scanner.feed(this.carry.view())
    this.carry.clear()
  }

  /** Reads the complete lines of a block, or keeps a line that does not end in it; gives the number of bytes read. */
  private readBlock(block: Uint8Array): number {
    const text = decodeLoosely(block)
    const last = text.lastIndexOf("\n") + 1
    if (last === 0) {
      this.carry.append(block)
      return block.length
    }
    const length = text.length === block.length ? last : block.lastIndexOf(lineFeed) + 1
    const lines = block.subarray(0, length)
    // The last character of the block may be cut in two, but it does not belong to a complete line.
    const replaced = text.indexOf("\uFFFD")
    const isClean = replaced < 0 || replaced >= last || isUtf8(lines)
    let at = isClean ? this.readText(text, last, length) : 0
    // From the first line on that is no object of its own, so that no line is decoded more than twice.
    while (at < length) at = this.scanner.feed(lines, at)
    return length
  }

  /** Reads lines, `text[0, to)` of `length` bytes, up to one that is no object; gives the number of bytes read. */
  private readText(text: string, to: number, length: number): number {
    let line = this.scanner.line
    let lineStart = 0
    while (lineStart < to) {
      const end = text.indexOf("\n", lineStart)
      let start = lineStart
      while (has(margins, text.charCodeAt(start))) start++
      if (start < end) {
        const value = text.charCodeAt(start) === openCurly ? parseJson(text.slice(start, end)) : undefined
        if (value === undefined) break
        this.outlet.value(value, line)
      }
      line++
      lineStart = end + 1
    }
    const read = lineStart === to ? length : utf8Length(text.slice(0, lineStart))
    this.scanner.skipLines(line - this.scanner.line, read)
    return read
  }
}
