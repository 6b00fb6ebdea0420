/** Rows of the inbox in PostgreSQL: read, and written where they still are as they were read. */
import { isKeptText } from "../calls/keptText.ts"
import type { CallKey } from "../calls/PlacementJournal.ts"
import { isJsonObject, type JsonObject, valueAt } from "../domain/Json.ts"
import { entryOfRow, INBOX_FIELDS, isReadable, valueInRow } from "../webhooks/inboxRow.ts"
import type { InboxEntry, UnreadableEntry } from "../webhooks/WebhookInbox.ts"
import type { PostgresPool } from "./PostgresPool.ts"
import { PostgresFault } from "./postgresFault.ts"

export interface VersionedEntry {
  readonly entry: InboxEntry | UnreadableEntry
  /** Another one after each change. */
  readonly version: string
}

export const keyOf = ({ tenant, provider, orderId }: CallKey): Array<string> => [tenant, provider, orderId]

/** What cannot be stored is not there: a client would ask for another text. */
export const isKept = (call: CallKey): boolean => keyOf(call).every(isKeptText)

export const objectOf = (row: unknown): JsonObject => {
  if (!isJsonObject(row)) throw new PostgresFault("gave no row")
  return row
}

export const versionedOf = (row: unknown): VersionedEntry => ({
  entry: entryOfRow(objectOf(row)),
  version: String(valueAt(row, ["version"]))
})

export const readableIn = (row: VersionedEntry | undefined): InboxEntry | undefined =>
  row !== undefined && isReadable(row.entry) ? row.entry : undefined

const jsonOf = (entry: InboxEntry, row: VersionedEntry | undefined): JsonObject => ({
  ...Object.fromEntries(INBOX_FIELDS.map((field) => [field, valueInRow(entry, field)])),
  version: row?.version ?? null
})

/** Tells a call from others of its tenant. */
export const nameOf = ({ provider, orderId }: Pick<UnreadableEntry, "provider" | "orderId">): string =>
  `${provider} ${orderId}`

/** The names of those that were still as they were read. */
export const writeWith = async (
  pool: PostgresPool,
  statement: string,
  entries: ReadonlyArray<InboxEntry>,
  found: (call: CallKey) => VersionedEntry | undefined
): Promise<ReadonlySet<string>> => {
  const given = entries.map((entry) => jsonOf(entry, found(entry)))
  const { rows } = await pool.query(statement, [JSON.stringify(given)])
  return new Set(
    rows.map((row) =>
      nameOf({ provider: String(valueAt(row, ["provider"])), orderId: String(valueAt(row, ["orderId"])) })
    )
  )
}
