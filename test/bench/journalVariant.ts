/**
 * Placements written into one journal, alone in this process: `node --expose-gc journalVariant.ts JOURNAL COUNT`, where
 * JOURNAL is `memory`, a file, or the address of a table. Each is reserved, accepted and ended, 64 at a time. Prints JSON:
 * seconds, and bytes a placement has in memory.
 */
import * as Effect from "effect/Effect"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { journalAt } from "../calls/journalAt.ts"
import { type JournalMeasured, warmUpOf } from "./journalPlacements.ts"

const CONCURRENCY = 64

const at = (index: number, step: number): Instant =>
  Instant.make(new Date(Date.UTC(2026, 2, 1) + index * 5 + step).toISOString())

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

const [name = "", count = "1000"] = process.argv.slice(2)
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

const measured = await Effect.runPromise(
  Effect.gen(function* () {
    const journal = yield* PlacementJournal
    const many = Number(count)
    yield* placeAll(journal, many, warmUpOf(many))
    const before = collected()
    const started = performance.now()
    yield* placeAll(journal, 0, many)
    const seconds = (performance.now() - started) / 1000
    return { seconds, heapBytes: collected() - before } satisfies JournalMeasured
  }).pipe(Effect.provide(name === "memory" ? layerMemoryJournal : journalAt(name)))
)
process.stdout.write(`${JSON.stringify(measured)}\n`)
