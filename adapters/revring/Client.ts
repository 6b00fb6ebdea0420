/** The HTTP API of RevRing: authentication, base URL, one function for each endpoint. */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { OrderFact } from "../../src/domain/Fact.ts"
import type { OrderId } from "../../src/domain/Identifiers.ts"
import { type Instant, instantAt } from "../../src/domain/Instant.ts"
import type { Adapter } from "../../src/provider/Adapter.ts"
import type { CallError } from "../../src/provider/CallError.ts"
import type { CallProvider, ListFilter } from "../../src/provider/CallProvider.ts"
import { providerTimeOf, unwrap } from "../../src/provider/http/answer.ts"
import type { ClientOptions } from "../../src/provider/http/ClientOptions.ts"
import { type Listed, type Page, walkPages } from "../../src/provider/http/pages.ts"
import { readBatches, readSingly } from "../../src/provider/http/readMany.ts"
import { orderOperations, orderReader } from "../../src/provider/http/orderOperations.ts"
import { makeSender, unreadable } from "../../src/provider/http/Sender.ts"
import { orderFrom, providerId } from "./Mapping.ts"
import { bodyFrom } from "./Request.ts"

/** What RevRing can be told beside key, address and limits. */
export interface RevRingSettings {
  /** Items on a page of a list. The default is the one size that has been seen in use. @default 50 */
  readonly pageSize?: number | undefined
}

/** How RevRing is reached. */
export interface RevRingClientOptions extends ClientOptions, RevRingSettings {}

const BASE_URL = "https://api.revring.ai/v1"

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
  const pageSize = options.pageSize ?? PAGE_SIZE

  /** Which states it can cancel is not documented. */
  const orders = orderOperations(sender, adapter, {
    bodyFrom,
    read: orderFrom,
    envelope: "data",
    place: "/calls",
    get: (id) => `/calls/${id}`,
    cancel: (id) => `/calls/${id}/cancel`
  })

  /**
   * `POST /calls/batch-get`; retried, since it reads. Whether its items carry `status` is not shown by any page: one
   * without is fetched by itself.
   */
  const getBatch = Effect.fnUntraced(function* (ids: ReadonlyArray<OrderId>, detail: "state" | "whole") {
    const body = { ids, minimal: detail === "state" }
    const answer = yield* sender.ask("getMany", { method: "POST", path: "/calls/batch-get", body })
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

  /**
   * `GET /calls`; retried. Not documented: only the parameters that one application was seen to send are used, and
   * going on is asking for what was created no later than the oldest call so far.
   */
  const readPage = (filter: ListFilter, createdTo: Cursor): Effect.Effect<Page<Cursor>, CallError> =>
    sender
      .ask("list", {
        method: "GET",
        path: "/calls",
        query: [
          ["sortBy", "createdAt"],
          ["sortDir", "desc"],
          ["pageSize", String(pageSize)],
          ...named("agentId", filter.agentId),
          ...named("createdFrom", filter.createdAfter),
          ...named("createdTo", justAfter(createdTo))
        ]
      })
      .pipe(
        Effect.flatMap((answer) => {
          const items = unwrap(answer.body, "data")
          if (!Array.isArray(items)) return Effect.fail(sender.fail("list", unreadable(answer, "a list of calls")))
          const orders = items.map(readCall).filter((order) => order !== undefined)
          const oldest = oldestOf(orders)
          return Effect.succeed({
            items: orders.filter((order) => passes(order, filter)),
            unreadable: items.length - orders.length,
            next: oldest,
            // What was filtered out here is not new, and yet the list goes on behind it.
            nextIfNothingNew:
              oldest !== createdTo && orders.some((order) => !passes(order, filter)) ? oldest : undefined,
            doubt: items.length >= pageSize ? "a full page brought nothing new" : undefined,
            flaw: flawOf(orders, items.length >= pageSize)
          })
        })
      )

  const list = (filter: ListFilter): Stream.Stream<Listed, CallError> =>
    walkPages<Cursor>({
      first: filter.createdBefore,
      read: (cursor) => readPage(filter, cursor),
      fail: (reason) => sender.fail("list", reason)
    })

  const provider: CallProvider = { ...orders, getMany, list, check }
  return provider
})

/** The latest moment of creation still wanted; absent at first. */
type Cursor = Instant | undefined

const readCall = orderReader(orderFrom)

const hasStatus = ({ claims }: OrderFact): boolean => claims.status.word !== undefined

const oldestOf = (orders: ReadonlyArray<OrderFact>): Instant | undefined =>
  orders.reduce<Instant | undefined>(
    (oldest, { claims }) =>
      claims.createdAt !== undefined && (oldest === undefined || claims.createdAt < oldest) ? claims.createdAt : oldest,
    undefined
  )

/** Going on from the oldest call finds the rest only where the newest come first. */
const flawOf = (orders: ReadonlyArray<OrderFact>, isFull: boolean): string | undefined => {
  const times = orders.map(({ claims }) => claims.createdAt).filter((time) => time !== undefined)
  if (times.length === 0) return isFull ? "calls without a time of creation: there is no going on" : undefined
  return times.every((time, index) => index === 0 || time <= (times[index - 1] ?? time))
    ? undefined
    : "the provider did not list the newest first"
}

/** The filters that the provider may or may not have applied, and the one it has no parameter for. */
const passes = ({ claims }: OrderFact, { status, agentId, createdAfter, createdBefore }: ListFilter): boolean =>
  (status === undefined || status.includes(claims.status.value)) &&
  (agentId === undefined || claims.agentId === undefined || claims.agentId === agentId) &&
  (createdAfter === undefined || claims.createdAt === undefined || claims.createdAt >= createdAfter) &&
  (createdBefore === undefined || claims.createdAt === undefined || claims.createdAt <= createdBefore)

/** Whether `createdTo` includes its own moment is not told: a millisecond more leaves nobody out, and a call twice counts once. */
const justAfter = (moment: Cursor): Instant | undefined =>
  moment === undefined ? undefined : (instantAt(Date.parse(moment) + 1) ?? moment)

const named = (name: string, value: string | undefined): ReadonlyArray<readonly [string, string]> =>
  value === undefined ? [] : [[name, value]]
