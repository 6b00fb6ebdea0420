import { describe, expect, it } from "vitest"
import { explain, fold, normalize } from "../../adapters/index.ts"
import type { CallRecord } from "../../src/domain/OutputRecord.ts"
import { NO_RULE } from "../../src/normalize/explain.ts"
import { fixturesOf } from "../adapters/fixtures.ts"

const recordsOf = (provider: string): ReadonlyArray<CallRecord> =>
  fixturesOf(provider).flatMap(({ wire }) => normalize(wire).filter((record) => record.kind !== "rejection"))

const field = (record: CallRecord | undefined, name: string) =>
  record === undefined ? undefined : explain(record).find((explained) => explained.field === name)

const first = (payload: unknown): CallRecord | undefined => {
  const [record] = normalize(payload)
  return record === undefined || record.kind === "rejection" ? undefined : record
}

describe.each(["revox", "revring"])("explaining records of %s", (provider) => {
  it("has a rule for every field of every record", () => {
    const explained = recordsOf(provider).flatMap(explain)
    expect(explained.length).toBeGreaterThan(100)
    expect(explained.filter(({ rule }) => rule === NO_RULE).map(({ field }) => field)).toEqual([])
  })

  it("names a source for every mapped field that a body states", () => {
    const names = ["from", "to", "providerStatus", "createdAt", "attempts[0].answeredAt", "attempts[0].transcript"]
    const explained = recordsOf(provider)
      .flatMap(explain)
      .filter(({ field }) => names.includes(field))
    expect(explained.length).toBeGreaterThan(20)
    expect(explained.filter(({ sources }) => sources.length === 0)).toEqual([])
  })
})

describe("an explanation", () => {
  const call = {
    id: "c1",
    toNumber: "+12025550101",
    fromNumber: "+12025550100",
    status: "FAILED",
    hangupCause: "USER_ENDED",
    errorMessage: "SIP 486",
    startedAt: null
  }

  it("names the place that decided, not one that could have", () => {
    expect(field(first(call), "attempts[0].failure")).toMatchObject({
      sources: [{ path: "errorMessage", raw: "SIP 486" }],
      certainty: "inferred"
    })
    expect(field(first({ ...call, status: "TRANSFERRED" }), "attempts[0].disconnect")).toMatchObject({
      sources: expect.arrayContaining([{ path: "status", raw: "TRANSFERRED" }])
    })
  })

  it("tells a derived status from a stated one by its source", () => {
    expect(field(first({ id: "o", call_attempts: [], is_cancelled: true }), "status")).toMatchObject({
      value: "canceled",
      sources: [{ path: "is_cancelled", raw: true }]
    })
  })

  it("still has values and rules without the provider's record, and for merged records", () => {
    const [bare] = normalize(call, { native: false })
    expect(bare !== undefined && bare.kind !== "rejection" && explain(bare)).toEqual(
      expect.arrayContaining([expect.objectContaining({ field: "status", value: "failed", sources: [] })])
    )
    const [merged] = fold([call, { ...call, status: "QUEUED", updatedAt: "2020-01-01T00:00:00Z" }])
    expect(merged !== undefined && merged.kind !== "rejection" && explain(merged).length).toBeGreaterThan(10)
  })

  it("is empty for a record of a provider that is not there", () => {
    const record = first(call)
    expect(
      record === undefined ? undefined : explain(JSON.parse(JSON.stringify({ ...record, provider: "other" })))
    ).toEqual([])
  })
})
