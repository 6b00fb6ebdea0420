import { describe, expect, it } from "vitest"
import { normalize } from "../../adapters/index.ts"
import { makeRevRingTwin, type RevRingTwinOptions } from "../../adapters/revring/Twin.ts"
import { isJsonObject, type PathStep, valueAt } from "../../src/domain/Json.ts"
import { stories } from "../../src/twin/stories.ts"
import { settledAt } from "../../src/twin/timeline.ts"
import type { Twin } from "../../src/twin/twin.ts"
import { ask, jsonOf, numberOf, START } from "./twinsUnderTest.ts"

const headers = { "x-api-key": "twin-key" }

type Fields = { readonly [field: string]: unknown }

const send = (twin: Twin, digits: string, more: Fields = {}, seconds = 0) =>
  ask(twin, {
    method: "POST",
    path: "/calls",
    headers,
    body: { agentId: "agent-1", toNumber: numberOf(digits), fromNumber: "+12025550199", ...more },
    now: START + seconds * 1000
  })

const sent = (twin: Twin, digits: string, more: Fields = {}, seconds = 0): string =>
  String(valueAt(jsonOf(send(twin, digits, more, seconds)), ["data", "id"]))

const get = (twin: Twin, id: string, seconds: number): unknown =>
  valueAt(jsonOf(ask(twin, { path: `/calls/${id}`, headers, now: START + seconds * 1000 })), ["data"])

const at = (value: unknown, ...path: ReadonlyArray<PathStep>): unknown => valueAt(value, path)

const itemsOf = (reply: ReturnType<typeof ask>): ReadonlyArray<Fields> => {
  const data = valueAt(jsonOf(reply), ["data"])
  return Array.isArray(data) ? data.filter(isJsonObject) : []
}

const FIELDS = [
  "agentCallerIdName",
  "agentId",
  "agentName",
  "createdAt",
  "direction",
  "durationSeconds",
  "endedAt",
  "errorMessage",
  "fromNumber",
  "hangupCause",
  "id",
  "initiatedAt",
  "metrics",
  "organizationId",
  "postCallWebhookStatus",
  "preCallWebhookStatus",
  "recordingUrl",
  "sipTrunkId",
  "startedAt",
  "status",
  "summary",
  "toNumber",
  "transcript",
  "updatedAt",
  "variables"
]

describe("a record of the RevRing twin", () => {
  it.each([1, 2, 3] as const)(
    "of generation %s has the documented fields and comes to what its story promises",
    (generation) => {
      const twin = makeRevRingTwin({ generation })
      for (const story of stories.filter(({ ending }) => ending !== undefined)) {
        const end = (settledAt(story, START, { attemptsAllowed: 1 }) - START) / 1000
        const data = get(twin, sent(twin, story.digits), end)
        expect(Object.keys({ ...Object(data) }).toSorted()).toEqual(FIELDS)
        const [record] = normalize({ data })
        if (record?.kind !== "call_order") throw new Error(`expected an order, got ${record?.kind}`)
        const ending = twin.endingOf(story)
        expect([story.name, record.status, record.reach.value]).toEqual([story.name, ending?.status, ending?.reach])
        expect([story.name, record.issues === undefined]).toEqual([story.name, story.unknownWords === undefined])
      }
    }
  )

  it("goes through the documented statuses", () => {
    const statuses = (generation: 1 | 3) => {
      const twin = makeRevRingTwin({ generation })
      const id = sent(twin, "00")
      return [0, 2, 8, 50].map((seconds) => at(get(twin, id, seconds), "status"))
    }
    expect(statuses(3)).toEqual(["QUEUED", "INITIATED", "ONGOING", "COMPLETED"])
    expect(statuses(1)).toEqual(["INITIATED", "INITIATED", "ONGOING", "COMPLETED"])
  })

  it("tells the moment of answer and the seconds from then on, null while there are none", () => {
    const twin = makeRevRingTwin()
    const id = sent(twin, "00")
    expect(get(twin, id, 5)).toMatchObject({ startedAt: null, endedAt: null, durationSeconds: null, transcript: null })
    expect(get(twin, id, 9)).toMatchObject({ startedAt: new Date(START + 8000).toISOString(), durationSeconds: null })
    expect(get(twin, id, 60)).toMatchObject({ durationSeconds: 42, hangupCause: "USER_ENDED", errorMessage: null })
  })

  it.each([
    ["04", "TRANSFERRED", null, null],
    ["05", "COMPLETED", "MAX_DURATION", null],
    ["08", "COMPLETED", "END_CALL_TOOL", null],
    ["10", "COMPLETED", "VOICEMAIL_DETECTED", null],
    ["12", "COMPLETED", "VOICEMAIL_DETECTED", null],
    ["14", "COMPLETED", "SILENCE_TIMEOUT", null],
    ["20", "FAILED", null, "SIP 486 Busy Here"],
    ["21", "FAILED", "NO_ANSWER", null],
    ["22", "FAILED", null, "SIP 480 Temporarily Unavailable"],
    ["30", "FAILED", null, "SIP 404 Not Found"],
    ["36", "FAILED", null, "The agent could not be loaded"],
    ["53", "CANCELED", null, null],
    ["70", "COMPLETED", "ROBOT_DETECTED", null],
    ["71", "WRAPPED_UP", "USER_ENDED", null]
  ])("of story %s ends %s, cause %s, error %s", (digits, status, hangupCause, errorMessage) => {
    const twin = makeRevRingTwin()
    expect(get(twin, sent(twin, digits), 2000)).toMatchObject({ status, hangupCause, errorMessage })
  })

  it("has the variables of the system merged with those of the call, which win", () => {
    const twin = makeRevRingTwin()
    const variables = { call_reference: "lead-1", language: "fr" }
    const record = get(twin, sent(twin, "00", { variables, callerIdName: "Quillworks" }), 0)
    expect(record).toMatchObject({
      agentCallerIdName: "Quillworks",
      variables: {
        direction: "outbound",
        user_number: numberOf("00"),
        agent_number: "+12025550199",
        current_time: "Mon, 02 Mar 2026 15:00:00 GMT",
        timezone: "UTC",
        ...variables
      }
    })
    expect(twin.orders).toMatchObject([{ reference: "lead-1" }])
  })
})

describe("a call at the RevRing twin", () => {
  it.each<readonly [field: string, more: Fields]>([
    ["agentId", { agentId: undefined }],
    ["toNumber", { toNumber: "0612345678" }],
    ["fromNumber", { fromNumber: undefined }],
    ["fromNumber", { fromNumber: "secret-value" }],
    ["variables", { variables: ["secret-value"] }],
    ["callerIdName", { callerIdName: "secret-value-of-the-caller" }],
    ["callerIdName", { callerIdName: "" }],
    ["skipQueue", { skipQueue: "secret-value" }]
  ])("is refused for its %s: %j", (field, more) => {
    const twin = makeRevRingTwin()
    const reply = send(twin, "00", more)
    expect(reply.status).toBe(422)
    expect(at(jsonOf(reply), "error", "message")).toMatch(new RegExp(`^${field} must be `))
    expect(String(reply.body)).not.toMatch(/secret-value|0612345678/)
    expect(twin.orders).toEqual([])
  })

  it("waits for a line, or is refused if it is not to wait", () => {
    const twin = makeRevRingTwin({ concurrencyLimit: 1 })
    const [first, second] = [sent(twin, "00"), sent(twin, "00")]
    const statuses = (seconds: number) => [first, second].map((id) => at(get(twin, id, seconds), "status"))
    expect(statuses(49)).toEqual(["ONGOING", "QUEUED"])
    expect(statuses(50)).toEqual(["COMPLETED", "INITIATED"])
    expect(send(twin, "00", { skipQueue: true }, 60).status).toBe(429)
    expect(send(twin, "00", { skipQueue: false }, 60).status).toBe(201)
    expect(send(twin, "00", { skipQueue: true }, 1000).status).toBe(201)
    expect(twin.orders).toHaveLength(4)
  })

  it("of the story about it is refused if it is not to wait", () => {
    const twin = makeRevRingTwin()
    expect(send(twin, "81", { skipQueue: true }).status).toBe(429)
    expect(get(twin, sent(twin, "81"), 59)).toMatchObject({ status: "QUEUED" })
    expect(send(makeRevRingTwin({ generation: 1 }), "81", { skipQueue: true }).status).toBe(201)
  })

  it("can be canceled since generation 2", () => {
    const cancel = (generation: 1 | 2) => {
      const twin = makeRevRingTwin({ generation })
      return ask(twin, { method: "POST", path: `/calls/${sent(twin, "62")}/cancel`, headers })
    }
    expect(cancel(1).status).toBe(404)
    expect(at(jsonOf(cancel(2)), "data", "status")).toBe("CANCELED")
  })
})

describe("batch-get of the RevRing twin", () => {
  const batch = (twin: Twin, body: Fields) =>
    ask(twin, { method: "POST", path: "/calls/batch-get", headers, body, now: START + 100_000 })

  it("gives the calls it knows, each once", () => {
    const twin = makeRevRingTwin()
    const ids = ["00", "10", "20"].map((digits) => sent(twin, digits))
    const found = itemsOf(batch(twin, { ids: [...ids.toReversed(), "unknown", ...ids] }))
    expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    expect(found[0]).toEqual(get(twin, ids[0] ?? "", 100))
  })

  it("leaves out four fields if minimal, and four more if the twin is made so", () => {
    const missing = (options: RevRingTwinOptions, minimal: boolean) => {
      const twin = makeRevRingTwin(options)
      const [item = {}] = itemsOf(batch(twin, { ids: [sent(twin, "00")], minimal }))
      return FIELDS.filter((field) => !Object.hasOwn(item, field))
    }
    const worded = ["direction", "postCallWebhookStatus", "preCallWebhookStatus", "status"]
    expect(missing({}, false)).toEqual([])
    expect(missing({}, true)).toEqual(["metrics", "summary", "transcript", "variables"])
    expect(missing({ batchGivesStatus: false }, false)).toEqual(worded)
  })

  it("takes 1 to 100 ids, since generation 3", () => {
    const twin = makeRevRingTwin()
    const statuses = [0, 1, 100, 101].map((count) => batch(twin, { ids: Array(count).fill("x") }).status)
    expect(statuses).toEqual([422, 200, 200, 422])
    expect(batch(twin, { ids: ["x"], minimal: "yes" }).status).toBe(422)
    expect(batch(makeRevRingTwin({ generation: 2 }), { ids: ["x"] }).status).toBe(405)
  })
})

describe("the list of the RevRing twin", () => {
  const list = (twin: Twin, query: string) => ask(twin, { path: "/calls", query, headers, now: START + 100_000 })

  const filled = (): Twin => {
    const twin = makeRevRingTwin()
    for (let second = 0; second < 60; second++) {
      sent(twin, String(second).padStart(2, "0"), { agentId: `agent-${second % 2}` }, second)
    }
    return twin
  }

  const seconds = (twin: Twin, query: string) =>
    itemsOf(list(twin, query)).map(({ createdAt }) => (Date.parse(String(createdAt)) - START) / 1000)

  it("holds the newest 50 first", () => {
    expect(seconds(filled(), "")).toEqual(Array.from({ length: 50 }, (_, index) => 59 - index))
  })

  it("is sorted, filtered and cut as asked", () => {
    const twin = filled()
    const [from, to] = [START + 10_000, START + 14_000].map((instant) => new Date(instant).toISOString())
    expect(seconds(twin, "sortBy=createdAt&sortDir=asc&pageSize=3")).toEqual([0, 1, 2])
    expect(seconds(twin, `createdFrom=${from}&createdTo=${to}`)).toEqual([14, 13, 12, 11, 10])
    expect(seconds(twin, `createdFrom=${from}&createdTo=${to}&agentId=agent-1`)).toEqual([13, 11])
    expect(seconds(twin, "pageSize=100")).toHaveLength(60)
  })

  it.each(["pageSize=101", "pageSize=0", "sortBy=status", "sortDir=up", "createdFrom=soon", "createdTo=2026-03-02"])(
    "refuses %s",
    (query) => {
      expect(list(makeRevRingTwin(), query).status).toBe(422)
    }
  )
})

describe("the agents of the RevRing twin", () => {
  it("are always the same few, with their numbers in them", () => {
    const agents = (twin: Twin) => itemsOf(ask(twin, { path: "/agents", headers }))
    const first = agents(makeRevRingTwin())
    expect(first).toHaveLength(2)
    expect(agents(makeRevRingTwin({ seed: "another", generation: 1 }))).toEqual(first)
    expect(first[0]).toMatchObject({ status: "active", phoneNumbers: [{ e164: "+12025550199" }] })
    expect(ask(makeRevRingTwin(), { path: "/agents" }).status).toBe(401)
  })
})
