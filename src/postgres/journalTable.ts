/** The journal's table in PostgreSQL: its columns, and the SQL that makes it and brings it up to date. */
import type { Placement } from "../calls/PlacementJournal.ts"
import { migrationOf, type Names, namesOf, type PostgresTable, type TableKind } from "./tables.ts"

/** The column of each field. A new field of `Placement` does not compile until it stands here and in a migration. */
const COLUMN = {
  tenant: "tenant",
  reference: "reference",
  provider: "provider",
  account: "account",
  token: "token",
  numberDigest: "number_digest",
  content: "content",
  time: "time",
  agentId: "agent_id",
  state: "state",
  reservedAt: "reserved_at",
  clockOffset: "clock_offset",
  changedAt: "changed_at",
  orderId: "order_id",
  lead: "lead",
  because: "because",
  status: "status",
  evidence: "evidence",
  requestMillis: "request_millis",
  missedMillis: "missed_millis",
  listDelay: "list_delay",
  sentAs: "sent_as",
  supersedes: "supersedes",
  wrongAt: "wrong_at",
  routing: "routing"
} as const satisfies Record<keyof Placement, string>

type Field = keyof Placement

const isField = (name: string): name is Field => Object.hasOwn(COLUMN, name)

export const FIELDS = Object.keys(COLUMN).filter(isField)

type Numeric = { [Name in Field]-?: Placement[Name] extends number | undefined ? Name : never }[Field]

const NUMERIC = {
  clockOffset: true,
  requestMillis: true,
  missedMillis: true,
  listDelay: true
} as const satisfies Record<Numeric, true>

export const isNumeric = (field: string): field is Numeric => Object.hasOwn(NUMERIC, field)

export const columnOf = (field: Field): string => `"${COLUMN[field]}"`

/** The columns under the names of their fields, all as text: what a client makes of other types is settled elsewhere. */
export const SELECTED = FIELDS.map((field) => `${columnOf(field)}::text AS "${field}"`).join(", ")

/** Where assignments of routes are kept. */
export const assignmentTable = ({ schema, bare }: Names): string => `"${schema}"."${bare}_assigned"`

/**
 * From each version to the next. Never edited, only added to. Texts are compared byte by byte; of an order's id, which
 * may be of any length, the index has a hash.
 */
const MIGRATIONS: TableKind["migrations"] = [
  ({ table, bare }) => `
    CREATE TABLE ${table} (
      tenant text COLLATE "C" NOT NULL, reference text COLLATE "C" NOT NULL, provider text COLLATE "C" NOT NULL,
      account text COLLATE "C", token text COLLATE "C" NOT NULL, number_digest text COLLATE "C" NOT NULL,
      content text COLLATE "C", "time" text COLLATE "C", agent_id text COLLATE "C", state text COLLATE "C" NOT NULL,
      reserved_at text COLLATE "C" NOT NULL, clock_offset bigint, changed_at text COLLATE "C" NOT NULL,
      order_id text COLLATE "C", lead text COLLATE "C", because text COLLATE "C", status text COLLATE "C",
      PRIMARY KEY (reference, tenant)
    );
    CREATE INDEX "${bare}_order" ON ${table} USING hash (order_id) WHERE order_id IS NOT NULL;
    CREATE INDEX "${bare}_unfinished" ON ${table} (tenant, changed_at) WHERE state <> 'ended';`,
  ({ table, bare }) => `
    ALTER TABLE ${table}
      ADD COLUMN evidence text COLLATE "C", ADD COLUMN request_millis bigint, ADD COLUMN missed_millis bigint,
      ADD COLUMN list_delay bigint, ADD COLUMN sent_as text COLLATE "C", ADD COLUMN supersedes text COLLATE "C",
      ADD COLUMN wrong_at text COLLATE "C";
    CREATE INDEX "${bare}_absent" ON ${table} (provider, changed_at) WHERE state = 'absent';
    CREATE INDEX "${bare}_listed" ON ${table} (provider) WHERE wrong_at IS NOT NULL OR list_delay IS NOT NULL;`,
  (names) => `
    ALTER TABLE ${names.table} ADD COLUMN routing text COLLATE "C";
    CREATE TABLE ${assignmentTable(names)} (
      tenant text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, provider text COLLATE "C" NOT NULL,
      at text COLLATE "C" NOT NULL, PRIMARY KEY (tenant, key)
    );`
]

export const JOURNAL_TABLE: TableKind = {
  table: "unicall_placement",
  suffix: "_version",
  migrations: MIGRATIONS,
  sql: "postgresJournalSql()"
}

/**
 * The SQL that makes the journal's table, or brings it to the newest version, for a role that may create tables. Run it
 * again with each new version of the library, where the journal opens with `migrate: false`.
 *
 * @throws TypeError if a name is not as it must be
 */
export const postgresJournalSql = (table: PostgresTable = {}): string =>
  migrationOf(namesOf(JOURNAL_TABLE, table), MIGRATIONS)
