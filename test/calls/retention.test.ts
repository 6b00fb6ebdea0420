/** Orders that are over: what is known of them once they are compacted, and what deleting them permits. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import { makeCustomJournal } from "../../src/calls/CustomJournal.ts"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { compactEnded, countEnded, deleteEnded } from "../../src/calls/retention.ts"
import { Instant } from "../../src/domain/Instant.ts"
import type { PlaceCallInput } from "../../src/domain/PlaceCall.ts"
import { openInProcess, START } from "./inProcess.ts"
import { mapJournal } from "./mapJournal.ts"
import { keyOf } from "./placementKeys.ts"

const DAY = 86_400_000

const order: PlaceCallInput = { to: "+12025550100", agent: { id: "agent-1" }, reference: "lead-1" }

/** A time so many days before the one that the clock shows. */
const before = (days: number) =>
  Effect.map(
    Effect.clockWith((clock) => clock.currentTimeMillis),
    (now) => Instant.make(new Date(now - days * DAY).toISOString())
  )

/** One order that is over, and later days. */
const ended = Effect.fnUntraced(function* (days = 40) {
  yield* TestClock.setTime(START)
  const journal = yield* makeMemoryJournal
  const opened = yield* openInProcess({ journal: Layer.succeed(PlacementJournal)(journal) })
  const { calls } = opened
  const placed = yield* calls.place(order)
  const call = placed.state === "accepted" ? placed.call : expect.fail("not placed")
  yield* TestClock.adjust("1 hour")
  expect(yield* calls.reconcile("lead-1")).toMatchObject({ state: "accepted", order: { terminal: true } })
  yield* TestClock.setTime(START + days * DAY)
  const onJournal = Effect.provideService(PlacementJournal, journal)
  return { ...opened, journal, call, onJournal }
})

describe("a compacted order", () => {
  it.effect("keeps its reference taken, and does not say that another is the same", () =>
    Effect.gen(function* () {
      const { calls, twin, call, onJournal, journal } = yield* ended(90)
      const endedBefore = yield* before(30)
      expect(yield* onJournal(compactEnded({ endedBefore }))).toBe(1)
      const row = Option.getOrThrow(yield* journal.find(keyOf("lead-1")))
      expect(Object.keys(row).toSorted()).toEqual(
        "account changedAt numberDigest orderId provider reference reservedAt state tenant token".split(" ")
      )
      expect(row).toMatchObject({ state: "ended", orderId: call.id, numberDigest: "" })
      for (const change of [{}, { agent: { id: "agent-2" } }, { to: "+12025550101" }]) {
        const again = yield* calls.place({ ...order, ...change })
        expect(again).toMatchObject({ state: "accepted", already: true, compacted: true, call })
        expect(again).not.toHaveProperty("differs")
        const strict = yield* Effect.flip(calls.place({ ...order, ...change }, { onDifference: "fail" }))
        expect(strict).toMatchObject({ reason: { _tag: "ReferenceHeld", by: "compacted", state: "accepted" } })
        expect(strict.message).toContain("no longer knows whether it is the same")
      }
      expect(yield* calls.reconcile("lead-1")).toMatchObject({ state: "accepted", compacted: true, call })
      expect(yield* calls.release("lead-1")).toBe(false)
      expect(twin.orders).toHaveLength(1)
      expect(yield* onJournal(compactEnded({ endedBefore }))).toBe(0)
    })
  )

  it.effect("is another account's as before", () =>
    Effect.gen(function* () {
      const { journal, twin, onJournal } = yield* ended()
      yield* onJournal(compactEnded({ endedBefore: yield* before(1) }))
      const layer = Layer.succeed(PlacementJournal)(journal)
      const { calls } = yield* openInProcess({ journal: layer, twin, key: "another-key" })
      expect(yield* Effect.flip(calls.place(order))).toMatchObject({ reason: { by: "account" } })
    })
  )
})

describe("a deleted order", () => {
  it.effect("may be placed again, and only it", () =>
    Effect.gen(function* () {
      const { calls, twin, onJournal } = yield* ended()
      twin.setFaults("place:drop*1")
      expect(yield* calls.place({ ...order, reference: "lead-2" })).toMatchObject({ state: "uncertain" })
      yield* TestClock.setTime(START + 100 * DAY)
      const asked = { endedBefore: yield* before(30), permits: "placing_again" } as const
      expect(yield* onJournal(countEnded(asked))).toEqual({ ended: 1, compactable: 1, deletable: 1 })
      expect(yield* onJournal(deleteEnded(asked))).toBe(1)
      expect(yield* calls.reconcile("lead-1")).toMatchObject({ state: "free" })
      expect(yield* calls.place({ ...order, reference: "lead-2" })).toMatchObject({ state: "uncertain" })
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: false })
      expect(twin.orders).toHaveLength(2)
    })
  )
})

describe("what is refused", () => {
  it.effect("is a time that is not long enough ago", () =>
    Effect.gen(function* () {
      const { onJournal } = yield* ended()
      const refusal = <A, E extends { readonly message: string }, R>(effect: Effect.Effect<A, E, R>) =>
        Effect.map(Effect.flip(effect), ({ message }) => message)
      const yesterday = yield* before(0.99)
      expect(yield* onJournal(refusal(compactEnded({ endedBefore: yesterday })))).toContain("expected a time a day ago")
      const lately = { endedBefore: yield* before(29.9), permits: "placing_again" } as const
      expect(yield* onJournal(refusal(deleteEnded(lately)))).toContain("expected a time 30 days ago")
      expect(yield* onJournal(compactEnded({ endedBefore: yield* before(1) }))).toBe(1)
      expect(yield* onJournal(deleteEnded({ ...lately, endedBefore: yield* before(30) }))).toBe(1)
    })
  )

  it.effect("is a journal that cannot, and what is no tenant", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const endedBefore = yield* before(2)
      const journal = makeCustomJournal(mapJournal())
      const cannot = Effect.provideService(Effect.flip(compactEnded({ endedBefore })), PlacementJournal, journal)
      expect(yield* cannot).toMatchObject({ reason: { _tag: "InvalidRequest", field: "journal" } })
      const wrong = Effect.flip(compactEnded({ endedBefore, tenant: "a\nb" }))
      const error = yield* Effect.provideServiceEffect(wrong, PlacementJournal, makeMemoryJournal)
      expect(error).toMatchObject({ reason: { _tag: "InvalidRequest", field: "tenant" } })
    })
  )
})
