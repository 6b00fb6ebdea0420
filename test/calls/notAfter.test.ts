/** Orders that would be placed too late: nothing is sent, and the reference is as free as it was. */
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as RevRing from "../../adapters/revring/index.ts"
import { layerTwins, makeRevRingTwin } from "../../adapters/testing.ts"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { TimedOut } from "../../src/provider/CallError.ts"
import { ProviderId } from "../../src/domain/Identifiers.ts"
import { instantAt } from "../../src/domain/Instant.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { makeTurns } from "../../src/provider/http/turns.ts"
import { NotAfter } from "../../src/provider/notAfter.ts"
import { makeInMemoryProvider } from "../../src/testing/index.ts"
import { keyOf } from "./placementKeys.ts"

const START = Date.parse("2026-03-02T15:00:00.000Z")
const order = { to: "+12025550100", agent: { id: "agent-1" }, reference: "lead-1" }
const soon = { ...order, notAfter: "2026-03-02T15:02:00Z" }

const serviceOn = (journal: PlacementJournal["Service"], provider: CallProvider) =>
  Effect.map(
    Layer.build(
      Layer.fresh(VoiceCalls.layer([Effect.succeed(provider)])).pipe(
        Layer.provide(Layer.succeed(PlacementJournal)(journal))
      )
    ),
    (context) => Context.get(context, VoiceCalls)
  )

const opened = Effect.fnUntraced(function* (provider: CallProvider) {
  yield* TestClock.setTime(START)
  const journal = yield* makeMemoryJournal
  return { calls: yield* serviceOn(journal, provider), journal, find: journal.find(keyOf("lead-1")) }
})

describe("an order that is not to be placed after a time", () => {
  it.effect("is placed before it, and no provider is told", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { calls } = yield* opened(memory)
      expect(JSON.stringify(yield* calls.dryRun(soon))).not.toContain("notAfter")
      yield* TestClock.adjust("2 minutes")
      expect(yield* calls.place(soon)).toMatchObject({ state: "accepted" })
      expect(memory.placed[0]?.order).not.toHaveProperty("notAfter")
    })
  )

  it.effect("is expired after it, for ever so short a time, and nothing is reserved", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { calls, find } = yield* opened(memory)
      yield* TestClock.adjust(120_001)
      expect(yield* calls.place(soon)).toEqual({
        state: "expired",
        reference: "lead-1",
        provider: "memory",
        notAfter: "2026-03-02T15:02:00.000Z"
      })
      expect(yield* find).toEqual(Option.none())
      expect(memory.asked).toEqual([])
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted" })
    })
  )

  it.effect("is expired where it is for a later time", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { calls } = yield* opened(memory)
      const at = (scheduledAt: string) => calls.place({ ...soon, scheduledAt })
      expect(yield* at("2026-03-02T15:02:00.001Z")).toMatchObject({ state: "expired" })
      expect(memory.placed).toEqual([])
      expect(yield* at("2026-03-02T15:02:00Z")).toMatchObject({ state: "accepted" })
    })
  )

  it.effect("is answered as it is known where it had been placed before", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { calls } = yield* opened(memory)
      yield* calls.place(soon)
      yield* TestClock.adjust("1 hour")
      const again = yield* calls.place(soon)
      expect(again).toMatchObject({ state: "accepted", already: true })
      // When it is placed is no part of what it is.
      expect(again).not.toHaveProperty("differs")
    })
  )

  it.effect("is not sent again once it is too late", () =>
    Effect.gen(function* () {
      const idempotency = { windowSeconds: 86_400, evidence: "https://provider.example/docs" } as const
      const memory = makeInMemoryProvider({ capabilities: { idempotency } })
      const { calls } = yield* opened(memory)
      memory.setFailure("place", { reason: new TimedOut({}), times: 1 })
      yield* calls.place(soon)
      yield* TestClock.adjust("3 minutes")
      expect(yield* calls.place(soon, { onUncertain: "repeat" })).toMatchObject({ state: "uncertain" })
      expect(memory.asked).toEqual(["place"])
      expect(yield* calls.place(order, { onUncertain: "repeat" })).toMatchObject({ state: "accepted" })
    })
  )

  it.effect("is expired, and its reservation released, where writing that took too long", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { journal } = yield* opened(memory)
      const slow = PlacementJournal.of({
        ...journal,
        reserve: (reservation) => Effect.tap(journal.reserve(reservation), () => Effect.sleep("30 seconds"))
      })
      const calls = yield* serviceOn(slow, memory)
      const placing = yield* Effect.forkChild(calls.place({ ...order, notAfter: "2026-03-02T15:00:20Z" }))
      yield* TestClock.adjust("30 seconds")
      expect(yield* Fiber.join(placing)).toMatchObject({ state: "expired" })
      expect(yield* journal.find(keyOf("lead-1"))).toEqual(Option.none())
      expect(memory.asked).toEqual([])
    })
  )

  it.effect("is uncertain after a restart, as any other: whether it was sent is not known", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider({ capabilities: { list: "no" } })
      const { calls, journal } = yield* opened(memory)
      const dying = PlacementJournal.of({ ...journal, settle: () => Effect.succeed(Option.none()) })
      memory.setFailure("place", { reason: new TimedOut({}), times: 1 })
      yield* (yield* serviceOn(dying, memory)).place(soon)
      yield* TestClock.adjust("1 hour")
      expect(yield* calls.place(soon)).toMatchObject({ state: "uncertain" })
      expect(memory.asked).toEqual(["place"])
    })
  )
})

describe("an order that waits for its turn until it is too late", () => {
  const baseUrl = "http://127.0.0.1/v1"

  const revringWith = (options: object) => {
    const twin = makeRevRingTwin()
    const journal = makeMemoryJournal
    const opening = Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const made = yield* journal
      const layer = VoiceCalls.layer([RevRing.make({ apiKey: Redacted.make("twin-key"), baseUrl, ...options })]).pipe(
        Layer.provide(Layer.succeed(PlacementJournal)(made)),
        Layer.provide(layerTwins([{ twin, baseUrl }]))
      )
      const calls = Context.get(yield* Layer.build(layer), VoiceCalls)
      return { calls, find: (reference: string) => made.find(keyOf(reference)) }
    })
    const sent = () => twin.requests.filter(({ operation }) => operation === "place").length
    return { opening, sent }
  }

  const call = (reference: string, notAfter?: string) => ({
    ...order,
    from: "+12025550199",
    reference,
    ...(notAfter === undefined ? {} : { notAfter })
  })

  it.effect("of a rate limit is never sent, is told so at once, and its reference is free", () =>
    Effect.gen(function* () {
      const { opening, sent } = revringWith({ rateLimit: { limit: 1, window: "2 minutes" } })
      const { calls, find } = yield* opening
      yield* calls.place(call("first"))
      const late = yield* Effect.forkChild(calls.place(call("late", "2026-03-02T15:01:00Z")))
      const inTime = yield* Effect.forkChild(calls.place(call("in-time", "2026-03-02T15:30:00Z")))
      yield* TestClock.adjust("59 seconds")
      expect(Option.isSome(yield* find("late"))).toBe(true)
      yield* TestClock.adjust("2 seconds")
      expect(yield* Fiber.join(late)).toMatchObject({ state: "expired", reference: "late" })
      expect(yield* find("late")).toEqual(Option.none())
      yield* TestClock.adjust("10 minutes")
      expect((yield* Fiber.join(inTime)).state).not.toBe("expired")
      expect(sent()).toBe(2)
    })
  )

  it.effect.each([
    ["before its turn comes", 60_000, ["TOO_LATE", 0]],
    ["after its turn has come", 61_000, ["sent", 1]]
  ] as const)("of the places there are, if it is too late %s", ([, at, expected]) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const turns = yield* makeTurns(ProviderId.make("acme"), { maxConcurrency: 1 })
      let begun = 0
      const begin = Effect.sync(() => {
        begun += 1
        return "sent"
      })
      yield* Effect.forkChild(turns.waitSoon(Effect.void, () => Effect.sleep(60_500)))
      yield* Effect.yieldNow
      const waiting = turns
        .waitSoon(Effect.void, () => begin)
        .pipe(
          Effect.provideService(NotAfter, instantAt(START + at)),
          Effect.catch(({ reason }) => Effect.succeed(reason._tag === "NetworkError" ? reason.code : reason._tag))
        )
      const fiber = yield* Effect.forkChild(waiting)
      yield* TestClock.adjust("2 minutes")
      expect([yield* Fiber.join(fiber), begun]).toEqual(expected)
    })
  )

  it.effect("whose turn comes at the very moment in which it has become too late is not sent", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const turns = yield* makeTurns(ProviderId.make("acme"), {})
      // Making its credentials takes as long as there was.
      const ready = Effect.andThen(TestClock.setTime(START + 1001), Effect.void)
      const sending = turns
        .waitSoon(ready, () => Effect.succeed("sent"))
        .pipe(Effect.provideService(NotAfter, instantAt(START + 1000)))
      expect(yield* Effect.flip(sending)).toMatchObject({ unsent: true, reason: { sent: "no", code: "TOO_LATE" } })
    })
  )
})
