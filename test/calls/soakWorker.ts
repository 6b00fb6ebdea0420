/**
 * The process of the soak that places orders and is killed at it: `node soakWorker.ts <journal> <revox> <revring> <orders>`.
 * Whatever became of the one before it, and whatever others do beside it, it places everything again and looks for what
 * is open. What it did goes to stdout, one JSON line each, written at once.
 */
import { writeSync } from "node:fs"
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Revox from "../../adapters/revox/index.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { parseInstant } from "../../src/domain/Instant.ts"
import { layerNodeHttp } from "../../src/node/NodeHttp.ts"
import { journalAt } from "./journalAt.ts"

/** What the process says. */
export const Line = Schema.Union([
  Schema.Struct({ phase: Schema.Literals(["placing", "reconciling", "done"]) }),
  /** `already`: by another process, or one before this one. */
  Schema.Struct({
    placed: Schema.Literals(["accepted", "already", "uncertain", "in_flight", "absent", "expired"]),
    reference: Schema.String
  }),
  Schema.Struct({ refused: Schema.String }),
  Schema.Struct({ found: Schema.Array(Schema.String) }),
  Schema.Struct({ failed: Schema.String })
])
export type Line = typeof Line.Type

export interface Endpoints {
  /** The journal: see `journalAt`. */
  readonly journal: string
  readonly revox: string
  readonly revring: string
}

const TIMEOUTS = { place: "2 seconds", read: "5 seconds" } as const

const RETRY = { base: "20 millis", cap: "200 millis", tries: 6 } as const

/** The service over the two twins and the journal. */
export const layerSoak = ({ journal, revox, revring }: Endpoints) => {
  const options = { apiKey: Redacted.make("twin-key"), timeouts: TIMEOUTS, retry: RETRY }
  return VoiceCalls.layer([
    Revox.make({ ...options, baseUrl: revox }),
    RevRing.make({ ...options, baseUrl: revring })
  ]).pipe(Layer.provideMerge(journalAt(journal)), Layer.provide(layerNodeHttp()))
}

export const referenceOf = (index: number): string => `lead-${index + 1}`

/** Of the first forty stories: they are taken by every provider. */
const numberOf = (index: number): string => `+120255501${String(index % 40).padStart(2, "0")}`

const CONCURRENCY = 64

const say = (line: Line): Effect.Effect<void> => Effect.sync(() => void writeSync(1, `${JSON.stringify(line)}\n`))

/** A simple policy: what was certainly not placed is placed again, a little later. */
const untilNotRefused = Schedule.max([Schedule.spaced("20 millis"), Schedule.recurs(50)])

const place = (calls: VoiceCalls["Service"], index: number) =>
  calls
    .place({
      provider: index % 2 === 0 ? "revox" : "revring",
      to: numberOf(index),
      from: "+12025550199",
      agent: { id: "agent-1" },
      reference: referenceOf(index)
    })
    .pipe(
      Effect.tapError(() => say({ refused: referenceOf(index) })),
      Effect.retry(untilNotRefused),
      Effect.flatMap((placed) =>
        say({
          placed: placed.state !== "accepted" ? placed.state : placed.already ? "already" : "accepted",
          reference: placed.reference
        })
      )
    )

/** References of which no order is known. */
const open = Effect.fnUntraced(function* (limit: number) {
  const journal = yield* PlacementJournal
  const before = parseInstant("9999-01-01T00:00:00Z")
  if (before === undefined) return []
  const unfinished = yield* journal.unfinished({ tenant: "", before, limit })
  return unfinished.filter(({ orderId }) => orderId === undefined).map(({ reference }) => reference)
})

/** Looks for everything that is open; the references found. */
export const reconcileAll = Effect.fnUntraced(function* (orders: number) {
  const calls = yield* VoiceCalls
  const wanted = new Set(yield* open(orders))
  const results = yield* calls.reconcileStale({ olderThan: 0, limit: orders })
  return results
    .filter(({ state, reference }) => state === "accepted" && wanted.has(reference))
    .map(({ reference }) => reference)
})

const work = Effect.fnUntraced(function* (orders: number) {
  const calls = yield* VoiceCalls
  yield* say({ phase: "placing" })
  const indexes = Array.from({ length: orders }, (_, index) => index)
  yield* Effect.forEach(indexes, (index) => place(calls, index), { concurrency: CONCURRENCY, discard: true })
  yield* say({ phase: "reconciling" })
  yield* say({ found: yield* reconcileAll(orders) })
  yield* say({ phase: "done" })
})

if (import.meta.main) {
  const [journal = "", revox = "", revring = "", orders = ""] = process.argv.slice(2)
  await Effect.runPromise(
    work(Number(orders)).pipe(
      Effect.provide(layerSoak({ journal, revox, revring })),
      Effect.catch((error) => say({ failed: error.message }))
    )
  )
}
