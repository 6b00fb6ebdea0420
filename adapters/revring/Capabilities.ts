/** What RevRing can do, and what says so. How sure each page is stands in docs/providers/revring.md. */
import type { Capabilities } from "../../src/provider/Capabilities.ts"
import type { CapabilitySources } from "../../src/provider/capabilitySources.ts"

const SEND = "https://docs.revring.ai/api-reference/calls/send"
const GET = "https://docs.revring.ai/api-reference/calls/get"
const AGENTS = "https://docs.revring.ai/api-reference/agents/list"
const POST_CALL = "https://docs.revring.ai/api-reference/webhooks/post-call"

/** What RevRing can do. */
export const capabilities = {
  retries: "no",
  schedule: "no",
  inlineAgent: "no",
  metadata: "no",
  variables: "yes",
  concurrency: "no",
  callerNumber: "required",
  cancel: "yes",
  batchRead: 100,
  list: "observed",
  listItems: "orders",
  listFilters: ["status", "created", "agent"],
  referenceIn: "variables",
  listTells: { reference: "unknown", evidence: "undocumented: no page speaks of the list" },
  webhook: "unsigned",
  preCallWebhook: "yes",
  webhookAddresses: ["calls", "preCall"],
  listAgents: { holds: "all", evidence: AGENTS },
  listNumbers: {
    holds: "assigned",
    evidence: `${AGENTS}: each agent with its numbers; no page lists the others`
  },
  answeredBy: "detected",
  outcome: "no",
  extraction: "no",
  summary: "yes",
  transcript: "yes",
  recording: "yes",
  idempotency: "no",
  webCalls: "yes"
} as const satisfies Capabilities

/** What says that RevRing can, or cannot. */
export const capabilitySources: CapabilitySources = {
  retries:
    "undocumented: the body of an order has no field for it; that it dials once is concluded, since a record is one dial",
  schedule: `${SEND}: the body has no field for it`,
  inlineAgent: `${SEND}: \`agentId\` is required`,
  metadata: `${SEND}: the body has no field for it`,
  variables: SEND,
  concurrency: `${SEND}: the body has no field for it`,
  callerNumber: SEND,
  cancel: "https://docs.revring.ai/api-reference/calls/cancel",
  batchRead: "https://docs.revring.ai/api-reference/calls/batch-get",
  list: "undocumented: seen in use by one application",
  listItems: "undocumented: seen in use by one application",
  listFilters: "undocumented: one application was seen to narrow by time and agent; the status is compared here",
  referenceIn: `${POST_CALL}: the variables of the order come back among all variables`,
  webhook: "undocumented: one application says that nothing is signed, and no page speaks of it",
  preCallWebhook: "https://docs.revring.ai/api-reference/webhooks/pre-call",
  webhookAddresses: "https://docs.revring.ai/api-reference/agents/update",
  answeredBy: `${GET}: \`hangupCause\` can be \`VOICEMAIL_DETECTED\``,
  outcome: `${GET}: a call has no field for one`,
  extraction: `${GET}: a call has no field for it`,
  summary: GET,
  transcript: GET,
  recording: GET,
  webCalls: "undocumented: the provider's package @revring/webrtc-sdk makes them"
}
