/**
 * Vapi bodies as they are received: calls (single, list, page, batch) and server messages. Sources: the types of the API
 * (OpenAPI file and server SDK) and the public pages, of August 2026. Only fields that are read stand here; everything else
 * rides along in `native`. Assistants, numbers, tools, chats and sessions are left out. All fields may be absent or null, and
 * every word is open text.
 */
import * as Schema from "effect/Schema"
import { Amount, Count, Dictionary, given, Id, List, Text, Time } from "../../src/provider/WireReader.ts"

/** `status` of a call, as far as the pages explain it. `not-found` and `deletion-failed` are typed, and explained nowhere. */
export const STATUSES = ["scheduled", "queued", "ringing", "in-progress", "forwarding", "ended"] as const

/** The most calls on a page of a list (typed). */
export const LARGEST_PAGE = 1000

/** The most characters of the `name` of a call, and of what is told of a customer (typed). */
export const LONGEST_NAME = 40

/** `type` of a call. */
export const CALL_TYPES = ["outboundPhoneCall", "inboundPhoneCall", "webCall", "vapi.websocketCall"] as const

/** `status` of a session. No call has these. */
export const SESSION_STATUSES = ["active", "completed"] as const

/**
 * Keys of other resources that have all of what a call must have: assistants, workflows, numbers, squads, tools, files, chats,
 * sessions, campaigns, structured outputs, scorecards, evaluations, simulations, insights. No call has one.
 */
export const KEYS_OF_OTHERS: ReadonlyArray<string> = `
  model voice transcriber provider members function latestVersion baseVersion nodes
  input output expirationSeconds
  customers calls callMetrics dialPlan callsCounterEnded contactCounters
  object bytes mimetype files schema metrics queries layout
  testSuiteId targetPlan testResults simulations simulationIds personalityId
`
  .trim()
  .split(/\s+/)

/** `role` of a message. Free text by its type; these are the names of the types, and those that the pages use. */
export const ROLES = ["bot", "assistant", "user", "tool_calls", "tool_call_result", "system"] as const

/** `artifact.transfers[].status`. */
export const TRANSFER_STATUSES = [
  "connected",
  "completed",
  "no-answer",
  "busy",
  "voicemail",
  "failed",
  "cancelled"
] as const

/** Parts of `costBreakdown` that are amounts; the others are counts of tokens and characters. */
export const COST_PARTS = ["transport", "stt", "llm", "tts", "vapi", "chat"] as const

/** `type` of the server messages that hold a call as it stands. */
export const REPORT = "end-of-call-report"
export const STATUS_UPDATE = "status-update"

/** `type` of the other server messages: they name a call at most. A `transcript` may have its kind in brackets behind it. */
export const OTHER_MESSAGES = [
  "assistant-request",
  "assistant.speechStarted",
  "assistant.started",
  "call.artifact.upload",
  "call.delete.failed",
  "call.deleted",
  "call.endpointing.request",
  "campaign.predial",
  "chat.created",
  "chat.deleted",
  "conversation-update",
  "function-call",
  "handoff-destination-request",
  "hang",
  "knowledge-base-request",
  "language-change-detected",
  "model-output",
  "phone-call-control",
  "session.created",
  "session.deleted",
  "session.updated",
  "speech-update",
  "tool-calls",
  "transcript",
  "transfer-destination-request",
  "transfer-update",
  "user-interrupted",
  "voice-input",
  "voice-request"
] as const

const ToolCall = Schema.Struct({
  id: Id,
  function: given(Schema.Struct({ name: Text, arguments: Schema.optionalKey(Schema.Unknown) }))
})

/** `duration` is left out: seconds by the types, and milliseconds too as users print it. */
export const Message = Schema.Struct({
  role: Text,
  message: Text,
  /** Epoch milliseconds. */
  time: Time,
  secondsFromStart: Count,
  toolCalls: List(ToolCall),
  toolCallId: Id,
  name: Text,
  result: Schema.optionalKey(Schema.Unknown)
})
export type Message = typeof Message.Type

const Destination = Schema.Struct({ type: Text, number: Text, sipUri: Text })
export type Destination = typeof Destination.Type

const Transfer = Schema.Struct({ destination: given(Destination), status: Text })
export type Transfer = typeof Transfer.Type

const PerformanceMetrics = Schema.Struct({
  fromTransportLatencyAverage: Count,
  toTransportLatencyAverage: Count,
  numUserInterrupted: Count,
  numAssistantInterrupted: Count
})

const Artifact = Schema.Struct({
  messages: List(Message),
  transcript: Text,
  recordingUrl: Text,
  stereoRecordingUrl: Text,
  recording: given(Schema.Struct({ stereoUrl: Text, mono: given(Schema.Struct({ combinedUrl: Text })) })),
  transfers: List(Transfer),
  structuredOutputs: Dictionary,
  performanceMetrics: given(PerformanceMetrics)
})

const Customer = Schema.Struct({ number: Text, sipUri: Text })
const PhoneNumber = Schema.Struct({ number: Text, twilioPhoneNumber: Text })

/** What a call tells of its course, and a message of its own: the same fields at the same places. */
const course = {
  status: Text,
  endedReason: Text,
  endedMessage: Text,
  endedAt: Time,
  customer: given(Customer),
  phoneNumber: given(PhoneNumber),
  assistant: given(Schema.Struct({ name: Text })),
  destination: given(Destination),
  cost: Amount,
  costBreakdown: given(
    Schema.Struct({
      transport: Amount,
      stt: Amount,
      llm: Amount,
      tts: Amount,
      vapi: Amount,
      chat: Amount,
      total: Amount
    })
  ),
  costs: List(Schema.Struct({ type: Text, cost: Amount })),
  analysis: given(Schema.Struct({ summary: Text, structuredData: Dictionary, successEvaluation: Text })),
  artifact: given(Artifact),
  // At the top in older records, and in some messages.
  messages: List(Message),
  transcript: Text,
  recordingUrl: Text,
  stereoRecordingUrl: Text,
  summary: Text
}

const Overrides = given(Schema.Struct({ variableValues: Dictionary, metadata: Dictionary }))

export const Call = Schema.Struct({
  ...course,
  id: Id,
  orgId: Id,
  type: Text,
  name: Text,
  assistantId: Id,
  campaignId: Id,
  createdAt: Time,
  updatedAt: Time,
  phoneCallProviderId: Id,
  transport: given(Schema.Struct({ callSid: Id })),
  schedulePlan: given(Schema.Struct({ earliestAt: Time })),
  assistantOverrides: Overrides,
  squadOverrides: Overrides
})
export type Call = typeof Call.Type

/** A server message. The call inside may be older than what the message says. */
export const ServerMessage = Schema.Struct({ ...course, type: Text, timestamp: Time, call: given(Call) })
export type ServerMessage = typeof ServerMessage.Type

/** What both of them tell. */
export type Course = Pick<Call, keyof typeof course>
