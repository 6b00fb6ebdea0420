/** Where each field of a record stands in a Vapi body, and by which rule it is read; for `explain` and the documentation. */
import type { FieldSource } from "../../src/provider/Adapter.ts"
import { INSTANT_RULE as INSTANT } from "../../src/provider/FieldReader.ts"

/** In a call, and in the call inside a message. */
const ofCall = (path: string): ReadonlyArray<string> => [path, `call.${path}`]

const NUMBERS = ["customer.number", "customer.sipUri", "phoneNumber.number", "phoneNumber.twilioPhoneNumber"].flatMap(
  ofCall
)
const PARTIES = [...NUMBERS, ...ofCall("type")]
const PARTIES_OF_HINT = [...NUMBERS, "call.type"]

const REASON = "endedReason"
const TRANSFER = ["artifact.transfers", "destination"]
/** What shows that the customer was on the line already. */
const ON_THE_LINE = [...ofCall("type"), "artifact.messages", "messages"]

export const orderSources: ReadonlyArray<FieldSource> = [
  { field: "id", paths: ofCall("id"), rule: "opaque id, as text; order and attempt share it" },
  { field: "direction", paths: ofCall("type"), rule: "table of types; not said of calls from a browser" },
  { field: "channel", paths: ofCall("type"), rule: "table of types" },
  { field: "from", paths: PARTIES, rule: "the customer, or our number if the call is outbound; as given" },
  { field: "to", paths: PARTIES, rule: "our number, or the customer if the call is outbound; as given" },
  {
    field: "status",
    paths: ["status", REASON],
    rule: "table of statuses, as an order; canceled by reason; a report means that it is over"
  },
  { field: "providerStatus", paths: ["status"], rule: "the provider's own word; not from the call in a message" },
  { field: "agent.id", paths: ofCall("assistantId"), rule: "opaque id, as text; none of a squad" },
  { field: "agent.name", paths: ofCall("assistant.name"), rule: "as given" },
  { field: "reference", paths: ofCall("name"), rule: "the caller's own key, in the name of the call" },
  { field: "createdAt", paths: ofCall("createdAt"), rule: INSTANT },
  { field: "scheduledAt", paths: ofCall("schedulePlan.earliestAt"), rule: `${INSTANT}; the earliest of the window` },
  { field: "endedAt", paths: ["endedAt"], rule: `${INSTANT}; the order is one call` },
  { field: "updatedAt", paths: ofCall("updatedAt"), rule: INSTANT },
  { field: "summary", paths: ["analysis.summary", "summary"], rule: "as given" },
  {
    field: "goal",
    paths: ["analysis.successEvaluation"],
    rule: "true and false decide, and no other words, since no rubric is named"
  },
  {
    field: "cost",
    paths: ["cost", "costBreakdown", "costs"],
    rule: "US dollars; parts from the breakdown, else from the list; counts are no parts"
  },
  {
    field: "variables",
    paths: ["squadOverrides.variableValues", "assistantOverrides.variableValues"].flatMap(ofCall),
    rule: "verbatim; of a squad its own"
  },
  {
    field: "metadata",
    paths: ["squadOverrides.metadata", "assistantOverrides.metadata"].flatMap(ofCall),
    rule: "verbatim; of a squad its own"
  },
  { field: "campaign.id", paths: ofCall("campaignId"), rule: "opaque id, as text" },
  { field: "organizationId", paths: ofCall("orgId"), rule: "opaque id, as text" }
]

export const attemptSources: ReadonlyArray<FieldSource> = [
  { field: "id", paths: ofCall("id"), rule: "the call's id: a Vapi call is one attempt" },
  { field: "orderId", paths: ofCall("id"), rule: "the call's id" },
  {
    field: "status",
    paths: ["status", REASON],
    rule: "table of statuses, as an attempt; canceled by reason; a report means that it is over"
  },
  { field: "to", paths: PARTIES, rule: "as of the order; absent for web calls" },
  {
    field: "carrierCallId",
    paths: ["phoneCallProviderId", "transport.callSid"].flatMap(ofCall),
    rule: "opaque id of the carrier, as text"
  },
  { field: "endedAt", paths: ["endedAt"], rule: INSTANT },
  { field: "answered", paths: [REASON], rule: "table of reasons: those that need somebody on the line, or nobody" },
  {
    field: "answeredBy",
    paths: [REASON, "artifact.messages", "messages"],
    rule: "voicemail if detected, human if the remote party answers the agent, else absent"
  },
  {
    field: "failure",
    paths: [REASON, "endedMessage", ...TRANSFER],
    rule: "table of reasons and its families, then a code in the text; none where a third party's connection failed"
  },
  {
    field: "disconnect",
    paths: [REASON, ...TRANSFER, ...ON_THE_LINE],
    rule: "table of reasons; a failed connection is the transfer's if there is one, or if the customer was on the line already"
  },
  {
    field: "transfer",
    paths: [...TRANSFER, REASON, ...ON_THE_LINE],
    rule: "the one that came furthest; a hand-off between assistants is none"
  },
  {
    field: "transcript",
    paths: ["artifact.messages", "messages", "artifact.transcript", "transcript"],
    rule: "turns with roles by table, or one unsplit text"
  },
  {
    field: "recordingUrl",
    paths: [
      "artifact.recordingUrl",
      "artifact.recording.mono.combinedUrl",
      "artifact.stereoRecordingUrl",
      "artifact.recording.stereoUrl",
      "recordingUrl",
      "stereoRecordingUrl"
    ],
    rule: "the identifier that stays, never a presigned address"
  },
  { field: "extracted", paths: ["analysis.structuredData", "artifact.structuredOutputs"], rule: "verbatim" },
  { field: "metrics", paths: ["artifact.performanceMetrics"], rule: "verbatim" },
  {
    field: "timing",
    paths: ["artifact.performanceMetrics"],
    rule: "interruptions, and the latencies of the transport, the only ones with a unit"
  }
]

export const hintSources: ReadonlyArray<FieldSource> = [
  {
    field: "event",
    paths: ["type"],
    rule: "assistant-request is sent before the call, those about its record and uploaded artifacts after it, others while it goes on"
  },
  { field: "orderId", paths: ["call.id"], rule: "opaque id, as text" },
  { field: "agentId", paths: ["call.assistantId"], rule: "opaque id, as text" },
  { field: "from", paths: PARTIES_OF_HINT, rule: "as of an order" },
  { field: "to", paths: PARTIES_OF_HINT, rule: "as of an order" },
  { field: "transcript", paths: ["messages", "type"], rule: "of a conversation-update: the turns so far" }
]
