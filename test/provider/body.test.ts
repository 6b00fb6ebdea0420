import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import { LARGEST_MEGABYTES, textOf } from "../../src/provider/http/exchange.ts"

const answered = (body: BodyInit | null, headers: HeadersInit = {}, status = 200) =>
  HttpClientResponse.fromWeb(HttpClientRequest.get("http://127.0.0.1"), new Response(body, { headers, status }))

const MEGABYTE = new Uint8Array(1024 * 1024).fill(120)

/** A body that never ends, and how much of it has been asked for. */
const endless = () => {
  const given = { megabytes: 0, canceled: false }
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      given.megabytes += 1
      controller.enqueue(MEGABYTE)
    },
    cancel: () => {
      given.canceled = true
    }
  })
  return { given, stream }
}

describe("the body of an answer", () => {
  it.effect.each([
    ["with its length", "Grüße", { "content-length": "7" }],
    ["without a length", "Grüße", {}],
    ["that says it is compressed", "Grüße", { "content-encoding": "identity", "content-length": "3" }],
    ["with a length that is none", "Grüße", { "content-length": "many" }]
  ] as const)("%s is read", ([, text, headers]) =>
    Effect.gen(function* () {
      expect(yield* textOf(answered(text, headers))).toBe(text)
    })
  )

  it.effect("that is cut within a letter is put together", () =>
    Effect.gen(function* () {
      const bytes = new TextEncoder().encode("ü€😀")
      const stream = new ReadableStream<Uint8Array>({
        start: (controller) => {
          for (const byte of bytes) controller.enqueue(new Uint8Array([byte]))
          controller.close()
        }
      })
      expect(yield* textOf(answered(stream))).toBe("ü€😀")
    })
  )

  it.effect("that is not there is empty", () =>
    Effect.gen(function* () {
      expect(yield* textOf(answered(null, {}, 204))).toBe("")
      expect(yield* textOf(answered(null))).toBe("")
      expect(yield* textOf(answered(""))).toBe("")
    })
  )

  it.effect("that announces too much is not read", () =>
    Effect.gen(function* () {
      const { given, stream } = endless()
      const length = String((LARGEST_MEGABYTES + 1) * 1024 * 1024)
      expect(yield* Effect.flip(textOf(answered(stream, { "content-length": length })))).toMatchObject({
        _tag: "UnreadableResponse",
        status: 200
      })
      expect(given.megabytes).toBeLessThan(3)
    })
  )

  it.effect("that never ends is left", () =>
    Effect.gen(function* () {
      const { given, stream } = endless()
      expect(yield* Effect.flip(textOf(answered(stream, {}, 502)))).toMatchObject({
        _tag: "UnreadableResponse",
        status: 502
      })
      expect(given.megabytes).toBeLessThan(LARGEST_MEGABYTES + 5)
      expect(given.canceled).toBe(true)
    })
  )
})
