/** Text for people: aligned columns, nothing that would move the cursor. Standard error is for them alone. */
import * as CliOutput from "effect/cli/CliOutput"
import { makeDataOutput, makeTextOutput } from "./output.ts"

export { plainText } from "../../domain/plainText.ts"

export const shortened = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1)}…`

export const aligned = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths: Array<number> = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, CliOutput.displayWidth(cell))
    })
  }
  return rows
    .map((row) => {
      const cells = row.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - CliOutput.displayWidth(cell)))
      return `${cells.join("  ").trimEnd()}\n`
    })
    .join("")
}

export const isTerminal = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

/** Data. Written at once: a call that has been placed must be told even if the next one breaks everything. */
export const print = (text: string): void => {
  const output = makeDataOutput()
  output.text(text)
  output.close()
}

const writeNote = (text: string): void => {
  const output = makeTextOutput(2)
  output.text(text)
  output.close()
}

/** Anything but data. Nothing depends on whether it can be written: the terminal may be gone. */
export const tell = (text: string): void => {
  try {
    writeNote(text)
  } catch {
    // There is nowhere left to say so.
  }
}

export const seconds = (value: number | undefined): string => {
  if (value === undefined) return ""
  const whole = Math.round(value)
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, "0")}`
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`
