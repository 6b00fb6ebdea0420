/** Reading many orders with requests for several at a time. */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type { OrderFact } from "../../domain/Fact.ts"
import type { OrderId } from "../../domain/Identifiers.ts"
import type { CallError } from "../CallError.ts"
import type { OrdersRead } from "../CallProvider.ts"
import { holdsForAll } from "../failureScope.ts"
import { readSingly } from "./readSingly.ts"

const BATCHES = 4

/** How a provider reads: several orders in one request, and one by itself. */
export interface BatchReads {
  /** Ids that one request takes. */
  readonly size: number
  readonly read: (ids: ReadonlyArray<OrderId>) => Effect.Effect<OrdersRead, CallError>
  readonly get: (id: OrderId) => Effect.Effect<OrderFact, CallError>
}

/**
 * Of a batch that fails, each order is read by itself: one id can make a provider refuse all, or fail over them. Not
 * after a failure that holds for all, which the rest is not sent after either.
 */
export const readBatches = Effect.fnUntraced(function* (
  { size, read, get }: BatchReads,
  ids: ReadonlyArray<OrderId>
): Effect.fn.Return<OrdersRead, CallError> {
  const orders: Array<OrderFact> = []
  const failures = new Map<OrderId, CallError>()
  let answered = false
  let givenUp: CallError | undefined

  const readOne = (batch: ReadonlyArray<OrderId>): Effect.Effect<void> =>
    Effect.suspend(() =>
      givenUp === undefined
        ? Effect.catchIf(
            read(batch),
            ({ reason }) => !holdsForAll(reason),
            () => readSingly(get, batch)
          )
        : Effect.fail(givenUp)
    ).pipe(
      Effect.match({
        onSuccess: (some) => {
          answered = true
          orders.push(...some.orders)
          for (const [id, error] of some.failures) failures.set(id, error)
        },
        onFailure: (error) => {
          if (holdsForAll(error.reason)) givenUp ??= error
          for (const id of batch) failures.set(id, error)
        }
      })
    )

  yield* Effect.forEach(Arr.chunksOf(ids, size), readOne, { concurrency: BATCHES, discard: true })
  const failure = givenUp ?? failures.values().next().value
  if (failure !== undefined && !answered) return yield* failure
  return { orders, failures }
})
