/**
 * The sample exports counted as their raw files have them, read by nothing of the library. Fields and words are those that
 * docs/providers state.
 */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"

const root = new URL("../../", import.meta.url)

type Json = { readonly [name: string]: unknown }

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)
const at = (value: unknown, ...names: ReadonlyArray<string>): unknown =>
  names.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value)
const listAt = (value: unknown, name: string): ReadonlyArray<unknown> => {
  const found = at(value, name)
  return Array.isArray(found) ? found : []
}
const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== ""

export const linesOf = (provider: string): ReadonlyArray<string> =>
  gunzipSync(readFileSync(new URL(`docs/samples/ab/${provider}.ndjson.gz`, root)))
    .toString()
    .trim()
    .split("\n")

/** Each order once, by the record that was changed last. */
const ordersOf = (provider: string, changed: string): ReadonlyArray<unknown> => {
  const latest = new Map<unknown, unknown>()
  for (const record of linesOf(provider).map((line): unknown => JSON.parse(line))) {
    const known = latest.get(at(record, "id"))
    if (known === undefined || String(at(record, changed)) >= String(at(known, changed)))
      latest.set(at(record, "id"), record)
  }
  return [...latest.values()]
}

/** Counts by the names of features; `of` is what they are a part of. */
export interface RawCounts {
  readonly orders: number
  readonly attempts: number
  readonly counts: { readonly [feature: string]: number }
  /** Where it is the first, the second … attempt that reached a person. */
  readonly reachedOn: ReadonlyArray<number>
  readonly agents: ReadonlyArray<readonly [id: unknown, orders: number]>
  readonly callerNumbers: number
  readonly longestReference: number
}

const countBy = (items: ReadonlyArray<unknown>, is: (item: unknown) => boolean): number => items.filter(is).length
const distinct = (items: ReadonlyArray<unknown>): number => new Set(items).size
const busiest = (ids: ReadonlyArray<unknown>): RawCounts["agents"] =>
  [...Map.groupBy(ids, (id) => id)].map(([id, all]) => [id, all.length] as const).toSorted((a, b) => b[1] - a[1])

const ownKeys = (map: unknown, reserved: ReadonlyArray<string>): number =>
  isObject(map) ? Object.keys(map).filter((key) => !reserved.includes(key)).length : 0

export const revoxCounts = (): RawCounts => {
  const orders = ordersOf("revox", "updated_at")
  const dials = orders.map((order) =>
    listAt(order, "call_attempts").toSorted((a, b) =>
      String(at(a, "started_at")) < String(at(b, "started_at")) ? -1 : 1
    )
  )
  const attempts = dials.flat()
  const is =
    (name: string, ...words: ReadonlyArray<string>) =>
    (item: unknown) =>
      words.some((word) => at(item, name) === word)
  const of =
    (...path: ReadonlyArray<string>) =>
    (item: unknown) =>
      isGiven(at(item, ...path))
  const reachedOn: Array<number> = []
  for (const tries of dials) {
    const first = tries.findIndex(is("result", "human"))
    if (first >= 0) reachedOn[first] = (reachedOn[first] ?? 0) + 1
  }
  return {
    orders: orders.length,
    attempts: attempts.length,
    reachedOn: Array.from(reachedOn, (count = 0) => count),
    agents: busiest(orders.map((order) => at(order, "assistant", "id"))),
    callerNumbers: distinct(orders.map((order) => at(order, "from_phone_number"))),
    longestReference: Math.max(...orders.map((order) => String(at(order, "metadata", "reference") ?? "").length)),
    counts: {
      attempts: dials.filter(({ length }) => length > 1).length,
      schedule: countBy(orders, of("scheduled_at")),
      metadata: countBy(orders, (order) => ownKeys(at(order, "metadata"), ["reference"]) > 0),
      variables: countBy(orders, (order) => ownKeys(at(order, "prompt_variables"), []) > 0),
      caller_number: countBy(orders, of("from_phone_number")),
      agents: countBy(orders, of("assistant", "id")),
      reference: countBy(orders, of("metadata", "reference")),
      cancel: countBy(orders, is("status", "cancelled")),
      connected: countBy(attempts, of("answered_at")),
      human: countBy(attempts, is("result", "human")),
      voicemail: countBy(attempts, is("result", "voicemail")),
      ivr: countBy(attempts, is("result", "IVR")),
      call_screening: countBy(attempts, is("result", "ios-screening-filter")),
      busy: countBy(attempts, is("dial_error", "busy")),
      no_answer: countBy(attempts, is("dial_error", "no_answer")),
      unreachable: countBy(attempts, is("dial_error", "temporarily_unavailable")),
      invalid_number: countBy(attempts, is("dial_error", "number_non_attributed")),
      congestion: countBy(attempts, is("dial_error", "too_many_calls")),
      not_permitted: countBy(attempts, is("dial_error", "no_international_permission")),
      precondition_failed: countBy(attempts, is("dial_error", "precondition_failed")),
      unclassified: countBy(attempts, is("dial_error", "non_classified_error")),
      // All tries are used, the telephone rang, and nobody and nothing took it.
      unreached_status: orders.filter(
        (order, index) =>
          is("status", "completed")(order) &&
          (dials[index] ?? []).some(is("dial_error", "busy", "no_answer", "temporarily_unavailable")) &&
          !(dials[index] ?? []).some(of("answered_at"))
      ).length,
      transferred: countBy(attempts, is("end_reason", "transfer")),
      remote_hangup: countBy(attempts, is("ended_by", "user")),
      disconnect: countBy(attempts, (attempt) => of("end_reason")(attempt) || is("ended_by", "user")(attempt)),
      outcome: countBy(orders, (order) => of("outcome")(order) && at(order, "outcome") !== "none"),
      extraction: countBy(attempts, of("structured_output")),
      transcript: countBy(attempts, (attempt) => listAt(attempt, "transcript").length > 0),
      recording: countBy(attempts, of("recording_url")),
      dialed_time: countBy(attempts, of("started_at")),
      answer_time: countBy(attempts, of("answered_at")),
      end_time: countBy(attempts, of("ended_at")),
      talk_time: countBy(attempts, (attempt) => of("answered_at")(attempt) && of("ended_at")(attempt)),
      created_time: countBy(orders, of("created_at")),
      updated_time: countBy(orders, of("updated_at")),
      campaign: countBy(orders, of("campaign")),
      handled_by: countBy(
        attempts,
        (attempt) => at(attempt, "handled_by_ai") === true || at(attempt, "handled_by_human") === true
      ),
      response_latency: countBy(attempts, (attempt) => listAt(attempt, "speech_events").length > 0),
      interruptions_by_remote: countBy(attempts, (attempt) => listAt(attempt, "speech_events").length > 0),
      remote_speech: countBy(attempts, (attempt) => listAt(attempt, "speech_events").length > 0),
      inbound: countBy(orders, is("direction", "inbound"))
    }
  }
}

const SYSTEM_VARIABLES = [
  "direction",
  "user_number",
  "agent_number",
  "current_time",
  "timezone",
  "language",
  "call_reference"
]

const SIP_FAILURES = { busy: 486, unreachable: 480, congestion: 503, declined: 603, invalid_number: 404 } as const

const hasReply = (call: unknown): boolean => {
  const turns = listAt(call, "transcript")
  return turns.some(
    (turn, index) => at(turn, "role") === "user" && index > 0 && at(turns[index - 1], "role") === "assistant"
  )
}

export const revringCounts = (): RawCounts => {
  const calls = ordersOf("revring", "updatedAt")
  const is =
    (name: string, ...words: ReadonlyArray<unknown>) =>
    (item: unknown) =>
      words.includes(at(item, name))
  const of =
    (...path: ReadonlyArray<string>) =>
    (item: unknown) =>
      isGiven(at(item, ...path))
  const sip = (code: number) => (call: unknown) => String(at(call, "errorMessage")).startsWith(`SIP ${code}`)
  const says = (words: RegExp) => (call: unknown) => words.test(String(at(call, "errorMessage")))
  const isTransferred = is("status", "TRANSFERRED")
  const unreached = (call: unknown): boolean =>
    is("hangupCause", "NO_ANSWER")(call) || sip(486)(call) || sip(480)(call) || sip(603)(call)
  return {
    orders: calls.length,
    attempts: calls.length,
    reachedOn: [],
    agents: busiest(calls.map((call) => at(call, "agentId"))),
    callerNumbers: distinct(calls.map((call) => at(call, "fromNumber"))),
    longestReference: Math.max(...calls.map((call) => String(at(call, "variables", "call_reference") ?? "").length)),
    counts: {
      variables: countBy(calls, (call) => ownKeys(at(call, "variables"), SYSTEM_VARIABLES) > 0),
      caller_number: countBy(calls, of("fromNumber")),
      agents: countBy(calls, of("agentId")),
      reference: countBy(calls, of("variables", "call_reference")),
      cancel: countBy(calls, is("status", "CANCELED", "CANCELLED")),
      connected: countBy(calls, of("startedAt")),
      human: countBy(
        calls,
        (call) => isTransferred(call) || (!is("hangupCause", "VOICEMAIL_DETECTED")(call) && hasReply(call))
      ),
      voicemail: countBy(calls, is("hangupCause", "VOICEMAIL_DETECTED")),
      busy: countBy(calls, sip(SIP_FAILURES.busy)),
      no_answer: countBy(calls, is("hangupCause", "NO_ANSWER")),
      unreachable: countBy(calls, sip(SIP_FAILURES.unreachable)),
      declined: countBy(calls, sip(SIP_FAILURES.declined)),
      invalid_number: countBy(calls, sip(SIP_FAILURES.invalid_number)),
      congestion: countBy(calls, sip(SIP_FAILURES.congestion)),
      blocked: countBy(calls, says(/blocked|SIP 608/i)),
      not_permitted: countBy(calls, says(/forbidden|SIP 403/i)),
      precondition_failed: countBy(calls, says(/SIP (?:412|580)/)),
      provider_error: countBy(calls, says(/SIP 50[01245]/)),
      timeout: countBy(calls, says(/timed out|SIP 408/i)),
      unclassified: countBy(calls, is("errorMessage", "The agent could not be loaded")),
      unreached_status: countBy(calls, unreached),
      transferred: countBy(calls, isTransferred),
      remote_hangup: countBy(calls, is("hangupCause", "USER_ENDED")),
      disconnect: countBy(
        calls,
        (call) =>
          isTransferred(call) ||
          is("hangupCause", "USER_ENDED", "VOICEMAIL_DETECTED", "END_CALL_TOOL", "SILENCE_TIMEOUT")(call)
      ),
      summary: countBy(calls, of("summary")),
      transcript: countBy(calls, (call) => listAt(call, "transcript").length > 0),
      recording: countBy(calls, of("recordingUrl")),
      dialed_time: countBy(calls, of("initiatedAt")),
      answer_time: countBy(calls, of("startedAt")),
      end_time: countBy(calls, of("endedAt")),
      talk_time: countBy(calls, of("durationSeconds")),
      created_time: countBy(calls, of("createdAt")),
      updated_time: countBy(calls, of("updatedAt")),
      web_calls: countBy(calls, is("source", "web_widget")),
      inbound: countBy(calls, is("direction", "INBOUND"))
    }
  }
}
