/** By which definitions those who were assigned and never called count, and orders that are never over: as no. */
import type { Experiment } from "../../experiment/Experiment.ts"
import { ANSWER, type Observations } from "../Observations.ts"
import { isOverdue } from "./losses.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import type { OrderColumn } from "./orderColumns.ts"
import type { MeasuredMetric } from "./window.ts"

/** Definitions of the primary metric, if it is a rate of which more is better: only then is nothing the same as no. */
export const primaryRates = (metrics: ReadonlyArray<MeasuredMetric>, { primary }: Experiment): ReadonlyArray<string> =>
  metrics.flatMap(({ id, better, scope, among, definitions }) => {
    const isMeant = id === primary.metric && scope !== "placement" && among === undefined
    return isMeant && (primary.better ?? better) === "higher"
      ? definitions.flatMap((each) => (each.kind === "rate" ? [each.id] : []))
      : []
  })

/** An order that is not over long after it was created counts as no; how many there are, if any is counted so. */
export const closeOverdue = (
  orders: Observations,
  rates: ReadonlyArray<string>,
  table: ObservationTable<OrderColumn>,
  rows: Uint32Array,
  asOf: number
): number => {
  const columns = rates.flatMap((id) => orders.rate(id) ?? [])
  let overdue = 0
  for (let place = 0; place < rows.length && columns.length > 0; place++) {
    if (!isOverdue(table, rows[place] ?? 0, asOf)) continue
    overdue += 1
    for (const codes of columns) if (codes[place] === ANSWER.open) codes[place] = ANSWER.no_assumed
  }
  return overdue
}
