/** Calls that were canceled by deleting their records: nothing of them can be read any more, so they are kept as they last stood. */
import * as Effect from "effect/Effect"
import type { OrderFact, StatusClaim } from "../domain/Fact.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import type { CallProvider } from "../provider/CallProvider.ts"

/** The most that are kept; of the others the provider says that it does not know them. */
const MOST = 1000

const CANCELED = { value: "canceled", terminal: true, because: "cancel=deleted" } as const

const canceled = <S>(status: StatusClaim<S>): StatusClaim<S | "canceled"> =>
  status.terminal ? status : { ...status, ...CANCELED }

/** The order as it last stood, and canceled since. Only what was not dialed yet is deleted. */
const asCanceled = (order: OrderFact): OrderFact => ({
  ...order,
  claims: { ...order.claims, status: canceled(order.claims.status) },
  attempts: order.attempts.map((attempt) => ({
    ...attempt,
    claims: { ...attempt.claims, status: canceled(attempt.claims.status), answered: attempt.claims.answered ?? false }
  }))
})

/** The provider, which still reads what has been deleted through it; `deleted` is told of such an order as it last stood. */
export const keepingDeleted = (provider: CallProvider) => {
  const kept = new Map<OrderId, OrderFact>()
  const keeping: CallProvider = {
    ...provider,
    get: (id) =>
      Effect.suspend(() => {
        const order = kept.get(id)
        return order === undefined ? provider.get(id) : Effect.succeed(order)
      })
  }
  const deleted = (order: OrderFact): void => {
    const [oldest] = kept.keys()
    if (oldest !== undefined && kept.size >= MOST) kept.delete(oldest)
    kept.set(order.id, asCanceled(order))
  }
  return { provider: keeping, deleted }
}
