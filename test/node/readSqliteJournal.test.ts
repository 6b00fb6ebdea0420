/** A journal's file is read without being changed, whoever wrote it and whoever has it open. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterEach, beforeEach, describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { layerSqliteJournal } from "../../src/node/SqliteJournal.ts"
import { APPLICATION_ID, MIGRATIONS } from "../../src/node/sqliteJournalTables.ts"
import { readSqliteJournal, sqliteJournalSize } from "../../src/node/readSqliteJournal.ts"
import { instant, reservation } from "../../src/testing/journal/samples.ts"

let folder = ""
let file = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unicall-reading-"))
  file = join(folder, "journal.sqlite")
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Everything that is there, byte by byte. */
const found = () => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "latin1")])

const referencesIn = (each: () => void = () => undefined) => {
  const references: Array<string> = []
  return Effect.map(
    readSqliteJournal({ file }, ({ reference }) => {
      references.push(reference)
      each()
    }),
    () => references.toSorted()
  )
}

const problemOfReading = () =>
  Effect.map(
    Effect.all([Effect.flip(readSqliteJournal({ file }, () => undefined)), Effect.flip(sqliteJournalSize({ file }))]),
    (errors) => [...new Set(errors.map(({ operation, problem }) => `${operation}: ${problem}`))]
  )

const write = (sql: string): void => {
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}

/** As it was written by the version of unicall that knew so many migrations. */
const writeVersion = (version: number): void => {
  write(`PRAGMA journal_mode = WAL; ${MIGRATIONS.slice(0, version).join(";")};
    PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version};
    INSERT INTO placement (reference, provider, token, "check", state, reservedAt, changedAt)
      VALUES ('old', 'one', 'token-1', '1f3a', 'reserved', '${instant(0)}', '${instant(5)}')`)
  if (version > 1)
    write(`INSERT INTO tenant_placement (tenant, reference, provider, token, "check", state, reservedAt, changedAt)
      VALUES ('', 'new', 'one', 'token-1', '1f3a', 'reserved', '${instant(0)}', '${instant(5)}')`)
}

const written = (references: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const journal = Context.get(yield* Layer.build(layerSqliteJournal({ file })), PlacementJournal)
    yield* Effect.forEach(references, (reference) => journal.reserve(reservation(reference)))
  })

describe("reading a journal's file", () => {
  it.effect("changes nothing of one that nobody has open", () =>
    Effect.gen(function* () {
      yield* Effect.scoped(written(["lead-1", "lead-2"]))
      const before = found()
      expect(yield* referencesIn()).toEqual(["lead-1", "lead-2"])
      expect(yield* sqliteJournalSize({ file })).toEqual({ bytes: readFileSync(file).length, freeBytes: 0 })
      expect(found()).toEqual(before)
    })
  )

  it.effect("sees what others have written, and is no hindrance to them", () =>
    Effect.gen(function* () {
      yield* written(["lead-1"])
      const journal = found()[0]
      const reading = referencesIn(() => write(`UPDATE tenant_placement SET agentId = 'agent-7'`))
      expect(yield* reading).toEqual(["lead-1"])
      yield* written(["lead-2"])
      expect(yield* referencesIn()).toEqual(["lead-1", "lead-2"])
      expect(found()[0]).toEqual(journal)
    }).pipe(Effect.scoped)
  )

  it.effect.each([1, 2, 3])("reads version %i of its schema, and leaves it so", (version) =>
    Effect.gen(function* () {
      writeVersion(version)
      const before = found()
      expect(yield* referencesIn()).toEqual(version === 1 ? ["old"] : ["new", "old"])
      expect((yield* sqliteJournalSize({ file })).bytes).toBeGreaterThan(0)
      expect(found()).toEqual(before)
    })
  )

  it.effect("makes none where there is none", () =>
    Effect.gen(function* () {
      expect(yield* problemOfReading()).toEqual(["open: no such file"])
      expect(found()).toEqual([])
    })
  )

  it.effect.each([
    ["of another program", () => write("CREATE TABLE t (x)"), "another program's database"],
    [
      "of a newer version",
      () => write(`CREATE TABLE t (x); PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 99`),
      `schema version 99, newer than ${MIGRATIONS.length}, the newest known here`
    ],
    ["that is empty", () => writeFileSync(file, ""), "an empty file, and no journal yet"],
    ["that is no database", () => writeFileSync(file, "text".repeat(999)), "SQLITE_NOTADB"]
  ] as const)("refuses a file %s, and leaves it as it is", ([, make, problem]) =>
    Effect.gen(function* () {
      make()
      const before = found()
      expect(yield* problemOfReading()).toEqual([`open: ${problem}`])
      expect(found()).toEqual(before)
    })
  )

  it.effect("does not count where somebody has written the file meanwhile", () =>
    Effect.gen(function* () {
      yield* Effect.scoped(written(["lead-1"]))
      const reading = referencesIn(() => write(`UPDATE tenant_placement SET agentId = 'agent-7'`))
      expect((yield* Effect.flip(reading)).problem).toBe("written by others while it was read: try again")
      expect(yield* referencesIn()).toEqual(["lead-1"])
    })
  )
})
