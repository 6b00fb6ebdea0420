/** An order that was called absent, or is looked for, turns up: in whichever way it is read. */
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import type { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { asideOf } from "../../src/calls/attribution.ts"
import { numberDigest } from "../../src/calls/orderDigest.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { keyOf } from "./placementKeys.ts"
import { dropped, idOf, LISTED, lost, memoryWith, order, REFERENCE, serviceOn, START } from "./uncertainOrders.ts"

type Journal = PlacementJournal["Service"]

it.effect("in a list is found though another account has an order of the same id", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(START)
    const journal = yield* makeMemoryJournal
    const one = memoryWith()
    const two = memoryWith()
    const first = yield* serviceOn(journal, { ...one, account: "one" })
    expect(yield* first.place({ ...order, to: "+12025550111", reference: "other" })).toMatchObject({
      state: "accepted"
    })
    const calls = yield* serviceOn(journal, { ...two, account: "two" }, { settle: LISTED })
    two.setFailure("place", lost)
    expect(yield* calls.place(order)).toMatchObject({ state: "uncertain" })
    expect(idOf(one, 0)).toBe(idOf(two, 0))
    const states: Array<string> = []
    for (const minute of [6, 14]) {
      yield* TestClock.setTime(START + minute * 60_000)
      states.push((yield* calls.reconcile(REFERENCE)).state)
    }
    yield* calls.place(order)
    expect(states).toEqual(["accepted", "accepted"])
    expect(two.placed).toHaveLength(1)
  })
)

it.effect("is that of the first placement where a person names it, though the second has its order", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(START)
    const memory = memoryWith({ hides: () => true })
    const journal = yield* makeMemoryJournal
    const calls = yield* serviceOn(journal, memory, { settle: LISTED })
    memory.setFailure("place", lost)
    yield* calls.place(order)
    for (const minute of [6, 13]) {
      yield* TestClock.setTime(START + minute * 60_000)
      yield* calls.reconcile(REFERENCE)
    }
    expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: false })
    yield* TestClock.adjust("1 hour")
    const callAt = (index: number) => ({ provider: memory.adapter.providerId, id: idOf(memory, index) })
    const [first, second] = [callAt(0), callAt(1)]
    const told = { state: "accepted", call: second, also: [first] }
    expect(yield* Effect.flip(calls.reconcile(REFERENCE, { call: first }))).toMatchObject({
      reason: { _tag: "AbsentWasWrong", placedAgain: true }
    })
    expect(yield* calls.reconcile(REFERENCE, { call: first })).toMatchObject(told)
    expect(yield* calls.reconcile(REFERENCE, { call: second })).toMatchObject(told)
  })
)

it.effect("is found though the one before was given up a moment before it was placed again", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(START)
    const memory = memoryWith()
    const untimed = { ...memory, clock: Effect.succeed(undefined) }
    const journal = yield* makeMemoryJournal
    const key = keyOf(REFERENCE)
    const at = (millis: number) => Instant.make(new Date(START + millis).toISOString())
    const { adapter } = memory
    const reservation = { ...key, provider: adapter.providerId, numberDigest: numberDigest(order.to) }
    yield* journal.reserve({ ...reservation, token: "given-up", at: at(0), clockOffset: 0 })
    yield* journal.settle(key, "given-up", { state: "absent", evidence: "given_up" }, at(1000))
    const again = { ...reservation, token: "again", at: at(5000), supersedes: "given-up" }
    yield* journal.absence?.supersede(again, asideOf(REFERENCE, "given-up")) ?? Effect.void
    yield* TestClock.adjust("6 seconds")
    // The answer to a process that died.
    yield* (yield* serviceOn(yield* makeMemoryJournal, memory)).place(order)
    yield* TestClock.adjust("12 minutes")
    const calls = yield* serviceOn(journal, untimed, { settle: LISTED })
    expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "accepted", call: { id: idOf(memory, 0) } })
    expect(Option.getOrNull(yield* journal.find(key))).toMatchObject({ token: "again", state: "ended" })
  })
)

it.effect("is noticed by the clock that finds it: the policy can be confirmed again", () =>
  Effect.gen(function* () {
    const YEAR = 365 * 24 * 3_600_000
    const memory = memoryWith({ hides: () => true })
    const journal = yield* makeMemoryJournal
    yield* TestClock.setTime(START + YEAR)
    const calls = yield* serviceOn(journal, memory, { settle: LISTED })
    memory.setFailure("place", lost)
    yield* calls.place(order)
    for (const minute of [6, 13]) {
      yield* TestClock.setTime(START + YEAR + minute * 60_000)
      yield* calls.reconcile(REFERENCE)
    }
    expect(Option.getOrNull(yield* journal.find(keyOf(REFERENCE)))).toMatchObject({ state: "absent" })
    // The clock is mended, and the order turns up.
    yield* TestClock.setTime(START + 20 * 60_000)
    yield* calls.get({ provider: memory.adapter.providerId, id: idOf(memory, 0) })
    expect(Option.getOrNull(yield* journal.find(keyOf(REFERENCE)))).toMatchObject({ state: "accepted" })
    memory.setList(undefined)
    yield* TestClock.setTime(START + 3_600_000)
    const policies = { memory: { absent: "listed", confirmedAt: new Date(START + 3_600_000) } } as const
    const later = yield* serviceOn(journal, memory, { settle: { policies } })
    memory.setFailure("place", dropped)
    yield* later.place({ ...order, reference: "lead-2" })
    const states: Array<string> = []
    for (const minute of [67, 75]) {
      yield* TestClock.setTime(START + minute * 60_000)
      states.push((yield* later.reconcile("lead-2")).state)
    }
    expect(states).toEqual(["uncertain", "absent"])
  })
)

it.effect("is told as wrong, however long the journal takes", () =>
  Effect.gen(function* () {
    const said: Array<string> = []
    yield* Effect.gen(function* () {
      const memory = memoryWith({ hides: () => true })
      const inner = yield* makeMemoryJournal
      let pause = 0
      const settle: Journal["settle"] = (...asked) =>
        Effect.uninterruptible(Effect.tap(inner.settle(...asked), () => Effect.sleep(pause)))
      yield* TestClock.setTime(START)
      const calls = yield* serviceOn({ ...inner, settle }, memory, { settle: LISTED })
      memory.setFailure("place", lost)
      yield* calls.place(order)
      for (const minute of [6, 13]) {
        yield* TestClock.setTime(START + minute * 60_000)
        yield* calls.reconcile(REFERENCE)
      }
      pause = 3000
      const reading = yield* Effect.forkChild(calls.get({ provider: memory.adapter.providerId, id: idOf(memory, 0) }))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(reading)
      expect(Option.getOrNull(yield* inner.find(keyOf(REFERENCE)))).toMatchObject({
        orderId: idOf(memory, 0),
        wrongAt: expect.any(String)
      })
      expect(said.join("\n")).toContain("absent_was_wrong")
    }).pipe(Effect.provide(Logger.layer([Logger.make(({ message }) => void said.push(JSON.stringify(message)))])))
  })
)

it.effect("is not what an order is that somebody reads alone: the list tells whose it is", () =>
  Effect.gen(function* () {
    const memory = memoryWith()
    const journal = yield* makeMemoryJournal
    yield* TestClock.setTime(START)
    const calls = yield* serviceOn(journal, memory, { settle: LISTED })
    // Anything that was ever absent.
    memory.setFailure("place", dropped)
    yield* calls.place({ ...order, reference: "lead-0", to: "+12025550122" })
    for (const minute of [6, 13]) {
      yield* TestClock.setTime(START + minute * 60_000)
      yield* calls.reconcile("lead-0")
    }
    memory.setFailure("place", lost)
    yield* calls.place(order)
    yield* calls.release(REFERENCE)
    memory.setFailure("place", lost)
    yield* TestClock.adjust("1 minute")
    yield* calls.place(order)
    yield* TestClock.adjust("1 minute")
    yield* calls.get({ provider: memory.adapter.providerId, id: idOf(memory, 0) })
    yield* TestClock.adjust("1 hour")
    yield* calls.settle
    yield* calls.reconcile(REFERENCE)
    const provider = memory.adapter.providerId
    const second = yield* journal.findCall({ tenant: "", provider, orderId: idOf(memory, 1) })
    expect(Option.isSome(second)).toBe(true)
  })
)

it.effect("by a clock a day ahead is not looked for at each pass", () =>
  Effect.gen(function* () {
    const memory = memoryWith()
    const journal = yield* makeMemoryJournal
    yield* TestClock.setTime(START + 24 * 3_600_000)
    const calls = yield* serviceOn(journal, memory)
    memory.setFailure("place", dropped)
    yield* calls.place(order)
    yield* TestClock.setTime(START)
    const before = memory.asked.length
    for (let minute = 0; minute < 600; minute++) {
      yield* TestClock.adjust("1 minute")
      yield* calls.settle
    }
    expect(memory.asked.length - before).toBeLessThan(100)
  })
)
