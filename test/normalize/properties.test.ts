import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { providers } from "../../adapters/index.ts"
import { canonicalJson, isJsonObject } from "../../src/domain/Json.ts"
import { OutputRecord } from "../../src/domain/OutputRecord.ts"
import { redact } from "../../src/domain/Redaction.ts"
import { makeNormalizer } from "../../src/normalize/Normalizer.ts"
import { fixturesOf } from "../adapters/fixtures.ts"
import {
  anyJson,
  anyOf,
  type Arb,
  edit,
  edited,
  oneOf,
  payload,
  planted,
  revoxListItem,
  revoxOrder,
  revringCall,
  UNKNOWN_WORDS
} from "../arbitrary/payloads.ts"

const { normalize, normalizeEffect, normalizeStream, fold } = makeNormalizer(providers)

const runs = (count: number) => ({ arbitrary: { runs: count } })

const [firstWire, ...moreWires] = providers.ids.flatMap((id) => fixturesOf(id).map(({ wire }) => wire))

/** Fixtures with up to three changes: dropped, nulled, retyped, renamed, other words. */
const mutant: Arb<unknown> = Arbitrary.map(
  Arbitrary.all([oneOf<unknown>(firstWire, ...moreWires), Arbitrary.array(edit, { minLength: 1, maxLength: 3 })]),
  ([wire, edits]) => edited(wire, edits)
)

const anything: Arb<unknown> = anyOf<unknown>(mutant, mutant, payload, anyJson(4))

const isOutput = Schema.is(OutputRecord)

/** The customer's and the provider's own values, in which null is a value. */
const VERBATIM = new Set(["native", "raw", "extracted", "metrics", "metadata", "variables", "arguments", "output"])

const nullsIn = (value: unknown, path: string): ReadonlyArray<string> => {
  if (value === null || value === undefined) return [path]
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => nullsIn(item, `${path}[${index}]`))
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([key, item]) =>
    VERBATIM.has(key) && item !== null ? [] : key === "raw" ? [] : nullsIn(item, `${path}.${key}`)
  )
}

const read = (value: unknown): ReadonlyArray<OutputRecord> => {
  const records = normalize(value)
  for (const record of records) {
    if (!isOutput(JSON.parse(JSON.stringify(record)))) expect(record).toBe("a record of the schema")
    expect(nullsIn(record, record.kind)).toEqual([])
  }
  return records
}

describe("any JSON value", () => {
  it.prop(
    "becomes records of the schema, without null in a mapped field",
    [anyJson(4)],
    ([value]) => {
      read(value)
      expect(() => fold([value, value])).not.toThrow()
    },
    runs(400)
  )

  it.prop(
    "that is a fixture with changes becomes such records too",
    [mutant],
    ([value]) => {
      read(value)
      for (const record of fold([value]))
        if (!isOutput(JSON.parse(JSON.stringify(record)))) expect(record).toBe("a record of the schema")
    },
    runs(600)
  )

  it.prop(
    "as text becomes what it becomes as a value",
    [anyOf<unknown>(mutant, payload)],
    ([value]) => {
      const [asText, asValue] = [normalize(JSON.stringify(value)), normalize(value)]
      // Text in a list is opened, but text in text is not.
      if ([...asText, ...asValue].some((record) => record.kind === "rejection" && record.reason === "unreadable_json"))
        return
      expect(asText.map(canonicalJson)).toEqual(asValue.map(canonicalJson))
    },
    runs(150)
  )

  it.each([undefined, Number.NaN, () => 1, Symbol("x"), 1n, new Date(0), new Map([["id", 1]])])(
    "or none at all (%s) is a rejection",
    (value) => {
      expect(normalize(value)).toMatchObject([{ kind: "rejection" }])
    }
  )
})

const element: Arb<unknown> = anyOf<unknown>(
  payload,
  payload,
  oneOf<unknown>(null, 3, true, "text", {}, { id: "x" }, { status: "completed" })
)

describe("a list", () => {
  it.prop(
    "gives one record or rejection for each element, in its order",
    [Arbitrary.array(element, { maxLength: 6 })],
    ([list]) => {
      const each = list.flatMap((item) => normalize(item))
      expect(each).toHaveLength(list.length)
      for (const envelope of [
        list,
        { calls: list },
        { calls: list, total_count: 9 },
        { data: list },
        { data: { data: list } }
      ]) {
        expect(normalize(envelope).map(withoutPlace)).toEqual(each.map(withoutPlace))
      }
      expect(normalize({ rows: list.map((call) => ({ call })) }).length).toBe(list.length)
    },
    runs(150)
  )

  it.prop(
    "keeps what it was given: a record in native, anything else in the rejection",
    [Arbitrary.array(element, { maxLength: 4 })],
    ([list]) => {
      const kept = normalize(list).map((record) => (record.kind === "rejection" ? record.raw : record.native))
      expect(kept.map(canonicalJson)).toEqual(list.map((item) => canonicalJson(redact(item))))
    },
    runs(150)
  )
})

const withoutPlace = (record: OutputRecord): string =>
  canonicalJson(record.kind === "rejection" ? { ...record, path: "" } : record)

describe("words outside the tables", () => {
  const fields = {
    order: ["status", "direction", "outcome"],
    attempt: ["status", "result", "dial_error", "end_reason", "ended_by"],
    call: ["status", "direction", "hangupCause"]
  }
  const word = oneOf<string>(...UNKNOWN_WORDS, "valueOf", "Voice Mail?", "ÉTAT", "完了", "0")

  it.prop(
    "stay retrievable and are noted, whatever else the record holds",
    [Arbitrary.all({ order: revoxOrder, attempt: revoxListItem, call: revringCall, word })],
    ([{ word, ...bodies }]) => {
      for (const [kind, body] of Object.entries(bodies)) {
        for (const field of Object.entries(fields).flatMap(([of, names]) => (of === kind ? names : []))) {
          const [record] = normalize({ ...body, [field]: word })
          if (record === undefined || record.kind === "rejection") throw new Error(`${field}: rejected`)
          expect(record.native?.[field]).toBe(word)
          expect(record.issues).toContainEqual({ path: field, reason: "unknown_word", raw: word })
          if (field === "status" && record.kind === "call_order")
            expect(record).toMatchObject({ status: "unrecognized", providerStatus: word })
          if (field === "status" && record.kind === "call_attempt") expect(record.status).toBe("unrecognized")
          if (field === "direction") expect(record).toMatchObject({ direction: "unrecognized" })
          if (field === "outcome") expect(record).toMatchObject({ outcome: "unrecognized" })
        }
      }
    },
    runs(60)
  )

  it.prop(
    "never become an end or a running call by themselves",
    [revringCall, word],
    ([body, status]) => {
      const { endedAt: _, ...open } = body
      expect(normalize({ ...open, status })).toMatchObject([{ status: "unrecognized" }])
      expect(normalize({ ...open, status })[0]).not.toHaveProperty("terminal")
    },
    runs(60)
  )
})

describe("secrets", () => {
  const SECRET = "planted-secret-77"
  const key = oneOf(
    "api_key",
    "authToken",
    "x-auth-token",
    "clientSecret",
    "Authorization",
    "password",
    "llm_system_prompt",
    "token"
  )
  const hidden = oneOf<unknown>(SECRET, [SECRET], { a: { b: [SECRET] } }, `{"x":"${SECRET}"}`)
  const place = Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100_000 })))

  it.prop(
    "planted anywhere come out nowhere",
    [anything, place, key, hidden],
    ([value, at, name, secret]) => {
      const body = planted(value, at, name, secret)
      expect(JSON.stringify(normalize(body))).not.toContain(SECRET)
      expect(JSON.stringify(fold([body, body]))).not.toContain(SECRET)
    },
    runs(300)
  )

  it.prop(
    "planted in JSON text within a value come out nowhere",
    [payload, place, key],
    ([value, at, name]) => {
      const text = JSON.stringify({ n: 1, [name]: SECRET })
      expect(JSON.stringify(normalize(planted(value, at, "body", text)))).not.toContain(SECRET)
      expect(JSON.stringify(normalize(JSON.stringify(planted(value, at, name, SECRET))))).not.toContain(SECRET)
    },
    runs(100)
  )

  it.prop(
    "planted in text cut off in the middle come out nowhere",
    [payload, key, oneOf(1, 2, 3, 20)],
    ([value, name, less]) => {
      const text = JSON.stringify({ ...value, [name]: SECRET })
      expect(JSON.stringify(normalize(text.slice(0, -less)))).not.toContain(SECRET)
    },
    runs(60)
  )

  it.each([
    `data: {"id":"x","api_key":"${SECRET}"}`,
    `"api_key":"${SECRET}"}`,
    `[2026-03-01] got {"token":"${SECRET}"}`,
    ` {"call_attempts":[],"id":"x","token":"${SECRET}",}`
  ])("in text that is no JSON come out nowhere: %s", (text) => {
    expect(JSON.stringify(normalize(text))).not.toContain(SECRET)
  })

  it("stay out of what an Effect fails with", async () => {
    const failure = await Effect.runPromise(Effect.flip(normalizeEffect({ token: SECRET, id: "x" })))
    expect(failure.message).toContain("unknown_shape")
    expect(JSON.stringify(failure)).not.toContain(SECRET)
  })
})

const order = { id: "order-1", call_attempts: [], status: "completed" }
const attempt = { id: "attempt-1", phone_number: "+12025550101", status: "completed", result: "human" }
const webhook = { call_order_id: "order-1", call_id: "attempt-1", status: "completed" }
const call = { id: "call-1", toNumber: "+12025550101", status: "COMPLETED", agentId: "agent-1" }
const preCall = { event: "pre_call", agentId: "agent-1", fromNumber: "+12025550100" }

describe("envelopes", () => {
  it.each([
    ["revox order by attempts", { id: "x", call_attempts: null }, "revox", "call_order"],
    ["revox order by number and direction", { id: "x", to_phone_number: null, direction: null }, "revox", "call_order"],
    [
      "revox attempt by answer",
      { id: "x", phone_number: null, status: null, answered_at: null },
      "revox",
      "call_attempt"
    ],
    ["revox attempt by result", attempt, "revox", "call_attempt"],
    [
      "revox attempt by dial error",
      { id: "x", phone_number: "", status: "", dial_error: null },
      "revox",
      "call_attempt"
    ],
    ["revox attempt with its order", { ...attempt, call_order_id: "order-1" }, "revox", "call_attempt"],
    ["revox webhook", webhook, "revox", "call_hint"],
    ["revring call by agent", call, "revring", "call_order"],
    ["revring call by from", { id: "x", toNumber: null, status: null, fromNumber: null }, "revring", "call_order"],
    ["revring call by direction", { id: "x", toNumber: null, status: null, direction: null }, "revring", "call_order"],
    ["revring call by organization", { id: "x", organizationId: null, initiatedAt: null }, "revring", "call_order"],
    ["revring pre-call", preCall, "revring", "call_hint"]
  ])("are not needed: %s", (_, body, provider, kind) => {
    expect(normalize(body)).toMatchObject([{ kind, provider }])
  })

  it.each([
    ["one of two signs", { id: "x", toNumber: "+12025550101", status: "COMPLETED" }],
    ["one attempt sign", { id: "x", phone_number: "+12025550101", status: "completed" }],
    ["a number without direction", { id: "x", to_phone_number: "+12025550101" }],
    ["another event", { event: "post_call", agentId: "agent-1" }],
    ["nothing", {}],
    ["inherited keys", Object.create({ call_attempts: [] })]
  ])("do not help where the keys are missing: %s", (_, body) => {
    expect(normalize(body)).toMatchObject([{ kind: "rejection", reason: "unknown_shape", path: "" }])
  })

  it.each<readonly [string, (body: object) => unknown, string]>([
    ["{call}", (body) => ({ call: body }), "call"],
    ["{calls}", (body) => ({ calls: [body] }), "calls[0]"],
    ["{calls, total_count}", (body) => ({ total_count: 1, calls: [body] }), "calls[0]"],
    ["{rows: [{call}]}", (body) => ({ rows: [{ call: body, row: 1 }] }), "rows[0].call"],
    ["{data}", (body) => ({ data: body }), "data"],
    ["{data: []}", (body) => ({ data: [body] }), "data[0]"],
    ["{data: {data: []}}", (body) => ({ data: { data: [body], page: 1 } }), "data.data[0]"],
    ["a bare object", (body) => body, ""],
    ["a bare array", (body) => [body], "[0]"],
    ["a JSON string", (body) => JSON.stringify(body), ""],
    ["a JSON string of an envelope", (body) => JSON.stringify({ calls: [body] }), "calls[0]"],
    ["white space around a JSON string", (body) => ` ${JSON.stringify(body)}\n`, ""]
  ])("%s is opened", (_, envelope, path) => {
    for (const body of [order, attempt, webhook, call, preCall]) {
      expect(normalize(envelope(body))).toEqual(normalize(body))
    }
    const { id: _id, ...nameless } = order
    expect(normalize(envelope(nameless))).toMatchObject([
      {
        kind: "rejection",
        reason: "missing_id",
        provider: "revox",
        path: path === "" ? "id" : `${path}.id`,
        raw: nameless
      }
    ])
  })

  it.each<readonly [string, (body: object, provider: string) => unknown]>([
    ["an object", (payload, provider) => ({ provider, payload })],
    ["a JSON string", (payload, provider) => ({ provider, payload: JSON.stringify(payload) })],
    ["an envelope", (payload, provider) => ({ provider, payload: { data: [payload] }, received: "now" })],
    ["in a list", (payload, provider) => [{ provider: provider.toUpperCase(), payload }]]
  ])("that name their provider are opened: %s", (_, wrap) => {
    expect(normalize(wrap(order, "revox"))).toEqual(normalize(order))
    expect(normalize(wrap(call, "revring"))).toEqual(normalize(call))
    expect(normalize(wrap(call, "revox"))).toMatchObject([
      { kind: "rejection", reason: "provider_mismatch", provider: "revox" }
    ])
    expect(normalize(wrap(order, "elsewhere"))).toMatchObject([{ kind: "rejection", reason: "provider_mismatch" }])
    expect(normalize(wrap({ x: 1 }, "revox"))).toMatchObject([{ kind: "rejection", reason: "unknown_shape" }])
  })

  it("may name their provider in other fields", () => {
    const wrapper = { provider: "source", payload: "body" }
    expect(normalize({ source: "revring", body: call }, { wrapper })).toEqual(normalize(call))
    expect(normalize({ source: "revox", body: call }, { wrapper })).toMatchObject([{ reason: "provider_mismatch" }])
  })

  it("leave a record alone that happens to have such a field", () => {
    const odd = { ...call, data: { note: "kept" }, calls: [1], rows: [], provider: "twilio", payload: { x: 1 } }
    const { provider: _, payload: __, ...withoutWrapper } = odd
    expect(normalize(withoutWrapper)).toMatchObject([{ kind: "call_order", id: "call-1", native: withoutWrapper }])
  })

  it.each([{ calls: [] }, { data: [] }, { data: { data: [] } }, { rows: [] }, [], "[]"])(
    "that are empty hold nothing: %j",
    (envelope) => {
      expect(normalize(envelope)).toEqual([])
    }
  )

  it.each([[{ call: null }], [{ calls: null }], [{ calls: {} }], [{ call: 3 }], [{ data: "text" }], [{ rows: "x" }]])(
    "that hold no record are rejected whole: %j",
    (envelope) => {
      expect(normalize(envelope)).toMatchObject([{ kind: "rejection", reason: "unknown_shape", raw: envelope }])
    }
  )

  it("parse text that was encoded more than once", () => {
    const twice = JSON.stringify(JSON.stringify(order))
    expect(normalize(twice)).toEqual(normalize(order))
    expect(normalize(btoa(twice.replace(/[^ -~]/g, "")))).toMatchObject([
      { kind: "rejection", reason: "unreadable_json" }
    ])
    expect(normalize("no JSON")).toMatchObject([{ kind: "rejection", reason: "unreadable_json", raw: "no JSON" }])
  })
})

describe("which provider", () => {
  it("is not guessed where the keys are those of two", () => {
    const both = { ...order, ...call }
    expect(normalize(both)).toMatchObject([{ kind: "rejection", reason: "ambiguous_shape", raw: both }])
    expect(normalize({ ...call, ...webhook })).toMatchObject([{ kind: "rejection", reason: "ambiguous_shape" }])
  })

  it("is settled by a wrapper or an option where the keys are those of two", () => {
    const both = { ...order, ...call }
    expect(normalize({ provider: "revring", payload: both })).toMatchObject([
      { kind: "call_order", provider: "revring" }
    ])
    expect(normalize(both, { provider: "revox" })).toMatchObject([{ kind: "call_order", provider: "revox" }])
  })

  it("is checked where it is demanded", () => {
    expect(normalize([order, call], { provider: "revox" })).toMatchObject([
      { kind: "call_order" },
      { kind: "rejection", reason: "provider_mismatch", path: "[1]", provider: "revox" }
    ])
    expect(normalize(order, { provider: "nobody" })).toMatchObject([{ reason: "provider_mismatch" }])
  })

  it("that is demanded holds for what a wrapper names otherwise, too", () => {
    expect(normalize({ provider: "revox", payload: order }, { provider: "revring" })).toMatchObject([
      { kind: "rejection", reason: "provider_mismatch" }
    ])
  })
})

describe("much of it", () => {
  const nest = (levels: number, inner: unknown): unknown => {
    let value = inner
    for (let level = 0; level < levels; level++) value = level % 2 === 0 ? { deeper: value } : [value]
    return value
  }

  it("nested far down is read, and kept", () => {
    const deep = nest(450, "end")
    expect(normalize({ ...order, extra: deep, metadata: { deep } })).toMatchObject([
      { kind: "call_order", native: { extra: deep } }
    ])
  })

  it.each([600, 5_000, 50_000])("nested %i levels deep is rejected, secrets out", (levels) => {
    const records = normalize({ ...order, extra: nest(levels, { token: "planted" }) })
    expect(records).toMatchObject([{ kind: "rejection", reason: "unreadable_json" }])
    expect(JSON.stringify(records)).not.toContain("planted")
  })

  it("nested deep as bare text, bare lists and bare wrappers gives a rejection", () => {
    for (const value of ["[".repeat(100_000), nest(5_000, order), nest(20, order)]) {
      expect(normalize(value)).toMatchObject([{ kind: "rejection" }])
    }
    let wrapped: unknown = order
    for (let level = 0; level < 5_000; level++) wrapped = { provider: "revox", payload: wrapped }
    expect(normalize(wrapped)).toMatchObject([{ kind: "rejection" }])
  })

  it("is counted to the last element", () => {
    const list = Array.from({ length: 20_000 }, (_, index) => ({ ...call, id: index + 1 }))
    expect(normalize({ data: list })).toHaveLength(20_000)
    expect(fold([{ data: list }, { data: list.toReversed() }])).toHaveLength(20_000)
    const turns = Array.from({ length: 50_000 }, () => ({ role: "user", content: "Hi" }))
    expect(normalize({ ...call, transcript: turns })).toMatchObject([
      { attempts: [{ transcript: { turns: { length: 50_000 } } }] }
    ])
  })

  it.each([
    ["count", { ...order, calls_count: "9".repeat(400) }],
    ["negative count", { ...order, calls_count: `-${"9".repeat(400)}` }],
    ["duration", { ...call, durationSeconds: "1".repeat(310) }],
    ["time", { ...call, startedAt: "1".repeat(310) }]
  ])("digits: a %s beyond all numbers costs that field only", (_, body) => {
    expect(normalize(body)).toMatchObject([{ kind: "call_order", issues: [expect.anything()] }])
  })

  it("of the arguments null is not given", () => {
    const turn = { role: "tool", content: "looked up", tool_arguments: "null" }
    const [record] = normalize({ ...attempt, transcript: [turn] })
    expect(nullsIn(record, "")).toEqual([])
  })
})

describe("the other faces", () => {
  it.effect("an Effect succeeds with the records where nothing is rejected", () =>
    Effect.map(normalizeEffect([order, call]), (records) => expect(records).toEqual(normalize([order, call])))
  )

  it.effect("an Effect fails with what was rejected", () =>
    Effect.map(Effect.flip(normalizeEffect([order, { x: 1 }])), ({ rejections }) => {
      expect(rejections).toMatchObject([{ reason: "unknown_shape", path: "[1]" }])
      expect(rejections).toHaveLength(1)
    })
  )

  it.effect("a stream of payloads gives the records of each", () =>
    Effect.map(
      Stream.runCollect(normalizeStream()(Stream.fromIterable<unknown>([order, 3, [call, attempt]]))),
      (records) =>
        expect([...records].map(({ kind }) => kind)).toEqual(["call_order", "rejection", "call_order", "call_attempt"])
    )
  )

  it("leave native out on demand, and nothing else", () => {
    const bodies = [order, attempt, webhook, call, { x: 1 }]
    for (const record of [...normalize(bodies, { native: false }), ...fold(bodies, { native: false })]) {
      expect(record).not.toHaveProperty("native")
    }
    expect(normalize({ x: 1 }, { native: false })).toEqual(normalize({ x: 1 }))
  })

  it("name the source in rejections", () => {
    expect(normalize(3, { source: "calls.ndjson:7" })).toMatchObject([{ source: "calls.ndjson:7" }])
  })
})
