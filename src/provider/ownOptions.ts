/** What an order says in a provider's own words, and the refusal of a field. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { faultOf, type PlaceCall } from "../domain/PlaceCall.ts"
import { InvalidRequest } from "./CallError.ts"

/** The refusal of an order, by the field at fault and what was expected of it. */
export const invalidField = (field: string, expected: string): Result.Result<never, InvalidRequest> =>
  Result.fail(new InvalidRequest({ field, expected }))

/** Makes a function that reads `providerOptions[id]` by its schema, strictly; of an order without any it reads `{}`. */
export const optionsReader = <S extends Schema.Codec<unknown, unknown>>(
  schema: S,
  id: string
): ((order: PlaceCall) => Result.Result<S["Type"], InvalidRequest>) => {
  const decode = Schema.decodeUnknownResult(schema)
  return ({ providerOptions }) =>
    Result.mapError(
      decode(providerOptions?.[id] ?? {}, { onExcessProperty: "error" }),
      (error) => new InvalidRequest(faultOf(error, ["providerOptions", id]))
    )
}
