/** The inbox's table in PostgreSQL: its columns, and the SQL that makes it and brings it up to date. */
import { INBOX_FIELDS, isNumeric } from "../webhooks/inboxRow.ts"
import type { InboxEntry } from "../webhooks/WebhookInbox.ts"
import { migrationOf, namesOf, type PostgresTable, type TableKind } from "./tables.ts"

type Field = keyof InboxEntry

/** The column of each field. A new field of `InboxEntry` does not compile until it stands here and in a migration. */
const COLUMN = {
  tenant: "tenant",
  provider: "provider",
  orderId: "order_id",
  isKnown: "is_known",
  since: "since",
  state: "state",
  dueAt: "due_at",
  tries: "tries",
  notFound: "not_found",
  fence: "fence",
  isNamedAgain: "is_named_again",
  messages: "messages",
  problem: "problem"
} as const satisfies Record<Field, string>

export const columnOf = (field: Field): string => `"${COLUMN[field]}"`

/** Of the column of a field, as a statement's parameter. */
export const typeOf = (field: Field): string => (isNumeric(field) ? "bigint" : "text")

/** The columns of an alias under the names of their fields, all as text: what a client makes of other types is settled elsewhere. */
export const selectedOf = (alias: string): string =>
  INBOX_FIELDS.map((field) => `${alias}.${columnOf(field)}::text AS "${field}"`).join(", ")

/** Never edited, only added to. Texts are compared byte by byte. */
const MIGRATIONS: TableKind["migrations"] = [
  ({ table, bare }) => `
    CREATE TABLE ${table} (
      tenant text COLLATE "C" NOT NULL, provider text COLLATE "C" NOT NULL, order_id text COLLATE "C" NOT NULL,
      is_known bigint NOT NULL, since text COLLATE "C" NOT NULL, state text COLLATE "C" NOT NULL,
      due_at text COLLATE "C" NOT NULL, tries bigint NOT NULL, not_found bigint NOT NULL, fence bigint NOT NULL,
      is_named_again bigint NOT NULL, messages text COLLATE "C" NOT NULL, problem text COLLATE "C",
      PRIMARY KEY (tenant, provider, order_id)
    );
    CREATE INDEX "${bare}_pending" ON ${table} (tenant, provider, is_known DESC, due_at, order_id)
      WHERE state IN ('waiting', 'claimed');
    CREATE INDEX "${bare}_done" ON ${table} (tenant, due_at) WHERE state = 'done';`
]

export const INBOX_TABLE: TableKind = {
  table: "unicall_inbox",
  suffix: "_webhooks",
  migrations: MIGRATIONS,
  sql: "postgresInboxSql()"
}

/**
 * The SQL that makes the inbox's table, or brings it to the newest version, for a role that may create tables. Run it again with
 * each new version of the library, where the inbox opens with `migrate: false`.
 *
 * @throws TypeError if a name is not as it must be
 */
export const postgresInboxSql = (table: PostgresTable = {}): string =>
  migrationOf(namesOf(INBOX_TABLE, table), MIGRATIONS)
