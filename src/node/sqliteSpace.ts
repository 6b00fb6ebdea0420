/** The room that a journal takes on disk. */
import * as Effect from "effect/Effect"
import { openSqliteFile } from "./SqliteFile.ts"
import type { SqliteJournalOptions } from "./SqliteJournal.ts"
import { APPLICATION_ID, MIGRATIONS } from "./sqliteJournalTables.ts"

const opened = ({ file }: SqliteJournalOptions) =>
  openSqliteFile({ file, applicationId: APPLICATION_ID, migrations: MIGRATIONS })

/** Bytes of the file, once all that was written has been copied into it; and how many of them are free for what comes. */
export const sqliteJournalSize = Effect.fnUntraced(function* (options: SqliteJournalOptions) {
  const { database, read } = yield* opened(options)
  return yield* read("find", () => {
    const pragma = (name: string): number => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0])
    const page = pragma("page_size")
    return { bytes: pragma("page_count") * page, freeBytes: pragma("freelist_count") * page }
  })
}, Effect.scoped)

/**
 * Rewrites the file without what is free in it, which needs as much room again meanwhile. Whoever places in that time waits;
 * after five seconds it fails with `SQLITE_BUSY`, and nothing is sent.
 */
export const shrinkSqliteJournal = Effect.fnUntraced(function* (options: SqliteJournalOptions) {
  const { database, read } = yield* opened(options)
  yield* read("compactEnded", () => database.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"))
}, Effect.scoped)
