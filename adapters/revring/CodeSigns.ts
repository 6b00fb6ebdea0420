/**
 * By what code tells that it speaks to RevRing. Sources: the pages on calls, agents and webhooks; of the package, its code.
 * Data only.
 */
import type { CodeSigns } from "../../src/provider/CodeSigns.ts"
import { ADDRESS_FIELDS, BASE_URL, BATCH_PATH, ORDER_PATHS } from "./Client.ts"
import { REFERENCE_VARIABLE, STATUSES } from "./Wire.ts"
import { orderStatusWords } from "./Words.ts"

const { place, get, cancel } = ORDER_PATHS

/** Where a token for a call from a browser is asked for: the one path that is not below the base URL. */
const BROWSER_BASE = "https://api.revring.ai/webrtc"

export const codeSigns: CodeSigns = {
  packages: { "@revring/webrtc-sdk": { methods: {}, isForBrowsers: true } },
  addresses: [BASE_URL, BROWSER_BASE],
  endpoints: [
    { method: "POST", path: place, operation: "place" },
    { method: "GET", path: place, operation: "list", note: "No page documents this list" },
    { method: "GET", path: get("{id}"), operation: "get" },
    { method: "POST", path: BATCH_PATH, operation: "getMany" },
    { method: "POST", path: cancel("{id}"), operation: "cancel" },
    { method: "GET", path: "/agents", operation: "agents" },
    { method: "PATCH", path: "/agents/{id}", operation: "webhookAddresses" },
    { method: "POST", path: "/agents", operation: "outside" },
    { method: "GET", path: "/agents/{id}", operation: "outside" },
    { method: "POST", path: "/agents/batch-get", operation: "outside" },
    { method: "POST", path: "/agents/{id}/duplicate", operation: "outside" },
    { method: "GET", path: "/agents/{id}/custom-tools", operation: "outside" },
    { method: "POST", path: "/agents/{id}/custom-tools", operation: "outside" },
    { method: "PATCH", path: "/agents/{id}/custom-tools/{toolId}", operation: "outside" },
    { method: "POST", path: "/initiate-call", operation: "browser" }
  ],
  addressFields: Object.values(ADDRESS_FIELDS),
  order: {
    fields: {
      agentId: "agent.id",
      toNumber: "to",
      fromNumber: "from",
      variables: "variables",
      callerIdName: "providerOptions.revring.callerIdName",
      skipQueue: "providerOptions.revring.skipQueue",
      // Sent by one application; its effect is not known.
      trunkSid: "providerOptions.revring.trunkSid"
    },
    references: ["variables", `variables.${REFERENCE_VARIABLE}`],
    absent: {
      metadata: "what is one's own goes as a variable",
      firstMessage: "the agent has it, or a variable that its prompt names",
      webhookUrl: "the agent has it, as postCallWebhookUrl"
    }
  },
  webhook: {
    types: [],
    own: ["hangupCause", "agentCallerIdName", "dialedAgentId", "sipTrunkId"],
    fields: {
      event: "event",
      id: "the call that a change names",
      status: "status",
      direction: "direction",
      fromNumber: "from",
      toNumber: "to",
      agentId: "agent.id",
      agentName: "agent.name",
      organizationId: "organizationId",
      agentCallerIdName: "agentCallerIdName",
      dialedAgentId: "dialedAgentId",
      sipTrunkId: "sipTrunkId",
      hangupCause: "disconnect of an attempt",
      errorMessage: "failure of an attempt",
      transcript: "transcript",
      summary: "summary",
      recordingUrl: "recordings",
      metrics: "native.metrics",
      variables: "variables",
      initiatedAt: "dialedAt of an attempt",
      startedAt: "answeredAt of an attempt",
      endedAt: "endedAt",
      durationSeconds: "talkSeconds",
      createdAt: "createdAt",
      updatedAt: "updatedAt"
    },
    absent: {
      endedReason: "why a call ended is hangupCause, or errorMessage",
      call: "its messages are flat: id, status and the rest stand at the top",
      metadata: "what is one's own comes back in variables",
      callId: "it is id",
      outcome: "no outcome is sent",
      cost: "no cost is sent"
    }
  },
  statuses: [{ of: "order", words: STATUSES, meaning: orderStatusWords }]
}
