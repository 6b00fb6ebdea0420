/** The HTTP API of Tern. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import {
  type Adapter,
  type CallProvider,
  type ClientOptions,
  FORM,
  isJsonObject,
  makeSender,
  orderOperations,
  orderReader,
  providerTimeOf,
  readSingly,
  type StatusRows,
  unreadable,
  walkPages
} from "../../../src/provider/index.ts"
import { orderFrom, providerId } from "./Mapping.ts"
import { bodyFrom } from "./Request.ts"

/** 402: no credit, and the documentation says that nothing was taken. */
export const statuses: StatusRows = { place: { 402: { reason: "Forbidden", refused: true } } }

export const makeClient = Effect.fnUntraced(function* (adapter: Adapter, options: ClientOptions) {
  const sender = yield* makeSender(
    {
      id: providerId,
      defaultBaseUrl: "https://api.tern.example.invalid/v2",
      authentication: (key) => ({ "x-tern-key": key }),
      statuses,
      secretKeys: adapter.secretKeys
    },
    options
  )
  const orders = orderOperations(sender, adapter, {
    bodyFrom,
    read: orderFrom,
    envelope: "dial",
    place: "/dials",
    get: (id) => `/dials/${id}`,
    cancel: (id) => `/dials/${id}/abort`
  })
  const readOrder = orderReader(orderFrom)
  const provider: CallProvider = {
    ...orders,
    request: (order) =>
      Result.flatMap(bodyFrom(order), (body) =>
        sender.request({
          method: "POST",
          path: "/dials",
          // For a day the same key is the same dial.
          headers: { ...FORM, "tern-request-key": encodeURIComponent(order.reference) },
          body
        })
      ),
    getMany: (ids) => readSingly(orders.get, ids),
    list: ({ reference }) =>
      walkPages<string | undefined>({
        first: undefined,
        read: (cursor) =>
          Effect.flatMap(
            sender.ask("list", {
              method: "GET",
              path: "/dials",
              query: [
                ...(cursor === undefined ? [] : [["after", cursor] as const]),
                ...(reference === undefined ? [] : [["ref", reference] as const])
              ]
            }),
            (answer) => {
              const { body } = answer
              if (!isJsonObject(body) || !Array.isArray(body["dials"]))
                return Effect.fail(sender.fail("list", unreadable(answer, "a list of dials")))
              const items = body["dials"]
              const read = items.map(readOrder).filter((order) => order !== undefined)
              const next = typeof body["next"] === "string" ? body["next"] : undefined
              const lost = items.length - read.length
              return Effect.succeed({
                items: read,
                unreadable: lost,
                isCached: answer.isCached,
                next,
                doubt: undefined
              })
            }
          ),
        fail: (reason) => sender.fail("list", reason)
      }),
    check: Effect.map(sender.ask("check", { method: "GET", path: "/whoami" }), providerTimeOf)
  }
  return provider
})
