/** Rows as they are compared: in order of time, with arms, persons and strata numbered for the whole. */
import { finalRate, finalValue, ENRICHMENT_HORIZON, rateDefinitions, valueDefinitions } from "./answers.ts"
import type { Definition } from "../../metrics/Metric.ts"
import { compareText } from "../../domain/textOrder.ts"
import type { Names } from "./names.ts"
import type { Observations } from "../Observations.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import { MOST_STRATA, OTHER_STRATA } from "./strata.ts"

/** How often each number stands in a column of the rows that count. */
export const countNumbers = (table: ObservationTable, field: "arm" | "stratum"): ReadonlyMap<number, number> => {
  const counts = new Map<number, number>()
  for (let row = 0; row < table.size(); row++) {
    if (table.get(row, "leftOut") !== 0) continue
    const number = table.get(row, field)
    counts.set(number, (counts.get(number) ?? 0) + 1)
  }
  return counts
}

/** The names that stand most often, at most so many, in order of letters. */
export const mostFrequent = (counts: ReadonlyMap<number, number>, names: Names, limit: number): ReadonlyArray<string> =>
  [...counts]
    .map(([number, count]): readonly [string, number] => [names.name(number), count])
    .toSorted(([a, countA], [b, countB]) => countB - countA || compareText(a, b))
    .slice(0, limit)
    .map(([name]) => name)
    .toSorted(compareText)

/** Rows that are not left out, oldest first; those without a time at the end. */
export const rowsByTime = (table: ObservationTable): Uint32Array => {
  const size = table.size()
  const at = new Float64Array(size)
  let count = 0
  const rows = new Uint32Array(size)
  for (let row = 0; row < size; row++) {
    const time = table.get(row, "at")
    at[row] = Number.isNaN(time) ? Number.POSITIVE_INFINITY : time
    if (table.get(row, "leftOut") === 0) rows[count++] = row
  }
  const byKey = (a: number, b: number): number =>
    table.get(a, "keyHigh") - table.get(b, "keyHigh") || table.get(a, "keyLow") - table.get(b, "keyLow")
  return rows.subarray(0, count).toSorted((a, b) => {
    const [timeA, timeB] = [at[a] ?? 0, at[b] ?? 0]
    return timeA < timeB ? -1 : timeA > timeB ? 1 : byKey(a, b)
  })
}

export interface Gathering<S> {
  readonly table: ObservationTable
  readonly definitions: ReadonlyArray<Definition<S>>
  readonly rows: Uint32Array
  readonly armNames: Names
  readonly arms: ReadonlyArray<string>
  /** What people call the arms. */
  readonly titles: ReadonlyArray<string>
  readonly strataNames: Names | undefined
  /** The latest moment in the data, in milliseconds since the epoch. */
  readonly asOf: number
}

export const gather = <S>(gathering: Gathering<S>): Observations => {
  const { table, definitions, rows, armNames, arms, titles, strataNames, asOf } = gathering
  const { person, persons } = numberPersons(table, rows)
  const { stratum, strata } = numberStrata(table, rows, strataNames)
  const justEnded = new Uint8Array(rows.length)
  for (let index = 0; index < rows.length; index++) {
    if (table.get(rows[index] ?? 0, "ended") >= asOf - ENRICHMENT_HORIZON) justEnded[index] = 1
  }
  const rates = new Map(
    rateDefinitions(definitions).map(({ id, mayStillArrive }, at): [string, Uint8Array] => {
      const column = new Uint8Array(rows.length)
      for (let index = 0; index < rows.length; index++) {
        column[index] = finalRate(table.rate(at, rows[index] ?? 0), justEnded[index] === 1, mayStillArrive === true)
      }
      return [id, column]
    })
  )
  const values = new Map(
    valueDefinitions(definitions).map(({ id }, at): [string, Float64Array] => {
      const column = new Float64Array(rows.length)
      for (let index = 0; index < rows.length; index++) {
        column[index] = finalValue(table.value(at, rows[index] ?? 0), justEnded[index] === 1)
      }
      return [id, column]
    })
  )
  return {
    size: rows.length,
    arm: renumbered(table, rows, "arm", armNames, arms, new Uint8Array(rows.length)),
    arms: titles,
    person,
    persons,
    stratum,
    strata,
    at: table.gather(rows, "at", new Float64Array(rows.length)),
    rate: (definition) => rates.get(definition),
    value: (definition) => values.get(definition)
  }
}

const renumbered = <C extends Uint8Array | Uint16Array>(
  table: ObservationTable,
  rows: Uint32Array,
  field: "arm" | "stratum",
  from: Names,
  to: ReadonlyArray<string>,
  into: C,
  other = 0
): C => {
  const places = new Map(to.map((name, place) => [name, place]))
  const placeOf = from.all().map((name) => places.get(name) ?? other)
  for (let index = 0; index < rows.length; index++) into[index] = placeOf[table.get(rows[index] ?? 0, field)] ?? other
  return into
}

const ONE_STRATUM = ["all"]

const numberStrata = (
  table: ObservationTable,
  rows: Uint32Array,
  names: Names | undefined
): Pick<Observations, "stratum" | "strata"> => {
  const stratum = new Uint16Array(rows.length)
  if (names === undefined) return { stratum, strata: ONE_STRATUM }
  const counts = countNumbers(table, "stratum")
  const largest = mostFrequent(counts, names, MOST_STRATA)
  const strata = counts.size > largest.length ? [...largest, OTHER_STRATA] : largest
  return { stratum: renumbered(table, rows, "stratum", names, strata, stratum, largest.length), strata }
}

/** Persons from 0, in the order in which they were first called. */
const numberPersons = (table: ObservationTable, rows: Uint32Array): Pick<Observations, "person" | "persons"> => {
  const person = new Uint32Array(rows.length)
  let capacity = 1 << 10
  while (capacity < rows.length * 2) capacity *= 2
  /** Index into `rows` + 1 of a row of the person, 0 where free. */
  const slots = new Uint32Array(capacity)
  let persons = 0
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0
    const [high, low] = [table.get(row, "personHigh"), table.get(row, "personLow")]
    let slot = low & (capacity - 1)
    let known = (slots[slot] ?? 0) - 1
    while (known >= 0) {
      const other = rows[known] ?? 0
      if (table.get(other, "personLow") === low && table.get(other, "personHigh") === high) break
      slot = (slot + 1) & (capacity - 1)
      known = (slots[slot] ?? 0) - 1
    }
    if (known >= 0) person[index] = person[known] ?? 0
    else {
      slots[slot] = index + 1
      person[index] = persons++
    }
  }
  return { person, persons }
}
