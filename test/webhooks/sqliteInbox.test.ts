/** The inbox's file: rows that nobody can read, texts that would not be kept, and files of the first version. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { loadSqlite } from "../../src/node/sqliteDatabase.ts"
import { makeSqliteInbox } from "../../src/node/SqliteInbox.ts"
import { INBOX_APPLICATION_ID, INBOX_MIGRATIONS } from "../../src/node/sqliteInboxTable.ts"
import { at, callOf, claims, received } from "./inboxLaws.ts"

const freshFile = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "unicall-inbox-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
  ),
  (folder) => join(folder, "inbox.sqlite")
)

/** What somebody else does to the file. */
const tamper = (file: string, sql: string): void => {
  const { DatabaseSync } = loadSqlite()
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}

const idsOf = (entries: ReadonlyArray<{ readonly orderId: string }>) => entries.map(({ orderId }) => orderId)

it.effect("a row that cannot be read keeps no other from being claimed or listed, and is not in the way", () =>
  Effect.gen(function* () {
    const file = yield* freshFile
    const inbox = yield* makeSqliteInbox({ file })
    const damaged = Array.from({ length: 5 }, (_, index) => `bad-${index}`)
    yield* inbox.receive([...damaged.map((id) => received(id, { isKnown: true })), received("good")], 10)
    tamper(file, "UPDATE named_call SET since = 'long ago' WHERE orderId LIKE 'bad%'")
    expect(yield* inbox.find(callOf("bad-1"))).toMatchObject({ state: "unreadable", problem: "since" })
    expect(yield* inbox.list({ tenant: "", state: "waiting", limit: 9 })).toHaveLength(6)
    const claimed = [yield* inbox.claim(claims(0, 5)), yield* inbox.claim(claims(0, 5))]
    expect(claimed.map(idsOf)).toEqual([[], ["good"]])
    expect(yield* inbox.list({ tenant: "", limit: 9 })).toHaveLength(6)
    const unreadable = yield* inbox.list({ tenant: "", state: "unreadable", limit: 9 })
    expect(unreadable).toHaveLength(5)
    expect(unreadable[0]).toEqual({
      state: "unreadable",
      tenant: "",
      provider: "revox",
      orderId: "bad-4",
      problem: "since"
    })
    // They take no room, cannot be replayed, can be dropped, and give way to what is received.
    expect(yield* inbox.receive([received("another")], 2)).toBe("taken")
    expect(yield* inbox.replay(callOf("bad-1"), at(1))).toBe(false)
    expect(yield* inbox.drop(callOf("bad-1"))).toBe(true)
    expect(yield* inbox.receive([received("bad-2")], 9)).toBe("taken")
    expect(idsOf(yield* inbox.claim(claims(1)))).toEqual(["another", "bad-2"])
  })
)

it.effect.each(["a\u0000b", "\ud800"])("an id that a database would not keep is refused, not cut: %j", (id) =>
  Effect.gen(function* () {
    const inbox = yield* makeSqliteInbox({ file: yield* freshFile })
    const error = yield* Effect.flip(inbox.receive([received(id)], 9))
    expect(error.message).toBe("inbox: column orderId would not keep its text")
    expect(yield* inbox.find(callOf(id))).toBeUndefined()
    expect(yield* inbox.list({ tenant: "", limit: 9 })).toEqual([])
  })
)

it.effect("a file of the first version is brought up to date, and what was acknowledged is in it", () =>
  Effect.gen(function* () {
    const file = yield* freshFile
    const message = (id: string, orderId: string, state: string, problem: string | null, tries = 1) => {
      const text = problem === null ? "NULL" : `'${problem}'`
      const digest = `revox-${id.repeat(32)}-0`
      return `('${digest}', '', 'revox', ${orderId}, 0, '${at(1)}', '${state}', '${at(9)}', ${tries}, 3, ${text})`
    }
    const rows = [
      message("a", "'waits'", "done", null),
      message("b", "'waits'", "claimed", "ServerError"),
      message("c", "'parked'", "parked", "ServerError"),
      message("d", "'done'", "done", null),
      message("e", "'done'", "done", null),
      message("f", "'cut' || char(0) || 'off'", "waiting", null)
    ]
    tamper(
      file,
      `${INBOX_MIGRATIONS[0]}; INSERT INTO message VALUES ${rows.join(", ")};
       PRAGMA application_id = ${INBOX_APPLICATION_ID}; PRAGMA user_version = 1`
    )
    const inbox = yield* makeSqliteInbox({ file })
    expect(yield* inbox.list({ tenant: "", limit: 9 })).toMatchObject([
      { orderId: "waits", state: "waiting", since: at(1), dueAt: at(1), fence: 3 },
      { orderId: "parked", state: "parked", dueAt: at(9), problem: "ServerError" },
      { orderId: "done", state: "done", messages: ["d".repeat(32), "e".repeat(32)] }
    ])
    expect(yield* inbox.receive([received("done", { message: "e".repeat(32) })], 9)).toBe("taken")
    expect(idsOf(yield* inbox.claim(claims(9)))).toEqual(["waits"])
  })
)

it.effect("what is no inbox is refused as one", () =>
  Effect.gen(function* () {
    const file = yield* freshFile
    tamper(file, "CREATE TABLE other (id TEXT)")
    const error = yield* Effect.flip(makeSqliteInbox({ file }))
    expect(error).toMatchObject({ operation: "inbox", message: "inbox: another program's database" })
  })
)
