/** Calls of the Vapi twin as its records. */
import type { DisconnectReason } from "../../src/domain/Disconnect.ts"
import type { FailureKind } from "../../src/domain/Failure.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import { present } from "../../src/domain/present.ts"
import type { Turn } from "../../src/domain/Transcript.ts"
import type { PlacedOrder } from "../../src/twin/orderBook.ts"
import { uuidFrom } from "../../src/twin/seeded.ts"
import type { TwinAgent } from "../../src/twin/storedAgents.ts"
import type { Story } from "../../src/twin/story.ts"
import { type AttemptState, isoOf, type OrderState } from "../../src/twin/timeline.ts"
import type * as Wire from "./Wire.ts"

/** What the record of a call repeats of the request that placed it: whatever it said. */
export interface CallDetails {
  readonly request: JsonObject
  /** Where the twin is. */
  readonly address: string
}

export type TwinCall = PlacedOrder<CallDetails>

const ORG_ID = uuidFrom("organisation of the calls")

/** Where a transferred call goes. */
const COLLEAGUE = { type: "number", number: "+12025550177" }

type Status = (typeof Wire.STATUSES)[number]

const SIP_WORD = "call.in-progress.error-providerfault-outbound-sip-"
const OTHER_SIP = "call.in-progress.error-sip-outbound-call-failed-to-connect"

interface EndWord {
  readonly reason: string
  readonly message?: string
}

/** How a failure shows. There are words for five SIP codes; the others stand in the text, if anywhere. */
export const FAILURES: Record<FailureKind, EndWord> = {
  no_answer: { reason: "customer-did-not-answer" },
  busy: { reason: "customer-busy" },
  unreachable: { reason: `${SIP_WORD}480-temporarily-unavailable` },
  declined: { reason: OTHER_SIP, message: "SIP 603 Decline" },
  blocked: { reason: OTHER_SIP, message: "SIP 608 Rejected" },
  invalid_number: { reason: "twilio-reported-customer-misdialed" },
  congestion: { reason: `${SIP_WORD}503-service-unavailable` },
  not_permitted: { reason: `${SIP_WORD}403-forbidden` },
  precondition_failed: { reason: OTHER_SIP, message: "SIP 580 Precondition Failure" },
  timeout: { reason: `${SIP_WORD}408-request-timeout` },
  account: { reason: "call.start.error-subscription-insufficient-credits" },
  account_limit: { reason: "call.start.error-subscription-concurrency-limit-reached" },
  customer_error: { reason: "assistant-not-found" },
  provider_error: { reason: "call.in-progress.error-vapifault-worker-died" },
  unclassified: { reason: OTHER_SIP },
  unrecognized: { reason: OTHER_SIP }
}

/** A word that no page knows, for the stories that try one. */
const UNKNOWN = { reason: "robot-detected", status: "wrapped-up" }

/** Nobody tells what a menu was: the assistant gives up. */
const ENDS: Record<DisconnectReason, string> = {
  transferred: "assistant-forwarded-call",
  agent_hangup: "assistant-ended-call",
  remote_hangup: "customer-ended-call",
  voicemail: "voicemail",
  ivr_dead_end: "assistant-ended-call",
  silence: "silence-timed-out",
  max_duration: "exceeded-max-duration",
  stopped: "manually-canceled",
  taken_over: "manually-canceled",
  transfer_failed: "call.in-progress.error-transfer-failed",
  unrecognized: UNKNOWN.reason
}

/** Without a detector a message to a mailbox ends like one to a person. */
const MESSAGE_SPOKEN = "assistant-ended-call-after-message-spoken"

const BROKEN = "call.start.error-vapifault-database-error"

const statusOf = ({ story }: TwinCall, { phase, canceled }: OrderState): string => {
  if (phase === "over")
    return story.unknownWords === "status" && !canceled ? UNKNOWN.status : ("ended" satisfies Status)
  const words = {
    scheduled: "scheduled",
    queued: "queued",
    between_attempts: "queued",
    dialing: "ringing",
    talking: "in-progress"
  } as const satisfies Record<typeof phase, Status>
  return words[phase]
}

const endOf = (
  story: Story,
  attempt: AttemptState | undefined,
  { phase, canceled }: OrderState,
  detectsVoicemail: boolean
): EndWord | undefined => {
  if (phase !== "over") return undefined
  if (canceled) return { reason: ENDS.stopped }
  if (attempt === undefined) return { reason: BROKEN }
  if (attempt.plan.failure !== undefined) return FAILURES[attempt.plan.failure]
  if (story.unknownWords === "details") return { reason: UNKNOWN.reason }
  const { end } = attempt.plan
  if (end === undefined) return undefined
  return { reason: end === "voicemail" && !detectsVoicemail ? MESSAGE_SPOKEN : ENDS[end] }
}

/** Seconds from one message to the next. */
const PACE = 3

const messagesOf = ({ answeredAt = 0, turns = [] }: AttemptState): ReadonlyArray<JsonObject> =>
  turns.flatMap((turn, index) => {
    const secondsFromStart = index * PACE
    const when = { time: answeredAt + secondsFromStart * 1000, secondsFromStart }
    return messagesFrom(turn, index).map((message) => ({ ...message, ...when }))
  })

const messagesFrom = (
  { role, text, toolName, arguments: given, output }: Turn,
  index: number
): ReadonlyArray<JsonObject> => {
  if (role !== "tool") return [{ role: role === "remote" ? "user" : "bot", message: text, duration: 2 }]
  const id = `toolcall-${index}`
  const called = {
    id,
    type: "function",
    function: { name: toolName ?? "tool", arguments: JSON.stringify(given ?? {}) }
  }
  return [
    ...(output === undefined || given !== undefined
      ? [{ role: "tool_calls", message: text, toolCalls: [called] }]
      : []),
    ...(output === undefined
      ? []
      : [{ role: "tool_call_result", toolCallId: id, name: toolName ?? "tool", result: JSON.stringify(output) }])
  ]
}

const recordingOf = (id: string): string => `https://recordings.example.invalid/${id}-mono.wav`

/** Only what there is: Vapi leaves out what it does not have. Presigned addresses are others at each read. */
export const callRecord = (call: TwinCall, state: OrderState, now: number, detectsVoicemail: boolean): JsonObject => {
  const { id, story, details } = call
  const { attempts, phase, evaluated } = state
  const [attempt] = attempts
  const end = endOf(story, attempt, state, detectsVoicemail)
  const isRunning = phase === "dialing" || phase === "talking"
  const artifact = {
    ...(attempt?.turns === undefined ? {} : { messages: messagesOf(attempt) }),
    ...(attempt?.recorded === true
      ? {
          recordingUrl: recordingOf(id),
          presignedMonoUrl: `${recordingOf(id)}?X-Signature=${uuidFrom(id, "signature", now)}`,
          presignedUrlsExpiresAt: isoOf(now + 3_600_000)
        }
      : {})
  }
  return {
    id,
    orgId: ORG_ID,
    type: "outboundPhoneCall",
    createdAt: isoOf(call.placedAt),
    updatedAt: isoOf(state.changedAt),
    status: statusOf(call, state),
    phoneCallProvider: "vapi",
    phoneCallTransport: "pstn",
    ...details.request,
    ...present({
      startedAt: attempt === undefined ? undefined : isoOf(attempt.dialedAt),
      endedAt: state.endedAt === undefined ? undefined : isoOf(state.endedAt),
      endedReason: end?.reason,
      endedMessage: end?.message,
      phoneCallProviderId: attempt === undefined ? undefined : `CA${uuidFrom(id, "carrier").replaceAll("-", "")}`,
      destination: end?.reason === ENDS.transferred ? COLLEAGUE : undefined,
      monitor: isRunning
        ? {
            listenUrl: `wss://monitor.example.invalid/${id}/listen`,
            controlUrl: `${details.address}/control/${id}`
          }
        : undefined,
      analysis: evaluated ? analysisOf(story) : undefined
    }),
    cost: 0,
    artifact
  }
}

/** What of it was set up: a summary, data, both or neither. */
const analysisOf = ({ summary, extracted }: Story): JsonObject | undefined =>
  summary === undefined && extracted === undefined ? undefined : present({ summary, structuredData: extracted })

/** The number that people call in at. */
export const OWN_NUMBER = "+12025550199"
export const OWN_NUMBER_ID = uuidFrom("vapi phone number")

/** Each a minute after the one before. */
const madeAt = (number: number): JsonObject => {
  const at = isoOf(Date.UTC(2026, 0, 1, 0, number))
  return { orgId: ORG_ID, createdAt: at, updatedAt: at }
}

const assistant = (number: number, name: string, language: string, server: JsonObject): TwinAgent => ({
  id: uuidFrom("vapi assistant", number),
  ...madeAt(number),
  name,
  transcriber: { provider: "deepgram", model: "nova-3", language },
  firstMessage: "Hello, this is the assistant of Quillworks.",
  model: { provider: "openai", model: "gpt-4.1" },
  ...server
})

/** Assistants that are stored, always the same. The second has a server of its own, called with a header, whose address is not set. */
export const ASSISTANTS: ReadonlyArray<TwinAgent> = [
  assistant(1, "Twin assistant", "en", {}),
  assistant(2, "French assistant of the twin", "fr", {
    server: {
      timeoutSeconds: 20,
      headers: { "x-vapi-secret": "secret-of-the-twin" }
    }
  })
]

/** Numbers of the account: one of Vapi's, an imported one with its secrets, and a SIP address. */
export const NUMBERS: ReadonlyArray<JsonObject> = [
  {
    id: OWN_NUMBER_ID,
    ...madeAt(1),
    provider: "vapi",
    status: "active",
    number: OWN_NUMBER,
    name: "Number of the twin",
    assistantId: uuidFrom("vapi assistant", 1)
  },
  {
    id: uuidFrom("vapi phone number", 2),
    ...madeAt(2),
    provider: "twilio",
    status: "active",
    number: "+33199009999",
    twilioAccountSid: "AC0123",
    twilioAuthToken: "secret-of-the-twin"
  },
  {
    id: uuidFrom("vapi phone number", 3),
    ...madeAt(3),
    provider: "vapi",
    status: "active",
    name: "SIP address of the twin",
    sipUri: "sip:twin@sip.vapi.ai",
    authentication: { username: "twin", password: "secret-of-the-twin" }
  }
]
