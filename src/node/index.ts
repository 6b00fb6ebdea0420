/** What only Node has: a journal of placements in a file, and a transport that sends every request once. */
import "../supportedNode.ts"
export { layerNodeHttp, makeNodeHttp, type NodeHttpOptions } from "./NodeHttp.ts"
export * from "./SqliteJournal.ts"
export { shrinkSqliteJournal } from "./sqliteSpace.ts"
export type { JournalHandle } from "../calls/JournalHandle.ts"
export { sqliteJournal } from "./journalHandle.ts"
