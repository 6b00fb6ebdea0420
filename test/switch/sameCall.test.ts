import { describe, expect, it } from "vitest"
import { compareTellings } from "../../adapters/compare.ts"
import { normalize, providers } from "../../adapters/index.ts"
import type { CallOrder } from "../../src/domain/CallOrder.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import { compareTellings as compareBy } from "../../src/switch/sameCall.ts"
import { readOrders } from "./pairs.ts"
import { scriptedCall } from "./scriptedCalls.ts"
import { tellers } from "./tellers.ts"

const orderIn = (body: JsonObject): CallOrder => {
  const [record] = normalize(body)
  if (record?.kind !== "call_order") throw new Error("expected an order")
  return record
}

const revox = (more: JsonObject = {}, attempt: JsonObject = {}): CallOrder =>
  orderIn({
    id: "order-1",
    to_phone_number: "+12025550100",
    from_phone_number: "+12025550199",
    direction: "outbound",
    status: "completed",
    created_at: "2026-11-20T10:00:00Z",
    metadata: { reference: "lead-1", campaign: "spring" },
    call_attempts: [
      {
        id: "attempt-1",
        phone_number: "+12025550100",
        status: "completed",
        started_at: "2026-11-20T10:00:02Z",
        answered_at: "2026-11-20T10:00:08Z",
        ended_at: "2026-11-20T10:00:50Z",
        result: "human",
        ended_by: "user",
        transcript: [
          { role: "assistant", content: "Hello, this is Quillworks." },
          { role: "user", content: "Yes?" }
        ],
        ...attempt
      }
    ],
    ...more
  })

const revring = (more: JsonObject = {}): CallOrder =>
  orderIn({
    id: "call-1",
    direction: "OUTBOUND",
    status: "COMPLETED",
    fromNumber: "+12025550199",
    toNumber: "+12025550100",
    createdAt: "2026-11-20T10:00:00.300Z",
    initiatedAt: "2026-11-20T10:00:02.300Z",
    startedAt: "2026-11-20T10:00:08.400Z",
    endedAt: "2026-11-20T10:00:50.200Z",
    durationSeconds: 42,
    hangupCause: "USER_ENDED",
    variables: { call_reference: "lead-1" },
    transcript: [
      { role: "assistant", content: "Hello, this is Quillworks. " },
      { role: "user", content: "Yes?" }
    ],
    ...more
  })

const NOBODY = { durationSeconds: null, startedAt: null, transcript: null, hangupCause: "NO_ANSWER", status: "FAILED" }

describe("two records of one call", () => {
  it("say the same, but for what one of them is declared not to tell", () => {
    const { same, declared, differences } = compareTellings(revox(), revring())
    expect(differences).toEqual([])
    expect(same).toEqual(expect.arrayContaining(["status", "reach", "reference", "attempts[0].transcript"]))
    expect(declared).toContainEqual({
      field: "metadata",
      because: { provider: "revring", declaration: "capabilities.metadata", text: "RevRing has no metadata." }
    })
  })

  it("differ where both tell something, and it is not the same", () => {
    const { differences } = compareTellings(
      revox(),
      revring({ toNumber: "+12025550101", endedAt: "2026-11-20T10:01:50Z" })
    )
    expect(differences).toEqual([
      { field: "to", a: "one value", b: "another value" },
      { field: "attempts[0].to", a: "one value", b: "another value" },
      { field: "attempts[0].endedAt", a: "earlier", b: "later" }
    ])
  })

  it("differ where one is silent though it declares that it tells", () => {
    const { differences } = compareTellings(revox({}, { transcript: null }), revring())
    expect(differences).toEqual([
      { field: "enriched", a: "missing", b: "arrived" },
      { field: "attempts[0].transcript", a: "not told", b: "told" }
    ])
  })

  it("may be less sure of who answered, and must not be sure of another", () => {
    const screened = revring({ hangupCause: "VOICEMAIL_DETECTED", transcript: [] })
    const of = (result: string) =>
      compareTellings(revox({}, { result, ended_by: "agent", end_reason: "voicemail", transcript: [] }), screened)
    expect(of("ios-screening-filter").differences).toEqual([])
    expect(of("ios-screening-filter").declared).toContainEqual({
      field: "reach",
      because: {
        provider: "revring",
        declaration: "evidence.call_screening",
        text: "RevRing does not tell that call screening answered."
      }
    })
    expect(of("human").differences.map(({ field }) => field)).toContain("reach")
  })

  it("have each its own status of a call that reached nobody", () => {
    const rungOut = {
      answered_at: null,
      result: null,
      dial_error: "no_answer",
      status: "error",
      transcript: null,
      ended_by: null
    }
    const { declared, differences } = compareTellings(revox({}, rungOut), revring(NOBODY))
    expect(differences).toEqual([])
    expect(declared).toContainEqual({
      field: "status",
      because: {
        provider: "revox",
        declaration: "endings.order",
        text: "Of an order that reached nobody Revox says completed, RevRing says failed."
      }
    })
    // A status that its provider does not declare for such an end is none that is expected.
    const { differences: wrong } = compareTellings(
      revox({ status: "errored" }, rungOut),
      revring({ ...NOBODY, status: "COMPLETED" })
    )
    expect(wrong).toContainEqual({ field: "status", a: "failed", b: "completed" })
  })

  it("count as many dials: where a provider does not redial, all of its orders are given", () => {
    const redialed = revox({
      call_attempts: [
        {
          id: "attempt-2",
          phone_number: "+12025550100",
          status: "completed",
          result: "human",
          started_at: "2026-11-20T12:00:00Z",
          answered_at: "2026-11-20T12:00:06Z",
          ended_at: "2026-11-20T12:00:48Z",
          ended_by: "user"
        },
        {
          id: "attempt-1",
          phone_number: "+12025550100",
          status: "error",
          dial_error: "no_answer",
          started_at: "2026-11-20T10:00:02Z",
          answered_at: null,
          ended_at: "2026-11-20T10:00:32Z"
        }
      ]
    })
    const first = revring({ ...NOBODY, endedAt: "2026-11-20T10:00:32Z" })
    const second = revring({
      id: "call-2",
      createdAt: "2026-11-20T12:00:00Z",
      initiatedAt: "2026-11-20T12:00:00Z",
      startedAt: "2026-11-20T12:00:06Z",
      endedAt: "2026-11-20T12:00:48Z",
      variables: { call_reference: "lead-1-2" },
      transcript: null
    })
    // In any order.
    expect(compareTellings(redialed, [second, first]).differences).toEqual([])
    expect(compareTellings(redialed, second).differences).toContainEqual({ field: "attempts", a: "2", b: "1" })
  })

  it("need an order on each side, of one known provider", () => {
    expect(() => compareTellings([], revring())).toThrow(RangeError)
    expect(() => compareTellings(revox(), [revring(), { ...revox(), id: revring().id }])).toThrow("of several")
    const { revox: adapter } = { revox: tellers.revox.adapter }
    expect(() => compareBy([], revox(), { a: adapter, b: adapter })).toThrow("got none")
  })
})

describe("two calls that were made alike", () => {
  const later = revring({
    fromNumber: "+12025550188",
    variables: { call_reference: "lead-1-again" },
    createdAt: "2026-11-21T08:00:00Z",
    initiatedAt: "2026-11-21T08:00:03Z",
    startedAt: "2026-11-21T08:00:20Z",
    endedAt: "2026-11-21T08:02:00Z",
    durationSeconds: 100,
    transcript: [
      { role: "assistant", content: "Good morning." },
      { role: "user", content: "Hello?" },
      { role: "assistant", content: "This is Quillworks." }
    ]
  })

  it("have moments, lengths and words of their own", () => {
    expect(compareTellings(revox(), later).differences.length).toBeGreaterThan(3)
    expect(compareTellings(revox(), later, { calls: "two" }).differences).toEqual([])
  })

  it("must come to the same all the same", () => {
    const { differences } = compareTellings(revox(), { ...later, status: "canceled" }, { calls: "two" })
    expect(differences).toEqual([{ field: "status", a: "completed", b: "canceled" }])
    const silent = revring({ ...NOBODY, createdAt: "2026-11-21T08:00:00Z" })
    expect(compareTellings(revox(), silent, { calls: "two" }).differences.map(({ field }) => field)).toContain("reach")
  })
})

describe("what is told only where it is set up", () => {
  const call = { ...scriptedCall("1"), isInbound: false, detectsVoicemail: false }
  const mailbox = { ringSeconds: 5, answeredBy: "voicemail", talkSeconds: 12, end: "voicemail", turns: [] } as const
  const withMailbox = {
    ...call,
    story: { ...call.story, attempts: [mailbox] },
    timeline: {},
    now: call.placedAt + 86_400_000
  }
  const [a, b] = [readOrders(tellers.revox.tell(withMailbox)), readOrders(tellers.vapi.tell(withMailbox))]

  it("may be missing, unless it is said that it was", () => {
    expect(compareTellings(a, b).differences).toEqual([])
    expect(compareTellings(a, b, { setUp: ["voicemail"] }).differences.map(({ field }) => field)).toContain(
      "attempts[0].disconnect"
    )
  })
})

describe("who answered, of two that know it in the same way", () => {
  const call = { ...scriptedCall("1"), isInbound: false, timeline: {} }
  const mailbox = { ringSeconds: 5, answeredBy: "voicemail", talkSeconds: 12, end: "voicemail", turns: [] } as const
  const read = (detectsVoicemail: boolean) =>
    readOrders(
      tellers.vapi.tell({
        ...call,
        detectsVoicemail,
        story: { ...call.story, attempts: [mailbox] },
        now: call.placedAt + 86_400_000
      })
    )

  it("may be missed only where it may not be set up", () => {
    expect(compareTellings(read(true), read(false)).differences).toEqual([])
    const strict = compareTellings(read(true), read(false), { setUp: ["voicemail"] })
    expect(strict.differences.map(({ field }) => field)).toContain("reach")
  })
})

describe("an excuse of a provider that has no word for a thing", () => {
  const call = { ...scriptedCall("1"), isInbound: false, timeline: {} }
  const talk = { ringSeconds: 5, answeredBy: "human", talkSeconds: 12, end: "max_duration", turns: [] } as const
  const talked = { ...call, story: { ...call.story, attempts: [talk] }, now: call.placedAt + 86_400_000 }
  const read = (id: "revox" | "revring" | "vapi", attempt: Partial<CallOrder["attempts"][number]> = {}) =>
    readOrders(tellers[id].tell(talked)).map((order) => ({
      ...order,
      attempts: order.attempts.map((each) => ({ ...each, ...attempt }))
    }))

  it("covers no start time, and not that the call goes on before it", () => {
    const scheduled = revox({ status: "scheduled", call_attempts: [] })
    const waiting = { startedAt: null, endedAt: null, durationSeconds: null, hangupCause: null, transcript: null }
    const statusIn = (status: string) =>
      compareTellings(scheduled, revring({ ...waiting, status })).differences.filter(({ field }) => field === "status")
    expect(statusIn("QUEUED")).toEqual([])
    expect(statusIn("ONGOING")).toEqual([{ field: "status", a: "scheduled", b: "in_progress" }])
  })

  it("covers no dial that failed though somebody was on the line", () => {
    expect(compareTellings(read("revox"), read("vapi")).differences).toEqual([])
    expect(compareTellings(read("revox", { status: "failed" }), read("vapi")).differences).toEqual([
      { field: "attempts[0].status", a: "failed", b: "ended" }
    ])
  })

  it("covers no other end that there is a word for", () => {
    expect(compareTellings(read("revox"), read("revring")).differences).toEqual([])
    const transferred = read("revox", { disconnect: { by: "system", reason: "transferred" } })
    expect(compareTellings(transferred, read("revring")).differences).toEqual([
      { field: "attempts[0].disconnect", a: "transferred", b: "max_duration" }
    ])
  })
})

describe("what is found", () => {
  it("holds no value of a record", () => {
    const secret = "zefira-7391"
    const values = { first_name: secret, ["__proto__"]: secret }
    const { issues: _, ...one } = revox(
      { metadata: { reference: `ref-${secret}`, ...values }, prompt_variables: values, outcome_summary: secret },
      {
        recording_url: `https://${secret}.example`,
        structured_output: { secret },
        transcript: [{ role: "user", content: secret }]
      }
    )
    const other = revring({
      toNumber: "+33199001234",
      summary: secret,
      variables: { call_reference: `other-${secret}`, first_name: `${secret}-2` },
      transcript: [{ role: "user", content: `${secret} ${secret}` }],
      recordingUrl: null
    })
    const found = compareTellings(one, other)
    expect(found.differences.map(({ field }) => field)).toEqual(
      expect.arrayContaining(["reference", "variables", "to", "attempts[0].transcript", "attempts[0].recordingUrl"])
    )
    const text = JSON.stringify(found)
    for (const value of [secret, "3319900", "20255501"]) expect(text).not.toContain(value)
  })

  it("names no provider of which nothing is declared", () => {
    const ids = new Set<string>(providers.ids)
    const { declared } = compareTellings(revox(), revring())
    expect(declared.length).toBeGreaterThan(0)
    for (const { because } of declared) {
      expect(ids.has(because.provider)).toBe(true)
      expect(because.text).not.toBe("")
    }
  })

  it("is found of transcripts with many turns, and of one text", () => {
    const long = Array.from({ length: 20_000 }, (_, index) => ({
      role: index % 2 === 0 ? "assistant" : "user",
      content: "x"
    }))
    expect(compareTellings(revox({}, { transcript: long }), revring({ transcript: long })).differences).toEqual([])
    const inOneText = compareTellings(revox(), revring({ transcript: "Hello. Yes?" }))
    expect(inOneText.differences).toContainEqual({ field: "attempts[0].transcript", a: "turns", b: "one text" })
  })
})
