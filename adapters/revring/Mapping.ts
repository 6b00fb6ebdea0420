/** RevRing bodies into facts, and their words into the domain's: tables first, then scalars, then records. Pure. */
import type { CallHint } from "../../src/domain/CallHint.ts"
import type { Direction } from "../../src/domain/CallOrder.ts"
import { type AttemptStatus, isTerminalAttempt, isTerminalOrder, type OrderStatus } from "../../src/domain/CallStatus.ts"
import type { Disconnect, DisconnectedBy, DisconnectReason } from "../../src/domain/Disconnect.ts"
import type { AttemptFact, AttemptMeaning, Interpretation, OrderFact, StatusClaim } from "../../src/domain/Fact.ts"
import { type Failure, type FailureKind, failureInText } from "../../src/domain/Failure.ts"
import { parseAttemptId, parseOrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { latest } from "../../src/domain/Instant.ts"
import { isEmptyObject, type JsonObject } from "../../src/domain/Json.ts"
import { remoteReplies, roleWords, type Transcript, type Turn } from "../../src/domain/Transcript.ts"
import { type WordTable, wordTable } from "../../src/domain/Words.ts"
import type { Unreadable } from "../../src/provider/Adapter.ts"
import { IssueLog, isGiven, readId, readInstant, readText, readWord } from "../../src/provider/FieldReader.ts"
import { makeReader } from "../../src/provider/WireReader.ts"
import * as Wire from "./Wire.ts"

export const providerId = ProviderId.make("revring")

// Tables

type Status = (typeof Wire.STATUSES)[number] | (typeof Wire.OBSERVED_STATUSES)[number]

export const orderStatusWords = wordTable<OrderStatus>({
  QUEUED: "queued",
  INITIATED: "in_progress",
  ONGOING: "in_progress",
  TRANSFERRED: "completed",
  COMPLETED: "completed",
  FAILED: "failed",
  CANCELED: "canceled",
  CANCELLED: "canceled",
  NO_ANSWER: "failed",
  BUSY: "failed"
} satisfies Record<Status, OrderStatus>)

export const attemptStatusWords = wordTable<AttemptStatus>({
  QUEUED: "queued",
  INITIATED: "dialing",
  ONGOING: "in_progress",
  TRANSFERRED: "ended",
  COMPLETED: "ended",
  FAILED: "failed",
  CANCELED: "canceled",
  CANCELLED: "canceled",
  NO_ANSWER: "failed",
  BUSY: "failed"
} satisfies Record<Status, AttemptStatus>)

/** Statuses that say why the call failed. */
export const statusFailureWords = wordTable<FailureKind>({
  NO_ANSWER: "no_answer",
  BUSY: "busy"
} satisfies Partial<Record<Status, FailureKind>>)

/** What a hangup cause means: a failure, an end of the call, or either, depending on whether it had been answered. */
export interface CauseMeaning {
  readonly failure?: FailureKind
  readonly ended?: { readonly reason: DisconnectReason; readonly by: DisconnectedBy }
}

export const hangupCauseWords = wordTable<CauseMeaning>({
  USER_ENDED: { ended: { reason: "remote_hangup", by: "remote" } },
  END_CALL_TOOL: { ended: { reason: "agent_hangup", by: "agent" } },
  AGENT_HUNG_UP: { ended: { reason: "agent_hangup", by: "agent" } },
  SILENCE_TIMEOUT: { ended: { reason: "silence", by: "system" } },
  MAX_DURATION: { ended: { reason: "max_duration", by: "system" } },
  VOICEMAIL_DETECTED: { ended: { reason: "voicemail", by: "system" } },
  NO_ANSWER: { failure: "no_answer" },
  NO_PICKUP: { failure: "no_answer" },
  BUSY: { failure: "busy" },
  USER_DID_NOT_RESPOND: { failure: "no_answer", ended: { reason: "silence", by: "system" } }
} satisfies Record<(typeof Wire.HANGUP_CAUSES)[number], CauseMeaning>)

export const directionWords = wordTable<Direction>({
  INBOUND: "inbound",
  OUTBOUND: "outbound"
} satisfies Record<(typeof Wire.DIRECTIONS)[number], Direction>)

const sourceWords = wordTable<"web">({ web_widget: "web" } satisfies Record<(typeof Wire.SOURCES)[number], "web">)

/** The tables of words that are kept as evidence, by wire field. */
const evidenceWords = new Map<string, WordTable<unknown>>(
  Object.entries({ direction: directionWords, hangupCause: hangupCauseWords, source: sourceWords })
)

const systemVariables: ReadonlySet<string> = new Set(Wire.SYSTEM_VARIABLES)

// Scalars

const firstGiven = (item: Wire.TranscriptItem, keys: ReadonlyArray<keyof Wire.TranscriptItem>) =>
  keys.find((key) => item[key] !== undefined && item[key] !== null)

const turnFrom = (item: Wire.TranscriptItem | string, path: string, issues: IssueLog): Turn => {
  if (typeof item === "string") return { role: "unrecognized", text: item }
  const speaker = firstGiven(item, ["role", "speaker", "from"])
  const text = firstGiven(item, ["content", "text", "message"])
  const role = speaker === undefined ? undefined : readWord(item[speaker], roleWords, `${path}.${speaker}`, issues)
  return {
    role: (role === undefined ? undefined : roleWords(role)) ?? "unrecognized",
    text: (text === undefined ? undefined : item[text]) ?? ""
  }
}

const transcriptFrom = (raw: Wire.Call["transcript"], path: string, issues: IssueLog): Transcript | undefined => {
  if (raw === undefined || raw === null) return undefined
  if (typeof raw === "string") return { text: raw }
  const turns: Array<Turn> = []
  for (let index = 0; index < raw.length; index++) {
    const item = raw[index]
    if (item === undefined || item === null || isEmptyObject(item)) continue
    turns.push(turnFrom(item, `${path}[${index}]`, issues))
  }
  return { turns }
}

/** One word decides the lifecycle of the order and of its one attempt. */
const statusFrom = <S extends OrderStatus | AttemptStatus>(
  word: string | null | undefined,
  words: WordTable<S>,
  unrecognized: S,
  isTerminal: (status: S) => boolean,
  ended: boolean
): StatusClaim<S> => {
  if (word === undefined || word === null || word === "") {
    return { value: unrecognized, word: undefined, terminal: ended, because: "status=missing" }
  }
  const value = words(word)
  return {
    value: value ?? unrecognized,
    word,
    terminal: value === undefined ? ended : isTerminal(value),
    because: `status=${word}`
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
  if (id === undefined || attemptId === undefined) {
    return { kind: "unreadable", reason: "missing_id", path: ["id"], message: "expected id to be a non-empty string or a safe integer" }
  }
  const issues = new IssueLog(misfits)
  const createdAt = readInstant(body.createdAt, "createdAt", issues)
  const updatedAt = readInstant(body.updatedAt, "updatedAt", issues)
  const initiatedAt = readInstant(body.initiatedAt, "initiatedAt", issues)
  // `startedAt` is the moment of answer, `initiatedAt` the start of the dial.
  const answeredAt = readInstant(body.startedAt, "startedAt", issues)
  const endedAt = readInstant(body.endedAt, "endedAt", issues)
  const ended = endedAt !== undefined
  if (body.status === undefined || body.status === null || body.status === "") issues.add("status", "missing")
  else if (orderStatusWords(body.status) === undefined) issues.add("status", "unknown_word", body.status)
  const status = statusFrom(body.status, attemptStatusWords, "unrecognized", isTerminalAttempt, ended)
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
      to: readText(body.toNumber),
      // A queued call has not been dialled, whatever its record says.
      dialedAt: status.value === "queued" ? undefined : initiatedAt,
      answeredAt,
      endedAt,
      answered: answeredFrom(body, status.terminal),
      durationSeconds: body.durationSeconds ?? undefined,
      transcript: transcriptFrom(body.transcript, "transcript", issues),
      recordingUrl: readText(body.recordingUrl),
      extracted: undefined,
      metrics: body.metrics ?? undefined
    },
    evidence: {
      hangupCause: readWord(body.hangupCause, hangupCauseWords, "hangupCause", issues),
      errorMessage: readText(body.errorMessage)
    },
    native: undefined,
    issues: []
  }
  return {
    kind: "order",
    provider: providerId,
    id,
    asOf,
    claims: {
      status: statusFrom(body.status, orderStatusWords, "unrecognized", isTerminalOrder, ended),
      from: readText(body.fromNumber),
      to: readText(body.toNumber),
      agentId: readId(body.agentId),
      agentName: readText(body.agentName),
      createdAt,
      scheduledAt: undefined,
      nextAttemptAt: undefined,
      updatedAt,
      attemptsMade: undefined,
      attemptsAllowed: undefined,
      outcomeReason: undefined,
      summary: readText(body.summary),
      metadata: undefined,
      variables: ownVariables(body.variables),
      campaignId: undefined,
      campaignName: undefined,
      organizationId: readId(body.organizationId)
    },
    evidence: {
      direction: readWord(body.direction, directionWords, "direction", issues),
      source: readText(body.source)
    },
    attempts: [attempt],
    native,
    issues: issues.all()
  }
}

const answeredFrom = (body: Wire.Call, over: boolean): boolean | undefined => {
  if (isGiven(body.startedAt) || (body.durationSeconds ?? 0) > 0) return true
  return body.startedAt === null && over ? false : undefined
}

export const hintFrom = (native: JsonObject): CallHint => {
  const { body, issues } = readPreCall(native)
  const hint: { -readonly [K in keyof CallHint]: CallHint[K] } = { kind: "call_hint", provider: providerId, event: "pre_call" }
  const agentId = readId(body.agentId)
  if (agentId !== undefined) hint.agentId = agentId
  if (typeof body.fromNumber === "string") hint.from = body.fromNumber
  if (typeof body.toNumber === "string") hint.to = body.toNumber
  if (issues.length > 0) hint.issues = issues
  hint.native = native
  return hint
}

// Meaning

interface FailureReading {
  readonly failure: Failure
  readonly verdict: AttemptMeaning["failureVerdict"]
}

/** The cause names a failure before the status does; free text is asked last. */
const failureFrom = ({ claims, evidence }: AttemptFact): FailureReading | undefined => {
  const { status, answered } = claims
  const { hangupCause, errorMessage } = evidence
  const text = typeof errorMessage === "string" && errorMessage !== "" ? failureInText(errorMessage) : undefined
  const fromWord = (kind: FailureKind, because: string): FailureReading => ({
    failure: { ...text, kind },
    verdict: { value: kind, certainty: "stated", because }
  })
  if (typeof hangupCause === "string") {
    const cause = hangupCauseWords(hangupCause)
    const kind = cause?.failure
    if (kind !== undefined && !(cause?.ended !== undefined && answered === true)) {
      return fromWord(kind, `hangupCause=${hangupCause}`)
    }
  }
  const kindOfStatus = status.word === undefined ? undefined : statusFailureWords(status.word)
  if (kindOfStatus !== undefined) return fromWord(kindOfStatus, status.because)
  if (text === undefined) return undefined
  const proves = status.value === "failed" || answered !== true
  if (!proves) return { failure: { kind: "unclassified", ...(text.message === undefined ? {} : { message: text.message }) }, verdict: undefined }
  return { failure: text, verdict: { value: text.kind, certainty: "inferred", because: `errorMessage=${text.kind}` } }
}

const disconnectFrom = ({ claims, evidence }: AttemptFact): Disconnect | undefined => {
  if (isTransferred(claims.status)) return { by: "agent", reason: "transferred" }
  const { hangupCause } = evidence
  if (typeof hangupCause !== "string") return undefined
  const cause = hangupCauseWords(hangupCause)
  if (cause === undefined) return { reason: "unrecognized" }
  return cause.ended === undefined || (cause.failure !== undefined && claims.answered !== true) ? undefined : cause.ended
}

const transferredWords = wordTable<true>({ TRANSFERRED: true })

const isTransferred = ({ word }: StatusClaim<AttemptStatus>): boolean => word !== undefined && transferredWords(word) === true

/** RevRing never says who answered. Its voicemail detector is known to fire on call screening. */
const answeredByFrom = ({ claims, evidence }: AttemptFact): AttemptMeaning["answeredBy"] => {
  const { hangupCause } = evidence
  if (typeof hangupCause === "string" && hangupCauseWords(hangupCause)?.ended?.reason === "voicemail") {
    return { value: "voicemail", certainty: "detected", because: `hangupCause=${hangupCause}` }
  }
  if (isTransferred(claims.status)) return { value: "human", certainty: "inferred", because: claims.status.because }
  return remoteReplies(claims.transcript) > 0
    ? { value: "human", certainty: "inferred", because: "transcript=remote_turn_after_agent_turn" }
    : undefined
}

const meaningOfAttempt = (attempt: AttemptFact): AttemptMeaning => {
  const failure = failureFrom(attempt)
  return {
    answeredBy: answeredByFrom(attempt),
    failure: failure?.failure,
    failureVerdict: failure?.verdict,
    disconnect: disconnectFrom(attempt),
    handledBy: undefined
  }
}

const referenceIn = (variables: JsonObject | undefined): string | undefined => {
  if (variables === undefined || !Object.hasOwn(variables, Wire.REFERENCE_VARIABLE)) return undefined
  const reference = variables[Wire.REFERENCE_VARIABLE]
  return typeof reference === "string" && reference !== "" ? reference : undefined
}

export const interpretation: Interpretation = {
  terms: { dialedAt: "initiatedAt", answeredAt: "startedAt", endedAt: "endedAt", duration: "durationSeconds" },
  order: ({ claims, evidence: { direction, source } }) => ({
    direction: typeof direction === "string" ? (directionWords(direction) ?? "unrecognized") : undefined,
    // A browser call dialled by agent id carries that id where the number would be.
    channel: (typeof source === "string" && sourceWords(source) === "web") ||
        (claims.to !== undefined && claims.to === claims.agentId)
      ? "web"
      : "phone",
    outcome: undefined,
    reference: referenceIn(claims.variables)
  }),
  attempt: meaningOfAttempt,
  // Free text has no table: whatever it says is stated.
  recognizes: (field, word) =>
    typeof word === "boolean" || (evidenceWords.has(field) ? evidenceWords.get(field)?.(word) !== undefined : true)
}
