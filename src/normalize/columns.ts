/** The columns of CSV, from the tables of fields: what stands in each, how it is written and how it is read back. */
import type * as SchemaAST from "effect/SchemaAST"
import { attemptFields } from "../domain/CallAttempt.ts"
import { CallHint } from "../domain/CallHint.ts"
import { orderFields } from "../domain/CallOrder.ts"
import type { Field, FieldTable } from "../domain/fields.ts"
import { isJsonObject } from "../domain/Json.ts"
import { Role } from "../domain/Transcript.ts"

export type Cell = string | number | boolean | undefined

/** Reads a cell as what its field holds. A cell that is none is left as it is: the checks of records name it. */
type Read = (cell: unknown) => unknown

interface Format {
  readonly write: (value: unknown) => Cell
  readonly read: Read
}

const scalar = (value: unknown): Cell =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined

const GUARDED = /^'[=+\-@\t\r]/

/** Cells that look like JSON have been parsed by the reader of CSV files. */
const textOfCell = (cell: unknown): string => {
  if (typeof cell !== "string") return JSON.stringify(cell)
  return GUARDED.test(cell) ? cell.slice(1) : cell
}

const TEXT: Format = { write: scalar, read: textOfCell }

const NUMBER: Format = {
  write: scalar,
  read: (cell) => (typeof cell === "string" && cell.trim() !== "" ? Number(cell) : cell)
}

const BOOLEAN: Format = {
  write: scalar,
  read: (cell) => {
    const word = typeof cell === "string" ? cell.toLowerCase() : cell
    return word === "true" ? true : word === "false" ? false : cell
  }
}

/** What an order says is asked for by each of its rows. */
const jsonTexts = new WeakMap<object, string>()

const JSON_TEXT: Format = {
  write: (value) => {
    if (typeof value !== "object" || value === null) return undefined
    const known = jsonTexts.get(value)
    if (known !== undefined) return known
    const text = JSON.stringify(value)
    jsonTexts.set(value, text)
    return text
  },
  read: (cell) => cell
}

const listBy = (separator: string): Format => ({
  write: (value) => (Array.isArray(value) ? value.join(separator) : undefined),
  read: (cell) => textOfCell(cell).split(separator)
})

const WORDS = listBy("+")
const TEXTS = listBy("; ")

const TURN = new RegExp(`^(${Role.literals.join("|")}): ?`)

/** Lines that begin with a role are turns; a line that does not goes on with the turn before it. */
const turnsIn: Read = (cell) => {
  const whole = textOfCell(cell)
  const turns: Array<{ role: string; text: string }> = []
  for (const line of whole.split("\n")) {
    const [mark = "", role] = TURN.exec(line) ?? []
    const last = turns.at(-1)
    if (role !== undefined) turns.push({ role, text: line.slice(mark.length) })
    else if (last === undefined) return { text: whole }
    else last.text += `\n${line}`
  }
  return { turns }
}

const TRANSCRIPT: Format = {
  write: (value) => {
    if (!isJsonObject(value)) return undefined
    const { turns } = value
    if (!Array.isArray(turns)) return scalar(value["text"])
    return turns
      .map(({ role, text }: { readonly role: string; readonly text: string }) => `${role}: ${text}`)
      .join("\n")
  },
  read: turnsIn
}

const formatOf = (ast: SchemaAST.AST): Format => {
  switch (ast._tag) {
    case "Number":
      return NUMBER
    case "Boolean":
      return BOOLEAN
    case "Literal":
      return ast.literal === true ? BOOLEAN : TEXT
    case "Union":
      return ast.types.some(({ _tag }) => _tag === "Objects") ? TRANSCRIPT : TEXT
    case "Arrays": {
      const [item] = ast.rest
      return item?._tag === "String" ? TEXTS : item?._tag === "Union" ? WORDS : JSON_TEXT
    }
    case "Objects":
      return JSON_TEXT
    default:
      return TEXT
  }
}

/** A field of a record, or a part of one. */
export interface Place {
  readonly field: string
  readonly part?: string
}

export interface CsvColumn {
  readonly name: string
  readonly number: number
  readonly format: Format
  /** Where its value stands in each kind of record; of an order it may stand in the attempt that the row is for. */
  readonly order?: Place
  readonly attempt?: Place
  readonly hint?: Place
}

type NamesIn<Table extends FieldTable> = {
  [Name in keyof Table]: Table[Name] extends { readonly columns: infer Columns } ? keyof Columns : never
}[keyof Table]

/** The name of a column of the table of calls. */
export type CallColumn = NamesIn<typeof orderFields> | NamesIn<typeof attemptFields> | keyof typeof OWN_COLUMNS

/** What is no field of an order or an attempt. */
const OWN_COLUMNS = { attempt_number: 5, attempts: 6, hint_event: 53, hint_result: 54 } as const

const partOf = (ast: SchemaAST.AST, part: string | undefined): SchemaAST.AST =>
  (ast._tag === "Objects" && ast.propertySignatures.find(({ name }) => name === part)?.type) || ast

/** A hint has the columns of an order or an attempt for what it tells. */
const hintColumnOf = (field: string): string =>
  field === "event" || field === "result"
    ? `hint_${field}`
    : field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** The columns of tables of fields, in their order. */
export const columnsOf = (order: FieldTable, attempt: FieldTable): ReadonlyArray<CsvColumn> => {
  const found = new Map<string, CsvColumn>(
    Object.entries(OWN_COLUMNS).map(([name, number]) => [name, { name, number, format: TEXT }])
  )
  const addAll = (table: FieldTable, kind: "order" | "attempt"): void => {
    for (const [field, { schema, columns = {} }] of Object.entries<Field>(table)) {
      for (const [name, column] of Object.entries(columns)) {
        const [number, part] = typeof column === "number" ? [column] : column
        const format = formatOf(partOf(schema.ast, part))
        found.set(name, {
          ...found.get(name),
          name,
          number,
          format,
          [kind]: part === undefined ? { field } : { field, part }
        })
      }
    }
  }
  const { kind, provider, issues } = orderFields
  addAll(order, "order")
  addAll({ ...attempt, kind, provider, issues }, "attempt")
  for (const field of Object.keys(CallHint.fields)) {
    const column = found.get(hintColumnOf(field))
    if (column !== undefined) found.set(column.name, { ...column, hint: { field } })
  }
  return [...found.values()].toSorted((a, b) => a.number - b.number)
}

export const csvColumns = columnsOf(orderFields, attemptFields)
