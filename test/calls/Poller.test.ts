/** Waiting for calls: how often they are looked at, in what batches, and what whoever waits is told. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as RevRing from "../../adapters/revring/index.ts"
import { makeRevRingTwin } from "../../adapters/revring/Twin.ts"
import { awaitEnd } from "../../src/calls/follow.ts"
import { keepingDeleted } from "../../src/calls/deletedCalls.ts"
import { makePoller, type Poller } from "../../src/calls/Poller.ts"
import { POLL, type WaitOptions } from "../../src/calls/WaitOptions.ts"
import type { CallOrder } from "../../src/domain/CallOrder.ts"
import type { OrderFact } from "../../src/domain/Fact.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import { CallError, NotFound, ProviderUnavailable, Unauthorized } from "../../src/provider/CallError.ts"
import { type InMemoryProviderOptions, twinHttpClient } from "../../src/testing/index.ts"
import { inTime, numberOf, START } from "../../src/testing/liveSite.ts"
import {
  BUSY,
  failing,
  HUMAN,
  HUMAN_ENDS,
  LATE_ENRICHMENT,
  open,
  pass,
  place,
  QUEUED_FOREVER,
  reasonOf,
  RINGS_FOREVER
} from "./waitingSite.ts"

describe("the interval between looks", () => {
  it.effect("begins at the first, grows by half and ends at the longest", () =>
    Effect.gen(function* () {
      const { awaiting, placed, lookedAt } = yield* open()
      yield* awaiting(yield* placed(QUEUED_FOREVER), { deadline: "1 hour" })
      yield* pass("2 minutes")
      const gaps = lookedAt().map((at, index) => at - (lookedAt()[index - 1] ?? 0))
      const expected = [0, 1, 1.5, 2.25, 3.375, 5.0625, 7.59375, 11.390625, 15, 15, 15, 15]
      expect(gaps.slice(0, expected.length)).toEqual(expected.map((gap) => expect.closeTo(gap, 2)))
    })
  )

  it.effect("is what it was set to", () =>
    Effect.gen(function* () {
      const { awaiting, placed, lookedAt } = yield* open({ poll: { first: "10 seconds", longest: "10 seconds" } })
      yield* awaiting(yield* placed(QUEUED_FOREVER), { deadline: "1 hour" })
      yield* pass("30 seconds")
      expect(lookedAt()).toEqual([0, 10, 20, 30])
    })
  )

  it.effect("starts over when something was heard of the call, which is looked at at once", () =>
    Effect.gen(function* () {
      const { awaiting, placed, lookedAt, poller } = yield* open()
      const call = yield* placed(QUEUED_FOREVER)
      yield* awaiting(call, { deadline: "1 hour" })
      yield* pass("100 seconds")
      const before = lookedAt().length
      poller.wake(call.id)
      yield* pass("2 seconds")
      expect(lookedAt().slice(before)).toEqual([100, 101])
      poller.wake(OrderId.make("nobody-waits-for-this"))
      expect(poller.size()).toBe(1)
    })
  )

  it.effect("is not waited for by somebody new: the call is looked at at once", () =>
    Effect.gen(function* () {
      const { awaiting, placed, lookedAt } = yield* open()
      const call = yield* placed(QUEUED_FOREVER)
      yield* awaiting(call, { deadline: "1 hour" })
      yield* pass("100 seconds")
      const before = lookedAt().length
      yield* awaiting(call, { deadline: "1 hour" })
      yield* pass("1 second")
      expect(lookedAt().slice(before)).toEqual([100])
    })
  )

  it.effect("is not used where nobody waits", () =>
    Effect.gen(function* () {
      const { placed, looks, poller } = yield* open()
      yield* placed(HUMAN)
      yield* pass("1 hour")
      expect([looks, poller.size()]).toEqual([[], 0])
    })
  )
})

describe("many calls", () => {
  const KEY = "key-of-the-poller"
  const BASE_URL = "http://127.0.0.1:4013"

  const batchesOf = (twin: ReturnType<typeof makeRevRingTwin>) => {
    const rounds = new Map<number, Array<{ readonly ids: number; readonly minimal: unknown }>>()
    for (const { operation, at, body } of twin.requests) {
      if (operation !== "batch") continue
      const { ids, minimal }: { ids: ReadonlyArray<string>; minimal: unknown } = JSON.parse(body)
      rounds.set(at, [...(rounds.get(at) ?? []), { ids: ids.length, minimal }])
    }
    return rounds
  }

  it.effect("of a provider that reads 100 at a time take a request for each 100, whole only at their end", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const twin = makeRevRingTwin({ apiKey: KEY })
      const provider = yield* RevRing.make({ apiKey: Redacted.make(KEY), baseUrl: BASE_URL }).pipe(
        Effect.provideService(HttpClient.HttpClient, twinHttpClient([{ twin, baseUrl: BASE_URL }]))
      )
      const calls = yield* inTime(
        Effect.forEach(Array.from({ length: 250 }).keys(), (index) => place(provider, HUMAN, `lead-${index}`))
      )
      const poller = yield* makePoller(provider, POLL, yield* Effect.scope, () => Effect.void)
      const waiting = yield* Effect.forEach(calls, (call) =>
        Effect.forkChild(awaitEnd({ ...keepingDeleted(provider), poller }, call, { deadline: "1 hour" }))
      )
      const ends = yield* inTime(Effect.forEach(waiting, Fiber.join))
      expect(ends.map(({ status }) => status)).toEqual(Array(250).fill("completed"))
      expect(poller.size()).toBe(0)
      const rounds = [...batchesOf(twin).values()]
      const round = (minimal: boolean) => [
        { ids: 100, minimal },
        { ids: 100, minimal },
        { ids: 50, minimal }
      ]
      const bySize = (batches: (typeof rounds)[number]) => batches.toSorted((a, b) => b.ids - a.ids)
      const whole = rounds.flat().filter(({ minimal }) => minimal === false)
      const states = rounds.map((batches) => bySize(batches.filter(({ minimal }) => minimal === true)))
      expect(bySize(whole)).toEqual(round(false))
      expect(rounds.findIndex((batches) => batches.some(({ minimal }) => minimal === false))).toBeGreaterThan(1)
      for (const batches of states.filter(({ length }) => length > 0)) expect(batches).toEqual(round(true))
      expect(new Set(twin.requests.map(({ operation }) => operation))).toEqual(new Set(["place", "batch"]))
    })
  )

  it.effect("of which some are over leave the others in the batch", () =>
    Effect.gen(function* () {
      const { awaiting, placed, looks } = yield* open({
        options: {},
        poll: { first: "10 seconds", longest: "10 seconds" }
      })
      const short = yield* placed(BUSY)
      const long = yield* placed(QUEUED_FOREVER)
      const ending = yield* awaiting(short, { deadline: "1 hour" })
      yield* awaiting(long, { deadline: "1 hour" })
      yield* pass("20 seconds")
      expect((yield* Fiber.join(ending)).terminal).toBe(true)
      expect(looks.map(({ at, ids }) => [at, ids.length])).toEqual([
        [0, 2],
        [10, 2],
        // Of the one that is over the whole is read.
        [10, 1],
        [20, 1]
      ])
    })
  )
})

describe("the deadline", () => {
  it.effect("ends waiting with the last record, kept from printing", () =>
    Effect.gen(function* () {
      const { awaiting, placed, poller } = yield* open()
      const waiting = yield* awaiting(yield* placed(RINGS_FOREVER), { deadline: "10 minutes" })
      yield* pass("599 seconds")
      expect(waiting.pollUnsafe()).toBeUndefined()
      yield* pass("1 second")
      const error = yield* Effect.flip(Fiber.join(waiting))
      expect(error).toMatchObject({ provider: "memory", operation: "awaitEnd", reason: { _tag: "Unresolved" } })
      const { reason } = error
      if (reason._tag !== "Unresolved" || reason.last === undefined) throw new Error("no last record")
      expect(Redacted.value(reason.last)).toMatchObject({ status: "in_progress", to: numberOf(RINGS_FOREVER) })
      expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain(numberOf(RINGS_FOREVER).slice(2))
      expect(poller.size()).toBe(0)
    })
  )

  it.effect("is kept while the provider does not answer", () =>
    Effect.gen(function* () {
      const { awaiting, placed, poller } = yield* open({ change: () => ({ get: () => Effect.never }) })
      const waiting = yield* awaiting(yield* placed(HUMAN), { deadline: "1 minute" })
      yield* pass("1 minute")
      const reason = yield* reasonOf(waiting)
      expect(reason).toMatchObject({ _tag: "Unresolved" })
      expect(reason).not.toHaveProperty("last")
      expect(poller.size()).toBe(0)
    })
  )

  it.effect("is everybody's own", () =>
    Effect.gen(function* () {
      const { awaiting, placed, poller } = yield* open()
      const call = yield* placed(HUMAN)
      const impatient = yield* awaiting(call, { deadline: "10 seconds" })
      const patient = yield* awaiting(call, { deadline: "10 minutes" })
      expect(poller.size()).toBe(0)
      yield* pass("10 seconds")
      expect(yield* reasonOf(impatient)).toMatchObject({ _tag: "Unresolved" })
      expect([patient.pollUnsafe(), poller.size()]).toEqual([undefined, 1])
      yield* pass("1 minute")
      expect(yield* Fiber.join(patient)).toMatchObject({ status: "completed" })
      expect(poller.size()).toBe(0)
    })
  )
})

describe("a failure while waiting", () => {
  it.effect("that passes is waited out", () =>
    Effect.gen(function* () {
      const { awaiting, placed, memory, looks } = yield* open()
      const waiting = yield* awaiting(yield* placed(HUMAN), { deadline: "10 minutes" })
      memory.setFailure("get", { reason: new ProviderUnavailable({ status: 500 }) })
      yield* pass("90 seconds")
      expect(waiting.pollUnsafe()).toBeUndefined()
      expect(looks.length).toBeGreaterThan(5)
      memory.setFailure("get", undefined)
      yield* pass("15 seconds")
      expect(yield* Fiber.join(waiting)).toMatchObject({ status: "completed" })
    })
  )

  it.effect("of the key ends it for all who wait", () =>
    Effect.gen(function* () {
      for (const batchRead of [0, 100]) {
        const { awaiting, placed, memory, poller, watching } = yield* open({ options: { capabilities: { batchRead } } })
        const one = yield* placed(HUMAN)
        const two = yield* placed(QUEUED_FOREVER)
        const waiting = [
          yield* awaiting(one, { deadline: "10 minutes" }),
          yield* awaiting(one, { deadline: "20 minutes" }),
          yield* awaiting(two, { deadline: "10 minutes" })
        ]
        const watched = yield* Effect.forkChild(Stream.runDrain(watching(two, { deadline: "10 minutes" })))
        yield* pass("5 seconds")
        for (const operation of ["get", "getMany"] as const)
          memory.setFailure(operation, { reason: new Unauthorized({ status: 401 }) })
        yield* pass("15 seconds")
        for (const fiber of waiting) {
          expect(yield* Effect.flip(Fiber.join(fiber))).toMatchObject({
            operation: "awaitEnd",
            reason: { _tag: "Unauthorized" }
          })
        }
        expect(yield* Effect.flip(Fiber.join(watched))).toMatchObject({
          operation: "watch",
          reason: { _tag: "Unauthorized" }
        })
        expect(poller.size()).toBe(0)
      }
    })
  )

  it.effect("to find a call is waited out a few times, then told", () =>
    Effect.gen(function* () {
      for (const batchRead of [0, 100]) {
        const { awaiting, looks } = yield* open({ options: { capabilities: { batchRead } } })
        const waiting = yield* awaiting({ id: OrderId.make("no-such-call") }, { deadline: "10 minutes" })
        yield* pass("5 minutes")
        expect(yield* reasonOf(waiting)).toMatchObject({ _tag: "NotFound" })
        expect(looks).toHaveLength(5)
      }
    })
  )

  it.effect("to find a call that is found later is forgotten", () =>
    Effect.gen(function* () {
      let misses = 4
      const { awaiting, placed } = yield* open({
        change: (provider) => ({
          get: (id) =>
            Effect.suspend(() => (misses-- > 0 ? failing(provider, new NotFound({ status: 404 })) : provider.get(id)))
        })
      })
      const waiting = yield* awaiting(yield* placed(HUMAN), { deadline: "10 minutes" })
      yield* pass("1 minute")
      misses = 4
      yield* pass("2 minutes")
      expect(yield* Fiber.join(waiting)).toMatchObject({ status: "completed" })
    })
  )

  it.effect("that nobody has thought of does not end the looks", () =>
    Effect.gen(function* () {
      for (const batchRead of [0, 100]) {
        let bugs = 1
        const buggy = <A>(effect: Effect.Effect<A, CallError>) =>
          Effect.suspend(() => (bugs-- > 0 ? Effect.die(new TypeError("a bug")) : effect))
        const { awaiting, placed } = yield* open({
          options: { capabilities: { batchRead } },
          change: (provider) => ({
            get: (id) => buggy(provider.get(id)),
            getMany: (ids, detail) => buggy(provider.getMany(ids, detail))
          })
        })
        const waiting = yield* awaiting(yield* placed(HUMAN), { deadline: "10 minutes" })
        yield* pass("2 minutes")
        expect(yield* Fiber.join(waiting)).toMatchObject({ status: "completed" })
      }
    })
  )
})

describe("a record that is older than what is known", () => {
  it.effect("does not bring a call back that is over", () =>
    Effect.gen(function* () {
      let older: OrderFact | undefined
      let stale = false
      const { awaiting, placed, watching } = yield* open({
        change: (provider) => ({
          get: (id) =>
            Effect.map(provider.get(id), (fact) => {
              older ??= fact.claims.status.value === "in_progress" ? fact : undefined
              return stale && older !== undefined ? older : fact
            })
        })
      })
      const call = yield* placed(LATE_ENRICHMENT)
      const seen: Array<CallOrder> = []
      const watched = yield* Effect.forkChild(
        Stream.runForEach(watching(call, { deadline: "5 minutes", until: "enriched" }), (order) =>
          Effect.sync(() => seen.push(order))
        )
      )
      const waiting = yield* awaiting(call, { deadline: "5 minutes", until: "enriched" })
      yield* pass(`${HUMAN_ENDS + 20} seconds`)
      expect(seen.at(-1)).toMatchObject({ status: "completed", terminal: true })
      stale = true
      yield* pass("5 minutes")
      const reason = yield* reasonOf(waiting)
      if (reason._tag !== "Unresolved" || reason.last === undefined) throw new Error("no last record")
      expect(Redacted.value(reason.last)).toMatchObject({ status: "completed", terminal: true })
      expect(seen.map(({ terminal }) => terminal === true)).toEqual(
        seen.map(({ terminal }) => terminal === true).toSorted()
      )
      yield* Fiber.interrupt(watched)
    })
  )
})

describe("waiting until a call is enriched", () => {
  const waitFor = (digits: string, wait: Partial<WaitOptions>, options?: InMemoryProviderOptions) =>
    Effect.gen(function* () {
      const { awaiting, placed } = yield* open(options === undefined ? {} : { options })
      const call = yield* placed(digits)
      const waiting = yield* awaiting(call, { deadline: "1 hour", ...wait })
      yield* pass("30 minutes")
      const order = yield* Fiber.join(waiting)
      return order
    })

  const secondsToEnd = (digits: string, wait: Partial<WaitOptions>, options?: InMemoryProviderOptions) =>
    Effect.gen(function* () {
      const { awaiting, placed } = yield* open({
        ...(options === undefined ? {} : { options }),
        poll: { first: "1 second", longest: "1 second" }
      })
      const waiting = yield* awaiting(yield* placed(digits), { deadline: "1 hour", ...wait })
      let seconds = 0
      while (waiting.pollUnsafe() === undefined && seconds < 3600) {
        yield* pass("1 second")
        seconds += 1
      }
      return seconds
    })

  it.effect("takes until the last part has arrived", () =>
    Effect.gen(function* () {
      expect(yield* waitFor(LATE_ENRICHMENT, { until: "enriched" })).toMatchObject({
        terminal: true,
        enriched: { transcript: true, recording: true, outcome: true }
      })
      expect(yield* secondsToEnd(LATE_ENRICHMENT, { until: "enriched" })).toBe(HUMAN_ENDS + 600)
      expect(yield* secondsToEnd(LATE_ENRICHMENT, { until: "terminal" })).toBe(HUMAN_ENDS)
      expect(yield* secondsToEnd(LATE_ENRICHMENT, {})).toBe(HUMAN_ENDS)
    })
  )

  it.effect("takes no longer than the parts that are wanted", () =>
    Effect.gen(function* () {
      const parts = { until: "enriched" } as const
      expect(yield* secondsToEnd(LATE_ENRICHMENT, { ...parts, parts: ["transcript"] })).toBe(HUMAN_ENDS + 180)
      expect(yield* secondsToEnd(LATE_ENRICHMENT, { ...parts, parts: ["transcript", "recording"] })).toBe(
        HUMAN_ENDS + 300
      )
      expect(yield* secondsToEnd(LATE_ENRICHMENT, { ...parts, parts: [] })).toBe(HUMAN_ENDS)
    })
  )

  it.effect("leaves out what the provider does not have", () =>
    Effect.gen(function* () {
      const options = { capabilities: { batchRead: 0, outcome: "no" } } as const
      expect(yield* secondsToEnd(LATE_ENRICHMENT, { until: "enriched" }, options)).toBe(HUMAN_ENDS + 300)
    })
  )

  it.effect("of a call that nobody answered ends with the call", () =>
    Effect.gen(function* () {
      expect(yield* secondsToEnd(BUSY, { until: "enriched" })).toBe(4)
    })
  )
})

describe("watching", () => {
  it.effect("shows the record as it is, then each change, and ends with the call", () =>
    Effect.gen(function* () {
      const { placed, watching, poller } = yield* open({ poll: { first: "1 second", longest: "1 second" } })
      const call = yield* placed(HUMAN)
      const watched = yield* Effect.forkChild(Stream.runCollect(watching(call, { deadline: "1 hour" })))
      yield* pass("5 minutes")
      const seen = yield* Fiber.join(watched)
      expect(seen.map(({ status, attempts }) => [status, attempts[0]?.status])).toEqual([
        ["queued", undefined],
        ["in_progress", "dialing"],
        ["in_progress", "in_progress"],
        ["completed", "ended"]
      ])
      expect(poller.size()).toBe(0)
    })
  )

  it.effect("goes on after the end until the call is enriched", () =>
    Effect.gen(function* () {
      const { placed, watching } = yield* open({ poll: { first: "1 second", longest: "1 second" } })
      const call = yield* placed(HUMAN)
      const watched = yield* Effect.forkChild(
        Stream.runCollect(watching(call, { deadline: "1 hour", until: "enriched" }))
      )
      yield* pass("5 minutes")
      const ends = (yield* Fiber.join(watched)).filter(({ terminal }) => terminal === true)
      expect(ends.map(({ enriched }) => Object.values(enriched).filter(Boolean).length)).toEqual([0, 1, 2, 3])
    })
  )

  it.effect("gives the known record at once where somebody waits already", () =>
    Effect.gen(function* () {
      const { awaiting, placed, watching, provider } = yield* open({ change: () => ({}) })
      const call = yield* placed(QUEUED_FOREVER)
      yield* awaiting(call, { deadline: "1 hour" })
      yield* pass("1 minute")
      const first = yield* Stream.runHead(watching(call, { deadline: "1 hour" }))
      expect(Option.getOrThrow(first)).toMatchObject({ status: "queued", provider: provider.adapter.id })
    })
  )

  it.effect("shows no record twice to whoever comes while an end is being written down", () =>
    Effect.gen(function* () {
      const { awaiting, placed, watching } = yield* open({
        poll: { first: "1 second", longest: "1 second" },
        onEnd: () => Effect.sleep("2500 millis")
      })
      const call = yield* placed(LATE_ENRICHMENT)
      yield* awaiting(call, { deadline: "1 hour" })
      yield* pass(`${HUMAN_ENDS + 1} seconds`)
      const seen: Array<boolean | undefined> = []
      const watched = yield* Effect.forkChild(
        Stream.runForEach(watching(call, { deadline: "1 hour", until: "enriched" }), ({ terminal }) =>
          Effect.sync(() => seen.push(terminal))
        )
      )
      yield* pass("1 minute")
      expect(seen).toEqual([true])
      yield* Fiber.interrupt(watched)
    })
  )

  it.effect("is over when the stream is left early", () =>
    Effect.gen(function* () {
      const { placed, watching, poller, looks } = yield* open()
      const call = yield* placed(HUMAN)
      const watched = yield* Effect.forkChild(Stream.runCollect(Stream.take(watching(call, { deadline: "1 hour" }), 1)))
      yield* pass("1 second")
      expect(yield* Fiber.join(watched)).toHaveLength(1)
      expect(poller.size()).toBe(0)
      const before = looks.length
      yield* pass("1 hour")
      expect(looks).toHaveLength(before)
    })
  )

  it.effect("fails at its deadline after what it has shown", () =>
    Effect.gen(function* () {
      const { placed, watching, poller } = yield* open()
      const seen: Array<string> = []
      const watched = yield* Effect.forkChild(
        Stream.runForEach(watching(yield* placed(QUEUED_FOREVER), { deadline: "1 minute" }), ({ status }) =>
          Effect.sync(() => seen.push(status))
        )
      )
      yield* pass("1 minute")
      expect(yield* Effect.flip(Fiber.join(watched))).toMatchObject({
        operation: "watch",
        reason: { _tag: "Unresolved" }
      })
      expect([seen, poller.size()]).toEqual([["queued"], 0])
    })
  )
})

describe("whoever waits", () => {
  it.effect("is forgotten when interrupted", () =>
    Effect.gen(function* () {
      const { awaiting, placed, poller, looks } = yield* open()
      const call = yield* placed(HUMAN)
      const one = yield* awaiting(call, { deadline: "1 hour" })
      const two = yield* awaiting(call, { deadline: "1 hour" })
      yield* pass("5 seconds")
      yield* Fiber.interrupt(one)
      expect(poller.size()).toBe(1)
      yield* Fiber.interrupt(two)
      expect(poller.size()).toBe(0)
      const before = looks.length
      yield* pass("1 hour")
      expect(looks).toHaveLength(before)
    })
  )

  it.effect("comes after the end and is told at once, is no longer counted", () =>
    Effect.gen(function* () {
      const { awaiting, placed, poller } = yield* open()
      const call = yield* placed(LATE_ENRICHMENT)
      const enriched = yield* awaiting(call, { deadline: "1 hour", until: "enriched" })
      yield* pass("2 minutes")
      expect(enriched.pollUnsafe()).toBeUndefined()
      const ended = yield* awaiting(call, { deadline: "1 hour" })
      yield* pass("1 second")
      expect((yield* Fiber.join(ended)).terminal).toBe(true)
      yield* Fiber.interrupt(enriched)
      expect(poller.size()).toBe(0)
    })
  )

  it.effect("is told when the service closes, or is closed: nobody looks any more", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const { awaiting, placed } = yield* Scope.provide(open(), scope)
      const call = yield* placed(RINGS_FOREVER)
      const waiting = yield* awaiting(call, { deadline: "1 hour" })
      yield* pass("20 seconds")
      yield* Scope.close(scope, Exit.void)
      expect(yield* reasonOf(waiting)).toMatchObject({ _tag: "Unresolved", last: expect.anything() })
      expect(yield* reasonOf(yield* awaiting(call, { deadline: "1 hour" }))).toMatchObject({ _tag: "Unresolved" })
    })
  )

  it.effect("is told of the end after it was written down, and others of theirs", () =>
    Effect.gen(function* () {
      const written: Array<string> = []
      const { awaiting, placed } = yield* open({ onEnd: ({ id }) => Effect.sync(() => written.push(id)) })
      const call = yield* placed(BUSY)
      const waiting = yield* awaiting(call, { deadline: "1 hour" })
      yield* pass("1 minute")
      yield* Fiber.join(waiting)
      expect(written).toEqual([call.id])
    })
  )

  it.effect("is never overlooked, whenever it comes", () =>
    Effect.gen(function* () {
      const { awaiting, placed, poller, memory } = yield* open()
      const calls = yield* Effect.forEach(Array.from({ length: 60 }).keys(), (index) => placed(BUSY, `lead-${index}`))
      yield* pass("1 hour")
      // One more turn of the loop each time: somebody comes while it looks, while it goes to sleep, and while it sleeps.
      for (const [turns, call] of calls.entries()) {
        poller.wake(call.id)
        for (let turn = 0; turn < turns % 20; turn++) yield* Effect.yieldNow
        const waiting = yield* awaiting(call, { deadline: "1 hour" })
        for (let turn = 0; turn < 200 && waiting.pollUnsafe() === undefined; turn++) yield* Effect.yieldNow
        const exit = waiting.pollUnsafe()
        expect([turns, exit !== undefined && Exit.isSuccess(exit)]).toEqual([turns, true])
      }
      expect(memory.asked.filter((operation) => operation === "get")).toHaveLength(60)
    })
  )

  it.effect("is not overlooked when it comes from within a look", () =>
    Effect.gen(function* () {
      const late = OrderId.make("placed-in-between")
      const opened: { poller?: Poller } = {}
      const told: Array<string> = []
      const waiter = {
        operation: "awaitEnd",
        deadline: Number.POSITIVE_INFINITY,
        onRecord: () => true,
        onError: ({ reason }: CallError) => told.push(reason._tag)
      } as const
      const setting = yield* open({
        change: (provider) => ({
          get: (id) =>
            Effect.andThen(
              Effect.sync(() => id !== late && opened.poller?.wait(late, waiter)),
              id === late ? failing(provider, new Unauthorized({})) : provider.get(id)
            )
        })
      })
      opened.poller = setting.poller
      const waiting = yield* setting.awaiting(yield* setting.placed(QUEUED_FOREVER), { deadline: "1 hour" })
      for (let turn = 0; turn < 200 && told.length === 0; turn++) yield* Effect.yieldNow
      expect(told).toEqual(["Unauthorized"])
      yield* Fiber.interrupt(waiting)
    })
  )
})
