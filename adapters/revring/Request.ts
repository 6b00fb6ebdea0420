/** Orders in the words of `POST /calls`, generations 2 and 3. Source: the send page. Pure. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { JsonObject } from "../../src/domain/Json.ts"
import { fieldAt, type PlaceCall } from "../../src/domain/PlaceCall.ts"
import type { InvalidRequest } from "../../src/provider/CallError.ts"
import { invalidField, optionsReader } from "../../src/provider/ownOptions.ts"
import type { capabilities } from "./Capabilities.ts"
import { CallerIdName, REFERENCE_VARIABLE, SYSTEM_VARIABLES } from "./Wire.ts"

/** `providerOptions.revring` */
export const RevRingOptions = Schema.Struct({
  /** The name shown to the remote party: 1 to 15 characters. */
  callerIdName: Schema.optionalKey(CallerIdName),
  /** Answer `AtCapacity` at once when every line is taken, instead of queueing. */
  skipQueue: Schema.optionalKey(Schema.Boolean),
  /**
   * Variables beyond text, which the order's own `variables` are: the provider documents an object. Here the provider's
   * system variables (`language`, `timezone` …) may be overridden, as it documents of variables from the API; they come
   * back among its own and not in `variables`.
   */
  variables: Schema.optionalKey(JsonObject),
  /** Undocumented: sent by one application, effect unknown. */
  trunkSid: Schema.optionalKey(Schema.NonEmptyString)
})
export type RevRingOptions = typeof RevRingOptions.Type

declare global {
  interface UnicallProviderOptions {
    readonly revring?: RevRingOptions
  }
  interface UnicallProviderCapabilities {
    readonly revring: typeof capabilities
  }
}

const readOptions = optionsReader(RevRingOptions, "revring")

const systemVariables: ReadonlySet<string> = new Set(SYSTEM_VARIABLES)

/** A variable that cannot be sent, and why. */
const variableFault = (order: PlaceCall, own: JsonObject): readonly [field: string, expected: string] | undefined => {
  const names = Object.keys(order.variables ?? {})
  const ownNames = Object.keys(own)
  if (names.includes(REFERENCE_VARIABLE)) return [`variables.${REFERENCE_VARIABLE}`, CARRIES_REFERENCE]
  if (ownNames.includes(REFERENCE_VARIABLE)) return [`${OWN_VARIABLES}.${REFERENCE_VARIABLE}`, CARRIES_REFERENCE]
  // An order that goes either way would change what the agent is told here and not there.
  const taken = names.find((name) => systemVariables.has(name))
  if (taken !== undefined) {
    return [`variables.${taken}`, `another name: the provider uses this one itself, and ${OWN_VARIABLES} overrides it`]
  }
  const twice = ownNames.find((name) => names.includes(name))
  return twice === undefined
    ? undefined
    : [fieldAt([...AT_OWN_VARIABLES, twice]), "a name that does not stand in variables too"]
}

const AT_OWN_VARIABLES = ["providerOptions", "revring", "variables"] as const
const OWN_VARIABLES = fieldAt(AT_OWN_VARIABLES)
const CARRIES_REFERENCE = "another name: this one carries the reference"

/** Fails with the field that RevRing cannot take. */
export const bodyFrom = (order: PlaceCall): Result.Result<JsonObject, InvalidRequest> => {
  const read = readOptions(order)
  if (Result.isFailure(read)) return Result.fail(read.failure)
  if (order.agent.id === undefined) return invalidField("agent.id", "the id of a stored agent")
  if (order.from === undefined) return invalidField("from", "a number to call from: RevRing requires one")
  const { variables: own = {}, ...options } = read.success
  const fault = variableFault(order, own)
  if (fault !== undefined) return invalidField(...fault)
  return Result.succeed({
    agentId: order.agent.id,
    toNumber: order.to,
    fromNumber: order.from,
    variables: { ...order.variables, ...own, [REFERENCE_VARIABLE]: order.reference },
    ...options
  })
}
