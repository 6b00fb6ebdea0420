/** The laws of a journal, one by one: each says what is wrong where the random histories only say that something is. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import {
  type AbsenceJournal,
  type JournalError,
  type Placement,
  PlacementState,
  type Settlement,
  type Unfinished
} from "../../calls/PlacementJournal.ts"
import { OrderId, ProviderId } from "../../domain/Identifiers.ts"
import { expectSame, type Fail, type Law } from "./law.ts"
import { type Journal, kept, NEXT } from "./model.ts"
import { absent, accepted, callOf, ended, instant, keyOf, reservation, superseding, uncertain } from "./samples.ts"

const ONE = ProviderId.make("one")
const TWO = ProviderId.make("two")
const A = keyOf("a")

const SETTLEMENTS: { readonly [state in Settlement["state"]]: Settlement } = {
  uncertain: uncertain(),
  absent: absent(),
  accepted: accepted(),
  ended: ended()
}

/** Those that every journal knows. */
const STATES = PlacementState.literals.filter((state) => state !== "absent")

const law = (name: string, check: Law["check"]): Law => ({ name: `MUST ${name}`, check })

/** Nothing is asked of a journal that keeps no placements that are absent: no policy is taken on it. */
const lawOfAbsence = (
  name: string,
  check: (journal: Journal, fail: Fail, absence: AbsenceJournal) => Effect.Effect<void, JournalError>
): Law =>
  law(name, (journal, fail) => (journal.absence === undefined ? Effect.void : check(journal, fail, journal.absence)))

/** A placement brought to a state. */
const placedAs = Effect.fnUntraced(function* (journal: Journal, state: PlacementState) {
  const placement = yield* journal.reserve(reservation("a", { at: instant(1) }))
  if (state === "reserved") return placement
  return Option.getOrElse(yield* journal.settle(A, "token-1", SETTLEMENTS[state], instant(2)), () => placement)
})

const find = (journal: Journal, key = A) => Effect.map(journal.find(key), Option.getOrNull)

const settle = (journal: Journal, settlement: Settlement, second: number, { key = A, token = "token-1" } = {}) =>
  Effect.map(journal.settle(key, token, settlement, instant(second)), Option.getOrNull)

const findCall = (journal: Journal, order: string, { provider = ONE, tenant = "" } = {}) =>
  Effect.map(journal.findCall(callOf(provider, OrderId.make(order), tenant)), Option.getOrNull)

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
      yield* placedAs(journal, "uncertain")
      expectSame(fail, "released", yield* journal.release(A, "token-1"), true)
      const later = yield* journal.reserve(reservation("a", { token: "token-2" }))
      expectSame(fail, "settled late", yield* settle(journal, accepted(), 4), null)
      expectSame(fail, "released late", yield* journal.release(A, "token-1"), false)
      expectSame(fail, "found", yield* find(journal), later)
    })
  )
]

export const releasingLaws: ReadonlyArray<Law> = STATES.map((state) => {
  const isOpen = state === "reserved" || state === "uncertain"
  return law(`${isOpen ? "give up" : "keep"} what is ${state}`, (journal, fail) =>
    Effect.gen(function* () {
      const placement = yield* placedAs(journal, state)
      expectSame(fail, "released with another token", yield* journal.release(A, "token-2"), false)
      expectSame(fail, "another reference released", yield* journal.release(keyOf("b"), "token-1"), false)
      expectSame(fail, "another tenant's released", yield* journal.release(keyOf("a", "acme"), "token-1"), false)
      expectSame(fail, "released", yield* journal.release(A, "token-1"), isOpen)
      expectSame(fail, "found", yield* find(journal), isOpen ? null : placement)
      expectSame(fail, "released again", yield* journal.release(A, "token-1"), false)
      const again = yield* journal.reserve(reservation("a", { token: "token-2" }))
      expectSame(fail, "reserved again: token", again.token, isOpen ? "token-2" : "token-1")
    })
  )
})

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

/** One of each state, of two providers in turn; changed at 0, 9, 8 and 7. */
const filled = Effect.fnUntraced(function* (journal: Journal) {
  for (const [index, state] of STATES.entries()) {
    const provider = index % 2 === 0 ? ONE : TWO
    yield* journal.reserve(reservation(state, { at: instant(index), provider, account: `account-${index % 2}` }))
    if (state !== "reserved") yield* settle(journal, SETTLEMENTS[state], 10 - index, { key: keyOf(state) })
  }
})

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

const SENT = { state: "uncertain", because: "TimedOut" } as const
const ACCEPTED = { state: "accepted", orderId: OrderId.make("order-1") } as const

const ASIDE = "a\u0001token-1"
const OPEN = { tenant: "", provider: ONE, before: instant(60), limit: 10 }
const ABSENCES = { tenant: "", provider: ONE, since: instant(0), limit: 10 }

/** An absent placement, and another one in its place. */
const superseded = Effect.fnUntraced(function* (journal: Journal, absence: AbsenceJournal) {
  const before = yield* placedAs(journal, "absent")
  const after = yield* absence.supersede(superseding("a", "token-1", { token: "token-2", at: instant(4) }), ASIDE)
  return { before, after }
})

const tokensOf = (placements: ReadonlyArray<Placement>) => placements.map(({ token }) => token)

export const absenceLaws: ReadonlyArray<Law> = [
  lawOfAbsence("neither free nor give up what is absent", (journal, fail) =>
    Effect.gen(function* () {
      const placement = yield* placedAs(journal, "absent")
      expectSame(fail, "reserved again", yield* journal.reserve(reservation("a", { token: "token-2" })), placement)
      expectSame(fail, "released", yield* journal.release(A, "token-1"), false)
      expectSame(fail, "found", yield* find(journal), placement)
      const listed = yield* journal.unfinished({ tenant: "", before: instant(60), limit: 10 })
      expectSame(fail, "listed as unfinished", listed, [])
    })
  ),
  lawOfAbsence("keep an absent placement whose place is taken, by its order too", (journal, fail, absence) =>
    Effect.gen(function* () {
      const { before, after } = yield* superseded(journal, absence)
      const { state, supersedes } = after
      expectSame(fail, "answered", [after.token, state, supersedes], ["token-2", "reserved", "token-1"])
      expectSame(fail, "found", yield* find(journal), after)
      const aside = { ...before, reference: ASIDE, sentAs: "a" }
      expectSame(fail, "kept", yield* find(journal, keyOf(ASIDE)), aside)
      expectSame(fail, "settled by its old key", yield* settle(journal, accepted(), 5), null)
      const known = yield* settle(journal, accepted(), 5, { key: keyOf(ASIDE) })
      expectSame(fail, "settled by its new key", [known?.orderId, known?.wrongAt], ["order-1", instant(5)])
      expectSame(fail, "found by its order", (yield* findCall(journal, "order-1"))?.reference, ASIDE)
      expectSame(fail, "what has its place", yield* find(journal), after)
    })
  ),
  lawOfAbsence("take a place once: of a hundred at once, one", (journal, fail, absence) =>
    Effect.gen(function* () {
      yield* placedAs(journal, "absent")
      const holders = yield* Effect.forEach(
        Array.from({ length: 100 }, (_, index) => `taker-${index}`),
        (token) => absence.supersede(superseding("a", "token-1", { token }), ASIDE),
        { concurrency: "unbounded" }
      )
      expectSame(fail, "holders", new Set(holders.map(({ token }) => token)).size, 1)
      expectSame(fail, "asked again", yield* absence.supersede(superseding("a", "token-1"), ASIDE), holders[0])
    })
  ),
  ...(["reserved", "uncertain", "accepted", "ended"] as const).map((state) =>
    lawOfAbsence(`not take the place of what is ${state}`, (journal, fail, absence) =>
      Effect.gen(function* () {
        const placement = yield* placedAs(journal, state)
        const reserving = superseding("a", "token-1", { token: "token-2" })
        expectSame(fail, "answered", yield* absence.supersede(reserving, ASIDE), placement)
        expectSame(fail, "found", yield* find(journal), placement)
        expectSame(fail, "kept aside", yield* find(journal, keyOf(ASIDE)), null)
      })
    )
  ),
  lawOfAbsence("not take the place of another token, nor of another tenant's", (journal, fail, absence) =>
    Effect.gen(function* () {
      const placement = yield* placedAs(journal, "absent")
      const other = superseding("a", "token-0", { token: "token-2" })
      expectSame(fail, "another token", yield* absence.supersede(other, ASIDE), placement)
      const foreign = superseding("a", "token-1", { token: "token-2", tenant: "acme" })
      expectSame(fail, "another tenant", (yield* absence.supersede(foreign, ASIDE)).tenant, "acme")
      expectSame(fail, "found", yield* find(journal), placement)
    })
  ),
  lawOfAbsence("keep what it is told of requests and lists", (journal, fail) =>
    Effect.gen(function* () {
      yield* journal.reserve(reservation("a"))
      yield* settle(journal, { ...SENT, requestMillis: 1000 }, 1)
      const missed = yield* settle(journal, { ...SENT, evidence: "not_listed", missedMillis: 400_000 }, 2)
      expectSame(fail, "missed", [missed?.requestMillis, missed?.missedMillis], [1000, 400_000])
      const again = yield* settle(journal, { ...SENT, evidence: "sent_again", requestMillis: 500_000 }, 3)
      expectSame(fail, "sent again", [again?.requestMillis, again?.missedMillis ?? null], [500_000, null])
      const known = yield* settle(journal, { ...ACCEPTED, evidence: "reference_seen", listDelay: 7000 }, 4)
      expectSame(fail, "known", [known?.evidence, known?.listDelay], ["reference_seen", 7000])
      const over = yield* settle(journal, ended(), 5)
      expectSame(fail, "over", [over?.evidence, over?.listDelay], ["reference_seen", 7000])
    })
  ),
  lawOfAbsence("not count it as wrong where no list was", (journal, fail, absence) =>
    Effect.gen(function* () {
      yield* journal.reserve(reservation("a"))
      yield* settle(journal, absent("given_up"), 1)
      expectSame(fail, "wrong", (yield* settle(journal, accepted(), 2))?.wrongAt ?? null, null)
      expectSame(fail, "record", yield* absence.listRecord(ONE, instant(0)), { wrong: 0 })
    })
  ),
  lawOfAbsence("list what is open and what is absent, of one provider", (journal, fail, absence) =>
    Effect.gen(function* () {
      yield* filled(journal)
      yield* journal.reserve(reservation("late", { at: instant(20) }))
      yield* settle(journal, uncertain(), 21, { key: keyOf("late") })
      for (const [index, text] of ["first", "second"].entries()) {
        yield* journal.reserve(reservation(text, { token: text, at: instant(0) }))
        yield* settle(journal, absent(), 30 + index, { key: keyOf(text), token: text })
      }
      const open = yield* absence.open(OPEN)
      expectSame(
        fail,
        "open",
        open.map(({ reference }) => reference),
        ["reserved", "late"]
      )
      expectSame(fail, "open before", (yield* absence.open({ ...OPEN, before: instant(20) })).length, 1)
      expectSame(fail, "open up to a limit", (yield* absence.open({ ...OPEN, limit: 1 })).length, 1)
      expectSame(fail, "another tenant's", yield* absence.open({ ...OPEN, tenant: "acme" }), [])
      expectSame(fail, "absent, the last first", tokensOf(yield* absence.absent(ABSENCES)), ["second", "first"])
      expectSame(fail, "absent since", tokensOf(yield* absence.absent({ ...ABSENCES, since: instant(31) })), ["second"])
      expectSame(fail, "absent up to a limit", tokensOf(yield* absence.absent({ ...ABSENCES, limit: 1 })), ["second"])
      expectSame(fail, "absent elsewhere", yield* absence.absent({ ...ABSENCES, provider: TWO }), [])
    })
  ),
  lawOfAbsence("count what was wrong since, and the slowest list, of all tenants", (journal, fail, absence) =>
    Effect.gen(function* () {
      for (const [index, tenant] of ["", "acme"].entries()) {
        const key = keyOf("a", tenant)
        yield* journal.reserve(reservation("a", { tenant }))
        yield* settle(journal, absent(), 2, { key })
        yield* settle(journal, { ...ACCEPTED, listDelay: 1000 * index }, 5 + index, { key })
      }
      yield* journal.reserve(reservation("b", { provider: TWO }))
      expectSame(fail, "all", yield* absence.listRecord(ONE, instant(0)), { wrong: 2, slowestMillis: 1000 })
      expectSame(fail, "later", yield* absence.listRecord(ONE, instant(5)), { wrong: 1, slowestMillis: 1000 })
      expectSame(fail, "another provider", yield* absence.listRecord(TWO, instant(0)), { wrong: 0 })
    })
  )
]
