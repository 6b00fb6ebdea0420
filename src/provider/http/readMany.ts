/** Reading many orders: with requests for several at a time, or with one for each where there is no batch. */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { OrderFact } from "../../domain/Fact.ts"
import type { OrderId } from "../../domain/Identifiers.ts"
import type { CallError } from "../CallError.ts"
import type { OrdersRead } from "../CallProvider.ts"
import { holdsForAll, mayPass } from "../failureScope.ts"

const READS = 8
const BATCHES = 4

/** So many orders are tried for before a provider that has answered nothing is given up. */
const MOST_UNANSWERED = 3

/**
 * One request for each; what is not found is missing, and what cannot be read leaves the others alone. The rest is not
 * asked for after an answer that holds for all (a key refused, too many requests), nor where nothing is answered at all.
 */
export const readSingly = Effect.fnUntraced(function* (
  get: (id: OrderId) => Effect.Effect<OrderFact, CallError>,
  ids: ReadonlyArray<OrderId>
): Effect.fn.Return<OrdersRead, CallError> {
  const found = new Map<OrderId, OrderFact>()
  const failures = new Map<OrderId, CallError>()
  let answered = false
  let givenUp: CallError | undefined

  const onFailure = (id: OrderId, error: CallError): void => {
    if (error.reason._tag !== "NotFound") failures.set(id, error)
    answered ||= !mayPass(error.reason) && !holdsForAll(error.reason)
    if (holdsForAll(error.reason) || (!answered && failures.size >= MOST_UNANSWERED)) givenUp ??= error
  }
  const read = (id: OrderId): Effect.Effect<void> =>
    Effect.match(
      Effect.suspend(() => (givenUp === undefined ? get(id) : Effect.fail(givenUp))),
      {
        onSuccess: (order) => {
          answered = true
          found.set(id, order)
        },
        onFailure: (error) => onFailure(id, error)
      }
    )

  // Those that failed last time must not be the first to be tried each time.
  const shuffled = yield* Random.shuffle(ids)
  let tried = 0
  for (const id of shuffled) {
    if (answered) break
    yield* read(id)
    tried += 1
  }
  yield* Effect.forEach(shuffled.slice(tried), read, { concurrency: READS, discard: true })
  if (givenUp !== undefined && !answered) return yield* givenUp
  return { orders: ids.flatMap((id) => found.get(id) ?? []), failures }
})

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
    Effect.suspend(() => {
      if (givenUp !== undefined) return Effect.fail(givenUp)
      const isOfSome = ({ reason }: CallError): boolean => !holdsForAll(reason)
      return Effect.catchIf(read(batch), isOfSome, () => readSingly(get, batch))
    }).pipe(
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
