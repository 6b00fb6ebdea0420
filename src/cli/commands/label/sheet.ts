/** A labelling sheet: a row for each call, with its transcript and room for two people's labels. */
import { type Label, type LabelledTranscript, LABELS, transcriptOfLines } from "../../../compare/labels.ts"
import { isJsonObject, type JsonObject } from "../../../domain/Json.ts"
import { csvLine } from "../../../normalize/callRow.ts"
import { BYTE_ORDER_MARK } from "../../records/encoders.ts"
import { jsonLine } from "../../shell/terminal.ts"

const COLUMNS = ["id", "provider", "transcript", "label", "label_2"] as const

export interface SheetRow {
  readonly id: string
  readonly provider: string
  readonly transcript: string
}

/** NDJSON by the file's name, else CSV for spreadsheets. */
export const sheetText = (rows: ReadonlyArray<SheetRow>, file: string): string => {
  const whole = rows.map((row) => ({ ...row, label: "", label_2: "" }))
  return /\.(ndjson|jsonl)$/iu.test(file)
    ? whole.map(jsonLine).join("")
    : BYTE_ORDER_MARK + csvLine(COLUMNS) + whole.map((row) => csvLine(COLUMNS.map((name) => row[name]))).join("")
}

/** What is wrong with a row: the column, and what was expected in it. No value is repeated. */
export interface SheetFault {
  readonly column: string
  readonly expected: string
}

/** A row that was read back; `undefined` if nobody has labelled it. */
export const readRow = (row: unknown): LabelledTranscript | SheetFault | undefined => {
  if (!isJsonObject(row)) return { column: "row", expected: `the columns ${COLUMNS.join(", ")}` }
  const [label, secondLabel] = [labelIn(row, "label"), labelIn(row, "label_2")]
  if (label === "other") return { column: "label", expected: WORDS }
  if (secondLabel === "other") return { column: "label_2", expected: WORDS }
  if (label === undefined) {
    return secondLabel === undefined ? undefined : { column: "label", expected: `${WORDS} where label_2 has one` }
  }
  const { transcript: lines } = row
  const provider = textIn(row, "provider")
  const transcript = typeof lines === "string" ? transcriptOfLines(lines) : undefined
  if (transcript === undefined) {
    return { column: "transcript", expected: "lines that begin with agent: or remote:, as the sheet was written" }
  }
  if (provider === undefined) return { column: "provider", expected: "the id of a provider" }
  return { provider, transcript, label, ...(secondLabel === undefined ? {} : { secondLabel }) }
}

const WORDS = `${LABELS.slice(0, -1).join(", ")} or ${LABELS.at(-1)}`

const textIn = (row: JsonObject, column: string): string | undefined => {
  const value = Object.hasOwn(row, column) ? row[column] : undefined
  return typeof value === "string" ? value : undefined
}

/** A label however it is written; "other" for any other word. */
const labelIn = (row: JsonObject, column: string): Label | "other" | undefined => {
  const value = Object.hasOwn(row, column) ? row[column] : undefined
  if (value === undefined || value === null || (typeof value === "string" && value.trim() === "")) return undefined
  return LABELS.find((word) => typeof value === "string" && value.trim().toLowerCase() === word) ?? "other"
}
