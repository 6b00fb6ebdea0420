/** The journal that tests name to a process of their own: a file, or an address with the name of a table. */
import * as Redacted from "effect/Redacted"
import { layerSqliteJournal } from "../../src/node/SqliteJournal.ts"
import { layerPostgresJournal } from "../../src/postgres/index.ts"
import { isPostgresAddress } from "../../src/postgres/PostgresPool.ts"

/** How a table is named: `ADDRESS#TABLE`. */
export const journalAt = (place: string) => {
  if (!isPostgresAddress(place)) return layerSqliteJournal({ file: place })
  const [address = "", table] = place.split("#")
  return layerPostgresJournal(Redacted.make(address), { table })
}
