/** A list that came out of a cache may lack the newest calls: it never counts as whole, and every read asks for a fresh answer. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Revox from "../../adapters/revox/index.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import * as Vapi from "../../adapters/vapi/index.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import { parsePlaceCall } from "../../src/domain/PlaceCall.ts"

const options = { apiKey: Redacted.make("key-of-the-test"), baseUrl: "http://127.0.0.1:4018" }

const createdAt = "2026-03-02T15:00:00.000Z"
const calls = [
  { id: "call-1", status: "completed", call_attempts: [], to_phone_number: "+12025550101", created_at: createdAt }
]

const providers = {
  Revox: { made: Revox.make(options), body: { calls } },
  "Revox by its search": {
    made: Revox.make({ ...options, searchPath: "/call/search" }),
    body: { calls, total_count: 1 }
  },
  RevRing: { made: RevRing.make(options), body: { data: [{ id: "call-1", status: "COMPLETED", createdAt }] } },
  Vapi: {
    made: Vapi.make(options),
    body: [
      { id: "call-1", orgId: "org-1", createdAt, updatedAt: createdAt, type: "outboundPhoneCall", status: "ended" }
    ]
  }
}

const opened = (name: keyof typeof providers, headers: Record<string, string>) => {
  const asked: Array<HttpClientRequest> = []
  const { made, body } = providers[name]
  const client = HttpClient.make((request, url) => {
    asked.push(request)
    const until = url.searchParams.get("createdTo") ?? url.searchParams.get("createdAtLt")
    const isBehind = Number(url.searchParams.get("page")) > 1 || (until !== null && until <= createdAt)
    const none = Array.isArray(body) ? [] : { calls: [], data: [] }
    return Effect.succeed(HttpClientResponse.fromWeb(request, Response.json(isBehind ? none : body, { headers })))
  })
  return Effect.map(made.pipe(Effect.provideService(HttpClient.HttpClient, client)), (provider) => ({
    provider,
    asked
  }))
}

const listed = (name: keyof typeof providers, headers: Record<string, string>) =>
  Effect.gen(function* () {
    const { provider, asked } = yield* opened(name, headers)
    const ids: Array<string> = []
    const result = yield* Effect.result(
      Stream.runForEach(provider.list({}), ({ id }) => Effect.sync(() => void ids.push(id)))
    )
    return { ids, asked, failure: Result.isFailure(result) ? result.failure.reason : undefined }
  })

const names: ReadonlyArray<keyof typeof providers> = ["Revox", "Revox by its search", "RevRing", "Vapi"]

describe.each(names)("a list of %s", (name) => {
  it.effect.each(["1", "86400", " 30 ", "0, 5"])("that is %s seconds old may not be whole", (age) =>
    Effect.gen(function* () {
      const { ids, failure } = yield* listed(name, { age })
      expect(ids).toEqual(["call-1"])
      expect(failure).toMatchObject({ _tag: "Incomplete", because: expect.stringContaining("came out of a cache") })
    })
  )

  it.effect.each([undefined, "0", " 0 "])("whose age is %j is whole", (age) =>
    Effect.gen(function* () {
      expect(yield* listed(name, age === undefined ? {} : { age })).toMatchObject({
        ids: ["call-1"],
        failure: undefined
      })
    })
  )

  it.effect("asks caches on the way for what the provider has now", () =>
    Effect.gen(function* () {
      const { provider, asked } = yield* opened(name, {})
      yield* Effect.ignore(Stream.runDrain(provider.list({})))
      yield* Effect.ignore(provider.get(OrderId.make("call-1")))
      yield* Effect.ignore(provider.check)
      const reads = asked.filter(({ method }) => method === "GET")
      expect(reads.length).toBeGreaterThan(1)
      expect(new Set(reads.map(({ headers }) => headers["cache-control"]))).toEqual(new Set(["no-cache"]))
    })
  )

  it.effect("says nothing of caches where it places", () =>
    Effect.gen(function* () {
      const { provider } = yield* opened(name, {})
      const order = parsePlaceCall({
        to: "+12025550101",
        from: "+12025550100",
        agent: { id: "agent-1" },
        reference: "lead-1",
        providerOptions: name === "Vapi" ? { vapi: { phoneNumberId: "number-1" } } : {}
      })
      const request = Result.getOrThrow(provider.request(Result.getOrThrow(order)))
      expect(Object.keys(request.headers)).not.toContain("cache-control")
    })
  )
})
