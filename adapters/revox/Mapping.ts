/** Revox bodies into facts: transcripts, attempts, the status of an order, then the records. Pure. */
import type { CallHint } from "../../src/domain/CallHint.ts"
import { type AttemptStatus, isTerminalOrder, type OrderStatus } from "../../src/domain/CallStatus.ts"
import type { AttemptClaims, AttemptFact, RawWords, OrderFact, StatusClaim } from "../../src/domain/Fact.ts"
import { type OrderId, parseAttemptId, parseOrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { type Instant, latest } from "../../src/domain/Instant.ts"
import { isEmptyObject, type JsonObject, type PathStep } from "../../src/domain/Json.ts"
import { mergeAttempts } from "../../src/domain/Merge.ts"
import { present } from "../../src/domain/present.ts"
import { parseArguments, type Transcript, type Turn } from "../../src/domain/Transcript.ts"
import type { Unreadable } from "../../src/provider/Adapter.ts"
import { missingId } from "../../src/provider/bodies.ts"
import {
  isGiven,
  IssueLog,
  readAnswered,
  readId,
  readInstant,
  readStatus,
  readValue,
  readWord
} from "../../src/provider/FieldReader.ts"
import { readRole, readTranscript } from "../../src/provider/transcripts.ts"
import { makeReader } from "../../src/provider/WireReader.ts"
import { timingFrom } from "./Timing.ts"
import * as Wire from "./Wire.ts"
import * as Words from "./Words.ts"

export const providerId = ProviderId.make("revox")

// Transcripts

const turnFrom = (entry: Wire.TranscriptEntry, index: number, issues: IssueLog): Turn => {
  const turn: { -readonly [K in keyof Turn]: Turn[K] } = {
    role: readRole(entry.role, Words.roleWords, () => `transcript[${index}].role`, issues),
    text: entry.content ?? ""
  }
  if (entry.tool_name !== undefined && entry.tool_name !== null) turn.toolName = entry.tool_name
  const given = parseArguments(entry.tool_arguments)
  if (given !== undefined) turn.arguments = given
  if (entry.tool_output !== undefined && entry.tool_output !== null) turn.output = entry.tool_output
  if (entry.tool_is_error !== undefined && entry.tool_is_error !== null) turn.isError = entry.tool_is_error
  return turn
}

const transcriptFrom = (raw: Wire.Attempt["transcript"], issues: IssueLog): Transcript | undefined =>
  readTranscript(raw, (entry, index) => turnFrom(entry, index, issues))

// Attempts

interface AttemptPlace {
  readonly path: ReadonlyArray<PathStep>
  readonly position?: number
  readonly orderId: OrderId | undefined
}

const attemptClaims = (raw: Wire.Attempt, place: AttemptPlace, issues: IssueLog): AttemptClaims => {
  const endedAt = readInstant(raw.ended_at, "ended_at", issues)
  const status = readStatus(raw.status, Words.attemptStatusWords, "status", endedAt !== undefined, issues)
  const answeredAt = readInstant(raw.answered_at, "answered_at", issues)
  return {
    status,
    orderId: place.orderId,
    path: place.path,
    position: place.position,
    to: readValue(raw.phone_number),
    dialedAt: readInstant(raw.started_at, "started_at", issues),
    answeredAt,
    endedAt,
    answered: readAnswered(raw.answered_at, status.terminal),
    transcript: transcriptFrom(raw.transcript, issues),
    recordingUrl: readValue(raw.recording_url),
    extracted: readValue(raw.structured_output),
    transfer: transferFrom(raw.end_reason),
    timing: timingFrom(raw.speech_events, issues)
  }
}

/** A transfer shows as the reason of the end alone: that it was begun is said, and nothing of what came of it. */
const transferFrom = (endReason: Wire.Attempt["end_reason"]): AttemptClaims["transfer"] =>
  typeof endReason === "string" && Words.endReasonWords(endReason)?.reason === "transferred"
    ? { state: "initiated" }
    : undefined

const attemptEvidence = (raw: Wire.Attempt, issues: IssueLog): RawWords => ({
  result: readWord(raw.result, Words.resultWords, "result", issues),
  dial_error: readWord(raw.dial_error, Words.dialErrorWords, "dial_error", issues),
  end_reason: readWord(raw.end_reason, Words.endReasonWords, "end_reason", issues),
  ended_by: readWord(raw.ended_by, Words.endedByWords, "ended_by", issues),
  handled_by_ai: readValue(raw.handled_by_ai),
  handled_by_human: readValue(raw.handled_by_human)
})

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
  const log = issues.within(place.path)
  if (id === undefined) {
    log.add("id", "missing_id")
    return undefined
  }
  const claims = attemptClaims(raw, place, log)
  const evidence = attemptEvidence(raw, log)
  return { kind: "attempt", provider: providerId, id, asOf, claims, evidence, issues: [] }
}

/** The array comes newest first; `last_call_attempt` repeats one of its elements or, if the array lacks it, is the newest. */
const nestedAttempts = (
  order: Wire.Order,
  orderId: OrderId,
  asOf: Instant | undefined,
  issues: IssueLog
): ReadonlyArray<AttemptFact> => {
  const list = order.call_attempts ?? []
  const attempts = new Map<string, AttemptFact>()
  const add = (raw: Wire.Attempt, path: ReadonlyArray<PathStep>, position: number) => {
    const attempt = nestedAttempt(raw, { path, position, orderId }, asOf, issues)
    if (attempt === undefined) return
    const known = attempts.get(attempt.id)
    attempts.set(
      attempt.id,
      known === undefined ? attempt : mergeAttempts(known, attempt, Words.interpretation.recognizes)
    )
  }
  for (let index = 0; index < list.length; index++) {
    const raw = list[index]
    if (raw !== undefined && raw !== null) add(raw, ["call_attempts", index], list.length - 1 - index)
  }
  const last = order.last_call_attempt
  if (last === undefined || last === null || isEmptyObject(last)) return [...attempts.values()]
  const lastId = parseAttemptId(last.id)
  if (lastId === undefined || !attempts.has(lastId)) add(last, ["last_call_attempt"], list.length)
  return [...attempts.values()]
}

// The status of an order, from its one word or, in V0 and V1, from other signs

const derived = (value: OrderStatus, because: string): StatusClaim<OrderStatus> => ({
  value,
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
  if (!isGiven(order.status)) return derivedOrderStatus(order, attempts)
  const flagged = order.is_completed === true || order.is_cancelled === true
  return readStatus(order.status, Words.orderStatusWords, "status", flagged, issues)
}

// Records

const readOrder = makeReader(Wire.Order)
const readAttempt = makeReader(Wire.Attempt)
const readWebhook = makeReader(Wire.Webhook)

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
      from: readValue(body.from_phone_number),
      to: readValue(body.to_phone_number),
      agentId: readId(body.assistant?.id),
      agentName: readValue(body.assistant?.name),
      createdAt,
      scheduledAt: readInstant(body.scheduled_at, "scheduled_at", issues),
      nextAttemptAt: readInstant(body.next_call_at, "next_call_at", issues),
      updatedAt,
      attemptsMade: readValue(body.calls_count),
      attemptsAllowed: readValue(body.call_retry_config?.max_retry_attempts),
      outcomeReason: readValue(body.outcome_summary),
      metadata: readValue(body.metadata),
      variables: readValue(body.prompt_variables),
      campaignId: readId(body.campaign?.id),
      campaignName: readValue(body.campaign?.name),
      organizationId: readId(body.organization_id)
    },
    evidence: {
      direction: readWord(body.direction, Words.directionWords, "direction", issues),
      outcome: readWord(body.outcome, Words.outcomeWords, "outcome", issues)
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
  const place = { path: [], orderId: parseOrderId(body.call_order_id) }
  const claims = attemptClaims(body, place, issues)
  const evidence = attemptEvidence(body, issues)
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
  return {
    kind: "call_hint",
    provider: providerId,
    event: "post_call",
    ...present({
      orderId,
      attemptId,
      result: readValue(body.result),
      providerStatus: readValue(body.status),
      summary: readValue(body.annotation),
      transcript: transcriptFrom(body.transcript, issues),
      recordingUrl: readValue(body.recording_url),
      dialedAt: readInstant(body.started_at, "started_at", issues),
      endedAt: readInstant(body.ended_at, "ended_at", issues),
      attemptsMade: readValue(body.calls_count),
      issues: issues.all().length > 0 ? issues.all() : undefined
    }),
    native
  }
}
