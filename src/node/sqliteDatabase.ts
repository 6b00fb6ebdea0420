/**
 * Opens a database's file: made where it is not, for this user only, brought to the newest schema, and put in WAL mode.
 */
import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs"
import { dirname, resolve } from "node:path"
import process from "node:process"
import type { DatabaseSync, SQLOutputValue } from "node:sqlite"
import * as Effect from "effect/Effect"
import { openFiles, type OpenFiles, otherNameFault } from "./openFiles.ts"
import { looksLikeAddress } from "./sqliteFileName.ts"
import { BUSY_TIMEOUT_MS, isLocked, whilePatient } from "./sqliteLock.ts"
import { failure, problemOf, Refused } from "./sqliteProblem.ts"

export interface SqliteFileOptions {
  /** Created where it is not, with its folders, for this user only. */
  readonly file: string
  /** Says in the file whose it is. */
  readonly applicationId: number
  /** From each schema version, which is `PRAGMA user_version`, to the next. Never edited, only added to. */
  readonly migrations: ReadonlyArray<string>
}

/** Node 22 warns that `node:sqlite` is experimental, and does so while the module loads: that one warning is kept back. */
export const loadSqlite = () => {
  const { emitWarning } = process
  process.emitWarning = (...args: ReadonlyArray<unknown>) => {
    if (!String(args[0]).startsWith("SQLite is an experimental feature")) Reflect.apply(emitWarning, process, args)
  }
  try {
    return process.getBuiltinModule("node:sqlite")
  } finally {
    process.emitWarning = emitWarning
  }
}

/** Syncs the names of new folders, from the last up to the first. Windows opens no folder; NTFS has a journal of names. */
const syncNames = (folder: string, first: string): void => {
  if (process.platform === "win32") return
  const descriptor = openSync(dirname(folder), "r")
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  if (folder.length > first.length) syncNames(dirname(folder), first)
}

/** A file that is there is not opened: closing it again would drop the locks that this process has on it. */
const createFile = (file: string): void => {
  const folder = dirname(file)
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (first !== undefined) syncNames(folder, first)
  try {
    // SQLite gives the files it makes beside this one the same mode.
    closeSync(openSync(file, "wx", 0o600))
  } catch (error) {
    if (problemOf(error) !== "EEXIST") throw error
  }
}

type Pragma = (text: string) => SQLOutputValue | undefined

export const pragmaOf =
  (database: DatabaseSync): Pragma =>
  (text) =>
    Object.values(database.prepare(`PRAGMA ${text}`).get() ?? {})[0]

/** Why a database that is not new is none that can be used here. */
export const schemaFault = (
  pragma: Pragma,
  { applicationId, migrations }: Pick<SqliteFileOptions, "applicationId" | "migrations">
): string | undefined => {
  if (pragma("application_id") !== applicationId) return "another program's database"
  const version = Number(pragma("user_version"))
  return version > migrations.length
    ? `schema version ${version}, newer than ${migrations.length}, the newest known here`
    : undefined
}

export const addressFault = (name: string): string | undefined =>
  looksLikeAddress(name) ? "an address, and no path of a file" : undefined

/** Brings the file to the newest version. A file of somebody else's, or a newer one, is left as it is. */
const prepareFile = (database: DatabaseSync, options: SqliteFileOptions): void => {
  const { applicationId, migrations } = options
  const pragma = pragmaOf(database)
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON`)
  // Fails at once where the file can only be read.
  database.exec("BEGIN IMMEDIATE")
  try {
    const owner = pragma("application_id")
    const version = Number(pragma("user_version"))
    const isNew = owner === 0 && version === 0 && database.prepare("SELECT 1 FROM sqlite_schema").get() === undefined
    if (!isNew) refuse(schemaFault(pragma, options))
    if (version < migrations.length) {
      for (const migration of migrations.slice(version)) database.exec(migration)
      database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`)
    }
    database.exec("COMMIT")
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK")
    throw error
  }
  if (pragma("journal_mode = WAL") !== "wal") throw new Refused("no WAL on this file system")
  // From the first reading on, the WAL and its index are open, and nobody who minds locks deletes them.
  pragma("user_version")
}

export const refuse = (fault: string | undefined): void => {
  if (fault !== undefined) throw new Refused(fault)
}

/** Never collected as garbage, which would close them. */
const leftOpen = new Set<DatabaseSync>()

/**
 * Whoever closes a database last copies its WAL into the file and deletes the WAL by its name. Where that name leads to
 * another WAL by now, what others have committed would be deleted: then the database is not closed.
 */
const closeOwn = (database: DatabaseSync, files: OpenFiles | undefined): void => {
  if (files?.isDisplaced() !== true) return database.close()
  // A process that ends by itself closes what is open; one that is told to exit does not.
  if (leftOpen.size === 0) process.once("exit", () => process.exit())
  leftOpen.add(database)
}

export const openDatabase = Effect.fnUntraced(function* (options: SqliteFileOptions) {
  const file = resolve(options.file)
  let files: OpenFiles | undefined
  const database = yield* Effect.acquireRelease(
    Effect.try({
      try: () => {
        refuse(addressFault(options.file))
        createFile(file)
        refuse(otherNameFault(file))
        const { DatabaseSync } = loadSqlite()
        return new DatabaseSync(file)
      },
      catch: failure("open")
    }),
    (opened) => Effect.sync(() => closeOwn(opened, files))
  )
  const prepare = () => {
    prepareFile(database, options)
    files = openFiles(file, database.location() ?? file)
    refuse(files.fault())
    return files
  }
  const prepared = yield* Effect.try({ try: prepare, catch: failure("open") }).pipe(
    Effect.retry({ schedule: whilePatient, while: isLocked })
  )
  return { database, files: prepared }
})
