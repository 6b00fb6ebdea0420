/** A listed item as a record: some providers list orders, others attempts. */
import type { CallAttempt } from "../domain/CallAttempt.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { AttemptFact, OrderFact } from "../domain/Fact.ts"
import { viewListedAttempt, viewOrder } from "../domain/View.ts"
import type { CallProvider } from "../provider/CallProvider.ts"

export const viewListed = ({ adapter }: CallProvider, fact: OrderFact | AttemptFact): CallOrder | CallAttempt =>
  fact.kind === "order"
    ? viewOrder(fact, fact.attempts, adapter.interpretation)
    : viewListedAttempt(fact, adapter.interpretation)
