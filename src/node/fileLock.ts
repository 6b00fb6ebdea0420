/**
 * A lock on a file for as long as a process works on it: the system lets go of it when the process ends, in whatever
 * way. Node has no such lock, SQLite has: what is locked is an empty database beside the file, and it is removed again.
 */
import { closeSync, openSync, rmSync } from "node:fs"
import { fileIdentity } from "./fileIdentity.ts"
import { loadSqlite } from "./sqliteDatabase.ts"
import { isBusy } from "./sqliteLock.ts"
import { problemOf } from "./sqliteProblem.ts"

/** Another process holds the lock. */
export class Locked extends Error {}

/**
 * Takes the lock and returns what gives it back.
 *
 * @throws Locked at once, if another holds it
 */
export const lockFile = (file: string): (() => void) => {
  const lock = `${file}.lock`
  closeSync(openSync(lock, "a", 0o600))
  const opened = fileIdentity(lock)
  const { DatabaseSync } = loadSqlite()
  const database = new DatabaseSync(lock, { timeout: 0 })
  try {
    database.exec("BEGIN EXCLUSIVE")
  } catch (error) {
    database.close()
    throw isBusy(problemOf(error)) ? new Locked("locked") : error
  }
  // Whoever had it before removes it before letting go: then another file may have the name by now.
  if (fileIdentity(lock) !== opened) {
    database.close()
    throw new Locked("changed hands")
  }
  return () => {
    // Windows removes no open file; an empty one that is left harms nobody.
    if (process.platform !== "win32") rmSync(lock, { force: true })
    database.close()
  }
}
