/** Orders without the experiment's mark, where most orders of their provider carry it: they are hardly of the experiment. */
import type { ObservationTable } from "./ObservationTable.ts"
import type { OrderColumn } from "./orderColumns.ts"
import type { PlacementRows } from "./placementRows.ts"
import { leftOutNumber } from "./populations.ts"

/**
 * Leaves them out, once all is read. By provider, since an export may lack what carries the mark. An attempt without its
 * order cannot carry one, and stays.
 */
export const leaveOutUnmarked = (
  orders: ObservationTable<OrderColumn>,
  placements: Pick<PlacementRows, "table" | "namedOrder">
): void => {
  const [leftOut, provider] = [orders.column("leftOut"), orders.column("provider")]
  const [unmarked, attemptsOnly] = [orders.column("unmarked"), orders.column("attemptsOnly")]
  markPlaced(orders, placements)
  /** Of each provider, by how many the marked orders are more. */
  const majority = provider.texts.map(() => 0)
  const eachOrder = (visit: (row: number, provider: number) => void): void => {
    for (let row = 0; row < orders.size(); row++) {
      if (leftOut.get(row) === 0 && attemptsOnly.get(row) === 0) visit(row, provider.get(row))
    }
  }
  eachOrder((row, at) => {
    majority[at] = (majority[at] ?? 0) + (unmarked.get(row) === 1 ? -1 : 1)
  })
  eachOrder((row, at) => {
    if (unmarked.get(row) === 1 && (majority[at] ?? 0) > 0) leftOut.set(row, leftOutNumber("unmarked"))
  })
}

/** An order whose placement was made under the experiment is of it, whatever its record has lost. */
const markPlaced = (
  orders: ObservationTable<OrderColumn>,
  { table, namedOrder }: Pick<PlacementRows, "table" | "namedOrder">
): void => {
  const [marked, unmarked] = [table.column("marked"), orders.column("unmarked")]
  for (let row = 0; row < table.size(); row++) {
    const order = marked.get(row) === 1 ? namedOrder(row) : undefined
    const found = order === undefined ? -1 : orders.find(order)
    if (found >= 0) unmarked.set(found, 0)
  }
}
