import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { providers } from "../../adapters/index.ts"
import { canonicalJson, isJsonObject } from "../../src/domain/Json.ts"
import type { CallRecord, OutputRecord } from "../../src/domain/OutputRecord.ts"
import { CALL_COLUMNS, callRows, csvHeader, csvRows } from "../../src/normalize/callRow.ts"
import { makeNormalizer } from "../../src/normalize/Normalizer.ts"
import { makeCsvReader } from "../../src/normalize/reading/csv.ts"
import { defaultLimits } from "../../src/normalize/reading/documents.ts"
import { fixturesOf } from "../adapters/fixtures.ts"
import {
  anyOf,
  edit,
  edited,
  type Arb,
  payload,
  permutation,
  permuted,
  revoxListItem,
  revoxOrder
} from "../arbitrary/payloads.ts"

const { fold, normalize } = makeNormalizer(providers)

const runs = (count: number) => ({ arbitrary: { runs: count } })

/** What a file gives back of what was written to it. */
const throughJson = (values: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  values.map((value): unknown => JSON.parse(JSON.stringify(value)))

const shown = (records: ReadonlyArray<OutputRecord>): ReadonlyArray<string> => records.map(canonicalJson).toSorted()

const small = (count: number): Arb<number> =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: count - 1 })))

const facts = (values: ReadonlyArray<unknown>): ReadonlyArray<unknown> => throughJson(fold(values, { facts: true }))

/** A tree of stages: what is folded together, stage by stage, in whatever way the numbers say. */
const inStages = (
  values: ReadonlyArray<unknown>,
  cuts: ReadonlyArray<number>,
  depth: number
): ReadonlyArray<unknown> => {
  const [cut = 0, ...rest] = cuts
  if (depth === 0 || values.length < 2) return facts(values)
  const at = 1 + (cut % (values.length - 1))
  const [left, right] = [values.slice(0, at), values.slice(at)]
  const one = inStages(left, rest, depth - 1)
  // At times a stage is folded once more alone, or with what went into it, which changes nothing.
  const again = cut % 3 === 0 ? facts([...one, ...left]) : one
  const other = cut % 2 === 0 ? right : inStages(right, rest.toReversed(), depth - 1)
  return cut % 5 === 0 ? facts([...other, ...again]) : facts([...again, ...other])
}

const cuts = Arbitrary.array(small(30), { minLength: 6, maxLength: 6 })
const many = (of: Arb<unknown>) => Arbitrary.array(of, { minLength: 1, maxLength: 8 })

describe("facts", () => {
  it.prop(
    "folded in stages give what folding everything at once gives",
    [many(payload), cuts, permutation],
    ([bodies, how, order]) => {
      const staged = inStages(permuted([...bodies, ...bodies.slice(0, 2)], order), how, 4)
      expect(shown(fold(staged))).toEqual(shown(fold(bodies)))
    },
    runs(100)
  )

  it.prop(
    "do not change when they are written and read again",
    [many(payload)],
    ([bodies]) => {
      const once = facts(bodies)
      expect(facts(once).map(canonicalJson)).toEqual(once.map(canonicalJson))
    },
    runs(60)
  )

  it.prop(
    "of one payload show the record of that payload, byte for byte",
    [payload],
    ([body]) => {
      expect(
        facts([body])
          .flatMap((line) => normalize(line))
          .map((record) => JSON.stringify(record))
      ).toEqual(normalize(body).map((record) => JSON.stringify(record)))
    },
    runs(60)
  )
})

describe("a record of unicall's", () => {
  it.prop(
    "that holds the payload is read from there, exactly",
    [payload],
    ([body]) => {
      const records = normalize(body)
      expect(
        throughJson(records)
          .flatMap((record) => normalize(record))
          .map((record) => JSON.stringify(record))
      ).toEqual(records.map((record) => JSON.stringify(record)))
    },
    runs(80)
  )

  it.prop(
    "that holds the payload folds as the payload does",
    [many(payload), small(200)],
    ([bodies, chosen]) => {
      const mixed = bodies.map((body, index) => ((chosen >> index) % 2 === 0 ? body : normalize(body)))
      expect(shown(fold(mixed))).toEqual(shown(fold(bodies)))
    },
    runs(60)
  )

  it("of every fixture, hints and all, is read again", () => {
    for (const wire of providers.ids.flatMap((id) => fixturesOf(id).map((fixture) => fixture.wire))) {
      const records = normalize(wire).filter(({ kind }) => kind !== "rejection")
      expect(
        throughJson(records)
          .flatMap((record) => normalize(record))
          .map(canonicalJson)
      ).toEqual(records.map(canonicalJson))
      expect(
        throughJson([records])
          .flatMap((record) => normalize(record))
          .map(canonicalJson)
      ).toEqual(records.map(canonicalJson))
    }
  })
})

/** Records without payloads: folded from several, natives left out. */
const view: Arb<unknown> = Arbitrary.map(
  many(anyOf<unknown>(revoxOrder, revoxOrder, revoxListItem, payload)),
  (bodies) => {
    const records = fold(bodies, { native: false })
    return JSON.parse(JSON.stringify(records))
  }
)

describe("a row of unicall's CSV", () => {
  const csvOf = (records: ReadonlyArray<OutputRecord>): string =>
    csvHeader() + records.map((record) => (record.kind === "rejection" ? "" : csvRows(record))).join("")

  const readBack = (csv: string): ReadonlyArray<unknown> => {
    const rows: Array<unknown> = []
    const reader = makeCsvReader({}, defaultLimits, {
      value: (value) => rows.push(value),
      damaged: ({ message }) => expect(message).toBe("a row")
    })
    reader.push(new TextEncoder().encode(csv))
    reader.end()
    return rows
  }

  /** Without the note, and without lines in the middle of a text: those are what a row cannot tell. */
  const again = (csv: string): string =>
    csvOf(fold(readBack(csv))).replaceAll(/"?\[\{""path"":"""",""reason"":""read_as_view""\}\]"?/g, "")

  it.prop(
    "folded gives that row again",
    [many(payload)],
    ([bodies]) => {
      // One record: the same attempt in two orders has one row in each, and which number is whose is not told.
      const records = fold(bodies).flatMap(withoutIssues).slice(0, 1)
      expect(again(csvOf(records)).split("\r\n")).toEqual(csvOf(records).split("\r\n"))
    },
    runs(100)
  )

  it("keeps what looks like a formula, JSON and many lines", () => {
    const [record] = normalize({
      id: "call-1",
      organizationId: "org-1",
      initiatedAt: "2026-03-01T10:00:00Z",
      status: "COMPLETED",
      summary: "=1+1",
      agentName: '{"not":"parsed"}',
      transcript: [
        { role: "agent", content: "Hello\nthere" },
        { role: "user", content: "" },
        { role: "user", content: "Yes: now" }
      ]
    })
    if (record?.kind !== "call_order") return expect(record).toBe("an order")
    expect(fold(readBack(csvOf([record])))).toMatchObject([
      {
        summary: "=1+1",
        agent: { name: '{"not":"parsed"}' },
        attempts: [{ transcript: record.attempts[0]?.transcript, reach: record.attempts[0]?.reach }]
      }
    ])
  })
})

const withoutIssues = (record: OutputRecord): ReadonlyArray<CallRecord> => {
  if (record.kind === "call_order") {
    const { issues: _, ...rest } = record
    // Rows do not tell the order of attempts of one moment.
    if (new Set(rest.attempts.map(({ dialedAt }) => dialedAt)).size < rest.attempts.length) return []
    // A row has one number for the order and its attempt.
    return [{ ...rest, attempts: rest.attempts.map(({ to: __, ...attempt }) => attempt) }]
  }
  if (record.kind !== "call_attempt") return []
  const { issues: _, ...rest } = record
  return [rest]
}

describe("what claims to be unicall's", () => {
  const [order] = fold(
    [
      {
        id: "call-1",
        organizationId: "org-1",
        initiatedAt: "2026-03-01T10:00:00Z",
        toNumber: "+12025550101",
        status: "COMPLETED"
      }
    ],
    { native: false }
  )
  const [fact] = facts([
    { id: "call-1", organizationId: "org-1", initiatedAt: "2026-03-01T10:00:00Z", status: "COMPLETED", apiKey: "k" }
  ])

  const changed = (value: unknown, changes: { readonly [key: string]: unknown }): unknown => ({
    ...(isJsonObject(value) ? value : {}),
    ...changes
  })

  it("and was written by a newer one is rejected, saying so", () => {
    expect(normalize(changed(fact, { version: 2 }))).toMatchObject([
      { kind: "rejection", reason: "newer_version", message: expect.stringContaining("version 2") }
    ])
  })

  it.each([
    ["no version", fact, { version: undefined }, "version"],
    ["a version in words", fact, { version: "1" }, "version"],
    ["no claims", fact, { claims: undefined }, "claims"],
    ["a claim of another type", fact, { claims: { status: 3 } }, "claims.status"],
    [
      "an unknown status",
      fact,
      { claims: { status: { value: "over", terminal: true, because: "" } } },
      "claims.status.value"
    ],
    ["an age that is no time", fact, { ages: [["from", "yesterday"]] }, "ages[0]"],
    ["issues that are none", fact, { issues: [null] }, "issues[0]"],
    ["attempts that are none", fact, { attempts: [3] }, "attempts[0]"],
    ["an unknown provider", fact, { provider: "nobody" }, "provider"],
    ["a view of nothing", { kind: "record_view", version: 1, provider: "revring" }, {}, "record"],
    ["an order without attempts", order, { attempts: undefined }, "attempts"],
    ["conflicts that are none", order, { conflicts: ["x"] }, "conflicts[0]"],
    ["a status of its own", order, { status: "over" }, "status"],
    ["a hint without event", { kind: "call_hint", provider: "revox" }, {}, "event"]
  ])("with %s is rejected, naming the field and no value", (_, value, changes, field) => {
    const [record, ...others] = normalize(changed(value, changes))
    expect(others).toEqual([])
    expect(record).toMatchObject({
      kind: "rejection",
      reason: "unknown_shape",
      message: expect.stringContaining(field)
    })
    if (record?.kind === "rejection") expect(record.message).not.toMatch(/yesterday|nobody|over/)
  })

  it("is of its own provider, in a wrapper too, and not of another that is asked for", () => {
    expect(normalize(order, { provider: "revox" })).toMatchObject([{ reason: "provider_mismatch" }])
    expect(normalize(fact, { provider: "revox" })).toMatchObject([{ reason: "provider_mismatch" }])
    expect(normalize({ provider: "revring", payload: JSON.stringify(fact) })).toMatchObject([{ kind: "call_order" }])
  })

  it("has its secrets redacted once more", () => {
    expect(JSON.stringify(fact)).not.toContain('"k"')
    const written = JSON.stringify(normalize(changed(fact, { native: { id: "call-1", token: "s3cret" } })))
    expect(written).toContain("[redacted]")
    expect(written).not.toContain("s3cret")
  })

  it("and was rejected before is tried again", () => {
    const [rejection] = normalize({ hello: 1 })
    expect(normalize(rejection)).toMatchObject([{ kind: "rejection", reason: "unknown_shape", path: "raw" }])
    expect(normalize(changed(rejection, { raw: fact }))).toMatchObject([{ kind: "call_order" }])
    expect(normalize(changed(rejection, { raw: [] }))).toMatchObject([{ kind: "rejection" }])
  })

  it("nests as deep as a payload may, and what is around it", () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)])
    const body = { id: "call-1", organizationId: "org-1", initiatedAt: "2026-03-01T10:00:00Z", extra: deep(498) }
    const [record] = normalize(body)
    expect(record?.kind).toBe("call_order")
    expect(normalize(record)).toEqual([record])
    expect(fold(facts([body]))).toEqual(fold([body]))
  })

  it.prop(
    "whatever has been done to it, is read without a throw",
    [
      Arbitrary.all([
        anyOf<unknown>(Arbitrary.map(many(payload), facts), view),
        Arbitrary.array(edit, { minLength: 1, maxLength: 3 })
      ])
    ],
    ([[value, edits]]) => {
      const mutant = edited(value, edits)
      expect(() => fold([mutant, value])).not.toThrow()
      expect(() => fold([mutant, value], { facts: true })).not.toThrow()
    },
    runs(200)
  )
})

const anything: Arb<unknown> = anyOf<unknown>(
  view,
  view,
  payload,
  Arbitrary.map(many(payload), facts),
  Arbitrary.map(payload, normalize)
)

const shownWithoutNote = (records: ReadonlyArray<OutputRecord>): ReadonlyArray<string> =>
  records
    .map((record) => {
      if (record.kind === "rejection" || record.issues === undefined) return record
      const { issues, ...rest } = record
      const others = issues.filter(({ reason }) => reason !== "read_as_view")
      return others.length === 0 ? rest : { ...rest, issues: others }
    })
    .map(canonicalJson)
    .toSorted()

describe("an attempt that kept what was remarked of it when it came alone", () => {
  const reach = { value: "human", certainty: "stated", because: ["x"] }
  const attempt = { id: "a-1", status: "ended", reach }
  const order = {
    kind: "call_order",
    provider: "revox",
    id: "o-1",
    status: "completed",
    reach,
    enriched: { transcript: false, recording: false, outcome: false },
    attempts: [{ ...attempt, issues: [{ path: "x", reason: "unknown_word", raw: "?" }] }],
    issues: [{ path: "y", reason: "missing" }]
  }

  it("leaves its order's issues in the order's column", () => {
    const at = CALL_COLUMNS.indexOf("issues")
    const cells = normalize(order).flatMap((record) =>
      record.kind === "rejection" ? ["rejected"] : callRows(record).map((row) => row[at])
    )
    expect(cells).toEqual([expect.stringContaining('"path":"y"')])
    expect(cells).toEqual([expect.not.stringContaining("unknown_word")])
  })
})

describe("a view", () => {
  it("gives the length of a talk with the source of that length", () => {
    const reach = { value: "human", certainty: "stated", because: ["x"] }
    const attempt = { kind: "call_attempt", provider: "revox", id: "a-1", status: "ended", reach }
    const told = { dialedAt: "2026-03-01T10:00:00.000Z", to: "+12025550100" }
    const fuller = { ...attempt, ...told, talkSeconds: 12, talkSource: "derived" }
    const folded = fold([fuller, { ...attempt, talkSeconds: 10, talkSource: "provider" }])
    expect(folded).toMatchObject([{ ...told, talkSeconds: 10, talkSource: "provider" }])
  })

  it.prop(
    "alone is read as it was written, and says what it is",
    [many(payload)],
    ([bodies]) => {
      const records = fold(bodies, { native: false })
      const again = fold(throughJson(records))
      expect(shownWithoutNote(again)).toEqual(shown(records))
      for (const record of again)
        expect(record).toMatchObject({ issues: expect.arrayContaining([{ path: "", reason: "read_as_view" }]) })
      expect(shown(fold(throughJson(again)))).toEqual(shown(again))
      expect(shown(throughJson(again).flatMap((record) => normalize(record)))).toEqual(shown(again))
    },
    runs(80)
  )

  it.prop(
    "folds with payloads, facts and other views in any order, repetition and stages alike",
    [many(anything), cuts, permutation],
    ([values, how, order]) => {
      const atOnce = shown(fold(values))
      expect(shown(fold(permuted([...values, ...values.slice(0, 3)], order)))).toEqual(atOnce)
      expect(shown(fold(inStages(permuted(values, order), how, 4)))).toEqual(atOnce)
    },
    runs(120)
  )

  it.prop(
    "never lets an order that is over run again, and never drops an attempt or what was said in it",
    [many(anything), many(anything)],
    ([before, after]) => {
      const all = fold([...before, ...after])
      for (const known of [...fold(before), ...fold(after)]) {
        if (known.kind !== "call_order") continue
        const now = all.find(
          (record) => record.kind === "call_order" && record.provider === known.provider && record.id === known.id
        )
        if (now?.kind !== "call_order") return expect(now).toBe("the order")
        if (known.terminal === true) expect(now.terminal).toBe(true)
        if (["completed", "failed", "canceled"].includes(known.status))
          expect(now.status).toMatch(/completed|failed|canceled/)
        // An attempt that payloads give to two orders may move to the other one; it is not lost.
        const attempts = all.flatMap((record) =>
          record.provider !== known.provider || record.kind === "call_hint" || record.kind === "rejection"
            ? []
            : record.kind === "call_order"
              ? record.attempts
              : [record]
        )
        for (const { id, transcript } of known.attempts) {
          const same = attempts.filter((attempt) => attempt.id === id)
          expect(same).not.toEqual([])
          if (transcript !== undefined) expect(same[0]?.transcript).toBeDefined()
        }
      }
    },
    runs(80)
  )
})
