/** A call that its provider does not know any more, canceled or named by a message: over where the journal knows its end. */
import { expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { CallError, NotFound } from "../../src/provider/CallError.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { makeInMemoryProvider } from "../../src/testing/index.ts"
import { keyOf } from "./placementKeys.ts"

const order = { to: "+12025550100", agent: { id: "agent-1" }, reference: "lead-1" }

const NOT_FOUND = { reason: { _tag: "NotFound" } }

/** An order that was placed with the account `one`, `ended` or not, and is known nowhere but in the journal. */
const forgotten = Effect.fnUntraced(function* (isEnded: boolean) {
  const journal = yield* makeMemoryJournal
  const memory: CallProvider = { ...makeInMemoryProvider(), account: "one" }
  const opened = (provider: CallProvider) =>
    Layer.build(
      Layer.fresh(VoiceCalls.layer([Effect.succeed(provider)])).pipe(
        Layer.provide(Layer.succeed(PlacementJournal)(journal))
      )
    ).pipe(Effect.map((context) => Context.get(context, VoiceCalls)))
  const calls = yield* opened(memory)
  const placed = yield* calls.place(order)
  if (placed.state !== "accepted") throw new Error(placed.state)
  if (isEnded) {
    yield* TestClock.adjust("1 hour")
    yield* calls.reconcile("lead-1")
  }
  const { providerId: provider } = memory.adapter
  const unknown = Effect.fail(new CallError({ provider, operation: "get", reason: new NotFound({}) }))
  const gone = (account: string): CallProvider => ({ ...memory, account, get: () => unknown })
  return {
    call: placed.call,
    cancelBy: (account: string) => Effect.flatMap(opened(gone(account)), (by) => by.cancel(placed.call)),
    heardBy: (account: string) => Effect.flatMap(opened(gone(account)), (by) => by.heard(placed.call)),
    find: Effect.map(journal.find(keyOf("lead-1")), Option.getOrNull)
  }
})

it.effect("it is over as the journal knows, for the account that placed it", () =>
  Effect.gen(function* () {
    const { call, cancelBy } = yield* forgotten(true)
    expect(yield* cancelBy("one")).toMatchObject({ outcome: "already_over", call, order: { terminal: true } })
    expect(yield* Effect.flip(cancelBy("two"))).toMatchObject(NOT_FOUND)
  })
)

it.effect("a message that names it changes nothing that the journal knows of it", () =>
  Effect.gen(function* () {
    const { heardBy, find } = yield* forgotten(true)
    const before = yield* find
    expect(yield* heardBy("one")).toMatchObject({ state: "known", order: { terminal: true, status: before?.status } })
    expect(yield* Effect.flip(heardBy("two"))).toMatchObject(NOT_FOUND)
    expect(yield* find).toEqual(before)
  })
)

it.effect("it stays unknown where the journal has not seen its end", () =>
  Effect.gen(function* () {
    const { cancelBy, heardBy } = yield* forgotten(false)
    expect(yield* Effect.flip(cancelBy("one"))).toMatchObject(NOT_FOUND)
    expect(yield* Effect.flip(heardBy("one"))).toMatchObject(NOT_FOUND)
  })
)
