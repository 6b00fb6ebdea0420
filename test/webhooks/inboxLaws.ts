/** What every inbox of webhooks keeps to, whatever it is stored in. */
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { JournalError } from "../../src/calls/PlacementJournal.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import type { Received, WebhookInbox } from "../../src/webhooks/WebhookInbox.ts"

type Inbox = WebhookInbox["Service"]

export const at = (second: number): Instant => Instant.make(new Date(Date.UTC(2026, 2, 2, 15, 0, second)).toISOString())

export const received = (id: string, changes: Partial<Received> = {}): Received => ({
  id,
  tenant: "",
  provider: ProviderId.make("revox"),
  orderId: OrderId.make(`order-${id}`),
  isKnown: false,
  receivedAt: at(0),
  ...changes
})

const claims = (now: number, limit = 100, tenant = "") => ({ tenant, now: at(now), until: at(now + 60), limit })
const ids = (entries: ReadonlyArray<{ readonly id: string }>) => entries.map(({ id }) => id)

/** `open` opens the same store again and again, each time as another process would. */
export const inboxLaws = (
  title: string,
  store: Effect.Effect<Effect.Effect<Inbox, JournalError, Scope.Scope>, never, Scope.Scope>
): void => {
  const law = (
    name: string,
    run: (
      inbox: Inbox,
      open: Effect.Effect<Inbox, JournalError, Scope.Scope>
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

  law("a message is taken once, by whomever it is received", (inbox, open) =>
    Effect.gen(function* () {
      const other = yield* open
      const all = yield* Effect.all(
        [inbox, other, inbox].map((each) => each.receive([received("a"), received("b")], 10)),
        { concurrency: "unbounded" }
      )
      expect(all).toEqual(["taken", "taken", "taken"])
      expect(ids(yield* inbox.claim(claims(0)))).toEqual(["a", "b"])
      expect(yield* other.receive([received("a")], 10)).toBe("taken")
      expect(yield* other.claim(claims(1))).toEqual([])
    })
  )

  law("all of a message is taken, or none where there is no room", (inbox) =>
    Effect.gen(function* () {
      expect(yield* inbox.receive([received("a"), received("b")], 3)).toBe("taken")
      expect(yield* inbox.receive([received("c"), received("d")], 3)).toBe("full")
      expect(ids(yield* inbox.list({ tenant: "", limit: 9 })).toSorted()).toEqual(["a", "b"])
      // The same once more takes no room.
      expect(yield* inbox.receive([received("a"), received("b")], 2)).toBe("taken")
      const [first] = yield* inbox.claim(claims(0, 1))
      if (first !== undefined) yield* inbox.settle(first, { state: "done" }, at(1))
      expect(yield* inbox.receive([received("c"), received("d")], 3)).toBe("taken")
    })
  )

  law("known calls come first, then those received first, each to one claimer", (inbox, open) =>
    Effect.gen(function* () {
      const other = yield* open
      const of = (id: string, second: number, isKnown: boolean) => received(id, { receivedAt: at(second), isKnown })
      for (const each of [of("a", 3, false), of("b", 2, true), of("c", 1, false), of("d", 1, true)])
        yield* inbox.receive([each], 10)
      expect(yield* inbox.claim(claims(0))).toEqual([])
      expect(ids(yield* inbox.claim(claims(5, 2)))).toEqual(["d", "b"])
      expect(ids(yield* other.claim(claims(5)))).toEqual(["c", "a"])
      expect(yield* inbox.claim(claims(5))).toEqual([])
    })
  )

  law(
    "what nobody has dealt with in time is claimed again, and what the older claim says counts for nothing",
    (inbox, open) =>
      Effect.gen(function* () {
        const other = yield* open
        yield* inbox.receive([received("a")], 10)
        const [old] = yield* inbox.claim(claims(0))
        expect(yield* other.claim(claims(59))).toEqual([])
        const [fresh] = yield* other.claim(claims(60))
        expect(fresh).toMatchObject({ id: "a", tries: 2 })
        if (old === undefined || fresh === undefined) throw new Error("not claimed")
        expect(yield* inbox.settle(old, { state: "done" }, at(61))).toBe(false)
        expect(yield* inbox.settle(old, { state: "parked", problem: "Late" }, at(61))).toBe(false)
        expect(yield* other.settle(fresh, { state: "done" }, at(61))).toBe(true)
        expect(yield* other.settle(fresh, { state: "done" }, at(62))).toBe(false)
        expect(yield* inbox.claim(claims(500))).toEqual([])
      })
  )

  law("what is to be tried again waits until then, and a free try is none", (inbox) =>
    Effect.gen(function* () {
      yield* inbox.receive([received("a")], 10)
      const next = (now: number) => Effect.map(inbox.claim(claims(now)), ([entry]) => entry)
      const first = yield* next(0)
      if (first === undefined) throw new Error("not claimed")
      yield* inbox.settle(first, { state: "waiting", dueAt: at(30), problem: "ServerError" }, at(1))
      expect(yield* next(29)).toBeUndefined()
      const second = yield* next(30)
      expect(second).toMatchObject({ tries: 2, problem: "ServerError" })
      if (second === undefined) throw new Error("not claimed")
      yield* inbox.settle(second, { state: "waiting", dueAt: at(31), problem: "InFlight", isFree: true }, at(30))
      expect(yield* next(31)).toMatchObject({ tries: 2, problem: "InFlight" })
    })
  )

  law("what is parked is there until it is replayed or dropped; a claimed one is not dropped", (inbox) =>
    Effect.gen(function* () {
      yield* inbox.receive([received("a"), received("b")], 10)
      for (const entry of yield* inbox.claim(claims(0)))
        yield* inbox.settle(entry, { state: "parked", problem: "Undecodable" }, at(1))
      expect(yield* inbox.claim(claims(500))).toEqual([])
      expect(yield* inbox.list({ tenant: "", state: "parked", limit: 9 })).toMatchObject([
        { id: "b", problem: "Undecodable" },
        { id: "a", problem: "Undecodable" }
      ])
      expect(yield* inbox.forget("", at(600))).toBe(0)
      expect(yield* inbox.replay("", "a", at(10))).toBe(true)
      expect(yield* inbox.replay("", "a", at(10))).toBe(false)
      expect(yield* inbox.claim(claims(10))).toMatchObject([{ id: "a", tries: 1 }])
      expect(yield* inbox.drop("", "a")).toBe(false)
      expect(yield* inbox.drop("", "b")).toBe(true)
      expect(yield* inbox.drop("", "b")).toBe(false)
    })
  )

  law("what is done is remembered until it is forgotten", (inbox) =>
    Effect.gen(function* () {
      yield* inbox.receive([received("a")], 10)
      const [entry] = yield* inbox.claim(claims(0))
      if (entry !== undefined) yield* inbox.settle(entry, { state: "done", problem: "UnknownCall" }, at(5))
      yield* inbox.receive([received("a")], 10)
      expect(yield* inbox.claim(claims(20))).toEqual([])
      expect(yield* inbox.forget("", at(5))).toBe(0)
      expect(yield* inbox.forget("", at(6))).toBe(1)
      expect(yield* inbox.list({ tenant: "", limit: 9 })).toEqual([])
      yield* inbox.receive([received("a")], 10)
      expect(ids(yield* inbox.claim(claims(20)))).toEqual(["a"])
    })
  )

  law("a tenant neither sees nor touches another's", (inbox) =>
    Effect.gen(function* () {
      yield* inbox.receive([received("a", { tenant: "one" })], 10)
      yield* inbox.receive([received("a", { tenant: "two" })], 10)
      expect(yield* inbox.claim(claims(0))).toEqual([])
      expect(yield* inbox.claim(claims(0, 9, "one"))).toMatchObject([{ tenant: "one" }])
      expect(yield* inbox.drop("", "a")).toBe(false)
      expect(yield* inbox.list({ tenant: "two", limit: 9 })).toMatchObject([{ tenant: "two", state: "waiting" }])
    })
  )
}
