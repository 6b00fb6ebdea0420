/**
 * Reading a journal's file without changing it: no file is made, and no older schema is brought up to date. A database that
 * nobody has open is all in its own file; SQLite would make a WAL beside it, also for somebody who only reads.
 */
import { realpathSync } from "node:fs"
import { resolve } from "node:path"
import type { DatabaseSync } from "node:sqlite"
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import type { JournalError, Placement } from "../calls/PlacementJournal.ts"
import { statOf } from "./fileIdentity.ts"
import { otherNameFault } from "./openFiles.ts"
import type { SqliteJournalOptions } from "./SqliteJournal.ts"
import { addressFault, loadSqlite, pragmaOf, refuse, schemaFault } from "./sqliteDatabase.ts"
import { APPLICATION_ID, COLUMN, MIGRATIONS, readRow, selectFrom, TABLES } from "./sqliteJournalTables.ts"
import { BUSY_TIMEOUT_MS, isLocked, whilePatient } from "./sqliteLock.ts"
import { failure } from "./sqliteProblem.ts"

const stampOf = (path: string): string => {
  const found = statOf(path)
  return `${found?.ino} ${found?.size} ${found?.mtimeNs}`
}

/** From then on it is read as it was then: nobody has to be waited for any more. */
const prepare = (database: DatabaseSync): void => {
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; BEGIN`)
  const pragma = pragmaOf(database)
  refuse(pragma("schema_version") === 0 ? "an empty file, and no journal yet" : undefined)
  refuse(schemaFault(pragma, { applicationId: APPLICATION_ID, migrations: MIGRATIONS }))
}

const openToRead = (name: string) => {
  refuse(addressFault(name))
  const file = resolve(name)
  refuse(statOf(file) === undefined ? "no such file" : otherNameFault(file))
  const path = realpathSync(file)
  const url = pathToFileURL(path)
  const isWhole = statOf(`${path}-wal`) === undefined
  if (isWhole) url.searchParams.set("immutable", "1")
  const stamp = stampOf(path)
  const { DatabaseSync } = loadSqlite()
  const database = new DatabaseSync(url, { readOnly: true })
  try {
    prepare(database)
  } catch (error) {
    database.close()
    throw error
  }
  return { database, isOutdated: () => isWhole && stampOf(path) !== stamp }
}

const looking = <A>(file: string, look: (database: DatabaseSync) => A): Effect.Effect<A, JournalError> =>
  Effect.acquireUseRelease(
    Effect.retry(Effect.try({ try: () => openToRead(file), catch: failure("open") }), {
      schedule: whilePatient,
      while: isLocked
    }),
    ({ database, isOutdated }) =>
      Effect.try({
        try: () => {
          try {
            return look(database)
          } finally {
            // Nobody kept the others from writing, so that whatever came of it does not count.
            refuse(isOutdated() ? "written by others while it was read: try again" : undefined)
          }
        },
        catch: failure("find")
      }),
    ({ database }) => Effect.sync(() => database.close())
  )

const columnsOf = (database: DatabaseSync, table: string): ReadonlySet<string> =>
  new Set(
    database
      .prepare("SELECT name FROM pragma_table_info(?)")
      .all(table)
      .map(({ name }) => String(name))
  )

/** Hands over every placement of a journal, one after the other, in no particular order; changes and makes nothing. */
export const readSqliteJournal = ({ file }: SqliteJournalOptions, each: (placement: Placement) => void) =>
  looking(file, (database) => {
    for (const table of TABLES) {
      const columns = columnsOf(database, table)
      // It came with a later version.
      if (columns.size === 0) continue
      const rows = database.prepare(selectFrom(table, (field) => columns.has(COLUMN[field]))).iterate()
      for (const row of rows) each(readRow(row))
    }
  })

/** Bytes of the file, once all that was written has been copied into it; and how many of them are free for what comes. */
export const sqliteJournalSize = ({ file }: SqliteJournalOptions) =>
  looking(file, (database) => {
    const pragma = pragmaOf(database)
    const page = Number(pragma("page_size"))
    return { bytes: Number(pragma("page_count")) * page, freeBytes: Number(pragma("freelist_count")) * page }
  })
