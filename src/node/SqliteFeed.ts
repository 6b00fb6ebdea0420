/**
 * A feed of changes in one SQLite file, which any number of processes may share: what was told, and how far its consumers have come,
 * survives a crash and a loss of power. A file of its own: the journal of placements stays as small as it is.
 */
import type { SQLOutputValue } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { ChangeFeed } from "../calls/changes/ChangeFeed.ts"
import { changeBody, changeFrom, knownBody, knownFrom } from "../calls/changes/feedRow.ts"
import { acknowledgedPosition, numbered, pageOf, recordedOf, stageOf } from "../calls/changes/feedState.ts"
import type { KnownCall } from "../calls/changes/KnownCall.ts"
import { countOf } from "../calls/placementState.ts"
import type { JournalError } from "../calls/PlacementJournal.ts"
import { Instant } from "../domain/Instant.ts"
import { openSqliteFile, Refused } from "./SqliteFile.ts"

/** Where the feed is. */
export interface SqliteFeedOptions {
  /** Created where it is not, with its folders, for this user only. */
  readonly file: string
}

/** `unif` */
const APPLICATION_ID = 0x756e6966

const MIGRATIONS = [
  `CREATE TABLE change (
     tenant TEXT NOT NULL, position INTEGER NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (tenant, position)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE feed (tenant TEXT NOT NULL PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE call (
     tenant TEXT NOT NULL, key TEXT NOT NULL, stage TEXT NOT NULL, changedAt TEXT NOT NULL, body TEXT NOT NULL,
     PRIMARY KEY (tenant, key)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX call_stage ON call (tenant, stage, changedAt, key);
   CREATE TABLE consumer (
     tenant TEXT NOT NULL, consumer TEXT NOT NULL, position INTEGER NOT NULL, at TEXT NOT NULL, PRIMARY KEY (tenant, consumer)
   ) STRICT, WITHOUT ROWID`
]

type Row = { readonly [column: string]: SQLOutputValue }

const refused = (problem: string): Error => new Refused(`column ${problem}`)

const decodeInstant = Schema.decodeUnknownResult(Instant)
const instantIn = (row: Row, column: string): Instant =>
  Result.getOrThrowWith(decodeInstant(row[column]), () => refused(`${column} cannot be read`))

/** A feed in one SQLite file, open as long as its scope. */
export const makeSqliteFeed = Effect.fnUntraced(function* ({ file }: SqliteFeedOptions) {
  const opened = yield* openSqliteFile({ file, applicationId: APPLICATION_ID, migrations: MIGRATIONS })
  const { database } = opened
  const read = <A>(run: () => A): Effect.Effect<A, JournalError> => opened.read("changes", run)
  const write = <A>(run: () => A): Effect.Effect<A, JournalError> => opened.write("changes", run)
  const selectLast = database.prepare("SELECT last FROM feed WHERE tenant = ?")
  const setLast = database.prepare(
    "INSERT INTO feed (tenant, last) VALUES (?, ?) ON CONFLICT DO UPDATE SET last = excluded.last"
  )
  const insert = database.prepare("INSERT INTO change (tenant, position, at, body) VALUES (?, ?, ?, ?)")
  const selectChanges = database.prepare(
    "SELECT position, at, body FROM change WHERE tenant = ? AND position > ? ORDER BY position LIMIT ?"
  )
  const selectCall = database.prepare("SELECT body FROM call WHERE tenant = ? AND key = ?")
  const setCall = database.prepare(
    `INSERT INTO call (tenant, key, stage, changedAt, body) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET stage = excluded.stage, changedAt = excluded.changedAt, body = excluded.body`
  )
  const selectCalls = database.prepare(
    `SELECT key, changedAt, body FROM call
     WHERE tenant = ? AND stage = ? AND (changedAt, key) > (?, ?) ORDER BY changedAt, key LIMIT ?`
  )
  const selectPosition = database.prepare("SELECT position FROM consumer WHERE tenant = ? AND consumer = ?")
  const setPosition = database.prepare(
    `INSERT INTO consumer (tenant, consumer, position, at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET position = excluded.position, at = excluded.at`
  )
  const selectConsumers = database.prepare("SELECT * FROM consumer WHERE tenant = ? ORDER BY consumer")
  const removeConsumer = database.prepare("DELETE FROM consumer WHERE tenant = ? AND consumer = ?")
  // A clock may have been set back in between: what comes after a change that is kept is kept as well.
  const removeChanges = database.prepare(
    `DELETE FROM change WHERE tenant = $tenant AND position < coalesce(
       (SELECT position FROM change WHERE tenant = $tenant AND at >= $before ORDER BY position LIMIT 1), $end)
       AND position < $limit + (SELECT min(position) FROM change WHERE tenant = $tenant)`
  )
  const removeCalls = database.prepare(
    `DELETE FROM call WHERE tenant = $tenant AND key IN (
       SELECT key FROM call WHERE tenant = $tenant AND stage = 'done' AND changedAt < $before
       ORDER BY changedAt, key LIMIT $limit)`
  )

  const lastOf = (tenant: string): number => Number(selectLast.get(tenant)?.["last"] ?? 0)
  const find = (tenant: string, key: string): KnownCall | undefined => {
    const row = selectCall.get(tenant, key)
    return row === undefined ? undefined : knownFrom(row["body"], refused)
  }
  const positionOf = (tenant: string, consumer: string): number | undefined => {
    const row = selectPosition.get(tenant, consumer)
    return row === undefined ? undefined : Number(row["position"])
  }

  return ChangeFeed.of({
    record: (tenant, heard, at) => {
      const recorded = () => recordedOf(heard, (key) => find(tenant, key))
      const append = write(() => {
        const { known, changes } = recorded()
        for (const [key, each] of known) setCall.run(tenant, key, stageOf(each), at, knownBody(each))
        const last = lastOf(tenant)
        for (const change of numbered(changes, last, at))
          insert.run(tenant, change.position, change.at, changeBody(change))
        if (changes.length > 0) setLast.run(tenant, last + changes.length)
        return changes.length
      })
      // Most of what is heard is nothing new, and then nothing is synced.
      return Effect.flatMap(read(recorded), ({ known }) => (known.size === 0 ? Effect.succeed(0) : append))
    },
    read: ({ tenant, after, limit }) =>
      read(() => {
        // Before the changes: others may tell more in between.
        const last = lastOf(tenant)
        const rows = selectChanges.all(tenant, after, countOf(limit))
        return pageOf(
          rows.map((row) => changeFrom(row, refused)),
          last
        )
      }),
    position: (tenant, consumer) => read(() => Option.fromNullishOr(positionOf(tenant, consumer))),
    acknowledge: (tenant, consumer, position, at) =>
      write(() => {
        const after = acknowledgedPosition(positionOf(tenant, consumer), position, lastOf(tenant))
        if (after !== undefined) setPosition.run(tenant, consumer, after, at)
      }),
    consumers: (tenant) =>
      read(() =>
        selectConsumers.all(tenant).map((row) => ({
          consumer: String(row["consumer"]),
          position: Number(row["position"]),
          at: instantIn(row, "at")
        }))
      ),
    dropConsumer: (tenant, consumer) => write(() => removeConsumer.run(tenant, consumer).changes === 1),
    calls: ({ tenant, stage, after, limit }) =>
      read(() =>
        selectCalls.all(tenant, stage, after.changedAt, after.key, countOf(limit)).map((row) => ({
          key: String(row["key"]),
          known: knownFrom(row["body"], refused),
          changedAt: instantIn(row, "changedAt")
        }))
      ),
    forget: ({ tenant, changesBefore, callsBefore, limit }) =>
      write(() => {
        const of = { $tenant: tenant, $limit: countOf(limit) }
        const calls = removeCalls.run({ ...of, $before: callsBefore }).changes
        const changes = removeChanges.run({ ...of, $before: changesBefore, $end: lastOf(tenant) + 1 }).changes
        return { changes: Number(changes), calls: Number(calls) }
      })
  })
})

/** A feed of changes in one SQLite file that several processes may share; what it has told survives a crash. */
export const layerSqliteFeed = (options: SqliteFeedOptions): Layer.Layer<ChangeFeed, JournalError> =>
  Layer.effect(ChangeFeed, makeSqliteFeed(options))
