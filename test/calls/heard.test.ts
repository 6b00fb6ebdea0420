/** A message that names a call: it is read, whoever sent it, and what is known of it is brought up to date. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Context from "effect/Context"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls, type VoiceCallsOptions } from "../../src/calls/VoiceCalls.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import { TimedOut } from "../../src/provider/CallError.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { type InMemoryProvider, makeInMemoryProvider } from "../../src/testing/index.ts"
import { keyOf } from "./placementKeys.ts"

const order = { to: "+12025550100", agent: { id: "agent-1" }, reference: "lead-1" }
const lost = { reason: new TimedOut({}), accepted: true, times: 1 }

const serviceOn = (journal: PlacementJournal["Service"], provider: CallProvider, options: VoiceCallsOptions = {}) =>
  Effect.map(
    Layer.build(
      Layer.fresh(VoiceCalls.layer([Effect.succeed(provider)], options)).pipe(
        Layer.provide(Layer.succeed(PlacementJournal)(journal))
      )
    ),
    (context) => Context.get(context, VoiceCalls)
  )

const opened = Effect.fnUntraced(function* (provider: CallProvider) {
  const journal = yield* makeMemoryJournal
  return {
    journal,
    calls: yield* serviceOn(journal, provider),
    find: Effect.map(journal.find(keyOf("lead-1")), Option.getOrNull)
  }
})

const callAt = ({ adapter, placed }: InMemoryProvider, index: number) => ({
  provider: adapter.providerId,
  id: placed[index]?.id ?? OrderId.make("none")
})

describe("a call that a message names", () => {
  it.effect("settles the uncertain placement whose reference it tells, though no list holds it", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider({ capabilities: { list: "no", listFilters: [] }, failures: { place: lost } })
      const { calls, find } = yield* opened(memory)
      expect(yield* calls.place(order)).toMatchObject({ state: "uncertain" })
      yield* TestClock.adjust("12 minutes")
      expect(yield* calls.reconcile("lead-1")).toMatchObject({ state: "uncertain" })
      expect(yield* calls.heard(callAt(memory, 0))).toMatchObject({ state: "settled", order: { reference: "lead-1" } })
      expect(yield* find).toMatchObject({ orderId: memory.placed[0]?.id, evidence: "webhook" })
      expect(yield* calls.heard(callAt(memory, 0))).toMatchObject({ state: "known" })
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: true })
    })
  )

  it.effect("is left to its own answer while it is being placed", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const slow: CallProvider = {
        ...memory,
        place: (request) => Effect.tap(memory.place(request), () => Effect.sleep("1 minute"))
      }
      const { calls, find } = yield* opened(slow)
      const placing = yield* Effect.forkChild(calls.place(order))
      yield* TestClock.adjust("10 seconds")
      expect(yield* calls.heard(callAt(memory, 0))).toMatchObject({ state: "in_flight" })
      expect(yield* find).toMatchObject({ state: "reserved" })
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(placing)).toMatchObject({ state: "accepted", already: false })
      expect(yield* calls.heard(callAt(memory, 0))).toMatchObject({ state: "known" })
    })
  )

  it.effect("is known where its process died before its answer, once that can come no more", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const never: CallProvider = { ...memory, place: (request) => Effect.andThen(memory.place(request), Effect.never) }
      const { calls, find } = yield* opened(never)
      yield* Effect.forkChild(calls.place(order))
      yield* TestClock.adjust("10 minutes")
      expect(yield* calls.heard(callAt(memory, 0))).toMatchObject({ state: "in_flight" })
      yield* TestClock.adjust("2 minutes")
      expect(yield* calls.heard(callAt(memory, 0))).toMatchObject({ state: "settled" })
      expect(yield* find).toMatchObject({ state: "ended" })
    })
  )

  it.effect("that nobody placed here, or another account did, changes nothing", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { calls, journal, find } = yield* opened({ ...memory, account: "one" })
      yield* (yield* opened(memory)).calls.place({ ...order, reference: "of-another-journal" })
      expect(yield* calls.heard(callAt(memory, 0))).toMatchObject({ state: "unknown" })
      expect(yield* calls.isKnown(callAt(memory, 0))).toBe(false)

      yield* calls.place(order)
      const before = yield* find
      const other = yield* serviceOn(journal, { ...memory, account: "two" })
      yield* TestClock.adjust("1 hour")
      expect(yield* other.heard(callAt(memory, 1))).toMatchObject({ state: "unknown" })
      expect(yield* other.isKnown(callAt(memory, 1))).toBe(false)
      expect(yield* find).toEqual(before)
      expect(yield* calls.isKnown(callAt(memory, 1))).toBe(true)
    })
  )

  it.effect("is not settled where its placement was given up in between", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider({ capabilities: { list: "no", listFilters: [] }, failures: { place: lost } })
      const { calls, journal } = yield* opened(memory)
      yield* calls.place(order)
      const { changedAt } = Option.getOrThrow(yield* journal.find(keyOf("lead-1")))
      const racing = {
        ...journal,
        settle: (...asked: Parameters<typeof journal.settle>) =>
          Effect.andThen(journal.release(keyOf("lead-1"), asked[1], changedAt), journal.settle(...asked))
      }
      const heard = yield* (yield* serviceOn(racing, memory)).heard(callAt(memory, 0))
      expect(heard).toMatchObject({ state: "unknown", order: { reference: "lead-1" } })
    })
  )

  it.effect("wakes whoever waits for its end", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { calls } = yield* opened(memory)
      const placed = yield* calls.place(order)
      if (placed.state !== "accepted") throw new Error(placed.state)
      const waiting = yield* Effect.forkChild(calls.awaitEnd(placed.call, { deadline: "2 hours" }))
      yield* TestClock.adjust("1 second")
      yield* calls.heard(placed.call)
      const looked = memory.asked.length
      yield* TestClock.adjust(0)
      expect(memory.asked.length).toBeGreaterThan(looked)
      yield* TestClock.adjust("1 hour")
      expect(yield* calls.heard(placed.call)).toMatchObject({ order: { terminal: true } })
      expect(yield* Fiber.join(waiting)).toMatchObject({ terminal: true })
    })
  )

  it.effect("that its provider does not know is NotFound", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const { calls } = yield* opened(memory)
      expect(yield* Effect.flip(calls.heard(callAt(memory, 0)))).toMatchObject({ reason: { _tag: "NotFound" } })
    })
  )
})
