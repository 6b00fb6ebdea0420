/** The laws of a journal that compacts and deletes what has ended. */
import { asideOf } from "../../calls/attribution.ts"
import * as Effect from "effect/Effect"
import { type Placement, type Settlement } from "../../calls/PlacementJournal.ts"
import type { EndedStep, RetentionJournal } from "../../calls/RetentionJournal.ts"
import { allOf } from "../../calls/retention.ts"
import { OrderId } from "../../domain/Identifiers.ts"
import { expectSame, type Fail, type Law, lawOfRetention } from "./law.ts"
import { compactedOf, type Journal } from "./model.ts"
import { A, find, findCall, ONE, settle, SETTLEMENTS, STATES } from "./placements.ts"
import { accepted, ended, instant, keyOf, missed, absent, reservation, superseding } from "./samples.ts"

/** All that a placement can know of its order and its request. */
const FULL = {
  account: "0a0b0c0d",
  content: "c0de",
  time: "7a1b",
  agentId: "agent-1",
  clockOffset: 1500
}

/** Before the 60th second. */
const LATE = { endedBefore: instant(60) }

/** Ended at 5, with all that it can have but what it has shown of lists. */
const endedFully = Effect.fnUntraced(function* (journal: Journal, reference = "a", tenant = "") {
  const key = keyOf(reference, tenant)
  yield* journal.reserve(reservation(reference, { ...FULL, tenant }))
  const open: Settlement =
    journal.absence === undefined
      ? { state: "uncertain", because: "TimedOut" }
      : { state: "uncertain", because: "TimedOut", evidence: "unknown", requestMillis: 1000 }
  yield* settle(journal, open, 2, { key })
  return yield* settle(journal, ended(`order-${reference}`), 5, { key })
})

/** In steps that look at two placements each. */
const changeAll = (step: RetentionJournal["compactEnded"], filter: Omit<EndedStep, "limit" | "after">) =>
  allOf((each) => step({ ...each, limit: 2 }), filter)

const compactingLaws: ReadonlyArray<Law> = [
  lawOfRetention(
    "leave of a compacted placement what keeps its reference taken, and no more",
    (journal, fail, retention) =>
      Effect.gen(function* () {
        const before = yield* endedFully(journal)
        if (before === null) return fail("ended: gave no placement")
        expectSame(fail, "counted", yield* retention.countEnded(LATE), { ended: 1, compactable: 1, deletable: 1 })
        expectSame(fail, "changed", yield* changeAll(retention.compactEnded, LATE), 1)
        const after = compactedOf(before)
        expectSame(fail, "found", yield* find(journal), after)
        expectSame(fail, "found by its order", yield* findCall(journal, "order-a"), after)
        expectSame(fail, "changed again", yield* changeAll(retention.compactEnded, LATE), 0)
        expectSame(fail, "counted again", yield* retention.countEnded(LATE), { ended: 1, compactable: 0, deletable: 1 })
      })
  ),
  lawOfRetention("give a compacted reference to nobody, and change it by nothing", (journal, fail, retention) =>
    Effect.gen(function* () {
      yield* endedFully(journal)
      yield* changeAll(retention.compactEnded, LATE)
      const compacted = yield* find(journal)
      const other = reservation("a", { token: "token-2", at: instant(70) })
      expectSame(fail, "reserved with another token", yield* journal.reserve(other), compacted)
      expectSame(fail, "reserved with its token", yield* journal.reserve(reservation("a", FULL)), compacted)
      const changedAt = compacted?.changedAt ?? instant(0)
      expectSame(fail, "released", yield* journal.release(A, "token-1", changedAt), false)
      expectSame(fail, "accepted again", yield* settle(journal, accepted("order-a"), 80), compacted)
      expectSame(fail, "ended again", yield* settle(journal, ended("order-a"), 80), compacted)
      expectSame(fail, "settled with another token", yield* settle(journal, accepted(), 80, { token: "token-2" }), null)
      expectSame(fail, "found", yield* find(journal), compacted)
    })
  )
]

/** Of both operations: what they leave as it is. */
const sparing = (operation: "compactEnded" | "deleteEnded"): ReadonlyArray<Law> => {
  const name = operation === "compactEnded" ? "compact" : "delete"
  return [
    ...STATES.filter((state) => state !== "ended").map((state) =>
      lawOfRetention(`not ${name} what is ${state}`, (journal, fail, retention) =>
        Effect.gen(function* () {
          yield* journal.reserve(reservation("a", { ...FULL, at: instant(1) }))
          if (state !== "reserved") yield* settle(journal, SETTLEMENTS[state], 2)
          yield* expectSpared(fail, journal, retention, operation, LATE)
        })
      )
    ),
    lawOfRetention(`not ${name} what is absent`, (journal, fail, retention) =>
      Effect.gen(function* () {
        if (journal.absence === undefined) return
        yield* journal.reserve(reservation("a", FULL))
        yield* settle(journal, absent("given_up"), 2)
        yield* expectSpared(fail, journal, retention, operation, LATE)
      })
    ),
    lawOfRetention(`not ${name} what ended at that very time or later`, (journal, fail, retention) =>
      Effect.gen(function* () {
        yield* endedFully(journal)
        yield* expectSpared(fail, journal, retention, operation, { endedBefore: instant(5) })
      })
    ),
    lawOfRetention(`not ${name} another tenant's`, (journal, fail, retention) =>
      Effect.gen(function* () {
        yield* endedFully(journal)
        yield* endedFully(journal, "a", "Acme")
        const ofOthers = [find(journal), find(journal, keyOf("a", "Acme"))]
        const before = yield* Effect.all(ofOthers)
        yield* endedFully(journal, "a", "acme")
        const filter = { ...LATE, tenant: "acme" }
        expectSame(fail, "counted", yield* retention.countEnded(filter), { ended: 1, compactable: 1, deletable: 1 })
        expectSame(fail, "changed", yield* changeAll(retention[operation], filter), 1)
        expectSame(fail, "found of others", yield* Effect.all(ofOthers), before)
        expectSame(fail, "of the common tenant", yield* changeAll(retention[operation], { ...LATE, tenant: "" }), 1)
        expectSame(fail, "of everybody", yield* changeAll(retention[operation], LATE), 1)
      })
    ),
    lawOfRetention(`not ${name} a placement whose reference has others`, (journal, fail, retention) =>
      Effect.gen(function* () {
        const { absence } = journal
        if (absence === undefined) return
        const aside = asideOf("a", "token-1")
        yield* journal.reserve(reservation("a", FULL))
        yield* settle(journal, absent("given_up"), 1)
        yield* absence.supersede(superseding("a", "token-1", { ...FULL, token: "token-2", at: instant(2) }), aside)
        yield* settle(journal, ended("order-1"), 3, { key: keyOf(aside) })
        yield* settle(journal, ended("order-2"), 4, { token: "token-2" })
        const both = [find(journal), find(journal, keyOf(aside))]
        const before = yield* Effect.all(both)
        expectSame(fail, "counted", yield* retention.countEnded(LATE), { ended: 2, compactable: 0, deletable: 0 })
        expectSame(fail, "changed", yield* changeAll(retention[operation], LATE), 0)
        expectSame(fail, "found", yield* Effect.all(both), before)
      })
    ),
    lawOfRetention(`${name} each once, in steps and at the same time`, (journal, fail, retention) =>
      Effect.gen(function* () {
        const references = Array.from({ length: 25 }, (_, index) => `a${index}`)
        yield* Effect.forEach(references, (reference) => endedFully(journal, reference), { concurrency: "unbounded" })
        yield* journal.reserve(reservation("b"))
        const all = changeAll(retention[operation], LATE)
        const changed = yield* Effect.all([all, all, all], { concurrency: "unbounded" })
        expectSame(
          fail,
          "changed in all",
          changed.reduce((a, b) => a + b),
          25
        )
        expectSame(fail, "left to be changed", yield* all, 0)
        expectSame(fail, "what is not ended", (yield* find(journal, keyOf("b")))?.numberDigest, "1f3a")
      })
    ),
    lawOfRetention(`keep what lists have been seen to be, whatever it is told to ${name}`, (journal, fail, retention) =>
      Effect.gen(function* () {
        const { absence } = journal
        if (absence === undefined) return
        yield* journal.reserve(reservation("a", FULL))
        yield* settle(journal, missed(), 1)
        yield* settle(journal, absent(), 2)
        yield* settle(journal, { ...accepted(), listDelay: 7000 }, 3)
        yield* settle(journal, ended(), 4)
        const record = yield* absence.listRecord(ONE, instant(0))
        expectSame(fail, "record", record, { wrong: 1, slowestMillis: 7000 })
        expectSame(fail, "counted", yield* retention.countEnded(LATE), { ended: 1, compactable: 1, deletable: 0 })
        yield* changeAll(retention[operation], LATE)
        expectSame(fail, "record afterwards", yield* absence.listRecord(ONE, instant(0)), record)
        expectSame(fail, "still taken", (yield* find(journal))?.state, "ended")
      })
    )
  ]
}

const expectSpared = Effect.fnUntraced(function* (
  fail: Fail,
  journal: Journal,
  retention: RetentionJournal,
  operation: "compactEnded" | "deleteEnded",
  filter: Omit<EndedStep, "limit" | "after">
) {
  const before: Placement | null = yield* find(journal)
  expectSame(fail, "counted", yield* retention.countEnded(filter), { ended: 0, compactable: 0, deletable: 0 })
  expectSame(fail, "changed", yield* changeAll(retention[operation], filter), 0)
  expectSame(fail, "found", yield* find(journal), before)
})

const deletingLaws: ReadonlyArray<Law> = [
  lawOfRetention("know nothing of a deleted placement, and give its reference anew", (journal, fail, retention) =>
    Effect.gen(function* () {
      yield* endedFully(journal)
      yield* endedFully(journal, "b")
      yield* changeAll(retention.compactEnded, LATE)
      yield* endedFully(journal, "c")
      expectSame(fail, "changed", yield* changeAll(retention.deleteEnded, LATE), 3)
      for (const text of ["a", "b", "c"]) {
        expectSame(fail, `${text} found`, yield* find(journal, keyOf(text)), null)
        expectSame(fail, `${text} found by its order`, yield* findCall(journal, `order-${text}`), null)
      }
      const again = yield* journal.reserve(reservation("a", { token: "token-2", at: instant(70) }))
      expectSame(fail, "reserved again", [again.token, again.state], ["token-2", "reserved"])
      expectSame(fail, "a late result", yield* settle(journal, accepted("order-a"), 80), null)
      expectSame(fail, "counted", yield* retention.countEnded(LATE), { ended: 0, compactable: 0, deletable: 0 })
    })
  ),
  lawOfRetention("find another placement of the order of a deleted one", (journal, fail, retention) =>
    Effect.gen(function* () {
      const order = OrderId.make("order-1")
      for (const text of ["a", "b"]) {
        yield* journal.reserve(reservation(text))
        yield* settle(journal, accepted(order), 2, { key: keyOf(text) })
      }
      yield* settle(journal, ended(order), 3)
      yield* changeAll(retention.deleteEnded, LATE)
      expectSame(fail, "found", (yield* findCall(journal, order))?.reference, "b")
    })
  )
]

export const retentionLaws: ReadonlyArray<Law> = [
  ...compactingLaws,
  ...sparing("compactEnded"),
  ...deletingLaws,
  ...sparing("deleteEnded")
]
