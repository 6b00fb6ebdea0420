/** The laws of a journal that keeps placements that are absent. */
import { asideOf } from "../../calls/attribution.ts"
import * as Effect from "effect/Effect"
import { type AbsenceJournal, type Placement } from "../../calls/PlacementJournal.ts"
import { expectSame, type Law, lawOfAbsence } from "./law.ts"
import { type Journal } from "./model.ts"
import { absent, accepted, ended, instant, keyOf, missed, reservation, superseding, uncertain } from "./samples.ts"
import { A, filled, find, findCall, ONE, placedAs, settle, TWO } from "./placements.ts"

const ASIDE = asideOf("a", "token-1")
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
      expectSame(fail, "released", yield* journal.release(A, "token-1", placement.changedAt), false)
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
      yield* settle(journal, { ...uncertain(), requestMillis: 1000 }, 1)
      const missed = yield* settle(journal, { ...uncertain(), evidence: "not_listed", missedMillis: 400_000 }, 2)
      expectSame(fail, "missed", [missed?.requestMillis, missed?.missedMillis], [1000, 400_000])
      const again = yield* settle(journal, { ...uncertain(), evidence: "sent_again", requestMillis: 500_000 }, 3)
      expectSame(fail, "sent again", [again?.requestMillis, again?.missedMillis ?? null], [500_000, null])
      const known = yield* settle(journal, { ...accepted(), evidence: "reference_seen", listDelay: 7000 }, 4)
      expectSame(fail, "known", [known?.evidence, known?.listDelay], ["reference_seen", 7000])
      const over = yield* settle(journal, ended(), 5)
      expectSame(fail, "over", [over?.evidence, over?.listDelay], ["reference_seen", 7000])
    })
  ),
  lawOfAbsence("not call absent by lists what none has missed since it was sent last", (journal, fail) =>
    Effect.gen(function* () {
      const reserved = yield* journal.reserve(reservation("a"))
      expectSame(fail, "reserved", yield* settle(journal, absent(), 1), reserved)
      const open = yield* settle(journal, uncertain(), 2)
      expectSame(fail, "uncertain", yield* settle(journal, absent(), 3), open)
      yield* settle(journal, missed(), 4)
      const again = { ...uncertain("SentAgain"), evidence: "sent_again", requestMillis: 700_000 } as const
      const sent = yield* settle(journal, again, 5)
      expectSame(fail, "sent again", yield* settle(journal, absent(), 6), sent)
      const before = { ...missed(), ofRequest: 660_000 }
      expectSame(fail, "missed before that", yield* settle(journal, before, 7), sent)
      expectSame(fail, "found", yield* find(journal), sent)
      const since = yield* settle(journal, { ...missed(), ofRequest: 700_000 }, 7)
      expectSame(fail, "missed since by a list", [since?.missedMillis, since?.requestMillis], [400_000, 700_000])
      expectSame(fail, "absent before that", yield* settle(journal, { ...absent(), ofRequest: 660_000 }, 8), since)
      expectSame(
        fail,
        "missed since",
        (yield* settle(journal, { ...absent(), ofRequest: 700_000 }, 8))?.state,
        "absent"
      )
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
        yield* journal.reserve(reservation(text, { token: text, at: instant(0), account: `account-${index}` }))
        yield* settle(journal, missed(), 20, { key: keyOf(text), token: text })
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
      const ofAccount = yield* absence.open({ ...OPEN, account: "account-1" })
      expectSame(
        fail,
        "open of one account, or of none",
        ofAccount.map(({ reference }) => reference),
        ["late"]
      )
      expectSame(fail, "absent, the last first", tokensOf(yield* absence.absent(ABSENCES)), ["second", "first"])
      expectSame(fail, "absent since", tokensOf(yield* absence.absent({ ...ABSENCES, since: instant(31) })), ["second"])
      expectSame(fail, "absent up to a limit", tokensOf(yield* absence.absent({ ...ABSENCES, limit: 1 })), ["second"])
      const absentOfAccount = yield* absence.absent({ ...ABSENCES, account: "account-0" })
      expectSame(fail, "absent of one account", tokensOf(absentOfAccount), ["first"])
      expectSame(fail, "another tenant's absent", yield* absence.absent({ ...ABSENCES, tenant: "acme" }), [])
      expectSame(fail, "absent elsewhere", yield* absence.absent({ ...ABSENCES, provider: TWO }), [])
    })
  ),
  lawOfAbsence("count what was wrong since, and the slowest list, of all tenants", (journal, fail, absence) =>
    Effect.gen(function* () {
      for (const [index, tenant] of ["", "acme"].entries()) {
        const key = keyOf("a", tenant)
        yield* journal.reserve(reservation("a", { tenant }))
        yield* settle(journal, missed(), 1, { key })
        yield* settle(journal, absent(), 2, { key })
        yield* settle(journal, { ...accepted(), listDelay: 1000 * index }, 5 + index, { key })
      }
      yield* journal.reserve(reservation("b", { provider: TWO }))
      expectSame(fail, "all", yield* absence.listRecord(ONE, instant(0)), { wrong: 2, slowestMillis: 1000 })
      expectSame(fail, "later", yield* absence.listRecord(ONE, instant(5)), { wrong: 1, slowestMillis: 1000 })
      expectSame(fail, "another provider", yield* absence.listRecord(TWO, instant(0)), { wrong: 0 })
    })
  )
]
