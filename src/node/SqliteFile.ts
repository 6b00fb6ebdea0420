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
import type { DatabaseSync } from "node:sqlite"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import type { JournalError } from "../calls/PlacementJournal.ts"
import { openDatabase, refuse, type SqliteFileOptions } from "./sqliteDatabase.ts"
import { isBusy, isLocked, PATIENCE_MS, untilFree, whilePatient } from "./sqliteLock.ts"
import { failure, problemOf, Refused } from "./sqliteProblem.ts"

export { Refused }

type Operation = JournalError["operation"]

export interface SqliteFile {
  readonly database: DatabaseSync
  readonly read: <A>(operation: Operation, run: () => A) => Effect.Effect<A, JournalError>
  /** `run` is part of a transaction; where that comes to nothing it is run again in another. What is given tells one from others. */
  readonly write: <A>(operation: Operation, run: (transaction: object) => A) => Effect.Effect<A, JournalError>
}

/** Writes of one transaction: a few milliseconds. */
const MAX_BATCH = 512

interface Write {
  readonly operation: Operation
  readonly since: bigint
  /** Gives what hands over the answer, once it holds. */
  readonly run: (transaction: object) => () => void
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
  const { database, files } = yield* openDatabase(options)
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
    refuse(files.fault())
    begin.run()
    const transaction = {}
    try {
      const answers = batch.map(({ run }) => run(transaction))
      commit.run()
      // It may have lost its name in between: nothing is answered that others do not see.
      refuse(files.fault())
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
      if (isBusy(problemOf(error))) {
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
      return Effect.catchIf(reading, isLocked, () => Effect.retry(reading, { schedule: whilePatient, while: isLocked }))
    },
    write: (operation, run) =>
      whenOpen(
        operation,
        Effect.callback((resume) => {
          const write: Write = {
            operation,
            since: clock.monotonicTimeNanosUnsafe(),
            run: (transaction) => {
              const result = run(transaction)
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
