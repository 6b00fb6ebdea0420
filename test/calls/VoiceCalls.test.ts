/** The service over the twins of Revox and RevRing: what placing, canceling and reconciling come to, and what they ask for. */
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Revox from "../../adapters/revox/index.ts"
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { makeRevRingTwin } from "../../adapters/revring/Twin.ts"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { makeVoiceCalls, VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { instantAt } from "../../src/domain/Instant.ts"
import type { PlaceCallInput } from "../../src/domain/PlaceCall.ts"
import { InvalidRequest, ProviderUnavailable } from "../../src/provider/CallError.ts"
import { makeInMemoryProvider, type Twin, twinHttpClient } from "../../src/testing/index.ts"
import { inTime, numberOf, START } from "../../src/testing/liveSite.ts"
import { keyOf } from "./placementKeys.ts"

const KEY = "key-of-the-service"
const AT = { revox: "http://127.0.0.1:4011", revring: "http://127.0.0.1:4012" }
const apiKey = Redacted.make(KEY)

const HUMAN = "00"
const QUEUED_FOREVER = "62"

type Name = "revox" | "revring"

const order = (provider: Name, reference: string, digits = HUMAN): PlaceCallInput => ({
  provider,
  to: numberOf(digits),
  from: "+12025550177",
  agent: { id: "agent-1" },
  reference
})

/** The service over the twins of both, and what it can be asked about afterwards. */
const openOver = Effect.fnUntraced(function* ({ revox, revring }: { readonly [name in Name]: Twin }) {
  const client = twinHttpClient([
    { twin: revox, baseUrl: AT.revox },
    { twin: revring, baseUrl: AT.revring }
  ])
  const context = yield* Layer.build(
    VoiceCalls.layer([
      Revox.make({ apiKey, baseUrl: AT.revox }),
      RevRing.make({ apiKey, baseUrl: AT.revring, pageSize: 100 })
    ]).pipe(
      Layer.provideMerge(Layer.fresh(layerMemoryJournal)),
      Layer.provide(Layer.succeed(HttpClient.HttpClient)(client))
    )
  )
  return {
    calls: Context.get(context, VoiceCalls),
    journal: Context.get(context, PlacementJournal),
    twins: { revox, revring }
  }
})

const open = Effect.andThen(
  TestClock.setTime(START),
  Effect.suspend(() =>
    openOver({
      revox: makeRevoxTwin({ apiKey: KEY, listItems: "orders" }),
      revring: makeRevRingTwin({ apiKey: KEY })
    })
  )
)

/** Lets what is not in the hands of Effect go on: web streams. */
const turn = Effect.promise(() => new Promise<void>((resolve) => setTimeout(resolve, 0)))

const posts = ({ requests }: Twin): number => requests.filter(({ operation }) => operation === "place").length

const asked = ({ requests }: Twin): ReadonlyArray<string> => requests.map(({ operation }) => operation ?? "nothing")

const both: ReadonlyArray<Name> = ["revox", "revring"]

describe.each(both)("at %s", (name) => {
  describe("placing", () => {
    it.effect("gives the order as the provider took it", () =>
      Effect.gen(function* () {
        const { calls, twins } = yield* open
        const placed = yield* inTime(calls.place(order(name, "lead-1")))
        const [taken] = twins[name].orders
        expect(placed).toMatchObject({
          state: "accepted",
          reference: "lead-1",
          already: false,
          call: { provider: name, id: taken?.id },
          order: { kind: "call_order", id: taken?.id, reference: "lead-1", to: numberOf(HUMAN) }
        })
      })
    )

    it.effect("of a known reference sends nothing and reads the order", () =>
      Effect.gen(function* () {
        const { calls, twins } = yield* open
        yield* inTime(calls.place(order(name, "lead-1")))
        yield* TestClock.adjust("1 hour")
        const again = yield* inTime(calls.place(order(name, "lead-1")))
        expect(again).toMatchObject({ state: "accepted", already: true, order: { status: "completed" } })
        expect(asked(twins[name])).toEqual(["place", "get"])
      })
    )

    it.effect("of a known reference says so even if the order cannot be read", () =>
      Effect.gen(function* () {
        const { calls, twins } = yield* open
        const first = yield* inTime(calls.place(order(name, "lead-1")))
        twins[name].setFaults("get:500")
        const again = yield* inTime(calls.place(order(name, "lead-1")))
        expect(again).toMatchObject({ state: "accepted", already: true, reference: "lead-1" })
        expect(again).not.toHaveProperty("order")
        expect(first).toMatchObject({ call: again.state === "accepted" ? again.call : {} })
        expect(posts(twins[name])).toBe(1)
      })
    )

    it.effect("of a known reference to another number is a mistake that is told", () =>
      Effect.gen(function* () {
        const { calls, twins } = yield* open
        yield* inTime(calls.place(order(name, "lead-1")))
        const error = yield* inTime(Effect.flip(calls.place(order(name, "lead-1", "01"))))
        expect(error).toMatchObject({ operation: "place", reason: { _tag: "ReferenceHeld", by: "number" } })
        expect(posts(twins[name])).toBe(1)
      })
    )

    it.effect("of a reference that is just being placed waits for it", () =>
      Effect.gen(function* () {
        const { calls, twins } = yield* open
        twins[name].setFaults("place:delay=20")
        const both = yield* inTime(
          Effect.all([calls.place(order(name, "lead-1")), calls.place(order(name, "lead-1"))], {
            concurrency: "unbounded"
          })
        )
        expect(both.map((placed) => placed.state === "accepted" && placed.already)).toEqual([false, true])
        expect(posts(twins[name])).toBe(1)
      })
    )

    it.effect("that is refused leaves the reference free", () =>
      Effect.gen(function* () {
        const { calls, twins } = yield* open
        const error = yield* inTime(Effect.flip(calls.place(order(name, "lead-1", "80"))))
        expect(error).toMatchObject({ reason: { _tag: "InvalidRequest", status: 422 } })
        expect(yield* inTime(calls.place(order(name, "lead-1")))).toMatchObject({ state: "accepted", already: false })
        expect(twins[name].orders).toHaveLength(1)
      })
    )

    it.effect("that may have been taken is uncertain, and stays so", () =>
      Effect.gen(function* () {
        const { calls, twins } = yield* open
        twins[name].setFaults("place:drop")
        const expected = {
          state: "uncertain",
          reference: "lead-1",
          provider: name,
          because: "NetworkError",
          since: instantAt(START)
        }
        expect(yield* inTime(calls.place(order(name, "lead-1")))).toEqual(expected)
        twins[name].setFaults("")
        expect(yield* inTime(calls.place(order(name, "lead-1")))).toEqual(expected)
        expect(posts(twins[name])).toBe(1)
      })
    )
  })

  describe("canceling", () => {
    it.effect("is done where the call goes on, and written down", () =>
      Effect.gen(function* () {
        const { calls, journal } = yield* open
        const placed = yield* inTime(calls.place(order(name, "lead-1", QUEUED_FOREVER)))
        if (placed.state !== "accepted") throw new Error(placed.state)
        expect(yield* inTime(calls.cancel(placed.call))).toMatchObject({
          outcome: "canceled",
          call: placed.call,
          order: { status: "canceled", terminal: true }
        })
        expect(Option.getOrThrow(yield* journal.find(keyOf("lead-1")))).toMatchObject({
          state: "ended",
          status: "canceled"
        })
      })
    )

    it.effect("is noticed at once by whoever waits for the call", () =>
      Effect.gen(function* () {
        const { calls } = yield* open
        const placed = yield* inTime(calls.place(order(name, "lead-1", QUEUED_FOREVER)))
        if (placed.state !== "accepted") throw new Error(placed.state)
        const waiting = yield* Effect.forkChild(calls.awaitEnd(placed.call, { deadline: "1 hour" }))
        // The looks are 15 seconds apart by now.
        yield* inTime(Effect.sleep("100 seconds"))
        const canceling = yield* Effect.forkChild(calls.cancel(placed.call))
        // No time passes.
        for (let turns = 0; turns < 500 && waiting.pollUnsafe() === undefined; turns++) yield* turn
        expect([canceling.pollUnsafe(), waiting.pollUnsafe()]).toEqual([expect.anything(), expect.anything()])
        expect(yield* Fiber.join(waiting)).toMatchObject({ status: "canceled" })
      })
    )

    it.effect("comes too late for a call that is over, and asks for nothing", () =>
      Effect.gen(function* () {
        const { calls, twins } = yield* open
        const placed = yield* inTime(calls.place(order(name, "lead-1")))
        if (placed.state !== "accepted") throw new Error(placed.state)
        yield* TestClock.adjust("1 hour")
        expect(yield* inTime(calls.cancel(placed.call))).toMatchObject({
          outcome: "already_over",
          order: { status: "completed" }
        })
        expect(asked(twins[name])).toEqual(["place", "get"])
      })
    )

    it.effect("is requested where the provider takes the wish and the call goes on", () =>
      Effect.gen(function* () {
        const { calls, twins, journal } = yield* open
        const placed = yield* inTime(calls.place(order(name, "lead-1", QUEUED_FOREVER)))
        if (placed.state !== "accepted") throw new Error(placed.state)
        twins[name].setFaults("cancel:garble=not_json")
        expect(yield* inTime(calls.cancel(placed.call))).toMatchObject({
          outcome: "requested",
          order: { status: "queued" }
        })
        expect(Option.getOrThrow(yield* journal.find(keyOf("lead-1"))).state).toBe("accepted")
      })
    )

    it.effect("cannot be where the provider refuses", () =>
      Effect.gen(function* () {
        const { calls, twins } = yield* open
        const placed = yield* inTime(calls.place(order(name, "lead-1", QUEUED_FOREVER)))
        if (placed.state !== "accepted") throw new Error(placed.state)
        twins[name].setFaults("cancel:409")
        expect(yield* inTime(calls.cancel(placed.call))).toMatchObject({
          outcome: "cannot",
          order: { terminal: false }
        })
      })
    )

    it.effect("of an unknown call is NotFound", () =>
      Effect.gen(function* () {
        const { calls } = yield* open
        const call = { provider: ProviderId.make(name), id: OrderId.make("no-such-call") }
        const error = yield* inTime(Effect.flip(calls.cancel(call)))
        expect(error.reason._tag).toBe("NotFound")
      })
    )
  })

  describe("reconciling", () => {
    it.effect("reads an order that was accepted, and writes its end down", () =>
      Effect.gen(function* () {
        const { calls, journal, twins } = yield* open
        yield* inTime(calls.place(order(name, "lead-1")))
        yield* TestClock.adjust("1 hour")
        expect(yield* inTime(calls.reconcile("lead-1"))).toMatchObject({
          state: "accepted",
          already: true,
          order: { status: "completed" }
        })
        expect(Option.getOrThrow(yield* journal.find(keyOf("lead-1")))).toMatchObject({
          state: "ended",
          status: "completed"
        })
        expect(yield* inTime(calls.reconcile("lead-1"))).toMatchObject({
          state: "accepted",
          order: { status: "completed" }
        })
        expect(posts(twins[name])).toBe(1)
      })
    )

    it.effect("finds an order whose answer was lost", () =>
      Effect.gen(function* () {
        const { calls, twins } = yield* open
        twins[name].setFaults("place:drop/accepted*1")
        expect(yield* inTime(calls.place(order(name, "lead-1")))).toMatchObject({ state: "uncertain" })
        yield* inTime(calls.place(order(name, "lead-2")))
        const found = yield* inTime(calls.reconcile("lead-1"))
        expect(found).toMatchObject({ state: "accepted", call: { id: twins[name].orders[0]?.id }, already: true })
        expect(yield* inTime(calls.place(order(name, "lead-1")))).toMatchObject({ state: "accepted", already: true })
        expect(posts(twins[name])).toBe(2)
      })
    )

    it.effect("finds an order of which a killed process left only the reservation", () =>
      Effect.gen(function* () {
        const { calls, journal, twins } = yield* open
        yield* inTime(calls.place(order(name, "lead-1")))
        const before = Option.getOrThrow(yield* journal.find(keyOf("lead-1")))
        const next = yield* openOver(twins)
        const { provider, token, numberDigest, reservedAt: at } = before
        yield* next.journal.reserve({ ...keyOf("lead-1"), provider, token, numberDigest, at })
        expect(yield* inTime(next.calls.place(order(name, "lead-1")))).toMatchObject({
          state: "in_flight",
          askAgainAt: instantAt(START + 11 * 60_000)
        })
        expect(yield* inTime(next.calls.reconcile("lead-1"))).toMatchObject({
          state: "accepted",
          call: { id: before.orderId }
        })
        expect(posts(twins[name])).toBe(1)
      })
    )

    it.effect("says how far it has looked where nothing is found", () =>
      Effect.gen(function* () {
        const { calls, twins } = yield* open
        yield* inTime(calls.place(order(name, "lead-2")))
        twins[name].setFaults("place:drop")
        yield* inTime(calls.place(order(name, "lead-1")))
        expect(yield* inTime(calls.reconcile("lead-1"))).toMatchObject({
          state: "uncertain",
          search: { compared: "early", orders: 1 }
        })
        yield* TestClock.adjust("5 minutes")
        expect(yield* inTime(calls.reconcile("lead-1"))).toMatchObject({
          state: "uncertain",
          search: { compared: "whole", orders: 1 }
        })
      })
    )

    it.effect("of an unknown reference says that it is free, and asks nobody", () =>
      Effect.gen(function* () {
        const { calls, twins } = yield* open
        expect(yield* calls.reconcile("never-placed")).toEqual({ state: "free", reference: "never-placed" })
        expect(twins[name].requests).toEqual([])
      })
    )
  })

  describe("release", () => {
    it.effect("gives an uncertain reference free, and no other", () =>
      Effect.gen(function* () {
        const { calls, twins } = yield* open
        twins[name].setFaults("place:drop*1")
        yield* inTime(calls.place(order(name, "lead-1")))
        yield* inTime(calls.place(order(name, "lead-2")))
        expect(yield* calls.release("lead-1")).toBe(true)
        expect(yield* calls.release("lead-1")).toBe(false)
        expect(yield* calls.release("lead-2")).toBe(false)
        expect(yield* calls.release("never-placed")).toBe(false)
        expect(yield* inTime(calls.place(order(name, "lead-1")))).toMatchObject({ state: "accepted", already: false })
        expect(posts(twins[name])).toBe(3)
      })
    )
  })

  it.effect("the key is checked", () =>
    Effect.gen(function* () {
      const { calls, twins } = yield* open
      expect(yield* inTime(calls.check(name))).toEqual({ providerTime: instantAt(START) })
      expect(asked(twins[name])).toEqual(["check"])
    })
  )

  it.effect("an end that somebody waited for is written down", () =>
    Effect.gen(function* () {
      const { calls, journal } = yield* open
      const placed = yield* inTime(calls.place(order(name, "lead-1", "20")))
      if (placed.state !== "accepted") throw new Error(placed.state)
      const end = yield* inTime(calls.awaitEnd(placed.call, { deadline: "1 day" }))
      expect(end.terminal).toBe(true)
      expect(Option.getOrThrow(yield* journal.find(keyOf("lead-1")))).toMatchObject({
        state: "ended",
        status: end.status
      })
    })
  )
})

describe("stale placements", () => {
  it.effect("are read in batches where their orders are known", () =>
    Effect.gen(function* () {
      const { calls, twins } = yield* open
      yield* inTime(
        Effect.forEach(Array.from({ length: 250 }).keys(), (index) => calls.place(order("revring", `lead-${index}`)), {
          concurrency: 10
        })
      )
      yield* TestClock.adjust("1 hour")
      const before = twins.revring.requests.length
      const found = yield* inTime(calls.reconcileStale({ olderThan: "30 minutes" }))
      expect(found).toHaveLength(250)
      expect(found.every((placed) => placed.state === "accepted" && placed.order?.terminal === true)).toBe(true)
      expect(asked(twins.revring).slice(before)).toEqual(["batch", "batch", "batch"])
      expect(yield* inTime(calls.reconcileStale({ olderThan: "0 seconds" }))).toEqual([])
    })
  )

  it.effect("are searched for together where they are not", () =>
    Effect.gen(function* () {
      const { calls, twins } = yield* open
      twins.revring.setFaults("place:500/accepted")
      for (let count = 0; count < 5; count++) yield* inTime(calls.place(order("revring", `lead-${count}`)))
      twins.revring.setFaults("")
      yield* TestClock.adjust("1 hour")
      const before = twins.revring.requests.length
      const found = yield* inTime(calls.reconcileStale({ olderThan: "30 minutes" }))
      expect(found.map(({ state }) => state)).toEqual(Array(5).fill("accepted"))
      expect(asked(twins.revring).slice(before)).toEqual(["list"])
    })
  )

  it.effect("are those of long ago, at both providers, and no more than asked for", () =>
    Effect.gen(function* () {
      const { calls } = yield* open
      yield* inTime(calls.place(order("revox", "old-1")))
      yield* inTime(calls.place(order("revring", "old-2")))
      yield* TestClock.adjust("1 hour")
      yield* inTime(calls.place(order("revox", "new-1")))
      const references = (placed: ReadonlyArray<{ readonly reference: string }>) =>
        placed.map(({ reference }) => reference).toSorted()
      const one = yield* inTime(calls.reconcileStale({ olderThan: "30 minutes", limit: 1 }))
      expect(references(one)).toEqual(["old-1"])
      const rest = yield* inTime(calls.reconcileStale({ olderThan: "30 minutes" }))
      expect(references(rest)).toEqual(["old-2"])
    })
  )

  it.effect("of a provider that is not there any more are left", () =>
    Effect.gen(function* () {
      const { calls, journal } = yield* open
      const at = instantAt(START)
      if (at === undefined) throw new Error("no time")
      yield* journal.reserve({
        ...keyOf("elsewhere"),
        provider: ProviderId.make("gone"),
        token: "t",
        numberDigest: "0000",
        at
      })
      yield* TestClock.adjust("1 hour")
      expect(yield* inTime(calls.reconcileStale({ olderThan: "1 minute" }))).toEqual([])
    })
  )
})

describe("the provider", () => {
  it.effect("has to be named where there are two", () =>
    Effect.gen(function* () {
      const { calls, twins } = yield* open
      expect(calls.providers).toEqual(["revox", "revring"])
      const { provider: _, ...unnamed } = order("revox", "lead-1")
      const wrong: PlaceCallInput = { ...order("revox", "lead-1"), provider: "another" }
      for (const each of [unnamed, wrong]) {
        const error = yield* Effect.flip(calls.place(each))
        expect(error).toMatchObject({
          operation: "place",
          reason: { _tag: "InvalidRequest", field: "provider", expected: "revox or revring" }
        })
      }
      const call = { provider: ProviderId.make("another"), id: OrderId.make("1") }
      const failures = [
        yield* Effect.flip(calls.get(call)),
        yield* Effect.flip(calls.cancel(call)),
        yield* Effect.flip(calls.awaitEnd(call, { deadline: "1 minute" })),
        yield* Effect.flip(Stream.runDrain(calls.watch(call, { deadline: "1 minute" }))),
        yield* Effect.flip(Stream.runDrain(calls.list())),
        yield* Effect.flip(calls.check("another"))
      ]
      expect(failures.map(({ operation }) => operation)).toEqual([
        "get",
        "cancel",
        "awaitEnd",
        "watch",
        "list",
        "check"
      ])
      for (const { reason } of failures) expect(reason).toMatchObject({ _tag: "InvalidRequest", field: "provider" })
      expect([...twins.revox.requests, ...twins.revring.requests]).toEqual([])
    })
  )

  it.effect("may be left out where there is one", () =>
    Effect.gen(function* () {
      const memory = makeInMemoryProvider()
      const calls = yield* makeVoiceCalls([memory]).pipe(Effect.provide(layerMemoryJournal))
      const { provider: _, ...unnamed } = order("revox", "lead-1")
      expect(yield* calls.place(unnamed)).toMatchObject({ state: "accepted", call: { provider: "memory" } })
      expect(yield* Stream.runCollect(calls.list())).toHaveLength(1)
    })
  )

  it.effect("cannot be missing, nor there twice", () =>
    Effect.gen(function* () {
      for (const providers of [[], [makeInMemoryProvider(), makeInMemoryProvider()]]) {
        const exit = yield* Effect.exit(makeVoiceCalls(providers).pipe(Effect.provide(layerMemoryJournal)))
        expect(Exit.isFailure(exit)).toBe(true)
      }
    })
  )

  it.effect("of one order does not place the reference of another's", () =>
    Effect.gen(function* () {
      const { calls, twins } = yield* open
      yield* inTime(calls.place(order("revox", "lead-1")))
      const again = yield* inTime(calls.place(order("revring", "lead-1")))
      expect(again).toMatchObject({ state: "accepted", already: true, call: { provider: "revox" } })
      expect(posts(twins.revring)).toBe(0)
    })
  )
})

describe("a dry run", () => {
  const withTool: PlaceCallInput = {
    ...order("revox", "lead-1"),
    agent: { inline: { prompt: "Be brief." } },
    providerOptions: {
      revox: {
        assistant: {
          custom_tools: [
            {
              name: "book",
              description: "Books a visit",
              url: "https://tools.example.invalid/book",
              method: "POST",
              headers: [{ key: "Authorization", value: "Bearer secret-of-the-tool" }]
            }
          ]
        }
      }
    }
  }

  it.effect("shows the request without its secrets, and sends and reserves nothing", () =>
    Effect.gen(function* () {
      const { calls, journal, twins } = yield* open
      const shown = yield* calls.dryRun(withTool)
      expect(shown).toMatchObject({
        provider: "revox",
        method: "POST",
        url: `${AT.revox}/call`,
        body: {
          phone_number: numberOf(HUMAN),
          metadata: { reference: "lead-1" },
          assistant: {
            prompt: "Be brief.",
            custom_tools: [{ name: "book", url: "https://tools.example.invalid/book" }]
          }
        }
      })
      expect(JSON.stringify(shown)).not.toContain("secret-of-the-tool")
      expect(JSON.stringify(shown)).not.toContain(KEY)
      expect(twins.revox.requests).toEqual([])
      expect(Option.isNone(yield* journal.find(keyOf("lead-1")))).toBe(true)
    })
  )

  it.effect("hides nothing of what is sent from the provider", () =>
    Effect.gen(function* () {
      const { calls, twins } = yield* open
      yield* inTime(calls.place(withTool))
      expect(twins.revox.requests[0]?.body).toContain("secret-of-the-tool")
    })
  )

  it.effect("finds what placing would find", () =>
    Effect.gen(function* () {
      const { calls } = yield* open
      const error = yield* Effect.flip(calls.dryRun({ ...order("revring", "lead-1"), metadata: { a: "b" } }))
      expect(error).toMatchObject({ operation: "place", reason: { _tag: "Unsupported", field: "metadata" } })
    })
  )
})

describe("with a provider in memory", () => {
  it.effect("a placement that fails uncertainly is found by its reference", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const memory = makeInMemoryProvider()
      const calls = yield* makeVoiceCalls([memory]).pipe(Effect.provide(layerMemoryJournal))
      memory.setFailure("place", { reason: new ProviderUnavailable({}), accepted: true, times: 1 })
      const { provider: _, ...unnamed } = order("revox", "lead-1")
      expect(yield* calls.place(unnamed)).toMatchObject({ state: "uncertain", because: "ProviderUnavailable" })
      expect(yield* calls.reconcile("lead-1")).toMatchObject({ state: "accepted", call: { id: memory.placed[0]?.id } })
    })
  )

  it.effect("interrupting whoever waits for a placement does not lose it", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const memory = makeInMemoryProvider()
      const slow = {
        ...memory,
        place: (request: Parameters<typeof memory.place>[0]) => Effect.delay(memory.place(request), "5 seconds")
      }
      const calls = yield* makeVoiceCalls([slow]).pipe(Effect.provide(layerMemoryJournal))
      const { provider: _, ...unnamed } = order("revox", "lead-1")
      const asking = yield* Effect.forkChild(calls.place(unnamed))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(asking)
      yield* TestClock.adjust("10 seconds")
      expect(yield* calls.place(unnamed)).toMatchObject({ state: "accepted", already: true })
      expect(memory.placed).toHaveLength(1)
    })
  )

  it.effect("a refusal leaves the reference free", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const memory = makeInMemoryProvider({
        failures: { place: { reason: new InvalidRequest({ status: 422 }), times: 1 } }
      })
      const calls = yield* makeVoiceCalls([memory]).pipe(Effect.provide(layerMemoryJournal))
      const { provider: _, ...unnamed } = order("revox", "lead-1")
      expect(yield* Effect.flip(calls.place(unnamed))).toMatchObject({ reason: { _tag: "InvalidRequest" } })
      expect(yield* calls.place(unnamed)).toMatchObject({ state: "accepted", already: false })
    })
  )
})
