/** Compacting and deleting in a journal's file: rows of the first version too, and what takes longer than a step. */
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { PlacementJournal, type PlacementKey } from "../../src/calls/PlacementJournal.ts"
import { layerSqliteJournal } from "../../src/node/SqliteJournal.ts"
import { MIGRATIONS } from "../../src/node/sqliteJournalTables.ts"
import { sqliteJournalSize } from "../../src/node/readSqliteJournal.ts"
import { shrinkSqliteJournal } from "../../src/node/sqliteSpace.ts"
import { ended, instant, keyOf, reservation } from "../../src/testing/journal/samples.ts"

const freshFile = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "unicall-retention-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  ),
  (folder) => join(folder, "journal.sqlite")
)

const open = (file: string) =>
  Effect.map(Layer.build(Layer.fresh(layerSqliteJournal({ file }))), Context.get(PlacementJournal))

/** What the first version wrote: one placement for each state. */
const writeFirst = (file: string): void => {
  const database = new DatabaseSync(file)
  database.exec(`${MIGRATIONS[0]}; PRAGMA application_id = ${0x756e6963}; PRAGMA user_version = 1`)
  const insert = database.prepare("INSERT INTO placement VALUES (?, 'one', ?, '1f3a', 'agent-1', ?, ?, ?, ?, ?, ?)")
  const rows = [
    ["old-open", "uncertain", null, "TimedOut", null],
    ["old-ended", "ended", "order-1", null, "completed"]
  ] as const
  for (const [reference, state, order, because, status] of rows)
    insert.run(reference, `token-${reference}`, state, instant(0), instant(5), order, because, status)
  database.close()
}

const LATE = { endedBefore: instant(60), limit: 10 }

describe("a journal's file of the first version", () => {
  it.effect("opens, and what ended in it is compacted and deleted", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      writeFirst(file)
      const journal = yield* open(file)
      const { retention } = journal
      if (retention === undefined) return expect.fail("no retention")
      const find = (key: PlacementKey) => Effect.map(journal.find(key), Option.getOrUndefined)
      yield* journal.reserve(reservation("new"))
      yield* journal.settle(keyOf("new"), "token-1", ended("order-2"), instant(5))
      const open_ = yield* find(keyOf("old-open"))
      expect(yield* retention.countEnded(LATE)).toEqual({ ended: 2, compactable: 2, deletable: 2 })
      expect(yield* retention.compactEnded({ ...LATE, tenant: "acme" })).toEqual({ changed: 0 })
      // One a step, from one table to the other and back.
      const first = yield* retention.compactEnded({ ...LATE, limit: 1 })
      expect(first).toEqual({ changed: 1, next: keyOf("new") })
      expect(yield* retention.compactEnded({ ...LATE, after: keyOf("new") })).toEqual({ changed: 1 })
      expect(yield* find(keyOf("old-ended"))).toEqual({
        reference: "old-ended",
        provider: "one",
        token: "token-old-ended",
        numberDigest: "",
        state: "ended",
        reservedAt: instant(0),
        changedAt: instant(5),
        orderId: "order-1"
      })
      expect(yield* retention.deleteEnded({ ...LATE, tenant: "acme" })).toEqual({ changed: 0 })
      expect(yield* retention.deleteEnded({ ...LATE, tenant: "" })).toEqual({ changed: 2 })
      expect(yield* find(keyOf("old-ended"))).toBeUndefined()
      expect(yield* find(keyOf("old-open"))).toEqual(open_)
      expect((yield* journal.reserve(reservation("old-ended", { token: "token-2" }))).token).toBe("token-2")
    })
  )
})

describe("a step over what is mostly others'", () => {
  it.effect("looks at no more than it may, and goes on behind that", () =>
    Effect.gen(function* () {
      const { reserve, settle, retention } = yield* open(yield* freshFile)
      if (retention === undefined) return expect.fail("no retention")
      const keys = [...["a", "b", "c"].map((text) => keyOf(text, "others")), keyOf("d", "acme"), keyOf("e")]
      for (const key of keys) {
        yield* reserve(reservation(key.reference, { tenant: key.tenant }))
        yield* settle(key, "token-1", ended(`order-${key.reference}`), instant(5))
      }
      const ofAcme = { endedBefore: instant(60), tenant: "acme" }
      for (const step of [retention.compactEnded, retention.deleteEnded]) {
        expect(yield* step({ ...ofAcme, limit: 2 })).toEqual({ changed: 0, next: keys[1] })
        expect(yield* step({ ...ofAcme, limit: 2, after: keyOf("b", "others") })).toEqual({ changed: 1, next: keys[3] })
        for (const limit of [0, -1, 0.5, Number.NaN])
          expect(yield* step({ ...ofAcme, limit })).toEqual({ changed: 0, next: keys[0] })
      }
    })
  )
})

describe("room in a journal's file", () => {
  it.effect("is free for new placements, until the file is shrunk", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { reserve, settle, retention } = yield* open(file)
          const references = Array.from({ length: 500 }, (_, index) => `lead-${index}`)
          yield* Effect.forEach(references, (text) => reserve(reservation(text)), { concurrency: "unbounded" })
          yield* Effect.forEach(
            references,
            (text) => settle(keyOf(text), "token-1", ended(`order-${text}`), instant(5)),
            { concurrency: "unbounded" }
          )
          yield* retention?.deleteEnded({ ...LATE, limit: 1000 }) ?? Effect.void
        })
      )
      const before = yield* sqliteJournalSize({ file })
      expect(before.freeBytes).toBeGreaterThan(0)
      expect(before.bytes).toBe(statSync(file).size)
      yield* shrinkSqliteJournal({ file })
      const after = yield* sqliteJournalSize({ file })
      expect(after).toEqual({ bytes: statSync(file).size, freeBytes: 0 })
      expect(after.bytes).toBeLessThan(before.bytes)
    })
  )
})
