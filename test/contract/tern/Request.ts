/** Orders in the words of Tern's `POST /dials`. Pure. */
import * as Result from "effect/Result"
import {
  invalidField,
  type InvalidRequest,
  type JsonObject,
  noOptionsReader,
  type PlaceCall,
  Unsupported
} from "../../../src/provider/index.ts"

const readOptions = noOptionsReader("tern")

export const bodyFrom = (order: PlaceCall): Result.Result<JsonObject, InvalidRequest | Unsupported> =>
  Result.flatMap(readOptions(order), (): Result.Result<JsonObject, InvalidRequest | Unsupported> => {
    if (order.from !== undefined) return invalidField("from", "nothing: Tern chooses the number to call from")
    // Tern dials again by itself, and nobody can tell it when.
    if (order.retry !== undefined) return Result.fail(new Unsupported({ capability: "retries", field: "retry" }))
    if (order.agent.id === undefined) return invalidField("agent.id", "the id of a stored agent")
    return Result.succeed({ to: order.to, agent: order.agent.id, ref: order.reference })
  })
