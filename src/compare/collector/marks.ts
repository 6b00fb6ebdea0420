/** Orders without the experiment's mark, where most orders of their provider carry it: they are hardly of the experiment. */
import type { ObservationTable } from "./ObservationTable.ts"
import type { OrderColumn } from "./orderColumns.ts"
import type { PlacementColumn } from "./placementRows.ts"
import { leftOutNumber } from "./populations.ts"

/**
 * Leaves them out, once all is read. By provider, since an export may lack what carries the mark. An attempt without its
 * order cannot carry one, and stays.
 */
export const leaveOutUnmarked = (
  orders: ObservationTable<OrderColumn>,
  placements: ObservationTable<PlacementColumn>
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
const markPlaced = (orders: ObservationTable<OrderColumn>, placements: ObservationTable<PlacementColumn>): void => {
  const [marked, unmarked] = [placements.column("marked"), orders.column("unmarked")]
  const [high, low] = [placements.column("personHigh"), placements.column("personLow")]
  for (let row = 0; row < placements.size(); row++) {
    // Until placements are closed, an accepted one has its order's key for a person.
    const order = marked.get(row) === 1 ? orders.find({ high: high.get(row), low: low.get(row) }) : -1
    if (order >= 0) unmarked.set(order, 0)
  }
}
