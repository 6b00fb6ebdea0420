/** Reading many orders at a provider, or a version of one, that has no batch. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { OrderFact } from "../../domain/Fact.ts"
import type { OrderId } from "../../domain/Identifiers.ts"
import type { CallError } from "../CallError.ts"
import type { OrdersRead } from "../CallProvider.ts"
import { holdsForAll, mayPass } from "../failureScope.ts"

const READS = 8

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
    Effect.suspend(() => {
      if (givenUp === undefined) {
        return Effect.match(get(id), {
          onSuccess: (order) => {
            answered = true
            found.set(id, order)
          },
          onFailure: (error) => onFailure(id, error)
        })
      }
      failures.set(id, givenUp)
      return Effect.void
    })

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
