/** Text for people: aligned columns, numbers, lengths of time, no control characters. */
import * as CliOutput from "effect/cli/CliOutput"

export { plainText } from "../../domain/plainText.ts"
export { print, tell } from "./output.ts"

export const shortened = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1)}…`

type Rows = ReadonlyArray<ReadonlyArray<string>>

export const widthsOf = (rows: Rows): ReadonlyArray<number> => {
  const widths: Array<number> = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, CliOutput.displayWidth(cell))
    })
  }
  return widths
}

/** A row as a line; a cell that is wider than its column shifts the next ones. */
export const alignedRow = (row: ReadonlyArray<string>, widths: ReadonlyArray<number>): string => {
  const cells = row.map((cell, at) => cell + " ".repeat(Math.max(0, (widths[at] ?? 0) - CliOutput.displayWidth(cell))))
  return `${cells.join("  ").trimEnd()}\n`
}

export const aligned = (rows: Rows): string => {
  const widths = widthsOf(rows)
  return rows.map((row) => alignedRow(row, widths)).join("")
}

export const jsonLine = (value: unknown): string => `${JSON.stringify(value)}\n`

export const seconds = (value: number | undefined): string => {
  if (value === undefined) return ""
  const whole = Math.round(value)
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, "0")}`
}

export const count = (number: number): string => number.toLocaleString("en-US")

export const plural = (number: number, one: string, many = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : many}`
