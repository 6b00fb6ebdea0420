/** The journal, the inbox of webhooks and the feed of changes in files, for programs that are not written in Effect. */
import { FeedHandle } from "../calls/changes/FeedHandle.ts"
import { JournalHandle } from "../calls/JournalHandle.ts"
import { InboxHandle } from "../webhooks/InboxHandle.ts"
import { looksLikeAddress } from "./sqliteFileName.ts"
import { layerSqliteFeed } from "./SqliteFeed.ts"
import { layerSqliteInbox } from "./SqliteInbox.ts"
import { layerSqliteJournal } from "./SqliteJournal.ts"

const isFileName = (file: unknown): boolean => typeof file === "string" && file !== "" && !looksLikeAddress(file)

/**
 * A journal in one SQLite file, created where it is not, for this user only. Any number of processes may share it; what
 * it has been told survives a crash.
 *
 * @throws TypeError if that is no path of a file: nothing, or what looks like an address and does not begin with `./` or `/`
 */
export const sqliteJournal = (file: string): JournalHandle => {
  if (!isFileName(file)) throw new TypeError("sqliteJournal: expected the path of a file")
  return new JournalHandle("SQLite", layerSqliteJournal({ file }))
}

/**
 * An inbox of webhooks in one SQLite file, created where it is not, for this user only. Any number of processes may share it; what
 * was acknowledged survives a crash.
 *
 * @throws TypeError if that is no path of a file: nothing, or what looks like an address and does not begin with `./` or `/`
 */
export const sqliteInbox = (file: string): InboxHandle => {
  if (!isFileName(file)) throw new TypeError("sqliteInbox: expected the path of a file")
  return new InboxHandle("SQLite", layerSqliteInbox({ file }))
}

/**
 * A feed of changes in one SQLite file, created where it is not, for this user only. Any number of processes may share it; what was
 * told, and how far its consumers have come, survives a crash.
 *
 * @throws TypeError if that is no path of a file: nothing, or the address of a database
 */
export const sqliteFeed = (file: string): FeedHandle => {
  if (!isFileName(file)) throw new TypeError("sqliteFeed: expected the path of a file")
  return new FeedHandle("SQLite", layerSqliteFeed({ file }))
}
