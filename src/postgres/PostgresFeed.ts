/**
 * A feed of changes in tables of PostgreSQL, which any number of processes on any number of machines may share. What was told, and how
 * far its consumers have come, survives a crash of the server.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { ChangeFeed } from "../calls/changes/ChangeFeed.ts"
import { FeedHandle } from "../calls/changes/FeedHandle.ts"
import { changeBody, changeFrom, knownBody, knownFrom } from "../calls/changes/feedRow.ts"
import { numbered, pageOf, recordedOf, stageOf } from "../calls/changes/feedState.ts"
import type { KnownCall, Seen } from "../calls/changes/KnownCall.ts"
import { countOf } from "../calls/placementState.ts"
import { JournalError } from "../calls/PlacementJournal.ts"
import { Instant } from "../domain/Instant.ts"
import { valueAt } from "../domain/Json.ts"
import { FEED_TABLES, feedStatementsOf } from "./feedTables.ts"
import { DEFAULT_TIMEOUT_SECONDS, insistOnPlace, openAt, type OpenAtOptions, patienceOf } from "./openAt.ts"
import { makePatiently } from "./patience.ts"
import type { PostgresConnection, PostgresPool } from "./PostgresPool.ts"
import { fault, PostgresFault } from "./postgresFault.ts"

/** How the feed is opened. */
export interface PostgresFeedOptions extends OpenAtOptions {}

const refused = (problem: string): Error => new PostgresFault(`column ${problem}`)

const decodeInstant = Schema.decodeUnknownResult(Instant)
const instantIn = (row: unknown, column: string): Instant =>
  Result.getOrThrowWith(decodeInstant(valueAt(row, [column])), () => refused(`${column} cannot be read`))

const textIn = (row: unknown, column: string): string => String(valueAt(row, [column]))
const numberIn = (row: unknown, column: string): number => Number(valueAt(row, [column]))

const opened = Effect.fnUntraced(
  function* (connection: PostgresConnection, options: PostgresFeedOptions) {
    const { pool, names, unsynced } = yield* openAt(connection, options, FEED_TABLES)
    if (unsynced) yield* Effect.logWarning("feed: PostgreSQL has fsync off: a loss of power may take what was told")
    return { pool, statements: feedStatementsOf(names) }
  },
  Effect.mapError(({ message }) => new JournalError({ operation: "open", problem: message }))
)

/**
 * A feed in PostgreSQL, open as long as its scope.
 *
 * @throws TypeError if the connection or an option is not as it must be
 */
export const makePostgresFeed = (connection: PostgresConnection, options: PostgresFeedOptions = {}) => {
  insistOnPlace("postgresFeed", connection, options)
  const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = options
  const patiently = makePatiently(patienceOf(timeoutSeconds))
  return Effect.map(opened(connection, options), ({ pool, statements }) => {
    const failed = (problem: string): JournalError => new JournalError({ operation: "changes", problem })
    const ask = <A>(run: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, JournalError> =>
      Effect.tryPromise({
        try: (signal) => patiently(() => run(signal), { signal }),
        catch: (error) => failed(fault(error).message)
      }).pipe(
        Effect.timeoutOrElse({
          duration: Duration.seconds(timeoutSeconds),
          orElse: () => Effect.fail(failed(`no answer within ${timeoutSeconds} seconds`))
        })
      )
    const rowsOf = async (text: string, ...values: Array<string | null>) => (await pool.query(text, values)).rows

    const known = async (tenant: string, heard: ReadonlyArray<Seen>) => {
      const keys = JSON.stringify([...new Set(heard.map(({ key }) => key))])
      const found = new Map<string, { readonly known: KnownCall; readonly version: string }>()
      for (const row of await rowsOf(statements.selectCalls, tenant, keys))
        found.set(textIn(row, "key"), {
          known: knownFrom(valueAt(row, ["body"]), refused),
          version: textIn(row, "version")
        })
      return found
    }

    /** What was still as it was read; what somebody else has come between is to be recorded again. */
    const append = async (tenant: string, heard: ReadonlyArray<Seen>, at: Instant) => {
      const before = await known(tenant, heard)
      const recorded = recordedOf(heard, (key) => before.get(key)?.known)
      if (recorded.known.size === 0) return { changes: 0, left: [] }
      const calls = [...recorded.known].map(([key, each]) => ({
        key,
        stage: stageOf(each),
        body: knownBody(each),
        version: before.get(key)?.version ?? null
      }))
      const fresh = numbered(recorded.changes, 0, at).map((change, place) => ({
        key: recorded.changes[place]?.key,
        body: changeBody(change),
        place
      }))
      const rows = await rowsOf(statements.append, tenant, JSON.stringify(calls), at, JSON.stringify(fresh))
      const told = new Set(rows.map((row) => textIn(row, "key")))
      return {
        changes: rows.length === 0 ? 0 : numberIn(rows[0], "changes"),
        left: heard.filter(({ key }) => recorded.known.has(key) && !told.has(key))
      }
    }

    return ChangeFeed.of({
      record: (tenant, heard, at) =>
        ask(async (signal) => {
          let changes = 0
          let left = heard
          while (left.length > 0 && !signal.aborted) {
            const appended = await append(tenant, left, at)
            changes += appended.changes
            left = appended.left
          }
          return changes
        }),
      read: ({ tenant, after, limit }) =>
        ask(async () => {
          const rows = await rowsOf(statements.read, tenant, String(after), String(countOf(limit)))
          const changes = rows.filter((row) => valueAt(row, ["position"]) !== null)
          return pageOf(
            changes.map((row) =>
              changeFrom(
                { position: numberIn(row, "position"), at: textIn(row, "at"), body: textIn(row, "body") },
                refused
              )
            ),
            numberIn(rows[0], "last")
          )
        }),
      position: (tenant, consumer) =>
        ask(async () => {
          const [row] = await rowsOf(statements.position, tenant, consumer)
          return row === undefined ? Option.none() : Option.some(numberIn(row, "position"))
        }),
      acknowledge: (tenant, consumer, position, at) =>
        ask(async () => void (await rowsOf(statements.acknowledge, tenant, consumer, String(position), at))),
      consumers: (tenant) =>
        ask(async () =>
          (await rowsOf(statements.consumers, tenant)).map((row) => ({
            consumer: textIn(row, "consumer"),
            position: numberIn(row, "position"),
            at: instantIn(row, "at")
          }))
        ),
      dropConsumer: (tenant, consumer) =>
        ask(async () => (await pool.query(statements.dropConsumer, [tenant, consumer])).rowCount === 1),
      calls: ({ tenant, stage, after, limit }) =>
        ask(async () =>
          (await rowsOf(statements.calls, tenant, stage, after.changedAt, after.key, String(countOf(limit)))).map(
            (row) => ({
              key: textIn(row, "key"),
              known: knownFrom(valueAt(row, ["body"]), refused),
              changedAt: instantIn(row, "changedAt")
            })
          )
        ),
      forget: ({ tenant, changesBefore, callsBefore, limit }) =>
        ask(async () => {
          const [row] = await rowsOf(statements.forget, tenant, changesBefore, callsBefore, String(countOf(limit)))
          return { changes: numberIn(row, "changes"), calls: numberIn(row, "calls") }
        })
    })
  })
}

/**
 * A feed of changes in PostgreSQL that processes on several machines may share; what it has told survives a crash.
 *
 * @throws TypeError if the connection or an option is not as it must be
 */
export const layerPostgresFeed = (
  connection: PostgresConnection,
  options: PostgresFeedOptions = {}
): Layer.Layer<ChangeFeed, JournalError> => Layer.effect(ChangeFeed, makePostgresFeed(connection, options))

/**
 * The same for programs that are not written in Effect: over a pool of your own, such as `new Pool()` of `pg`, which stays yours to
 * close; or at an address, for which `pg` must be installed.
 *
 * @throws TypeError if the connection or an option is not as it must be
 */
export const postgresFeed = (connection: string | PostgresPool, options: PostgresFeedOptions = {}): FeedHandle => {
  const given = typeof connection === "string" ? Redacted.make(connection) : connection
  return new FeedHandle("PostgreSQL", layerPostgresFeed(given, options))
}
