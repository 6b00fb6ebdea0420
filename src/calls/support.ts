/** What an order asks of its provider, against what the provider can do: found before any request. */
import * as Result from "effect/Result"
import { parsePhoneNumber } from "../domain/PhoneNumber.ts"
import { present } from "../domain/present.ts"
import type { PlaceCall } from "../domain/PlaceCall.ts"
import type { Capabilities } from "../provider/Capabilities.ts"
import type { ListFilter } from "../provider/CallProvider.ts"
import { storedForm } from "./references.ts"
import { InvalidRequest, Unsupported } from "../provider/CallError.ts"
import { unmet } from "../provider/orderNeeds.ts"

/** The first thing an order asks for that its provider is not known to do. */
export const unsupportedIn = (order: PlaceCall, capabilities: Capabilities): Unsupported | undefined =>
  unmet(order, capabilities)[0]

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
