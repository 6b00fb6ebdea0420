/** A correct adapter that is built unlike ours passes the contract, and each way to break it is noticed. */
import { describe, expect, it } from "vitest"
import type { OrderStatus } from "../../src/domain/CallStatus.ts"
import type { AttemptFact, OrderFact, StatusClaim } from "../../src/domain/Fact.ts"
import { isJsonObject, type JsonObject, valueAt } from "../../src/domain/Json.ts"
import type { CallRecord } from "../../src/domain/OutputRecord.ts"
import { makeExplain } from "../../src/normalize/explain.ts"
import { makeNormalizer } from "../../src/normalize/Normalizer.ts"
import { wordTable } from "../../src/domain/Words.ts"
import type { Adapter, Shape } from "../../src/provider/Adapter.ts"
import { IssueLog, readStatus, readWord } from "../../src/provider/FieldReader.ts"
import { registry } from "../../src/provider/registry.ts"
import { adapterContract } from "../../src/testing/index.ts"
import { larch } from "./larch.ts"
import { larchCall, larchFixtures } from "./larchFixtures.ts"
import { withPaths } from "./withPaths.ts"

describe("contract of a correct adapter that is built unlike ours", () => {
  it.each(adapterContract(larch, larchFixtures).map(({ name, run }) => [name, run] as const))("%s", (_, run) => run())
})

/** Reads calls otherwise, from what stands in them. */
const reading = (change: (order: OrderFact, body: JsonObject) => OrderFact): Adapter => ({
  ...larch,
  shapes: larch.shapes.map((shape) => ({
    ...shape,
    read: (body) => {
      const read = shape.read(body)
      return read.kind === "order" ? change(read, body) : read
    }
  }))
})

const readingLegs = (change: (leg: AttemptFact, wire: JsonObject, body: JsonObject) => Partial<AttemptFact>): Adapter =>
  reading((order, body) => ({
    ...order,
    attempts: order.attempts.map((leg) => {
      const wire = valueAt(body, leg.claims.path)
      return { ...leg, ...change(leg, isJsonObject(wire) ? wire : {}, body) }
    })
  }))

const pickUps = wordTable({ yes: true, no: false })

/** Whether somebody answered is a word of the call, and no leg's. */
const withPickUp: Adapter = {
  ...readingLegs(({ claims }, _, { pickUp }) => ({
    claims: { ...claims, answered: typeof pickUp === "string" ? pickUps(pickUp) : undefined },
    evidence: {}
  })),
  interpretation: {
    ...larch.interpretation,
    recognizes: (field, word) =>
      field === "pickUp" && typeof word === "string"
        ? pickUps(word) !== undefined
        : larch.interpretation.recognizes(field, word)
  },
  sources: {
    ...larch.sources,
    attempt: larch.sources.attempt.map((each) => (each.field === "answered" ? { ...each, paths: ["^.pickUp"] } : each))
  }
}

describe("contract of an adapter with a word of the order that only legs show", () => {
  const shapes = withPickUp.shapes.map((shape): Shape => ({
    ...shape,
    read: (body) => {
      const read = shape.read(body)
      const { pickUp } = body
      if (read.kind !== "order" || typeof pickUp !== "string") return read
      const log = new IssueLog(read.issues)
      const word = readWord(pickUp, pickUps, "pickUp", log)
      return { ...read, evidence: { ...read.evidence, pickUp: word }, issues: log.all() }
    }
  }))
  const fixtures = [...larchFixtures, { name: "picked up", wire: { ...larchCall, pickUp: "yes" }, expected: [] }]
  const words = adapterContract({ ...withPickUp, shapes }, fixtures).filter(({ name }) =>
    name.includes("words outside")
  )

  it.each(words.map(({ name, run }) => [name, run] as const))("%s", (_, run) => run())
})

describe("contract of an adapter whose status stands in one of two places", () => {
  const states = wordTable<OrderStatus>({ begun: "in_progress", closed: "completed" })
  const sources = withPaths(
    withPaths(larch, "order", "status", "status", "states[-1]"),
    "order",
    "providerStatus",
    "status",
    "states[-1]"
  ).sources
  const { status: _, ...wordless } = larchCall
  const fixtures = [
    ...larchFixtures,
    { name: "states", wire: { ...wordless, states: ["begun", "closed"] }, expected: [] }
  ]

  const wordsCase = (readState: (state: string, path: string, log: IssueLog) => StatusClaim<OrderStatus>) => {
    const shapes = larch.shapes.map((shape): Shape => ({
      ...shape,
      read: (body) => {
        const read = shape.read(body)
        const list = Array.isArray(body["states"]) ? body["states"] : []
        const state: unknown = list.at(-1)
        if (read.kind !== "order" || typeof state !== "string" || read.claims.status.word !== undefined) return read
        const log = new IssueLog(read.issues)
        const status = readState(state, `states[${list.length - 1}]`, log)
        return { ...read, claims: { ...read.claims, status }, issues: log.all() }
      }
    }))
    return adapterContract({ ...larch, shapes, sources }, fixtures).find(({ name }) => name.includes("words outside"))
  }

  it("tries unknown words in the second one too, in a list", () => {
    expect(wordsCase((state, path, log) => readStatus(state, states, path, false, log))?.run).not.toThrow()
  })

  it.each<readonly [about: string, readState: Parameters<typeof wordsCase>[0], noticed: RegExp]>([
    [
      "without an issue",
      (state) => readStatus(state, states, "", false, new IssueLog([])),
      /at states\[1\] .* makes no issue/
    ],
    [
      "as a known one",
      (state, path, log) => ({ ...readStatus(state, states, path, false, log), value: "completed" }),
      /^call: status from states\[-1\]: an unknown word never shows/
    ]
  ])("notices one that is taken %s", (_, readState, noticed) => {
    expect(wordsCase(readState)?.run).toThrow(noticed)
  })
})

/** Each a way to break it, and the case that must notice. */
const broken: ReadonlyArray<readonly [about: string, adapter: Adapter, noticedBy: string]> = [
  [
    "a source that says nothing",
    { ...larch, capabilitySources: { ...larch.capabilitySources, cancel: "undocumented:  " } },
    "MUST say of each capability"
  ],
  [
    "an address that is none",
    { ...larch, capabilitySources: { ...larch.capabilitySources, cancel: "https://" } },
    "MUST say of each capability"
  ],
  [
    "a list whose source is no address",
    { ...larch, capabilities: { ...larch.capabilities, listTells: { reference: "yes", evidence: "https://a b" } } },
    "MUST say of each capability"
  ],
  [
    "another element of a list as a source",
    withPaths(larch, "attempt", "recordingUrl", "artifact.recordings[1].url"),
    "MUST name no source"
  ],
  [
    "the first of a list in place of the last",
    withPaths(larch, "order", "outcomeReason", "analysis.remarks[0]"),
    "MUST name no source"
  ],
  [
    "an element that no fixture has",
    withPaths(larch, "order", "agent.id", "assistants[7].assistantId"),
    "SHOULD have a fixture"
  ],
  [
    "a list without an end",
    withPaths(larch, "order", "agent.id", "assistants[-7].assistantId"),
    "SHOULD have a fixture"
  ],
  [
    "the order's field as one of the attempt",
    withPaths(larch, "attempt", "to", "customer.number"),
    "SHOULD have a fixture"
  ],
  [
    "the attempt's field as one of the order",
    withPaths(larch, "attempt", "dialedAt", "^.times.started"),
    "SHOULD have a fixture"
  ],
  ["another field of the order", withPaths(larch, "attempt", "disconnect", "^.status"), "MUST name no source"],
  ["something above an order", withPaths(larch, "order", "summary", "^.analysis.summary"), "SHOULD have a fixture"],
  [
    "a part of what is kept whole",
    withPaths(larch, "attempt", "extracted", "^.analysis.summary"),
    "MUST name every place"
  ],
  ["the attempt's field said to come from nowhere", withPaths(larch, "attempt", "to"), "MUST name every place"],
  ["an answer said to come from nowhere", withPaths(larch, "attempt", "answered"), "MUST name every place"],
  [
    "a recording whose address hangs on the end, which it does not name",
    readingLegs(({ claims }, wire) => {
      const { recordingUrl } = claims
      const whole = valueAt(wire, ["times", "ended"]) == null ? "part" : "whole"
      return { claims: { ...claims, recordingUrl: recordingUrl && `${recordingUrl}#${whole}` } }
    }),
    "MUST name every place"
  ],
  ["an end said to come from nowhere", withPaths(larch, "attempt", "disconnect"), "MUST name every place"],
  [
    "an id that is made up",
    {
      ...larch,
      shapes: larch.shapes.map((shape) => ({
        ...shape,
        matches: (body) => Object.hasOwn(body, "legs") || shape.matches(body),
        read: (body) => shape.read(Object.hasOwn(body, "callId") ? body : { ...body, callId: "nobody" })
      }))
    },
    "MUST reject an order"
  ],
  ["an id that is not where it is said to be", withPaths(larch, "order", "id", "id"), "MUST reject an order"],
  [
    "a caller's number where none is shown",
    reading((order) => ({ ...order, claims: { ...order.claims, from: "+12025550100" } })),
    "MUST NOT show in a fixture"
  ],
  [
    "evidence that does not say where it stands",
    {
      ...readingLegs(({ evidence: { "line.cause": cause } }) => ({ evidence: { cause } })),
      interpretation: {
        ...larch.interpretation,
        recognizes: (field, word) => larch.interpretation.recognizes(field.replace(/^cause$/, "line.cause"), word)
      }
    },
    "MUST keep words outside"
  ],
  ["issues swallowed", reading((order) => ({ ...order, issues: [] })), "MUST keep words outside"],
  [
    "an unknown nested status as an end",
    readingLegs(({ claims }) => ({ claims: { ...claims, status: { ...claims.status, value: "ended" } } })),
    "MUST keep words outside"
  ],
  [
    "no connection for null",
    readingLegs(({ claims }, wire) => ({
      claims: { ...claims, answered: valueAt(wire, ["line", "connection"]) === null ? false : claims.answered }
    })),
    "MUST take null as not given"
  ],
  [
    "a call that its recordings cost",
    {
      ...larch,
      shapes: larch.shapes.map((shape) => ({
        ...shape,
        read: (body) =>
          JSON.stringify(body["legs"])?.includes(`"url":true`) === true
            ? { kind: "unreadable", reason: "unknown_shape", path: [], message: "expected an address" }
            : shape.read(body)
      }))
    },
    "MUST give up no more"
  ],
  [
    "evidence that is another word's",
    { ...larch, interpretation: { ...larch.interpretation, attempt: () => ({ answeredBecause: "seconds=given" }) } },
    "MUST read exactly the expected records: connected"
  ]
]

describe("the contract of that adapter notices", () => {
  it.each(broken)("%s", (_, adapter, noticedBy) => {
    const noticing = adapterContract(adapter, larchFixtures).filter(({ name }) => name.startsWith(noticedBy))
    expect(noticing).toHaveLength(1)
    for (const { run } of noticing) expect(run).toThrow(/\S/)
  })
})

const known = registry({ larch })
const explain = makeExplain(known)
const { normalize } = makeNormalizer(known)

const sourcesIn = (payload: JsonObject) => {
  const [record] = normalize(payload).filter((each): each is CallRecord => each.kind !== "rejection")
  const fields = new Map((record === undefined ? [] : explain(record)).map((each) => [each.field, each.sources]))
  return (field: string) => fields.get(field)?.map(({ path, raw }) => [path, raw])
}

describe("explain", () => {
  it("names the elements of lists, and what stands above an attempt, as they are in this record", () => {
    const sources = sourcesIn(larchCall)
    expect(sources("agent.id")).toEqual([["assistants[0].assistantId", "a-1"]])
    expect(sources("outcomeReason")).toEqual([["analysis.remarks[1]", "Two persons."]])
    expect(sources("attempts[1].to")).toEqual([["customer.number", "+12025550101"]])
    expect(sources("attempts[1].orderId")).toEqual([["callId", "k-1"]])
    expect(sources("attempts[1].disconnect")).toEqual([["endedReason", "customer-ended-call"]])
    expect(sources("attempts[0].answered")).toEqual([["legs[0].line.connection", "not-made"]])
    expect(sources("attempts[1].recordingUrl")).toEqual([
      ["legs[1].artifact.recordings[0].url", "https://recordings.example/l-1"]
    ])
  })

  it("does so in an order of many attempts, which are tried apart", () => {
    const [first, last] = larchCall.legs
    const legs = Array.from({ length: 30 }, (_, index) => ({ ...(index === 29 ? last : first), legId: `l-${index}` }))
    const sources = sourcesIn({ ...larchCall, legs })
    const places = legs.map((_, index) => sources(`attempts[${index}].to`))
    expect(places).toEqual(legs.map(() => [["customer.number", "+12025550101"]]))
    expect(sources("attempts[29].recordingUrl")).toEqual([
      ["legs[29].artifact.recordings[0].url", "https://recordings.example/l-1"]
    ])
    expect(sources("attempts[29].disconnect")).toEqual([["endedReason", "customer-ended-call"]])
  })

  it("names nothing above an attempt that is a record of its own", () => {
    const sources = sourcesIn({ ...larchCall.legs[1], callId: "k-1" })
    expect(sources("orderId")).toEqual([["callId", "k-1"]])
  })
})

describe("an impossible order of times", () => {
  it("is told at the place of the later one, in a nested object too", () => {
    const [leg] = larchCall.legs
    const ended = "2026-05-04T13:00:00Z"
    const [record] = normalize({ ...larchCall, legs: [{ ...leg, times: { ...leg?.times, ended } }] })
    const path = "legs[0].times.ended"
    expect(record?.kind === "call_order" && record.issues).toEqual([{ path, reason: "impossible_order", raw: ended }])
  })
})
