/**
 * A process of its own on a journal, for the tests: `node reserveProcess.ts <task> <journal> <name>`. What has been
 * answered goes to stdout, one JSON line each, written at once.
 */
import { writeSync } from "node:fs"
import { once } from "node:events"
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type JournalError, PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { journalAt } from "./journalAt.ts"
import { keyOf } from "./placementKeys.ts"

/** What a process says. */
export const Line = Schema.Struct({
  /** What became of the reference, as far as was answered; `free` if it was given up. */
  answered: Schema.optionalKey(
    Schema.Struct({
      reference: Schema.String,
      state: Schema.Literals(["reserved", "uncertain", "absent", "accepted", "ended", "free"])
    })
  ),
  /** References that this process was the one to reserve. */
  won: Schema.optionalKey(Schema.Array(Schema.String)),
  failed: Schema.optionalKey(Schema.String),
  ready: Schema.optionalKey(Schema.Boolean)
})
export type Line = typeof Line.Type

type Journal = PlacementJournal["Service"]

const pause = new Int32Array(new SharedArrayBuffer(4))

/** How many bytes went out: none while the pipe is full. */
const written = (bytes: Uint8Array): number => {
  try {
    return writeSync(1, bytes)
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error
    Atomics.wait(pause, 0, 0, 1)
    return 0
  }
}

const say = (line: Line): void => {
  let rest = new TextEncoder().encode(`${JSON.stringify(line)}\n`)
  while (rest.length > 0) rest = rest.subarray(written(rest))
}

const RACE_REFERENCES = 500
const at = Instant.make("2026-03-01T10:00:00.000Z")

const reserve = (journal: Journal, reference: string, token: string) =>
  journal.reserve({ ...keyOf(reference), provider: ProviderId.make("one"), token, numberDigest: "1f3a", at })

const answered = (reference: string, state: NonNullable<Line["answered"]>["state"]) =>
  Effect.sync(() => say({ answered: { reference, state } }))

/** Reserves the same references as all others do, as soon as a line comes in. */
const race = Effect.fnUntraced(function* (journal: Journal, name: string) {
  say({ ready: true })
  yield* Effect.promise(() => once(process.stdin, "data"))
  process.stdin.pause()
  const references = Array.from({ length: RACE_REFERENCES }, (_, index) => `reference-${index}`)
  const won = yield* Effect.filter(
    references,
    (reference) => Effect.map(reserve(journal, reference, name), ({ token }) => token === name),
    { concurrency: 16 }
  )
  say({ won })
})

/** One placement after the other, of four courses; `free` last, since what was freed leaves no trace. */
const place = Effect.fnUntraced(function* (journal: Journal, name: string, index: number) {
  const reference = `${name}-${index}`
  const orderId = OrderId.make(`order-${reference}`)
  yield* reserve(journal, reference, name)
  yield* answered(reference, "reserved")
  if (index % 4 === 1) {
    yield* journal.settle(keyOf(reference), name, { state: "uncertain", because: "TimedOut" }, at)
    yield* answered(reference, "uncertain")
  }
  if (index % 4 === 2) {
    yield* journal.settle(keyOf(reference), name, { state: "accepted", orderId }, at)
    yield* answered(reference, "accepted")
    yield* journal.settle(keyOf(reference), name, { state: "ended", orderId, status: "completed" }, at)
    yield* answered(reference, "ended")
  }
  if (index % 4 === 3) {
    yield* journal.release(keyOf(reference), name, at)
    yield* answered(reference, "free")
  }
})

/** Places until it is killed or fails. */
const work = (journal: Journal, name: string) =>
  Effect.forEach(
    Array.from({ length: 100_000 }, (_, index) => index),
    (index) => place(journal, name, index),
    {
      concurrency: 8,
      discard: true
    }
  )

/** Opens the journal, while other warnings than SQLite's are given. */
const warn = () =>
  Effect.sync(() => {
    process.emitWarning("another warning")
    say({ ready: true })
  })

const TASKS: { readonly [task: string]: (journal: Journal, name: string) => Effect.Effect<void, JournalError> } = {
  race,
  work,
  warn
}

if (import.meta.main) {
  const [task = "", place = "", name = "", user] = process.argv.slice(2)
  // Root may write everywhere: what nobody may, only nobody can tell.
  if (user !== undefined) process.seteuid?.(Number(user))
  await Effect.runPromise(
    Effect.flatMap(PlacementJournal, (journal) => TASKS[task]?.(journal, name) ?? Effect.die(`no task ${task}`)).pipe(
      Effect.provide(journalAt(place)),
      Effect.catch((error) => Effect.sync(() => say({ failed: error.message })))
    )
  )
}
