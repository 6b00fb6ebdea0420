import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { valueAt } from "../../src/domain/Json.ts"
import { layerTwins, twinHttpClient } from "../../src/twin/inProcess.ts"
import type { Twin } from "../../src/twin/twin.ts"
import { numberOf, START, type TwinUnderTest, twinsUnderTest } from "./twinsUnderTest.ts"

const [kind, another] = twinsUnderTest
if (kind === undefined || another === undefined) throw new Error("no twins to test")

const placing = ({ baseUrl, placePath, auth, order }: TwinUnderTest) =>
  HttpClientRequest.post(`${baseUrl}${placePath}`, { headers: auth }).pipe(
    HttpClientRequest.bodyJsonUnsafe(order(numberOf("00")))
  )

const clientOf = (twin: Twin) => twinHttpClient([{ twin, baseUrl: kind.baseUrl }])

/** As `fetch` reports what went wrong: an error whose cause has a code. */
const codeOf = ({ reason }: HttpClientError): unknown => {
  const { cause } = reason
  return cause instanceof Error && cause.cause instanceof Error ? valueAt({ ...cause.cause }, ["code"]) : undefined
}

describe("twins in process", () => {
  it.effect("answer each for its address", () =>
    Effect.gen(function* () {
      const twins = twinsUnderTest.map((each) => ({ each, twin: each.make(), baseUrl: each.baseUrl }))
      const client = yield* HttpClient.HttpClient.pipe(Effect.provide(layerTwins(twins)))
      for (const { each, twin } of twins) {
        const reply = yield* client.execute(placing(each))
        expect(reply.status).toBe(each.placed)
        expect(twin.orders).toHaveLength(1)
      }
    })
  )

  it.effect("take several slashes for one, as the vendors' own clients write them", () =>
    Effect.gen(function* () {
      const client = clientOf(kind.make())
      const { origin } = new URL(kind.baseUrl)
      for (const url of [`${origin}//api/call`, `${origin}/api//call`, `${origin}///api///call`]) {
        expect((yield* client.get(url, { headers: kind.auth })).status).toBe(200)
      }
    })
  )

  it.effect("fail for other addresses as for unknown hosts", () =>
    Effect.gen(function* () {
      const client = clientOf(kind.make())
      for (const url of ["https://elsewhere.example.invalid/api/call", "https://www.getrevox.com/apis/call"]) {
        const error = yield* Effect.flip(client.get(url))
        expect([error.reason._tag, codeOf(error)]).toEqual(["TransportError", "ENOTFOUND"])
      }
    })
  )

  it.effect("live in the time of the clock, which their date header tells", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const reply = yield* clientOf(kind.make()).execute(placing(kind))
      expect(reply.headers["date"]).toBe(new Date(START).toUTCString())
      expect(valueAt(yield* reply.json, ["call", "created_at"])).toBe(new Date(START).toISOString())
    })
  )

  it.effect("take the query, and bodies as text, bytes or streams", () =>
    Effect.gen(function* () {
      const twin = kind.make()
      const client = clientOf(twin)
      const text = JSON.stringify(kind.order(numberOf("00")))
      const request = HttpClientRequest.post(`${kind.baseUrl}/call?a=b`, { headers: kind.auth })
      const bytes = new TextEncoder().encode(text)
      for (const body of [
        HttpClientRequest.bodyText(text),
        HttpClientRequest.bodyUint8Array(bytes),
        HttpClientRequest.bodyStream(Stream.make(bytes.slice(0, 9), bytes.slice(9)))
      ]) {
        expect((yield* client.execute(body(request))).status).toBe(200)
      }
      expect(twin.requests.map(({ query, body }) => `${query} ${body}`)).toEqual(Array(3).fill(`a=b ${text}`))
      const error = yield* Effect.flip(client.execute(HttpClientRequest.bodyFormData(new FormData())(request)))
      expect(error.reason._tag).toBe("EncodeError")
    })
  )

  it.effect("answer HEAD without a body", () =>
    Effect.gen(function* () {
      const reply = yield* clientOf(kind.make()).head(`${kind.baseUrl}/call`, { headers: kind.auth })
      expect([reply.status, yield* reply.text]).toEqual([200, ""])
    })
  )
})

describe("a fault in process", () => {
  it.effect("is an error status, or a redirection that is not followed", () =>
    Effect.gen(function* () {
      const client = clientOf(kind.make("place:429+retry-after=2*1,place:redirect=307"))
      const limited = yield* client.execute(placing(kind))
      expect([limited.status, limited.headers["retry-after"]]).toEqual([429, "2"])
      const redirected = yield* client.execute(placing(kind))
      expect([redirected.status, redirected.headers["location"]]).toEqual([307, "/login"])
    })
  )

  it.effect("is a closed connection", () =>
    Effect.gen(function* () {
      const twin = kind.make("place:drop/accepted")
      const error = yield* Effect.flip(clientOf(twin).execute(placing(kind)))
      expect([error.reason._tag, codeOf(error)]).toEqual(["TransportError", "UND_ERR_SOCKET"])
      expect(twin.orders).toHaveLength(1)
    })
  )

  it.effect("is no answer, however long one waits", () =>
    Effect.gen(function* () {
      const twin = kind.make("place:hang")
      const asking = yield* Effect.forkChild(Effect.timeoutOption(clientOf(twin).execute(placing(kind)), "1 day"))
      yield* TestClock.adjust("1 day")
      expect((yield* Fiber.join(asking))._tag).toBe("None")
      expect(twin.orders).toHaveLength(0)
    })
  )

  it.effect("is a late answer, with the work done at once", () =>
    Effect.gen(function* () {
      const twin = kind.make("place:delay=90")
      const asking = yield* Effect.forkChild(clientOf(twin).execute(placing(kind)))
      yield* TestClock.adjust("89 seconds")
      expect([twin.orders.length, asking.pollUnsafe()]).toEqual([1, undefined])
      yield* TestClock.adjust("1 second")
      expect((yield* Fiber.join(asking)).status).toBe(200)
    })
  )

  it.effect("is an error status after a while, with the work done or not as it is told", () =>
    Effect.gen(function* () {
      for (const [faults, placed] of [
        ["place:504+delay=30+retry-after=2", 0],
        ["place:504+delay=30/accepted", 1]
      ] as const) {
        const twin = kind.make(faults)
        const reply = yield* Effect.forkChild(clientOf(twin).execute(placing(kind)))
        yield* TestClock.adjust("29 seconds")
        expect(reply.pollUnsafe()).toBeUndefined()
        expect(twin.orders).toHaveLength(placed)
        yield* TestClock.adjust("1 second")
        expect((yield* Fiber.join(reply)).status).toBe(504)
      }
    })
  )

  it.effect("is a body that takes its time", () =>
    Effect.gen(function* () {
      const twin = kind.make("place:slow_body=40")
      const reply = yield* clientOf(twin).execute(placing(kind))
      expect(reply.status).toBe(200)
      const reading = yield* Effect.forkChild(reply.json)
      yield* TestClock.adjust("40 seconds")
      expect(valueAt(yield* Fiber.join(reading), ["call", "id"])).toBe(twin.orders[0]?.id)
    })
  )

  it.effect("is a body that breaks off", () =>
    Effect.gen(function* () {
      const reply = yield* clientOf(kind.make("place:garble=cut")).execute(placing(kind))
      expect(reply.status).toBe(200)
      expect((yield* Effect.flip(reply.text)).reason._tag).toBe("DecodeError")
    })
  )

  it.effect("is a body of no UTF-8", () =>
    Effect.gen(function* () {
      const reply = yield* clientOf(kind.make("place:garble=invalid_utf8")).execute(placing(kind))
      const bytes = new Uint8Array(yield* reply.arrayBuffer)
      expect([bytes[0], bytes[1]]).toEqual([0xff, 0xfe])
    })
  )
})
