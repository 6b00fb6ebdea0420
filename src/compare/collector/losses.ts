/** What became of a placement on the way to an outcome: whether it was lost, and how. */
import type { LOSSES } from "../Observations.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import type { OrderColumn } from "./orderColumns.ts"

/** An order that is not over so long after it was created is thought to be never over: seven days, in milliseconds. */
const OVERDUE = 7 * 86_400_000

export const isOverdue = (orders: ObservationTable<OrderColumn>, row: number, asOf: number): boolean =>
  orders.column("open").get(row) === 1 && orders.column("at").get(row) + OVERDUE <= asOf

/** As they are stored: the greater, the further it came. Of what came of a unit the greatest counts. */
export const LOSS_NUMBERS = {
  refused: 1,
  uncertain: 2,
  withoutRecord: 3,
  notOver: 4,
  none: 5
} as const satisfies Record<(typeof LOSSES)[number] | "none", number>

interface Placement {
  readonly state: "accepted" | "uncertain" | "failed"
  /** Whether any record names the order that it became. */
  readonly namesOrder: boolean
  /** Whether an order in the data has its reference. */
  readonly isRecorded: boolean
}

/** `row`: that of its order, below 0 if there is none. */
export const lossOf = (
  { state, namesOrder, isRecorded }: Placement,
  orders: ObservationTable<OrderColumn>,
  row: number,
  asOf: number
): keyof typeof LOSS_NUMBERS => {
  if (row >= 0) {
    return isOverdue(orders, row, asOf) ? "notOver" : "none"
  }
  if (isRecorded) return "none"
  if (namesOrder) return "withoutRecord"
  return state === "failed" ? "refused" : state === "uncertain" ? "uncertain" : "none"
}
