/** The journal that tests name to a process of their own: a file, or the address of a table. */
import * as Redacted from "effect/Redacted"
import { layerSqliteJournal } from "../../src/node/SqliteJournal.ts"
import { layerPostgresJournal } from "../../src/postgres/index.ts"
import { isPostgresAddress } from "../../src/postgres/PostgresPool.ts"

export const journalAt = (place: string) =>
  isPostgresAddress(place) ? layerPostgresJournal(Redacted.make(place)) : layerSqliteJournal({ file: place })
