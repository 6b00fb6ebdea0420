/** Ending calls at Vapi, which has no way to cancel one: nothing is done that was not asked for by name. */
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Vapi from "../../adapters/vapi/index.ts"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
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

/** A Vapi with one call. Deleting it takes it away, a word at its control address ends it. */
const serverWith = (status: string, monitor: object | undefined = { controlUrl: CONTROL }): Server => {
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
    if (url.href === CONTROL) {
      record = { ...record, status: "ended", endedReason: "manually-canceled" }
      return new Response(null, { status: 200 })
    }
    const found = record
    if (request.method === "DELETE") record = undefined
    return found === undefined ? Response.json({ message: "Not Found" }, { status: 404 }) : Response.json(found)
  }
  const client = HttpClient.make((request, url) => {
    asked.push(`${request.method} ${url.pathname}`)
    keys.push(request.headers["authorization"])
    return Effect.succeed(HttpClientResponse.fromWeb(request, answer(request, url)))
  })
  return { asked, keys, client }
}

const cancelAt = (server: Server, cancelBy?: Vapi.VapiClientOptions["cancelBy"]) =>
  Effect.gen(function* () {
    const { cancel } = yield* VoiceCalls
    return yield* Effect.result(cancel(call))
  }).pipe(
    Effect.provide(
      VoiceCalls.layer([Vapi.make({ apiKey: Redacted.make(KEY), baseUrl: "http://127.0.0.1:4016", cancelBy })]).pipe(
        Layer.provide(layerMemoryJournal),
        Layer.provide(Layer.succeed(HttpClient.HttpClient, server.client))
      )
    )
  )

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
    expect(result).toMatchObject({ success: { outcome: "canceled", order: { status: "scheduled", id: "call-1" } } })
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
