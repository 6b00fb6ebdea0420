/** What the inbox says to PostgreSQL. */
import { CHANGING_FIELDS, INBOX_FIELDS } from "../webhooks/inboxRow.ts"
import { FORGOTTEN_AT_ONCE } from "../webhooks/inboxState.ts"
import { DURABLY } from "./durably.ts"
import { columnOf, selectedOf, typeOf } from "./inboxTable.ts"
import type { Names } from "./tables.ts"

const PENDING = "state IN ('waiting', 'claimed')"
const KEY = ["tenant", "provider", "order_id"]

const sameAs = (alias: string): string => KEY.map((column) => `named.${column} = ${alias}.${column}`).join(" AND ")
const isKey = KEY.map((column, index) => `named.${column} = $${index + 1}`).join(" AND ")

/** Entries as a list in JSON, each with the version of the row that it was made of; none where there was none. */
const GIVEN = `json_to_recordset($1::json) AS given(${INBOX_FIELDS.map((field) => `"${field}" ${typeOf(field)}`).join(", ")}, version text)`
const given = (field: (typeof INBOX_FIELDS)[number]): string => `given."${field}"`

const isGiven = (alias: string): string =>
  `${alias}.tenant = given.tenant AND ${alias}.provider = given.provider AND ${alias}.order_id = given."orderId"`

const writing = (table: string, locking: string): string => `WITH asRead AS (
      SELECT given.* FROM ${GIVEN}, LATERAL (
        SELECT 1 FROM ${table} AS held WHERE ${isGiven("held")} AND held.xmin::text = given.version ${locking}
      ) AS free
    ), changed AS (
      UPDATE ${table} AS named SET ${CHANGING_FIELDS.map((field) => `${columnOf(field)} = ${given(field)}`).join(", ")}
      FROM asRead AS given, ${DURABLY} WHERE ${isGiven("named")} AND named.xmin::text = given.version
      RETURNING named.provider, named.order_id
    ), made AS (
      INSERT INTO ${table} AS named (${INBOX_FIELDS.map(columnOf).join(", ")})
      SELECT ${INBOX_FIELDS.map(given).join(", ")} FROM ${GIVEN}, ${DURABLY} WHERE given.version IS NULL
      ON CONFLICT DO NOTHING RETURNING named.provider, named.order_id
    )
    SELECT provider, order_id AS "orderId" FROM changed UNION ALL SELECT provider, order_id FROM made`

export const inboxStatementsOf = ({ table }: Names) => ({
  select: `SELECT ${selectedOf("named")}, named.xmin::text AS version FROM ${table} AS named WHERE ${isKey}`,
  /** Of several calls, as a list in JSON of objects with the fields of a key; and, of one moment with them, how many wait. */
  selectAll: `SELECT ${selectedOf("named")}, named.xmin::text AS version,
      (SELECT count(*) FROM ${table} WHERE ${PENDING} AND tenant = $2)::text AS pending
    FROM json_to_recordset($1::json) AS asked(tenant text, provider text, "orderId" text) LEFT JOIN LATERAL (
      SELECT *, xmin FROM ${table} AS one
      WHERE one.tenant = asked.tenant AND one.provider = asked.provider AND one.order_id = asked."orderId" LIMIT 1
    ) AS named ON true`,
  /** Where a row is still as it was read, or is still not there; which were. */
  write: writing(table, ""),
  /** The same, but for rows that somebody has locked. */
  writeFree: writing(table, "FOR UPDATE SKIP LOCKED"),
  /** What others claim at this moment is passed over. As `claimedEntry` has it. */
  claim: `UPDATE ${table} AS named
    SET state = 'claimed', due_at = $4, tries = named.tries + 1, fence = named.fence + 1, is_named_again = 0
    FROM (
      SELECT ${KEY.join(", ")}, due_at AS was FROM ${table}
      WHERE ${PENDING} AND tenant = $1 AND provider = $2
        AND (due_at <= $3 OR due_at > $5)
      ORDER BY is_known DESC, due_at, order_id LIMIT $6::bigint FOR UPDATE SKIP LOCKED
    ) AS due, ${DURABLY}
    WHERE ${sameAs("due")} RETURNING ${selectedOf("named")}, due.was::text AS was`,
  setAside: `UPDATE ${table} AS named SET state = 'unreadable' WHERE ${isKey} AND state = 'claimed'`,
  list: `SELECT ${selectedOf("named")} FROM ${table} AS named
    WHERE tenant = $1 AND ($2::text IS NULL OR state = $2) ORDER BY since DESC, order_id DESC LIMIT $3::bigint`,
  remove: `DELETE FROM ${table} AS named USING ${DURABLY} WHERE ${isKey} AND state <> 'claimed'`,
  forget: `DELETE FROM ${table} AS named USING (
      SELECT ${KEY.join(", ")} FROM ${table} WHERE state = 'done' AND tenant = $1 AND due_at < $2
      UNION (
        SELECT ${KEY.join(", ")} FROM ${table} WHERE state = 'done' AND tenant = $1
        ORDER BY due_at DESC, order_id DESC OFFSET $3::bigint
      )
      LIMIT ${FORGOTTEN_AT_ONCE}
    ) AS old WHERE ${sameAs("old")} AND named.state = 'done'`
})
