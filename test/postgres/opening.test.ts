import { ProviderId } from "../../src/domain/Identifiers.ts"
import { afterAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { Client } from "pg"
import {
  layerPostgresJournal,
  type PostgresJournalOptions,
  postgresJournal,
  postgresJournalSql,
  readPostgresJournal
} from "../../src/postgres/index.ts"
import type { PostgresConnection } from "../../src/postgres/PostgresPool.ts"
import { accepted, instant, keyOf, missed, reservation } from "../../src/testing/journal/samples.ts"
import { address, freshTable, isThere, newPool, open, problem, settingOf } from "./database.ts"
import { addressIn, startServer } from "./server.ts"

const pool = newPool()

afterAll(() => pool.end())

const sql = (text: string) => Effect.promise(() => pool.query(text))

const opening = (connection: PostgresConnection, options?: PostgresJournalOptions) =>
  Effect.scoped(open(connection, options))

const versions = (table: string) =>
  Effect.map(sql(`SELECT version FROM public.${table}_version ORDER BY 1`), ({ rows }) => rows)

describe.runIf(isThere)("a journal's table", () => {
  it.effect.each(["read committed", "repeatable read", "serializable"])(
    "is made once by many at once: %s",
    (isolation) =>
      Effect.gen(function* () {
        const table = freshTable()
        const theirs = Redacted.make(settingOf(`default_transaction_isolation=${isolation.replace(" ", "\\ ")}`))
        const journals = yield* Effect.forEach(Array.from({ length: 8 }), () => open(theirs, { table }), {
          concurrency: "unbounded"
        })
        const placements = yield* Effect.forEach(
          journals,
          (journal, index) => journal.reserve(reservation("a", { token: `token-${index}` })),
          { concurrency: "unbounded" }
        )
        expect(new Set(placements.map(({ token }) => token)).size).toBe(1)
        expect(yield* versions(table)).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }])
      })
  )

  it.effect("keeps everything when it is opened again, and makes a schema that is not there", () =>
    Effect.gen(function* () {
      const options = { schema: `S_${freshTable()}`, table: "Calls" }
      yield* Effect.scoped(
        Effect.gen(function* () {
          const journal = yield* open(pool, options)
          yield* journal.reserve(reservation("a", { clockOffset: -3_600_000_000 }))
          yield* journal.settle(keyOf("a"), "token-1", accepted("x".repeat(20_000)), instant(1))
        })
      )
      const journal = yield* open(Redacted.make(address()), options)
      const found = Option.getOrThrow(yield* journal.find(keyOf("a")))
      expect(found).toMatchObject({ state: "accepted", orderId: "x".repeat(20_000), clockOffset: -3_600_000_000 })
    })
  )

  it.effect("can be made by somebody else, by the SQL there is, for a role that may not", () =>
    Effect.gen(function* () {
      const table = freshTable()
      const role = `role_${table}`
      yield* sql(`CREATE ROLE ${role} LOGIN`)
      const theirs = Redacted.make(address(role))
      expect(yield* problem(opening(theirs, { table }))).toBe("journal: open: 42501: the role may not do this")
      const options = { table, migrate: false }
      expect(yield* problem(opening(theirs, options))).toBe(
        "journal: open: the table is missing, or older than needed: run the SQL of postgresJournalSql()"
      )
      const text = postgresJournalSql({ table })
      yield* sql(text)
      yield* sql(text)
      yield* sql(`GRANT SELECT, INSERT, UPDATE, DELETE ON public.${table} TO ${role};
        GRANT SELECT ON public.${table}_version TO ${role}`)
      const journal = yield* open(theirs, options)
      yield* journal.reserve(reservation("a"))
      expect(yield* journal.release(keyOf("a"), "token-1", instant(0))).toBe(true)
      yield* opening(theirs, { table })
      // Of a rule that keeps its assignments nothing is known before the role may write them.
      expect(journal.assign).toBeUndefined()
      yield* sql(`GRANT SELECT, INSERT ON public.${table}_assigned TO ${role}`)
      const assigned = { tenant: "", key: "digest", provider: ProviderId.make("acme"), at: instant(0) }
      expect(yield* (yield* open(theirs, options)).assign?.(assigned) ?? Effect.succeed("none")).toBe("acme")
    })
  )

  it.effect("of the first version is brought up to date with all that is in it", () =>
    Effect.gen(function* () {
      const table = freshTable()
      const first = postgresJournalSql({ table }).replaceAll(/ {2}IF found < [23] THEN[^]*?END IF;\n/g, "")
      yield* sql(first)
      yield* sql(`INSERT INTO public.${table} (tenant, reference, provider, token, number_digest, state, reserved_at, changed_at)
        VALUES ('', 'a', 'acme', 'token-1', 'abcd', 'uncertain', '${instant(0)}', '${instant(0)}')`)
      expect(yield* versions(table)).toEqual([{ version: 1 }])
      const journal = yield* open(pool, { table })
      expect(yield* versions(table)).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }])
      yield* journal.settle(keyOf("a"), "token-1", missed(), instant(1))
      yield* journal.settle(keyOf("a"), "token-1", { state: "absent", evidence: "not_listed" }, instant(2))
      expect(Option.getOrThrow(yield* journal.find(keyOf("a")))).toMatchObject({
        state: "absent",
        reservedAt: instant(0)
      })
    })
  )

  it.effect("is refused and left as it is when a later version made it, or somebody else", () =>
    Effect.gen(function* () {
      const later = freshTable()
      yield* opening(pool, { table: later })
      yield* sql(`INSERT INTO public.${later}_version VALUES (99)`)
      const newer = "journal: open: schema version 99, newer than 3, the newest known here"
      expect(yield* problem(opening(pool, { table: later }))).toBe(newer)
      expect(yield* problem(opening(pool, { table: later, migrate: false }))).toBe(newer)
      const older = freshTable()
      yield* sql(`CREATE TABLE public.${older}_version (version integer); CREATE TABLE public.${older} (id integer)`)
      expect(yield* problem(opening(pool, { table: older }))).toBe("journal: open: 42P07")
      const foreign = freshTable()
      yield* sql(`CREATE TABLE public.${foreign} (id integer)`)
      expect(yield* problem(opening(pool, { table: foreign }))).toBe(
        "journal: open: another program's table, or its _version is missing"
      )
    })
  )

  it.effect("is refused where a crash would empty it", () =>
    Effect.gen(function* () {
      const table = freshTable()
      yield* opening(pool, { table })
      yield* sql(`ALTER TABLE public.${table} SET UNLOGGED`)
      expect(yield* problem(opening(pool, { table }))).toBe("journal: open: a table that a crash empties (UNLOGGED)")
    })
  )

  it.effect("is refused within a transaction, which could still be rolled back", () =>
    Effect.gen(function* () {
      const client = new Client({ connectionString: address() })
      yield* Effect.acquireRelease(
        Effect.promise(() => client.connect()),
        () => Effect.promise(() => client.end())
      )
      yield* opening(client, { table: freshTable() })
      yield* Effect.promise(() => client.query("BEGIN"))
      expect(yield* problem(opening(client, { table: freshTable() }))).toBe(
        "journal: open: a connection inside a transaction: give a pool"
      )
    })
  )

  it.effect("is refused where the database can only be read", () =>
    Effect.gen(function* () {
      const table = freshTable()
      yield* opening(pool, { table })
      const reader = settingOf("default_transaction_read_only=on")
      expect(yield* problem(opening(Redacted.make(reader), { table }))).toBe(
        "journal: open: the database can only be read: default_transaction_read_only"
      )
    })
  )

  it.effect("is refused on a replica", () =>
    Effect.gen(function* () {
      const server = yield* Effect.acquireRelease(
        Effect.promise(() => startServer({ replica: true })),
        ({ stop }) => Effect.promise(stop)
      )
      expect(yield* problem(opening(Redacted.make(addressIn(server.folder))))).toBe(
        "journal: open: a replica, which can only be read: name the primary"
      )
    })
  )

  it.effect("is read whole, page by page, and on a replica's terms", () =>
    Effect.gen(function* () {
      const table = freshTable()
      yield* opening(pool, { table })
      yield* sql(`INSERT INTO public.${table} (tenant, reference, provider, token, number_digest, state, reserved_at, changed_at)
        SELECT CASE n % 3 WHEN 0 THEN '' ELSE 'acme' END, 'lead-' || n / 2, 'one', 'token-' || n, '1f3a', 'reserved',
          '2026-03-01T10:00:00.000Z', '2026-03-01T10:00:00.000Z' FROM generate_series(1, 2500) AS n
        ON CONFLICT DO NOTHING`)
      const { rows } = yield* sql(`SELECT token FROM public.${table}`)
      const tokens = new Set<string>()
      let count = 0
      const reader = Redacted.make(`${settingOf("default_transaction_read_only=on")}#${table}`)
      yield* readPostgresJournal(reader, ({ token }) => {
        tokens.add(token)
        count += 1
      })
      expect(count).toBeGreaterThan(2000)
      expect([tokens.size, count]).toEqual([rows.length, rows.length])
    })
  )

  it.effect("is found whatever the search_path is", () =>
    Effect.gen(function* () {
      const table = freshTable()
      const journal = yield* open(pool, { table })
      yield* journal.reserve(reservation("a"))
      const elsewhere = yield* open(Redacted.make(settingOf("search_path=pg_temp")), { table })
      expect((yield* elsewhere.reserve(reservation("a", { token: "token-2" }))).token).toBe("token-1")
    })
  )
})

describe.runIf(isThere)("an address", () => {
  const password = "p4ss-w0rd"

  it.effect("that does not lead to a database is told by what is wrong, never by the password", () =>
    Effect.gen(function* () {
      yield* sql(`CREATE ROLE with_password LOGIN PASSWORD '${password}'`)
      const rightful = address(`with_password:${password}`)
      const table = freshTable()
      yield* sql(postgresJournalSql({ table }))
      yield* sql(`GRANT ALL ON public.${table}, public.${table}_version TO with_password`)
      const options = { table, migrate: false }
      yield* opening(Redacted.make(rightful), options)
      const told = yield* Effect.forEach(
        [
          rightful.replace(password, "wrong-password"),
          address("with_password"),
          rightful.replace("/postgres?", "/nothing-here?"),
          rightful.replace("host=", "host=%2Fno%2Fsuch"),
          `postgres://with_password:${password}@127.0.0.1:1/postgres`,
          `postgres://with_password:${password}@[::1/postgres`,
          `postgres://with_password:${password}@127.0.0.1:port/postgres`,
          `postgres://${password}:${password}@host.invalid/postgres`,
          `postgres://:${password}@/%zz`
        ],
        (given) => problem(opening(Redacted.make(given), options))
      )
      expect(told.slice(0, 5)).toEqual([
        "journal: open: 28P01: the server does not accept user and password",
        "journal: open: the server asks for a password, and there is none that fits",
        "journal: open: 3D000: there is no such database",
        "journal: open: ENOENT",
        "journal: open: ECONNREFUSED"
      ])
      expect(told.every((text) => text.startsWith("journal: open: "))).toBe(true)
      expect(told.join()).not.toMatch(/p4ss|wrong-password/)
    })
  )
})

it.effect("what only looks like a pool is told from a lost connection, without its words", () =>
  Effect.gen(function* () {
    const query = () => Promise.reject(new TypeError("lead-7 is not a function"))
    expect(yield* problem(opening({ query }))).toBe(
      "journal: open: what was given as a pool does not work as one (TypeError)"
    )
    const rows = () => Promise.resolve({ rows: [["lead-7"]], rowCount: 1 })
    expect(yield* problem(opening({ query: rows }))).toMatch(/^journal: open: (?!.*lead-7)/)
  })
)

it("what cannot be a connection, or an option, is refused at once", () => {
  const given: ReadonlyArray<() => unknown> = [
    () => postgresJournal("calls.sqlite"),
    () => postgresJournal(""),
    () => postgresJournal(" postgres://app@db.example/calls"),
    // `pg` would look for a database of this name, at a server of its own choice.
    () => layerPostgresJournal(Redacted.make('"postgres://app@db.example/calls"')),
    () => layerPostgresJournal(Redacted.make("calls.sqlite")),
    () => postgresJournal(Object.create(null)),
    () => postgresJournal(pool, { table: 'a"; DROP TABLE b; --' }),
    () => postgresJournal(pool, { table: "" }),
    () => postgresJournal(pool, { table: "a".repeat(51) }),
    () => postgresJournal(pool, { schema: "$unicall$" }),
    () => postgresJournal(pool, { timeoutSeconds: -1 }),
    () => postgresJournalSql({ table: "a b" })
  ]
  for (const each of given) expect(each).toThrow(TypeError)
})
