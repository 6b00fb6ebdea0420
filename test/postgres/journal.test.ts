import { afterAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { postgresJournal } from "../../src/postgres/index.ts"
import type { PostgresPool } from "../../src/postgres/PostgresPool.ts"
import { callOf, ended, instant, keyOf, reservation } from "../../src/testing/journal/samples.ts"
import { journalContract } from "../../src/testing/journalContract.ts"
import { address, freshTable, isThere, newPool, open, settingOf } from "./database.ts"

const one = newPool()
const other = newPool(address(), { max: 1 })
/** Transactions that get into each other's way fail there. */
const strict = newPool(settingOf("default_transaction_isolation=serializable"))

afterAll(() => Promise.all([one, other, strict].map((pool) => pool.end())))

let statements = 0

/** Statement by statement on another pool, as two processes would. */
const inTurn: PostgresPool = { query: (...args) => (statements++ % 2 === 0 ? one : other).query(...args) }

const tables = new Map<PostgresPool, string>()

/** An empty table: one that was used before is faster than a new one. */
const emptyTable = async (pool: PostgresPool): Promise<string> => {
  const known = tables.get(pool)
  if (known !== undefined) await one.query(`DELETE FROM "public"."${known}"`)
  const table = known ?? freshTable()
  tables.set(pool, table)
  return table
}

describe.runIf(isThere).each([
  ["journal in PostgreSQL", one],
  ["journal in PostgreSQL over two pools", inTurn],
  ["journal in PostgreSQL, serializable", strict]
] as const)("%s", (_, pool) => {
  const make = async () => postgresJournal(pool, { table: await emptyTable(pool) })
  it.each(journalContract(make, { runs: 30 }).map(({ name, run }) => [name, run] as const))("%s", (_name, run) => run())
})

describe.runIf(isThere)("calls that are looked for at once", () => {
  it.effect("are found in a statement or two, each as it is", () =>
    Effect.gen(function* () {
      let asked = 0
      const counting: PostgresPool = {
        query: (...args) => {
          asked += 1
          return one.query(...args)
        }
      }
      const { reserve, settle, findCall } = yield* open(counting, { table: freshTable() })
      for (const reference of ["a", "b", "c", "d"]) {
        yield* reserve(reservation(reference))
        yield* settle(keyOf(reference), "token-1", ended(`order-${reference}`), instant(5))
      }
      asked = 0
      const lookedFor = ["d", "none", "a", "c", "a", "b", "neither"]
      const found = yield* Effect.forEach(
        lookedFor,
        (each) => findCall(callOf(ProviderId.make("one"), OrderId.make(`order-${each}`))),
        {
          concurrency: "unbounded"
        }
      )
      const references = found.map((each) => Option.getOrUndefined(each)?.reference)
      expect(references).toEqual(["d", undefined, "a", "c", "a", "b", undefined])
      expect(asked).toBeLessThan(4)
    })
  )
})

describe.runIf(isThere)("a step over what is mostly others'", () => {
  it.effect("looks at no more than it may, and goes on behind that", () =>
    Effect.gen(function* () {
      const { reserve, settle, retention } = yield* open(one, { table: freshTable() })
      if (retention === undefined) return expect.fail("no retention")
      const keys = [...["a", "b", "c"].map((text) => keyOf(text, "others")), keyOf("d", "acme"), keyOf("e")]
      for (const key of keys) {
        yield* reserve(reservation(key.reference, { tenant: key.tenant }))
        yield* settle(key, "token-1", ended(`order-${key.reference}`), instant(5))
      }
      const ofAcme = { endedBefore: instant(60), tenant: "acme" }
      for (const step of [retention.compactEnded, retention.deleteEnded]) {
        expect(yield* step({ ...ofAcme, limit: 2 })).toEqual({ changed: 0, next: keys[1] })
        expect(yield* step({ ...ofAcme, limit: 2, after: keyOf("b", "others") })).toEqual({ changed: 1, next: keys[3] })
        for (const limit of [0, -1, 0.5, Number.NaN])
          expect(yield* step({ ...ofAcme, limit })).toEqual({ changed: 0, next: keys[0] })
      }
    })
  )
})

describe.runIf(isThere)("journal in PostgreSQL at an address", () => {
  it("obeys the same laws", async () => {
    for (const { run } of journalContract(() => postgresJournal(address(), { table: freshTable() }), { runs: 5 }))
      await run()
    expect(one.waitingCount).toBe(0)
  })
})
