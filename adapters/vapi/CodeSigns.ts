/**
 * By what code tells that it speaks to Vapi. Sources: the types of the SDK (`@vapi-ai/server-sdk` 2.0.1: `calls`,
 * `CreateCallDto`, `requestWithRetries`), the OpenAPI file, and the pages on server messages. Data only.
 */
import type { CodeOperation, CodeSigns } from "../../src/provider/CodeSigns.ts"
import { BASE_URL, ORDER_PATHS } from "./Client.ts"
import { type OTHER_MESSAGES, REPORT, STATUSES } from "./Wire.ts"
import { orderStatusWords } from "./Words.ts"

const { place, get } = ORDER_PATHS

const DELETED = "Deleting a call ends it only while it is scheduled, and its record is gone: setting cancelBy.scheduled"

const methods: { readonly [way: string]: CodeOperation } = {
  "calls.create": "place",
  "calls.get": "get",
  "calls.list": "list",
  "calls.delete": "cancel",
  "assistants.list": "agents",
  "assistants.update": "webhookAddresses",
  "phoneNumbers.list": "numbers"
}

export const codeSigns: CodeSigns = {
  packages: {
    "@vapi-ai/server-sdk": {
      methods,
      resends: {
        option: "maxRetries",
        off: 0,
        because: "it repeats any request, POST /call too, two times after 408, 429 and every status from 500 up"
      }
    },
    "@vapi-ai/web": { methods: { start: "browser" }, isForBrowsers: true },
    "@vapi-ai/react-native": { methods: { start: "browser" }, isForBrowsers: true }
  },
  addresses: [BASE_URL],
  endpoints: [
    { method: "POST", path: place, operation: "place" },
    { method: "POST", path: "/call/phone", operation: "place", note: "An older path of POST /call" },
    { method: "POST", path: "/call/web", operation: "browser" },
    { method: "GET", path: place, operation: "list" },
    { method: "GET", path: get("{id}"), operation: "get" },
    { method: "DELETE", path: get("{id}"), operation: "cancel", note: DELETED },
    { method: "PATCH", path: get("{id}"), operation: "outside" },
    { method: "GET", path: "/v2/call", operation: "list" },
    { method: "GET", path: "/assistant", operation: "agents" },
    { method: "PATCH", path: "/assistant/{id}", operation: "webhookAddresses" },
    { method: "GET", path: "/assistant/{id}", operation: "outside" },
    { method: "POST", path: "/assistant", operation: "outside" },
    { method: "DELETE", path: "/assistant/{id}", operation: "outside" },
    { method: "GET", path: "/phone-number", operation: "numbers" },
    ...(["GET", "POST", "PATCH", "DELETE"] as const).flatMap((method) =>
      ["phone-number", "squad", "tool", "file", "campaign", "workflow", "chat", "session", "eval"].flatMap((name) => [
        { method, path: `/${name}`, operation: "outside" as const },
        { method, path: `/${name}/{id}`, operation: "outside" as const }
      ])
    ),
    { method: "POST", path: "/analytics", operation: "outside" }
  ],
  addressFields: ["server", "serverUrl"],
  order: {
    fields: {
      assistantId: "agent.id",
      assistant: "agent.inline",
      assistantVersion: null,
      assistantOverrides: "variables",
      squadId: "providerOptions.vapi.squadId",
      squad: null,
      squadOverrides: "providerOptions.vapi.squadOverrides",
      workflowId: null,
      workflow: null,
      workflowOverrides: null,
      phoneNumberId: "from",
      phoneNumber: "from",
      customer: "to",
      customers: "to",
      customerId: null,
      name: "reference",
      schedulePlan: "scheduledAt",
      transport: null,
      // Older requests say it; it follows from what else is given.
      type: null
    },
    references: [
      "name",
      "customer.externalId",
      "assistantOverrides.variableValues",
      "assistantOverrides.metadata",
      "assistant.metadata",
      "squadOverrides.variableValues",
      "squadOverrides.metadata",
      "customers"
    ],
    absent: { metadata: "what is one's own goes as assistantOverrides.metadata, or in name" }
  },
  webhook: {
    envelope: "message",
    // Words that others use for something else as well, such as tool-calls or transcript, are left out.
    types: [
      REPORT,
      "assistant-request",
      "conversation-update",
      "speech-update",
      "transfer-destination-request",
      "handoff-destination-request",
      "phone-call-control",
      "knowledge-base-request"
    ] satisfies ReadonlyArray<typeof REPORT | (typeof OTHER_MESSAGES)[number]>,
    own: [],
    fields: {
      type: "type",
      call: "the call that a change names",
      status: "status",
      endedReason: "failure and disconnect of an attempt",
      endedMessage: "failure of an attempt",
      artifact: "transcript, recordings",
      analysis: "summary, extracted, goal",
      transcript: "transcript",
      messages: "transcript",
      summary: "summary",
      recordingUrl: "recordings",
      stereoRecordingUrl: "recordings",
      cost: "cost",
      costs: "cost",
      costBreakdown: "cost",
      startedAt: "nothing: it is neither the dial nor the answer",
      endedAt: "endedAt",
      durationSeconds: "talkSeconds",
      customer: "to",
      phoneNumber: "from",
      assistant: "agent",
      destination: "transfer",
      timestamp: "timestamp",
      toolCalls: "stays: a tool is answered by the application",
      toolCallList: "stays: a tool is answered by the application",
      functionCall: "stays: a tool is answered by the application"
    },
    absent: {
      metadata: "what is one's own stands in call.assistantOverrides.metadata, or in call.name",
      "call.metadata": "what is one's own stands in call.assistantOverrides.metadata, or in call.name",
      callId: "it is call.id",
      call_id: "it is call.id"
    }
  },
  statuses: [{ of: "order", words: STATUSES, meaning: orderStatusWords }]
}
