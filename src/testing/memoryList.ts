/** The list of a provider in memory, as it differs from what has been placed. */
import type { OrderFact } from "../domain/Fact.ts"
import { OrderId } from "../domain/Identifiers.ts"
import type { PlaceCall } from "../domain/PlaceCall.ts"
import type { MemoryOrder } from "./memoryAdapter.ts"

/** An order that was placed, as it was asked for. */
export interface MemoryPlacement {
  readonly id: OrderId
  readonly order: PlaceCall
  /** Milliseconds on the clock. */
  readonly placedAt: number
  /** By a request, not by its story. */
  readonly canceledAt: number | undefined
}

/** How the list of a provider in memory differs from what has been placed. */
export interface MemoryList {
  /** How long after it was placed an order is listed, for each order or for all. @default at once */
  readonly delaySeconds?: number | ((order: MemoryPlacement) => number)
  /** Orders that the list never holds, though they can be read. @default none */
  readonly hides?: (order: MemoryPlacement) => boolean
  /**
   * Whether items tell references: `told`, `read` where only the order itself does, `none` where nothing does.
   * @default "told"
   */
  readonly references?: "told" | "read" | "none"
}

export const placementOf = ({ id, details, placedAt, canceledAt }: MemoryOrder): MemoryPlacement => ({
  id: OrderId.make(id),
  order: details,
  placedAt,
  canceledAt
})

/** Whether the list holds an order by now. */
export const isListed = (list: MemoryList | undefined, order: MemoryOrder, now: number): boolean => {
  const { delaySeconds = 0, hides } = list ?? {}
  const placement = placementOf(order)
  const delay = typeof delaySeconds === "number" ? delaySeconds : delaySeconds(placement)
  return now >= order.placedAt + delay * 1000 && hides?.(placement) !== true
}

/** The record of an order, as the list or a read gives it. */
export const told = (list: MemoryList | undefined, fact: OrderFact, by: "list" | "read"): OrderFact => {
  const { references = "told" } = list ?? {}
  if (references === "told" || (references === "read" && by === "read")) return fact
  const { claims, evidence, native } = fact
  const { reference: _reference, metadata: _metadata, ...rest } = native
  return {
    ...fact,
    claims: { ...claims, metadata: undefined },
    evidence: { ...evidence, reference: undefined },
    native: rest
  }
}
