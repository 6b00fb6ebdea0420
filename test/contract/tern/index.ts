/** Tern: what it can do, how its bodies are told apart and read, and its live calls. */
import {
  type CallableAdapter,
  type Capabilities,
  type CapabilitySources,
  hasKeys,
  type ProviderEvidence
} from "../../../src/provider/index.ts"
import { locateAttempts, orderFrom, providerId } from "./Mapping.ts"
import { attemptSources, orderSources } from "./Sources.ts"
import { interpretation, roleWords } from "./Words.ts"

export const capabilities: Capabilities = {
  retries: "automatic",
  schedule: "no",
  inlineAgent: "no",
  metadata: "no",
  variables: "no",
  concurrency: "no",
  callerNumber: "none",
  cancel: "yes",
  batchRead: 0,
  list: "documented",
  listItems: "orders",
  listFilters: ["reference"],
  referenceIn: "field",
  listTells: { reference: "yes", evidence: "https://tern.example/docs/list" },
  webhook: "unsigned",
  preCallWebhook: "no",
  answeredBy: "stated",
  outcome: "yes",
  extraction: "no",
  summary: "no",
  transcript: "yes",
  recording: "yes",
  idempotency: { windowSeconds: 86_400, evidence: "https://tern.example.invalid/sending-again" },
  webCalls: "no"
}

const ORDERS = "https://tern.example/docs/orders"

export const capabilitySources: CapabilitySources = {
  retries: ORDERS,
  schedule: ORDERS,
  inlineAgent: ORDERS,
  metadata: ORDERS,
  variables: ORDERS,
  concurrency: ORDERS,
  callerNumber: ORDERS,
  cancel: ORDERS,
  batchRead: ORDERS,
  list: "https://tern.example/docs/list",
  listItems: ORDERS,
  listFilters: ORDERS,
  referenceIn: ORDERS,
  webhook: ORDERS,
  preCallWebhook: ORDERS,
  webhookAddresses: ORDERS,
  answeredBy: ORDERS,
  outcome: ORDERS,
  extraction: ORDERS,
  summary: ORDERS,
  transcript: ORDERS,
  recording: ORDERS,
  webCalls: "undocumented: no page speaks of any"
}

export const evidence: ProviderEvidence = {
  dialed_time: { certainty: "stated", basis: "dialing_instant", from: "`started`" },
  answer_time: { certainty: "stated", basis: "answer_instant", from: "`picked_up`" },
  end_time: { certainty: "stated", basis: "end_instant", from: "`ended`" },
  created_time: { certainty: "stated", basis: "record_instant", from: "`created`" },
  talk_time: { certainty: "stated", basis: "answer_to_end", from: "the time between `picked_up` and `ended`" },
  human: { certainty: "stated", basis: "own_word", from: "`who` = `person`" },
  voicemail: { certainty: "stated", basis: "own_word", from: "`who` = `machine`" },
  busy: { certainty: "stated", basis: "own_word", from: "`why` = `busy`" },
  no_answer: { certainty: "stated", basis: "own_word", from: "`why` = `no_pickup`" },
  invalid_number: { certainty: "stated", basis: "own_word", from: "`why` = `bad_number`" },
  not_permitted: { certainty: "stated", basis: "own_word", from: "`why` = `blocked`" },
  outcome: { certainty: "stated", basis: "own_word", from: "`verdict.goal_met`" },
  goal: { certainty: "stated", basis: "own_verdict", from: "`verdict.task`" },
  cost: { certainty: "stated", basis: "us_dollars", from: "`charge.total`" },
  transcript: { certainty: "stated", basis: "turns", from: "`lines`" },
  recording: { certainty: "stated", basis: "link", from: "`audio`" },
  response_latency: { certainty: "stated", basis: "own_duration", from: "`pace.answer_ms`" },
  interruptions_by_agent: { certainty: "stated", basis: "other", from: "`pace.cut_by_bot`" },
  interruptions_by_remote: { certainty: "stated", basis: "other", from: "`pace.cut_by_callee`" },
  remote_speech: { certainty: "stated", basis: "own_duration", from: "`pace.callee_s`" }
}

export const tern: CallableAdapter<"tern"> = {
  id: "tern",
  providerId,
  title: "Tern",
  capabilities,
  capabilitySources,
  evidence,
  shapes: [
    { name: "dial", signs: "phase and legs", matches: (body) => hasKeys(body, "phase", "legs"), read: orderFrom }
  ],
  envelopes: { dial: { holds: "one" }, dials: { holds: "list" } },
  roleWords,
  interpretation,
  sources: { order: orderSources, attempt: attemptSources, hint: [], locateAttempts },
  live: {
    settings: {},
    load: async () => {
      const { makeClient } = await import("./Client.ts")
      return (options) => makeClient(tern, options)
    }
  }
}
