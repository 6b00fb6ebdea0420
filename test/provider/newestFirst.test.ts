/** Lists whose newest calls come first, at the providers that have one: read to their end, or known not to be whole. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Revox from "../../adapters/revox/index.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import * as Vapi from "../../adapters/vapi/index.ts"

const apiKey = Redacted.make("key-of-the-test")
const baseUrl = "http://127.0.0.1:4017"

interface Call {
  readonly id: string
  readonly createdAt?: string
}

/** Either provider: the parameter to go on from, its records and their envelope. */
const makers = {
  RevRing: {
    open: (pageSize?: number) => RevRing.make({ apiKey, baseUrl, ...(pageSize === undefined ? {} : { pageSize }) }),
    until: "createdTo",
    body: (calls: ReadonlyArray<Call>) => ({ data: calls.map((call) => ({ ...call, status: "COMPLETED" })) })
  },
  Vapi: {
    open: (pageSize?: number) => Vapi.make({ apiKey, baseUrl, ...(pageSize === undefined ? {} : { pageSize }) }),
    until: "createdAtLt",
    body: (calls: ReadonlyArray<Call>) =>
      calls.map((call) => ({
        ...call,
        orgId: "org-1",
        updatedAt: call.createdAt,
        type: "outboundPhoneCall",
        status: "ended"
      }))
  }
}

type Name = keyof typeof makers

const names: ReadonlyArray<Name> = ["RevRing", "Vapi"]

const callAt = (minute: number, id = `call-${minute}`): Call => ({
  id,
  createdAt: `2026-03-02T15:${String(minute).padStart(2, "0")}:00.000Z`
})

/** What a server answers that gives so many calls at most, whatever it was asked for. */
const cutTo =
  (most: number, calls: ReadonlyArray<Call>) =>
  (until: string | null): ReadonlyArray<Call> =>
    calls.filter(({ createdAt = "" }) => until === null || createdAt < until).slice(0, most)

/** The same of a server whose bound includes its own moment. */
const upTo =
  (most: number, calls: ReadonlyArray<Call>) =>
  (until: string | null): ReadonlyArray<Call> =>
    calls.filter(({ createdAt = "" }) => until === null || createdAt <= until).slice(0, most)

const listed = (name: Name, answer: (until: string | null) => ReadonlyArray<Call>, pageSize?: number) =>
  Effect.gen(function* () {
    const { open, until, body } = makers[name]
    const client = HttpClient.make((request, url) =>
      Effect.succeed(HttpClientResponse.fromWeb(request, Response.json(body(answer(url.searchParams.get(until))))))
    )
    const { list } = yield* open(pageSize).pipe(Effect.provideService(HttpClient.HttpClient, client))
    const ids: Array<string> = []
    const result = yield* Effect.result(Stream.runForEach(list({}), ({ id }) => Effect.sync(() => void ids.push(id))))
    return { ids, failure: Result.isFailure(result) ? result.failure.reason : undefined }
  })

const minutes = (...from: ReadonlyArray<number>) => from.map((minute) => callAt(minute))

describe.each(names)("a list of %s", (name) => {
  it.effect("is read to its end where the server gives shorter pages than it was asked for", () =>
    Effect.gen(function* () {
      const { ids, failure } = yield* listed(name, cutTo(2, minutes(9, 8, 7, 6, 5)))
      expect(ids).toEqual(["call-9", "call-8", "call-7", "call-6", "call-5"])
      expect(failure).toBeUndefined()
    })
  )

  it.effect.each([cutTo, upTo])("of one call is whole (%#)", (cut) =>
    Effect.gen(function* () {
      const { ids, failure } = yield* listed(name, cut(50, minutes(9)))
      expect(ids).toEqual(["call-9"])
      expect(failure).toBeUndefined()
    })
  )

  it.effect("of one call that is given whatever is asked for comes to an end", () =>
    Effect.gen(function* () {
      let pages = 0
      const { ids, failure } = yield* listed(name, () => (++pages, minutes(9)))
      expect(ids).toEqual(["call-9"])
      expect(failure).toMatchObject({ _tag: "Incomplete" })
      expect(pages).toBeLessThan(6)
    })
  )

  it.effect("is read to its end where the first page has one call", () =>
    Effect.gen(function* () {
      let pages = 0
      const { ids, failure } = yield* listed(name, (until) => cutTo(pages++ === 0 ? 1 : 3, minutes(9, 8, 7, 6))(until))
      expect(ids).toEqual(["call-9", "call-8", "call-7", "call-6"])
      expect(failure).toBeUndefined()
    })
  )

  it.effect("is whole where the last page holds only calls of one moment", () =>
    Effect.gen(function* () {
      const { ids, failure } = yield* listed(name, cutTo(3, [callAt(9), callAt(8, "a"), callAt(8, "b")]))
      expect(ids).toEqual(["call-9", "a", "b"])
      expect(failure).toBeUndefined()
    })
  )

  it.effect.each<[string, (until: string | null) => ReadonlyArray<Call>]>([
    ["of short pages whose oldest come first", () => minutes(1, 2, 3)],
    ["of short pages that are always the same", () => minutes(3, 2, 1)],
    ["of calls that tell no time", () => [{ id: "a" }, { id: "b" }]],
    [
      "with more calls of one moment than the pages of that server hold",
      cutTo(2, [callAt(9), callAt(8, "a"), callAt(8, "b"), callAt(8, "c"), callAt(7)])
    ],
    [
      "whose first page, shorter than it was asked for, is of one moment",
      cutTo(2, [callAt(8, "a"), callAt(8, "b"), callAt(8, "c"), callAt(7)])
    ],
    ["of which all is of one moment", () => [callAt(8, "a"), callAt(8, "b")]],
    ["given one call at a time", cutTo(1, [callAt(8, "a"), callAt(8, "b"), callAt(7)])],
    ["given one call at a time, up to the moment asked for", upTo(1, [callAt(8, "a"), callAt(8, "b"), callAt(7)])]
  ])("%s says that it may not be whole", ([, answer]) =>
    Effect.gen(function* () {
      expect((yield* listed(name, answer)).failure).toMatchObject({ _tag: "Incomplete" })
    })
  )

  it.effect.each([1, 0, -5, 2.5, Number.NaN, Infinity])("has no pages of %d", (pageSize) =>
    Effect.gen(function* () {
      expect(yield* Effect.result(listed(name, () => [], pageSize))).toMatchObject({
        failure: {
          operation: "configure",
          reason: { _tag: "InvalidRequest", field: "pageSize", expected: expect.stringContaining("2 or more") }
        }
      })
    })
  )
})

it.effect.each([
  [5000, "1000"],
  [1000, "1000"],
  [10, "10"]
] as const)("a list of Vapi in pages of %i is asked for with a limit of %s", ([pageSize, limit]) =>
  Effect.gen(function* () {
    const limits = new Set<string | null>()
    const many = Array.from({ length: 1500 }, (_, index) => callAt(8, `call-${index}`))
    const client = HttpClient.make((request, url) => {
      limits.add(url.searchParams.get("limit"))
      const size = Number(url.searchParams.get("limit"))
      const body = makers.Vapi.body(cutTo(size, many)(url.searchParams.get("createdAtLt")))
      return Effect.succeed(HttpClientResponse.fromWeb(request, Response.json(body)))
    })
    const { list } = yield* makers.Vapi.open(pageSize).pipe(Effect.provideService(HttpClient.HttpClient, client))
    const failure = yield* Effect.flip(Stream.runDrain(list({})))
    expect(failure.reason).toMatchObject({ _tag: "Incomplete", delivered: Number(limit) })
    expect([...limits]).toEqual([limit])
  })
)

it.effect.each([0, -5, 2.5, Number.NaN, Infinity])("a list of Revox has no pages of %d", (pageSize) =>
  Effect.gen(function* () {
    const client = HttpClient.make((request) =>
      Effect.succeed(HttpClientResponse.fromWeb(request, Response.json({ calls: [] })))
    )
    const made = Revox.make({ apiKey, baseUrl, pageSize }).pipe(Effect.provideService(HttpClient.HttpClient, client))
    expect(yield* Effect.result(made)).toMatchObject({
      failure: { operation: "configure", reason: { _tag: "InvalidRequest", field: "pageSize" } }
    })
  })
)
