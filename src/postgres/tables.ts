/** Tables in PostgreSQL: their names, and how they are made and brought up to date. */

/** Which table is meant. */
export interface PostgresTable {
  /**
   * The schema, by its exact name; made where it is not. It is never looked for in the `search_path`, where two roles could
   * find two tables. @default "public"
   */
  readonly schema?: string | undefined
  /**
   * The table, by its exact name; one beside it says which version it has: `NAME_version` of a journal, `NAME_webhooks` of an inbox,
   * `NAME_feed_changes` of a feed, whose tables are called `NAME_feed`, `NAME_feed_change` and so on.
   * @default "unicall_placement", "unicall_inbox" or, of a feed, "unicall"
   */
  readonly table?: string | undefined
}

/** What a table is for. */
export interface TableKind {
  /** Its name, where none is given. */
  readonly table: string
  /** What stands behind the name, so that a table of another kind may be given the same. @default "" */
  readonly behind?: string
  /** Of the table with its version. Another one for each kind, so that none is taken for another. */
  readonly suffix: string
  /** From each version to the next. Never edited, only added to. */
  readonly migrations: ReadonlyArray<(names: Names) => string>
  /** What gives the SQL, for people. */
  readonly sql: string
}

/** Suffixes stand behind it, and PostgreSQL cuts names at 63 bytes: two that were cut could be one. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,49}$/

export const isName = (name: unknown): name is string => typeof name === "string" && NAME.test(name)

export const NAME_EXPECTED = "1 to 50 letters, digits and underscores, no digit first"

export interface Names {
  readonly schema: string
  /** Quoted, with its schema. */
  readonly table: string
  readonly version: string
  /** What the table with the version has behind its name. */
  readonly suffix: string
  readonly bare: string
}

export const namesOf = (
  { suffix, table: usual, behind = "" }: TableKind,
  { schema = "public", table = usual }: PostgresTable
): Names => {
  for (const [option, name] of Object.entries({ schema, table }))
    if (!isName(name)) throw new TypeError(`${option}: expected ${NAME_EXPECTED}`)
  const quoted = (name: string): string => `"${schema}"."${name}"`
  const bare = `${table}${behind}`
  return { schema, bare, table: quoted(bare), version: quoted(`${bare}${suffix}`), suffix }
}

/** Held until the end of the transaction: of those who open at once, one migrates. `unicall` as a number. */
const LOCK = "0x756e6963616c6c"

/** One statement, and so one transaction. */
export const migrationOf = (names: Names, migrations: TableKind["migrations"]): string => {
  const steps = migrations.map((migration, index) => {
    const version = index + 1
    return `  IF found < ${version} THEN${migration(names)}
    INSERT INTO ${names.version} VALUES (${version});
  END IF;`
  })
  return `DO $unicall$
DECLARE found integer;
BEGIN
  PERFORM pg_advisory_xact_lock(${BigInt(LOCK)});
  IF to_regnamespace('"${names.schema}"') IS NULL THEN CREATE SCHEMA "${names.schema}"; END IF;
  CREATE TABLE IF NOT EXISTS ${names.version} (version integer PRIMARY KEY);
  SELECT coalesce(max(version), 0) INTO found FROM ${names.version};
${steps.join("\n")}
END
$unicall$;
`
}
