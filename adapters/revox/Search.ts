/**
 * Search, V5: the only documented list of orders. Its verb and path are on no page: it is asked only where `searchPath`
 * names it, with POST as its lists of filters suggest, and what it answers counts only if it is what is documented.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { OrderFact } from "../../src/domain/Fact.ts"
import type { OrderId } from "../../src/domain/Identifiers.ts"
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import type { Adapter } from "../../src/provider/Adapter.ts"
import { readByShape } from "../../src/provider/bodies.ts"
import { type CallError, InvalidRequest, type Operation } from "../../src/provider/CallError.ts"
import type { Answer } from "../../src/provider/http/answer.ts"
import { type Listed, walkPages } from "../../src/provider/http/pages.ts"
import { type Sender, unreadable } from "../../src/provider/http/Sender.ts"

/** Which orders: with one of the statuses, in the provider's words, or with one of the ids. */
export interface SearchFilter {
  readonly statuses?: ReadonlyArray<string> | undefined
  readonly ids?: ReadonlyArray<OrderId>
}

/** Filters that are required and not used: an empty list is taken to be none. */
const NO_FILTER: JsonObject = {
  assignee_ids: [],
  assistant_ids: [],
  campaign_ids: [],
  directions: [],
  from_phone_numbers: [],
  outcomes: [],
  results: []
}

/** Endpoints that make something of what is posted to them. */
const MAKING: ReadonlySet<string> = new Set(["/call", "/campaigns", "/assistants", "/phone-numbers", "/voices"])

export const searchPathFault = (path: string): InvalidRequest | undefined =>
  /^(\/[\w-]+)+$/.test(path) && !MAKING.has(path.toLowerCase())
    ? undefined
    : new InvalidRequest({
        field: "searchPath",
        expected: "the path of search below the base URL, such as /call/search"
      })

interface Found {
  readonly orders: ReadonlyArray<OrderFact>
  readonly total: number
  readonly isCached: boolean
}

/** Whole orders and their number, as documented; `undefined` for any other answer. */
const foundIn = ({ body, isCached }: Answer, adapter: Adapter): Found | undefined => {
  if (!isJsonObject(body) || !Array.isArray(body["calls"])) return undefined
  const total = body["total_count"]
  const orders: Array<OrderFact> = []
  for (const item of body["calls"]) {
    const fact = readByShape(adapter, item)
    if (fact?.kind !== "order") return undefined
    orders.push(fact)
  }
  return typeof total === "number" && total >= orders.length ? { orders, total, isCached } : undefined
}

const fits = ({ orders }: Found, { statuses, ids }: SearchFilter): boolean =>
  orders.length > 0 &&
  orders.every(
    ({ id, claims }) =>
      (statuses === undefined || statuses.includes(claims.status.word ?? "")) && (ids === undefined || ids.includes(id))
  )

interface Cursor {
  readonly page: number
  /** The page, where it has been read already. */
  readonly found?: Found
}

export const makeSearch = (sender: Sender, adapter: Adapter, path: string, pageSize: number) => {
  const read = (operation: Operation, { statuses, ids }: SearchFilter, page: number) =>
    sender
      .ask(operation, {
        method: "POST",
        path,
        body: {
          ...NO_FILTER,
          statuses: statuses ?? [],
          ...(ids === undefined ? {} : { call_ids: ids }),
          page,
          page_size: pageSize
        }
      })
      .pipe(
        Effect.flatMap((answer) => {
          const found = foundIn(answer, adapter)
          return found === undefined
            ? Effect.fail(sender.fail(operation, unreadable(answer, "orders and their number")))
            : Effect.succeed(found)
        })
      )

  /** The first page, 0 or 1, if it has what was asked for and nothing else; `undefined` if either is in doubt. */
  const begin = (operation: Operation, filter: SearchFilter): Effect.Effect<Required<Cursor> | undefined> => {
    const at = (page: number): Effect.Effect<Required<Cursor> | undefined> =>
      Effect.match(read(operation, filter, page), {
        onSuccess: (found) => (fits(found, filter) ? { page, found } : undefined),
        onFailure: () => undefined
      })
    return Effect.flatMap(at(0), (first) => (first === undefined ? at(1) : Effect.succeed(first)))
  }

  const walk = (filter: SearchFilter, first: Cursor): Stream.Stream<Listed, CallError> =>
    Stream.suspend(() => {
      const seen = new Set<string>()
      return walkPages<Cursor>({
        first,
        read: ({ page, found }) =>
          Effect.map(
            found === undefined ? read("list", filter, page) : Effect.succeed(found),
            ({ orders, total, isCached }) => {
              for (const { id } of orders) seen.add(id)
              const next = orders.length === 0 ? undefined : { page: page + 1 }
              return {
                items: orders,
                unreadable: 0,
                isCached,
                next,
                // Pages 0 and 1 may be the same.
                nextIfNothingNew: page === 1 ? next : undefined,
                doubt: seen.size < total ? `the provider counts ${total} calls` : undefined
              }
            }
          ),
        fail: (reason) => sender.fail("list", reason)
      })
    })

  return {
    /** All orders that fit; `otherwise` where search is not to be trusted. */
    list: (filter: SearchFilter, otherwise: Stream.Stream<Listed, CallError>): Stream.Stream<Listed, CallError> =>
      Stream.unwrap(
        Effect.map(begin("list", filter), (first) => (first === undefined ? otherwise : walk(filter, first)))
      ),
    /** As many of the orders as search gives; the others have to be read one by one. */
    byIds: (ids: ReadonlyArray<OrderId>): Effect.Effect<ReadonlyArray<OrderFact>> =>
      Effect.map(
        Effect.forEach(Arr.chunksOf(ids, pageSize), (chunk) => begin("getMany", { ids: chunk }), { concurrency: 4 }),
        (begun) => begun.flatMap((first) => first?.found.orders ?? [])
      )
  }
}
