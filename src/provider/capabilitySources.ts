/** What says that a provider can do something, or that it cannot. */
import type { Capabilities, CapabilitySource } from "./Capabilities.ts"

/** Those that tell their source themselves, where there is something to tell. */
type Evident = "listTells" | "listAgents" | "listNumbers" | "idempotency"

/** The source of every capability that does not tell it itself. */
export type CapabilitySources = { readonly [Name in Exclude<keyof Capabilities, Evident>]-?: CapabilitySource }

/** What an adapter says of its provider's capabilities. */
interface Sourced {
  readonly capabilities: Capabilities
  readonly capabilitySources: CapabilitySources
}

/** Of a list that is not there, and of an order that may not be sent again: what nobody promises, it cannot. */
const NOBODY_SAYS: CapabilitySource = "undocumented: no page says that it can"

/** The source of one capability. */
export const sourceOf = ({ capabilities, capabilitySources }: Sourced, name: keyof Capabilities): CapabilitySource => {
  switch (name) {
    case "listTells":
      return capabilities.listTells.evidence
    case "listAgents":
    case "listNumbers":
      return capabilities[name]?.evidence ?? NOBODY_SAYS
    case "idempotency":
      return capabilities.idempotency === "no" ? NOBODY_SAYS : capabilities.idempotency.evidence
    default:
      return capabilitySources[name]
  }
}

/** The page of a source, and what else the source says: of an undocumented capability all there is. */
export const partsOf = (source: CapabilitySource): { readonly page?: string; readonly note?: string } => {
  const [, page, note] = /^(https:\/\/\S+?)(?:: (.*))?$/s.exec(source) ?? []
  if (page === undefined) return { note: source.replace(/^undocumented: /, "") }
  return note === undefined ? { page } : { page, note }
}
