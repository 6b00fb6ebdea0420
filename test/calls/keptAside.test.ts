/** An order that was taken after its reservation had been given up is kept aside. */
import { expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import { keptAsideAs } from "../../src/calls/attribution.ts"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { JournalError, type PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { type InMemoryProvider, makeInMemoryProvider } from "../../src/testing/index.ts"
import { keyOf } from "./placementKeys.ts"
import {
  ahead,
  dropped,
  idOf,
  LISTED,
  lost,
  memoryWith,
  order,
  places,
  REFERENCE,
  serviceOn,
  slowly,
  START
} from "./uncertainOrders.ts"

type Journal = PlacementJournal["Service"]

const busy = (operation: JournalError["operation"]) => new JournalError({ operation, problem: "SQLITE_BUSY" })

/** The first order of the reference is on its way; somebody gave it up, by a clock that is ahead. */
const givenUp = Effect.fnUntraced(function* (memory: InMemoryProvider, journal: Journal, first = journal) {
  yield* TestClock.setTime(START)
  const settle = journal.absence === undefined ? {} : LISTED
  const calls = yield* serviceOn(journal, memory, { settle })
  const placing = yield* Effect.forkChild((yield* serviceOn(first, slowly(memory))).place(order))
  yield* TestClock.adjust("10 seconds")
  expect(yield* Effect.provideService(calls.release(REFERENCE), Clock.Clock, ahead(yield* Clock.Clock))).toBe(true)
  return { calls, placing }
})

it.effect("does not end the walk of a list that holds another order of the reference", () =>
  Effect.gen(function* () {
    const memory = memoryWith()
    const journal = yield* makeMemoryJournal
    const { calls, placing } = yield* givenUp(memory, journal)
    memory.setFailure("place", lost)
    // Taken by the provider at once; its answer is lost.
    expect(yield* calls.place(order)).toMatchObject({ state: "uncertain" })
    yield* TestClock.adjust("1 minute")
    expect(yield* Fiber.join(placing)).toMatchObject({ state: "accepted", call: { id: idOf(memory, 1) } })
    yield* TestClock.setTime(START + 7 * 60_000)
    const looked = [(yield* calls.reconcile(REFERENCE)).state]
    yield* TestClock.setTime(START + 15 * 60_000)
    looked.push((yield* calls.reconcile(REFERENCE)).state)
    expect(looked).toEqual(["accepted", "accepted"])
    expect(Option.getOrNull(yield* journal.find(keyOf(REFERENCE)))).toMatchObject({ orderId: idOf(memory, 0) })
  })
)

it.effect("is looked for, and if that fails nothing is sent and nothing is left open", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(START)
    const memory = memoryWith()
    const inner = yield* makeMemoryJournal
    let fails = 1
    const find: Journal["find"] = (key) => (fails-- > 0 ? Effect.fail(busy("find")) : inner.find(key))
    const calls = yield* serviceOn({ ...inner, find }, memory)
    expect(yield* Effect.flip(calls.place(order))).toMatchObject({ _tag: "JournalError" })
    yield* TestClock.adjust("20 minutes")
    const again = yield* calls.place(order)
    expect(places(memory)).toBe(1)
    expect(again).toMatchObject({ state: "accepted", already: false })
  })
)

it.effect("is kept though its reservation is given up at every moment", () =>
  Effect.gen(function* () {
    const memory = memoryWith()
    const inner = yield* makeMemoryJournal
    let reserves = 0
    const reserve: Journal["reserve"] = (reservation) =>
      Effect.tap(inner.reserve(reservation), ({ token, changedAt }) =>
        ++reserves === 2 ? inner.release(keyOf(REFERENCE), token, changedAt) : Effect.void
      )
    const { calls, placing } = yield* givenUp(memory, inner, { ...inner, reserve })
    yield* TestClock.adjust("2 minutes")
    expect(yield* Fiber.join(placing)).toMatchObject({ state: "accepted" })
    yield* calls.place(order)
    expect(memory.placed).toHaveLength(1)
  })
)

it.effect("is known though its process dies before it is settled", () =>
  Effect.gen(function* () {
    const memory = makeInMemoryProvider({ capabilities: { list: "no", listFilters: [] } })
    const inner = yield* makeMemoryJournal
    const settle: Journal["settle"] = (key, ...asked) =>
      key.reference === keptAsideAs(REFERENCE, 1) ? Effect.fail(busy("settle")) : inner.settle(key, ...asked)
    yield* TestClock.setTime(START)
    const calls = yield* serviceOn(inner, memory)
    const placing = yield* Effect.forkChild((yield* serviceOn({ ...inner, settle }, slowly(memory))).place(order))
    yield* TestClock.adjust("10 seconds")
    yield* Effect.provideService(calls.release(REFERENCE), Clock.Clock, ahead(yield* Clock.Clock))
    expect(yield* calls.place(order)).toMatchObject({ state: "accepted" })
    yield* TestClock.adjust("5 minutes")
    expect(yield* Fiber.join(placing)).toMatchObject({ state: "accepted" })
    const first = { provider: memory.adapter.providerId, id: idOf(memory, 1) }
    yield* TestClock.adjust("1 hour")
    const heard = yield* calls.heard(first)
    const named = yield* Effect.result(calls.reconcile(REFERENCE, { call: first }))
    const stale = yield* calls.reconcileStale({ olderThan: 0 })
    expect(heard.state).toBe("known")
    expect(named._tag).toBe("Success")
    expect(stale.map(({ state }) => state)).not.toContain("uncertain")
  })
)

it.effect("is kept once, at two tries, when the reference has become free in between", () =>
  Effect.gen(function* () {
    const memory = makeInMemoryProvider({ capabilities: { list: "no", listFilters: [] } })
    const inner = yield* makeMemoryJournal
    let fails = 1
    const settle: Journal["settle"] = (key, ...asked) =>
      key.reference === keptAsideAs(REFERENCE, 1) && fails-- > 0
        ? // Meanwhile the other order is refused.
          Effect.andThen(
            Effect.flatMap(inner.find(keyOf(REFERENCE)), (main) => {
              const { token, changedAt } = Option.getOrThrow(main)
              return inner.release(keyOf(REFERENCE), token, changedAt)
            }),
            Effect.fail(busy("settle"))
          )
        : inner.settle(key, ...asked)
    yield* TestClock.setTime(START)
    const calls = yield* serviceOn(inner, memory)
    const placing = yield* Effect.forkChild((yield* serviceOn({ ...inner, settle }, slowly(memory))).place(order))
    yield* TestClock.adjust("10 seconds")
    yield* Effect.provideService(calls.release(REFERENCE), Clock.Clock, ahead(yield* Clock.Clock))
    memory.setFailure("place", dropped)
    yield* calls.place(order)
    yield* TestClock.adjust("5 minutes")
    yield* Fiber.join(placing)
    yield* TestClock.adjust("1 hour")
    const stale = yield* calls.reconcileStale({ olderThan: 0 })
    expect(yield* calls.release(REFERENCE)).toBe(false)
    expect(stale.map(({ state }) => state)).not.toContain("uncertain")
  })
)

it.effect("answers a reference whose other order is absent, and no placing adds a placement", () =>
  Effect.gen(function* () {
    const memory = memoryWith()
    const inner = yield* makeMemoryJournal
    const { absence } = inner
    let superseded = 0
    let reads = 0
    const journal: Journal = {
      ...inner,
      find: (key) => Effect.suspend(() => (reads++, inner.find(key))),
      ...(absence === undefined
        ? {}
        : { absence: { ...absence, supersede: (...asked) => (superseded++, absence.supersede(...asked)) } })
    }
    const { calls, placing } = yield* givenUp(memory, journal)
    memory.setFailure("place", dropped)
    expect(yield* calls.place(order)).toMatchObject({ state: "uncertain" })
    yield* TestClock.adjust("1 minute")
    yield* Fiber.join(placing)
    // A person says that there is none; or two lists do.
    const { token } = Option.getOrThrow(yield* inner.find(keyOf(REFERENCE)))
    const at = Instant.make("2026-03-02T15:20:00.000Z")
    yield* inner.settle(keyOf(REFERENCE), token, { state: "absent", evidence: "given_up" }, at)
    yield* TestClock.adjust("1 hour")
    const costs: Array<number> = []
    for (let time = 0; time < 40; time++) {
      reads = 0
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: true })
      costs.push(reads)
    }
    expect(superseded).toBeLessThan(2)
    expect(costs.at(-1)).toBe(costs[1])
    expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "accepted" })
  })
)

it.effect("is tried again where the journal forgets it at once", () =>
  Effect.gen(function* () {
    const memory = memoryWith()
    const inner = yield* makeMemoryJournal
    let forgets = 1
    const settle: Journal["settle"] = (key, ...asked) =>
      key.reference === keptAsideAs(REFERENCE, 1) && forgets-- > 0 ? Effect.succeedNone : inner.settle(key, ...asked)
    const { calls, placing } = yield* givenUp(memory, inner, { ...inner, settle })
    yield* TestClock.adjust("2 minutes")
    yield* Fiber.join(placing)
    const kept = yield* inner.find(keyOf(keptAsideAs(REFERENCE, 1)))
    expect(Option.getOrNull(kept)).toMatchObject({ state: "accepted", status: expect.any(String) })
    yield* calls.place(order)
    expect(memory.placed).toHaveLength(1)
  })
)
