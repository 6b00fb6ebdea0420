/** An order that was taken is in the journal, whatever has become of its reservation meanwhile. */
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import * as Clock from "effect/Clock"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { isCompactable } from "../../src/calls/compactedPlacement.ts"
import { JournalError } from "../../src/calls/PlacementJournal.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { InvalidRequest, TimedOut } from "../../src/provider/CallError.ts"
import { keyOf } from "./placementKeys.ts"
import { ahead, lost, memoryWith, order, REFERENCE, serviceOn, slowly, START } from "./uncertainOrders.ts"

/** A provider that takes an order a minute after it was asked, and two programs over one journal. */
const opened = Effect.gen(function* () {
  yield* TestClock.setTime(START)
  const memory = memoryWith()
  const journal = yield* makeMemoryJournal
  const slow = slowly(memory)
  const findCall = (orderId: OrderId | undefined) =>
    orderId === undefined
      ? Effect.succeed(null)
      : Effect.map(journal.findCall({ tenant: "", provider: memory.adapter.providerId, orderId }), Option.getOrNull)
  return {
    memory,
    findCall,
    find: Effect.map(journal.find(keyOf(REFERENCE)), Option.getOrNull),
    journal,
    calls: yield* serviceOn(journal, memory),
    slowly: yield* serviceOn(journal, slow),
    again: serviceOn(journal, slow),
    /** Over a journal whose second try to settle as accepted fails, whatever it is of. */
    failing: Effect.suspend(() => {
      let settled = 0
      const settle: typeof journal.settle = (key, token, settlement, at) =>
        settlement.state === "accepted" && ++settled === 2
          ? Effect.fail(new JournalError({ operation: "settle", problem: "SQLITE_BUSY" }))
          : journal.settle(key, token, settlement, at)
      return serviceOn({ ...journal, settle }, slow)
    })
  }
})

it.effect("that was given up on its way, by a clock that is ahead, keeps its reference taken", () =>
  Effect.gen(function* () {
    const { memory, calls, slowly, find } = yield* opened
    const placing = yield* Effect.forkChild(slowly.place(order))
    yield* TestClock.adjust("10 seconds")
    const wrong = ahead(yield* Clock.Clock)
    expect(yield* Effect.provideService(calls.release(REFERENCE), Clock.Clock, wrong)).toBe(true)
    expect(yield* find).toBeNull()
    yield* TestClock.adjust("1 minute")
    expect(yield* Fiber.join(placing)).toMatchObject({ state: "accepted" })
    const call = { id: memory.placed[0]?.id }
    expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "accepted", call })
    expect(yield* calls.release(REFERENCE)).toBe(false)
    expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: true, call })
    expect(memory.placed).toHaveLength(1)
  })
)

it.effect("whose reference another order has by then is kept aside, read to its end, and told as an error", () =>
  Effect.gen(function* () {
    const said: Array<string> = []
    yield* Effect.gen(function* () {
      const { memory, calls, slowly, find, findCall } = yield* opened
      memory.setFailure("place", lost)
      expect(yield* calls.place(order)).toMatchObject({ state: "uncertain" })
      expect(yield* calls.release(REFERENCE)).toBe(true)
      const placing = yield* Effect.forkChild(slowly.place(order))
      yield* TestClock.adjust("10 seconds")
      // What was given up turns up, and is taken for the order that is on its way.
      expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "accepted", call: { id: memory.placed[0]?.id } })
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(placing)).toMatchObject({ state: "accepted", call: { id: memory.placed[1]?.id } })
      const [first, second] = memory.placed.map(({ id }) => id)
      expect(yield* find).toMatchObject({ orderId: first })
      expect(yield* findCall(second)).toMatchObject({ state: "accepted", orderId: second })
      expect(said.filter((line) => line.includes("rung twice"))).toHaveLength(1)
      yield* TestClock.adjust("1 hour")
      expect(yield* calls.reconcileStale({ olderThan: 0 })).toMatchObject([
        { reference: REFERENCE, call: { id: first } },
        { reference: REFERENCE, call: { id: second } }
      ])
      expect(yield* findCall(second)).toMatchObject({ state: "ended" })
      expect(memory.placed).toHaveLength(2)
    }).pipe(Effect.provide(Logger.layer([Logger.make(({ message }) => void said.push(String(message)))])))
  })
)

it.effect("is not taken for an older one that was given up and turns up while it is on its way", () =>
  Effect.gen(function* () {
    const { memory, calls, slowly } = yield* opened
    memory.setFailure("place", lost)
    expect(yield* calls.place(order)).toMatchObject({ state: "uncertain" })
    yield* TestClock.adjust("10 seconds")
    expect(yield* calls.release(REFERENCE)).toBe(true)
    const placing = yield* Effect.forkChild(slowly.place(order))
    yield* TestClock.adjust("10 seconds")
    expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "in_flight" })
    expect(yield* calls.settle).toMatchObject([{ state: "in_flight" }])
    memory.setFailure("place", lost)
    yield* TestClock.adjust("1 minute")
    // Nobody is answered with its id: what the list holds is all that tells of it.
    expect(yield* Fiber.join(placing)).toMatchObject({ state: "uncertain" })
    expect(memory.placed).toHaveLength(2)
    expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "accepted", call: { id: memory.placed[1]?.id } })
  })
)

/** An order that is in the list, and a reservation by a process that died, so much later by its clock than the order was made. */
const leftBy = Effect.fnUntraced(function* (laterMillis: number) {
  const { memory, calls, journal } = yield* opened
  memory.setFailure("place", lost)
  expect(yield* calls.place(order)).toMatchObject({ state: "uncertain" })
  yield* TestClock.adjust("10 seconds")
  const { provider, numberDigest } = Option.getOrThrow(yield* journal.find(keyOf(REFERENCE)))
  yield* calls.release(REFERENCE)
  const at = Instant.make(new Date(START + laterMillis).toISOString())
  yield* journal.reserve({ ...keyOf(REFERENCE), provider, numberDigest, token: "of-a-killed-process", at })
  return { calls, found: { state: "accepted", call: { id: memory.placed[0]?.id } } }
})

it.effect(
  "is not taken for an older one whose process died before it sent anything, until it cannot be under way",
  () =>
    Effect.gen(function* () {
      const { calls, found } = yield* leftBy(10_000)
      expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "in_flight" })
      yield* TestClock.adjust("11 minutes")
      expect(yield* calls.reconcile(REFERENCE)).toMatchObject(found)
    })
)

it.effect.each([
  ["tells it in whole seconds", 900],
  ["tells the truth, and the clock of its process was hours ahead", 7_200_000]
] as const)(
  "is found at once where its provider's time seems to be before it was reserved, but %s",
  ([, laterMillis]) =>
    Effect.gen(function* () {
      const { calls, found } = yield* leftBy(laterMillis)
      expect(yield* calls.reconcile(REFERENCE)).toMatchObject(found)
    })
)

/** Two orders of one reference on their way: the first was given up by a clock that is ahead. */
const bothOnTheirWay = Effect.gen(function* () {
  const site = yield* opened
  const first = yield* Effect.forkChild(site.slowly.place(order))
  yield* TestClock.adjust("10 seconds")
  yield* Effect.provideService(site.calls.release(REFERENCE), Clock.Clock, ahead(yield* Clock.Clock))
  const second = yield* Effect.forkChild((yield* site.again).place(order))
  yield* TestClock.adjust("10 seconds")
  return { ...site, first, second }
})

it.effect("kept aside, keeps its reference taken when the other is refused", () =>
  Effect.gen(function* () {
    const { memory, calls, journal, first, second } = yield* bothOnTheirWay
    yield* TestClock.adjust("40 seconds")
    expect(yield* Fiber.join(first)).toMatchObject({ state: "accepted" })
    memory.setFailure("place", { reason: new InvalidRequest({ status: 422 }), times: 1 })
    yield* TestClock.adjust("1 minute")
    expect(yield* Effect.flip(Fiber.join(second))).toMatchObject({ reason: { _tag: "InvalidRequest" } })
    const call = { id: memory.placed[0]?.id }
    expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "accepted", reference: REFERENCE, call })
    expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: true, call })
    expect(yield* calls.release(REFERENCE)).toBe(false)
    expect(Option.isNone(yield* journal.find(keyOf(REFERENCE)))).toBe(true)
    expect(memory.placed).toHaveLength(1)
  })
)

it.effect("kept aside, is not taken for the other, and stays when what has ended is compacted", () =>
  Effect.gen(function* () {
    const { memory, calls, find, journal, first, second } = yield* bothOnTheirWay
    yield* TestClock.adjust("40 seconds")
    yield* Fiber.join(first)
    memory.setFailure("place", { reason: new TimedOut({}), times: 1 })
    yield* TestClock.adjust("1 minute")
    expect(yield* Fiber.join(second)).toMatchObject({ state: "uncertain" })
    yield* TestClock.adjust("1 hour")
    expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "uncertain" })
    expect(yield* find).not.toHaveProperty("orderId")
    yield* calls.reconcileStale({ olderThan: 0 })
    const key = {
      tenant: "",
      provider: memory.adapter.providerId,
      orderId: memory.placed[0]?.id ?? OrderId.make("none")
    }
    const aside = Option.getOrThrow(yield* journal.findCall(key))
    expect(aside).toMatchObject({ state: "ended", sentAs: REFERENCE })
    expect(isCompactable({ endedBefore: Instant.make("2999-01-01T00:00:00.000Z") }, aside)).toBe(false)
  })
)

it.effect("is kept once, and settled, by a journal that fails in between", () =>
  Effect.gen(function* () {
    const { memory, calls, journal, failing } = yield* opened
    memory.setFailure("place", lost)
    yield* calls.place(order)
    yield* calls.release(REFERENCE)
    const placing = yield* Effect.forkChild((yield* failing).place(order))
    yield* TestClock.adjust("10 seconds")
    yield* calls.reconcile(REFERENCE)
    yield* TestClock.adjust("2 minutes")
    expect(yield* Fiber.join(placing)).toMatchObject({ state: "accepted", call: { id: memory.placed[1]?.id } })
    yield* TestClock.adjust("1 hour")
    yield* calls.reconcileStale({ olderThan: 0 })
    const before = Instant.make("2999-01-01T00:00:00.000Z")
    expect(yield* journal.unfinished({ tenant: "", before, limit: 9 })).toEqual([])
    const orderId = memory.placed[1]?.id ?? OrderId.make("none")
    const known = yield* journal.findCall({ tenant: "", provider: memory.adapter.providerId, orderId })
    expect(Option.getOrNull(known)).toMatchObject({ state: "ended" })
  })
)
