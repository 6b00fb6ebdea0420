/** Clocks that are wrong or are set: an order that the provider has is found, and "the whole list" is not said too early. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import * as Clock from "effect/Clock"
import { makeRevRingTwin, twinHttpClient } from "../../adapters/testing.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import * as Context from "effect/Context"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { keyOf } from "./placementKeys.ts"

/** The provider's time at the beginning, by its own clock. */
const THEIRS = Date.parse("2026-03-02T15:00:00.000Z")
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const AT = "https://revring.example/v1"
const KEY = "key"

const order = { to: "+12025550100", from: "+12025550177", agent: { id: "agent-1" }, reference: "lead-1" }

/**
 * RevRing, whose list is asked from a time of creation on, with a clock of its own: it says its time in each answer, and
 * goes by it. `ahead` is how far ours is ahead of it.
 */
const openRevRing = Effect.fnUntraced(function* (wrong: { ahead: number }, tellsTime = true) {
  yield* TestClock.setTime(THEIRS + wrong.ahead)
  const twin = makeRevRingTwin({ apiKey: KEY })
  const theirTime = Effect.map(Clock.currentTimeMillis, (ours) => ours - wrong.ahead)
  const inner = twinHttpClient([{ twin, baseUrl: AT }])
  const client = HttpClient.make((request) =>
    Effect.gen(function* () {
      const at = yield* theirTime
      const answered = yield* inner
        .execute(request)
        .pipe(Effect.provideService(Clock.Clock, clockAt(yield* Clock.Clock, at)))
      const headers = new Headers({ ...answered.headers })
      headers.delete("date")
      headers.delete("content-length")
      if (tellsTime) headers.set("date", new Date(at).toUTCString())
      return HttpClientResponse.fromWeb(
        request,
        new Response(yield* answered.text, { status: answered.status, headers })
      )
    })
  )
  const layer = VoiceCalls.layer([RevRing.make({ apiKey: Redacted.make(KEY), baseUrl: AT })]).pipe(
    Layer.provideMerge(Layer.fresh(layerMemoryJournal)),
    Layer.provide(Layer.succeed(HttpClient.HttpClient)(client))
  )
  const context = yield* Layer.build(layer)
  return { calls: Context.get(context, VoiceCalls), journal: Context.get(context, PlacementJournal), twin }
})

/** A clock that shows another time. */
const clockAt = (clock: Clock.Clock, millis: number): Clock.Clock =>
  new Proxy(clock, {
    get: (target, name) => {
      if (name === "currentTimeMillisUnsafe") return () => millis
      if (name === "currentTimeMillis") return Effect.succeed(millis)
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === "function" ? value.bind(target) : value
    }
  })

describe("an uncertain placement", () => {
  it.effect.each([0, 6 * MINUTE, HOUR, 300 * HOUR, -6 * MINUTE, -HOUR, -300 * HOUR])(
    "is found where our clock is ahead by %d ms",
    (ahead) =>
      Effect.gen(function* () {
        const { calls, journal, twin } = yield* openRevRing({ ahead })
        yield* calls.check("revring")
        twin.setFaults("place:drop/accepted*1")
        expect(yield* calls.place(order)).toMatchObject({ state: "uncertain" })
        expect(Option.getOrThrow(yield* journal.find(keyOf("lead-1"))).clockOffset).toBeCloseTo(-ahead, -3.5)
        expect(yield* calls.reconcile("lead-1")).toMatchObject({ state: "accepted" })
      })
  )

  it.effect("is found where our clock was ahead when it was placed and has been set since", () =>
    Effect.gen(function* () {
      const wrong = { ahead: 3 * HOUR }
      const { calls, twin } = yield* openRevRing(wrong)
      twin.setFaults("place:drop/accepted*1")
      expect(yield* calls.place(order)).toMatchObject({ state: "uncertain" })
      wrong.ahead = 0
      yield* TestClock.setTime(THEIRS + MINUTE)
      expect(yield* calls.reconcile("lead-1")).toMatchObject({ state: "accepted" })
    })
  )

  it.effect.each([-20, -11, -4, 4, 11, 20, 60])(
    "is found where our clock was set %d minutes further, or the machine slept for that long, since it was measured",
    (minutes) =>
      Effect.gen(function* () {
        for (const isSleep of minutes > 0 ? [true, false] : [false]) {
          const wrong = { ahead: 0 }
          const { calls, twin } = yield* openRevRing(wrong)
          yield* calls.check("revring")
          const monotonic = (yield* Clock.Clock).monotonicTimeNanosUnsafe()
          wrong.ahead = isSleep ? 0 : minutes * MINUTE
          yield* TestClock.setTime(THEIRS + minutes * MINUTE)
          // Which of the two it was, our monotonic clock cannot tell.
          const standing = { ...(yield* Clock.Clock), monotonicTimeNanosUnsafe: () => monotonic }
          twin.setFaults("place:drop/accepted*1")
          const placed = yield* Effect.provideService(calls.place(order), Clock.Clock, standing)
          expect(placed).toMatchObject({ state: "uncertain" })
          expect(yield* calls.reconcile("lead-1")).toMatchObject({ state: "accepted" })
        }
      })
  )

  it.effect(
    "whose clocks nobody measured when it was placed is found within a day, and never said to be in no list",
    () =>
      Effect.gen(function* () {
        const wrong = { ahead: 3 * HOUR }
        const { calls, twin } = yield* openRevRing(wrong)
        twin.setFaults("place:drop/accepted*1")
        yield* calls.place(order)
        wrong.ahead = 0
        yield* TestClock.setTime(THEIRS + 12 * HOUR)
        expect(yield* calls.reconcile("lead-1")).toMatchObject({ state: "accepted" })

        const lost = { ...order, reference: "lead-2" }
        const other = yield* openRevRing({ ahead: 0 })
        other.twin.setFaults("place:drop*1")
        yield* other.calls.place(lost)
        yield* TestClock.adjust("1 hour")
        expect(yield* other.calls.reconcile("lead-2")).toMatchObject({ search: { compared: "part" } })
      })
  )

  it.effect.each([true, false])(
    "is said to be in no whole list when it is five minutes old, by clocks that are known (%s)",
    (tellsTime) =>
      Effect.gen(function* () {
        const { calls, twin } = yield* openRevRing({ ahead: HOUR }, tellsTime)
        yield* calls.check("revring")
        twin.setFaults("place:drop*1")
        yield* calls.place(order)
        const compared = Effect.map(calls.reconcile("lead-1"), (found) =>
          found.state === "uncertain" ? found.search : undefined
        )
        const askAgainAt = new Date(THEIRS + HOUR + 5 * MINUTE).toISOString()
        expect(yield* compared).toMatchObject(tellsTime ? { compared: "early", askAgainAt } : { compared: "part" })
        yield* TestClock.adjust(5 * MINUTE - 1)
        expect(yield* compared).toMatchObject({ compared: tellsTime ? "early" : "part" })
        yield* TestClock.adjust("3 seconds")
        expect(yield* compared).toMatchObject({ compared: tellsTime ? "whole" : "part" })
      })
  )

  it.effect("is not made older by setting our clock forward", () =>
    Effect.gen(function* () {
      const wrong = { ahead: 0 }
      const { calls, twin } = yield* openRevRing(wrong)
      yield* calls.check("revring")
      twin.setFaults("place:drop*1")
      yield* calls.place(order)
      wrong.ahead = HOUR
      yield* TestClock.setTime(THEIRS + HOUR)
      yield* calls.check("revring")
      expect(yield* calls.reconcile("lead-1")).toMatchObject({ search: { compared: "early" } })
    })
  )
})
