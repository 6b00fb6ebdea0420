/**
 * A provider that is like none of ours, over loopback: orders are forms under another verb with headers of their own,
 * credentials are made for each request, some refusals are its own, and its list can be asked for one reference.
 */
import { createServer, type IncomingHttpHeaders } from "node:http"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { orderFrom } from "../../adapters/revring/Mapping.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { makeVoiceCalls } from "../../src/calls/VoiceCalls.ts"
import type { OrderFact } from "../../src/domain/Fact.ts"
import { isJsonObject } from "../../src/domain/Json.ts"
import { layerNodeHttp } from "../../src/node/NodeHttp.ts"
import type { Adapter } from "../../src/provider/Adapter.ts"
import { CallError, NetworkError, ProviderUnavailable } from "../../src/provider/CallError.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import type { Capabilities } from "../../src/provider/Capabilities.ts"
import { layerFetch } from "../../src/provider/http/fetchClient.ts"
import { placedOrder } from "../../src/provider/http/placedOrder.ts"
import { readSingly } from "../../src/provider/http/readMany.ts"
import type { StatusRows } from "../../src/provider/http/reason.ts"
import { type Authentication, FORM } from "../../src/provider/http/request.ts"
import { makeSender, segment, unreadable } from "../../src/provider/http/Sender.ts"

const KEY = "key-of-foreign"
const ORDER = { to: "+12025550101", agent: { id: "agent-1" }, reference: "lead-1" }
/** Its records are written as RevRing writes them. */
const CALL = { id: "call-1", status: "QUEUED", toNumber: ORDER.to, agentId: "agent-1" }

interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

interface Reply {
  readonly status?: number
  /** No answer: the connection is cut. */
  readonly drop?: boolean
  readonly body?: unknown
}

/** What it was asked, and an address that closes with the test. */
const serverWith = (reply: (seen: Seen, count: number) => Reply) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const seen: Array<Seen> = []
      const server = createServer((request, response) => {
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => {
          const { method = "", url = "", headers } = request
          const one = { method, url, headers, body: Buffer.concat(chunks).toString() }
          seen.push(one)
          const { status = 200, body = CALL, drop = false } = reply(one, seen.length)
          if (drop) return request.socket.destroy()
          response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
        })
      })
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      const address = server.address()
      if (address === null || typeof address === "string") throw new Error("expected a port")
      return { seen, baseUrl: `http://127.0.0.1:${address.port}`, server }
    }),
    ({ server }) =>
      Effect.promise(async () => {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      })
  )

interface Habits {
  readonly authentication?: Authentication
  readonly statuses?: StatusRows
  readonly capabilities?: Partial<Capabilities>
  readonly header?: string
}

const readCall = (body: unknown): OrderFact | undefined => {
  const fact = isJsonObject(body) ? orderFrom(body) : undefined
  return fact?.kind === "order" ? fact : undefined
}

const makeForeign = Effect.fnUntraced(function* (baseUrl: string, habits: Habits) {
  const listing = { list: "documented", listItems: "orders", listFilters: [] } as const
  const adapter: Adapter = {
    ...RevRing.revring,
    capabilities: { ...RevRing.capabilities, ...listing, callerNumber: "optional", ...habits.capabilities }
  }
  const { authentication = (key) => ({ authorization: `Bearer ${key}` }), statuses = {} } = habits
  const sender = yield* makeSender(
    { id: adapter.providerId, defaultBaseUrl: "https://foreign.invalid", authentication, statuses },
    { apiKey: Redacted.make(KEY), baseUrl, retry: { base: "1 millis" } }
  )
  const get: CallProvider["get"] = (id) =>
    Effect.flatMap(sender.ask("get", { method: "GET", path: `/calls/${segment(id)}` }), (answer) => {
      const order = readCall(answer.body)
      return order === undefined ? Effect.fail(sender.fail("get", unreadable(answer, "a call"))) : Effect.succeed(order)
    })
  const provider: CallProvider = {
    adapter,
    ringsRealPhones: sender.ringsRealPhones,
    account: sender.account,
    request: ({ to, agent, reference }) =>
      sender.request({
        method: "PUT",
        path: "/dial",
        query: [["version", "2 b"]],
        headers: { ...FORM, "X-Order": habits.header ?? reference, "X-Hook-Secret": "hush" },
        body: { To: to, Agent: agent.id, Tags: ["a&b", "ü"], Wait: null, Vars: { call_reference: reference } }
      }),
    place: (request) => Effect.flatMap(sender.place(request), (answer) => placedOrder(sender, answer, readCall)),
    get,
    getMany: (ids) => readSingly(get, ids),
    list: ({ reference, to }) =>
      Stream.unwrap(
        Effect.map(
          sender.ask("list", {
            method: "GET",
            path: "/calls",
            query: [
              ...(reference === undefined ? [] : [["ref", reference] as const]),
              ...(to === undefined ? [] : [["To", to] as const])
            ]
          }),
          ({ body }) => Stream.fromIterable((Array.isArray(body) ? body : []).flatMap((item) => readCall(item) ?? []))
        )
      ),
    cancel: (id) =>
      Effect.asVoid(
        sender.ask("cancel", { method: "DELETE", path: `/calls/${segment(id)}`, body: { reason: "caller" } })
      ),
    check: Effect.as(sender.ask("check", { method: "HEAD", path: "/" }), {})
  }
  return { provider, sender, calls: yield* makeVoiceCalls([provider]).pipe(Effect.provide(layerMemoryJournal)) }
})

const transports = { layerNodeHttp: layerNodeHttp(), layerFetch: layerFetch() } as const

const overNode = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof transports.layerFetch>>) =>
  Effect.provide(effect, transports.layerNodeHttp)

describe.each(["layerNodeHttp", "layerFetch"] as const)("a request over %s", (name) => {
  it.live("is sent as it is shown: verb, address, headers and form, and the credentials beside", () =>
    Effect.gen(function* () {
      const { seen, baseUrl } = yield* serverWith(() => ({}))
      const { calls } = yield* makeForeign(baseUrl, {})
      const shown = yield* calls.dryRun(ORDER)
      expect(seen).toEqual([])
      expect(shown).toMatchObject({
        method: "PUT",
        url: `${baseUrl}/dial?version=2+b`,
        headers: { accept: "application/json", "x-order": "lead-1", ...FORM },
        body: { To: ORDER.to, Vars: { call_reference: "lead-1" } }
      })
      expect(JSON.stringify(shown)).not.toMatch(/authorization|key-of-foreign|hush/i)
      expect(yield* calls.place(ORDER)).toMatchObject({ state: "accepted", already: false })
      const [placing] = seen
      expect([placing?.method, `${baseUrl}${placing?.url}`]).toEqual([shown.method, shown.url])
      const credentials = { authorization: `Bearer ${KEY}`, "x-hook-secret": "hush" }
      expect(placing?.headers).toMatchObject({ ...shown.headers, ...credentials, connection: "close" })
      expect([...new URLSearchParams(placing?.body)]).toEqual([
        ["To", ORDER.to],
        ["Agent", "agent-1"],
        ["Tags", "a&b"],
        ["Tags", "ü"],
        ["Vars", '{"call_reference":"lead-1"}']
      ])
      expect(placing?.headers["content-length"]).toBe(String(Buffer.byteLength(placing?.body ?? "")))
    }).pipe(Effect.scoped, Effect.provide(transports[name]))
  )

  it.live.each([{ drop: true }, { status: 421 }, { status: 503 }])("that places is sent once: %o", (reply) =>
    Effect.gen(function* () {
      const { seen, baseUrl } = yield* serverWith(() => reply)
      const { calls } = yield* makeForeign(baseUrl, { capabilities: { list: "no" } })
      expect(yield* calls.place(ORDER)).toMatchObject({ state: "uncertain" })
      expect(seen.map(({ method }) => method)).toEqual(["PUT"])
    }).pipe(Effect.scoped, Effect.provide(transports[name]))
  )

  it.live("of another verb has its body, and what comes after it on the connection is understood", () =>
    Effect.gen(function* () {
      const { seen, baseUrl } = yield* serverWith(() => ({}))
      const { provider } = yield* makeForeign(baseUrl, {})
      const { id } = yield* Effect.fromNullishOr(readCall(CALL))
      yield* provider.cancel(id)
      yield* provider.check
      yield* provider.get(id)
      expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
        ["DELETE", "/calls/call-1", '{"reason":"caller"}'],
        ["HEAD", "/", ""],
        ["GET", "/calls/call-1", ""]
      ])
      expect(seen[0]?.headers["content-type"]).toBe("application/json")
    }).pipe(Effect.scoped, Effect.provide(transports[name]))
  )
})

describe("credentials", () => {
  it.live("are made for each request, from what is sent", () =>
    Effect.gen(function* () {
      const { seen, baseUrl } = yield* serverWith((_, count) => (count === 1 ? { status: 503 } : {}))
      let made = 0
      const { provider, calls } = yield* makeForeign(baseUrl, {
        authentication: (key, { method, url, body }) =>
          Effect.sync(() => ({ "x-signature": `${key} ${++made} ${method} ${url} [${body}]` }))
      })
      const { id } = yield* Effect.fromNullishOr(readCall(CALL))
      yield* provider.get(id)
      yield* calls.place(ORDER)
      expect(seen.map(({ headers }) => headers["x-signature"])).toEqual([
        `${KEY} 1 GET ${baseUrl}/calls/call-1 []`,
        `${KEY} 2 GET ${baseUrl}/calls/call-1 []`,
        `${KEY} 3 PUT ${baseUrl}/dial?version=2+b [${seen[2]?.body}]`
      ])
    }).pipe(Effect.scoped, overNode)
  )

  it.live("that cannot be made keep a placement from leaving, whatever the reason says of the request for them", () =>
    Effect.gen(function* () {
      const { seen, baseUrl } = yield* serverWith(() => ({}))
      const failures: ReadonlyArray<readonly [ReturnType<Authentication>, object]> = [
        [
          Effect.fail(new CallError({ operation: "check", reason: new ProviderUnavailable({ status: 500 }) })),
          { _tag: "ProviderUnavailable" }
        ],
        [
          Effect.fail(
            new CallError({ operation: "check", reason: new NetworkError({ sent: "maybe", code: "ECONNRESET" }) })
          ),
          { _tag: "NetworkError", sent: "no", code: "ECONNRESET" }
        ],
        [Effect.die(new Error(`hush ${ORDER.to}`)), { _tag: "Unauthorized" }],
        [{ authorization: "hush\nx-injected: 1" }, { _tag: "InvalidRequest", field: "headers.authorization" }]
      ]
      const making = failures.map(([credentials, reason]) => [() => credentials, reason] as const)
      const untyped: ReadonlyArray<readonly [Authentication, object]> = [
        [
          () => {
            throw new Error(`hush ${ORDER.to}`)
          },
          { _tag: "Unauthorized" }
        ],
        // @ts-expect-error An adapter without types may give nothing.
        [() => undefined, { _tag: "Unauthorized" }]
      ]
      for (const [authentication, reason] of [...making, ...untyped]) {
        const { calls } = yield* makeForeign(baseUrl, { authentication })
        const error = yield* Effect.flip(calls.place(ORDER))
        expect(error).toMatchObject({ operation: "place", reason })
        expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/hush|2025550101/)
        expect(yield* calls.reconcile(ORDER.reference)).toMatchObject({ state: "free" })
      }
      expect(seen).toEqual([])
    }).pipe(Effect.scoped, overNode)
  )

  it.live("may be a token from a second sender, kept for a while", () =>
    Effect.gen(function* () {
      const { seen, baseUrl } = yield* serverWith(({ url }, count) =>
        url === "/token" ? { status: count === 1 ? 403 : 200, body: { token: "t-1" } } : {}
      )
      const tokens = yield* makeSender(
        { id: RevRing.revring.providerId, defaultBaseUrl: baseUrl, authentication: () => ({}), statuses: {} },
        { apiKey: Redacted.make(KEY) }
      )
      const asked = tokens.ask("check", {
        method: "POST",
        path: "/token",
        headers: FORM,
        body: { grant_type: "client_credentials" }
      })
      const token = Effect.map(asked, ({ text }) => ({
        authorization: `Bearer ${JSON.parse(Redacted.value(text)).token}`
      }))
      const refused = yield* makeForeign(baseUrl, { authentication: () => token })
      expect(yield* Effect.flip(refused.calls.place(ORDER))).toMatchObject({
        operation: "place",
        reason: { _tag: "Forbidden", status: 403 }
      })
      const kept = yield* Effect.cachedWithTTL(token, "5 minutes")
      const { calls } = yield* makeForeign(baseUrl, { authentication: () => kept })
      yield* calls.place(ORDER)
      yield* calls.place({ ...ORDER, reference: "lead-2" })
      expect(seen.map(({ url, headers, body }) => [url, headers.authorization ?? body])).toEqual([
        ["/token", "grant_type=client_credentials"],
        ["/token", "grant_type=client_credentials"],
        ["/dial?version=2+b", "Bearer t-1"],
        ["/dial?version=2+b", "Bearer t-1"]
      ])
    }).pipe(Effect.scoped, overNode)
  )

  it.live("stand above a header of the same name", () =>
    Effect.gen(function* () {
      const { seen, baseUrl } = yield* serverWith(() => ({}))
      const { calls } = yield* makeForeign(baseUrl, { authentication: () => ({ "X-Order": "ours" }) })
      yield* calls.place(ORDER)
      expect(seen[0]?.headers["x-order"]).toBe("ours")
    }).pipe(Effect.scoped, overNode)
  )

  it.effect("that never come end in time, and the order never leaves", () =>
    Effect.gen(function* () {
      let release = (): void => {}
      const { calls } = yield* makeForeign("http://127.0.0.1:9", {
        authentication: () =>
          Effect.callback((resume) => {
            release = () => resume(Effect.succeed({}))
          })
      })
      const placing = yield* Effect.forkChild(Effect.flip(calls.place(ORDER)))
      yield* TestClock.adjust("4 minutes")
      expect(placing.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("61 seconds")
      expect(yield* Fiber.join(placing)).toMatchObject({ reason: { _tag: "TimedOut", afterSeconds: 300 } })
      release()
      expect(yield* calls.reconcile(ORDER.reference)).toMatchObject({ state: "free" })
    }).pipe(Effect.scoped, overNode)
  )
})

describe("a header that no transport would send", () => {
  it.live("is refused before anything is reserved, without its value", () =>
    Effect.gen(function* () {
      const { seen, baseUrl } = yield* serverWith(() => ({}))
      const { calls } = yield* makeForeign(baseUrl, { header: "Ada\nZanzibar" })
      for (const asked of [Effect.asVoid(calls.dryRun(ORDER)), Effect.asVoid(calls.place(ORDER))]) {
        const error = yield* Effect.flip(asked)
        expect(error).toMatchObject({ reason: { _tag: "InvalidRequest", field: "headers.x-order" } })
        expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain("Zanzibar")
      }
      expect(seen).toEqual([])
    }).pipe(Effect.scoped, overNode)
  )
})

describe("a request to another address", () => {
  it.live("is not sent: the key goes nowhere else", () =>
    Effect.gen(function* () {
      const { seen, baseUrl } = yield* serverWith(() => ({}))
      const { provider } = yield* makeForeign("http://127.0.0.1:9", {})
      for (const url of [`${baseUrl}/dial`, "http://127.0.0.1:90/dial", ""]) {
        const error = yield* Effect.flip(provider.place({ method: "POST", url, headers: {}, body: {} }))
        expect(error.reason).toMatchObject({ _tag: "InvalidRequest", field: "url" })
      }
      expect(seen).toEqual([])
    }).pipe(Effect.scoped, overNode)
  )
})

describe("a refusal", () => {
  const cases: ReadonlyArray<readonly [about: string, status: number, statuses: StatusRows, refused: boolean]> = [
    ["402 without a row", 402, {}, false],
    ["402 with a row that names it otherwise", 402, { place: { 402: "AtCapacity" } }, false],
    ["402 with a row that says so", 402, { place: { 402: { reason: "Forbidden", refused: true } } }, true],
    ["402 with such a row for another operation", 402, { get: { 402: { reason: "Forbidden", refused: true } } }, false],
    ["409 with a row that says so", 409, { place: { 409: { reason: "AtCapacity", refused: true } } }, true],
    ["503 with a row that says so", 503, { place: { 503: { reason: "AtCapacity", refused: true } } }, true],
    ["422 without a row", 422, {}, true],
    ["422 with a row that denies it", 422, { place: { 422: { reason: "InvalidRequest", refused: false } } }, false]
  ]

  it.live.each(cases)("%s", ([, status, statuses, refused]) =>
    Effect.gen(function* () {
      const { seen, baseUrl } = yield* serverWith((_, count) => (count === 1 ? { status } : {}))
      const { calls } = yield* makeForeign(baseUrl, { statuses, capabilities: { list: "no" } })
      const first = yield* Effect.result(calls.place(ORDER))
      if (refused) {
        expect(first).toMatchObject({ failure: { reason: { status } } })
        expect(yield* calls.place(ORDER)).toMatchObject({ state: "accepted", already: false })
      } else {
        expect(first).toMatchObject({ success: { state: "uncertain" } })
        expect(yield* calls.place(ORDER)).toMatchObject({ state: "uncertain" })
      }
      expect(seen).toHaveLength(refused ? 2 : 1)
    }).pipe(Effect.scoped, overNode)
  )
})

describe("a list by reference", () => {
  const lost = (body: unknown) => (seen: Seen) => (seen.method === "PUT" ? { status: 500 } : { body })
  const listed = { ...CALL, variables: { call_reference: "lead-1" } }

  it.live("is asked for a lost placement alone, and for each of several", () =>
    Effect.gen(function* () {
      const { seen, baseUrl } = yield* serverWith((one) => lost(one.url.endsWith("ref=lead-1") ? [listed] : [])(one))
      const { calls } = yield* makeForeign(baseUrl, { capabilities: { listFilters: ["reference"] } })
      yield* calls.place(ORDER)
      yield* calls.place({ ...ORDER, reference: "lead-2" })
      expect(yield* calls.reconcile("lead-1")).toMatchObject({ state: "accepted", call: { id: "call-1" } })
      expect(yield* calls.reconcile("lead-2")).toMatchObject({ state: "uncertain" })
      expect(seen.filter(({ method }) => method === "GET").map(({ url }) => url)).toEqual([
        "/calls?ref=lead-1",
        "/calls?ref=lead-2"
      ])
    }).pipe(Effect.scoped, overNode)
  )

  it.live("reads what it gives without a reference, and believes nothing that another one stands in", () =>
    Effect.gen(function* () {
      const other = { ...CALL, id: "call-2", variables: { call_reference: "lead-9" } }
      const bare = { ...CALL, variables: { another: "value" } }
      const { seen, baseUrl } = yield* serverWith((one) =>
        lost(one.url.startsWith("/calls?") ? [other, bare] : listed)(one)
      )
      const { calls } = yield* makeForeign(baseUrl, { capabilities: { listFilters: ["reference"] } })
      yield* calls.place(ORDER)
      expect(yield* calls.reconcile("lead-1")).toMatchObject({ state: "accepted", call: { id: "call-1" } })
      expect(seen.map(({ url }) => url).slice(1)).toEqual(["/calls?ref=lead-1", "/calls/call-1"])
    }).pipe(Effect.scoped, overNode)
  )

  it.live("is walked whole where the provider has no such filter", () =>
    Effect.gen(function* () {
      const { seen, baseUrl } = yield* serverWith(lost([listed]))
      const { calls } = yield* makeForeign(baseUrl, {})
      yield* calls.place(ORDER)
      expect(yield* calls.reconcile("lead-1")).toMatchObject({ state: "accepted" })
      expect(seen.at(-1)?.url).toBe("/calls")
      for (const [filter, field] of [
        [{ reference: "lead-1" }, "reference"],
        [{ to: ORDER.to }, "to"]
      ] as const) {
        const error = yield* Effect.flip(Stream.runDrain(calls.list(filter)))
        expect(error).toMatchObject({ reason: { _tag: "Unsupported", capability: "listFilters", field } })
      }
      expect(seen).toHaveLength(2)
    }).pipe(Effect.scoped, overNode)
  )

  it.live("or by number is given to whoever asks, the number as it is stored", () =>
    Effect.gen(function* () {
      const { seen, baseUrl } = yield* serverWith(() => ({ body: [listed] }))
      const { calls } = yield* makeForeign(baseUrl, { capabilities: { listFilters: ["reference", "number"] } })
      expect(yield* Stream.runCollect(calls.list({ reference: "lead-1", to: "+1 202-555-0101" }))).toHaveLength(1)
      expect(seen[0]?.url).toBe("/calls?ref=lead-1&To=%2B12025550101")
    }).pipe(Effect.scoped, overNode)
  )
})
