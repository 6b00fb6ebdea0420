import { afterAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { layerPostgresFeed, postgresFeedSql, postgresJournal } from "../../src/postgres/index.ts"
import { makePostgresFeed, postgresFeed } from "../../src/postgres/PostgresFeed.ts"
import type { PostgresPool } from "../../src/postgres/PostgresPool.ts"
import { at, feedLaws, seen } from "../changes/feedLaws.ts"
import { soaked } from "../changes/feedSoak.ts"
import { address, freshTable, isThere, newPool, open, problem, settingOf } from "./database.ts"

const one = newPool()
const other = newPool(address(), { max: 1 })
/** Transactions that get into each other's way fail there. */
const strict = newPool(settingOf("default_transaction_isolation=serializable"))

afterAll(() => Promise.all([one, other, strict].map((pool) => pool.end())))

let statements = 0

/** Statement by statement on another pool, as two processes would. */
const inTurn: PostgresPool = { query: (...args) => (statements++ % 2 === 0 ? one : other).query(...args) }

const freshName = (): string => freshTable().slice(-45)

describe.runIf(isThere)("a feed", () => {
  for (const [title, pool] of [
    ["in PostgreSQL", one],
    ["in PostgreSQL over two pools", inTurn],
    ["in PostgreSQL, serializable", strict]
  ] as const)
    feedLaws(
      title,
      Effect.sync(() => {
        const table = freshName()
        return makePostgresFeed(pool, { table })
      })
    )
})

describe.runIf(isThere)("the tables of a feed", () => {
  it.effect("stand beside those of a journal at the same address, whichever is opened first", () =>
    Effect.gen(function* () {
      for (const isFeedFirst of [true, false]) {
        const place = Redacted.make(`${address()}#${freshName()}`)
        const feed = Effect.flatMap(makePostgresFeed(place), (opened) => opened.record("", [seen("a")], at(1)))
        const journal = Effect.flatMap(open(place), ({ find }) => find({ tenant: "", reference: "lead a" }))
        const both = [Effect.asVoid(feed), Effect.asVoid(journal)]
        for (const each of isFeedFirst ? both : both.toReversed()) yield* Effect.scoped(each)
      }
    })
  )

  it.effect("are made by somebody else where the role may not", () =>
    Effect.gen(function* () {
      const table = freshName()
      const options = { table, migrate: false }
      expect(yield* problem(Effect.scoped(makePostgresFeed(one, options)))).toContain(
        "run the SQL of postgresFeedSql()"
      )
      yield* Effect.promise(() => one.query(postgresFeedSql({ table })))
      const feed = yield* makePostgresFeed(one, options)
      expect(yield* feed.record("", [seen("a")], at(1))).toBe(1)
    })
  )

  it("have names that can be names", () => {
    expect(() => postgresFeed(one, { table: "1st" })).toThrow("table: expected 1 to 50 letters")
    expect(() => postgresFeed(one, { table: "x".repeat(51) })).toThrow("table: expected 1 to 50 letters")
    expect(() => postgresFeed("feed.sqlite")).toThrow("expected a pool of pg, or an address")
    expect(() => layerPostgresFeed(one, { timeoutSeconds: 0 })).toThrow("timeoutSeconds")
    expect(postgresJournal(one).title).toBe(postgresFeed(one).title)
  })
})

describe.runIf(isThere)("processes on one database that are killed", () => {
  it("tell nothing twice, lose nothing that was said, and have each change dealt with", async () => {
    await soaked(`${address()}#${freshName()}`)
  }, 240_000)
})

describe.runIf(isThere)("a connection that is lost", () => {
  it.effect("after a change was written, and before that was said, adds none", () =>
    Effect.gen(function* () {
      let losses = 2
      const losing: PostgresPool = {
        query: async (...args) => {
          const result = await one.query(...args)
          if (!args[0].includes("_change") || !args[0].startsWith("WITH given") || losses-- <= 0) return result
          throw Object.assign(new Error("gone"), { code: "ECONNRESET" })
        }
      }
      const feed = yield* makePostgresFeed(losing, { table: freshName() })
      // Nobody can tell how many there were.
      expect(yield* feed.record("", [seen("a"), seen("b", { over: true, status: "completed" })], at(1))).toBe(0)
      const { changes } = yield* feed.read({ tenant: "", after: 0, limit: 9 })
      expect(changes.map(({ position, change }) => `${position} ${change}`)).toEqual([
        "1 accepted",
        "2 accepted",
        "3 ended"
      ])
    })
  )
})
