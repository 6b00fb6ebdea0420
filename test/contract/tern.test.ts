/**
 * A correct adapter that is built unlike ours passes both contracts: legs without ids, forms, a provider that redials by
 * itself and knows an order again.
 */
import { describe, expect, it } from "vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { providers } from "../../adapters/index.ts"
import { parsePlaceCall } from "../../src/domain/PlaceCall.ts"
import type { Adapter } from "../../src/provider/Adapter.ts"
import {
  adapterContract,
  liveContract,
  type Twin,
  TWIN_KEY,
  twinHttpClient,
  type TwinRequest,
  twinSubject
} from "../../src/testing/index.ts"
import { makeClient, statuses } from "./tern/Client.ts"
import { fixtures } from "./tern/fixtures.ts"
import { tern } from "./tern/index.ts"
import { makeTernTwin } from "./tern/Twin.ts"
import { withPaths } from "./withPaths.ts"

const subject = twinSubject(tern, (apiKey) => makeTernTwin({ apiKey }), { statuses })

describe("contract of an adapter that redials by itself", () => {
  const cases = adapterContract(tern, fixtures, { others: providers.adapters })

  it.each(cases.map(({ name, run }) => [name, run] as const))("%s", (_, run) => run())
})

/** Each a way to say too little of where a field comes from. */
const broken: ReadonlyArray<readonly [about: string, adapter: Adapter]> = [
  ["a status by its times that names none", withPaths(tern, "attempt", "status")],
  ["a status by its times that names one", withPaths(tern, "attempt", "status", "ended", "started")],
  ["an answer that names no place", withPaths(tern, "attempt", "answered")],
  ["a recording that names no place", withPaths(tern, "attempt", "recordingUrl")],
  ["an answer time that the status names alone", withPaths(tern, "attempt", "answeredAt")]
]

describe("the contract of that adapter notices", () => {
  it.each(broken)("%s", (_, adapter) => {
    const noticing = adapterContract(adapter, fixtures).filter(({ name }) => name.startsWith("MUST name every place"))
    expect(noticing).toHaveLength(1)
    for (const { run } of noticing) expect(run).toThrow(/changes without legs/)
  })
})

/** The twin, and the requests that it is asked, with their headers. */
const listening = () => {
  const twin = makeTernTwin()
  const heard: Array<TwinRequest> = []
  const respond: Twin["respond"] = (request, now) => {
    heard.push(request)
    return twin.respond(request, now)
  }
  return { twin, heard, http: twinHttpClient([{ twin: { ...twin, respond }, baseUrl: BASE_URL }]) }
}

const BASE_URL = "http://127.0.0.1:4010/v2"

describe("an order to that adapter", () => {
  it("arrives as a form, with each field under its name", async () => {
    const { twin, heard, http } = listening()
    const order = { to: "+12025550100", agent: { id: "agent & 1" }, reference: "lead=7 é" }
    await Effect.gen(function* () {
      const provider = yield* makeClient(tern, { apiKey: Redacted.make(TWIN_KEY), baseUrl: BASE_URL })
      const request = yield* Effect.fromResult(provider.request(Result.getOrThrow(parsePlaceCall(order))))
      yield* provider.place(request)
    }).pipe(Effect.provideService(HttpClient.HttpClient, http), Effect.runPromise)
    expect(heard.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /dials"])
    expect(heard[0]?.headers["content-type"]).toMatch(/^application\/x-www-form-urlencoded\b/)
    expect(heard[0]?.headers["tern-request-key"]).toBe(encodeURIComponent(order.reference))
    expect([...new URLSearchParams(heard[0]?.body)]).toEqual([
      ["to", "+12025550100"],
      ["agent", "agent & 1"],
      ["ref", "lead=7 é"]
    ])
    expect(twin.orders).toMatchObject([{ to: order.to, reference: order.reference }])
  })
})

describe("live contract of an adapter that redials by itself", () => {
  it.each(liveContract(subject).map(({ name, run }) => [name, run] as const))("%s", (_, run) => run())
})
