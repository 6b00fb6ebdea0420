/** What Vapi can do, and what says so. How sure each page is stands in docs/providers/vapi.md. */
import type { Capabilities } from "../../src/provider/Capabilities.ts"
import type { CapabilitySources } from "../../src/provider/capabilitySources.ts"

const OPEN_API = "https://github.com/VapiAI/docs/blob/eabfa53/fern/apis/api/openapi.json"
const OUTBOUND = "https://docs.vapi.ai/calls/outbound-calling"
const ANALYSIS = "https://docs.vapi.ai/assistants/call-analysis"

/** What Vapi can do. */
export const capabilities = {
  retries: "no",
  schedule: "yes",
  inlineAgent: "yes",
  metadata: "yes",
  variables: "yes",
  concurrency: "no",
  callerNumber: "required",
  cancel: "no",
  batchRead: 0,
  list: "documented",
  listItems: "orders",
  listFilters: ["created", "agent"],
  referenceIn: "field",
  listTells: {
    reference: "yes",
    evidence: `${OPEN_API}: \`GET /call\` lists whole calls with their \`name\`; no page says how soon, and calls that are older than the plan keeps them are gone`,
    keptDays: 14
  },
  webhook: "unsigned",
  preCallWebhook: "yes",
  webhookAddresses: ["calls"],
  listAgents: { holds: "all", evidence: "https://docs.vapi.ai/api-reference/assistants/list" },
  listNumbers: { holds: "all", evidence: "https://docs.vapi.ai/api-reference/phone-numbers/list" },
  answeredBy: "detected",
  outcome: "no",
  extraction: "yes",
  summary: "yes",
  transcript: "yes",
  recording: "yes",
  idempotency: "no",
  webCalls: "yes"
} as const satisfies Capabilities

/** What says that Vapi can, or cannot. */
export const capabilitySources: CapabilitySources = {
  retries: "undocumented: an order has no field for it; that a call is dialled once is concluded",
  schedule: OUTBOUND,
  inlineAgent: OUTBOUND,
  metadata: `${OPEN_API}: \`assistantOverrides.metadata\``,
  variables: `${OPEN_API}: \`assistantOverrides.variableValues\``,
  concurrency: "https://docs.vapi.ai/calls/call-concurrency: the limit is the account's",
  callerNumber: OUTBOUND,
  cancel: `${OPEN_API}: no endpoint for it; the setting \`cancelBy\` allows what may stand for it`,
  batchRead: `${OPEN_API}: \`GET /call\` takes one \`id\``,
  list: OPEN_API,
  listItems: OPEN_API,
  listFilters: OPEN_API,
  referenceIn: `${OPEN_API}: \`name\` of a call`,
  webhook: "https://docs.vapi.ai/server-url/server-authentication: what is signed, and how, is configured",
  preCallWebhook: "https://docs.vapi.ai/server-url/events",
  webhookAddresses: `${OPEN_API}: \`server.url\` of an assistant`,
  answeredBy: "https://docs.vapi.ai/calls/voicemail-detection",
  outcome: `${ANALYSIS}: an evaluation of success, which is the goal of a record, and no verdict beside it`,
  extraction: ANALYSIS,
  summary: ANALYSIS,
  transcript: OPEN_API,
  recording: "https://docs.vapi.ai/assistants/call-recording",
  webCalls: `${OPEN_API}: \`webCall\``
}
