/** An address of a database is no name of a file: whoever mistypes it is told, and no file has its password as a name. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { sqliteJournal } from "../../src/node/fileHandles.ts"
import { layerSqliteJournal } from "../../src/node/SqliteJournal.ts"
import { readSqliteJournal } from "../../src/node/readSqliteJournal.ts"

const PASSWORD = "p4ss-w0rd"
const PLACE = `app:${PASSWORD}@db.example/calls`

const ADDRESSES = [
  `postgres://${PLACE}`,
  `"postgres://${PLACE}"`,
  ` postgres://${PLACE}`,
  `\n'POSTGRES://${PLACE}'`,
  `postgresql+psycopg://${PLACE}`,
  `jdbc:postgresql://${PLACE}`,
  `mysql://${PLACE}`,
  `sqlite:///calls.sqlite`,
  `postgres:/${PLACE}`,
  `"postgresql:app:${PASSWORD}@[::1]/calls`,
  PLACE,
  `postgres//${PLACE}`,
  `postgresql//db.example/calls`,
  `POSTGRES;//${PLACE}`,
  `mysql:/${PLACE}`,
  "redis:/db.example/0",
  "etcd:/db.example/0",
  "journal/amqp://db.example/calls",
  "redis:6379",
  `postgre//${PLACE}`,
  `//${PLACE}`,
  "//db.example:5432/calls",
  "'//app@db.example/calls'",
  "file:///calls.sqlite",
  "file:/calls.sqlite",
  "file:calls.sqlite",
  "FILE:calls.sqlite?mode=rwc",
  `UNICALL_JOURNAL=postgres://${PLACE}`,
  `a:${PASSWORD}@db.example/calls`,
  `app:p4ss/w0rd@db.example/calls`,
  `calls/app:${PASSWORD}@db.example`,
  "host=db.example dbname=calls",
  `Server=db.example;Pwd=${PASSWORD}`,
  `password=${PASSWORD}`,
  `host=db.example user=app password=${PASSWORD}`,
  `password = '${PASSWORD}' host = db.example`
]

let folder = ""
let before = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unicall-names-"))
  before = process.cwd()
  process.chdir(folder)
})
afterEach(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true, force: true })
})

describe("a journal in a file", () => {
  it.each(ADDRESSES)("is not at %j", async (file) => {
    const errors = await Effect.runPromise(
      Effect.all([
        Effect.flip(Effect.scoped(Layer.build(layerSqliteJournal({ file })))),
        Effect.flip(readSqliteJournal({ file }, () => undefined))
      ])
    )
    for (const error of errors) {
      expect(error).toMatchObject({ _tag: "JournalError", operation: "open" })
      expect(error.message).toBe("journal: open: an address, and no path of a file")
    }
    expect(() => sqliteJournal(file)).toThrow(new TypeError("sqliteJournal: expected the path of a file"))
    expect(readdirSync(folder)).toEqual([])
  })

  // There some of them are not in this folder.
  it
    .skipIf(process.platform === "win32")
    .each([
      "calls.sqlite",
      "C:\\calls\\journal.sqlite",
      "C:/calls/journal.sqlite",
      "C://calls/journal.sqlite",
      "postgres",
      "postgres/calls.sqlite",
      "our calls: postgres.sqlite",
      "12:30.sqlite",
      "user=7/calls.sqlite",
      "jo@example/calls.sqlite",
      "calls//journal.sqlite",
      "redis.sqlite",
      "profile:journal.sqlite",
      "./postgres:16/calls.sqlite",
      "C:\\calls\\12:30@office.sqlite",
      ".\\postgres:16.sqlite",
      "./12:30@office.sqlite",
      "./host=a port=1.sqlite",
      "./file:///calls.sqlite",
      "./password=7.sqlite"
    ])("may be at %j", async (file) => {
    await Effect.runPromise(Effect.scoped(Layer.build(layerSqliteJournal({ file }))))
    expect(() => sqliteJournal(file)).not.toThrow()
    expect(readdirSync(folder)).not.toEqual([])
  })

  it.skipIf(process.platform === "win32").each(["postgres:16.sqlite", "12:30@office.sqlite", "pwd=7.sqlite"])(
    "may be called %j, in whatever way its folder is named",
    async (name) => {
      mkdirSync("below")
      process.chdir("below")
      for (const file of [join(folder, name), `../${name}`])
        await Effect.runPromise(Effect.scoped(Layer.build(layerSqliteJournal({ file }))))
      process.chdir("..")
      expect(readdirSync(folder)).toContain(name)
    }
  )
})
