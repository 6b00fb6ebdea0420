/** Several tenants, several accounts, and processes of an older version on one journal: nobody is rung twice, nobody sees another's calls. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Revox from "../../adapters/revox/index.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { makeRevoxTwin, makeRevRingTwin, twinHttpClient } from "../../adapters/testing.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import type { JournalError } from "../../src/calls/PlacementJournal.ts"
import type { CallError } from "../../src/provider/CallError.ts"
import { VoiceCalls, type VoiceCallsOptions } from "../../src/calls/VoiceCalls.ts"
import { layerSqliteJournal } from "../../src/node/SqliteJournal.ts"
import { accepted, instant, reservation, uncertain } from "../../src/testing/journal/samples.ts"
import { callOf, keyOf } from "./placementKeys.ts"

const START = Date.parse("2026-03-02T15:00:00.000Z")
const AT = "https://revox.example/api"
const RING = "https://revring.example/v1"
const KEY = "key-of-one"
const OTHER_KEY = "key-of-another"

const order = { to: "+12025550100", from: "+12025550177", agent: { id: "agent-1" }, reference: "lead-1" }

const freshFile = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "unicall-tenants-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  ),
  (folder) => join(folder, "journal.db")
)

/** An account with a key and a twin of its own, on a journal's file. */
const openAccount = Effect.fnUntraced(function* (
  file: string,
  options: VoiceCallsOptions = {},
  { key = KEY, at = AT, twin = makeRevoxTwin({ apiKey: key, listItems: "orders" }) } = {}
) {
  const client = twinHttpClient([{ twin, baseUrl: new URL(at).href.replace(/\/+$/, "").replace("//api", "/api") }])
  const layer = VoiceCalls.layer([Revox.make({ apiKey: Redacted.make(key), baseUrl: at })], options).pipe(
    Layer.provideMerge(Layer.fresh(layerSqliteJournal({ file }))),
    Layer.provide(Layer.succeed(HttpClient.HttpClient)(client))
  )
  const context = yield* Layer.build(layer)
  return { calls: Context.get(context, VoiceCalls), journal: Context.get(context, PlacementJournal), twin }
})

const other = (options: { readonly at?: string } = {}) => ({
  key: OTHER_KEY,
  twin: makeRevoxTwin({ apiKey: OTHER_KEY, listItems: "orders" }),
  ...options
})

const started = Effect.andThen(TestClock.setTime(START), freshFile)

describe("without a tenant", () => {
  it.effect("a reference of another key is held: nothing is placed for it and nothing told", () =>
    Effect.gen(function* () {
      const file = yield* started
      const one = yield* openAccount(file)
      const two = yield* openAccount(file, {}, other())
      const placed = yield* one.calls.place(order)
      for (const operation of [two.calls.place(order), two.calls.reconcile("lead-1")]) {
        const error = yield* Effect.flip<unknown, CallError | JournalError, never>(operation)
        expect(error).toMatchObject({ reason: { _tag: "ReferenceHeld", by: "account" } })
        const text = JSON.stringify(error)
        expect(placed.state === "accepted" && text.includes(placed.call.id)).toBe(false)
      }
      expect(yield* two.calls.release("lead-1")).toBe(false)
      yield* TestClock.adjust("1 hour")
      expect(yield* two.calls.reconcileStale({ olderThan: "1 minute" })).toEqual([])
      expect(two.twin.requests).toEqual([])
      expect(yield* one.calls.reconcileStale({ olderThan: "1 minute" })).toHaveLength(1)
    })
  )

  it.effect("after a change of the key the same account says so, and gets its call", () =>
    Effect.gen(function* () {
      const file = yield* started
      const one = yield* openAccount(file)
      yield* one.calls.place(order)
      const rotated = { key: "key-rotated", twin: makeRevoxTwin({ apiKey: "key-rotated" }) }
      const strict = yield* openAccount(file, {}, rotated)
      expect(yield* Effect.flip(strict.calls.place(order))).toMatchObject({ reason: { by: "account" } })
      const same = yield* openAccount(file, { sameAccount: true }, rotated)
      expect(yield* same.calls.place(order)).toMatchObject({ state: "accepted", already: true })
      expect(rotated.twin.orders).toEqual([])
    })
  )

  it.effect.each(["HTTPS://revox.EXAMPLE:443/api", "https://revox.example/api/", "https://revox.example//api"])(
    "another spelling of the base URL is the same account: %s",
    (spelling) =>
      Effect.gen(function* () {
        const file = yield* started
        const one = yield* openAccount(file)
        yield* one.calls.place(order)
        const two = yield* openAccount(file, {}, { key: KEY, at: spelling, twin: one.twin })
        expect(yield* two.calls.place(order)).toMatchObject({ state: "accepted", already: true })
        expect(one.twin.orders).toHaveLength(1)
      })
  )

  it.effect("one key at two addresses is two accounts", () =>
    Effect.gen(function* () {
      const file = yield* started
      const one = yield* openAccount(file)
      yield* one.calls.place(order)
      const two = yield* openAccount(
        file,
        {},
        { key: KEY, at: "https://eu.revox.example/api", twin: makeRevoxTwin({ apiKey: KEY }) }
      )
      expect(yield* Effect.flip(two.calls.place(order))).toMatchObject({ reason: { by: "account" } })
      expect(two.twin.requests).toEqual([])
    })
  )

  it.effect("a reference is held across providers, and told to whoever has opened the one it was placed with", () =>
    Effect.gen(function* () {
      const file = yield* started
      const one = yield* openAccount(file)
      yield* one.calls.place(order)
      const [revox, revring] = [one.twin, makeRevRingTwin({ apiKey: KEY })]
      const client = twinHttpClient([
        { twin: revox, baseUrl: AT },
        { twin: revring, baseUrl: RING }
      ])
      const apiKey = Redacted.make(KEY)
      const open = (both: boolean) =>
        Effect.map(
          Layer.build(
            VoiceCalls.layer([
              RevRing.make({ apiKey, baseUrl: RING }),
              ...(both ? [Revox.make({ apiKey, baseUrl: AT })] : [])
            ]).pipe(
              Layer.provide([Layer.fresh(layerSqliteJournal({ file })), Layer.succeed(HttpClient.HttpClient)(client)])
            )
          ),
          Context.get(VoiceCalls)
        )
      const both = yield* open(true)
      expect(yield* both.place({ ...order, provider: "revring" })).toMatchObject({
        state: "accepted",
        already: true,
        call: { provider: "revox" }
      })
      const alone = yield* open(false)
      expect(yield* Effect.flip(alone.place(order))).toMatchObject({ reason: { by: "provider" } })
      expect(revring.orders).toEqual([])
    })
  )
})

describe("tenants", () => {
  it.effect("have references of their own on one file, whatever their keys", () =>
    Effect.gen(function* () {
      const file = yield* started
      const twin = makeRevoxTwin({ apiKey: KEY, listItems: "orders" })
      const names = [undefined, "acme", "Acme", "'; DROP TABLE placement; --"]
      const placed = yield* Effect.forEach(names, (tenant) =>
        Effect.flatMap(openAccount(file, { tenant }, { key: KEY, twin }), ({ calls }) =>
          Effect.all([calls.place(order), calls.place(order)])
        )
      )
      expect(placed.map(([first]) => first)).toMatchObject(names.map(() => ({ state: "accepted", already: false })))
      expect(placed.map(([, again]) => again)).toMatchObject(names.map(() => ({ state: "accepted", already: true })))
      expect(twin.orders).toHaveLength(names.length)
    })
  )

  it.effect("do not see, settle or release what is another's", () =>
    Effect.gen(function* () {
      const file = yield* started
      const acme = yield* openAccount(file, { tenant: "acme" })
      const bolt = yield* openAccount(file, { tenant: "bolt" })
      acme.twin.setFaults("place:drop")
      expect(yield* acme.calls.place(order)).toMatchObject({ state: "uncertain" })
      expect(yield* bolt.calls.reconcile("lead-1")).toEqual({ state: "free", reference: "lead-1" })
      expect(yield* bolt.calls.release("lead-1")).toBe(false)
      yield* TestClock.adjust("1 hour")
      expect(yield* bolt.calls.reconcileStale({ olderThan: "1 minute" })).toEqual([])
      expect(yield* acme.calls.reconcileStale({ olderThan: "1 minute" })).toHaveLength(1)
      expect(yield* acme.calls.release("lead-1")).toBe(true)
    })
  )

  it.effect("keep theirs when their key changes", () =>
    Effect.gen(function* () {
      const file = yield* started
      const before = yield* openAccount(file, { tenant: "acme" })
      yield* before.calls.place(order)
      const after = yield* openAccount(file, { tenant: "acme" }, other())
      expect(yield* after.calls.place(order)).toMatchObject({ state: "accepted", already: true })
      expect(after.twin.orders).toEqual([])
    })
  )

  it.each(["", "two\nlines", "x".repeat(201), "\uD800"])("cannot be called %j", async (tenant) => {
    const opened = Effect.scoped(Effect.flatMap(freshFile, (file) => openAccount(file, { tenant })))
    await expect(Effect.runPromise(opened)).rejects.toThrow("tenant: expected one line of 1 to 200 characters")
  })
})

/** A file as the first version of the journal wrote it. */
const FIRST_VERSION = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE placement (
    reference TEXT NOT NULL PRIMARY KEY, provider TEXT NOT NULL, token TEXT NOT NULL, "check" TEXT NOT NULL,
    agentId TEXT, state TEXT NOT NULL, reservedAt TEXT NOT NULL, changedAt TEXT NOT NULL,
    orderId TEXT, because TEXT, status TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX placement_order ON placement (provider, orderId) WHERE orderId IS NOT NULL;
  CREATE INDEX placement_unfinished ON placement (changedAt) WHERE state <> 'ended';
  PRAGMA application_id = ${0x756e6963}; PRAGMA user_version = 1`

/** What a process of the first version does, as it did it: it stays open while newer ones open the file. */
const oldProcess = Effect.fnUntraced(function* (file: string) {
  const database = yield* Effect.acquireRelease(
    Effect.sync(() => new DatabaseSync(file)),
    (opened) => Effect.sync(() => opened.close())
  )
  database.exec(FIRST_VERSION)
  const insert = database.prepare(
    `INSERT INTO placement (reference, provider, token, "check", agentId, state, reservedAt, changedAt)
     VALUES (?, 'revox', ?, ?, NULL, 'reserved', ?, ?) ON CONFLICT DO NOTHING`
  )
  const update = database.prepare("UPDATE placement SET state = 'accepted', orderId = ? WHERE reference = ?")
  const select = database.prepare("SELECT token FROM placement WHERE reference = ?")
  const at = new Date(START - 60_000).toISOString()
  return {
    /** Whether it was free: only then the request is sent. */
    reserve: (reference: string, check: string) => insert.run(reference, "old", check, at, at).changes === 1,
    accept: (reference: string, orderId: string) => update.run(orderId, reference).changes,
    sees: (reference: string) => select.get(reference) !== undefined
  }
})

/** Sixteen bits of +12025550100, as both versions compute them. */
const CHECK = Effect.gen(function* () {
  const { calls, journal } = yield* openAccount(yield* freshFile)
  yield* calls.place(order)
  return Option.getOrThrow(yield* journal.find(keyOf("lead-1"))).numberDigest
})

describe("placements from before there were tenants", () => {
  it.effect("answer as they did to whoever names no tenant, with any key", () =>
    Effect.gen(function* () {
      const file = yield* started
      const old = yield* oldProcess(file)
      old.reserve("lead-1", yield* CHECK)
      const twin = makeRevoxTwin({ apiKey: OTHER_KEY, listItems: "orders" })
      old.accept("lead-1", "order-of-old")
      const { calls } = yield* openAccount(file, {}, { key: OTHER_KEY, twin })
      expect(yield* calls.place(order)).toMatchObject({
        state: "accepted",
        already: true,
        call: { id: "order-of-old" }
      })
      expect(twin.orders).toEqual([])
    })
  )

  it.effect("block every tenant and tell nothing, until one whose key reads the call has claimed it", () =>
    Effect.gen(function* () {
      const file = yield* started
      const check = yield* CHECK
      const old = yield* oldProcess(file)
      old.reserve("lead-1", check)
      const acme = yield* openAccount(file, { tenant: "acme" })
      const bolt = yield* openAccount(file, { tenant: "bolt" }, other())
      // The order that the old process placed, with acme's key.
      const elsewhere = yield* openAccount(yield* freshFile, {}, { key: KEY, twin: acme.twin })
      const placed = yield* elsewhere.calls.place(order)
      const orderId = placed.state === "accepted" ? placed.call.id : ""
      old.accept("lead-1", orderId)

      for (const { calls } of [acme, bolt]) {
        const error = yield* Effect.flip(calls.place(order))
        expect(error).toMatchObject({ reason: { _tag: "ReferenceHeld", by: "unclaimed" } })
        expect(JSON.stringify(error)).not.toContain(orderId)
        expect(yield* calls.release("lead-1")).toBe(false)
      }
      expect(yield* Effect.flip(bolt.calls.reconcile("lead-1"))).toMatchObject({ reason: { by: "unclaimed" } })
      expect(yield* acme.calls.reconcile("lead-1")).toMatchObject({ state: "accepted", call: { id: orderId } })
      expect(yield* acme.calls.place(order)).toMatchObject({ state: "accepted", already: true })
      // What has been claimed blocks nobody else.
      expect(yield* bolt.calls.place(order)).toMatchObject({ state: "accepted", already: false })
      expect(old.sees("lead-1")).toBe(false)
      expect(old.reserve("lead-1", check)).toBe(false)
    })
  )

  it.effect("are claimed by a search for the reference where no order is known", () =>
    Effect.gen(function* () {
      const file = yield* started
      const old = yield* oldProcess(file)
      old.reserve("lead-1", yield* CHECK)
      const acme = yield* openAccount(file, { tenant: "acme" })
      const elsewhere = yield* openAccount(yield* freshFile, {}, { key: KEY, twin: acme.twin })
      yield* elsewhere.calls.place(order)
      expect(yield* acme.calls.reconcile("lead-1")).toMatchObject({ state: "accepted" })
      expect(Option.getOrThrow(yield* acme.journal.find(keyOf("lead-1", "acme")))).toMatchObject({ tenant: "acme" })
    })
  )

  it.effect("an old process that is still open reserves nothing that a newer one holds, and the other way round", () =>
    Effect.gen(function* () {
      const file = yield* started
      const old = yield* oldProcess(file)
      const check = yield* CHECK
      const fresh = yield* openAccount(file)
      const acme = yield* openAccount(file, { tenant: "acme" }, { key: KEY, twin: fresh.twin })
      expect(yield* fresh.calls.place(order)).toMatchObject({ state: "accepted", already: false })
      expect(old.reserve("lead-1", check)).toBe(false)
      expect(yield* acme.calls.place({ ...order, reference: "lead-2" })).toMatchObject({ already: false })
      expect(old.reserve("lead-2", check)).toBe(false)
      expect(old.sees("lead-2")).toBe(false)
      expect(old.reserve("lead-3", check)).toBe(true)
      expect(yield* fresh.calls.place({ ...order, reference: "lead-3" })).toMatchObject({ state: "in_flight" })
      expect(yield* Effect.flip(acme.calls.place({ ...order, reference: "lead-3" }))).toMatchObject({
        reason: { by: "unclaimed" }
      })
      expect(fresh.twin.orders).toHaveLength(2)
    })
  )

  it.effect("are moved on, found by their call and given up by the common tenant like its own", () =>
    Effect.gen(function* () {
      const file = yield* started
      const old = yield* oldProcess(file)
      for (const reference of ["a", "b"]) old.reserve(reference, "0000")
      const { journal } = yield* openAccount(file)
      const all = yield* journal.unfinished({ tenant: "", before: instant(9_999_999), limit: 9 })
      expect(all.map(({ reference, tenant }) => [reference, tenant])).toEqual([
        ["a", undefined],
        ["b", undefined]
      ])
      expect(yield* journal.unfinished({ tenant: "acme", before: instant(9_999_999), limit: 9 })).toEqual([])
      const provider = all[0]!.provider
      const taken = yield* journal.settle(keyOf("a"), "old", accepted("order-9"), instant(1e6))
      expect(Option.getOrThrow(taken)).toMatchObject({ state: "accepted", orderId: "order-9" })
      expect(yield* journal.findCall(callOf(provider, Option.getOrThrow(taken).orderId!))).toEqual(taken)
      yield* journal.settle(keyOf("b"), "old", uncertain(), instant(1e6))
      expect((yield* journal.reserve(reservation("b", { token: "new" }))).token).toBe("old")
      expect(yield* journal.release(keyOf("b"), "old", instant(1e6))).toBe(true)
      expect((yield* journal.reserve(reservation("b", { token: "new" }))).token).toBe("new")
    })
  )
})
