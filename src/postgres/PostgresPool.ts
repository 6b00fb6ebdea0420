/** What the journal needs of a client for PostgreSQL, and a pool of the package `pg` for a connection string. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { isJsonObject, valueAt } from "../domain/Json.ts"
import { fault, PostgresFault } from "./postgresFault.ts"
import type { PostgresTable } from "./tables.ts"

/** What a statement gave. */
export interface PostgresResult {
  readonly rows: ReadonlyArray<unknown>
  /** How many rows a statement changed. */
  readonly rowCount: number | null
}

/**
 * A pool of connections; `pg.Pool` is one. Each statement is a transaction of its own, on whichever connection: nothing is
 * kept in a session and no statement has a name, so a pooler may stand between. One connection inside a transaction is no
 * pool: what is answered there could still be rolled back.
 */
export interface PostgresPool {
  query(text: string, values?: Array<string | null>): Promise<PostgresResult>
}

/**
 * Where the database is: a pool of your own, which stays yours to close, or an address, for which `pg` must be installed:
 * `postgres://user@host/database`, with `#table` or `#schema.table` behind it for another table than the usual one.
 */
export type PostgresConnection = PostgresPool | Redacted.Redacted<string>

/** A statement that has no answer by then has lost its connection. Above what any operation of the journal waits. */
const LONGEST_STATEMENT_MS = 65_000

const LONGEST_CONNECTING_MS = 5_000

const isMissing = (error: unknown): boolean => valueAt(error, ["code"]) === "ERR_MODULE_NOT_FOUND"

/** Loaded here and nowhere else: who brings a pool needs no `pg` of ours. */
const loadPg = async () => {
  try {
    const { default: pg } = await import("pg")
    return pg
  } catch (error) {
    throw isMissing(error) ? new PostgresFault("the package pg is not installed: npm install pg") : error
  }
}

/** What is not in the address comes from `PGHOST`, `PGUSER`, `PGPASSWORD` and the like, as with other programs. */
const connect = async (address: Redacted.Redacted<string>) => {
  const { Pool } = await loadPg()
  const pool = new Pool({
    connectionString: Redacted.value(address).split("#")[0],
    fallback_application_name: "unicall",
    connectionTimeoutMillis: LONGEST_CONNECTING_MS,
    query_timeout: LONGEST_STATEMENT_MS,
    keepAlive: true
  })
  // A connection that breaks while nobody uses it is taken out of the pool; without a listener it would end the process.
  pool.on("error", () => undefined)
  return pool
}

const ADDRESS = /^postgres(?:ql)?:\/\//i

/** Whether a text is the address of a database, and no path. */
export const isPostgresAddress = (text: string): boolean => ADDRESS.test(text)

/** Any other text would be taken for the name of a database, or of a socket. */
export const isPool = (connection: PostgresConnection): boolean =>
  Redacted.isRedacted(connection)
    ? isPostgresAddress(Redacted.value(connection))
    : isJsonObject(connection) && typeof connection["query"] === "function"

/** The table that an address names. */
export const tableOf = (connection: PostgresConnection): PostgresTable => {
  if (!Redacted.isRedacted(connection)) return {}
  const [, named = ""] = Redacted.value(connection).split("#")
  const [table, schema] = named.split(".").toReversed()
  return { ...(table === "" ? {} : { table }), ...(schema === undefined ? {} : { schema }) }
}

/** Where an address leads, for people: host and database. Where it is not clear which part is which, neither. */
export const postgresTitle = (address: string): string => {
  const url = URL.parse(address)
  const place = url === null || url.pathname.includes("@") ? "" : `${url.host}${url.pathname}`
  return `PostgreSQL ${place}`.replace(/[\s/]+$/, "")
}

/** The pool of an address is closed with the scope. */
export const poolOf = (connection: PostgresConnection): Effect.Effect<PostgresPool, PostgresFault, Scope.Scope> =>
  Redacted.isRedacted(connection)
    ? Effect.acquireRelease(
        Effect.tryPromise({ try: () => connect(connection), catch: fault }),
        // Whoever still has a connection then has lost its caller.
        (pool) => Effect.promise(() => pool.end()).pipe(Effect.timeoutOption(LONGEST_CONNECTING_MS))
      )
    : Effect.succeed(connection)
