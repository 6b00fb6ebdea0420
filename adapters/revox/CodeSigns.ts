/**
 * By what code tells that it speaks to Revox. Sources: the API pages, the code of the SDKs, and of its messages one public
 * integration. Data only.
 */
import type { CodeOperation, CodeSigns } from "../../src/provider/CodeSigns.ts"
import { ADDRESS_FIELDS, BASE_URL, ORDER_PATHS } from "./Client.ts"
import { WRITTEN_BY_ORDER } from "./Request.ts"
import { ATTEMPT_STATUSES, ORDER_STATUSES_V2 } from "./Wire.ts"
import { attemptStatusWords, orderStatusWords } from "./Words.ts"

const { place, get, cancel } = ORDER_PATHS

const methods: { readonly [way: string]: CodeOperation } = {
  "call.create": "place",
  "call.retrieve": "get",
  "call.list": "list",
  "call.search": "list",
  "call.cancel": "cancel",
  "assistants.list": "agents",
  "assistants.update": "webhookAddresses",
  "phoneNumbers.list": "numbers",
  "authStatus.retrieve": "check",
  "authStatus.check": "check"
}

export const codeSigns: CodeSigns = {
  packages: {
    revox: {
      methods,
      resends: {
        option: "maxRetries",
        off: 0,
        because:
          "it repeats any request, POST /call too, two times after 408, 409, 429, 500 and up, and after a lost answer"
      }
    }
  },
  addresses: [BASE_URL],
  endpoints: [
    { method: "POST", path: place, operation: "place" },
    { method: "GET", path: place, operation: "list" },
    { method: "GET", path: get("{id}"), operation: "get" },
    { method: "POST", path: cancel("{id}"), operation: "cancel" },
    { method: "GET", path: "/auth-status", operation: "check" },
    { method: "GET", path: "/assistants", operation: "agents" },
    { method: "PATCH", path: "/assistants/{id}", operation: "webhookAddresses" },
    { method: "GET", path: "/assistants/{id}", operation: "outside" },
    { method: "POST", path: "/assistants", operation: "outside" },
    { method: "GET", path: "/phone-numbers", operation: "numbers" },
    { method: "GET", path: "/voices", operation: "outside" },
    { method: "GET", path: "/campaigns", operation: "outside" },
    { method: "POST", path: "/campaigns", operation: "outside" }
  ],
  addressFields: Object.values(ADDRESS_FIELDS),
  order: {
    fields: {
      ...WRITTEN_BY_ORDER,
      assistant: "agent.inline",
      force_now: "providerOptions.revox.force_now",
      skip_calling_window: "providerOptions.revox.skip_calling_window",
      // Of the oldest version, where the agent stood at the top.
      prompt: "agent.inline",
      voice: "providerOptions.revox.assistant",
      webhook_url: "providerOptions.revox.assistant",
      call_retry_config: "retry"
    },
    references: ["metadata", "prompt_variables"],
    absent: {}
  },
  webhook: {
    types: [],
    own: ["call_order_id"],
    fields: {
      call_order_id: "the call that a change names",
      call_id: "id of an attempt",
      status: "status",
      result: "reach",
      annotation: "native.annotation",
      transcript: "transcript",
      recording_url: "recordings",
      started_at: "dialedAt of an attempt",
      ended_at: "endedAt",
      calls_count: "attempts"
    },
    absent: {
      answered_at: "the record has it",
      phone_number: "the record has it",
      to_phone_number: "the record has it",
      from_phone_number: "the record has it",
      direction: "the record has it",
      metadata: "the record has it",
      outcome: "the record has it",
      dial_error: "the record has it",
      timestamp: "a node of n8n adds it",
      webhookUrl: "a node of n8n adds it",
      id: "the order is call_order_id, and call_id is the attempt"
    }
  },
  statuses: [
    { of: "order", words: ORDER_STATUSES_V2, meaning: orderStatusWords },
    { of: "attempt", words: ATTEMPT_STATUSES, meaning: attemptStatusWords }
  ]
}
