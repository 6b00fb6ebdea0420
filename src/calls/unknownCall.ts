/** Names the call in a `NotFound`: a caller that reads many has to know which one is missing. */
import * as Effect from "effect/Effect"
import type { OrderId } from "../domain/Identifiers.ts"
import { present } from "../domain/present.ts"
import { CallError, formatCallRef, NotFound } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"

/** The same provider with such failures. */
export const namingCalls = (provider: CallProvider): CallProvider => {
  const { providerId } = provider.adapter
  const named =
    (id: OrderId) =>
    (error: CallError): CallError => {
      const { reason, operation, last } = error
      if (reason._tag !== "NotFound") return error
      const { status, requestId, fields, body } = reason
      const call = formatCallRef({ provider: providerId, id })
      const notFound = new NotFound({ call, ...present({ status, requestId, fields, body }) })
      return new CallError({ ...present({ last }), provider: providerId, operation, reason: notFound })
    }
  return {
    ...provider,
    get: (id) => Effect.mapError(provider.get(id), named(id)),
    cancel: (id) => Effect.mapError(provider.cancel(id), named(id))
  }
}
