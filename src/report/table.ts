/** Tables as the outline has them: what a cell is about decides how each report lays it out. */
import type { ShownVerdict } from "../compare/verdictWords.ts"

/** A cell's parts stand beside each other where there is room, else below each other. */
export type Parts = ReadonlyArray<string>

/** A bare text is a figure and stands at the right, as `parts` do. */
export type Cell =
  | string
  | { readonly parts: Parts }
  | { readonly arm: string; readonly note?: string }
  | { readonly words: string }
  | { readonly verdict: ShownVerdict }

export interface Table {
  readonly title: string
  readonly head: ReadonlyArray<string | { readonly arm: string }>
  /** The first cell of each row names the row; a row of one cell is a heading across. */
  readonly rows: ReadonlyArray<ReadonlyArray<Cell>>
}

export const partsOf = (cell: Cell): Parts => {
  if (typeof cell === "string") return [cell]
  if ("parts" in cell) return cell.parts
  if ("words" in cell) return [cell.words]
  if ("verdict" in cell) return [cell.verdict.text]
  return [cell.note === undefined ? cell.arm : `${cell.arm} (${cell.note})`]
}

export const cellText = (cell: Cell): string => partsOf(cell).join(", ")

/** What the cells of a column are. */
export const columnKind = ({ rows }: Table, column: number): "figure" | "parts" | "verdict" | "words" => {
  const cell = rows.find(({ length }) => length > 1)?.[column] ?? ""
  if (typeof cell === "string") return "figure"
  return "parts" in cell ? "parts" : "verdict" in cell ? "verdict" : "words"
}

/** A row as a mark in a drawing says it: what it is about, then each figure with its title. */
export const rowLines = (head: Table["head"], row: Table["rows"][number]): ReadonlyArray<string> => [
  row
    .filter((cell) => typeof cell !== "string")
    .map(cellText)
    .join(", "),
  ...row.flatMap((cell, column) =>
    typeof cell === "string" ? [`${cellText(head[column] ?? "").toLowerCase()} ${cell}`] : []
  )
]
