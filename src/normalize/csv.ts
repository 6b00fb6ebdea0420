/**
 * Splits the bytes of a CSV file into payloads, pushed by whoever reads the file.
 *
 * Cells are read by effect's CSV decoder. It ends a stream at the first fault, so the records are found here, and it is
 * given whole records: many at a time, and one by one where a fault is among them, so that a bad row costs that row only.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Csv from "effect/encoding/Csv"
import { type CsvColumns, type CsvOptions, readColumns, readPayload } from "./csvRow.ts"
import { type Damage, type ByteReader, type Limits, usableLimits } from "./documents.ts"
import { decodeUtf8, Outlet, placeName, Region } from "./jsonRegion.ts"

export type { CsvOptions } from "./csvRow.ts"

/** Receives what a CSV file holds; `line` and `index` as in `DocumentSink`, `provider` from the provider column. */
export interface CsvSink {
  value(value: unknown, line: number, index: number, provider?: string): void
  damaged(damage: Damage): void
}

const lineFeed = 10
const carriageReturn = 13
const quote = 34

const delimiters = [",", ";", "\t"] as const

/** Whole records up to this many bytes are decoded together. */
const maxBatchBytes = 64 * 1024

type Rows = ReadonlyArray<ReadonlyArray<string>>

/** Decodes whole records; gives a message when one of them is not CSV. */
const decodeRows = (text: string, delimiter: string): Rows | string => {
  // The decoder drops a mark at the start of any text; the file's own is gone already, so this one is content.
  const guarded = text.startsWith("\uFEFF") ? `\n${text}` : text
  const decoder = Csv.decodeString({ delimiter, maxRecordSize: Infinity, ignoreEmptyLines: true })
  const exit = Effect.runSyncExit(Stream.make(guarded).pipe(Stream.pipeThroughChannel(decoder), Stream.runCollect))
  if (Exit.isSuccess(exit)) return exit.value
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  return error === undefined ? "expected CSV" : `${error.message} (cell ${error.column ?? 1})`
}

/**
 * Decodes one record. Tab-separated exports often write JSON without quoting it, so a record in which no cell begins
 * with a quote is split at its delimiters when it is no CSV.
 */
const decodeRecord = (text: string, delimiter: string): ReadonlyArray<string> | string => {
  const rows = decodeRows(text, delimiter)
  if (typeof rows !== "string") return rows[0] ?? []
  const cells = text.split(delimiter)
  return cells.some((cell) => cell.startsWith('"')) ? rows : cells
}

/** The delimiter that a header row has most of outside quotes; the comma when it has none. */
const detectDelimiter = (header: string): string => {
  const bare = header.replace(/"[^"]*"?/g, "")
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length)
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ","
}

const byteOrderMark = [0xef, 0xbb, 0xbf]

type State = "field start" | "unquoted" | "quoted" | "quote in quoted"

/** A whole record without its line break. `row` counts as spreadsheets do, the header being row 1. */
interface CsvRecord {
  readonly bytes: Uint8Array
  /** Length in bytes, of which `bytes` may hold only the first. */
  readonly total: number
  readonly line: number
  readonly row: number
  readonly offset: number
}

const unclosed = "expected a closing quote before the end of the input"

/** The UTF-16 flavour whose byte order mark a file begins with. */
const utf16Of = (bytes: Uint8Array): string | undefined => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le"
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : undefined
}

class CsvReader implements ByteReader {
  private readonly options: CsvOptions
  private readonly limits: Limits
  private readonly outlet: Outlet
  private provider: string | undefined
  private columns: CsvColumns | undefined
  private delimiter = ","
  /** Until the header is known, any delimiter may be before a quoted field. */
  private readonly isDelimiter = new Uint8Array(256)
  /** Why the file as a whole cannot be read; everything from its header on is one damage. */
  private fileFault = ""
  private encoding: string | undefined

  private state: State = "field start"
  /** The last record ended with a carriage return, so a line feed belongs to the same line break. */
  private isAfterReturn = false
  /** The start of a record whose end has not come yet. */
  private readonly region: Region
  private isCarried = false
  /** Whole records of the current chunk that wait to be decoded together. */
  private batch: Array<CsvRecord> = []
  private batchFrom = 0
  private batchTo = 0
  private line = 1
  private recordLine = 1
  private row = 0
  /** Offset in the input of the current chunk. */
  private offset = 0

  constructor(options: CsvOptions, limits: Limits, sink: CsvSink) {
    this.options = options
    this.limits = limits
    this.outlet = new Outlet({
      value: (value, line, index) => sink.value(value, line, index, this.provider),
      damaged: (damage) => sink.damaged(damage)
    })
    this.region = new Region(limits.maxRecordBytes)
    for (const delimiter of delimiters) this.isDelimiter[delimiter.charCodeAt(0)] = 1
  }

  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length && this.fileFault === "") at = this.readRecord(chunk, at)
    this.flush(chunk)
    if (this.fileFault !== "") this.region.append(chunk, at, chunk.length)
    this.offset += chunk.length
  }

  end(): void {
    if (this.isCarried) this.endRecord(new Uint8Array(0), 0, 0)
    const { line, total } = this.region
    if (this.fileFault !== "") this.outlet.damage(line, this.fileFault, this.region.view(), total, this.encoding)
    this.fileFault = ""
  }

  // Finding records

  private readRecord(chunk: Uint8Array, at: number): number {
    if (this.skipsLineFeed(chunk[at])) return at + 1
    if (!this.isCarried) this.recordLine = this.line
    const end = this.scan(chunk, at)
    if (end < chunk.length) {
      this.endRecord(chunk, at, end)
      if (this.fileFault !== "") return end
      this.isAfterReturn = chunk[end] === carriageReturn
      this.line++
      return end + 1
    }
    this.carry(chunk, at, end)
    return end
  }

  private skipsLineFeed(byte: number | undefined): boolean {
    const skips = this.isAfterReturn && byte === lineFeed
    this.isAfterReturn = false
    return skips
  }

  private carry(chunk: Uint8Array, from: number, to: number): void {
    if (!this.isCarried) this.region.begin(this.recordLine, 1, this.offset + from)
    this.isCarried = true
    this.region.append(chunk, from, to)
  }

  /** Index of the line break that ends the record, or the length of the chunk. */
  private scan(bytes: Uint8Array, from: number): number {
    let at = from
    while (at < bytes.length) {
      const byte = bytes[at] ?? 0
      if (this.state === "quoted") {
        if (byte === quote) this.state = "quote in quoted"
        else if (byte === lineFeed) this.line++
      } else if (byte === lineFeed || byte === carriageReturn) return at
      else if (!this.isMark(byte, at)) this.state = this.stateAfter(byte)
      at++
    }
    return at
  }

  private stateAfter(byte: number): State {
    if (this.isDelimiter[byte] === 1) return "field start"
    return byte === quote && this.state !== "unquoted" ? "quoted" : "unquoted"
  }

  /** A byte order mark, so that a quote after it is at the start of its field. */
  private isMark(byte: number, at: number): boolean {
    return this.state === "field start" && byteOrderMark[this.offset + at] === byte
  }

  private endRecord(chunk: Uint8Array, from: number, to: number): void {
    const isCut = this.state === "quoted"
    this.state = "field start"
    this.row++
    // The header is carried too: when it cannot be read, the rest of the file joins it.
    if (this.columns === undefined) this.carry(chunk, from, to)
    else if (!this.isCarried) return this.addToBatch(chunk, from, to)
    else this.region.append(chunk, from, to)
    this.isCarried = false
    const { line, offset, total } = this.region
    const bytes = this.region.view()
    if (this.columns === undefined) this.readHeader(bytes, isCut)
    else this.readRow(this.columns, { bytes, total, line, row: this.row, offset }, isCut)
  }

  private addToBatch(chunk: Uint8Array, from: number, to: number): void {
    if (from === to) return
    if (to - this.batchFrom > maxBatchBytes) this.flush(chunk)
    if (this.batch.length === 0) this.batchFrom = from
    this.batchTo = to
    const bytes = chunk.subarray(from, to)
    this.batch.push({ bytes, total: to - from, line: this.recordLine, row: this.row, offset: this.offset + from })
  }

  // Reading records

  private readHeader(view: Uint8Array, isCut: boolean): void {
    const text = decodeUtf8(view)?.replace(/^\uFEFF/, "")
    if (text?.trim() === "") return
    const columns = this.headerFault(view, isCut) ?? this.readNames(text)
    if (typeof columns !== "string") {
      this.columns = columns
      return
    }
    this.fileFault = `${columns}, in the header at ${this.region.start}`
    this.region.keepRawOnly()
  }

  private headerFault(view: Uint8Array, isCut: boolean): string | undefined {
    this.encoding = this.region.offset === 0 ? utf16Of(view) : undefined
    if (this.encoding !== undefined) return `expected UTF-8 but the input is ${this.encoding.toUpperCase()}`
    if (this.region.isTooLong) return `record longer than ${this.limits.maxRecordBytes} bytes`
    return isCut ? unclosed : undefined
  }

  private readNames(text: string | undefined): CsvColumns | string {
    if (text === undefined) return "invalid UTF-8"
    this.delimiter = detectDelimiter(text)
    this.isDelimiter.fill(0)
    this.isDelimiter[this.delimiter.charCodeAt(0)] = 1
    const rows = decodeRecord(text, this.delimiter)
    return typeof rows === "string" ? rows : readColumns(rows, this.options)
  }

  /** Reads the records that wait, all in one go when none of them is damaged. */
  private flush(chunk: Uint8Array): void {
    const { batch, columns } = this
    if (batch.length === 0 || columns === undefined) return
    this.batch = []
    const rows = this.decodeBatch(chunk)
    if (rows?.length === batch.length) batch.forEach((record, at) => this.readCells(columns, record, rows[at] ?? []))
    else for (const record of batch) this.readRow(columns, record, false)
  }

  private decodeBatch(chunk: Uint8Array): Rows | undefined {
    if (this.batchTo - this.batchFrom > this.limits.maxRecordBytes) return undefined
    const text = decodeUtf8(chunk.subarray(this.batchFrom, this.batchTo))
    const rows = text === undefined ? undefined : decodeRows(text, this.delimiter)
    return typeof rows === "string" ? undefined : rows
  }

  private readRow(columns: CsvColumns, record: CsvRecord, isCut: boolean): void {
    const cells = this.cellsOf(record, isCut)
    if (typeof cells === "string") this.damage(record, cells)
    else this.readCells(columns, record, cells)
  }

  private cellsOf(record: CsvRecord, isCut: boolean): ReadonlyArray<string> | string {
    if (record.total > this.limits.maxRecordBytes) return `record longer than ${this.limits.maxRecordBytes} bytes`
    if (isCut) return unclosed
    const text = decodeUtf8(record.bytes)
    return text === undefined ? "invalid UTF-8" : decodeRecord(text, this.delimiter)
  }

  private readCells(columns: CsvColumns, record: CsvRecord, cells: ReadonlyArray<string>): void {
    if (cells.every((cell) => cell.trim() === "")) return
    const { length } = columns.names
    if (cells.length !== length) return this.damage(record, `expected ${length} cells but found ${cells.length}`)
    const payload = readPayload(columns, cells, this.limits.maxNesting)
    if (typeof payload === "string") return this.damage(record, payload)
    this.provider = payload.provider
    this.outlet.value(payload.value, record.line)
  }

  private damage({ bytes, total, line, row, offset }: CsvRecord, message: string): void {
    this.outlet.damage(line, `${message}, in row ${row} at ${placeName(line, 1, offset)}`, bytes, total)
  }
}

/**
 * Makes a reader for one CSV file with a header row, encoded in UTF-8.
 *
 * Rows become payloads as {@link CsvOptions} says. A row that cannot be read, has too few or too many cells, or whose
 * payload is not JSON is a damage; empty rows are skipped. Without a column that the caller named, the file is one
 * damage. It never throws for what the file holds. Time is linear in the input, memory bounded by the longest record.
 */
export const makeCsvReader = (options: CsvOptions, limits: Limits, sink: CsvSink): ByteReader =>
  new CsvReader(options, usableLimits(limits), sink)
