import {
  chmodSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  closeSync,
  writeFileSync,
  writeSync
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { JournalHandle } from "../../src/calls/JournalHandle.ts"
import { type JournalError, PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { openSqliteFile } from "../../src/node/SqliteFile.ts"
import { layerSqliteJournal } from "../../src/node/SqliteJournal.ts"
import { accepted, ended, instant, reservation, uncertain } from "../../src/testing/journal/samples.ts"
import { journalContract } from "../../src/testing/journalContract.ts"
import { forgotten, reserver, startProcess, startReserver } from "./reservers.ts"
import type { Line } from "./reserveProcess.ts"
import { callOf, keyOf } from "./placementKeys.ts"

type Journal = PlacementJournal["Service"]

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "unicall-journal-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** A path in a folder of its own, where no file is yet. */
const freshFile = Effect.map(folder, (path) => join(path, "journal.db"))

/** The journal of a file, until the scope ends. */
const open = (file: string) =>
  Effect.map(Layer.build(Layer.fresh(layerSqliteJournal({ file }))), Context.get(PlacementJournal))

const opened = <A, E>(file: string, use: (journal: Journal) => Effect.Effect<A, E>) =>
  Effect.scoped(Effect.flatMap(open(file), use))

/** One journal whose calls go to two of one file in turn. */
const layerTwoOnOneFile = Layer.effect(
  PlacementJournal,
  Effect.gen(function* () {
    const file = yield* freshFile
    const both = [yield* open(file), yield* open(file)]
    let calls = 0
    const next = (): Journal => both[calls++ % 2]!
    return PlacementJournal.of({
      reserve: (...args) => next().reserve(...args),
      settle: (...args) => next().settle(...args),
      release: (...args) => next().release(...args),
      find: (...args) => next().find(...args),
      findCall: (...args) => next().findCall(...args),
      unfinished: (...args) => next().unfinished(...args),
      absence: {
        supersede: (...args) => next().absence!.supersede(...args),
        open: (...args) => next().absence!.open(...args),
        absent: (...args) => next().absence!.absent(...args),
        listRecord: (...args) => next().absence!.listRecord(...args)
      },
      retention: {
        countEnded: (...args) => next().retention!.countEnded(...args),
        compactEnded: (...args) => next().retention!.compactEnded(...args),
        deleteEnded: (...args) => next().retention!.deleteEnded(...args)
      }
    })
  })
)

const layerSqlite = Layer.unwrap(Effect.map(freshFile, (file) => layerSqliteJournal({ file })))

const laws: ReadonlyArray<readonly [string, Layer.Layer<PlacementJournal, JournalError>, number]> = [
  ["journal in memory", layerMemoryJournal, 400],
  ["journal in SQLite", layerSqlite, 60],
  ["two journals in SQLite on one file", layerTwoOnOneFile, 60]
]

describe.each(laws)("%s", (name, layer, runs) => {
  const cases = journalContract(() => new JournalHandle(name, Layer.fresh(layer)), { runs })
  it.each(cases.map((each) => [each.name, each.run] as const))("%s", (_, run) => run(), 120_000)
})

/** Another program on the file. */
const connection = (file: string) =>
  Effect.acquireRelease(
    Effect.sync(() => new DatabaseSync(file)),
    (database) => Effect.sync(() => (database.isOpen ? database.close() : undefined))
  )

const execute = (file: string, sql: string) =>
  Effect.scoped(Effect.map(connection(file), (database) => database.exec(sql)))

const integrity = (file: string) =>
  Effect.scoped(Effect.map(connection(file), (database) => database.prepare("PRAGMA integrity_check").all()))

const SOUND = [{ integrity_check: "ok" }]

const references = (count: number, prefix = "reference"): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`)

const reserveAll = (journal: Journal, keys: ReadonlyArray<string>) =>
  Effect.forEach(keys, (key) => journal.reserve(reservation(key)), { concurrency: "unbounded" })

/** Time passes in many turns, as it does. */
const pass = (milliseconds: number) =>
  Effect.forEach(Array.from({ length: milliseconds / 50 }), () => TestClock.adjust("50 millis"), { discard: true })

const turns = (count: number) => Effect.repeat(Effect.yieldNow, { times: count })

const problem = <A, E extends { readonly message: string }>(effect: Effect.Effect<A, E>) =>
  Effect.map(Effect.flip(effect), ({ message }) => message)

describe("a journal's file", () => {
  it.effect("keeps everything when it is opened again", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const written = yield* opened(file, (journal) =>
        Effect.gen(function* () {
          yield* reserveAll(journal, ["a", "b", "c", "d"])
          yield* journal.settle(keyOf("b"), "token-1", uncertain(), instant(1))
          yield* journal.settle(keyOf("c"), "token-1", accepted("order-1", "queued"), instant(2))
          yield* journal.settle(keyOf("d"), "token-1", ended("order-2"), instant(3))
          return yield* Effect.forEach(["a", "b", "c", "d"], (key) => journal.find(keyOf(key)))
        })
      )
      expect(written.every(Option.isSome)).toBe(true)
      yield* opened(file, (journal) =>
        Effect.gen(function* () {
          expect(yield* Effect.forEach(["a", "b", "c", "d"], (key) => journal.find(keyOf(key)))).toEqual(written)
          expect(yield* journal.findCall(callOf(ProviderId.make("one"), OrderId.make("order-2")))).toEqual(written[3])
          expect((yield* journal.reserve(reservation("a", { token: "token-2" }))).token).toBe("token-1")
        })
      )
      expect(yield* integrity(file)).toEqual(SOUND)
    })
  )

  it.effect.runIf(process.platform !== "win32")("is made for this user only, with its folders", () =>
    Effect.gen(function* () {
      const file = join(yield* folder, "new", "folders", "journal.db")
      const modeOf = (path: string) => statSync(path).mode & 0o777
      yield* opened(file, (journal) =>
        Effect.gen(function* () {
          yield* journal.reserve(reservation("a"))
          expect(readdirSync(dirname(file)).map((name) => modeOf(join(dirname(file), name)))).toEqual([
            0o600, 0o600, 0o600
          ])
        })
      )
      expect([dirname(file), dirname(dirname(file))].map(modeOf)).toEqual([0o700, 0o700])
      expect(readdirSync(dirname(file))).toEqual(["journal.db"])
    })
  )

  it.effect("may be there and empty", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      writeFileSync(file, "")
      expect(yield* opened(file, (journal) => journal.reserve(reservation("a")))).toMatchObject({ state: "reserved" })
    })
  )

  it.effect("written before there was a table is brought up to date, once, by many", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* execute(file, "VACUUM")
      const journals = yield* Effect.forEach(references(5), () => open(file), { concurrency: "unbounded" })
      const placements = yield* Effect.forEach(journals, (journal, index) =>
        journal.reserve(reservation("a", { token: `token-${index}` }))
      )
      expect(new Set(placements.map(({ token }) => token)).size).toBe(1)
      const version = yield* Effect.map(connection(file), (database) => database.prepare("PRAGMA user_version").get())
      expect(version).toEqual({ user_version: 5 })
    })
  )

  const settings = {
    applicationId: 7,
    migrations: ["CREATE TABLE one (id TEXT)", "ALTER TABLE one ADD COLUMN more TEXT"]
  }

  const columnsOf = (database: DatabaseSync) =>
    database
      .prepare("SELECT name FROM pragma_table_info('one')")
      .all()
      .map(({ name }) => name)

  it.effect("is synced with every commit, and never holds the event loop up for long", () =>
    Effect.gen(function* () {
      const { database } = yield* openSqliteFile({ file: yield* freshFile, ...settings })
      const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
      expect(["journal_mode", "synchronous", "fullfsync"].map(pragma)).toEqual(["wal", 2, 1])
      expect(pragma("busy_timeout")).toBeLessThanOrEqual(100)
    })
  )

  it.effect("of an older version is brought to the newest, its rows kept", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* Effect.scoped(
        Effect.map(openSqliteFile({ file, ...settings, migrations: settings.migrations.slice(0, 1) }), ({ database }) =>
          database.exec("INSERT INTO one VALUES ('kept')")
        )
      )
      const { database } = yield* openSqliteFile({ file, ...settings })
      expect(columnsOf(database)).toEqual(["id", "more"])
      expect(database.prepare("SELECT id FROM one").get()).toEqual({ id: "kept" })
      expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: 2 })
    })
  )

  it.effect("of an older version that cannot be brought to the newest stays as it is", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const older = { file, ...settings, migrations: settings.migrations.slice(0, 1) }
      yield* Effect.scoped(openSqliteFile(older))
      const newer = { file, ...settings, migrations: [...settings.migrations, "CREATE TABLE one (id TEXT)"] }
      expect(yield* problem(Effect.scoped(openSqliteFile(newer)))).toBe("journal: open: SQLITE_ERROR")
      const { database } = yield* openSqliteFile(older)
      expect(columnsOf(database)).toEqual(["id"])
    })
  )

  const refused = Effect.fnUntraced(function* (file: string) {
    const bytes = readFileSync(file)
    const message = yield* problem(opened(file, () => Effect.void))
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(readdirSync(dirname(file))).toEqual(["journal.db"])
    return message
  })

  it.effect.each([
    ["two characters", "{}"],
    ["a line of text", "not a database\n"],
    ["a header alone", "SQLite format 3\u0000"],
    ["text under a header", "SQLite format 3\u0000, or so it says".repeat(200)],
    ["zeros", "\u0000".repeat(5000)]
  ] as const)("is refused and left as it is when it is no database: %s", ([, content]) =>
    Effect.gen(function* () {
      const file = yield* freshFile
      writeFileSync(file, content)
      expect(yield* refused(file)).toBe("journal: open: SQLITE_NOTADB")
    })
  )

  it.effect("is refused and left as it is when it is another program's", () =>
    Effect.gen(function* () {
      for (const sql of [
        "CREATE TABLE other (id INTEGER)",
        "PRAGMA user_version = 1",
        "PRAGMA application_id = 7",
        "CREATE TABLE placement (reference TEXT); PRAGMA user_version = 1",
        "PRAGMA journal_mode = WAL; CREATE TABLE other (id INTEGER)"
      ]) {
        const file = yield* freshFile
        yield* execute(file, sql)
        expect(yield* refused(file)).toBe("journal: open: another program's database")
      }
    })
  )

  it.effect("is refused and left as it is when a later version wrote it", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* opened(file, (journal) => journal.reserve(reservation("a")))
      yield* execute(file, "PRAGMA user_version = 99")
      expect(yield* refused(file)).toBe("journal: open: schema version 99, newer than 5, the newest known here")
    })
  )

  it.effect("that cannot be made is told by the system's word for it", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      writeFileSync(file, "")
      expect(yield* problem(opened(join(file, "journal.db"), () => Effect.void))).toMatch(
        /^journal: open: (ENOTDIR|EEXIST)$/
      )
      expect(yield* problem(opened(join(file, "below", "journal.db"), () => Effect.void))).toMatch(
        /^journal: open: (ENOTDIR|ENOENT)$/
      )
      expect(yield* problem(opened(dirname(file), () => Effect.void))).toBe("journal: open: SQLITE_CANTOPEN")
    })
  )

  it.effect("that is damaged is told as such, and nothing is reserved in it", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* opened(file, (journal) => reserveAll(journal, references(2000)))
      const descriptor = openSync(file, "r+")
      // All but the first page, which holds the schema.
      writeSync(descriptor, Buffer.alloc(statSync(file).size - 4096, 0xff), 0, null, 4096)
      closeSync(descriptor)
      yield* opened(file, (journal) =>
        Effect.gen(function* () {
          expect(yield* problem(journal.reserve(reservation("a")))).toBe("journal: reserve: SQLITE_CORRUPT")
          expect(yield* problem(journal.find(keyOf("reference-7")))).toBe("journal: find: SQLITE_CORRUPT")
          expect(yield* problem(journal.unfinished({ tenant: "", before: instant(9), limit: 9 }))).toBe(
            "journal: unfinished: SQLITE_CORRUPT"
          )
        })
      )
    })
  )

  it.effect("whose row cannot be read is told by its column, never by its value", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* opened(file, (journal) => reserveAll(journal, ["a", "b", "c", "d"]))
      yield* execute(file, "UPDATE tenant_placement SET status = 'secret' WHERE reference = 'b'")
      yield* execute(file, "UPDATE tenant_placement SET changedAt = '2026-03-01' WHERE reference = 'c'")
      yield* opened(file, (journal) =>
        Effect.gen(function* () {
          const [a, b, c, d] = yield* Effect.forEach(
            ["a", "b", "c", "d"],
            (key) => Effect.exit(journal.settle(keyOf(key), "token-1", accepted(), instant(3))),
            { concurrency: "unbounded" }
          )
          expect([a, d].every((exit) => exit !== undefined && Exit.isSuccess(exit))).toBe(true)
          expect([b, c].every((exit) => exit !== undefined && Exit.isFailure(exit))).toBe(true)
          expect(yield* problem(journal.find(keyOf("b")))).toBe("journal: find: column status cannot be read")
          expect(yield* problem(journal.reserve(reservation("c", { token: "token-2" })))).toBe(
            "journal: reserve: column changedAt cannot be read"
          )
          expect(yield* problem(journal.unfinished({ tenant: "", before: instant(9), limit: 9 }))).toMatch(
            /^journal: unfinished: column (status|changedAt) cannot be read$/
          )
        })
      )
    })
  )

  it.effect("takes nothing that it could not give back as it was", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* opened(file, (journal) =>
        Effect.gen(function* () {
          expect(yield* problem(journal.reserve(reservation("")))).toBe(
            "journal: reserve: column reference cannot be read"
          )
          const half = "\ud83d"
          for (const key of [half, "a\u0000b"]) {
            expect(yield* problem(journal.reserve(reservation(key)))).toBe(
              "journal: reserve: column reference would not keep its text"
            )
            expect(yield* journal.find(keyOf(key))).toEqual(Option.none())
          }
          // What SQLite would make of half a character.
          yield* journal.reserve(reservation("\ufffd", { token: "\ufffd" }))
          expect(yield* journal.find(keyOf(half))).toEqual(Option.none())
          expect(yield* journal.settle(keyOf(half), "\ufffd", accepted(), instant(1))).toEqual(Option.none())
          expect(yield* journal.settle(keyOf("\ufffd"), half, accepted(), instant(1))).toEqual(Option.none())
          expect(yield* journal.release(keyOf("\ufffd"), half, instant(0))).toBe(false)
          expect(yield* problem(journal.settle(keyOf("\ufffd"), "\ufffd", uncertain(half), instant(1)))).toBe(
            "journal: settle: column because would not keep its text"
          )
        })
      )
    })
  )
})

describe("writes of one turn", () => {
  /** Transactions in the WAL: frames that end one name the size of the database. */
  const transactionsIn = (file: string): number => {
    const wal = readFileSync(`${file}-wal`)
    const frame = 24 + wal.readUInt32BE(8)
    let count = 0
    for (let at = 32; at + frame <= wal.length; at += frame) if (wal.readUInt32BE(at + 4) !== 0) count += 1
    return count
  }

  it.effect("are one transaction, each with an answer of its own", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const journal = yield* open(file)
      const placements = yield* reserveAll(journal, references(200))
      expect(placements.map(({ reference }) => reference)).toEqual(references(200))
      expect(transactionsIn(file)).toBe(1)
      const mixed = yield* Effect.all(
        [
          journal.settle(keyOf("reference-1"), "token-1", accepted(), instant(1)),
          journal.settle(keyOf("reference-1"), "token-1", ended(), instant(2)),
          journal.release(keyOf("reference-2"), "token-1", instant(0)),
          journal.reserve(reservation("reference-2", { token: "token-2" })),
          journal.settle(keyOf("reference-3"), "token-2", accepted(), instant(3))
        ],
        { concurrency: "unbounded" }
      )
      expect(transactionsIn(file)).toBe(2)
      expect(mixed).toMatchObject([
        Option.some({ state: "accepted" }),
        Option.some({ state: "ended" }),
        true,
        { token: "token-2" },
        Option.none()
      ])
    })
  )

  it.effect("are one transaction for callers that know nothing of each other", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const journal = yield* open(file)
      yield* Effect.promise(() =>
        Promise.all(references(50).map((key) => Effect.runPromise(journal.reserve(reservation(key)))))
      )
      expect(transactionsIn(file)).toBe(1)
    })
  )

  it.effect.each(["ABORT, 'no'", "FAIL, 'no'", "ROLLBACK, 'no'"])(
    "do not fail for one among them that does (%s)",
    (raise) =>
      Effect.gen(function* () {
        const file = yield* freshFile
        const journal = yield* open(file)
        yield* journal.reserve(reservation("first"))
        yield* execute(
          file,
          `CREATE TRIGGER refuse AFTER INSERT ON tenant_placement WHEN new.reference = 'reference-7'
           BEGIN SELECT RAISE(${raise}); END`
        )
        const exits = yield* Effect.forEach(references(20), (key) => Effect.exit(journal.reserve(reservation(key))), {
          concurrency: "unbounded"
        })
        expect(exits.map(Exit.isSuccess)).toEqual(references(20).map((key) => key !== "reference-7"))
        expect(yield* problem(journal.reserve(reservation("reference-7")))).toBe("journal: reserve: SQLITE_CONSTRAINT")
        const found = yield* Effect.forEach(references(20), (key) => journal.find(keyOf(key)))
        expect(found.map(Option.isSome)).toEqual(exits.map(Exit.isSuccess))
        // The first, the trigger, and each that did not fail.
        expect(transactionsIn(file)).toBe(21)
        yield* reserveAll(journal, references(20, "later"))
        expect(transactionsIn(file)).toBe(22)
      })
  )

  it.effect("are all made before the file is closed, after which there are none", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const scope = yield* Scope.make()
      const journal = yield* Scope.provide(open(file), scope)
      const fibers = yield* Effect.forEach(references(2000), (key) =>
        Effect.forkDetach(journal.reserve(reservation(key)), { startImmediately: true })
      )
      yield* Scope.close(scope, Exit.void)
      expect(yield* problem(journal.reserve(reservation("late")))).toBe("journal: reserve: closed")
      expect(yield* problem(journal.find(keyOf("late")))).toBe("journal: find: closed")
      expect(existsSync(`${file}-wal`)).toBe(false)
      yield* Effect.forEach(fibers, Fiber.join)
      const found = yield* opened(file, (again) => Effect.forEach(references(2000), (key) => again.find(keyOf(key))))
      expect(found.every(Option.isSome)).toBe(true)
    })
  )
})

describe("a file that another process has locked", () => {
  it.effect("is waited for, with time for others, and then written", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const journal = yield* open(file)
      yield* journal.reserve(reservation("a"))
      const other = yield* connection(file)
      other.exec("BEGIN EXCLUSIVE")
      const waiting = yield* Effect.forkChild(reserveAll(journal, references(20)))
      let counted = 0
      yield* Effect.forkChild(
        Effect.forever(
          Effect.andThen(
            Effect.yieldNow,
            Effect.sync(() => (counted += 1))
          )
        )
      )
      yield* pass(2000)
      expect(waiting.pollUnsafe()).toBeUndefined()
      expect(counted).toBeGreaterThan(20)
      expect(Option.isSome(yield* journal.find(keyOf("a")))).toBe(true)
      other.exec("COMMIT")
      yield* pass(500)
      expect((yield* Fiber.join(waiting)).map(({ state }) => state)).toEqual(references(20).map(() => "reserved"))
    })
  )

  it.effect("is not waited for longer than five seconds by anyone", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const journal = yield* open(file)
      const other = yield* connection(file)
      other.exec("BEGIN EXCLUSIVE")
      const first = yield* Effect.forkChild(problem(journal.reserve(reservation("first"))))
      yield* pass(3000)
      const second = yield* Effect.forkChild(problem(journal.settle(keyOf("first"), "token-1", accepted(), instant(1))))
      const third = yield* Effect.forkChild(problem(journal.release(keyOf("first"), "token-1", instant(0))))
      yield* pass(1900)
      expect(first.pollUnsafe()).toBeUndefined()
      yield* pass(500)
      expect(yield* Fiber.join(first)).toBe("journal: reserve: SQLITE_BUSY")
      yield* pass(2500)
      expect([second.pollUnsafe(), third.pollUnsafe()]).toEqual([undefined, undefined])
      yield* pass(500)
      expect(yield* Fiber.join(second)).toBe("journal: settle: SQLITE_BUSY")
      expect(yield* Fiber.join(third)).toBe("journal: release: SQLITE_BUSY")
      other.exec("ROLLBACK")
      expect(Option.isNone(yield* journal.find(keyOf("first")))).toBe(true)
      expect((yield* journal.reserve(reservation("first"))).state).toBe("reserved")
    })
  )

  it.effect("is not asked again before its time", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const journal = yield* open(file)
      const other = yield* connection(file)
      other.exec("BEGIN EXCLUSIVE")
      const waiting = yield* Effect.forkChild(journal.reserve(reservation("a")))
      yield* turns(50)
      other.exec("COMMIT")
      yield* turns(50)
      expect(waiting.pollUnsafe()).toBeUndefined()
      yield* pass(50)
      expect((yield* Fiber.join(waiting)).state).toBe("reserved")
    })
  )

  it.effect("is waited for when it is read, too, as long", () =>
    Effect.gen(function* () {
      const { read } = yield* openSqliteFile({ file: yield* freshFile, applicationId: 7, migrations: [] })
      let asked = 0
      let free = false
      const look = () => {
        asked += 1
        // What SQLite says while another process recovers the WAL.
        if (!free) throw Object.assign(new Error("database is locked"), { errcode: 261 })
        return "found"
      }
      const given = yield* Effect.forkChild(problem(read("find", look)))
      yield* pass(4900)
      expect(given.pollUnsafe()).toBeUndefined()
      yield* pass(500)
      expect(yield* Fiber.join(given)).toBe("journal: find: SQLITE_BUSY")
      expect(asked).toBeLessThan(150)
      const found = yield* Effect.forkChild(read("find", look))
      yield* pass(1000)
      free = true
      yield* pass(500)
      expect(yield* Fiber.join(found)).toBe("found")
    })
  )

  it.effect("is waited for when it is opened, too", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* opened(file, (journal) => journal.reserve(reservation("a")))
      const other = yield* connection(file)
      other.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
      const given = yield* Effect.forkChild(problem(opened(file, () => Effect.void)))
      yield* pass(6000)
      expect(yield* Fiber.join(given)).toBe("journal: open: SQLITE_BUSY")
      const found = yield* Effect.forkChild(opened(file, (journal) => journal.find(keyOf("a"))))
      yield* pass(1000)
      expect(found.pollUnsafe()).toBeUndefined()
      other.close()
      yield* pass(500)
      expect(Option.isSome(yield* Fiber.join(found))).toBe(true)
    })
  )

  it.effect.skipIf(process.platform === "win32")(
    "reserves nothing once it has another name: others would not see it",
    () =>
      Effect.gen(function* () {
        const file = yield* freshFile
        const journal = yield* open(file)
        yield* journal.reserve(reservation("a"))
        renameSync(file, `${file}.old`)
        const removed = "journal: reserve: the file has been removed or replaced since it was opened"
        expect(yield* problem(journal.reserve(reservation("b")))).toBe(removed)
        yield* opened(file, (other) => other.reserve(reservation("b")))
        expect(yield* problem(journal.reserve(reservation("b")))).toBe(removed)
      })
  )

  it.effect("gets no reservation that was interrupted meanwhile, but every settlement", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const journal = yield* open(file)
      yield* reserveAll(journal, ["a", "b"])
      const other = yield* connection(file)
      other.exec("BEGIN EXCLUSIVE")
      const reserving = yield* Effect.forkChild(journal.reserve(reservation("c")))
      const settling = yield* Effect.forkChild(journal.settle(keyOf("a"), "token-1", accepted(), instant(1)))
      const freeing = yield* Effect.forkChild(journal.release(keyOf("b"), "token-1", instant(0)))
      yield* pass(100)
      yield* Fiber.interrupt(reserving)
      const interrupting = yield* Effect.forkChild(Fiber.interruptAll([settling, freeing]))
      yield* pass(100)
      other.exec("ROLLBACK")
      yield* pass(500)
      yield* Fiber.join(interrupting)
      expect(Option.isNone(yield* journal.find(keyOf("c")))).toBe(true)
      expect(Option.getOrThrow(yield* journal.find(keyOf("a"))).state).toBe("accepted")
      expect(Option.isNone(yield* journal.find(keyOf("b")))).toBe(true)
    })
  )
})

describe("processes on one file", () => {
  it.effect(
    "that race for the same references reserve each of them once in all",
    () =>
      Effect.gen(function* () {
        const file = yield* freshFile
        const children = yield* Effect.forEach(references(4, "racer"), (name) => startReserver("race", file, name))
        yield* Effect.forEach(children, ({ said }) => said(1), { concurrency: "unbounded" })
        for (const child of children) child.process.stdin.write("go\n")
        yield* Effect.forEach(children, ({ ended: end }) => end, { concurrency: "unbounded" })
        expect(children.flatMap(({ lines }) => lines.flatMap(({ failed }) => failed ?? []))).toEqual([])
        const won = children.flatMap(({ lines }) => lines.flatMap((line) => line.won ?? []))
        expect(won.toSorted()).toEqual(references(500).toSorted())
        expect(yield* integrity(file)).toEqual(SOUND)
        const tokens = yield* opened(file, (journal) =>
          Effect.forEach(references(500), (key) =>
            Effect.map(
              journal.find(keyOf(key)),
              Option.map(({ token }) => token)
            )
          )
        )
        for (const [index, child] of children.entries())
          for (const key of child.lines.flatMap((line) => line.won ?? []))
            expect(tokens[references(500).indexOf(key)]).toEqual(Option.some(`racer-${index}`))
      }),
    60_000
  )

  it.effect(
    "that are killed at any moment have written all they answered, and leave the file sound",
    () =>
      Effect.gen(function* () {
        const file = yield* freshFile
        const lines: Array<Line> = []
        for (const [index, count] of [1, 2, 9, 40, 111, 400, 1500].entries()) {
          const child = yield* startReserver("work", file, `worker-${index}`)
          yield* child.said(count)
          child.process.kill("SIGKILL")
          yield* child.ended
          const { signalCode } = child.process
          expect({ signalCode, said: child.stderr() }).toEqual({ signalCode: "SIGKILL", said: "" })
          lines.push(...child.lines)
          expect(yield* integrity(file)).toEqual(SOUND)
          expect(yield* forgotten(open(file), lines)).toEqual([])
        }
        expect(lines.length).toBeGreaterThan(2000)
      }),
    60_000
  )

  it.effect(
    "that are killed while others go on disturb nobody",
    () =>
      Effect.gen(function* () {
        const file = yield* freshFile
        const [victim, ...others] = yield* Effect.forEach(references(3, "worker"), (name) =>
          startReserver("work", file, name)
        )
        yield* Effect.forEach([victim!, ...others], ({ said }) => said(50), { concurrency: "unbounded" })
        victim!.process.kill("SIGKILL")
        yield* victim!.ended
        yield* Effect.forEach(others, ({ said, lines }) => said(lines.length + 200), { concurrency: "unbounded" })
        for (const { process: other } of others) other.kill("SIGKILL")
        yield* Effect.forEach(others, ({ ended: end }) => end)
        const lines = [victim!, ...others].flatMap((child) => child.lines)
        expect(lines.flatMap(({ failed }) => failed ?? [])).toEqual([])
        expect(yield* forgotten(open(file), lines)).toEqual([])
        expect(yield* integrity(file)).toEqual(SOUND)
      }),
    60_000
  )

  it.effect.runIf(process.platform !== "win32")("on a full disk are told so, and lose nothing that was answered", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      // A limit on the size of files: what is left of a full disk when nobody may fill a real one.
      const child = yield* startProcess("sh", [
        "-c",
        'ulimit -f 400; exec "$0" "$@"',
        process.execPath,
        reserver,
        "work",
        file,
        "worker"
      ])
      yield* child.ended
      expect(child.lines.at(-1)?.failed).toMatch(/^journal: \w+: SQLITE_(FULL|IOERR)$/)
      expect(child.lines.length).toBeGreaterThan(20)
      expect(yield* integrity(file)).toEqual(SOUND)
      expect(yield* forgotten(open(file), child.lines)).toEqual([])
    })
  )

  it.effect.runIf(process.platform !== "win32")("that may only read the file are told when they open it", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      yield* opened(file, (journal) => journal.reserve(reservation("a")))
      const bytes = readFileSync(file)
      chmodSync(file, 0o444)
      chmodSync(dirname(file), 0o555)
      const nobody = process.getuid?.() === 0 ? ["65534"] : []
      const child = yield* startReserver("work", file, "worker", ...nobody)
      yield* child.ended
      chmodSync(dirname(file), 0o755)
      expect(child.lines).toEqual([{ failed: expect.stringMatching(/^journal: open: SQLITE_(READONLY|CANTOPEN)$/) }])
      expect(readFileSync(file).equals(bytes)).toBe(true)
    })
  )

  it.effect("are not warned of SQLite, but of other things", () =>
    Effect.gen(function* () {
      const child = yield* startReserver("warn", yield* freshFile)
      yield* child.ended
      expect(child.lines).toEqual([{ ready: true }])
      expect(child.stderr()).not.toContain("SQLite")
      expect(child.stderr()).toContain("another warning")
    })
  )
})
