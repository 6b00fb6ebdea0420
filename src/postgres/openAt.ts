/** Opens a table at an address, or on a pool: what is given is checked, and the table brought up to date. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { present } from "../domain/present.ts"
import * as Check from "../provider/optionChecks.ts"
import { openTable } from "./openTable.ts"
import { isPool, type PostgresConnection, type PostgresPool, poolOf, tableOf } from "./PostgresPool.ts"
import { fault, PostgresFault } from "./postgresFault.ts"
import { isName, NAME_EXPECTED, type Names, namesOf, type PostgresTable, type TableKind } from "./tables.ts"

/** How a table is opened: of a journal, or of an inbox. */
export interface OpenAtOptions extends PostgresTable {
  /** Whether a table that is missing or older is made or brought up to date. `false` for a role that may not. @default true */
  readonly migrate?: boolean | undefined
  /**
   * How long an operation may take, in which a lost connection is made again and a server that restarts is waited for; then it
   * fails. @default 10
   */
  readonly timeoutSeconds?: number | undefined
}

export const DEFAULT_TIMEOUT_SECONDS = 10

/** The share of that time, in milliseconds of seconds, after which a server that cannot be reached is given up. */
export const patienceOf = (timeoutSeconds: number): number => timeoutSeconds * 800

const checkOptions = Check.options({
  schema: Check.optional(Check.that(isName, NAME_EXPECTED)),
  table: Check.optional(Check.that(isName, NAME_EXPECTED)),
  migrate: Check.optional(Check.that((value) => typeof value === "boolean", "true or false")),
  timeoutSeconds: Check.optional(Check.positiveSeconds)
})

/** @throws TypeError if the connection or an option is not as it must be; `caller` is the function that was called */
export const insistOnPlace = (caller: string, connection: PostgresConnection, options: OpenAtOptions): void => {
  const wrong = checkOptions(options, [])
  if (!isPool(connection))
    throw new TypeError(`${caller}: expected a pool of pg, or an address such as postgres://user@host/database`)
  if (wrong !== undefined) throw new TypeError(`${caller}: ${wrong.field}: expected ${wrong.expected}`)
}

export interface OpenedAt {
  readonly pool: PostgresPool
  readonly names: Names
  /** The server does not sync what it writes. */
  readonly unsynced: boolean
}

/** As long as its scope. `isRead`: nothing will be written. */
export const openAt = Effect.fnUntraced(function* (
  connection: PostgresConnection,
  { migrate = true, schema, table }: OpenAtOptions,
  kind: TableKind,
  isRead = false
): Effect.fn.Return<OpenedAt, PostgresFault, Scope.Scope> {
  const names = yield* Effect.try({
    try: () => namesOf(kind, { ...tableOf(connection), ...present({ schema, table }) }),
    catch: () => new PostgresFault(`the address names no table behind #: expected ${NAME_EXPECTED}`)
  })
  const pool = yield* poolOf(connection)
  const { unsynced } = yield* Effect.tryPromise({
    try: () => openTable(pool, names, kind, { migrate, isRead }),
    catch: fault
  })
  return { pool, names, unsynced }
})
