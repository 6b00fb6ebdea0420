/** Who consumes a feed of changes has each at least once, in its turn, and goes on where they were. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import type { CallChange } from "../../src/calls/changes/CallChange.ts"
import type { ChangesOptions } from "../../src/calls/changes/consume.ts"
import { makeMemoryFeed } from "../../src/calls/changes/MemoryFeed.ts"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import type { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import { NotFound, ProviderUnavailable, Unauthorized } from "../../src/provider/CallError.ts"
import { makeInMemoryProvider } from "../../src/testing/index.ts"
import { at, seen } from "./feedLaws.ts"
import { opened, order, processOn } from "./service.ts"

type Calls = VoiceCalls["Service"]

/** A service, and a feed in which calls a, b, c … have been accepted. */
const fed = Effect.fnUntraced(function* (...names: ReadonlyArray<string>) {
  const memory = makeInMemoryProvider()
  const service = yield* opened(memory)
  for (const [index, name] of names.entries()) yield* service.feed.record("", [seen(name)], at(index))
  return { ...service, memory }
})

const names = (changes: ReadonlyArray<CallChange>) => changes.map(({ reference }) => reference.slice("lead ".length))

/** What is consumed until there is nothing more. */
const drained = (calls: Calls, options: ChangesOptions) =>
  Effect.map(Stream.runCollect(calls.changes({ ...options, follow: false })), names)

const some = (calls: Calls, count: number, options: ChangesOptions) =>
  Effect.map(Stream.runCollect(Stream.take(calls.changes(options), count)), names)

const failureOf = (calls: Calls, options: ChangesOptions) =>
  Effect.map(Effect.flip(Stream.runDrain(calls.changes({ follow: false, ...options }))), (error) =>
    error._tag === "CallError" ? { ...error.reason, operation: error.operation } : error
  )

describe("a consumer by its name", () => {
  it.effect("goes on after the last change that it has dealt with", () =>
    Effect.gen(function* () {
      const { calls, feed } = yield* fed("a", "b", "c")
      // Left after the second, which nobody says has been dealt with.
      expect(yield* some(calls, 2, { consumer: "crm" })).toEqual(["a", "b"])
      expect(yield* some(calls, 2, { consumer: "crm" })).toEqual(["b", "c"])
      expect(yield* drained(calls, { consumer: "crm" })).toEqual(["c"])
      expect(yield* drained(calls, { consumer: "crm" })).toEqual([])
      expect(yield* drained(calls, { consumer: "audit" })).toEqual(["a", "b", "c"])
      expect((yield* feed.consumers("")).map(({ consumer, position }) => [consumer, position])).toEqual([
        ["audit", 3],
        ["crm", 3]
      ])
    })
  )

  it.effect("has what it died over once more, in whatever process it goes on", () =>
    Effect.gen(function* () {
      const { calls, feed, journal, memory } = yield* fed("a", "b", "c")
      const done: Array<string> = []
      const handle = (change: CallChange) =>
        change.reference === "lead b"
          ? Effect.die(new Error("a bug"))
          : Effect.sync(() => void done.push(change.reference))
      const exit = yield* Effect.exit(Stream.runForEach(calls.changes({ consumer: "crm" }), handle))
      expect(Exit.isFailure(exit)).toBe(true)
      const other = yield* processOn(journal, feed, memory)
      expect(yield* drained(other, { consumer: "crm" })).toEqual(["b", "c"])
      expect(done).toEqual(["lead a"])
    })
  )

  it.effect("begins with the oldest change, with the next, or with the one at a position, and stays with that", () =>
    Effect.gen(function* () {
      const { calls, feed } = yield* fed("a", "b", "c")
      expect(yield* drained(calls, { consumer: "now", from: "now" })).toEqual([])
      yield* feed.record("", [seen("d")], at(9))
      expect(yield* drained(calls, { consumer: "now", from: "now" })).toEqual(["d"])
      expect(yield* drained(calls, { consumer: "third", from: 3 })).toEqual(["c", "d"])
      expect(yield* drained(calls, { consumer: "third", from: "oldest" })).toEqual([])
      yield* feed.forget({ tenant: "", changesBefore: at(2), callsBefore: at(0), limit: 99 })
      expect(yield* drained(calls, { consumer: "late", from: "oldest" })).toEqual(["c", "d"])
      expect(yield* drained(calls, { consumer: "ahead", from: 99 })).toEqual([])
      yield* feed.record("", [seen("e")], at(10))
      expect(yield* drained(calls, { consumer: "ahead" })).toEqual(["e"])
    })
  )

  it.effect("is told what comes, at once by its own process and within a second by another", () =>
    Effect.gen(function* () {
      const { calls, feed, journal } = yield* fed()
      const other = yield* processOn(journal, feed, makeInMemoryProvider())
      const told: Array<string> = []
      const consuming = yield* Effect.forkChild(
        Stream.runForEach(calls.changes({ consumer: "crm" }), ({ reference }) =>
          Effect.sync(() => void told.push(reference))
        )
      )
      yield* TestClock.adjust("90 seconds")
      yield* calls.place(order)
      yield* Effect.yieldNow
      expect(told).toEqual(["lead-1"])
      yield* other.place({ ...order, reference: "lead-2" })
      yield* Effect.yieldNow
      expect(told).toEqual(["lead-1"])
      yield* TestClock.adjust("1 second")
      expect(told).toEqual(["lead-1", "lead-2"])
      yield* Fiber.interrupt(consuming)
    })
  )

  it.effect("is told of more than a page, each once and in order", () =>
    Effect.gen(function* () {
      const all = Array.from({ length: 250 }, (_, index) => String(index))
      const { calls } = yield* fed(...all)
      expect(yield* drained(calls, { consumer: "crm" })).toEqual(all)
    })
  )
})

describe("an application that keeps the position itself", () => {
  it.effect("is told what comes after it, as often as it asks", () =>
    Effect.gen(function* () {
      const { calls, feed } = yield* fed("a", "b", "c")
      expect(yield* drained(calls, { after: 1 })).toEqual(["b", "c"])
      expect(yield* drained(calls, { after: 1 })).toEqual(["b", "c"])
      expect(yield* drained(calls, { after: 0 })).toEqual(["a", "b", "c"])
      expect(yield* feed.consumers("")).toEqual([])
    })
  )
})

describe("changes that are not kept any more", () => {
  it.effect("are missed out loud, and skipped by who says so", () =>
    Effect.gen(function* () {
      const { calls, feed } = yield* fed("a", "b", "c", "d")
      yield* some(calls, 2, { consumer: "crm" })
      yield* feed.forget({ tenant: "", changesBefore: at(3), callsBefore: at(0), limit: 99 })
      const forgotten = { _tag: "ChangesForgotten", operation: "changes", asked: 2, next: 4 }
      expect(yield* failureOf(calls, { consumer: "crm" })).toMatchObject(forgotten)
      expect(yield* failureOf(calls, { after: 1 })).toMatchObject(forgotten)
      expect(yield* failureOf(calls, { after: 0 })).toMatchObject({ asked: 1, next: 4 })
      expect(yield* drained(calls, { consumer: "crm", onForgotten: "skip" })).toEqual(["d"])
      expect(yield* drained(calls, { consumer: "crm" })).toEqual([])
      // All of them.
      yield* feed.forget({ tenant: "", changesBefore: at(60), callsBefore: at(0), limit: 99 })
      expect(yield* drained(calls, { consumer: "crm" })).toEqual([])
      expect(yield* failureOf(calls, { after: 3 })).toMatchObject({ asked: 4, next: 5 })
    })
  )

  it.effect("are told from those of a feed that has not come that far", () =>
    Effect.gen(function* () {
      const { calls, feed } = yield* fed("a", "b")
      const error = yield* Effect.flip(Stream.runDrain(calls.changes({ after: 7 })))
      expect(error).toMatchObject({ reason: { _tag: "ChangesForgotten", asked: 8, next: 3 } })
      expect(error.message).toContain("another one, or an older copy")
      const consuming = yield* Effect.forkChild(some(calls, 1, { after: 7, onForgotten: "skip" }))
      yield* Effect.yieldNow
      yield* feed.record("", [seen("c")], at(9))
      yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(consuming)).toEqual(["c"])
    })
  )
})

describe("the order of a change", () => {
  const withCalls = (calls: Calls) =>
    Stream.runCollect(calls.changes({ consumer: "crm", content: "read", follow: false }))

  it.effect("is read when it is delivered, for who asks for it", () =>
    Effect.gen(function* () {
      const { calls, feed } = yield* fed()
      yield* calls.place(order)
      yield* TestClock.adjust("10 minutes")
      const changes = yield* withCalls(calls)
      // Reading it has told more.
      expect(changes.map(({ change, call }) => `${change} ${call?.status}`)).toEqual([
        "accepted completed",
        "dialing completed",
        "answered completed",
        "ended completed"
      ])
      expect(JSON.stringify(yield* feed.read({ tenant: "", after: 0, limit: 9 }))).not.toContain("call_order")
    })
  )

  it.effect("that cannot be read any more is in nobody's way; one that can be read later is waited for", () =>
    Effect.gen(function* () {
      const { calls, memory } = yield* fed()
      yield* calls.place(order)
      memory.setFailure("get", { reason: new ProviderUnavailable({ status: 503 }) })
      expect(yield* Effect.flip(withCalls(calls))).toMatchObject({ reason: { _tag: "ProviderUnavailable" } })
      memory.setFailure("get", { reason: new Unauthorized({ status: 401 }) })
      expect(yield* Effect.flip(withCalls(calls))).toMatchObject({ reason: { _tag: "Unauthorized" } })
      memory.setFailure("get", { reason: new NotFound({ status: 404 }) })
      const changes = yield* withCalls(calls)
      expect(changes.map(({ change, call }) => [change, call])).toEqual([["accepted", undefined]])
      expect(yield* drained(calls, { consumer: "crm" })).toEqual([])
    })
  )

  it.effect("is not looked for where none is known", () =>
    Effect.gen(function* () {
      const { calls, feed, memory } = yield* fed()
      const { orderId: _, ...unplaced } = seen("a", { orderId: OrderId.make("none") })
      yield* feed.record("", [{ ...unplaced, state: "uncertain" }], at(1))
      expect((yield* withCalls(calls)).map(({ change }) => change)).toEqual(["uncertain"])
      expect(memory.asked).not.toContain("get")
    })
  )
})

describe("what is not as it must be", () => {
  it.effect.each<readonly [field: string, options: ChangesOptions]>([
    ["consumer", { consumer: "" }],
    ["consumer", { consumer: "two\nlines" }],
    ["consumer", { after: -1 }],
    ["consumer", { after: 1.5 }],
    ["from", { consumer: "crm", from: 0 }],
    ["every", { consumer: "crm", every: "10 millis" }],
    ["every", { consumer: "crm", every: "Infinity" }]
  ])("is refused by its name: %s", ([field, options]) =>
    Effect.gen(function* () {
      const { calls } = yield* fed("a")
      expect(yield* failureOf(calls, options)).toMatchObject({ _tag: "InvalidRequest", operation: "changes", field })
    })
  )

  it.effect("is refused when the calls are opened: a sweep that is no pause, a time to keep that is none", () =>
    Effect.gen(function* () {
      const journal = yield* makeMemoryJournal
      const feed = yield* makeMemoryFeed
      const fieldOf = (changes: { readonly sweep?: "0 seconds"; readonly keepFor?: "Infinity" }) =>
        Effect.map(Effect.flip(processOn(journal, feed, makeInMemoryProvider(), { changes })), ({ reason }) =>
          reason._tag === "InvalidRequest" ? reason.field : reason._tag
        )
      expect(yield* fieldOf({ sweep: "0 seconds" })).toBe("changes.sweep")
      expect(yield* fieldOf({ keepFor: "Infinity" })).toBe("changes.keepFor")
    })
  )
})

describe("a feed in time", () => {
  it.effect("forgets what is older than a week, whoever consumes or not", () =>
    Effect.gen(function* () {
      const { calls, feed } = yield* fed()
      yield* calls.place(order)
      yield* TestClock.adjust("6 days")
      yield* calls.place({ ...order, reference: "lead-2" })
      yield* TestClock.adjust("25 hours")
      expect(yield* feed.read({ tenant: "", after: 0, limit: 9 })).toMatchObject({ next: 2 })
      expect(Option.isNone(yield* feed.position("", "crm"))).toBe(true)
    })
  )
})
