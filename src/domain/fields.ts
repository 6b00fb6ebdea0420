/**
 * What a table of fields says of each field of a record. The record's schema, the claims that adapters make, how these merge,
 * the view, how views join, the checks of written records, the columns of CSV and the documentation follow from the table.
 */
import * as Schema from "effect/Schema"
import { gradeOf } from "./grades.ts"

/** A column of CSV: its place in the row, and the part of the field that stands in it if it is not the whole. */
type Column = number | readonly [place: number, part: string]

export interface Field {
  readonly schema: Schema.Constraint
  /** There is one in every record. */
  readonly always?: true
  /**
   * `claim`: the provider's record says it, in a claim of the same name. `meaning`: the adapter's tables make it of claims.
   * `conclusion`: `View.ts` says it, by a rule of the domain.
   */
  readonly from: "claim" | "meaning" | "conclusion"
  /** Claims under other names, which are no fields themselves. */
  readonly claims?: { readonly [claim: string]: Schema.Constraint }
  /** The rule of the domain by which it is concluded, or those of its parts; for explanations. */
  readonly rule?: string | { readonly [part: string]: string }
  /** The field whose source explains it where no single value decides. */
  readonly explainedBy?: string
  /**
   * How much a value says, 0 the least: by this one of several is chosen. Absent: any value that is not empty says the same. A
   * method, so that a row may take the type of its own schema.
   */
  grade?(value: unknown): number
  /**
   * Which of several records it is taken from. Absent: the one with the greatest grade. `by`: the one that this other field is
   * taken from. `no`: that of the greatest record stays, or a rule of its own joins it.
   */
  readonly joins?: "no" | { readonly by: string }
  /** Not among the fields that are counted to tell which of two records is the fuller: free text, maps, remarks. */
  readonly uncounted?: true
  /** The columns of CSV that show it. */
  readonly columns?: { readonly [name: string]: Column }
}

export type FieldTable = { readonly [field: string]: Field }

type SchemaOf<F extends Field> = F extends { readonly always: true } ? F["schema"] : Schema.optionalKey<F["schema"]>

/** The fields of a record's schema. */
export type SchemasOf<Table extends FieldTable> = { readonly [Name in keyof Table]: SchemaOf<Table[Name]> }

export function schemasOf<const Table extends FieldTable>(table: Table): SchemasOf<Table>
export function schemasOf(table: FieldTable): { readonly [field: string]: Schema.Constraint } {
  return Object.fromEntries(
    Object.entries(table).map(([name, { schema, always }]) => [name, always ? schema : Schema.optionalKey(schema)])
  )
}

type ValuesFrom<Table extends FieldTable, From extends Field["from"]> = {
  readonly [Name in { [Each in keyof Table]: Table[Each]["from"] extends From ? Each : never }[keyof Table]]?:
    | Table[Name]["schema"]["Type"]
    | undefined
}

type Merged<Union> = (Union extends unknown ? (of: Union) => void : never) extends (of: infer All) => void ? All : never

type OwnClaims<Table extends FieldTable> = Merged<
  { [Name in keyof Table]: Table[Name] extends { readonly claims: infer Claims } ? Claims : never }[keyof Table]
>

/** What a provider's record may say. A claim that is absent and one that is undefined are the same: none. */
export type ClaimsOf<Table extends FieldTable> = ValuesFrom<Table, "claim"> & {
  readonly [Name in keyof OwnClaims<Table>]?:
    | (OwnClaims<Table>[Name] extends Schema.Constraint ? OwnClaims<Table>[Name]["Type"] : never)
    | undefined
}

/** What an adapter's tables make of the claims. */
export type MeaningOf<Table extends FieldTable> = ValuesFrom<Table, "meaning">

type Concluded<Table extends FieldTable> = {
  [Name in keyof Table]: Table[Name] extends { readonly from: "conclusion"; readonly always?: never } ? Name : never
}[keyof Table]

/** What `View.ts` has to conclude: each field of it, though it may come to nothing. */
export type ConclusionsOf<Table extends FieldTable> = {
  readonly [Name in Concluded<Table>]: Table[Name]["schema"]["Type"] | undefined
}

export interface Claim {
  readonly name: string
  readonly schema: Schema.Constraint
  readonly grade: Field["grade"]
}

/** Every claim there may be, beside the status, in the order in which merged ones stand. */
export const claimsIn = (table: FieldTable): ReadonlyArray<Claim> =>
  Object.entries(table).flatMap(([name, { schema, from, grade, claims = {} }]) => [
    ...(from === "claim" ? [{ name, schema, grade }] : []),
    ...Object.entries(claims).map(([own, ofOwn]) => ({ name: own, schema: ofOwn, grade: undefined }))
  ])

type Values = { readonly [field: string]: unknown }

/** Values by the names of fields; which there may be is told, what they are is the tables' matter. */
export type Given<Of> = { -readonly [Name in keyof Of]?: unknown }

/** Adds the values that are given to a record. */
type Add = (record: { [field: string]: unknown }, claims: Values, meaning: Values, conclusions: Values) => void

/**
 * Adds every field of a table that has a value: those that `add` has a line for, and others by their name. The fields of every
 * day have lines, since V8 makes an object slow that gets more than a dozen fields by names in variables.
 */
export const addAll = (table: FieldTable, add: Add): Add => {
  const lines: { [field: string]: unknown } = {}
  const every = Object.fromEntries(Object.keys(table).map((name) => [name, name]))
  add(lines, every, every, every)
  const others = Object.entries(table).filter(([name, { always }]) => always !== true && !(name in lines))
  if (others.length === 0) return add
  return (record, claim, meaning, conclusion) => {
    add(record, claim, meaning, conclusion)
    for (const [name, { from }] of others) {
      const value = { claim, meaning, conclusion }[from][name]
      if (value !== undefined) record[name] = value
    }
  }
}

/** A field that several records join by the greatest value, and the field whose grade decides. */
export interface JoinedField {
  readonly name: string
  readonly by: string
  readonly grade: (value: unknown) => number
}

export const joinedIn = (table: FieldTable): ReadonlyArray<JoinedField> =>
  Object.entries(table).flatMap(([name, { joins = { by: name }, grade = gradeOf }]) =>
    joins === "no" ? [] : [{ name, by: joins.by, grade }]
  )

/** Fields that do not count where it is asked which of two records is the fuller. */
export const uncountedIn = (...tables: ReadonlyArray<FieldTable>): ReadonlySet<string> =>
  new Set(tables.flatMap((table) => Object.keys(table).filter((name) => table[name]?.uncounted === true)))
