/** Orders in the words of `POST /calls`, generations 2 and 3. Source: the send page. Pure. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { JsonObject } from "../../src/domain/Json.ts"
import { faultOf, type PlaceCall } from "../../src/domain/PlaceCall.ts"
import { InvalidRequest, type Unsupported } from "../../src/provider/CallError.ts"
import { REFERENCE_VARIABLE, SYSTEM_VARIABLES } from "./Wire.ts"

/** `providerOptions.revring` */
export const RevRingOptions = Schema.Struct({
  /** The name shown to the remote party: 1 to 15 characters. */
  callerIdName: Schema.optionalKey(Schema.String.pipe(Schema.check(Schema.isMinLength(1), Schema.isMaxLength(15)))),
  /** Answer `AtCapacity` at once when every line is taken, instead of queueing. */
  skipQueue: Schema.optionalKey(Schema.Boolean),
  /** Undocumented: sent by one application, effect unknown. */
  trunkSid: Schema.optionalKey(Schema.NonEmptyString)
})
export type RevRingOptions = typeof RevRingOptions.Type

declare global {
  interface UnicallProviderOptions {
    readonly revring?: RevRingOptions
  }
}

const decodeOptions = Schema.decodeUnknownResult(RevRingOptions)

/** Names that come back with other values than were sent, or carry the reference. */
const reserved: ReadonlySet<string> = new Set([REFERENCE_VARIABLE, ...SYSTEM_VARIABLES])

const invalid = (field: string, expected: string) => Result.fail(new InvalidRequest({ field, expected }))

/** Fails with the field that RevRing cannot take. */
export const bodyFrom = (order: PlaceCall): Result.Result<JsonObject, InvalidRequest | Unsupported> => {
  const read = decodeOptions(order.providerOptions?.["revring"] ?? {}, { onExcessProperty: "error" })
  if (Result.isFailure(read)) {
    const { field, expected } = faultOf(read.failure)
    return invalid(`providerOptions.revring${field === "order" ? "" : `.${field}`}`, expected)
  }
  if (order.agent.id === undefined) return invalid("agent.id", "the id of a stored agent")
  if (order.from === undefined) return invalid("from", "a number to call from: RevRing requires one")
  const taken = Object.keys(order.variables ?? {}).find((name) => reserved.has(name))
  if (taken !== undefined) return invalid(`variables.${taken}`, "another name: the provider uses this one itself")
  return Result.succeed({
    agentId: order.agent.id,
    toNumber: order.to,
    fromNumber: order.from,
    variables: { ...order.variables, [REFERENCE_VARIABLE]: order.reference },
    ...read.success
  })
}
