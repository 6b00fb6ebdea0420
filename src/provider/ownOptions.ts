/** What an order says in a provider's own words, and the refusal of a field. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { JsonObject } from "../domain/Json.ts"
import { faultOf, fieldAt, type PlaceCall, NO_SUCH_FIELD } from "../domain/PlaceCall.ts"
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

/** `optionsReader` of a provider that has no options of its own: it refuses the first one. */
export const noOptionsReader =
  (id: string) =>
  ({ providerOptions }: PlaceCall): Result.Result<JsonObject, InvalidRequest> => {
    const [option] = Object.keys(providerOptions?.[id] ?? {})
    return option === undefined
      ? Result.succeed({})
      : invalidField(fieldAt(["providerOptions", id, option]), NO_SUCH_FIELD)
  }
