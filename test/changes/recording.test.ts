/** What is heard of placed calls is in the feed, by whomever and by whatever it is heard, and whoever dies in between. */
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import type { ChangeFeed } from "../../src/calls/changes/ChangeFeed.ts"
import { makeMemoryFeed } from "../../src/calls/changes/MemoryFeed.ts"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { JournalError } from "../../src/calls/PlacementJournal.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import { InvalidRequest, TimedOut } from "../../src/provider/CallError.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { type InMemoryProvider, makeInMemoryProvider } from "../../src/testing/index.ts"
import { keyOf } from "../calls/placementKeys.ts"
import { bare, opened, order, processOn, toldIn, words } from "./service.ts"

const lost = { reason: new TimedOut({}), accepted: true, times: 1 }

const callAt = ({ adapter, placed }: InMemoryProvider, index: number) => ({
  provider: adapter.providerId,
  id: placed[index]?.id ?? OrderId.make("none")
})

/** Second by second: what waits for a feed begins to do so in between. */
const stepwise = (seconds: number) => Effect.replicateEffect(TestClock.adjust("1 second"), seconds, { discard: true })

/** A feed that can be made to fail, or not to answer. */
const unsteady = (feed: ChangeFeed["Service"]) => {
  const state: { fault: "none" | "fails" | "hangs" | "dies" } = { fault: "none" }
  const record: ChangeFeed["Service"]["record"] = (...heard) =>
    Effect.suspend(() => {
      if (state.fault === "fails")
        return Effect.fail(new JournalError({ operation: "changes", problem: "SQLITE_FULL" }))
      if (state.fault === "dies") return Effect.die(new Error("a bug"))
      return state.fault === "hangs" ? Effect.never : feed.record(...heard)
    })
  return { state, feed: { ...feed, record } }
}

describe("a call", () => {
  it.effect("is told from its placing to what arrives after its end, as polls read it", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { calls, feed } = yield* opened(memory)
      const placed = yield* calls.place(order)
      if (placed.state !== "accepted") throw new Error(placed.state)
      const waiting = yield* Effect.forkChild(calls.awaitEnd(placed.call, { until: "enriched", deadline: "1 hour" }))
      yield* TestClock.adjust("10 minutes")
      yield* Fiber.join(waiting)
      const changes = yield* toldIn(feed)
      expect(words(changes)).toMatchInlineSnapshot(`
        [
          "accepted",
          "dialing",
          "answered",
          "ended outcome summary reach talkSeconds answeredBy disconnect transcript recordingUrl extracted",
        ]
      `)
      expect(changes[0]).toMatchObject({ position: 1, reference: "lead-1", heardBy: "place", state: "accepted" })
      expect(changes.at(-1)).toMatchObject({ status: "completed", heardBy: "read", attempts: [{ status: "ended" }] })
      const text = JSON.stringify(changes)
      for (const secret of ["+1202", "Tuesday", "https"]) expect(text).not.toContain(secret)
    })
  )

  it.effect("is told once, by however many processes and ways it is read", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { calls, feed, journal } = yield* opened(memory)
      const other = yield* processOn(journal, feed, memory)
      yield* calls.place(order)
      yield* TestClock.adjust("10 minutes")
      const read = Effect.all([
        calls.get(callAt(memory, 0)),
        other.heard(callAt(memory, 0)),
        Stream.runDrain(other.list()),
        calls.reconcile("lead-1")
      ])
      yield* read
      const changes = yield* toldIn(feed)
      yield* read
      expect(yield* toldIn(feed)).toEqual(changes)
      expect(changes.map(({ change }) => change)).toEqual(["accepted", "dialing", "answered", "ended"])
      expect(yield* journal.find(keyOf("lead-1"))).toMatchObject({ value: { state: "ended" } })
    })
  )

  it.effect("is told by what it was heard", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { calls, feed } = yield* opened(memory)
      yield* calls.place(order)
      yield* TestClock.adjust("10 seconds")
      yield* Stream.runDrain(calls.list())
      yield* TestClock.adjust("10 minutes")
      yield* calls.heard(callAt(memory, 0))
      const changes = yield* toldIn(feed)
      expect(changes.map(({ change, heardBy }) => `${change} ${heardBy}`)).toEqual([
        "accepted place",
        "dialing list",
        "answered list",
        "ended webhook"
      ])
    })
  )

  it.effect("that nobody placed here is not told", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { calls, feed } = yield* opened(memory)
      const elsewhere = yield* opened(memory)
      yield* elsewhere.calls.place(order)
      yield* TestClock.adjust("10 minutes")
      yield* calls.get(callAt(memory, 0))
      yield* Stream.runDrain(calls.list())
      expect(yield* toldIn(feed)).toEqual([])
    })
  )

  it.effect("of one tenant is in no other's feed", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { calls, feed, journal } = yield* opened(memory, { tenant: "one" })
      const other = yield* processOn(journal, feed, memory, { tenant: "two" })
      yield* calls.place(order)
      yield* other.get(callAt(memory, 0))
      expect((yield* toldIn(feed, "one")).length).toBe(1)
      expect(yield* toldIn(feed, "two")).toEqual([])
      expect(yield* toldIn(feed)).toEqual([])
    })
  )

  it.effect("that was canceled with its record is told as ended", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { calls, feed } = yield* opened(memory)
      yield* calls.place({ ...order, to: "+12025550151" })
      yield* calls.cancel(callAt(memory, 0))
      expect((yield* toldIn(feed)).map(({ change, status }) => `${change} ${status}`)).toEqual([
        "accepted scheduled",
        "enriched scheduled",
        "ended canceled"
      ])
    })
  )
})

describe("a doubt", () => {
  it.effect("is told, and how it is settled", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider({ failures: { place: lost } })
      const { calls, feed } = yield* opened(memory)
      expect(yield* calls.place(order)).toMatchObject({ state: "uncertain" })
      yield* TestClock.adjust("12 minutes")
      expect(yield* calls.reconcile("lead-1")).toMatchObject({ state: "accepted" })
      const changes = yield* toldIn(feed)
      expect(changes.map(({ change, heardBy }) => `${change} ${heardBy}`)).toEqual([
        "uncertain place",
        "accepted settle",
        "settled settle",
        "dialing settle",
        "answered settle",
        "ended settle"
      ])
      expect(changes.at(-1)?.fields).toContain("transcript")
    })
  )

  it.effect("that a person gives up is settled, and nothing is told of what was refused", () =>
    Effect.gen(function* () {
      const failure = { reason: new TimedOut({}), times: 1 }
      const memory = makeInMemoryProvider({ failures: { place: failure } })
      const { calls, feed } = yield* opened(memory)
      yield* calls.place(order)
      yield* TestClock.adjust("12 minutes")
      expect(yield* calls.release("lead-1")).toBe(true)
      memory.setFailure("place", { reason: new InvalidRequest({ status: 422 }) })
      yield* Effect.exit(calls.place({ ...order, reference: "lead-2" }))
      expect((yield* toldIn(feed)).map(({ change, state, reference }) => [change, state, reference])).toEqual([
        ["uncertain", "uncertain", "lead-1"],
        ["settled", "free", "lead-1"]
      ])
    })
  )
})

describe("a feed that fails", () => {
  it.effect.each(["fails", "hangs", "dies"] as const)(
    "and %s, keeps nobody from placing, reading or waiting",
    (fault) =>
      Effect.gen(function* () {
        const memory = makeInMemoryProvider()
        const { state, feed } = unsteady(yield* makeMemoryFeed)
        const journal = yield* makeMemoryJournal
        const calls = yield* processOn(journal, feed, memory)
        state.fault = fault
        const placing = yield* Effect.forkChild(calls.place(order))
        yield* stepwise(4)
        const placed = yield* Fiber.join(placing)
        if (placed.state !== "accepted") throw new Error(placed.state)
        const waiting = yield* Effect.forkChild(calls.awaitEnd(placed.call, { deadline: "1 hour" }))
        yield* stepwise(300)
        expect(yield* Fiber.join(waiting)).toMatchObject({ status: "completed" })
        // What nobody could be told of stays open in the journal, so that it is read again.
        expect(yield* journal.find(keyOf("lead-1"))).toMatchObject({
          value: { state: "accepted", status: "completed" }
        })
        state.fault = "none"
        yield* TestClock.adjust("5 seconds")
        const looked = yield* calls.reconcile("lead-1")
        expect(looked).toMatchObject({ state: "accepted", order: { status: "completed" } })
        expect((yield* toldIn(feed)).map(({ change }) => change)).toEqual(["accepted", "dialing", "answered", "ended"])
        expect(yield* journal.find(keyOf("lead-1"))).toMatchObject({ value: { state: "ended" } })
      })
  )
})

describe("the sweep", () => {
  it.effect("tells what a process that died had written into the journal alone", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider({ failures: { place: { ...lost, times: 2 } } })
      const { journal, feed, calls } = yield* opened(memory)
      const { state, feed: dead } = unsteady(feed)
      state.fault = "fails"
      const dying = yield* processOn(journal, dead, memory)
      yield* dying.place(order)
      yield* dying.place({ ...order, reference: "lead-2" })
      yield* TestClock.adjust("12 minutes")
      yield* dying.reconcile("lead-2")
      expect(yield* toldIn(feed)).toEqual([])
      yield* Effect.forkChild(Stream.runDrain(calls.changes({ consumer: "crm" })))
      yield* TestClock.adjust("5 minutes")
      const told = yield* toldIn(feed)
      expect(told.filter(({ reference }) => reference === "lead-1").map(({ change }) => change)).toEqual(["uncertain"])
      expect(told.filter(({ reference }) => reference === "lead-2").map(({ change }) => change)).toEqual([
        "accepted",
        "dialing",
        "answered",
        "ended"
      ])
    })
  )

  it.effect("tells that a doubt was given up by a process that died before it could say so", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider({ failures: { place: { reason: new TimedOut({}), times: 1 } } })
      const { journal, feed, calls } = yield* opened(memory, { changes: { sweep: "1 minute" } })
      yield* calls.place(order)
      yield* TestClock.adjust("12 minutes")
      const { state, feed: dead } = unsteady(feed)
      state.fault = "fails"
      const dying = yield* processOn(journal, dead, memory)
      yield* dying.release("lead-1")
      yield* TestClock.adjust("1 minute")
      expect((yield* toldIn(feed)).map(({ change, state: is }) => `${change} ${is}`)).toEqual([
        "uncertain uncertain",
        "settled free"
      ])
    })
  )

  it.effect("tells of a placement whose process died before it wrote anything, once nothing can be under way", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { journal, feed, calls } = yield* opened(memory, { changes: { sweep: "1 minute" } })
      const scope = yield* Scope.make()
      const never = { ...memory, place: () => Effect.never }
      const dying = yield* Scope.provide(processOn(journal, feed, never), scope)
      yield* Effect.forkChild(dying.place(order))
      yield* TestClock.adjust("10 minutes")
      expect(yield* toldIn(feed)).toEqual([])
      yield* TestClock.adjust("2 minutes")
      expect(words(yield* toldIn(feed))).toEqual(["uncertain"])
      expect(calls.providers).toEqual(["memory"])
      yield* Scope.close(scope, Exit.void)
    })
  )

  it.effect("reads calls for which no message came, and what arrives after their end", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { calls, feed, journal } = yield* opened(memory, { changes: { sweep: "1 minute" } })
      yield* calls.place({ ...order, to: "+12025550152" })
      yield* stepwise(1200)
      const changes = yield* toldIn(feed)
      expect(changes.map(({ change }) => change)).toEqual([
        "accepted",
        "dialing",
        "answered",
        "ended",
        "enriched",
        "enriched",
        "enriched"
      ])
      expect(changes.slice(4).map(({ fields = [] }) => fields.join(" "))).toEqual([
        expect.stringContaining("transcript"),
        "recordingUrl",
        "outcome summary extracted"
      ])
      expect(yield* journal.find(keyOf("lead-1"))).toMatchObject({ value: { state: "ended" } })
      const asked = memory.asked.length
      yield* TestClock.adjust("2 hours")
      expect(memory.asked.length).toBe(asked)
    })
  )

  it.effect("reads a call of which something never arrives for an hour, and no longer", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      // Its outcome would come ten minutes after its end.
      const silent: CallProvider = {
        ...memory,
        getMany: (ids, detail) =>
          Effect.map(memory.getMany(ids, detail), ({ failures, orders }) => ({
            failures,
            orders: orders.map((fact) => ({ ...fact, evidence: { ...fact.evidence, outcome: undefined } }))
          }))
      }
      const { calls } = yield* opened(silent, { changes: { sweep: "1 minute" } })
      yield* calls.place({ ...order, to: "+12025550152" })
      for (let minute = 0; minute < 30; minute++) yield* TestClock.adjust("1 minute")
      const asked = memory.asked.length
      for (let minute = 0; minute < 30; minute++) yield* TestClock.adjust("1 minute")
      expect(memory.asked.length).toBe(asked + 30)
      for (let minute = 0; minute < 30; minute++) yield* TestClock.adjust("1 minute")
      const last = memory.asked.length
      for (let minute = 0; minute < 60; minute++) yield* TestClock.adjust("1 minute")
      expect(memory.asked.length).toBe(last)
    })
  )

  it.effect("of a process that nobody consumes from is not done, and begins with the first who does", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { calls, feed } = yield* opened(memory)
      yield* calls.place(order)
      yield* TestClock.adjust("1 hour")
      expect(memory.asked).toEqual(["place"])
      const consuming = yield* Effect.forkChild(Stream.runDrain(calls.changes({ consumer: "crm" })))
      yield* TestClock.adjust("1 second")
      expect(words(yield* toldIn(feed)).length).toBe(4)
      yield* Fiber.interrupt(consuming)
      const asked = memory.asked.length
      yield* TestClock.adjust("1 hour")
      expect(memory.asked.length).toBe(asked)
    })
  )
})

describe("without a feed", () => {
  it.effect("the first change that is asked for fails, and says what is missing", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { journal } = yield* opened(memory)
      const calls = yield* bare(journal, memory)
      const exit = yield* Effect.exit(Stream.runDrain(calls.changes({ consumer: "crm" })))
      const error = Exit.isFailure(exit) ? Option.getOrUndefined(Cause.findErrorOption(exit.cause)) : undefined
      expect(error).toMatchObject({ operation: "changes", reason: { _tag: "InvalidRequest", field: "changes" } })
    })
  )
})
