/** A call at its provider, as people and programs name it. */
import * as Schema from "effect/Schema"
import { OrderId, parseOrderId, ProviderId } from "../domain/Identifiers.ts"

/** A call by provider and order id; as text `PROVIDER:ID`. */
export const CallRef = Schema.Struct({ provider: ProviderId, id: OrderId })
export type CallRef = typeof CallRef.Type

/** A call as text, `provider:id`. */
export const formatCallRef = ({ provider, id }: CallRef): string => `${provider}:${id}`

/** Reads `PROVIDER:ID`; the id may hold colons of its own. */
export const parseCallRef = (text: string): CallRef | undefined => {
  const at = text.indexOf(":")
  const id = parseOrderId(text.slice(at + 1))
  return at < 1 || id === undefined ? undefined : { provider: ProviderId.make(text.slice(0, at)), id }
}
