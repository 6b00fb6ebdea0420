/**
 * The inbox of webhooks in one SQLite file, which any number of processes may share: what was acknowledged survives a crash and a
 * loss of power. A file of its own: placements do not wait until a burst of messages is written.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { unkeptField } from "../calls/keptText.ts"
import { type CallKey, JournalError } from "../calls/PlacementJournal.ts"
import { CHANGING_FIELDS, entryOfRow, INBOX_FIELDS, isReadable, valueInRow } from "../webhooks/inboxRow.ts"
import { claimedEntry, FORGOTTEN_AT_ONCE, replayedEntry, settledEntry, takenEntries } from "../webhooks/inboxState.ts"
import { type InboxEntry, WebhookInbox } from "../webhooks/WebhookInbox.ts"
import { openSqliteFile, Refused } from "./SqliteFile.ts"
import { INBOX_APPLICATION_ID, INBOX_MIGRATIONS } from "./sqliteInboxTable.ts"

/** Where the inbox is. */
export interface SqliteInboxOptions {
  /** Created where it is not, with its folders, for this user only. */
  readonly file: string
}

const ROOM = "state IN ('waiting', 'claimed')"
const KEY = "tenant = ? AND provider = ? AND orderId = ?"

const keyOf = ({ tenant, provider, orderId }: CallKey): [string, string, string] => [tenant, provider, orderId]

/** An inbox in one SQLite file, open as long as its scope. */
export const makeSqliteInbox = Effect.fnUntraced(function* ({ file }: SqliteInboxOptions) {
  const opened = yield* Effect.mapError(
    openSqliteFile({ file, applicationId: INBOX_APPLICATION_ID, migrations: INBOX_MIGRATIONS }),
    ({ problem }) => new JournalError({ operation: "inbox", problem })
  )
  const { database } = opened
  /** How many of a tenant's wait, as counted in this transaction: each message of a burst would count all that wait again. */
  let counted: { readonly transaction: object; readonly tenant: string; pending: number } | undefined
  const write = <A>(run: () => A): Effect.Effect<A, JournalError> =>
    opened.write("inbox", () => {
      counted = undefined
      return run()
    })
  const read = <A>(run: () => A): Effect.Effect<A, JournalError> => opened.read("inbox", run)
  // A row that nobody can read gives way to what is received.
  const insert = database.prepare(
    `INSERT OR REPLACE INTO named_call (${INBOX_FIELDS.join(", ")}) VALUES (${INBOX_FIELDS.map(() => "?").join(", ")})`
  )
  const select = database.prepare(`SELECT * FROM named_call WHERE ${KEY}`)
  const countPending = database.prepare(`SELECT count(*) AS n FROM named_call WHERE ${ROOM} AND tenant = ?`)
  const selectDue = database.prepare(
    `SELECT rowid AS row, * FROM named_call WHERE ${ROOM} AND tenant = $tenant AND provider = $provider
       AND (dueAt <= $now OR dueAt > $latest)
     ORDER BY isKnown DESC, dueAt, orderId LIMIT $limit`
  )
  const update = database.prepare(
    `UPDATE named_call SET ${CHANGING_FIELDS.map((field) => `${field} = ?`).join(", ")} WHERE ${KEY}`
  )
  const setAside = database.prepare("UPDATE named_call SET state = 'unreadable' WHERE rowid = ?")
  const selectAll = database.prepare(
    `SELECT * FROM named_call WHERE tenant = ? AND state = coalesce(?, state) ORDER BY since DESC, orderId DESC LIMIT ?`
  )
  const remove = database.prepare(`DELETE FROM named_call WHERE ${KEY} AND state <> 'claimed'`)
  const removeOld = database.prepare(
    `DELETE FROM named_call WHERE rowid IN (
       SELECT rowid FROM named_call WHERE state = 'done' AND tenant = $tenant AND dueAt < $before
       UNION SELECT rowid FROM (
         SELECT rowid FROM named_call WHERE state = 'done' AND tenant = $tenant ORDER BY dueAt DESC LIMIT -1 OFFSET $most
       ) LIMIT ${FORGOTTEN_AT_ONCE}
     )`
  )

  const find = (call: CallKey) => {
    const row = select.get(...keyOf(call))
    return row === undefined ? undefined : entryOfRow(row)
  }
  const findReadable = (call: CallKey): InboxEntry | undefined => {
    const entry = find(call)
    return entry !== undefined && isReadable(entry) ? entry : undefined
  }
  const put = (entry: InboxEntry | undefined): boolean =>
    entry !== undefined &&
    update.run(...CHANGING_FIELDS.map((field) => valueInRow(entry, field)), ...keyOf(entry)).changes === 1

  return WebhookInbox.of({
    receive: (received, most) =>
      opened
        .write("inbox", (transaction) => {
          const [first] = received
          if (first === undefined) return "taken"
          const unkept = received.map(unkeptField).find((field) => field !== undefined)
          if (unkept !== undefined) throw new Refused(`column ${unkept} would not keep its text`)
          const { tenant } = first
          const count = () => {
            if (counted?.transaction !== transaction || counted.tenant !== tenant)
              counted = { transaction, tenant, pending: Number(countPending.get(tenant)?.["n"]) }
            return counted.pending
          }
          const taken = takenEntries(received, findReadable, count, most)
          if (taken === "full") return taken
          for (const entry of taken.entries) insert.run(...INBOX_FIELDS.map((field) => valueInRow(entry, field)))
          if (counted !== undefined) counted.pending += taken.fresh
          return "taken"
        })
        .pipe(Effect.uninterruptible),
    claim: ({ tenant, provider, now, until, latest, limit }) =>
      write(() => {
        const due = { $tenant: tenant, $provider: provider, $now: now, $latest: latest, $limit: limit }
        return selectDue.all(due).flatMap((row) => {
          const entry = entryOfRow(row)
          if (!isReadable(entry)) {
            setAside.run(Number(row["row"]))
            return []
          }
          const claimed = claimedEntry({ until }, entry)
          put(claimed)
          return [claimed]
        })
      }).pipe(Effect.uninterruptible),
    settle: (claim, settled) =>
      write(() => {
        const entry = findReadable(claim)
        return put(entry && settledEntry(entry, claim.fence, settled))
      }).pipe(Effect.uninterruptible),
    list: ({ tenant, state = null, limit }) => read(() => selectAll.all(tenant, state, limit).map(entryOfRow)),
    find: (call) => read(() => find(call)),
    replay: (call, at) =>
      write(() => {
        const entry = findReadable(call)
        return put(entry && replayedEntry(entry, at))
      }),
    drop: (call) => write(() => remove.run(...keyOf(call)).changes === 1),
    forget: ({ tenant, before, most }) =>
      write(() => Number(removeOld.run({ $tenant: tenant, $before: before, $most: most }).changes))
  })
})

/** An inbox in one SQLite file that several processes may share; what was acknowledged survives a crash. */
export const layerSqliteInbox = (options: SqliteInboxOptions): Layer.Layer<WebhookInbox, JournalError> =>
  Layer.effect(WebhookInbox, makeSqliteInbox(options))
