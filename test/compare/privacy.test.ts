/** No report holds anything of anybody who was called. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { gunzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { compareRecords, renderHtml, renderMarkdown, renderTerminal } from "../../adapters/compare.ts"
import { normalize } from "../../adapters/index.ts"
import { strippedOrder } from "../../src/compare/collector/stripped.ts"
import { isJsonObject } from "../../src/domain/Json.ts"

const linesOf = (provider: string): ReadonlyArray<unknown> =>
  gunzipSync(readFileSync(fileURLToPath(new URL(`../../docs/samples/ab/${provider}.ndjson.gz`, import.meta.url))))
    .toString()
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line))

const payloads = [...linesOf("revox"), ...linesOf("revring")]

/** Words under these keys belong to nobody in particular: they stand for kinds of thing. */
const WORDS = new Set([
  "provider",
  "kind",
  "status",
  "providerStatus",
  "direction",
  "channel",
  "role",
  "reason",
  "because"
])

/** Every text of the records that is long enough not to stand in a report by chance. */
const textsOf = (value: unknown, found: Set<string>): void => {
  if (typeof value === "string") {
    if (value.length >= 8) found.add(value)
  } else if (Array.isArray(value)) {
    for (const item of value) textsOf(item, found)
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) if (!WORDS.has(key)) textsOf(item, found)
  }
}

const personal = new Set<string>()
for (const payload of payloads) {
  for (const record of normalize(payload, { native: false })) {
    if (record.kind !== "call_order") continue
    const { to, from, id, reference, metadata, variables, summary, outcomeReason } = record
    textsOf([to, from, id, reference, metadata, variables, summary, outcomeReason], personal)
    for (const { id: attempt, transcript, recordingUrl, extracted } of record.attempts) {
      textsOf([attempt, transcript, recordingUrl, extracted], personal)
    }
  }
}

describe("reports", () => {
  const comparison = compareRecords(payloads)

  it.each([
    ["JSON", JSON.stringify(comparison)],
    ["HTML", renderHtml(comparison)],
    ["Markdown", renderMarkdown(comparison)],
    ["terminal", renderTerminal(comparison, { width: 100, color: false })]
  ])("as %s hold no number, id, key or word of a call", (_, report) => {
    expect(personal.size).toBeGreaterThan(3000)
    expect([...personal].filter((text) => report.includes(text))).toEqual([])
    expect(report).not.toMatch(/\+\d{9,}/)
  })
})

describe("what nobody needs for an answer", () => {
  const words = {
    goal: { achieved: "yes", reasons: ["Said yes to everything."], text: "He was delighted." },
    cost: { amount: "0.10", currency: "USD", parts: [{ name: "carrier Wagtail", amount: "0.10" }] }
  }
  const dialled = { transfer: { state: "connected", to: "+12025550199" }, carrierCallId: "CA-invented-0001" }
  const records = payloads
    .slice(0, 200)
    .flatMap((payload) =>
      normalize(payload, { native: false }).flatMap((record) =>
        record.kind === "call_order"
          ? [{ ...record, ...words, attempts: record.attempts.map((attempt) => ({ ...attempt, ...dialled })) }]
          : []
      )
    )
  const told = ["Said yes", "delighted", "Wagtail", "2025550199", "CA-invented"]

  it("of verdicts, costs and hand-overs is in no report", () => {
    expect(records.length).toBeGreaterThan(100)
    const comparison = compareRecords(records)
    const report = JSON.stringify(comparison) + renderMarkdown(comparison)
    expect(told.filter((text) => report.includes(text))).toEqual([])
  })

  it("is not kept while data is read", () => {
    const [record] = normalize(JSON.stringify(records[0]))
    if (record?.kind !== "call_order") throw new Error("expected an order")
    const kept = strippedOrder(record, true)
    expect(told.filter((text) => JSON.stringify(kept).includes(text))).toEqual([])
    expect(kept).toMatchObject({ goal: { achieved: "yes" }, cost: { amount: "0.10", currency: "USD" } })
    for (const { transfer } of kept.attempts) expect(transfer).toEqual({ state: "connected" })
  })
})
