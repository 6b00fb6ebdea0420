/** Calls that were canceled by deleting their records: nothing of them can be read any more, so they are kept as they last stood. */
import * as Effect from "effect/Effect"
import type { OrderFact, StatusClaim } from "../domain/Fact.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import type { CallProvider } from "../provider/CallProvider.ts"

/** The most that are kept; of the others the provider says that it does not know them. */
const MOST = 1000

const over = <S, E>(status: StatusClaim<S>, value: E, because: string): StatusClaim<S | E> =>
  status.terminal ? status : { ...status, value, terminal: true, because }

/**
 * The order as it last stood, and canceled since. An attempt that had begun has ended: who was on the line by then is known only
 * by what was read of it.
 */
const asCanceled = (order: OrderFact, attempt: "canceled" | "ended", because: string): OrderFact => ({
  ...order,
  claims: { ...order.claims, status: over(order.claims.status, "canceled" as const, because) },
  attempts: order.attempts.map((fact) => ({
    ...fact,
    claims: { ...fact.claims, status: over(fact.claims.status, attempt, because) }
  }))
})

/** The calls of one provider whose records it deleted when they were canceled. */
export interface DeletedCalls {
  /** How the order stood before, and what the provider says became of it (`CallProvider.cancel`). */
  readonly keep: (before: OrderFact, gone: "deleted" | OrderFact) => void
  /** Whether nothing more can come of it. */
  readonly has: (id: OrderId) => boolean
}

/** The provider, which still reads what has been deleted through it. */
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
  const deleted: DeletedCalls = {
    keep: (before, gone) => {
      const [oldest] = kept.keys()
      if (oldest !== undefined && kept.size >= MOST) kept.delete(oldest)
      const order =
        gone === "deleted"
          ? asCanceled(before, "canceled", "cancel=deleted")
          : asCanceled(gone, "ended", "cancel=hung_up")
      kept.set(before.id, order)
    },
    has: (id) => kept.has(id)
  }
  return { provider: keeping, deleted }
}
