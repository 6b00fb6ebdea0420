/** The HTTP API of Vapi: authentication, base URL, one function for each endpoint. */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as Stream from "effect/Stream"
import type { OrderFact } from "../../src/domain/Fact.ts"
import { type Instant, instantAt } from "../../src/domain/Instant.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import type { Adapter, Reading } from "../../src/provider/Adapter.ts"
import { type CallError, InvalidRequest } from "../../src/provider/CallError.ts"
import type { CallProvider, ListFilter } from "../../src/provider/CallProvider.ts"
import { providerTimeOf } from "../../src/provider/http/answer.ts"
import type { ClientOptions } from "../../src/provider/http/ClientOptions.ts"
import { orderOperations, orderReader } from "../../src/provider/http/orderOperations.ts"
import { type Listed, type Page, walkPages } from "../../src/provider/http/pages.ts"
import { readSingly } from "../../src/provider/http/readMany.ts"
import { makeSender, unreadable } from "../../src/provider/http/Sender.ts"
import { type CancelBy, makeCancel } from "./Cancel.ts"
import { orderFrom, providerId } from "./Mapping.ts"
import { bodyFrom, type PhoneNumbers } from "./Request.ts"

/** What Vapi can be told beside key, address and limits. */
export interface VapiSettings {
  /** The ids at Vapi of the account's numbers, by number in E.164: an order's `from` is sent as such an id. */
  readonly phoneNumbers?: PhoneNumbers | undefined
  /** How calls may be canceled, since Vapi has no way to cancel one. Without it `cancel` is `Unsupported`. */
  readonly cancelBy?: CancelBy | undefined
  /** Items on a page of a list: 2 to 1000. @default 1000 */
  readonly pageSize?: number | undefined
}

/** How Vapi is reached. The key is a private one: public keys are for browsers. */
export interface VapiClientOptions extends ClientOptions, VapiSettings {}

const BASE_URL = "https://api.vapi.ai"

/** The most that one page may have (typed). */
const LARGEST_PAGE = 1000

/** A page begins with the call that the one before has ended with: there is room for another. */
const SMALLEST_PAGE = 2

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
  const pageSize = Math.min(options.pageSize ?? LARGEST_PAGE, LARGEST_PAGE)
  if (!(Number.isSafeInteger(pageSize) && pageSize >= SMALLEST_PAGE)) {
    const expected = `a whole number, ${SMALLEST_PAGE} or more: a page begins with the call that the one before has ended with`
    return yield* sender.fail("configure", new InvalidRequest({ field: "pageSize", expected }))
  }

  const orders = orderOperations(sender, adapter, {
    bodyFrom: bodyFrom(options.phoneNumbers ?? {}),
    read,
    place: "/call",
    get: (id) => `/call/${id}`
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
  const cancel = makeCancel(sender, cancelBy, senderTo)

  /** `GET /call`; retried. No endpoint is there for checking a key: this is the smallest request that takes no id. */
  const check: CallProvider["check"] = Effect.map(
    sender.ask("check", { method: "GET", path: "/call", query: [["limit", "1"]] }),
    providerTimeOf
  )

  /** `GET /call`; retried. There is no cursor: one goes on from the oldest call so far, which takes the newest to come first. */
  const readPage = (filter: ListFilter, createdTo: Cursor): Effect.Effect<Page<Cursor>, CallError> =>
    sender
      .ask("list", {
        method: "GET",
        path: "/call",
        query: [
          ["limit", String(pageSize)],
          ...named("assistantId", filter.agentId),
          ...named("createdAtGe", filter.createdAfter),
          ...named("createdAtLt", justAfter(createdTo))
        ]
      })
      .pipe(
        Effect.flatMap((answer) => {
          const { body: items } = answer
          if (!Array.isArray(items)) return Effect.fail(sender.fail("list", unreadable(answer, "a list of calls")))
          const calls = items.map(readCall).filter((order) => order !== undefined)
          const isFull = items.length >= pageSize
          return Effect.succeed({
            items: calls,
            unreadable: items.length - calls.length,
            // A page that is not full is the last one.
            next: isFull ? oldestOf(calls) : undefined,
            doubt: isFull ? "a full page brought nothing new" : undefined,
            flaw: flawOf(calls, isFull)
          })
        })
      )

  const list = (filter: ListFilter): Stream.Stream<Listed, CallError> =>
    walkPages<Cursor>({
      first: filter.createdBefore,
      read: (cursor) => readPage(filter, cursor),
      fail: (reason) => sender.fail("list", reason)
    })

  const provider: CallProvider = { ...orders, cancel, getMany: (ids) => readSingly(orders.get, ids), list, check }
  return provider
})

/** The latest moment of creation still wanted; absent at first. */
type Cursor = Instant | undefined

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

const oldestOf = (orders: ReadonlyArray<OrderFact>): Instant | undefined =>
  orders.reduce<Instant | undefined>(
    (oldest, { claims }) =>
      claims.createdAt !== undefined && (oldest === undefined || claims.createdAt < oldest) ? claims.createdAt : oldest,
    undefined
  )

/** The order of the list is not documented. Going on from the oldest call finds the rest only where the newest come first. */
const flawOf = (orders: ReadonlyArray<OrderFact>, isFull: boolean): string | undefined => {
  if (!isFull) return undefined
  const times = orders.map(({ claims }) => claims.createdAt).filter((time) => time !== undefined)
  if (times.length === 0) return "calls without a time of creation: there is no going on"
  return times.every((time, index) => index === 0 || time <= (times[index - 1] ?? time))
    ? undefined
    : "the provider did not list the newest first"
}

/** Calls of that very moment are asked for again: it may be on two pages, and a call twice counts once. */
const justAfter = (moment: Cursor): Instant | undefined =>
  moment === undefined ? undefined : (instantAt(Date.parse(moment) + 1) ?? moment)

const named = (name: string, value: string | undefined): ReadonlyArray<readonly [string, string]> =>
  value === undefined ? [] : [[name, value]]
