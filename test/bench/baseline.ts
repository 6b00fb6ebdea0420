/**
 * The yardstick: what one would write by hand for exactly Revox and RevRing, without a library. The same tables, the
 * same redaction, the same output, nothing checked: a field is taken for what its name promises. Where damage would make
 * it throw it looks at the type, and goes on.
 */
import type { AnsweredBy, Reach, ReachValue } from "../../src/domain/Reach.ts"
import type { Disconnect, DisconnectedBy } from "../../src/domain/Disconnect.ts"
import type { Failure, FailureKind } from "../../src/domain/Failure.ts"
import type { Turn } from "../../src/domain/Transcript.ts"

type Plain = { [key: string]: unknown }
type Maybe<A> = A | null | undefined

interface RevoxEntry {
  role?: Maybe<string>
  content?: Maybe<string>
  tool_name?: Maybe<string>
  tool_arguments?: unknown
  tool_output?: unknown
  tool_is_error?: Maybe<boolean>
}

interface RevoxAttempt {
  id?: Maybe<string>
  call_order_id?: Maybe<string>
  phone_number?: Maybe<string>
  status: string
  started_at?: Maybe<string | number>
  answered_at?: Maybe<string | number>
  ended_at?: Maybe<string | number>
  result?: Maybe<string>
  dial_error?: Maybe<string>
  end_reason?: Maybe<string>
  ended_by?: Maybe<string>
  recording_url?: Maybe<string>
  structured_output?: Maybe<Plain>
  transcript?: Maybe<Array<RevoxEntry>>
}

interface RevoxOrder {
  id?: Maybe<string>
  status: string
  direction?: Maybe<string>
  from_phone_number?: Maybe<string>
  to_phone_number?: Maybe<string>
  created_at?: Maybe<string | number>
  scheduled_at?: Maybe<string | number>
  updated_at?: Maybe<string | number>
  assistant?: Maybe<{ id?: Maybe<string>; name?: Maybe<string> }>
  call_attempts?: Maybe<Array<RevoxAttempt>>
  last_call_attempt?: Maybe<RevoxAttempt>
  calls_count?: Maybe<number>
  call_retry_config?: Maybe<{ max_retry_attempts?: Maybe<number> }>
  campaign?: Maybe<{ id?: Maybe<string>; name?: Maybe<string> }>
  metadata?: Maybe<Plain>
  prompt_variables?: Maybe<Plain>
  organization_id?: Maybe<string>
  outcome?: Maybe<string>
  outcome_summary?: Maybe<string>
}

interface RevringItem {
  role?: Maybe<string>
  speaker?: Maybe<string>
  from?: Maybe<string>
  content?: Maybe<string>
  text?: Maybe<string>
  message?: Maybe<string>
}

interface RevringCall {
  id?: Maybe<string>
  organizationId?: Maybe<string>
  direction?: Maybe<string>
  status: string
  fromNumber?: Maybe<string>
  toNumber?: Maybe<string>
  source?: Maybe<string>
  agentId?: Maybe<string>
  agentName?: Maybe<string>
  initiatedAt?: Maybe<string | number>
  startedAt?: Maybe<string | number>
  endedAt?: Maybe<string | number>
  createdAt?: Maybe<string | number>
  updatedAt?: Maybe<string | number>
  durationSeconds?: Maybe<number>
  hangupCause?: Maybe<string>
  errorMessage?: Maybe<string>
  recordingUrl?: Maybe<string>
  transcript?: Maybe<Array<RevringItem>>
  summary?: Maybe<string>
  variables?: Maybe<Plain>
  metrics?: Maybe<Plain>
}

/** Every form a line can have; which one it is shows by its keys. */
export type Payload = Plain &
  RevoxOrder &
  RevoxAttempt &
  RevringCall & {
    call?: Payload
    calls?: Array<Payload>
    data?: Payload
  }

// Redaction

const REDACTED = "[redacted]"
const PLAIN = 0
const SECRET = 1
const ADDRESS = 2
const VALUES = 3
const TOOLS = 4

const kinds = new Map<string, number>()

const kindOf = (key: string): number => {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
  for (let first = 0; first < words.length; first++) {
    for (let last = first + 1; last <= words.length; last++) {
      switch (words.slice(first, last).join("")) {
        case "apikey":
        case "secret":
        case "token":
        case "authorization":
        case "password":
          return SECRET
      }
    }
  }
  switch (words.join("")) {
    case "llmsystemprompt":
      return SECRET
    case "headers":
    case "queryparams":
      return VALUES
    case "tools":
    case "customtools":
      return TOOLS
  }
  return words.includes("webhook") && words.at(-1) === "url" ? ADDRESS : PLAIN
}

const kindOfKey = (key: string): number => {
  let kind = kinds.get(key)
  if (kind === undefined) {
    if (kinds.size > 10_000) kinds.clear()
    kind = kindOf(key)
    kinds.set(key, kind)
  }
  return kind
}

/** In one piece: a text that was put together keeps `JSON.stringify` off its fast path. */
const whole = (text: string): string => (text.length < 13 ? text : [text.slice(0, 1), text.slice(1)].join(""))

const known: Record<string, Map<string, string>> = {}

const evidence = (field: string, word: string): string => {
  const fields = known[field] ?? (known[field] = new Map())
  let text = fields.get(word)
  if (text === undefined) {
    text = [field, "=", word].join("")
    if (fields.size < 200) fields.set(word, text)
  }
  return text
}

const redactAddress = (url: string): string => whole(addressOf(url))

const addressOf = (url: string): string =>
  url
    .replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*@/i, `$1//${REDACTED}@`)
    .replace(
      /[?#][^#]*/g,
      (part) =>
        part[0] +
        part
          .slice(1)
          .replace(/[^&;]+/g, (pair) =>
            pair.includes("=") ? `${pair.slice(0, pair.indexOf("="))}=${REDACTED}` : REDACTED
          )
    )

const HIDDEN = /api.?key|secret|token|authorization|password|llm.?system.?prompt|webhook|headers|query.?params|tools/i

const redactText = (text: string, kind: number): string => {
  if (kind === SECRET) return REDACTED
  if (kind === ADDRESS) return redactAddress(text)
  const first = text.charCodeAt(0)
  if ((first !== 123 && first !== 91) || (kind === PLAIN && !HIDDEN.test(text))) return text
  try {
    const value: unknown = JSON.parse(text)
    const redacted = redact(value, kind)
    return redacted === value ? text : JSON.stringify(redacted)
  } catch {
    return text
  }
}

const redact = (value: unknown, kind: number): unknown => {
  if (typeof value === "string") return redactText(value, kind)
  if (typeof value !== "object" || value === null) return value
  if (!Array.isArray(value)) return redactObject(value, kind)
  let copy: Array<unknown> | undefined
  for (let index = 0; index < value.length; index++) {
    const item: unknown = value[index]
    const redacted = redact(item, kind)
    if (redacted === item) continue
    copy ??= value.slice()
    copy[index] = redacted
  }
  return copy ?? value
}

/** The object itself where nothing in it is secret, else a copy. */
const redactObject = <A extends object>(object: A, kind: number): A => {
  let copy: A | undefined
  for (const key in object) {
    const value = object[key]
    if (typeof value !== "string" && (typeof value !== "object" || value === null)) continue
    const within =
      kind === SECRET || (kind === VALUES && key === "value")
        ? SECRET
        : kind === TOOLS && key === "url"
          ? ADDRESS
          : kindOfKey(key)
    const redacted = redact(value, within)
    if (redacted === value) continue
    copy ??= { ...object }
    set(copy, key, redacted)
  }
  return copy ?? object
}

const set = (target: Plain | object, key: string, value: unknown): void => {
  Reflect.set(target, key, value)
}

// Scalars

const instant = (raw: Maybe<string | number>): string | undefined => {
  if (raw === null || raw === undefined) return undefined
  if (typeof raw === "number") return epoch(raw)
  if (typeof raw !== "string") return undefined
  if (raw.length === 24 && raw.charCodeAt(23) === 90 && raw.charCodeAt(10) === 84) return raw
  if (/^\d+(\.\d+)?$/.test(raw)) return epoch(Number(raw))
  if (!/(?:[Zz]|[+-]\d\d:?\d\d)$/.test(raw)) return undefined
  const time = Date.parse(raw)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}

const epoch = (value: number): string | undefined => {
  if (value < 1e8 || value > 1e14) return undefined
  return new Date(value < 1e11 ? value * 1000 : value).toISOString()
}

const secondsBetween = (from: string | undefined, to: string | undefined): number | undefined =>
  from === undefined || to === undefined || to < from ? undefined : (Date.parse(to) - Date.parse(from)) / 1000

const roleOf = (word: Maybe<string>): Turn["role"] => {
  switch (word) {
    case "assistant":
    case "agent":
    case "ai":
    case "bot":
      return "agent"
    case "user":
    case "human":
    case "customer":
    case "caller":
    case "callee":
      return "remote"
    case "tool":
    case "function":
      return "tool"
    case "system":
      return "system"
    default:
      return "unrecognized"
  }
}

/** Remote turns that answer an agent turn. */
const repliesIn = (turns: Array<MutableTurn> | undefined): number => {
  if (turns === undefined) return 0
  let replies = 0
  let last = ""
  for (const { role, text } of turns) {
    if ((role !== "agent" && role !== "remote") || text.trim() === "") continue
    if (role === "remote" && last === "agent") replies += 1
    last = role
  }
  return replies
}

type MutableTurn = { -readonly [K in keyof Turn]: Turn[K] }

interface MutableAttempt {
  id: string
  status: string
  reach: Reach
  orderId?: string
  to?: string
  dialedAt?: string
  answeredAt?: string
  endedAt?: string
  answered?: boolean
  ringSeconds?: number
  talkSeconds?: number
  talkSource?: "provider" | "derived"
  answeredBy?: AnsweredBy
  failure?: Failure
  disconnect?: Disconnect
  transfer?: { state: "initiated" }
  transcript?: { turns: Array<MutableTurn> } | { text: string }
  recordingUrl?: string
  extracted?: Plain
  metrics?: Plain
}

interface MutableOrder {
  kind: "call_order"
  provider: string
  id: string
  status: string
  reach: Reach
  enriched: { transcript: boolean; recording: boolean; outcome: boolean }
  attempts: Array<MutableAttempt>
  channel: "phone" | "web"
  providerStatus: string
  terminal?: boolean
  direction?: string
  from?: string
  to?: string
  agent?: { id?: string; name?: string }
  reference?: string
  createdAt?: string
  scheduledAt?: string
  endedAt?: string
  updatedAt?: string
  attemptsMade?: number
  attemptsAllowed?: number
  outcome?: string
  outcomeReason?: string
  summary?: string
  metadata?: Plain
  variables?: Plain
  campaign?: { id?: string; name?: string }
  organizationId?: string
  native?: object
}

// Reach

interface Verdict {
  readonly value: string
  readonly certainty: Reach["certainty"]
  readonly because: string
}

const isReached = (value: string): value is "human" | "voicemail" | "ivr" | "call_screening" =>
  value === "human" || value === "voicemail" || value === "ivr" || value === "call_screening"

const isOver = (status: string, endedAt: string | undefined): boolean =>
  status === "ended" ||
  status === "failed" ||
  status === "canceled" ||
  (status === "unrecognized" && endedAt !== undefined)

const reachOf = (
  attempt: Omit<MutableAttempt, "reach">,
  word: string,
  answeredBecause: string,
  endedTerm: string,
  answeredBy: Verdict | undefined,
  failure: Verdict | undefined,
  replies: number
): Reach => {
  const { status, answered, endedAt } = attempt
  const over = isOver(status, endedAt)
  const byStatus = evidence("status", word)
  let value: ReachValue
  let certainty: Reach["certainty"] = "inferred"
  let because = byStatus
  if (!over) {
    value = status === "unrecognized" ? "unknown" : "pending"
    certainty = "stated"
  } else if (answeredBy !== undefined && isReached(answeredBy.value)) {
    value = answeredBy.value
    certainty = answeredBy.certainty
    because = answeredBy.because
  } else if (answered === true) {
    value = "answered"
    because = answeredBecause
  } else if (status === "canceled") {
    value = "canceled"
    certainty = "stated"
  } else if (failure !== undefined) {
    const kind = failure.value
    value =
      kind === "busy" || kind === "no_answer" || kind === "unreachable" || kind === "declined" || kind === "blocked"
        ? "not_reached"
        : "failed"
    certainty = failure.certainty
    because = failure.because
  } else if (status === "failed") {
    value = "failed"
    certainty = "stated"
  } else if (answered === false) {
    value = "not_reached"
    because = answeredBecause
  } else value = "unknown"

  let against: Array<string> | undefined
  if (answeredBy !== undefined && (answeredBy.value === "human" || answeredBy.value === "voicemail")) {
    if (answered === false) (against ??= []).push(answeredBy.because, answeredBecause)
    if (attempt.talkSeconds === 0) (against ??= []).push(answeredBy.because, "talkSeconds=0")
    if (answeredBy.value === "voicemail" && replies >= 2) {
      ;(against ??= []).push(answeredBy.because, "transcript=remote_turns_after_agent_turns")
    }
  }
  if (failure !== undefined && answered === true) (against ??= []).push(failure.because, answeredBecause)
  if (!over && status !== "unrecognized" && endedAt !== undefined)
    (against ??= []).push(byStatus, evidence(endedTerm, "given"))
  if (against === undefined) return { value, certainty, because: [because] }
  return { value, certainty, because: [...new Set([because, ...against])], contradicted: true }
}

const rank = (value: ReachValue): number => {
  switch (value) {
    case "human":
      return 10
    case "answered":
      return 9
    case "call_screening":
      return 8
    case "ivr":
      return 7
    case "voicemail":
      return 6
    case "not_reached":
      return 5
    case "failed":
      return 4
    case "canceled":
      return 3
    case "pending":
      return 2
    case "unknown":
      return 1
  }
}

const certaintyRank = (certainty: Reach["certainty"]): number =>
  certainty === "stated" ? 2 : certainty === "detected" ? 1 : 0

const orderReach = (
  attempts: Array<MutableAttempt>,
  status: string,
  word: string,
  terminal: boolean | undefined
): Reach => {
  const mayDial = terminal === false && word !== "post_processing"
  let best: Reach | undefined
  for (const { reach } of attempts) {
    if (mayDial && rank(reach.value) < 6) continue
    const settled: Reach = terminal === true && reach.value === "pending" ? { ...reach, value: "unknown" } : reach
    const order =
      best === undefined
        ? 1
        : rank(settled.value) - rank(best.value) || certaintyRank(settled.certainty) - certaintyRank(best.certainty)
    if (order > 0) best = settled
  }
  if (best !== undefined) return best
  const because = [evidence("status", word)]
  if (terminal === false) {
    for (const { reach } of attempts) if (reach.value === "pending" && reach.contradicted === true) return reach
    return { value: "pending", certainty: "stated", because }
  }
  return status === "canceled" || status === "failed"
    ? { value: status, certainty: "stated", because }
    : { value: "unknown", certainty: "inferred", because }
}

// Revox

const revoxOrderStatus = (word: string): string => {
  switch (word) {
    case "completed":
      return "completed"
    case "scheduled":
    case "not_launched":
      return "scheduled"
    case "initializing":
    case "queued_for_calling":
    case "paused":
      return "queued"
    case "calling":
    case "post_processing":
      return "in_progress"
    case "cancelled":
      return "canceled"
    case "errored":
      return "failed"
    default:
      return "unrecognized"
  }
}

const revoxAttemptStatus = (word: string): string => {
  switch (word) {
    case "completed":
      return "ended"
    case "error":
      return "failed"
    case "queued":
      return "queued"
    case "ringing":
      return "dialing"
    case "ongoing":
      return "in_progress"
    default:
      return "unrecognized"
  }
}

const dialError = (word: string): FailureKind => {
  switch (word) {
    case "no_answer":
    case "busy":
    case "precondition_failed":
      return word
    case "number_non_attributed":
      return "invalid_number"
    case "too_many_calls":
      return "congestion"
    case "temporarily_unavailable":
      return "unreachable"
    case "no_international_permission":
      return "not_permitted"
    case "non_classified_error":
      return "unclassified"
    default:
      return "unrecognized"
  }
}

const revoxResult = (word: string): AnsweredBy["value"] => {
  switch (word) {
    case "human":
    case "voicemail":
    case "unknown":
      return word
    case "IVR":
      return "ivr"
    case "ios-screening-filter":
      return "call_screening"
    default:
      return "unrecognized"
  }
}

const revoxOutcome = (word: string): string => {
  switch (word) {
    case "interested":
    case "not_interested":
    case "completed":
    case "do_not_contact":
    case "none":
      return word
    case "requested_callback_later":
      return "callback_later"
    case "requested_callback_new_number":
      return "callback_new_number"
    default:
      return "unrecognized"
  }
}

const endedBy = (word: string): DisconnectedBy =>
  word === "agent" ? "agent" : word === "user" ? "remote" : word === "system" ? "system" : "unrecognized"

const revoxDisconnect = (reason: Maybe<string>, by: Maybe<string>): Disconnect | undefined => {
  if (reason) {
    switch (reason) {
      case "transfer":
        return { by: by ? endedBy(by) : "agent", reason: "transferred" }
      case "tool_end_call":
        return { by: by ? endedBy(by) : "agent", reason: "agent_hangup" }
      case "voicemail":
        return { by: by ? endedBy(by) : "agent", reason: "voicemail" }
      case "ivr_no_navigate":
        return { by: by ? endedBy(by) : "agent", reason: "ivr_dead_end" }
      default:
        return by ? { by: endedBy(by), reason: "unrecognized" } : { reason: "unrecognized" }
    }
  }
  if (!by) return undefined
  return by === "user" ? { by: "remote", reason: "remote_hangup" } : { by: endedBy(by) }
}

const parseArguments = (raw: unknown): unknown => {
  if (typeof raw !== "string") return raw
  try {
    return JSON.parse(raw)
  } catch {
    return raw
  }
}

const revoxTurns = (entries: Array<RevoxEntry>): Array<MutableTurn> => {
  const turns: Array<MutableTurn> = []
  for (const entry of entries) {
    if (entry === null) continue
    const turn: MutableTurn = { role: roleOf(entry.role), text: entry.content ?? "" }
    if (entry.tool_name != null) turn.toolName = entry.tool_name
    if (entry.tool_arguments != null) turn.arguments = parseArguments(entry.tool_arguments)
    if (entry.tool_output != null) turn.output = entry.tool_output
    if (entry.tool_is_error != null) turn.isError = entry.tool_is_error
    turns.push(turn)
  }
  return turns
}

const PENDING: Reach = { value: "pending", certainty: "stated", because: [] }

const revoxAttempt = (raw: RevoxAttempt, id: string, orderId: string | undefined): MutableAttempt => {
  const attempt: MutableAttempt = { id, status: revoxAttemptStatus(raw.status), reach: PENDING }
  const dialedAt = instant(raw.started_at)
  const answeredAt = instant(raw.answered_at)
  const endedAt = instant(raw.ended_at)
  if (orderId !== undefined) attempt.orderId = orderId
  if (raw.phone_number != null) attempt.to = raw.phone_number
  if (dialedAt !== undefined) attempt.dialedAt = dialedAt
  if (answeredAt !== undefined) attempt.answeredAt = answeredAt
  if (endedAt !== undefined) attempt.endedAt = endedAt
  if (raw.answered_at != null) attempt.answered = true
  else if (raw.answered_at === null && isOver(attempt.status, endedAt)) attempt.answered = false
  const ringSeconds = secondsBetween(dialedAt, answeredAt)
  if (ringSeconds !== undefined) attempt.ringSeconds = ringSeconds
  const talkSeconds = secondsBetween(answeredAt, endedAt)
  if (talkSeconds !== undefined) {
    attempt.talkSeconds = talkSeconds
    attempt.talkSource = "derived"
  }
  let answeredBy: Verdict | undefined
  if (raw.result) {
    const value = revoxResult(raw.result)
    attempt.answeredBy = { value, certainty: "stated" }
    answeredBy = { value, certainty: "stated", because: evidence("result", raw.result) }
  }
  let failure: Verdict | undefined
  if (raw.dial_error) {
    const kind = dialError(raw.dial_error)
    attempt.failure = { kind }
    failure = {
      value: kind,
      certainty: kind === "unrecognized" ? "inferred" : "stated",
      because: evidence("dial_error", raw.dial_error)
    }
  }
  const disconnect = revoxDisconnect(raw.end_reason, raw.ended_by)
  if (disconnect !== undefined) attempt.disconnect = disconnect
  if (raw.end_reason === "transfer") attempt.transfer = { state: "initiated" }
  let replies = 0
  if (Array.isArray(raw.transcript)) {
    const turns = revoxTurns(raw.transcript)
    attempt.transcript = { turns }
    if (raw.result === "voicemail") replies = repliesIn(turns)
  } else if (typeof raw.transcript === "string") attempt.transcript = { text: raw.transcript }
  if (raw.recording_url != null) attempt.recordingUrl = raw.recording_url
  if (raw.structured_output != null) attempt.extracted = raw.structured_output
  const answeredBecause = attempt.answered === false ? "answered_at=null" : "answered_at=given"
  attempt.reach = reachOf(attempt, raw.status, answeredBecause, "ended_at", answeredBy, failure, replies)
  return attempt
}

const hasTranscript = ({ transcript }: MutableAttempt): boolean =>
  transcript !== undefined && ("turns" in transcript ? transcript.turns.length > 0 : transcript.text !== "")

/** Oldest first; those that were never dialled last. */
const byAge = (a: MutableAttempt, b: MutableAttempt): number => {
  const [first, second] = [a.dialedAt ?? "~", b.dialedAt ?? "~"]
  return first < second ? -1 : first > second ? 1 : 0
}

const isTerminal = (status: string): boolean => status === "completed" || status === "failed" || status === "canceled"

const revoxOrder = (raw: RevoxOrder, id: string): MutableOrder => {
  const status = revoxOrderStatus(raw.status)
  const terminal = isTerminal(status)
  const attempts: Array<MutableAttempt> = []
  const list = raw.call_attempts ?? []
  const last = raw.last_call_attempt
  let lastIsListed = false
  for (let index = list.length - 1; index >= 0; index--) {
    const item = list[index]
    if (item == null) continue
    if (item.id === last?.id) lastIsListed = true
    if (item.id) attempts.push(revoxAttempt(item, item.id, id))
  }
  if (last != null && !lastIsListed && last.id) attempts.push(revoxAttempt(last, last.id, id))
  if (attempts.length > 1) attempts.sort(byAge)
  let [transcript, recording] = [false, false]
  for (const attempt of attempts) {
    if (hasTranscript(attempt)) transcript = true
    if (attempt.recordingUrl !== undefined) recording = true
  }
  const order: MutableOrder = {
    kind: "call_order",
    provider: "revox",
    id,
    status,
    reach: orderReach(attempts, status, raw.status, terminal),
    enriched: { transcript, recording, outcome: raw.outcome != null && raw.outcome !== "" },
    attempts,
    channel: "phone",
    providerStatus: raw.status,
    terminal
  }
  if (raw.direction)
    order.direction = raw.direction === "outbound" || raw.direction === "inbound" ? raw.direction : "unrecognized"
  if (raw.from_phone_number != null) order.from = raw.from_phone_number
  if (raw.to_phone_number != null) order.to = raw.to_phone_number
  if (raw.assistant != null) order.agent = named(raw.assistant.id, raw.assistant.name)
  const reference = raw.metadata?.["reference"]
  if (typeof reference === "string" && reference !== "") order.reference = reference
  const createdAt = instant(raw.created_at)
  if (createdAt !== undefined) order.createdAt = createdAt
  const scheduledAt = instant(raw.scheduled_at)
  if (scheduledAt !== undefined) order.scheduledAt = scheduledAt
  const updatedAt = instant(raw.updated_at)
  if (updatedAt !== undefined) order.updatedAt = updatedAt
  if (raw.calls_count != null) order.attemptsMade = raw.calls_count
  const allowed = raw.call_retry_config?.max_retry_attempts
  if (allowed != null) order.attemptsAllowed = allowed
  if (raw.outcome) order.outcome = revoxOutcome(raw.outcome)
  if (raw.outcome_summary != null) order.outcomeReason = raw.outcome_summary
  if (raw.metadata != null) order.metadata = raw.metadata
  if (raw.prompt_variables != null) order.variables = raw.prompt_variables
  if (raw.campaign != null) order.campaign = named(raw.campaign.id, raw.campaign.name)
  if (raw.organization_id != null) order.organizationId = raw.organization_id
  order.native = raw
  return order
}

const named = (id: Maybe<string>, name: Maybe<string>): { id?: string; name?: string } => {
  const value: { id?: string; name?: string } = {}
  if (id != null) value.id = id
  if (name != null) value.name = name
  return value
}

// RevRing

const revringOrderStatus = (word: string): string => {
  switch (word) {
    case "COMPLETED":
    case "TRANSFERRED":
      return "completed"
    case "QUEUED":
      return "queued"
    case "INITIATED":
    case "ONGOING":
      return "in_progress"
    case "FAILED":
    case "NO_ANSWER":
    case "BUSY":
      return "failed"
    case "CANCELED":
    case "CANCELLED":
      return "canceled"
    default:
      return "unrecognized"
  }
}

const revringAttemptStatus = (word: string): string => {
  switch (word) {
    case "COMPLETED":
    case "TRANSFERRED":
      return "ended"
    case "QUEUED":
      return "queued"
    case "INITIATED":
      return "dialing"
    case "ONGOING":
      return "in_progress"
    case "FAILED":
    case "NO_ANSWER":
    case "BUSY":
      return "failed"
    case "CANCELED":
    case "CANCELLED":
      return "canceled"
    default:
      return "unrecognized"
  }
}

const NAMED_CODE = /\b(?:sip(?:\/\d\.\d)?|status|code|error|response)[\s:=#"'([-]*([456]\d\d)(?!\d)/i
const PHRASED_CODE =
  /\b([456]\d\d) (?:forbidden|not found|request timeout|gone|temporarily unavailable|address incomplete|busy here|request terminated|service unavailable|busy everywhere|decline|network blocked)/i

const failureOfCode = (code: number): FailureKind => {
  switch (code) {
    case 404:
    case 410:
    case 484:
    case 604:
      return "invalid_number"
    case 486:
    case 600:
      return "busy"
    case 487:
      return "no_answer"
    case 480:
      return "unreachable"
    case 603:
    case 607:
      return "declined"
    case 608:
      return "blocked"
    case 503:
      return "congestion"
    case 403:
      return "not_permitted"
    case 412:
    case 580:
      return "precondition_failed"
    case 408:
      return "timeout"
    default:
      return code >= 500 && code < 600 ? "provider_error" : "unclassified"
  }
}

const NETWORK_BLOCKED = /\bnetwork[\s_-]blocked\b/i

const failureInText = (message: string): Failure => {
  const code = NAMED_CODE.exec(message) ?? PHRASED_CODE.exec(message)
  if (code !== null) {
    const sipCode = Number(code[1])
    const kind = sipCode === 603 && NETWORK_BLOCKED.test(message) ? "blocked" : failureOfCode(sipCode)
    return { kind, sipCode, message }
  }
  if (/\bbusy\b/i.test(message)) return { kind: "busy", message }
  if (/\bno[\s_-]?answer\b/i.test(message)) return { kind: "no_answer", message }
  if (/\btemporarily[\s_-]unavailable\b/i.test(message)) return { kind: "unreachable", message }
  if (NETWORK_BLOCKED.test(message)) return { kind: "blocked", message }
  if (/\bdeclined\b/i.test(message)) return { kind: "declined", message }
  if (/\b(?:forbidden|blocked)\b/i.test(message)) return { kind: "not_permitted", message }
  if (/\btimed?[\s_-]?out\b/i.test(message)) return { kind: "timeout", message }
  return { kind: "unclassified", message }
}

const causeFailure = (cause: Maybe<string>, answered: boolean | undefined): FailureKind | undefined => {
  switch (cause) {
    case "NO_ANSWER":
    case "NO_PICKUP":
      return "no_answer"
    case "BUSY":
      return "busy"
    case "USER_DID_NOT_RESPOND":
      return answered === true ? undefined : "no_answer"
    default:
      return undefined
  }
}

const revringDisconnect = (
  status: string,
  cause: Maybe<string>,
  answered: boolean | undefined
): Disconnect | undefined => {
  if (status === "TRANSFERRED") return { by: "agent", reason: "transferred" }
  switch (cause) {
    case null:
    case undefined:
    case "":
    case "NO_ANSWER":
    case "NO_PICKUP":
    case "BUSY":
      return undefined
    case "USER_ENDED":
      return { by: "remote", reason: "remote_hangup" }
    case "END_CALL_TOOL":
    case "AGENT_HUNG_UP":
      return { by: "agent", reason: "agent_hangup" }
    case "SILENCE_TIMEOUT":
      return { by: "system", reason: "silence" }
    case "MAX_DURATION":
      return { by: "system", reason: "max_duration" }
    case "VOICEMAIL_DETECTED":
      return { by: "system", reason: "voicemail" }
    case "USER_DID_NOT_RESPOND":
      return answered === true ? { by: "system", reason: "silence" } : undefined
    default:
      return { reason: "unrecognized" }
  }
}

const revringTurns = (items: Array<RevringItem>): Array<MutableTurn> => {
  const turns: Array<MutableTurn> = []
  for (const item of items) {
    if (item === null) continue
    turns.push({
      role: roleOf(item.role ?? item.speaker ?? item.from),
      text: item.content ?? item.text ?? item.message ?? ""
    })
  }
  return turns
}

const ownVariables = (variables: Plain): Plain => {
  const own: Plain = {}
  for (const key in variables) {
    switch (key) {
      case "direction":
      case "user_number":
      case "agent_number":
      case "current_time":
      case "timezone":
      case "language":
        break
      default:
        own[key] = variables[key]
    }
  }
  return own
}

const revringAttempt = (raw: RevringCall, id: string, web: boolean): MutableAttempt => {
  const attempt: MutableAttempt = { id, orderId: id, status: revringAttemptStatus(raw.status), reach: PENDING }
  const dialedAt = attempt.status === "queued" ? undefined : instant(raw.initiatedAt)
  const answeredAt = instant(raw.startedAt)
  const endedAt = instant(raw.endedAt)
  const duration = raw.durationSeconds ?? undefined
  if (raw.toNumber != null && !web) attempt.to = raw.toNumber
  if (dialedAt !== undefined) attempt.dialedAt = dialedAt
  if (answeredAt !== undefined) attempt.answeredAt = answeredAt
  if (endedAt !== undefined) attempt.endedAt = endedAt
  if (raw.startedAt != null || (duration !== undefined && duration > 0)) attempt.answered = true
  else if (raw.startedAt === null && isOver(attempt.status, endedAt)) attempt.answered = false
  const { answered } = attempt
  const ringSeconds = secondsBetween(dialedAt, answeredAt)
  if (ringSeconds !== undefined) attempt.ringSeconds = ringSeconds
  const talkSeconds = duration ?? secondsBetween(answeredAt, endedAt)
  if (talkSeconds !== undefined) {
    attempt.talkSeconds = talkSeconds
    attempt.talkSource = duration === undefined ? "derived" : "provider"
  }
  let replies = 0
  if (Array.isArray(raw.transcript)) {
    const turns = revringTurns(raw.transcript)
    attempt.transcript = { turns }
    replies = repliesIn(turns)
  } else if (typeof raw.transcript === "string") attempt.transcript = { text: raw.transcript }

  let answeredBy: Verdict | undefined
  if (raw.hangupCause === "VOICEMAIL_DETECTED") {
    answeredBy = { value: "voicemail", certainty: "detected", because: "hangupCause=VOICEMAIL_DETECTED" }
  } else if (raw.status === "TRANSFERRED")
    answeredBy = { value: "human", certainty: "inferred", because: "status=TRANSFERRED" }
  else if (replies > 0)
    answeredBy = { value: "human", certainty: "inferred", because: "transcript=remote_turn_after_agent_turn" }
  if (answeredBy !== undefined && isReached(answeredBy.value)) {
    attempt.answeredBy = { value: answeredBy.value, certainty: answeredBy.certainty }
  }

  let failure: Verdict | undefined
  const text =
    typeof raw.errorMessage === "string" && raw.errorMessage !== "" ? failureInText(raw.errorMessage) : undefined
  const cause = causeFailure(raw.hangupCause, answered)
  const stated = cause ?? (raw.status === "NO_ANSWER" ? "no_answer" : raw.status === "BUSY" ? "busy" : undefined)
  if (stated !== undefined) {
    attempt.failure = { ...text, kind: stated }
    failure = {
      value: stated,
      certainty: "stated",
      because:
        cause === undefined ? evidence("status", String(raw.status)) : evidence("hangupCause", String(raw.hangupCause))
    }
  } else if (text !== undefined) {
    if (attempt.status === "failed" || answered !== true) {
      attempt.failure = text
      failure = { value: text.kind, certainty: "inferred", because: evidence("errorMessage", text.kind) }
    } else attempt.failure = { kind: "unclassified", ...(text.message === undefined ? {} : { message: text.message }) }
  }
  const disconnect = revringDisconnect(raw.status, raw.hangupCause, answered)
  if (disconnect !== undefined) attempt.disconnect = disconnect
  if (raw.status === "TRANSFERRED") attempt.transfer = { state: "initiated" }
  if (raw.recordingUrl != null) attempt.recordingUrl = raw.recordingUrl
  if (raw.metrics != null) attempt.metrics = raw.metrics
  const answeredBecause =
    answered === false
      ? "startedAt=null"
      : answeredAt === undefined && duration !== undefined && duration > 0
        ? "durationSeconds=given"
        : "startedAt=given"
  attempt.reach = reachOf(attempt, raw.status, answeredBecause, "endedAt", answeredBy, failure, replies)
  return attempt
}

const revringOrder = (raw: RevringCall, id: string): MutableOrder => {
  const status = revringOrderStatus(raw.status)
  const terminal = isTerminal(status)
  const web = raw.source === "web_widget" || (raw.toNumber != null && raw.toNumber === raw.agentId)
  const attempt = revringAttempt(raw, id, web)
  const attempts = [attempt]
  const order: MutableOrder = {
    kind: "call_order",
    provider: "revring",
    id,
    status,
    reach: orderReach(attempts, status, raw.status, terminal),
    enriched: { transcript: hasTranscript(attempt), recording: attempt.recordingUrl !== undefined, outcome: false },
    attempts,
    channel: web ? "web" : "phone",
    providerStatus: raw.status,
    terminal
  }
  if (raw.direction)
    order.direction =
      raw.direction === "OUTBOUND" ? "outbound" : raw.direction === "INBOUND" ? "inbound" : "unrecognized"
  if (raw.fromNumber != null) order.from = raw.fromNumber
  if (raw.toNumber != null) order.to = raw.toNumber
  if (raw.agentId != null || raw.agentName != null) order.agent = named(raw.agentId, raw.agentName)
  const reference = raw.variables?.["call_reference"]
  if (typeof reference === "string" && reference !== "") order.reference = reference
  const createdAt = instant(raw.createdAt)
  if (createdAt !== undefined) order.createdAt = createdAt
  if (attempt.endedAt !== undefined) order.endedAt = attempt.endedAt
  const updatedAt = instant(raw.updatedAt)
  if (updatedAt !== undefined) order.updatedAt = updatedAt
  if (raw.summary != null) order.summary = raw.summary
  if (raw.variables != null) order.variables = ownVariables(raw.variables)
  if (raw.organizationId != null) order.organizationId = raw.organizationId
  order.native = raw
  return order
}

// Payloads

const rejected = (raw: Payload): object => ({ kind: "rejection", reason: "missing_id", raw: redactObject(raw, PLAIN) })

const body = (payload: Payload, emit: (record: object) => void): void => {
  const raw = redactObject(payload, PLAIN)
  if (!raw.id) return emit(rejected(payload))
  if ("call_attempts" in raw || ("to_phone_number" in raw && "direction" in raw)) return emit(revoxOrder(raw, raw.id))
  if ("toNumber" in raw) return emit(revringOrder(raw, raw.id))
  emit({
    kind: "call_attempt",
    provider: "revox",
    ...revoxAttempt(raw, raw.id, raw.call_order_id ?? undefined),
    native: raw
  })
}

/** One payload into the records it holds. */
export const mapByHand = (payload: Payload, emit: (record: object) => void): void => {
  if (Array.isArray(payload.calls)) for (const item of payload.calls) body(item, emit)
  else body(payload.call ?? payload.data ?? payload, emit)
}
