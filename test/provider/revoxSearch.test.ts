/** Search at Revox: used where its path is given and it answers as documented, and in no other case. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Revox from "../../adapters/revox/index.ts"
import { makeRevoxTwin, type RevoxTwinOptions } from "../../adapters/revox/Twin.ts"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import { parsePlaceCall } from "../../src/domain/PlaceCall.ts"
import type { CallProvider, ListFilter } from "../../src/provider/CallProvider.ts"
import { inTime, numberOf, START } from "../../src/testing/liveSite.ts"
import { twinHttpClient } from "../../src/testing/index.ts"
import type { Twin } from "../../src/twin/twin.ts"
import * as Result from "effect/Result"

const BASE_URL = "http://127.0.0.1/api"
const SEARCH = "/call/search"

const optionsOf = (searchPath: string | undefined, pageSize = 3) => ({
  apiKey: Redacted.make("twin-key"),
  baseUrl: BASE_URL,
  pageSize,
  searchPath
})

const providerOver = (client: HttpClient.HttpClient, options = optionsOf(SEARCH)) =>
  Revox.make(options).pipe(Effect.provideService(HttpClient.HttpClient, client))

const clientOf = (twin: Twin) => twinHttpClient([{ twin, baseUrl: BASE_URL }])

const orderTo = (digits: string, reference: string) =>
  Result.getOrThrow(parsePlaceCall({ to: numberOf(digits), agent: { id: "agent-1" }, reference }))

/** Orders placed a second apart, of which every second one is paused. */
const filled = (provider: CallProvider, count: number) =>
  Effect.forEach(
    Array.from({ length: count }, (_, index) => index),
    (index) =>
      Effect.gen(function* () {
        yield* TestClock.adjust("1 second")
        const order = orderTo(index % 2 === 0 ? "62" : "63", `lead-${index}`)
        return (yield* inTime(provider.place(Result.getOrThrow(provider.request(order))))).id
      })
  )

const listOf = (provider: CallProvider, filter: ListFilter = {}) => {
  const found: Array<string> = []
  return inTime(
    Stream.runForEach(provider.list(filter), ({ kind, id }) => Effect.sync(() => found.push(`${kind} ${id}`))).pipe(
      Effect.match({ onFailure: ({ reason }) => ({ found, failure: reason }), onSuccess: () => ({ found }) })
    )
  )
}

const twinWith = (options: RevoxTwinOptions = {}) => makeRevoxTwin({ apiVersion: "V5", searchPath: SEARCH, ...options })

const posts = ({ requests }: Twin): number => requests.filter(({ path }) => path === SEARCH).length

describe("search at Revox", () => {
  it.effect("lists whole orders, whatever page it begins with", () =>
    Effect.gen(function* () {
      for (const pageBase of [0, 1, "either"] as const) {
        yield* TestClock.setTime(START)
        const twin = twinWith({ pageBase })
        const provider = yield* providerOver(clientOf(twin))
        const ids = yield* filled(provider, 8)
        yield* TestClock.adjust("1 minute")
        expect(yield* listOf(provider)).toEqual({ found: ids.toReversed().map((id) => `order ${id}`) })
        expect(yield* listOf(provider, { status: ["queued"] })).toMatchObject({ found: { length: 8 } })
        expect(yield* listOf(provider, { status: ["failed"] })).toEqual({ found: [] })
        expect(twin.requests.filter(({ method, path }) => method === "GET" && path === "/call")).not.toHaveLength(0)
      }
    })
  )

  it.effect("is not asked unless its path is given", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const twin = twinWith({ listItems: "orders" })
      const provider = yield* providerOver(clientOf(twin), optionsOf(undefined))
      const ids = yield* filled(provider, 2)
      expect((yield* listOf(provider)).found).toHaveLength(2)
      expect((yield* inTime(provider.getMany(ids, "whole"))).orders).toHaveLength(2)
      expect(posts(twin)).toBe(0)
    })
  )

  it.effect("reads many orders in one request, and single ones for what it does not give", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const twin = twinWith({ pageBase: 0 })
      const provider = yield* providerOver(clientOf(twin))
      const ids = yield* filled(provider, 3)
      const read = yield* inTime(provider.getMany(ids, "whole"))
      expect(read.orders.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
      expect(twin.requests.filter(({ operation }) => operation === "get")).toEqual([])
      const more = yield* inTime(provider.getMany([...ids, OrderId.make("unknown")], "whole"))
      expect(more.orders).toHaveLength(3)
    })
  )

  it.effect("finds the order of an uncertain placement where the list has attempts", () =>
    Effect.gen(function* () {
      for (const [searchPath, state] of [
        [SEARCH, "accepted"],
        [undefined, "uncertain"]
      ] as const) {
        yield* TestClock.setTime(START)
        const twin = twinWith({ faults: "place:drop/accepted" })
        const calls = VoiceCalls.layer([Revox.make(optionsOf(searchPath))]).pipe(
          Layer.provide(layerMemoryJournal),
          Layer.provide(Layer.succeed(HttpClient.HttpClient)(clientOf(twin)))
        )
        const found = yield* Effect.gen(function* () {
          const { place, reconcile } = yield* VoiceCalls
          expect((yield* inTime(place(orderTo("00", "lead-1")))).state).toBe("uncertain")
          yield* TestClock.adjust("1 hour")
          return yield* inTime(reconcile("lead-1"))
        }).pipe(Effect.provide(calls))
        expect(found.state).toBe(state)
        expect(twin.orders).toHaveLength(1)
      }
    })
  )

  it.effect("that counts more than it gives is not whole", () =>
    Effect.gen(function* () {
      const order = { id: "o-1", status: "paused", call_attempts: [], to_phone_number: numberOf("00") }
      const client = HttpClient.make((request) =>
        Effect.succeed(HttpClientResponse.fromWeb(request, Response.json({ calls: [order], total_count: 2 })))
      )
      const { found, ...rest } = yield* listOf(yield* providerOver(client))
      expect(found).toEqual(["order o-1"])
      expect(rest).toMatchObject({ failure: { _tag: "Incomplete", because: "the provider counts 2 calls" } })
    })
  )

  const order = (id: string, status = "paused") => ({ id, status, call_attempts: [], to_phone_number: numberOf("00") })
  const attempt = { id: "a", phone_number: numberOf("00"), status: "completed", answered_at: null }

  it.effect.each<readonly [about: string, status: number, body: unknown]>([
    ["is not there", 404, {}],
    ["is another method's", 405, {}],
    ["refuses what is asked", 422, {}],
    ["is down", 503, {}],
    ["answers with a page", 200, "<html></html>"],
    ["answers without a number", 200, { calls: [order("o")] }],
    ["counts fewer than it gives", 200, { calls: [order("o"), order("p")], total_count: 1 }],
    ["gives attempts", 200, { calls: [attempt], total_count: 1 }],
    ["gives something else among the orders", 200, { calls: [order("o"), 7], total_count: 2 }],
    ["has nothing", 200, { calls: [], total_count: 0 }],
    ["does not look at the statuses", 200, { calls: [order("o", "completed")], total_count: 1 }]
  ])("that %s is not used", ([, status, body]) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const twin = makeRevoxTwin({ apiVersion: "V5", listItems: "orders" })
      const behind = clientOf(twin)
      const client = HttpClient.make((request, url) =>
        url.pathname.endsWith(SEARCH)
          ? Effect.succeed(HttpClientResponse.fromWeb(request, Response.json(body, { status })))
          : behind.execute(HttpClientRequest.setUrl(request, url.href))
      )
      const provider = yield* providerOver(client)
      const ids = yield* filled(provider, 4)
      yield* TestClock.adjust("1 minute")
      expect(yield* listOf(provider, { status: ["queued"] })).toEqual({
        found: ids.toReversed().map((id) => `order ${id}`)
      })
      expect((yield* inTime(provider.getMany(ids, "whole"))).orders.map(({ id }) => id)).toEqual(ids)
    })
  )

  it.effect("cannot be where orders are placed, or at no path", () =>
    Effect.gen(function* () {
      for (const path of [
        "/call",
        "/CALL",
        "/campaigns",
        "call/search",
        "/call/../call",
        "/call?x=1",
        "//call",
        "/call/",
        ""
      ]) {
        const error = yield* Effect.flip(providerOver(clientOf(twinWith()), optionsOf(path)))
        expect([path, error.operation, error.reason]).toMatchObject([
          path,
          "configure",
          { _tag: "InvalidRequest", field: "searchPath" }
        ])
      }
    })
  )
})
