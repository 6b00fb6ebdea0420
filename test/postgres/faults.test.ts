import { createConnection, createServer, type Server as NetServer, type Socket } from "node:net"
import { once } from "node:events"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { Client } from "pg"
import { type AbsenceJournal, type JournalError, type PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import type { RetentionJournal } from "../../src/calls/RetentionJournal.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { layerPostgresJournal } from "../../src/postgres/index.ts"
import type { PostgresPool } from "../../src/postgres/PostgresPool.ts"
import { makeInMemoryProvider } from "../../src/testing/InMemoryProvider.ts"
import {
  absent,
  accepted,
  callOf,
  ended,
  instant,
  keyOf,
  missed,
  reservation,
  superseding,
  uncertain
} from "../../src/testing/journal/samples.ts"
import { address, folder, freshTable, isThere, newPool, open, problem, settingOf } from "./database.ts"
import { addressIn, startServer } from "./server.ts"

type Journal = PlacementJournal["Service"]

const pool = newPool()

afterAll(() => pool.end())

const [A, B, C] = [keyOf("a"), keyOf("b"), keyOf("c")]
const ONE = ProviderId.make("one")
const TWO = ProviderId.make("two")

/** What is asked of each operation, in this order: a new one must be given its part. */
const COURSE: {
  readonly [name in Exclude<keyof Journal, "absence" | "retention"> | keyof AbsenceJournal | keyof RetentionJournal]: (
    journal: Journal,
    absence: AbsenceJournal,
    retention: RetentionJournal
  ) => ReadonlyArray<Effect.Effect<unknown, JournalError>>
} = {
  reserve: ({ reserve }) => [
    reserve(reservation("a")),
    reserve(reservation("a", { token: "token-2" })),
    reserve(reservation("b")),
    reserve(reservation("c"))
  ],
  settle: ({ settle }) => [
    settle(A, "token-1", uncertain(), instant(1)),
    settle(A, "token-1", accepted(), instant(2)),
    settle(A, "token-1", ended(), instant(3)),
    settle(C, "token-1", missed(), instant(1)),
    settle(C, "token-1", absent(), instant(2))
  ],
  release: ({ release }) => ["a", "b", "b"].map((reference) => release(keyOf(reference), "token-1", instant(0))),
  supersede: (_, { supersede }) => [
    supersede(superseding("c", "token-1", { token: "token-2", at: instant(4) }), "c\u0001token-1"),
    supersede(superseding("c", "token-1", { token: "token-3", at: instant(5) }), "c\u0001token-2")
  ],
  assign: ({ assign = () => Effect.succeed(ONE) }) =>
    [ONE, TWO].map((provider) => assign({ tenant: "", key: "digest", provider, at: instant(1) })),
  find: ({ find }) => [find(B), find(C), find(keyOf("c\u0001token-1"))],
  findCall: ({ findCall }) => [findCall(callOf(ONE, OrderId.make("order-1")))],
  unfinished: ({ unfinished }) => [unfinished({ tenant: "", before: instant(9), limit: 9 })],
  open: (_, { open: listOpen }) => [listOpen({ tenant: "", provider: ONE, before: instant(9), limit: 9 })],
  absent: (_, { absent: listAbsent }) => [listAbsent({ tenant: "", provider: ONE, since: instant(0), limit: 9 })],
  listRecord: (_, { listRecord }) => [listRecord(ONE, instant(0))],
  // How many a step has changed is not known where its answer was lost: it is asked again, and they are changed by then.
  compactEnded: (_, _absence, { compactEnded }) => [Effect.asVoid(compactEnded({ endedBefore: instant(9), limit: 9 }))],
  countEnded: (_, _absence, { countEnded }) => [countEnded({ endedBefore: instant(9) })],
  deleteEnded: ({ find }, _absence, { deleteEnded }) => [
    Effect.asVoid(deleteEnded({ endedBefore: instant(9), limit: 9 })),
    find(A)
  ]
}

/** A course through every operation, and all that is answered on the way. */
const course = (journal: Journal) => {
  const { absence, retention } = journal
  if (absence === undefined || retention === undefined) throw new Error("the journal in PostgreSQL does all of it")
  return Effect.all(Object.values(COURSE).flatMap((asked) => asked(journal, absence, retention)))
}

type Moment = "before" | "after"

/** A pool whose statement of a number fails once, before the server has it or after it has been done. */
const failingAt = (number: number, moment: Moment, failure: () => Error) => {
  let count = 0
  const query: PostgresPool["query"] = async (...args) => {
    const isIt = count++ === number
    if (isIt && moment === "before") throw failure()
    const result = await pool.query(...args)
    if (isIt) throw failure()
    return result
  }
  return { pool: { query }, count: () => count }
}

const LOST = () => new Error("Connection terminated unexpectedly")

describe.runIf(isThere)("a connection that is lost", () => {
  it.effect.each(["before", "after"] as const)(
    "changes no answer, at whichever statement, %s it was done",
    (moment) =>
      Effect.gen(function* () {
        const calm = failingAt(-1, moment, LOST)
        const journal = yield* open(calm.pool, { table: freshTable() })
        const opening = calm.count()
        const expected = yield* course(journal)
        expect(calm.count()).toBeGreaterThan(15)
        expect(expected).toContainEqual(expect.objectContaining({ token: "token-2", supersedes: "token-1" }))
        for (let number = opening; number < calm.count(); number++) {
          const { pool: failing } = failingAt(number, moment, LOST)
          const got = yield* Effect.flatMap(open(failing, { table: freshTable() }), course)
          expect(got).toEqual(expected)
        }
      }),
    120_000
  )

  it.effect("while many settle one placement, of which each has its answer", () =>
    Effect.gen(function* () {
      const table = freshTable()
      const steady = yield* open(pool, { table })
      let count = 0
      const flaky = yield* open(
        {
          query: async (...args) => {
            const isBad = count++ > 10 && count % 3 === 0
            const result = await pool.query(...args)
            if (isBad) throw LOST()
            return result
          }
        },
        { table }
      )
      yield* steady.reserve(reservation("a"))
      const settled = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, index) => index),
        (second) =>
          (second % 2 === 0 ? steady : flaky).settle(A, "token-1", accepted("order-1", "queued"), instant(second)),
        { concurrency: "unbounded" }
      )
      expect(settled.every(Option.isSome)).toBe(true)
      expect(Option.getOrThrow(yield* steady.find(A))).toMatchObject({ state: "accepted", changedAt: instant(19) })
    })
  )
})

/** Of an insert whose outcome nobody knows. */
const lostForGood = (secret: string) =>
  Object.assign(new Error(`Key (reference)=(${secret}) is not known`), { code: "XX000", detail: secret })

const eventually = (isSo: () => Promise<boolean>): Promise<void> =>
  isSo().then((is) =>
    is ? undefined : new Promise<void>((resolve) => setTimeout(resolve, 10)).then(() => eventually(isSo))
  )

describe.runIf(isThere)("a reservation without an answer", () => {
  it.effect.each(["before", "after"] as const)("sends nothing and is given back: failed %s it was written", (moment) =>
    Effect.gen(function* () {
      const table = freshTable()
      const steady = yield* open(pool, { table })
      const calm = failingAt(-1, moment, LOST)
      yield* open(calm.pool, { table })
      // The first statement of a placement looks for the reference; the second reserves it.
      const { pool: failing } = failingAt(calm.count() + 1, moment, () => lostForGood("lead-7"))
      const memory = makeInMemoryProvider()
      const calls = VoiceCalls.layer([Effect.succeed(memory)]).pipe(
        Layer.provide(layerPostgresJournal(failing, { table }))
      )
      const order = { to: "+12025550100", agent: { id: "agent-1" }, reference: "lead-7" }
      const told = yield* Effect.gen(function* () {
        const { place } = yield* VoiceCalls
        const first = yield* problem(place(order))
        expect(memory.placed).toEqual([])
        yield* Effect.promise(() =>
          eventually(() => Effect.runPromise(Effect.map(steady.find(keyOf("lead-7")), Option.isNone)))
        )
        expect((yield* place(order)).state).toBe("accepted")
        return first
      }).pipe(Effect.provide(calls))
      expect(told).toBe("journal: reserve: XX000")
      expect(memory.placed.length).toBe(1)
    })
  )

  it.live("because somebody else has the row locked fails in time, and is given back once it was made", () =>
    Effect.gen(function* () {
      const table = freshTable()
      const journal = yield* open(pool, { table, timeoutSeconds: 2 })
      const client = new Client({ connectionString: address() })
      yield* Effect.acquireRelease(
        Effect.promise(() => client.connect()),
        () => Effect.promise(() => client.end())
      )
      yield* Effect.promise(() =>
        client.query(`BEGIN; INSERT INTO public.${table}
        (tenant, reference, provider, token, number_digest, state, reserved_at, changed_at)
        VALUES ('', 'a', 'one', 'theirs', '1f3a', 'reserved', '', '')`)
      )
      expect(yield* problem(journal.reserve(reservation("a")))).toBe("journal: reserve: no answer within 2 seconds")
      yield* Effect.promise(() => client.query("ROLLBACK"))
      // Until the late insert and what gives it back are done.
      yield* Effect.promise(() =>
        eventually(async () => {
          const { rows } = await pool.query("SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE $1", [
            `INSERT INTO "public"."${table}"%`
          ])
          return rows.length === 0 && Option.isNone(await Effect.runPromise(journal.find(A)))
        })
      )
      expect((yield* journal.reserve(reservation("a", { token: "token-2" }))).token).toBe("token-2")
    })
  )
})

/** A port that leads to the server's socket, and whose connections can be cut. */
const proxy = Effect.acquireRelease(
  Effect.promise(async () => {
    const sockets = new Set<Socket>()
    const server: NetServer = createServer((socket) => {
      const upstream = createConnection(join(folder ?? "", ".s.PGSQL.5432"))
      for (const [from, to] of [
        [socket, upstream],
        [upstream, socket]
      ] as const) {
        sockets.add(from)
        from.pipe(to)
        from.on("error", () => undefined).on("close", () => to.destroy())
      }
    })
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const found = server.address()
    const port = typeof found === "object" ? found?.port : undefined
    return {
      address: `postgresql://owner@127.0.0.1:${port}/postgres`,
      cut: () => {
        for (const socket of sockets) socket.destroy()
        sockets.clear()
      },
      close: () => server.close()
    }
  }),
  ({ close, cut }) => Effect.sync(() => (cut(), close()))
)

const references = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `reference-${index}`)

describe.runIf(isThere)("connections that are cut", () => {
  it.effect("at any moment keep nothing from being done, and do nothing twice", () =>
    Effect.gen(function* () {
      const table = freshTable()
      const { address: through, cut } = yield* proxy
      const journals = yield* Effect.forEach([1, 2], () => open(Redacted.make(through), { table }))
      let done = 0
      const placed = yield* Effect.forEach(
        references(150).flatMap((reference) => [0, 1].map((which) => ({ reference, which }))),
        ({ reference, which }) =>
          Effect.gen(function* () {
            const journal = journals[which]!
            const token = `token-${which}`
            const holder = yield* journal.reserve(reservation(reference, { token }))
            if (done++ % 25 === 10) cut()
            if (holder.token !== token) return []
            yield* journal.settle(keyOf(reference), token, accepted(`order-${reference}`), instant(1))
            return [reference]
          }),
        { concurrency: 12 }
      )
      expect(placed.flat().toSorted()).toEqual(references(150).toSorted())
      const { rows } = yield* Effect.promise(() =>
        pool.query(`SELECT state, count(*)::int FROM public.${table} GROUP BY 1`)
      )
      expect(rows).toEqual([{ state: "accepted", count: 150 }])
    })
  )
})

describe.runIf(isThere)("a server", () => {
  const ownServer = Effect.acquireRelease(
    // What a commit does not wait for is written after ten seconds.
    Effect.promise(() =>
      startServer({ settings: { wal_writer_delay: "10s", synchronous_commit: "off", fsync: "off" } })
    ),
    ({ stop }) => Effect.promise(stop)
  )

  it.live(
    "that crashes keeps what was answered, though told to commit without waiting; and is waited for",
    () =>
      Effect.gen(function* () {
        const server = yield* ownServer
        const warnings: Array<string> = []
        const journal = yield* open(Redacted.make(addressIn(server.folder)), { timeoutSeconds: 60 }).pipe(
          Effect.provide(Logger.layer([Logger.make(({ message }) => warnings.push(String(message)))]))
        )
        expect(warnings).toEqual(["journal: PostgreSQL has fsync off: a loss of power may take what was placed"])
        yield* journal.reserve(reservation("a"))
        yield* journal.settle(A, "token-1", accepted(), instant(1))
        yield* journal.reserve(reservation("b"))
        yield* journal.release(keyOf("b"), "token-1", instant(0))
        yield* Effect.promise(server.crash)
        expect(Option.getOrThrow(yield* journal.find(A)).state).toBe("accepted")
        expect(yield* journal.find(keyOf("b"))).toEqual(Option.none())
        const [, placement] = yield* Effect.all([Effect.promise(server.crash), journal.reserve(reservation("c"))], {
          concurrency: "unbounded"
        })
        expect(placement.token).toBe("token-1")
      }),
    180_000
  )

  it.live("that is gone fails what is asked for, in a word for it", () =>
    Effect.gen(function* () {
      const server = yield* ownServer
      const journal = yield* open(Redacted.make(addressIn(server.folder)), { timeoutSeconds: 4 })
      yield* Effect.promise(server.stop)
      expect(yield* problem(journal.reserve(reservation("a")))).toBe("journal: reserve: ENOENT")
    })
  )

  it.effect("finds its sessions as they were set", () =>
    Effect.gen(function* () {
      const single = newPool(settingOf("synchronous_commit=off"), { max: 1 })
      yield* Effect.flatMap(open(single, { table: freshTable() }), course)
      const { rows } = yield* Effect.promise(() => single.query("SHOW synchronous_commit"))
      expect(rows).toEqual([{ synchronous_commit: "off" }])
      const { rows: prepared } = yield* Effect.promise(() => single.query("SELECT name FROM pg_prepared_statements"))
      expect(prepared).toEqual([])
      yield* Effect.promise(() => single.end())
    })
  )

  it.effect("does not get what would come back as another text", () =>
    Effect.gen(function* () {
      const journal = yield* open(pool, { table: freshTable() })
      const half = "\ud83d"
      for (const text of [half, "a\u0000b"]) {
        expect(yield* problem(journal.reserve(reservation(text)))).toBe(
          "journal: reserve: column reference would not keep its text"
        )
        expect(yield* journal.find(keyOf(text))).toEqual(Option.none())
      }
      yield* journal.reserve(reservation("\ufffd", { token: "\ufffd" }))
      expect(yield* journal.find(keyOf(half))).toEqual(Option.none())
      expect(yield* journal.settle(keyOf("\ufffd"), half, accepted(), instant(1))).toEqual(Option.none())
      expect(yield* problem(journal.settle(keyOf("\ufffd"), "\ufffd", uncertain(half), instant(1)))).toBe(
        "journal: settle: column because would not keep its text"
      )
    })
  )
})
