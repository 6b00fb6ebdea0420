/** The tables of a feed of changes in PostgreSQL, and what is said to them. */
import { DURABLY } from "./durably.ts"
import { migrationOf, type Names, namesOf, type PostgresTable, type TableKind } from "./tables.ts"

const partsOf = ({ schema, bare }: Names) => ({
  change: `"${schema}"."${bare}_change"`,
  call: `"${schema}"."${bare}_call"`,
  reader: `"${schema}"."${bare}_reader"`
})

/** From each version to the next. Never edited, only added to. Texts are compared byte by byte. */
const MIGRATIONS: TableKind["migrations"] = [
  (names) => {
    const { change, call, reader } = partsOf(names)
    return `
    CREATE TABLE ${names.table} (tenant text COLLATE "C" PRIMARY KEY, last bigint NOT NULL);
    CREATE TABLE ${change} (
      tenant text COLLATE "C", position bigint, at text COLLATE "C" NOT NULL, body text NOT NULL, PRIMARY KEY (tenant, position)
    );
    CREATE TABLE ${call} (
      tenant text COLLATE "C", key text COLLATE "C", stage text COLLATE "C" NOT NULL, changed_at text COLLATE "C" NOT NULL,
      body text NOT NULL, PRIMARY KEY (tenant, key)
    );
    CREATE INDEX "${names.bare}_stage" ON ${call} (tenant, stage, changed_at, key);
    CREATE TABLE ${reader} (
      tenant text COLLATE "C", consumer text COLLATE "C", position bigint NOT NULL, at text COLLATE "C" NOT NULL,
      PRIMARY KEY (tenant, consumer)
    );`
  }
]

export const FEED_TABLES: TableKind = {
  table: "unicall",
  behind: "_feed",
  suffix: "_changes",
  migrations: MIGRATIONS,
  sql: "postgresFeedSql()"
}

/**
 * The SQL that makes the tables of a feed, or brings them to the newest version, for a role that may create tables. Run it again with
 * each new version of the library, where the feed opens with `migrate: false`.
 *
 * @throws TypeError if a name is not as it must be
 */
export const postgresFeedSql = (table: PostgresTable = {}): string =>
  migrationOf(namesOf(FEED_TABLES, table), MIGRATIONS)

export const feedStatementsOf = (names: Names) => {
  const { change, call, reader } = partsOf(names)
  return {
    selectCalls: `SELECT key, body, xmin::text AS version FROM ${call}
      WHERE tenant = $1 AND key IN (SELECT json_array_elements_text($2::json))`,
    /**
     * Calls ($2) that are still as they were read, and the changes ($4) of those. The row of the tenant is locked from the moment that
     * positions are taken to the end: so a position can be read as soon as a later one can. Calls come in one order, so that nobody waits
     * for each other.
     */
    append: `WITH given AS (
        SELECT * FROM json_to_recordset($2::json) AS given (key text, stage text, body text, version text)
      ), told AS (
        INSERT INTO ${call} AS old (tenant, key, stage, changed_at, body)
        SELECT $1, key, stage, $3, body FROM given, ${DURABLY} ORDER BY key
        ON CONFLICT (tenant, key) DO UPDATE SET stage = excluded.stage, changed_at = excluded.changed_at, body = excluded.body
        WHERE old.xmin::text = (SELECT version FROM given WHERE given.key = excluded.key)
        RETURNING key
      ), fresh AS (
        SELECT body, row_number() OVER (ORDER BY place) AS place
        FROM json_to_recordset($4::json) AS fresh (key text, body text, place bigint) JOIN told USING (key)
      ), head AS (
        INSERT INTO ${names.table} AS old (tenant, last) SELECT $1, count(*) FROM fresh HAVING count(*) > 0
        ON CONFLICT (tenant) DO UPDATE SET last = old.last + excluded.last RETURNING last
      ), written AS (
        INSERT INTO ${change} (tenant, position, at, body)
        SELECT $1, last - (SELECT count(*) FROM fresh) + place, $3, body FROM head, fresh RETURNING 1
      )
      SELECT key, (SELECT count(*) FROM written)::text AS changes FROM told`,
    /** One row at least: how far the feed has come. */
    read: `SELECT coalesce((SELECT last FROM ${names.table} WHERE tenant = $1), 0)::text AS last, position::text AS position, at, body
      FROM (SELECT 1) AS always LEFT JOIN (
        SELECT position, at, body FROM ${change} WHERE tenant = $1 AND position > $2::bigint ORDER BY position LIMIT $3::bigint
      ) AS page ON true ORDER BY page.position`,
    position: `SELECT position::text AS position FROM ${reader} WHERE tenant = $1 AND consumer = $2`,
    acknowledge: `INSERT INTO ${reader} AS old (tenant, consumer, position, at)
      SELECT $1, $2, least($3::bigint, coalesce((SELECT last FROM ${names.table} WHERE tenant = $1), 0)), $4 FROM ${DURABLY}
      ON CONFLICT (tenant, consumer) DO UPDATE SET position = excluded.position, at = excluded.at
      WHERE old.position < excluded.position`,
    consumers: `SELECT consumer, position::text AS position, at FROM ${reader} WHERE tenant = $1 ORDER BY consumer`,
    dropConsumer: `DELETE FROM ${reader} WHERE tenant = $1 AND consumer = $2`,
    calls: `SELECT key, changed_at AS "changedAt", body FROM ${call}
      WHERE tenant = $1 AND stage = $2 AND (changed_at, key) > ($3, $4) ORDER BY changed_at, key LIMIT $5::bigint`,
    /** A clock may have been set back in between: what comes after a change that is kept is kept as well. */
    forget: `WITH calls AS (
        DELETE FROM ${call} WHERE tenant = $1 AND key IN (
          SELECT key FROM ${call} WHERE tenant = $1 AND stage = 'done' AND changed_at < $3
          ORDER BY changed_at, key LIMIT $4::bigint
        ) RETURNING 1
      ), gone AS (
        DELETE FROM ${change} WHERE tenant = $1 AND position < coalesce(
          (SELECT position FROM ${change} WHERE tenant = $1 AND at >= $2 ORDER BY position LIMIT 1),
          (SELECT last + 1 FROM ${names.table} WHERE tenant = $1)
        ) AND position < $4::bigint + (SELECT min(position) FROM ${change} WHERE tenant = $1) RETURNING 1
      )
      SELECT (SELECT count(*) FROM gone)::text AS changes, (SELECT count(*) FROM calls)::text AS calls`
  }
}
