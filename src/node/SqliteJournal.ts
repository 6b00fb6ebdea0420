/**
 * The placement journal in one SQLite file, which any number of processes may share. What has been answered survives a
 * crash and a loss of power; how, `SqliteFile` tells.
 */

import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { providerGiven } from "../calls/journalAnswers.ts"
import {
  type Absences,
  type JournalError,
  type Open,
  Placement,
  PlacementJournal,
  type PlacementKey,
  type Reservation
} from "../calls/PlacementJournal.ts"
import {
  countOf,
  isReleasable,
  newPlacement,
  setAside,
  SETTLED_FIELDS,
  settledPlacement
} from "../calls/placementState.ts"
import {
  APPLICATION_ID,
  COLUMN,
  FIELDS,
  NAMES,
  MIGRATIONS,
  OF_NOBODY,
  OF_TENANTS,
  readRow,
  storable,
  valuesOf
} from "./sqliteJournalTables.ts"
import { openSqliteFile, Refused } from "./SqliteFile.ts"
import { sqliteRetention } from "./sqliteRetention.ts"

/** Where the journal is. */
export interface SqliteJournalOptions {
  /** Created where it is not, with its folders, for this user only. */
  readonly file: string
}

/** A journal in one SQLite file, open as long as its scope. */
export const makeSqliteJournal = Effect.fnUntraced(function* ({ file }: SqliteJournalOptions) {
  const opened = yield* openSqliteFile({ file, applicationId: APPLICATION_ID, migrations: MIGRATIONS })
  const { database, read, write } = opened
  const insert = database.prepare(
    `INSERT INTO tenant_placement (${NAMES}) VALUES (${FIELDS.map(() => "?").join(", ")}) ON CONFLICT DO NOTHING`
  )
  const settleOwn = database.prepare(
    `UPDATE tenant_placement SET ${SETTLED_FIELDS.map((field) => `${COLUMN[field]} = ?`).join(", ")}
     WHERE reference = ? AND tenant = ?`
  )
  const settleNobodys = database.prepare(
    "UPDATE placement SET state = ?, changedAt = ?, orderId = ?, because = ?, status = ? WHERE reference = ?"
  )
  const removeOwn = database.prepare("DELETE FROM tenant_placement WHERE reference = ? AND tenant = ?")
  const removeNobodys = database.prepare("DELETE FROM placement WHERE reference = ?")
  const selectOwn = database.prepare(`${OF_TENANTS} WHERE reference = ? AND tenant = ?`)
  const selectNobodys = database.prepare(`${OF_NOBODY} WHERE reference = ?`)
  const selectOwnCall = database.prepare(`${OF_TENANTS} WHERE provider = ? AND orderId = ? AND tenant = ? LIMIT 1`)
  const selectNobodysCall = database.prepare(`${OF_NOBODY} WHERE provider = ? AND orderId = ? LIMIT 1`)
  const selectUnfinished = database.prepare(
    `SELECT * FROM (
       ${OF_TENANTS} WHERE state <> 'ended' AND state <> 'absent' AND tenant = $tenant
       UNION ALL ${OF_NOBODY} WHERE state <> 'ended' AND $tenant = ''
     )
     WHERE changedAt <= $before AND ($provider IS NULL OR provider = $provider)
       AND ($account IS NULL OR account IS NULL OR account = $account)
     ORDER BY changedAt LIMIT $limit`
  )

  const setOwnAside = database.prepare(
    "UPDATE tenant_placement SET reference = ?, sentAs = ? WHERE reference = ? AND tenant = ?"
  )
  const selectOpen = database.prepare(
    `${OF_TENANTS} WHERE state IN ('reserved', 'uncertain') AND provider = $provider AND tenant = $tenant
       AND changedAt <= $before AND ($account IS NULL OR account IS NULL OR account = $account)
     ORDER BY changedAt LIMIT $limit`
  )
  const selectAbsent = database.prepare(
    `${OF_TENANTS} WHERE state = 'absent' AND provider = $provider AND tenant = $tenant
       AND changedAt >= $since AND ($account IS NULL OR account IS NULL OR account = $account)
     ORDER BY changedAt DESC LIMIT $limit`
  )
  const selectRecord = database.prepare(
    `SELECT count(*) FILTER (WHERE wrongAt > $since) AS wrong, max(listDelay) AS slowest FROM tenant_placement
     WHERE provider = $provider AND (wrongAt IS NOT NULL OR listDelay IS NOT NULL)`
  )

  const insertAssignment = database.prepare(
    "INSERT INTO assignment (tenant, key, provider, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
  )
  const selectAssignment = database.prepare("SELECT provider FROM assignment WHERE tenant = ? AND key = ?")

  const find = ({ tenant, reference }: PlacementKey): Placement | undefined => {
    const row = selectOwn.get(reference, tenant) ?? selectNobodys.get(reference)
    const placement = row === undefined ? undefined : readRow(row)
    return placement?.reference === reference ? placement : undefined
  }

  const held = (key: PlacementKey, token: string): Placement | undefined => {
    const placement = find(key)
    return placement?.token === token ? placement : undefined
  }

  const update = (before: Placement, after: Placement): void => {
    const placement = storable(after)
    const { reference, tenant, state, changedAt } = placement
    const { orderId = null, because = null, status = null } = placement
    if (tenant === undefined) settleNobodys.run(state, changedAt, orderId, because, status, reference)
    else if (before.tenant === tenant)
      settleOwn.run(...SETTLED_FIELDS.map((field) => placement[field] ?? null), reference, tenant)
    else {
      removeNobodys.run(reference)
      insert.run(...valuesOf(placement))
    }
  }

  const reserve = (reservation: Reservation): Placement => {
    const placement = storable(newPlacement(reservation))
    if (insert.run(...valuesOf(placement)).changes === 1) return placement
    const holder = find(reservation)
    if (holder === undefined) throw new Refused("the reference is held, and by no placement")
    return holder
  }

  const of = ({ tenant, provider, account, limit }: Open | Absences) => ({
    $tenant: tenant,
    $provider: provider,
    $account: account ?? null,
    $limit: countOf(limit)
  })

  return PlacementJournal.of({
    reserve: (reservation) => write("reserve", () => reserve(reservation)),
    // Once it waits it is written, whatever becomes of its caller: an accepted call must not be forgotten.
    settle: (key, token, settlement, at) =>
      write("settle", () => {
        const placement = held(key, token)
        if (placement === undefined) return Option.none()
        const settled = settledPlacement(placement, settlement, at)
        if (settled !== placement) update(placement, settled)
        return Option.some(settled)
      }).pipe(Effect.uninterruptible),
    release: (key, token, changedAt) =>
      write("release", () => {
        const placement = held(key, token)
        if (placement === undefined || !isReleasable(placement, changedAt)) return false
        if (placement.tenant === undefined) removeNobodys.run(key.reference)
        else removeOwn.run(key.reference, placement.tenant)
        return true
      }).pipe(Effect.uninterruptible),
    find: (key) => read("find", () => Option.fromNullishOr(find(key))),
    findCall: ({ tenant, provider, orderId }) =>
      read("find", () => {
        const row = selectOwnCall.get(provider, orderId, tenant) ?? selectNobodysCall.get(provider, orderId)
        return Option.map(Option.fromNullishOr(row), readRow)
      }),
    unfinished: ({ tenant, before, limit, provider, account }) =>
      read("unfinished", () =>
        selectUnfinished
          .all({
            $tenant: tenant,
            $before: before,
            $limit: countOf(limit),
            $provider: provider ?? null,
            $account: account ?? null
          })
          .map(readRow)
      ),
    absence: {
      supersede: (reservation, aside) =>
        write("supersede", () => {
          const absent = held(reservation, reservation.supersedes)
          if (absent?.state === "absent" && absent.tenant !== undefined) {
            const { reference, sentAs } = storable(setAside(absent, aside))
            setOwnAside.run(reference, sentAs ?? null, absent.reference, absent.tenant)
          }
          return reserve(reservation)
        }),
      open: (filter) =>
        read("unfinished", () => selectOpen.all({ ...of(filter), $before: filter.before }).map(readRow)),
      absent: (filter) =>
        read("unfinished", () => selectAbsent.all({ ...of(filter), $since: filter.since }).map(readRow)),
      listRecord: (provider, since) =>
        read("listRecord", () => {
          const { wrong, slowest } = selectRecord.get({ $provider: provider, $since: since }) ?? {}
          return { wrong: Number(wrong), ...(typeof slowest === "number" ? { slowestMillis: slowest } : {}) }
        })
    },
    assign: ({ tenant, key, provider, at }) =>
      write("assign", () => {
        insertAssignment.run(tenant, key, provider, at)
        return providerGiven(selectAssignment.get(tenant, key)?.["provider"])
      }),
    retention: sqliteRetention(opened)
  })
})

/** A journal in one SQLite file that several processes may share; what it has been told survives a crash. */
export const layerSqliteJournal = (options: SqliteJournalOptions): Layer.Layer<PlacementJournal, JournalError> =>
  Layer.effect(PlacementJournal, makeSqliteJournal(options))
