/** The outbox over HTTP: options as they are given, and changes that reach a receiver on this machine. */
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { type HttpOutboxAddress, httpOutbox, layerHttpOutbox } from "../../src/node/HttpOutbox.ts"
import { Outbox } from "../../src/outbox/Outbox.ts"
import { makeInMemoryProvider } from "../../src/testing/index.ts"
import { isSignedStandard } from "../../src/webhooks/standardWebhook.ts"
import { opened, order } from "../changes/service.ts"
import { answering, openReceiver } from "./receiver.ts"

const SECRET = `whsec_${"A".repeat(32)}`

const outboxOn = (calls: VoiceCalls["Service"], addresses: { readonly [name: string]: HttpOutboxAddress }) =>
  Effect.map(
    Layer.build(Layer.fresh(layerHttpOutbox({ addresses })).pipe(Layer.provide(Layer.succeed(VoiceCalls)(calls)))),
    (context) => Context.get(context, Outbox)
  )

describe("an outbox over HTTP", () => {
  it.effect("posts changes, signed, to a receiver in a private network where that is allowed", () =>
    Effect.gen(function* () {
      const receiver = yield* openReceiver(answering(200))
      const { calls } = yield* opened(makeInMemoryProvider())
      const crm = { url: receiver.url, secrets: Redacted.make(SECRET), allowPrivate: true }
      yield* outboxOn(calls, { crm })
      yield* calls.place(order)
      yield* Effect.promise(async () => {
        while (receiver.received.length === 0) await new Promise((resolve) => setImmediate(resolve))
      })
      const [{ headers, body } = { headers: {}, body: "" }] = receiver.received
      expect(JSON.parse(body)).toMatchObject({ type: "call.accepted", data: { reference: "lead-1", position: 1 } })
      const given = new Headers(Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]))
      const bytes = new TextEncoder().encode(body)
      // The clock of the test began at 0.
      expect(yield* Effect.promise(() => isSignedStandard([SECRET], { headers: given, body: bytes }, 0, 1000))).toBe(
        true
      )
    })
  )

  it.effect.each<readonly [string, string, Partial<HttpOutboxAddress>]>([
    ["http://127.0.0.1:1/hooks", "outbox.crm.url", {}],
    ["https://192.168.0.1/hooks", "outbox.crm.url", {}],
    ["http://crm.example/hooks", "outbox.crm.url", { allowPrivate: true }],
    ["https://crm.example/hooks", "outbox.crm.ca", { ca: "no certificate" }]
  ])("does not open with %s", ([url, field, options]) =>
    Effect.gen(function* () {
      const { calls } = yield* opened(makeInMemoryProvider())
      const crm = { url, secrets: Redacted.make(SECRET), ...options }
      expect(yield* Effect.flip(outboxOn(calls, { crm }))).toMatchObject({
        operation: "configure",
        reason: { _tag: "InvalidRequest", field }
      })
    })
  )
})

describe("httpOutbox", () => {
  const crm = { url: "https://crm.example/hooks?key=of-the-address", secrets: SECRET }

  it("takes addresses by name", () => {
    expect(httpOutbox({ crm, "crm-2": { ...crm, secrets: [SECRET, SECRET], only: ["ended"] } }).title).toBe("HTTP")
  })

  it.each<readonly [string, object]>([
    ["outbox.crm.url", { url: "crm.example" }],
    ["outbox.crm.url", { url: "https://127.1/" }],
    ["outbox.crm.url", { url: 1 }],
    ["outbox.crm.secrets", { secrets: "of-the-secret" }],
    ["outbox.crm.secrets", { secrets: [] }],
    ["outbox.crm.secrets", { secrets: undefined }],
    ["outbox.crm.only", { only: ["over"] }],
    ["outbox.crm.content", { content: "all" }],
    ["outbox.crm.from", { from: 17 }],
    ["outbox.crm.giveUpAfterSeconds", { giveUpAfterSeconds: 0 }],
    ["outbox.crm.allowPrivate", { allowPrivate: "yes" }],
    ["outbox.crm.retries", { retries: 3 }]
  ])("names what is wrong: %s as in %j", (field, changes) => {
    const wrong = { ...crm, ...changes }
    const messageOf = (): string => {
      try {
        return httpOutbox({ crm: wrong }).title
      } catch (error) {
        return String(error)
      }
    }
    expect(messageOf()).toContain(`TypeError: httpOutbox: ${field}: expected `)
    expect(messageOf()).not.toMatch(/of-the-/)
  })

  it("names a name that cannot be one", () => {
    expect(() => httpOutbox({ "a name": crm })).toThrow("httpOutbox: outbox: expected names of")
  })
})
