/** A reference that is held: what is answered, what is refused, and what is never sent. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { ProviderId } from "../../src/domain/Identifiers.ts"
import { instantAt } from "../../src/domain/Instant.ts"
import type { PlaceCallInput } from "../../src/domain/PlaceCall.ts"
import { openInProcess, START } from "./inProcess.ts"
import { keyOf } from "./placementKeys.ts"

const order: PlaceCallInput = {
  to: "+12025550100",
  agent: { id: "agent-1" },
  reference: "lead-1",
  variables: { name: "Ada", city: "Paris" }
}

const at = (millis: number) => instantAt(millis) ?? expect.fail("no time")

/** Collects what is logged. */
const withLogs = <A, E, R>(effect: (logged: ReadonlyArray<string>) => Effect.Effect<A, E, R>) => {
  const logged: Array<string> = []
  const layer = Logger.layer([Logger.make(({ message }) => void logged.push(String(message)))])
  return Effect.provide(effect(logged), layer)
}

describe("an order that differs from the one that holds its reference", () => {
  const CHANGES: ReadonlyArray<readonly [string, Partial<PlaceCallInput>, differs: boolean]> = [
    ["another agent", { agent: { id: "agent-2" } }, true],
    ["other variables", { variables: { name: "Bob", city: "Paris" } }, true],
    ["a variable more", { variables: { name: "Ada", city: "Paris", age: "3" } }, true],
    ["metadata", { metadata: { source: "web" } }, true],
    ["the caller's number", { from: "+12025550199" }, true],
    ["options of the provider", { providerOptions: { revox: { force_now: true } } }, true],
    ["the same, its variables in another order", { variables: { city: "Paris", name: "Ada" } }, false],
    ["the number as people write it", { to: "(202) 555-0100", defaultCountry: "US" }, false],
    ["another time", { scheduledAt: new Date(START + 3_600_000) }, false],
    ["the provider by name", { provider: "revox" }, false]
  ]

  it.effect.each(CHANGES)("%s", ([, change, differs]) =>
    withLogs((logged) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(START)
        const { calls, twin } = yield* openInProcess()
        const first = yield* calls.place(order)
        const asked = { ...order, ...change }
        const again = yield* calls.place(asked)
        expect(again).toMatchObject({ state: "accepted", already: true })
        expect(first.state === "accepted" && again.state === "accepted" && again.call.id === first.call.id).toBe(true)
        expect(again).toEqual(
          differs ? expect.objectContaining({ differs: true }) : expect.not.objectContaining({ differs: true })
        )
        expect(logged.filter((text) => text.includes("other content"))).toHaveLength(differs ? 1 : 0)
        expect(logged.join()).not.toContain("lead-1")

        const strict = yield* Effect.result(calls.place(asked, { onDifference: "fail" }))
        if (differs) {
          const error = Option.getOrThrow(Option.fromNullishOr(strict._tag === "Failure" ? strict.failure : undefined))
          expect(error).toMatchObject({
            reason: { _tag: "ReferenceHeld", by: "content", state: "accepted", call: expect.stringMatching(/^revox:/) }
          })
          expect(String(error)).toContain("held")
          const last =
            error._tag === "CallError" && error.reason._tag === "ReferenceHeld" ? error.reason.last : undefined
          expect(last === undefined ? undefined : Redacted.value(last)).toMatchObject({ reference: "lead-1" })
        } else expect(strict).toMatchObject({ success: { state: "accepted" } })
        expect(twin.orders).toHaveLength(1)
      })
    )
  )

  it.effect("is told of uncertain orders too, and rows without a digest count as equal", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const { calls, journal, twin } = yield* openInProcess()
      twin.setFaults("place:drop*1")
      yield* calls.place(order)
      expect(yield* calls.place({ ...order, agent: { id: "agent-2" } })).toMatchObject({
        state: "uncertain",
        differs: true
      })
      const row = Option.getOrThrow(yield* journal.find(keyOf("lead-1")))
      const reservation = {
        ...keyOf("lead-2"),
        provider: row.provider,
        token: "t",
        numberDigest: row.numberDigest,
        at: at(START)
      }
      yield* journal.reserve(reservation)
      const other = yield* calls.place({ ...order, reference: "lead-2", agent: { id: "agent-2" } })
      expect(other).not.toHaveProperty("differs")
    })
  )
})

describe("a reference that another process holds", () => {
  const reserved = Effect.gen(function* () {
    yield* TestClock.setTime(START)
    const journal = yield* makeMemoryJournal
    const opened = yield* openInProcess({ journal: Layer.succeed(PlacementJournal)(journal) })
    const { calls } = yield* openInProcess({ journal: Layer.succeed(PlacementJournal)(journal), twin: opened.twin })
    // What a process that places just now has written down.
    yield* opened.calls.place({ ...order, reference: "pattern" })
    const { numberDigest } = Option.getOrThrow(yield* journal.find(keyOf("pattern")))
    const token = "of-another-process"
    yield* journal.reserve({
      ...keyOf("lead-1"),
      provider: ProviderId.make("revox"),
      token,
      numberDigest,
      at: at(START)
    })
    return { calls, journal, twin: opened.twin, token }
  })

  it.effect("is in flight until the reservation's limit, and uncertain from then on", () =>
    Effect.gen(function* () {
      const { calls, twin } = yield* reserved
      const askAgainAt = at(START + 11 * 60_000)
      expect(yield* calls.place(order)).toMatchObject({ state: "in_flight", since: at(START), askAgainAt })
      yield* TestClock.setTime(START + 11 * 60_000 - 1)
      expect(yield* calls.place(order)).toMatchObject({ state: "in_flight", askAgainAt })
      expect(yield* calls.reconcile("lead-1")).toMatchObject({ state: "in_flight", askAgainAt })
      expect(yield* calls.release("lead-1")).toBe(false)
      yield* TestClock.setTime(START + 11 * 60_000)
      expect(yield* calls.place(order)).toMatchObject({ state: "uncertain", because: "NoResult" })
      expect(yield* calls.reconcile("lead-1")).toMatchObject({ state: "uncertain" })
      expect(yield* calls.release("lead-1")).toBe(true)
      expect(twin.orders.map(({ reference }) => reference)).toEqual(["pattern"])
    })
  )

  it.effect("is free once that process was refused, and can be placed", () =>
    Effect.gen(function* () {
      const { calls, journal, token } = yield* reserved
      expect(yield* calls.place(order)).toMatchObject({ state: "in_flight" })
      yield* journal.release(keyOf("lead-1"), token, at(START))
      expect(yield* calls.reconcile("lead-1")).toEqual({ state: "free", reference: "lead-1" })
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: false })
    })
  )
})

describe("a reservation that took too long to write", () => {
  const DELAYS: ReadonlyArray<readonly [string, (clock: { now: number }) => void, sent: boolean]> = [
    ["a minute is in time", (clock) => (clock.now += 60_000), true],
    ["a machine that slept for more than a minute", (clock) => (clock.now += 60_001), false]
  ]
  it.effect.each(DELAYS)("%s", ([, sleep, sent]) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const inner = yield* makeMemoryJournal
      const slow = PlacementJournal.of({
        ...inner,
        reserve: (reservation) =>
          Effect.tap(inner.reserve(reservation), () => {
            const clock = { now: START }
            sleep(clock)
            return TestClock.setTime(clock.now)
          })
      })
      const { calls, twin, journal } = yield* openInProcess({ journal: Layer.succeed(PlacementJournal)(slow) })
      const placed = yield* Effect.result(calls.place(order))
      if (sent) expect(placed).toMatchObject({ success: { state: "accepted" } })
      else {
        expect(placed).toMatchObject({ failure: { reason: { _tag: "NetworkError", sent: "no" } } })
        expect(yield* journal.find(keyOf("lead-1"))).toEqual(Option.none())
      }
      expect(twin.orders).toHaveLength(sent ? 1 : 0)
    })
  )
})

describe("a time that has passed", () => {
  const PAST: ReadonlyArray<readonly [string, number, refused: boolean]> = [
    ["a year ago", -365 * 86_400_000, true],
    ["just more than five minutes ago", -5 * 60_000 - 1, true],
    ["five minutes ago", -5 * 60_000, false],
    ["to come", 60_000, false]
  ]
  it.effect.each(PAST)("%s", ([, distance, refused]) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const { calls, twin, journal } = yield* openInProcess()
      const placed = yield* Effect.result(calls.place({ ...order, scheduledAt: at(START + distance) }))
      if (refused) {
        expect(placed).toMatchObject({ failure: { reason: { _tag: "InvalidRequest", field: "scheduledAt" } } })
        expect(yield* journal.find(keyOf("lead-1"))).toEqual(Option.none())
      } else expect(placed).toMatchObject({ success: { state: "accepted" } })
      expect(twin.orders).toHaveLength(refused ? 0 : 1)
    })
  )

  it.effect("of a reference that is held is answered: yesterday's file can be run again", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const { calls, twin } = yield* openInProcess()
      const scheduled = { ...order, scheduledAt: at(START + 60_000) }
      yield* calls.place(scheduled)
      yield* TestClock.adjust("1 day")
      expect(yield* calls.place(scheduled)).toMatchObject({ state: "accepted", already: true })
      expect(twin.orders).toHaveLength(1)
    })
  )

  it.effect("is one by the provider's clock too, where ours is ahead", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const { calls } = yield* openInProcess({ dateOf: () => new Date(START - 3_600_000) })
      const inTenMinutes = { ...order, scheduledAt: at(START - 3_600_000 + 600_000) }
      yield* calls.check("revox")
      expect(yield* calls.place(inTenMinutes)).toMatchObject({ state: "accepted" })
      const passed = { ...order, reference: "lead-2", scheduledAt: at(START - 3_600_000 - 300_001) }
      expect(yield* Effect.flip(calls.place(passed))).toMatchObject({ reason: { field: "scheduledAt" } })
    })
  )
})

describe("a reference that looks like another", () => {
  const INVISIBLE = [
    "lead-1 ",
    " lead-1",
    "lead\u00A01",
    "\uFEFFlead-1",
    "lead\u200B-1",
    "lead\u00AD-1",
    "lead\u200E-1"
  ]

  it.effect.each(INVISIBLE)("by a character that is not seen is refused when new (%j)", (reference) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const { calls, twin } = yield* openInProcess()
      const error = yield* Effect.flip(calls.place({ ...order, reference }))
      expect(error).toMatchObject({ reason: { _tag: "InvalidRequest", field: "reference" } })
      expect(twin.requests).toEqual([])
    })
  )

  it.effect.each(INVISIBLE)("and is stored already is answered, found and given up as it is (%j)", (reference) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const { calls, journal, twin } = yield* openInProcess()
      yield* calls.place({ ...order, reference: "pattern" })
      const { numberDigest, provider } = Option.getOrThrow(yield* journal.find(keyOf("pattern")))
      yield* journal.reserve({ ...keyOf(reference), provider, token: "old", numberDigest, at: at(START - 3_600_000) })
      expect(yield* calls.place({ ...order, reference })).toMatchObject({ state: "uncertain", reference })
      expect(yield* calls.reconcile(reference)).toMatchObject({ state: "uncertain", reference })
      expect(yield* calls.release(reference)).toBe(true)
      expect(twin.orders).toHaveLength(1)
    })
  )

  it.effect("is the same in composed and in decomposed letters", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const { calls, twin } = yield* openInProcess()
      const [composed, decomposed] = ["Zo\u00EB", "Zoe\u0308"]
      const [first, second] = yield* Effect.all(
        [calls.place({ ...order, reference: decomposed }), calls.place({ ...order, reference: composed })],
        { concurrency: "unbounded" }
      )
      expect([first, second]).toMatchObject([
        { state: "accepted", reference: composed },
        { state: "accepted", reference: composed }
      ])
      expect(yield* calls.reconcile(decomposed)).toMatchObject({ state: "accepted", reference: composed })
      expect(twin.orders.map(({ reference }) => reference)).toEqual([composed])
    })
  )

  it.effect("keeps the form in which it was stored, and is found in both", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const { calls, journal, twin } = yield* openInProcess()
      yield* calls.place({ ...order, reference: "pattern" })
      const { numberDigest, provider } = Option.getOrThrow(yield* journal.find(keyOf("pattern")))
      const stored = "Zoe\u0308"
      yield* journal.reserve({ ...keyOf(stored), provider, token: "old", numberDigest, at: at(START - 3_600_000) })
      for (const reference of [stored, stored.normalize("NFC")]) {
        expect(yield* calls.place({ ...order, reference })).toMatchObject({ state: "uncertain", reference: stored })
      }
      expect(twin.orders).toHaveLength(1)
    })
  )
})
