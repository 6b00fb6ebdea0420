/** Processes that take webhooks are killed at any moment: nothing they acknowledged is lost, and nothing acts twice. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { afterAll, expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import * as Revox from "../../adapters/revox/index.ts"
import { openCalls } from "../../adapters/promiseNode.ts"
import { makeRevoxTwin } from "../../adapters/testing.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { valueAt } from "../../src/domain/Json.ts"
import { sqliteJournal } from "../../src/node/fileHandles.ts"
import { layerNodeHttp } from "../../src/node/NodeHttp.ts"
import { layerSqliteInbox } from "../../src/node/SqliteInbox.ts"
import { layerSqliteJournal } from "../../src/node/SqliteJournal.ts"
import { drawFrom } from "../../src/twin/seeded.ts"
import { listen } from "../../src/twin/server.ts"
import { WebhookInbox } from "../../src/webhooks/WebhookInbox.ts"
import { Webhooks } from "../../src/webhooks/Webhooks.ts"
import { messageOf, requestOf } from "./webhookSite.ts"

const KEY = "key-of-the-test"
const ORDERS = 60
const KILLS = 5
/** So many calls are claimed at once, and can be read a second time where they are claimed by a process that is killed. */
const AT_ONCE = 16

const folder = mkdtempSync(join(tmpdir(), "unicall-killed-"))
const closing: Array<() => unknown> = [() => rmSync(folder, { recursive: true, force: true })]
afterAll(async () => {
  for (const close of closing.toReversed()) await close()
})

const program = fileURLToPath(new URL("./intakeProcess.ts", import.meta.url))

const start = async (baseUrl: string) => {
  const child: ChildProcess = spawn(process.execPath, [program, baseUrl, KEY, folder], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  closing.push(() => child.kill("SIGKILL"))
  if (child.stdout === null) throw new Error("no output")
  const [line] = await once(createInterface(child.stdout), "line")
  const address = `http://127.0.0.1:${valueAt(JSON.parse(String(line)), ["port"])}/webhooks/revox`
  return {
    /** Whether it was acknowledged; a killed process acknowledges nothing. */
    send: async (id: string): Promise<boolean> => {
      const headers = { "content-type": "application/json" }
      try {
        return (await fetch(address, { method: "POST", body: messageOf(id), headers })).status === 200
      } catch {
        return false
      }
    },
    kill: async () => {
      const gone = once(child, "exit")
      child.kill("SIGKILL")
      await gone
    }
  }
}

/** Six minutes ahead: what a killed process had claimed is free by then. */
const later: Effect.Effect<Clock.Clock> = Effect.clockWith((clock) => {
  const millis = () => clock.currentTimeMillisUnsafe() + 360_000
  const nanos = () => BigInt(millis()) * 1_000_000n
  return Effect.succeed({
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: clock.monotonicTimeNanos,
    sleep: (duration) => clock.sleep(duration)
  })
})

it("nothing that was acknowledged is lost, and nothing acts twice", async () => {
  const twin = makeRevoxTwin({ apiKey: KEY, listItems: "orders", faults: `place:drop/accepted*${ORDERS}` })
  const site = await listen(twin)
  closing.push(() => site.close())
  const placing = await openCalls({
    revox: { apiKey: KEY, baseUrl: site.url },
    journal: sqliteJournal(join(folder, "calls.sqlite"))
  })
  for (let index = 0; index < ORDERS; index++) {
    const order = { to: "+12025550101", agent: { id: "asst-1" }, reference: `lead-${index}` }
    expect(await placing.place(order)).toMatchObject({ state: "uncertain" })
  }
  await placing.close()
  const orders = twin.orders.map(({ id }) => id)
  expect(orders).toHaveLength(ORDERS)
  const readsOf = (id: string) => twin.requests.filter(({ path }) => path.includes(id)).length

  const seed = "killed"
  const acknowledged = new Set<string>()
  let kills = 0
  while (acknowledged.size < ORDERS || kills < KILLS) {
    const worker = await start(site.url)
    const rest = orders.filter((id) => !acknowledged.has(id))
    // Some of what was acknowledged comes once more.
    const doubled = [...acknowledged].filter((id) => drawFrom(seed, kills, id) < 0.3)
    const sent = [...rest, ...doubled]
    const most = kills < KILLS ? Math.ceil(drawFrom(seed, kills) * 12) : sent.length
    let answered = 0
    const enough = Promise.withResolvers<void>()
    const deliver = async (id: string): Promise<void> => {
      if (await worker.send(id)) acknowledged.add(id)
      answered += 1
      if (answered >= most) enough.resolve()
    }
    const delivering = Promise.all(sent.map(deliver))
    await Promise.race([enough.promise, delivering])
    // Others are on their way at this moment, and calls are being read.
    await worker.kill()
    await delivering
    kills += 1
  }

  const outcome = await Effect.runPromise(
    Effect.gen(function* () {
      const clock = yield* later
      const context = yield* Layer.build(
        Webhooks.layer({ registry: providers, trust: { revox: { trust: "trusted" } } }).pipe(
          Layer.provideMerge(VoiceCalls.layer([Revox.make({ apiKey: Redacted.make(KEY), baseUrl: site.url })])),
          Layer.provideMerge(layerSqliteInbox({ file: join(folder, "inbox.sqlite") })),
          Layer.provide([layerSqliteJournal({ file: join(folder, "calls.sqlite") }), layerNodeHttp()])
        )
      ).pipe(Effect.provideService(Clock.Clock, clock))
      const webhooks = Context.get(context, Webhooks)
      const calls = Context.get(context, VoiceCalls)
      yield* Effect.provideService(webhooks.deal, Clock.Clock, clock)
      const entries = yield* Context.get(context, WebhookInbox).list({ tenant: "", limit: 1000 })
      const placements = yield* Effect.forEach(
        Array.from({ length: ORDERS }, (_, index) => `lead-${index}`),
        (reference) => calls.reconcile(reference)
      )
      const reads = orders.map(readsOf)
      // Each once more, after all is done.
      const again = yield* Effect.forEach(orders, (id) =>
        webhooks.handle(requestOf("http://127.0.0.1/webhooks/revox", messageOf(id)))
      )
      yield* Effect.provideService(webhooks.deal, Clock.Clock, clock)
      return { entries, placements, reads, again: again.map(({ status }) => status), after: orders.map(readsOf) }
    }).pipe(Effect.scoped)
  )
  expect(outcome.entries).toHaveLength(ORDERS)
  expect(outcome.entries.filter(({ state }) => state !== "done")).toEqual([])
  const known = outcome.placements.map((placed) => (placed.state === "accepted" ? placed.call.id : placed.state))
  expect(known.toSorted()).toEqual(orders.toSorted())
  // `reconcile` has read each of them once more.
  const readTwice = outcome.reads.filter((reads) => reads > 2).length
  expect(Math.min(...outcome.reads)).toBe(2)
  expect(readTwice).toBeLessThanOrEqual(kills * AT_ONCE)
  expect(Math.max(...outcome.reads)).toBeLessThanOrEqual(2 + kills)
  expect(new Set(outcome.again)).toEqual(new Set([200]))
  expect(outcome.after).toEqual(outcome.reads)
}, 180_000)
