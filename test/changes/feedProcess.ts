/**
 * A process of its own on a feed, for the tests: `node feedProcess.ts <task> <feed> <file of its own>`, until it is killed. What it has
 * done goes to stdout, a line each, written at once.
 */
import { writeSync } from "node:fs"
import process from "node:process"
import { DatabaseSync } from "node:sqlite"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { type ChangesOptions, consume } from "../../src/calls/changes/consume.ts"
import type { ChangeFeed } from "../../src/calls/changes/ChangeFeed.ts"
import type { Seen } from "../../src/calls/changes/KnownCall.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { makeSqliteFeed } from "../../src/node/SqliteFeed.ts"
import { makePostgresFeed } from "../../src/postgres/PostgresFeed.ts"
import { isPostgresAddress } from "../../src/postgres/PostgresPool.ts"
import { CallError, NotFound } from "../../src/provider/CallError.ts"

type Feed = ChangeFeed["Service"]

export const feedAt = (place: string) =>
  isPostgresAddress(place) ? makePostgresFeed(Redacted.make(place)) : makeSqliteFeed({ file: place })

const at = Instant.make("2026-03-01T10:00:00.000Z")

const pause = new Int32Array(new SharedArrayBuffer(4))

const say = (text: string): void => {
  let rest = new TextEncoder().encode(`${text}\n`)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error
      Atomics.wait(pause, 0, 0, 1)
    }
  }
}

/** What is heard of a call, by each process in an order of its own. */
const hearings = (call: number, isBackwards: boolean): ReadonlyArray<Seen> => {
  const orderId = OrderId.make(`order-${call}`)
  const placement = { key: `token-${call}`, provider: ProviderId.make("one"), reference: `lead-${call}` } as const
  const reading = {
    orderId,
    status: "in_progress",
    over: false,
    complete: false,
    digests: new Map(),
    attempts: []
  } as const
  const all: ReadonlyArray<Seen> = [
    { ...placement, state: "uncertain" },
    { ...placement, state: "accepted", orderId, status: "queued" },
    { ...placement, state: "accepted", reading },
    { ...placement, state: "accepted", reading: { ...reading, status: "completed", over: true } },
    {
      ...placement,
      state: "accepted",
      reading: { ...reading, status: "completed", over: true, complete: true, digests: new Map([["summary", "0a1b"]]) }
    }
  ]
  return isBackwards ? all.toReversed() : all
}

/** All processes record the same calls. Says each call of which all is recorded. */
const record = (feed: Feed, name: string) =>
  Effect.gen(function* () {
    for (let call = 0; ; call++) {
      for (const seen of hearings(call, name.endsWith("backwards"))) yield* feed.record("", [seen], at)
      say(String(call))
    }
  })

const changes = (feed: Feed, options: ChangesOptions) => {
  const unread = Effect.fail(new CallError({ operation: "changes", reason: new NotFound({}) }))
  return consume({ feed, tenant: "", read: () => unread, news: () => Deferred.makeUnsafe<void>() }, options)
}

/** Says each change as it deals with it. */
const byName = (feed: Feed, consumer: string) =>
  Stream.runForEach(changes(feed, { consumer }), ({ position }) => Effect.sync(() => say(String(position))))

/** Stores each with its position, and says so. */
const byPosition = (feed: Feed, file: string) =>
  Effect.suspend(() => {
    const own = new DatabaseSync(file)
    own.exec("CREATE TABLE IF NOT EXISTS effect (position INTEGER, reference TEXT, word TEXT)")
    own.exec("CREATE TABLE IF NOT EXISTS progress (position INTEGER)")
    const { position = 0 } = own.prepare("SELECT max(position) AS position FROM progress").get() ?? {}
    return Stream.runForEach(changes(feed, { after: Number(position) }), (change) =>
      Effect.sync(() => {
        own.exec("BEGIN")
        own.prepare("INSERT INTO effect VALUES (?, ?, ?)").run(change.position, change.reference, change.change)
        own.exec("DELETE FROM progress")
        own.prepare("INSERT INTO progress VALUES (?)").run(change.position)
        own.exec("COMMIT")
        say(String(change.position))
      })
    )
  })

const tasks = { record, byName, byPosition }

const isTask = (name: string | undefined): name is keyof typeof tasks =>
  name !== undefined && Object.hasOwn(tasks, name)

if (process.argv[1] === import.meta.filename) {
  const [, , task, place = "", own = ""] = process.argv
  if (!isTask(task)) throw new Error(`expected one of ${Object.keys(tasks).join(", ")}`)
  const work = Effect.scoped(
    Effect.flatMap(feedAt(place), (feed): Effect.Effect<unknown, unknown> => tasks[task](feed, own))
  )
  Effect.runPromise(work).catch((error: unknown) => {
    process.stderr.write(String(error))
    process.exit(1)
  })
}
