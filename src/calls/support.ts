/** What an order asks of its provider, against what the provider can do: found before any request. */
import * as Result from "effect/Result"
import { parsePhoneNumber } from "../domain/PhoneNumber.ts"
import { present } from "../domain/present.ts"
import type { PlaceCall } from "../domain/PlaceCall.ts"
import type { Capabilities } from "../provider/Capabilities.ts"
import type { ListFilter } from "../provider/CallProvider.ts"
import { storedForm } from "./references.ts"
import { InvalidRequest, Unsupported } from "../provider/CallError.ts"

/** One dial and no more is what a provider without retries does anyway, and only that one. */
const asksForRetries = ({ retry }: PlaceCall, { retries }: Capabilities): boolean =>
  retry !== undefined && !(retries === "no" && retry.maxAttempts === 1 && Object.keys(retry).length === 1)

/** What asks for which capability. */
const NEEDS = [
  { field: "agent.inline", capability: "inlineAgent", asks: ({ agent }) => agent.inline !== undefined },
  { field: "scheduledAt", capability: "schedule", asks: ({ scheduledAt }) => scheduledAt !== undefined },
  { field: "retry", capability: "retries", asks: asksForRetries },
  { field: "metadata", capability: "metadata", asks: ({ metadata }) => metadata !== undefined },
  { field: "variables", capability: "variables", asks: ({ variables }) => variables !== undefined },
  { field: "concurrency", capability: "concurrency", asks: ({ concurrency }) => concurrency !== undefined }
] as const satisfies ReadonlyArray<{
  field: string
  capability: string
  asks: (order: PlaceCall, capabilities: Capabilities) => boolean
}>

/** The first thing an order asks for that its provider is not known to do. */
export const unsupportedIn = (order: PlaceCall, capabilities: Capabilities): Unsupported | undefined => {
  if (order.from !== undefined && capabilities.callerNumber === "none") {
    return new Unsupported({ capability: "callerNumber", field: "from" })
  }
  const need = NEEDS.find(({ capability, asks }) => asks(order, capabilities) && capabilities[capability] !== "yes")
  return need === undefined ? undefined : new Unsupported({ capability: need.capability, field: need.field })
}

const FILTERS = {
  status: "status",
  createdAfter: "created",
  createdBefore: "created",
  agentId: "agent",
  reference: "reference",
  to: "number"
} as const satisfies Record<keyof ListFilter, Capabilities["listFilters"][number]>

const isFilter = (name: string): name is keyof typeof FILTERS => Object.hasOwn(FILTERS, name)

/** The filter as calls are stored, or the first part of it that a provider's list cannot serve. */
export const filterFor = (
  capabilities: Capabilities,
  filter: ListFilter
): Result.Result<ListFilter, Unsupported | InvalidRequest> => {
  if (capabilities.list === "no") return Result.fail(new Unsupported({ capability: "list" }))
  const field = Object.keys(present(filter))
    .filter(isFilter)
    .find((name) => !capabilities.listFilters.includes(FILTERS[name]))
  if (field !== undefined) return Result.fail(new Unsupported({ capability: "listFilters", field }))
  const to = filter.to === undefined ? undefined : parsePhoneNumber(filter.to)
  if (typeof to === "object") return Result.fail(new InvalidRequest({ field: "to", ...to }))
  const reference = filter.reference === undefined ? undefined : storedForm(filter.reference)
  return Result.succeed(present({ ...filter, reference, to }))
}
