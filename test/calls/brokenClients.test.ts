/**
 * Clients of others that do more than fail: they die, answer what is no answer, never let go, or fail at something else
 * once the order has been taken. Of a placement nothing is known then, and a read fails as reads do.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as Revox from "../../adapters/revox/index.ts"
import { openCalls } from "../../adapters/promise.ts"
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import { CallError } from "../../src/provider/CallError.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { type Fetch, layerFetch } from "../../src/provider/http/fetchClient.ts"
import { layerNodeHttp } from "../../src/node/NodeHttp.ts"
import { listen } from "../../src/testing/index.ts"
import { API_KEY, openService, openSite, orderFor, START, type Subject, subjects } from "./faultySite.ts"
import type { PlacingFault } from "./faults.ts"
import { plainAnswer } from "./rawServer.ts"

const REFERENCE = "lead-17"
const [revox] = subjects
if (revox === undefined) throw new Error("there is no Revox")

const healthy: PlacingFault = {
  name: "none",
  demands: "accepted",
  accepted: [true],
  at: "request",
  does: ({ answer: { status, body } }) => ({ write: plainAnswer(status, {}, body), leave: "end" })
}

/** A part of a response that cannot even be looked at. */
const untouchable = (name: string) =>
  new Proxy(new Response("{}"), {
    get: (target, key) => {
      if (key === name) throw new TypeError(`${name} cannot be read`)
      return Reflect.get(target, key, target)
    }
  })

/** What an error is that cannot be looked at. */
const poisoned = () =>
  new Proxy(new Error("no"), {
    get: (_, key) => {
      throw new TypeError(String(key))
    }
  })

/** As it comes out of a program without types. */
const untyped = (value: unknown) => {
  const box: object = { value }
  return Object.values(box)[0]
}

const answering =
  (make: (response: Response) => unknown): Fetch =>
  async (...asked) =>
    untyped(await make(await fetch(...asked)))

const failingWith = (error: unknown): Fetch =>
  answering(() => {
    throw error
  })

const wrappers: ReadonlyArray<readonly [name: string, wrapper: Fetch]> = [
  [
    "a logger that reads the body",
    async (...asked) => {
      const response = await fetch(...asked)
      await response.text()
      return response
    }
  ],
  [
    "a logger that keeps hold of the body",
    async (...asked) => {
      const response = await fetch(...asked)
      response.body?.getReader()
      return response
    }
  ],
  ["a TypeError afterwards", failingWith(new TypeError("reading 'id' of undefined"))],
  ["undefined", failingWith(undefined)],
  ["a text", failingWith("failed")],
  ["an error that cannot be looked at", failingWith(poisoned())],
  [
    "a log server that is away",
    async (...asked) => {
      const response = await fetch(...asked)
      await fetch("http://127.0.0.1:1/logs", { method: "POST", body: "log" }).catch(() => {
        throw Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED", syscall: "connect" })
      })
      return response
    }
  ],
  [
    "a certificate of a log server",
    failingWith(Object.assign(new Error("certificate has expired"), { code: "CERT_HAS_EXPIRED" }))
  ],
  ["no answer", answering(() => undefined)],
  ["an answer without anything", answering(() => ({}))],
  ["an answer with a status in words", answering(() => ({ status: "200", headers: new Headers(), body: null }))],
  ["an answer with the status 0", answering(() => Response.error())],
  ["an answer with a status between numbers", answering(() => ({ status: 200.5, headers: new Headers() }))],
  ["a status that cannot be read", answering(() => untouchable("status"))],
  ["headers that cannot be read", answering(() => untouchable("headers"))],
  ["a body that cannot be read", answering(() => untouchable("body"))],
  ["headers that are none", answering((response) => ({ status: 200, headers: 7, body: response.body }))],
  [
    "a body of words",
    answering(() => ({ status: 200, headers: new Headers({ "transfer-encoding": "chunked" }), body: "text" }))
  ]
]

const placeOnce = Effect.fnUntraced(function* (subject: Subject, fetch: Fetch) {
  yield* TestClock.setTime(START)
  const site = yield* openSite(subject, healthy, true)
  const transport = { name: "wrapper", layer: layerFetch(fetch), reuses: true }
  const { calls, journal } = yield* openService({ at: [[subject, site.baseUrl]], transport })
  return { site, calls, journal, placing: calls.place(orderFor(subject.id, REFERENCE)) }
})

describe("a placement that the provider took", () => {
  it.effect.each(wrappers)("is uncertain after %s", ([, wrapper]) =>
    Effect.gen(function* () {
      const { site, placing } = yield* placeOnce(revox, wrapper)
      expect(yield* placing).toMatchObject({ state: "uncertain" })
      expect(yield* placing).toMatchObject({ state: "uncertain" })
      expect(site.posts()).toBe(1)
      expect(site.twin.orders).toHaveLength(2)
    })
  )

  it.effect.each([
    ["of a body that lets nobody go", () => new ReadableStream({ cancel: () => new Promise(() => undefined) })],
    [
      "of a body that lets nobody go and begins",
      () =>
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
          cancel: () => new Promise(() => undefined)
        })
    ]
  ] as const)("is uncertain when its time is up, %s", ([, body]) =>
    Effect.gen(function* () {
      const { promise: answered, resolve } = Promise.withResolvers<void>()
      const scope = yield* Scope.make()
      const { placing, journal } = yield* Scope.provide(
        placeOnce(
          revox,
          answering(() => {
            resolve()
            return new Response(body())
          })
        ),
        scope
      )
      const asking = yield* Effect.forkChild(placing)
      yield* Effect.promise(() => answered)
      yield* TestClock.adjust("61 seconds")
      expect(yield* Fiber.join(asking)).toMatchObject({ state: "uncertain", because: "TimedOut" })
      expect(yield* journal.find({ tenant: "", reference: REFERENCE })).toMatchObject({ value: { state: "uncertain" } })
      yield* Scope.close(scope, Exit.void)
    })
  )

  it.effect("is uncertain when its time is up, whatever the signal says to fetch", () =>
    Effect.gen(function* () {
      const { promise: answered, resolve } = Promise.withResolvers<void>()
      const { placing } = yield* placeOnce(
        revox,
        answering(() => {
          resolve()
          return new Promise(() => undefined)
        })
      )
      const asking = yield* Effect.forkChild(placing)
      yield* Effect.promise(() => answered)
      yield* TestClock.adjust("61 seconds")
      expect(yield* Fiber.join(asking)).toMatchObject({ state: "uncertain", because: "TimedOut" })
    })
  )
})

type Transform = (client: HttpClient.HttpClient) => HttpClient.HttpClient

const transforms: ReadonlyArray<readonly [name: string, transform: Transform]> = [
  ["dies", HttpClient.transformResponse(Effect.andThen(Effect.die(new TypeError("died"))))],
  ["interrupts itself", HttpClient.transformResponse(Effect.andThen(Effect.interrupt))],
  [
    "fails with what is no error of HTTP",
    HttpClient.transformResponse(
      Effect.andThen(
        Effect.suspend((): Effect.Effect<never, HttpClientError.HttpClientError> => Effect.fail(untyped("no")))
      )
    )
  ],
  [
    "asks something else, which is away",
    (client) =>
      HttpClient.transformResponse(
        client,
        Effect.tap(() => client.get("http://127.0.0.1:1/logs"))
      )
  ]
]

describe("a client that", () => {
  it.effect.each(transforms)("%s leaves a placement uncertain, and a read failed", ([, transformClient]) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const site = yield* openSite(revox, healthy, true)
      const subject: Subject = {
        ...revox,
        make: (baseUrl) => Revox.make({ apiKey: Redacted.make(API_KEY), baseUrl, transformClient, retry: { tries: 1 } })
      }
      const transport = { name: "node:http", layer: layerNodeHttp({ environment: {} }), reuses: false }
      const { calls } = yield* openService({ at: [[subject, site.baseUrl]], transport })
      expect(yield* calls.place(orderFor(revox.id, REFERENCE))).toMatchObject({ state: "uncertain" })
      expect(site.posts()).toBe(1)
      const id = OrderId.make(site.twin.orders[0]?.id ?? "")
      const error = yield* Effect.flip(calls.get({ provider: Revox.revox.providerId, id }))
      expect(error).toBeInstanceOf(CallError)
    })
  )

  it.effect("is none is refused when calls are opened", () =>
    Effect.gen(function* () {
      const notClients: ReadonlyArray<() => unknown> = [
        () => undefined,
        () => ({ execute: () => undefined }),
        () => {
          throw new TypeError("no")
        }
      ]
      for (const make of notClients) {
        const transformClient: Transform = untyped(make)
        const opening = Revox.make({ apiKey: Redacted.make(API_KEY), transformClient })
        const error = yield* Effect.flip(Effect.provide(opening, layerFetch()))
        expect(error).toMatchObject({ operation: "configure", reason: { field: "transformClient" } })
      }
    })
  )
})

describe("an adapter that", () => {
  const dying: ReadonlyArray<readonly [name: string, place: (provider: CallProvider) => CallProvider["place"]]> = [
    [
      "dies while it reads the answer",
      (provider) => (request) => Effect.andThen(provider.place(request), Effect.die(new TypeError("of undefined")))
    ],
    [
      "throws",
      () => () => {
        throw new TypeError("of undefined")
      }
    ]
  ]

  it.effect.each(dying)("%s leaves a placement uncertain", ([, place]) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const site = yield* openSite(revox, healthy, true)
      const subject: Subject = {
        ...revox,
        make: (baseUrl) => Effect.map(revox.make(baseUrl), (provider) => ({ ...provider, place: place(provider) }))
      }
      const { calls } = yield* openService({ at: [[subject, site.baseUrl]] })
      expect(yield* calls.place(orderFor(revox.id, REFERENCE))).toMatchObject({ state: "uncertain" })
    })
  )
})

describe("with promises", () => {
  it("close ends after a placement whose body lets nobody go", async () => {
    const twin = makeRevoxTwin({ apiKey: API_KEY })
    const server = await listen(twin)
    const calls = await openCalls({
      revox: { apiKey: API_KEY, baseUrl: server.url, timeouts: { placeSeconds: 0.05 } },
      fetch: answering(() => new Response(new ReadableStream({ cancel: () => new Promise(() => undefined) })))
    })
    const order = { to: "+12025550142", agent: { id: "agent-1" }, reference: REFERENCE }
    expect(await calls.place(order)).toMatchObject({ state: "uncertain", because: "TimedOut" })
    await calls.close()
    await server.close()
    expect(twin.orders).toHaveLength(1)
  })

  it("a fetch that breaks what was answered rejects reads with a failure of its class", async () => {
    const server = await listen(makeRevoxTwin({ apiKey: API_KEY }))
    for (const [, wrapper] of wrappers) {
      await using calls = await openCalls({
        revox: { apiKey: API_KEY, baseUrl: server.url, retry: { tries: 1 } },
        fetch: wrapper
      })
      await expect(calls.get("revox:some")).rejects.toMatchObject({ operation: "get", retryable: expect.any(Boolean) })
    }
    await server.close()
  })
})
