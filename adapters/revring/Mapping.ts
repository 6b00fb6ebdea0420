/** RevRing bodies into facts: scalars first, then records. Pure. */
import type { CallHint } from "../../src/domain/CallHint.ts"
import type { AttemptFact, OrderFact } from "../../src/domain/Fact.ts"
import { parseAttemptId, parseOrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { latest } from "../../src/domain/Instant.ts"
import { isEmptyObject, type JsonObject } from "../../src/domain/Json.ts"
import type { Transcript, Turn } from "../../src/domain/Transcript.ts"
import type { Unreadable } from "../../src/provider/Adapter.ts"
import {
  IssueLog,
  readAnswered,
  readId,
  readInstant,
  readStatus,
  readValue,
  readWord
} from "../../src/provider/FieldReader.ts"
import { makeReader } from "../../src/provider/WireReader.ts"
import * as Wire from "./Wire.ts"
import {
  attemptStatusWords,
  directionWords,
  hangupCauseWords,
  orderStatusWords,
  roleWords,
  sourceWords
} from "./Words.ts"

export const providerId = ProviderId.make("revring")

const systemVariables: ReadonlySet<string> = new Set(Wire.SYSTEM_VARIABLES)

// Scalars

const firstGiven = (item: Wire.TranscriptItem, keys: ReadonlyArray<keyof Wire.TranscriptItem>) =>
  keys.find((key) => item[key] !== undefined && item[key] !== null)

const turnFrom = (item: Wire.TranscriptItem | string, index: number, issues: IssueLog): Turn => {
  if (typeof item === "string") return { role: "unrecognized", text: item }
  const speaker = firstGiven(item, ["role", "speaker", "from"])
  const text = firstGiven(item, ["content", "text", "message"])
  const word = speaker === undefined ? undefined : item[speaker]
  const role = word === undefined || word === null ? undefined : roleWords(word)
  if (role === undefined && word !== undefined && word !== "") {
    issues.add(`transcript[${index}].${speaker}`, "unknown_word", word)
  }
  return {
    role: role ?? "unrecognized",
    text: (text === undefined ? undefined : item[text]) ?? ""
  }
}

const transcriptFrom = (raw: Wire.Call["transcript"], issues: IssueLog): Transcript | undefined => {
  if (raw === undefined || raw === null) return undefined
  if (typeof raw === "string") return { text: raw }
  const turns: Array<Turn> = []
  for (let index = 0; index < raw.length; index++) {
    const item = raw[index]
    if (item === undefined || item === null || isEmptyObject(item)) continue
    turns.push(turnFrom(item, index, issues))
  }
  return { turns }
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
  if (id === undefined || attemptId === undefined) {
    return {
      kind: "unreadable",
      reason: "missing_id",
      path: ["id"],
      message: "expected id to be a non-empty string or a safe integer"
    }
  }
  const issues = new IssueLog(misfits)
  const createdAt = readInstant(body.createdAt, "createdAt", issues)
  const updatedAt = readInstant(body.updatedAt, "updatedAt", issues)
  const initiatedAt = readInstant(body.initiatedAt, "initiatedAt", issues)
  // `startedAt` is the moment of answer, `initiatedAt` the start of the dial.
  const answeredAt = readInstant(body.startedAt, "startedAt", issues)
  const endedAt = readInstant(body.endedAt, "endedAt", issues)
  const ended = endedAt !== undefined
  // One word decides the lifecycle of the order and of its one attempt.
  const status = readStatus(body.status, attemptStatusWords, "status", ended, issues)
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
      transcript: transcriptFrom(body.transcript, issues),
      recordingUrl: readValue(body.recordingUrl),
      metrics: readValue(body.metrics)
    },
    evidence: {
      hangupCause: readWord(body.hangupCause, hangupCauseWords, "hangupCause", issues),
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
      status: readStatus(body.status, orderStatusWords, "status", ended),
      from: readValue(body.fromNumber),
      to: readValue(body.toNumber),
      agentId: readId(body.agentId),
      agentName: readValue(body.agentName),
      createdAt,
      updatedAt,
      summary: readValue(body.summary),
      variables: ownVariables(body.variables),
      organizationId: readId(body.organizationId)
    },
    evidence: {
      direction: readWord(body.direction, directionWords, "direction", issues),
      source: readWord(body.source, sourceWords, "source", issues)
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
  const hint: { -readonly [K in keyof CallHint]: CallHint[K] } = {
    kind: "call_hint",
    provider: providerId,
    event: "pre_call"
  }
  const agentId = readId(body.agentId)
  if (agentId !== undefined) hint.agentId = agentId
  if (typeof body.fromNumber === "string") hint.from = body.fromNumber
  if (typeof body.toNumber === "string") hint.to = body.toNumber
  if (issues.length > 0) hint.issues = issues
  hint.native = native
  return hint
}
