/** What every inbox of webhooks keeps to, whatever it is stored in. */
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { CallKey, JournalError } from "../../src/calls/PlacementJournal.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import type { Dealt, InboxClaim, Received, WebhookInbox } from "../../src/webhooks/WebhookInbox.ts"

type Inbox = WebhookInbox["Service"]

const provider = ProviderId.make("revox")

export const at = (second: number): Instant => Instant.make(new Date(Date.UTC(2026, 2, 2, 15, 0, second)).toISOString())

export const callOf = (id: string, tenant = ""): CallKey => ({ tenant, provider, orderId: OrderId.make(id) })

/** A message that names a call; unless said otherwise it is told from others by the call. */
export const received = (id: string, changes: Partial<Received> = {}): Received => ({
  ...callOf(id),
  message: `message-of-${id}`,
  isKnown: false,
  at: at(0),
  ...changes
})

export const claims = (now: number, limit = 100, tenant = "") => ({
  tenant,
  provider,
  now: at(now),
  until: at(now + 60),
  latest: at(now + 600),
  limit
})

const ids = (entries: ReadonlyArray<{ readonly orderId: string }>) => entries.map(({ orderId }) => orderId)

const all = { tenant: "", limit: 99 }

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

  const claimOne = (inbox: Inbox, now: number) =>
    Effect.flatMap(inbox.claim(claims(now, 1)), ([entry]) =>
      entry === undefined ? Effect.die(new Error("nothing to claim")) : Effect.succeed(entry)
    )
  const settle = (inbox: Inbox, claim: InboxClaim, dealt: Dealt, second: number, isKnown = false) =>
    inbox.settle(claim, { dealt, at: at(second), isKnown })
  /** Claims one and settles it a second later. */
  const deal = (inbox: Inbox, now: number, dealt: Dealt) =>
    Effect.flatMap(claimOne(inbox, now), (entry) => settle(inbox, entry, dealt, now + 1))
  const again = (due: number, problem = "ServerError", isFree = false): Dealt => ({
    state: "waiting",
    dueAt: at(due),
    problem,
    isFree
  })
  const entryOf = (inbox: Inbox, id: string) => inbox.find(callOf(id))

  law("of messages that come at once, no more are taken than there is room for, and each answer tells it", (inbox) =>
    Effect.gen(function* () {
      yield* inbox.receive([received("a")], 9)
      const names = Array.from({ length: 12 }, (_, index) => `m-${String(index).padStart(2, "0")}`)
      const answers = yield* Effect.all(
        [
          ...names.slice(0, 6).map((id) => inbox.receive([received(id)], 5)),
          // The same again, and another that names a call of theirs.
          inbox.receive([received("m-00")], 5),
          inbox.receive([received("m-00", { message: "another" })], 5),
          ...names.slice(6).map((id) => inbox.receive([received(id)], 5))
        ],
        { concurrency: "unbounded" }
      )
      expect(answers.filter((answer) => answer === "taken").length).toBe(6)
      const kept = yield* inbox.list(all)
      expect(kept).toHaveLength(5)
      expect(yield* entryOf(inbox, "m-00")).toMatchObject({ messages: ["message-of-m-00", "another"] })
      yield* Effect.all([inbox.drop(callOf("a")), inbox.receive([received("late"), received("m-00")], 5)], {
        concurrency: "unbounded"
      })
      expect(yield* inbox.receive([received("later")], 9)).toBe("taken")
    })
  )

  law("a message is taken once, by whomever it is received", (inbox, open) =>
    Effect.gen(function* () {
      const other = yield* open
      const answers = yield* Effect.all(
        [inbox, other, inbox].map((each) => each.receive([received("a"), received("b")], 10)),
        { concurrency: "unbounded" }
      )
      expect(answers).toEqual(["taken", "taken", "taken"])
      expect(ids(yield* inbox.claim(claims(0)))).toEqual(["a", "b"])
      expect(yield* other.receive([received("a")], 10)).toBe("taken")
      expect(yield* other.claim(claims(1))).toEqual([])
      expect(yield* entryOf(other, "a")).toMatchObject({ isNamedAgain: false, messages: ["message-of-a"] })
    })
  )

  law("messages about a call that waits are one entry, which is due at once", (inbox) =>
    Effect.gen(function* () {
      yield* inbox.receive([received("a")], 10)
      yield* deal(inbox, 0, again(500))
      for (const message of ["one", "two", "one"])
        expect(yield* inbox.receive([received("a", { message, at: at(20), isKnown: true })], 1)).toBe("taken")
      expect(yield* inbox.list(all)).toMatchObject([
        { since: at(0), dueAt: at(20), tries: 1, isKnown: true, messages: ["message-of-a", "one", "two"] }
      ])
      expect(yield* inbox.claim(claims(19))).toEqual([])
      expect(yield* inbox.claim(claims(20))).toMatchObject([{ tries: 2 }])
    })
  )

  law("all of a message is taken, or none where there is no room", (inbox) =>
    Effect.gen(function* () {
      expect(yield* inbox.receive([received("a"), received("b")], 3)).toBe("taken")
      expect(yield* inbox.receive([received("c"), received("d")], 3)).toBe("full")
      expect(ids(yield* inbox.list(all)).toSorted()).toEqual(["a", "b"])
      // The same once more takes no room.
      expect(yield* inbox.receive([received("a"), received("b")], 2)).toBe("taken")
      yield* deal(inbox, 0, { state: "done" })
      expect(yield* inbox.receive([received("c"), received("d")], 3)).toBe("taken")
      // What is done takes room when it is named again.
      expect(yield* inbox.receive([received("a", { message: "new" })], 3)).toBe("full")
    })
  )

  law("one tenant's flood takes no room of another's", (inbox) =>
    Effect.gen(function* () {
      const of = (tenant: string, id: string) => received(id, { tenant })
      expect(yield* inbox.receive([of("one", "a"), of("one", "b")], 2)).toBe("taken")
      expect(yield* inbox.receive([of("one", "c")], 2)).toBe("full")
      expect(yield* inbox.receive([of("two", "a"), of("two", "b")], 2)).toBe("taken")
    })
  )

  law("known calls come first, then those due longest, each to one claimer, and only of the provider", (inbox, open) =>
    Effect.gen(function* () {
      const other = yield* open
      const of = (id: string, second: number, isKnown: boolean) => received(id, { at: at(second), isKnown })
      for (const each of [of("a", 3, false), of("b", 2, true), of("c", 1, false), of("d", 1, true)])
        yield* inbox.receive([each], 10)
      yield* inbox.receive([{ ...received("e"), provider: ProviderId.make("another") }], 10)
      expect(yield* inbox.claim(claims(0))).toEqual([])
      expect(ids(yield* inbox.claim(claims(5, 2)))).toEqual(["d", "b"])
      expect(ids(yield* other.claim(claims(5)))).toEqual(["c", "a"])
      expect(yield* inbox.claim(claims(5))).toEqual([])
      expect(ids(yield* inbox.claim({ ...claims(5), provider: ProviderId.make("another") }))).toEqual(["e"])
    })
  )

  law("no call is claimed by two at once", (inbox, open) =>
    Effect.gen(function* () {
      const other = yield* open
      const many = Array.from({ length: 60 }, (_, index) => received(`call-${index}`))
      yield* inbox.receive(many, 100)
      const claimed = yield* Effect.all(
        Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? inbox : other).claim(claims(1, 10))),
        { concurrency: "unbounded" }
      )
      expect(ids(claimed.flat()).toSorted()).toEqual(ids(many).toSorted())
    })
  )

  law("what nobody has dealt with in time is claimed again, and an older claim counts for nothing", (inbox, open) =>
    Effect.gen(function* () {
      const other = yield* open
      yield* inbox.receive([received("a")], 10)
      const old = yield* claimOne(inbox, 0)
      expect(yield* other.claim(claims(59))).toEqual([])
      const fresh = yield* claimOne(other, 60)
      expect(fresh).toMatchObject({ orderId: "a", tries: 2 })
      expect(yield* settle(inbox, old, { state: "done" }, 61)).toBe(false)
      expect(yield* settle(inbox, old, { state: "parked", problem: "Late" }, 61)).toBe(false)
      expect(yield* settle(other, fresh, { state: "done" }, 61)).toBe(true)
      expect(yield* settle(other, fresh, { state: "done" }, 62)).toBe(false)
      expect(yield* inbox.claim(claims(500))).toEqual([])
    })
  )

  law("a clock that has been set back holds up nothing", (inbox) =>
    Effect.gen(function* () {
      yield* inbox.receive([received("claimed", { at: at(5000) }), received("waiting", { at: at(5000) })], 10)
      yield* inbox.receive([received("later", { at: at(5001) })], 10)
      const [first] = yield* inbox.claim(claims(5000, 1))
      expect(first).toMatchObject({ orderId: "claimed", dueAt: at(5060) })
      const until = (latest: number) => ({ ...claims(4998, 9), latest: at(latest) })
      expect(yield* inbox.claim(until(5060))).toEqual([])
      expect(yield* inbox.claim(until(5059))).toMatchObject([{ orderId: "claimed", dueAt: at(5058), fence: 2 }])
      expect(ids(yield* inbox.claim(until(5057)))).toEqual(["claimed"])
      expect(ids(yield* inbox.claim(until(5000)))).toEqual(["later", "claimed"])
      expect(ids(yield* inbox.claim(claims(0, 9))).toSorted()).toEqual(["claimed", "later", "waiting"])
    })
  )

  law("a claim of a clock that is ahead is not taken from it, and free once it has passed", (inbox, open) =>
    Effect.gen(function* () {
      const ahead = yield* open
      yield* inbox.receive([received("a")], 10)
      const late = yield* claimOne(inbox, 0)
      // It ends to the other before it does to us.
      const [taken] = yield* ahead.claim(claims(500, 1))
      expect(taken).toMatchObject({ orderId: "a", fence: 2, dueAt: at(560) })
      yield* inbox.receive([received("b")], 10)
      expect(ids(yield* inbox.claim(claims(1)))).toEqual(["b"])
      expect(yield* settle(inbox, late, { state: "done" }, 2)).toBe(false)
      if (taken !== undefined) expect(yield* settle(ahead, taken, again(550), 501)).toBe(true)
      expect(yield* inbox.claim(claims(59))).toEqual([])
      const [dying] = yield* ahead.claim(claims(551, 1))
      expect(dying).toMatchObject({ orderId: "b" })
      expect(ids(yield* inbox.claim(claims(611)))).toEqual(["a", "b"])
    })
  )

  law("what is to be tried again waits until then, a free try is none, and not-founds are counted", (inbox) =>
    Effect.gen(function* () {
      yield* inbox.receive([received("a")], 10)
      yield* deal(inbox, 0, again(30))
      expect(yield* inbox.claim(claims(29))).toEqual([])
      const second = yield* claimOne(inbox, 30)
      expect(second).toMatchObject({ tries: 2, notFound: 0, problem: "ServerError" })
      yield* settle(inbox, second, again(31, "NotFound"), 30)
      yield* deal(inbox, 31, again(33, "NotFound", true))
      expect(yield* claimOne(inbox, 33)).toMatchObject({ tries: 3, notFound: 1, problem: "NotFound" })
    })
  )

  law("a call that has become known stays so", (inbox) =>
    Effect.gen(function* () {
      yield* inbox.receive([received("a"), received("b")], 10)
      const first = yield* claimOne(inbox, 0)
      yield* settle(inbox, first, again(1), 0, true)
      yield* deal(inbox, 1, again(2))
      expect(yield* inbox.claim(claims(2))).toMatchObject([
        { orderId: "a", isKnown: true },
        { orderId: "b", isKnown: false }
      ])
    })
  )

  law("what comes while a call is dealt with is dealt with after that, whatever it came to", (inbox) =>
    Effect.gen(function* () {
      const outcomes: ReadonlyArray<Dealt> = [
        { state: "done" },
        { state: "done", problem: "UnknownCall" },
        { state: "parked", problem: "ServerError" },
        again(500)
      ]
      for (const [index, dealt] of outcomes.entries()) {
        const id = `call-${index}`
        yield* inbox.receive([received(id)], 10)
        const claim = yield* claimOne(inbox, 0)
        yield* inbox.receive([received(id, { message: "later", at: at(1) })], 10)
        expect(yield* settle(inbox, claim, dealt, 2)).toBe(true)
        const next = yield* claimOne(inbox, 2)
        expect(next).toMatchObject({ orderId: id, isNamedAgain: false })
        expect(yield* settle(inbox, next, { state: "done" }, 3)).toBe(true)
        expect(yield* inbox.claim(claims(900))).toEqual([])
      }
    })
  )

  law("the same message once more acts where its call came to a problem, and not where it was dealt with", (inbox) =>
    Effect.gen(function* () {
      yield* inbox.receive([received("a")], 10)
      yield* deal(inbox, 0, { state: "done", problem: "NotFound" })
      expect(yield* inbox.claim(claims(5))).toEqual([])
      yield* inbox.receive([received("a", { at: at(10) })], 10)
      const entry = yield* claimOne(inbox, 10)
      expect(entry).toMatchObject({ since: at(10), tries: 1, notFound: 0, messages: ["message-of-a"] })
      expect(entry).not.toHaveProperty("problem")
      yield* settle(inbox, entry, { state: "done" }, 11)
      yield* inbox.receive([received("a", { at: at(20) })], 10)
      expect(yield* inbox.claim(claims(30))).toEqual([])
      yield* inbox.receive([received("a", { at: at(20), message: "new" })], 10)
      expect(yield* claimOne(inbox, 30)).toMatchObject({ since: at(20), tries: 1 })
    })
  )

  law("of very many messages about a call the last are known again", (inbox) =>
    Effect.gen(function* () {
      for (let index = 0; index < 40; index++) yield* inbox.receive([received("a", { message: `m-${index}` })], 10)
      const messages = Array.from({ length: 32 }, (_, index) => `m-${index + 8}`)
      expect(yield* inbox.list(all)).toMatchObject([{ messages }])
    })
  )

  law("what is parked is there until it is named anew, replayed or dropped; a claimed one is not dropped", (inbox) =>
    Effect.gen(function* () {
      yield* inbox.receive([received("a"), received("b"), received("c")], 10)
      for (const entry of yield* inbox.claim(claims(0)))
        yield* settle(inbox, entry, { state: "parked", problem: "Undecodable" }, 1)
      yield* inbox.receive([received("a")], 10)
      expect(yield* inbox.claim(claims(500))).toEqual([])
      expect(yield* inbox.list({ ...all, state: "parked" })).toMatchObject([
        { orderId: "c", problem: "Undecodable" },
        { orderId: "b", problem: "Undecodable" },
        { orderId: "a", problem: "Undecodable" }
      ])
      expect(yield* inbox.list({ ...all, state: "done" })).toEqual([])
      expect(yield* inbox.forget({ tenant: "", before: at(600), most: 0 })).toBe(0)
      expect(yield* inbox.replay(callOf("a"), at(10))).toBe(true)
      expect(yield* inbox.replay(callOf("x"), at(10))).toBe(false)
      yield* inbox.receive([received("c", { message: "new", at: at(10) })], 10)
      expect(yield* inbox.claim(claims(10))).toMatchObject([
        { orderId: "a", tries: 1, since: at(10) },
        { orderId: "c", tries: 1, since: at(10) }
      ])
      expect(yield* inbox.replay(callOf("a"), at(10))).toBe(false)
      expect(yield* inbox.drop(callOf("a"))).toBe(false)
      expect(yield* inbox.drop(callOf("b"))).toBe(true)
      expect(yield* inbox.drop(callOf("b"))).toBe(false)
      expect(yield* entryOf(inbox, "b")).toBeUndefined()
      expect(yield* entryOf(inbox, "a")).toMatchObject({ orderId: "a", state: "claimed" })
    })
  )

  law("what waits is replayed as well, with all its tries before it", (inbox) =>
    Effect.gen(function* () {
      yield* inbox.receive([received("a")], 10)
      yield* deal(inbox, 0, again(500, "NotFound"))
      expect(yield* inbox.replay(callOf("a"), at(10))).toBe(true)
      expect(yield* claimOne(inbox, 10)).toMatchObject({ tries: 1, notFound: 0, since: at(10) })
    })
  )

  law("what is done is remembered until it is forgotten, and only so many", (inbox) =>
    Effect.gen(function* () {
      yield* inbox.receive(
        ["a", "b", "c", "waits"].map((id) => received(id)),
        10
      )
      for (const [index] of ["a", "b", "c"].entries()) yield* deal(inbox, index + 4, { state: "done" })
      expect(ids(yield* inbox.list({ ...all, state: "done" }))).toEqual(["c", "b", "a"])
      const forget = (before: number, most: number) => inbox.forget({ tenant: "", before: at(before), most })
      expect(yield* inbox.forget({ tenant: "another", before: at(99), most: 0 })).toBe(0)
      expect(yield* forget(5, 3)).toBe(0)
      expect(yield* forget(6, 9)).toBe(1)
      expect(yield* forget(0, 2)).toBe(0)
      expect(yield* forget(0, 1)).toBe(1)
      expect(ids(yield* inbox.list({ ...all, state: "done" }))).toEqual(["c"])
      expect(yield* forget(99, 99)).toBe(1)
      yield* inbox.receive([received("a", { at: at(20) })], 10)
      expect(ids(yield* inbox.claim(claims(20)))).toEqual(["waits", "a"])
    })
  )

  law("a tenant neither sees nor touches another's", (inbox) =>
    Effect.gen(function* () {
      yield* inbox.receive([received("a", { tenant: "one" })], 10)
      yield* inbox.receive([received("a", { tenant: "two" })], 10)
      expect(yield* inbox.claim(claims(0))).toEqual([])
      expect(yield* inbox.claim(claims(0, 9, "one"))).toMatchObject([{ tenant: "one" }])
      expect(yield* inbox.drop(callOf("a"))).toBe(false)
      expect(yield* inbox.replay(callOf("a"), at(1))).toBe(false)
      expect(yield* inbox.find(callOf("a"))).toBeUndefined()
      expect(yield* inbox.list({ tenant: "two", limit: 9 })).toMatchObject([{ tenant: "two", state: "waiting" }])
    })
  )
}
