/** One call that cannot be read: nobody else is refused, kept waiting or left unsettled because of it. */
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import type { OrderId } from "../../src/domain/Identifiers.ts"
import {
  CallError,
  type CallErrorReason,
  Forbidden,
  InvalidRequest,
  ProviderUnavailable,
  Unauthorized
} from "../../src/provider/CallError.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { makeInMemoryProvider } from "../../src/testing/index.ts"
import { inTime, numberOf, START } from "../../src/testing/liveSite.ts"
import { HUMAN, open, pass, QUEUED_FOREVER, RINGS_FOREVER } from "./waitingSite.ts"
import { keyOf } from "./placementKeys.ts"

/** The provider, which cannot give the calls that stand in `faults`, or not the whole of them. */
const spoilt =
  (faults: Map<OrderId, CallErrorReason>, detail?: "state" | "whole") =>
  (provider: CallProvider): Pick<CallProvider, "get" | "getMany"> => {
    const errorOf = (id: OrderId): CallError | undefined => {
      const reason = faults.get(id)
      return reason && new CallError({ provider: provider.adapter.providerId, operation: "get", reason })
    }
    return {
      get: (id) => {
        const error = errorOf(id)
        return error === undefined ? provider.get(id) : Effect.fail(error)
      },
      getMany: (ids, asked) => {
        const failures = new Map(
          (detail ?? asked) === asked
            ? ids.flatMap((id) => [errorOf(id) ?? []].flat().map((e) => [id, e] as const))
            : []
        )
        return Effect.map(
          provider.getMany(
            ids.filter((id) => !failures.has(id)),
            asked
          ),
          (read) => ({ ...read, failures })
        )
      }
    }
  }

const each = [0, 100]

describe("whoever waits for a call that cannot be read", () => {
  it.effect("is refused alone, with the last record", () =>
    Effect.gen(function* () {
      for (const batchRead of each) {
        for (const reason of [new InvalidRequest({ status: 422 }), new Forbidden({ status: 403 })]) {
          const faults = new Map<OrderId, CallErrorReason>()
          const { awaiting, placed, poller } = yield* open({
            options: { capabilities: { batchRead } },
            change: spoilt(faults)
          })
          const [good, bad] = [yield* placed(HUMAN), yield* placed(RINGS_FOREVER)]
          const waiting = yield* awaiting(good, { deadline: "10 minutes" })
          const refused = yield* awaiting(bad, { deadline: "10 minutes" })
          yield* pass("10 seconds")
          faults.set(bad.id, reason)
          yield* pass("15 seconds")
          const error = yield* Effect.flip(Fiber.join(refused))
          expect(error).toMatchObject({ operation: "awaitEnd", reason: { _tag: reason._tag } })
          if (error.last === undefined) throw new Error("no last record")
          expect(Redacted.value(error.last)).toMatchObject({ id: bad.id, status: "in_progress" })
          expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain(numberOf(RINGS_FOREVER).slice(2))
          expect([waiting.pollUnsafe(), poller.size()]).toEqual([undefined, 1])
          yield* pass("1 minute")
          expect(yield* Fiber.join(waiting)).toMatchObject({ status: "completed" })
        }
      }
    })
  )

  it.effect("waits on where it may pass, and its call is not read with the others until it has passed", () =>
    Effect.gen(function* () {
      const faults = new Map<OrderId, CallErrorReason>()
      const { awaiting, placed, looks } = yield* open({ options: {}, change: spoilt(faults) })
      const [good, other, bad] = [yield* placed(HUMAN), yield* placed(QUEUED_FOREVER), yield* placed(HUMAN, "lead-bad")]
      const waiting = yield* awaiting(good, { deadline: "10 minutes" })
      const late = yield* awaiting(bad, { deadline: "10 minutes" })
      yield* awaiting(other, { deadline: "10 minutes" })
      faults.set(bad.id, new ProviderUnavailable({ status: 500 }))
      yield* pass("75 seconds")
      expect(yield* Fiber.join(waiting)).toMatchObject({ status: "completed" })
      expect(late.pollUnsafe()).toBeUndefined()
      const together = looks.filter(({ ids }) => ids.length > 1 && ids.includes(bad.id))
      expect(together.map(({ at }) => at)).toEqual([0])
      faults.clear()
      yield* pass("30 seconds")
      expect(yield* Fiber.join(late)).toMatchObject({ status: "completed" })
    })
  )

  it.effect("is read with the others again once it can be read", () =>
    Effect.gen(function* () {
      const faults = new Map<OrderId, CallErrorReason>()
      const { awaiting, placed, looks } = yield* open({
        options: {},
        poll: { first: "10 seconds", longest: "10 seconds" },
        change: spoilt(faults)
      })
      const [good, bad] = [yield* placed(QUEUED_FOREVER), yield* placed(QUEUED_FOREVER, "lead-bad")]
      for (const call of [good, bad]) yield* awaiting(call, { deadline: "1 hour" })
      faults.set(bad.id, new ProviderUnavailable({ status: 500 }))
      yield* pass("30 seconds")
      expect(looks.at(-1)?.ids).toHaveLength(1)
      faults.clear()
      yield* pass("1 minute")
      expect(looks.at(-1)?.ids).toHaveLength(2)
    })
  )

  it.effect("is told that it is over where only the whole of it cannot be read", () =>
    Effect.gen(function* () {
      for (const [reason, seconds] of [
        [new InvalidRequest({ status: 422 }), 51],
        [new ProviderUnavailable({ status: 500 }), 120]
      ] as const) {
        const faults = new Map<OrderId, CallErrorReason>()
        const { awaiting, placed } = yield* open({
          options: {},
          poll: { first: "1 second", longest: "1 second" },
          change: spoilt(faults, "whole")
        })
        const call = yield* placed(HUMAN)
        faults.set(call.id, reason)
        const waiting = yield* awaiting(call, { deadline: "10 minutes" })
        const enriched = yield* awaiting(call, { deadline: "3 minutes", until: "enriched" })
        yield* pass(`${seconds} seconds`)
        expect(yield* Fiber.join(waiting)).toMatchObject({ status: "completed" })
        if (reason._tag === "ProviderUnavailable") continue
        // What the state says is no longer waited for with the whole.
        const error = yield* Effect.flip(Fiber.join(enriched))
        expect(error.reason).toMatchObject({ _tag: "InvalidRequest", status: 422 })
        expect(error.last && Redacted.value(error.last)).toMatchObject({ terminal: true })
      }
    })
  )
})

it.effect("a key that is refused for one call of many ends no other's waiting, but three in a row end all", () =>
  Effect.gen(function* () {
    const faults = new Map<OrderId, CallErrorReason>()
    const { awaiting, placed, poller, looks } = yield* open({ change: spoilt(faults) })
    const calls = yield* Effect.forEach(Array.from({ length: 200 }).keys(), (index) =>
      placed(QUEUED_FOREVER, `lead-${index}`)
    )
    yield* Effect.forEach(calls, (call) => awaiting(call, { deadline: "1 hour" }))
    faults.set(calls[0]!.id, new Unauthorized({ status: 401 }))
    yield* pass("1 minute")
    expect(poller.size()).toBe(199)
    const before = looks.length
    for (const { id } of calls) faults.set(id, new Unauthorized({ status: 401 }))
    yield* pass("1 minute")
    expect(poller.size()).toBe(0)
    expect(looks.length - before).toBeLessThanOrEqual(16)
  })
)

it.effect("a key that is refused is counted call by call, and an answer in between begins anew", () =>
  Effect.gen(function* () {
    const faults = new Map<OrderId, CallErrorReason>()
    const { awaiting, placed, poller } = yield* open({
      poll: { first: "1 minute", longest: "1 minute" },
      change: spoilt(faults)
    })
    const calls = yield* Effect.forEach(Array.from({ length: 8 }).keys(), (index) =>
      placed(QUEUED_FOREVER, `lead-${index}`)
    )
    // One look every three seconds, each at another call.
    for (const call of calls) {
      yield* awaiting(call, { deadline: "1 hour" })
      yield* pass("3 seconds")
    }
    for (const [index, { id }] of calls.entries()) if (index !== 2) faults.set(id, new Unauthorized({ status: 401 }))
    yield* pass("35 seconds")
    const sizes: Array<number> = []
    for (const _call of calls) {
      yield* pass("3 seconds")
      sizes.push(poller.size())
    }
    expect(sizes).toEqual([7, 6, 6, 5, 4, 0, 0, 0])
  })
)

describe("a stale placement whose order cannot be read", () => {
  it.effect("does not keep the others from being settled", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      for (const reason of [new InvalidRequest({ status: 422 }), new ProviderUnavailable({ status: 500 })]) {
        const memory = makeInMemoryProvider()
        const faults = new Map<OrderId, CallErrorReason>()
        const context = yield* Layer.build(
          VoiceCalls.layer([Effect.succeed({ ...memory, ...spoilt(faults)(memory) })]).pipe(
            Layer.provideMerge(Layer.fresh(layerMemoryJournal))
          )
        )
        const calls = Context.get(context, VoiceCalls)
        const journal = Context.get(context, PlacementJournal)
        for (const index of Array.from({ length: 5 }).keys()) {
          yield* inTime(
            calls.place({ to: numberOf(HUMAN), agent: { id: "agent-1" }, reference: `lead-${reason._tag}-${index}` })
          )
        }
        faults.set(memory.placed[2]!.id, reason)
        yield* TestClock.adjust("2 hours")
        const placed = yield* inTime(calls.reconcileStale({ olderThan: "1 hour" }))
        expect(placed.map(({ state }) => state)).toEqual(Array(5).fill("accepted"))
        const states = yield* Effect.forEach(Array.from({ length: 5 }).keys(), (index) =>
          Effect.map(
            journal.find(keyOf(`lead-${reason._tag}-${index}`)),
            (found) => Result.getOrThrow(Result.fromOption(found, () => index)).state
          )
        )
        expect(states.toSpliced(2, 1)).toEqual(Array(4).fill("ended"))
        expect(states[2]).not.toBe("ended")
      }
    })
  )
})
