/**
 * Splits the bytes of a CSV file into payloads, pushed by whoever reads the file.
 *
 * Records are found in the bytes, and each is read by itself, so that a bad row costs that row only.
 */
import { carriageReturn, lineFeed, quote } from "./bytes.ts"
import { type CsvColumns, type CsvOptions, readColumns, readPayload, type RowPayload } from "./csvRow.ts"
import { cellsOf, delimiters, detectDelimiter } from "./csvText.ts"
import { type ByteReader, type Damage, type Limits, nothing, Outlet, usableLimits } from "./outlet.ts"
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

const byteOrderMark = [0xef, 0xbb, 0xbf]

/** What a quote does at a place: it opens a field, stands in one as it is, or closes one. */
type Field = "open" | "bare" | "quoted"

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
  /** The open record without what the current chunk holds of it; with a fault it is the whole file from its header on. */
  private readonly region: Region
  /** The open record began in a chunk before. */
  private isCarried = false
  private line = 1
  /** Of the last record, as spreadsheets count: the header is row 1. */
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
    if (this.region.fault !== "") this.region.append(chunk.subarray(at))
    this.offset += chunk.length
  }

  cut(): void {
    if (!this.isCarried) return
    // A row with an open quote is damaged: one that only seems whole would be read with half a cell.
    this.field = "quoted"
    this.endRecord(nothing)
  }

  end(): void {
    if (this.isCarried) this.endRecord(nothing)
    const { fault, place, total } = this.region
    const view = this.region.view()
    if (fault !== "") this.outlet.damage(place.line, fault, view, total, this.region.foreignEncoding(view))
  }

  // Finding records

  private readRecord(chunk: Uint8Array, at: number): number {
    const isSameBreak = this.isAfterReturn && chunk[at] === lineFeed
    this.isAfterReturn = false
    if (isSameBreak) return at + 1
    if (!this.isCarried) this.region.begin({ line: this.line, column: 1, offset: this.offset + at })
    const end = this.scan(chunk, at)
    const bytes = chunk.subarray(at, end)
    this.isCarried = end === chunk.length
    if (this.isCarried) {
      this.region.append(bytes)
      return end
    }
    this.endRecord(bytes)
    if (this.region.fault !== "") return end
    this.isAfterReturn = chunk[end] === carriageReturn
    this.line++
    return end + 1
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
      else if (field !== "bare" && !this.isMark(byte, at)) field = "bare"
    }
    this.field = field
    return at
  }

  /** A byte of a byte order mark, so that a quote after it is at the start of its field. */
  private isMark(byte: number, at: number): boolean {
    const offset = this.offset + at
    return offset < byteOrderMark.length && byteOrderMark[offset] === byte
  }

  // Reading records

  /** Reads the open record, of which these bytes are the last. */
  private endRecord(bytes: Uint8Array): void {
    const isCut = this.field === "quoted"
    this.field = "open"
    this.isCarried = false
    this.row++
    if (this.columns !== undefined) return this.readRow(this.columns, this.region.finish(bytes), isCut)
    // The header is kept: when it cannot be read, the rest of the file joins it.
    this.region.append(bytes)
    this.readHeader(this.region.view(), isCut)
  }

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
    return this.rowFault(isCut)
  }

  private readNames(text: string | undefined): CsvColumns | string {
    if (text === undefined) return "invalid UTF-8"
    this.delimiter = detectDelimiter(text)
    this.isDelimiter.fill(0)
    this.isDelimiter[this.delimiter.charCodeAt(0)] = 1
    const cells = cellsOf(text, this.delimiter)
    if (typeof cells === "string") return cells
    const columns = readColumns(cells, this.options)
    if (typeof columns === "string") this.sink.missingColumn?.(columns)
    return columns
  }

  private rowFault(isCut: boolean): string | undefined {
    if (this.region.isTooLong) return `record longer than ${this.limits.maxRecordBytes} bytes`
    return isCut ? unclosed : undefined
  }

  private readRow(columns: CsvColumns, view: Uint8Array, isCut: boolean): void {
    const payload = this.rowFault(isCut) ?? this.payloadOf(columns, decodeUtf8(view))
    const { region } = this
    if (typeof payload === "string") {
      const message = `${payload}, in row ${this.row} at ${region.start}`
      this.outlet.damage(region.place.line, message, view, region.total)
    } else if (payload !== undefined) {
      this.provider = payload.provider
      this.outlet.value(payload.value, region.place.line)
    }
  }

  /** The payload of a row, `undefined` if the row is empty; a message when it has none. */
  private payloadOf(columns: CsvColumns, text: string | undefined): RowPayload | string | undefined {
    const cells = text === undefined ? "invalid UTF-8" : cellsOf(text, this.delimiter)
    if (typeof cells === "string") return cells
    if (cells.every((cell) => cell.trim() === "")) return undefined
    const { length } = columns.names
    if (cells.length !== length) return `expected ${length} cells but found ${cells.length}`
    return readPayload(columns, cells, this.limits.maxNesting)
  }
}
