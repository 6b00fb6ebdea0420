/** What is taken of a request, whatever it is and whoever it disturbs: the handler never fails, and is never long at it. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { providers, registry } from "../../adapters/index.ts"
import request from "../../adapters/vapi/fixtures/message-assistant-request.json" with { type: "json" }
import { vapi } from "../../adapters/vapi/index.ts"
import { ProviderId } from "../../src/domain/Identifiers.ts"
import { callOf } from "./inboxLaws.ts"
import { AT, messageOf, opened, pass, requestOf } from "./webhookSite.ts"

const idle = { claim: () => Effect.succeed([]) }

describe("an id", () => {
  it.effect.each(["a\u0000b", "\ud800", "x".repeat(201)])(
    "that no provider gives is acknowledged, counted, and not written down: %j",
    (id) =>
      Effect.gen(function* () {
        const site = yield* opened()
        expect(yield* site.send({ body: messageOf(id) })).toMatchObject({ status: 200, text: "ok: its id is none\n" })
        expect(yield* site.waiting).toEqual([])
        const both = [id, "right"].map((each) => ({ call_order_id: each }))
        expect(yield* site.send({ body: JSON.stringify(both) })).toMatchObject({ status: 200, text: "ok\n" })
        expect(yield* site.waiting).toMatchObject([{ orderId: "right" }])
      })
  )

  it.effect("may be of two hundred characters", () =>
    Effect.gen(function* () {
      const site = yield* opened()
      yield* site.statusOf({ body: messageOf("x".repeat(200)) })
      expect(yield* site.waiting).toHaveLength(1)
    })
  )
})

describe("a message of a great many", () => {
  it.effect.each([
    ["calls", (index: number) => ({ call_order_id: `order-${index}` })],
    ["things that are no calls", (index: number) => ({ index })]
  ] as const)("%s is refused at the hundred and first", ([, record]) =>
    Effect.gen(function* () {
      let read = 0
      const counting = {
        ...providers,
        redactor: {
          ...providers.redactor,
          record: (...given: Parameters<typeof providers.redactor.record>) => {
            read += 1
            return providers.redactor.record(...given)
          },
          value: (...given: Parameters<typeof providers.redactor.value>) => {
            read += 1
            return providers.redactor.value(...given)
          }
        }
      }
      const site = yield* opened({ options: { registry: counting } })
      const body = (count: number) => JSON.stringify(Array.from({ length: count }, (_, index) => record(index)))
      expect(yield* site.statusOf({ body: body(100) })).toBe(200)
      read = 0
      expect(yield* site.statusOf({ body: body(5000) })).toBe(413)
      expect(read).toBe(101)
    })
  )

  it.effect("bytes is refused beyond a mebibyte", () =>
    Effect.gen(function* () {
      const site = yield* opened()
      expect(yield* site.statusOf({ body: `"${"x".repeat(1024 * 1024 - 2)}"` })).toBe(200)
      expect(yield* site.statusOf({ body: `"${"x".repeat(1024 * 1024 - 1)}"` })).toBe(413)
    })
  )
})

describe("the handler", () => {
  it.effect("waits for nobody who is slow to say which calls are known", () =>
    Effect.gen(function* () {
      const site = yield* opened({
        inbox: (made) => ({ ...made, ...idle }),
        calls: (made) => ({ ...made, isKnown: () => Effect.never })
      })
      const calls = Array.from({ length: 100 }, (_, index) => ({ call_order_id: `order-${index}` }))
      const handling = yield* Effect.forkChild(site.webhooks.handle(requestOf(AT, JSON.stringify(calls))))
      yield* pass(1.5)
      expect((yield* Fiber.join(handling)).status).toBe(200)
      expect(yield* site.waiting).toHaveLength(100)
    })
  )

  it.effect("answers 503 to what breaks, and takes a message though nobody can say whether its call is known", () =>
    Effect.gen(function* () {
      const broken = yield* opened({ inbox: (made) => ({ ...made, receive: () => Effect.die(new Error("gone")) }) })
      const answer = yield* broken.send({ body: messageOf("one") })
      expect([answer.status, answer.text, answer.headers.get("retry-after")]).toEqual([503, "come again later\n", "60"])
      const site = yield* opened({
        inbox: (made) => ({ ...made, ...idle }),
        calls: (made) => ({ ...made, isKnown: () => Effect.die(new Error("gone")) })
      })
      expect(yield* site.statusOf({ body: messageOf("one") })).toBe(200)
    })
  )

  it.effect("answers 400 to an address that is none", () =>
    Effect.gen(function* () {
      const site = yield* opened()
      const relative = new Proxy(requestOf(AT, messageOf("one")), {
        get: (target, name) => (name === "url" ? "/webhooks/revox" : Reflect.get(target, name, target))
      })
      expect(yield* site.handled(relative)).toMatchObject({ status: 400, text: "no address\n" })
    })
  )
})

describe("a message before a call is answered", () => {
  const silent = { ...vapi, capabilities: { ...vapi.capabilities, preCallWebhook: "no" } } as const
  const body = JSON.stringify(request.wire)
  const { id } = request.wire.message.call
  const url = "https://app.example/webhooks/vapi"
  const openedWith = (adapter: typeof silent | typeof vapi) =>
    opened({
      options: {
        registry: registry({ vapi: adapter }),
        trust: { vapi: { trust: "trusted" } },
        onPreCall: ({ orderId = "" }) => Effect.succeed({ orderId })
      },
      inbox: (made) => ({ ...made, ...idle }),
      calls: (made) => ({ ...made, providers: [ProviderId.make("vapi")], isKnown: () => Effect.succeed(false) })
    })

  it.effect("that names its call is a hint as well", () =>
    Effect.gen(function* () {
      const site = yield* openedWith(vapi)
      const answer = yield* site.send({ body, url })
      expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { variables: { orderId: id } }])
      const key = { ...callOf(id), provider: ProviderId.make("vapi") }
      expect(yield* site.inbox.find(key)).toMatchObject({ state: "waiting" })
    })
  )

  it.effect("is only a hint where its provider waits for nothing", () =>
    Effect.gen(function* () {
      const site = yield* openedWith(silent)
      expect(yield* site.send({ body, url })).toMatchObject({ status: 200, text: "ok\n" })
      expect(yield* site.waiting).toHaveLength(1)
    })
  )
})
