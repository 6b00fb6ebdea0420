/** Revox: what it can do, how its bodies are told apart and read. */
import type { Adapter } from "../../src/provider/Adapter.ts"
import type { Capabilities } from "../../src/provider/Capabilities.ts"
import { attemptFrom, hintFrom, orderFrom, providerId } from "./Mapping.ts"
import { interpretation } from "./Meaning.ts"
import { attemptSources, hintSources, locateAttempt, orderSources } from "./Sources.ts"

export const capabilities: Capabilities = {
  retries: "yes",
  schedule: "yes",
  inlineAgent: "yes",
  metadata: "yes",
  variables: "yes",
  cancel: "yes",
  batchRead: 0,
  list: "documented",
  listItems: "either",
  webhook: "unsigned",
  preCallWebhook: "no",
  answeredBy: "stated",
  outcome: "yes",
  extraction: "yes",
  summary: "no",
  transcript: "yes",
  recording: "yes",
  idempotency: "no",
  webCalls: "no"
}

const ATTEMPT_SIGNS = ["answered_at", "result", "dial_error"]

const isOrder = (body: object): boolean =>
  Object.hasOwn(body, "call_attempts") || (Object.hasOwn(body, "to_phone_number") && Object.hasOwn(body, "direction"))

const isAttempt = (body: object): boolean =>
  Object.hasOwn(body, "phone_number") &&
  Object.hasOwn(body, "status") &&
  ATTEMPT_SIGNS.some((key) => Object.hasOwn(body, key)) &&
  !isOrder(body)

const isWebhook = (body: object): boolean =>
  Object.hasOwn(body, "call_order_id") && !Object.hasOwn(body, "phone_number")

export const revox: Adapter<"revox"> = {
  id: "revox",
  providerId,
  title: "Revox",
  capabilities,
  shapes: [
    {
      name: "order",
      signs: "call_attempts, or to_phone_number with direction",
      matches: isOrder,
      read: orderFrom
    },
    {
      name: "attempt",
      signs: "phone_number and status with answered_at, result or dial_error",
      matches: isAttempt,
      read: attemptFrom
    },
    {
      name: "webhook",
      signs: "call_order_id without phone_number",
      matches: isWebhook,
      read: hintFrom
    }
  ],
  interpretation,
  sources: { order: orderSources, attempt: attemptSources, hint: hintSources, locateAttempt }
}
