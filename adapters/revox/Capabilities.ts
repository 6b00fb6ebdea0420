/** What Revox can do, and what says so. How sure each page is stands in docs/providers/revox.md. */
import type { Capabilities } from "../../src/provider/Capabilities.ts"
import type { CapabilitySources } from "../../src/provider/capabilitySources.ts"

const CALL = "https://docs.getrevox.com/api/resources/call/index.md"
const CREATE = "https://docs.getrevox.com/api/resources/call/methods/create"
const RETRIEVE = "https://docs.getrevox.com/api/typescript/resources/call/methods/retrieve"
const GEM = "https://rubydoc.info/gems/revox"

/** What Revox can do. */
export const capabilities = {
  retries: "yes",
  schedule: "yes",
  inlineAgent: "yes",
  metadata: "yes",
  variables: "yes",
  concurrency: "yes",
  callerNumber: "optional",
  cancel: "yes",
  batchRead: 0,
  list: "documented",
  listItems: "either",
  listFilters: ["status"],
  referenceIn: "metadata",
  listTells: {
    reference: "no",
    evidence: `${CALL}: list items are attempts, which name neither their order nor its metadata`
  },
  webhook: "unsigned",
  preCallWebhook: "no",
  webhookAddresses: ["calls"],
  listAgents: { holds: "all", evidence: "https://docs.getrevox.com/api/resources/assistants/methods/list" },
  listNumbers: { holds: "all", evidence: "https://www.rubydoc.info/gems/revox/Revox/Resources/PhoneNumbers" },
  answeredBy: "stated",
  outcome: "yes",
  extraction: "yes",
  summary: "no",
  transcript: "yes",
  recording: "yes",
  idempotency: "no",
  webCalls: "no"
} as const satisfies Capabilities

/** What says that Revox can, or cannot. */
export const capabilitySources: CapabilitySources = {
  retries: CREATE,
  schedule: CREATE,
  inlineAgent: CREATE,
  metadata: CREATE,
  variables: CREATE,
  concurrency: CREATE,
  callerNumber: CREATE,
  cancel: GEM,
  batchRead: "undocumented: search of the newest gem takes ids, and its path is on no page",
  list: CALL,
  listItems: "undocumented: the page of the list speaks of attempts and filters them by the states of orders",
  listFilters: CALL,
  referenceIn: CREATE,
  webhook:
    "undocumented: an address can be given; no page speaks of a signature, and a published n8n node verifies none",
  preCallWebhook:
    "undocumented: the newest gem has `precall_lookup_url` of an assistant; no page says what is sent to it",
  webhookAddresses: `${GEM}: \`webhook_url\` of an assistant that is updated`,
  answeredBy: `${RETRIEVE}: \`result\` of an attempt`,
  outcome: RETRIEVE,
  extraction: `${RETRIEVE}: \`structured_output\` of an attempt`,
  summary: `${RETRIEVE}: neither an order nor an attempt has a field for one`,
  transcript: RETRIEVE,
  recording: RETRIEVE,
  webCalls: "undocumented: no page speaks of any"
}
