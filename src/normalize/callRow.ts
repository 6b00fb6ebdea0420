/** The flat form of records: one row per attempt, for spreadsheets. */
import type { Attempt } from "../domain/CallAttempt.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import { isJsonObject, type JsonObject } from "../domain/Json.ts"
import type { CallRecord } from "../domain/OutputRecord.ts"
import { type CallColumn, type Cell, type CsvColumn, csvColumns, type Place } from "./columns.ts"

export type { CallColumn } from "./columns.ts"

/** What a row is made of: a record, and the attempt the row is for. */
interface RowSource {
  readonly record: CallRecord
  readonly order: CallOrder | undefined
  readonly attempt: Omit<Attempt, "native"> | undefined
  readonly number: number | undefined
}

type Holder = JsonObject | undefined

/** Reads a place of a record as a cell. */
const reader = ({ write }: CsvColumn["format"], place: Place | undefined): ((holder: Holder) => Cell) => {
  if (place === undefined) return () => undefined
  const { field, part } = place
  if (part === undefined) return (holder) => write(holder?.[field])
  return (holder) => {
    const value = holder?.[field]
    return isJsonObject(value) ? write(value[part]) : undefined
  }
}

/** Columns of the record itself: an attempt within an order may have issues of its own, from when it came alone. */
const OF_RECORD: ReadonlySet<string> = new Set(["kind", "provider", "order_id", "issues"])

/** What an attempt says comes before what its order says, but for what is the record's. */
const cellOf = ({ name, format, ...places }: CsvColumn): ((source: RowSource) => Cell) => {
  if (name === "attempt_number") return ({ number }) => number
  if (name === "attempts") return ({ order }) => order?.attempts.length
  const ofOrder = reader(format, places.order)
  const ofAttempt = reader(format, places.attempt)
  const ofHint = reader(format, places.hint)
  if (places.hint === undefined && places.order === undefined) return ({ attempt }) => ofAttempt(attempt)
  if (places.hint === undefined && places.attempt === undefined) return ({ order }) => ofOrder(order)
  return ({ record, order, attempt }) => {
    if (record.kind === "call_hint") return ofHint(record)
    if (OF_RECORD.has(name)) return order === undefined ? ofAttempt(attempt) : ofOrder(order)
    return ofAttempt(attempt) ?? ofOrder(order)
  }
}

type CallColumns = { readonly [Name in CallColumn]: (source: RowSource) => Cell }

function cellsOf(columns: ReadonlyArray<CsvColumn>): CallColumns
function cellsOf(columns: ReadonlyArray<CsvColumn>): { readonly [name: string]: (source: RowSource) => Cell } {
  return Object.fromEntries(columns.map((column) => [column.name, cellOf(column)]))
}

/** Columns in their order; names and order are stable, new ones are added at the end. */
export const callColumns = cellsOf(csvColumns)

const isColumn = (name: string): name is CallColumn => Object.hasOwn(callColumns, name)

/** All columns of the table of calls, in their order. */
export const CALL_COLUMNS: ReadonlyArray<CallColumn> = Object.keys(callColumns).filter(isColumn)

/** Longest text that is repeated on every row of an order: an order with many attempts would grow without bound. */
const LONGEST_REPEATED = 2000

/** One row per attempt; a record without attempts is one row. A long text of the order stands on its first row only. */
export const callRows = (
  record: CallRecord,
  columns: ReadonlyArray<CallColumn> = CALL_COLUMNS
): ReadonlyArray<ReadonlyArray<Cell>> => {
  const row = (source: RowSource) => columns.map((column) => callColumns[column](source))
  if (record.kind === "call_attempt") return [row({ record, order: undefined, attempt: record, number: undefined })]
  if (record.kind === "call_hint") return [row({ record, order: undefined, attempt: undefined, number: undefined })]
  if (record.attempts.length < 2) {
    const [attempt] = record.attempts
    return [row({ record, order: record, attempt, number: attempt && 1 })]
  }
  const ofOrder = row({ record, order: record, attempt: undefined, number: undefined })
  const isLong = ofOrder.map((cell) => typeof cell === "string" && cell.length > LONGEST_REPEATED)
  return record.attempts.map((attempt, index) => {
    const cells = row({ record, order: record, attempt, number: index + 1 })
    return index === 0
      ? cells
      : cells.map((cell, at) => (isLong[at] === true && cell === ofOrder[at] ? undefined : cell))
  })
}

const STARTS_FORMULA = /^[=+\-@\t\r]/
const PLAIN_NUMBER = /^[+-]?\d+(?:\.\d+)?$/
const NEEDS_QUOTES = /[",\r\n]/

/**
 * A CSV cell (RFC 4180). Text that a spreadsheet would run as a formula gets a leading apostrophe; plain numbers, and
 * telephone numbers with them, are no formulas and stay as they are.
 */
const csvCell = (cell: Cell): string => {
  if (cell === undefined) return ""
  const text = String(cell)
  const safe = STARTS_FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Cells as a line of CSV. */
export const csvLine = (cells: ReadonlyArray<Cell>): string => `${cells.map(csvCell).join(",")}\r\n`

/** The header line of the table of calls; of all columns unless some are given. */
export const csvHeader = (columns: ReadonlyArray<CallColumn> = CALL_COLUMNS): string => csvLine(columns)

/** The lines of a record in the table of calls: one for each attempt. */
export const csvRows = (record: CallRecord): string => callRows(record).map(csvLine).join("")

/** Divides what stood on lines of their own. */
const LINE_DIVIDER = " | "

/** A cell that is one line in whatever reads it. */
export const onOneLine = (cell: Cell): Cell =>
  typeof cell === "string" ? cell.trim().replace(/\s*[\r\n\u2028\u2029]+\s*/g, LINE_DIVIDER) : cell
