/**
 * Splits the bytes of a CSV file into payloads, pushed by whoever reads the file.
 *
 * Cells are read by effect's CSV decoder. It ends a stream at the first fault, so the records are found here, and it is
 * given whole records: many at a time, and one by one where a fault is among them, so that a bad row costs that row only.
 */
import { carriageReturn, lineFeed, quote } from "./bytes.ts"
import { type CsvColumns, type CsvOptions, readColumns, readPayload } from "./csvRow.ts"
import { decodeRecord, decodeRows, delimiters, detectDelimiter, type Rows } from "./csvText.ts"
import { type ByteReader, type Damage, type Limits, Outlet, placeName, usableLimits } from "./outlet.ts"
import { Region } from "./region.ts"
import { decodeUtf8 } from "./text.ts"

export type { CsvOptions } from "./csvRow.ts"

/** Receives what a CSV file holds; `line` and `index` as in `DocumentSink`, `provider` from the provider column. */
export interface CsvSink {
  value(value: unknown, line: number, index: number, provider?: string): void
  damaged(damage: Damage): void
  /** A column that the caller named is not there. Unless this throws, the file is one damage. */
  missingColumn?(message: string): void
}

export interface CsvReader extends ByteReader {
  /** The input breaks off within the row that is open, and goes on with another. */
  cut(): void
}

/**
 * Makes a reader for one CSV file with a header row, encoded in UTF-8.
 *
 * Rows become payloads as {@link CsvOptions} says. A row that cannot be read, has too few or too many cells, or whose
 * payload is not JSON is a damage; empty rows are skipped. Without a column that the caller named, the file is one
 * damage. It never throws for what the file holds. Time is linear in the input, memory bounded by the longest record.
 */
export const makeCsvReader = (options: CsvOptions, limits: Limits, sink: CsvSink): CsvReader =>
  new Reader(options, usableLimits(limits), sink)

/** Whole records up to this many bytes are decoded together. */
const maxBatchBytes = 64 * 1024

const byteOrderMark = [0xef, 0xbb, 0xbf]

/** What a quote does at a place: it opens a field, stands in one as it is, or closes one. */
type Field = "open" | "bare" | "quoted"

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

class Reader implements CsvReader {
  private readonly options: CsvOptions
  private readonly limits: Limits
  private readonly sink: CsvSink
  private readonly outlet: Outlet
  private provider: string | undefined
  private columns: CsvColumns | undefined
  private delimiter = ","
  /** Until the header is known, any delimiter may be before a quoted field. */
  private readonly isDelimiter = new Uint8Array(256)
  private field: Field = "open"
  /** The last record ended with a carriage return, so a line feed belongs to the same line break. */
  private isAfterReturn = false
  /** The start of a record whose end has not come yet; with a fault it is the whole file from its header on. */
  private readonly region: Region
  private isCarried = false
  /** Whole records of the current chunk that wait to be decoded together. */
  private batch: Array<CsvRecord> = []
  private line = 1
  private recordLine = 1
  private row = 0
  /** Offset in the input of the current chunk. */
  private offset = 0

  constructor(options: CsvOptions, limits: Limits, sink: CsvSink) {
    this.options = options
    this.limits = limits
    this.sink = sink
    this.outlet = new Outlet({
      value: (value, line, index) => sink.value(value, line, index, this.provider),
      damaged: (damage) => sink.damaged(damage)
    })
    this.region = new Region(limits.maxRecordBytes)
    for (const delimiter of delimiters) this.isDelimiter[delimiter.charCodeAt(0)] = 1
  }

  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length && this.region.fault === "") at = this.readRecord(chunk, at)
    this.flush(chunk)
    if (this.region.fault !== "") this.region.append(chunk.subarray(at))
    this.offset += chunk.length
  }

  cut(): void {
    if (!this.isCarried) return
    // A row with an open quote is damaged: one that only seems whole would be read with half a cell.
    this.field = "quoted"
    this.endRecord(new Uint8Array(0), 0, 0)
  }

  end(): void {
    if (this.isCarried) this.endRecord(new Uint8Array(0), 0, 0)
    const { fault, place, total } = this.region
    const view = this.region.view()
    if (fault !== "") this.outlet.damage(place.line, fault, view, total, this.region.foreignEncoding(view))
  }

  // Finding records

  private readRecord(chunk: Uint8Array, at: number): number {
    const isSameBreak = this.isAfterReturn && chunk[at] === lineFeed
    this.isAfterReturn = false
    if (isSameBreak) return at + 1
    if (!this.isCarried) this.recordLine = this.line
    const end = this.scan(chunk, at)
    if (end === chunk.length) {
      this.carry(chunk, at, end)
      return end
    }
    this.endRecord(chunk, at, end)
    if (this.region.fault !== "") return end
    this.isAfterReturn = chunk[end] === carriageReturn
    this.line++
    return end + 1
  }

  private carry(chunk: Uint8Array, from: number, to: number): void {
    if (!this.isCarried) this.region.begin({ line: this.recordLine, column: 1, offset: this.offset + from })
    this.isCarried = true
    this.region.append(chunk.subarray(from, to))
  }

  /** Index of the line break that ends the record, or the length of the chunk. */
  private scan(bytes: Uint8Array, from: number): number {
    const { isDelimiter } = this
    const { length } = bytes
    let { field } = this
    let at = from
    for (; at < length; at++) {
      const byte = bytes[at] ?? 0
      if (field === "quoted") {
        // A second quote opens the field again.
        if (byte === quote) field = "open"
        else if (byte === lineFeed) this.line++
      } else if (byte === lineFeed || byte === carriageReturn) break
      else if (byte === quote && field === "open") field = "quoted"
      else if (isDelimiter[byte] === 1) field = "open"
      else if (!this.isMark(byte, at)) field = "bare"
    }
    this.field = field
    return at
  }

  /** A byte of a byte order mark, so that a quote after it is at the start of its field. */
  private isMark(byte: number, at: number): boolean {
    const offset = this.offset + at
    return offset < byteOrderMark.length && byteOrderMark[offset] === byte
  }

  private endRecord(chunk: Uint8Array, from: number, to: number): void {
    const isCut = this.field === "quoted"
    this.field = "open"
    this.row++
    // The header is carried too: when it cannot be read, the rest of the file joins it.
    if (this.columns === undefined) this.carry(chunk, from, to)
    else if (!this.isCarried) return this.addToBatch(chunk, from, to)
    else this.region.append(chunk.subarray(from, to))
    this.isCarried = false
    const { total } = this.region
    const { line, offset } = this.region.place
    const bytes = this.region.view()
    if (this.columns === undefined) this.readHeader(bytes, isCut)
    else this.readRow(this.columns, { bytes, total, line, row: this.row, offset }, isCut)
  }

  private addToBatch(chunk: Uint8Array, from: number, to: number): void {
    if (from === to) return
    const offset = this.offset + from
    if (offset + to - from - (this.batch[0]?.offset ?? offset) > maxBatchBytes) this.flush(chunk)
    const bytes = chunk.subarray(from, to)
    this.batch.push({ bytes, total: to - from, line: this.recordLine, row: this.row, offset })
  }

  // Reading records

  private readHeader(view: Uint8Array, isCut: boolean): void {
    const text = decodeUtf8(view)?.replace(/^\uFEFF/, "")
    if (text?.trim() === "") return
    const columns = this.headerFault(view, isCut) ?? this.readNames(text)
    if (typeof columns === "string") {
      this.region.fault = `${columns}, in the header at ${this.region.start}`
      this.region.keepRawOnly()
    } else this.columns = columns
  }

  private headerFault(view: Uint8Array, isCut: boolean): string | undefined {
    const encoding = this.region.foreignEncoding(view)
    if (encoding !== undefined) return `expected UTF-8 but the input is ${encoding.toUpperCase()}`
    if (this.region.isTooLong) return `record longer than ${this.limits.maxRecordBytes} bytes`
    return isCut ? unclosed : undefined
  }

  private readNames(text: string | undefined): CsvColumns | string {
    if (text === undefined) return "invalid UTF-8"
    this.delimiter = detectDelimiter(text)
    this.isDelimiter.fill(0)
    this.isDelimiter[this.delimiter.charCodeAt(0)] = 1
    const rows = decodeRecord(text, this.delimiter)
    if (typeof rows === "string") return rows
    const columns = readColumns(rows, this.options)
    if (typeof columns === "string") this.sink.missingColumn?.(columns)
    return columns
  }

  /** Reads the records that wait, all in one go when none of them is damaged. */
  private flush(chunk: Uint8Array): void {
    const { batch, columns } = this
    const [first] = batch
    const last = batch.at(-1)
    if (first === undefined || last === undefined || columns === undefined) return
    this.batch = []
    const range = chunk.subarray(first.offset - this.offset, last.offset + last.total - this.offset)
    const rows = this.decodeBatch(range)
    if (rows?.length === batch.length) batch.forEach((record, at) => this.readCells(columns, record, rows[at] ?? []))
    else for (const record of batch) this.readRow(columns, record, false)
  }

  private decodeBatch(bytes: Uint8Array): Rows | undefined {
    if (bytes.length > this.limits.maxRecordBytes) return undefined
    const text = decodeUtf8(bytes)
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
    this.outlet.damage(line, `${message}, in row ${row} at ${placeName({ line, column: 1, offset })}`, bytes, total)
  }
}
