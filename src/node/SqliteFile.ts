/**
 * A SQLite file on Node's own driver that several processes share: opened, migrated, read, and written in groups.
 *
 * What is synced when: the file is in WAL mode with `synchronous=FULL`, so a commit returns only after its frames in
 * `<file>-wal` have been synced (through the drive's cache on macOS too: `fullfsync`), and no caller is answered before
 * its commit has returned. The database file itself is written and synced later, at a checkpoint; until then the WAL
 * holds the truth, and whoever opens the file next reads it. SQLite syncs the folder when it creates the WAL; folders
 * made here are synced into theirs.
 *
 * The driver is synchronous and a commit costs a sync, so what is asked for in one turn is one transaction.
 */
import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs"
import { dirname, resolve } from "node:path"
import process from "node:process"
import type { DatabaseSync, SQLOutputValue } from "node:sqlite"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Predicate from "effect/Predicate"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { JournalError } from "../calls/PlacementJournal.ts"
import { fileIdentity } from "./fileIdentity.ts"

export interface SqliteFileOptions {
  /** Created where it is not, with its folders, for this user only. */
  readonly file: string
  /** Says in the file whose it is. */
  readonly applicationId: number
  /** From each schema version, which is `PRAGMA user_version`, to the next. Never edited, only added to. */
  readonly migrations: ReadonlyArray<string>
}

type Operation = JournalError["operation"]

export interface SqliteFile {
  readonly database: DatabaseSync
  readonly read: <A>(operation: Operation, run: () => A) => Effect.Effect<A, JournalError>
  /** `run` is part of a transaction; where that comes to nothing it is run again in another. */
  readonly write: <A>(operation: Operation, run: () => A) => Effect.Effect<A, JournalError>
}

/** How long a call into SQLite may hold up the event loop for a lock, and how long an operation waits for one in all. */
const BUSY_TIMEOUT_MS = 5
const PATIENCE_MS = 5000

const untilFree = Schedule.min([Schedule.exponential("5 millis"), Schedule.spaced("50 millis")]).pipe(Schedule.jittered)
const whilePatient = Schedule.upTo(untilFree, { duration: PATIENCE_MS })

/** Writes of one transaction: a few milliseconds. */
const MAX_BATCH = 512

/** What was found wrong here, not by SQLite or the system; it holds no value. */
export class Refused extends Error {}

/** SQLite's primary result codes in their order; extended codes have further bits above. */
const CODES = (
  "OK ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL CANTOPEN PROTOCOL " +
  "EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB"
).split(" ")

const BUSY = new Set(["SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"])

/** The code alone: messages can hold values. */
const problemOf = (error: unknown): string => {
  if (error instanceof Refused) return error.message
  if (Predicate.hasProperty(error, "errcode") && typeof error.errcode === "number") {
    const primary = error.errcode & 0xff
    return `SQLITE_${CODES[primary] ?? primary}`
  }
  return Predicate.hasProperty(error, "code") && typeof error.code === "string" ? error.code : "unexpected failure"
}

const failure =
  (operation: Operation) =>
  (error: unknown): JournalError =>
    new JournalError({ operation, problem: problemOf(error) })

const isBusy = ({ problem }: JournalError): boolean => BUSY.has(problem)

/** Node 22 warns that `node:sqlite` is experimental, and does so while the module loads: that one warning is kept back. */
const loadSqlite = () => {
  const { emitWarning } = process
  process.emitWarning = (...args: ReadonlyArray<unknown>) => {
    if (!String(args[0]).startsWith("SQLite is an experimental feature")) Reflect.apply(emitWarning, process, args)
  }
  try {
    return process.getBuiltinModule("node:sqlite")
  } finally {
    process.emitWarning = emitWarning
  }
}

/** Syncs the names of new folders, from the last up to the first. Windows opens no folder; NTFS has a journal of names. */
const syncNames = (folder: string, first: string): void => {
  if (process.platform === "win32") return
  const descriptor = openSync(dirname(folder), "r")
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  if (folder.length > first.length) syncNames(dirname(folder), first)
}

/** A file that is there is not opened: closing it again would drop the locks that this process has on it. */
const createFile = (file: string): void => {
  const folder = dirname(file)
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (first !== undefined) syncNames(folder, first)
  try {
    // SQLite gives the files it makes beside this one the same mode.
    closeSync(openSync(file, "wx", 0o600))
  } catch (error) {
    if (problemOf(error) !== "EEXIST") throw error
  }
}

/** Brings the file to the newest version. A file of somebody else's, or a newer one, is left as it is. */
const prepareFile = (database: DatabaseSync, { applicationId, migrations }: SqliteFileOptions): void => {
  const pragma = (text: string): SQLOutputValue | undefined =>
    Object.values(database.prepare(`PRAGMA ${text}`).get() ?? {})[0]

  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON`)
  // Fails at once where the file can only be read.
  database.exec("BEGIN IMMEDIATE")
  try {
    const owner = pragma("application_id")
    const version = Number(pragma("user_version"))
    const isNew = owner === 0 && version === 0 && database.prepare("SELECT 1 FROM sqlite_schema").get() === undefined
    if (owner !== applicationId && !isNew) throw new Refused("another program's database")
    if (version > migrations.length)
      throw new Refused(`schema version ${version}, newer than ${migrations.length}, the newest known here`)
    if (version < migrations.length) {
      for (const migration of migrations.slice(version)) database.exec(migration)
      database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`)
    }
    database.exec("COMMIT")
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK")
    throw error
  }
  if (pragma("journal_mode = WAL") !== "wal") throw new Refused("no WAL on this file system")
}

const openDatabase = Effect.fnUntraced(function* (options: SqliteFileOptions) {
  const file = resolve(options.file)
  const database = yield* Effect.acquireRelease(
    Effect.try({
      try: () => {
        createFile(file)
        const { DatabaseSync } = loadSqlite()
        return new DatabaseSync(file)
      },
      catch: failure("open")
    }),
    (opened) => Effect.sync(() => opened.close())
  )
  yield* Effect.try({ try: () => prepareFile(database, options), catch: failure("open") }).pipe(
    Effect.retry({ schedule: whilePatient, while: isBusy })
  )
  return database
})

interface Write {
  readonly operation: Operation
  readonly since: bigint
  /** Gives what hands over the answer, once it holds. */
  readonly run: () => () => void
  readonly fail: (error: JournalError) => void
}

const firstOf = <A>(items: Iterable<A>, count: number): ReadonlyArray<A> => {
  const taken: Array<A> = []
  for (const item of items) {
    if (taken.length === count) break
    taken.push(item)
  }
  return taken
}

/**
 * Opens a file; closed with the scope, once everything that waits to be written has been. Calls of one turn are written
 * in one transaction; where that fails, each in one of its own, so that none fails for another's sake.
 */
export const openSqliteFile = Effect.fnUntraced(function* (
  options: SqliteFileOptions
): Effect.fn.Return<SqliteFile, JournalError, Scope.Scope> {
  const clock = yield* Clock.Clock
  const database = yield* openDatabase(options)
  const file = resolve(options.file)
  const identity = fileIdentity(file)
  const begin = database.prepare("BEGIN IMMEDIATE")
  const commit = database.prepare("COMMIT")
  const rollback = database.prepare("ROLLBACK")
  const waiting = new Set<Write>()
  const wake = Latch.makeUnsafe()
  let closed = false
  /** So many of those that wait longest are to be written each alone. */
  let alone = 0

  const transact = (batch: ReadonlyArray<Write>): ReadonlyArray<() => void> => {
    // What is written into a file without its name is lost with this process, and no other one sees it.
    if (fileIdentity(file) !== identity) throw new Refused("the file has been removed or replaced since it was opened")
    begin.run()
    try {
      const answers = batch.map(({ run }) => run())
      commit.run()
      return answers
    } catch (error) {
      // Of some failures SQLite has rolled back already.
      if (database.isTransaction) rollback.run()
      throw error
    }
  }

  const leave = (writes: ReadonlyArray<Write>): void => {
    for (const write of writes) waiting.delete(write)
    alone = Math.max(0, alone - writes.length)
  }

  const fail = (writes: ReadonlyArray<Write>, error: unknown): void => {
    leave(writes)
    for (const write of writes) write.fail(failure(write.operation)(error))
  }

  /** Fails while the file is locked and somebody still waits for it. */
  const writeSome = Effect.suspend(() => {
    const batch = firstOf(waiting, alone > 0 ? 1 : MAX_BATCH)
    let answers: ReadonlyArray<() => void> = []
    try {
      answers = transact(batch)
    } catch (error) {
      if (BUSY.has(problemOf(error))) {
        const outdated = clock.monotonicTimeNanosUnsafe() - BigInt(PATIENCE_MS) * 1_000_000n
        fail(
          [...waiting].filter(({ since }) => since <= outdated),
          error
        )
        return waiting.size === 0 ? Effect.void : Effect.fail("locked")
      }
      if (batch.length === 1) fail(batch, error)
      else alone = batch.length
      return Effect.void
    }
    leave(batch)
    for (const answer of answers) answer()
    return Effect.void
  })

  const writing = Effect.gen(function* () {
    while (true) {
      yield* wake.await
      if (waiting.size > 0) yield* Effect.retry(writeSome, untilFree)
      else if (closed) return
      else wake.closeUnsafe()
      yield* Effect.yieldNow
    }
  })

  yield* Effect.acquireRelease(Effect.forkDetach(writing), (fiber) => {
    closed = true
    wake.openUnsafe()
    return Fiber.await(fiber)
  })

  const whenOpen = <A>(operation: Operation, effect: Effect.Effect<A, JournalError>) =>
    Effect.suspend(() => (closed ? Effect.fail(failure(operation)(new Refused("closed"))) : effect))

  return {
    database,
    read: (operation, run) => {
      const reading = whenOpen(operation, Effect.try({ try: run, catch: failure(operation) }))
      return Effect.catchIf(reading, isBusy, () => Effect.retry(reading, { schedule: whilePatient, while: isBusy }))
    },
    write: (operation, run) =>
      whenOpen(
        operation,
        Effect.callback((resume) => {
          const write: Write = {
            operation,
            since: clock.monotonicTimeNanosUnsafe(),
            run: () => {
              const result = run()
              return () => resume(Effect.succeed(result))
            },
            fail: (error) => resume(Effect.fail(error))
          }
          waiting.add(write)
          wake.openUnsafe()
          return Effect.sync(() => {
            waiting.delete(write)
          })
        })
      )
  }
})
