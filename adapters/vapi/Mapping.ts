/** Vapi bodies into facts: calls, and the server messages that hold or name one. Pure. */
import type { CallHint } from "../../src/domain/CallHint.ts"
import type { AttemptStatus, OrderStatus } from "../../src/domain/CallStatus.ts"
import type { Ages, AttemptFact, OrderClaims, OrderFact, StatusClaim } from "../../src/domain/Fact.ts"
import { evidenceText } from "../../src/domain/flatText.ts"
import { type OrderId, parseAttemptId, parseOrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { type Instant, latest } from "../../src/domain/Instant.ts"
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import { present } from "../../src/domain/present.ts"
import type { LocateAttempts, Unreadable } from "../../src/provider/Adapter.ts"
import { missingId } from "../../src/provider/bodies.ts"
import {
  isGiven,
  IssueLog,
  readId,
  readInstant,
  readStatus,
  readValue,
  readWord
} from "../../src/provider/FieldReader.ts"
import { makeReader } from "../../src/provider/WireReader.ts"
import { costFrom, goalFrom, timingFrom } from "./Analysis.ts"
import { endedReasonWords, type ReasonMeaning } from "./EndedReason.ts"
import { readMessages, transcriptFrom } from "./Messages.ts"
import { addressOf, transferFrom } from "./Transfer.ts"
import * as Wire from "./Wire.ts"
import * as Words from "./Words.ts"

export const providerId = ProviderId.make("vapi")

const readCall = makeReader(Wire.Call)
const readMessage = makeReader(Wire.ServerMessage)

// The parts of a record

interface Parties {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** The customer is the remote party in both directions, and opens a call in a browser; elsewhere it is taken for the called side. */
const partiesOf = (told: Wire.Course, call: Wire.Call): Parties => {
  const customer = addressOf(told.customer) ?? addressOf(call.customer)
  const own = addressOf(told.phoneNumber) ?? addressOf(call.phoneNumber)
  const type = typeof call.type === "string" ? Words.typeWords(call.type) : undefined
  const isCaller = type?.direction === "inbound" || type?.channel === "web"
  return isCaller ? { from: customer, to: own } : { from: own, to: customer }
}

/** The identifier that stays. Presigned addresses are another at every read. */
const recordingOf = ({ artifact, recordingUrl, stereoRecordingUrl }: Wire.Course): string | undefined =>
  [
    artifact?.recordingUrl,
    artifact?.recording?.mono?.combinedUrl,
    artifact?.stereoRecordingUrl,
    artifact?.recording?.stereoUrl,
    recordingUrl,
    stereoRecordingUrl
  ].find(isGiven) ?? undefined

interface Statuses {
  readonly order: StatusClaim<OrderStatus>
  readonly attempt: StatusClaim<AttemptStatus>
}

/** Two reasons say that a call which is over was canceled. */
const withReason = ({ order, attempt }: Statuses, word: string | undefined, reason?: ReasonMeaning): Statuses => {
  if (!order.terminal || word === undefined || reason?.canceled !== true) return { order, attempt }
  const because = evidenceText("endedReason", word)
  return {
    order: { ...order, value: "canceled", because },
    attempt: { ...attempt, value: "canceled", because }
  }
}

// Records

/** A record, or a message with the call that it is about. */
interface Body {
  readonly native: JsonObject
  /** What is told of its course. */
  readonly told: Wire.Course
  /** What is told of the call itself, and where that stands: `""`, `call.`. */
  readonly call: Wire.Call
  readonly at: "" | "call."
  readonly statusOf: (ended: boolean, issues: IssueLog) => Statuses
  readonly saidAt?: Instant | undefined
  readonly issues: IssueLog
}

/** Claims that a message makes by the call inside alone, which may be older. */
const OF_THE_CALL = [
  "agentId",
  "createdAt",
  "updatedAt",
  "scheduledAt",
  "variables",
  "metadata",
  "campaignId",
  "organizationId",
  "evidence.name"
] as const satisfies ReadonlyArray<keyof OrderClaims | "evidence.name">

const agesOf = (age: Instant | undefined): Ages =>
  // A message has a `type` too, which must not stand where merged records have the call's.
  new Map<string, Instant | undefined>([...OF_THE_CALL.map((name) => [name, age] as const), ["native.type", undefined]])

/** A Vapi call is one dial: an order with exactly one attempt of the same id. */
const factFrom = ({ native, told, call, at, statusOf, saidAt, issues }: Body): OrderFact | Unreadable => {
  const id = parseOrderId(call.id)
  const attemptId = parseAttemptId(call.id)
  if (id === undefined || attemptId === undefined)
    return { ...missingId("id"), path: at === "" ? ["id"] : ["call", "id"] }
  const createdAt = readInstant(call.createdAt, `${at}createdAt`, issues)
  const updatedAt = readInstant(call.updatedAt, `${at}updatedAt`, issues)
  const endedAt = readInstant(told.endedAt, "endedAt", issues)
  const endedReason = readWord(told.endedReason, endedReasonWords, "endedReason", issues)
  const reason = endedReason === undefined ? undefined : endedReasonWords(endedReason)
  const status = withReason(statusOf(endedAt !== undefined || endedReason !== undefined, issues), endedReason, reason)
  const typePath = `${at}type`
  const type = readWord(call.type, Words.typeWords, typePath, issues)
  const transcript = transcriptFrom(told, issues)
  const { from, to } = partiesOf(told, call)
  const asOf = saidAt ?? updatedAt ?? latest(createdAt, endedAt)
  const ages = at === "" ? {} : { ages: agesOf(updatedAt ?? createdAt) }
  const attempt: AttemptFact = {
    kind: "attempt",
    provider: providerId,
    id: attemptId,
    asOf,
    claims: {
      status: status.attempt,
      orderId: id,
      path: [],
      position: 0,
      to,
      carrierCallId: readId(call.phoneCallProviderId) ?? readId(call.transport?.callSid),
      endedAt,
      answered: reason?.answered,
      transfer: transferFrom(told, reason, { type, transcript }, issues),
      transcript,
      recordingUrl: recordingOf(told),
      extracted: told.analysis?.structuredData ?? readValue(told.artifact?.structuredOutputs),
      metrics: metricsOf(native),
      timing: timingFrom(told.artifact?.performanceMetrics)
    },
    evidence: { endedReason, endedMessage: readValue(told.endedMessage), [typePath]: type },
    issues: []
  }
  return {
    kind: "order",
    provider: providerId,
    id,
    asOf,
    ...ages,
    claims: {
      status: status.order,
      from,
      to,
      agentId: readId(call.assistantId),
      agentName: readValue(told.assistant?.name ?? call.assistant?.name),
      createdAt,
      updatedAt,
      endedAt,
      scheduledAt: readInstant(call.schedulePlan?.earliestAt, `${at}schedulePlan.earliestAt`, issues),
      summary: readValue(told.analysis?.summary ?? told.summary),
      goal: goalFrom(told.analysis?.successEvaluation),
      cost: costFrom(told, issues),
      variables: readValue(call.squadOverrides?.variableValues ?? call.assistantOverrides?.variableValues),
      metadata: readValue(call.squadOverrides?.metadata ?? call.assistantOverrides?.metadata),
      campaignId: readId(call.campaignId),
      organizationId: readId(call.orgId)
    },
    evidence: {
      [typePath]: type,
      // Under one name in both, since it needs no table.
      name: readValue(call.name)
    },
    attempts: [attempt],
    native,
    issues: issues.all()
  }
}

/** The figures verbatim: of those that are read only some have a schema. */
const metricsOf = ({ artifact }: JsonObject): JsonObject | undefined => {
  const metrics = isJsonObject(artifact) ? artifact["performanceMetrics"] : undefined
  return isJsonObject(metrics) ? metrics : undefined
}

export const orderFrom = (native: JsonObject): OrderFact | Unreadable => {
  const { body, issues } = readCall(native)
  return factFrom({
    native,
    told: body,
    call: body,
    at: "",
    statusOf: (ended, log) => statusesFrom(body.status, ended, log),
    issues: new IssueLog(issues)
  })
}

const statusesFrom = (word: string | null | undefined, ended: boolean, issues: IssueLog): Statuses => ({
  order: readStatus(word, Words.orderStatusWords, "status", ended, issues),
  attempt: readStatus(word, Words.attemptStatusWords, "status", ended)
})

/** A report is sent after the end, whatever the status of the call inside. */
const REPORTED: Statuses = {
  order: { value: "completed", terminal: true, because: evidenceText("type", Wire.REPORT) },
  attempt: { value: "ended", terminal: true, because: evidenceText("type", Wire.REPORT) }
}

const messageReader =
  (statusOf: (message: Wire.ServerMessage) => Body["statusOf"]) =>
  (native: JsonObject): OrderFact | Unreadable => {
    const { body, issues: misfits } = readMessage(native)
    const issues = new IssueLog(misfits)
    return factFrom({
      native,
      told: body,
      call: body.call ?? {},
      at: "call.",
      statusOf: statusOf(body),
      saidAt: readInstant(body.timestamp, "timestamp", issues),
      issues
    })
  }

export const reportFrom = messageReader(() => () => REPORTED)

export const statusUpdateFrom = messageReader(
  ({ status }) =>
    (ended, issues) =>
      statusesFrom(status, ended, issues)
)

export const locateAttempts: LocateAttempts = (native) => {
  const id = parseAttemptId(native["id"] ?? (isJsonObject(native["call"]) ? native["call"]["id"] : undefined))
  return new Map(id === undefined ? [] : [[id, []]])
}

// Hints

/** When the messages are sent that are not sent during a call. */
const EVENTS: { readonly [type: string]: CallHint["event"] } = {
  "assistant-request": "pre_call",
  "call.artifact.upload": "post_call",
  "call.delete.failed": "post_call",
  "call.deleted": "post_call"
} satisfies { readonly [Type in (typeof Wire.OTHER_MESSAGES)[number]]?: CallHint["event"] }

const eventOf = (type: string): CallHint["event"] =>
  (Object.hasOwn(EVENTS, type) ? EVENTS[type] : undefined) ?? "in_call"

const CONVERSATION = "conversation-update"

/** Of a message that names a call and is no record of it. */
export const hintFrom = (native: JsonObject): CallHint | Unreadable => {
  const { body, issues: misfits } = readMessage(native)
  const call = body.call ?? {}
  const orderId: OrderId | undefined = parseOrderId(call.id)
  if (orderId === undefined) return { ...missingId("id"), path: ["call", "id"] }
  const issues = new IssueLog(misfits)
  const transcript = body.type === CONVERSATION ? readMessages(body.messages, "messages", issues) : undefined
  const { from, to } = partiesOf(body, call)
  return {
    kind: "call_hint",
    provider: providerId,
    event: eventOf(body.type ?? ""),
    orderId,
    ...present({
      agentId: readId(call.assistantId),
      from,
      to,
      transcript,
      issues: issues.all().length > 0 ? issues.all() : undefined
    }),
    native
  }
}
