/** A table for people: one line per attempt, widths taken from the first lines. */
import * as CliOutput from "effect/cli/CliOutput"
import type { Attempt } from "../domain/CallAttempt.ts"
import type { CallRecord } from "../domain/OutputRecord.ts"

const HEADER = ["PROVIDER", "ORDER", "TRY", "TO", "STATUS", "REACH", "SURE", "TALK", "WHEN (UTC)", "NOTES"]

/** Rows that widths are measured on; later rows may be wider, which only bends a column. */
const MEASURED_ROWS = 200
const LONGEST_CELL = 36

type Row = ReadonlyArray<string>

const seconds = (value: number | undefined): string => {
  if (value === undefined) return ""
  const whole = Math.round(value)
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, "0")}`
}

const when = (instant: string | undefined): string =>
  instant === undefined ? "" : `${instant.slice(0, 10)} ${instant.slice(11, 16)}`

const attemptNotes = (attempt: Omit<Attempt, "native">): ReadonlyArray<string> => [
  ...(attempt.reach.contradicted === true ? ["contradicted"] : []),
  ...(attempt.failure === undefined ? [] : [`failure ${attempt.failure.kind}`]),
  ...(attempt.disconnect?.reason === undefined ? [] : [attempt.disconnect.reason])
]

const rowsOf = (record: CallRecord): ReadonlyArray<Row> => {
  if (record.kind === "call_hint") {
    const status = record.providerStatus ?? record.event
    return [
      [
        record.provider,
        record.orderId ?? "",
        "hint",
        record.to ?? "",
        status,
        record.result ?? "",
        "",
        "",
        when(record.endedAt),
        ""
      ]
    ]
  }
  if (record.kind === "call_attempt") {
    return [attemptRow(record.provider, record.orderId ?? record.id, "attempt", record, record.status, [])]
  }
  const { reach } = record
  const notes = [
    ...(record.outcome === undefined ? [] : [`outcome ${record.outcome}`]),
    ...(record.issues === undefined ? [] : [`${record.issues.length} issue${record.issues.length === 1 ? "" : "s"}`]),
    ...(record.conflicts === undefined ? [] : ["conflict"])
  ]
  const times = record.attempts.length
  if (times === 0) {
    return [
      [
        record.provider,
        record.id,
        "0/0",
        record.to ?? "",
        record.status,
        reach.value,
        reach.certainty,
        "",
        when(record.createdAt),
        notes.join(", ")
      ]
    ]
  }
  return record.attempts.map((attempt, index) =>
    attemptRow(
      record.provider,
      record.id,
      `${index + 1}/${times}`,
      attempt,
      record.status,
      index === times - 1 ? notes : [],
      record.to
    )
  )
}

const attemptRow = (
  provider: string,
  id: string,
  place: string,
  attempt: Omit<Attempt, "native">,
  status: string,
  notes: ReadonlyArray<string>,
  to?: string
): Row => [
  provider,
  id,
  place,
  attempt.to ?? to ?? "",
  status,
  attempt.reach.value,
  attempt.reach.certainty,
  seconds(attempt.talkSeconds),
  when(attempt.dialedAt ?? attempt.answeredAt ?? attempt.endedAt),
  [...attemptNotes(attempt), ...notes].join(", ")
]

/** Control characters would move the cursor of the terminal; a long cell would break every line. */
const shown = (cell: string): string => {
  // oxlint-disable-next-line no-control-regex
  const plain = cell.replace(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, " ")
  return plain.length <= LONGEST_CELL ? plain : `${plain.slice(0, LONGEST_CELL - 1)}…`
}

export interface TableWriter {
  readonly add: (record: CallRecord) => string
  readonly end: () => string
}

export const makeTable = (): TableWriter => {
  let widths: ReadonlyArray<number> | undefined
  const waiting: Array<Row> = [HEADER]
  const line = (row: Row): string => {
    const cells = row.map(
      (cell, index) => cell + " ".repeat(Math.max(0, (widths?.[index] ?? 0) - CliOutput.displayWidth(cell)))
    )
    return `${cells.join("  ").trimEnd()}\n`
  }
  const release = (): string => {
    widths ??= HEADER.map((_, column) => Math.max(...waiting.map((row) => CliOutput.displayWidth(row[column] ?? ""))))
    return waiting.splice(0).map(line).join("")
  }
  return {
    add: (record) => {
      waiting.push(
        ...rowsOf(record).map((row) => row.map((cell, column) => (column === HEADER.length - 1 ? cell : shown(cell))))
      )
      return widths === undefined && waiting.length <= MEASURED_ROWS ? "" : release()
    },
    end: release
  }
}
