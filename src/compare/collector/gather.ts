/** Rows as they are compared: in order of time, with arms, persons and strata numbered for the whole. */
import { compareText } from "../../domain/textOrder.ts"
import type { Definition } from "../../metrics/Metric.ts"
import { ANSWER, type Observations, VALUE } from "../Observations.ts"
import { filled, rowsWhere } from "../rows.ts"
import { makeKeyIndex, type ObservationTable, type StoredColumn } from "./ObservationTable.ts"

/** How often each arm stands in the rows that count. */
export const countArmTexts = (tables: ReadonlyArray<ObservationTable>): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const table of tables) {
    const [leftOut, column] = [table.column("leftOut"), table.column("arm")]
    const ofTable = new Uint32Array(column.texts.length)
    for (let row = 0; row < table.size(); row++) {
      if (leftOut.get(row) === 0) ofTable[column.get(row)] = (ofTable[column.get(row)] ?? 0) + 1
    }
    column.texts.forEach((text, number) => counts.set(text, (counts.get(text) ?? 0) + (ofTable[number] ?? 0)))
  }
  return new Map([...counts].filter(([, count]) => count > 0))
}

/** The texts that stand most often, at most so many, in order of letters. */
export const mostFrequent = (counts: ReadonlyMap<string, number>, limit: number): ReadonlyArray<string> =>
  [...counts]
    .toSorted(([a, countA], [b, countB]) => countB - countA || compareText(a, b))
    .slice(0, limit)
    .map(([text]) => text)
    .toSorted(compareText)

/** Rows that are not left out, oldest first; those without a time at the end. */
export const rowsByTime = (table: ObservationTable): Uint32Array => {
  const [leftOut, time] = [table.column("leftOut"), table.column("at")]
  const at = new Float64Array(table.size())
  for (let row = 0; row < at.length; row++)
    at[row] = Number.isNaN(time.get(row)) ? Number.POSITIVE_INFINITY : time.get(row)
  return rowsWhere(table.size(), (row) => leftOut.get(row) === 0).toSorted((a, b) => {
    const [timeA, timeB] = [at[a] ?? 0, at[b] ?? 0]
    if (timeA !== timeB) return timeA < timeB ? -1 : 1
    const [keyA, keyB] = [table.key(a), table.key(b)]
    return keyA.high - keyB.high || keyA.low - keyB.low
  })
}

/** Answers that rest on what may come after the end are not final before so long has passed: 15 minutes, in milliseconds. */
const ENRICHMENT_HORIZON = 15 * 60_000

/** The code of an answer to a subject that had ended just before the latest moment in the data. */
const afterEnd = (code: number, mayStillArrive: boolean): number => {
  const isNo = code >= ANSWER.no_stated && code < ANSWER.yes_stated
  return code === ANSWER.missing || (mayStillArrive && isNo) ? ANSWER.open : code
}

export interface Gathering<S> {
  readonly table: ObservationTable
  readonly definitions: ReadonlyArray<Definition<S>>
  /** Whether anybody may compare by a definition; all unless given. */
  readonly isUsed?: (definition: Definition<S>) => boolean
  readonly rows: Uint32Array
  /** As rows name them, and as people do. */
  readonly arms: ReadonlyArray<{ readonly key: string; readonly title: string }>
  /** Of the rows; absent where they are not sorted. */
  readonly strata?: Pick<Observations, "stratum" | "strata"> | undefined
  /** The latest moment in the data, in milliseconds since the epoch. */
  readonly asOf: number
}

export const gather = <S>({ table, definitions, isUsed, rows, arms, strata, asOf }: Gathering<S>): Observations => {
  const { size, ended, at } = { size: rows.length, ended: table.column("ended"), at: table.column("at") }
  const justEnded = rowsWhere(size, (place) => ended.get(rows[place] ?? 0) >= asOf - ENRICHMENT_HORIZON)
  const rates = new Map<string, Uint8Array>()
  const values = new Map<string, Float64Array>()
  definitions.forEach((definition, index) => {
    const { id } = definition
    if (isUsed?.(definition) === false) return
    if (definition.kind === "rate") {
      const codes = table.copyAnswers(index, rows, new Uint8Array(size))
      for (const place of justEnded) codes[place] = afterEnd(codes[place] ?? 0, definition.mayStillArrive === true)
      rates.set(id, codes)
    } else {
      const told = table.copyAnswers(index, rows, new Float64Array(size))
      for (const place of justEnded) if (told[place] === VALUE.missing) told[place] = VALUE.open
      values.set(id, told)
    }
  })
  const keys = arms.map(({ key }) => key)
  return {
    size,
    arm: filled(new Uint8Array(size), rows, placeIn(table.column("arm"), keys)),
    arms: arms.map(({ title }) => title),
    ...numberPersons(table, rows),
    ...(strata ?? { stratum: new Uint16Array(size), strata: ["all"] }),
    at: filled(new Float64Array(size), rows, at.get),
    rate: (definition) => rates.get(definition),
    value: (definition) => values.get(definition)
  }
}

/** The place of a row's text in a list; `other` for those that are not in it. */
export const placeIn = (
  { texts, get }: StoredColumn,
  to: ReadonlyArray<string>,
  other = 0
): ((row: number) => number) => {
  const places = new Map(to.map((text, place) => [text, place]))
  const placeOf = texts.map((text) => places.get(text) ?? other)
  return (row) => placeOf[get(row)] ?? other
}

/** Persons from 0, in the order in which they were first called. */
export const numberPersons = (table: ObservationTable, rows: Uint32Array): Pick<Observations, "person" | "persons"> => {
  const { numbers, size } = numberKeys(table.column("personHigh"), table.column("personLow"), rows)
  return { person: numbers, persons: size }
}

interface NumberedKeys {
  /** By place among the rows. */
  readonly numbers: Uint32Array
  readonly size: number
  /** The number of a key; −1 if no row has it. */
  readonly find: (high: number, low: number) => number
}

/** Keys of rows, numbered from 0 in the order of the rows. */
export const numberKeys = (high: StoredColumn, low: StoredColumn, rows: Uint32Array): NumberedKeys => {
  const rowOf = new Uint32Array(rows.length)
  const known = makeKeyIndex(
    (number) => high.get(rowOf[number] ?? 0),
    (number) => low.get(rowOf[number] ?? 0)
  )
  const numbers = filled(new Uint32Array(rows.length), rows, (row) => {
    const found = known.find(high.get(row), low.get(row))
    if (found >= 0) return found
    const added = known.size()
    rowOf[added] = row
    known.add()
    return added
  })
  return { numbers, size: known.size(), find: known.find }
}
