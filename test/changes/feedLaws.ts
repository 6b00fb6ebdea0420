/** What every feed of changes keeps to, whatever it is stored in. */
import { expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { CallChange } from "../../src/calls/changes/CallChange.ts"
import type { ChangeFeed } from "../../src/calls/changes/ChangeFeed.ts"
import { recordedOf } from "../../src/calls/changes/feedState.ts"
import type { KnownCall, Seen } from "../../src/calls/changes/KnownCall.ts"
import type { JournalError } from "../../src/calls/PlacementJournal.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { type Arb, oneOf } from "../../src/testing/choice.ts"

type Feed = ChangeFeed["Service"]

export const at = (second: number): Instant => Instant.make(new Date(Date.UTC(2026, 2, 2, 15, 0, second)).toISOString())

/** A placement as it is heard of: of call `name`. */
export const seen = (name: string, changes: Partial<Seen> = {}): Seen => ({
  key: `token ${name}`,
  provider: ProviderId.make("revox"),
  reference: `lead ${name}`,
  state: "accepted",
  orderId: OrderId.make(`order ${name}`),
  ...changes
})

const over = (name: string, changes: Partial<Seen> = {}): Seen =>
  seen(name, { over: true, status: "completed", ...changes })

const complete = (name: string): Seen =>
  seen(name, {
    reading: {
      orderId: OrderId.make(`order ${name}`),
      status: "completed",
      over: true,
      complete: true,
      digests: new Map([["summary", "0a1b"]]),
      attempts: []
    }
  })

const uncertain = (name: string): Seen => {
  const { orderId: _, ...unplaced } = seen(name)
  return { ...unplaced, state: "uncertain" }
}

const all = (feed: Feed, tenant = "") =>
  Effect.map(feed.read({ tenant, after: 0, limit: 1e6 }), ({ changes }) => changes)

const inShort = (changes: ReadonlyArray<CallChange>) =>
  changes.map(({ position, change, reference }) => `${position} ${change} ${reference}`)

const START = { changedAt: Instant.make("0000-01-01T00:00:00.000Z"), key: "" }

const anyHearing: Arb<Seen> = Arbitrary.map(
  Arbitrary.all([
    oneOf("a", "b", "c"),
    oneOf(
      uncertain,
      over,
      complete,
      (name: string) => seen(name),
      (name: string) => seen(name, { status: "queued" }),
      (name: string): Seen => ({ ...uncertain(name), state: "free" })
    )
  ]),
  ([name, make]) => make(name)
)

/** `open` opens the same store again and again, each time as another process would. */
export const feedLaws = (
  title: string,
  store: Effect.Effect<Effect.Effect<Feed, JournalError, Scope.Scope>, never, Scope.Scope>
): void => {
  const law = (
    name: string,
    run: (
      feed: Feed,
      open: Effect.Effect<Feed, JournalError, Scope.Scope>
    ) => Effect.Effect<unknown, JournalError, Scope.Scope>
  ) =>
    it.effect(`${title}: ${name}`, () =>
      Effect.scoped(
        Effect.gen(function* () {
          const open = yield* store
          yield* run(yield* open, open)
        })
      )
    )

  law("what is heard is told once, by whomever and how often it is recorded", (feed, open) =>
    Effect.gen(function* () {
      const other = yield* open
      const told = yield* Effect.all(
        [feed, other, feed, other].map((each) => each.record("", [over("a")], at(1))),
        { concurrency: "unbounded" }
      )
      expect(told.toSorted()).toEqual([0, 0, 0, 2])
      expect(yield* other.read({ tenant: "", after: 0, limit: 9 })).toEqual({
        changes: [
          {
            kind: "call_change",
            position: 1,
            change: "accepted",
            at: at(1),
            provider: "revox",
            reference: "lead a",
            state: "accepted",
            orderId: "order a",
            status: "completed"
          },
          {
            kind: "call_change",
            position: 2,
            change: "ended",
            at: at(1),
            provider: "revox",
            reference: "lead a",
            state: "accepted",
            orderId: "order a",
            status: "completed"
          }
        ],
        next: 1
      })
    })
  )

  law(
    "positions rise by one from 1, whoever records at the same time, and none is seen before an earlier one",
    (feed, open) =>
      Effect.gen(function* () {
        const others = [feed, yield* open, yield* open]
        const names = Array.from({ length: 60 }, (_, index) => String(index))
        const recording = Effect.forEach(
          names,
          (name, index) =>
            others[index % others.length]?.record("", [seen(name), over(name)], at(index)) ?? Effect.void,
          { concurrency: "unbounded" }
        )
        const looks: Array<ReadonlyArray<number>> = []
        const looking = Effect.gen(function* () {
          while (looks.at(-1)?.length !== 2 * names.length) {
            const { changes, next } = yield* feed.read({ tenant: "", after: 0, limit: 1000 })
            expect(next).toBe(1)
            looks.push(changes.map(({ position }) => position))
            yield* Effect.yieldNow
          }
        })
        yield* Effect.all([recording, looking], { concurrency: "unbounded" })
        for (const positions of looks) expect(positions).toEqual(positions.map((_, index) => index + 1))
        const changes = yield* all(feed)
        expect(new Set(changes.map(({ reference, change }) => `${reference} ${change}`)).size).toBe(120)
      })
  )

  it.effect.prop(
    `${title}: what is recorded comes to what the pure function makes of it`,
    [Arbitrary.array(Arbitrary.array(anyHearing, { maxLength: 4 }), { maxLength: 8 })],
    ([groups]) =>
      Effect.scoped(
        Effect.gen(function* () {
          const feed = yield* Effect.flatten(store)
          const known = new Map<string, KnownCall>()
          const expected: Array<string> = []
          for (const heard of groups) {
            const recorded = recordedOf(heard, (key) => known.get(key))
            for (const [key, each] of recorded.known) known.set(key, each)
            for (const {
              change: { change, reference }
            } of recorded.changes)
              expected.push(`${expected.length + 1} ${change} ${reference}`)
            expect(yield* feed.record("", heard, at(1))).toBe(recorded.changes.length)
          }
          expect(inShort(yield* all(feed))).toEqual(expected)
          const calls = yield* Effect.forEach(["open", "ended", "done"] as const, (stage) =>
            feed.calls({ tenant: "", stage, after: START, limit: 9 })
          )
          expect(new Map(calls.flat().map((call) => [call.key, call.known]))).toEqual(known)
        })
      ),
    { arbitrary: { runs: 15 } }
  )

  law("pages follow each other", (feed) =>
    Effect.gen(function* () {
      yield* feed.record(
        "",
        ["a", "b", "c", "d", "e"].map((name) => seen(name)),
        at(1)
      )
      const page = (after: number, limit: number) =>
        Effect.map(feed.read({ tenant: "", after, limit }), ({ changes, next }) => [
          next,
          ...changes.map(({ reference }) => reference.slice(-1))
        ])
      expect(yield* page(0, 2)).toEqual([1, "a", "b"])
      expect(yield* page(2, 2)).toEqual([3, "c", "d"])
      expect(yield* page(4, 2)).toEqual([5, "e"])
      expect(yield* page(5, 2)).toEqual([6])
      // Of a feed that has not come that far.
      expect(yield* page(9, 2)).toEqual([6])
    })
  )

  law("a consumer's position never goes back, and not beyond what there is", (feed, open) =>
    Effect.gen(function* () {
      const other = yield* open
      const position = Effect.map(other.position("", "crm"), Option.getOrUndefined)
      expect(yield* position).toBeUndefined()
      yield* feed.acknowledge("", "crm", 0, at(1))
      expect(yield* position).toBe(0)
      yield* feed.record(
        "",
        ["a", "b", "c"].map((name) => seen(name)),
        at(1)
      )
      yield* feed.acknowledge("", "crm", 2, at(2))
      yield* other.acknowledge("", "crm", 1, at(3))
      expect(yield* position).toBe(2)
      yield* other.acknowledge("", "crm", 7, at(4))
      expect(yield* position).toBe(3)
      yield* feed.acknowledge("", "audit", 1, at(5))
      expect(yield* other.consumers("")).toEqual([
        { consumer: "audit", position: 1, at: at(5) },
        { consumer: "crm", position: 3, at: at(4) }
      ])
      expect(yield* other.dropConsumer("", "crm")).toBe(true)
      expect(yield* feed.dropConsumer("", "crm")).toBe(false)
      expect(yield* position).toBeUndefined()
    })
  )

  law("what is old is forgotten, and nothing that comes after what is kept", (feed, open) =>
    Effect.gen(function* () {
      const other = yield* open
      for (const [name, second] of [
        ["a", 1],
        ["b", 5],
        ["c", 2],
        ["d", 9]
      ] as const)
        yield* feed.record("", [seen(name)], at(second))
      const forget = (second: number, limit = 9) =>
        Effect.map(
          other.forget({ tenant: "", changesBefore: at(second), callsBefore: at(0), limit }),
          ({ changes }) => changes
        )
      expect(yield* forget(1)).toBe(0)
      expect(yield* forget(4)).toBe(1)
      expect(yield* feed.read({ tenant: "", after: 0, limit: 9 })).toMatchObject({ next: 2 })
      expect(inShort(yield* all(feed))).toEqual(["2 accepted lead b", "3 accepted lead c", "4 accepted lead d"])
      expect(yield* forget(60, 2)).toBe(2)
      expect(inShort(yield* all(feed))).toEqual(["4 accepted lead d"])
      expect(yield* forget(60)).toBe(1)
      expect(yield* forget(60)).toBe(0)
      expect(yield* feed.read({ tenant: "", after: 1, limit: 9 })).toEqual({ changes: [], next: 5 })
      expect(yield* feed.record("", [seen("a"), over("a")], at(61))).toBe(1)
      expect(inShort(yield* all(feed))).toEqual(["5 ended lead a"])
    })
  )

  law("of calls only those that are done are forgotten, and told anew when they are heard of again", (feed) =>
    Effect.gen(function* () {
      const given: Seen = { ...uncertain("given up"), state: "free" }
      yield* feed.record("", [seen("open"), over("over"), complete("done"), uncertain("given up"), given], at(1))
      yield* feed.record("", [complete("later")], at(3))
      const forget = { tenant: "", changesBefore: at(9), callsBefore: at(2), limit: 1 }
      expect([yield* feed.forget(forget), yield* feed.forget(forget), yield* feed.forget(forget)]).toMatchObject([
        { calls: 1 },
        { calls: 1 },
        { calls: 0 }
      ])
      expect(yield* feed.record("", [seen("open"), over("over"), complete("later")], at(4))).toBe(0)
      expect(yield* feed.record("", [complete("done")], at(5))).toBe(2)
      expect(yield* feed.record("", [given], at(5))).toBe(0)
    })
  )

  law("calls are listed by how far they have come, those with the oldest news first", (feed) =>
    Effect.gen(function* () {
      yield* feed.record("", [seen("b"), complete("done")], at(2))
      yield* feed.record("", [uncertain("a")], at(1))
      yield* feed.record("", [seen("c"), over("over")], at(2))
      const keys = (
        stage: "open" | "ended" | "done",
        after: { readonly changedAt: Instant; readonly key: string },
        limit: number
      ) => Effect.map(feed.calls({ tenant: "", stage, after, limit }), (calls) => calls.map(({ key }) => key))
      expect(yield* keys("open", START, 2)).toEqual(["token a", "token b"])
      expect(yield* keys("open", { changedAt: at(2), key: "token b" }, 9)).toEqual(["token c"])
      expect(yield* keys("open", { changedAt: at(2), key: "" }, 9)).toEqual(["token b", "token c"])
      expect(yield* keys("ended", START, 9)).toEqual(["token over"])
      expect(yield* feed.calls({ tenant: "", stage: "done", after: START, limit: 9 })).toMatchObject([
        { key: "token done", changedAt: at(2), known: { end: "completed", complete: true, reference: "lead done" } }
      ])
    })
  )

  law("a tenant neither sees nor touches another's", (feed) =>
    Effect.gen(function* () {
      yield* feed.record("one", [over("a")], at(1))
      yield* feed.record("two", [seen("a")], at(1))
      yield* feed.acknowledge("one", "crm", 1, at(1))
      expect(inShort(yield* all(feed, "one"))).toEqual(["1 accepted lead a", "2 ended lead a"])
      expect(inShort(yield* all(feed, "two"))).toEqual(["1 accepted lead a"])
      expect(yield* all(feed)).toEqual([])
      expect(yield* feed.consumers("two")).toEqual([])
      expect(yield* feed.dropConsumer("two", "crm")).toBe(false)
      const forgotten = yield* feed.forget({ tenant: "two", changesBefore: at(9), callsBefore: at(9), limit: 9 })
      expect(forgotten).toEqual({ changes: 1, calls: 0 })
      expect((yield* all(feed, "one")).length).toBe(2)
    })
  )
}
