/**
 * The unit that was assigned is the unit that is judged: each person once, by the first of their orders, or by all that
 * were placed within the experiment's window. What follows from a call, such as a call-back agreed in it, is the arm's
 * doing: counted as orders of their own, a few persons' would stand for many.
 */
import type { Experiment } from "../../experiment/Experiment.ts"
import type { Observations, UnitFacts } from "../Observations.ts"
import { numberPersons, placeIn } from "./gather.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import { leftOutNumber } from "./populations.ts"

/** In milliseconds. */
export const HOUR = 3_600_000

/** Whether persons were assigned, and so are judged once each. */
export const judgesPersons = (experiment: Experiment | undefined): experiment is Experiment =>
  experiment !== undefined && experiment.unit !== "reference"

export interface JudgedRows {
  /** Those that persons are judged by, in order of time. */
  readonly rows: Uint32Array
  readonly facts: UnitFacts
}

/** Leaves out later orders, in the table; `rows` are in order of time, `arms` as rows name them. */
export const judgedRows = (
  table: ObservationTable,
  rows: Uint32Array,
  arms: ReadonlyArray<string>,
  { windowHours }: Pick<Experiment, "windowHours">
): JudgedRows => {
  const { person, persons } = numberPersons(table, rows)
  const [leftOut, at, armOf] = [table.column("leftOut"), table.column("at"), placeIn(table.column("arm"), arms)]
  const [arm, until, orders] = [new Uint8Array(persons), new Float64Array(persons), new Uint32Array(persons)]
  const isShared = new Uint8Array(persons)
  const kept = new Uint32Array(rows.length)
  let [known, size] = [0, 0]
  for (let place = 0; place < rows.length; place++) {
    const [row, who] = [rows[place] ?? 0, person[place] ?? 0]
    // Persons are numbered in the order of their first orders.
    const isFirst = who === known
    if (isFirst) {
      known++
      arm[who] = armOf(row)
      until[who] = at.get(row) + (windowHours ?? 0) * HOUR
    }
    const isJudged = isFirst || at.get(row) < (until[who] ?? 0)
    if (isJudged) kept[size++] = row
    else leftOut.set(row, leftOutNumber("laterOrder"))
    if (isJudged || windowHours === undefined) orders[who] = (orders[who] ?? 0) + 1
    if (armOf(row) !== arm[who]) isShared[who] = 1
  }
  return {
    rows: kept.slice(0, size),
    facts: {
      windowHours,
      laterOrders: rows.length - size,
      personsInSeveralArms: isShared.reduce((sum, each) => sum + each, 0),
      ordersPerPerson: arms.map((_, wanted) => histogramOf(orders, (who) => arm[who] === wanted))
    }
  }
}

/** Of rows in order of time the first of each person, in the order of the persons' numbers. */
export const firstRows = (rows: Uint32Array, { person }: Pick<Observations, "person">): Uint32Array => {
  let known = 0
  return rows.filter((_, place) => {
    const isFirst = person[place] === known
    if (isFirst) known++
    return isFirst
  })
}

/** How many persons have so many orders. */
const histogramOf = (orders: Uint32Array, isWanted: (who: number) => boolean): ReadonlyMap<number, number> => {
  const counts = new Map<number, number>()
  for (let who = 0; who < orders.length; who++) {
    const count = orders[who] ?? 0
    if (isWanted(who)) counts.set(count, (counts.get(count) ?? 0) + 1)
  }
  return counts
}
