/** Sending the identical order again, where a provider knows it by its reference: an uncertain one is settled, nobody is rung twice. */
import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { providers } from "../../adapters/index.ts"
import { SENT_AGAIN } from "../../src/calls/heldReference.ts"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { type Placement, PlacementJournal, type Reservation } from "../../src/calls/PlacementJournal.ts"
import type { VoiceCallsOptions } from "../../src/calls/VoiceCalls.ts"
import type { OrderFact } from "../../src/domain/Fact.ts"
import { instantAt } from "../../src/domain/Instant.ts"
import { present } from "../../src/domain/present.ts"
import {
  AtCapacity,
  type CallErrorReason,
  Forbidden,
  InvalidRequest,
  NetworkError,
  NotFound,
  RateLimited,
  TimedOut,
  Unauthorized
} from "../../src/provider/CallError.ts"
import type { Capabilities, Idempotency } from "../../src/provider/Capabilities.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { type Arb, oneOf } from "../../src/testing/choice.ts"
import { makeInMemoryProvider } from "../../src/testing/index.ts"
import { keyOf } from "./placementKeys.ts"
import { dropped, FAILURES, lost, order, places, REFERENCE, serviceOn, START, type Step } from "./uncertainOrders.ts"

const HOUR = 3_600_000
const WINDOW: Idempotency = { windowSeconds: 24 * 3600, evidence: "https://provider.example/docs/idempotency" }
/** Half of the window, less the time in which a request may wait for its turn. */
const LAST = 12 * HOUR - 5 * 60_000

const repeat = { onUncertain: "repeat" } as const

const memoryWith = (capabilities: Partial<Capabilities> = {}) =>
  makeInMemoryProvider({ capabilities: { idempotency: WINDOW, ...capabilities } })

/** Services that share a journal, as processes do. */
const opened = Effect.fnUntraced(function* (provider: CallProvider, count = 1, options: VoiceCallsOptions = {}) {
  yield* TestClock.setTime(START)
  const journal = yield* makeMemoryJournal
  const services = yield* Effect.forEach(Array.from({ length: count }), () => serviceOn(journal, provider, options))
  const [calls, other = calls] = services
  if (calls === undefined || other === undefined) throw new Error("no service")
  return { calls, other, journal, find: Effect.map(journal.find(keyOf(REFERENCE)), Option.getOrNull) }
})

/** A placement as its reservation was, with what differs. */
const reservationOf = (placement: Placement | null, changes: object = {}): Reservation => {
  if (placement === null) throw new Error("no placement")
  const { state: _state, reservedAt: at, changedAt: _changedAt, because: _because, tenant = "", ...row } = placement
  return present({ ...row, tenant, at, ...changes })
}

describe("a capability with a source", () => {
  it("is claimed by no provider: no documentation promises it", () => {
    expect(providers.adapters.map(({ capabilities }) => capabilities.idempotency === "no")).not.toContain(false)
  })

  it("needs a window and an address to compile", () => {
    // @ts-expect-error nobody may say yes alone
    const bare: Capabilities["idempotency"] = "yes"
    // @ts-expect-error the source is missing
    const unfounded: Capabilities["idempotency"] = { windowSeconds: 60 }
    // @ts-expect-error no address
    const empty: Capabilities["idempotency"] = { windowSeconds: 60, evidence: "" }
    expect([bare, unfounded, empty]).toHaveLength(3)
  })

  it.effect.each([
    ["no such capability", "no"],
    ["a word without types", JSON.parse('"yes"')],
    ["no source", JSON.parse('{"windowSeconds":86400}')],
    ["an empty source", JSON.parse('{"windowSeconds":86400,"evidence":""}')],
    ["no window", JSON.parse('{"evidence":"https://provider.example"}')],
    ["a window that is no number", JSON.parse('{"windowSeconds":"86400","evidence":"https://provider.example"}')],
    ["a window too short for a turn", { ...WINDOW, windowSeconds: 600 }]
  ] as const)("is needed to send anything again: %s", ([, idempotency]) =>
    Effect.gen(function* () {
      const memory = memoryWith({ idempotency })
      const { calls } = yield* opened(memory)
      memory.setFailure("place", dropped)
      expect(yield* calls.place(order)).toMatchObject({ state: "uncertain" })
      const again = yield* calls.place(order, repeat)
      expect(again).toMatchObject({ state: "uncertain", because: "TimedOut" })
      expect(again).not.toHaveProperty("repeatableUntil")
      expect(places(memory)).toBe(1)
    })
  )
})

describe("an uncertain order that is sent again", () => {
  it.effect.each([
    ["had arrived", lost],
    ["had not arrived", dropped]
  ] as const)("becomes accepted and has rung once, if it %s", ([, failure]) =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls, find } = yield* opened(memory)
      memory.setFailure("place", failure)
      const repeatableUntil = instantAt(START + LAST)
      expect(yield* calls.place(order)).toMatchObject({ state: "uncertain", repeatableUntil })
      yield* TestClock.adjust("1 hour")
      expect(yield* calls.place(order)).toMatchObject({ state: "uncertain", repeatableUntil })
      expect(places(memory)).toBe(1)
      expect(yield* calls.place(order, repeat)).toMatchObject({ state: "accepted", already: false })
      expect(places(memory)).toBe(2)
      expect(memory.placed).toHaveLength(1)
      expect(yield* find).toMatchObject({ state: "accepted", orderId: memory.placed[0]?.id })
      expect(yield* calls.place(order, repeat)).toMatchObject({ state: "accepted", already: true })
      expect(places(memory)).toBe(2)
    })
  )

  it.effect("is what a process left that died, once nothing can be under way any more", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const dead = yield* opened(memory)
      memory.setFailure("place", lost)
      yield* dead.calls.place(order)
      const { calls, journal } = yield* opened(memory)
      yield* journal.reserve(reservationOf(yield* dead.find))
      yield* TestClock.adjust("10 minutes")
      expect(yield* calls.place(order, repeat)).toMatchObject({ state: "in_flight" })
      yield* TestClock.adjust("1 minute")
      expect(yield* calls.place(order, repeat)).toMatchObject({ state: "accepted" })
      expect(memory.placed).toHaveLength(1)
    })
  )

  it.effect.each<readonly [string, CallErrorReason]>([
    ["a bad request", new InvalidRequest({ status: 422 })],
    ["a wrong key", new Unauthorized({ status: 401 })],
    ["a key that may not", new Forbidden({ status: 403 })],
    ["an agent that is gone", new NotFound({ status: 404 })],
    ["no line", new AtCapacity({ status: 429 })],
    ["too many requests", new RateLimited({ status: 429 })],
    ["nothing that was sent", new NetworkError({ sent: "no", code: "ECONNREFUSED" })],
    ["no answer", new TimedOut({})]
  ])("stays uncertain after %s, whether or not it had arrived", ([, reason]) =>
    Effect.gen(function* () {
      for (const failure of [lost, dropped]) {
        const memory = memoryWith()
        const { calls, find } = yield* opened(memory)
        memory.setFailure("place", failure)
        yield* calls.place(order)
        const { token } = (yield* find) ?? {}
        yield* TestClock.adjust("1 second")
        memory.setFailure("place", { reason, times: 1 })
        expect(yield* calls.place(order, repeat)).toMatchObject({ state: "uncertain", because: reason._tag })
        expect(yield* find).toMatchObject({ state: "uncertain", token, because: reason._tag })
        expect(yield* calls.reconcile(REFERENCE)).toMatchObject({
          state: failure === lost ? "accepted" : "uncertain"
        })
        yield* TestClock.adjust("1 second")
        expect(yield* calls.place(order, repeat)).toMatchObject({ state: "accepted" })
        expect(memory.placed).toHaveLength(1)
      }
    })
  )

  it.effect("stays uncertain where it is accepted for another number, as on an account that tenants share", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const ofAnother = (fact: OrderFact): OrderFact => ({ ...fact, claims: { ...fact.claims, to: "+12025550199" } })
      const { calls, find } = yield* opened({
        ...memory,
        place: (request) => Effect.map(memory.place(request), ofAnother),
        get: (id) => Effect.map(memory.get(id), ofAnother),
        list: (filter) => Stream.map(memory.list(filter), (fact) => (fact.kind === "order" ? ofAnother(fact) : fact))
      })
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      yield* TestClock.adjust("1 second")
      expect(yield* calls.place(order, repeat)).toMatchObject({ state: "uncertain", because: "AnswerNamesOtherNumber" })
      expect(yield* find).toMatchObject({ state: "uncertain", lead: memory.placed[0]?.id })
      // Neither the id of that answer nor the list makes it this one.
      yield* TestClock.adjust("1 second")
      expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "uncertain" })
    })
  )

  it.effect("keeps the clocks as they stood when it was sent first", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      let clock: { readonly offsetMillis: number; readonly doubtMillis: number } | undefined
      const { calls, find } = yield* opened({ ...memory, clock: Effect.sync(() => clock) })
      memory.setFailure("place", { ...dropped, times: 2 })
      yield* calls.place(order)
      clock = { offsetMillis: HOUR, doubtMillis: 1000 }
      yield* TestClock.adjust("1 second")
      expect(yield* calls.place(order, repeat)).toMatchObject({ state: "uncertain" })
      expect(yield* find).not.toHaveProperty("clockOffset")
    })
  )
})

describe("the window", () => {
  it.effect("of the provider in memory ends: a test sees who crosses it", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const memory = memoryWith()
      const request = {
        method: "POST",
        url: "memory://memory/calls",
        headers: {},
        body: { ...order, provider: "memory" }
      } as const
      const first = yield* memory.place(request)
      yield* TestClock.adjust(24 * HOUR - 1)
      expect((yield* memory.place(request)).id).toBe(first.id)
      const other = { ...request, body: { ...request.body, agent: { id: "agent-2" } } }
      expect((yield* Effect.flip(memory.place(other))).reason).toMatchObject({ _tag: "InvalidRequest" })
      expect(memory.placed).toHaveLength(1)
      yield* TestClock.adjust(1)
      expect((yield* memory.place(request)).id).not.toBe(first.id)
      expect(memory.placed).toHaveLength(2)
    })
  )

  it.effect.each([
    ["just before half of it", LAST - 1, true],
    ["at half of it", LAST, false],
    ["when it is over", 24 * HOUR, false]
  ] as const)("counts from the reservation: %s", ([, passed, isSent]) =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls, find } = yield* opened(memory)
      memory.setFailure("place", lost)
      yield* calls.place(order)
      memory.setFailure("place", { reason: new TimedOut({}), times: 2 })
      // What is tried in between, and looked for in vain, begins no window of its own.
      yield* TestClock.adjust("1 hour")
      yield* calls.place(order, repeat)
      yield* TestClock.adjust(passed - HOUR)
      const before = places(memory)
      memory.setFailure("place", undefined)
      expect(yield* calls.place(order, repeat)).toMatchObject({ state: isSent ? "accepted" : "uncertain" })
      expect(places(memory) - before).toBe(isSent ? 1 : 0)
      expect(memory.placed).toHaveLength(1)
      expect(yield* find).toMatchObject({ reservedAt: instantAt(START) })
    })
  )

  it.effect("is over where one of two clocks says so", () =>
    Effect.gen(function* () {
      let offsetMillis = 0
      const memory = memoryWith()
      const clock = Effect.sync(() => ({ offsetMillis, doubtMillis: 1000 }))
      const { calls } = yield* opened({ ...memory, clock })
      memory.setFailure("place", lost)
      yield* calls.place(order)
      // Ours has gone on by half of the window, the provider's by an hour.
      offsetMillis = HOUR - LAST
      yield* TestClock.adjust(LAST)
      expect(yield* calls.place(order, repeat)).not.toHaveProperty("repeatableUntil")
      expect(places(memory)).toBe(1)
    })
  )

  it.effect("is not known once our clock was set back to before what was heard last", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls } = yield* opened(memory)
      memory.setFailure("place", { ...dropped, times: 2 })
      yield* calls.place(order)
      yield* TestClock.adjust("1 hour")
      yield* calls.place(order, repeat)
      yield* TestClock.setTime(START + HOUR / 2)
      expect(yield* calls.place(order, repeat)).not.toHaveProperty("repeatableUntil")
      expect(places(memory)).toBe(2)
    })
  )

  it.effect("is not begun again by a clock that was set back", () =>
    Effect.gen(function* () {
      // What the provider's clock is ahead of ours: nothing at first, a day after ours was set back by one.
      let offsetMillis = 0
      const memory = memoryWith()
      const { calls } = yield* opened({
        ...memory,
        clock: Effect.sync(() => ({ offsetMillis, doubtMillis: 1000 }))
      })
      memory.setFailure("place", lost)
      yield* calls.place(order)
      offsetMillis = 24 * HOUR
      yield* TestClock.adjust("1 minute")
      expect(yield* calls.place(order, repeat)).not.toHaveProperty("repeatableUntil")
      offsetMillis = 0
      yield* TestClock.setTime(START - 1)
      expect(yield* calls.place(order, repeat)).not.toHaveProperty("repeatableUntil")
      expect(places(memory)).toBe(1)
    })
  )
})

describe("an order that is not the identical one is not sent", () => {
  it.effect.each([
    ["another agent", { agent: { id: "agent-2" } }],
    ["other variables", { variables: { first_name: "Ada" } }],
    ["another number to call from", { from: "+12025550111" }]
  ] as const)("%s", ([, change]) =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls } = yield* opened(memory)
      memory.setFailure("place", lost)
      yield* calls.place(order)
      const again = yield* calls.place({ ...order, ...change }, repeat)
      expect(again).toMatchObject({ state: "uncertain", differs: true })
      expect(again).not.toHaveProperty("repeatableUntil")
      expect(places(memory)).toBe(1)
    })
  )

  it.effect("another number", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls } = yield* opened(memory)
      memory.setFailure("place", lost)
      yield* calls.place(order)
      const failure = yield* Effect.flip(calls.place({ ...order, to: "+12025550101" }, repeat))
      expect(failure).toMatchObject({ reason: { _tag: "ReferenceHeld", by: "number" } })
      expect(places(memory)).toBe(1)
    })
  )

  it.effect.each([
    ["now instead of later", { scheduledAt: "2026-03-03T15:00:00.000Z" }, {}],
    ["later instead of now", {}, { scheduledAt: "2026-03-03T15:00:00.000Z" }],
    ["at another time", { scheduledAt: "2026-03-03T15:00:00.000Z" }, { scheduledAt: "2026-03-03T16:00:00.000Z" }]
  ] as const)("for another time: %s", ([, first, then]) =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls } = yield* opened(memory)
      memory.setFailure("place", lost)
      expect(yield* calls.place({ ...order, ...first })).toHaveProperty("repeatableUntil")
      const again = yield* calls.place({ ...order, ...then }, repeat)
      expect(again).toMatchObject({ state: "uncertain" })
      expect(again).not.toHaveProperty("repeatableUntil")
      expect(places(memory)).toBe(1)
      expect(yield* calls.place({ ...order, ...first }, repeat)).toMatchObject({ state: "accepted" })
    })
  )

  it.effect("an order for a time that has passed: it would be dialled at once", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls } = yield* opened(memory)
      const later = { ...order, scheduledAt: new Date(START + HOUR).toISOString() }
      memory.setFailure("place", dropped)
      expect(yield* calls.place(later)).toHaveProperty("repeatableUntil")
      yield* TestClock.adjust("66 minutes")
      expect(yield* calls.place(later, repeat)).toMatchObject({ state: "uncertain" })
      expect(places(memory)).toBe(1)
    })
  )

  it.effect.each([
    ["another account, though its key has been changed", { account: "0a0b0c0d" }],
    ["an account that was not written down", { account: undefined }],
    ["another provider", { provider: "other" }],
    ["no digest of the content", { content: undefined }],
    ["no digest of the time", { time: undefined }],
    ["a reference that is stored in another form", { reference: "le\u0301ad" }]
  ] as const)("%s", ([, change]) =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const provider = { ...memory, account: "01020304" }
      const { calls, find, journal } = yield* opened(provider, 1, { sameAccount: true })
      memory.setFailure("place", { ...dropped, times: 2 })
      yield* calls.place(order)
      yield* journal.reserve(reservationOf(yield* find, { reference: "l\u00e9ad", ...change }))
      yield* TestClock.adjust("1 hour")
      expect(yield* calls.place({ ...order, reference: "l\u00e9ad" }, repeat)).toMatchObject({
        state: "uncertain",
        because: "NoResult"
      })
      expect(places(memory)).toBe(1)
      expect(yield* calls.place(order, repeat)).toMatchObject({ state: "uncertain" })
      expect(places(memory)).toBe(2)
    })
  )
})

describe("several who send it again", () => {
  it.effect("have one request under way in one service", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      let underWay = 0
      let most = 0
      const provider: CallProvider = {
        ...memory,
        place: (request) =>
          Effect.gen(function* () {
            underWay += 1
            most = Math.max(most, underWay)
            yield* Effect.sleep("1 second")
            underWay -= 1
            return yield* memory.place(request)
          })
      }
      const { calls } = yield* opened(provider)
      memory.setFailure("place", { ...dropped, times: 3 })
      const placing = yield* Effect.forkChild(
        Effect.forEach(Array.from({ length: 20 }), () => calls.place(order, repeat), { concurrency: "unbounded" })
      )
      yield* TestClock.adjust("1 minute")
      const placed = yield* Fiber.join(placing)
      expect(placed.filter(({ state }) => state === "accepted").length).toBe(17)
      expect([most, places(memory), memory.placed.length]).toEqual([1, 4, 1])
    })
  )

  it.effect("are two services at the same moment: one call, and nobody is told that it may be placed", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls, other } = yield* opened(memory, 2)
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      const placed = yield* Effect.all([calls.place(order, repeat), other.place(order, repeat)], {
        concurrency: "unbounded"
      })
      const states = placed.map(({ state }) => state)
      expect(states).toContain("accepted")
      expect(states.filter((state) => state !== "accepted" && state !== "in_flight")).toEqual([])
      expect(memory.placed).toHaveLength(1)
    })
  )

  it.effect("keep the reference in this service, whatever the clock says", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      let gate = yield* Deferred.make<void>()
      const place: CallProvider["place"] = (request) => Effect.andThen(Deferred.await(gate), memory.place(request))
      const { calls } = yield* opened({ ...memory, place })
      for (const options of [{}, repeat]) {
        memory.setFailure("place", options === repeat ? undefined : dropped)
        const placing = yield* Effect.forkChild(calls.place(order, options))
        yield* TestClock.adjust("1 hour")
        expect(yield* calls.release(REFERENCE)).toBe(false)
        yield* Deferred.succeed(gate, undefined)
        expect(yield* Fiber.join(placing)).toMatchObject({ state: options === repeat ? "accepted" : "uncertain" })
        gate = yield* Deferred.make<void>()
      }
      expect(memory.placed).toHaveLength(1)
    })
  )

  it.effect("are not released by another process while the request is out", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const gate = yield* Deferred.make<void>()
      const place: CallProvider["place"] = (request) =>
        memory.asked.length === 0 ? memory.place(request) : Effect.andThen(Deferred.await(gate), memory.place(request))
      const { calls, other } = yield* opened({ ...memory, place }, 2)
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      const placing = yield* Effect.forkChild(calls.place(order, repeat))
      yield* TestClock.adjust("1 second")
      expect(yield* other.release(REFERENCE)).toBe(false)
      expect(yield* other.place(order, repeat)).toMatchObject({ state: "in_flight" })
      yield* Deferred.succeed(gate, undefined)
      expect(yield* Fiber.join(placing)).toMatchObject({ state: "accepted" })
      expect(yield* other.place(order)).toMatchObject({ state: "accepted", already: true })
    })
  )

  it.effect("do not disturb one that another process is placing just now", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const gate = yield* Deferred.make<void>()
      const provider = {
        ...memory,
        place: (request: Parameters<CallProvider["place"]>[0]) =>
          Effect.andThen(Deferred.await(gate), memory.place(request))
      }
      const { calls, other } = yield* opened(provider, 2)
      const first = yield* Effect.forkChild(calls.place(order))
      yield* Effect.yieldNow
      expect(yield* other.place(order, repeat)).toMatchObject({ state: "in_flight" })
      expect(yield* calls.release(REFERENCE)).toBe(false)
      yield* Deferred.succeed(gate, undefined)
      expect(yield* Fiber.join(first)).toMatchObject({ state: "accepted" })
      expect(places(memory)).toBe(1)
    })
  )
})

const step: Arb<Step> = Arbitrary.all([
  oneOf("place", "repeat", "repeat", "both", "both", "die", "reconcile", "release", "wait"),
  oneOf<keyof typeof FAILURES>("none", "lost", "dropped", "refused", "unsent"),
  oneOf(0, 1),
  oneOf(1, 20, 60, 300, 700, 1500)
])

/** On the way to the provider and back, in seconds: answers overtake each other. */
const DELAYS = [0, 40, 5, 90, 20, 0, 60]

const slowed = (memory: CallProvider) => {
  let [index, out] = [0, 0]
  const delay = Effect.suspend(() => Effect.sleep(`${DELAYS[index++ % DELAYS.length] ?? 0} seconds`))
  const count = (by: number) => Effect.sync(() => void (out += by))
  const place: CallProvider["place"] = (request) =>
    Effect.ensuring(
      Effect.andThen(count(1), Effect.ensuring(Effect.andThen(delay, memory.place(request)), delay)),
      count(-1)
    )
  return { provider: { ...memory, place }, underWay: () => out }
}

/** At the same time, with time for all of it to end. */
const together = Effect.fnUntraced(function* <A, E>(works: ReadonlyArray<Effect.Effect<A, E>>) {
  const fibers = yield* Effect.forEach(works, (work) => Effect.forkChild(work))
  yield* TestClock.adjust("5 minutes")
  return yield* Effect.forEach(fibers, Fiber.await)
})

/** What is wrong after these steps. */
const faultAfter = Effect.fnUntraced(function* (steps: ReadonlyArray<Step>) {
  const memory = memoryWith({ list: "no" })
  const { provider, underWay } = slowed(memory)
  const { calls, other, journal, find } = yield* opened(provider, 2)
  // It writes no result, as if it were killed before.
  const dying = PlacementJournal.of({
    ...journal,
    // Without having written that it sends again, it sends nothing.
    settle: (key, token, settlement, at) =>
      settlement.state === "uncertain" && settlement.because === SENT_AGAIN
        ? journal.settle(key, token, settlement, at)
        : Effect.succeed(Option.none()),
    release: () => Effect.succeed(false)
  })
  const killed = yield* serviceOn(dying, provider)
  for (const [what, failure, who, minutes] of steps) {
    memory.setFailure("place", FAILURES[failure])
    const service = who === 0 ? calls : other
    if (what === "wait") yield* TestClock.adjust(minutes * 60_000)
    else if (what === "reconcile") yield* service.reconcile(REFERENCE)
    // Of a reference that another process is at, while its request may be out.
    else if (what === "release") {
      const placing = yield* Effect.forkChild(calls.place(order, repeat))
      yield* TestClock.adjust("1 second")
      const isOut = underWay() > 0
      const released = yield* other.release(REFERENCE)
      if (isOut && released) return "a reference was released while its request was out"
      yield* TestClock.adjust("5 minutes")
      yield* Fiber.await(placing)
      // A person has decided: whatever was placed is theirs to find.
      if (released) return undefined
    } else if (what === "die") yield* together([killed.place(order, repeat)])
    else if (what === "both") yield* together([calls.place(order, repeat), other.place(order, repeat)])
    else yield* together([service.place(order, what === "repeat" ? repeat : {})])
    if (memory.placed.length > 1) return "somebody was rung twice"
    if (memory.placed.length === 1 && (yield* find) === null) return "an order that was taken is forgotten"
  }
  memory.setFailure("place", undefined)
  // By then nothing can be under way.
  yield* TestClock.adjust("11 minutes")
  const before = yield* find
  const isLate = before !== null && (yield* Clock.currentTimeMillis) >= Date.parse(before.reservedAt) + LAST
  const [end] = yield* together([calls.place(order, repeat)])
  if (memory.placed.length > 1) return "somebody was rung twice at the end"
  const isAccepted = end !== undefined && Exit.isSuccess(end) && end.value.state === "accepted"
  return isAccepted || isLate ? undefined : "it is not settled"
}, Effect.scoped)

describe("any history", () => {
  it.effect(
    "rings once at most, forgets no order that was taken, and ends accepted where it is sent again in time",
    () =>
      Effect.gen(function* () {
        const property = (steps: ReadonlyArray<Step>) =>
          Effect.map(Effect.provide(faultAfter(steps), TestClock.layer()), (fault) => fault === undefined)
        const histories = Arbitrary.array(step, { maxLength: 12 })
        const result = yield* Arbitrary.checkEffect(histories, property, { runs: 300, seed: 11 })
        expect(Arbitrary.formatCheckFailure(result)).toBeUndefined()
      }),
    60_000
  )
})
