/** Uncertain orders that are called absent by a policy: when, what may happen then, and what becomes of it if that was wrong. */
import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { makeCustomJournal } from "../../src/calls/CustomJournal.ts"
import { asideOf } from "../../src/calls/attribution.ts"
import { SENT_AGAIN } from "../../src/calls/heldReference.ts"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { JournalError, type Placement, PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls, type VoiceCallsOptions } from "../../src/calls/VoiceCalls.ts"
import type { OrderFact } from "../../src/domain/Fact.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { CallError, Incomplete, InvalidRequest, TimedOut } from "../../src/provider/CallError.ts"
import type { Capabilities } from "../../src/provider/Capabilities.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { type Arb, oneOf } from "../../src/testing/choice.ts"
import { instant } from "../../src/testing/journal/samples.ts"
import { type InMemoryProvider, makeInMemoryProvider, type MemoryList } from "../../src/testing/index.ts"
import { mapJournal } from "./mapJournal.ts"
import { keyOf } from "./placementKeys.ts"
import {
  dropped,
  FAILURES,
  LISTED,
  lost,
  order,
  places,
  REFERENCE,
  serviceOn,
  START,
  type Step
} from "./uncertainOrders.ts"

const CONFIRMED = { absent: "listed", confirmedAt: "2026-03-02T14:00:00Z" } as const

/** Its list is walked for all orders at once, as that of most providers is. */
const LIST: Partial<Capabilities> = { listFilters: ["status", "created", "agent", "number"] }

const memoryWith = (list?: MemoryList, capabilities: Partial<Capabilities> = {}) =>
  makeInMemoryProvider({ capabilities: { ...LIST, ...capabilities }, ...(list === undefined ? {} : { list }) })

const opened = Effect.fnUntraced(function* (provider: CallProvider, options: VoiceCallsOptions = { settle: LISTED }) {
  yield* TestClock.setTime(START)
  const journal = yield* makeMemoryJournal
  const calls = yield* serviceOn(journal, provider, options)
  return { calls, journal, find: Effect.map(journal.find(keyOf(REFERENCE)), Option.getOrNull) }
})

const callAt = ({ adapter, placed }: InMemoryProvider, index: number) => ({
  provider: adapter.providerId,
  id: placed[index]?.id ?? OrderId.make("none")
})

/** At these minutes since the start one looks; the states of the reference then. */
const statesAt = Effect.fnUntraced(function* (calls: VoiceCalls["Service"], minutes: ReadonlyArray<number>) {
  const states: Array<string> = []
  for (const minute of minutes) {
    yield* TestClock.setTime(START + minute * 60_000)
    states.push((yield* calls.reconcile(REFERENCE)).state)
  }
  return states
})

/** An order that was not taken, and is called absent after thirteen minutes. */
const absent = Effect.fnUntraced(function* (
  memory: ReturnType<typeof memoryWith>,
  failure: typeof lost | typeof dropped = dropped
) {
  const all = yield* opened(memory)
  memory.setFailure("place", failure)
  yield* all.calls.place(order)
  expect(yield* statesAt(all.calls, [6, 13])).toEqual(["uncertain", "absent"])
  return all
})

const idempotency = { windowSeconds: 86_400, evidence: "https://provider.example/docs" } as const

/** Its lists take so long to end. */
const listingFor = (memory: InMemoryProvider, long: Duration.Input): CallProvider => ({
  ...memory,
  list: (filter) => Stream.concat(memory.list(filter), Stream.drain(Stream.fromEffect(Effect.sleep(long))))
})

describe("an order that was not taken", () => {
  it.effect("is not called absent where nobody has chosen a policy, and a person is asked one question", () =>
    Effect.gen(function* () {
      for (const settle of [undefined, {}, { policies: { memory: { absent: "never" } } }] as const) {
        const memory = memoryWith()
        const { calls, find } = yield* opened(memory, { settle })
        memory.setFailure("place", dropped)
        yield* calls.place(order)
        expect(yield* statesAt(calls, [6, 8, 60, 600])).toEqual(Array(4).fill("uncertain"))
        expect(yield* calls.reconcile(REFERENCE)).toMatchObject({
          evidence: "not_listed",
          question: { ask: "is_there_one", since: "2026-03-02T15:00:00.000Z" }
        })
        expect(yield* find).toMatchObject({ state: "uncertain", evidence: "not_listed" })
        expect(yield* calls.place(order)).toMatchObject({ state: "uncertain" })
        expect(places(memory)).toBe(1)
      }
    })
  )

  it.effect("is called absent after two whole lists, stays in the journal, and can be placed again", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls, journal, find } = yield* absent(memory)
      const before = yield* find
      expect(before).toMatchObject({ state: "absent", evidence: "not_listed" })
      expect(before).not.toHaveProperty("orderId")
      expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "absent", because: "not_listed" })
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: false })
      expect(memory.placed).toHaveLength(1)
      expect(yield* find).toMatchObject({ state: "accepted", supersedes: before?.token })
      expect(Option.getOrNull(yield* journal.find(keyOf(asideOf(REFERENCE, before?.token ?? ""))))).toMatchObject({
        state: "absent",
        sentAs: REFERENCE,
        token: before?.token
      })
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: true })
      expect(places(memory)).toBe(2)
    })
  )

  it.effect("asks no person while a policy is about to settle it", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls } = yield* opened(memory)
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      yield* TestClock.adjust("6 minutes")
      expect(yield* calls.reconcile(REFERENCE)).not.toHaveProperty("question")
    })
  )

  it.effect.each<readonly [string, ReadonlyArray<number>, ReadonlyArray<string>]>([
    ["one list", [60], ["uncertain"]],
    ["two lists less than seven minutes apart", [6, 12.9], ["uncertain", "uncertain"]],
    ["two lists seven minutes apart", [6, 13], ["uncertain", "absent"]],
    ["a first list less than five minutes after its request", [4.9, 12], ["uncertain", "uncertain"]],
    ["a first list that was too early, and two more", [4.9, 7, 14], ["uncertain", "uncertain", "absent"]],
    ["two lists five minutes after its request", [5, 12], ["uncertain", "absent"]]
  ])("after %s", ([, minutes, expected]) =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls } = yield* opened(memory)
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      expect(yield* statesAt(calls, minutes)).toEqual(expected)
    })
  )

  it.effect("has five minutes from the end of its request, not from its beginning", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const provider: CallProvider = {
        ...memory,
        place: (request) => Effect.andThen(Effect.sleep("4 minutes"), memory.place(request))
      }
      const { calls } = yield* opened(provider)
      memory.setFailure("place", dropped)
      const placing = yield* Effect.forkChild(calls.place(order))
      yield* TestClock.adjust("4 minutes")
      yield* Fiber.join(placing)
      expect(yield* statesAt(calls, [5, 8.9, 9, 16])).toEqual(["uncertain", "uncertain", "uncertain", "absent"])
    })
  )

  it.effect("that died with its process has the eleven minutes that a request may take", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls, journal } = yield* opened(memory)
      const dying = PlacementJournal.of({ ...journal, settle: () => Effect.succeed(Option.none()) })
      memory.setFailure("place", dropped)
      yield* (yield* serviceOn(dying, memory)).place(order)
      expect(yield* statesAt(calls, [10, 12, 15.9, 16, 34])).toEqual([
        "in_flight",
        "uncertain",
        "uncertain",
        "uncertain",
        "absent"
      ])
    })
  )

  it.effect("waits three times as long as a list was ever seen to be late, by whatever process", () =>
    Effect.gen(function* () {
      const memory = memoryWith({ delaySeconds: 300 })
      const { calls, journal } = yield* opened(memory)
      memory.setFailure("place", lost)
      yield* calls.place({ ...order, reference: "slow" })
      yield* TestClock.adjust("4 minutes")
      expect(yield* calls.reconcile("slow")).toMatchObject({ state: "uncertain" })
      yield* TestClock.adjust("1 minute")
      expect(yield* calls.reconcile("slow")).toMatchObject({ state: "accepted" })
      expect(Option.getOrNull(yield* journal.find(keyOf("slow")))).toMatchObject({
        evidence: "reference_seen",
        listDelay: 300_000
      })
      memory.setFailure("place", dropped)
      const other = yield* serviceOn(journal, memory, { settle: LISTED })
      yield* other.place(order)
      expect(yield* statesAt(other, [12, 16, 19, 20, 37])).toEqual([...Array(4).fill("uncertain"), "absent"])
    })
  )

  it.effect("needs a first list that is late enough for what has been seen since of how late lists are", () =>
    Effect.gen(function* () {
      const memory = memoryWith({ delaySeconds: 240 })
      const { calls } = yield* opened(memory)
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      memory.setFailure("place", lost)
      yield* calls.place({ ...order, reference: "slow" })
      yield* TestClock.adjust("1 minute")
      yield* calls.reconcile("slow")
      expect(yield* statesAt(calls, [6])).toEqual(["uncertain"])
      expect(yield* calls.reconcile("slow")).toMatchObject({ state: "accepted" })
      expect(yield* statesAt(calls, [17, 18, 38])).toEqual(["uncertain", "uncertain", "absent"])
    })
  )

  it.effect("that was sent again begins anew", () =>
    Effect.gen(function* () {
      const memory = memoryWith(undefined, { idempotency })
      const { calls, find } = yield* opened(memory)
      memory.setFailure("place", { ...dropped, times: 2 })
      yield* calls.place(order)
      expect(yield* statesAt(calls, [6])).toEqual(["uncertain"])
      yield* TestClock.setTime(START + 7 * 60_000)
      yield* calls.place(order, { onUncertain: "repeat" })
      expect(yield* find).toMatchObject({ evidence: "sent_again", requestMillis: 7 * 60_000 })
      expect(yield* statesAt(calls, [8, 11, 12, 19])).toEqual(["uncertain", "uncertain", "uncertain", "absent"])
    })
  )

  it.effect("that was sent again by a process that died then has the time that request may take", () =>
    Effect.gen(function* () {
      const memory = memoryWith(undefined, { idempotency })
      const { calls, journal } = yield* opened(memory)
      memory.setFailure("place", { ...dropped, times: 2 })
      yield* calls.place(order)
      yield* TestClock.setTime(START + 7 * 60_000)
      const dying = PlacementJournal.of({
        ...journal,
        settle: (key, token, settlement, at) =>
          settlement.state === "uncertain" && settlement.because === SENT_AGAIN
            ? journal.settle(key, token, settlement, at)
            : Effect.succeed(Option.none())
      })
      yield* (yield* serviceOn(dying, memory)).place(order, { onUncertain: "repeat" })
      expect(places(memory)).toBe(2)
      expect(yield* statesAt(calls, [17, 19, 22.9, 23, 41])).toEqual([
        "in_flight",
        "uncertain",
        "uncertain",
        "uncertain",
        "absent"
      ])
    })
  )

  it.effect("that another process sends again, while one looks that has read it before, is not called absent", () =>
    Effect.gen(function* () {
      const memory = memoryWith(undefined, { idempotency })
      const { calls, journal, find } = yield* opened(memory)
      const looking = yield* serviceOn(journal, listingFor(memory, "30 seconds"), { settle: LISTED })
      const sending = yield* serviceOn(journal, {
        ...memory,
        place: (request) => Effect.andThen(Effect.sleep("2 minutes"), memory.place(request))
      })
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      expect(yield* statesAt(calls, [6])).toEqual(["uncertain"])
      yield* TestClock.setTime(START + 14 * 60_000)
      const look = yield* Effect.forkChild(looking.reconcile(REFERENCE))
      yield* TestClock.adjust("5 seconds")
      const again = yield* Effect.forkChild(sending.place(order, { onUncertain: "repeat" }))
      yield* TestClock.adjust("30 seconds")
      expect(yield* Fiber.join(look)).toMatchObject({ state: "uncertain" })
      expect(yield* find).toMatchObject({ state: "uncertain", because: SENT_AGAIN })
      expect(yield* calls.place(order)).not.toMatchObject({ already: false })
      yield* TestClock.adjust("2 minutes")
      expect(yield* Fiber.join(again)).toMatchObject({ state: "accepted" })
      expect(memory.placed).toHaveLength(1)
    })
  )

  it.effect("that was sent again, and missed since, is not called absent by a look from before it was", () =>
    Effect.gen(function* () {
      const memory = memoryWith({ delaySeconds: 600 }, { idempotency })
      const { calls, journal, find } = yield* opened(memory)
      const looking = yield* serviceOn(journal, listingFor(memory, "6 minutes"), { settle: LISTED })
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      expect(yield* statesAt(calls, [6])).toEqual(["uncertain"])
      yield* TestClock.setTime(START + 14 * 60_000)
      const look = yield* Effect.forkChild(looking.reconcile(REFERENCE))
      yield* TestClock.adjust("5 seconds")
      memory.setFailure("place", lost)
      expect(yield* calls.place(order, { onUncertain: "repeat" })).toMatchObject({ state: "uncertain" })
      expect(yield* statesAt(calls, [19.5])).toEqual(["uncertain"])
      expect(yield* find).toMatchObject({ missedMillis: 19.5 * 60_000 })
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(look)).toMatchObject({ state: "uncertain" })
      expect(yield* find).toMatchObject({ state: "uncertain", missedMillis: 19.5 * 60_000 })
      expect(yield* statesAt(calls, [25])).toEqual(["accepted"])
    })
  )

  const clockAt = (offsetMillis: number, doubtMillis = 0, measuredMillisAgo = 0) => ({
    offsetMillis,
    doubtMillis,
    measuredMillisAgo
  })

  it.effect.each([
    ["whose provider tells no time", [undefined, undefined]],
    ["whose provider told no time when it was placed", [undefined, clockAt(0)]],
    ["whose provider tells no time any more", [clockAt(0), undefined]],
    ["while the provider's clock says that less time has passed", [clockAt(0), clockAt(-4 * 60_000)]],
    ["while the provider's clock is in doubt", [clockAt(0), clockAt(0, 4 * 60_000)]],
    ["whose lists do not tell the time, though something told it before", [clockAt(0), clockAt(0, 0, 1)]]
  ] as const)("%s is not called absent", ([, [first, then]]) =>
    Effect.gen(function* () {
      const memory = memoryWith()
      let clock: ReturnType<typeof clockAt> | undefined = first
      const { calls } = yield* opened({ ...memory, clock: Effect.sync(() => clock) })
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      clock = then
      expect(yield* statesAt(calls, [6, 13])).toEqual(["uncertain", "uncertain"])
    })
  )

  it.effect("needs lists that are late enough, and far enough apart, by both clocks", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      let offsetMillis = 0
      const { calls } = yield* opened({ ...memory, clock: Effect.sync(() => clockAt(offsetMillis)) })
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      offsetMillis = -2 * 60_000
      const late = ["uncertain", "uncertain", "uncertain", "absent"]
      expect(yield* statesAt(calls, [6, 10, 18.9, 19])).toEqual(late)
    })
  )

  it.effect.each([
    ["has ended", false, [1 / 60, 2.1, 4.9, 7]],
    ["may not have ended, as its process says nothing", true, [1 / 60, 2.1, 11, 18]]
  ] as const)(
    "that was placed after a pause that no clock had counted has its time between the lists, where its request %s",
    ([, dies, minutes]) =>
      Effect.gen(function* () {
        const memory = memoryWith()
        // Measured before the pause, and an hour wrong since: the list's answers measure anew, once our clock is right again.
        const { calls, journal } = yield* opened({ ...memory, clock: Effect.succeed(clockAt(0)) })
        const dying = PlacementJournal.of({ ...journal, settle: () => Effect.succeed(Option.none()) })
        const placing = dies
          ? yield* serviceOn(dying, { ...memory, clock: Effect.succeed(clockAt(0)) }, { settle: LISTED })
          : calls
        memory.setFailure("place", dropped)
        yield* placing.place(order)
        const afterHour = minutes.map((minute) => 60 + minute)
        const states = yield* statesAt(calls, afterHour)
        expect(states).toEqual(["uncertain", "uncertain", "uncertain", "uncertain"])
        expect(yield* statesAt(calls, [60 + (dies ? 18.1 : 7.1)])).toEqual(["absent"])
        expect(places(memory)).toBe(1)
      })
  )

  it.effect("takes what is in doubt of the provider's clock from what has passed", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls } = yield* opened({ ...memory, clock: Effect.succeed(clockAt(0, 4 * 60_000)) })
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      expect(yield* statesAt(calls, [6, 13, 27.9, 28])).toEqual(["uncertain", "uncertain", "uncertain", "absent"])
    })
  )

  it.effect("is not called absent while our own clock, put back, says that less time has passed", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      let offsetMillis = 0
      const { calls } = yield* opened({ ...memory, clock: Effect.sync(() => clockAt(offsetMillis)) })
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      offsetMillis = 60 * 60_000
      expect(yield* statesAt(calls, [1, 4.9])).toEqual(["uncertain", "uncertain"])
    })
  )

  it.effect("is not called absent by a list that may not be whole", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const reason = new Incomplete({ delivered: 0, because: "a page came twice" })
      const cut = Stream.fail(new CallError({ provider: memory.adapter.providerId, operation: "list", reason }))
      let isCut = true
      const { calls } = yield* opened({
        ...memory,
        list: (filter) => (isCut ? Stream.concat(memory.list(filter), cut) : memory.list(filter))
      })
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      expect(yield* statesAt(calls, [6, 8, 10])).toEqual(["uncertain", "uncertain", "uncertain"])
      isCut = false
      expect(yield* statesAt(calls, [12])).toEqual(["uncertain"])
      isCut = true
      // What a whole list said stands.
      expect(yield* statesAt(calls, [14])).toEqual(["uncertain"])
      isCut = false
      expect(yield* statesAt(calls, [19])).toEqual(["absent"])
    })
  )

  it.effect(
    "is not called absent while a call to its number tells no reference: a person is shown it, and says what it is",
    () =>
      Effect.gen(function* () {
        const memory = memoryWith({ references: "none" })
        const { calls, find } = yield* opened(memory)
        memory.setFailure("place", lost)
        yield* calls.place(order)
        yield* calls.place({ ...order, to: "+12025550199", reference: "lead-2" })
        expect(yield* statesAt(calls, [6, 8, 30])).toEqual(["uncertain", "uncertain", "uncertain"])
        const [its, others] = memory.placed.map(({ id }) => ({ provider: memory.adapter.providerId, id }))
        if (its === undefined || others === undefined) throw new Error("not placed")
        expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ question: { ask: "is_it_one_of", calls: [its] } })
        expect(yield* find).toMatchObject({ evidence: "unknown" })
        const refused = yield* Effect.flip(calls.reconcile(REFERENCE, { call: others }))
        expect(refused).toMatchObject({ reason: { _tag: "InvalidRequest", field: "call" } })
        expect(yield* calls.reconcile(REFERENCE, { call: its })).toMatchObject({ state: "accepted", call: its })
        expect(yield* find).toMatchObject({ state: "ended", orderId: its.id, evidence: "id_read" })
      })
  )

  it.effect("is looked for in items that only tell their references when they are read", () =>
    Effect.gen(function* () {
      const memory = memoryWith({ references: "read" })
      const { calls } = yield* opened(memory)
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      yield* calls.place({ ...order, reference: "lead-2" })
      expect(yield* statesAt(calls, [6, 13])).toEqual(["uncertain", "absent"])
    })
  )

  it.effect("is not called absent while an order of its reference is there, whatever the clocks say of that", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const early = (fact: OrderFact): OrderFact => ({
        ...fact,
        claims: { ...fact.claims, createdAt: instant(-3 * 24 * 3600) }
      })
      const shifted: CallProvider = {
        ...memory,
        list: (filter) => Stream.map(memory.list(filter), (fact) => (fact.kind === "order" ? early(fact) : fact))
      }
      const { calls, journal } = yield* opened(shifted)
      memory.setFailure("place", lost)
      yield* calls.place({ ...order, metadata: { batch: "7" } })
      expect(yield* statesAt(calls, [6, 8, 60, 600])).toEqual(Array(4).fill("uncertain"))
      expect(yield* calls.reconcile(REFERENCE)).toMatchObject({
        question: { ask: "is_it_one_of", calls: [expect.objectContaining({ id: memory.placed[0]?.id })] }
      })
      expect(places(memory)).toBe(1)
      const [{ id } = { id: OrderId.make("none") }] = memory.placed
      const read: CallProvider = { ...shifted, get: (each) => Effect.map(memory.get(each), early) }
      const other = yield* serviceOn(journal, read)
      const call = { provider: memory.adapter.providerId, id }
      expect(yield* other.reconcile(REFERENCE, { call })).toMatchObject({ state: "accepted", call })
    })
  )

  it.effect("is called absent at its own provider alone", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const other = makeInMemoryProvider({ id: "other", capabilities: LIST })
      yield* TestClock.setTime(START)
      const journal = yield* makeMemoryJournal
      const calls = yield* serviceOn(journal, [memory, other], { settle: LISTED })
      other.setFailure("place", dropped)
      yield* calls.place({ ...order, provider: "other" })
      expect(yield* statesAt(calls, [6, 8, 30])).toEqual(["uncertain", "uncertain", "uncertain"])
    })
  )

  it.effect("may go to another provider once it is absent, with other content, and to no other number", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const other = makeInMemoryProvider({ id: "other", capabilities: LIST })
      yield* TestClock.setTime(START)
      const journal = yield* makeMemoryJournal
      const calls = yield* serviceOn(journal, [memory, other], { settle: LISTED })
      memory.setFailure("place", dropped)
      yield* calls.place({ ...order, provider: "memory" })
      expect(yield* statesAt(calls, [6, 13])).toEqual(["uncertain", "absent"])
      const elsewhere = { ...order, provider: "other", agent: { id: "agent-2" } }
      const refused = yield* Effect.flip(calls.place({ ...elsewhere, to: "+12025550101" }))
      expect(refused).toMatchObject({ reason: { _tag: "ReferenceHeld", by: "number" } })
      const placed = yield* calls.place(elsewhere)
      expect(placed).toMatchObject({ state: "accepted", already: false })
      expect(placed).not.toHaveProperty("differs")
      expect([memory.placed.length, other.placed.length]).toEqual([0, 1])
    })
  )
})

describe("the call that a person names", () => {
  const named = Effect.fnUntraced(function* () {
    const memory = memoryWith({ references: "none" })
    const { calls, journal, find } = yield* opened(memory)
    const name = (reference: string, index: number) => {
      const [{ id } = { id: OrderId.make("none") }] = memory.placed.slice(index)
      return calls.reconcile(reference, { call: { provider: memory.adapter.providerId, id } })
    }
    return { memory, calls, journal, find, name }
  })
  const refusedFor = (expected: string) => ({
    operation: "reconcile",
    reason: { _tag: "InvalidRequest", field: "call", expected: expect.stringContaining(expected) }
  })

  it.effect("is not taken while the order is under way: what is accepted then is not lost", () =>
    Effect.gen(function* () {
      const { memory, calls, journal, find, name } = yield* named()
      // To the same number, of the same minute, and not in the journal.
      memory.setFailure("place", lost)
      yield* calls.place({ ...order, reference: "given-up" })
      yield* calls.release("given-up")
      const slow: CallProvider = {
        ...memory,
        place: (request) => Effect.andThen(Effect.sleep("1 minute"), memory.place(request))
      }
      const placing = yield* Effect.forkChild((yield* serviceOn(journal, slow)).place(order))
      yield* TestClock.adjust("10 seconds")
      expect(yield* name(REFERENCE, 0)).toMatchObject({ state: "in_flight" })
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(placing)).toMatchObject({ state: "accepted", already: false })
      expect(yield* find).toMatchObject({ orderId: memory.placed[1]?.id })
    })
  )

  it.effect("is refused where it is known as another order's", () =>
    Effect.gen(function* () {
      const { memory, calls, find, name } = yield* named()
      memory.setFailure("place", lost)
      yield* calls.place(order)
      yield* calls.place({ ...order, reference: "lead-2" })
      expect(yield* Effect.flip(name(REFERENCE, 1))).toMatchObject(refusedFor("known as that of another order"))
      expect(yield* find).toMatchObject({ state: "uncertain" })
      expect(yield* name(REFERENCE, 0)).toMatchObject({ state: "accepted" })
      // Once more, it is what it is.
      expect(yield* name(REFERENCE, 0)).toMatchObject({ state: "accepted", already: true })
    })
  )

  it.effect("is taken where another provider had the order before, and is not opened any more", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const other = makeInMemoryProvider({ id: "other", capabilities: LIST })
      yield* TestClock.setTime(START)
      const journal = yield* makeMemoryJournal
      const both = yield* serviceOn(journal, [memory, other], { settle: LISTED })
      memory.setFailure("place", dropped)
      yield* both.place({ ...order, provider: "memory" })
      expect(yield* statesAt(both, [6, 13])).toEqual(["uncertain", "absent"])
      other.setFailure("place", lost)
      expect(yield* both.place({ ...order, provider: "other" })).toMatchObject({ state: "uncertain" })
      const alone = yield* serviceOn(journal, other)
      const call = callAt(other, 0)
      expect(yield* alone.reconcile(REFERENCE, { call })).toMatchObject({ state: "accepted", call })
    })
  )

  it.effect("is refused where no placement holds the reference, or its order is known to be another call", () =>
    Effect.gen(function* () {
      const { memory, calls, name } = yield* named()
      yield* calls.place({ ...order, reference: "lead-2" })
      expect(yield* Effect.flip(name(REFERENCE, 0))).toMatchObject(refusedFor("no placement holds this reference"))
      yield* calls.place(order)
      const known = refusedFor("the call that this order is known to be")
      expect(yield* Effect.flip(name(REFERENCE, 0))).toMatchObject(known)
      expect(yield* name(REFERENCE, 1)).toMatchObject({ state: "accepted", call: { id: memory.placed[1]?.id } })
      // Over, it is not read again.
      yield* TestClock.adjust("1 day")
      yield* calls.reconcile(REFERENCE)
      expect(yield* Effect.flip(name(REFERENCE, 0))).toMatchObject(known)
      expect(yield* name(REFERENCE, 1)).toMatchObject({ state: "accepted", call: { id: memory.placed[1]?.id } })
      expect(places(memory)).toBe(2)
    })
  )

  it.effect("is refused where it tells no reference and is older than the order", () =>
    Effect.gen(function* () {
      const { memory, calls, journal, find, name } = yield* named()
      memory.setFailure("place", lost)
      yield* calls.place({ ...order, reference: "given-up" })
      expect(yield* calls.release("given-up")).toBe(true)
      yield* TestClock.adjust("1 hour")
      memory.setFailure("place", lost)
      yield* calls.place(order)
      expect(yield* Effect.flip(name(REFERENCE, 0))).toMatchObject(refusedFor("made after 2026-03-02T15:55:00.000Z"))
      expect(yield* find).toMatchObject({ state: "uncertain" })
      expect(yield* name(REFERENCE, 1)).toMatchObject({ state: "accepted" })
      const orderId = memory.placed[1]?.id ?? OrderId.make("none")
      const key = { tenant: "", provider: memory.adapter.providerId, orderId }
      expect(Option.isSome(yield* journal.findCall(key))).toBe(true)
    })
  )
})

describe("two who place what is absent", () => {
  it.effect("place it once, at the same moment or after each other", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls, journal } = yield* absent(memory)
      const others = yield* Effect.forEach([1, 2, 3], () => serviceOn(journal, memory))
      const placed = yield* Effect.all(
        [calls, ...others].map((each) => each.place(order)),
        { concurrency: "unbounded" }
      )
      expect(memory.placed).toHaveLength(1)
      const already = placed.map((each) => (each.state === "accepted" ? each.already : each.state))
      expect(already.filter((each) => each === false)).toHaveLength(1)
    })
  )

  it.effect("leave nothing of the old token: its late refusal frees nothing", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const gate = yield* Deferred.make<void>()
      const stuck: CallProvider = {
        ...memory,
        place: () =>
          Effect.andThen(
            Deferred.await(gate),
            new CallError({
              provider: memory.adapter.providerId,
              operation: "place",
              reason: new InvalidRequest({ status: 422 })
            })
          )
      }
      const { calls, journal, find } = yield* opened(memory)
      const sleeper = yield* serviceOn(journal, stuck)
      const sleeping = yield* Effect.forkChild(Effect.exit(sleeper.place(order)))
      expect(yield* statesAt(calls, [12, 17, 35])).toEqual(["uncertain", "uncertain", "absent"])
      yield* calls.place(order)
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(sleeping)
      expect(yield* find).toMatchObject({ state: "accepted" })
      expect(memory.placed).toHaveLength(1)
    })
  )
})

/** What is logged at `Error`. */
const watchingErrors = () => {
  const said: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    if (logLevel === "Error") said.push(String(message))
  })
  return { said, layer: Logger.layer([logger]) }
}

const wrongCount = (provider = "memory") =>
  Effect.map(
    Metric.snapshot,
    (metrics) =>
      metrics.find(
        ({ id, attributes }) => id === "unicall_absent_was_wrong" && attributes?.["voice_call.provider"] === provider
      )?.state
  )

describe("an order that was placed in the place of an absent one", () => {
  it.effect("is not taken for the absent one by who had begun to look for that before", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls, journal, find } = yield* absent(memory)
      const before = yield* find
      const way = Stream.drain(Stream.fromEffect(Effect.sleep("30 seconds")))
      const looking = yield* serviceOn(
        journal,
        {
          ...memory,
          list: (filter) =>
            Stream.concat(
              way,
              Stream.suspend(() => memory.list(filter))
            )
        },
        { settle: LISTED }
      )
      const look = yield* Effect.forkChild(looking.settle)
      yield* TestClock.adjust("5 seconds")
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: false })
      yield* TestClock.adjust("30 seconds")
      expect(yield* Fiber.join(look)).toMatchObject([{ state: "absent" }])
      const aside = yield* journal.find(keyOf(asideOf(REFERENCE, before?.token ?? "")))
      expect(Option.getOrNull(aside)).toMatchObject({ state: "absent" })
      expect(yield* calls.reconcile(REFERENCE)).not.toHaveProperty("also")
      expect(yield* journal.absence?.listRecord(ProviderId.make("memory"), instant(0)) ?? Effect.void).toMatchObject({
        wrong: 0
      })
    })
  )
})

describe("an order that was called absent and exists", () => {
  it.effect("becomes accepted, is told in every way, and stops the policy, in processes that begin later too", () =>
    Effect.gen(function* () {
      const { said, layer } = watchingErrors()
      yield* Effect.gen(function* () {
        const memory = memoryWith({ delaySeconds: 1800 })
        const { calls, journal, find } = yield* absent(memory, lost)
        const counted = yield* wrongCount()
        yield* TestClock.setTime(START + 30 * 60_000)
        const error = yield* Effect.flip(calls.reconcile(REFERENCE))
        const [{ id } = { id: "" }] = memory.placed
        expect(error).toMatchObject({ reason: { _tag: "AbsentWasWrong", call: `memory:${id}`, placedAgain: false } })
        expect(said).toEqual([expect.stringContaining("absent_was_wrong")])
        for (const text of [...said, String(error), JSON.stringify(error)])
          expect(text).not.toMatch(/2025550100|lead-1/)
        expect(yield* wrongCount()).not.toEqual(counted)
        expect(yield* find).toMatchObject({ state: "ended", orderId: id, wrongAt: "2026-03-02T15:30:00.000Z" })
        expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "accepted" })
        expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: true })
        expect(memory.placed).toHaveLength(1)

        memory.setFailure("place", dropped)
        const later = yield* serviceOn(journal, memory, { settle: LISTED })
        yield* later.place({ ...order, reference: "lead-2" })
        yield* TestClock.adjust("4 hours")
        yield* later.reconcile("lead-2")
        yield* TestClock.adjust("2 hours")
        expect(yield* later.reconcile("lead-2")).toMatchObject({
          state: "uncertain",
          question: { ask: "is_there_one" }
        })
        // Somebody has looked into it.
        const confirmedAt = "2026-03-02T17:00:00Z"
        const anew = yield* serviceOn(journal, memory, {
          settle: { policies: { memory: { ...CONFIRMED, confirmedAt } } }
        })
        expect(yield* anew.reconcile("lead-2")).toMatchObject({ state: "absent" })
      }).pipe(Effect.provide(layer))
    })
  )

  it.effect("makes others doubted that were called absent before: a person gives them up, or nobody places them", () =>
    Effect.gen(function* () {
      const memory = memoryWith({ delaySeconds: ({ order: { reference } }) => (reference === "late" ? 1800 : 0) })
      const { calls } = yield* opened(memory)
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      memory.setFailure("place", lost)
      yield* calls.place({ ...order, reference: "late" })
      for (const minute of [6, 13]) {
        yield* TestClock.setTime(START + minute * 60_000)
        yield* calls.settle
      }
      yield* TestClock.setTime(START + 40 * 60_000)
      expect(yield* calls.settle).toContainEqual(expect.objectContaining({ reference: "late", wasAbsent: true }))
      expect(yield* calls.place(order)).toMatchObject({ state: "absent", doubted: true })
      expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "absent", doubted: true })
      const told = expect.objectContaining({ reference: REFERENCE, state: "absent", doubted: true })
      expect(yield* calls.reconcileStale({ olderThan: 0 })).toContainEqual(told)
      yield* TestClock.adjust("10 minutes")
      expect(yield* calls.settle).toContainEqual(told)
      expect(places(memory)).toBe(2)
      expect(yield* calls.release(REFERENCE)).toBe(true)
      expect(yield* calls.reconcile(REFERENCE)).not.toHaveProperty("doubted")
      expect(yield* calls.release(REFERENCE)).toBe(false)
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: false })
    })
  )

  it.effect("beside the one that was placed again, is known and told beside it", () =>
    Effect.gen(function* () {
      const memory = memoryWith({ delaySeconds: ({ placedAt }) => (placedAt === START ? 1800 : 0) })
      const { calls, journal, find } = yield* absent(memory, lost)
      const { token = "" } = (yield* find) ?? {}
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: false })
      expect(memory.placed).toHaveLength(2)
      const [first, second] = memory.placed.map(({ id }) => id)
      yield* TestClock.setTime(START + 31 * 60_000)
      const error = yield* Effect.flip(calls.reconcile(REFERENCE))
      expect(error).toMatchObject({ reason: { _tag: "AbsentWasWrong", call: `memory:${first}`, placedAgain: true } })
      const call = { provider: memory.adapter.providerId, id: first ?? OrderId.make("none") }
      const also = [call]
      expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "accepted", call: { id: second }, also })
      expect(yield* calls.reconcile(REFERENCE, { call })).toMatchObject({ call: { id: second }, also })
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", call: { id: second }, also, already: true })
      expect(yield* find).toMatchObject({ orderId: second })
      expect(Option.getOrNull(yield* journal.find(keyOf(asideOf(REFERENCE, token))))).toMatchObject({ orderId: first })
      const provider = ProviderId.make("memory")
      for (const id of [first, second])
        expect(Option.isSome(yield* journal.findCall({ tenant: "", provider, orderId: OrderId.make(id ?? "") }))).toBe(
          true
        )
      expect(places(memory)).toBe(2)
    })
  )

  it.effect.each([
    ["both are found", lost],
    ["only the first exists", dropped]
  ] as const)("is not taken for the one that was placed again and is uncertain: %s", ([, failure]) =>
    Effect.gen(function* () {
      const memory = memoryWith({ delaySeconds: ({ placedAt }) => (placedAt === START ? 1800 : 0) })
      const { calls, journal, find } = yield* absent(memory, lost)
      const { token = "" } = (yield* find) ?? {}
      memory.setFailure("place", failure)
      expect(yield* calls.place(order)).toMatchObject({ state: "uncertain" })
      yield* TestClock.setTime(START + 31 * 60_000)
      yield* Effect.flip(calls.reconcile(REFERENCE))
      const [first, second] = memory.placed.map(({ id }) => id)
      const aside = Option.getOrNull(yield* journal.find(keyOf(asideOf(REFERENCE, token))))
      expect(aside).toMatchObject({ state: "ended", orderId: first })
      const main = yield* find
      expect(main).toMatchObject(failure === lost ? { state: "ended", orderId: second } : { state: "uncertain" })
      expect(yield* calls.place(order)).toMatchObject({ also: [{ id: first }] })
      expect(places(memory)).toBe(2)
    })
  )

  it.effect("by the late answer of a process that slept, is known though its token is dead", () =>
    Effect.gen(function* () {
      const { said, layer } = watchingErrors()
      yield* Effect.gen(function* () {
        const memory = memoryWith({ hides: ({ placedAt }) => placedAt === START })
        const gate = yield* Deferred.make<void>()
        const stuck: CallProvider = {
          ...memory,
          place: (request) => Effect.tap(memory.place(request), () => Deferred.await(gate))
        }
        const { calls, journal } = yield* opened(memory)
        const sleeper = yield* serviceOn(journal, stuck)
        const sleeping = yield* Effect.forkChild(sleeper.place(order))
        expect(yield* statesAt(calls, [12, 17, 35])).toEqual(["uncertain", "uncertain", "absent"])
        const second = yield* calls.place(order)
        yield* Deferred.succeed(gate, undefined)
        const first = yield* Fiber.join(sleeping)
        expect([first.state, second.state, memory.placed.length]).toEqual(["accepted", "accepted", 2])
        expect(said).toHaveLength(1)
        expect(yield* calls.place(order)).toMatchObject({ also: [{ id: memory.placed[0]?.id }] })
      }).pipe(Effect.provide(layer))
    })
  )

  it.effect("keeps the reference taken where the second was refused", () =>
    Effect.gen(function* () {
      const memory = memoryWith({ delaySeconds: 1800 })
      const { calls, find } = yield* absent(memory, lost)
      memory.setFailure("place", { reason: new InvalidRequest({ status: 422 }), times: 1 })
      expect(yield* Effect.flip(calls.place(order))).toMatchObject({ reason: { _tag: "InvalidRequest" } })
      expect(yield* find).toMatchObject({ state: "absent", evidence: "refused" })
      yield* TestClock.setTime(START + 31 * 60_000)
      expect(yield* calls.settle).toContainEqual(expect.objectContaining({ reference: REFERENCE, wasAbsent: true }))
      const [first] = memory.placed
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: true, call: { id: first?.id } })
      expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "accepted", call: { id: first?.id } })
      expect(memory.placed).toHaveLength(1)
    })
  )

  it.effect.each(["list", "get", "awaitEnd", "watch", "cancel"] as const)(
    "is seen by %s, which is asked for another reason, by whom no policy was chosen",
    (read) =>
      Effect.gen(function* () {
        const memory = memoryWith({ delaySeconds: 1800 })
        const { journal, find } = yield* absent(memory, lost)
        const calls = yield* serviceOn(journal, memory)
        yield* TestClock.setTime(START + 31 * 60_000)
        const call = callAt(memory, 0)
        const reading = {
          list: Stream.runDrain(calls.list()),
          get: calls.get(call),
          awaitEnd: calls.awaitEnd(call, { deadline: "1 hour" }),
          watch: Stream.runDrain(calls.watch(call, { deadline: "1 hour" })),
          cancel: calls.cancel(call)
        }
        yield* reading[read]
        expect(yield* find).toMatchObject({ orderId: call.id, wrongAt: expect.any(String) })
      })
  )

  it.effect("is not seen in what another account reads", () =>
    Effect.gen(function* () {
      const memory: InMemoryProvider = { ...memoryWith({ delaySeconds: 1800 }), account: "one" }
      const { calls, journal, find } = yield* opened(memory)
      const two = { ...memory, account: "two" }
      const other = yield* serviceOn(journal, two, { settle: LISTED })
      memory.setFailure("place", lost)
      yield* calls.place(order)
      memory.setFailure("place", dropped)
      yield* other.place({ ...order, reference: "lead-2" })
      for (const minute of [6, 13]) {
        yield* TestClock.setTime(START + minute * 60_000)
        yield* calls.settle
        yield* other.settle
      }
      yield* TestClock.setTime(START + 31 * 60_000)
      yield* Stream.runDrain((yield* serviceOn(journal, two)).list())
      expect(yield* find).toMatchObject({ state: "absent" })
      yield* Stream.runDrain((yield* serviceOn(journal, memory)).list())
      expect(yield* find).toMatchObject({ state: "ended" })
    })
  )

  it.effect("is seen in what is read a moment after it was called absent", () =>
    Effect.gen(function* () {
      const memory = memoryWith({ hides: () => true })
      const { calls, find } = yield* opened(memory)
      memory.setFailure("place", lost)
      yield* calls.place(order)
      expect(yield* statesAt(calls, [6])).toEqual(["uncertain"])
      yield* calls.place({ ...order, reference: "lead-2" })
      yield* TestClock.setTime(START + 13 * 60_000)
      yield* calls.get(callAt(memory, 1))
      expect(yield* statesAt(calls, [13])).toEqual(["absent"])
      yield* calls.get(callAt(memory, 0))
      expect(yield* find).toMatchObject({ orderId: memory.placed[0]?.id, wrongAt: expect.any(String) })
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: true })
      expect(memory.placed).toHaveLength(2)
    })
  )

  it.effect("costs one question for each operation, and a journal that fails or does not answer keeps nobody", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const inner = yield* makeMemoryJournal
      const asked: Array<string> = []
      let answers: (found: ReadonlyArray<Placement>) => Effect.Effect<ReadonlyArray<Placement>, JournalError> =
        Effect.succeed
      const absence = inner.absence && {
        ...inner.absence,
        absent: (filter: Parameters<typeof inner.absence.absent>[0]) => {
          asked.push("absent")
          return Effect.flatMap(inner.absence?.absent(filter) ?? Effect.succeed([]), answers)
        }
      }
      const journal = {
        ...inner,
        find: (key: Parameters<typeof inner.find>[0]) => Effect.suspend(() => (asked.push("find"), inner.find(key))),
        ...(absence && { absence })
      }
      yield* TestClock.setTime(START)
      const calls = yield* serviceOn(journal, memory)
      for (let index = 0; index < 20; index++) yield* calls.place({ ...order, reference: `lead-${index}` })
      const readingAll = Effect.gen(function* () {
        asked.length = 0
        expect(yield* calls.get(callAt(memory, 0))).toMatchObject({ reference: "lead-0" })
        expect(yield* Stream.runCount(calls.list())).toBe(20)
        return asked
      })
      expect(yield* readingAll).toEqual(["absent", "absent"])
      answers = () => Effect.fail(new JournalError({ operation: "unfinished", problem: "SQLITE_BUSY" }))
      expect(yield* readingAll).toEqual(["absent", "absent"])
      answers = () => Effect.never
      const reading = yield* Effect.forkChild(readingAll)
      yield* TestClock.adjust("5 seconds")
      expect(yield* Fiber.join(reading)).toEqual(["absent", "absent"])
    })
  )

  it.effect("is not written down by the end of another account's call of the same id", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls, journal, find } = yield* opened({ ...memory, account: "one" })
      yield* calls.place(order)
      const other = yield* serviceOn(journal, { ...memory, account: "two" })
      yield* TestClock.adjust("1 hour")
      expect(yield* other.awaitEnd(callAt(memory, 0), { deadline: "1 hour" })).toMatchObject({ terminal: true })
      expect(yield* find).toMatchObject({ state: "accepted" })
      yield* calls.awaitEnd(callAt(memory, 0), { deadline: "1 hour" })
      expect(yield* find).toMatchObject({ state: "ended" })
    })
  )
})

describe("settling by itself", () => {
  it.effect("looks for an order that was written down by a clock that is a day ahead", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls, find } = yield* opened(memory)
      memory.setFailure("place", lost)
      yield* TestClock.setTime(START + 24 * 3_600_000)
      yield* calls.place(order)
      yield* TestClock.setTime(START)
      const list = memory.asked.length
      expect(yield* calls.settle).toMatchObject([{ reference: REFERENCE, state: "uncertain" }])
      expect(memory.asked.slice(list)).toEqual(["list"])
      expect(yield* find).toMatchObject({ evidence: expect.any(String) })
    })
  )

  it.effect("goes on until it is settled, in one walk of the list for all", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls, journal } = yield* opened(memory, { settle: { ...LISTED, every: "1 minute" } })
      memory.setFailure("place", { ...dropped, times: 20 })
      const references = Array.from({ length: 20 }, (_, index) => `lead-${index}`)
      yield* Effect.forEach(references, (reference) => calls.place({ ...order, reference }))
      const before = memory.asked.filter((each) => each === "list").length
      yield* TestClock.adjust("13 minutes")
      const states = yield* Effect.forEach(references, (reference) => journal.find(keyOf(reference)))
      expect(new Set(states.map(Option.map(({ state }) => state)).map(Option.getOrNull))).toEqual(new Set(["absent"]))
      expect(memory.asked.filter((each) => each === "list").length - before).toBeLessThan(14)
    })
  )

  it.effect("is kept from it by a failure no longer than that lasts, and ends with the service", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls, find } = yield* opened(memory, { settle: { ...LISTED, every: "1 minute" } })
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      memory.setFailure("list", { reason: new TimedOut({}) })
      yield* TestClock.adjust("30 minutes")
      expect(yield* find).toMatchObject({ state: "uncertain" })
      memory.setFailure("list", undefined)
      yield* TestClock.adjust("8 minutes")
      expect(yield* find).toMatchObject({ state: "absent" })
    })
  )

  it.effect("settles within a few minutes of the end of an outage, however long that was", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls, find } = yield* opened(memory, { settle: { ...LISTED, every: "1 minute" } })
      memory.setFailure("place", dropped)
      memory.setFailure("list", { reason: new TimedOut({}) })
      yield* calls.place(order)
      yield* TestClock.adjust("10 hours")
      memory.setFailure("list", undefined)
      yield* TestClock.adjust("9 minutes")
      expect(yield* find).toMatchObject({ state: "absent" })
    })
  )

  it.effect("calls no order absent that is older than calls stay in the list", () =>
    Effect.gen(function* () {
      for (const [keptDays, days, state] of [
        [undefined, 0.9, "absent"],
        [undefined, 1.1, "uncertain"],
        [14, 13, "absent"],
        [14, 20, "uncertain"]
      ] as const) {
        const listTells = {
          reference: "yes",
          evidence: "undocumented: seen in use",
          ...(keptDays && { keptDays })
        } as const
        const memory = memoryWith(undefined, { listTells })
        const { calls } = yield* opened(memory)
        memory.setFailure("place", dropped)
        yield* calls.place(order)
        const minutes = days * 24 * 60
        expect([keptDays, days, ...(yield* statesAt(calls, [minutes, minutes + 8, minutes + 16]))].at(-1)).toBe(state)
      }
    })
  )

  it.effect("looks for an old order less and less often", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls } = yield* opened(memory, { settle: { every: "1 minute" } })
      memory.setFailure("place", dropped)
      yield* calls.place(order)
      yield* TestClock.adjust("1 day")
      const before = memory.asked.filter((each) => each === "list").length
      yield* TestClock.adjust("1 day")
      expect(before).toBeLessThan(100)
      expect(memory.asked.filter((each) => each === "list").length - before).toBeLessThan(12)
    })
  )

  it.effect("looks for nothing that is accepted", () =>
    Effect.gen(function* () {
      const memory = memoryWith()
      const { calls } = yield* opened(memory, { settle: { every: "1 minute" } })
      yield* calls.place(order)
      yield* TestClock.adjust("1 hour")
      expect(memory.asked.filter((each) => each !== "place")).toEqual([])
    })
  )
})

describe("a policy that cannot be followed is refused when the calls are opened", () => {
  const opening = (settle: object, memory: CallProvider = memoryWith(), journal = makeMemoryJournal) =>
    Effect.flatMap(TestClock.setTime(START), () =>
      Effect.flatMap(journal, (made) => Effect.flip(serviceOn(made, memory, { settle })))
    )
  const listed = (confirmedAt: unknown) => ({ policies: { memory: { absent: "listed", confirmedAt } } })

  it.effect.each<readonly [string, object, string]>([
    ["another word", { policies: { memory: { absent: "always" } } }, "settle.policies.memory.absent"],
    ["no word", { policies: { memory: undefined } }, "settle.policies.memory.absent"],
    ["a provider that is not opened", { policies: { acme: CONFIRMED } }, "settle.policies"],
    ["nobody's word", listed(undefined), "settle.policies.memory.confirmedAt"],
    ["a time to come", listed("2026-03-02T15:00:01Z"), "settle.policies.memory.confirmedAt"],
    ["no time", listed("yes"), "settle.policies.memory.confirmedAt"],
    ["a time without a zone", listed("2026-03-02T14:00:00"), "settle.policies.memory.confirmedAt"],
    ["no Date", listed(new Date(Number.NaN)), "settle.policies.memory.confirmedAt"],
    ...[0, -1, 999, Number.NaN, Number.POSITIVE_INFINITY, "0 seconds", "soon", "Infinity", null, {}].map(
      (every) => [`a pause of ${JSON.stringify(every)}`, { every }, "settle.every"] as const
    )
  ])("%s", ([, settle, field]) =>
    Effect.gen(function* () {
      expect(yield* opening(settle)).toMatchObject({
        operation: "configure",
        reason: { _tag: "InvalidRequest", field }
      })
    })
  )

  it.effect.each<readonly [string, Partial<Capabilities>]>([
    ["tells no references", { listTells: { reference: "no", evidence: "undocumented: seen in use" } }],
    ["is none", { list: "no" }],
    ["holds attempts", { listItems: "attempts" }]
  ])("a list that %s", ([, capabilities]) =>
    Effect.gen(function* () {
      const error = yield* opening(LISTED, memoryWith(undefined, capabilities))
      expect(error).toMatchObject({ reason: { field: "settle.policies.memory" } })
      expect(String(error)).toContain("does not tell references")
    })
  )

  it.effect("a journal that keeps nothing that is absent; without a policy it is as good as ever", () =>
    Effect.gen(function* () {
      const journal = Effect.sync(() => makeCustomJournal(mapJournal()))
      expect(String(yield* opening(LISTED, memoryWith(), journal))).toContain("the journal does not keep")
      const memory = memoryWith()
      const calls = yield* serviceOn(yield* journal, memory, { settle: { every: "1 minute" } })
      memory.setFailure("place", lost)
      yield* calls.place(order)
      yield* TestClock.adjust("1 minute")
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: true })
    })
  )
})

const step: Arb<Step> = Arbitrary.all([
  oneOf("place", "place", "both", "die", "reconcile", "settle", "settle", "wait", "slow"),
  oneOf<keyof typeof FAILURES>("none", "lost", "dropped", "dropped", "refused", "unsent"),
  oneOf(0, 1),
  oneOf(0.5, 2, 3, 6, 8, 20, 90)
])

/** On the way to the provider and back, in seconds. */
const DELAYS = [0, 40, 5, 0, 200, 20, 0]

/** Until all is settled, or for two hours; one looks each minute. */
const untilSettled = Effect.fnUntraced(function* (calls: VoiceCalls["Service"], minutes: number) {
  for (let minute = 0; minute < minutes; minute++) {
    yield* Effect.ignore(calls.settle)
    yield* TestClock.adjust("1 minute")
  }
})

/** Random steps of two services and of one that dies, over a list that keeps what was confirmed, or lies. */
const after = Effect.fnUntraced(function* (steps: ReadonlyArray<Step>, list: MemoryList) {
  yield* TestClock.setTime(START)
  const memory = memoryWith(list)
  let index = 0
  const way = Effect.suspend(() => Effect.sleep(`${DELAYS[index++ % DELAYS.length] ?? 0} seconds`))
  const slowed: CallProvider = {
    ...memory,
    place: (request) => Effect.ensuring(Effect.andThen(way, memory.place(request)), way)
  }
  const journal = yield* makeMemoryJournal
  const dying = PlacementJournal.of({
    ...journal,
    settle: () => Effect.succeed(Option.none()),
    release: () => Effect.succeed(false)
  })
  const [calls, other, killed] = [
    yield* serviceOn(journal, slowed, { settle: LISTED }),
    yield* serviceOn(journal, slowed, { settle: LISTED }),
    yield* serviceOn(dying, slowed, { settle: LISTED })
  ]
  const together = Effect.fnUntraced(function* (works: ReadonlyArray<VoiceCalls["Service"]>) {
    const fibers = yield* Effect.forEach(works, (each) => Effect.forkChild(Effect.exit(each.place(order))))
    yield* TestClock.adjust("8 minutes")
    yield* Effect.forEach(fibers, Fiber.await)
  })
  for (const [what, failure, who, minutes] of steps) {
    memory.setFailure("place", FAILURES[failure])
    const service = who === 0 ? calls : other
    if (what === "wait") yield* TestClock.adjust(minutes * 60_000)
    else if (what === "reconcile") yield* Effect.ignore(service.reconcile(REFERENCE))
    else if (what === "settle") yield* untilSettled(service, minutes < 2 ? 3 : 40)
    else if (what === "die") yield* together([killed])
    else if (what === "both") yield* together([calls, other])
    else yield* together([service])
  }
  memory.setFailure("place", undefined)
  return { memory, journal, calls, other }
})

const known = Effect.fnUntraced(function* (
  journal: PlacementJournal["Service"],
  { placed, adapter }: ReturnType<typeof memoryWith>
) {
  const found = yield* Effect.forEach(placed, ({ id: orderId }) =>
    journal.findCall({ tenant: "", provider: adapter.providerId, orderId })
  )
  return found.filter(Option.isSome).length
})

/** What is wrong after these steps, where the list holds each order within five minutes. */
const faultOfHonest = Effect.fnUntraced(function* (steps: ReadonlyArray<Step>) {
  const delaySeconds = ({ placedAt }: { readonly placedAt: number }) => (placedAt / 1000) % 290
  const { memory, journal, calls } = yield* after([["place", "dropped", 0, 0], ...steps], { delaySeconds })
  if (memory.placed.length > 1) return "somebody was rung twice"
  yield* untilSettled(calls, 40)
  if ((yield* known(journal, memory)) < memory.placed.length) return "an order that was taken is not known"
  const held = Option.getOrUndefined(yield* journal.find(keyOf(REFERENCE)))
  if (held?.wrongAt !== undefined) return "the list was said to be wrong"
  if (held !== undefined && (held.state === "reserved" || held.state === "uncertain")) return "it is not settled"
  yield* calls.place(order).pipe(
    Effect.forkChild,
    Effect.andThen((fiber) => Effect.andThen(TestClock.adjust("8 minutes"), Fiber.join(fiber)))
  )
  return memory.placed.length === 1 ? undefined : `there are ${memory.placed.length} calls at the end`
}, Effect.scoped)

/** The same where it is late by an hour or more, or holds some orders only when it is asked at the end. */
const faultOfLying = Effect.fnUntraced(function* (steps: ReadonlyArray<Step>) {
  const seconds = ({ placedAt }: { readonly placedAt: number }) => Math.floor(placedAt / 1000)
  const list: MemoryList = {
    hides: (placed) => seconds(placed) % 3 === 1,
    delaySeconds: (placed) => (seconds(placed) % 2) * 3600 + 3600
  }
  const { memory, journal, calls, other } = yield* after(
    [["place", "lost", 0, 0], ["settle", "none", 0, 20], ...steps],
    list
  )
  memory.setList(undefined)
  yield* untilSettled(calls, 25)
  if ((yield* known(journal, memory)) < memory.placed.length) return "an order that was taken is not known"
  const { wrong } = yield* journal.absence?.listRecord(memory.adapter.providerId, instant(0)) ?? Effect.die("none")
  if (memory.placed.length - 1 > wrong) return "a call too many was not counted"
  if (wrong === 0) return undefined
  memory.setFailure("place", dropped)
  const placing = yield* Effect.forkChild(other.place({ ...order, reference: "another" }))
  yield* TestClock.adjust("8 minutes")
  yield* Fiber.join(placing)
  yield* untilSettled(other, 300)
  const held = Option.getOrUndefined(yield* journal.find(keyOf("another")))
  return held?.state === "uncertain" ? undefined : "the policy was not stopped"
}, Effect.scoped)

describe("any history", () => {
  it.effect.each([
    ["where the list keeps what was confirmed rings once at most, and is settled without a person", faultOfHonest],
    ["where it lies forgets no order, counts each call too many, and stops the policy", faultOfLying]
  ] as const)(
    "%s",
    ([, faultOf]) =>
      Effect.gen(function* () {
        const faults = new Set<string>()
        const property = (steps: ReadonlyArray<Step>) =>
          Effect.map(Effect.provide(faultOf(steps), TestClock.layer()), (fault) => {
            if (fault !== undefined) faults.add(fault)
            return fault === undefined
          })
        const histories = Arbitrary.array(step, { maxLength: 10 })
        const result = yield* Arbitrary.checkEffect(histories, property, { runs: 200, seed: 14 })
        expect([Arbitrary.formatCheckFailure(result), ...faults]).toEqual([undefined])
      }),
    120_000
  )
})
