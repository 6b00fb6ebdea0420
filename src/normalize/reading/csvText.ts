/** Decodes the text of whole CSV records by effect's CSV decoder. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Csv from "effect/encoding/Csv"

export const delimiters = [",", ";", "\t"] as const

export type Rows = ReadonlyArray<ReadonlyArray<string>>

/** Decodes whole records; gives a message when one of them is not CSV. */
export const decodeRows = (text: string, delimiter: string): Rows | string => {
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
export const decodeRecord = (text: string, delimiter: string): ReadonlyArray<string> | string => {
  const rows = decodeRows(text, delimiter)
  if (typeof rows !== "string") return rows[0] ?? []
  const cells = text.split(delimiter)
  return cells.some((cell) => cell.startsWith('"')) ? rows : cells
}

/** The delimiter that a header row has most of outside quotes; the comma when it has none. */
export const detectDelimiter = (header: string): string => {
  const bare = header.replace(/"[^"]*"?/g, "")
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length)
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ","
}
