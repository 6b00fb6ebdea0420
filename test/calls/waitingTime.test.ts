/** Waiting when clocks are set, machines sleep, and the provider does not want to be asked. */
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Revox from "../../adapters/revox/index.ts"
import { makeCircuitBreaker } from "../../src/calls/CircuitBreaker.ts"
import { awaitEnd } from "../../src/calls/follow.ts"
import { keepingDeleted } from "../../src/calls/deletedCalls.ts"
import { makePoller } from "../../src/calls/Poller.ts"
import { POLL } from "../../src/calls/WaitOptions.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import { CallError, type CallErrorReason, ProviderUnavailable, RateLimited } from "../../src/provider/CallError.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { inTime, START } from "../../src/testing/liveSite.ts"
import { BUSY, HUMAN, open, pass, QUEUED_FOREVER, reasonOf, RINGS_FOREVER } from "./waitingSite.ts"

const HOUR = 3_600_000

/** Our clocks: the wall clock can be set; what is slept is counted by both, while timers stood still. */
const settable = Effect.map(Clock.Clock, (clock) => {
  const state = { wall: 0, slept: 0 }
  const wall = () => clock.currentTimeMillisUnsafe() + state.wall + state.slept
  const nanos = () => clock.monotonicTimeNanosUnsafe() + BigInt(state.slept) * 1_000_000n
  const ours: Clock.Clock = {
    ...clock,
    currentTimeMillisUnsafe: wall,
    currentTimeMillis: Effect.sync(wall),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos)
  }
  const on = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provideService(effect, Clock.Clock, ours)
  return { state, on }
})

/** The provider, whose reads fail while there is a reason. */
const failingWith = () => {
  const state: { reason: CallErrorReason | undefined } = { reason: undefined }
  const change = (provider: CallProvider): Pick<CallProvider, "get" | "getMany"> => {
    const { providerId } = provider.adapter
    const guarded = <A>(read: Effect.Effect<A, CallError>) =>
      Effect.suspend(() =>
        state.reason === undefined
          ? read
          : Effect.fail(new CallError({ provider: providerId, operation: "get", reason: state.reason }))
      )
    return {
      get: (id) => guarded(provider.get(id)),
      getMany: (ids, detail) => guarded(provider.getMany(ids, detail))
    }
  }
  return { state, change }
}

describe("the wall clock", () => {
  it.effect("set back or ahead changes neither when a call is looked at nor when a deadline has passed", () =>
    Effect.gen(function* () {
      const looksWith = (step: number) =>
        Effect.gen(function* () {
          const { state, on } = yield* settable
          const times: Array<number> = []
          const clock = yield* Clock.Clock
          const change = ({ get }: CallProvider): Partial<CallProvider> => ({
            get: (id) =>
              Effect.andThen(
                Effect.sync(() => times.push(clock.currentTimeMillisUnsafe())),
                get(id)
              )
          })
          const { awaiting, placed } = yield* on(open({ change }))
          const waiting = yield* on(awaiting(yield* placed(RINGS_FOREVER), { deadline: "10 minutes" }))
          yield* pass("20 seconds")
          state.wall = step
          yield* pass("579 seconds")
          expect(waiting.pollUnsafe()).toBeUndefined()
          expect(times.length).toBeGreaterThan(40)
          yield* pass("1 second")
          expect(yield* reasonOf(waiting)).toMatchObject({ _tag: "Unresolved" })
          return times
        }).pipe(Effect.scoped)
      const undisturbed = yield* looksWith(0)
      expect(yield* looksWith(-HOUR)).toEqual(undisturbed)
      expect(yield* looksWith(HOUR)).toEqual(undisturbed)
    })
  )
})

describe("a machine that slept beyond a deadline", () => {
  const asleep = Effect.gen(function* () {
    const { state, on } = yield* settable
    const faults = failingWith()
    const setting = yield* on(open({ change: faults.change }))
    const ended = yield* on(setting.awaiting(yield* setting.placed(HUMAN), { deadline: "40 seconds" }))
    const rings = yield* on(setting.awaiting(yield* setting.placed(RINGS_FOREVER), { deadline: "30 seconds" }))
    yield* pass("20 seconds")
    const before = setting.looks.length
    state.slept = HOUR
    return { ...setting, faults: faults.state, ended, rings, before, on }
  })

  it.effect("looks once more, which finds the end, and only then gives up", () =>
    Effect.gen(function* () {
      const { ended, rings, looks, before, poller } = yield* asleep
      yield* pass("8 seconds")
      expect(yield* Fiber.join(ended)).toMatchObject({ status: "completed" })
      const reason = yield* reasonOf(rings)
      if (reason._tag !== "Unresolved" || reason.last === undefined) throw new Error("no last record")
      expect(Redacted.value(reason.last)).toMatchObject({ status: "in_progress" })
      expect(looks.slice(before).map(({ ids }) => ids.length)).toEqual([1, 1])
      expect(poller.size()).toBe(0)
    })
  )

  it.effect("takes no answer for that look that was asked for before it slept", () =>
    Effect.gen(function* () {
      const { state, on } = yield* settable
      const gate = yield* Deferred.make<void>()
      const slow = { is: false }
      const { awaiting, placed } = yield* on(
        open({
          change: ({ get }) => ({
            get: (id) => Effect.tap(get(id), () => (slow.is ? Deferred.await(gate) : Effect.void))
          })
        })
      )
      const ended = yield* on(awaiting(yield* placed(HUMAN), { deadline: "40 seconds" }))
      yield* pass("20 seconds")
      slow.is = true
      yield* pass("10 seconds")
      state.slept = HOUR
      yield* pass("10 seconds")
      slow.is = false
      yield* Deferred.succeed(gate, undefined)
      yield* pass("1 second")
      expect(yield* Fiber.join(ended)).toMatchObject({ status: "completed" })
    })
  )

  it.effect("tries for that look no longer than half a minute", () =>
    Effect.gen(function* () {
      const { ended, rings, faults, looks, before } = yield* asleep
      faults.reason = new ProviderUnavailable({ status: 503 })
      yield* pass("20 seconds")
      expect([ended.pollUnsafe(), rings.pollUnsafe()]).toEqual([undefined, undefined])
      yield* pass("20 seconds")
      for (const fiber of [ended, rings]) expect(yield* reasonOf(fiber)).toMatchObject({ _tag: "Unresolved" })
      expect(looks.length).toBeGreaterThan(before)
    })
  )

  it.effect("does not put off the deadline of whoever comes later", () =>
    Effect.gen(function* () {
      const { placed, awaiting, on } = yield* asleep
      yield* pass("8 seconds")
      const waiting = yield* on(awaiting(yield* placed(QUEUED_FOREVER), { deadline: "10 seconds" }))
      yield* pass("9 seconds")
      expect(waiting.pollUnsafe()).toBeUndefined()
      yield* pass("1 second")
      expect(yield* reasonOf(waiting)).toMatchObject({ _tag: "Unresolved" })
    })
  )
})

describe("a provider that answers 429", () => {
  const many = (batchRead: number) =>
    Effect.gen(function* () {
      const { state, change } = failingWith()
      const setting = yield* open({ options: { capabilities: { batchRead } }, change })
      const calls = yield* Effect.forEach(Array.from({ length: 2000 }).keys(), (index) =>
        setting.placed(BUSY, `lead-${index}`)
      )
      state.reason = new RateLimited({ status: 429, retryAfter: 60 })
      const waiting = yield* Effect.forEach(calls, (call) => setting.awaiting(call, { deadline: "10 minutes" }))
      return { ...setting, state, waiting }
    })

  it.effect.each([0, 100])("with 60 s is left alone for 60 s, then asked by one look (batches of %i)", (batchRead) =>
    Effect.gen(function* () {
      const { looks, state, waiting, poller } = yield* many(batchRead)
      yield* pass("59 seconds")
      // What was under way when the first answer came.
      expect(looks.length).toBeLessThanOrEqual(16)
      const before = looks.length
      yield* pass("60 seconds")
      expect(looks.length - before).toBe(1)
      state.reason = undefined
      yield* pass("60 seconds")
      yield* pass("20 seconds")
      const ends = yield* Effect.forEach(waiting, Fiber.join)
      expect(new Set(ends.map(({ terminal }) => terminal))).toEqual(new Set([true]))
      expect(poller.size()).toBe(0)
    })
  )

  it.effect("over HTTP, to requests for one call each, is not sent one for each waiter", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      let requests = 0
      const client = HttpClient.make((request) =>
        Effect.sync(() => {
          requests += 1
          return HttpClientResponse.fromWeb(
            request,
            new Response("{}", { status: 429, headers: { "retry-after": "60" } })
          )
        })
      )
      const provider = yield* Revox.make({ apiKey: Redacted.make("key"), baseUrl: "http://127.0.0.1:4018" }).pipe(
        Effect.provideService(HttpClient.HttpClient, client)
      )
      const poller = yield* makePoller(provider, POLL, yield* Effect.scope, () => Effect.void)
      const { providerId } = provider.adapter
      yield* Effect.forEach(Array.from({ length: 2000 }).keys(), (index) =>
        Effect.forkChild(
          awaitEnd(
            { ...keepingDeleted(provider), poller },
            { provider: providerId, id: OrderId.make(`call-${index}`) },
            { deadline: "1 hour" }
          )
        )
      )
      yield* inTime(Effect.sleep("30 seconds"))
      expect(requests).toBeLessThanOrEqual(16)
      expect(poller.size()).toBe(2000)
    })
  )

  it.effect("keeps no deadline from passing", () =>
    Effect.gen(function* () {
      const { state, change } = failingWith()
      const { awaiting, placed } = yield* open({ change })
      const call = yield* placed(RINGS_FOREVER)
      const waiting = yield* awaiting(call, { deadline: "30 seconds" })
      yield* pass("1 second")
      state.reason = new RateLimited({ status: 429, retryAfter: 3600 })
      yield* pass("28 seconds")
      expect(waiting.pollUnsafe()).toBeUndefined()
      yield* pass("1 second")
      const reason = yield* reasonOf(waiting)
      expect(reason).toMatchObject({ _tag: "Unresolved", last: expect.anything() })
    })
  )

  it.effect("with a day is asked again after five minutes", () =>
    Effect.gen(function* () {
      const { state, change } = failingWith()
      const { awaiting, placed, looks } = yield* open({ change })
      state.reason = new RateLimited({ status: 429, retryAfter: 86_400 })
      const waiting = yield* awaiting(yield* placed(HUMAN), { deadline: "1 hour" })
      yield* pass("299 seconds")
      expect(looks).toHaveLength(1)
      state.reason = undefined
      yield* pass("1 second")
      expect(yield* Fiber.join(waiting)).toMatchObject({ status: "completed" })
    })
  )
})

describe("a provider that is down", () => {
  it.effect("is asked less and less by all who wait together, and by all again when it answers", () =>
    Effect.gen(function* () {
      for (const batchRead of [0, 100]) {
        const { state, change } = failingWith()
        const { awaiting, placed, looks } = yield* open({ options: { capabilities: { batchRead } }, change })
        const calls = yield* Effect.forEach(Array.from({ length: 500 }).keys(), (index) =>
          placed(BUSY, `lead-${index}`)
        )
        state.reason = new ProviderUnavailable({ status: 503 })
        const waiting = yield* Effect.forEach(calls, (call) => awaiting(call, { deadline: "1 hour" }))
        yield* pass("10 minutes")
        // At first what is under way at a time, then one look each 1, 2, 4, 8 and from then on 15 seconds.
        expect(looks.length).toBeLessThanOrEqual(16 + 5 + 600 / 15)
        expect(looks.length).toBeGreaterThan(30)
        state.reason = undefined
        yield* pass("16 seconds")
        yield* pass("1 second")
        for (const fiber of waiting) expect(fiber.pollUnsafe()).toBeDefined()
      }
    })
  )
})

describe("looks that nobody waits for any more", () => {
  it.effect("are not sent, though they had their turn coming", () =>
    Effect.gen(function* () {
      const { awaiting, placed, looks, poller } = yield* open({
        change: ({ get }) => ({ get: (id) => Effect.delay(get(id), "1 second") })
      })
      const calls = yield* Effect.forEach(Array.from({ length: 100 }).keys(), (index) =>
        placed(QUEUED_FOREVER, `lead-${index}`)
      )
      const waiting = yield* Effect.forEach(calls, (call) => awaiting(call, { deadline: "1 hour" }))
      yield* pass("500 millis")
      const before = looks.length
      expect(before).toBe(16)
      yield* Fiber.interruptAll(waiting)
      yield* pass("10 minutes")
      expect([looks.length, poller.size()]).toEqual([before, 0])
    })
  )
})

describe("the circuit breaker", () => {
  it("ignores single failures, and after three in a row pauses longer and longer", () => {
    const breaker = makeCircuitBreaker(1000, 15_000)
    breaker.failed(0, undefined)
    breaker.failed(0, undefined)
    breaker.answered(0)
    breaker.failed(0, undefined)
    breaker.failed(0, undefined)
    expect(breaker.isTripped()).toBe(false)
    let now = 0
    const pauses: Array<number> = []
    for (let count = 0; count < 7; count++) {
      breaker.failed(now, undefined)
      pauses.push(breaker.opensAt() - now)
      // Of what was under way, the others fail too.
      breaker.failed(now, undefined)
      now = breaker.opensAt()
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
    breaker.answered(now)
    expect([breaker.isTripped(), breaker.opensAt()]).toEqual([false, Number.NEGATIVE_INFINITY])
  })

  it("keeps to the longest pause that was asked for, whatever is answered meanwhile", () => {
    const breaker = makeCircuitBreaker(1000, 15_000)
    breaker.failed(0, 60)
    breaker.failed(10, 5)
    breaker.answered(20)
    expect([breaker.isTripped(), breaker.opensAt()]).toEqual([true, 60_000])
    const end = breaker.probe()
    expect(breaker.opensAt()).toBe(Number.POSITIVE_INFINITY)
    end()
    expect(breaker.opensAt()).toBe(60_000)
    breaker.answered(60_000)
    expect(breaker.isTripped()).toBe(false)
  })
})
