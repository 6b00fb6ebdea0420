/** Placing in company: several at once, callers and services that go away, journals that fail. Nobody is rung twice. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Revox from "../../adapters/revox/index.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import { layerMemoryJournal, makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { JournalError, PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { layerSqliteJournal } from "../../src/node/SqliteJournal.ts"
import { type PlacingFault, placingFaults } from "./faults.ts"
import {
  API_KEY,
  openService,
  openSite,
  orderFor,
  revoxWithAttempts,
  SECRETS,
  type Site,
  START,
  type Subject,
  subjects,
  transports
} from "./faultySite.ts"
import { plainAnswer } from "./rawServer.ts"
import { keyOf } from "./placementKeys.ts"

const REFERENCE = "lead-17"

const ordersOf = ({ twin }: Site, reference = REFERENCE) => twin.orders.filter((order) => order.reference === reference)

const faultNamed = (name: string): PlacingFault => {
  const found = placingFaults.find((fault) => fault.name === name)
  if (found === undefined) throw new Error(`no fault is named ${name}`)
  return found
}

/** The ordinary answer, held back until the promise is kept. */
const heldBack = (after: Promise<void>): PlacingFault => ({
  name: "held back",
  demands: "accepted",
  accepted: [true],
  at: "request",
  does: ({ answer: { status, body } }) => ({ after, write: plainAnswer(status, {}, body), leave: "end" })
})

const healthy = heldBack(Promise.resolve())

const freshFile = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "unicall-placing-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  ),
  (folder) => join(folder, "journal.db")
)

const sqlite = (file: string) => Layer.fresh(layerSqliteJournal({ file }))

const providers = subjects.map((subject) => [subject.id, subject] as const)

describe.each(providers)("placing at %s", (id, subject) => {
  const order = orderFor(id, REFERENCE)

  it.effect("one reference from twenty fibers at once sends one request", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const site = yield* openSite(subject, healthy, true)
      const { calls } = yield* openService({ at: [[subject, site.baseUrl]] })
      const placed = yield* Effect.all(
        Array.from({ length: 20 }).map(() => calls.place(order)),
        {
          concurrency: "unbounded"
        }
      )
      expect(placed.map(({ state }) => state)).toEqual(Array.from({ length: 20 }).fill("accepted"))
      expect(placed.filter((each) => each.state === "accepted" && !each.already)).toHaveLength(1)
      expect(site.posts()).toBe(1)
      expect(ordersOf(site)).toHaveLength(1)
    })
  )

  it.effect("one reference from two services on one file sends one request, however it goes", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const { promise, resolve } = Promise.withResolvers<void>()
      const site = yield* openSite(subject, heldBack(promise), true)
      const file = yield* freshFile
      const at = [[subject, site.baseUrl]] as const
      const [one, two] = [
        yield* openService({ at, journal: sqlite(file) }),
        yield* openService({ at, journal: sqlite(file) })
      ]
      const first = yield* Effect.forkChild(one.calls.place(order))
      yield* Effect.promise(() => site.met)
      expect(yield* two.calls.place(order)).toMatchObject({ state: "in_flight" })
      resolve()
      expect(yield* Fiber.join(first)).toMatchObject({ state: "accepted", already: false })
      expect(yield* two.calls.place(order)).toMatchObject({ state: "accepted", already: true })
      expect(site.posts()).toBe(1)
    })
  )

  it.effect("forty references from two services at the same moment send forty requests", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const site = yield* openSite(subject, healthy, true)
      const file = yield* freshFile
      const at = [[subject, site.baseUrl]] as const
      const both = [
        yield* openService({ at, journal: sqlite(file), transport: transports[0]! }),
        yield* openService({ at, journal: sqlite(file), transport: transports[1]! })
      ]
      const references = Array.from({ length: 40 }, (_, index) => `lead-${index}`)
      const placed = yield* Effect.forEach(
        references.flatMap((reference) => both.map(({ calls }) => ({ reference, calls }))),
        ({ reference, calls }) => calls.place(orderFor(id, reference)),
        { concurrency: "unbounded" }
      )
      expect(placed.filter((each) => each.state === "accepted" && !each.already)).toHaveLength(40)
      expect(site.posts()).toBe(40)
      expect(references.map((reference) => ordersOf(site, reference).length)).toEqual(references.map(() => 1))
    })
  )

  it.effect("leaves nothing of the call but its reference in the journal's files", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const site = yield* openSite(subject, healthy, true)
      const file = yield* freshFile
      const { calls } = yield* openService({ at: [[subject, site.baseUrl]], journal: sqlite(file) })
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted" })
      const written = readdirSync(dirname(file)).map((name) => readFileSync(join(dirname(file), name), "latin1"))
      expect(written.some((text) => text.includes(REFERENCE))).toBe(true)
      expect(SECRETS.filter((secret) => written.some((text) => text.includes(secret)))).toEqual([])
    })
  )

  it.effect("goes on when whoever asked for it has gone, and is written down", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const { promise, resolve } = Promise.withResolvers<void>()
      const site = yield* openSite(subject, heldBack(promise), true)
      const { calls, journal } = yield* openService({ at: [[subject, site.baseUrl]] })
      const asking = yield* Effect.forkChild(calls.place(order))
      yield* Effect.promise(() => site.met)
      yield* Fiber.interrupt(asking)
      expect(Option.getOrThrow(yield* journal.find(keyOf(REFERENCE)))).toMatchObject({ state: "reserved" })
      resolve()
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: true })
      expect(Option.getOrThrow(yield* journal.find(keyOf(REFERENCE)))).toMatchObject({ state: "accepted" })
      expect(site.posts()).toBe(1)
      expect(ordersOf(site)).toHaveLength(1)
    })
  )

  it.effect("cannot be given up while it is under way", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const { promise, resolve } = Promise.withResolvers<void>()
      const site = yield* openSite(subject, heldBack(promise), true)
      const { calls } = yield* openService({ at: [[subject, site.baseUrl]] })
      const placing = yield* Effect.forkChild(calls.place(order))
      yield* Effect.promise(() => site.met)
      expect(yield* calls.release(REFERENCE)).toBe(false)
      resolve()
      expect(yield* Fiber.join(placing)).toMatchObject({ state: "accepted", already: false })
      expect(yield* calls.place(order)).toMatchObject({ state: "accepted", already: true })
      expect(site.posts()).toBe(1)
    })
  )

  it.effect("opens a connection of its own with a client that keeps none", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const closing = faultNamed("a kept connection that closes as the order arrives")
      const site = yield* openSite(subject, closing, false)
      const dispatcher = NodeHttpClient.layerDispatcherOptions({ pipelining: 0 })
      const fresh = yield* Layer.build(NodeHttpClient.layerUndiciNoDispatcher.pipe(Layer.provide(dispatcher)))
      const placeClient = Context.get(fresh, HttpClient.HttpClient)
      const own: Subject = { ...subject, make: (baseUrl) => subject.make(baseUrl, { placeClient }) }
      const { calls } = yield* openService({ at: [[own, site.baseUrl]] })
      yield* Stream.runDrain(calls.list({ provider: id }))
      yield* calls.place(order)
      expect(site.posts()).toBe(1)
      expect(site.reused()).toBe(false)
    })
  )

  it.effect.each([true, false])(
    "is uncertain after the service was closed in the middle of it (accepted: %s)",
    (taken) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(START)
        const site = yield* openSite(subject, faultNamed("no answer ever"), taken)
        const file = yield* freshFile
        const at = [[subject, site.baseUrl]] as const
        const scope = yield* Scope.make()
        const before = yield* Scope.provide(openService({ at, journal: sqlite(file) }), scope)
        const asking = yield* Effect.forkChild(before.calls.place(order))
        yield* Effect.promise(() => site.met)
        yield* Scope.close(scope, Exit.void)
        expect(Exit.isFailure(yield* Fiber.await(asking))).toBe(true)

        const { calls, journal } = yield* openService({ at, journal: sqlite(file) })
        expect(Option.getOrThrow(yield* journal.find(keyOf(REFERENCE)))).toMatchObject({ state: "uncertain" })
        expect(yield* calls.place(order)).toMatchObject({ state: "uncertain", because: "Interrupted" })
        expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: taken ? "accepted" : "uncertain" })
        expect(site.posts()).toBe(1)
        expect(ordersOf(site)).toHaveLength(taken ? 1 : 0)
      })
  )

  it.effect("ends without a request where the service is closed, or closes before it has begun", () =>
    Effect.gen(function* () {
      const site = yield* openSite(subject, healthy, true)
      const scope = yield* Scope.make()
      const { calls } = yield* Scope.provide(openService({ at: [[subject, site.baseUrl]] }), scope)
      const asking = yield* Effect.forkChild(calls.place(order), { startImmediately: true })
      yield* Scope.close(scope, Exit.void)
      expect(Exit.isFailure(yield* Fiber.await(asking))).toBe(true)
      expect(Exit.isFailure(yield* Effect.exit(calls.place(order)))).toBe(true)
      expect(site.posts()).toBe(0)
    })
  )

  it.effect("sends nothing where the journal cannot be written", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const site = yield* openSite(subject, healthy, true)
      const inner = yield* makeMemoryJournal
      const full = PlacementJournal.of({
        ...inner,
        reserve: () => Effect.fail(new JournalError({ operation: "reserve", problem: "SQLITE_FULL" }))
      })
      const journal = Layer.succeed(PlacementJournal)(full)
      const { calls } = yield* openService({ at: [[subject, site.baseUrl]], journal })
      expect(yield* Effect.flip(calls.place(order))).toMatchObject({ _tag: "JournalError", problem: "SQLITE_FULL" })
      expect(site.posts()).toBe(0)
    })
  )

  it.effect("returns what was accepted although it cannot be written down; a restart finds it", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const site = yield* openSite(subject, healthy, true)
      const inner = yield* makeMemoryJournal
      const { promise: asked, resolve } = Promise.withResolvers<void>()
      const failing = PlacementJournal.of({
        ...inner,
        settle: () =>
          Effect.suspend(() => {
            resolve()
            return Effect.fail(new JournalError({ operation: "settle", problem: "SQLITE_FULL" }))
          })
      })
      const at = [[subject, site.baseUrl]] as const
      const before = yield* openService({ at, journal: Layer.succeed(PlacementJournal)(failing) })
      const placing = yield* Effect.forkChild(before.calls.place(order))
      yield* Effect.promise(() => asked)
      yield* TestClock.adjust("10 seconds")
      expect(yield* Fiber.join(placing)).toMatchObject({ state: "accepted", already: false })

      const { calls } = yield* openService({ at, journal: Layer.succeed(PlacementJournal)(inner) })
      expect(yield* calls.place(order)).toMatchObject({ state: "in_flight" })
      expect(yield* calls.reconcile(REFERENCE)).toMatchObject({
        state: "accepted",
        call: { id: ordersOf(site)[0]?.id }
      })
      expect(site.posts()).toBe(1)
      expect(ordersOf(site)).toHaveLength(1)
    })
  )

  it.effect("keeps a refused reference taken where it cannot be freed", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const site = yield* openSite(subject, faultNamed("status 422"), false)
      const inner = yield* makeMemoryJournal
      const { promise: asked, resolve } = Promise.withResolvers<void>()
      const failing = PlacementJournal.of({
        ...inner,
        release: () =>
          Effect.suspend(() => {
            resolve()
            return Effect.fail(new JournalError({ operation: "release", problem: "SQLITE_FULL" }))
          })
      })
      const journal = Layer.succeed(PlacementJournal)(failing)
      const { calls } = yield* openService({ at: [[subject, site.baseUrl]], journal })
      const placing = yield* Effect.forkChild(Effect.flip(calls.place(order)))
      yield* Effect.promise(() => asked)
      yield* TestClock.adjust("10 seconds")
      expect(yield* Fiber.join(placing)).toMatchObject({ reason: { _tag: "InvalidRequest", status: 422 } })
      expect(yield* calls.place(order)).toMatchObject({ state: "in_flight" })
      yield* TestClock.adjust("11 minutes")
      expect(yield* calls.place(order)).toMatchObject({ state: "uncertain", because: "NoResult" })
      expect(site.posts()).toBe(1)
    })
  )

  it.effect("refuses a reference that belongs to an order to another number", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const site = yield* openSite(subject, healthy, true)
      const { calls } = yield* openService({ at: [[subject, site.baseUrl]] })
      yield* calls.place(order)
      const error = yield* Effect.flip(calls.place({ ...order, to: "+12025550104" }))
      expect(error).toMatchObject({ _tag: "CallError", reason: { _tag: "ReferenceHeld", by: "number" } })
      expect(site.posts()).toBe(1)
      expect(ordersOf(site)).toHaveLength(1)
    })
  )
})

it.effect("a reference placed at one provider is not placed at another", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(START)
    const [revox, revring] = [subjects[0]!, subjects[1]!]
    const one = yield* openSite(revox, healthy, true)
    const other = yield* openSite(revring, healthy, true)
    const { calls } = yield* openService({
      at: [
        [revox, one.baseUrl],
        [revring, other.baseUrl]
      ]
    })
    const first = yield* calls.place(orderFor("revox", REFERENCE))
    const id = ordersOf(one)[0]?.id
    expect(first).toMatchObject({ state: "accepted", already: false, call: { provider: "revox", id } })
    const second = yield* calls.place(orderFor("revring", REFERENCE))
    expect(second).toMatchObject({ state: "accepted", already: true, call: { provider: "revox", id } })
    expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "accepted", call: { provider: "revox", id } })
    expect([one.posts(), other.posts()]).toEqual([1, 0])
  })
)

describe("a search that proves nothing says so", () => {
  it.effect("where the list tells attempts, which bear no reference", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const site = yield* openSite(revoxWithAttempts, faultNamed("closed after the request"), true)
      const { calls } = yield* openService({ at: [[revoxWithAttempts, site.baseUrl]] })
      expect(yield* calls.place(orderFor("revox", REFERENCE))).toMatchObject({ state: "uncertain" })
      expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "uncertain", search: { compared: "none" } })
      expect(site.posts()).toBe(1)
    })
  )

  it.effect("where the list is empty and may tell attempts: the order may not have been dialled yet", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const unheardOf: Subject = {
        ...revoxWithAttempts,
        twin: () => makeRevoxTwin({ apiKey: API_KEY }),
        stranger: { ...revoxWithAttempts.stranger, body: {} }
      }
      const site = yield* openSite(unheardOf, faultNamed("closed after the request"), true)
      const { calls } = yield* openService({ at: [[unheardOf, site.baseUrl]] })
      expect(yield* calls.place(orderFor("revox", REFERENCE))).toMatchObject({ state: "uncertain" })
      expect(ordersOf(site)).toHaveLength(1)
      expect(yield* calls.reconcile(REFERENCE)).toMatchObject({ state: "uncertain", search: { compared: "none" } })
    })
  )
})

const misconfigured = [
  ["a key with a line break", "key-8c1f\nx-injected: 1", undefined, "apiKey"],
  ["a key with a carriage return at its end", "key-8c1f\r", undefined, "apiKey"],
  ["a key beyond ASCII", "key-8c1f-é", undefined, "apiKey"],
  ["an empty key", "", undefined, "apiKey"],
  ["http to a public name", "key-8c1f", "http://api.example.com", "baseUrl"],
  ["http to a name that begins like a loopback", "key-8c1f", "http://127.0.0.1.example.com", "baseUrl"],
  ["a base URL with user and password", "key-8c1f", "https://user:key-8c1f@api.example.com", "baseUrl"],
  ["a base URL with a query", "key-8c1f", "https://api.example.com?key=key-8c1f", "baseUrl"],
  ["a base URL that is none", "key-8c1f", "api.example.com key-8c1f", "baseUrl"]
] as const

describe.each([
  ["revox", Revox.make],
  ["revring", RevRing.make]
] as const)("configuration of %s", (id, make) => {
  it.effect.each(misconfigured)("%s is refused, nothing is sent and nothing echoed", ([, key, url, field]) =>
    Effect.gen(function* () {
      const site = yield* openSite(
        subjects.find((subject) => subject.id === id)!,
        healthy,
        true
      )
      const error = yield* VoiceCalls.layer([make({ apiKey: Redacted.make(key), baseUrl: url ?? site.baseUrl })]).pipe(
        Layer.provide(layerMemoryJournal),
        Layer.provide(transports[0]!.layer),
        Layer.build,
        Effect.flip
      )
      expect(error).toMatchObject({ provider: id, operation: "configure", reason: { _tag: "InvalidRequest", field } })
      const said = [error.message, String(error), error.stack, JSON.stringify(error), inspect(error, { depth: null })]
      expect(said.filter((text) => text?.includes("key-8c1f"))).toEqual([])
      expect(site.posts()).toBe(0)
    })
  )
})
