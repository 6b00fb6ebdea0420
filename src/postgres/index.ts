/** A journal of placements in PostgreSQL, for processes on several machines: `unicall/postgres` in the package. */
import "../supportedNode.ts"
export type { JournalHandle } from "../calls/JournalHandle.ts"
export { type PostgresTable, postgresJournalSql } from "./journalTable.ts"
export { type PostgresFeedTables, postgresFeedSql } from "./feedTables.ts"
export * from "./PostgresFeed.ts"
export * from "./PostgresJournal.ts"
export type { PostgresConnection, PostgresPool, PostgresResult } from "./PostgresPool.ts"
