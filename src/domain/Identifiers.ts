import * as Schema from "effect/Schema"

/** The provider's id of an order: opaque, a uuid at one provider and not at another. */
export const OrderId = Schema.NonEmptyString.pipe(Schema.brand("unicall/OrderId"))
export type OrderId = typeof OrderId.Type

/** The provider's id of an attempt. No order is asked for by it, unless the provider has one id for both. */
export const AttemptId = Schema.NonEmptyString.pipe(Schema.brand("unicall/AttemptId"))
export type AttemptId = typeof AttemptId.Type

/** The adapter's id; open, since adapters can be added from outside. */
export const ProviderId = Schema.NonEmptyString.pipe(Schema.brand("unicall/ProviderId"))
export type ProviderId = typeof ProviderId.Type

/** An id as text: a non-empty string, or a safe integer in decimal. Anything else is no id. */
export const parseId = (raw: unknown): string | undefined => {
  if (typeof raw === "string") return raw === "" ? undefined : raw
  return Number.isSafeInteger(raw) ? String(raw) : undefined
}

const isOrderId = (text: string | undefined): text is OrderId => text !== undefined && text !== ""
const isAttemptId = (text: string | undefined): text is AttemptId => text !== undefined && text !== ""

/** An order's id; `undefined` for what is none. */
export const parseOrderId = (raw: unknown): OrderId | undefined => {
  const text = parseId(raw)
  return isOrderId(text) ? text : undefined
}

/** An attempt's id; `undefined` for what is none. */
export const parseAttemptId = (raw: unknown): AttemptId | undefined => {
  const text = parseId(raw)
  return isAttemptId(text) ? text : undefined
}
