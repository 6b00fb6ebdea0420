/**
 * What a waiting call holds: `node --expose-gc liveWaiting.ts COUNT`. Places COUNT calls that never end on a twin in this
 * process, waits for all of them, and prints bytes of heap per waiting call after every call has been looked at once.
 * What the twin and the journal hold is there before and does not count.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as RevRing from "../../adapters/revring/index.ts"
import { makeRevRingTwin } from "../../adapters/revring/Twin.ts"
import { type CallRef, layerMemoryJournal, VoiceCalls } from "../../src/index.ts"
import { layerTwins } from "../../src/twin/index.ts"

const count = Number(process.argv[2] ?? 20_000)
const BASE_URL = "http://127.0.0.1/v1"
/** The story that is never over. */
const NEVER_ENDS = process.argv[3] ?? "+12025550160"

const twin = makeRevRingTwin({ apiKey: "bench-key" })

const heap = (): number => {
  const collect: unknown = globalThis.gc
  if (typeof collect !== "function") throw new Error("run with --expose-gc")
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

const batches = (): number => twin.requests.filter(({ operation }) => operation === "batch").length

const program = Effect.gen(function* () {
  const calls = yield* VoiceCalls
  const refs: Array<CallRef> = []
  for (let index = 0; index < count; index++) {
    const placed = yield* calls.place({
      to: NEVER_ENDS,
      from: "+12025550199",
      agent: { id: "agent" },
      reference: `bench-${index}`
    })
    if (placed.state === "accepted") refs.push(placed.call)
  }
  const before = heap()
  const fibers = yield* Effect.forEach(refs, (call) => Effect.forkChild(calls.awaitEnd(call, { deadline: "1 hour" })))
  while (batches() < Math.ceil(count / 100)) yield* Effect.sleep(100)
  yield* Effect.sleep(500)
  const after = heap()
  yield* Fiber.interruptAll(fibers)
  return (after - before) / refs.length
})

const layer = VoiceCalls.layer([RevRing.make({ apiKey: Redacted.make("bench-key"), baseUrl: BASE_URL })], {
  poll: { first: "1 minute" }
}).pipe(Layer.provide(layerMemoryJournal), Layer.provide(layerTwins([{ twin, baseUrl: BASE_URL }])))

process.stdout.write(`${await Effect.runPromise(Effect.scoped(program).pipe(Effect.provide(layer)))}\n`)
process.exit(0)
