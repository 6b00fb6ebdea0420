/** What is left out of a comparison, by its reasons. */
import { compareText } from "../../domain/textOrder.ts"
import type { DataSummary } from "../Comparison.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import { LEFT_OUT } from "./populations.ts"

type Reason = readonly [reason: string, count: number]

/** Of the rows of a table. */
export const reasonsOf = (table: ObservationTable): ReadonlyArray<Reason> => {
  const leftOut = table.column("leftOut")
  const reasons = Object.values(LEFT_OUT)
  const counts = new Uint32Array(reasons.length + 1)
  for (let row = 0; row < table.size(); row++) counts[leftOut.get(row)] = (counts[leftOut.get(row)] ?? 0) + 1
  return reasons.map((reason, index): Reason => [reason, counts[index + 1] ?? 0])
}

/** The same reason once, the most frequent first. */
export const countLeftOut = (reasons: ReadonlyArray<Reason>): DataSummary["leftOut"] => {
  const counts = new Map<string, number>()
  for (const [reason, count] of reasons) if (count > 0) counts.set(reason, (counts.get(reason) ?? 0) + count)
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .toSorted((a, b) => b.count - a.count || compareText(a.reason, b.reason))
}
