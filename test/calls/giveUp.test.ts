/** Giving a reference up while another process sends its order again, or only looks for it. */
import { expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import type { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { makeInMemoryProvider } from "../../src/testing/index.ts"
import { keyOf } from "./placementKeys.ts"
import { ahead, dropped, FAILURES, lost, order, REFERENCE, serviceOn, START } from "./uncertainOrders.ts"

type Journal = PlacementJournal["Service"]

const repeat = { onUncertain: "repeat" } as const
const idempotency = { windowSeconds: 24 * 3600, evidence: "https://provider.example/docs/idempotency" } as const

/** Two processes on one journal; each request of the second waits at the gate. */
const opened = Effect.gen(function* () {
  yield* TestClock.setTime(START)
  const journal = yield* makeMemoryJournal
  const memory = makeInMemoryProvider({ capabilities: { idempotency, list: "no", listFilters: [] } })
  const gate = yield* Deferred.make<void>()
  const place: CallProvider["place"] = (request) => Effect.andThen(Deferred.await(gate), memory.place(request))
  return {
    journal,
    memory,
    calls: yield* serviceOn(journal, memory),
    gated: yield* serviceOn(journal, { ...memory, place }),
    open: Deferred.succeed(gate, undefined),
    find: Effect.map(journal.find(keyOf(REFERENCE)), Option.getOrNull)
  }
})

/** Something that happens before the journal gives up what was read before. */
const raced = (journal: Journal, before: Effect.Effect<unknown>): Journal => {
  let isFirst = true
  const first = Effect.suspend(() => {
    if (!isFirst) return Effect.void
    isFirst = false
    return before
  })
  return {
    ...journal,
    release: (...asked) => Effect.andThen(first, journal.release(...asked)),
    settle: (key, token, settlement, at) =>
      settlement.state === "absent" && settlement.evidence === "given_up"
        ? Effect.andThen(first, journal.settle(key, token, settlement, at))
        : journal.settle(key, token, settlement, at)
  }
}

it.effect.each([
  ["placed first", false],
  ["placed over an absent one", true]
] as const)("what is sent again at that moment stays, and its order is not forgotten: %s", ([, isOverAbsent]) =>
  Effect.gen(function* () {
    const { journal, memory, calls, gated, open, find } = yield* opened
    const placeInVain = Effect.suspend(() => {
      memory.setFailure("place", dropped)
      return calls.place(order)
    })
    expect(yield* placeInVain).toMatchObject({ state: "uncertain" })
    if (isOverAbsent) {
      const { token, changedAt } = Option.getOrThrow(yield* journal.find(keyOf(REFERENCE)))
      yield* journal.settle(keyOf(REFERENCE), token, { state: "absent", evidence: "refused" }, changedAt)
      expect(yield* placeInVain).toMatchObject({ state: "uncertain" })
      expect(yield* find).toHaveProperty("supersedes")
    }
    yield* TestClock.adjust("1 minute")
    const sending = Effect.andThen(Effect.forkDetach(gated.place(order, repeat)), TestClock.adjust("1 second"))
    const other = yield* serviceOn(raced(journal, sending), memory)
    expect(yield* other.release(REFERENCE)).toBe(false)
    expect(yield* calls.place(order)).toMatchObject({ state: "in_flight" })
    memory.setFailure("place", lost)
    yield* open
    yield* TestClock.adjust("1 second")
    expect(yield* find).toMatchObject({ state: "uncertain", evidence: "sent_again" })
    expect(memory.placed).toHaveLength(1)
  })
)

it.effect("what somebody only looks for at that moment is given up", () =>
  Effect.gen(function* () {
    const { journal, memory, calls, gated, find } = yield* opened
    memory.setFailure("place", dropped)
    yield* calls.place(order)
    yield* TestClock.adjust("1 minute")
    const other = yield* serviceOn(raced(journal, Effect.ignore(gated.reconcile(REFERENCE))), memory)
    expect(yield* other.release(REFERENCE)).toBe(true)
    expect(yield* find).toBeNull()
  })
)

it.effect("a refusal frees nothing that was sent again meanwhile, by a clock that is ahead", () =>
  Effect.gen(function* () {
    const { memory, calls, gated, open, find } = yield* opened
    const placing = yield* Effect.forkChild(Effect.flip(gated.place(order)))
    yield* TestClock.adjust("1 second")
    memory.setFailure("place", lost)
    const again = calls.place(order, repeat)
    expect(yield* Effect.provideService(again, Clock.Clock, ahead(yield* Clock.Clock))).toMatchObject({
      state: "uncertain"
    })
    memory.setFailure("place", FAILURES.refused)
    yield* open
    expect(yield* Fiber.join(placing)).toMatchObject({ reason: { _tag: "InvalidRequest" } })
    expect(yield* find).toMatchObject({ state: "uncertain", evidence: "sent_again" })
    expect(memory.placed).toHaveLength(1)
  })
)

it.effect("a refusal frees what others have only looked for meanwhile, by a clock that is ahead", () =>
  Effect.gen(function* () {
    const { memory, calls, gated, open, find } = yield* opened
    const placing = yield* Effect.forkChild(Effect.flip(gated.place(order)))
    yield* TestClock.adjust("1 second")
    yield* Effect.provideService(calls.reconcile(REFERENCE), Clock.Clock, ahead(yield* Clock.Clock))
    expect(yield* find).toMatchObject({ state: "uncertain" })
    memory.setFailure("place", FAILURES.refused)
    yield* open
    yield* Fiber.join(placing)
    expect(yield* find).toBeNull()
  })
)
