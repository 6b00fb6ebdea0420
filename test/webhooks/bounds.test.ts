/** How long and how many: each bound of webhooks where it says it is. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { CallError, NotFound } from "../../src/provider/CallError.ts"
import type { ClaimFilter, Forgetting } from "../../src/webhooks/WebhookInbox.ts"
import type { WebhookOptions } from "../../src/webhooks/Webhooks.ts"
import { type HmacSignature, signWebhook } from "../../src/webhooks/WebhookTrust.ts"
import { START } from "../calls/inProcess.ts"
import { lostOrder, messageOf, opened, pass, placedOrder } from "./webhookSite.ts"

const after = (seconds: number): string => new Date(START + seconds * 1000).toISOString()
const DAY = 86_400
const REVOX = ProviderId.make("revox")

it.effect("whoever waits for a call is woken, however seldom it is looked at", () =>
  Effect.gen(function* () {
    const site = yield* opened({ service: { poll: { first: "10 hours", longest: "10 hours" } } })
    const id = yield* placedOrder(site)
    const call = { provider: REVOX, id: OrderId.make(id) }
    const waiting = yield* Effect.forkChild(site.calls.awaitEnd(call, { deadline: "2 days" }))
    yield* TestClock.adjust("2 hours")
    expect(waiting.pollUnsafe()).toBeUndefined()
    yield* site.statusOf({ body: messageOf(id) })
    yield* pass(5)
    expect(waiting.pollUnsafe()).toBeDefined()
    expect(yield* Fiber.join(waiting)).toMatchObject({ terminal: true })
  })
)

describe("a claim", () => {
  it.effect("is good for five minutes, and a call is read for four at most", () =>
    Effect.gen(function* () {
      const filters: Array<ClaimFilter> = []
      const site = yield* opened({
        calls: (made) => ({ ...made, heard: () => Effect.never, isKnown: () => Effect.succeed(true) }),
        inbox: (made) => ({
          ...made,
          claim: (filter) => {
            filters.push(filter)
            return made.claim(filter)
          }
        })
      })
      yield* site.statusOf({ body: messageOf("hangs") })
      expect(yield* site.waiting).toMatchObject([{ state: "claimed", dueAt: after(300) }])
      expect(filters[0]).toMatchObject({ now: after(0), until: after(300), latest: after(70 * 60), limit: 16 })
      yield* TestClock.adjust("239 seconds")
      expect(yield* site.waiting).toMatchObject([{ state: "claimed" }])
      yield* TestClock.adjust("2 seconds")
      expect(yield* site.waiting).toMatchObject([{ state: "waiting", problem: "TimedOut" }])
    })
  )

  it.effect("of what fails is made after two seconds, then after twice as long each time, up to ten minutes", () =>
    Effect.gen(function* () {
      const at: Array<number> = []
      const reason = new NotFound({})
      const site = yield* opened({
        calls: (made) => ({
          ...made,
          isKnown: () => Effect.succeed(true),
          heard: () =>
            Effect.flatMap(
              Effect.clockWith((clock) => clock.currentTimeMillis),
              (now) => {
                at.push((now - START) / 1000)
                return Effect.fail(new CallError({ operation: "get", reason }))
              }
            )
        })
      })
      yield* site.statusOf({ body: messageOf("lost") })
      yield* TestClock.adjust("1 hour")
      const pauses = at.slice(1).map((second, index) => second - (at[index] ?? 0))
      // The inbox is looked at every five seconds.
      for (const [index, least] of [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600].entries()) {
        expect(pauses[index]).toBeGreaterThanOrEqual(least)
        expect(pauses[index]).toBeLessThanOrEqual(least + 5)
      }
    })
  )
})

it.effect("what fails is parked after three days", () =>
  Effect.gen(function* () {
    const reason = new NotFound({})
    const site = yield* opened({
      calls: (made) => ({
        ...made,
        isKnown: () => Effect.succeed(true),
        heard: () => Effect.fail(new CallError({ operation: "get", reason }))
      })
    })
    yield* site.statusOf({ body: messageOf("lost") })
    yield* TestClock.adjust("71 hours")
    expect(yield* site.waiting).toMatchObject([{ state: "waiting" }])
    yield* TestClock.adjust("2 hours")
    expect(yield* site.waiting).toMatchObject([{ state: "parked" }])
  })
)

it.effect("of many calls that wait the next is read as soon as one before it has been", () =>
  Effect.gen(function* () {
    const answering = yield* Latch.make()
    const failure = new CallError({ operation: "get", reason: new NotFound({}) })
    const site = yield* opened({
      calls: (made) => ({
        ...made,
        isKnown: () => Effect.succeed(true),
        heard: () => Effect.andThen(answering.await, Effect.fail(failure))
      })
    })
    for (let index = 0; index < 50; index++) yield* site.statusOf({ body: messageOf(`placed-${index}`) })
    const readOf = Effect.map(site.waiting, (all) => all.filter((entry) => "tries" in entry && entry.tries > 0).length)
    expect(yield* readOf).toBe(16)
    yield* answering.open
    yield* pass(1)
    expect(yield* readOf).toBe(50)
  })
)

describe("what is done", () => {
  it.effect("is remembered for a week, and of a hundred thousand calls, looked at once a minute", () =>
    Effect.gen(function* () {
      const asked: Array<Forgetting> = []
      yield* opened({
        options: { tenant: "one" },
        inbox: (made) => ({
          ...made,
          forget: (forgetting) => {
            asked.push(forgetting)
            return made.forget(forgetting)
          }
        })
      })
      yield* TestClock.adjust("150 seconds")
      expect(asked).toEqual(
        [0, 60, 120].map((second) => ({ tenant: "one", before: after(second - 7 * DAY), most: 100_000 }))
      )
    })
  )

  it.effect("is forgotten after the time that was asked for, in as many steps as it takes", () =>
    Effect.gen(function* () {
      let steps = 0
      const site = yield* opened({
        options: { rememberFor: "1 hour" },
        inbox: (made) => ({
          ...made,
          forget: (forgetting) => (steps++ < 2 ? Effect.succeed(1000) : made.forget(forgetting))
        })
      })
      yield* pass(1)
      expect(steps).toBe(3)
      const id = yield* lostOrder(site)
      yield* site.statusOf({ body: messageOf(id) })
      yield* pass(10)
      expect(yield* site.waiting).toMatchObject([{ state: "done" }])
      yield* TestClock.adjust("59 minutes")
      expect(yield* site.waiting).toHaveLength(1)
      yield* TestClock.adjust("3 minutes")
      expect(yield* site.waiting).toEqual([])
    })
  )
})

it.effect("a tenant's messages are taken, dealt with and replayed as its own", () =>
  Effect.gen(function* () {
    const site = yield* opened({ options: { tenant: "one" }, service: { tenant: "one" } })
    const id = yield* lostOrder(site)
    yield* site.statusOf({ body: messageOf(id) })
    yield* pass(10)
    const call = { provider: REVOX, id: OrderId.make(id) }
    expect(yield* site.webhooks.inbox.list({ limit: 9 })).toMatchObject([{ tenant: "one", state: "done", tries: 1 }])
    expect(yield* site.inbox.list({ tenant: "", limit: 9 })).toEqual([])
    expect(yield* site.webhooks.inbox.replay(call)).toBe(true)
    yield* pass(1)
    expect(yield* site.webhooks.inbox.find(call)).toMatchObject({ state: "done", since: after(10) })
    expect(yield* site.webhooks.inbox.drop(call)).toBe(true)
    expect(yield* site.webhooks.inbox.list({ limit: 9 })).toEqual([])
  })
)

it.effect("who wants to know when it is done is told what it came to", () =>
  Effect.gen(function* () {
    const site = yield* opened()
    const id = yield* lostOrder(site)
    yield* pass(1)
    for (const each of [id, "forged"]) yield* site.statusOf({ body: messageOf(each) })
    const dealing = yield* Effect.forkChild(site.webhooks.deal)
    yield* pass(4)
    yield* Fiber.join(dealing)
    for (let minutes = 0; minutes < 30; minutes++) yield* pass(60, 20)
    expect((yield* site.waiting).map(({ state }) => state)).toEqual(["done", "done"])
    expect(yield* site.webhooks.deal).toEqual({ done: 0, unknown: 0, again: 0, parked: 0 })
  })
)

describe("by default", () => {
  const idle: Parameters<typeof opened>[0] = {
    inbox: (made) => ({ ...made, claim: () => Effect.succeed([]) })
  }
  const flood = (trust: WebhookOptions["trust"], isKnown: boolean) =>
    Effect.gen(function* () {
      let most = 0
      const site = yield* opened({
        options: { trust },
        calls: (made) => ({ ...made, isKnown: () => Effect.succeed(isKnown) }),
        inbox: (made) => ({
          ...made,
          ...idle.inbox?.(made),
          receive: (received, room) => {
            most = room
            return made.receive(received, room)
          }
        })
      })
      yield* site.statusOf({ body: messageOf("one") })
      return most
    })

  it.effect("ten thousand calls may wait, and half as many where anybody may have made their ids up", () =>
    Effect.gen(function* () {
      expect(yield* flood({ revox: { trust: "refetch" } }, true)).toBe(10_000)
      expect(yield* flood({ revox: { trust: "refetch" } }, false)).toBe(5000)
      expect(yield* flood({ revox: { trust: "trusted" } }, false)).toBe(10_000)
    })
  )

  it.effect("sixty calls that nobody placed here are read in a minute", () =>
    Effect.gen(function* () {
      let reads = 0
      const reason = new NotFound({})
      const site = yield* opened({
        calls: (made) => ({
          ...made,
          heard: () => Effect.suspend(() => (reads++, Effect.fail(new CallError({ operation: "get", reason }))))
        })
      })
      for (let index = 0; index < 70; index++) yield* site.statusOf({ body: messageOf(`forged-${index}`) })
      yield* pass(58)
      expect(reads).toBe(60)
      yield* pass(10)
      expect(reads).toBeGreaterThan(60)
    })
  )
})

describe("a signature", () => {
  const body = messageOf("one")
  const secrets = Redacted.make("k")
  const timed: HmacSignature = { trust: "hmac", secrets, header: "x-signature", timestampHeader: "x-time" }

  it.effect("is as good in upper case where it is hexadecimal, and only there", () =>
    Effect.gen(function* () {
      for (const [encoding, status] of [
        ["hex", 200],
        ["base64", 401]
      ] as const) {
        const signature = { trust: "hmac", secrets, header: "x-signature", encoding } as const
        const site = yield* opened({ options: { trust: { revox: signature } } })
        const headers = yield* signWebhook(signature, body)
        const upper = { "x-signature": headers["x-signature"]?.toUpperCase() ?? "" }
        expect(yield* site.statusOf({ body, headers: upper })).toBe(status)
      }
    })
  )

  it.effect.each([
    [-301, 401],
    [-300, 200],
    [300, 200],
    [301, 401]
  ] as const)("whose time is %d seconds from ours is answered with %d", ([seconds, status]) =>
    Effect.gen(function* () {
      const site = yield* opened({ options: { trust: { revox: timed } } })
      yield* TestClock.setTime(START + seconds * 1000)
      const headers = yield* signWebhook(timed, body)
      yield* TestClock.setTime(START)
      expect(yield* site.statusOf({ body, headers })).toBe(status)
    })
  )

  it.effect("whose time is none, or another than was signed, is none", () =>
    Effect.gen(function* () {
      const site = yield* opened({ options: { trust: { revox: timed } } })
      const headers = yield* signWebhook(timed, body)
      const now = String(START / 1000)
      const later = String(START / 1000 + 1)
      const of = (time: string) => site.statusOf({ body, headers: { ...headers, "x-time": time } })
      expect(yield* Effect.forEach([now, later, `${now}.0`, "now", "", ` ${now} `], of)).toEqual([
        200, 401, 401, 401, 401, 200
      ])
      expect(yield* site.statusOf({ body, headers: { "x-signature": headers["x-signature"] ?? "" } })).toBe(401)
    })
  )
})
