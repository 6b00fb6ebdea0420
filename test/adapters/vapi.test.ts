/** What the fixtures of Vapi alone cannot show: secrets, folding, and messages among records. */
import { describe, expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import { openCalls } from "../../adapters/promise.ts"
import { goalFrom } from "../../adapters/vapi/Analysis.ts"
import { endedReasonWords } from "../../adapters/vapi/EndedReason.ts"
import { isOverAttempt } from "../../src/domain/CallStatus.ts"
import { makeNormalizer } from "../../src/normalize/Normalizer.ts"
import { fixturesOf } from "./fixtures.ts"

const { fold, normalize } = makeNormalizer(providers)
const fixtures = fixturesOf("vapi")

const wireOf = (name: string): unknown => fixtures.find((fixture) => fixture.name === name)?.wire

/** A call that is over, as `GET /call` tells it. */
const ended = {
  id: "call-1",
  orgId: "org-1",
  createdAt: "2026-03-02T15:00:00.000Z",
  updatedAt: "2026-03-02T15:02:00.000Z",
  type: "outboundPhoneCall",
  status: "ended",
  endedAt: "2026-03-02T15:01:20.000Z",
  customer: { number: "+12025550101" }
}

const attemptOf = (...payloads: ReadonlyArray<unknown>) => {
  const [record] = fold(payloads)
  if (record?.kind !== "call_order") throw new Error("expected an order")
  return { reach: record.reach, ...record.attempts[0] }
}

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

describe("addresses that Vapi calls lose what opens them", () => {
  const ADDRESS = "https://user:S@host.example.org/v1?key=S"
  const SHOWN = "https://[redacted]@host.example.org/v1?key=[redacted]"

  it.each([
    ["the server of an assistant", { assistant: { server: { url: ADDRESS } } }],
    ["its older form", { assistant: { serverUrl: ADDRESS } }],
    ["a model of one's own", { assistant: { model: { provider: "custom-llm", url: ADDRESS, model: "m" } } }],
    ["a voice of one's own", { assistant: { voice: { server: { url: ADDRESS } } } }],
    ["a transcriber of one's own", { assistantOverrides: { transcriber: { server: { url: ADDRESS } } } }],
    ["the sound behind an assistant", { assistant: { backgroundSound: ADDRESS } }],
    ["the same, changed for the call", { assistantOverrides: { backgroundSound: ADDRESS } }],
    ["a log", { artifact: { logUrl: ADDRESS, pcapUrl: ADDRESS } }],
    ["the server of a squad's member", { squad: { members: [{ assistant: { server: { url: ADDRESS } } }] } }]
  ])("%s", (_, more) => {
    const [record] = normalize({ ...ended, ...more })
    expect(record).toMatchObject({ native: JSON.parse(JSON.stringify(more).replaceAll(ADDRESS, SHOWN)) })
  })

  it("but not a sound that is named by a word", () => {
    const assistant = { backgroundSound: "office" }
    expect(normalize({ ...ended, assistant })).toMatchObject([{ native: { assistant } }])
  })

  it.each([
    ["a call in a browser", { transport: { callUrl: ADDRESS } }],
    ["the same, in older records", { webCallUrl: ADDRESS }],
    ["a call over a web socket", { transport: { websocketCallUrl: ADDRESS } }]
  ])("wholly: %s", (_, more) => {
    const [record] = normalize({ ...ended, ...more })
    expect(record).toMatchObject({ native: JSON.parse(JSON.stringify(more).replaceAll(ADDRESS, "[redacted]")) })
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

  /** A call whose answers differ only in what is made for each of them. */
  const readNumber = (read: number, more: object = {}) => ({
    ...ended,
    artifact: {
      presignedMonoUrl: `https://storage.example.com/call-1.wav?X-Signature=${read}`,
      presignedUrlsExpiresAt: new Date(Date.UTC(2026, 2, 2, 16, 0, read)).toISOString()
    },
    ...more
  })

  it("tell nothing of when presigned addresses expire", () => {
    const [first, second] = [1, 2].map((read) => fold([readNumber(read)]))
    expect(first).toEqual(second)
    expect(fold([readNumber(1), readNumber(2)])).toEqual(first)
  })

  it("are one record to whoever watches", async () => {
    let reads = 0
    const answer = () => {
      reads += 1
      return readNumber(reads, reads < 6 ? { status: "in-progress", endedAt: undefined } : {})
    }
    const calls = await openCalls({
      vapi: { apiKey: "key-of-the-test" },
      fetch: () => Promise.resolve(Response.json(answer())),
      poll: { firstSeconds: 0.001, longestSeconds: 0.002 }
    })
    const seen: Array<string> = []
    for await (const { status } of calls.watch("vapi:call-1", { deadlineSeconds: 60 })) seen.push(status)
    await calls.close()
    expect(reads).toBe(6)
    expect(seen).toEqual(["in_progress", "completed"])
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

describe("a code in `endedMessage`", () => {
  it.each([
    ["assistant-request-returned-error", "Your server responded with status code 500"],
    ["pipeline-error-openai-llm-failed", "error code 429: Too many requests"],
    ["call.in-progress.error-vapifault-worker-died", "response 503"],
    ["call.start.error-subscription-concurrency-limit-reached", "status 429"]
  ])("is not SIP's with %s", (endedReason, endedMessage) => {
    const { failure } = attemptOf({ ...ended, endedReason, endedMessage })
    expect(failure).toMatchObject({ message: endedMessage })
    expect(failure).not.toHaveProperty("sipCode")
  })

  it.each([
    ["customer-busy", "SIP 486 Busy Here", { kind: "busy", sipCode: 486 }],
    ["customer-did-not-answer", "SIP 487 Request Terminated", { kind: "no_answer", sipCode: 487 }],
    ["twilio-failed-to-connect-call", "SIP 603 Decline", { kind: "declined", sipCode: 603 }],
    [
      "call.in-progress.error-providerfault-outbound-sip-403-forbidden",
      "SIP 404 Not Found",
      { kind: "not_permitted", sipCode: 403 }
    ]
  ])("is SIP's with %s", (endedReason, endedMessage, failure) => {
    expect(attemptOf({ ...ended, endedReason, endedMessage }).failure).toEqual({ ...failure, message: endedMessage })
  })
})

it.each(["abc-480", "4801-unknown"])("a word that goes on with %s holds no code of SIP", (rest) => {
  const endedReason = `call.in-progress.error-providerfault-outbound-sip-${rest}`
  const { failure } = attemptOf({ ...ended, endedReason })
  expect(failure).toEqual({ kind: "unclassified" })
})

it.each([
  ["numAssistantInterrupted", { byRemote: 2 }],
  ["numUserInterrupted", { byAgent: 2 }]
])("interruptions are told where the record has %s alone", (name, told) => {
  const { timing } = attemptOf({ ...ended, artifact: { performanceMetrics: { [name]: 2 } } })
  expect(timing?.interruptions).toEqual({ ...told, source: "artifact.performanceMetrics" })
})

describe("a connection outwards that failed", () => {
  const generic = {
    endedReason: "call.in-progress.error-sip-outbound-call-failed-to-connect",
    endedMessage: "SIP 486 Busy Here"
  }
  const unavailable = {
    endedReason: "call.in-progress.error-providerfault-outbound-sip-503-service-unavailable"
  }
  const greeting = { role: "bot", message: "Hello, how can I help?" }
  const talk = [greeting, { role: "user", message: "I should like to speak to a person." }]
  const transferCall = {
    role: "tool_calls",
    toolCalls: [{ id: "t", function: { name: "transferCall", arguments: "{}" } }]
  }
  const update = (more: object, call: object = {}) => ({
    message: {
      type: "status-update",
      timestamp: Date.parse("2026-03-02T15:01:21.000Z"),
      status: "ended",
      ...more,
      call: { ...ended, status: "in-progress", endedAt: undefined, ...call }
    }
  })

  it.each([
    ["an inbound call", { type: "inboundPhoneCall", ...generic }],
    ["an inbound call, by the word", { type: "inboundPhoneCall", ...unavailable }],
    ["a call in a browser", { type: "webCall", endedReason: "twilio-failed-to-connect-call" }],
    ["a call in a browser, refused", { type: "webCall", endedReason: "vonage-rejected" }],
    ["an outbound call with a talk", { ...unavailable, artifact: { messages: talk } }],
    ["one whose list of transfers is empty", { ...generic, artifact: { messages: talk, transfers: [] } }],
    ["one with a call of the tool", { ...generic, artifact: { messages: [greeting, transferCall], transfers: [] } }]
  ])("is the third party's in %s", (_, more) => {
    const attempt = attemptOf({ ...ended, ...more })
    expect(attempt).toMatchObject({
      disconnect: { reason: "transfer_failed", by: "system" },
      transfer: { state: "not_connected" }
    })
    expect(attempt).not.toHaveProperty("failure")
    expect(["not_reached", "failed"]).not.toContain(attempt.reach.value)
  })

  it.each([
    ["with a talk", update({ ...unavailable, artifact: { messages: talk } })],
    ["about an inbound call", update(generic, { type: "inboundPhoneCall" })]
  ])("is the third party's in a status-update %s", (_, message) => {
    const attempt = attemptOf(message)
    expect(attempt.disconnect).toEqual({ reason: "transfer_failed", by: "system" })
    expect(attempt).not.toHaveProperty("failure")
  })

  it("is the third party's if one message tells the reason and another record the talk", () => {
    const payloads = [update(unavailable), { ...ended, endedReason: undefined, artifact: { messages: talk } }]
    for (const each of [payloads, payloads.toReversed()]) {
      const attempt = attemptOf(...each)
      expect(attempt.disconnect).toEqual({ reason: "transfer_failed", by: "system" })
      expect(attempt).not.toHaveProperty("failure")
    }
  })

  it.each([
    ["nothing was said", { ...generic, artifact: { messages: [], transfers: [] } }],
    ["only the agent spoke", { ...generic, artifact: { messages: [greeting] } }],
    ["the type is of no list", { ...generic, type: "faxCall" }],
    ["there is no type", { ...generic, type: undefined }]
  ])("is the customer's where %s", (_, more) => {
    expect(attemptOf({ ...ended, ...more })).toMatchObject({
      reach: { value: "not_reached" },
      failure: { kind: "busy", sipCode: 486 }
    })
  })
})

describe("a call whose status is of no use", () => {
  const { status: _, endedAt: __, ...still } = ended

  it.each([
    ["a status that nobody explains", { status: "deletion-failed", endedReason: "customer-ended-call" }],
    ["none", { endedReason: "customer-ended-call" }],
    ["a reason that nobody knows", { status: "deletion-failed", endedReason: "robot-detected" }],
    ["a time of the end", { endedAt: "2026-03-02T15:01:20.000Z" }]
  ])("is over by its reason or time: %s", (_about, more) => {
    const [record] = fold([{ ...still, ...more }])
    expect(record).toMatchObject({ status: "unrecognized", terminal: true })
  })

  it.each([
    ["customer-ended-call", "answered"],
    ["voicemail", "voicemail"],
    ["customer-busy", "not_reached"],
    ["call.start.error-subscription-frozen", "failed"]
  ])("has reached by %s: %s", (endedReason, reach) => {
    for (const status of [undefined, "deletion-failed"]) {
      const [record] = fold([{ ...still, status, endedReason }])
      expect(record).toMatchObject({ reach: { value: reach }, attempts: [{ reach: { value: reach } }] })
      expect(record?.kind === "call_order" && record.attempts.every(isOverAttempt)).toBe(true)
    }
  })

  it.each(["manually-canceled", "scheduled-call-deleted"])("is canceled by %s", (endedReason) => {
    for (const status of [undefined, "deletion-failed"]) {
      expect(fold([{ ...still, status, endedReason }])).toMatchObject([
        { status: "canceled", terminal: true, reach: { value: "canceled" }, attempts: [{ status: "canceled" }] }
      ])
    }
  })

  it.each([
    ["neither", {}],
    ["an empty reason", { endedReason: "" }]
  ])("goes on with %s", (_about, more) => {
    const [record] = fold([{ ...still, ...more }])
    expect(record).toMatchObject({ status: "unrecognized" })
    expect(record).not.toHaveProperty("terminal", true)
  })

  it("is over by the reason in a status-update too", () => {
    const [record] = fold([
      {
        message: {
          type: "status-update",
          timestamp: 1772463681000,
          status: "deletion-failed",
          endedReason: "customer-busy",
          call: still
        }
      }
    ])
    expect(record).toMatchObject({ status: "unrecognized", terminal: true })
  })

  it.each(["customer-ended-call", "manually-canceled"])(
    "goes on by a status that is known, despite %s",
    (endedReason) => {
      const [record] = fold([{ ...still, status: "in-progress", endedReason }])
      expect(record).toMatchObject({ status: "in_progress", terminal: false, attempts: [{ status: "in_progress" }] })
    }
  )
})

describe("resources of Vapi that are no calls", () => {
  const { id, orgId, createdAt, updatedAt } = ended
  const resource = { id, orgId, createdAt, updatedAt }

  it.each([
    ["a session", { status: "completed", messages: [{ role: "user", content: "hi" }], assistantId: "a", cost: 0.1 }],
    ["a session that goes on", { status: "active", expirationSeconds: 86_400, messages: [] }],
    ["a tool", { type: "endCall", messages: [{ type: "request-start", content: "bye" }] }],
    ["a tool with its version", { type: "dtmf", latestVersion: 1 }],
    ["an insight", { type: "text", name: "calls" }],
    ["a file", { object: "file", name: "kb.pdf", status: "done", bytes: 3 }],
    ["a campaign", { status: "ended", endedReason: "campaign.ended.success", name: "spring", calls: {}, dialPlan: [] }],
    ["a chat", { messages: [], output: [], assistantId: "a" }],
    ["a structured output", { type: "ai", name: "lead", schema: {} }],
    ["a scorecard", { name: "quality", metrics: [] }]
  ])("%s is rejected, alone and in a page", (_about, more) => {
    const body = { ...resource, ...more }
    for (const payload of [body, [body], { results: [body], metadata: {} }]) {
      expect(normalize(payload)).toMatchObject([{ kind: "rejection", reason: "unknown_shape" }])
    }
  })

  it.each([
    ["a status", { status: "ended" }],
    ["a reason", { endedReason: "customer-ended-call" }]
  ])("but a call of a new type with %s is read, with an issue", (_about, more) => {
    const records = normalize({ ...resource, type: "faxCall", ...more })
    expect(records).toMatchObject([{ kind: "call_order", id, direction: "unrecognized" }])
    expect(records[0]).toHaveProperty(
      "issues",
      expect.arrayContaining([{ path: "type", reason: "unknown_word", raw: "faxCall" }])
    )
  })

  it("but nothing of a new type without them is passed over in silence", () => {
    expect(normalize({ ...resource, type: "faxCall" })).toMatchObject([{ kind: "rejection", reason: "unknown_shape" }])
  })
})
