/** The inbox of webhooks in PostgreSQL: the laws of every inbox, its table, and what is lost on the way to it. */
import { afterAll, describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { WebhookInbox } from "../../src/webhooks/WebhookInbox.ts"
import {
  layerPostgresInbox,
  type PostgresInboxOptions,
  postgresInbox,
  postgresInboxSql,
  postgresJournalSql
} from "../../src/postgres/index.ts"
import type { PostgresConnection, PostgresPool } from "../../src/postgres/PostgresPool.ts"
import { at, callOf, claims, inboxLaws, received } from "../webhooks/inboxLaws.ts"
import { address, freshTable, isThere, newPool, problem, settingOf } from "./database.ts"

const one = newPool()
const other = newPool(address(), { max: 1 })
/** Transactions that get into each other's way fail there. */
const strict = newPool(settingOf("default_transaction_isolation=serializable"))

afterAll(() => Promise.all([one, other, strict].map((pool) => pool.end())))

let statements = 0

/** Statement by statement on another pool, as two processes would. */
const inTurn: PostgresPool = { query: (...args) => (statements++ % 2 === 0 ? one : other).query(...args) }

const open = (connection: PostgresConnection, options?: PostgresInboxOptions) =>
  Effect.map(Layer.build(Layer.fresh(layerPostgresInbox(connection, options))), Context.get(WebhookInbox))

const opening = (connection: PostgresConnection, options?: PostgresInboxOptions) =>
  Effect.scoped(open(connection, options))

const sql = (text: string) => Effect.promise(() => one.query(text))

const idsOf = (entries: ReadonlyArray<{ readonly orderId: string }>) => entries.map(({ orderId }) => orderId)

describe.runIf(isThere)("an inbox in PostgreSQL", () => {
  for (const [title, pool] of [
    ["in PostgreSQL", one],
    ["in PostgreSQL over two pools", inTurn],
    ["in PostgreSQL, serializable", strict]
  ] as const)
    inboxLaws(
      title,
      Effect.sync(() => {
        const table = freshTable()
        return open(pool, { table })
      })
    )

  it.effect("a row that cannot be read keeps no other from being claimed or listed, and is not in the way", () =>
    Effect.gen(function* () {
      const table = freshTable()
      const inbox = yield* open(one, { table })
      const damaged = Array.from({ length: 5 }, (_, index) => `bad-${index}`)
      yield* inbox.receive([...damaged.map((id) => received(id, { isKnown: true })), received("good")], 10)
      yield* sql(`UPDATE ${table} SET since = 'long ago' WHERE order_id LIKE 'bad%'`)
      expect(yield* inbox.find(callOf("bad-1"))).toMatchObject({ state: "unreadable", problem: "since" })
      const claimed = [yield* inbox.claim(claims(0, 5)), yield* inbox.claim(claims(0, 5))]
      expect(claimed.map(idsOf)).toEqual([[], ["good"]])
      const unreadable = yield* inbox.list({ tenant: "", state: "unreadable", limit: 9 })
      expect(unreadable).toHaveLength(5)
      expect(unreadable[0]).toMatchObject({ provider: "revox", orderId: "bad-4", problem: "since" })
      expect(yield* inbox.receive([received("another")], 2)).toBe("taken")
      expect(yield* inbox.replay(callOf("bad-1"), at(1))).toBe(false)
      expect(yield* inbox.drop(callOf("bad-1"))).toBe(true)
      expect(yield* inbox.receive([received("bad-2")], 9)).toBe("taken")
      expect(idsOf(yield* inbox.claim(claims(1)))).toEqual(["another", "bad-2"])
    })
  )

  it.effect.each(["a\u0000b", "\ud800"])("an id that a database would not keep is refused, not cut: %j", (id) =>
    Effect.gen(function* () {
      const inbox = yield* open(one, { table: freshTable() })
      expect(yield* problem(inbox.receive([received(id)], 9))).toBe("inbox: column orderId would not keep its text")
      expect(yield* inbox.find(callOf(id))).toBeUndefined()
      expect(yield* inbox.drop(callOf(id))).toBe(false)
      expect(yield* inbox.replay(callOf(id), at(1))).toBe(false)
    })
  )

  it.effect("of many who write into it at once none loses what it wrote", () =>
    Effect.gen(function* () {
      const table = freshTable()
      const inboxes = yield* Effect.forEach([one, other, strict], (pool) => open(pool, { table }))
      const calls = ["a", "b", "c"]
      yield* Effect.forEach(
        Array.from({ length: 30 }, (_, index) => index),
        (index) => {
          const message = `m-${String(index).padStart(2, "0")}`
          return (
            inboxes[index % 3]?.receive(
              calls.map((id) => received(id, { message })),
              3
            ) ?? Effect.void
          )
        },
        { concurrency: "unbounded" }
      )
      const all = yield* open(one, { table }).pipe(Effect.flatMap((inbox) => inbox.list({ tenant: "", limit: 9 })))
      expect(idsOf(all).toSorted()).toEqual(calls)
      for (const entry of all) expect(entry).toMatchObject({ messages: expect.toSatisfy((list) => list.length === 30) })
    })
  )
})

describe.runIf(isThere)("messages that come at once", () => {
  const burst = Array.from({ length: 40 }, (_, index) => `burst-${index}`)

  /** Hands statements on, but for those that are refused by what they are given. */
  const watching = (asked: Array<string>, isRefused: (values: string) => boolean = () => false): PostgresPool => ({
    query: async (text, values = []) => {
      asked.push(text)
      if (isRefused(values.join())) throw Object.assign(new Error("refused"), { code: "54000" })
      return one.query(text, values)
    }
  })

  it.effect("are written together", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const inbox = yield* open(watching(asked), { table: freshTable() })
      asked.length = 0
      const answers = yield* Effect.forEach(burst, (id) => inbox.receive([received(id)], 99), {
        concurrency: "unbounded"
      })
      expect(answers).toEqual(burst.map(() => "taken"))
      expect(idsOf(yield* inbox.list({ tenant: "", limit: 99 })).toSorted()).toEqual(burst.toSorted())
      expect(asked.length).toBeLessThan(10)
    })
  )

  it.effect("fail by themselves: one that the server refuses takes no other with it", () =>
    Effect.gen(function* () {
      const pool = watching([], (values) => values.includes("burst-7"))
      const inbox = yield* open(pool, { table: freshTable() })
      const answers = yield* Effect.forEach(
        burst,
        (id) => Effect.catch(inbox.receive([received(id)], 99), () => Effect.succeed("refused")),
        { concurrency: "unbounded" }
      )
      expect(answers).toEqual(burst.map((id) => (id === "burst-7" ? "refused" : "taken")))
    })
  )

  it.effect("do not wait for one whose row somebody has locked", () =>
    Effect.gen(function* () {
      const table = freshTable()
      const inbox = yield* open(one, { table })
      yield* inbox.receive([received("locked")], 99)
      const somebody = yield* Effect.promise(() => other.connect())
      const say = (text: string) => Effect.promise(() => somebody.query(text))
      yield* say(`BEGIN; SELECT 1 FROM ${table} WHERE order_id = 'locked' FOR UPDATE`)
      const again = received("locked", { message: "again" })
      const first = yield* Effect.forkChild(inbox.receive([received("first")], 99))
      const waiting = yield* Effect.forkChild(inbox.receive([again], 99))
      const answers = yield* Effect.forEach(burst, (id) => inbox.receive([received(id)], 99), {
        concurrency: "unbounded"
      })
      expect(answers).toEqual(burst.map(() => "taken"))
      expect(waiting.pollUnsafe()).toBeUndefined()
      yield* say("COMMIT")
      somebody.release()
      expect([yield* Fiber.join(first), yield* Fiber.join(waiting)]).toEqual(["taken", "taken"])
      expect(yield* inbox.find(callOf("locked"))).toMatchObject({ messages: ["message-of-locked", "again"] })
    })
  )
})

describe.runIf(isThere)("its table", () => {
  it.effect("is made once by many at once, and found whatever the search_path is", () =>
    Effect.gen(function* () {
      const table = freshTable()
      const inboxes = yield* Effect.forEach(Array.from({ length: 6 }), () => open(one, { table }), {
        concurrency: "unbounded"
      })
      expect(yield* inboxes[0]!.receive([received("a")], 9)).toBe("taken")
      const elsewhere = yield* open(Redacted.make(settingOf("search_path=pg_temp")), { table })
      expect(idsOf(yield* elsewhere.claim(claims(1)))).toEqual(["a"])
      const { rows } = yield* sql(`SELECT version FROM ${table}_webhooks`)
      expect(rows).toEqual([{ version: 1 }])
    })
  )

  it.effect("can be made by somebody else, by the SQL there is, for a role that may not", () =>
    Effect.gen(function* () {
      const table = freshTable()
      const role = `role_${table}`
      yield* sql(`CREATE ROLE ${role} LOGIN`)
      const theirs = Redacted.make(address(role))
      const options = { table, migrate: false }
      expect(yield* problem(opening(theirs, options))).toBe(
        "inbox: the table is missing, or older than needed: run the SQL of postgresInboxSql()"
      )
      yield* sql(postgresInboxSql({ table }))
      yield* sql(
        `GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ${role}; GRANT SELECT ON ${table}_webhooks TO ${role}`
      )
      const inbox = yield* open(theirs, options)
      expect(yield* inbox.receive([received("a")], 9)).toBe("taken")
    })
  )

  it.effect("is no journal's, nor a journal's an inbox's", () =>
    Effect.gen(function* () {
      const table = freshTable()
      yield* sql(postgresJournalSql({ table }))
      expect(yield* problem(opening(one, { table }))).toBe(
        "inbox: another program's table, or its _webhooks is missing"
      )
    })
  )

  it.effect("keeps what was taken where the server forgets what it has not synced", () =>
    Effect.gen(function* () {
      const table = freshTable()
      const asked: Array<string> = []
      const watched: PostgresPool = {
        query: (text, ...rest) => {
          asked.push(text)
          return one.query(text, ...rest)
        }
      }
      const inbox = yield* open(watched, { table })
      asked.length = 0
      yield* inbox.receive([received("a")], 9)
      yield* inbox.claim(claims(0))
      expect(
        asked.filter((text) => /INSERT|UPDATE|DELETE/.test(text)).every((text) => text.includes("synchronous_commit"))
      ).toBe(true)
    })
  )
})

describe.runIf(isThere)("a connection that is lost", () => {
  const LOST = () => new Error("Connection terminated unexpectedly")

  it.effect.each(["before", "after"] as const)("changes no answer, at whichever statement, %s it was done", (moment) =>
    Effect.gen(function* () {
      const course = Effect.fnUntraced(function* (failAt: number) {
        const table = freshTable()
        yield* opening(one, { table })
        let count = -4
        const failing: PostgresPool = {
          query: async (...args) => {
            const isIt = count++ === failAt
            if (isIt && moment === "before") throw LOST()
            const result = await one.query(...args)
            if (isIt) throw LOST()
            return result
          }
        }
        const inbox = yield* open(failing, { table })
        const answers: Array<unknown> = [yield* inbox.receive([received("a"), received("b")], 2)]
        for (const id of ["a", "b"]) {
          // A claim whose answer was lost is free again when its time is over.
          const now = yield* inbox.claim(claims(0, 1))
          const [claim] = now.length > 0 ? now : yield* inbox.claim(claims(60, 1))
          if (claim === undefined) throw new Error("not claimed")
          answers.push(id, yield* inbox.settle(claim, { dealt: { state: "done" }, at: at(70), isKnown: false }))
        }
        answers.push(yield* inbox.drop(callOf("b")), yield* inbox.find(callOf("b")))
        const list = yield* inbox.list({ tenant: "", limit: 9 })
        return { answers: [...answers, list.map(({ state }) => state)], count }
      })
      const calm = yield* course(Number.NEGATIVE_INFINITY)
      expect(calm.answers).toEqual(["taken", "a", true, "b", true, true, undefined, ["done"]])
      for (let failAt = 0; failAt < calm.count; failAt++) expect((yield* course(failAt)).answers).toEqual(calm.answers)
    })
  )
})

it("what cannot be a connection, or an option, is refused at once", () => {
  const given: ReadonlyArray<() => unknown> = [
    () => postgresInbox("calls.sqlite"),
    () => postgresInbox(Object.create(null)),
    () => postgresInbox(one, { table: "a b" }),
    () => postgresInbox(one, { timeoutSeconds: -1 }),
    () => postgresInboxSql({ table: "" })
  ]
  for (const each of given) expect(each).toThrow(TypeError)
  expect(() => postgresInbox("")).toThrow(/^postgresInbox: /)
})
