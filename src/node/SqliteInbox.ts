/**
 * The inbox of webhooks in one SQLite file, which any number of processes may share: what was acknowledged survives a crash and a
 * loss of power. A file of its own: placements do not wait until a burst of messages is written.
 */
import type { SQLOutputValue } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { JournalError } from "../calls/PlacementJournal.ts"
import { misfitOf } from "../domain/misfit.ts"
import { claimedEntry, dealtEntry, isDroppable, receivedEntry, replayedEntry } from "../webhooks/inboxState.ts"
import { InboxEntry, WebhookInbox } from "../webhooks/WebhookInbox.ts"
import { openSqliteFile, Refused } from "./SqliteFile.ts"

/** Where the inbox is. */
export interface SqliteInboxOptions {
  /** Created where it is not, with its folders, for this user only. */
  readonly file: string
}

/** `unib` */
const APPLICATION_ID = 0x756e6962

const MIGRATIONS = [
  `CREATE TABLE message (
     id TEXT NOT NULL, tenant TEXT NOT NULL, provider TEXT NOT NULL, orderId TEXT NOT NULL, isKnown INTEGER NOT NULL,
     receivedAt TEXT NOT NULL, state TEXT NOT NULL, dueAt TEXT NOT NULL, tries INTEGER NOT NULL, fence INTEGER NOT NULL,
     problem TEXT, PRIMARY KEY (tenant, id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX message_pending ON message (tenant, isKnown DESC, receivedAt, id) WHERE state IN ('waiting', 'claimed');
   CREATE INDEX message_done ON message (tenant, dueAt) WHERE state = 'done'`
]

const FIELDS = [
  "id",
  "tenant",
  "provider",
  "orderId",
  "isKnown",
  "receivedAt",
  "state",
  "dueAt",
  "tries",
  "fence",
  "problem"
] as const satisfies ReadonlyArray<keyof InboxEntry>

const decode = Schema.decodeUnknownResult(InboxEntry)

const readRow = ({ problem, ...row }: { readonly [column: string]: SQLOutputValue }): InboxEntry =>
  Result.getOrThrowWith(
    decode({ ...row, isKnown: row["isKnown"] === 1, ...(problem === null ? {} : { problem }) }),
    (error) => new Refused(`column ${misfitOf(error).path[0]} cannot be read`)
  )

const valueOf = (value: InboxEntry[keyof InboxEntry]): string | number | null =>
  typeof value === "boolean" ? Number(value) : (value ?? null)

/** An inbox in one SQLite file, open as long as its scope. */
export const makeSqliteInbox = Effect.fnUntraced(function* ({ file }: SqliteInboxOptions) {
  const opened = yield* openSqliteFile({ file, applicationId: APPLICATION_ID, migrations: MIGRATIONS })
  const { database } = opened
  const write = <A>(run: () => A): Effect.Effect<A, JournalError> => opened.write("inbox", run)
  const insert = database.prepare(
    `INSERT INTO message (${FIELDS.join(", ")}) VALUES (${FIELDS.map(() => "?").join(", ")}) ON CONFLICT DO NOTHING`
  )
  const select = database.prepare("SELECT * FROM message WHERE tenant = ? AND id = ?")
  const pending = database.prepare("SELECT count(*) AS n FROM message WHERE state IN ('waiting', 'claimed')")
  const selectDue = database.prepare(
    `SELECT * FROM message WHERE state IN ('waiting', 'claimed') AND tenant = ? AND dueAt <= ?
     ORDER BY isKnown DESC, receivedAt, id LIMIT ?`
  )
  const update = database.prepare(
    "UPDATE message SET state = ?, dueAt = ?, tries = ?, fence = ?, problem = ? WHERE tenant = ? AND id = ?"
  )
  const selectAll = database.prepare(
    `SELECT * FROM message WHERE tenant = ? AND state = coalesce(?, state) ORDER BY receivedAt DESC, id DESC LIMIT ?`
  )
  const remove = database.prepare("DELETE FROM message WHERE tenant = ? AND id = ?")
  const removeOld = database.prepare("DELETE FROM message WHERE tenant = ? AND state = 'done' AND dueAt < ?")

  const find = (tenant: string, id: string): InboxEntry | undefined => {
    const row = select.get(tenant, id)
    return row === undefined ? undefined : readRow(row)
  }
  const put = (entry: InboxEntry | undefined): boolean => {
    if (entry === undefined) return false
    const { state, dueAt, tries, fence, problem = null, tenant, id } = entry
    return update.run(state, dueAt, tries, fence, problem, tenant, id).changes === 1
  }

  return WebhookInbox.of({
    receive: (received, most) =>
      write(() => {
        const fresh = received.filter(({ tenant, id }) => find(tenant, id) === undefined)
        if (fresh.length > 0 && Number(pending.get()?.["n"]) + fresh.length > most) return "full"
        for (const each of fresh) {
          const entry = receivedEntry(each)
          insert.run(...FIELDS.map((field) => valueOf(entry[field])))
        }
        return "taken"
      }).pipe(Effect.uninterruptible),
    claim: (filter) =>
      write(() =>
        selectDue.all(filter.tenant, filter.now, filter.limit).map((row) => {
          const entry = claimedEntry(filter, readRow(row))
          put(entry)
          return entry
        })
      ),
    settle: ({ tenant, id, fence }, dealt, at) =>
      write(() => {
        const entry = find(tenant, id)
        return put(entry && dealtEntry(entry, fence, dealt, at))
      }).pipe(Effect.uninterruptible),
    list: ({ tenant, state = null, limit }) =>
      opened.read("inbox", () => selectAll.all(tenant, state, limit).map(readRow)),
    replay: (tenant, id, at) =>
      write(() => {
        const entry = find(tenant, id)
        return put(entry && replayedEntry(entry, at))
      }),
    drop: (tenant, id) =>
      write(() => {
        const entry = find(tenant, id)
        return entry !== undefined && isDroppable(entry) && remove.run(tenant, id).changes === 1
      }),
    forget: (tenant, before) => write(() => Number(removeOld.run(tenant, before).changes))
  })
})

/** An inbox in one SQLite file that several processes may share; what was acknowledged survives a crash. */
export const layerSqliteInbox = (options: SqliteInboxOptions): Layer.Layer<WebhookInbox, JournalError> =>
  Layer.effect(WebhookInbox, makeSqliteInbox(options))
