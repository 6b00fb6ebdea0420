import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import * as Effect from "effect/Effect"
import { makeOpenCalls, NotFound, openCalls } from "../../adapters/promise.ts"
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import { makeRevRingTwin } from "../../adapters/revring/Twin.ts"
import { TimedOut } from "../../src/provider/CallError.ts"
import { makeInMemoryProvider } from "../../src/testing/index.ts"
import { listen } from "../../src/twin/server.ts"
import { collect, KEY, numberOf, order, START, twinsInProcess } from "./inProcessFetch.ts"

const QUICK = { firstSeconds: 0.001, longestSeconds: 0.002 }

const providers = ["revox", "revring"] as const

const opened = async (faults = "") => {
  const twins = twinsInProcess(faults)
  const calls = await openCalls({
    revox: { apiKey: KEY, retry: { baseSeconds: 0.001 } },
    revring: { apiKey: KEY, retry: { baseSeconds: 0.001 } },
    fetch: twins.fetch,
    poll: QUICK
  })
  return { twins, calls }
}

describe.each(providers)("on %s", (provider) => {
  it("an order is placed once, read and canceled", async () => {
    const { twins, calls } = await opened()
    await using _ = calls
    const placed = await calls.place(order(provider))
    if (placed.state !== "accepted") throw new Error(`not accepted: ${placed.state}`)
    expect(placed).toMatchObject({ reference: "lead-7", already: false, call: { provider }, order: { provider } })
    expect(await calls.place(order(provider))).toMatchObject({ state: "accepted", already: true, call: placed.call })
    expect(twins[provider].orders).toHaveLength(1)

    const text = `${provider}:${placed.call.id}`
    expect(await calls.get(text)).toEqual(await calls.get(placed.call))
    expect((await calls.get(await calls.get(text))).id).toBe(placed.call.id)

    expect(await calls.reconcile("lead-7")).toMatchObject({ state: "accepted", call: placed.call })
    expect(await calls.release("lead-7")).toBe(false)
    expect(await calls.cancel(placed.call)).toMatchObject({ outcome: "canceled", order: { status: "canceled" } })
    expect(await calls.cancel(text)).toMatchObject({ outcome: "already_over" })
  })

  it("a call that the provider does not know is named, with what to look at", async () => {
    const { calls } = await opened()
    await using _ = calls
    const call = `${provider}:gone`
    const wait = { deadlineSeconds: 60 }
    const watching = async () => {
      for await (const _record of calls.watch(call, wait)) continue
    }
    for (const [operation, asking] of Object.entries({
      get: calls.get(call),
      cancel: calls.cancel(call),
      awaitEnd: calls.awaitEnd(call, wait),
      watch: watching()
    })) {
      const failure: unknown = await asking.catch((error: unknown) => error)
      if (!(failure instanceof NotFound)) throw failure
      expect(failure.call).toBe(call)
      expect(failure.message).toMatch(
        new RegExp(
          `^${provider}: (get|${operation}): the provider does not know ${call}( \\(HTTP 404.*\\))?: was it placed with`
        )
      )
    }
  })

  it("its agents and numbers are listed, each once", async () => {
    const { twins, calls } = await opened()
    await using _ = calls
    const agents = await collect(calls.agents({ provider }))
    expect(agents.map(({ id }) => id)).toEqual(twins[provider].agents.map(({ id }) => id))
    expect(agents[0]).toMatchObject({ kind: "agent", provider, name: expect.any(String) })
    expect(await collect(calls.numbers({ provider }))).toMatchObject([
      { kind: "number", provider, e164: "+12025550199" },
      { kind: "number", provider, e164: "+33199009999" }
    ])
  })

  it("agents and numbers that cannot be listed are a failure with its reason", async () => {
    const { twins, calls } = await opened()
    await using _ = calls
    for (const [status, reason] of [
      [401, "Unauthorized"],
      [403, "Forbidden"],
      [404, "NotFound"],
      [429, "RateLimited"],
      [500, "ProviderUnavailable"]
    ] as const) {
      twins[provider].setFaults([{ fault: { kind: "status", status } }])
      const failure = { provider, reason, status }
      await expect(collect(calls.agents({ provider }))).rejects.toMatchObject({ ...failure, operation: "agents" })
      await expect(collect(calls.numbers({ provider }))).rejects.toMatchObject({ ...failure, operation: "numbers" })
    }
    twins[provider].setFaults([{ fault: { kind: "hang" } }])
    const leaving = new AbortController()
    const listing = collect(calls.agents({ provider, signal: leaving.signal }))
    leaving.abort(new Error("no time"))
    await expect(listing).rejects.toThrow("no time")
  })

  it("where messages go is shown and set, without secrets", async () => {
    const { twins, calls } = await opened()
    await using _ = calls
    const agentId = twins[provider].agents[0]?.id ?? ""
    const address = "https://hooks.example.invalid/webhooks?token=zanzibar"
    const shown = "https://hooks.example.invalid/webhooks?token=[redacted]"
    const dry = await calls.setWebhookAddresses({ provider, agentId, calls: address, dryRun: true })
    expect(dry).toEqual({
      provider,
      agentId,
      changes: [{ use: "calls", before: null, after: shown, changed: true }],
      sent: false
    })
    expect(await calls.setWebhookAddresses({ provider, agentId, calls: address })).toEqual({ ...dry, sent: true })
    expect(JSON.stringify(twins[provider].agents)).toContain(address)
    expect(await calls.webhookAddresses({ provider, agentId })).toMatchObject({ addresses: { calls: shown } })
    for (const wrong of [{ calls: 7 }, { agentId: "" }, { calls: "http://hooks.example.invalid/" }, {}]) {
      const given: Parameters<typeof calls.setWebhookAddresses>[0] = Object({ provider, agentId, ...wrong })
      await expect(calls.setWebhookAddresses(given)).rejects.toMatchObject({
        reason: "InvalidRequest",
        operation: "setWebhookAddresses"
      })
    }
  })

  it("calls are listed", async () => {
    const { twins, calls } = await opened()
    await using _ = calls
    await calls.place(order(provider))
    twins.pass(1)
    await calls.place(order(provider, "20", "lead-8"))
    twins.pass(3600)
    const listed = await collect(calls.list({ provider }))
    expect(listed.map(({ to }) => to)).toEqual(expect.arrayContaining([numberOf("00"), numberOf("20")]))
    expect(new Set(listed.map((record) => record.provider))).toEqual(new Set([provider]))
    // Each loop asks anew.
    const again = calls.list({ provider })
    expect(await collect(again)).toEqual(await collect(again))
  })

  it("an order is followed to its end", async () => {
    const { twins, calls } = await opened()
    await using _ = calls
    const placed = await calls.place(order(provider))
    if (placed.state !== "accepted") throw new Error("not accepted")
    const seen: Array<string> = []
    const ended = calls.awaitEnd(placed.call, { deadlineSeconds: 600, until: "enriched" })
    for await (const record of calls.watch(placed.call, { deadlineSeconds: 600 })) {
      seen.push(record.status)
      twins.pass(3600)
    }
    twins.pass(3600)
    expect(seen.length).toBeGreaterThan(1)
    expect(seen.at(-1)).toBe("completed")
    const end = await ended
    expect(end).toMatchObject({ terminal: true, reach: { value: "human" }, enriched: { transcript: true } })
    await calls.wake(placed.call)
  })

  it("a placement without an answer is uncertain, and stays so until somebody gives it up", async () => {
    const { twins, calls } = await opened("place:drop*1")
    await using _ = calls
    const placed = await calls.place(order(provider))
    expect(placed).toMatchObject({ state: "uncertain", provider, reference: "lead-7", because: "NetworkError" })
    expect(await calls.place(order(provider))).toMatchObject({ state: "uncertain" })
    expect(await calls.reconcile("lead-7")).toMatchObject({ state: "uncertain", search: {} })
    expect(await calls.reconcileStale({ olderThanSeconds: 0, limit: 10 })).toHaveLength(1)
    expect(await calls.reconcileStale({ olderThanSeconds: 3600 })).toEqual([])
    expect(twins[provider].orders).toHaveLength(0)
    expect(await calls.release("lead-7")).toBe(true)
    expect(await calls.place(order(provider))).toMatchObject({ state: "accepted", already: false })
  })

  it("the request is shown without being sent, and the key is checked", async () => {
    const { twins, calls } = await opened()
    await using _ = calls
    const dry = await calls.dryRun({ ...order(provider), to: "(202) 555-0101", defaultCountry: "US" })
    expect(dry).toMatchObject({ provider, method: "POST" })
    expect(JSON.stringify(dry.body)).toContain(numberOf("01"))
    expect(JSON.stringify(dry)).not.toContain(KEY)
    expect(twins[provider].requests).toEqual([])
    expect(await calls.check({ provider })).toEqual({})
    expect(twins[provider].requests).toMatchObject([{ operation: "check", status: 200 }])
  })
})

describe("at a provider that knows an order again by its reference", () => {
  it("an uncertain order is settled by the identical one, where that is asked for in right words", async () => {
    const memory = makeInMemoryProvider({
      capabilities: { idempotency: { windowSeconds: 86_400, evidence: "https://provider.example/docs/idempotency" } },
      failures: { place: { reason: new TimedOut({}), accepted: true, times: 1 } }
    })
    const live = { settings: {}, load: async () => () => Effect.succeed(memory) }
    await using calls = await makeOpenCalls({ memory: { ...memory.adapter, id: "memory", live } })({
      memory: { apiKey: KEY }
    })
    const asked = { to: "+12025550100", agent: { id: "agent-1" }, reference: "lead-1" }
    const placed = await calls.place(asked)
    if (placed.state !== "uncertain") throw new Error(placed.state)
    expect(Date.parse(placed.repeatableUntil ?? "")).toBeGreaterThan(Date.now())
    expect(await calls.place(asked)).toMatchObject({ state: "uncertain" })
    const wrong = { onUncertain: JSON.parse('"again"') }
    await expect(calls.place(asked, wrong)).rejects.toMatchObject({ field: "onUncertain" })
    expect(await calls.place(asked, { onUncertain: "repeat" })).toMatchObject({ state: "accepted", already: false })
    expect(memory.placed).toHaveLength(1)
  })
})

describe("a handle", () => {
  it("on one provider needs no provider named", async () => {
    const twins = twinsInProcess()
    await using calls = await openCalls({ revox: { apiKey: KEY }, fetch: twins.fetch })
    expect(calls.providers).toEqual(["revox"])
    const { provider: _, from: __, ...plain } = order("revox")
    expect(await calls.place({ ...plain, from: undefined })).toMatchObject({ state: "accepted" })
    twins.pass(3600)
    expect(await collect(calls.list())).toHaveLength(1)
    expect(await calls.check()).toEqual({})
  })

  it("takes filters as plain values", async () => {
    const { twins, calls } = await opened()
    await using _ = calls
    await calls.place(order("revring"))
    const after = new Date(START - 60_000)
    const filter = { createdAfter: after, createdBefore: "2026-03-02T17:00:00+01:00", agentId: "agent-1" }
    expect(await collect(calls.list({ provider: "revring", status: ["queued"], ...filter }))).toHaveLength(1)
    expect(twins.revring.requests.at(-1)?.query).toContain(encodeURIComponent(after.toISOString()))
    expect(await collect(calls.list({ provider: "revring", status: ["completed"] }))).toEqual([])
    for (const [filter, field] of [
      [{ reference: "lead-7" }, "reference"],
      [{ to: "+12025550101" }, "to"]
    ] as const) {
      const listed = collect(calls.list({ provider: "revring", ...filter }))
      await expect(listed).rejects.toMatchObject({ reason: "Unsupported", capability: "listFilters", field })
    }
  })

  it("keeps the key to itself", async () => {
    const { calls } = await opened()
    await using _ = calls
    expect(inspect(calls, { depth: 9, showHidden: true })).not.toContain(KEY)
    expect(JSON.stringify(calls)).toBe(`{"providers":["revox","revring"],"inbox":{}}`)
  })
})

describe("over a socket", () => {
  it.each([
    ["revox", () => makeRevoxTwin({ apiKey: KEY }), "/api"],
    ["revring", () => makeRevRingTwin({ apiKey: KEY }), "/v1"]
  ] as const)("an order on %s is placed and followed to its end", async (provider, make, path) => {
    const twin = make()
    // So fast that each look finds the call over.
    const server = await listen(twin, { speed: 1e6 })
    try {
      const connection = { apiKey: KEY, baseUrl: server.url + path }
      await using calls = await openCalls({ revox: connection, revring: connection, poll: QUICK })
      const placed = await calls.place(order(provider))
      if (placed.state !== "accepted") throw new Error(`not accepted: ${placed.state}`)
      const ended = await calls.awaitEnd(placed.call, { deadlineSeconds: 60, until: "enriched" })
      expect(ended).toMatchObject({ status: "completed", reach: { value: "human" }, enriched: { transcript: true } })
      expect(twin.orders).toHaveLength(1)
    } finally {
      await server.close()
    }
  })
})
