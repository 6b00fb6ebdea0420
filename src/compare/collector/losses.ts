/** What became of placements on the way to an outcome: which were lost, and how. */
import { type LossCounts, LOSSES } from "../Observations.ts"
import { placeIn } from "./gather.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import type { OrderColumn } from "./orderColumns.ts"

/** An order that is not over so long after it was created is thought to be never over: seven days, in milliseconds. */
const OVERDUE = 7 * 86_400_000

export const isOverdue = (orders: ObservationTable<OrderColumn>, row: number, asOf: number): boolean =>
  orders.column("open").get(row) === 1 && orders.column("at").get(row) + OVERDUE <= asOf

/** As they are stored. */
export const LOSS_NUMBERS = { none: 0, refused: 1, uncertain: 2, withoutRecord: 3, notOver: 4 } as const

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

/** By arm, in the order given, as rows name them. */
export const countLosses = (
  table: ObservationTable<"leftOut" | "arm" | "loss">,
  arms: ReadonlyArray<string>
): ReadonlyArray<LossCounts> => {
  const [leftOut, loss, armOf] = [table.column("leftOut"), table.column("loss"), placeIn(table.column("arm"), arms)]
  const counts = arms.map(() => new Uint32Array(Object.keys(LOSS_NUMBERS).length))
  for (let row = 0; row < table.size(); row++) {
    const ofArm = counts[armOf(row)]
    if (leftOut.get(row) === 0 && ofArm !== undefined) ofArm[loss.get(row)] = (ofArm[loss.get(row)] ?? 0) + 1
  }
  return counts.map((ofArm) => ({
    placed: ofArm.reduce((sum, count) => sum + count, 0),
    lost: LOSSES.map((kind) => ofArm[LOSS_NUMBERS[kind]] ?? 0)
  }))
}
