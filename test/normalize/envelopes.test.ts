/** Envelopes of an adapter that this repository does not have, alone and beside those of Revox and RevRing. */
import { describe, expect, it } from "vitest"
import { revox } from "../../adapters/revox/index.ts"
import { revring } from "../../adapters/revring/index.ts"
import { parseAttemptId, parseOrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import { makeExplain } from "../../src/normalize/explain.ts"
import { makeNormalizer } from "../../src/normalize/Normalizer.ts"
import type { Adapter } from "../../src/provider/Adapter.ts"
import type { Envelopes } from "../../src/provider/envelopes.ts"
import { registry } from "../../src/provider/registry.ts"
import { MEMORY_CAPABILITIES, MEMORY_SOURCES } from "../../src/testing/memoryAdapter.ts"

const providerId = ProviderId.make("acme")

const orderFrom = (native: JsonObject): ReturnType<Adapter["shapes"][number]["read"]> => {
  const id = parseOrderId(native["id"])
  const attemptId = parseAttemptId(native["id"])
  if (id === undefined || attemptId === undefined) {
    return { kind: "unreadable", reason: "missing_id", path: ["id"], message: "expected id to be a non-empty string" }
  }
  const status = { word: "done", terminal: true, because: "state=done" }
  return {
    kind: "order",
    provider: providerId,
    id,
    claims: {
      status: { ...status, value: "completed" },
      to: typeof native["callee"] === "string" ? native["callee"] : undefined
    },
    evidence: {},
    attempts: [],
    native,
    issues: []
  }
}

const acmeWith = (envelopes: Envelopes | undefined): Adapter<"acme"> => ({
  id: "acme",
  providerId,
  title: "Acme",
  capabilities: MEMORY_CAPABILITIES,
  capabilitySources: MEMORY_SOURCES,
  evidence: {},
  shapes: [
    {
      name: "call",
      signs: "callee and state",
      matches: (body) => Object.hasOwn(body, "callee") && Object.hasOwn(body, "state"),
      read: orderFrom
    }
  ],
  envelopes,
  interpretation: {
    terms: { dialedAt: "dialed", answeredAt: "picked_up", endedAt: "hung_up", duration: "seconds" },
    order: () => ({ direction: "outbound", channel: "phone" }),
    attempt: () => ({}),
    recognizes: () => true
  },
  sources: {
    order: [{ field: "to", paths: ["callee"], rule: "as given" }],
    attempt: [],
    hint: [],
    locateAttempts: () => new Map()
  }
})

const acme = acmeWith({
  items: { holds: "list" },
  message: { holds: "one" },
  contact: { holds: "one", around: "row" },
  record: { holds: "either" },
  native: { holds: "either" }
})

const all = registry({ revring, acme, revox })
const { normalize, fold } = makeNormalizer(all)
const explain = makeExplain(all)

const call = { id: "c-1", callee: "+12025550101", state: "done" }
const nameless = { callee: "+12025550101", state: "done" }
const order = { id: "order-1", call_attempts: [], status: "completed" }
const ring = { id: "call-1", toNumber: "+12025550101", status: "COMPLETED", agentId: "agent-1" }

describe("envelopes that an adapter declares", () => {
  it.each<readonly [string, (body: object) => unknown, string]>([
    ["{items: []}", (body) => ({ items: [body], total: 1 }), "items[0]"],
    ["{message: {}}", (body) => ({ message: body, sent: "today" }), "message"],
    ["{message: {items: []}}", (body) => ({ message: { items: [body] } }), "message.items[0]"],
    ["{data: {items: []}}, of two adapters", (body) => ({ data: { items: [body] } }), "data.items[0]"],
    ["JSON text of {items: []}", (body) => JSON.stringify({ items: [body] }), "items[0]"]
  ])("are opened around records of every adapter: %s", (_, envelope, path) => {
    for (const body of [call, order, ring]) {
      expect(normalize(envelope(body))).toEqual(normalize(body))
      expect(fold([envelope(body), envelope(body)])).toEqual(fold([body]))
    }
    expect(normalize(envelope(nameless))).toMatchObject([
      { kind: "rejection", reason: "missing_id", provider: "acme", path: `${path}.id`, raw: nameless }
    ])
  })

  it("are explained from the record, not from the envelope", () => {
    const [record] = normalize({ message: call })
    if (record?.kind !== "call_order") throw new Error("no order")
    expect(explain(record).find(({ field }) => field === "to")).toMatchObject({
      value: "+12025550101",
      sources: [{ path: "callee", raw: "+12025550101" }],
      rule: "as given"
    })
  })

  it("stay closed where the value has another form", () => {
    for (const body of [{ items: call }, { message: [call] }, { items: "[]" }]) {
      expect(normalize(body)).toMatchObject([{ kind: "rejection", reason: "unknown_shape", path: "", raw: body }])
    }
  })

  it("stay closed in a record that has such a field, and open where one stands in it", () => {
    const odd = { ...call, items: [{ sku: "a" }], message: { text: "hello" } }
    expect(normalize(odd)).toMatchObject([{ kind: "call_order", id: "c-1", native: odd }])
    expect(normalize({ ...call, items: [{ ...call, id: "c-2" }] })).toMatchObject([{ kind: "call_order", id: "c-2" }])
  })

  it("stay closed in a record of a provider that does not declare them, though records stand in it", () => {
    const attempts = acmeWith({ call_attempts: { holds: "list" } })
    const { normalize: read } = makeNormalizer(registry({ revox, acme: attempts }))
    const attempt = { id: "attempt-1", phone_number: "+12025550101", status: "completed", result: "human" }
    const whole = { ...order, call_attempts: [attempt] }
    expect(read(whole)).toEqual(normalize(whole))
    expect(read({ page: 1, call_attempts: [call, attempt] })).toMatchObject([
      { kind: "call_order", id: "c-1" },
      { kind: "call_attempt", id: "attempt-1" }
    ])
  })

  it("lose no list and no fault beside their records, and drop the lists of a row", () => {
    expect(normalize({ items: [call], failed: [{ id: "c-2" }], skipped: ["c-3"], total: 3 })).toMatchObject([
      { kind: "call_order", id: "c-1" },
      { kind: "rejection", path: "", raw: { failed: [{ id: "c-2" }], skipped: ["c-3"] } }
    ])
    expect(normalize({ contact: call, tags: ["a"], error: "late" })).toMatchObject([
      { kind: "call_order", id: "c-1" },
      { kind: "rejection", path: "", raw: { error: "late" } }
    ])
    for (const none of [[], {}, "", null, false]) {
      expect(normalize({ contact: call, errors: none })).toMatchObject([{ kind: "call_order", id: "c-1" }])
      expect(normalize({ items: [call], errors: none })).toMatchObject([{ kind: "call_order", id: "c-1" }])
    }
    expect(normalize({ contact: call, items: [order], tags: ["a"] })).toMatchObject([
      { kind: "call_order", id: "c-1" },
      { kind: "call_order", id: "order-1" },
      { kind: "rejection", path: "", raw: { tags: ["a"] } }
    ])
  })

  it("do not depend on the order of the adapters", () => {
    const page = { items: [call], calls: [order], message: ring }
    const other = makeNormalizer(registry({ acme, revox, revring }))
    expect(normalize(page).map((record) => ("id" in record ? record.id : record.kind))).toEqual([
      "order-1",
      "c-1",
      "call-1"
    ])
    expect(other.normalize(page)).toEqual(normalize(page))
  })

  it("do not open what unicall wrote, whose fields may have their names", () => {
    for (const body of [call, order, ring]) {
      const [record] = normalize(body)
      expect(normalize(record)).toEqual([record])
      expect(fold([record])).toEqual(fold([body]))
    }
  })
})

describe("an adapter without envelopes", () => {
  const own = makeNormalizer(registry({ acme: acmeWith(undefined) }))

  it("opens arrays, text, and what the wrapper names", () => {
    const [record] = own.normalize(call)
    expect(record).toMatchObject({ kind: "call_order", id: "c-1" })
    const wrapper = { provider: "from", payload: "items" }
    expect(own.normalize([call])).toEqual([record])
    expect(own.normalize(JSON.stringify([call]))).toEqual([record])
    expect(own.normalize({ payload: call })).toEqual([record])
    expect(own.normalize({ from: "acme", items: [call] }, { wrapper })).toEqual([record])
  })

  it.each(["items", "message", "call", "calls", "data", "rows"])("does not open %s", (key) => {
    for (const body of [{ [key]: [call] }, { [key]: call }]) {
      expect(own.normalize(body)).toMatchObject([{ kind: "rejection", reason: "unknown_shape", path: "", raw: body }])
    }
  })
})
