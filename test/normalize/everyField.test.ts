/** Fields that the providers here do not tell, through everything that handles fields, by an adapter that tells them all. */
import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { attemptFields } from "../../src/domain/CallAttempt.ts"
import { type CallOrder, orderFields } from "../../src/domain/CallOrder.ts"
import { canonicalJson } from "../../src/domain/Json.ts"
import { type CallRecord, OutputRecord } from "../../src/domain/OutputRecord.ts"
import { csvHeader, csvRows } from "../../src/normalize/callRow.ts"
import { makeExplain, NO_RULE } from "../../src/normalize/explain.ts"
import { makeNormalizer } from "../../src/normalize/Normalizer.ts"
import { makeCsvReader } from "../../src/normalize/reading/csv.ts"
import { defaultLimits } from "../../src/normalize/reading/documents.ts"
import { registry } from "../../src/provider/registry.ts"
import { anyOf, type Arb, objectOf, oneOf, permutation, permuted } from "../arbitrary/payloads.ts"
import { fullest } from "../contract/tern/fixtures.ts"
import { tern } from "../contract/tern/index.ts"

const providers = registry({ tern })
const { fold, normalize } = makeNormalizer(providers)

const runs = (count: number) => ({ arbitrary: { runs: count } })

const throughJson = (values: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  values.map((value): unknown => JSON.parse(JSON.stringify(value)))

const shown = (records: ReadonlyArray<unknown>): ReadonlyArray<string> => records.map(canonicalJson).toSorted()

const orderOf = (...payloads: ReadonlyArray<unknown>): CallOrder => {
  const [record, ...others] = fold(payloads)
  if (record?.kind !== "call_order" || others.length > 0) throw new Error("expected one order")
  return record
}

// Payloads that meet: few values for each field, several ages.

const T = 1_778_250_000_000
const time = oneOf<unknown>(null, T, T + 1000, T + 60_000)

const leg = objectOf({
  started: oneOf<unknown>(null, T + 1000, T + 2000),
  picked_up: oneOf<unknown>(null, T + 2000),
  ended: oneOf<unknown>(null, T + 3000, T + 4000),
  who: oneOf<unknown>(null, "person", "machine", "robot"),
  bye: oneOf<unknown>(null, "stopped", "taken_over", "handover_failed", "handed_over", "waved"),
  sid: oneOf<unknown>(null, "", "CA-1", "CA-2"),
  handover: oneOf<unknown>(
    null,
    {},
    { state: "begun" },
    { state: "begun", number: "+12025550199", began: T + 2500 },
    { state: "busy", number: "+12025550199" },
    { state: "busy" },
    { state: "through", number: "+12025550198" },
    { state: "done" },
    { state: "lost", number: "+12025550199" },
    { number: "+12025550199" }
  ),
  pace: oneOf<unknown>(
    null,
    {},
    { answer_ms: [] },
    { answer_ms: [300, 500] },
    { answer_ms: [300, 500], cut_by_callee: 1, quiet_s: 0 },
    { callee_s: 2, bot_s: 3 }
  ),
  lines: anyOf<unknown>(
    oneOf<unknown>(null, []),
    Arbitrary.array(
      objectOf({
        by: oneOf<unknown>("bot", "callee", "third", "tool"),
        said: oneOf<unknown>("Yes.", "No."),
        offset: oneOf<unknown>(null, 0, 1.25),
        tool_call: oneOf<unknown>(null, "call-1")
      }),
      { maxLength: 3 }
    )
  )
})

const dial: Arb<object> = objectOf({
  uid: oneOf<unknown>("d-1", "d-1", "d-1", "d-2"),
  phase: oneOf<unknown>("calling", "talking", "finished", "dead"),
  party: oneOf<unknown>(null, { number: "+12025550101" }),
  created: time,
  over: time,
  legs: Arbitrary.map(Arbitrary.array(leg, { maxLength: 2 }), (legs) =>
    legs.map((each, index) => ({ ...each, n: index + 1 }))
  ),
  charge: oneOf<unknown>(
    null,
    {},
    { total: 0 },
    { total: "0.10", money: "USD" },
    { total: 0.1, money: "USD", items: [{ what: "line", total: 0.1 }] },
    { total: "12", unit: "credits" },
    { total: "much" }
  ),
  verdict: oneOf<unknown>(
    null,
    {},
    { task: "done" },
    { task: "not_done", sure: 0.5, reasons: ["a", "b"] },
    { task: "not_done" },
    { task: "Who knows.", sure: 0 },
    { task: "" }
  )
})

const dials = Arbitrary.array(dial, { minLength: 1, maxLength: 5 })

const isOutput = Schema.is(OutputRecord)

describe("every field", () => {
  it("is told by the fullest record, but for those of which the providers here have fixtures", () => {
    const { attempts, ...order } = orderOf({ ...fullest, ref: "lead-1" })
    const told = new Set([...Object.keys(order), ...attempts.flatMap((attempt) => Object.keys(attempt))])
    const added = ["goal", "cost", "endedAt", "carrierCallId", "transfer", "timing", "disconnect"]
    expect(added.filter((field) => !told.has(field))).toEqual([])
    expect(
      [...told].filter((field) => !Object.hasOwn(orderFields, field) && !Object.hasOwn(attemptFields, field))
    ).toEqual([])
  })

  it.prop(
    "folds in any order and repetition to the same record, of the schema",
    [dials, permutation],
    ([payloads, order]) => {
      const atOnce = fold(payloads)
      expect(shown(fold(permuted([...payloads, ...payloads.slice(0, 2)], order)))).toEqual(shown(atOnce))
      for (const record of atOnce) expect(isOutput(JSON.parse(JSON.stringify(record)))).toBe(true)
    },
    runs(300)
  )

  it.prop(
    "is kept by facts on disk, folded in stages",
    [dials, dials],
    ([before, after]) => {
      const stage = throughJson(fold(before, { facts: true }))
      expect(shown(fold([...stage, ...after]))).toEqual(shown(fold([...before, ...after])))
      expect(shown(throughJson(fold(stage, { facts: true })))).toEqual(shown(stage))
    },
    runs(120)
  )

  it.prop(
    "is kept by records without payloads, which join in any order and repetition",
    [dials, dials, dials, permutation],
    ([a, b, c, order]) => {
      const views = [a, b, c].flatMap((payloads) => throughJson(fold(payloads, { native: false })))
      const joined = fold(views)
      expect(shown(fold(permuted([...views, ...views.slice(0, 2)], order)))).toEqual(shown(joined))
      expect(shown(fold([...throughJson(fold(views.slice(0, 2), { facts: true })), ...views.slice(2)]))).toEqual(
        shown(joined)
      )
    },
    runs(120)
  )

  it.prop(
    "has its source and its rule",
    [dial],
    ([payload]) => {
      for (const record of normalize(payload)) {
        if (record.kind === "rejection") continue
        for (const { field, rule, sources } of makeExplain(providers)(record)) {
          expect([field, rule]).not.toEqual([field, NO_RULE])
          if (/(goal|cost|carrierCallId|transfer|timing)$/.test(field))
            expect([field, sources]).not.toEqual([field, []])
        }
      }
    },
    runs(60)
  )

  it("comes back from CSV as far as it has columns", () => {
    const record = orderOf(fullest)
    const [again] = readCsv(record)
    const { attempts, endedAt, goal, cost } = record
    const [attempt] = attempts
    if (attempt === undefined) throw new Error("expected an attempt")
    expect(again).toMatchObject({ endedAt, goal, cost })
    const { transfer, timing, carrierCallId } = attempt
    expect(again).toMatchObject({ attempts: [{ transfer, timing, carrierCallId }] })
  })

  it("of CSV keeps an amount as it was written", () => {
    const written = { ...fullest, charge: { total: "0012.500", money: "USD" }, verdict: { task: "=1+1" } }
    expect(readCsv(orderOf(written))).toMatchObject([
      { cost: { amount: "0012.500", currency: "USD" }, goal: { achieved: "unknown", text: "=1+1" } }
    ])
  })
})

const readCsv = (record: CallRecord): ReadonlyArray<OutputRecord> => {
  const rows: Array<unknown> = []
  const reader = makeCsvReader({}, defaultLimits, {
    value: (value) => rows.push(value),
    damaged: ({ message }) => expect(message).toBe("a row")
  })
  reader.push(new TextEncoder().encode(csvHeader() + csvRows(record)))
  reader.end()
  return normalize(rows)
}

describe("of two payloads about one order", () => {
  const at = (created: number, more: object) => ({ uid: "d-1", phase: "finished", created, legs: [], ...more })
  const legAt = (ended: number, more: object) => ({
    uid: "d-1",
    phase: "finished",
    legs: [{ n: 1, started: T, picked_up: T, ended, ...more }]
  })
  const both = (a: object, b: object): CallOrder => {
    expect(shown(fold([b, a]))).toEqual(shown(fold([a, b])))
    const [one, other] = [a, b].map((payload) => fold([payload], { native: false }))
    expect(shown(throughJson(fold([one, other], { native: false })).map(withoutIssues))).toEqual(
      shown([withoutIssues(orderOf(one, other))])
    )
    return orderOf(a, b)
  }

  it.each([
    ["decides, though the later does not", { task: "done" }, { task: "Who knows." }, { achieved: "yes" }],
    ["is the later of two that decide", { task: "done" }, { task: "not_done" }, { achieved: "no" }],
    ["is the only one", { task: "not_done" }, {}, { achieved: "no" }],
    ["is the later of two that do not decide", { task: "Hm." }, { task: "Hm?" }, { achieved: "unknown", text: "Hm?" }]
  ])("the goal %s", (_, earlier, later, goal) => {
    expect(both(at(T, { verdict: earlier }), at(T + 1000, { verdict: later })).goal).toEqual(goal)
  })

  it("the goal of one age is the one that says more, and is never mixed", () => {
    const bare = at(T, { verdict: { task: "not_done" } })
    const full = at(T, { verdict: { task: "not_done", sure: 0.5, reasons: ["a"] } })
    expect(both(bare, full).goal).toEqual({ achieved: "no", confidence: 0.5, reasons: ["a"] })
  })

  it("the cost is the later one, and of one age the one with its parts", () => {
    const early = at(T, { charge: { total: 0, money: "USD", items: [] } })
    expect(both(early, at(T + 1000, { charge: { total: "0.10", money: "USD" } })).cost).toEqual({
      amount: "0.10",
      currency: "USD"
    })
    const parts = at(T, { charge: { total: "0.10", money: "USD", items: [{ what: "line", total: "0.10" }] } })
    expect(both(at(T, { charge: { total: "0.10", money: "USD" } }), parts).cost).toHaveProperty("parts")
  })

  it.each([
    ["begun", "busy", "not_connected"],
    ["busy", "begun", "not_connected"],
    ["through", "busy", "connected"],
    ["busy", "through", "connected"],
    ["done", "through", "completed"],
    ["through", "done", "completed"],
    ["lost", "begun", "initiated"]
  ])("a hand-over that is %s, and later %s, is %s", (earlier, later, state) => {
    const order = both(
      legAt(T + 1000, { handover: { state: earlier, number: "+12025550199" } }),
      legAt(T + 2000, { handover: { state: later } })
    )
    expect(order.attempts[0]?.transfer?.state).toBe(state)
  })

  it("a third party that is busy is no failure of the call, and nobody's answer", () => {
    const order = orderOf(legAt(T + 1000, { handover: { state: "busy", number: "+12025550199" } }))
    expect(order).toMatchObject({ reach: { value: "answered" }, attempts: [{ transfer: { state: "not_connected" } }] })
    expect(order.attempts[0]).not.toHaveProperty("failure")
  })

  it("what is not told is absent, and zero is told", () => {
    const silent = legAt(T + 1000, { pace: {}, handover: null, sid: null })
    const [attempt] = orderOf(silent).attempts
    for (const field of ["timing", "transfer", "carrierCallId"]) expect(attempt).not.toHaveProperty(field)
    for (const field of ["goal", "cost", "endedAt"]) expect(orderOf(silent)).not.toHaveProperty(field)
    const zero = legAt(T + 1000, { pace: { cut_by_callee: 0 } })
    expect(orderOf(zero).attempts[0]?.timing).toMatchObject({ interruptions: { byRemote: 0 } })
    expect(orderOf(zero).attempts[0]?.timing?.interruptions).not.toHaveProperty("byAgent")
    expect(orderOf(at(T, { charge: { total: 0, money: "USD" } })).cost).toEqual({ amount: "0", currency: "USD" })
  })
})

describe("a record that was written", () => {
  const [written] = fold([fullest], { native: false })
  const changed = (changes: object) => normalize({ ...written, ...changes })

  it("before these fields were known is read", () => {
    const added = ["goal", "cost", "endedAt", "carrierCallId", "transfer", "timing"]
    const text = JSON.stringify(written, (key, value: unknown) => (added.includes(key) ? undefined : value))
    expect(normalize(text)).toMatchObject([{ kind: "call_order", id: fullest.uid }])
  })

  it.each([
    ["goal.achieved", { goal: { achieved: "perhaps" } }],
    ["goal.achieved", { goal: {} }],
    ["goal.confidence", { goal: { achieved: "yes", confidence: "high" } }],
    ["cost.amount", { cost: { amount: 0.1 } }],
    ["cost.amount", { cost: { amount: "1,000" } }],
    ["cost.parts[0].amount", { cost: { amount: "1", parts: [{ name: "a", amount: "NaN" }] } }],
    ["endedAt", { endedAt: "yesterday" }]
  ])("with a %s that is none is refused, by name", (field, changes) => {
    expect(changed(changes)).toMatchObject([{ kind: "rejection", message: expect.stringContaining(field) }])
  })
})

const withoutIssues = (record: unknown): unknown =>
  typeof record === "object" && record !== null ? { ...record, issues: undefined } : record
