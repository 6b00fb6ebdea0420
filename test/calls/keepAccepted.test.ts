/** An order that was taken is in the journal, whatever has become of its reservation meanwhile. */
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import * as Clock from "effect/Clock"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import type { OrderId } from "../../src/domain/Identifiers.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { makeInMemoryProvider } from "../../src/testing/index.ts"
import { keyOf } from "./placementKeys.ts"
import { lost, order, REFERENCE, serviceOn, START } from "./uncertainOrders.ts"

/** A provider that takes an order a minute after it was asked, and two programs over one journal. */
const opened = Effect.gen(function* () {
  yield* TestClock.setTime(START)
  const memory = makeInMemoryProvider({ capabilities: { listFilters: ["status", "created", "agent", "number"] } })
  const journal = yield* makeMemoryJournal
  const slow: CallProvider = {
    ...memory,
    place: (request) => Effect.andThen(Effect.sleep("1 minute"), memory.place(request))
  }
  const findCall = (orderId: OrderId | undefined) =>
    orderId === undefined
      ? Effect.succeed(null)
      : Effect.map(journal.findCall({ tenant: "", provider: memory.adapter.providerId, orderId }), Option.getOrNull)
  return {
    memory,
    findCall,
    find: Effect.map(journal.find(keyOf(REFERENCE)), Option.getOrNull),
    calls: yield* serviceOn(journal, memory),
    slowly: yield* serviceOn(journal, slow)
  }
})

/** Hours ahead, as the clock of a machine that is wrong. */
const ahead = (clock: Clock.Clock): Clock.Clock => ({
  ...clock,
  currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + 7_200_000,
  currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + 7_200_000)
})

it.effect("that was given up on its way, by a clock that is ahead, holds its reference again", () =>
  Effect.gen(function* () {
    const { memory, calls, slowly, find } = yield* opened
    const placing = yield* Effect.forkChild(slowly.place(order))
    yield* TestClock.adjust("10 seconds")
    const wrong = ahead(yield* Clock.Clock)
    expect(yield* Effect.provideService(calls.release(REFERENCE), Clock.Clock, wrong)).toBe(true)
    expect(yield* find).toBeNull()
    yield* TestClock.adjust("1 minute")
    expect(yield* Fiber.join(placing)).toMatchObject({ state: "accepted" })
    expect(yield* find).toMatchObject({ state: "accepted", orderId: memory.placed[0]?.id })
    expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: true })
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
