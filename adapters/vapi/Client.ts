/** The HTTP API of Vapi: authentication, base URL, one function for each endpoint. */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type { Instant } from "../../src/domain/Instant.ts"
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import type { Adapter, Reading } from "../../src/provider/Adapter.ts"
import { type CallError, InvalidRequest } from "../../src/provider/CallError.ts"
import type { CallProvider, ListFilter, WebhookPort } from "../../src/provider/CallProvider.ts"
import { providerTimeOf } from "../../src/provider/http/answer.ts"
import { addressIn, readAgent, written } from "../../src/provider/http/agentAddresses.ts"
import type { ClientOptions } from "../../src/provider/http/ClientOptions.ts"
import { orderOperations, orderReader } from "../../src/provider/http/orderOperations.ts"
import { newestFirst } from "../../src/provider/http/pages.ts"
import { readSingly } from "../../src/provider/http/readMany.ts"
import { makeSender, segment, type Sender, unreadable } from "../../src/provider/http/Sender.ts"
import * as Check from "../../src/provider/optionChecks.ts"
import { type CancelBy, makeCancel } from "./Cancel.ts"
import { catalogOf } from "./Catalog.ts"
import { orderFrom, providerId } from "./Mapping.ts"
import { bodyFrom, type PhoneNumbers } from "./Request.ts"
import * as Wire from "./Wire.ts"

/** What Vapi can be told beside key, address and limits. */
export interface VapiSettings {
  /** The ids at Vapi of the account's numbers, by number in E.164: an order's `from` is sent as such an id. */
  readonly phoneNumbers?: PhoneNumbers | undefined
  /** How calls may be canceled, since Vapi has no way to cancel one. Without it `cancel` is `Unsupported`. */
  readonly cancelBy?: CancelBy | undefined
  /** Items on a page of a list, 2 or more; more than 1000 are asked for as 1000, the most that there are. @default 1000 */
  readonly pageSize?: number | undefined
}

/** How Vapi is reached. The key is a private one: public keys are for browsers. */
export interface VapiClientOptions extends ClientOptions, VapiSettings {}

export const BASE_URL = "https://api.vapi.ai"

/** Where orders are placed, listed and read. */
export const ORDER_PATHS = { place: "/call", get: (id: string) => `/call/${id}` }

export const makeClient = Effect.fnUntraced(function* (declared: Adapter, options: VapiClientOptions) {
  const { cancelBy = {} } = options
  const cancels = cancelBy.scheduled !== undefined || cancelBy.running !== undefined
  const adapter: Adapter = cancels
    ? { ...declared, capabilities: { ...declared.capabilities, cancel: "yes" } }
    : declared
  const sender = yield* makeSender(
    {
      id: providerId,
      defaultBaseUrl: BASE_URL,
      authentication: (key) => ({ authorization: `Bearer ${key}` }),
      // For placing it documents 400, which refuses, and 500, after which the call may be queued.
      statuses: {},
      secretKeys: adapter.secretKeys
    },
    options
  )
  const read = reader(options.phoneNumbers ?? {})
  const readCall = orderReader(read)
  const { pageSize: asked = Wire.LARGEST_PAGE } = options
  const fault = Check.overlappingPageSize(asked, ["pageSize"])
  if (fault !== undefined) return yield* sender.fail("configure", new InvalidRequest(fault))
  const pageSize = Math.min(asked, Wire.LARGEST_PAGE)

  const orders = orderOperations(sender, adapter, {
    bodyFrom: bodyFrom(options.phoneNumbers ?? {}),
    read,
    ...ORDER_PATHS
  })

  const http = yield* HttpClient.HttpClient
  const senderTo = (address: string) =>
    makeSender(
      {
        id: providerId,
        defaultBaseUrl: address,
        authentication: () => ({}),
        statuses: {},
        secretKeys: adapter.secretKeys
      },
      { ...options, baseUrl: address }
    ).pipe(Effect.provideService(HttpClient.HttpClient, http))
  const cancel = makeCancel(sender, cancelBy, readCall, senderTo)

  /** `GET /call`; retried. No endpoint is there for checking a key: this is the smallest request that takes no id. */
  const check: CallProvider["check"] = Effect.map(
    sender.ask("check", { method: "GET", path: ORDER_PATHS.place, query: [["limit", "1"]] }),
    providerTimeOf
  )

  /** `GET /call`; retried. There is no cursor, and the order of the list is not documented. */
  const readPage = Effect.fnUntraced(function* (filter: ListFilter, until: Instant | undefined) {
    const answer = yield* sender.ask("list", {
      method: "GET",
      path: ORDER_PATHS.place,
      query: [
        ["limit", String(pageSize)],
        ...named("assistantId", filter.agentId),
        ...named("createdAtGe", filter.createdAfter),
        ...named("createdAtLt", until)
      ]
    })
    const { body: items, isCached } = answer
    if (!Array.isArray(items)) return yield* sender.fail("list", unreadable(answer, "a list of calls"))
    const orders = items.map(readCall).filter((order) => order !== undefined)
    return { items: orders, unreadable: items.length - orders.length, isCached }
  })

  const list: CallProvider["list"] = (filter) =>
    newestFirst({
      first: filter.createdBefore,
      pageSize,
      read: (until) => readPage(filter, until),
      fail: (reason) => sender.fail("list", reason)
    })

  const webhooks = webhooksOf(sender)
  const provider: CallProvider = {
    ...orders,
    cancel,
    getMany: (ids) => readSingly(orders.get, ids),
    list,
    check,
    webhooks,
    catalog: catalogOf(sender, pageSize)
  }
  return provider
})

/** `GET /assistant/{id}`, in the types of the SDK: the assistant itself, with `server` if it has one of its own. */
const serverOf = (sender: Sender, id: string): Effect.Effect<JsonObject, CallError> =>
  Effect.map(readAgent(sender, "/assistant", id), ({ server }) => (isJsonObject(server) ? server : {}))

/**
 * `server.url` of a stored assistant, which goes before the number's and the account's (types of the SDK). Whether
 * `PATCH /assistant/{id}` merges `server` or replaces it is not documented: it is written back as it was read, with its headers,
 * credential, timeout and plan for repeating.
 */
const webhooksOf = (sender: Sender): WebhookPort => ({
  read: (id) => Effect.map(serverOf(sender, id), ({ url }) => ({ calls: addressIn(url) })),
  write: (id, { calls }) =>
    calls === undefined
      ? Effect.void
      : Effect.flatMap(serverOf(sender, id), (server) => {
          const { url: _, ...kept } = server
          const body = { server: calls === null ? kept : { ...kept, url: written(calls) } }
          return Effect.asVoid(
            sender.ask("setWebhookAddresses", { method: "PATCH", path: `/assistant/${segment(id)}`, body })
          )
        })
})

/** The record of an outbound call names our number by its id alone: which number that is, the settings know. */
const reader = (phoneNumbers: PhoneNumbers) => {
  const numbers = new Map<unknown, string>(Object.entries(phoneNumbers).map(([number, id]) => [id, number]))
  return (native: JsonObject): Reading => {
    const fact = orderFrom(native)
    const own = numbers.get(native["phoneNumberId"])
    if (fact.kind !== "order" || own === undefined || native["type"] !== "outboundPhoneCall") return fact
    return { ...fact, claims: { ...fact.claims, from: fact.claims.from ?? own } }
  }
}

const named = (name: string, value: string | undefined): ReadonlyArray<readonly [string, string]> =>
  value === undefined ? [] : [[name, value]]
