/** Agents and numbers as each provider tells them, good answers and hostile ones. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Revox from "../../adapters/revox/index.ts"
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { makeRevRingTwin } from "../../adapters/revring/Twin.ts"
import * as Vapi from "../../adapters/vapi/index.ts"
import { makeVapiTwin } from "../../adapters/vapi/Twin.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import type { AgentInfo, NumberInfo } from "../../src/provider/Catalog.ts"
import { inTime, serviceOver, START } from "../../src/testing/liveSite.ts"
import { twinHttpClient } from "../../src/testing/index.ts"
import type { Twin } from "../../src/twin/twin.ts"

const BASE_URL = "http://127.0.0.1:4019"
const options = { apiKey: Redacted.make("twin-key"), baseUrl: BASE_URL }

type Lists = "agents" | "numbers"

const LISTS: ReadonlyArray<Lists> = ["agents", "numbers"]

/** Each with the path of its lists, and entries as the provider wraps them. */
const providers = {
  Revox: {
    made: Revox.make(options),
    body: (of: Lists, entries: unknown) => ({ [of === "agents" ? "assistants" : "phone_numbers"]: entries }),
    agent: (id: unknown) => ({ id, name: "Ada" }),
    number: (id: unknown, phone_number: unknown, more = {}) => ({ id, phone_number, ...more })
  },
  RevRing: {
    made: RevRing.make(options),
    body: (_: Lists, data: unknown) => ({ data }),
    agent: (id: unknown) => ({ id, name: "Ada" }),
    number: (id: unknown, e164: unknown, more = {}) => ({ id: `agent of ${id}`, phoneNumbers: [{ id, e164, ...more }] })
  },
  Vapi: {
    made: Vapi.make(options),
    body: (_: Lists, entries: unknown) => entries,
    agent: (id: unknown) => ({ id, name: "Ada", createdAt: "2026-03-02T15:00:00.000Z" }),
    number: (id: unknown, number: unknown, more = {}) => ({
      id,
      number,
      createdAt: "2026-03-02T15:00:00.000Z",
      ...more
    })
  }
}

type Name = keyof typeof providers

const names: ReadonlyArray<Name> = ["Revox", "RevRing", "Vapi"]

const listed = (provider: CallProvider, of: Lists) =>
  Effect.gen(function* () {
    const calls = yield* serviceOver(provider)
    const items: Array<AgentInfo | NumberInfo> = []
    const stream: Stream.Stream<AgentInfo | NumberInfo, unknown> = of === "agents" ? calls.agents() : calls.numbers()
    const result = yield* inTime(
      Effect.result(Stream.runForEach(stream, (item) => Effect.sync(() => items.push(item))))
    )
    return { items, ids: items.map(({ id }) => id), failure: Result.isFailure(result) ? result.failure : undefined }
  })

type Answer = (url: URL) => Response

const answering = (name: Name, answer: Answer) =>
  providers[name].made.pipe(
    Effect.provideService(
      HttpClient.HttpClient,
      HttpClient.make((request, url) => Effect.succeed(HttpClientResponse.fromWeb(request, answer(url))))
    )
  )

const overTwin = (made: (typeof providers)[Name]["made"], twin: Twin) =>
  made.pipe(Effect.provideService(HttpClient.HttpClient, twinHttpClient([{ twin, baseUrl: BASE_URL }])))

/** What a list says that is cut at a moment has nothing before it. */
const once =
  (body: unknown): Answer =>
  (url) =>
    Response.json(url.searchParams.has("createdAtLt") ? [] : body)

describe("what an account has", () => {
  it.effect("is told as each provider tells it", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const revox = yield* overTwin(providers.Revox.made, makeRevoxTwin())
      const [first, second] = (yield* listed(revox, "agents")).items
      expect(first).toEqual({
        kind: "agent",
        provider: "revox",
        id: expect.any(String),
        name: "Twin assistant",
        createdAt: "2026-01-01T00:00:00.000Z",
        updatedAt: "2026-01-01T00:00:00.000Z"
      })
      expect(second).toMatchObject({ name: "French assistant of the twin" })
      expect((yield* listed(revox, "numbers")).items).toMatchObject([
        { kind: "number", provider: "revox", e164: "+12025550199", agentIds: [] },
        { kind: "number", provider: "revox", e164: "+33199009999", label: "Paris", agentIds: [first?.id] }
      ])

      const revring = yield* overTwin(providers.RevRing.made, makeRevRingTwin())
      const agents = (yield* listed(revring, "agents")).items
      expect(agents).toMatchObject([
        { name: "Twin agent", language: "en" },
        { name: "French agent of the twin", language: "fr" }
      ])
      expect((yield* listed(revring, "numbers")).items).toMatchObject([
        { e164: "+12025550199", agentIds: [agents[0]?.id] },
        { e164: "+33199009999", agentIds: [agents[1]?.id] }
      ])

      const vapi = yield* overTwin(providers.Vapi.made, makeVapiTwin())
      const assistants = yield* listed(vapi, "agents")
      expect(assistants).toMatchObject({
        items: [
          { name: "French assistant of the twin", language: "fr" },
          { name: "Twin assistant", language: "en" }
        ],
        failure: undefined
      })
      const numbers = yield* listed(vapi, "numbers")
      expect(numbers.items).toEqual([
        expect.objectContaining({ label: "SIP address of the twin", agentIds: [] }),
        expect.objectContaining({ e164: "+33199009999", agentIds: [] }),
        expect.objectContaining({ e164: "+12025550199", label: "Number of the twin", agentIds: [assistants.ids[1]] })
      ])
      expect(numbers.items[0]).not.toHaveProperty("e164")
      expect(JSON.stringify([numbers, assistants])).not.toContain("secret-of-the-twin")
    })
  )

  it.effect("is every page of a list that has several", () =>
    Effect.gen(function* () {
      const made = Array.from({ length: 7 }, (_, minute) => `2026-03-02T15:0${7 - minute}:00.000Z`)
      const asked: Array<string> = []
      const vapi = yield* Vapi.make({ ...options, pageSize: 3 }).pipe(
        Effect.provideService(
          HttpClient.HttpClient,
          HttpClient.make((request, url) => {
            asked.push(`${url.pathname} ${url.searchParams.get("limit")}`)
            const until = url.searchParams.get("createdAtLt")
            const found = made.filter((createdAt) => until === null || createdAt < until).slice(0, 3)
            const body = found.map((createdAt) => ({ id: `agent ${createdAt}`, createdAt }))
            return Effect.succeed(HttpClientResponse.fromWeb(request, Response.json(body)))
          })
        )
      )
      const overPages = Vapi.make({ ...options, pageSize: 2 })
      expect(yield* listed(yield* overTwin(overPages, makeVapiTwin()), "numbers")).toMatchObject({
        items: { length: 3 },
        failure: undefined
      })
      const { ids, failure } = yield* listed(vapi, "agents")
      expect(ids).toEqual(made.map((createdAt) => `agent ${createdAt}`))
      expect(failure).toBeUndefined()
      expect(new Set(asked)).toEqual(new Set(["/assistant 3"]))
    })
  )

  it.effect("is not whole where a later page fails, and what came before is told", () =>
    Effect.gen(function* () {
      const body = [{ id: "agent-1", createdAt: "2026-03-02T15:00:00.000Z" }]
      const vapi = yield* answering("Vapi", (url) =>
        url.searchParams.has("createdAtLt") ? new Response("down", { status: 500 }) : Response.json(body)
      )
      const { ids, failure } = yield* listed(vapi, "agents")
      expect(ids).toEqual(["agent-1"])
      expect(failure).toMatchObject({ operation: "agents", reason: { _tag: "ProviderUnavailable" } })
    })
  )

  it.effect("at RevRing is each number once, with all agents that have it", () =>
    Effect.gen(function* () {
      const shared = { id: "number-1", e164: "+12025550199" }
      const data = [
        { id: "agent-1", phoneNumbers: [shared] },
        { id: "agent-2", phoneNumbers: [shared, { e164: "+33199009999" }] },
        { id: "agent-3", phoneNumbers: [] },
        { id: "agent-4" },
        { id: "agent-5", phoneNumbers: null }
      ]
      const { items, failure } = yield* listed(yield* answering("RevRing", once({ data })), "numbers")
      expect(items).toMatchObject([
        { e164: "+12025550199", agentIds: ["agent-1", "agent-2"] },
        { e164: "+33199009999", agentIds: ["agent-2"] }
      ])
      expect(failure).toBeUndefined()
      expect(RevRing.capabilities.listNumbers).toMatchObject({ holds: "assigned" })
      for (const { capabilities } of [Revox, Vapi]) expect(capabilities.listNumbers).toMatchObject({ holds: "all" })
    })
  )
})

describe.each(names)("at %s", (name) => {
  const { body, agent, number } = providers[name]
  const entry = (of: Lists, id: unknown, more: object = {}) =>
    of === "agents" ? { ...agent(id), ...more } : number(id, "+12025550199", more)

  it.effect("an empty list is a list", () =>
    Effect.gen(function* () {
      for (const of of LISTS) {
        const { items, failure } = yield* listed(yield* answering(name, once(body(of, []))), of)
        expect([items, failure]).toEqual([[], undefined])
      }
    })
  )

  it.effect.each([null, 17, "nothing", { error: "none" }, { data: { items: {} } }])(
    "what is no list is said to be none: %j",
    (answer) =>
      Effect.gen(function* () {
        for (const of of LISTS) {
          const { items, failure } = yield* listed(yield* answering(name, once(answer)), of)
          expect(items).toEqual([])
          expect(failure).toMatchObject({ operation: of, reason: { _tag: "UnreadableResponse" } })
        }
      })
  )

  it.effect("an entry that cannot be read costs nobody else, and is told of at the end", () =>
    Effect.gen(function* () {
      for (const of of LISTS) {
        const entries = [entry(of, "a"), null, 17, "b", [], {}, entry(of, null), entry(of, { id: 1 }), entry(of, "c")]
        const { ids, failure } = yield* listed(yield* answering(name, once(body(of, entries))), of)
        expect(ids).toContain("a")
        expect(ids).toContain("c")
        expect(failure).toMatchObject({ operation: of, reason: { _tag: "Incomplete", delivered: ids.length } })
        expect(String(failure)).toMatch(/\d items could not be read/)
      }
    })
  )

  it.effect("fields that are no text, and fields that nobody knows, are left out", () =>
    Effect.gen(function* () {
      const odd = { name: 7, label: {}, language: [], createdAt: "yesterday", toString: "x", __proto__: { id: "y" } }
      for (const of of LISTS) {
        const { items } = yield* listed(yield* answering(name, once(body(of, [entry(of, "a", odd)]))), of)
        expect(items).toHaveLength(1)
        for (const field of ["name", "label", "language", "createdAt", "toString"])
          expect(Object.hasOwn(items[0] ?? {}, field)).toBe(false)
      }
    })
  )

  it.effect("what is listed twice is told once", () =>
    Effect.gen(function* () {
      for (const of of LISTS) {
        const twice = [entry(of, "a"), entry(of, "b"), entry(of, "a")]
        expect((yield* listed(yield* answering(name, once(body(of, twice))), of)).ids).toEqual(["a", "b"])
      }
    })
  )

  it.effect("a long list is told to its end", () =>
    Effect.gen(function* () {
      for (const of of LISTS) {
        const entries = Array.from({ length: 20_000 }, (_, index) => entry(of, `id-${index}`))
        expect((yield* listed(yield* answering(name, once(body(of, entries))), of)).ids).toHaveLength(20_000)
      }
    })
  )

  it.effect("secrets of what is listed are not told", () =>
    Effect.gen(function* () {
      const secret = "Zanzibar-5521"
      const secrets = {
        apiKey: secret,
        server: { headers: { a: secret } },
        webhook_url: `https://x.invalid/?k=${secret}`
      }
      for (const of of LISTS) {
        const found = yield* listed(yield* answering(name, once(body(of, [entry(of, "a", secrets)]))), of)
        expect(found.ids).toEqual(["a"])
        expect(JSON.stringify(found)).not.toContain(secret)
      }
    })
  )

  it.effect("what came out of a cache may not be all", () =>
    Effect.gen(function* () {
      const cached: Answer = (url) =>
        Response.json(url.searchParams.has("createdAtLt") ? [] : body("agents", [agent("a")]), {
          headers: { age: "7" }
        })
      const { ids, failure } = yield* listed(yield* answering(name, cached), "agents")
      expect(ids).toEqual(["a"])
      expect(failure).toMatchObject({ reason: { _tag: "Incomplete", because: "it came out of a cache" } })
    })
  )
})

describe("a number", () => {
  it.effect.each(["Revox", "RevRing"] as const)(
    "that is none in E.164 is none at %s, whose orders name the number",
    (name) =>
      Effect.gen(function* () {
        const { body, number } = providers[name]
        const entries = ["+12025550199", "2025550199", "sip:a@b.invalid", "", 7, null].map((e164, at) =>
          number(`n-${at}`, e164)
        )
        const { ids, failure } = yield* listed(yield* answering(name, once(body("numbers", entries))), "numbers")
        expect(ids).toEqual(["n-0"])
        expect(failure).toMatchObject({ reason: { _tag: "Incomplete", because: "5 items could not be read" } })
      })
  )

  it.effect("that is none in E.164 is told by its id at Vapi, whose orders name the id", () =>
    Effect.gen(function* () {
      const entries = ["+12025550199", "1234", null].map((number, at) => providers.Vapi.number(`n-${at}`, number))
      const { items } = yield* listed(yield* answering("Vapi", once(entries)), "numbers")
      expect(items.map((item) => (item.kind === "number" ? [item.id, item.e164] : []))).toEqual([
        ["n-0", "+12025550199"],
        ["n-1", undefined],
        ["n-2", undefined]
      ])
    })
  )
})
