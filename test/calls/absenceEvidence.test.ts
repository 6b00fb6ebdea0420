/** What keeps an order that exists from being called absent: contradictions, other orders of the list, and what one walk shows. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import type { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import type { OrderFact } from "../../src/domain/Fact.ts"
import { CallError, InvalidRequest, NotFound, TimedOut } from "../../src/provider/CallError.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import type { MemoryList } from "../../src/testing/index.ts"
import { keyOf } from "./placementKeys.ts"
import { LISTED, memoryWith, serviceOn, START } from "./uncertainOrders.ts"

const lost = { reason: new TimedOut({}), accepted: true }
const orderOf = (reference: string, to = "+12025550100") => ({ to, agent: { id: "agent-1" }, reference })

const opened = Effect.fnUntraced(function* (provider: CallProvider) {
  yield* TestClock.setTime(START)
  const journal = yield* makeMemoryJournal
  return { journal, calls: yield* serviceOn(journal, provider, { settle: LISTED }) }
})

/** Settles at these minutes since the start; the states it tells, by reference. */
const settledAt = Effect.fnUntraced(function* (calls: VoiceCalls["Service"], minutes: ReadonlyArray<number>) {
  const states: Array<{ readonly [reference: string]: string }> = []
  for (const minute of minutes) {
    yield* TestClock.setTime(START + minute * 60_000)
    states.push(Object.fromEntries((yield* calls.settle).map(({ reference, state }) => [reference, state])))
  }
  return states
})

/** A provider that shows its orders otherwise than it was given them. */
const showing = (memory: ReturnType<typeof memoryWith>, change: (fact: OrderFact) => OrderFact): CallProvider => ({
  ...memory,
  place: (request) => Effect.map(memory.place(request), change),
  get: (id) => Effect.map(memory.get(id), change),
  list: (filter) => Stream.map(memory.list(filter), (fact) => (fact.kind === "order" ? change(fact) : fact))
})

const delayed = (x: number, y: number): MemoryList => ({
  delaySeconds: ({ order: { reference } }) => (reference === "lead-x" ? x : y)
})

describe("an order that exists", () => {
  it.effect("is known by its answer where its provider writes the number in another way", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls } = yield* opened(
        showing(memory, (fact) => ({ ...fact, claims: { ...fact.claims, to: "+5491123456789" } }))
      )
      const order = orderOf("lead-1", "+541123456789")
      expect(yield* calls.place(order)).toMatchObject({ state: "uncertain", because: "AnswerNamesOtherNumber" })
      expect(yield* settledAt(calls, [6])).toEqual([{ "lead-1": "accepted" }])
      yield* calls.place(order)
      expect(memory.placed).toHaveLength(1)
    })
  )

  it.effect(
    "stays uncertain where its provider cuts the reference, or where it was lost and another number is shown",
    () =>
      Effect.gen(function* () {
        const cut = memoryWith()
        const short = (fact: OrderFact): OrderFact => ({
          ...fact,
          evidence: { ...fact.evidence, reference: String(fact.evidence["reference"]).slice(0, 6) }
        })
        const { calls } = yield* opened(showing(cut, short))
        yield* calls.place(orderOf("lead-10"))
        expect(yield* settledAt(calls, [6, 8, 20])).toEqual([6, 8, 20].map(() => ({ "lead-10": "uncertain" })))

        const rewritten = memoryWith()
        rewritten.setFailure("place", { ...lost, times: 1 })
        const other = yield* opened(
          showing(rewritten, (fact) => ({ ...fact, claims: { ...fact.claims, to: "+5491123456789" } }))
        )
        yield* other.calls.place(orderOf("lead-1", "+541123456789"))
        expect(yield* settledAt(other.calls, [6, 8, 20])).toEqual([6, 8, 20].map(() => ({ "lead-1": "uncertain" })))
      })
  )

  it.effect("stays uncertain while the list holds an order that cannot be read", () =>
    Effect.gen(function* () {
      const memory = memoryWith({ references: "read" })
      const gone = new CallError({ provider: memory.adapter.providerId, operation: "get", reason: new NotFound({}) })
      const { calls } = yield* opened({ ...memory, get: () => Effect.fail(gone) })
      memory.setFailure("place", { ...lost, times: 1 })
      yield* calls.place(orderOf("lead-1"))
      expect(yield* settledAt(calls, [6, 8, 20])).toEqual([6, 8, 20].map(() => ({ "lead-1": "uncertain" })))
    })
  )

  it.effect("gains from a delay that the same walk of the list shows for another", () =>
    Effect.gen(function* () {
      const memory = memoryWith(delayed(390, 1200))
      const { calls } = yield* opened(memory)
      memory.setFailure("place", { ...lost, times: 2 })
      yield* calls.place(orderOf("lead-x", "+12025550111"))
      yield* calls.place(orderOf("lead-y"))
      expect(yield* settledAt(calls, [5, 7])).toEqual([
        { "lead-x": "uncertain", "lead-y": "uncertain" },
        { "lead-x": "accepted", "lead-y": "uncertain" }
      ])
      expect(yield* settledAt(calls, [21])).toEqual([{ "lead-y": "accepted" }])
      expect(memory.placed).toHaveLength(2)
    })
  )

  it.effect("is not called absent by a walk that shows that lists err", () =>
    Effect.gen(function* () {
      const memory = memoryWith(delayed(1560, 3600))
      const { calls } = yield* opened(memory)
      memory.setFailure("place", { ...lost, times: 2 })
      yield* calls.place(orderOf("lead-x", "+12025550111"))
      expect(yield* settledAt(calls, [6, 13])).toEqual([{ "lead-x": "uncertain" }, { "lead-x": "absent" }])
      yield* TestClock.setTime(START + 14 * 60_000)
      yield* calls.place(orderOf("lead-y"))
      expect(yield* settledAt(calls, [20, 27])).toMatchObject([
        { "lead-y": "uncertain" },
        { "lead-x": "accepted", "lead-y": "uncertain" }
      ])
      expect(yield* calls.place(orderOf("lead-y"))).toMatchObject({ state: "uncertain" })
      expect(memory.placed).toHaveLength(2)
    })
  )

  it.effect("stays doubted behind whatever was refused in its place, until a person gives all of it up", () =>
    Effect.gen(function* () {
      const memory = memoryWith(delayed(1800, 7200))
      const { calls } = yield* opened(memory)
      memory.setFailure("place", { ...lost, times: 2 })
      yield* calls.place(orderOf("lead-x", "+12025550111"))
      yield* calls.place(orderOf("lead-y"))
      yield* settledAt(calls, [6, 13])
      memory.setFailure("place", { reason: new InvalidRequest({ status: 422 }), times: 1 })
      yield* Effect.flip(calls.place(orderOf("lead-y")))
      expect(yield* settledAt(calls, [31])).toMatchObject([{ "lead-x": "accepted" }])
      expect(yield* calls.place(orderOf("lead-y"))).toMatchObject({ state: "absent", doubted: true })
      expect(memory.placed).toHaveLength(2)
      expect(yield* calls.release("lead-y")).toBe(true)
      expect(yield* calls.place(orderOf("lead-y"))).toMatchObject({ state: "accepted" })
    })
  )

  it.effect("whose id is known is settled although the list cannot be read", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const shown = showing(memory, (fact) => ({ ...fact, claims: { ...fact.claims, to: "+12025550199" } }))
      const { calls, journal } = yield* opened({ ...memory, place: shown.place })
      yield* calls.place(orderOf("lead-x"))
      memory.setFailure("place", { reason: new TimedOut({}), times: 1 })
      yield* calls.place(orderOf("lead-y"))
      memory.setFailure("list", { reason: new TimedOut({}) })
      yield* TestClock.setTime(START + 30 * 60_000)
      yield* Effect.flip(calls.settle)
      expect(Option.getOrNull(yield* journal.find(keyOf("lead-x")))).toMatchObject({ state: "ended" })
    })
  )
})
