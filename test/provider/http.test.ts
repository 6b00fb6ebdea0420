/** HTTP below the adapters: what failures are called, what is tried again and when, and how a list is walked to its end. */
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Revox from "../../adapters/revox/index.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { parsePlaceCall } from "../../src/domain/PlaceCall.ts"
import { CallError, type Operation } from "../../src/provider/CallError.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { answerOf } from "../../src/provider/http/answer.ts"
import { sentIn } from "../../src/provider/http/requestId.ts"
import type { ClientOptions } from "../../src/provider/http/ClientOptions.ts"
import {
  reasonNameOf,
  reasonOfAnswer,
  reasonOfTransport,
  refuses,
  type StatusReason
} from "../../src/provider/http/reason.ts"
import { retryAfterSeconds } from "../../src/provider/http/httpTime.ts"
import { makeSender, type Sender } from "../../src/provider/http/Sender.ts"
import { makeRevRingTwin } from "../../adapters/revring/Twin.ts"
import { twinHttpClient } from "../../src/testing/index.ts"

const START = Date.parse("2026-03-02T15:00:00.000Z")
const NOTHING_SENT = sentIn(undefined)
const BASE_URL = "http://127.0.0.1:4014"
const apiKey = Redacted.make("key-of-http")

describe("a status", () => {
  const rows: ReadonlyArray<readonly [number, StatusReason]> = [
    [300, "UnreadableResponse"],
    [302, "UnreadableResponse"],
    [304, "UnreadableResponse"],
    [308, "UnreadableResponse"],
    [400, "InvalidRequest"],
    [401, "Unauthorized"],
    [402, "Forbidden"],
    [403, "Forbidden"],
    [404, "NotFound"],
    [405, "InvalidRequest"],
    [408, "TimedOut"],
    [409, "InvalidRequest"],
    [410, "NotFound"],
    [413, "InvalidRequest"],
    [415, "InvalidRequest"],
    [418, "InvalidRequest"],
    [422, "InvalidRequest"],
    [425, "RateLimited"],
    [429, "RateLimited"],
    [451, "InvalidRequest"],
    [499, "InvalidRequest"],
    [500, "ProviderUnavailable"],
    [501, "ProviderUnavailable"],
    [502, "ProviderUnavailable"],
    [503, "ProviderUnavailable"],
    [504, "ProviderUnavailable"],
    [520, "ProviderUnavailable"],
    [529, "ProviderUnavailable"],
    [599, "ProviderUnavailable"]
  ]

  it.each(rows)("%i is %s", (status, reason) => {
    expect(reasonNameOf(status, "get", {})).toBe(reason)
    expect(reasonOfAnswer(answerOf(status, {}, "", START, NOTHING_SENT), "get", {})).toMatchObject({
      _tag: reason,
      status
    })
  })

  it.each([402, 403])("%i is not blamed on the key alone", (status) => {
    const reason = reasonOfAnswer(answerOf(status, {}, "", START, NOTHING_SENT), "place", {})
    const { message } = new CallError({ provider: ProviderId.make("any"), operation: "place", reason })
    expect(message).toBe(`any: place: the provider refused: no permission, or no credit (HTTP ${status})`)
  })

  it("means what the provider's own row says, for its operation alone", () => {
    const own = { place: { 429: "AtCapacity", 418: "Forbidden" } } as const
    const operations: ReadonlyArray<Operation> = ["place", "get"]
    expect(operations.map((operation) => reasonNameOf(429, operation, own))).toEqual(["AtCapacity", "RateLimited"])
    expect(operations.map((operation) => reasonNameOf(418, operation, own))).toEqual(["Forbidden", "InvalidRequest"])
    expect(reasonNameOf(404, "place", own)).toBe("NotFound")
  })

  it("refuses a placement for certain in nine cases only", () => {
    const statuses = Array.from({ length: 600 }, (_, status) => status)
    expect(statuses.filter((status) => refuses(status))).toEqual([400, 401, 403, 404, 405, 413, 415, 422, 429])
  })
})

describe("when to ask again", () => {
  it.each([
    [{ "retry-after": "7" }, 7],
    [{ "retry-after": " 7 " }, 7],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "1.5" }, 1.5],
    [{ "retry-after": "Mon, 02 Mar 2026 15:00:30 GMT" }, 30],
    [{ "retry-after": "Mon, 02 Mar 2026 14:00:00 GMT" }, 0],
    [{ "retry-after": "Tue, 02 Mar 2027 15:00:00 GMT" }, 86_400],
    [{ "retry-after": "999999999" }, 86_400],
    [{ "retry-after-ms": "250" }, 0.25],
    [{ "retry-after-ms": "250", "retry-after": "7" }, 0.25],
    [{ "retry-after-ms": "soon", "retry-after": "7" }, 7],
    [{ "retry-after": "-7" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "" }, undefined],
    [{ "retry-after": "2026-03-02T15:00:30Z" }, undefined],
    [{ "retry-after": "Mon, 99 Foo 2026" }, undefined],
    [{}, undefined]
  ])("%o is %s seconds", (headers, seconds) => {
    expect(retryAfterSeconds(headers, START)).toBe(seconds)
  })

  it("is told with the failures that it belongs to, not with success", () => {
    const waiting = { "retry-after": "7" }
    const kept = [408, 425, 429, 500, 503].map((status) =>
      reasonOfAnswer(answerOf(status, waiting, "", START, NOTHING_SENT), "get", {})
    )
    for (const reason of kept) expect(reason).toMatchObject({ retryAfter: 7 })
    expect(answerOf(200, waiting, "", START, NOTHING_SENT).retryAfter).toBeUndefined()
  })
})

const coded = (message: string, fields: object): Error => Object.assign(new Error(message), fields)

const request = HttpClientRequest.get(`${BASE_URL}/call`)

const lost = (cause: unknown) =>
  new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })

/** As `fetch` fails on Node. */
const fetchFailed = (cause: unknown): TypeError => new TypeError("fetch failed", { cause })

const refused = (address: string) =>
  coded(`connect ECONNREFUSED ${address}:443`, { code: "ECONNREFUSED", syscall: "connect", errno: -111, address })

describe("a request without an answer", () => {
  const errors: ReadonlyArray<
    readonly [about: string, cause: unknown, sent: "no" | "maybe", code: string | undefined]
  > = [
    ["a port that nobody listens on", fetchFailed(refused("127.0.0.1")), "no", "ECONNREFUSED"],
    [
      "a name that nobody knows",
      fetchFailed(coded("getaddrinfo ENOTFOUND api.example.invalid", { code: "ENOTFOUND", syscall: "getaddrinfo" })),
      "no",
      "ENOTFOUND"
    ],
    [
      "a resolver that is away",
      fetchFailed(coded("getaddrinfo EAI_AGAIN api.example.invalid", { code: "EAI_AGAIN", syscall: "getaddrinfo" })),
      "no",
      "EAI_AGAIN"
    ],
    [
      "several addresses that refuse",
      fetchFailed(Object.assign(new AggregateError([refused("::1"), refused("127.0.0.1")]), { code: "ECONNREFUSED" })),
      "no",
      "ECONNREFUSED"
    ],
    [
      "several addresses of which one was connected",
      fetchFailed(
        Object.assign(
          new AggregateError([refused("::1"), coded("read ECONNRESET", { code: "ECONNRESET", syscall: "read" })]),
          { code: "ECONNRESET" }
        )
      ),
      "maybe",
      "ECONNRESET"
    ],
    ["several addresses without any error", fetchFailed(new AggregateError([])), "maybe", undefined],
    [
      "a connection that takes too long",
      fetchFailed(coded("connect ETIMEDOUT 192.0.2.1:443", { code: "ETIMEDOUT", syscall: "connect" })),
      "no",
      "ETIMEDOUT"
    ],
    [
      "an answer that takes too long",
      fetchFailed(coded("read ETIMEDOUT", { code: "ETIMEDOUT", syscall: "read" })),
      "maybe",
      "ETIMEDOUT"
    ],
    [
      "no way to the host",
      fetchFailed(coded("connect EHOSTUNREACH 192.0.2.1:443", { code: "EHOSTUNREACH", syscall: "connect" })),
      "no",
      "EHOSTUNREACH"
    ],
    [
      "a connection that is reset",
      fetchFailed(coded("read ECONNRESET", { code: "ECONNRESET", syscall: "read" })),
      "maybe",
      "ECONNRESET"
    ],
    ["a pipe that is broken", fetchFailed(coded("write EPIPE", { code: "EPIPE", syscall: "write" })), "maybe", "EPIPE"],
    ["a reset that says no more", fetchFailed(coded("socket hang up", { code: "ECONNRESET" })), "maybe", "ECONNRESET"],
    [
      "a server that closes",
      fetchFailed(coded("other side closed", { name: "SocketError", code: "UND_ERR_SOCKET" })),
      "maybe",
      "UND_ERR_SOCKET"
    ],
    [
      "a connection that undici gives up",
      fetchFailed(coded("Connect Timeout Error", { name: "ConnectTimeoutError", code: "UND_ERR_CONNECT_TIMEOUT" })),
      "no",
      "UND_ERR_CONNECT_TIMEOUT"
    ],
    [
      "headers that undici gives up",
      fetchFailed(coded("Headers Timeout Error", { code: "UND_ERR_HEADERS_TIMEOUT" })),
      "maybe",
      "UND_ERR_HEADERS_TIMEOUT"
    ],
    [
      "an expired certificate",
      fetchFailed(coded("certificate has expired", { code: "CERT_HAS_EXPIRED" })),
      "no",
      "CERT_HAS_EXPIRED"
    ],
    [
      "a certificate of another name",
      fetchFailed(coded("Hostname/IP does not match", { code: "ERR_TLS_CERT_ALTNAME_INVALID" })),
      "no",
      "ERR_TLS_CERT_ALTNAME_INVALID"
    ],
    [
      "a certificate that signs itself",
      fetchFailed(coded("self-signed certificate", { code: "DEPTH_ZERO_SELF_SIGNED_CERT" })),
      "no",
      "DEPTH_ZERO_SELF_SIGNED_CERT"
    ],
    [
      "a certificate of nobody known",
      fetchFailed(coded("unable to verify the first certificate", { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" })),
      "no",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
    ],
    [
      "an alert of TLS, which may come after the request",
      fetchFailed(coded("write EPROTO ssl3_read_bytes", { code: "EPROTO", syscall: "write" })),
      "maybe",
      "EPROTO"
    ],
    ["an error without a code", fetchFailed(new Error("something")), "maybe", undefined],
    ["a code that is no code", fetchFailed(coded("secret", { code: "the key was abc" })), "maybe", undefined],
    ["no error at all", "fetch failed", "maybe", undefined],
    ["nothing", undefined, "maybe", undefined]
  ]

  it.each(errors)("for %s", (_, cause, sent, code) => {
    const reason = reasonOfTransport(lost(cause))
    expect({ tag: reason._tag, sent: reason.sent, code: reason.code }).toEqual({ tag: "NetworkError", sent, code })
  })

  it("for an address that is none, or a body that cannot be written", () => {
    for (const reason of [
      new HttpClientError.InvalidUrlError({ request, cause: new TypeError("Invalid URL") }),
      new HttpClientError.EncodeError({ request, cause: new TypeError("circular") })
    ]) {
      expect(reasonOfTransport(new HttpClientError.HttpClientError({ reason }))).toMatchObject({ sent: "no" })
    }
  })

  it("for an answer that breaks off, whatever its cause looks like", () => {
    const response = HttpClientResponse.fromWeb(request, new Response("{"))
    const reason = new HttpClientError.DecodeError({ request, response, cause: fetchFailed(refused("127.0.0.1")) })
    expect(reasonOfTransport(new HttpClientError.HttpClientError({ reason }))).toMatchObject({ sent: "maybe" })
  })

  it("with an endless row of causes", () => {
    const cause: { cause?: unknown } = {}
    cause.cause = cause
    expect(reasonOfTransport(lost(cause))).toMatchObject({ sent: "maybe" })
  })
})

describe("the body of a failure", () => {
  const reasonFor = (text: string, fields: ReadonlyArray<string> = []) =>
    reasonOfAnswer(answerOf(422, { "x-request-id": "req-1" }, text, START, { fields, numbers: [] }), "place", {})

  const bodyOf = (text: string): unknown => {
    const reason = reasonFor(text)
    if (!("body" in reason) || reason.body === undefined) return undefined
    return Redacted.value(reason.body)
  }

  it.each([
    ['{"message":"no such agent"}', { message: "no such agent" }],
    ["[1]", [1]],
    ["plain words", "plain words"],
    ["<html><h1>Bad Gateway</h1></html>", "<html><h1>Bad Gateway</h1></html>"],
    ['{"message":', '{"message":'],
    ["", undefined]
  ])("%s is kept as it can be read", (text, expected) => {
    expect(bodyOf(text)).toEqual(expected)
  })

  it("is cut where it is long", () => {
    expect(String(bodyOf("x".repeat(100_000))).length).toBeLessThan(20_000)
  })

  it("loses its secrets", () => {
    expect(JSON.stringify(bodyOf('{"api_key":"hush-hush","message":"m"}'))).not.toContain("hush-hush")
  })

  it("is shown by nothing", () => {
    const reason = reasonFor('{"message":"+12025550101 is busy"}')
    expect(`${String(reason)} ${JSON.stringify(reason)}`).not.toContain("2025550101")
    expect(reason).toMatchObject({ requestId: "req-1", status: 422 })
  })

  it("tells which fields of the request it mentions, whole names only", () => {
    const sent = ["phone_number", "assistant_id", "metadata"]
    expect(reasonFor('{"loc":["body","phone_number"],"msg":"metadata.x"}', sent)).toMatchObject({
      fields: ["phone_number", "metadata"]
    })
    expect(reasonFor("the from_phone_number", sent)).not.toHaveProperty("fields")
    expect(reasonFor("my-metadata", sent)).not.toHaveProperty("fields")
  })

  it("does not bring a request id that could be anything", () => {
    const notes = (id: string) =>
      reasonOfAnswer(answerOf(500, { "x-request-id": id }, "", START, NOTHING_SENT), "get", {})
    expect(notes("a b <script>")).not.toHaveProperty("requestId")
    expect(notes("x".repeat(200))).not.toHaveProperty("requestId")
  })

  describe("a request id", () => {
    const body = { phone_number: "+1 (202) 555-0101", note: "at 10:00 sharp", assistant_id: "a-1" }
    const errorFor = (id: string, sent: { readonly [key: string]: unknown } | undefined = body) => {
      const reason = reasonOfAnswer(answerOf(500, { "x-request-id": id }, "", START, sentIn(sent)), "place", {})
      return new CallError({ operation: "place", reason })
    }

    it.each([
      "req-1",
      "req_7f3a9c",
      "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
      "7d0a1b2c3d4e5f60-CDG",
      "Root=1-67b8c9d0-0a1b2c3d4e5f60718293a4b5",
      "a1b2c3d4e5f60718293a4b5c6d7e8f90",
      "2026-11-x9"
    ])("%s is told", (id) => {
      expect(errorFor(id).message).toContain(id)
    })

    it.each([
      "+12025550101",
      "12025550101",
      "req-2025550101-x",
      "202-555-0101",
      "call:+1.202.555.0101",
      "req_5550101",
      "1700000000123",
      "12025550-101a-4bcd-8ef0-abcdefabcdef",
      "a1b2c3d4e5f62025550101aa"
    ])("%s may hold a number and is not", (id) => {
      const error = errorFor(id)
      expect(`${error.message} ${JSON.stringify(error)} ${String(error)}`).not.toContain(id)
      expect(error.reason).toMatchObject({ status: 500 })
    })

    it("may not hold a number of the query either", () => {
      const id = "a1b2c3d4e5f6a5550101aa"
      const answerTo = (query: string) =>
        answerOf(500, { "x-request-id": id }, "", START, sentIn(undefined, `${BASE_URL}/call?${query}`))
      expect(answerTo("").requestId).toBe(id)
      expect(answerTo("to=%2B12025550101").requestId).toBeUndefined()
    })

    it("is told by the next header that is safe", () => {
      const headers = { "x-request-id": "+12025550101", "cf-ray": "7d0a1b2c3d4e5f60-CDG" }
      expect(answerOf(500, headers, "", START, NOTHING_SENT).requestId).toBe("7d0a1b2c3d4e5f60-CDG")
    })
  })

  it("names fields whatever signs stand in their names", () => {
    expect(reasonFor('{"a(b":1}', ["a(b", "x["])).toMatchObject({ fields: ["a(b"] })
  })
})

interface Asked {
  /** Milliseconds since the start. */
  readonly at: number
  readonly method: string
  readonly url: URL
  readonly headers: { readonly [name: string]: string | undefined }
}

type Reply = { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown }

/** A server that answers by a function, and what it was asked. */
const server = (reply: (asked: Asked, count: number) => Reply | HttpClientError.HttpClientError | "never") => {
  const asked: Array<Asked> = []
  let most = 0
  let open = 0
  const client = HttpClient.make((request, url) =>
    Effect.gen(function* () {
      const at = yield* TestClock.testClockWith((clock) => Effect.sync(() => clock.currentTimeMillisUnsafe() - START))
      const one: Asked = { at, method: request.method, url, headers: { ...request.headers } }
      asked.push(one)
      open += 1
      most = Math.max(most, open)
      const answer = reply(one, asked.length)
      if (answer === "never") return yield* Effect.never
      yield* Effect.yieldNow
      if (answer instanceof HttpClientError.HttpClientError) return yield* Effect.fail(answer)
      const { status = 200, headers = {}, body = {} } = answer
      return HttpClientResponse.fromWeb(
        request,
        new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers })
      )
    }).pipe(Effect.ensuring(Effect.sync(() => (open -= 1))))
  )
  return { client, asked, most: () => most }
}

const turn = Effect.promise(() => new Promise<void>((resolve) => setTimeout(resolve, 0)))

/** Runs it in time that passes in steps; what is done during a step bears its own time. */
const inSteps = <A, E, R>(effect: Effect.Effect<A, E, R>, millis = 25): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    yield* TestClock.setTime(START)
    const fiber = yield* Effect.forkChild(effect)
    for (let count = 0; count < 10_000 && fiber.pollUnsafe() === undefined; count++) {
      yield* turn
      if (fiber.pollUnsafe() === undefined) yield* TestClock.adjust(Duration.millis(millis))
    }
    return yield* Fiber.join(fiber)
  })

const senderTo = (client: HttpClient.HttpClient, options: Partial<ClientOptions> = {}) =>
  makeSender(
    {
      id: ProviderId.make("any"),
      defaultBaseUrl: BASE_URL,
      authentication: (key) => ({ "x-key": key }),
      statuses: {}
    },
    { apiKey, ...options }
  ).pipe(Effect.provideService(HttpClient.HttpClient, client))

const GET = { method: "GET", path: "/call" } as const
const POST = { method: "POST", path: "/call", body: { to: "someone" } } as const

const placing = (sender: Sender, request: Parameters<Sender["request"]>[0] = POST) =>
  sender.place(Result.getOrThrow(sender.request(request)))

const gapsOf = (asked: ReadonlyArray<Asked>): ReadonlyArray<number> =>
  asked.slice(1).map(({ at }, index) => at - (asked[index]?.at ?? 0))

const STEP = 25

const asking = (reply: Parameters<typeof server>[0], options: Partial<ClientOptions> = {}) =>
  Effect.gen(function* () {
    const { client, asked } = server(reply)
    const sender = yield* senderTo(client, options)
    const result = yield* inSteps(Effect.result(sender.ask("get", GET)), STEP)
    const reason = Result.isFailure(result) ? result.failure.reason : undefined
    return { asked, result, reason, gaps: gapsOf(asked) }
  })

describe("a read", () => {
  it.effect("is tried four times, with longer and longer pauses", () =>
    Effect.gen(function* () {
      const { asked, reason, gaps } = yield* asking(() => ({ status: 503 }))
      expect(asked).toHaveLength(4)
      expect(reason?._tag).toBe("ProviderUnavailable")
      for (const [index, longest] of [500, 1000, 2000].entries()) {
        expect(gaps[index]).toBeGreaterThanOrEqual(longest * 0.75)
        expect(gaps[index]).toBeLessThanOrEqual(longest + STEP)
      }
    })
  )

  it.effect("pauses no longer than the cap", () =>
    Effect.gen(function* () {
      const retry = { tries: 6, base: "1 second", cap: "2 seconds" } as const
      const { gaps } = yield* asking(() => ({ status: 503 }), { retry })
      expect(gaps).toHaveLength(5)
      for (const gap of gaps.slice(1)) expect(gap).toBeLessThanOrEqual(2000 + STEP)
    })
  )

  it.effect("is not tried again where that would take too long in all", () =>
    Effect.gen(function* () {
      const { asked } = yield* asking(() => ({ status: 503 }), { retry: { total: "1600 millis" } })
      expect(asked).toHaveLength(3)
    })
  )

  it.effect("is not tried again where the first try has taken all the time", () =>
    Effect.gen(function* () {
      const { asked } = yield* asking(() => "never", {
        timeouts: { read: "2 seconds" },
        retry: { total: "2200 millis" }
      })
      expect(asked).toHaveLength(1)
    })
  )

  it.effect("is tried once where that is wanted", () =>
    Effect.gen(function* () {
      expect((yield* asking(() => ({ status: 503 }), { retry: { tries: 1 } })).asked).toHaveLength(1)
    })
  )

  it.effect("ends with the first success", () =>
    Effect.gen(function* () {
      const { asked, result } = yield* asking((_, count) => (count < 3 ? { status: 500 } : { body: { id: 1 } }))
      expect(asked).toHaveLength(3)
      expect(Result.getOrThrow(result).body).toEqual({ id: 1 })
    })
  )

  it.effect("is tried again after what may pass, and after nothing else", () =>
    Effect.gen(function* () {
      for (const status of [408, 425, 429, 500, 502, 503, 504]) {
        expect([status, (yield* asking(() => ({ status }))).asked.length]).toEqual([status, 4])
      }
      for (const status of [302, 400, 401, 402, 403, 404, 405, 409, 410, 413, 422]) {
        expect([status, (yield* asking(() => ({ status }))).asked.length]).toEqual([status, 1])
      }
      const { asked, reason } = yield* asking(() => lost(fetchFailed(refused("127.0.0.1"))))
      expect([asked.length, reason?._tag]).toEqual([4, "NetworkError"])
    })
  )

  it.effect("waits as long as it is told to", () =>
    Effect.gen(function* () {
      const headers = [
        [{ "retry-after": "3" }, 3000],
        [{ "retry-after-ms": "1500" }, 1500],
        [{ "retry-after": "Mon, 02 Mar 2026 15:00:10 GMT" }, 10_000]
      ] as const
      for (const [header, wait] of headers) {
        const { gaps } = yield* asking((_, count) => (count === 1 ? { status: 429, headers: header } : {}))
        expect(gaps).toHaveLength(1)
        expect(gaps[0]).toBeGreaterThanOrEqual(wait)
        expect(gaps[0]).toBeLessThanOrEqual(wait + 250 + STEP)
      }
    })
  )

  it.effect("is given up at once where it is told to wait too long", () =>
    Effect.gen(function* () {
      const { asked, reason } = yield* asking(() => ({ status: 429, headers: { "retry-after": "120" } }))
      expect(asked).toHaveLength(1)
      expect(reason).toMatchObject({ _tag: "RateLimited", retryAfter: 120 })
    })
  )

  it.effect("does what the server says of trying again", () =>
    Effect.gen(function* () {
      const saying = (status: number, again: string) =>
        Effect.map(
          asking(() => ({ status, headers: { "x-should-retry": again } })),
          ({ asked }) => asked.length
        )
      expect(yield* saying(503, "false")).toBe(1)
      expect(yield* saying(409, "true")).toBe(4)
      expect(yield* saying(503, "perhaps")).toBe(4)
    })
  )

  it.effect("has its time for each try, then is tried again", () =>
    Effect.gen(function* () {
      const { asked, reason, gaps } = yield* asking(() => "never", {
        timeouts: { read: "2 seconds" },
        retry: { tries: 3 }
      })
      expect(asked).toHaveLength(3)
      expect(reason).toMatchObject({ _tag: "TimedOut", afterSeconds: 2 })
      for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(2375)
    })
  )

  it.effect("carries the key, and no request to close the connection", () =>
    Effect.gen(function* () {
      const { asked } = yield* asking(() => ({}))
      expect(asked[0]?.headers).toMatchObject({ "x-key": "key-of-http", accept: "application/json" })
      expect(asked[0]?.headers).not.toHaveProperty("connection")
    })
  )
})

describe("a placement", () => {
  const replies: ReadonlyArray<
    readonly [about: string, reply: ReturnType<Parameters<typeof server>[0]>, reason: string]
  > = [
    ["429 with Retry-After", { status: 429, headers: { "retry-after": "1" } }, "RateLimited"],
    [
      "a server that asks for another try",
      { status: 503, headers: { "x-should-retry": "true" } },
      "PlacementUncertain"
    ],
    ["500", { status: 500 }, "PlacementUncertain"],
    ["408", { status: 408 }, "PlacementUncertain"],
    ["409", { status: 409 }, "PlacementUncertain"],
    ["a redirection", { status: 307, headers: { location: `${BASE_URL}/elsewhere` } }, "PlacementUncertain"],
    ["422", { status: 422 }, "InvalidRequest"],
    ["a port that nobody listens on", lost(fetchFailed(refused("127.0.0.1"))), "NetworkError"],
    [
      "a connection that is reset",
      lost(fetchFailed(coded("read", { code: "ECONNRESET", syscall: "read" }))),
      "PlacementUncertain"
    ],
    ["silence", "never", "PlacementUncertain"]
  ]

  it.effect.each(replies)("is sent once, for %s", ([, reply, expected]) =>
    Effect.gen(function* () {
      const { client, asked } = server(() => reply)
      const sender = yield* senderTo(client, { timeouts: { place: "5 seconds" }, retry: { tries: 9 } })
      const error = yield* inSteps(Effect.flip(placing(sender)), 100)
      yield* TestClock.adjust("10 minutes")
      expect(asked).toHaveLength(1)
      expect(error.reason._tag).toBe(expected)
      expect(asked[0]?.headers["connection"]).toBe("close")
    })
  )

  it.effect("goes through the client of its own, and reads do not", () =>
    Effect.gen(function* () {
      const ordinary = server(() => ({}))
      const own = server(() => ({}))
      const sender = yield* senderTo(ordinary.client, { placeClient: own.client })
      yield* inSteps(placing(sender))
      yield* inSteps(sender.ask("get", GET))
      expect([own.asked.length, ordinary.asked.length]).toEqual([1, 1])
    })
  )

  it.effect("goes through the hook, as reads do", () =>
    Effect.gen(function* () {
      const { client, asked } = server(() => ({}))
      const transformClient = HttpClient.mapRequest(HttpClientRequest.setHeader("x-proxy", "1"))
      const sender = yield* senderTo(client, { transformClient })
      yield* inSteps(placing(sender))
      yield* inSteps(sender.ask("get", GET))
      expect(asked.map(({ headers }) => headers["x-proxy"])).toEqual(["1", "1"])
    })
  )
})

describe("limits of the client", () => {
  it.effect("no more requests at a time than the cap", () =>
    Effect.gen(function* () {
      for (const [maxConcurrency, most] of [
        [3, 3],
        [undefined, 12]
      ] as const) {
        const { client, asked, most: seen } = server(() => ({}))
        const sender = yield* senderTo(client, { maxConcurrency })
        const all = Effect.forEach(Array.from({ length: 12 }), () => sender.ask("get", GET), {
          concurrency: "unbounded"
        })
        yield* inSteps(all)
        expect([asked.length, seen()]).toEqual([12, most])
      }
    })
  )

  it.effect("no more requests in a window than the limit", () =>
    Effect.gen(function* () {
      const { client, asked } = server(() => ({}))
      const sender = yield* senderTo(client, { rateLimit: { limit: 2, window: "1 second" } })
      const all = Effect.forEach(Array.from({ length: 8 }), () => sender.ask("get", GET), { concurrency: "unbounded" })
      yield* inSteps(all)
      expect(asked).toHaveLength(8)
      expect(asked.filter(({ at }) => at === 0)).toHaveLength(2)
      for (const { at } of asked.slice(2)) {
        // A bucket that fills evenly lets through what it holds and what flows in meanwhile, never twice the limit.
        expect(asked.filter((each) => each.at > at - 1000 && each.at <= at).length).toBeLessThanOrEqual(3)
      }
      expect(asked.at(-1)?.at).toBeGreaterThanOrEqual(3000)
      expect(asked.at(-1)?.at).toBeLessThanOrEqual(4000)
    })
  )

  it.effect("a placement that gets no turn in time is not sent later, when others may have given it up", () =>
    Effect.gen(function* () {
      const { client, asked } = server(() => ({}))
      const sender = yield* senderTo(client, { rateLimit: { limit: 1, window: "1 minute" } })
      const place = Effect.result(placing(sender, { ...POST, body: {} }))
      const results = yield* inSteps(
        Effect.forEach(Array.from({ length: 12 }), () => place, { concurrency: "unbounded" }),
        1000
      )
      const refused = results.flatMap((result) => (Result.isFailure(result) ? [result.failure.reason._tag] : []))
      expect(new Set(refused)).toEqual(new Set(["RateLimited"]))
      expect(asked.length + refused.length).toBe(12)
      expect(asked.length).toBeGreaterThan(1)
      const before = asked.length
      yield* TestClock.adjust("1 hour")
      expect(asked).toHaveLength(before)
      for (const { at } of asked) expect(at).toBeLessThanOrEqual(300_000)
    })
  )

  it.effect("nor is one whose turn comes after the machine has slept", () =>
    Effect.gen(function* () {
      const { client, asked } = server(() => ({}))
      const sender = yield* senderTo(client, { rateLimit: { limit: 1, window: "1 minute" } })
      const clock = yield* Clock.Clock
      let slept = 0
      const waking = {
        ...clock,
        sleep: clock.sleep,
        currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + slept
      }
      const place = Effect.result(placing(sender, { ...POST, body: {} })).pipe(
        Effect.provideService(Clock.Clock, waking)
      )
      yield* place
      const second = yield* Effect.forkChild(place)
      yield* TestClock.adjust("1 second")
      slept = 3_600_000
      yield* TestClock.adjust("10 minutes")
      const result = yield* Fiber.join(second)
      expect(Result.isFailure(result) && result.failure.reason._tag).toBe("RateLimited")
      expect(asked).toHaveLength(1)
    })
  )

  it.effect("a try that is repeated takes its turn again", () =>
    Effect.gen(function* () {
      const { client, asked } = server((_, count) => (count <= 2 ? { status: 503 } : {}))
      const sender = yield* senderTo(client, { maxConcurrency: 1 })
      const all = Effect.all([sender.ask("get", GET), sender.ask("check", { method: "GET", path: "/other" })], {
        concurrency: "unbounded"
      })
      yield* inSteps(all)
      // While the first waits to be tried again, the second has its turn.
      expect(asked.slice(0, 2).map(({ url }) => url.pathname)).toEqual(["/call", "/other"])
      expect(asked).toHaveLength(4)
    })
  )
})

type Listing = { readonly ids: ReadonlyArray<string>; readonly failure: CallError | undefined }

const listingOf = (provider: CallProvider): Effect.Effect<Listing> => {
  const ids: Array<string> = []
  return inSteps(
    Stream.runForEach(provider.list({}), ({ id }) => Effect.sync(() => ids.push(id))).pipe(
      Effect.match({ onFailure: (failure) => ({ ids, failure }), onSuccess: () => ({ ids, failure: undefined }) })
    )
  )
}

const attemptItem = { id: "attempt", status: "completed", phone_number: "+12025550101", answered_at: null }
const orderItem = (id: string) => ({ id, status: "completed", call_attempts: [], to_phone_number: "+12025550101" })

const names = (from: number, to: number): ReadonlyArray<string> =>
  Array.from({ length: to - from + 1 }, (_, index) => `order-${from + index}`)

/** Lists at Revox by what the server answers for a page of a size. */
const revoxList = (page: (page: number, size: number) => ReadonlyArray<unknown> | number, pageSize = 4) =>
  Effect.gen(function* () {
    const { client, asked } = server(({ url }) => {
      const items = page(Number(url.searchParams.get("page")), Number(url.searchParams.get("page_size")))
      return typeof items === "number" ? { status: items } : { body: { calls: items } }
    })
    const provider = yield* Revox.make({ apiKey, baseUrl: BASE_URL, pageSize }).pipe(
      Effect.provideService(HttpClient.HttpClient, client)
    )
    const listing = yield* listingOf(provider)
    return { ...listing, pages: asked.map(({ url }) => Number(url.searchParams.get("page"))) }
  })

const TEN = names(1, 10)

const cutBy =
  (base: number, size?: number) =>
  (page: number, asked: number): ReadonlyArray<unknown> => {
    const length = size ?? asked
    const from = Math.max(page - base, 0) * length
    return page < base ? [] : TEN.slice(from, from + length).map(orderItem)
  }

describe("a list of Revox", () => {
  const whole = { ids: TEN, failure: undefined }

  it.effect("is whole where pages begin at 0", () =>
    Effect.gen(function* () {
      expect(yield* revoxList(cutBy(0))).toMatchObject(whole)
    })
  )

  it.effect("is whole where pages begin at 1 and page 0 is empty", () =>
    Effect.gen(function* () {
      expect(yield* revoxList(cutBy(1))).toMatchObject(whole)
    })
  )

  it.effect("is whole where pages begin at 1 and page 0 is refused", () =>
    Effect.gen(function* () {
      for (const status of [400, 422]) {
        expect(yield* revoxList((page, size) => (page === 0 ? status : cutBy(1)(page, size)))).toMatchObject(whole)
      }
    })
  )

  it.effect("is whole where pages 0 and 1 are the same", () =>
    Effect.gen(function* () {
      const { ids, failure } = yield* revoxList((page, size) => cutBy(0)(Math.max(page - 1, 0), size))
      expect({ ids, failure }).toEqual(whole)
    })
  )

  it.effect("is whole where the server gives shorter pages than asked for", () =>
    Effect.gen(function* () {
      expect(yield* revoxList(cutBy(0, 3), 100)).toMatchObject(whole)
      expect(yield* revoxList(cutBy(1, 3), 100)).toMatchObject(whole)
    })
  )

  it.effect("is whole where the last page is repeated for ever", () =>
    Effect.gen(function* () {
      expect(yield* revoxList((page, size) => cutBy(0)(Math.min(page, 2), size))).toMatchObject(whole)
    })
  )

  it.effect("has each order once where they move from page to page meanwhile", () =>
    Effect.gen(function* () {
      const { ids, failure } = yield* revoxList((page) => TEN.slice(page * 3, page * 3 + 4).map(orderItem))
      expect({ ids, failure }).toEqual(whole)
    })
  )

  it.effect("says that it may not be whole where a server heeds neither page nor its size", () =>
    Effect.gen(function* () {
      const { ids, failure } = yield* revoxList(() => TEN.map(orderItem), 100)
      expect(ids).toEqual(TEN)
      expect(failure?.reason).toMatchObject({ _tag: "Incomplete", delivered: 10 })
    })
  )

  it.effect("says that it may not be whole where a full first page comes again and again", () =>
    Effect.gen(function* () {
      const { ids, failure, pages } = yield* revoxList((_, size) => TEN.slice(0, size).map(orderItem))
      expect(ids).toEqual(names(1, 4))
      expect(failure).toMatchObject({ operation: "list", reason: { _tag: "Incomplete", delivered: 4 } })
      expect(pages.length).toBeLessThan(5)
    })
  )

  it.effect("says how many items could not be read, after all that could", () =>
    Effect.gen(function* () {
      const { ids, failure } = yield* revoxList((page) =>
        page === 0 ? [orderItem("order-1"), 17, null, { id: "" }, orderItem("order-2")] : []
      )
      expect(ids).toEqual(["order-1", "order-2"])
      expect(failure?.reason).toMatchObject({ _tag: "Incomplete", delivered: 2, because: "3 items could not be read" })
    })
  )

  it.effect("that is empty is empty", () =>
    Effect.gen(function* () {
      expect(yield* revoxList(() => [])).toMatchObject({ ids: [], failure: undefined })
    })
  )

  it.effect("that is none is no list", () =>
    Effect.gen(function* () {
      const { client } = server(() => ({ body: { calls: { message: "no" } } }))
      const provider = yield* Revox.make({ apiKey, baseUrl: BASE_URL }).pipe(
        Effect.provideService(HttpClient.HttpClient, client)
      )
      expect((yield* listingOf(provider)).failure).toMatchObject({ reason: { _tag: "UnreadableResponse" } })
    })
  )

  it.effect("that fails in the middle fails after what it had", () =>
    Effect.gen(function* () {
      const { ids, failure } = yield* revoxList((page, size) => (page < 2 ? cutBy(0)(page, size) : 403))
      expect(ids).toEqual(names(1, 8))
      expect(failure?.reason._tag).toBe("Forbidden")
    })
  )

  it.effect("is read no further than somebody wants", () =>
    Effect.gen(function* () {
      const { client, asked } = server(() => ({ body: { calls: TEN.slice(0, 4).map(orderItem) } }))
      const provider = yield* Revox.make({ apiKey, baseUrl: BASE_URL, pageSize: 4 }).pipe(
        Effect.provideService(HttpClient.HttpClient, client)
      )
      expect(yield* inSteps(Stream.runCollect(Stream.take(provider.list({}), 2)))).toHaveLength(2)
      expect(asked).toHaveLength(1)
    })
  )

  it.effect("asks for statuses in the way it is told to", () =>
    Effect.gen(function* () {
      const queries: Array<string> = []
      for (const statusesEncoding of [undefined, "repeat", "brackets", "comma"] as const) {
        const { client, asked } = server(() => ({ body: { calls: [] } }))
        const provider = yield* Revox.make({ apiKey, baseUrl: BASE_URL, statusesEncoding }).pipe(
          Effect.provideService(HttpClient.HttpClient, client)
        )
        yield* inSteps(Stream.runDrain(provider.list({ status: ["completed", "canceled"] })))
        const query = [...(asked[0]?.url.searchParams ?? [])].filter(([name]) => name.startsWith("statuses"))
        queries.push(query.map((pair) => pair.join("=")).join("&"))
      }
      expect(queries).toEqual([
        "statuses=completed&statuses=cancelled",
        "statuses=completed&statuses=cancelled",
        "statuses[]=completed&statuses[]=cancelled",
        "statuses=completed,cancelled"
      ])
    })
  )
})

const V5_WORDS = ["not_launched", "paused", "post_processing"]

describe("a list of Revox by status", () => {
  /** A server that knows some words, begins with some page, and has as many orders of each word as pages can tell apart. */
  const filtered = (known: ReadonlyArray<string>, base: 0 | 1) =>
    server(({ url }) => {
      const words = url.searchParams.getAll("statuses")
      const page = Number(url.searchParams.get("page"))
      if (page < base || words.some((word) => !known.includes(word))) return { status: 422 }
      const items = words.map((status, index) => ({ ...orderItem(`${status}-${index}`), status }))
      return { body: { calls: page === base ? items : [] } }
    })

  const ALL = ["initializing", "scheduled", "queued_for_calling", "calling", ...V5_WORDS]

  const idsOf = (client: HttpClient.HttpClient) =>
    Effect.gen(function* () {
      const provider = yield* Revox.make({ apiKey, baseUrl: BASE_URL }).pipe(
        Effect.provideService(HttpClient.HttpClient, client)
      )
      const found = yield* inSteps(Stream.runCollect(provider.list({ status: ["scheduled", "queued", "in_progress"] })))
      return found.map((fact) => (fact.kind === "order" ? fact.claims.status.word : fact.kind))
    })

  it.effect("asks for every word that means it", () =>
    Effect.gen(function* () {
      for (const base of [0, 1] as const) {
        expect((yield* idsOf(filtered(ALL, base).client)).toSorted()).toEqual(ALL.toSorted())
      }
    })
  )

  it.effect("asks a server that refuses the words of V5 without them", () =>
    Effect.gen(function* () {
      const older = ALL.filter((word) => !V5_WORDS.includes(word))
      for (const base of [0, 1] as const) {
        expect((yield* idsOf(filtered(older, base).client)).toSorted()).toEqual(older.toSorted())
      }
    })
  )

  it.effect("gives no other orders where a server looks for something else than it was asked for", () =>
    Effect.gen(function* () {
      const items = ["paused", "calling", "completed", "brand_new"].map((status) => ({ ...orderItem(status), status }))
      const { client } = server(({ url }) => ({
        body: { calls: url.searchParams.get("page") === "0" ? [...items, attemptItem] : [] }
      }))
      expect(yield* idsOf(client)).toEqual(["paused", "calling", "attempt"])
    })
  )

  it.effect("leaves to the server which orders without a status are meant", () =>
    Effect.gen(function* () {
      const { status: _, ...old } = { ...orderItem("old"), is_completed: true }
      const { client } = server(({ url }) => ({
        body: { calls: url.searchParams.get("page") === "0" ? [old] : [] }
      }))
      expect(yield* idsOf(client)).toEqual([undefined])
    })
  )

  it.effect("cannot be of statuses that are not known", () =>
    Effect.gen(function* () {
      const { client, asked } = server(() => ({ body: { calls: [] } }))
      const provider = yield* Revox.make({ apiKey, baseUrl: BASE_URL }).pipe(
        Effect.provideService(HttpClient.HttpClient, client)
      )
      const failure = yield* Effect.flip(
        inSteps(Stream.runDrain(provider.list({ status: ["queued", "unrecognized"] })))
      )
      expect(failure.reason).toMatchObject({ _tag: "Unsupported", field: "status" })
      expect(asked).toHaveLength(0)
    })
  )

  it.effect("fails if it is refused for another reason, and does not ask again where no new word was asked for", () =>
    Effect.gen(function* () {
      for (const [status, requests] of [
        ["queued", 4],
        ["completed", 2]
      ] as const) {
        const { client, asked } = server(() => ({ status: 422 }))
        const provider = yield* Revox.make({ apiKey, baseUrl: BASE_URL }).pipe(
          Effect.provideService(HttpClient.HttpClient, client)
        )
        const failure = yield* Effect.flip(inSteps(Stream.runDrain(provider.list({ status: [status] }))))
        expect(failure.reason).toMatchObject({ _tag: "InvalidRequest", status: 422 })
        expect(asked).toHaveLength(requests)
      }
    })
  )
})

describe("a base URL", () => {
  it.effect("may have spaces around it, and nothing that would swallow the path", () =>
    Effect.gen(function* () {
      const { client, asked } = server(() => ({}))
      const sender = yield* senderTo(client, { baseUrl: ` ${BASE_URL}/ ` })
      yield* inSteps(sender.ask("get", GET))
      expect(asked.map(({ url }) => url.href)).toEqual([`${BASE_URL}/call`])
      for (const spare of [`${BASE_URL}//`, `${BASE_URL}///`, `${BASE_URL}//api//`, `${BASE_URL}/api`]) {
        const other = yield* senderTo(client, { baseUrl: spare })
        yield* inSteps(other.ask("get", GET))
        expect(asked.at(-1)?.url.href).toBe(`${BASE_URL}${spare.includes("api") ? "/api" : ""}/call`)
      }
      for (const end of ["?", "/#"]) {
        const error = yield* Effect.flip(senderTo(client, { baseUrl: `${BASE_URL}${end}` }))
        expect(error.reason).toMatchObject({ _tag: "InvalidRequest", field: "baseUrl" })
      }
    })
  )
})

describe("going on with a list of RevRing", () => {
  it.effect("loses no call of the same moment where createdTo leaves its own moment out", () =>
    Effect.gen(function* () {
      const at = ["05", "04", "03", "03", "02", "01"].map((second) => `2026-03-02T15:00:${second}.000Z`)
      const all = at.map((createdAt, index) => ({ id: `call-${index}`, status: "COMPLETED", createdAt }))
      const { client } = server(({ url }) => {
        const until = url.searchParams.get("createdTo") ?? "9"
        return { body: { data: all.filter(({ createdAt }) => createdAt < until).slice(0, 3) } }
      })
      const provider = yield* RevRing.make({ apiKey, baseUrl: BASE_URL, pageSize: 3 }).pipe(
        Effect.provideService(HttpClient.HttpClient, client)
      )
      const { ids, failure } = yield* listingOf(provider)
      expect(ids).toEqual(all.map(({ id }) => id))
      expect(failure).toBeUndefined()
    })
  )
})

describe("a list of RevRing", () => {
  const KEY = "key-of-http"

  const placed = (gaps: ReadonlyArray<number>) => {
    const twin = makeRevRingTwin({ apiKey: KEY })
    let now = START - 1_000_000
    for (const gap of gaps) {
      now += gap
      const body = JSON.stringify({ agentId: "agent-1", toNumber: "+12025550101", fromNumber: "+12025550100" })
      const query = new URLSearchParams()
      twin.respond({ method: "POST", path: "/calls", query, headers: { "x-api-key": KEY }, body }, now)
    }
    return twin
  }

  const listed = (gaps: ReadonlyArray<number>, pageSize: number) =>
    Effect.gen(function* () {
      const twin = placed(gaps)
      const provider = yield* RevRing.make({ apiKey, baseUrl: BASE_URL, pageSize }).pipe(
        Effect.provideService(HttpClient.HttpClient, twinHttpClient([{ twin, baseUrl: BASE_URL }]))
      )
      const listing = yield* listingOf(provider)
      return { ...listing, expected: twin.orders.map(({ id }) => id).toReversed() }
    })

  it.effect("goes on from the oldest so far", () =>
    Effect.gen(function* () {
      for (const pageSize of [3, 5, 7, 100]) {
        const { ids, failure, expected } = yield* listed(Array(10).fill(1000), pageSize)
        expect([pageSize, ids.toSorted(), failure]).toEqual([pageSize, expected.toSorted(), undefined])
      }
    })
  )

  it.effect("loses none of those of one moment, as far as a page can hold them", () =>
    Effect.gen(function* () {
      const { ids, failure, expected } = yield* listed([1000, 0, 0, 1000, 0, 1000], 4)
      expect([ids.toSorted(), failure]).toEqual([expected.toSorted(), undefined])
    })
  )

  it.effect("says that it may not be whole where one moment has more than a page", () =>
    Effect.gen(function* () {
      const { ids, failure } = yield* listed([1000, 0, 0, 0, 0, 1000], 3)
      expect(failure?.reason).toMatchObject({ _tag: "Incomplete", delivered: ids.length })
    })
  )

  it.effect("says that it may not be whole where the newest do not come first", () =>
    Effect.gen(function* () {
      const all = Array.from({ length: 9 }, (_, index) => ({
        id: `c${index}`,
        status: "COMPLETED",
        toNumber: "+12025550101",
        createdAt: new Date(START - 100_000 + index * 1000).toISOString()
      }))
      const { client } = server(({ url }) => {
        const until = url.searchParams.get("createdTo") ?? "9"
        return { body: { data: all.filter(({ createdAt }) => createdAt <= until).slice(0, 3) } }
      })
      const provider = yield* RevRing.make({ apiKey, baseUrl: BASE_URL, pageSize: 3 }).pipe(
        Effect.provideService(HttpClient.HttpClient, client)
      )
      const { ids, failure } = yield* listingOf(provider)
      expect(failure?.reason).toMatchObject({ _tag: "Incomplete", delivered: ids.length })
    })
  )

  it.effect("says that it may not be whole where a full page tells no time to go on from", () =>
    Effect.gen(function* () {
      const item = (id: string) => ({ id, status: "COMPLETED", toNumber: "+12025550101" })
      const { client } = server(() => ({ body: { data: ["a", "b", "c"].map(item) } }))
      const provider = yield* RevRing.make({ apiKey, baseUrl: BASE_URL, pageSize: 3 }).pipe(
        Effect.provideService(HttpClient.HttpClient, client)
      )
      const { ids, failure } = yield* listingOf(provider)
      expect(ids).toEqual(["a", "b", "c"])
      expect(failure?.reason).toMatchObject({ _tag: "Incomplete", delivered: 3 })
    })
  )

  it.effect("of a server that ignores from where to go on says that it may not be whole", () =>
    Effect.gen(function* () {
      const item = (id: string) => ({ id, status: "COMPLETED", toNumber: "+1", createdAt: "2026-03-02T14:00:00.000Z" })
      const { client, asked } = server(() => ({ body: { data: ["a", "b", "c"].map(item) } }))
      const provider = yield* RevRing.make({ apiKey, baseUrl: BASE_URL, pageSize: 3 }).pipe(
        Effect.provideService(HttpClient.HttpClient, client)
      )
      const { ids, failure } = yield* listingOf(provider)
      expect(ids).toEqual(["a", "b", "c"])
      expect(failure?.reason).toMatchObject({ _tag: "Incomplete" })
      expect(asked.length).toBeLessThan(5)
    })
  )
})

describe("an id that is half a surrogate pair", () => {
  it.effect("is not found, like any that is wrong", () =>
    Effect.gen(function* () {
      const { client } = server(() => ({ status: 404 }))
      for (const make of [Revox.make, RevRing.make]) {
        const provider = yield* make({ apiKey, baseUrl: BASE_URL }).pipe(
          Effect.provideService(HttpClient.HttpClient, client)
        )
        const error = yield* inSteps(Effect.flip(provider.get(OrderId.make("\uD800"))))
        expect(error.reason._tag).toBe("NotFound")
      }
    })
  )
})

describe("an answer to another question", () => {
  it.effect("is no answer: a call of another id", () =>
    Effect.gen(function* () {
      const order = Result.getOrThrow(
        parsePlaceCall({ to: "+12025550101", from: "+12025550100", agent: { id: "a" }, reference: "r" })
      )
      const { client } = server(({ method }) => ({ body: { call: orderItem(method === "POST" ? "mine" : "another") } }))
      const provider = yield* Revox.make({ apiKey, baseUrl: BASE_URL }).pipe(
        Effect.provideService(HttpClient.HttpClient, client)
      )
      const { id } = yield* inSteps(provider.place(Result.getOrThrow(provider.request(order))))
      const error = yield* inSteps(Effect.flip(provider.get(id)))
      expect(error.reason._tag).toBe("UnreadableResponse")
    })
  )
})
