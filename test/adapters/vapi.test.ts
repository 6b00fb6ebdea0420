/** What the fixtures of Vapi alone cannot show: secrets, folding, and messages among records. */
import { describe, expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import { goalFrom } from "../../adapters/vapi/Analysis.ts"
import { endedReasonWords } from "../../adapters/vapi/EndedReason.ts"
import { makeNormalizer } from "../../src/normalize/Normalizer.ts"
import { fixturesOf } from "./fixtures.ts"

const { fold, normalize } = makeNormalizer(providers)
const fixtures = fixturesOf("vapi")

const wireOf = (name: string): unknown => fixtures.find((fixture) => fixture.name === name)?.wire

describe("secrets of Vapi", () => {
  const secret = /hidden-[a-z-]+/g

  it("are in the fixtures", () => {
    expect(new Set(JSON.stringify(fixtures.map(({ wire }) => wire)).match(secret)).size).toBeGreaterThan(12)
  })

  it.each(fixtures.map(({ name, wire }) => [name, wire] as const))("do not come out of %s", (_, wire) => {
    expect(JSON.stringify(normalize(wire)).match(secret)).toBeNull()
    expect(JSON.stringify(normalize(JSON.stringify(wire))).match(secret)).toBeNull()
  })
})

describe("two reads of one call", () => {
  const reads = wireOf("list-two-reads-of-one-call")
  const list = Array.isArray(reads) ? reads : []

  it("are one record, in either order, whose presigned addresses do not differ", () => {
    expect(list).toHaveLength(2)
    const records = fold(list)
    expect(records).toHaveLength(1)
    expect(fold(list.toReversed())).toEqual(records)
    expect(JSON.stringify(records)).not.toContain("X-Signature")
  })
})

describe("a call and the messages about it", () => {
  const at = { orgId: "org-1", createdAt: "2026-03-02T15:00:00.000Z", updatedAt: "2026-03-02T15:00:00.000Z" }
  const early = { id: "call-1", ...at, type: "webCall", status: "queued", assistantId: "assistant-1" }
  const late = {
    ...early,
    updatedAt: "2026-03-02T15:02:00.000Z",
    status: "ended",
    endedReason: "customer-ended-call",
    name: "lead-7"
  }
  const message = (type: string, timestamp: string, more: object) => ({
    message: { type, timestamp: Date.parse(timestamp), call: early, ...more }
  })
  const payloads = [
    message("status-update", "2026-03-02T15:00:10.000Z", { status: "in-progress" }),
    message("end-of-call-report", "2026-03-02T15:05:00.000Z", { endedReason: "customer-ended-call" }),
    late,
    early
  ]

  it("are one record in any order: the call inside a message makes nothing older", () => {
    const [record, ...others] = fold(payloads)
    expect(others).toEqual([])
    expect(record).toMatchObject({
      status: "completed",
      channel: "web",
      reference: "lead-7",
      updatedAt: "2026-03-02T15:02:00.000Z",
      native: { type: "webCall", status: "ended" }
    })
    expect(fold(payloads.toReversed())).toEqual([record])
  })
})

describe("reasons of the end", () => {
  it.each([
    // The phase in the word is not the phase of the call.
    ["call.in-progress.error-vapifault-transport-never-connected", { failure: "provider_error" }],
    [
      "call.in-progress.error-providerfault-outbound-sip-486-busy-here",
      { failure: "busy", sipCode: 486, ofTransferToo: true }
    ],
    ["Call.In-Progress.Error-VapiFault-Whatever-Failed", { failure: "provider_error" }],
    ["pipeline-error-custom-llm-new", { failure: "customer_error" }],
    ["call-deleted", {}]
  ])("%s is known", (word, meaning) => {
    expect(endedReasonWords(word)).toEqual(meaning)
  })

  it.each(["hangup", "pipeline-error-", "call.in-progress.error-configfault-new", "constructor", "__proto__", ""])(
    "%s is none",
    (word) => {
      expect(endedReasonWords(word)).toBeUndefined()
    }
  )
})

describe("the verdict on a call", () => {
  it.each([
    ["true", { achieved: "yes" }],
    ["False.\n", { achieved: "no" }],
    ["true\n\n", { achieved: "yes" }]
  ])("%j is one", (text, goal) => {
    expect(goalFrom(text)).toEqual(goal)
  })

  it.each([
    ["false\n\nThe customer hung up", "no"],
    ["false\r\nThe customer hung up", "no"],
    ["true – 7 of 10", "yes"],
    ["true - agreed", "yes"],
    ["True—agreed", "yes"],
    ["true, though the address is untrue", "yes"],
    ["True, False, True", "unknown"],
    ["true; false", "unknown"],
    ["true, true", "unknown"],
    ["False: true", "unknown"],
    ["true\nfalse", "unknown"],
    ["true. 3 of 5 criteria failed: false", "unknown"],
    ["false-positive", "unknown"],
    ["false–positive", "unknown"],
    ["true\tfalse", "unknown"],
    ["true enough", "unknown"]
  ])("%j and its reason are %s", (text, achieved) => {
    expect(goalFrom(text)).toEqual({ achieved, text })
  })
})
