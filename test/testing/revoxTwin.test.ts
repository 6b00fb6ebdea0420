import { describe, expect, it } from "vitest"
import { normalize } from "../../adapters/index.ts"
import { makeRevoxTwin, type RevoxTwinOptions } from "../../adapters/revox/Twin.ts"
import { type PathStep, valueAt } from "../../src/domain/Json.ts"
import { stories } from "../../src/twin/stories.ts"
import { settledAt } from "../../src/twin/timeline.ts"
import type { Twin } from "../../src/twin/twin.ts"
import { ask, jsonOf, numberOf, START } from "./twinsUnderTest.ts"

const headers = { authorization: "Bearer twin-key" }

type Fields = { readonly [field: string]: unknown }

const create = (twin: Twin, digits: string, more: Fields = {}, seconds = 0) =>
  ask(twin, {
    method: "POST",
    path: "/call",
    headers,
    body: { phone_number: numberOf(digits), assistant_id: "asst-1", ...more },
    now: START + seconds * 1000
  })

const created = (twin: Twin, digits: string, more: Fields = {}, seconds = 0): string =>
  String(valueAt(jsonOf(create(twin, digits, more, seconds)), ["call", "id"]))

const get = (twin: Twin, id: string, seconds: number): unknown =>
  valueAt(jsonOf(ask(twin, { path: `/call/${id}`, headers, now: START + seconds * 1000 })), ["call"])

const at = (value: unknown, ...path: ReadonlyArray<PathStep>): unknown => valueAt(value, path)

const keysOf = (value: unknown): ReadonlyArray<string> => Object.keys({ ...Object(value) }).toSorted()

const list = (twin: Twin, query: string, seconds = 100): ReadonlyArray<unknown> => {
  const reply = ask(twin, { path: "/call", query, headers, now: START + seconds * 1000 })
  const calls = valueAt(jsonOf(reply), ["calls"])
  return Array.isArray(calls) ? calls : [reply.status]
}

const ORDER_V1 = [
  "call_attempts",
  "call_retry_config",
  "calls_count",
  "created_at",
  "direction",
  "first_sentence_delay_ms",
  "from_phone_number",
  "id",
  "is_cancelled",
  "is_completed",
  "last_call_attempt",
  "llm_model",
  "metadata",
  "scheduled_at",
  "to_phone_number"
]
const ORDER_V2 = [...ORDER_V1, "assistant", "campaign", "organization_id", "status"]
const ORDER_V4 = [...ORDER_V2, "outcome", "outcome_summary", "prompt_variables", "updated_at"]

const ATTEMPT_V1 = [
  "answered_at",
  "ended_at",
  "id",
  "phone_number",
  "recording_url",
  "result",
  "started_at",
  "status",
  "structured_output",
  "transcript"
]
const ATTEMPT_V2 = [...ATTEMPT_V1, "dial_error", "end_reason", "ended_by"]

const RETRY_V1 = ["calling_windows", "max_retry_attempts"]

describe("a record of the Revox twin", () => {
  it.each([
    ["V1", [...ORDER_V1, "next_call_at"], ATTEMPT_V1, RETRY_V1, 0],
    ["V2", ORDER_V2, ATTEMPT_V2, RETRY_V1, 23],
    ["V4", ORDER_V4, ATTEMPT_V2, [...RETRY_V1, "allowed_days", "call_twice_in_a_row"], 39],
    [
      "V5",
      [...ORDER_V4, "assignee", "contact"],
      [...ATTEMPT_V2, "assistants_used", "email_log", "handled_by_ai", "handled_by_human", "handled_by_user"],
      [...RETRY_V1, "allowed_days", "call_twice_in_a_row"],
      53
    ]
  ] as const)("has the fields of %s", (apiVersion, order, attempt, retry, assistant) => {
    const twin = makeRevoxTwin({ apiVersion })
    const record = get(twin, created(twin, "00"), 100)
    expect(keysOf(record)).toEqual(order.toSorted())
    expect(keysOf(at(record, "call_attempts", 0))).toEqual(attempt.toSorted())
    expect(keysOf(at(record, "call_retry_config"))).toEqual(retry.toSorted())
    expect(keysOf(at(record, "assistant"))).toHaveLength(assistant)
  })

  it.each(["V1", "V2", "V4", "V5"] as const)("of %s comes to what its story promises", (apiVersion) => {
    const twin = makeRevoxTwin({ apiVersion })
    for (const story of stories.filter(({ ending }) => ending !== undefined)) {
      const id = created(twin, story.digits)
      const end = (settledAt(story, START, { attemptsAllowed: 3 }) - START) / 1000
      const [record] = normalize({ call: get(twin, id, end) })
      if (record?.kind !== "call_order") throw new Error(`expected an order, got ${record?.kind}`)
      const ending = twin.endingOf(story)
      expect([story.name, record.status, record.reach.value]).toEqual([story.name, ending?.status, ending?.reach])
      const isStrange = story.unknownWords === "details" || (story.unknownWords === "status" && apiVersion !== "V1")
      expect([story.name, record.issues !== undefined]).toEqual([story.name, isStrange])
    }
  })

  it("goes through the documented statuses", () => {
    const twin = makeRevoxTwin()
    const id = created(twin, "40")
    const statuses = [0, 1, 2, 32, 7232, 7238, 7280].map((seconds) => {
      const record = get(twin, id, seconds)
      return [at(record, "status"), at(record, "calls_count"), at(record, "last_call_attempt", "status")]
    })
    expect(statuses).toEqual([
      ["initializing", 0, undefined],
      ["queued_for_calling", 0, undefined],
      ["calling", 1, "ringing"],
      ["scheduled", 1, "error"],
      ["calling", 2, "ringing"],
      ["calling", 2, "ongoing"],
      ["completed", 2, "completed"]
    ])
  })

  it("of V5 goes through the words that only a filter documents, and no older one does", () => {
    const statuses = (apiVersion: "V4" | "V5", digits: string, seconds: ReadonlyArray<number>) => {
      const twin = makeRevoxTwin({ apiVersion })
      const id = created(twin, digits)
      return seconds.map((second) => at(get(twin, id, second), "status"))
    }
    expect(statuses("V5", "00", [49, 50, 57, 58])).toEqual([
      "calling",
      "post_processing",
      "post_processing",
      "completed"
    ])
    expect(statuses("V4", "00", [49, 50, 58])).toEqual(["calling", "completed", "completed"])
    expect(statuses("V5", "54", [2, 599, 600, 700])).toEqual([
      "not_launched",
      "not_launched",
      "queued_for_calling",
      "completed"
    ])
    expect(statuses("V4", "54", [0, 700])).toEqual(["scheduled", "completed"])
    expect(statuses("V5", "63", [0, 1, 1e7])).toEqual(["initializing", "paused", "paused"])
    expect(statuses("V4", "63", [0, 1, 1e7])).toEqual(["initializing", "queued_for_calling", "queued_for_calling"])
    expect(statuses("V5", "20", [50])).toEqual(["completed"])
  })

  it("is not completed while it is written up, and an order that was cancelled is cancelled", () => {
    const twin = makeRevoxTwin({ apiVersion: "V5" })
    const [talked, hungUp] = [created(twin, "00"), created(twin, "00")]
    ask(twin, { method: "POST", path: `/call/${hungUp}/cancel`, headers, now: START + 30_000 })
    expect(get(twin, talked, 52)).toMatchObject({ status: "post_processing", is_completed: false, is_cancelled: false })
    expect(get(twin, hungUp, 31)).toMatchObject({ status: "cancelled", is_completed: false, is_cancelled: true })
  })

  it("has attempts newest first and repeats the newest", () => {
    const twin = makeRevoxTwin()
    const record = get(twin, created(twin, "42"), 20_000)
    const starts = [0, 1, 2].map((index) => String(at(record, "call_attempts", index, "started_at")))
    expect(starts).toEqual(starts.toSorted().toReversed())
    expect(at(record, "last_call_attempt")).toEqual(at(record, "call_attempts", 0))
    expect(at(record, "call_attempts", 1, "dial_error")).toBe("busy")
  })

  it("lacks what may be absent until the attempt is over, and has null for what is not there yet", () => {
    const twin = makeRevoxTwin()
    const id = created(twin, "00")
    const [ringing, over] = [get(twin, id, 5), get(twin, id, 50)]
    expect(keysOf(at(ringing, "call_attempts", 0))).not.toContain("transcript")
    expect(keysOf(ringing)).not.toContain("outcome")
    expect(at(ringing, "call_attempts", 0)).toMatchObject({ answered_at: null, ended_at: null, dial_error: null })
    expect(at(over, "call_attempts", 0)).toMatchObject({ transcript: null, structured_output: null, end_reason: null })
    expect(over).toMatchObject({ outcome: null, outcome_summary: null, is_completed: true })
  })

  it("moves updated_at with what is found out after the end", () => {
    const twin = makeRevoxTwin()
    const id = created(twin, "00")
    const updated = [50, 52, 53, 55, 58, 999].map((seconds) => at(get(twin, id, seconds), "updated_at"))
    const seconds = updated.map((instant) => (Date.parse(String(instant)) - START) / 1000)
    expect(seconds).toEqual([50, 50, 53, 55, 58, 58])
  })

  it("tells of the next attempt in V1", () => {
    const twin = makeRevoxTwin({ apiVersion: "V1" })
    const id = created(twin, "40")
    expect(at(get(twin, id, 5), "next_call_at")).toBeNull()
    expect(at(get(twin, id, 32), "next_call_at")).toBe(new Date(START + 7_232_000).toISOString())
  })

  it("has tool turns, with their output from V4 on", () => {
    const entries = (apiVersion: "V2" | "V4") => {
      const twin = makeRevoxTwin({ apiVersion })
      return at(get(twin, created(twin, "03"), 200), "call_attempts", 0, "transcript", 2)
    }
    const turn = { role: "tool", tool_name: "find_free_slots", tool_arguments: { week: "next" }, tool_is_error: false }
    expect(entries("V2")).toEqual({ content: "Tool: find_free_slots", ...turn })
    expect(entries("V4")).toMatchObject({ ...turn, tool_output: '["Tuesday 10:00","Thursday 15:00"]' })
  })
})

describe("an order at the Revox twin", () => {
  it("comes back with what was given", () => {
    const twin = makeRevoxTwin()
    const given = {
      metadata: { reference: "lead-1", campaign: "spring" },
      prompt_variables: { name: "Zefira" },
      from_phone_number: "+12025550177"
    }
    const record = get(twin, created(twin, "00", given), 0)
    expect(record).toMatchObject(given)
    expect(twin.orders).toMatchObject([{ reference: "lead-1" }])
    expect(get(twin, created(twin, "00"), 0)).toMatchObject({
      metadata: null,
      prompt_variables: {},
      scheduled_at: null
    })
  })

  it("may define its assistant", () => {
    const twin = makeRevoxTwin()
    const assistant = { prompt: "Be kind.", first_sentence: "Hello.", first_sentence_delay_ms: 900, unheard_of: 1 }
    const record = get(twin, created(twin, "00", { assistant, assistant_id: undefined }), 0)
    expect(record).toMatchObject({
      first_sentence_delay_ms: 900,
      assistant: { prompt: "Be kind.", first_sentence: "Hello." }
    })
    expect(keysOf(at(record, "assistant"))).toHaveLength(39)
  })

  it("needs nothing but a number, and its assistant is a stored one", () => {
    const twin = makeRevoxTwin()
    const order = get(twin, created(twin, "00", { assistant_id: undefined }), 0)
    const [first] = Object(at(jsonOf(ask(twin, { path: "/assistants", headers })), "assistants"))
    expect(at(order, "assistant", "id")).toBe(at(first, "id"))
    expect(twin.orders).toHaveLength(1)
  })

  it("has what its assistant leaves out of a retry configuration filled in", () => {
    const assistant = { prompt: "Be kind.", call_retry_config: { max_retry_attempts: 2 } }
    const config = (apiVersion: "V2" | "V5") => {
      const twin = makeRevoxTwin({ apiVersion })
      return at(
        get(twin, created(twin, "00", { assistant, assistant_id: undefined }), 0),
        "assistant",
        "call_retry_config"
      )
    }
    const windows = [
      { calling_window_start_time: "10:00", calling_window_end_time: "18:00", retry_delay_seconds: 7200 }
    ]
    expect(config("V5")).toEqual({
      allowed_days: ["monday", "tuesday", "wednesday", "thursday", "friday"],
      call_twice_in_a_row: false,
      calling_windows: windows,
      max_retry_attempts: 2
    })
    expect(keysOf(config("V2"))).toEqual(["calling_windows", "max_retry_attempts"])
  })

  it("takes an assistant beside an id, and uses the stored one", () => {
    const twin = makeRevoxTwin()
    const assistant = { prompt: "Be kind.", call_retry_config: { max_retry_attempts: 1 } }
    const record = get(twin, created(twin, "40", { assistant, assistant_id: "asst-9" }), 20_000)
    expect(record).toMatchObject({
      assistant: { id: "asst-9" },
      calls_count: 2,
      call_retry_config: { max_retry_attempts: 3 }
    })
    expect(at(record, "assistant", "prompt")).not.toBe("Be kind.")
  })

  it("waits for its time", () => {
    const twin = makeRevoxTwin()
    const scheduled_at = new Date(START + 60_000).toISOString()
    const id = created(twin, "00", { scheduled_at: "2026-03-02T16:01:00+01:00" })
    expect(get(twin, id, 0)).toMatchObject({ status: "scheduled", scheduled_at })
    expect(get(twin, id, 62)).toMatchObject({ status: "calling", scheduled_at })
  })

  it.each(["inline", "top"] as const)("is tried again as its retry configuration (%s) has it", (place) => {
    const twin = makeRevoxTwin()
    const window = { calling_window_start_time: "9am", calling_window_end_time: "17:00", retry_delay_seconds: 60 }
    const call_retry_config = { max_retry_attempts: 2, calling_windows: [window], timezone: "Europe/Paris" }
    const more =
      place === "top"
        ? { call_retry_config }
        : { assistant_id: undefined, assistant: { prompt: "Be kind.", call_retry_config } }
    const id = created(twin, "42", more)
    expect(get(twin, id, 92)).toMatchObject({ status: "calling", calls_count: 2 })
    expect(get(twin, id, 94)).toMatchObject({ status: "completed", calls_count: 2, call_retry_config })
  })

  it("is tried three times and every two hours unless told otherwise", () => {
    const twin = makeRevoxTwin()
    const config = at(get(twin, created(twin, "00"), 0), "call_retry_config")
    expect(config).toMatchObject({ max_retry_attempts: 3, calling_windows: [{ retry_delay_seconds: 7200 }] })
    const once = created(twin, "40", { call_retry_config: { max_retry_attempts: 1 } })
    expect(get(twin, once, 1e5)).toMatchObject({ status: "completed", calls_count: 1 })
    const twice = created(twin, "40", { call_retry_config: { call_twice_in_a_row: true } })
    expect(get(twin, twice, 32)).toMatchObject({ status: "calling", calls_count: 2 })
  })

  it("is held back while calls with its concurrency key run", () => {
    const twin = makeRevoxTwin()
    const concurrency = { key: "desk", max: 2 }
    const ids = [0, 1, 2].map((seconds) => created(twin, "00", { concurrency }, seconds))
    const alone = created(twin, "00", { concurrency: { key: "other", max: 1 } }, 3)
    const statuses = (seconds: number) => [...ids, alone].map((id) => at(get(twin, id, seconds), "status"))
    expect(statuses(49)).toEqual(["calling", "calling", "queued_for_calling", "calling"])
    expect(statuses(50)).toEqual(["completed", "calling", "calling", "calling"])
    const [first = ""] = ids
    expect(ask(twin, { method: "POST", path: `/call/${first}/cancel`, headers, now: START + 99_000 }).status).toBe(409)
  })

  it("runs alone among the orders with its concurrency key if no max is given", () => {
    const twin = makeRevoxTwin({ apiVersion: "V5" })
    const [one, two] = [0, 1].map((second) => created(twin, "00", { concurrency: { key: "desk" } }, second))
    const statuses = [one, two].map((id) => at(get(twin, String(id), 20), "status"))
    expect(statuses).toEqual(["calling", "queued_for_calling"])
  })

  it("gets the line of an order that is cancelled, and what was told stays true", () => {
    const twin = makeRevoxTwin()
    const concurrency = { key: "desk", max: 1 }
    const [endless, waiting] = [created(twin, "61", { concurrency }), created(twin, "00", { concurrency })]
    expect(at(get(twin, waiting, 1000), "status")).toBe("queued_for_calling")
    ask(twin, { method: "POST", path: `/call/${endless}/cancel`, headers, now: START + 1_000_000 })
    expect(at(get(twin, waiting, 999), "status")).toBe("queued_for_calling")
    expect(at(get(twin, waiting, 1000), "status")).toBe("calling")
    expect(get(twin, endless, 1001)).toMatchObject({ status: "cancelled", call_attempts: [{ result: "human" }] })
  })

  it.each<readonly [field: string, more: Fields]>([
    ["phone_number", { phone_number: undefined }],
    ["phone_number", { phone_number: "0612345678" }],
    ["phone_number", { phone_number: 12025550100 }],
    ["assistant", { assistant_id: undefined, assistant: "secret-value" }],
    ["assistant.prompt", { assistant: { prompt: "" } }],
    ["assistant.call_retry_config", { assistant: { prompt: "x", call_retry_config: { max_retry_attempts: 0 } } }],
    ["assistant_id", { assistant_id: "" }],
    ["call_retry_config", { call_retry_config: { calling_windows: [{ retry_delay_seconds: 0 }] } }],
    ["concurrency", { concurrency: { max: 1 } }],
    ["concurrency", { concurrency: { key: "secret-value", max: 0 } }],
    ["force_now", { force_now: "secret-value" }],
    ["from_phone_number", { from_phone_number: "secret-value" }],
    ["metadata", { metadata: { a: 1 } }],
    ["metadata", { metadata: "secret-value" }],
    ["prompt_variables", { prompt_variables: { a: ["secret-value"] } }],
    ["scheduled_at", { scheduled_at: "secret-value" }],
    ["scheduled_at", { scheduled_at: "2026-03-02T15:00:00" }]
  ])("is refused for its %s: %j", (field, more) => {
    const twin = makeRevoxTwin()
    const reply = create(twin, "00", more)
    expect(reply.status).toBe(422)
    expect(at(jsonOf(reply), "message")).toMatch(new RegExp(`^${field}\\b.* must be `))
    expect(String(reply.body)).not.toMatch(/secret-value|0612345678|12025550100/)
    expect(twin.orders).toEqual([])
  })
})

describe("the list of the Revox twin", () => {
  const filled = (options: RevoxTwinOptions = {}): Twin => {
    const twin = makeRevoxTwin(options)
    for (const [index, digits] of ["00", "42", "62", "20"].entries()) {
      created(twin, digits, { call_retry_config: { calling_windows: [{ retry_delay_seconds: 1 }] } }, index)
    }
    return twin
  }

  it("holds attempts of all orders, newest first", () => {
    const items = list(filled(), "page=1&page_size=50", 200)
    expect(items).toHaveLength(5)
    const starts = items.map((item) => String(at(item, "started_at")))
    expect(starts).toEqual(starts.toSorted().toReversed())
    expect(items.filter((item) => at(item, "to_phone_number") !== undefined)).toEqual([])
  })

  it("holds orders, newest first, if the twin is made so", () => {
    const numbers = list(filled({ listItems: "orders" }), "page=1&page_size=50").map((item) =>
      at(item, "to_phone_number")
    )
    expect(numbers).toEqual(["20", "62", "42", "00"].map(numberOf))
  })

  it.each<readonly [base: 0 | 1 | "either", pages: ReadonlyArray<number>]>([
    [0, [2, 2, 0, 0]],
    [1, [422, 2, 2, 0]],
    ["either", [2, 2, 2, 0]]
  ])("comes in pages from %s on", (pageBase, expected) => {
    const twin = filled({ listItems: "orders", pageBase })
    const sizes = [0, 1, 2, 3].map((page) => {
      const items = list(twin, `page=${page}&page_size=2`)
      return typeof items[0] === "number" ? items[0] : items.length
    })
    expect(sizes).toEqual(expected)
    expect(list(twin, "")).toHaveLength(4)
  })

  it("shows the same page for 0 and 1 if both are the first", () => {
    const twin = filled({ listItems: "orders" })
    expect(list(twin, "page=0&page_size=2")).toEqual(list(twin, "page=1&page_size=2"))
    expect(list(twin, "page=2&page_size=2")).not.toEqual(list(twin, "page=1&page_size=2"))
  })

  it.each([
    "statuses=completed&statuses=calling",
    "statuses=completed,calling",
    "statuses[]=completed&statuses[1]=calling"
  ])("is filtered by order statuses: %s", (query) => {
    const numbers = list(filled({ listItems: "orders" }), `page=1&page_size=50&${query}`, 10).map((item) =>
      at(item, "to_phone_number")
    )
    expect(numbers).toEqual(["20", "42", "00"].map(numberOf))
  })

  it.each(["page=-1", "page=x", "page_size=0", "page_size=1.5", "statuses=failed"])("refuses %s", (query) => {
    expect(list(filled(), query)).toEqual([422])
  })
})

describe("the list of the Revox twin by a word of V5", () => {
  it("is refused by older ones, and narrows a newer one", () => {
    for (const word of ["paused", "not_launched", "post_processing"]) {
      expect(list(makeRevoxTwin(), `page=1&page_size=5&statuses=${word}`)).toEqual([422])
    }
    const twin = makeRevoxTwin({ apiVersion: "V5", listItems: "orders" })
    const paused = created(twin, "63")
    created(twin, "00")
    expect(list(twin, "page=1&page_size=5&statuses=paused").map((item) => at(item, "id"))).toEqual([paused])
  })
})

describe("search at the Revox twin", () => {
  const nothing = {
    assignee_ids: [],
    assistant_ids: [],
    campaign_ids: [],
    directions: [],
    from_phone_numbers: [],
    outcomes: [],
    results: [],
    statuses: []
  }
  const search = (twin: Twin, more: Fields, seconds = 200) =>
    ask(twin, {
      method: "POST",
      path: "/call/search",
      headers,
      body: { ...nothing, page: 1, page_size: 10, ...more },
      now: START + seconds * 1000
    })

  it("is only where it was said to be", () => {
    expect(search(makeRevoxTwin({ apiVersion: "V5" }), {}).status).toBe(405)
  })

  it("gives whole orders and their number, newest first, by the filters it knows", () => {
    const twin = makeRevoxTwin({ apiVersion: "V5", searchPath: "/call/search" })
    const [one, two, three] = ["00", "63", "20"].map((digits, second) => created(twin, digits, {}, second))
    const found = (more: Fields) => {
      const body = jsonOf(search(twin, more))
      return [at(body, "total_count"), Object(at(body, "calls")).map((call: unknown) => at(call, "id"))]
    }
    expect(found({})).toEqual([3, [three, two, one]])
    expect(found({ page_size: 2, page: 2 })).toEqual([3, [one]])
    expect(found({ statuses: ["paused", "calling"] })).toEqual([1, [two]])
    expect(found({ call_ids: [one, "unknown"] })).toEqual([1, [one]])
    expect(found({ to_phone_number: numberOf("20") })).toEqual([1, [three]])
    expect(found({ assistant_ids: ["another"] })).toEqual([0, []])
    expect(found({ directions: ["inbound"] })).toEqual([0, []])
    expect(found({ assignee_ids: ["somebody"] })).toEqual([0, []])
  })

  it.each(["statuses", "assignee_ids", "page", "page_size"])("is refused without %s", (field) => {
    const twin = makeRevoxTwin({ apiVersion: "V5", searchPath: "/call/search" })
    expect(search(twin, { [field]: undefined }).status).toBe(422)
  })
})

describe("the account of the Revox twin", () => {
  it("has assistants, voices and numbers, always the same", () => {
    const answers = (twin: Twin) =>
      ["assistants", "voices", "phone-numbers"].map((path) => jsonOf(ask(twin, { path: `/${path}`, headers })))
    const [twin, other] = [makeRevoxTwin(), makeRevoxTwin({ seed: "another" })]
    const [assistants, voices, numbers] = answers(twin)
    expect(answers(other)).toEqual([assistants, voices, numbers])
    expect(keysOf(at(assistants, "assistants", 0))).toHaveLength(39)
    expect(at(voices, "voices", 0)).toMatchObject({ provider: "cartesia", language: "en" })
    expect(at(numbers, "phone_numbers", 0, "phone_number")).toBe("+12025550199")
    const id = String(at(assistants, "assistants", 1, "id"))
    const one = ask(twin, { path: `/assistants/${id}`, headers })
    expect(at(jsonOf(one), "assistant")).toEqual(at(assistants, "assistants", 1))
    expect(ask(twin, { path: "/assistants/unknown", headers }).status).toBe(404)
    expect(ask(twin, { path: "/assistants" }).status).toBe(401)
    const order = get(twin, created(twin, "00", { assistant_id: id }), 0)
    expect(at(order, "assistant", "name")).toBe(at(assistants, "assistants", 1, "name"))
  })
})

describe("the key of the Revox twin", () => {
  it("can be checked", () => {
    const twin = makeRevoxTwin()
    const check = (authorization: string) => ask(twin, { path: "/auth-status", headers: { authorization } })
    expect(check("Bearer twin-key")).toMatchObject({ status: 200, body: '{"authenticated":true}' })
    for (const other of ["twin-key", "Bearer other", ""]) {
      expect(check(other)).toMatchObject({ status: 200, body: '{"authenticated":false}' })
    }
  })

  it("is refused with 401 elsewhere", () => {
    const { status } = ask(makeRevoxTwin(), { path: "/call", headers: { authorization: "Bearer other" } })
    expect(status).toBe(401)
  })
})
