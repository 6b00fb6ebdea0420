/**
 * Placements written into one journal, alone in this process: `node --expose-gc journalVariant.ts TASK JOURNAL COUNT`, where
 * JOURNAL is `memory`, a file, or the address of a table. To `write` them each is reserved, accepted and ended, 64 at a
 * time; those in memory are compacted then, the others by the task `compact`. Prints JSON: seconds, and bytes in memory.
 */
import * as Effect from "effect/Effect"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { compactEnded } from "../../src/calls/retention.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { journalAt } from "../calls/journalAt.ts"
import { type JournalMeasured, warmUpOf } from "./journalPlacements.ts"

const CONCURRENCY = 64

/** Long over, whenever this is run. */
const at = (index: number, step: number): Instant =>
  Instant.make(new Date(Date.UTC(2021, 2, 1) + index * 5 + step).toISOString())

const compactAll = compactEnded({ endedBefore: Instant.make("2022-01-01T00:00:00.000Z") })

/** Every field as a placement of a real provider has it. */
const place = (journal: PlacementJournal["Service"], index: number) => {
  const key = { tenant: "", reference: `campaign-7-lead-${String(index).padStart(8, "0")}-1` }
  const token = crypto.randomUUID()
  const orderId = OrderId.make(crypto.randomUUID())
  const reservation = {
    ...key,
    provider: ProviderId.make(index % 2 === 0 ? "revox" : "revring"),
    account: "0a0b0c0d",
    token,
    numberDigest: "1f3a",
    content: "c0de",
    time: "7a1b",
    agentId: "8e6f1c52-41f0-4a4e-9d0e-2a1f6f9f3b11",
    clockOffset: 120,
    at: at(index, 0)
  }
  return Effect.andThen(
    Effect.andThen(
      journal.reserve(reservation),
      journal.settle(key, token, { state: "accepted", orderId, status: "queued" }, at(index, 1))
    ),
    journal.settle(key, token, { state: "ended", orderId, status: "completed" }, at(index, 2))
  )
}

const [task = "write", name = "", count = "1000"] = process.argv.slice(2)
const collected = (): number => {
  const collect: unknown = globalThis.gc
  if (typeof collect === "function") collect()
  return process.memoryUsage().heapUsed
}

const placeAll = (journal: PlacementJournal["Service"], from: number, many: number) =>
  Effect.forEach(
    Array.from({ length: many }, (_, index) => from + index),
    (index) => place(journal, index),
    { concurrency: CONCURRENCY, discard: true }
  )

const write = Effect.gen(function* () {
  const journal = yield* PlacementJournal
  const many = Number(count)
  yield* placeAll(journal, many, warmUpOf(many))
  const before = collected()
  const started = performance.now()
  yield* placeAll(journal, 0, many)
  const seconds = (performance.now() - started) / 1000
  const heapBytes = collected() - before
  if (name === "memory") yield* compactAll
  return { seconds, heapBytes, compactedHeapBytes: collected() - before } satisfies JournalMeasured
})

const compact = Effect.gen(function* () {
  const started = performance.now()
  yield* compactAll
  const seconds = (performance.now() - started) / 1000
  return { seconds, heapBytes: 0, compactedHeapBytes: 0 } satisfies JournalMeasured
})

const measured = await Effect.runPromise(
  Effect.provide(task === "compact" ? compact : write, name === "memory" ? layerMemoryJournal : journalAt(name))
)
process.stdout.write(`${JSON.stringify(measured)}\n`)
