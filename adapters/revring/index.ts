/** RevRing: what it can do, how its bodies are told apart and read. */
import type { Adapter } from "../../src/provider/Adapter.ts"
import type { Capabilities } from "../../src/provider/Capabilities.ts"
import { hintFrom, orderFrom, providerId } from "./Mapping.ts"
import { interpretation } from "./Meaning.ts"
import { attemptSources, hintSources, locateAttempt, orderSources } from "./Sources.ts"

export const capabilities: Capabilities = {
  retries: "no",
  schedule: "no",
  inlineAgent: "no",
  metadata: "no",
  variables: "yes",
  cancel: "yes",
  batchRead: 100,
  list: "observed",
  listItems: "orders",
  webhook: "unsigned",
  preCallWebhook: "yes",
  answeredBy: "detected",
  outcome: "no",
  extraction: "no",
  summary: "yes",
  transcript: "yes",
  recording: "yes",
  idempotency: "no",
  webCalls: "yes"
}

const PARTY_SIGNS = ["fromNumber", "direction", "agentId"]

const isCall = (body: object): boolean =>
  (Object.hasOwn(body, "toNumber") &&
    Object.hasOwn(body, "status") &&
    PARTY_SIGNS.some((key) => Object.hasOwn(body, key))) ||
  (Object.hasOwn(body, "organizationId") && Object.hasOwn(body, "initiatedAt"))

const isPreCall = (body: { readonly [key: string]: unknown }): boolean =>
  Object.hasOwn(body, "event") && body["event"] === "pre_call"

export const revring: Adapter<"revring"> = {
  id: "revring",
  providerId,
  title: "RevRing",
  capabilities,
  shapes: [
    {
      name: "call",
      signs: "toNumber and status with fromNumber, direction or agentId; or organizationId and initiatedAt",
      matches: isCall,
      read: orderFrom
    },
    {
      name: "pre-call",
      signs: "event = pre_call",
      matches: isPreCall,
      read: hintFrom
    }
  ],
  interpretation,
  sources: { order: orderSources, attempt: attemptSources, hint: hintSources, locateAttempt }
}
