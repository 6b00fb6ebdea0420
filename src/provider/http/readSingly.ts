/** Reading many orders at a provider, or a version of one, that has no batch. */
import * as Effect from "effect/Effect"
import type { OrderFact } from "../../domain/Fact.ts"
import type { OrderId } from "../../domain/Identifiers.ts"
import type { CallError } from "../CallError.ts"

const READS = 8

/** One request for each; what is not found is missing. */
export const readSingly = (
  get: (id: OrderId) => Effect.Effect<OrderFact, CallError>,
  ids: ReadonlyArray<OrderId>
): Effect.Effect<ReadonlyArray<OrderFact>, CallError> =>
  Effect.map(
    Effect.forEach(ids, (id) => Effect.catchReason(get(id), "CallError", "NotFound", () => Effect.succeed(undefined)), {
      concurrency: READS
    }),
    (orders) => orders.filter((order) => order !== undefined)
  )
