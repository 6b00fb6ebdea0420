/** Records as text of one of the output formats. */
import type { CallRecord } from "../../domain/OutputRecord.ts"
import { CALL_COLUMNS, type CallColumn, callRows, csvHeader, csvLine, onOneLine } from "../../normalize/callRow.ts"
import { jsonLine } from "../shell/terminal.ts"
import { makeTable } from "./table.ts"

export const FORMATS = ["ndjson", "json", "csv", "table"] as const
export type Format = (typeof FORMATS)[number]

export interface Encoder {
  readonly begin: () => string
  readonly record: (record: CallRecord) => string
  readonly end: () => string
}

interface CsvForm {
  /** Columns in their order; all unless given. */
  readonly columns?: ReadonlyArray<CallColumn> | undefined
  /** A byte order mark at the start, by which spreadsheets know UTF-8. */
  readonly bom?: boolean
  /** No line breaks within cells. */
  readonly oneLine?: boolean
}

export const BYTE_ORDER_MARK = "\uFEFF"

const nothing = (): string => ""

const makeCsv = ({ columns = CALL_COLUMNS, bom = false, oneLine = false }: CsvForm): Encoder => ({
  begin: () => (bom ? BYTE_ORDER_MARK : "") + csvHeader(columns),
  record: (record) => {
    const rows = callRows(record, columns)
    return (oneLine ? rows.map((row) => row.map(onOneLine)) : rows).map(csvLine).join("")
  },
  end: nothing
})

const makeJson = (): Encoder => {
  let separator = "\n"
  return {
    begin: () => "[",
    record: (record) => {
      const text = separator + JSON.stringify(record)
      separator = ",\n"
      return text
    },
    end: () => "\n]\n"
  }
}

const makers = {
  ndjson: () => ({ begin: nothing, record: jsonLine, end: nothing }),
  json: makeJson,
  csv: makeCsv,
  table: () => ({ begin: nothing, ...makeTable() })
} as const satisfies Record<Format, (csv: CsvForm) => Encoder>

export const makeEncoder = (format: Format, csv: CsvForm = {}): Encoder => makers[format](csv)
