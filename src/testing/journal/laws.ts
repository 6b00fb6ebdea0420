/** The laws of a journal, one by one: each says what is wrong where the random histories only say that something is. */
import * as Effect from "effect/Effect"
import { type Placement, PlacementState, type Settlement, type Unfinished } from "../../calls/PlacementJournal.ts"
import { OrderId, ProviderId } from "../../domain/Identifiers.ts"
import { expectSame, type Fail, law, type Law, lawOfAbsence } from "./law.ts"
import { type Journal, kept, NEXT } from "./model.ts"
import { A, filled, find, findCall, ONE, placedAs, settle, SETTLEMENTS, STATES, TWO } from "./placements.ts"
import { accepted, ended, instant, keyOf, reservation, uncertain } from "./samples.ts"

/** Look alike, and are different: to a collation, to a column of numbers, to what ends a text. */
const ALIKE = ["a", "A", "a ", "á", "a\u0301", "a\u0001", "a\u0001b", "1", "01", "1.0", "null", "x".repeat(9000)]

export const reservingLaws: ReadonlyArray<Law> = [
  law("give a reference to the first token alone", (journal, fail) =>
    Effect.gen(function* () {
      const first = yield* journal.reserve(reservation("a", { agentId: "agent-1" }))
      expectSame(fail, "the first reservation", first, {
        ...A,
        provider: "one",
        token: "token-1",
        numberDigest: "1f3a",
        agentId: "agent-1",
        state: "reserved",
        reservedAt: instant(0),
        changedAt: instant(0)
      })
      const later = reservation("a", { token: "token-2", provider: TWO, at: instant(5) })
      expectSame(fail, "reserved again with another token", yield* journal.reserve(later), first)
      const again = yield* journal.reserve(reservation("a", { at: instant(9) }))
      expectSame(fail, "reserved again with the same token", again, first)
      expectSame(fail, "found", yield* find(journal), first)
    })
  ),
  law("give a reference to one of a hundred at once, and tell all of them which", (journal, fail) =>
    Effect.gen(function* () {
      const holders = yield* Effect.forEach(
        Array.from({ length: 100 }, (_, index) => `token-${index}`),
        (token) => journal.reserve(reservation("a", { token })),
        { concurrency: "unbounded" }
      )
      expectSame(fail, "holders", new Set(holders.map(({ token }) => token)).size, 1)
    })
  ),
  law("give a placement that has moved on as it is, to its own token too", (journal, fail) =>
    Effect.gen(function* () {
      const placement = yield* placedAs(journal, "accepted")
      expectSame(fail, "reserved again", yield* journal.reserve(reservation("a")), placement)
      const other = yield* journal.reserve(reservation("a", { token: "token-2" }))
      expectSame(fail, "reserved again with another token", other, placement)
    })
  ),
  law("begin with an order that was taken already as accepted, and never give that up", (journal, fail) =>
    Effect.gen(function* () {
      const sentAs = journal.absence === undefined ? {} : { sentAs: "b" }
      const given = reservation("a", { orderId: OrderId.make("order-1"), ...sentAs })
      const placement = yield* journal.reserve(given)
      const expected = [placement.state, placement.orderId, placement.sentAs]
      expectSame(fail, "its state, order and reference", expected, ["accepted", "order-1", sentAs.sentAs])
      expectSame(fail, "found", yield* find(journal), placement)
      expectSame(fail, "found by its order", yield* findCall(journal, "order-1"), placement)
      expectSame(fail, "reserved again", yield* journal.reserve(given), placement)
      expectSame(fail, "released", yield* journal.release(A, "token-1", placement.changedAt), false)
    })
  ),
  law("keep references apart that look alike", (journal, fail) =>
    Effect.gen(function* () {
      yield* Effect.forEach(ALIKE, (text, index) => journal.reserve(reservation(text, { token: `token-${index}` })))
      for (const [index, text] of ALIKE.entries()) {
        const found = yield* find(journal, keyOf(text))
        expectSame(fail, `reference ${index}`, [found?.reference, found?.token], [text, `token-${index}`])
      }
    })
  ),
  law("keep tenants apart", (journal, fail) =>
    Effect.gen(function* () {
      const TENANTS = ["", "acme", "Acme", "acme "]
      for (const [index, tenant] of TENANTS.entries()) {
        const mine = yield* journal.reserve(reservation("a", { tenant, token: `token-${index}` }))
        expectSame(fail, `reserved by tenant ${index}`, [mine.tenant, mine.token], [tenant, `token-${index}`])
        yield* settle(journal, accepted(), 2, { key: keyOf("a", tenant), token: `token-${index}` })
      }
      for (const [index, tenant] of TENANTS.entries()) {
        const key = keyOf("a", tenant)
        expectSame(fail, `found by tenant ${index}`, (yield* find(journal, key))?.token, `token-${index}`)
        const call = yield* findCall(journal, "order-1", { tenant })
        expectSame(fail, `its call`, call?.token, `token-${index}`)
        const listed = yield* journal.unfinished({ tenant, before: instant(60), limit: 10 })
        expectSame(
          fail,
          `listed by tenant ${index}`,
          listed.map(({ token }) => token),
          [`token-${index}`]
        )
      }
    })
  )
]

const moving = (from: PlacementState, to: Settlement["state"]): Law => {
  const moves = NEXT[from].includes(to)
  const make = from === "absent" || to === "absent" ? lawOfAbsence : law
  return make(moves ? `move from ${from} to ${to}` : `not move from ${from} to ${to}`, (journal, fail) =>
    Effect.gen(function* () {
      const before = yield* placedAs(journal, from)
      const after = yield* settle(journal, SETTLEMENTS[to], 3)
      const wrong = from === "absent" && to !== "absent" ? { wrongAt: instant(3) } : {}
      const expected = moves ? { ...kept(before), ...SETTLEMENTS[to], ...wrong, changedAt: instant(3) } : before
      expectSame(fail, "answered", after, expected)
      expectSame(fail, "found", yield* find(journal), expected)
    })
  )
}

export const settlingLaws: ReadonlyArray<Law> = [
  ...PlacementState.literals.flatMap((from) =>
    (["uncertain", "absent", "accepted", "ended"] as const).map((to) => moving(from, to))
  ),
  law("hear of the same state again, and not of an earlier hearing", (journal, fail) =>
    Effect.gen(function* () {
      yield* placedAs(journal, "accepted")
      yield* settle(journal, accepted(), 5)
      expectSame(fail, "changed at", (yield* settle(journal, accepted(), 4))?.changedAt, instant(5))
      const listed = yield* journal.unfinished({ tenant: "", before: instant(4), limit: 9 })
      expectSame(fail, "listed by the earlier time", listed, [])
    })
  ),
  law("forget why it was uncertain once it is known", (journal, fail) =>
    Effect.gen(function* () {
      yield* placedAs(journal, "uncertain")
      const known = yield* settle(journal, accepted(), 3)
      if (known === null || "because" in known) fail("because: still there")
    })
  ),
  law("not take the end of another order for that of the accepted one", (journal, fail) =>
    Effect.gen(function* () {
      const placement = yield* placedAs(journal, "accepted")
      expectSame(fail, "answered", yield* settle(journal, ended("order-2"), 3), placement)
      expectSame(fail, "found by the other order", yield* findCall(journal, "order-2"), null)
    })
  ),
  law("know neither another token nor another reference", (journal, fail) =>
    Effect.gen(function* () {
      const placement = yield* placedAs(journal, "reserved")
      expectSame(fail, "another token", yield* settle(journal, accepted(), 3, { token: "token-2" }), null)
      expectSame(fail, "another reference", yield* settle(journal, accepted(), 3, { key: keyOf("b") }), null)
      expectSame(fail, "found", yield* find(journal), placement)
    })
  ),
  law("change nothing of a reservation by what is said of an older one", (journal, fail) =>
    Effect.gen(function* () {
      const { changedAt } = yield* placedAs(journal, "uncertain")
      expectSame(fail, "released", yield* journal.release(A, "token-1", changedAt), true)
      const later = yield* journal.reserve(reservation("a", { token: "token-2" }))
      expectSame(fail, "settled late", yield* settle(journal, accepted(), 4), null)
      expectSame(fail, "released late", yield* journal.release(A, "token-1", later.changedAt), false)
      expectSame(fail, "found", yield* find(journal), later)
    })
  )
]

const releasing = STATES.map((state) => {
  const isOpen = state === "reserved" || state === "uncertain"
  return law(`${isOpen ? "give up" : "keep"} what is ${state}`, (journal, fail) =>
    Effect.gen(function* () {
      const placement = yield* placedAs(journal, state)
      const release = (key = A, token = "token-1") => journal.release(key, token, placement.changedAt)
      expectSame(fail, "released with another token", yield* release(A, "token-2"), false)
      expectSame(fail, "another reference released", yield* release(keyOf("b")), false)
      expectSame(fail, "another tenant's released", yield* release(keyOf("a", "acme")), false)
      expectSame(fail, "released", yield* release(), isOpen)
      expectSame(fail, "found", yield* find(journal), isOpen ? null : placement)
      expectSame(fail, "released again", yield* release(), false)
      const again = yield* journal.reserve(reservation("a", { token: "token-2" }))
      expectSame(fail, "reserved again: token", again.token, isOpen ? "token-2" : "token-1")
    })
  )
})

export const releasingLaws: ReadonlyArray<Law> = [
  ...releasing,
  ...(["reserved", "uncertain"] as const).map((state) =>
    law(`keep what was ${state} and has been heard of since it was read`, (journal, fail) =>
      Effect.gen(function* () {
        const read = yield* placedAs(journal, state)
        const now = yield* settle(journal, uncertain("SentAgain"), 3)
        expectSame(fail, "released as it was", yield* journal.release(A, "token-1", read.changedAt), false)
        expectSame(fail, "released as it may become", yield* journal.release(A, "token-1", instant(4)), false)
        expectSame(fail, "found", yield* find(journal), now)
        expectSame(fail, "released as it is", yield* journal.release(A, "token-1", instant(3)), true)
        expectSame(fail, "found then", yield* find(journal), null)
      })
    )
  )
]

const callLaw = law("find a placement by its provider's order, accepted or ended", (journal, fail) =>
  Effect.gen(function* () {
    expectSame(fail, "in an empty journal", yield* findCall(journal, "order-1"), null)
    yield* placedAs(journal, "uncertain")
    expectSame(fail, "of an uncertain one", yield* findCall(journal, "order-1"), null)
    const taken = yield* settle(journal, accepted(), 3)
    expectSame(fail, "accepted", yield* findCall(journal, "order-1"), taken)
    expectSame(fail, "at another provider", yield* findCall(journal, "order-1", { provider: TWO }), null)
    expectSame(fail, "another order", yield* findCall(journal, "order-2"), null)
    expectSame(fail, "another tenant's", yield* findCall(journal, "order-1", { tenant: "acme" }), null)
    const over = yield* settle(journal, ended(), 4)
    expectSame(fail, "ended", yield* findCall(journal, "order-1"), over)
  })
)

const listing = (title: string, filter: Partial<Unfinished>, expected: ReadonlyArray<PlacementState>): Law =>
  law(`list ${title}`, (journal: Journal, fail: Fail) =>
    Effect.gen(function* () {
      yield* filled(journal)
      const found: ReadonlyArray<Placement> = yield* journal.unfinished({
        tenant: "",
        before: instant(60),
        limit: 10,
        ...filter
      })
      expectSame(
        fail,
        "listed",
        found.map(({ reference }) => reference),
        expected
      )
    })
  )

export const listingLaws: ReadonlyArray<Law> = [
  callLaw,
  listing("all but those ended, oldest change first", {}, ["reserved", "accepted", "uncertain"]),
  listing("no more than the limit", { limit: 2 }, ["reserved", "accepted"]),
  listing("none for a limit of none", { limit: 0 }, []),
  listing("none for a limit below none", { limit: -1 }, []),
  listing("all without a limit", { limit: Infinity }, ["reserved", "accepted", "uncertain"]),
  listing("none that changed since", { before: instant(7) }, ["reserved"]),
  listing("those that changed at that very time", { before: instant(8) }, ["reserved", "accepted"]),
  listing("one provider's", { provider: ONE }, ["reserved", "accepted"]),
  listing("one provider's up to the limit", { provider: TWO, limit: 1 }, ["uncertain"]),
  listing("no other provider's", { provider: ProviderId.make("three") }, []),
  listing("one account's", { account: "account-1" }, ["uncertain"]),
  listing("no other tenant's", { tenant: "acme" }, [])
]
