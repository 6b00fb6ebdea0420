/** Text laid out for a terminal: words wrapped, names shortened, cells in columns. Widths are in terminal cells. */
import * as CliOutput from "effect/cli/CliOutput"
import { plain } from "../compare/format.ts"

const { displayWidth } = CliOutput

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" })

/** As much of the text's beginning as fits. */
const fitting = (text: string, width: number): string => {
  let taken = ""
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    used += displayWidth(segment)
    if (used > width) break
    taken += segment
  }
  return taken
}

const reversed = (text: string): string =>
  Array.from(graphemes.segment(text), ({ segment }) => segment)
    .toReversed()
    .join("")

/** Takes out of the middle: names that differ at their ends stay apart. */
export const shortened = (text: string, width: number): string => {
  if (displayWidth(text) <= width) return text
  const end = Math.floor((width - 1) / 2)
  return `${fitting(text, width - 1 - end)}…${reversed(fitting(reversed(text), end))}`
}

/** A number and its unit stay on one line. */
const BREAK = /(?<!\d) | (?!(?:%|s|min|h)(?:\W|$))/u

/** Lines of at most so many cells; a word that is longer is broken. */
export const wrapped = (text: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ""
  for (const word of text.split(BREAK)) {
    const longer = line === "" ? word : `${line} ${word}`
    if (displayWidth(longer) <= width) {
      line = longer
      continue
    }
    if (line !== "") lines.push(line)
    line = word
    while (displayWidth(line) > width) {
      // A single character may be wider than the column.
      const start = fitting(line, width) || (line.match(/^./su)?.[0] ?? line)
      lines.push(start)
      line = line.slice(start.length)
    }
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line]
}

/** A paragraph whose later lines stand under the text of its first one. */
export const paragraph = (text: string, width: number, lead = ""): string => {
  const indent = displayWidth(lead)
  return wrapped(plain(text), width - indent)
    .map((line, index) => `${index === 0 ? lead : " ".repeat(indent)}${line}`.trimEnd())
    .map((line) => `${line}\n`)
    .join("")
}

export type Paint = (text: string) => string

export interface Cell {
  /** Beside each other where all rows have room for that, else below each other. */
  readonly parts: ReadonlyArray<string>
  readonly paint?: Paint
}

const GAP = 2
const NARROWEST_FIRST = 12

const beside = ({ parts }: Cell): ReadonlyArray<string> => [parts.join("  ")]
const below =
  (width: number) =>
  ({ parts }: Cell): ReadonlyArray<string> =>
    parts.flatMap((part) => wrapped(part, width))

const widthOf = (lines: ReadonlyArray<string>): number => Math.max(0, ...lines.map(displayWidth))

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((total, each) => total + each, 0)

/**
 * Rows of cells in columns. A row of one cell goes across. `widest`: for each column after the first how wide it may be
 * where parts stand below each other; the first takes what is left.
 */
export const columns = (
  rows: ReadonlyArray<ReadonlyArray<Cell>>,
  widest: ReadonlyArray<number>,
  width: number
): string => {
  const full = rows.filter((row) => row.length > 1)
  const widthsBy = (lay: (column: number) => (cell: Cell) => ReadonlyArray<string>): ReadonlyArray<number> =>
    [0, ...widest].map((_, column) =>
      Math.max(0, ...full.map((row) => widthOf(lay(column)(row[column] ?? { parts: [] }))))
    )
  const roomy = widthsBy(() => beside)
  const fits = sum(roomy) + GAP * widest.length <= width
  const lay = (column: number) => (fits ? beside : below(widest[column - 1] ?? width))
  const others = widthsBy(lay).slice(1)
  const first = fits
    ? (roomy[0] ?? 0)
    : Math.min(roomy[0] ?? 0, Math.max(NARROWEST_FIRST, width - sum(others) - GAP * others.length))
  const widths = [first, ...others]

  const lines = (row: ReadonlyArray<Cell>): ReadonlyArray<string> => {
    if (row.length === 1) {
      return row.flatMap((cell) =>
        cell.parts.flatMap((part) => wrapped(part, width)).map((line) => cell.paint?.(line) ?? line)
      )
    }
    const laid = row.map((cell, column) =>
      (column === 0 ? below(first)(cell) : lay(column)(cell)).map((text) => ({ text, paint: cell.paint }))
    )
    return Array.from({ length: Math.max(...laid.map(({ length }) => length)) }, (_, line) =>
      laid
        .map((cell, column) => {
          const { text, paint } = cell[line] ?? { text: "", paint: undefined }
          const padding = column === laid.length - 1 ? "" : " ".repeat((widths[column] ?? 0) - displayWidth(text) + GAP)
          return `${paint === undefined || text === "" ? text : paint(text)}${padding}`
        })
        .join("")
        .trimEnd()
    )
  }
  return rows
    .flatMap(lines)
    .map((line) => `${line}\n`)
    .join("")
}
