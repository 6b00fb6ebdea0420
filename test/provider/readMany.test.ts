/** Reading many orders: one that cannot be read leaves the others alone, and a provider that is down is not stormed. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Revox from "../../adapters/revox/index.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import type { OrdersRead } from "../../src/provider/CallProvider.ts"
import { inTime } from "../../src/testing/liveSite.ts"

const BASE_URL = "http://127.0.0.1:4015"
const apiKey = Redacted.make("key-of-many")

const ids = (count: number): ReadonlyArray<OrderId> =>
  Array.from({ length: count }, (_, index) => OrderId.make(`call-${index}`))

interface Behaviour {
  /** What is answered to a request for these, where it is not the orders. */
  readonly status?: (asked: ReadonlyArray<string>, isBatch: boolean) => number | undefined
  readonly headers?: Record<string, string>
}

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): { readonly ids: ReadonlyArray<string> } =>
  body._tag === "Uint8Array" ? JSON.parse(new TextDecoder().decode(body.body)) : { ids: [] }

/** A provider over a server that answers by a function, and the sizes of what it was asked for. */
const open = Effect.fnUntraced(function* (name: "revox" | "revring", { status, headers = {} }: Behaviour) {
  const asked: Array<number> = []
  const order = (id: string) => ({ id, status: name === "revox" ? "calling" : "ONGOING" })
  const client = HttpClient.make((request, url) =>
    Effect.sync(() => {
      const isBatch = url.pathname.endsWith("/batch-get")
      const wanted = isBatch ? bodyOf(request).ids : [decodeURIComponent(url.pathname.split("/").at(-1) ?? "")]
      asked.push(wanted.length)
      const refused = status?.(wanted, isBatch)
      const body = isBatch
        ? { data: wanted.map(order) }
        : name === "revox"
          ? order(wanted[0] ?? "")
          : { data: order(wanted[0] ?? "") }
      return HttpClientResponse.fromWeb(
        request,
        refused === undefined ? Response.json(body) : new Response("{}", { status: refused, headers })
      )
    })
  )
  const make = name === "revox" ? Revox.make : RevRing.make
  const provider = yield* make({ apiKey, baseUrl: BASE_URL }).pipe(Effect.provideService(HttpClient.HttpClient, client))
  const reading = (wanted: ReadonlyArray<OrderId>) =>
    inTime(Effect.result(provider.getMany(wanted, "state"))) satisfies Effect.Effect<unknown>
  return { asked, reading }
})

const summaryOf = ({ orders, failures }: OrdersRead) => ({
  read: orders.length,
  failed: [...failures].map(([id, { reason }]) => `${id} ${reason._tag}`)
})

const bad =
  (...named: ReadonlyArray<string>) =>
  (status: number) =>
  (asked: ReadonlyArray<string>): number | undefined =>
    asked.some((id) => named.includes(id)) ? status : undefined

const REASONS = [
  [400, "InvalidRequest"],
  [403, "Forbidden"],
  [422, "InvalidRequest"],
  [500, "ProviderUnavailable"],
  [302, "UnreadableResponse"]
] as const

describe("one order that cannot be read", () => {
  it.effect.each(REASONS)("(%i) leaves the others alone", ([status, reason]) =>
    Effect.gen(function* () {
      for (const name of ["revox", "revring"] as const) {
        for (const at of [0, 57, 99]) {
          const { reading } = yield* open(name, { status: bad(`call-${at}`)(status) })
          const read = Result.getOrThrow(yield* reading(ids(100)))
          expect(summaryOf(read)).toEqual({ read: 99, failed: [`call-${at} ${reason}`] })
        }
      }
    })
  )

  it.effect("costs one request more for each of its batch, and none for other batches", () =>
    Effect.gen(function* () {
      const { reading, asked } = yield* open("revring", { status: bad("call-150")(422) })
      const read = Result.getOrThrow(yield* reading(ids(300)))
      expect(summaryOf(read)).toEqual({ read: 299, failed: ["call-150 InvalidRequest"] })
      expect(asked.filter((size) => size === 100)).toHaveLength(3)
      expect(asked.filter((size) => size === 1)).toHaveLength(100)
    })
  )

  it.effect("or several of them: each has its own reason, and what is not found is missing", () =>
    Effect.gen(function* () {
      const own = new Map([
        ["call-1", 422],
        ["call-2", 403],
        ["call-3", 500],
        ["call-4", 404]
      ])
      for (const name of ["revox", "revring"] as const) {
        const { reading } = yield* open(name, {
          status: (asked) => asked.map((id) => own.get(id)).find((status) => status !== undefined)
        })
        const read = summaryOf(Result.getOrThrow(yield* reading(ids(20))))
        expect(read.read).toBe(16)
        expect(read.failed.toSorted()).toEqual([
          "call-1 InvalidRequest",
          "call-2 Forbidden",
          "call-3 ProviderUnavailable"
        ])
      }
    })
  )

  it.effect("by itself is no reason of the whole, which fails with what it is", () =>
    Effect.gen(function* () {
      for (const name of ["revox", "revring"] as const) {
        const { reading } = yield* open(name, { status: () => 422 })
        expect(summaryOf(Result.getOrThrow(yield* reading(ids(2)))).failed).toHaveLength(2)
      }
    })
  )
})

describe("a batch that fails", () => {
  it.effect.each([404, 405, 413, 422, 500, 503])("with %i although single reads work, is read one by one", (status) =>
    Effect.gen(function* () {
      const { reading } = yield* open("revring", { status: (_, isBatch) => (isBatch ? status : undefined) })
      expect(summaryOf(Result.getOrThrow(yield* reading(ids(100))))).toEqual({ read: 100, failed: [] })
    })
  )

  it.effect.each([
    [401, {}, "Unauthorized"],
    [429, { "retry-after": "90" }, "RateLimited"]
  ] as const)("with %i is all that is asked", ([status, headers, reason]) =>
    Effect.gen(function* () {
      const { reading, asked } = yield* open("revring", { status: () => status, headers })
      const result = yield* reading(ids(1000))
      expect(Result.isFailure(result) && result.failure.reason._tag).toBe(reason)
      // Four at a time; what was not under way is not sent.
      expect(asked).toEqual([100, 100, 100, 100])
    })
  )

  it.effect.each([
    [401, {}, "Unauthorized"],
    [429, { "retry-after": "90" }, "RateLimited"]
  ] as const)("gives no storm when its single reads answer %i", ([status, headers, reason]) =>
    Effect.gen(function* () {
      const { reading, asked } = yield* open("revring", {
        status: (_, isBatch) => (isBatch ? 422 : status),
        headers
      })
      const result = yield* reading(ids(100))
      expect(Result.isFailure(result) && result.failure.reason._tag).toBe(reason)
      expect(asked).toEqual([100, 1])
    })
  )

  it.effect("nor where the provider is down: three orders are tried for", () =>
    Effect.gen(function* () {
      for (const [name, batches] of [
        ["revox", 0],
        ["revring", 1]
      ] as const) {
        const { reading, asked } = yield* open(name, { status: () => 500 })
        const result = yield* reading(ids(100))
        expect(Result.isFailure(result) && result.failure.reason._tag).toBe("ProviderUnavailable")
        // Each request is tried four times.
        expect([asked.filter((size) => size > 1).length, asked.filter((size) => size === 1).length]).toEqual([
          4 * batches,
          4 * 3
        ])
      }
    })
  )

  it.effect("in the middle keeps what was read, and does not ask for the rest after too many requests", () =>
    Effect.gen(function* () {
      let left = 40
      const { reading, asked } = yield* open("revox", {
        status: () => (left-- > 0 ? undefined : 429),
        headers: { "retry-after": "90" }
      })
      const { read, failed } = summaryOf(Result.getOrThrow(yield* reading(ids(100))))
      expect([read, failed.length]).toEqual([40, 60])
      expect(failed.every((text) => text.endsWith("RateLimited"))).toBe(true)
      expect(asked.length).toBeLessThanOrEqual(40 + 8)
    })
  )
})
