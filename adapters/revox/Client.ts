/** The HTTP API of Revox: authentication, base URL, one function for each endpoint. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { OrderStatus } from "../../src/domain/CallStatus.ts"
import { isJsonObject } from "../../src/domain/Json.ts"
import type { Adapter } from "../../src/provider/Adapter.ts"
import { type CallError, InvalidRequest, Unauthorized, Unsupported } from "../../src/provider/CallError.ts"
import type { CallProvider, ListFilter } from "../../src/provider/CallProvider.ts"
import { readByShape } from "../../src/provider/bodies.ts"
import { notesOf, providerTimeOf, unwrap } from "../../src/provider/http/answer.ts"
import { addressesInFields, readAgent } from "../../src/provider/http/agentAddresses.ts"
import type { ClientOptions } from "../../src/provider/http/ClientOptions.ts"
import { type Listed, type Page, walkPages } from "../../src/provider/http/pages.ts"
import { readSingly } from "../../src/provider/http/readMany.ts"
import { orderOperations } from "../../src/provider/http/orderOperations.ts"
import { saysFailure } from "../../src/provider/http/placedOrder.ts"
import { makeSender, type Sender, unreadable } from "../../src/provider/http/Sender.ts"
import * as Check from "../../src/provider/optionChecks.ts"
import { catalogOf } from "./Catalog.ts"
import { orderFrom, providerId } from "./Mapping.ts"
import { bodyFrom } from "./Request.ts"
import { makeSearch, searchPathFault } from "./Search.ts"
import { ORDER_STATUSES, ORDER_STATUSES_V2 } from "./Wire.ts"
import { orderStatusWords } from "./Words.ts"

/** What Revox can be told beside key, address and limits. */
export interface RevoxSettings {
  /** Items on a page of a list. @default 100 */
  readonly pageSize?: number | undefined
  /**
   * How a list of statuses is written into the query; no source says: `repeat` is
   * `statuses=a&statuses=b`, `brackets` is `statuses[]=a`, `comma` is `statuses=a,b`.
   * @default "repeat"
   */
  readonly statusesEncoding?: "repeat" | "brackets" | "comma" | undefined
  /**
   * Where search is, below the base URL, such as `/call/search`: it is documented (V5), its path is not. With it orders are
   * listed, with their references, and many are read at once; whatever it answers otherwise than documented is not used.
   * Absent: search is not asked.
   */
  readonly searchPath?: string | undefined
}

/** How Revox is reached. */
export interface RevoxClientOptions extends ClientOptions, RevoxSettings {}

/** `www` matters: a redirection from the bare host would cost the Authorization header. */
export const BASE_URL = "https://www.getrevox.com/api"

/** Where orders are placed, listed, read and canceled. */
export const ORDER_PATHS = {
  place: "/call",
  get: (id: string) => `/call/${id}`,
  cancel: (id: string) => `/call/${id}/cancel`
}

/** Fields of an assistant that say where its messages go. */
export const ADDRESS_FIELDS = { calls: "webhook_url" }

const PAGE_SIZE = 100

/** Fails with `InvalidRequest` if key or base URL cannot be used. */
export const makeClient = Effect.fnUntraced(function* (adapter: Adapter, options: RevoxClientOptions) {
  const sender = yield* makeSender(
    {
      id: providerId,
      defaultBaseUrl: BASE_URL,
      authentication: (key) => ({ authorization: `Bearer ${key}` }),
      // Its error body is not documented, and the statuses its SDKs name are those of their generator: no row differs.
      statuses: {},
      secretKeys: adapter.secretKeys
    },
    options
  )
  const { searchPath, pageSize = PAGE_SIZE } = options
  const fault = Check.count(pageSize, ["pageSize"])
  if (fault !== undefined) return yield* sender.fail("configure", new InvalidRequest(fault))
  const searchFault = searchPath === undefined ? undefined : searchPathFault(searchPath)
  if (searchFault !== undefined) return yield* sender.fail("configure", searchFault)
  const search = searchPath === undefined ? undefined : makeSearch(sender, adapter, searchPath, pageSize)

  /** An id is that of an order, never that of an attempt. What cancelling answers is not documented. */
  const orders = orderOperations(sender, adapter, {
    bodyFrom,
    read: orderFrom,
    envelope: "call",
    ...ORDER_PATHS
  })

  /** There is no batch but search: one request for each that it does not give. What is not found is missing. */
  const getMany: CallProvider["getMany"] = Effect.fnUntraced(function* (ids) {
    const found = search === undefined || ids.length < 2 ? [] : yield* search.byIds(ids)
    const known = new Set(found.map(({ id }) => id))
    const single = yield* readSingly(
      orders.get,
      ids.filter((id) => !known.has(id))
    )
    return { ...single, orders: [...found, ...single.orders] }
  })

  /** `GET /auth-status`; retried. Documented to answer `{ authenticated: boolean }`, with 200 for a refused key too. */
  const check: CallProvider["check"] = Effect.flatMap(
    sender.ask("check", { method: "GET", path: "/auth-status" }),
    (answer) => {
      switch (keyVerdict(answer.body)) {
        case "refused":
          return Effect.fail(sender.fail("check", new Unauthorized(notesOf(answer))))
        case "contradicted":
          return Effect.fail(sender.fail("check", unreadable(answer, "authenticated: true")))
        case "accepted":
          return Effect.succeed(providerTimeOf(answer))
      }
    }
  )

  /**
   * `GET /call`; retried. Whether pages begin at 0 or 1 is documented both ways, so both are asked for; a server may
   * answer the same page for both, may refuse 0, and never says where the list ends.
   */
  const readPage = ({ page, statuses, firstIds, otherwise }: Cursor): Effect.Effect<Page<Cursor>, CallError> =>
    sender
      .ask("list", {
        method: "GET",
        path: ORDER_PATHS.place,
        query: [
          ["page", String(page)],
          ["page_size", String(pageSize)],
          ...statusQuery(statuses, options.statusesEncoding ?? "repeat")
        ]
      })
      .pipe(
        Effect.flatMap((answer) => {
          const items = unwrap(answer.body, "calls")
          return Array.isArray(items)
            ? Effect.succeed({ ...readItems(items, adapter), isCached: answer.isCached })
            : Effect.fail(sender.fail("list", unreadable(answer, "a list of calls")))
        }),
        Effect.map(({ items, unreadable: lost, isCached }) => {
          const ids = items.map(({ id }) => id).join("\n")
          const first = firstIds ?? ids
          const next = items.length === 0 ? undefined : { page: page + 1, statuses, firstIds: first }
          // Whether a short page is the whole or all that the server gives, nothing tells.
          const ignoresPage = items.length > 0 && (items.length >= pageSize || page > 1) && ids === first
          return {
            items,
            unreadable: lost,
            isCached,
            next,
            // Where pages begin at 1, page 0 may be empty; where both are the same, page 1 brings nothing new.
            nextIfNothingNew: page === 0 ? { page: 1, statuses } : page === 1 ? next : undefined,
            doubt: ignoresPage ? "the provider answered the first page again" : undefined
          }
        }),
        Effect.catchIf(
          ({ reason }) => otherwise !== undefined && reason._tag === "InvalidRequest",
          () => Effect.succeed<Page<Cursor>>({ ...NO_PAGE, nextIfNothingNew: otherwise })
        )
      )

  const list = ({ status }: ListFilter): Stream.Stream<Listed, CallError> => {
    if (status?.includes("unrecognized") === true) return Stream.fail(sender.fail("list", noSuchFilter()))
    const listed = walkPages<Cursor>({
      first: beginningOf(status),
      read: readPage,
      fail: (reason) => sender.fail("list", reason)
    })
    const statuses = status === undefined ? undefined : wordsOf(status, ORDER_STATUSES)
    const found = search === undefined ? listed : search.list({ statuses }, listed)
    // How statuses are asked for is a guess: a server may ignore them.
    return status === undefined ? found : Stream.filter(found, (fact) => mayHaveStatus(fact, status))
  }

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
 * `webhook_url` of a stored assistant. `PATCH /assistants/{id}` is documented to take it alone; that one assistant is read as
 * `GET /assistants/{id}`, under `assistant`, and that null takes the address away, is concluded from the rest of the API.
 */
const webhooksOf = (sender: Sender) =>
  addressesInFields(sender, {
    fields: ADDRESS_FIELDS,
    path: "/assistants",
    read: (id) => readAgent(sender, "/assistants", id, "assistant")
  })

/** An answer of success means that the key is accepted, unless its body says otherwise. */
const keyVerdict = (body: unknown): "accepted" | "refused" | "contradicted" => {
  const content = unwrap(body, "data")
  if (!isJsonObject(content)) return "accepted"
  const { authenticated } = content
  if (authenticated === false || authenticated === "false") return "refused"
  return authenticated !== true && saysFailure(content) ? "contradicted" : "accepted"
}

interface Cursor {
  readonly page: number
  /** Words to narrow the list by; absent: all. */
  readonly statuses: ReadonlyArray<string> | undefined
  /** The ids of the first page that had any: a server that ignores `page` answers them again. */
  readonly firstIds?: string
  /** Where to begin if this is refused. */
  readonly otherwise?: Cursor
}

/** Page 0, then page 1; and both again without the words of V5, which an older server refuses and none of its orders has. */
const beginningOf = (status: ReadonlyArray<OrderStatus> | undefined): Cursor => {
  const statuses = status === undefined ? undefined : wordsOf(status, ORDER_STATUSES)
  const older = status === undefined ? undefined : wordsOf(status, ORDER_STATUSES_V2)
  const from = (words: Cursor["statuses"], otherwise?: Cursor): Cursor => ({
    page: 0,
    statuses: words,
    otherwise: { page: 1, statuses: words, ...(otherwise === undefined ? {} : { otherwise }) }
  })
  return older?.length === statuses?.length ? from(statuses) : from(statuses, from(older))
}

/** Every word that means one of the statuses. */
const wordsOf = (status: ReadonlyArray<OrderStatus>, known: ReadonlyArray<string>): ReadonlyArray<string> =>
  known.filter((word) => status.some((each) => orderStatusWords(word) === each))

/** Attempts do not tell the status of their order, nor do orders of V0 and V1: theirs is derived, and the server knows better. */
const mayHaveStatus = (fact: Listed, status: ReadonlyArray<OrderStatus>): boolean =>
  fact.kind === "attempt" || fact.claims.status.word === undefined || status.includes(fact.claims.status.value)

/** Words that are not known cannot be asked for. */
const noSuchFilter = () => new Unsupported({ capability: "list filter for unrecognized statuses", field: "status" })

const NO_PAGE = { items: [], unreadable: 0, isCached: false, next: undefined, doubt: undefined } as const

/** Items are documented as attempts and were orders once: each is told by its keys. */
const readItems = (items: ReadonlyArray<unknown>, adapter: Adapter) => {
  const read = items
    .map((item) => readByShape(adapter, unwrap(item, "call")))
    .filter((fact) => fact?.kind === "order" || fact?.kind === "attempt")
  return { items: read, unreadable: items.length - read.length }
}

const statusQuery = (
  words: ReadonlyArray<string> | undefined,
  encoding: "repeat" | "brackets" | "comma"
): ReadonlyArray<readonly [string, string]> => {
  if (words === undefined) return []
  if (encoding === "comma") return [["statuses", words.join(",")]]
  return words.map((word) => [encoding === "brackets" ? "statuses[]" : "statuses", word])
}
