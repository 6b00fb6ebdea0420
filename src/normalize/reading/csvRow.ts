/** What a row of a CSV file means: which cell is the payload, or how the row itself becomes one. */
import { flat } from "../../domain/flatText.ts"
import { atDottedPath } from "../dottedPath.ts"
import { valueOfText } from "../textPayload.ts"
import { maxUnscannedBytes, parseJson } from "./text.ts"

/**
 * Columns that the caller knows; a name is looked up exactly first, then ignoring case and white space around it. A dotted
 * name that is no column, `req.body`, is the field `body` of the JSON in the column `req`.
 */
export interface CsvOptions {
  /** The column that holds the payload as JSON. Without it a column is guessed, or the row is the payload. */
  readonly payloadColumn?: string | undefined
  /** The column that names the provider of the payload. */
  readonly providerColumn?: string | undefined
}

export interface CsvColumns {
  readonly names: ReadonlyArray<string>
  /** Index of the payload column, undefined when the row is the payload. */
  readonly payload: number | undefined
  /** The way from the cell to the payload; empty if the cell is the payload. */
  readonly payloadPath: string
  /** The payload column was guessed, so it only counts where it looks like JSON. */
  readonly isGuess: boolean
  readonly provider: number | undefined
}

export interface RowPayload {
  readonly value: unknown
  readonly provider: string | undefined
}

/** Headers that exports give to a column of JSON. */
const payloadHeaders: ReadonlySet<string> = new Set(["payload", "body", "json", "data", "raw", "event", "record"])

const folded = (name: string): string => name.trim().toLowerCase()

/** Gives every column a name of its own: an empty header becomes `column_3`, a second `id` becomes `id_2`. */
const uniqueNames = (headers: ReadonlyArray<string>): ReadonlyArray<string> => {
  const given = new Set(headers.map((header) => header.trim()))
  const names = new Set<string>()
  const counts = new Map<string, number>()
  headers.forEach((header, index) => {
    const base = header.trim() === "" ? `column_${index + 1}` : header.trim()
    let name = base
    let count = counts.get(base) ?? 2
    for (; names.has(name) || (name !== header.trim() && given.has(name)); count++) name = `${base}_${count}`
    counts.set(base, count)
    names.add(name)
  })
  return [...names]
}

const find = (names: ReadonlyArray<string>, wanted: string): number => {
  const exact = names.indexOf(wanted)
  return exact >= 0 ? exact : names.findIndex((name) => folded(name) === folded(wanted))
}

/** The column that a dotted name begins with, the longest there is, and the rest of the name. */
const findDotted = (
  names: ReadonlyArray<string>,
  wanted: string
): { readonly index: number; readonly path: string } | undefined => {
  for (let end = wanted.length; end > 0; end = wanted.lastIndexOf(".", end - 1)) {
    const index = find(names, wanted.slice(0, end))
    if (index >= 0) return { index, path: wanted.slice(end + 1) }
  }
  return undefined
}

const guessPayload = (names: ReadonlyArray<string>): number | undefined => {
  const indexes = names.flatMap((name, index) => (payloadHeaders.has(folded(name)) ? [index] : []))
  return indexes.length === 1 ? indexes[0] : undefined
}

const maxNamedColumns = 50

/** In a file without a header row the first row holds data, maybe personal, such as telephone numbers and addresses. */
const looksPersonal = (name: string): boolean => name.includes("@") || /(?:\p{Nd}\P{Nd}*){5}/u.test(name)

const listNames = (names: ReadonlyArray<string>): string => {
  const shown = names
    .slice(0, maxNamedColumns)
    .map((name) => (looksPersonal(name) ? "(data)" : JSON.stringify(name.slice(0, 60))))
  const more = names.length - shown.length
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ")
}

/** Reads the header row; gives a message when a column that the caller named is not there. */
export const readColumns = (headers: ReadonlyArray<string>, options: CsvOptions): CsvColumns | string => {
  const names = uniqueNames(headers)
  const { payloadColumn, providerColumn } = options
  const asked = payloadColumn === undefined ? undefined : findDotted(names, payloadColumn)
  const provider = providerColumn === undefined ? -1 : find(names, providerColumn)
  const missing = [asked === undefined ? payloadColumn : undefined, provider < 0 ? providerColumn : undefined]
    .filter((name) => name !== undefined)
    .map((name) => JSON.stringify(name))
  if (missing.length > 0) return `expected a column ${missing.join(", ")}, the columns are ${listNames(names)}`
  return {
    names,
    payload: payloadColumn === undefined ? guessPayload(names) : asked?.index,
    payloadPath: asked?.path ?? "",
    isGuess: payloadColumn === undefined,
    provider: provider < 0 ? undefined : provider
  }
}

const looksLikeJson = (cell: string): boolean => /^\s*[{[]/.test(cell)

/** Whether brackets nest deeper than `most`, counted without parsing. */
const nestsDeeper = (text: string, most: number): boolean => {
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (isInString && character === "\\") at++
    else if (character === '"') isInString = !isInString
    else if (isInString) continue
    else if (character === "{" || character === "[") depth++
    else if (character === "}" || character === "]") depth--
    if (depth > most) return true
  }
  return false
}

// Short texts are parsed at once, like the lines of an NDJSON file; see `maxUnscannedBytes`.
const isTooDeep = (cell: string, maxNesting: number): boolean =>
  cell.length > maxUnscannedBytes && nestsDeeper(cell, maxNesting)

const parseCell = (cell: string, maxNesting: number): unknown =>
  isTooDeep(cell, maxNesting) ? undefined : parseJson(cell)

const cellValue = (cell: string, maxNesting: number): unknown =>
  (looksLikeJson(cell) ? parseCell(cell, maxNesting) : undefined) ?? flat(cell)

/** The row as an object of its cells; entries are own properties whatever their name, `__proto__` included. */
const rowObject = (names: ReadonlyArray<string>, cells: ReadonlyArray<string>, maxNesting: number): unknown =>
  Object.fromEntries(
    cells.flatMap((cell, index) => (cell === "" ? [] : [[names[index] ?? "", cellValue(cell, maxNesting)]]))
  )

/** Reads a row with as many cells as there are columns; gives a message when its payload cannot be read. */
export const readPayload = (
  columns: CsvColumns,
  cells: ReadonlyArray<string>,
  maxNesting: number
): RowPayload | string => {
  const name = columns.provider === undefined ? "" : (cells[columns.provider] ?? "").trim()
  const provider = name === "" ? undefined : name
  const cell = columns.payload === undefined ? undefined : cells[columns.payload]
  if (cell === undefined || (columns.isGuess && !looksLikeJson(cell))) {
    return { value: rowObject(columns.names, cells, maxNesting), provider }
  }
  const column = JSON.stringify(columns.names[columns.payload ?? 0])
  if (isTooDeep(cell, maxNesting)) return `nesting deeper than ${maxNesting} levels in column ${column}`
  const value = valueOfText(cell)
  if (value === undefined) return `expected JSON in column ${column}`
  if (columns.payloadPath === "") return { value, provider }
  const found = atDottedPath(value, columns.payloadPath)
  return found === undefined
    ? `expected ${JSON.stringify(columns.payloadPath)} in the JSON of column ${column}`
    : { value: found.value, provider }
}
