/** Webhooks from the request to what becomes of the call: nothing that is acknowledged is lost, and nothing that is said is believed. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Layer from "effect/Layer"
import * as HttpClient from "effect/http/HttpClient"
import { providers } from "../../adapters/index.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { makeRevRingTwin, twinHttpClient } from "../../adapters/testing.ts"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { nowInstant } from "../../src/calls/currentInstant.ts"
import { JournalError } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { makeMemoryInbox } from "../../src/webhooks/MemoryInbox.ts"
import { WebhookInbox } from "../../src/webhooks/WebhookInbox.ts"
import { makeWebhooks, type WebhookOptions } from "../../src/webhooks/Webhooks.ts"
import { standardHeaders } from "../../src/webhooks/standardWebhook.ts"
import { type HmacSignature, signWebhook, type WebhookTrust } from "../../src/webhooks/WebhookTrust.ts"
import { START } from "../calls/inProcess.ts"
import { keyOf } from "../calls/placementKeys.ts"
import { callOf, claims, received } from "./inboxLaws.ts"
import { AT, lostOrder, messageOf, opened, order, pass, requestOf, type Sent, turns } from "./webhookSite.ts"

describe("a webhook", () => {
  it.effect(
    "that names an order whose answer was lost settles it, twice as well as once, and leaves no content behind",
    () =>
      Effect.gen(function* () {
        const site = yield* opened()
        const id = yield* lostOrder(site)
        const body = messageOf(id, { transcript: "the transcript of a person", annotation: "of a person" })
        expect(yield* Effect.all([site.statusOf({ body }), site.statusOf({ body })], { concurrency: 2 })).toEqual([
          200, 200
        ])
        expect(yield* site.waiting).toHaveLength(1)
        expect(JSON.stringify(yield* site.waiting)).not.toMatch(/person|human|attempt/)
        yield* TestClock.adjust("10 seconds")
        expect(Option.getOrThrow(yield* site.journal.find(keyOf("lead-1")))).toMatchObject({
          orderId: id,
          evidence: "webhook"
        })
        expect(yield* site.waiting).toMatchObject([{ state: "done", tries: 1 }])
        const asked = site.twin.requests.length
        expect(yield* site.statusOf({ body })).toBe(200)
        yield* TestClock.adjust("1 minute")
        expect(site.twin.requests.length).toBe(asked)
      })
  )

  it.effect("wakes whoever waits for the end of its call", () =>
    Effect.gen(function* () {
      const site = yield* opened()
      const placed = yield* site.calls.place(order)
      if (placed.state !== "accepted") throw new Error(placed.state)
      const waiting = yield* Effect.forkChild(site.calls.awaitEnd(placed.call, { deadline: "2 hours" }))
      yield* TestClock.adjust("20 minutes")
      expect(yield* site.statusOf({ body: messageOf(placed.call.id) })).toBe(200)
      yield* TestClock.adjust("10 seconds")
      expect(yield* Fiber.join(waiting)).toMatchObject({ terminal: true })
    })
  )

  it.effect.each<readonly [string, number, Sent]>([
    ["another method", 405, { method: "GET" }],
    ["a provider that has no trust", 404, { url: "https://app.example/webhooks/vapi" }],
    ["a provider that nobody knows", 404, { url: "https://app.example/webhooks/constructor" }],
    ["no provider", 404, { url: "https://app.example/" }],
    ["a form", 415, { headers: { "content-type": "application/x-www-form-urlencoded" } }],
    ["no JSON", 400, { body: "{" }],
    ["no UTF-8", 400, { body: new Uint8Array([0x22, 0xff, 0x22]) }],
    ["nothing", 400, { body: "" }],
    ["too much", 413, { body: `"${"x".repeat(2000)}"` }],
    ["a length that is a lie", 413, { body: "{}", headers: { "content-length": "5000" } }],
    ["another provider's message", 422, { body: JSON.stringify({ message: { type: "status-update", call: {} } }) }],
    ["a message that names no call", 200, { body: JSON.stringify({ event: "assistant.edited" }) }],
    ["a number", 200, { body: "17" }],
    ["keys of the prototype", 200, { body: '{"__proto__":{"call_order_id":"x"},"constructor":1}' }],
    ["a bomb of nesting", 200, { body: "[".repeat(400) + "]".repeat(400) }],
    ["JSON with a charset", 200, { headers: { "content-type": "application/json; charset=utf-8" } }]
  ])("with %s is answered with %d, a plain word and nothing of what was sent", ([, status, sent]) =>
    Effect.gen(function* () {
      const site = yield* opened({ options: { mostBytes: 1000 } })
      const response = yield* site.send(sent)
      expect(response.status).toBe(status)
      expect(response.text).toMatch(/^[\w :/]+\n$/)
      expect(response.headers.get("content-type")).toContain("text/plain")
      expect(yield* site.waiting).toEqual([])
    })
  )

  it.effect("that comes slowly is given up, and a body that breaks off is no message", () =>
    Effect.gen(function* () {
      const site = yield* opened({ options: { sendWithin: "5 seconds" } })
      let canceled = false
      const slow = new ReadableStream({ cancel: () => void (canceled = true) })
      const sending = yield* Effect.forkChild(site.webhooks.handle(requestOf(AT, slow)))
      yield* TestClock.adjust("6 seconds")
      expect((yield* Fiber.join(sending)).status).toBe(408)
      yield* Effect.promise(async () => new Promise((resolve) => setImmediate(resolve)))
      expect(canceled).toBe(true)
      const broken = new ReadableStream({ start: (controller) => controller.error(new Error("gone")) })
      expect(yield* site.statusOf({ body: broken })).toBe(400)
    })
  )

  it.effect("beyond what may wait, or that cannot be written down, is to come again", () =>
    Effect.gen(function* () {
      const full = yield* opened({
        options: { mostWaiting: 1 },
        inbox: (made) => ({ ...made, claim: () => Effect.succeed([]) })
      })
      expect(yield* full.statusOf({ body: messageOf("one") })).toBe(200)
      const refused = yield* full.send({ body: messageOf("two") })
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "60"])
      const many = { calls: Array.from({ length: 101 }, (_, index) => ({ call_order_id: `order-${index}` })) }
      expect(yield* full.statusOf({ body: JSON.stringify(many) })).toBe(413)
      const failing = yield* opened({
        inbox: (made) => ({
          ...made,
          receive: () => Effect.fail(new JournalError({ operation: "inbox", problem: "SQLITE_FULL" }))
        })
      })
      expect(yield* failing.statusOf({ body: messageOf("one") })).toBe(503)
    })
  )
})

it.effect("forged ids leave half of the room to calls that were placed here", () =>
  Effect.gen(function* () {
    const site = yield* opened({
      options: { mostWaiting: 4 },
      inbox: (made) => ({ ...made, claim: () => Effect.succeed([]) })
    })
    const placed = yield* site.calls.place(order)
    if (placed.state !== "accepted") throw new Error(placed.state)
    const ids = ["one", "two", "three"]
    expect(yield* Effect.forEach(ids, (id) => site.statusOf({ body: messageOf(id) }))).toEqual([200, 200, 503])
    expect(yield* site.statusOf({ body: messageOf(placed.call.id) })).toBe(200)
  })
)

describe("a call that is about to be answered", () => {
  const preCall = { event: "pre_call", agentId: "agent-1", fromNumber: "+12025550111", toNumber: "+12025550122" }
  const answered = (trust: WebhookTrust, onPreCall: WebhookOptions["onPreCall"]) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const twin = makeRevRingTwin({ apiKey: "key" })
      const layer = VoiceCalls.layer([
        RevRing.make({ apiKey: Redacted.make("key"), baseUrl: "https://revring.example/v1" })
      ]).pipe(
        Layer.provide(Layer.fresh(layerMemoryJournal)),
        Layer.provide(
          Layer.succeed(HttpClient.HttpClient)(twinHttpClient([{ twin, baseUrl: "https://revring.example/v1" }]))
        )
      )
      const webhooks = yield* makeWebhooks({
        registry: providers,
        trust: { revring: trust },
        ...(onPreCall === undefined ? {} : { onPreCall })
      }).pipe(Effect.provide(layer), Effect.provideService(WebhookInbox, yield* makeMemoryInbox))
      const body = JSON.stringify(preCall)
      const answering = yield* Effect.forkChild(
        webhooks.handle(requestOf("https://app.example/webhooks/revring", body))
      )
      yield* turns
      yield* TestClock.adjust("3 seconds")
      const response = yield* Fiber.join(answering)
      return [response.status, yield* Effect.promise(async () => response.json())]
    })

  it.effect.each<readonly [string, WebhookTrust, WebhookOptions["onPreCall"], object]>([
    [
      "what the application says",
      { trust: "trusted" },
      ({ from = "" }) => Effect.succeed({ from }),
      { from: "+12025550111" }
    ],
    ["nothing, where it says nothing", { trust: "trusted" }, undefined, {}],
    ["nothing, where it is slow", { trust: "trusted" }, () => Effect.as(Effect.sleep("1 minute"), { a: "b" }), {}],
    ["nothing, where it fails", { trust: "trusted" }, () => Effect.fail("gone"), {}],
    [
      "nothing, where it throws",
      { trust: "trusted" },
      () => {
        throw new Error("gone")
      },
      {}
    ],
    ["nothing, where it breaks", { trust: "trusted" }, () => Effect.die(new Error("gone")), {}],
    ["nothing to somebody who may be anybody", { trust: "refetch" }, () => Effect.succeed({ name: "Ada" }), {}]
  ])("is answered with %s", ([, trust, onPreCall, variables]) =>
    Effect.gen(function* () {
      expect(yield* answered(trust, onPreCall)).toEqual([200, { variables }])
    })
  )
})

describe("reading what a webhook names", () => {
  it.effect("is tried again after 429 and 5xx, without loss, and parked in the end", () =>
    Effect.gen(function* () {
      const said: Array<string> = []
      yield* Effect.gen(function* () {
        const site = yield* opened({ options: { tryFor: "2 hours" } })
        const id = yield* lostOrder(site)
        site.twin.setFaults("get:503")
        expect(yield* site.statusOf({ body: messageOf(id) })).toBe(200)
        yield* pass(600, 600)
        expect(yield* site.waiting).toMatchObject([{ problem: "ProviderUnavailable" }])
        site.twin.setFaults([])
        yield* pass(660, 600)
        expect(yield* site.waiting).toMatchObject([{ state: "done" }])
        expect(Option.getOrThrow(yield* site.journal.find(keyOf("lead-1"))).orderId).toBe(id)
        site.twin.setFaults("get:503")
        yield* site.statusOf({ body: messageOf(id, { again: true }) })
        yield* pass(3 * 3600, 1000)
        expect(yield* site.waiting).toMatchObject([{ state: "parked", problem: "ProviderUnavailable" }])
        expect(said.filter((line) => line.includes("parked"))).toHaveLength(1)
        site.twin.setFaults([])
        expect(yield* site.inbox.replay(callOf(id), yield* nowInstant)).toBe(true)
        yield* TestClock.adjust("10 seconds")
        expect(yield* site.inbox.list({ tenant: "", state: "parked", limit: 9 })).toEqual([])
      }).pipe(Effect.provide(Logger.layer([Logger.make(({ message }) => void said.push(String(message)))])))
    })
  )

  it.effect("costs little where ids are forged, and waits for nobody: known calls come first", () =>
    Effect.gen(function* () {
      const site = yield* opened({ options: { unknownPerMinute: 5 } })
      const placed = yield* site.calls.place(order)
      if (placed.state !== "accepted") throw new Error(placed.state)
      const before = site.twin.requests.length
      for (let index = 0; index < 40; index++) yield* site.statusOf({ body: messageOf(`forged-${index}`) })
      yield* site.statusOf({ body: messageOf(placed.call.id) })
      yield* pass(50)
      const read = site.twin.requests.slice(before).map(({ path }) => path)
      expect(read.filter((path) => path.includes("forged")).length).toBeLessThanOrEqual(5)
      expect(read.filter((path) => path.includes(placed.call.id))).toHaveLength(1)
      yield* pass(7200, 2000)
      // None of them is asked for ever.
      expect((yield* site.waiting).filter(({ state }) => state !== "done")).toEqual([])
    })
  )

  it.effect("goes on where a process died with what it had claimed", () =>
    Effect.gen(function* () {
      const site = yield* opened()
      const id = yield* lostOrder(site)
      yield* site.inbox.receive([received(id, { at: yield* nowInstant })], 10)
      const until = Instant.make(new Date(START + 300_000).toISOString())
      const filter = { ...claims(0), now: yield* nowInstant, until, latest: until }
      expect(yield* site.inbox.claim(filter)).toHaveLength(1)
      yield* TestClock.adjust("4 minutes")
      expect(yield* site.waiting).toMatchObject([{ state: "claimed" }])
      yield* TestClock.adjust("2 minutes")
      expect(yield* site.waiting).toMatchObject([{ state: "done" }])
    })
  )
})

describe("whom a webhook comes from", () => {
  const secret = (text: string) => Redacted.make(text)
  const body = messageOf("one")

  it.effect("is told by a secret in a header or in the address, of which several may hold", () =>
    Effect.gen(function* () {
      const inHeader = yield* opened({
        options: {
          trust: {
            revox: {
              trust: "shared_secret",
              secrets: [secret("new"), secret("old")],
              in: { header: "authorization" },
              prefix: "Bearer "
            }
          }
        }
      })
      const withHeader = (text: string) => inHeader.statusOf({ body, headers: { authorization: text } })
      expect(
        yield* Effect.forEach(
          ["Bearer new", "Bearer old", "Bearer ne", "new", "Bearer ", "Bearer new, Bearer new"],
          withHeader
        )
      ).toEqual([200, 200, 401, 401, 401, 401])
      const inAddress = yield* opened({
        options: { trust: { revox: { trust: "shared_secret", secrets: secret("s3cret"), in: { query: "key" } } } }
      })
      expect(
        yield* Effect.forEach(["?key=s3cret", "?key=S3cret", "?key=", ""], (query) =>
          inAddress.statusOf({ body, url: AT + query })
        )
      ).toEqual([200, 401, 401, 401])
    })
  )

  it.effect.each<HmacSignature>([
    { trust: "hmac", secrets: secret("k"), header: "x-signature" },
    {
      trust: "hmac",
      secrets: [secret("k"), secret("older")],
      header: "x-signature",
      algorithm: "sha512",
      encoding: "base64"
    },
    {
      trust: "hmac",
      secrets: secret("k"),
      header: "x-signature",
      algorithm: "sha1",
      prefix: "sha1=",
      timestampHeader: "x-time"
    }
  ])("is told by a signature over the bytes: %j", (signature) =>
    Effect.gen(function* () {
      const site = yield* opened({ options: { trust: { revox: signature } } })
      const headers = yield* signWebhook(signature, body)
      expect(yield* site.statusOf({ body, headers })).toBe(200)
      expect(yield* site.statusOf({ body: `${body} `, headers })).toBe(401)
      expect(yield* site.statusOf({ body })).toBe(401)
      expect(yield* site.statusOf({ body, headers: { ...headers, "x-signature": `${headers["x-signature"]}0` } })).toBe(
        401
      )
      const other = yield* signWebhook({ ...signature, secrets: secret("other") }, body)
      expect(yield* site.statusOf({ body, headers: other })).toBe(401)
      yield* TestClock.adjust("6 minutes")
      expect(yield* site.statusOf({ body, headers })).toBe(signature.timestampHeader === undefined ? 200 : 401)
    })
  )

  it.effect("is told by a signature of Standard Webhooks", () =>
    Effect.gen(function* () {
      const [key, older] = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", `whsec_${"A".repeat(32)}`]
      const site = yield* opened({
        options: {
          trust: { revox: { trust: "standard_webhooks", secrets: [secret(key), secret(older)], tolerance: "1 minute" } }
        }
      })
      const seconds = String(START / 1000)
      const bytes = new TextEncoder().encode(body)
      const headers = yield* Effect.promise(() => standardHeaders([older], { id: "msg_1", seconds, body: bytes }))
      expect(yield* site.statusOf({ body, headers })).toBe(200)
      expect(yield* site.statusOf({ body: `${body} `, headers })).toBe(401)
      expect(yield* site.statusOf({ body })).toBe(401)
      yield* TestClock.adjust("2 minutes")
      expect(yield* site.statusOf({ body, headers })).toBe(401)
    })
  )

  it("is as RFC 4231 has it", async () => {
    const signature = { trust: "hmac", secrets: secret("Jefe"), header: "x" } as const
    expect(await Effect.runPromise(signWebhook(signature, "what do ya want for nothing?"))).toEqual({
      x: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    })
  })

  it.effect.each<readonly [string, unknown]>([
    ["webhooks.trust.revox.trust", { trust: "believe" }],
    ["webhooks.trust.revox.trust", { trust: "constructor" }],
    ["webhooks.trust.revox.trust", undefined],
    ["webhooks.trust.revox.secrets", { trust: "refetch", secrets: secret("k") }],
    ["webhooks.trust.revox.in", { trust: "trusted", in: { header: "a" } }],
    ["webhooks.trust.revox.secrets", { trust: "shared_secret", secrets: [], in: { header: "a" } }],
    ["webhooks.trust.revox.secrets", { trust: "shared_secret", secrets: [secret("k"), "l"], in: { header: "a" } }],
    ["webhooks.trust.revox.in", { trust: "shared_secret", secrets: secret("k") }],
    ["webhooks.trust.revox.in", { trust: "shared_secret", secrets: secret("k"), in: { header: "a", query: "b" } }],
    ["webhooks.trust.revox.in", { trust: "shared_secret", secrets: secret("k"), in: { cookie: "a" } }],
    ["webhooks.trust.revox.prefix", { trust: "shared_secret", secrets: secret("k"), in: { query: "a" }, prefix: "b" }],
    [
      "webhooks.trust.revox.algorithm",
      { trust: "shared_secret", secrets: secret("k"), in: { query: "a" }, algorithm: "sha1" }
    ],
    ["webhooks.trust.revox.secrets", { trust: "hmac", secrets: secret(""), header: "a" }],
    ["webhooks.trust.revox.header", { trust: "hmac", secrets: secret("k") }],
    ["webhooks.trust.revox.algorithm", { trust: "hmac", secrets: secret("k"), header: "a", algorithm: "md5" }],
    ["webhooks.trust.revox.tolerance", { trust: "hmac", secrets: secret("k"), header: "a", tolerance: "1 minute" }],
    ["webhooks.trust.revox.secrets", { trust: "standard_webhooks", secrets: secret("k") }],
    [
      "webhooks.trust.revox.header",
      { trust: "standard_webhooks", secrets: secret(`whsec_${"A".repeat(32)}`), header: "a" }
    ],
    ["webhooks.trust", "other"]
  ])("that is none is refused at once: %s", ([field, trust]) =>
    Effect.gen(function* () {
      const given = trust === "other" ? { acme: { trust: "refetch" } } : { revox: trust }
      const options: object = { trust: given }
      const error = yield* Effect.flip(opened({ options }))
      expect(error).toMatchObject({ operation: "configure", reason: { _tag: "InvalidRequest", field } })
    })
  )
})
