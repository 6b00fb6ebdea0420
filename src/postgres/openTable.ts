/** Opens a table: brought to the newest version, and refused where what it is told could be lost. */
import { valueAt } from "../domain/Json.ts"
import type { PostgresPool } from "./PostgresPool.ts"
import { isPassing, PostgresFault } from "./postgresFault.ts"
import { migrationOf, type Names, type TableKind } from "./tables.ts"

const LOOK = `SELECT pg_is_in_recovery()::text AS replica, current_setting('transaction_read_only') AS reading,
  current_setting('fsync') AS fsync,
  (SELECT relpersistence::text FROM pg_class WHERE oid = to_regclass($1)) AS table,
  (to_regclass($2) IS NOT NULL)::text AS versioned`

interface Found {
  /** 0: there is no table. */
  readonly version: number
  /** The server does not sync what it writes. */
  readonly unsynced: boolean
}

const look = async (pool: PostgresPool, { table, version, suffix }: Names, isRead: boolean): Promise<Found> => {
  const { rows } = await pool.query(LOOK, [table, version])
  const [row] = rows
  const is = (name: string): unknown => valueAt(row, [name])
  if (!isRead && is("replica") === "true")
    throw new PostgresFault("a replica, which can only be read: name the primary")
  if (!isRead && is("reading") !== "off")
    throw new PostgresFault("the database can only be read: default_transaction_read_only")
  const unsynced = is("fsync") === "off"
  const persistence = is("table") ?? undefined
  if (is("versioned") !== "true") {
    if (persistence !== undefined) throw new PostgresFault(`another program's table, or its ${suffix} is missing`)
    return { version: 0, unsynced }
  }
  if (persistence !== undefined && persistence !== "p")
    throw new PostgresFault("a table that a crash empties (UNLOGGED)")
  const found = await pool.query(`SELECT coalesce(max(version), 0)::text AS version FROM ${version}`)
  return { version: Number(valueAt(found.rows[0], ["version"])), unsynced }
}

/** Whoever was inside a transaction of its own is found out by it: two statements of a pool are two transactions. */
const insistOnPool = async (pool: PostgresPool): Promise<void> => {
  const transaction = async () => {
    const { rows } = await pool.query("SELECT txid_current()::text AS id")
    return valueAt(rows[0], ["id"])
  }
  if ((await transaction()) === (await transaction()))
    throw new PostgresFault("a connection inside a transaction: give a pool")
}

const isTaken = (error: unknown): boolean => ["42P07", "42P06", "23505"].includes(String(valueAt(error, ["code"])))

/** Somebody else may have done it meanwhile: then it only has to be looked at again. */
const migrated = async (pool: PostgresPool, names: Names, sql: string): Promise<Found> => {
  try {
    await pool.query(sql)
  } catch (error) {
    if (!isTaken(error) && !isPassing(error)) throw error
    await pool.query(sql)
  }
  return await look(pool, names, false)
}

export interface OpenTableOptions {
  readonly migrate: boolean
  /** Nothing will be written: a replica is as good. */
  readonly isRead: boolean
}

export const openTable = async (
  pool: PostgresPool,
  names: Names,
  { migrations, sql }: TableKind,
  options: OpenTableOptions
): Promise<Found> => {
  const newest = migrations.length
  const before = await look(pool, names, options.isRead)
  if (!options.isRead) await insistOnPool(pool)
  const isOld = before.version < newest && options.migrate
  const found = isOld ? await migrated(pool, names, migrationOf(names, migrations)) : before
  if (found.version > newest)
    throw new PostgresFault(`schema version ${found.version}, newer than ${newest}, the newest known here`)
  if (found.version < newest)
    throw new PostgresFault(`the table is missing, or older than needed: run the SQL of ${sql}`)
  return found
}
