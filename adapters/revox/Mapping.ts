/** Revox bodies into facts, and their words into the domain's: tables first, then scalars, then records. Pure. */
import type { CallHint } from "../../src/domain/CallHint.ts"
import type { Direction, Outcome } from "../../src/domain/CallOrder.ts"
import { type AttemptStatus, isTerminalAttempt, isTerminalOrder, type OrderStatus } from "../../src/domain/CallStatus.ts"
import type { Disconnect, DisconnectedBy, DisconnectReason } from "../../src/domain/Disconnect.ts"
import type {
  AttemptClaims,
  AttemptFact,
  AttemptMeaning,
  Evidence,
  Interpretation,
  OrderFact,
  StatusClaim
} from "../../src/domain/Fact.ts"
import type { FailureKind } from "../../src/domain/Failure.ts"
import { type OrderId, parseAttemptId, parseOrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { type Instant, latest } from "../../src/domain/Instant.ts"
import { formatPath, isEmptyObject, type JsonObject, type PathStep } from "../../src/domain/Json.ts"
import { mergeAttempts } from "../../src/domain/Merge.ts"
import type { AnsweredByValue } from "../../src/domain/Reach.ts"
import { parseArguments, roleWords, type Transcript, type Turn } from "../../src/domain/Transcript.ts"
import { type WordTable, wordTable } from "../../src/domain/Words.ts"
import type { Unreadable } from "../../src/provider/Adapter.ts"
import { IssueLog, isGiven, readId, readInstant, readText, readWord } from "../../src/provider/FieldReader.ts"
import { makeReader } from "../../src/provider/WireReader.ts"
import * as Wire from "./Wire.ts"

export const providerId = ProviderId.make("revox")

// Tables

export const orderStatusWords = wordTable<OrderStatus>({
  initializing: "queued",
  scheduled: "scheduled",
  queued_for_calling: "queued",
  calling: "in_progress",
  completed: "completed",
  cancelled: "canceled",
  errored: "failed"
} satisfies Record<(typeof Wire.ORDER_STATUSES)[number], OrderStatus>)

export const attemptStatusWords = wordTable<AttemptStatus>({
  queued: "queued",
  ringing: "dialing",
  ongoing: "in_progress",
  completed: "ended",
  error: "failed"
} satisfies Record<(typeof Wire.ATTEMPT_STATUSES)[number], AttemptStatus>)

export const dialErrorWords = wordTable<FailureKind>({
  number_non_attributed: "invalid_number",
  too_many_calls: "congestion",
  busy: "busy",
  temporarily_unavailable: "unreachable",
  no_answer: "no_answer",
  no_international_permission: "not_permitted",
  precondition_failed: "precondition_failed",
  non_classified_error: "unclassified"
} satisfies Record<(typeof Wire.DIAL_ERRORS)[number], FailureKind>)

export const resultWords = wordTable<AnsweredByValue>({
  IVR: "ivr",
  voicemail: "voicemail",
  human: "human",
  unknown: "unknown",
  "ios-screening-filter": "call_screening"
} satisfies Record<(typeof Wire.RESULTS)[number], AnsweredByValue>)

/** `end_reason` with the side that ends such a call where `ended_by` does not say. */
export const endReasonWords = wordTable<{ readonly reason: DisconnectReason; readonly by: DisconnectedBy }>({
  transfer: { reason: "transferred", by: "agent" },
  tool_end_call: { reason: "agent_hangup", by: "agent" },
  voicemail: { reason: "voicemail", by: "system" },
  ivr_no_navigate: { reason: "ivr_dead_end", by: "agent" }
} satisfies Record<(typeof Wire.END_REASONS)[number], { reason: DisconnectReason; by: DisconnectedBy }>)

export const endedByWords = wordTable<DisconnectedBy>({
  agent: "agent",
  user: "remote",
  system: "system"
} satisfies Record<(typeof Wire.ENDED_BY)[number], DisconnectedBy>)

export const outcomeWords = wordTable<Outcome>({
  not_interested: "not_interested",
  interested: "interested",
  completed: "completed",
  requested_callback_later: "callback_later",
  requested_callback_new_number: "callback_new_number",
  do_not_contact: "do_not_contact",
  none: "none"
} satisfies Record<(typeof Wire.OUTCOMES)[number], Outcome>)

export const directionWords = wordTable<Direction>({
  inbound: "inbound",
  outbound: "outbound"
} satisfies Record<(typeof Wire.DIRECTIONS)[number], Direction>)

/** The tables of words that are kept as evidence, by wire field. */
const evidenceWords = new Map<string, WordTable<unknown>>(
  Object.entries({
    direction: directionWords,
    outcome: outcomeWords,
    result: resultWords,
    dial_error: dialErrorWords,
    end_reason: endReasonWords,
    ended_by: endedByWords
  })
)

// Scalars

const turnFrom = (entry: Wire.TranscriptEntry | string, path: string, issues: IssueLog): Turn => {
  if (typeof entry === "string") return { role: "unrecognized", text: entry }
  const role = readWord(entry.role, roleWords, `${path}.role`, issues)
  const turn: { -readonly [K in keyof Turn]: Turn[K] } = {
    role: (role === undefined ? undefined : roleWords(role)) ?? "unrecognized",
    text: entry.content ?? ""
  }
  if (entry.tool_name !== undefined && entry.tool_name !== null) turn.toolName = entry.tool_name
  if (isGivenOrEmpty(entry.tool_arguments)) turn.arguments = parseArguments(entry.tool_arguments)
  if (isGivenOrEmpty(entry.tool_output)) turn.output = entry.tool_output
  if (entry.tool_is_error !== undefined && entry.tool_is_error !== null) turn.isError = entry.tool_is_error
  return turn
}

/** Arguments without members are arguments. */
const isGivenOrEmpty = (raw: unknown): boolean => raw !== undefined && raw !== null

const transcriptFrom = (raw: Wire.Attempt["transcript"], path: string, issues: IssueLog): Transcript | undefined => {
  if (raw === undefined || raw === null) return undefined
  if (typeof raw === "string") return { text: raw }
  const turns: Array<Turn> = []
  for (let index = 0; index < raw.length; index++) {
    const entry = raw[index]
    if (entry === undefined || entry === null || isEmptyObject(entry)) continue
    turns.push(turnFrom(entry, `${path}[${index}]`, issues))
  }
  return { turns }
}

const attemptStatusFrom = (
  word: string | null | undefined,
  ended: boolean,
  path: string,
  issues: IssueLog
): StatusClaim<AttemptStatus> => {
  if (word === undefined || word === null || word === "") {
    issues.add(path, "missing")
    return { value: "unrecognized", word: undefined, terminal: ended, because: "status=missing" }
  }
  const value = attemptStatusWords(word)
  if (value === undefined) issues.add(path, "unknown_word", word)
  return {
    value: value ?? "unrecognized",
    word,
    terminal: value === undefined ? ended : isTerminalAttempt(value),
    because: `status=${word}`
  }
}

const derived = (value: OrderStatus, because: string): StatusClaim<OrderStatus> => ({
  value,
  word: undefined,
  terminal: isTerminalOrder(value),
  because
})

/** V0 and V1 have no order status: it follows from the flags, then the attempts, then the times. */
const derivedOrderStatus = (order: Wire.Order, attempts: ReadonlyArray<AttemptFact>): StatusClaim<OrderStatus> => {
  if (order.is_cancelled === true) return derived("canceled", "is_cancelled=true")
  if (order.is_completed === true) return derived("completed", "is_completed=true")
  const claims = attempts.map(({ claims }) => claims.status)
  const find = (...values: ReadonlyArray<AttemptStatus>) => claims.find(({ value }) => values.includes(value))
  const running = find("dialing", "in_progress")
  if (running !== undefined) return derived("in_progress", running.because)
  const unrecognized = find("unrecognized")
  if (unrecognized !== undefined) return derived("unrecognized", unrecognized.because)
  const queued = find("queued")
  if (queued !== undefined) return derived("queued", queued.because)
  if (isGiven(order.scheduled_at)) return derived("scheduled", "scheduled_at=given")
  if (isGiven(order.next_call_at)) return derived("scheduled", "next_call_at=given")
  return derived("queued", order.is_completed === false ? "is_completed=false" : "status=missing")
}

const orderStatusFrom = (
  order: Wire.Order,
  attempts: ReadonlyArray<AttemptFact>,
  issues: IssueLog
): StatusClaim<OrderStatus> => {
  const word = order.status
  if (word === undefined || word === null || word === "") return derivedOrderStatus(order, attempts)
  const value = orderStatusWords(word)
  if (value === undefined) issues.add("status", "unknown_word", word)
  const flagged = order.is_completed === true || order.is_cancelled === true
  return {
    value: value ?? "unrecognized",
    word,
    terminal: value === undefined ? flagged : isTerminalOrder(value),
    because: `status=${word}`
  }
}

// Records

interface AttemptPlace {
  readonly path: ReadonlyArray<PathStep>
  readonly position: number | undefined
  readonly orderId: OrderId | undefined
}

const prefix = (path: ReadonlyArray<PathStep>): string => (path.length === 0 ? "" : `${formatPath(path)}.`)

const attemptClaims = (raw: Wire.Attempt, place: AttemptPlace, issues: IssueLog): AttemptClaims => {
  const at = prefix(place.path)
  const endedAt = readInstant(raw.ended_at, `${at}ended_at`, issues)
  const status = attemptStatusFrom(raw.status, endedAt !== undefined, `${at}status`, issues)
  const answeredAt = readInstant(raw.answered_at, `${at}answered_at`, issues)
  return {
    status,
    orderId: place.orderId,
    path: place.path,
    position: place.position,
    to: readText(raw.phone_number),
    dialedAt: readInstant(raw.started_at, `${at}started_at`, issues),
    answeredAt,
    endedAt,
    answered: isGiven(raw.answered_at) ? true : raw.answered_at === null && status.terminal ? false : undefined,
    durationSeconds: undefined,
    transcript: transcriptFrom(raw.transcript, `${at}transcript`, issues),
    recordingUrl: readText(raw.recording_url),
    extracted: raw.structured_output ?? undefined,
    metrics: undefined
  }
}

const attemptEvidence = (raw: Wire.Attempt, path: ReadonlyArray<PathStep>, issues: IssueLog): Evidence => {
  const at = prefix(path)
  return {
    result: readWord(raw.result, resultWords, `${at}result`, issues),
    dial_error: readWord(raw.dial_error, dialErrorWords, `${at}dial_error`, issues),
    end_reason: readWord(raw.end_reason, endReasonWords, `${at}end_reason`, issues),
    ended_by: readWord(raw.ended_by, endedByWords, `${at}ended_by`, issues),
    handled_by_ai: raw.handled_by_ai ?? undefined,
    handled_by_human: raw.handled_by_human ?? undefined
  }
}

const latestOf = ({ dialedAt, answeredAt, endedAt }: AttemptClaims): Instant | undefined =>
  latest(dialedAt, answeredAt, endedAt)

/** An attempt within an order, as old as its order; without an id it stays in `native` and is reported. */
const nestedAttempt = (
  raw: Wire.Attempt,
  place: AttemptPlace,
  asOf: Instant | undefined,
  issues: IssueLog
): AttemptFact | undefined => {
  const id = parseAttemptId(raw.id)
  if (id === undefined) {
    issues.add(`${prefix(place.path)}id`, "missing_id")
    return undefined
  }
  const claims = attemptClaims(raw, place, issues)
  const evidence = attemptEvidence(raw, place.path, issues)
  return { kind: "attempt", provider: providerId, id, asOf, claims, evidence, native: undefined, issues: [] }
}

/** The array comes newest first; `last_call_attempt` repeats one of its elements or, if the array lacks it, is the newest. */
const nestedAttempts = (
  order: Wire.Order,
  orderId: OrderId,
  asOf: Instant | undefined,
  issues: IssueLog
): ReadonlyArray<AttemptFact> => {
  const list = order.call_attempts ?? []
  const attempts: Array<AttemptFact> = []
  const add = (raw: Wire.Attempt, path: ReadonlyArray<PathStep>, position: number) => {
    const attempt = nestedAttempt(raw, { path, position, orderId }, asOf, issues)
    if (attempt === undefined) return
    const twin = attempts.findIndex(({ id }) => id === attempt.id)
    const known = attempts[twin]
    if (known === undefined) attempts.push(attempt)
    else attempts[twin] = mergeAttempts(known, attempt, interpretation.recognizes)
  }
  for (let index = 0; index < list.length; index++) {
    const raw = list[index]
    if (raw !== undefined && raw !== null) add(raw, ["call_attempts", index], list.length - 1 - index)
  }
  const last = order.last_call_attempt
  if (last === undefined || last === null || isEmptyObject(last)) return attempts
  const lastId = parseAttemptId(last.id)
  if (lastId === undefined || !attempts.some(({ id }) => id === lastId)) add(last, ["last_call_attempt"], list.length)
  return attempts
}

const readOrder = makeReader(Wire.Order)
const readAttempt = makeReader(Wire.Attempt)
const readWebhook = makeReader(Wire.Webhook)

const missingId = (field: string): Unreadable => ({
  kind: "unreadable",
  reason: "missing_id",
  path: [field],
  message: `expected ${field} to be a non-empty string or a safe integer`
})

export const orderFrom = (native: JsonObject): OrderFact | Unreadable => {
  const { body, issues: misfits } = readOrder(native)
  const id = parseOrderId(body.id)
  if (id === undefined) return missingId("id")
  const issues = new IssueLog(misfits)
  const createdAt = readInstant(body.created_at, "created_at", issues)
  const updatedAt = readInstant(body.updated_at, "updated_at", issues)
  const read = nestedAttempts(body, id, updatedAt, issues)
  const asOf = updatedAt ?? read.reduce((newest, { claims }) => latest(newest, latestOf(claims)), createdAt)
  const attempts = updatedAt === asOf ? read : read.map((attempt) => ({ ...attempt, asOf }))
  return {
    kind: "order",
    provider: providerId,
    id,
    asOf,
    claims: {
      status: orderStatusFrom(body, attempts, issues),
      from: readText(body.from_phone_number),
      to: readText(body.to_phone_number),
      agentId: readId(body.assistant?.id),
      agentName: readText(body.assistant?.name),
      createdAt,
      scheduledAt: readInstant(body.scheduled_at, "scheduled_at", issues),
      nextAttemptAt: readInstant(body.next_call_at, "next_call_at", issues),
      updatedAt,
      attemptsMade: body.calls_count ?? undefined,
      attemptsAllowed: body.call_retry_config?.max_retry_attempts ?? undefined,
      outcomeReason: readText(body.outcome_summary),
      summary: undefined,
      metadata: body.metadata ?? undefined,
      variables: body.prompt_variables ?? undefined,
      campaignId: readId(body.campaign?.id),
      campaignName: readText(body.campaign?.name),
      organizationId: readId(body.organization_id)
    },
    evidence: {
      direction: readWord(body.direction, directionWords, "direction", issues),
      outcome: readWord(body.outcome, outcomeWords, "outcome", issues)
    },
    attempts,
    native,
    issues: issues.all()
  }
}

/** A list item: an attempt without its order, unless it names it. */
export const attemptFrom = (native: JsonObject): AttemptFact | Unreadable => {
  const { body, issues: misfits } = readAttempt(native)
  const id = parseAttemptId(body.id)
  if (id === undefined) return missingId("id")
  const issues = new IssueLog(misfits)
  const place = { path: [], position: undefined, orderId: parseOrderId(body.call_order_id) }
  const claims = attemptClaims(body, place, issues)
  const evidence = attemptEvidence(body, [], issues)
  return {
    kind: "attempt",
    provider: providerId,
    id,
    asOf: latestOf(claims),
    claims,
    evidence,
    native,
    issues: issues.all()
  }
}

export const hintFrom = (native: JsonObject): CallHint | Unreadable => {
  const { body, issues: misfits } = readWebhook(native)
  const orderId = parseOrderId(body.call_order_id)
  const attemptId = parseAttemptId(body.call_id)
  if (orderId === undefined && attemptId === undefined) return missingId("call_order_id")
  const issues = new IssueLog(misfits)
  const hint: { -readonly [K in keyof CallHint]: CallHint[K] } = { kind: "call_hint", provider: providerId, event: "post_call" }
  if (orderId !== undefined) hint.orderId = orderId
  if (attemptId !== undefined) hint.attemptId = attemptId
  if (typeof body.result === "string") hint.result = body.result
  if (typeof body.status === "string") hint.providerStatus = body.status
  if (typeof body.annotation === "string") hint.summary = body.annotation
  const transcript = transcriptFrom(body.transcript, "transcript", issues)
  if (transcript !== undefined) hint.transcript = transcript
  if (typeof body.recording_url === "string") hint.recordingUrl = body.recording_url
  const dialedAt = readInstant(body.started_at, "started_at", issues)
  if (dialedAt !== undefined) hint.dialedAt = dialedAt
  const endedAt = readInstant(body.ended_at, "ended_at", issues)
  if (endedAt !== undefined) hint.endedAt = endedAt
  if (typeof body.calls_count === "number") hint.attemptsMade = body.calls_count
  if (issues.all().length > 0) hint.issues = issues.all()
  hint.native = native
  return hint
}

// Meaning

const disconnectFrom = ({ end_reason, ended_by }: Evidence): Disconnect | undefined => {
  const stated = typeof ended_by === "string" ? (endedByWords(ended_by) ?? "unrecognized") : undefined
  if (typeof end_reason === "string") {
    const row = endReasonWords(end_reason)
    const by = stated ?? row?.by
    const reason = row?.reason ?? "unrecognized"
    return by === undefined ? { reason } : { by, reason }
  }
  if (stated === undefined) return undefined
  return stated === "remote" ? { by: stated, reason: "remote_hangup" } : { by: stated }
}

const handledByFrom = ({ handled_by_ai, handled_by_human }: Evidence): AttemptMeaning["handledBy"] => {
  if (handled_by_ai === undefined && handled_by_human === undefined) return undefined
  const ai = handled_by_ai === true ? (["ai"] as const) : []
  const human = handled_by_human === true ? (["human"] as const) : []
  return [...ai, ...human]
}

const meaningOfAttempt = ({ evidence }: AttemptFact): AttemptMeaning => {
  const { result, dial_error } = evidence
  const kind = typeof dial_error === "string" ? (dialErrorWords(dial_error) ?? "unrecognized") : undefined
  return {
    answeredBy: typeof result === "string"
      ? { value: resultWords(result) ?? "unrecognized", certainty: "stated", because: `result=${result}` }
      : undefined,
    failure: kind === undefined ? undefined : { kind },
    failureVerdict: kind === undefined
      ? undefined
      : { value: kind, certainty: kind === "unrecognized" ? "inferred" : "stated", because: `dial_error=${dial_error}` },
    disconnect: disconnectFrom(evidence),
    handledBy: handledByFrom(evidence)
  }
}

const referenceIn = (metadata: JsonObject | undefined): string | undefined => {
  if (metadata === undefined || !Object.hasOwn(metadata, "reference")) return undefined
  return typeof metadata["reference"] === "string" && metadata["reference"] !== "" ? metadata["reference"] : undefined
}

export const interpretation: Interpretation = {
  terms: { dialedAt: "started_at", answeredAt: "answered_at", endedAt: "ended_at", duration: "duration" },
  order: ({ claims, evidence: { direction, outcome } }) => ({
    direction: typeof direction === "string" ? (directionWords(direction) ?? "unrecognized") : undefined,
    channel: "phone",
    outcome: typeof outcome === "string" ? (outcomeWords(outcome) ?? "unrecognized") : undefined,
    reference: referenceIn(claims.metadata)
  }),
  attempt: meaningOfAttempt,
  recognizes: (field, word) => typeof word === "boolean" || evidenceWords.get(field)?.(word) !== undefined
}
