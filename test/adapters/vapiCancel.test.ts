/** Ending calls at Vapi, which has no way to cancel one: nothing is done that was not asked for by name. */
import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { makeVapiTwin } from "../../adapters/vapi/Twin.ts"
import { twinHttpClient } from "../../src/twin/inProcess.ts"
import * as Vapi from "../../adapters/vapi/index.ts"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import type { CallRef } from "../../src/provider/CallError.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"

const KEY = "key-of-the-test"
const CONTROL = "http://127.0.0.1:4099/hidden-control/control"
const call = { provider: ProviderId.make("vapi"), id: OrderId.make("call-1") }

interface Server {
  readonly asked: Array<string>
  readonly keys: Array<string | undefined>
  readonly client: HttpClient.HttpClient
}

interface Quirks {
  /** Statuses of the answers to the first deletions, before one is answered as it was done. A 503 deletes all the same. */
  readonly deletions?: Array<number>
  /** Statuses of the answers to the reads from the third on, before one is answered as it is. */
  readonly reads?: Array<number>
  /** A page of somebody on the way, who answers the first deletion and passes nothing on. */
  readonly page?: string
  /** What a deletion tells of the call. @default nothing else than before */
  readonly deletedAs?: object
  /** Status of what the control address answers, and that of the call afterwards. */
  readonly control?: readonly [answer: number, status: string]
}

/** A Vapi with one call. Deleting it takes it away, a word at its control address ends it. */
const serverWith = (
  status: string,
  monitor: { readonly controlUrl: string } | undefined = { controlUrl: CONTROL },
  { deletions = [], reads = [], page, deletedAs = {}, control = [200, "ended"] }: Quirks = {}
): Server => {
  const asked: Array<string> = []
  const keys: Array<string | undefined> = []
  let record: object | undefined = {
    id: "call-1",
    orgId: "org-1",
    createdAt: "2026-03-02T15:00:00.000Z",
    updatedAt: "2026-03-02T15:00:00.000Z",
    type: "outboundPhoneCall",
    status,
    monitor
  }
  const answer = (request: HttpClientRequest.HttpClientRequest, url: URL): Response => {
    if (url.href === monitor?.controlUrl) {
      const [answered, status] = control
      if (record !== undefined)
        record = { ...record, status, ...(status === "ended" ? { endedReason: "manually-canceled" } : {}) }
      return new Response(null, { status: answered })
    }
    const found = record === undefined || request.method !== "DELETE" ? record : { ...record, ...deletedAs }
    if (request.method === "DELETE") {
      if (page !== undefined) return new Response(page, { status: 200 })
      const status = deletions.shift()
      if (status === undefined || status === 503) record = undefined
      if (status !== undefined) return Response.json({ message: "any" }, { status })
    }
    const fault = asked.length > 2 ? reads.shift() : undefined
    if (fault !== undefined) return Response.json({ message: "any" }, { status: fault })
    return found === undefined ? Response.json({ message: "Not Found" }, { status: 404 }) : Response.json(found)
  }
  const client = HttpClient.make((request, url) => {
    asked.push(`${request.method} ${url.pathname}${url.search}`)
    keys.push(request.headers["authorization"])
    return Effect.succeed(HttpClientResponse.fromWeb(request, answer(request, url)))
  })
  return { asked, keys, client }
}

const vapiWith = (cancelBy?: Vapi.VapiClientOptions["cancelBy"]) =>
  Vapi.make({
    apiKey: Redacted.make(KEY),
    baseUrl: "http://127.0.0.1:4016",
    cancelBy,
    phoneNumbers: { "+12025550177": "number-7" },
    retry: { base: "0 millis" }
  })

const layerOf = (client: HttpClient.HttpClient, cancelBy?: Vapi.VapiClientOptions["cancelBy"]) =>
  VoiceCalls.layer([vapiWith(cancelBy)]).pipe(
    Layer.provideMerge(layerMemoryJournal),
    Layer.provide(Layer.succeed(HttpClient.HttpClient, client))
  )

const cancelAt = (server: Server, cancelBy?: Vapi.VapiClientOptions["cancelBy"]) =>
  Effect.gen(function* () {
    const { cancel } = yield* VoiceCalls
    return yield* Effect.result(cancel(call))
  }).pipe(Effect.provide(layerOf(server.client, cancelBy)))

const BOTH = { scheduled: "deleting_record", running: "control_address" } as const

it.effect("without a word on how, canceling is Unsupported and nothing is asked", () =>
  Effect.gen(function* () {
    const server = serverWith("scheduled")
    for (const cancelBy of [undefined, {}]) {
      expect(yield* cancelAt(server, cancelBy)).toMatchObject({ failure: { reason: { _tag: "Unsupported" } } })
    }
    expect(server.asked).toEqual([])
  })
)

it.effect("a scheduled call is deleted, where that was asked for, and told as it last was", () =>
  Effect.gen(function* () {
    const server = serverWith("scheduled", undefined)
    const result = yield* cancelAt(server, { scheduled: "deleting_record" })
    expect(result).toMatchObject({
      success: {
        outcome: "canceled",
        order: {
          status: "canceled",
          terminal: true,
          providerStatus: "scheduled",
          reach: { value: "canceled", because: ["cancel=deleted"] },
          attempts: [{ status: "canceled" }]
        }
      }
    })
    expect(server.asked).toEqual(["GET /call/call-1", "GET /call/call-1", "DELETE /call/call-1"])
  })
)

it.effect("a running call is hung up at its control address, where that was asked for, without the key", () =>
  Effect.gen(function* () {
    const server = serverWith("in-progress")
    const result = yield* cancelAt(server, { running: "control_address" })
    expect(result).toMatchObject({ success: { outcome: "canceled", order: { status: "canceled" } } })
    expect(server.asked.at(2)).toBe("POST /hidden-control/control")
    expect(server.keys.map((key) => key === `Bearer ${KEY}`)).toEqual([true, true, false, true])
    expect(JSON.stringify(result)).not.toContain("hidden-control")
  })
)

it.effect.each([
  ["a queued call", "queued", { scheduled: "deleting_record", running: "control_address" }],
  ["a running call that was not to be hung up", "in-progress", { scheduled: "deleting_record" }],
  ["a scheduled call that was not to be deleted", "scheduled", { running: "control_address" }]
] as const)("%s goes on", ([, status, cancelBy]) =>
  Effect.gen(function* () {
    const server = serverWith(status)
    expect(yield* cancelAt(server, cancelBy)).toMatchObject({ success: { outcome: "cannot" } })
    expect(server.asked.every((line) => line === "GET /call/call-1")).toBe(true)
  })
)

it.effect("an address that is none, or is not safe, is not asked and not shown", () =>
  Effect.gen(function* () {
    for (const controlUrl of ["hidden-address", "http://elsewhere.example/hidden-address", "file:///hidden-address"]) {
      const server = serverWith("ringing", { controlUrl })
      const result = yield* cancelAt(server, { running: "control_address" })
      expect(server.asked.filter((line) => !line.startsWith("GET /call/"))).toEqual([])
      expect(JSON.stringify(result)).not.toContain("hidden-address")
    }
  })
)

it.effect.each([
  ["the answer was lost and it is not found any more", [503]],
  ["no answer tells that it was done", [503, 503, 503, 503, 503]]
] as const)("a deletion counts as done where %s", ([, deletions]) =>
  Effect.gen(function* () {
    const server = serverWith("scheduled", undefined, { deletions: [...deletions] })
    expect(yield* cancelAt(server, BOTH)).toMatchObject({ success: { outcome: "canceled" } })
  })
)

it.effect.each([
  [
    "refuses and has it still",
    [404],
    { success: { outcome: "cannot", because: expect.stringContaining("still there") } }
  ],
  ["has a fault and has it still", [500, 500, 500, 500, 500], { failure: { reason: { _tag: "ProviderUnavailable" } } }]
] as const)("a deletion does not count where the provider %s", ([, deletions, expected]) =>
  Effect.gen(function* () {
    const server = serverWith("scheduled", undefined, { deletions: [...deletions] })
    expect(yield* cancelAt(server, BOTH)).toMatchObject(expected)
  })
)

it.effect("a deletion does not count where nobody can say whether the call is gone", () =>
  Effect.gen(function* () {
    const quirks = { deletions: Array(5).fill(503), reads: Array(5).fill(500) }
    const server = serverWith("scheduled", undefined, quirks)
    expect(yield* cancelAt(server, BOTH)).toMatchObject({ failure: { reason: { _tag: "ProviderUnavailable" } } })
  })
)

it.effect.each(["<html>Sign in</html>", "", "null", "[]"])(
  "a deletion does not count where somebody on the way answered it with %j, and the record is there",
  (page) =>
    Effect.gen(function* () {
      const server = serverWith("scheduled", undefined, { page })
      expect(yield* cancelAt(server, BOTH)).toMatchObject({ failure: { reason: { _tag: "UnreadableResponse" } } })
      expect(server.asked.at(-1)).toBe("GET /call/call-1")
    })
)

it.effect("a deletion that is refused for good is not looked into", () =>
  Effect.gen(function* () {
    const server = serverWith("scheduled", undefined, { deletions: [403] })
    expect(yield* cancelAt(server, BOTH)).toMatchObject({ failure: { reason: { _tag: "Forbidden" } } })
    expect(server.asked.slice(2)).toEqual(["DELETE /call/call-1"])
  })
)

it.effect.each([
  ["customer-ended-call", { status: "completed", attempts: [{ disconnect: { reason: "remote_hangup" } }] }],
  ["call.start.error-get-assistant", { status: "completed", attempts: [{ failure: { kind: "customer_error" } }] }]
] as const)("a call that was over when it was deleted (%s) is told as it ended", ([endedReason, order]) =>
  Effect.gen(function* () {
    const server = serverWith("scheduled", undefined, { deletedAs: { status: "ended", endedReason } })
    expect(yield* cancelAt(server, BOTH)).toMatchObject({ success: { outcome: "already_over", order } })
  })
)

it.effect.each(["in-progress", "ringing", "queued", "deletion-failed"])(
  "a call that is %s by the answer to its deletion is not told as canceled",
  (status) =>
    Effect.gen(function* () {
      const server = serverWith("scheduled", undefined, { deletedAs: { status } })
      const result = yield* cancelAt(server, { scheduled: "deleting_record" })
      expect(result).toMatchObject({
        success: { outcome: "cannot", because: expect.stringContaining("had begun"), order: { id: "call-1" } }
      })
    })
)

it.effect.each([
  { status: "scheduled" },
  { status: "ended", endedReason: "scheduled-call-deleted" },
  { status: undefined },
  { status: null }
])("a call that is %j by the answer to its deletion is canceled", (deletedAs) =>
  Effect.gen(function* () {
    const server = serverWith("scheduled", undefined, { deletedAs })
    expect(yield* cancelAt(server, BOTH)).toMatchObject({ success: { outcome: "canceled" } })
  })
)

describe("a call that had begun when it was deleted", () => {
  const serverAt = (deletedAs: object, quirks: Quirks = {}) =>
    serverWith("scheduled", { controlUrl: CONTROL }, { deletedAs, ...quirks })

  it.effect(
    "is hung up at the address in that answer, where that was asked for, and nobody knows who was on the line",
    () =>
      Effect.gen(function* () {
        const server = serverAt({ status: "ringing" })
        const result = yield* cancelAt(server, BOTH)
        expect(server.asked.slice(2)).toEqual(["DELETE /call/call-1", "POST /hidden-control/control"])
        expect(result).toMatchObject({
          success: {
            outcome: "canceled",
            order: {
              status: "canceled",
              providerStatus: "ringing",
              reach: { value: "unknown", certainty: "inferred", because: ["cancel=hung_up"] },
              attempts: [{ status: "ended" }]
            }
          }
        })
        expect(result).not.toHaveProperty("success.order.attempts.0.answered")
      })
  )

  it.effect("is over for those who wait for all of it, since nothing more can come", () =>
    Effect.gen(function* () {
      const { cancel, awaitEnd } = yield* VoiceCalls
      const waiting = yield* Effect.forkChild(awaitEnd(call, { deadline: "1 hour", until: "enriched" }))
      yield* TestClock.adjust("1 minute")
      yield* cancel(call)
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(waiting)).toMatchObject({ status: "canceled", enriched: { transcript: false } })
    }).pipe(Effect.provide(layerOf(serverAt({ status: "ringing" }).client, BOTH)))
  )

  it.effect("is told with what was said until then", () =>
    Effect.gen(function* () {
      const messages = [
        { role: "bot", message: "Good morning, how are you today?" },
        { role: "user", message: "Fine, what is it about?" }
      ]
      const server = serverAt({ status: "in-progress", artifact: { messages } })
      expect(yield* cancelAt(server, BOTH)).toMatchObject({
        success: { outcome: "canceled", order: { reach: { value: "human" }, attempts: [{ status: "ended" }] } }
      })
    })
  )

  it.effect.each([401, 404, 400, 503])(
    "and whose control address answers %i goes on, and its record is gone",
    (status) =>
      Effect.gen(function* () {
        const server = serverAt({ status: "in-progress" }, { control: [status, "in-progress"] })
        const result = yield* cancelAt(server, BOTH)
        expect(result).toMatchObject({ success: { outcome: "cannot", order: { id: "call-1" } } })
        expect(result).toHaveProperty(
          "success.because",
          expect.stringContaining("when its record was deleted, and hanging it up failed: ")
        )
        expect(JSON.stringify(result)).not.toContain("hidden-control")
      })
  )

  it.effect("and has no control address goes on, and its record is gone", () =>
    Effect.gen(function* () {
      const server = serverAt({ status: "in-progress", monitor: {} })
      expect(yield* cancelAt(server, BOTH)).toMatchObject({
        success: { outcome: "cannot", because: expect.stringMatching(/record was deleted.*the record has none/) }
      })
    })
  )
})

it.effect("of a deletion whose answer was lost, nobody knows whether somebody was on the line", () =>
  Effect.gen(function* () {
    const server = serverWith("scheduled", undefined, { deletions: [503] })
    const result = yield* cancelAt(server, BOTH)
    expect(result).toMatchObject({ success: { outcome: "canceled", order: { attempts: [{ status: "canceled" }] } } })
    expect(result).not.toHaveProperty("success.order.attempts.0.answered")
  })
)

it.effect.each([
  [401, "without a key"],
  [403, "without a key"],
  [404, "may be just over"],
  [410, "may be just over"],
  [400, "refused"]
] as const)("a control address that answers %i is said to have done so, and not the provider", ([status, words]) =>
  Effect.gen(function* () {
    const server = serverWith("in-progress", { controlUrl: CONTROL }, { control: [status, "in-progress"] })
    const result = yield* cancelAt(server, BOTH)
    expect(result).toMatchObject({ success: { outcome: "cannot", order: { status: "in_progress" } } })
    expect(result).toHaveProperty("success.because", expect.stringContaining(words))
    expect(result).toHaveProperty("success.because", expect.stringContaining("monitor.controlUrl"))
    expect(JSON.stringify(result)).not.toContain("hidden-control")
  })
)

it.effect("a control address of a call that is just over leads to how it ended", () =>
  Effect.gen(function* () {
    const server = serverWith("in-progress", { controlUrl: CONTROL }, { control: [404, "ended"] })
    expect(yield* cancelAt(server, BOTH)).toMatchObject({ success: { order: { terminal: true } } })
  })
)

it.effect("a control address is used with its query and its slashes", () =>
  Effect.gen(function* () {
    const server = serverWith("in-progress", { controlUrl: "http://127.0.0.1:4099/control/?token=a%2Fb" })
    expect(yield* cancelAt(server, BOTH)).toMatchObject({ success: { outcome: "canceled" } })
    expect(server.asked).toContain("POST /control/?token=a%2Fb")
  })
)

it.effect.each([
  "https://user:word@127.0.0.1/control",
  "https://127.0.0.1/control#part",
  "no address",
  "http://a.example/c"
])("a control address such as %s is refused with a word", (controlUrl) =>
  Effect.gen(function* () {
    const server = serverWith("in-progress", { controlUrl })
    expect(yield* cancelAt(server, BOTH)).toMatchObject({
      success: { outcome: "cannot", because: expect.stringMatching(/monitor\.controlUrl: expected .*address|https/) }
    })
  })
)

describe("at the twin", () => {
  const FROM = "+12025550177"
  const order = { to: "+12025550100", from: FROM, agent: { id: "assistant-1" }, reference: "lead-7" }
  const clientOf = (twin = makeVapiTwin({ apiKey: KEY })) =>
    twinHttpClient([{ twin, baseUrl: "http://127.0.0.1:4016" }])
  const placed = Effect.fnUntraced(function* (input: object = {}) {
    const { place } = yield* VoiceCalls
    const answer = yield* place({ ...order, ...input })
    if (answer.state !== "accepted") throw new Error(answer.state)
    return answer.call
  })

  it.effect(
    "a scheduled call is gone: its waiters hear of it, its placement has ended, and it is over ever after",
    () =>
      Effect.gen(function* () {
        const { cancel, awaitEnd, watch, get, list, reconcile, reconcileStale } = yield* VoiceCalls
        const scheduled = yield* placed({ scheduledAt: "1971-01-01T00:00:00Z" })
        const waiting = yield* Effect.forkChild(awaitEnd(scheduled, { deadline: "1 hour", until: "enriched" }))
        const seen = Deferred.makeUnsafe<void>()
        const watching = yield* watch(scheduled, { deadline: "1 hour" }).pipe(
          Stream.tap(() => Deferred.succeed(seen, undefined)),
          Stream.runCollect,
          Effect.forkChild
        )
        yield* Deferred.await(seen)
        expect(yield* cancel(scheduled)).toMatchObject({ outcome: "canceled", order: { status: "canceled" } })
        yield* TestClock.adjust("10 seconds")
        expect(yield* Fiber.join(waiting)).toMatchObject({ status: "canceled", reference: "lead-7" })
        expect((yield* Fiber.join(watching)).map(({ status }) => status)).toEqual(["scheduled", "canceled"])
        expect(yield* cancel(scheduled)).toMatchObject({ outcome: "already_over", order: { status: "canceled" } })
        expect(yield* get(scheduled)).toMatchObject({ status: "canceled", reach: { value: "canceled" } })
        expect(yield* Stream.runCollect(list())).toEqual([])
        yield* TestClock.adjust("1 hour")
        expect(yield* reconcileStale({ olderThan: "1 second" })).toEqual([])
        expect(yield* reconcile("lead-7")).toMatchObject({ state: "accepted", order: { status: "canceled" } })
      }).pipe(Effect.provide(layerOf(clientOf(), BOTH)))
  )

  it.effect("a deleted call is over for another service on the same journal too", () =>
    Effect.gen(function* () {
      const client = clientOf()
      const journal = yield* PlacementJournal
      const inService = <A, E>(use: Effect.Effect<A, E, VoiceCalls>) =>
        use.pipe(
          Effect.provide(
            VoiceCalls.layer([vapiWith(BOTH)]).pipe(
              Layer.provide(Layer.succeed(PlacementJournal, journal)),
              Layer.provide(Layer.succeed(HttpClient.HttpClient, client))
            )
          )
        )
      const cancel = (ref: CallRef) => Effect.flatMap(VoiceCalls, (calls) => Effect.result(calls.cancel(ref)))
      const scheduled = yield* inService(placed({ scheduledAt: "1971-01-01T00:00:00Z" }))
      expect(yield* inService(cancel(scheduled))).toMatchObject({ success: { outcome: "canceled" } })
      expect(yield* inService(cancel(scheduled))).toMatchObject({
        success: { outcome: "already_over", order: { status: "canceled", terminal: true, id: scheduled.id } }
      })
      expect(yield* inService(cancel(call))).toMatchObject({ failure: { reason: { _tag: "NotFound" } } })
    }).pipe(Effect.provide(layerMemoryJournal))
  )

  it.effect("a running call is hung up, and a queued one goes on", () =>
    Effect.gen(function* () {
      const { cancel, get } = yield* VoiceCalls
      const running = yield* placed()
      expect(yield* cancel(running)).toMatchObject({ outcome: "cannot", order: { status: "queued" } })
      yield* TestClock.adjust("6 seconds")
      expect((yield* get(running)).status).toBe("in_progress")
      expect(yield* cancel(running)).toMatchObject({ outcome: "canceled", order: { status: "canceled" } })
      expect(yield* cancel(running)).toMatchObject({ outcome: "already_over" })
    }).pipe(Effect.provide(layerOf(clientOf(), BOTH)))
  )

  it("takes commands of a call that runs, and of no other", () => {
    const twin = makeVapiTwin({ apiKey: KEY })
    const ask = (method: string, path: string, body: object | undefined, seconds = 0) =>
      twin.respond(
        {
          method,
          path,
          query: new URLSearchParams(),
          headers: path.startsWith("/control/") ? {} : { authorization: `Bearer ${KEY}` },
          body: body === undefined ? "" : JSON.stringify(body)
        },
        seconds * 1000
      )
    ask("POST", "/call", { customer: { number: order.to }, phoneNumberId: "number-1", assistantId: "assistant-1" })
    const id = twin.orders[0]?.id ?? ""
    expect(ask("POST", `/control/${id}`, { type: "end-call" }).status).toBe(404)
    expect(ask("POST", `/control/${id}`, { type: "say" }, 6).status).toBe(400)
    expect(ask("DELETE", `/call/${id}`, undefined, 6).status).toBe(400)
    expect(ask("POST", `/control/${id}`, { type: "end-call" }, 6).status).toBe(200)
    expect(ask("DELETE", `/call/${id}`, undefined, 7).status).toBe(200)
    expect(ask("DELETE", `/call/${id}`, undefined, 8).status).toBe(404)
    expect(ask("GET", `/call/${id}`, undefined, 8).status).toBe(404)
    expect(JSON.parse(String(ask("GET", "/call", undefined, 8).body))).toEqual([])
    expect(twin.orders).toHaveLength(1)
  })
})
