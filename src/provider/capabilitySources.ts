/** What says that a provider can do something, or that it cannot. */
import type { CapabilityName } from "./abilities.ts"
import type { Capabilities, CapabilitySource } from "./Capabilities.ts"

/** Those that tell their source themselves, where there is something to tell. */
type Evident = "listTells" | "listAgents" | "listNumbers" | "idempotency"

/** The source of every capability that does not tell it itself. */
export type CapabilitySources = { readonly [Name in Exclude<CapabilityName, Evident>]-?: CapabilitySource }

/** What an adapter says of its provider's capabilities. One that was written without types may say nothing. */
interface Sourced {
  readonly capabilities: Capabilities
  readonly capabilitySources?: Partial<CapabilitySources> | undefined
}

/** Of a list that is not there, and of an order that may not be sent again: what nobody promises, it cannot. */
const NOBODY_SAYS: CapabilitySource = "undocumented: no page says that it can"

/** The source of one capability; none where an adapter was written without types and forgot it. */
export const sourceOf = (
  { capabilities, capabilitySources }: Sourced,
  name: CapabilityName
): CapabilitySource | undefined => {
  switch (name) {
    case "listTells":
      return capabilities.listTells.evidence
    case "listAgents":
    case "listNumbers":
      return capabilities[name]?.evidence ?? NOBODY_SAYS
    case "idempotency":
      return capabilities.idempotency === "no" ? NOBODY_SAYS : capabilities.idempotency.evidence
    default:
      return capabilitySources?.[name]
  }
}

/** A source, taken apart. */
export interface SourceParts {
  /** The address of the page. Absent: no page says so. */
  readonly page?: string
  /** What the page says, or how it is known without one. */
  readonly note?: string
}

export const partsOf = (source: CapabilitySource | undefined): SourceParts => {
  if (source === undefined) return { note: "its adapter does not say" }
  const [, page, note] = /^(https:\/\/\S+?)(?:: (.*))?$/s.exec(source) ?? []
  if (page === undefined) return { note: source.replace(/^undocumented: /, "") }
  return note === undefined ? { page } : { page, note }
}

/** Whether a page of the provider's says so. */
export const isDocumented = (source: CapabilitySource | undefined): boolean => partsOf(source).page !== undefined
