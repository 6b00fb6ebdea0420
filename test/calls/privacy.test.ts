/**
 * Every operation under every fault, with marked values: none of them may stand in a log, a span, a metric or an error.
 * Ids of calls may; what the caller gave, what was said and what opens doors may not.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Revox from "../../adapters/revox/index.ts"
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { makeRevRingTwin } from "../../adapters/revring/Twin.ts"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { JournalError, PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { parsePlaceCall, type PlaceCallInput } from "../../src/domain/PlaceCall.ts"
import { CallError } from "../../src/provider/CallError.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { layerTwins } from "../../src/twin/inProcess.ts"
import { isAnswered } from "../../src/twin/story.ts"
import { stories } from "../../src/twin/stories.ts"
import type { Twin } from "../../src/twin/twin.ts"
import { leaksIn, makeWitness, type Saying, type Witness } from "./witness.ts"

const START = Date.parse("2026-03-02T15:00:00.000Z")

const KEY = "key-of-Zanzibar-4f9a"
const TO = "2025550142"
/** Its story is a long talk with tools. */
const OTHER_TO = "2025550103"
/** Its story never ends. */
const ENDLESS_TO = "2025550160"
const FROM = "2025550177"
const MARKED = {
  variable: "Ada-Zanzibar-variable",
  metadata: "Ada-Zanzibar-metadata",
  prompt: "Ada-Zanzibar-prompt",
  reference: "Ada-Zanzibar-reference"
}

const said = stories.flatMap(({ attempts, summary }) => [
  ...(summary === undefined ? [] : [summary]),
  ...attempts.filter(isAnswered).flatMap(({ turns = [] }) => turns.map(({ text }) => text))
])

const SECRETS: ReadonlyArray<string> = [
  ...Object.values(MARKED),
  KEY,
  TO,
  OTHER_TO,
  ENDLESS_TO,
  FROM,
  "(202) 555-0142",
  "recordings.example.invalid",
  ...new Set(said.filter((text) => text.length > 8))
]

interface Subject {
  readonly id: string
  readonly baseUrl: string
  readonly twin: () => Twin
  readonly make: Effect.Effect<CallProvider, CallError, HttpClient.HttpClient>
  readonly order: PlaceCallInput
  /** More than the provider can do. */
  readonly unsupported: PlaceCallInput
}

const apiKey = Redacted.make(KEY)

const base: PlaceCallInput = {
  to: "(202) 555-0142",
  from: `+1${FROM}`,
  defaultCountry: "US",
  agent: { id: "agent-1" },
  reference: MARKED.reference,
  variables: { name: MARKED.variable }
}

const inline = { inline: { prompt: MARKED.prompt, firstSentence: MARKED.prompt } }

const subjects: ReadonlyArray<Subject> = [
  {
    id: "revox",
    baseUrl: "https://revox.example.invalid/api",
    twin: () => makeRevoxTwin({ apiKey: KEY, listItems: "orders" }),
    make: Revox.make({ apiKey, baseUrl: "https://revox.example.invalid/api" }),
    order: { ...base, provider: "revox", agent: inline, metadata: { note: MARKED.metadata } },
    unsupported: { ...base, provider: "revox", agent: { id: "agent-1" }, retry: { maxAttempts: 0 } }
  },
  {
    id: "revring",
    baseUrl: "https://revring.example.invalid/v1",
    twin: () => makeRevRingTwin({ apiKey: KEY }),
    make: RevRing.make({ apiKey, baseUrl: "https://revring.example.invalid/v1" }),
    order: { ...base, provider: "revring" },
    unsupported: { ...base, provider: "revring", metadata: { note: MARKED.metadata }, agent: inline }
  }
]

const FAULTS = [
  "400",
  "401",
  "403",
  "404",
  "408",
  "409",
  "422",
  "429+retry-after=1",
  "500+form=html",
  "502+form=text",
  "503+form=empty",
  "delay=5",
  "delay=100",
  "hang",
  "drop",
  "slow_body=5",
  "slow_body=500",
  "garble=html",
  "garble=truncated",
  "garble=empty",
  "garble=not_json",
  "garble=wrong_shape",
  "garble=no_id",
  "garble=invalid_utf8",
  "garble=cut",
  "redirect=301",
  "redirect=307",
  "redirect=308",
  "500/accepted",
  "hang/accepted",
  "drop/accepted",
  "garble=truncated/accepted",
  "garble=no_id/accepted",
  "redirect=307/accepted"
]

const MOST_MINUTES = 500

/** Runs to its end, time passing as it needs to. */
const lettingTimePass = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(effect)
  for (let minute = 0; minute < MOST_MINUTES && fiber.pollUnsafe() === undefined; minute++) {
    yield* TestClock.adjust("1 minute")
    // A body that arrives in pieces passes through promises.
    yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
  }
  expect(fiber.pollUnsafe()).toBeDefined()
  return yield* Fiber.join(fiber)
})

type Calls = VoiceCalls["Service"]

interface Attended {
  readonly calls: Calls
  readonly witness: Witness
}

/** Every operation, on an order that was taken and on others; whether they succeed is not asked here. */
const everything = Effect.fnUntraced(function* (
  { calls, witness }: Attended,
  { id, order, unsupported }: Subject,
  [callId = "order-1", endlessId = "order-2"]: ReadonlyArray<string>
) {
  const provider = ProviderId.make(id)
  const taken = { provider, id: OrderId.make(callId) }
  const endless = { provider, id: OrderId.make(endlessId) }
  const unknown = { provider, id: OrderId.make("unknown") }
  const deadline = { deadline: "3 minutes" } as const
  const operations: { readonly [name: string]: Effect.Effect<unknown, unknown> } = {
    place: calls.place(order),
    "place anew": calls.place({ ...order, reference: `${MARKED.reference}-anew`, to: `+1${OTHER_TO}` }),
    "place with another number": calls.place({ ...order, to: `+1${OTHER_TO}` }),
    "place what cannot be": calls.place(unsupported),
    "place with a number that is none": calls.place({ ...order, to: `tel 1${TO}${TO}` }),
    "place with a reference in two lines": calls.place({ ...order, reference: `${MARKED.reference}\n` }),
    "place at nobody's": calls.place({ ...order, provider: "nobody" }),
    get: calls.get(taken),
    "get what is unknown": calls.get(unknown),
    list: Stream.runDrain(calls.list({ provider: id })),
    "list by status": Stream.runDrain(calls.list({ provider: id, status: ["completed"] })),
    "list by agent": Stream.runDrain(calls.list({ provider: id, agentId: "agent-1" })),
    awaitEnd: calls.awaitEnd(taken, deadline),
    "awaitEnd of what is unknown": calls.awaitEnd(unknown, deadline),
    "awaitEnd, enriched": calls.awaitEnd(taken, { deadline: "30 minutes", until: "enriched" }),
    "awaitEnd of what never ends": calls.awaitEnd(endless, deadline),
    "watch what never ends": Stream.runDrain(calls.watch(endless, deadline)),
    watch: Stream.runDrain(calls.watch(taken, deadline)),
    reconcile: calls.reconcile(MARKED.reference),
    "reconcile what is unknown": calls.reconcile(`${MARKED.reference}-unknown`),
    reconcileStale: calls.reconcileStale({ olderThan: 0 }),
    cancel: calls.cancel(taken),
    "cancel what is unknown": calls.cancel(unknown),
    check: calls.check(id),
    wake: calls.wake(taken),
    release: calls.release(MARKED.reference)
  }
  for (const operation of Object.values(operations)) {
    yield* Effect.ignore(witness.attend(lettingTimePass(operation)))
  }
})

const openCalls = <E>(
  { make }: Subject,
  http: Layer.Layer<HttpClient.HttpClient>,
  journal: Effect.Effect<PlacementJournal["Service"], E>
) =>
  Effect.map(
    Layer.build(
      VoiceCalls.layer([make]).pipe(Layer.provide(Layer.effect(PlacementJournal, journal)), Layer.provide(http))
    ),
    (context) => Context.get(context, VoiceCalls)
  )

/** The spans and errors that came by, so that a test cannot pass by doing nothing. */
const spansIn = (sayings: ReadonlyArray<Saying>): ReadonlyArray<string> => [
  ...new Set(sayings.map(({ way }) => way).filter((way) => way.startsWith("span ")))
]

const OPERATIONS = ["place", "get", "list", "cancel", "awaitEnd", "watch", "reconcile", "check"]
const SPANS = OPERATIONS.map((operation) => `span VoiceCalls.${operation}`)

const REASONS = [
  "Unauthorized",
  "Forbidden",
  "NotFound",
  "InvalidRequest",
  "RateLimited",
  "ProviderUnavailable",
  "NetworkError",
  "TimedOut",
  "UnreadableResponse",
  "Unsupported",
  "PlacementUncertain",
  "Unresolved",
  "AtCapacity",
  "Incomplete",
  "JournalError"
]

const heardOf = new Set<string>()

const expectSilence = Effect.fnUntraced(function* (witness: Witness) {
  const sayings = yield* witness.sayings
  expect(leaksIn(sayings, SECRETS)).toEqual([])
  expect(spansIn(sayings)).toEqual(expect.arrayContaining(SPANS))
  const errors = sayings.filter(({ way }) => way === "error")
  for (const reason of REASONS) if (errors.some(({ text }) => text.includes(reason))) heardOf.add(reason)
  expect(errors).not.toEqual([])
  return sayings
})

const withFreshMetrics = Effect.provideService(Metric.MetricRegistry, new Map())

describe.each(subjects.map((subject) => [subject.id, subject] as const))("nothing leaks from %s", (_, subject) => {
  it.effect.each(["none", ...FAULTS])("with the fault %s", (fault) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const twin = subject.twin()
      const witness = yield* makeWitness
      const http = layerTwins([{ twin, baseUrl: subject.baseUrl }])
      const calls = yield* witness.attend(openCalls(subject, http, makeMemoryJournal))
      for (const number of [OTHER_TO, ENDLESS_TO]) {
        const order = { ...subject.order, reference: `${MARKED.reference}-${number}`, to: `+1${number}` }
        expect(yield* witness.attend(calls.place(order))).toMatchObject({ state: "accepted" })
      }
      if (fault !== "none") twin.setFaults(`*:${fault}`)
      yield* everything(
        { calls, witness },
        subject,
        twin.orders.map(({ id }) => id)
      )
      yield* expectSilence(witness)
    }).pipe(withFreshMetrics)
  )

  it.effect("with a provider whose errors echo the request", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      for (const status of [200, 400, 401, 404, 422, 429, 500, 503]) {
        const witness = yield* makeWitness
        const calls = yield* witness.attend(openCalls(subject, layerEcho(status), makeMemoryJournal))
        yield* everything({ calls, witness }, subject, [])
        yield* expectSilence(witness)
      }
    }).pipe(withFreshMetrics)
  )

  it.effect("with a transport whose errors quote the request", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const witness = yield* makeWitness
      const calls = yield* witness.attend(openCalls(subject, layerQuoting, makeMemoryJournal))
      yield* everything({ calls, witness }, subject, [])
      yield* expectSilence(witness)
    }).pipe(withFreshMetrics)
  )

  it.effect("with a journal that fails", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const twin = subject.twin()
      const witness = yield* makeWitness
      const inner = yield* makeMemoryJournal
      const error = (operation: JournalError["operation"]) =>
        Effect.fail(new JournalError({ operation, problem: "SQLITE_FULL" }))
      const journal = PlacementJournal.of({ ...inner, settle: () => error("settle"), release: () => error("release") })
      const http = layerTwins([{ twin, baseUrl: subject.baseUrl }])
      const calls = yield* witness.attend(openCalls(subject, http, Effect.succeed(journal)))
      yield* everything({ calls, witness }, subject, [])
      const sayings = yield* expectSilence(witness)
      expect(sayings.filter(({ way, text }) => way.startsWith("log") && text.includes("SQLITE_FULL"))).not.toEqual([])
    }).pipe(withFreshMetrics)
  )

  it.effect("where the port of the provider is used by itself", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const witness = yield* makeWitness
      const order = Result.getOrThrow(parsePlaceCall(subject.order))
      for (const http of [layerEcho(500), layerEcho(422), layerEcho(200), layerQuoting]) {
        const provider = yield* Effect.provide(subject.make, http)
        const request = Result.getOrThrow(provider.request(order))
        yield* Effect.ignore(witness.attend(lettingTimePass(provider.place(request))))
        yield* Effect.ignore(witness.attend(lettingTimePass(provider.getMany([OrderId.make("order-1")], "whole"))))
      }
      const sayings = yield* witness.sayings
      expect(leaksIn(sayings, SECRETS)).toEqual([])
      expect(sayings.filter(({ text }) => text.includes("PlacementUncertain"))).not.toEqual([])
      heardOf.add("PlacementUncertain")
    }).pipe(withFreshMetrics)
  )
})

/** Answers with all it was asked. */
const layerEcho = (status: number): Layer.Layer<HttpClient.HttpClient> =>
  Layer.succeed(HttpClient.HttpClient)(
    HttpClient.make((request, url) =>
      Effect.sync(() => {
        const { body } = request
        const text = body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : ""
        const echo = { message: `refused: ${text}`, url: url.href, headers: { ...request.headers }, ...MARKED, KEY, TO }
        const response = new Response(JSON.stringify(echo), { status, headers: { "x-request-id": "request-1" } })
        return HttpClientResponse.fromWeb(request, response)
      })
    )
  )

/** Fails as Node does on a header it cannot write: with the value in its words. */
const layerQuoting: Layer.Layer<HttpClient.HttpClient> = Layer.succeed(HttpClient.HttpClient)(
  HttpClient.make((request) => {
    const text = request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""
    const quoted = `${text} ${JSON.stringify(request.headers)} ${KEY} ${TO} ${FROM} ${Object.values(MARKED).join(" ")}`
    const cause = new TypeError(quoted, { cause: Object.assign(new Error(quoted), { code: "ECONNRESET", quoted }) })
    const reason = new HttpClientError.TransportError({ request, cause, description: quoted })
    return Effect.fail(new HttpClientError.HttpClientError({ reason }))
  })
)

describe("the witness", () => {
  it("has heard errors of every reason", () => {
    expect([...heardOf].toSorted()).toEqual(REASONS.toSorted())
  })

  it.effect("hears every way out", () =>
    Effect.gen(function* () {
      const witness = yield* makeWitness
      const ways: ReadonlyArray<readonly [secret: string, effect: Effect.Effect<unknown, unknown>]> = [
        ["secret-log", Effect.logTrace("secret-log")],
        ["secret-annotation", Effect.annotateLogs(Effect.logDebug("said"), { mark: "secret-annotation" })],
        ["secret-span", Effect.withSpan(Effect.void, "secret-span")],
        ["secret-attribute", Effect.withSpan(Effect.void, "named", { attributes: { deep: ["secret-attribute"] } })],
        ["secret-metric", Metric.update(Metric.counter("secret-metric"), 1)],
        ["secret-error", Effect.fail(new Error("secret-error"))],
        ["secret-cause", Effect.fail(new Error("said", { cause: new Error("secret-cause") }))],
        ["secret-field", Effect.fail(Object.assign(new Error("said"), { deep: { mark: ["secret-field"] } }))],
        ["secret-exit", Effect.withSpan(Effect.fail("secret-exit"), "failing")],
        ["secret-defect", Effect.die("secret-defect")]
      ]
      for (const [, effect] of ways) yield* Effect.ignore(Effect.exit(witness.attend(effect)))
      const sayings = yield* witness.sayings
      for (const [secret] of ways) expect(leaksIn(sayings, [secret])).not.toEqual([])
      expect(leaksIn(sayings, SECRETS)).toEqual([])
    }).pipe(withFreshMetrics)
  )
})
