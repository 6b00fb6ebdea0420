/** Records that hold all that is kept of the records about one order: read again, they give the same views. */
import type { CallOrder } from "../../domain/CallOrder.ts"
import type { AttemptView, OrderView } from "../../domain/viewGrades.ts"
import type { Views } from "../../domain/ViewJoin.ts"

/** Each order view once with each of the views of the attempts it lists. Most orders are one record. */
export function* orderViewRecords(
  views: Views<OrderView>,
  attempts: ReadonlyMap<string, Views<AttemptView>>
): Generator<CallOrder> {
  for (const { record, listed } of views) {
    const lists = listed.map((id) => attempts.get(id) ?? [])
    const times = lists.reduce((most, { length }) => Math.max(most, length), 1)
    for (let index = 0; index < times; index++) {
      yield { ...record, attempts: lists.flatMap((list) => list[Math.min(index, list.length - 1)] ?? []) }
    }
  }
}
