/** What the journal says to PostgreSQL. */
import { COMPACTED_AWAY, COMPACTED_DIGEST } from "../calls/compactedPlacement.ts"
import type { Placement } from "../calls/PlacementJournal.ts"
import { SETTLED_FIELDS } from "../calls/placementState.ts"
import { DURABLY } from "./durably.ts"
import { assignmentTable, columnOf, FIELDS, isNumeric, SELECTED } from "./journalTable.ts"
import type { Names } from "./tables.ts"

const typeOf = (field: keyof Placement): string => (isNumeric(field) ? "bigint" : "text")

const parameter = (field: keyof Placement, index: number): string => `$${index + 1}::${typeOf(field)}`

/** The parameters behind so many others. */
const after = (count: number, ...names: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.map((name, index) => `${name} = $${count + index + 1}`)

/** `isCompactable` and `isDeletable` of `compactedPlacement.ts`. */
const ALONE = "sent_as IS NULL AND supersedes IS NULL"
const COMPACTABLE = `${ALONE} AND number_digest <> '${COMPACTED_DIGEST}'`
const DELETABLE = `${ALONE} AND wrong_at IS NULL AND list_delay IS NULL`

/**
 * A stretch of rows in the order of their keys, and what of it is changed: `$1` and `$2` are where it begins, `$3` the tenant,
 * `$4` the time, `$5` how long it is. A row that somebody has changed meanwhile is looked at again as it then is. Rows of
 * other tenants count as looked at: they would make a step take any time.
 */
const stepped = (table: string, change: (from: string) => string, isAsked: string): string =>
  `WITH page AS (
      SELECT reference, tenant FROM ${table}
      WHERE (reference, tenant) > ($1, $2) ORDER BY reference, tenant LIMIT $5::bigint
    ), changed AS (
      ${change(`page, ${DURABLY}`)} WHERE old.reference = page.reference AND old.tenant = page.tenant
        AND ($3::text IS NULL OR old.tenant = $3) AND state = 'ended' AND changed_at < $4 AND ${isAsked} RETURNING 1
    )
    SELECT (SELECT count(*) FROM changed)::text AS changed, (SELECT count(*) FROM page)::text AS looked, reference, tenant
    FROM page ORDER BY reference DESC, tenant DESC LIMIT 1`

const COMPACTED = [
  `number_digest = '${COMPACTED_DIGEST}'`,
  ...COMPACTED_AWAY.map((field) => `${columnOf(field)} = NULL`)
].join(", ")

/** A row that is still as it was read. */
const AS_READ = ["reference", "tenant", "token", "old.xmin::text"]

export const statementsOf = (names: Names) => statementsOn(names.table, assignmentTable(names))

const statementsOn = (table: string, assignments: string) => ({
  assign: `INSERT INTO ${assignments} (tenant, key, provider, at) SELECT $1, $2, $3, $4 FROM ${DURABLY} ON CONFLICT DO NOTHING`,
  selectAssigned: `SELECT provider FROM ${assignments} WHERE tenant = $1 AND key = $2`,
  insert: `INSERT INTO ${table} (${FIELDS.map(columnOf).join(", ")})
    SELECT ${FIELDS.map(parameter).join(", ")} FROM ${DURABLY} ON CONFLICT DO NOTHING RETURNING ${SELECTED}`,
  select: `SELECT ${SELECTED}, xmin::text AS version FROM ${table} WHERE reference = $1 AND tenant = $2`,
  update: `UPDATE ${table} AS old SET ${SETTLED_FIELDS.map((field, index) => `${columnOf(field)} = ${parameter(field, index)}`).join(", ")}
    FROM ${DURABLY} WHERE ${after(SETTLED_FIELDS.length, ...AS_READ).join(" AND ")}`,
  remove: `DELETE FROM ${table} AS old USING ${DURABLY}
    WHERE ${after(0, ...AS_READ).join(" AND ")}`,
  /** Both or neither: the insert has a row only where the update had one. */
  supersede: `WITH aside AS (
      UPDATE ${table} AS old SET reference = $${FIELDS.length + 1}, sent_as = $${FIELDS.length + 2} FROM ${DURABLY}
      WHERE ${after(FIELDS.length + 2, ...AS_READ).join(" AND ")} RETURNING 1
    )
    INSERT INTO ${table} (${FIELDS.map(columnOf).join(", ")}) SELECT ${FIELDS.map(parameter).join(", ")} FROM aside
    RETURNING ${SELECTED}`,
  /** Of several calls, as a list in JSON of objects with the fields of a key and a place; those that are there, with their places. */
  selectCalls: `SELECT found.*, asked.place::text AS place
    FROM json_to_recordset($1::json) AS asked(tenant text, provider text, "orderId" text, place bigint), LATERAL (
      SELECT ${SELECTED} FROM ${table}
      WHERE order_id = asked."orderId" AND provider = asked.provider AND tenant = asked.tenant LIMIT 1
    ) AS found`,
  selectUnfinished: `SELECT ${SELECTED} FROM ${table}
    WHERE state <> 'ended' AND state <> 'absent' AND tenant = $1 AND changed_at <= $2 AND ($3::text IS NULL OR provider = $3)
      AND ($4::text IS NULL OR account IS NULL OR account = $4)
    ORDER BY changed_at LIMIT $5::bigint`,
  selectOpen: `SELECT ${SELECTED} FROM ${table}
    WHERE state <> 'ended' AND state IN ('reserved', 'uncertain') AND tenant = $1 AND changed_at <= $2 AND provider = $3
      AND ($4::text IS NULL OR account IS NULL OR account = $4)
    ORDER BY changed_at LIMIT $5::bigint`,
  selectAbsent: `SELECT ${SELECTED} FROM ${table}
    WHERE state = 'absent' AND tenant = $1 AND changed_at >= $2 AND provider = $3
      AND ($4::text IS NULL OR account IS NULL OR account = $4)
    ORDER BY changed_at DESC LIMIT $5::bigint`,
  selectRecord: `SELECT count(*) FILTER (WHERE wrong_at > $2)::text AS wrong, max(list_delay)::text AS slowest FROM ${table}
    WHERE provider = $1 AND (wrong_at IS NOT NULL OR list_delay IS NOT NULL)`,
  selectAfter: `SELECT ${SELECTED} FROM ${table} WHERE (reference, tenant) > ($1, $2) ORDER BY reference, tenant LIMIT 1000`,
  countEnded: `SELECT count(*)::text AS ended, count(*) FILTER (WHERE ${COMPACTABLE})::text AS compactable,
      count(*) FILTER (WHERE ${DELETABLE})::text AS deletable
    FROM ${table} WHERE state = 'ended' AND changed_at < $2 AND ($1::text IS NULL OR tenant = $1)`,
  compactEnded: stepped(table, (from) => `UPDATE ${table} AS old SET ${COMPACTED} FROM ${from}`, COMPACTABLE),
  deleteEnded: stepped(table, (from) => `DELETE FROM ${table} AS old USING ${from}`, DELETABLE)
})
