/** Our wall clock set while requests wait: for another try, for their turn, for room in a window. */
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import { ProviderId } from "../../src/domain/Identifiers.ts"
import type { ClientOptions } from "../../src/provider/http/ClientOptions.ts"
import { makeSender } from "../../src/provider/http/Sender.ts"

const START = Date.parse("2026-03-02T15:00:00.000Z")
const HOUR = 3_600_000

/** A sender, the times at which its requests arrived, in seconds of the test, and a wall clock that can be set. */
const open = Effect.fnUntraced(function* (status: number, options: Partial<ClientOptions> = {}) {
  yield* TestClock.setTime(START)
  const clock = yield* Clock.Clock
  const state = { wall: 0, status }
  const wall = () => clock.currentTimeMillisUnsafe() + state.wall
  const ours: Clock.Clock = { ...clock, currentTimeMillisUnsafe: wall, currentTimeMillis: Effect.sync(wall) }
  const arrived: Array<number> = []
  const client = HttpClient.make((request) =>
    Effect.sync(() => {
      arrived.push((clock.currentTimeMillisUnsafe() - START) / 1000)
      return HttpClientResponse.fromWeb(request, new Response("{}", { status: state.status }))
    })
  )
  const sender = yield* makeSender(
    {
      id: ProviderId.make("any"),
      defaultBaseUrl: "http://127.0.0.1:4017",
      authentication: (key) => ({ "x-key": key }),
      statuses: {}
    },
    { apiKey: Redacted.make("key-of-steps"), ...options }
  ).pipe(Effect.provideService(HttpClient.HttpClient, client))
  const on = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provideService(effect, Clock.Clock, ours)
  return {
    state,
    arrived,
    ask: on(Effect.result(sender.ask("get", { method: "GET", path: "/call" }))),
    place: on(Effect.result(sender.place({ method: "POST", url: `${sender.baseUrl}/call`, headers: {}, body: {} })))
  }
})

const steps = [
  ["back by an hour", -HOUR],
  ["ahead by an hour", HOUR]
] as const

describe.each(steps)("a wall clock that is set %s", (_, step) => {
  it.effect("does not change how often a read is tried", () =>
    Effect.gen(function* () {
      const { state, arrived, ask } = yield* open(503)
      const asking = yield* Effect.forkChild(ask)
      yield* TestClock.adjust("100 millis")
      state.wall = step
      yield* TestClock.adjust("1 minute")
      expect(Result.isFailure(yield* Fiber.join(asking))).toBe(true)
      expect(arrived).toHaveLength(4)
    })
  )

  it.effect("does not keep a request from the room in its window, nor make room", () =>
    Effect.gen(function* () {
      const { state, arrived, ask } = yield* open(200, { rateLimit: { limit: 1, window: "10 seconds" } })
      const asking = yield* Effect.forkChild(Effect.all([ask, ask, ask], { concurrency: "unbounded" }))
      yield* TestClock.adjust("5 seconds")
      state.wall = step
      const late = yield* Effect.forkChild(ask)
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(asking)
      yield* Fiber.join(late)
      expect(arrived).toEqual([0, 10, 20, 30])
    })
  )
})

describe("the five minutes of a placement's turn", () => {
  it.effect("have passed where our clock was set back too", () =>
    Effect.gen(function* () {
      const { state, arrived, place } = yield* open(200, { rateLimit: { limit: 1, window: "10 minutes" } })
      const placing = yield* Effect.forkChild(Effect.all([place, place], { concurrency: "unbounded" }))
      yield* TestClock.adjust("1 second")
      state.wall = -HOUR
      yield* TestClock.adjust("20 minutes")
      const [, second] = yield* Fiber.join(placing)
      expect(Result.isFailure(second) && second.failure.reason._tag).toBe("RateLimited")
      expect(arrived).toEqual([0])
    })
  )

  it.effect("have passed for others where our clock was set ahead: it is not sent", () =>
    Effect.gen(function* () {
      const { state, arrived, place } = yield* open(200, { rateLimit: { limit: 1, window: "1 minute" } })
      const placing = yield* Effect.forkChild(Effect.all([place, place], { concurrency: "unbounded" }))
      yield* TestClock.adjust("1 second")
      state.wall = HOUR
      yield* TestClock.adjust("20 minutes")
      const [, second] = yield* Fiber.join(placing)
      expect(Result.isFailure(second) && second.failure.reason._tag).toBe("RateLimited")
      expect(arrived).toEqual([0])
    })
  )
})
