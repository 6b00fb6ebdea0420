/**
 * Who was assigned counts by the primary metric, whether anything came of it or not (intention to treat): an arm that
 * refuses to call somebody has not reached them.
 */
import type { Experiment } from "../../experiment/Experiment.ts"
import { ANSWER, type Observations } from "../Observations.ts"
import { numberKeys, placeIn } from "./gather.ts"
import { isOverdue, LOSS_NUMBERS } from "./losses.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import type { OrderColumn } from "./orderColumns.ts"
import type { MeasuredMetric } from "./window.ts"

/** Units that were assigned and of which no order is in the data. */
export interface LostUnits {
  /** Index of each one's arm. */
  readonly arm: Uint8Array
  /** What each one counts as. */
  readonly code: Uint8Array
}

/** Of placements in `rows`; those that do not tell their unit, as older lines do not, count nowhere. */
export const lostUnits = (
  table: ObservationTable<"unitHigh" | "unitLow" | "arm" | "loss">,
  rows: Uint32Array,
  arms: ReadonlyArray<string>
): LostUnits => {
  const [high, low, loss] = [table.column("unitHigh"), table.column("unitLow"), table.column("loss")]
  const armOf = placeIn(table.column("arm"), arms)
  const told = rows.filter((row) => high.get(row) !== 0 || low.get(row) !== 0)
  const { person: unit, persons: units } = numberKeys(high, low, told)
  const [arm, code, isLost] = [new Uint8Array(units), new Uint8Array(units), new Uint8Array(units).fill(1)]
  told.forEach((row, place) => {
    const [who, kind] = [unit[place] ?? 0, loss.get(row)]
    arm[who] = armOf(row)
    if (kind === LOSS_NUMBERS.none || kind === LOSS_NUMBERS.notOver) isLost[who] = 0
    // The call was accepted: its record may only be absent from the data.
    const counted = kind === LOSS_NUMBERS.withoutRecord ? ANSWER.missing : ANSWER.no_stated
    if (code[who] !== ANSWER.missing) code[who] = counted
  })
  const ofLost = (column: Uint8Array): Uint8Array => column.filter((_, who) => isLost[who] === 1)
  return { arm: ofLost(arm), code: ofLost(code) }
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
