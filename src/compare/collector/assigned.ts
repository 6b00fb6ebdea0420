/**
 * Who was assigned counts by the primary metric, whether anything came of it or not (intention to treat): an arm that
 * refuses to call somebody has not reached them.
 */
import type { Experiment } from "../../experiment/Experiment.ts"
import { ANSWER, type LossCounts, LOSSES, type Observations } from "../Observations.ts"
import { numberKeys, placeIn } from "./gather.ts"
import { isOverdue, LOSS_NUMBERS } from "./losses.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import type { OrderColumn } from "./orderColumns.ts"
import type { MeasuredMetric } from "./window.ts"

/** Units of which there are placements, one place for each. */
export interface AssignedUnits {
  /** Index of the arm. */
  readonly arm: Uint8Array
  /** How all its placements were lost, by `LOSS_NUMBERS`; none if one was not. */
  readonly loss: Uint8Array
  /** Whether the placement says whom it is about; older lines do not, and stand for themselves. */
  readonly isTold: Uint8Array
}

export const assignedUnits = (
  table: ObservationTable<"unitHigh" | "unitLow" | "tellsUnit" | "arm" | "loss">,
  rows: Uint32Array,
  arms: ReadonlyArray<string>
): AssignedUnits => {
  const { person: unit, persons: units } = numberKeys(table.column("unitHigh"), table.column("unitLow"), rows)
  const [told, kind, armOf] = [table.column("tellsUnit"), table.column("loss"), placeIn(table.column("arm"), arms)]
  const [arm, loss, isTold] = [new Uint8Array(units), new Uint8Array(units), new Uint8Array(units)]
  const weight = new Uint8Array(units)
  for (let place = 0; place < rows.length; place++) {
    const [row, who] = [rows[place] ?? 0, unit[place] ?? 0]
    arm[who] = armOf(row)
    isTold[who] = told.get(row)
    const own = WEIGHTS[kind.get(row)] ?? 0
    if (own <= (weight[who] ?? 0)) continue
    weight[who] = own
    loss[who] = kind.get(row)
  }
  return { arm, loss, isTold }
}

/** Of several placements of a unit the one counts that came furthest. By `LOSS_NUMBERS`: none, refused, uncertain, … */
const WEIGHTS = [5, 1, 2, 3, 4]

/** By index of the arm. */
export const countLosses = ({ arm, loss }: AssignedUnits, arms: ReadonlyArray<string>): ReadonlyArray<LossCounts> => {
  const counts = arms.map(() => new Uint32Array(WEIGHTS.length))
  loss.forEach((kind, who) => {
    const ofArm = counts[arm[who] ?? 0]
    if (ofArm !== undefined) ofArm[kind] = (ofArm[kind] ?? 0) + 1
  })
  return counts.map((ofArm) => ({
    assigned: ofArm.reduce((sum, count) => sum + count, 0),
    lost: LOSSES.map((kind) => ofArm[LOSS_NUMBERS[kind]] ?? 0)
  }))
}

/** Units that were assigned and of which no order is in the data. */
export interface LostUnits {
  /** Index of each one's arm. */
  readonly arm: Uint8Array
  /** What each one counts as. */
  readonly code: Uint8Array
}

/** What a unit without an order counts as; of an accepted one, the record may only be absent from the data. */
const CODES = new Map<number, number>([
  [LOSS_NUMBERS.refused, ANSWER.no_stated],
  [LOSS_NUMBERS.uncertain, ANSWER.no_stated],
  [LOSS_NUMBERS.withoutRecord, ANSWER.missing]
])

export const lostUnits = ({ arm, loss, isTold }: AssignedUnits): LostUnits => {
  const isLost = (who: number): boolean => isTold[who] === 1 && CODES.has(loss[who] ?? 0)
  return {
    arm: arm.filter((_, who) => isLost(who)),
    code: loss.filter((_, who) => isLost(who)).map((kind) => CODES.get(kind) ?? 0)
  }
}

/** Definitions of the primary metric, if it is a rate of which more is better: only then is nothing the same as no. */
export const primaryRates = (metrics: ReadonlyArray<MeasuredMetric>, { primary }: Experiment): ReadonlyArray<string> =>
  metrics.flatMap(({ id, better, scope, among, definitions }) => {
    const isMeant = id === primary.metric && scope !== "placement" && among === undefined
    return isMeant && (primary.better ?? better) === "higher"
      ? definitions.flatMap((each) => (each.kind === "rate" ? [each.id] : []))
      : []
  })

/** An order that is not over long after it was created counts as no. */
export const closeOverdue = (
  orders: Observations,
  rates: ReadonlyArray<string>,
  table: ObservationTable<OrderColumn>,
  rows: Uint32Array,
  asOf: number
): void => {
  for (const codes of rates.flatMap((id) => orders.rate(id) ?? [])) {
    for (let place = 0; place < rows.length; place++) {
      if (codes[place] === ANSWER.open && isOverdue(table, rows[place] ?? 0, asOf)) codes[place] = ANSWER.no_stated
    }
  }
}

const NOT_PLACED = "not placed"

/** Orders, and after them a row for each unit that was lost, which is in the primary metric and outside of all others. */
export const withLost = (
  orders: Observations,
  { arm, code }: LostUnits,
  rates: ReadonlyArray<string>
): Observations => {
  const more = arm.length
  if (more === 0) return orders
  const { size, persons, strata } = orders
  const longer = <C extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(column: C, into: C): C => {
    into.set(column)
    return into
  }
  const [known, values] = [new Map<string, Uint8Array>(), new Map<string, Float64Array>()]
  const isStratified = strata.length > 1
  const all = {
    arm: longer(orders.arm, new Uint8Array(size + more)),
    person: longer(orders.person, new Uint32Array(size + more)),
    stratum: longer(orders.stratum, new Uint16Array(size + more).fill(isStratified ? strata.length : 0)),
    at: longer(orders.at, new Float64Array(size + more).fill(Number.NaN))
  }
  all.arm.set(arm, size)
  for (let lost = 0; lost < more; lost++) all.person[size + lost] = persons + lost
  return {
    ...orders,
    ...all,
    size: size + more,
    persons: persons + more,
    strata: isStratified ? [...strata, NOT_PLACED] : strata,
    rate: (id) => {
      const codes = known.get(id) ?? orders.rate(id)
      if (codes === undefined || known.has(id)) return codes
      const all = longer(codes, new Uint8Array(size + more))
      if (rates.includes(id)) all.set(code, size)
      known.set(id, all)
      return all
    },
    value: (id) => {
      const numbers = values.get(id) ?? orders.value(id)
      if (numbers === undefined || values.has(id)) return numbers
      const all = longer(numbers, new Float64Array(size + more).fill(Number.NaN))
      values.set(id, all)
      return all
    }
  }
}
