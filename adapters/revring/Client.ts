/** The HTTP API of RevRing: authentication, base URL, one function for each endpoint. */
import * as Effect from "effect/Effect"
import type { OrderFact } from "../../src/domain/Fact.ts"
import type { OrderId } from "../../src/domain/Identifiers.ts"
import type { Instant } from "../../src/domain/Instant.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import type { Adapter } from "../../src/provider/Adapter.ts"
import { type CallError, InvalidRequest, NotFound } from "../../src/provider/CallError.ts"
import type { CallProvider, ListFilter } from "../../src/provider/CallProvider.ts"
import { providerTimeOf, unwrap } from "../../src/provider/http/answer.ts"
import { addressesInFields, agentInList } from "../../src/provider/http/agentAddresses.ts"
import type { ClientOptions } from "../../src/provider/http/ClientOptions.ts"
import { newestFirst } from "../../src/provider/http/pages.ts"
import { readBatches, readSingly } from "../../src/provider/http/readMany.ts"
import { orderOperations, orderReader } from "../../src/provider/http/orderOperations.ts"
import { makeSender, type Sender, unreadable } from "../../src/provider/http/Sender.ts"
import * as Check from "../../src/provider/optionChecks.ts"
import { catalogOf } from "./Catalog.ts"
import { orderFrom, providerId } from "./Mapping.ts"
import { bodyFrom } from "./Request.ts"

/** What RevRing can be told beside key, address and limits. */
export interface RevRingSettings {
  /** Items on a page of a list, 2 or more. The default is the one size that has been seen in use. @default 50 */
  readonly pageSize?: number | undefined
}

/** How RevRing is reached. */
export interface RevRingClientOptions extends ClientOptions, RevRingSettings {}

export const BASE_URL = "https://api.revring.ai/v1"

/** Where orders are placed, listed, read and canceled. */
export const ORDER_PATHS = {
  place: "/calls",
  get: (id: string) => `/calls/${id}`,
  cancel: (id: string) => `/calls/${id}/cancel`
}

/** Many orders at once; it places none. */
export const BATCH_PATH = "/calls/batch-get"

/** Fields of an agent that say where its messages go. */
export const ADDRESS_FIELDS = { calls: "postCallWebhookUrl", preCall: "preCallWebhookUrl" }

const PAGE_SIZE = 50

/** Ids that one batch request takes. */
export const BATCH = 100

export const makeClient = Effect.fnUntraced(function* (adapter: Adapter, options: RevRingClientOptions) {
  const sender = yield* makeSender(
    {
      id: providerId,
      defaultBaseUrl: BASE_URL,
      authentication: (key) => ({ "x-api-key": key }),
      // Its error body is not documented. Placing with `skipQueue` at the concurrency limit is documented to answer 429.
      statuses: { place: { 429: "AtCapacity" } },
      secretKeys: adapter.secretKeys
    },
    options
  )
  const { pageSize = PAGE_SIZE } = options
  const fault = Check.overlappingPageSize(pageSize, ["pageSize"])
  if (fault !== undefined) return yield* sender.fail("configure", new InvalidRequest(fault))

  /** Which states it can cancel is not documented. */
  const orders = orderOperations(sender, adapter, {
    bodyFrom,
    read: orderFrom,
    envelope: "data",
    ...ORDER_PATHS
  })

  /**
   * `POST /calls/batch-get`; retried, since it reads. Whether its items carry `status` is not shown by any page: one
   * without is fetched by itself.
   */
  const getBatch = Effect.fnUntraced(function* (ids: ReadonlyArray<OrderId>, detail: "state" | "whole") {
    const body = { ids, minimal: detail === "state" }
    const answer = yield* sender.ask("getMany", { method: "POST", path: BATCH_PATH, body })
    const items = unwrap(answer.body, "data")
    if (!Array.isArray(items)) return yield* sender.fail("getMany", unreadable(answer, "a list of calls"))
    const wanted = new Set<string>(ids)
    const read = items
      .map(readCall)
      .filter((order) => order !== undefined)
      .filter(({ id }) => wanted.has(id))
    const single = yield* readSingly(
      orders.get,
      read.filter((order) => !hasStatus(order)).map(({ id }) => id)
    )
    return { ...single, orders: [...read.filter(hasStatus), ...single.orders] }
  })

  /**
   * The batch came with generation 3 of the documentation. Before, its path was that of a call with another method: it
   * is not found (404) or not allowed (405), and like of any batch that fails its calls are read one by one.
   */
  const getMany: CallProvider["getMany"] = (ids, detail) =>
    readBatches({ size: BATCH, read: (batch) => getBatch(batch, detail), get: orders.get }, ids)

  /** `GET /agents`; retried. There is no endpoint for checking a key: this is the smallest documented thing that takes no id. */
  const check: CallProvider["check"] = Effect.map(
    sender.ask("check", { method: "GET", path: "/agents" }),
    providerTimeOf
  )

  /** `GET /calls`; retried. Not documented: only the parameters that one application was seen to send are used. */
  const readPage = Effect.fnUntraced(function* (filter: ListFilter, until: Instant | undefined) {
    const answer = yield* sender.ask("list", {
      method: "GET",
      path: ORDER_PATHS.place,
      query: [
        ["sortBy", "createdAt"],
        ["sortDir", "desc"],
        ["pageSize", String(pageSize)],
        ...named("agentId", filter.agentId),
        ...named("createdFrom", filter.createdAfter),
        ...named("createdTo", until)
      ]
    })
    const items = unwrap(answer.body, "data")
    if (!Array.isArray(items)) return yield* sender.fail("list", unreadable(answer, "a list of calls"))
    const orders = items.map(readCall).filter((order) => order !== undefined)
    return { items: orders, unreadable: items.length - orders.length, isCached: answer.isCached }
  })

  const list: CallProvider["list"] = (filter) =>
    newestFirst({
      first: filter.createdBefore,
      pageSize,
      read: (until) => readPage(filter, until),
      isWanted: (order) => passes(order, filter),
      fail: (reason) => sender.fail("list", reason)
    })

  const provider: CallProvider = {
    ...orders,
    getMany,
    list,
    check,
    webhooks: webhooksOf(sender),
    catalog: catalogOf(sender)
  }
  return provider
})

/**
 * No page documents how one agent is read: it is looked for among all (`GET /agents`, documented), and if it is not there asked
 * for by its id (`POST /agents/batch-get`, documented since generation 3), in case the list is not whole.
 */
const agentOf = (sender: Sender) =>
  Effect.fnUntraced(function* (id: string): Effect.fn.Return<JsonObject, CallError> {
    const listed = yield* agentInList(sender, { method: "GET", path: "/agents" }, id, "data")
    if (listed !== undefined) return listed
    const byId = { method: "POST", path: "/agents/batch-get", body: { ids: [id] } } as const
    const found = yield* agentInList(sender, byId, id, "data").pipe(
      // Before generation 3 there is no such path.
      Effect.catchReasons("CallError", {
        NotFound: () => Effect.undefined,
        InvalidRequest: () => Effect.undefined
      })
    )
    return found ?? (yield* sender.fail("webhookAddresses", new NotFound({})))
  })

/** `PATCH /agents/{id}` is documented to take both addresses; that it leaves the other fields alone, and that null takes one away, is concluded. */
const webhooksOf = (sender: Sender) =>
  addressesInFields(sender, {
    fields: ADDRESS_FIELDS,
    path: "/agents",
    read: agentOf(sender)
  })

const readCall = orderReader(orderFrom)

const hasStatus = ({ claims }: OrderFact): boolean => claims.status.word !== undefined

/** The filters that the provider may or may not have applied, and the one it has no parameter for. */
const passes = ({ claims }: OrderFact, { status, agentId, createdAfter, createdBefore }: ListFilter): boolean =>
  (status === undefined || status.includes(claims.status.value)) &&
  (agentId === undefined || claims.agentId === undefined || claims.agentId === agentId) &&
  (createdAfter === undefined || claims.createdAt === undefined || claims.createdAt >= createdAfter) &&
  (createdBefore === undefined || claims.createdAt === undefined || claims.createdAt <= createdBefore)

const named = (name: string, value: string | undefined): ReadonlyArray<readonly [string, string]> =>
  value === undefined ? [] : [[name, value]]
