/** Records as text of one of the output formats. */
import type { CallRecord } from "../domain/OutputRecord.ts"
import { csvHeader, csvRows } from "../normalize/callRow.ts"
import { makeTable } from "./table.ts"

export const FORMATS = ["ndjson", "json", "csv", "table"] as const
export type Format = (typeof FORMATS)[number]

export interface Encoder {
  readonly begin: () => string
  readonly record: (record: CallRecord) => string
  readonly end: () => string
}

const nothing = (): string => ""

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
  ndjson: () => ({ begin: nothing, record: (record) => `${JSON.stringify(record)}\n`, end: nothing }),
  json: makeJson,
  csv: () => ({ begin: csvHeader, record: csvRows, end: nothing }),
  table: () => {
    const table = makeTable()
    return { begin: nothing, record: table.add, end: table.end }
  }
} as const satisfies Record<Format, () => Encoder>

export const makeEncoder = (format: Format): Encoder => makers[format]()
