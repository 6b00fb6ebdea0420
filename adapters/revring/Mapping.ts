/** RevRing bodies into facts: transcripts and variables, then the records. Pure. */
import type { CallHint } from "../../src/domain/CallHint.ts"
import type { AttemptFact, OrderFact } from "../../src/domain/Fact.ts"
import { parseAttemptId, parseOrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { latest } from "../../src/domain/Instant.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import { present } from "../../src/domain/present.ts"
import type { Turn } from "../../src/domain/Transcript.ts"
import type { Unreadable } from "../../src/provider/Adapter.ts"
import { missingId } from "../../src/provider/bodies.ts"
import {
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
import * as Wire from "./Wire.ts"
import * as Words from "./Words.ts"

export const providerId = ProviderId.make("revring")

const systemVariables: ReadonlySet<string> = new Set(Wire.SYSTEM_VARIABLES)

const firstGiven = (item: Wire.TranscriptItem, keys: ReadonlyArray<keyof Wire.TranscriptItem>) =>
  keys.find((key) => item[key] !== undefined && item[key] !== null)

const turnFrom = (item: Wire.TranscriptItem, index: number, issues: IssueLog): Turn => {
  const speaker = firstGiven(item, ["role", "speaker", "from"])
  const text = firstGiven(item, ["content", "text", "message"])
  return {
    role: readRole(speaker && item[speaker], Words.roleWords, () => `transcript[${index}].${speaker}`, issues),
    text: (text && item[text]) ?? ""
  }
}

/** The caller's own variables: the provider merges its system variables into what it sends back. */
const ownVariables = (variables: JsonObject | null | undefined): JsonObject | undefined => {
  if (variables === undefined || variables === null) return undefined
  const keys = Object.keys(variables)
  if (!keys.some((key) => systemVariables.has(key))) return variables
  return Object.fromEntries(keys.filter((key) => !systemVariables.has(key)).map((key) => [key, variables[key]]))
}

// Records

const readCall = makeReader(Wire.Call)
const readPreCall = makeReader(Wire.PreCall)

/** A RevRing call is an order with exactly one attempt of the same id. */
export const orderFrom = (native: JsonObject): OrderFact | Unreadable => {
  const { body, issues: misfits } = readCall(native)
  const id = parseOrderId(body.id)
  const attemptId = parseAttemptId(body.id)
  if (id === undefined || attemptId === undefined) return missingId("id")
  const issues = new IssueLog(misfits)
  const createdAt = readInstant(body.createdAt, "createdAt", issues)
  const updatedAt = readInstant(body.updatedAt, "updatedAt", issues)
  const initiatedAt = readInstant(body.initiatedAt, "initiatedAt", issues)
  // `startedAt` is the moment of answer, `initiatedAt` the start of the dial.
  const answeredAt = readInstant(body.startedAt, "startedAt", issues)
  const endedAt = readInstant(body.endedAt, "endedAt", issues)
  const ended = endedAt !== undefined
  // One word decides the lifecycle of the order and of its one attempt.
  const status = readStatus(body.status, Words.attemptStatusWords, "status", ended, issues)
  const asOf = updatedAt ?? latest(createdAt, initiatedAt, answeredAt, endedAt)
  const attempt: AttemptFact = {
    kind: "attempt",
    provider: providerId,
    id: attemptId,
    asOf,
    claims: {
      status,
      orderId: id,
      path: [],
      position: 0,
      to: readValue(body.toNumber),
      // A queued call has not been dialled, whatever its record says.
      dialedAt: status.value === "queued" ? undefined : initiatedAt,
      answeredAt,
      endedAt,
      answered: (body.durationSeconds ?? 0) > 0 || readAnswered(body.startedAt, status.terminal),
      durationSeconds: durationFrom(body.durationSeconds, issues),
      transcript: readTranscript(body.transcript, (item, index) => turnFrom(item, index, issues)),
      recordingUrl: readValue(body.recordingUrl),
      // Handed over, as the status says; whether somebody took the call is not told.
      transfer: Words.isTransferred(status) ? { state: "initiated" } : undefined,
      metrics: readValue(body.metrics)
    },
    evidence: {
      hangupCause: readWord(body.hangupCause, Words.hangupCauseWords, "hangupCause", issues),
      errorMessage: readValue(body.errorMessage)
    },
    issues: []
  }
  return {
    kind: "order",
    provider: providerId,
    id,
    asOf,
    claims: {
      status: readStatus(body.status, Words.orderStatusWords, "status", ended),
      from: readValue(body.fromNumber),
      to: readValue(body.toNumber),
      agentId: readId(body.agentId),
      agentName: readValue(body.agentName),
      createdAt,
      endedAt,
      updatedAt,
      summary: readValue(body.summary),
      variables: ownVariables(body.variables),
      organizationId: readId(body.organizationId)
    },
    evidence: {
      direction: readWord(body.direction, Words.directionWords, "direction", issues),
      source: readWord(body.source, Words.sourceWords, "source", issues)
    },
    attempts: [attempt],
    native,
    issues: issues.all()
  }
}

const durationFrom = (raw: number | null | undefined, issues: IssueLog): number | undefined => {
  if (raw === null || raw === undefined || raw >= 0) return raw ?? undefined
  issues.add("durationSeconds", "wrong_type", raw)
  return undefined
}

export const hintFrom = (native: JsonObject): CallHint => {
  const { body, issues } = readPreCall(native)
  return {
    kind: "call_hint",
    provider: providerId,
    event: "pre_call",
    ...present({
      agentId: readId(body.agentId),
      from: readValue(body.fromNumber),
      to: readValue(body.toNumber),
      issues: issues.length > 0 ? issues : undefined
    }),
    native
  }
}
