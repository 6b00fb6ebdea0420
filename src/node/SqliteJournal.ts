/**
 * The placement journal in one SQLite file, which any number of processes may share. What has been answered survives a
 * crash and a loss of power; how, `SqliteFile` tells.
 */
import type { SQLOutputValue } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { countOf, isFreeable, newPlacement, settledPlacement } from "../calls/MemoryJournal.ts"
import { type JournalError, Placement, PlacementJournal } from "../calls/PlacementJournal.ts"
import { openSqliteFile, Refused } from "./SqliteFile.ts"

/** Where the journal is. */
export interface SqliteJournalOptions {
  /** Created where it is not, with its folders, for this user only. */
  readonly file: string
}

/** `unic` */
const APPLICATION_ID = 0x756e6963

const MIGRATIONS = [
  `CREATE TABLE placement (
     reference TEXT NOT NULL PRIMARY KEY, provider TEXT NOT NULL, token TEXT NOT NULL, "check" TEXT NOT NULL,
     agentId TEXT, state TEXT NOT NULL, reservedAt TEXT NOT NULL, changedAt TEXT NOT NULL,
     orderId TEXT, because TEXT, status TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX placement_order ON placement (provider, orderId) WHERE orderId IS NOT NULL;
   CREATE INDEX placement_unfinished ON placement (changedAt) WHERE state <> 'ended'`
]

const SELECT = `
  SELECT reference, provider, token, "check", agentId, state, reservedAt, changedAt, orderId, because, status
  FROM placement`

const decode = Schema.decodeUnknownResult(Placement)
const formatIssues = SchemaIssue.makeFormatterStandardSchemaV1()

const placementOf = (columns: { readonly [name: string]: unknown }): Placement =>
  Result.getOrThrowWith(decode(columns), ({ issue }) => {
    const [column] = formatIssues(issue).issues[0]?.path ?? []
    return new Refused(`column ${String(column)} cannot be read`)
  })

const readRow = (row: { readonly [column: string]: SQLOutputValue }): Placement =>
  placementOf(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)))

/**
 * A placement that will be read back as it is: half a surrogate pair would come back as another character, and Node 22
 * reads no further than U+0000.
 */
const storable = (placement: Placement): Placement => {
  for (const [column, text] of Object.entries(placement))
    if (!text.isWellFormed() || text.includes("\u0000")) throw new Refused(`column ${column} would not keep its text`)
  return placementOf(placement)
}

/** A journal in one SQLite file, open as long as its scope. */
export const makeSqliteJournal = Effect.fnUntraced(function* ({ file }: SqliteJournalOptions) {
  const { database, read, write } = yield* openSqliteFile({
    file,
    applicationId: APPLICATION_ID,
    migrations: MIGRATIONS
  })
  const insert = database.prepare(
    `INSERT INTO placement (reference, provider, token, "check", agentId, state, reservedAt, changedAt)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
  )
  const update = database.prepare(
    "UPDATE placement SET state = ?, changedAt = ?, orderId = ?, because = ?, status = ? WHERE reference = ?"
  )
  const remove = database.prepare("DELETE FROM placement WHERE reference = ?")
  const selectByReference = database.prepare(`${SELECT} WHERE reference = ?`)
  const selectByOrder = database.prepare(`${SELECT} WHERE provider = ? AND orderId = ? LIMIT 1`)
  const selectUnfinished = database.prepare(
    `${SELECT} WHERE state <> 'ended' AND changedAt <= ? AND (? IS NULL OR provider = ?) ORDER BY changedAt LIMIT ?`
  )

  const find = (reference: string): Placement | undefined => {
    const row = selectByReference.get(reference)
    const placement = row === undefined ? undefined : readRow(row)
    return placement?.reference === reference ? placement : undefined
  }

  const held = (reference: string, token: string): Placement | undefined => {
    const placement = find(reference)
    return placement?.token === token ? placement : undefined
  }

  return PlacementJournal.of({
    reserve: (reservation) =>
      write("reserve", () => {
        const placement = storable(newPlacement(reservation))
        const { reference, provider, token, check, agentId, state, reservedAt, changedAt } = placement
        const row = [reference, provider, token, check, agentId ?? null, state, reservedAt, changedAt]
        if (insert.run(...row).changes === 1) return placement
        const holder = find(reference)
        if (holder === undefined) throw new Refused("the reference is held, and by no placement")
        return holder
      }),
    // Once it waits it is written, whatever becomes of its caller: an accepted call must not be forgotten.
    settle: (reference, token, settlement, at) =>
      write("settle", () => {
        const placement = held(reference, token)
        if (placement === undefined) return Option.none()
        const settled = settledPlacement(placement, settlement, at)
        if (settled !== placement) {
          const { state, changedAt, orderId, because, status } = storable(settled)
          update.run(state, changedAt, orderId ?? null, because ?? null, status ?? null, reference)
        }
        return Option.some(settled)
      }).pipe(Effect.uninterruptible),
    free: (reference, token) =>
      write("free", () => {
        const placement = held(reference, token)
        if (placement === undefined || !isFreeable(placement)) return false
        remove.run(reference)
        return true
      }).pipe(Effect.uninterruptible),
    find: (reference) => read("find", () => Option.fromNullishOr(find(reference))),
    findCall: (provider, orderId) =>
      read("find", () => Option.map(Option.fromNullishOr(selectByOrder.get(provider, orderId)), readRow)),
    unfinished: ({ before, limit, provider }) =>
      read("unfinished", () =>
        selectUnfinished.all(before, provider ?? null, provider ?? null, countOf(limit)).map(readRow)
      )
  })
})

/** Hands over every placement of a journal, one after the other, in no particular order; changes none. */
export const readSqliteJournal = Effect.fnUntraced(function* (
  { file }: SqliteJournalOptions,
  each: (placement: Placement) => void
) {
  const { database, read } = yield* openSqliteFile({ file, applicationId: APPLICATION_ID, migrations: MIGRATIONS })
  yield* read("find", () => {
    for (const row of database.prepare(SELECT).iterate()) each(readRow(row))
  })
}, Effect.scoped)

/** A journal in one SQLite file that several processes may share; what it has been told survives a crash. */
export const layerSqliteJournal = (options: SqliteJournalOptions): Layer.Layer<PlacementJournal, JournalError> =>
  Layer.effect(PlacementJournal, makeSqliteJournal(options))
