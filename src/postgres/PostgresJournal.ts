/**
 * The placement journal in one table of PostgreSQL, which any number of processes on any number of machines may share.
 * What has been answered survives a crash of the server.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { makeCustomJournal } from "../calls/CustomJournal.ts"
import { placementOf } from "../calls/journalAnswers.ts"
import type { CustomJournalOptions } from "../calls/JournalFunctions.ts"
import { JournalHandle } from "../calls/JournalHandle.ts"
import { JournalError, type Placement, PlacementJournal } from "../calls/PlacementJournal.ts"
import { valueAt } from "../domain/Json.ts"
import { fieldsOf, journalFunctions } from "./journalFunctions.ts"
import { statementsOf } from "./journalStatements.ts"
import { assignmentTable, JOURNAL_TABLE } from "./journalTable.ts"
import { DEFAULT_TIMEOUT_SECONDS, insistOnPlace, openAt, type OpenAtOptions, patienceOf } from "./openAt.ts"
import type { PostgresConnection, PostgresPool } from "./PostgresPool.ts"
import { fault } from "./postgresFault.ts"
import type { Names, PostgresTable } from "./tables.ts"

/** How the journal is opened. */
export interface PostgresJournalOptions extends OpenAtOptions, CustomJournalOptions {}

const opened = Effect.fnUntraced(
  function* (connection: PostgresConnection, options: PostgresJournalOptions, isRead = false) {
    const { pool, names, unsynced } = yield* openAt(connection, options, JOURNAL_TABLE, isRead)
    if (unsynced && !isRead)
      yield* Effect.logWarning("journal: PostgreSQL has fsync off: a loss of power may take what was placed")
    return { pool, names }
  },
  Effect.mapError(({ message }) => new JournalError({ operation: "open", problem: message }))
)

/** Whether the role may keep assignments: one that was given the table of placements alone goes on without them. */
const mayAssign = (pool: PostgresPool, names: Names) =>
  Effect.tryPromise({
    try: async () => {
      const { rows } = await pool.query(MAY_ASSIGN, [assignmentTable(names)])
      return valueAt(rows[0], ["may"]) === "true"
    },
    catch: (error) => new JournalError({ operation: "open", problem: fault(error).message })
  })

const MAY_ASSIGN = "SELECT (has_table_privilege($1, 'SELECT') AND has_table_privilege($1, 'INSERT'))::text AS may"

/**
 * A journal in PostgreSQL, open as long as its scope.
 *
 * @throws TypeError if the connection or an option is not as it must be
 */
export const makePostgresJournal = (connection: PostgresConnection, options: PostgresJournalOptions = {}) => {
  insistOnPlace("postgresJournal", connection, options)
  const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = options
  return Effect.gen(function* () {
    const { pool, names } = yield* opened(connection, options)
    const { assign, ...functions } = journalFunctions(pool, names, patienceOf(timeoutSeconds))
    const may = yield* mayAssign(pool, names)
    return makeCustomJournal({ ...functions, ...(may && assign !== undefined ? { assign } : {}) }, { timeoutSeconds })
  })
}

/**
 * A journal in PostgreSQL that processes on several machines may share; what it has been told survives a crash.
 *
 * @throws TypeError if the connection or an option is not as it must be
 */
export const layerPostgresJournal = (
  connection: PostgresConnection,
  options: PostgresJournalOptions = {}
): Layer.Layer<PlacementJournal, JournalError> =>
  Layer.effect(PlacementJournal, makePostgresJournal(connection, options))

/**
 * The same for programs that are not written in Effect: over a pool of your own, such as `new Pool()` of `pg`, which stays
 * yours to close; or at an address, for which `pg` must be installed.
 *
 * @throws TypeError if the connection or an option is not as it must be
 */
export const postgresJournal = (
  connection: string | PostgresPool,
  options: PostgresJournalOptions = {}
): JournalHandle => {
  const given = typeof connection === "string" ? Redacted.make(connection) : connection
  return new JournalHandle("PostgreSQL", layerPostgresJournal(given, options))
}

/** Hands over every placement of a journal, one after the other, in no particular order; changes and makes nothing. */
export const readPostgresJournal = Effect.fnUntraced(function* (
  connection: PostgresConnection,
  each: (placement: Placement) => void,
  options: PostgresTable = {}
) {
  const { pool, names } = yield* opened(connection, { ...options, migrate: false }, true)
  const { selectAfter } = statementsOf(names)
  const pageAfter = (last: Placement | undefined) =>
    Effect.tryPromise({
      try: async () => {
        const { rows } = await pool.query(selectAfter, [last?.reference ?? "", last?.tenant ?? ""])
        return rows.map((row) => placementOf(fieldsOf(row)))
      },
      catch: (error) => new JournalError({ operation: "find", problem: fault(error).message })
    })
  let page = yield* pageAfter(undefined)
  while (page.length > 0) {
    page.forEach(each)
    page = yield* pageAfter(page.at(-1))
  }
}, Effect.scoped)

/** Bytes that a journal's table takes with its indexes. */
export const postgresJournalSize = Effect.fnUntraced(function* (
  connection: PostgresConnection,
  options: PostgresTable = {}
) {
  const { pool, names } = yield* opened(connection, { ...options, migrate: false }, true)
  return yield* Effect.tryPromise({
    try: async () => {
      const { rows } = await pool.query("SELECT pg_total_relation_size($1::regclass)::text AS bytes", [names.table])
      return { bytes: Number(valueAt(rows[0], ["bytes"])) }
    },
    catch: (error) => new JournalError({ operation: "find", problem: fault(error).message })
  })
}, Effect.scoped)
