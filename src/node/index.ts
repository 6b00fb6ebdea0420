/** What only Node has: a journal of placements in a file. */
import "../supportedNode.ts"
export * from "./SqliteJournal.ts"
export type { JournalHandle } from "../calls/JournalHandle.ts"
export { sqliteJournal } from "./journalHandle.ts"
