import { describe, expect, it } from "vitest"
import { makeCollector } from "../../../src/compare/collect.ts"
import { MOST_STRATA } from "../../../src/compare/collector/strata.ts"
import { metricsFor } from "../../../src/metrics/index.ts"
import { ANSWER, VALUE } from "../../../src/compare/Observations.ts"
import { normalize, providers } from "../../../adapters/index.ts"
import type { Definition } from "../../../src/metrics/Metric.ts"
import type { Observable } from "../../../src/provider/Evidence.ts"
import { answersOf, attempt, callMetric, collect, isBalanced, leftOutOf, listed, order, plain } from "./collecting.ts"

const revoxWire = (id: string, to: string) => ({
  call: {
    id,
    to_phone_number: to,
    direction: "outbound",
    status: "completed",
    is_completed: true,
    created_at: "2026-03-01T09:00:00.000Z",
    call_attempts: [
      {
        id: `${id}-attempt`,
        status: "completed",
        phone_number: to,
        started_at: "2026-03-01T09:00:01.000Z",
        answered_at: "2026-03-01T09:00:05.000Z",
        ended_at: "2026-03-01T09:01:05.000Z",
        result: "human"
      }
    ]
  }
})

const revringWire = (id: string, to: string) => ({
  id,
  status: "COMPLETED",
  direction: "outbound",
  fromNumber: "+12025550100",
  toNumber: to,
  agentId: "agent-1",
  initiatedAt: "2026-03-01T09:10:00.000Z",
  startedAt: "2026-03-01T09:10:06.000Z",
  endedAt: "2026-03-01T09:11:00.000Z",
  hangupCause: "VOICEMAIL_DETECTED"
})

describe("attempts of one moment whose order is not there", () => {
  const answered = listed({ id: "attempt-2" })
  const mailbox = listed({ id: "attempt-1", answeredBy: { value: "voicemail", certainty: "stated" } })

  it("are the same dials whichever comes first", () => {
    expect(plain(collect([answered, mailbox]).collected)).toEqual(plain(collect([mailbox, answered]).collected))
  })
})

describe("a mixture of inputs", () => {
  it("gives each order one row, in order of time, with the arms by name", () => {
    const { collected } = collect([
      revringWire("call-1", "+12025550101"),
      order(),
      revoxWire("order-2", "+33 1 99 00 12 34".replaceAll(" ", "")),
      [revringWire("call-2", "+12025550102"), order({ id: "order-3", to: "+12025550102" })]
    ])
    const { orders } = plain(collected)
    expect(orders.arms).toEqual(["revox", "revring"])
    expect(orders.arm).toEqual(["revox", "revring", "revring", "revox", "revox"])
    // Two persons were called by both providers.
    expect(orders.persons).toBe(3)
    expect(collected.data).toMatchObject({ records: 5, orders: 5, folded: 0, from: "2026-03-01T09:00:00.000Z" })
  })

  it("knows a person by the number, however it is written", () => {
    const { collected } = collect([
      order({ id: "a", to: "+12025550101" }),
      order({ id: "b", to: "+1 (202) 555-0101" }),
      order({ id: "c", to: "12025550101" }),
      order({ id: "d", to: "anonymous" }),
      order({ id: "e", to: "private" })
    ])
    expect(collected.orders.persons).toBe(3)
  })

  it("takes an order without a number as a person of its own", () => {
    const bare = (id: string) => {
      const { to: _, ...rest } = order({ id, attempts: [] })
      return rest
    }
    expect(collect([bare("a"), bare("b")]).collected.orders.persons).toBe(2)
  })

  it("puts the baseline first", () => {
    const values = [order(), order({ id: "x", provider: "revring" })]
    expect(collect(values, { baseline: "revring" }).collected.orders.arms).toEqual(["revring", "revox"])
    expect(collect(values, { baseline: "revring" }).collected.facts.map(({ name }) => name)).toEqual([
      "revring",
      "revox"
    ])
    expect(collect(values, { baseline: "nobody" }).collected.orders.arms).toEqual(["revox", "revring"])
  })

  it("names agents as people do, by id where two are called the same", () => {
    const by = (id: string, agent: object) => order({ id, agent })
    const { collected } = collect(
      [
        by("1", { id: "a1", name: "Anna" }),
        by("2", { id: "a1" }),
        by("3", { id: "b1", name: "Bo" }),
        by("4", { id: "b2", name: "Bo" }),
        order({ id: "5" })
      ],
      { armsBy: "agent" }
    )
    expect(collected.orders.arms).toEqual(["Anna", "b1", "b2"])
    expect(collected.facts.map(({ agent }) => agent)).toEqual(["a1", "b1", "b2"])
    expect(leftOutOf({ collected, refused: [] })).toEqual({ "no agent told, so no arm": 1 })
  })
})

describe("records about one order", () => {
  const running = order({ status: "in_progress", terminal: false, attempts: [], updatedAt: "2026-03-09T10:00:00.000Z" })

  it("fold into one: over beats running, then the fuller, then the later", () => {
    const voicemail = { answeredBy: { value: "voicemail", certainty: "detected" } }
    const result = collect([
      order(),
      running,
      order({ attempts: [attempt(voicemail)], summary: "x", metadata: { a: 1 } })
    ])
    expect(result.collected.data).toMatchObject({ records: 3, orders: 1, folded: 2 })
    const later = order({ updatedAt: "2026-03-02T00:00:00.000Z", attempts: [attempt(voicemail)] })
    const earlier = order({ updatedAt: "2026-03-01T20:00:00.000Z" })
    expect(answersOf(collect([later, earlier]), "human")).toEqual([ANSWER.no_detected])
    expect(answersOf(collect([earlier, later]), "human")).toEqual([ANSWER.no_detected])
    expect(answersOf(collect([running, earlier]), "human")).toEqual([ANSWER.yes_stated])
    const { answeredBy: _, talkSeconds: _t, ...silent } = attempt()
    expect(
      answersOf(collect([order(), order({ attempts: [silent], updatedAt: "2026-04-01T00:00:00.000Z" })]), "human")
    ).toEqual([ANSWER.yes_stated])
  })

  it("raw and normalised fold alike", () => {
    const { collected } = collect([revoxWire("order-1", "+12025550101"), order(), revoxWire("order-1", "+12025550101")])
    expect(collected.data).toMatchObject({ records: 3, orders: 1, folded: 2 })
  })

  it("of two providers never fold", () => {
    expect(collect([order(), order({ provider: "revring" })]).collected.data.orders).toBe(2)
  })
})

describe("the first dial", () => {
  const voicemail = { value: "voicemail", certainty: "stated" }
  const redial = attempt({ id: "attempt-2", dialedAt: "2026-03-01T12:00:00.000Z", answeredBy: voicemail })
  const { dialedAt: _, ...undated } = attempt()

  const definitions = metricsFor().flatMap((metric) =>
    metric.id === "first_attempt.connected" && metric.scope === "first_attempt" ? [metric] : []
  )
  const connected = (fields: object) =>
    answersOf(collect([order(fields)], { metrics: definitions }), "first_attempt.connected.answer_time")

  it("is asked where it is told which it was", () => {
    expect(connected({})).toEqual([ANSWER.yes_stated])
    expect(connected({ attempts: [undated] })).toEqual([ANSWER.yes_stated])
    expect(connected({ attempts: [attempt(), redial], attemptsMade: 2 })).toEqual([ANSWER.yes_stated])
  })

  it("is not told by a record that leaves dials out, nor by dials of which one has no time", () => {
    const later = { updatedAt: "2026-03-02T12:00:00.000Z" }
    expect(connected({ ...later, attemptsMade: 2 })).toEqual([ANSWER.missing])
    expect(connected({ ...later, attempts: [redial, undated], attemptsMade: 2 })).toEqual([ANSWER.missing])
    expect(connected({ ...later, attempts: [], attemptsMade: 2, status: "failed" })).toEqual([ANSWER.missing])
  })
})

describe("attempts apart from their order", () => {
  const second = listed({ id: "attempt-2", dialedAt: "2026-03-02T10:00:00.000Z" })

  it("add to an order that is not whole", () => {
    const open = order({ attemptsMade: 2 })
    for (const values of [
      [open, second],
      [second, open]
    ]) {
      const result = collect(values)
      expect(answersOf(result, "dials")).toEqual([2])
      expect(result.collected.data).toMatchObject({ records: 2, orders: 1, folded: 1, attemptsOnly: 0 })
    }
  })

  it("complete an attempt that the order has unfinished", () => {
    const { answeredBy: _, ...unfinished } = attempt({ status: "in_progress" })
    const open = order({ status: "in_progress", terminal: false, attempts: [unfinished] })
    expect(answersOf(collect([open]), "human")).toEqual([ANSWER.open])
    expect(answersOf(collect([open, listed()]), "human")).toEqual([ANSWER.yes_stated])
  })

  it("complete an order that is over while its dial is not", () => {
    const { answeredBy: _, ...unfinished } = attempt({ status: "in_progress" })
    const over = order({ attempts: [unfinished] })
    expect(answersOf(collect([over, listed()]), "human")).toEqual([ANSWER.yes_stated])
  })

  it("keep who spoke after whom while they wait, in words or not", () => {
    const turns = [
      { role: "agent", text: "Hello" },
      { role: "remote", text: " " },
      { role: "remote", text: "Yes?" },
      { role: "tool", text: "x", toolName: "lookup", arguments: { a: 1 } },
      { role: "agent", text: "Fine" },
      { role: "remote", text: "Bye" }
    ]
    const result = collect([
      listed({ transcript: { turns } }),
      listed({ orderId: "order-2", transcript: { text: " " }, dialedAt: "2026-03-01T11:00:00.000Z" }),
      order({ id: "order-3", createdAt: "2026-03-09T09:00:00.000Z", attempts: [] })
    ])
    expect(answersOf(result, "replies")).toEqual([2, 0, 0])
    expect(answersOf(result, "transcript")).toEqual([ANSWER.yes_stated, ANSWER.no_stated, ANSWER.no_stated])
  })

  it("add nothing to an order that tells all its dials", () => {
    const result = collect([second, order(), second])
    expect(answersOf(result, "dials")).toEqual([1])
    expect(result.collected.data).toMatchObject({ records: 3, orders: 1, folded: 2 })
  })

  it("are an order of their own where it is not in the data, the oldest dial first", () => {
    const voicemail = { value: "voicemail", certainty: "stated" }
    const result = collect([second, listed({ answeredBy: voicemail }), listed({ orderId: "order-9" })])
    expect(answersOf(result, "dials")).toEqual([2, 1])
    expect(answersOf(result, "human")).toEqual([ANSWER.no_stated, ANSWER.yes_stated])
    expect(result.collected.data).toMatchObject({ records: 3, orders: 2, folded: 1, attemptsOnly: 2 })
  })

  it("are left out without their order's id where there may be redials, and are orders where there are none", () => {
    const { orderId: _, ...stray } = listed()
    const result = collect([stray, { ...stray, provider: "revring" }])
    expect(result.collected.orders.arms).toEqual(["revring"])
    expect(leftOutOf(result)).toEqual({
      "attempt that does not name its order: first dial or redial cannot be told": 1
    })
    expect(isBalanced(result.collected)).toBe(true)
  })
})

describe("records that tell as much and differ", () => {
  const human = { value: "human", certainty: "stated" }
  const voicemail = { value: "voicemail", certainty: "stated" }

  it("of one attempt give the same, whichever comes first", () => {
    const [one, other] = [listed({ answeredBy: human }), listed({ answeredBy: voicemail })]
    expect(plain(collect([one, other]).collected)).toEqual(plain(collect([other, one]).collected))
  })

  it("of one order that waits give the same, though only an attempt beside it shows the difference", () => {
    const second = (answeredBy: object) =>
      attempt({ id: "attempt-2", dialedAt: "2026-03-01T11:00:00.000Z", answeredBy })
    const waits = (answeredBy: object) =>
      order({ status: "in_progress", terminal: false, attempts: [attempt(), second(answeredBy)] })
    // The first dial turns out to be the second.
    const moved = listed({ dialedAt: "2026-03-01T12:00:00.000Z", ringSeconds: 5, endedAt: "2026-03-01T12:01:00.000Z" })
    const [one, other] = [
      collect([waits(human), waits(voicemail), moved]),
      collect([waits(voicemail), waits(human), moved])
    ]
    expect(answersOf(collect([waits(voicemail), moved]), "human")).toEqual([ANSWER.no_stated])
    expect(plain(one.collected)).toEqual(plain(other.collected))
  })
})

describe("what is left out", () => {
  it("is counted by its reason", () => {
    const result = collect([
      order(),
      order({ id: "2", direction: "inbound" }),
      order({ id: "3", channel: "web" }),
      order({ id: "4", direction: "unrecognized" }),
      { kind: "call_hint", provider: "revox", event: "post_call" },
      { kind: "rejection", reason: "unknown_shape", path: "", message: "", source: "a:1", raw: {} },
      { nothing: "known" },
      17
    ])
    expect(leftOutOf(result)).toEqual({
      "not readable as a record": 2,
      "inbound call": 1,
      "call in a browser, not on a telephone": 1,
      "direction not recognised": 1,
      "hint of a call, not a record of it": 1,
      "rejected when it was normalised": 1
    })
    expect(result.collected.data).toMatchObject({ records: 8, orders: 1 })
    expect(isBalanced(result.collected)).toBe(true)
  })

  it("is judged by the record that stays: the same order twice is left out once", () => {
    const inbound = order({ direction: "inbound" })
    const result = collect([inbound, inbound, order({ status: "in_progress", terminal: false })])
    expect(result.collected.data).toMatchObject({ records: 3, orders: 0, folded: 2, leftOut: [{ count: 1 }] })
  })

  it("counts text that is no JSON", () => {
    const collector = makeCollector({
      registry: providers,
      metrics: [],
      armsBy: "provider",
      strata: [],
      timeZone: "UTC"
    })
    collector.unreadable("a:1", "expected JSON", "{")
    expect(collector.finish().data).toMatchObject({
      records: 1,
      leftOut: [{ reason: "not readable as a record", count: 1 }]
    })
  })
})

describe("hostile records", () => {
  const huge = "9".repeat(1_000_000)
  it.each([
    ["provider", order({ provider: "nobody" })],
    ["provider", order({ provider: ["revox"] })],
    ["provider", order({ provider: "__proto__" })],
    ["id", order({ id: 7 })],
    ["id", order({ id: "" })],
    ["to", order({ to: { toString: null } })],
    ["to", order({ to: null })],
    ["attempts", order({ attempts: { length: 3 } })],
    ["attempts[0]", order({ attempts: [null] })],
    ["attempts[1].status", order({ attempts: [attempt(), attempt({ status: "constructor" })] })],
    ["attempts[0].talkSeconds", order({ attempts: [attempt({ talkSeconds: "40" })] })],
    ["attempts[0].talkSeconds", order({ attempts: [attempt({ talkSeconds: Number.POSITIVE_INFINITY })] })],
    ["attempts[0].dialedAt", order({ attempts: [attempt({ dialedAt: "2026-02-30T10:00:00.000Z" })] })],
    ["attempts[0].dialedAt", order({ attempts: [attempt({ dialedAt: huge })] })],
    [
      "attempts[0].reach.because[0]",
      order({ attempts: [attempt({ reach: { value: "human", certainty: "stated", because: [1] } })] })
    ],
    [
      "attempts[0].reach.value",
      order({ attempts: [attempt({ reach: { value: "toString", certainty: "stated", because: [] } })] })
    ],
    ["attempts[0].answeredBy.certainty", order({ attempts: [attempt({ answeredBy: { value: "human" } })] })],
    [
      "attempts[0].transcript.turns[0].text",
      order({ attempts: [attempt({ transcript: { turns: [{ role: "agent", text: 1 }] } })] })
    ],
    ["attempts[0].transcript.text", order({ attempts: [attempt({ transcript: {} })] })],
    ["attempts[0].failure.kind", order({ attempts: [attempt({ failure: { kind: "hasOwnProperty" } })] })],
    ["createdAt", order({ createdAt: 1772359200 })],
    ["terminal", order({ terminal: "true" })],
    ["metadata", order({ metadata: [] })],
    ["agent.id", order({ agent: { id: 3 } })],
    ["reach", order({ reach: "human" })],
    ["reach", { ...order(), reach: undefined }],
    ["enriched.outcome", order({ enriched: { transcript: true, recording: true } })],
    ["orderId", listed({ orderId: 3 })],
    ["latencyMs", { state: "accepted", reference: "r", provider: "revox", latencyMs: -1 }],
    ["reference", { state: "accepted", reference: {}, provider: "revox" }],
    ["experiment", { state: "accepted", reference: "r", provider: "revox", experiment: { id: "e" } }],
    ["reservedAt", { state: "reserved", reference: "r", provider: "revox", reservedAt: "today" }]
  ])("cost the record, and the field is named: %s", (path, record) => {
    const result = collect([record, order({ id: "good" })])
    expect(result.refused).toMatchObject([{ source: "test:1", path }])
    expect(result.collected.data).toMatchObject({ records: 2, orders: 1 })
    expect(isBalanced(result.collected)).toBe(true)
  })

  it("never show what stood in them", () => {
    const { refused } = collect([
      order({ to: ["+12025550177"] }),
      order({ attempts: [attempt({ status: "+12025550177" })] })
    ])
    expect(refused).toHaveLength(2)
    expect(JSON.stringify(refused)).not.toContain("2025550177")
  })

  it("of any size and depth are taken", () => {
    let deep: unknown = 1
    for (let level = 0; level < 20_000; level++) deep = { id: deep, metadata: deep }
    const result = collect([
      order({ metadata: { deep }, native: { deep }, unknown: deep, to: huge }),
      order({ metadata: { deep }, native: { deep }, unknown: deep, to: huge, attemptsMade: 2 }),
      order({ metadata: { deep }, terminal: false, status: "queued", attempts: [attempt({ extracted: { deep } })] }),
      order({ id: "own proto", ...JSON.parse('{"__proto__": {"provider": "nobody"}, "constructor": 1}') }),
      order({
        id: "many",
        attempts: Array.from({ length: 70_000 }, (_, id) => attempt({ id: String(id) })),
        attemptsMade: 1e300
      }),
      order({ id: "less than none", attempts: [attempt({ talkSeconds: -5 })], attemptsMade: -3 })
    ])
    expect(result.refused).toEqual([])
    expect(result.collected.data).toMatchObject({ records: 6, orders: 4 })
    expect(result.collected.facts[0]?.mostAttempts).toBe(65_535)
    expect([...(result.collected.orders.value("talk") ?? [])]).not.toContain(-5)
  })

  it("with one key for all fold into one and do not stop it", () => {
    const { collected } = collect(Array.from({ length: 2000 }, () => order()))
    expect(collected.data).toMatchObject({ records: 2000, orders: 1, folded: 1999 })
  })
})

describe("what ended just before the latest moment", () => {
  const bare = (id: string, endedAt: string) => {
    const { answeredBy: _, talkSeconds: _t, ...rest } = attempt({ endedAt })
    return order({ id, attempts: [rest] })
  }

  it("is open and not missing, since it may still arrive; and so is a no that may become a yes", () => {
    const result = collect([
      bare("1", "2026-03-01T12:00:00.000Z"),
      bare("2", "2026-03-01T12:15:00.001Z"),
      order({
        id: "3",
        attempts: [attempt({ dialedAt: "2026-03-01T12:29:00.000Z", endedAt: "2026-03-01T12:30:00.000Z" })]
      })
    ])
    const byAge = (id: string) => [...answersOf(result, id)].toSorted((a, b) => a - b)
    expect(result.collected.data.asOf).toBe("2026-03-01T12:30:00.000Z")
    expect(byAge("human")).toEqual([ANSWER.open, ANSWER.missing, ANSWER.yes_stated])
    expect(byAge("talk")).toEqual([VALUE.missing, VALUE.open, 40])
    expect(byAge("transcript")).toEqual([ANSWER.open, ANSWER.open, ANSWER.no_stated])
  })
})

describe("strata", () => {
  it("are country, hour of the order on the clocks of the time zone, and campaign", () => {
    const { collected } = collect(
      [
        order({ campaign: { id: "c1" } }),
        // When it is dialled is the arm's doing, and no likeness from before.
        order({
          id: "2",
          to: "+33199001234",
          createdAt: "2026-07-01T22:59:00.000Z",
          attempts: [attempt({ dialedAt: "2026-07-02T08:00:00.000Z" })]
        }),
        order({ id: "3", to: "sip:somebody", attempts: [] })
      ],
      { strata: ["country", "hour", "campaign"], timeZone: "Europe/Paris" }
    )
    expect([...plain(collected).orders.stratum].toSorted()).toEqual([
      "FR · 00:00 · unknown",
      "US · 10:00 · c1",
      "unknown · 10:00 · unknown"
    ])
  })

  it("are the day of the week on those clocks, and the number that calls, of which none is kept", () => {
    const { collected } = collect(
      [
        order({ from: "+12025550199", createdAt: "2026-03-01T23:30:00.000Z" }),
        order({ id: "2", from: "+1 (202) 555-0199", createdAt: "2026-03-01T12:00:00.000Z" }),
        order({ id: "3", from: "+12025550198", createdAt: "2026-03-02T12:00:00.000Z" }),
        order({ id: "4", createdAt: "2026-03-02T12:00:00.000Z" })
      ],
      { strata: ["weekday", "caller_number"], timeZone: "Europe/Paris" }
    )
    const { strata } = collected.orders
    const [days, callers] = [0, 1].map((part) => strata.map((stratum) => stratum.split(" · ")[part]))
    // In Paris the first is placed on Monday.
    expect(days?.toSorted()).toEqual(["Monday", "Monday", "Monday", "Sunday"])
    expect(new Set(callers).size).toBe(3)
    expect(callers).toContain("unknown")
    expect(JSON.stringify(collected)).not.toMatch(/2025550/)
  })

  it("beyond the largest five hundred are pooled", () => {
    const { collected } = collect(
      Array.from({ length: MOST_STRATA + 100 }, (_, index) => [
        order({ id: `${index}`, campaign: { id: `campaign-${index}` } }),
        ...(index % 2 === 0 ? [order({ id: `${index}b`, campaign: { id: `campaign-${index}` } })] : [])
      ]).flat(),
      { strata: ["campaign"] }
    )
    expect(collected.orders.strata).toHaveLength(MOST_STRATA + 1)
    expect(plain(collected).orders.stratum.filter((stratum) => stratum === "other")).toHaveLength(100)
  })
})

describe("facts of an arm", () => {
  it("are counted over its orders", () => {
    const failed = {
      status: "failed",
      failure: { kind: "busy" },
      answered: false,
      answeredBy: undefined,
      reach: { value: "not_reached", certainty: "stated", because: [] }
    }
    const without = (fields: object) => JSON.parse(JSON.stringify(attempt(fields)))
    const doubtful = attempt({ reach: { value: "human", certainty: "stated", because: [], contradicted: true } })
    const { collected } = collect([
      order({ attemptsAllowed: 4 }),
      order({ id: "2", attemptsAllowed: 2, attempts: [without(failed)] }),
      order({ id: "3", attempts: [doubtful] }),
      order({ id: "4", attempts: [], status: "queued", terminal: false })
    ])
    expect(collected.facts).toEqual([
      {
        name: "revox",
        key: "revox",
        providers: ["revox"],
        agent: undefined,
        mostAttempts: 4,
        allowed: { orders: 2, mean: 3, variance: 1 },
        open: 1,
        verdicts: 2,
        contradicted: 1,
        dialed: 3,
        failures: new Map([["busy", 1]])
      }
    ])
  })
})

describe("what a provider does not tell", () => {
  const seven = (id: string, need: Observable): Definition => ({
    id,
    kind: "count",
    text: "",
    needs: [need],
    countsRetries: false,
    trustsVerdicts: false,
    of: () => 7
  })
  const metrics = [{ scope: "order" as const, definitions: [seven("cost", "cost"), seven("end", "end_time")] }]

  it("is not asked of its orders, and takes no memory", () => {
    const payloads = [revoxWire("a", "+12025550101"), revringWire("b", "+12025550102")]
    const all = collect(payloads, { metrics })
    expect(all.collected.orders.value("cost")).toBeUndefined()
    expect(answersOf(all, "end")).toEqual([7, 7])
    const bytesWith = (definitions: ReadonlyArray<Definition>) => {
      const collector = makeCollector({
        registry: providers,
        metrics: [{ scope: "order", definitions }],
        armsBy: "provider",
        strata: [],
        timeZone: "UTC"
      })
      payloads.forEach((payload) => collector.payload(normalize(payload)[0], () => ""))
      return collector.bytes().answers
    }
    expect(bytesWith([seven("cost", "cost")])).toBe(0)
    expect(bytesWith([seven("end", "end_time")])).toBeGreaterThan(0)
  })
})

describe("memory", () => {
  it("is at most 120 bytes for an order beside its answers", () => {
    const orders = 200_000
    const collector = makeCollector({
      registry: providers,
      metrics: [callMetric],
      armsBy: "provider",
      strata: ["country"],
      timeZone: "UTC"
    })
    for (let index = 0; index < orders; index++) {
      collector.payload(order({ id: `order-${index}`, to: `+1202555${1000 + (index % 9000)}` }), () => "")
    }
    const { columns, answers } = collector.bytes()
    expect(columns / orders).toBeLessThan(120)
    expect(answers / orders).toBeLessThan(2 + 3 * 8 + 4)
    const { data } = collector.finish()
    // No two keys of 64 bits are the same.
    expect(data).toMatchObject({ orders, folded: 0, persons: 9000 })
  })
})
