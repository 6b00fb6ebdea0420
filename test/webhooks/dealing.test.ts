/** Dealing with what the inbox holds: nothing that goes wrong with one call keeps another from being read, and none is given up early. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import type { Heard } from "../../src/calls/heard.ts"
import { JournalError } from "../../src/calls/PlacementJournal.ts"
import type { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import {
  CallError,
  type CallErrorReason,
  InvalidRequest,
  NotFound,
  ProviderUnavailable,
  Unauthorized
} from "../../src/provider/CallError.ts"
import { keyOf } from "../calls/placementKeys.ts"
import { AT, lostOrder, messageOf, opened, order, pass, placedOrder, type Site } from "./webhookSite.ts"

type Calls = VoiceCalls["Service"]
type Answer = Effect.Effect<Heard, CallError | JournalError>

const failing = (reason: CallErrorReason): Answer => Effect.fail(new CallError({ operation: "get", reason }))
const unavailable = failing(new ProviderUnavailable({}))
const notFound = failing(new NotFound({}))

/** Calls whose reading comes to what a test says, the others as they are. */
const hearing =
  (answers: (id: string, count: number) => Answer | undefined, more: Partial<Calls> = {}) =>
  (made: Calls): Calls => {
    const counts = new Map<string, number>()
    return {
      ...made,
      heard: (call) => {
        const count = (counts.get(call.id) ?? 0) + 1
        counts.set(call.id, count)
        return answers(call.id, count) ?? made.heard(call)
      },
      ...more
    }
  }

const known: Partial<Calls> = { isKnown: () => Effect.succeed(true) }
const unlimited = { trust: { revox: { trust: "trusted" } } } as const

/** What is logged meanwhile. */
const logged = <A, E, R>(run: (said: ReadonlyArray<string>) => Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const said: Array<string> = []
    return run(said).pipe(Effect.provide(Logger.layer([Logger.make(({ message }) => void said.push(String(message)))])))
  })

const stateOf = (site: Site, id: string) => Effect.map(site.waiting, (all) => all.find(({ orderId }) => orderId === id))

describe("a call whose reading breaks", () => {
  const broken = () =>
    hearing((id) => (id === "broken" ? Effect.die(new TypeError("+12025550101 is not a function")) : undefined), known)

  it.effect("keeps no other from being read, is tried again and then parked; the log says what, and no content", () =>
    logged((said) =>
      Effect.gen(function* () {
        const site = yield* opened({ options: { tryFor: "2 hours" }, calls: broken() })
        const id = yield* lostOrder(site)
        yield* site.statusOf({ body: messageOf("broken") })
        yield* site.statusOf({ body: messageOf(id) })
        yield* pass(10)
        expect(Option.getOrThrow(yield* site.journal.find(keyOf("lead-1"))).orderId).toBe(id)
        expect(yield* stateOf(site, "broken")).toMatchObject({ state: "waiting", problem: "Defect" })
        expect(said.join("\n")).toContain("TypeError")
        expect(said.join("\n")).not.toContain("2025550101")
        yield* TestClock.adjust("3 hours")
        expect(yield* stateOf(site, "broken")).toMatchObject({ state: "parked", problem: "Defect" })
      })
    )
  )

  it.effect("so does one whose result cannot be written down: it is claimed again later", () =>
    logged((said) =>
      Effect.gen(function* () {
        let refusals = 1
        const site = yield* opened({
          inbox: (made) => ({
            ...made,
            settle: (claim, outcome) =>
              claim.orderId === "first" && refusals-- > 0
                ? Effect.fail(new JournalError({ operation: "inbox", problem: "SQLITE_FULL" }))
                : made.settle(claim, outcome)
          }),
          calls: hearing(() => notFound)
        })
        for (const id of ["first", "second"]) yield* site.statusOf({ body: messageOf(id) })
        yield* pass(4)
        expect(yield* stateOf(site, "second")).toMatchObject({ state: "waiting", problem: "NotFound" })
        expect(said.join("\n")).toContain("SQLITE_FULL")
        yield* pass(400)
        expect(yield* stateOf(site, "first")).toMatchObject({ problem: "NotFound" })
      })
    )
  )

  it.effect("the loop goes on where the inbox could not be read", () =>
    Effect.gen(function* () {
      let failures = 3
      const site = yield* opened({
        inbox: (made) => ({
          ...made,
          claim: (filter) => {
            if (failures-- <= 0) return made.claim(filter)
            return failures === 1
              ? Effect.die(new Error("gone"))
              : Effect.fail(new JournalError({ operation: "inbox", problem: "SQLITE_BUSY" }))
          }
        })
      })
      const id = yield* lostOrder(site)
      yield* site.statusOf({ body: messageOf(id) })
      yield* pass(60)
      expect(yield* stateOf(site, id)).toMatchObject({ state: "done" })
    })
  )
})

it.effect("an order that is being placed just now is asked for again in half a minute, and that is no try", () =>
  Effect.gen(function* () {
    let state: Heard["state"] = "in_flight"
    const site = yield* opened({
      calls: (made) => ({
        ...made,
        heard: (call) => Effect.map(made.heard(call), (heard) => ({ ...heard, state }))
      })
    })
    const id = yield* lostOrder(site)
    yield* site.statusOf({ body: messageOf(id) })
    yield* pass(25)
    expect(yield* stateOf(site, id)).toMatchObject({ state: "waiting", problem: "InFlight", tries: 0 })
    state = "settled"
    yield* pass(15)
    expect(yield* stateOf(site, id)).toMatchObject({ state: "done", tries: 1 })
  })
)

describe("a call that is not found", () => {
  it.effect("and that nobody placed here is looked for about ten minutes, whatever else had failed before", () =>
    Effect.gen(function* () {
      const site = yield* opened({ calls: hearing((_, count) => (count <= 5 ? unavailable : notFound)) })
      yield* site.statusOf({ body: messageOf("forged") })
      yield* pass(180, 200)
      expect(yield* stateOf(site, "forged")).toMatchObject({ state: "waiting", problem: "NotFound" })
      yield* pass(7200, 400)
      expect(yield* stateOf(site, "forged")).toMatchObject({ state: "done", problem: "NotFound" })
      const fresh = yield* opened({ calls: hearing(() => notFound) })
      yield* fresh.statusOf({ body: messageOf("forged") })
      yield* pass(400, 400)
      expect(yield* stateOf(fresh, "forged")).toMatchObject({ state: "waiting" })
      yield* pass(500, 400)
      expect(yield* stateOf(fresh, "forged")).toMatchObject({ state: "done" })
    })
  )

  it.effect("and that was placed here is looked for as long as anything else", () =>
    Effect.gen(function* () {
      const site = yield* opened({ options: { tryFor: "2 hours" }, calls: hearing(() => notFound, known) })
      yield* site.statusOf({ body: messageOf("placed") })
      yield* TestClock.adjust("110 minutes")
      expect(yield* stateOf(site, "placed")).toMatchObject({ state: "waiting", problem: "NotFound" })
      yield* TestClock.adjust("30 minutes")
      expect(yield* stateOf(site, "placed")).toMatchObject({ state: "parked", problem: "NotFound" })
    })
  )

  it.effect("is looked for again where the same message comes once more", () =>
    Effect.gen(function* () {
      const site = yield* opened({ calls: hearing((_, count) => (count <= 40 ? notFound : undefined)) })
      const id = yield* lostOrder(site)
      yield* site.statusOf({ body: messageOf(id) })
      yield* pass(3600, 400)
      expect(yield* stateOf(site, id)).toMatchObject({ state: "done", problem: "NotFound" })
      for (let times = 0; times < 8; times++) {
        yield* site.statusOf({ body: messageOf(id) })
        yield* pass(3600, 400)
      }
      const entry = yield* stateOf(site, id)
      expect(entry).toMatchObject({ state: "done" })
      expect(entry).not.toHaveProperty("problem")
    })
  )
})

describe("a call that nobody is known to have placed here", () => {
  it.effect("is asked for again when its turn comes: it may have become known since", () =>
    Effect.gen(function* () {
      let isKnown = false
      const site = yield* opened({
        options: { unknownPerMinute: 0 },
        calls: hearing(() => undefined, { isKnown: () => Effect.sync(() => isKnown) })
      })
      const id = yield* placedOrder(site)
      yield* site.statusOf({ body: messageOf(id) })
      yield* pass(61)
      expect(yield* stateOf(site, id)).toMatchObject({ state: "waiting", isKnown: false, tries: 0 })
      isKnown = true
      yield* pass(61)
      expect(yield* stateOf(site, id)).toMatchObject({ state: "done", isKnown: true })
    })
  )

  it.effect.each([
    ["done", "is refused by its provider", failing(new InvalidRequest({ status: 400 }))],
    ["waiting", "cannot be read with this key", failing(new Unauthorized({ status: 401 }))],
    ["waiting", "cannot be read just now", unavailable]
  ] as const)("is %s where it %s", ([state, , answer]) =>
    Effect.gen(function* () {
      const site = yield* opened({ calls: hearing(() => answer) })
      yield* site.statusOf({ body: messageOf("forged") })
      yield* pass(5)
      expect(yield* stateOf(site, "forged")).toMatchObject({ state })
      const ours = yield* opened({ calls: hearing(() => answer, known) })
      yield* ours.statusOf({ body: messageOf("placed") })
      yield* pass(5)
      expect(yield* stateOf(ours, "placed")).toMatchObject({ state: "waiting" })
    })
  )

  it.effect("is bounded in number only where nobody is believed", () =>
    Effect.gen(function* () {
      const read: Array<string> = []
      const calls = hearing((id) => Effect.suspend(() => (read.push(id), notFound)))
      const ids = Array.from({ length: 12 }, (_, index) => `id-${index}`)
      const believed = yield* opened({ options: { ...unlimited, unknownPerMinute: 2, mostWaiting: 12 }, calls })
      const statuses = yield* Effect.forEach(ids, (id) => believed.statusOf({ body: messageOf(id) }))
      expect(statuses).toEqual(ids.map(() => 200))
      yield* pass(1)
      expect(new Set(read).size).toBe(12)
    })
  )

  it.effect("takes its part of the allowance by a clock that nobody sets", () =>
    Effect.gen(function* () {
      let reads = 0
      const site = yield* opened({
        options: { unknownPerMinute: 3 },
        calls: hearing(() => Effect.suspend(() => (reads++, notFound)))
      })
      for (let index = 0; index < 30; index++) yield* site.statusOf({ body: messageOf(`forged-${index}`) })
      yield* pass(1)
      expect(reads).toBe(3)
      for (let hours = 1; hours < 5; hours++) {
        site.setWall(hours * 3600)
        yield* pass(6)
      }
      expect(reads).toBe(3)
    })
  )
})

describe("clocks", () => {
  it.effect("set back by a day hold up neither what was claimed nor what is tried again", () =>
    Effect.gen(function* () {
      const site = yield* opened({ calls: hearing((_, count) => (count === 1 ? unavailable : undefined)) })
      const id = yield* lostOrder(site)
      yield* site.statusOf({ body: messageOf(id) })
      yield* pass(1)
      expect(yield* stateOf(site, id)).toMatchObject({ state: "waiting", tries: 1 })
      site.setWall(-86_400)
      yield* pass(20)
      expect(yield* stateOf(site, id)).toMatchObject({ state: "done" })
    })
  )

  it.effect("set forward by days park nothing that has hardly been tried", () =>
    Effect.gen(function* () {
      const site = yield* opened({ calls: hearing(() => unavailable, known) })
      yield* site.statusOf({ body: messageOf("placed") })
      yield* pass(1)
      site.setWall(4 * 86_400)
      yield* pass(60)
      expect(yield* stateOf(site, "placed")).toMatchObject({ state: "waiting" })
      yield* pass(3600, 400)
      expect(yield* stateOf(site, "placed")).toMatchObject({ state: "parked" })
    })
  )
})

describe("a claim that another process takes each time", () => {
  const DAY = 86_400_000
  const later = (at: string, millis: number) => Instant.make(new Date(Date.parse(at) + millis).toISOString())

  /** Calls that take a tenth of a second to be read, and somebody else who takes each from us as if it were tomorrow. */
  const openContested = Effect.fnUntraced(function* () {
    const reads: Array<string> = []
    const site = yield* opened({
      calls: hearing(
        (id) => Effect.suspend(() => (reads.push(id), Effect.andThen(Effect.sleep(100), unavailable))),
        known
      ),
      inbox: (made) => ({
        ...made,
        settle: (claim, outcome) => {
          const now = later(outcome.at, DAY)
          const theirs = {
            tenant: "",
            provider: claim.provider,
            now,
            until: later(now, 1),
            latest: later(now, DAY),
            limit: 99
          }
          return Effect.andThen(made.claim(theirs), made.settle(claim, outcome))
        }
      })
    })
    yield* site.statusOf({ body: messageOf("contested") })
    return { ...site, reads }
  })

  it.effect("is not made again before the next look", () =>
    Effect.gen(function* () {
      const { reads } = yield* openContested()
      yield* pass(60, 600)
      expect(reads.length).toBeGreaterThan(5)
      expect(reads.length).toBeLessThanOrEqual(13)
    })
  )

  it.effect("keeps nobody for ever who deals with what is due", () =>
    Effect.gen(function* () {
      const { webhooks } = yield* openContested()
      const dealing = yield* Effect.forkChild(webhooks.deal)
      yield* pass(60, 600)
      expect(dealing.pollUnsafe()).toEqual(Exit.succeed({ done: 0, unknown: 0, again: 0, parked: 0 }))
    })
  )
})

describe("many calls", () => {
  const slowed = ProviderId.make("vapi")

  it.effect("of a provider that does not answer hold up no other provider's", () =>
    Effect.gen(function* () {
      const site = yield* opened({
        options: { trust: { revox: { trust: "refetch" }, vapi: { trust: "trusted" } } },
        calls: (made) => ({
          ...hearing((id) => (id.startsWith("hangs") ? Effect.never : undefined))(made),
          providers: [...made.providers, slowed],
          isKnown: () => Effect.succeed(true)
        })
      })
      const id = yield* lostOrder(site)
      for (let index = 0; index < 40; index++) {
        const call = { id: `hangs-${index}`, orgId: "o", type: "outboundPhoneCall", assistantId: "a", status: "queued" }
        const body = JSON.stringify({ message: { type: "status-update", status: "queued", call } })
        expect(yield* site.statusOf({ body, url: "https://app.example/webhooks/vapi" })).toBe(200)
      }
      yield* pass(20)
      yield* site.statusOf({ body: messageOf(id) })
      yield* pass(20)
      expect(yield* stateOf(site, id)).toMatchObject({ state: "done" })
      const claimed = (yield* site.waiting).filter(({ state }) => state === "claimed")
      expect(claimed.length).toBeLessThanOrEqual(16)
      // What hangs is given up in time, so that all have their turn.
      yield* pass(900, 400)
      expect((yield* site.waiting).filter(({ problem }) => problem === "TimedOut").length).toBeGreaterThan(16)
    })
  )

  it.effect("that are claimed when the process ends are free at once", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const site = yield* opened({ calls: hearing(() => Effect.never, known) }).pipe(Scope.provide(scope))
      for (let index = 0; index < 20; index++) yield* site.statusOf({ body: messageOf(`placed-${index}`) })
      yield* pass(1)
      expect((yield* site.waiting).filter(({ state }) => state === "claimed")).toHaveLength(16)
      yield* Scope.close(scope, Exit.void)
      expect(yield* site.waiting).toMatchObject(Array.from({ length: 20 }, () => ({ state: "waiting", tries: 0 })))
    })
  )
})

it.effect("one tenant's flood leaves room to another", () =>
  Effect.gen(function* () {
    const options = { mostWaiting: 4, tenant: "one" }
    const idle = (id: string) => hearing(() => Effect.never, { isKnown: () => Effect.succeed(id !== "") })
    const one = yield* opened({ options, calls: idle("known") })
    const statuses = yield* Effect.forEach([1, 2, 3, 4, 5], (id) => one.statusOf({ body: messageOf(`placed-${id}`) }))
    expect(statuses).toEqual([200, 200, 200, 200, 503])
    const two = yield* opened({
      options: { ...options, tenant: "two" },
      inbox: () => one.inbox,
      calls: idle("known")
    })
    expect(yield* two.statusOf({ body: messageOf("placed-1") })).toBe(200)
  })
)

it.effect("messages about a call that waits are one entry", () =>
  Effect.gen(function* () {
    const site = yield* opened({ options: { mostWaiting: 2 }, calls: hearing(() => unavailable, known) })
    for (let index = 0; index < 10; index++)
      expect(yield* site.statusOf({ body: messageOf("placed", { index }), url: AT })).toBe(200)
    yield* pass(30)
    expect(yield* site.waiting).toHaveLength(1)
    expect(order.reference).toBe("lead-1")
  })
)
