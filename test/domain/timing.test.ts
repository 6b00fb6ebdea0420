import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { normalize } from "../../adapters/index.ts"
import { OutputRecord } from "../../src/domain/OutputRecord.ts"
import { figuresOf } from "../../src/domain/Timing.ts"

describe("figures of single measurements", () => {
  it.each([
    [[], undefined],
    [[7], { averageMs: 7, medianMs: 7, p95Ms: 7, count: 1 }],
    [[4, 1], { averageMs: 2.5, medianMs: 2.5, p95Ms: 4, count: 2 }],
    [[3, 1, 2], { averageMs: 2, medianMs: 2, p95Ms: 3, count: 3 }],
    [[0, 0, 0.0004], { averageMs: 0, medianMs: 0, p95Ms: 0, count: 3 }],
    [[1e308, 1e308], { averageMs: 1e308, medianMs: 1e308, p95Ms: 1e308, count: 2 }]
  ])("%j", (values, figures) => {
    expect(figuresOf(values)).toEqual(figures)
  })

  it("take the nearest rank, whatever the order", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) + 1)
    expect(figuresOf(hundred)).toEqual({ averageMs: 50.5, medianMs: 50.5, p95Ms: 95, count: 100 })
  })
})

describe("segments of speech", () => {
  const segment = { speaker: "agent", is_real_turn: true, was_cut: false, llm_ttft_ms: 1e308 }
  const attempt = (speech_events: unknown) => ({
    id: "a-1",
    phone_number: "+12025550101",
    status: "completed",
    result: "human",
    answered_at: "2026-03-01T10:00:00Z",
    speech_events
  })
  const isOutput = Schema.is(OutputRecord)

  it.each([
    ["huge", [0, 1, 2].map(() => ({ ...segment, started_speaking_at_ms: -1e308, stopped_speaking_at_ms: 7e307 }))],
    ["backwards", [{ ...segment, started_speaking_at_ms: 9, stopped_speaking_at_ms: 1 }]],
    ["many", Array.from({ length: 20_000 }, (_, at) => ({ ...segment, started_speaking_at_ms: at }))],
    ["of wrong types", [7, "x", null, {}, [], { speaker: 3, started_speaking_at_ms: "soon", llm_ttft_ms: {} }]],
    ["no list", { speaker: "agent" }]
  ])("that are %s make a record of the schema", (_, events) => {
    const [record, ...others] = normalize(attempt(events))
    expect(others).toEqual([])
    expect(record?.kind).toBe("call_attempt")
    expect(isOutput(JSON.parse(JSON.stringify(record)))).toBe(true)
  })
})
