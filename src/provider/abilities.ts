/** Capabilities one by one, whatever form each has. */
import { Capabilities } from "./Capabilities.ts"

export type CapabilityName = keyof Capabilities

const isName = (name: string): name is CapabilityName => Object.hasOwn(Capabilities.fields, name)

/** In the order in which they are told. */
export const CAPABILITY_NAMES: ReadonlyArray<CapabilityName> = Object.keys(Capabilities.fields).filter(isName)

/** What a provider says of one capability, in a word or a few. */
export const abilityText = (capabilities: Capabilities, name: CapabilityName): string => {
  switch (name) {
    case "listTells":
      return capabilities.listTells.reference
    case "listAgents":
    case "listNumbers":
      return capabilities[name]?.holds ?? "no"
    case "idempotency":
      return capabilities.idempotency === "no" ? "no" : `for ${capabilities.idempotency.windowSeconds} s`
    case "listFilters":
    case "webhookAddresses":
      return capabilities[name]?.join(", ") || "none"
    default:
      return String(capabilities[name])
  }
}

/** `automatic`: the provider redials, and nobody can ask it to. */
const CANNOT: ReadonlySet<string> = new Set(["no", "none", "unknown", "automatic", "0"])

/** Whether a provider is known to do this when it is asked to. */
export const isAble = (capabilities: Capabilities, name: CapabilityName): boolean =>
  !CANNOT.has(abilityText(capabilities, name))
