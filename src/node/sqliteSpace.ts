/** The room that a journal takes on disk. */
import * as Effect from "effect/Effect"
import { openSqliteFile } from "./SqliteFile.ts"
import type { SqliteJournalOptions } from "./SqliteJournal.ts"
import { APPLICATION_ID, MIGRATIONS } from "./sqliteJournalTables.ts"

/**
 * Rewrites the file without what is free in it, which needs as much room again meanwhile. Whoever places in that time waits;
 * after five seconds it fails with `SQLITE_BUSY`, and nothing is sent.
 */
export const shrinkSqliteJournal = Effect.fnUntraced(function* ({ file }: SqliteJournalOptions) {
  const { database, read } = yield* openSqliteFile({ file, applicationId: APPLICATION_ID, migrations: MIGRATIONS })
  yield* read("compactEnded", () => database.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"))
}, Effect.scoped)
