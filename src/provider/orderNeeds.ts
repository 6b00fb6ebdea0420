/** What an order asks of its provider, and what of that a provider cannot do: found before any request. */
import type { PlaceCall } from "../domain/PlaceCall.ts"
import { Unsupported } from "./CallError.ts"
import type { Capabilities } from "./Capabilities.ts"

/** An order, or as much of one as is known: a configuration has no number to call yet. */
export type Asked = Partial<PlaceCall>

/** What asks for which capability. The types of orders rest on this table too; see `OrderFor`. */
const NEEDS = [
  { field: "from", capability: "callerNumber", asks: ({ from }) => from !== undefined },
  { field: "agent.inline", capability: "inlineAgent", asks: ({ agent }) => agent?.inline !== undefined },
  { field: "scheduledAt", capability: "schedule", asks: ({ scheduledAt }) => scheduledAt !== undefined },
  { field: "retry", capability: "retries", asks: ({ retry }) => retry !== undefined },
  { field: "metadata", capability: "metadata", asks: ({ metadata }) => metadata !== undefined },
  { field: "variables", capability: "variables", asks: ({ variables }) => variables !== undefined },
  { field: "concurrency", capability: "concurrency", asks: ({ concurrency }) => concurrency !== undefined }
] as const satisfies ReadonlyArray<{
  field: string
  capability: keyof Capabilities
  asks: (asked: Asked) => boolean
}>

export type OrderNeed = (typeof NEEDS)[number]

/** Fields of an order that a provider may be unable to take. */
export const NEEDED_FIELDS = NEEDS.map(({ field }) => field)

/** Those of them that an order has. */
export const askedFields = (asked: Asked): ReadonlyArray<OrderNeed["field"]> =>
  NEEDS.filter((need) => need.asks(asked)).map(({ field }) => field)

/** Those of these fields that a provider is not known to take, whatever stands in them. */
export const unmetFields = (
  fields: ReadonlyArray<OrderNeed["field"]>,
  capabilities: Capabilities
): ReadonlyArray<OrderNeed["field"]> =>
  NEEDS.filter((need) => fields.includes(need.field) && !isMet(need, {}, capabilities)).map(({ field }) => field)

/** One dial and no more is what a provider without retries does anyway, and only that one. */
const isOneDial = ({ retry }: Asked): boolean => retry?.maxAttempts === 1 && Object.keys(retry).length === 1

const isMet = ({ capability }: OrderNeed, asked: Asked, capabilities: Capabilities): boolean => {
  if (capability === "callerNumber") return capabilities.callerNumber !== "none"
  if (capability === "retries" && capabilities.retries === "no") return isOneDial(asked)
  return capabilities[capability] === "yes"
}

/**
 * Everything that is asked for and that a provider is not known to do, in the order of the table. A number to call from that it requires
 * and that is not given is no such thing: it is a field to be filled in.
 */
export const unmet = (asked: Asked, capabilities: Capabilities): ReadonlyArray<Unsupported> =>
  NEEDS.filter((need) => need.asks(asked) && !isMet(need, asked, capabilities)).map(
    ({ capability, field }) => new Unsupported({ capability, field })
  )
