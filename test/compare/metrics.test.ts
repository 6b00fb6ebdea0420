/** What each definition answers about orders as providers send them. Numbers are fictional. */
import { describe, expect, it } from "vitest"
import { normalize } from "../../adapters/index.ts"
import type { CallOrder } from "../../src/domain/CallOrder.ts"
import type { Definition, Metric, PlacementSubject, Subject } from "../../src/metrics/Metric.ts"
import { metricIds, metricsFor } from "../../src/metrics/index.ts"
import { OBSERVABLES } from "../../src/provider/Evidence.ts"

const turns = (...speakers: ReadonlyArray<"agent" | "user">) =>
  speakers.map((role, index) => ({ role, content: `words ${index}` }))

const CONVERSATION = turns("agent", "user", "agent", "user", "agent")
const GREETING = turns("user", "agent")

/** A Revox order with one attempt, over and answered by a person unless changed. */
const revox = (attempt: object = {}, order: object = {}) => ({
  id: "o1",
  direction: "outbound",
  to_phone_number: "+12025550101",
  status: "completed",
  created_at: "2026-05-04T15:00:00Z",
  updated_at: "2026-05-04T15:05:00Z",
  call_attempts: [
    {
      id: "a1",
      phone_number: "+12025550101",
      status: "completed",
      started_at: "2026-05-04T15:00:00Z",
      answered_at: "2026-05-04T15:00:08Z",
      ended_at: "2026-05-04T15:01:08Z",
      result: "human",
      dial_error: null,
      end_reason: "tool_end_call",
      ended_by: "agent",
      transcript: CONVERSATION,
      recording_url: "https://recordings.invalid/1",
      ...attempt
    }
  ],
  ...order
})

/** A RevRing call, over and talked to unless changed. */
const revring = (call: object = {}) => ({
  id: "c1",
  organizationId: "org",
  direction: "OUTBOUND",
  agentId: "agent",
  fromNumber: "+12025550100",
  toNumber: "+12025550101",
  status: "COMPLETED",
  createdAt: "2026-05-04T15:00:00Z",
  updatedAt: "2026-05-04T15:03:00Z",
  initiatedAt: "2026-05-04T15:00:00Z",
  startedAt: "2026-05-04T15:00:08Z",
  endedAt: "2026-05-04T15:01:08Z",
  durationSeconds: 61,
  hangupCause: "END_CALL_TOOL",
  transcript: CONVERSATION,
  recordingUrl: "https://recordings.invalid/2",
  ...call
})

const subjectOf = (payload: object): Subject => {
  const order = normalize(payload).find((record): record is CallOrder => record.kind === "call_order")
  if (order === undefined) throw new Error("the payload is no order")
  return { order, attempts: order.attempts, first: order.attempts[0] }
}

const metrics = metricsFor()

const definitionNamed = (id: string): Definition => {
  for (const metric of metrics) {
    if (metric.scope === "placement") continue
    const found = metric.definitions.find((definition) => definition.id === id)
    if (found !== undefined) return found
  }
  throw new Error(`no definition ${id}`)
}

/** `yes stated`, `missing`, `52`. */
const ask = (id: string, payload: object): string => {
  const answer = definitionNamed(id).of(subjectOf(payload))
  if (typeof answer === "number") return String(answer)
  if (typeof answer === "string") return answer
  return "certainty" in answer ? `${answer.is} ${answer.certainty}` : answer.is
}

const NEVER_ANSWERED = {
  answered_at: null,
  result: null,
  end_reason: null,
  ended_by: null,
  transcript: null,
  recording_url: null
}
const busy = revox({ ...NEVER_ANSWERED, status: "error", dial_error: "busy" }, { status: "completed" })
const mailbox = revox({ result: "voicemail", end_reason: "voicemail", transcript: GREETING })
const running = revox({ status: "ongoing", ended_at: null, result: null }, { status: "calling" })
const neverAnswered = {
  status: "FAILED",
  startedAt: null,
  durationSeconds: null,
  hangupCause: null,
  transcript: null
}
const ringFailed = revring({
  ...neverAnswered,
  errorMessage: "SIP 486 busy here"
})

describe("definitions on the first attempt", () => {
  it.each([
    ["connected.answer_time", revox(), "yes stated"],
    ["connected.answer_time", mailbox, "yes stated"],
    ["connected.answer_time", busy, "no stated"],
    ["connected.answer_time", running, "open"],
    ["connected.answer_time", revox({}, { call_attempts: [], status: "calling" }), "open"],
    ["connected.answer_time", revox({}, { call_attempts: [], status: "errored" }), "no stated"],
    ["connected.answer_time", revox({}, { call_attempts: [], status: "cancelled" }), "outside"],
    ["connected.answer_time", revox({}, { call_attempts: [], status: "completed" }), "missing"],
    [
      "connected.answer_time",
      revring({ status: "CANCELED", startedAt: null, durationSeconds: null, hangupCause: null, transcript: null }),
      "outside"
    ],
    ["connected.answer_time", ringFailed, "no stated"],
    ["human_reached.own_word", revox(), "yes stated"],
    ["human_reached.own_word", mailbox, "no stated"],
    ["human_reached.own_word", busy, "no stated"],
    ["human_reached.own_word", revox({ result: "unknown" }), "missing"],
    ["human_reached.own_word", revring(), "yes inferred"],
    ["human_reached.own_word", revring({ hangupCause: "VOICEMAIL_DETECTED" }), "no detected"],
    ["human_reached.own_word", revring({ transcript: turns("agent") }), "missing"],
    ["human_reached.conversation", revox(), "yes stated"],
    ["human_reached.conversation", revring(), "yes stated"],
    ["human_reached.conversation", revring({ hangupCause: "VOICEMAIL_DETECTED" }), "yes stated"],
    ["human_reached.conversation", revring({ transcript: turns("agent", "user") }), "no stated"],
    ["human_reached.conversation", mailbox, "no stated"],
    ["human_reached.conversation", busy, "no stated"],
    ["human_reached.conversation", revox({ transcript: null }), "missing"],
    ["human_reached.conversation", revring({ transcript: "agent: hello user: hi" }), "missing"],
    ["voicemail.own_word", mailbox, "yes stated"],
    ["voicemail.own_word", revring({ hangupCause: "VOICEMAIL_DETECTED" }), "yes detected"],
    ["voicemail.no_conversation", mailbox, "yes stated"],
    ["voicemail.no_conversation", revox(), "no stated"],
    ["voicemail.no_conversation", busy, "no stated"],
    ["voicemail.no_conversation", revox({ transcript: null }), "missing"],
    ["call_screening.own_word", revox({ result: "ios-screening-filter" }), "yes stated"],
    ["ivr.own_word", revox({ result: "IVR" }), "yes stated"],
    ["not_reached.own_word", busy, "yes stated"],
    [
      "not_reached.own_word",
      revox({ ...NEVER_ANSWERED, status: "error", dial_error: "number_non_attributed" }),
      "no stated"
    ],
    [
      "not_reached.own_word",
      revox({ ...NEVER_ANSWERED, status: "error", dial_error: "non_classified_error" }),
      "missing"
    ],
    ["not_reached.own_word", ringFailed, "yes inferred"],
    ["not_reached.not_connected", busy, "yes stated"],
    ["not_reached.not_connected", revox(), "no stated"],
    ["not_reached.not_connected", revox({}, { call_attempts: [], status: "errored" }), "yes stated"],
    ["not_reached.not_connected", revox({}, { call_attempts: [], status: "cancelled" }), "outside"],
    ["busy.own_word", busy, "yes stated"],
    ["busy.own_word", ringFailed, "yes inferred"],
    ["no_answer.own_word", busy, "no stated"],
    ["transferred.own_word", revox({ end_reason: "transfer" }), "yes stated"],
    ["transferred.own_word", revring({ status: "TRANSFERRED" }), "yes stated"],
    ["transferred.own_word", busy, "no stated"],
    ["not_reached.own_word", revring({ ...neverAnswered, errorMessage: "SIP 608 Rejected" }), "yes inferred"],
    ["blocked.own_word", revring({ ...neverAnswered, errorMessage: "SIP 603 Network Blocked" }), "yes inferred"],
    ["declined.own_word", revring({ ...neverAnswered, errorMessage: "SIP 603 Network Blocked" }), "no inferred"],
    ["transferred.own_word", revox({ end_reason: "handover" }), "missing"],
    ["transferred.own_word", revring({ status: "FORWARDED" }), "missing"],
    [
      "remote_hangup_10s.own_word",
      revring({ hangupCause: "USER_ENDED", endedAt: "2026-05-04T15:00:18Z" }),
      "yes stated"
    ],
    [
      "remote_hangup_10s.own_word",
      revring({ hangupCause: "USER_ENDED", endedAt: "2026-05-04T15:00:18.001Z" }),
      "no stated"
    ],
    [
      "remote_hangup_10s.own_word",
      revox({ end_reason: null, ended_by: "user", ended_at: "2026-05-04T15:00:12Z" }),
      "yes stated"
    ],
    [
      "remote_hangup_10s.own_word",
      revox({ end_reason: null, ended_by: null, ended_at: "2026-05-04T15:00:12Z" }),
      "missing"
    ],
    ["remote_hangup_10s.own_word", busy, "no stated"],
    ["ring_time.dial_to_answer", revox(), "8"],
    ["ring_time.dial_to_answer", busy, "outside"],
    ["talk_time.own_duration", revring(), "61"],
    ["talk_time.answer_to_end", revring(), "60"],
    ["talk_time.answer_to_end", revox(), "60"],
    ["talk_time.answer_to_end", running, "open"],
    ["transcript_present.given", revox(), "yes stated"],
    ["transcript_present.given", revox({ transcript: [] }), "no stated"],
    ["transcript_present.given", busy, "outside"],
    ["transcript_present.given", revox({}, { call_attempts: [], status: "errored" }), "outside"],
    ["recording_present.given", running, "open"],
    ["recording_present.given", revring({ recordingUrl: null }), "no stated"]
  ])("%s", (id, payload, expected) => {
    expect(ask(`first_attempt.${id}`, payload)).toBe(expected)
  })
})

const twice = (first: object, second: object, order: object = {}) => {
  const [one] = revox(first).call_attempts
  const [two] = revox({
    id: "a2",
    started_at: "2026-05-04T17:00:00Z",
    answered_at: "2026-05-04T17:00:06Z",
    ended_at: "2026-05-04T17:01:06Z",
    ...second
  }).call_attempts
  // Revox lists the newest first.
  return revox({}, { call_attempts: [two, one], updated_at: "2026-05-04T17:02:06Z", ...order })
}

const missedThenReached = twice({ ...NEVER_ANSWERED, status: "error", dial_error: "no_answer" }, {})

describe("definitions on whole orders", () => {
  it.each([
    ["connected.answer_time", missedThenReached, "yes stated"],
    ["connected.answer_time", busy, "no stated"],
    ["connected.answer_time", twice({}, {}, { status: "calling" }), "open"],
    ["human_reached.own_word", missedThenReached, "yes stated"],
    ["human_reached.conversation", twice({ transcript: null }, NEVER_ANSWERED), "missing"],
    ["human_reached.conversation", twice({ transcript: null }, {}), "yes stated"],
    ["voicemail.own_word", twice({ result: "voicemail" }, {}), "yes stated"],
    ["voicemail.own_word", missedThenReached, "no stated"],
    ["ivr.own_word", twice({}, { result: "IVR" }), "yes stated"],
    ["call_screening.own_word", revox({ result: "ios-screening-filter" }), "yes stated"],
    ["transferred.own_word", twice({}, { end_reason: "transfer" }), "yes stated"],
    ["transferred.own_word", twice({}, { end_reason: "beamed" }), "missing"],
    [
      "remote_hangup_10s.own_word",
      twice({ end_reason: null, ended_by: "user", ended_at: "2026-05-04T15:00:12Z" }, {}),
      "yes stated"
    ],
    ["remote_hangup_10s.own_word", missedThenReached, "no stated"],
    ["time_to_human.own_word", missedThenReached, "7206"],
    ["time_to_human.own_word", busy, "outside"],
    ["dials_per_human.own_word", missedThenReached, "2"],
    ["dials_per_human.own_word", busy, "1"],
    ["dials_per_human.own_word", running, "open"],
    ["success.own_word", revox({}, { outcome: "interested" }), "yes stated"],
    ["success.own_word", revox({}, { outcome: "not_interested" }), "no stated"],
    ["success.own_word", revox({}, { outcome: null }), "missing"],
    ["success.own_word", revox({}, { outcome: "enchanted" }), "missing"],
    ["success.own_word", busy, "no stated"],
    ["record_complete.last_change", missedThenReached, "60"],
    ["record_complete.last_change", revox({ recording_url: null }), "outside"]
  ])("%s", (id, payload, expected) => {
    expect(ask(`order.${id}`, payload)).toBe(expected)
  })

  /** A record as unicall wrote it, with what no provider here tells. */
  const told = (more: object, payload: object = revox()) => ({ ...subjectOf(payload).order, ...more })
  const goal = (achieved: string) => ({ goal: { achieved } })
  const cost = (amount: string, more: object = { currency: "USD" }) => ({ cost: { amount, ...more } })

  it.each([
    ["goal_achieved.own_verdict", told(goal("yes")), "yes stated"],
    ["goal_achieved.own_verdict", told(goal("no")), "no stated"],
    ["goal_achieved.own_verdict", told(goal("unknown")), "missing"],
    ["goal_achieved.own_verdict", told({}), "missing"],
    ["goal_achieved.own_verdict", told({}, busy), "no stated"],
    ["goal_achieved.own_verdict", told(goal("unknown"), busy), "no stated"],
    ["goal_achieved.own_verdict", told(goal("yes"), running), "open"],
    ["goal_achieved.own_verdict", told({}, revox({}, { call_attempts: [], status: "cancelled" })), "outside"],
    ["cost.us_dollars", told(cost("0.1331")), "0.1331"],
    ["cost.us_dollars", told(cost("0")), "0"],
    ["cost.us_dollars", told(cost("-0.10")), "missing"],
    ["cost.us_dollars", told(cost("9".repeat(400))), "missing"],
    ["cost.us_dollars", told(cost("0.10", { currency: "EUR" })), "missing"],
    ["cost.us_dollars", told(cost("12", { unit: "credits" })), "missing"],
    ["cost.us_dollars", told({}), "missing"],
    ["cost.us_dollars", told(cost("0.05"), running), "open"]
  ])("%s", (id, payload, expected) => {
    expect(ask(`order.${id}`, payload)).toBe(expected)
  })

  it("count the successes that an experiment names", () => {
    const metric = metricsFor(["callback_later"]).find(({ id }) => id === "order.success")
    if (metric === undefined || metric.scope === "placement") throw new Error("no such metric")
    const [definition] = metric.definitions
    expect(definition?.of(subjectOf(revox({}, { outcome: "requested_callback_later" })))).toMatchObject({ is: "yes" })
    expect(definition?.of(subjectOf(revox({}, { outcome: "interested" })))).toMatchObject({ is: "no" })
    expect(definition?.text).toContain('"callback_later"')
  })
})

const placed = (given: Partial<PlacementSubject>): PlacementSubject => ({
  state: "accepted",
  reason: undefined,
  latencyMs: 120,
  ...given
})

const askPlacement = (id: string, subject: PlacementSubject): string => {
  for (const metric of metrics) {
    if (metric.scope !== "placement") continue
    const found = metric.definitions.find((definition) => definition.id === id)
    if (found === undefined) continue
    const answer = found.of(subject)
    return typeof answer === "object" ? answer.is : String(answer)
  }
  throw new Error(`no definition ${id}`)
}

describe("definitions on placements", () => {
  it.each([
    ["refused.state", placed({}), "no"],
    ["refused.state", placed({ state: "failed", reason: "AtCapacity" }), "yes"],
    ["refused.state", placed({ state: "failed", reason: "RateLimited" }), "no"],
    ["refused.state", placed({ state: "failed", reason: "InvalidRequest" }), "yes"],
    ["refused.state", placed({ state: "failed", reason: "InvalidRequest", latencyMs: undefined }), "outside"],
    ["uncertain.state", placed({ state: "uncertain" }), "yes"],
    ["error.reason", placed({ state: "failed", reason: "ProviderUnavailable" }), "yes"],
    ["error.reason", placed({ state: "failed", reason: "AtCapacity" }), "no"],
    ["latency.answer", placed({}), "0.12"],
    ["latency.answer", placed({ state: "uncertain" }), "outside"],
    ["latency.answer", placed({ latencyMs: undefined }), "outside"]
  ])("%s", (id, subject, expected) => {
    expect(askPlacement(`placement.${id}`, subject)).toBe(expected)
  })
})

describe("the table of metrics", () => {
  const definitions = metrics.flatMap((metric: Metric): ReadonlyArray<Definition<never>> => metric.definitions)

  it("names every metric and definition once, each definition under its metric", () => {
    expect(metricIds.size).toBe(metrics.length)
    expect(new Set(definitions.map(({ id }) => id)).size).toBe(definitions.length)
    for (const { id, scope, definitions: own } of metrics) {
      expect(id.startsWith(`${scope}.`)).toBe(true)
      for (const definition of own) expect(definition.id.startsWith(`${id}.`)).toBe(true)
    }
  })

  it("rests on what records can tell, and divides by definitions that there are", () => {
    const rates = new Set(definitions.filter(({ kind }) => kind === "rate").map(({ id }) => id))
    for (const definition of definitions) {
      for (const need of definition.needs) expect(OBSERVABLES).toContain(need)
      if (definition.kind !== "rate" && definition.per !== undefined) expect(rates).toContain(definition.per)
    }
  })

  it("says of each definition in one sentence what is counted", () => {
    for (const { text } of definitions) expect(text).toMatch(/^[A-Z].*\.$/)
  })
})
