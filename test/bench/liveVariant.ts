/**
 * One way of getting calls over HTTP, run alone in this process: `liveVariant.ts NAME BASE_URL COUNT`. Prints the seconds
 * that COUNT requests took, 32 at a time, after a warm-up of half as many.
 */
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type { HttpClient } from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import Retell from "retell-sdk"

import * as Revox from "../../adapters/revox/index.ts"
import { type CallError, layerMemoryJournal, OrderId, VoiceCalls } from "../../src/index.ts"
import { layerNodeHttp } from "../../src/node/NodeHttp.ts"
import { LIVE_ID } from "./liveData.ts"

const CONCURRENCY = 32
const KEY = "bench-key"

const [name = "", baseUrl = "", count = "1000"] = process.argv.slice(2)

type Run = (count: number) => Promise<void>

/** `count` runs of a promise-returning function, 32 at a time. */
const together =
  (once: () => Promise<unknown>): Run =>
  async (total) => {
    let left = total
    const lane = async () => {
      while (left-- > 0) await once()
    }
    await Promise.all(Array.from({ length: CONCURRENCY }, lane))
  }

const service = async (http: Layer.Layer<HttpClient, CallError>): Promise<Run> => {
  const layer = VoiceCalls.layer([Revox.make({ apiKey: Redacted.make(KEY), baseUrl })]).pipe(
    Layer.provide(layerMemoryJournal),
    Layer.provide(http)
  )
  const runtime = ManagedRuntime.make(layer)
  const calls = await runtime.runPromise(VoiceCalls)
  const call = { provider: Revox.revox.providerId, id: OrderId.make(LIVE_ID) }
  return (total) =>
    runtime.runPromise(
      Effect.forEach(Array.from({ length: total }), () => calls.get(call), { concurrency: CONCURRENCY, discard: true })
    )
}

const variants: { readonly [name: string]: () => Promise<Run> | Run } = {
  fetch: () =>
    together(async () => {
      const response = await fetch(`${baseUrl}/call/${LIVE_ID}`, { headers: { authorization: `Bearer ${KEY}` } })
      return JSON.parse(await response.text())
    }),
  "service-node": () => service(layerNodeHttp({ environment: {} })),
  "service-fetch": () => service(FetchHttpClient.layer),
  "retell-sdk": () => {
    const client = new Retell({ apiKey: KEY, baseURL: baseUrl })
    return together(() => client.call.retrieve(LIVE_ID))
  }
}

const prepare = Object.hasOwn(variants, name) ? variants[name] : undefined
if (prepare === undefined) throw new Error(`expected one of ${Object.keys(variants).join(", ")}`)
const run = await prepare()
await run(Number(count) / 2)
const started = performance.now()
await run(Number(count))
process.stdout.write(`${(performance.now() - started) / 1000}\n`)
process.exit(0)
