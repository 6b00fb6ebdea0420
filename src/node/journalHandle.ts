/** The journal in a file, for programs that are not written in Effect. */
import { JournalHandle } from "../calls/JournalHandle.ts"
import { isAddress } from "./sqliteFileName.ts"
import { layerSqliteJournal } from "./SqliteJournal.ts"

/**
 * A journal in one SQLite file, created where it is not, for this user only. Any number of processes may share it; what
 * it has been told survives a crash.
 *
 * @throws TypeError if that is no path of a file: nothing, or the address of a database
 */
export const sqliteJournal = (file: string): JournalHandle => {
  if (typeof file !== "string" || file === "" || isAddress(file))
    throw new TypeError("sqliteJournal: expected the path of a file")
  return new JournalHandle("SQLite", layerSqliteJournal({ file }))
}
