/** Waiting for an order that may never go on: the deadline ends it, and what is told names how the order stood. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Revox from "../../adapters/revox/index.ts"
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import { CallError } from "../../src/provider/CallError.ts"
import { numberOf, START } from "../../src/testing/liveSite.ts"
import { twinHttpClient } from "../../src/testing/index.ts"

const BASE_URL = "http://127.0.0.1/api"

const over = (client: HttpClient.HttpClient) =>
  VoiceCalls.layer([Revox.make({ apiKey: Redacted.make("twin-key"), baseUrl: BASE_URL })]).pipe(
    Layer.provide(layerMemoryJournal),
    Layer.provide(Layer.succeed(HttpClient.HttpClient)(client))
  )

/** What waiting for a call fails with after ten minutes. */
const waitedFor = (id: string) =>
  Effect.gen(function* () {
    const { awaitEnd } = yield* VoiceCalls
    const call = { provider: Revox.revox.providerId, id: OrderId.make(id) }
    const waiting = yield* Effect.forkChild(Effect.flip(awaitEnd(call, { deadline: "10 minutes" })))
    yield* TestClock.adjust("9 minutes")
    expect(waiting.pollUnsafe()).toBeUndefined()
    yield* TestClock.adjust("1 minute")
    return yield* Fiber.join(waiting)
  })

/** A Revox whose every order has this status. */
const answering = (status: string) =>
  HttpClient.make((request, url) => {
    const id = url.pathname.split("/").at(-1)
    const call = { id, call_attempts: [], status, to_phone_number: numberOf("00"), direction: "outbound" }
    return Effect.succeed(HttpClientResponse.fromWeb(request, Response.json({ call })))
  })

describe("waiting for an order", () => {
  it.effect("that is paused ends at its deadline and says so", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const twin = makeRevoxTwin({ apiVersion: "V5" })
      const error = yield* Effect.gen(function* () {
        const { place } = yield* VoiceCalls
        const placed = yield* place({ to: numberOf("63"), agent: { id: "a" }, reference: "lead-1" })
        if (placed.state !== "accepted") throw new Error(`the order is ${placed.state}`)
        return yield* waitedFor(placed.call.id)
      }).pipe(Effect.provide(over(twinHttpClient([{ twin, baseUrl: BASE_URL }]))))
      expect(error.reason._tag).toBe("Unresolved")
      expect(error.message).toMatch(/: its last status is queued \(paused\)$/)
      expect(error.message).not.toContain(numberOf("63"))
    })
  )

  it.effect.each([
    { status: "not_launched", said: "its last status is scheduled (not_launched)" },
    { status: "post_processing", said: "its last status is in_progress (post_processing)" },
    { status: "wrapped up by +12025550188", said: "its last status is not known here" }
  ])("that is $status goes on to its deadline", ({ status, said }) =>
    Effect.gen(function* () {
      const error = yield* waitedFor("order-1").pipe(Effect.provide(over(answering(status))))
      expect(error).toBeInstanceOf(CallError)
      expect(error.reason._tag).toBe("Unresolved")
      expect(error.message.endsWith(`: ${said}`)).toBe(true)
      expect(error.message).not.toContain("12025550188")
    })
  )

  it.effect("that nobody could read says nothing of a status", () =>
    Effect.gen(function* () {
      const client = HttpClient.make((request) =>
        Effect.succeed(HttpClientResponse.fromWeb(request, new Response("", { status: 503 })))
      )
      const error = yield* waitedFor("order-1").pipe(Effect.provide(over(client)))
      expect(error.message).toMatch(/all of it had arrived$/)
    })
  )
})
