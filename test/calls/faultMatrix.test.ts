/**
 * Placing, with everything going wrong that can: nobody is rung twice, and no accepted call is taken for a failed one.
 * Each fault meets one POST over real sockets; time is the test's own. Nothing personal is let out on the way either.
 */
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import type { Placed } from "../../src/calls/Placed.ts"
import { type PlacingFault, placingFaults } from "./faults.ts"
import {
  openService,
  openSite,
  orderFor,
  SECRETS,
  type Site,
  START,
  type Subject,
  subjects,
  type Transport,
  transports,
  trusting
} from "./faultySite.ts"
import { leaksIn, makeWitness } from "./witness.ts"
import { keyOf } from "./placementKeys.ts"

const REFERENCE = "Ada-Zanzibar-reference"

const trust = Scope.makeUnsafe()
beforeAll(() => Effect.runPromise(Scope.provide(trusting, trust)))
afterAll(() => Effect.runPromise(Scope.close(trust, Exit.void)))

const ordersOf = ({ twin }: Site) => twin.orders.filter(({ reference }) => reference === REFERENCE)

const ran: Array<string> = []

interface Case {
  readonly subject: Subject
  readonly transport: Transport
  readonly fault: PlacingFault
  readonly accepted: boolean
}

const cases: ReadonlyArray<Case> = subjects.flatMap((subject) =>
  transports
    .filter(({ name }) => subject.over?.includes(name) ?? true)
    .flatMap((transport) =>
      placingFaults.flatMap((fault) => fault.accepted.map((accepted) => ({ subject, transport, fault, accepted })))
    )
)

const nameOf = ({ subject, transport, fault, accepted }: Case): string =>
  `${subject.id}, ${transport.name}: ${fault.name}${accepted ? ", accepted" : ""}`

const runCase = Effect.fnUntraced(function* ({ subject, transport, fault, accepted }: Case) {
  yield* TestClock.setTime(START)
  const site = yield* openSite(subject, fault, accepted)
  const witness = yield* makeWitness
  const { calls, journal } = yield* witness.attend(openService({ at: [[subject, site.baseUrl]], transport }))
  const order = orderFor(subject.id, REFERENCE)
  const place = Effect.result(witness.attend(calls.place(order)))
  const written = Effect.map(journal.find(keyOf(REFERENCE)), Option.getOrUndefined)
  const outcomeOf = (result: Effect.Success<typeof place>): Placed =>
    Result.getOrThrowWith(result, (error) => new Error(`placing failed: ${error.message}`))

  if (fault.readsFirst === true) yield* Effect.ignore(calls.list({ provider: subject.id }).pipe(Stream.runDrain))

  const placing = yield* Effect.forkChild(place)
  if (fault.silent === true) {
    yield* Effect.promise(() => site.met)
    yield* TestClock.adjust("61 seconds")
  }
  const first = yield* Fiber.join(placing)
  const sent = site.posts()
  expect(sent).toBeLessThanOrEqual(1)
  expect(site.reused()).toBe(fault.readsFirst === true && transport.reuses)
  expect(ordersOf(site)).toHaveLength(accepted ? 1 : 0)

  const demands = fault.demandsOf?.[transport.name] ?? fault.demands
  if (demands === "free") {
    const again = fault.passes ?? true
    for (const failed of again ? [first] : [first, yield* place]) {
      const error = Option.getOrThrow(Result.getFailure(failed))
      expect(error).toMatchObject({ _tag: "CallError", operation: "place" })
      expect(error).toMatchObject({ reason: { _tag: fault.reason ?? expect.anything() } })
      expect(error).not.toMatchObject({ reason: { _tag: "PlacementUncertain" } })
      expect(yield* written).toBeUndefined()
    }
    expect(leaksIn(yield* witness.sayings, SECRETS)).toEqual([])
    if (!again) {
      expect(site.posts()).toBe(0)
      return
    }
    yield* site.repair
    expect(outcomeOf(yield* place)).toMatchObject({ state: "accepted", already: false })
    expect(site.posts()).toBe(sent + 1)
    expect(ordersOf(site)).toHaveLength(1)
    return
  }

  expect(leaksIn(yield* witness.sayings, SECRETS)).toEqual([])
  if (demands === "accepted") {
    expect(outcomeOf(first)).toMatchObject({ state: "accepted", already: false, order: { reference: REFERENCE } })
    expect(yield* written).toMatchObject({ state: "accepted", orderId: ordersOf(site)[0]?.id })
    expect(outcomeOf(yield* place)).toMatchObject({ state: "accepted", already: true })
    expect(site.posts()).toBe(1)
    return
  }

  const because = fault.reason ?? expect.stringMatching(/^(NetworkError|UnreadableResponse|TimedOut)$/)
  expect(outcomeOf(first)).toMatchObject({ state: "uncertain", reference: REFERENCE, because })
  expect(yield* written).toMatchObject({ state: "uncertain", because })
  expect(outcomeOf(yield* place)).toMatchObject({ state: "uncertain", because })
  const found = yield* witness.attend(calls.reconcile(REFERENCE))
  expect(site.posts()).toBe(sent)
  if (accepted) {
    const id = ordersOf(site)[0]?.id
    expect(found).toMatchObject({ state: "accepted", already: true, call: { provider: subject.id, id } })
    expect(yield* written).toMatchObject({ state: "accepted", orderId: id })
    expect(outcomeOf(yield* place)).toMatchObject({ state: "accepted", already: true, call: { id } })
    expect(yield* calls.release(REFERENCE)).toBe(false)
    expect(site.posts()).toBe(sent)
  } else {
    // This server does not tell its time, so that nobody knows how the clocks stand.
    expect(found).toMatchObject({ state: "uncertain", because, search: { compared: "part", orders: 1 } })
    expect(yield* written).toMatchObject({ state: "uncertain" })
    expect(yield* calls.release(REFERENCE)).toBe(true)
    expect(yield* written).toBeUndefined()
    expect(outcomeOf(yield* place)).toMatchObject({ state: "accepted", already: false })
    expect(site.posts()).toBe(sent + 1)
  }
  expect(ordersOf(site)).toHaveLength(1)
  expect(site.elsewhere()).toBe(0)
  expect(leaksIn(yield* witness.sayings, SECRETS)).toEqual([])
})

describe("a fault in placing", () => {
  for (const each of cases) {
    const name = nameOf(each)
    it.effect(name, () =>
      Effect.tap(runCase(each), () =>
        Effect.sync(() => {
          ran.push(name)
        })
      )
    )
  }

  it("is one of many, and each was tried", () => {
    const names = placingFaults.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThanOrEqual(18)
    expect(placingFaults.filter(({ accepted }) => accepted.includes(true)).length).toBeGreaterThanOrEqual(18)
    expect(ran.toSorted()).toEqual(cases.map(nameOf).toSorted())
    expect(ran.length).toBeGreaterThanOrEqual(8 * names.length)
  })
})
