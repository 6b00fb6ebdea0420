/** Agents and numbers as providers list them. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { ProviderId } from "../../src/domain/Identifiers.ts"
import { PhoneNumber } from "../../src/domain/PhoneNumber.ts"
import { present } from "../../src/domain/present.ts"
import type { AgentInfo, NumberInfo } from "../../src/provider/Catalog.ts"

const providerId = (text: string) => Result.getOrThrow(Schema.decodeResult(ProviderId)(text))
const phoneNumber = (text: string) => Result.getOrThrow(Schema.decodeResult(PhoneNumber)(text))

export const agentOf = (
  provider: string,
  id: string,
  told: { readonly name?: string | undefined; readonly language?: string | undefined } = {}
): AgentInfo => ({ kind: "agent", provider: providerId(provider), id, ...present(told) })

export const numberOf = (provider: string, e164: string, agentIds?: ReadonlyArray<string>): NumberInfo => ({
  kind: "number",
  provider: providerId(provider),
  e164: phoneNumber(e164),
  ...present({ agentIds })
})
