/** One sentence for each field of each record: the field tables and the JSON Schemas are made of these. */
import { readFileSync } from "node:fs"
import { CallChange } from "../../src/calls/changes/CallChange.ts"
import { attemptFields, type CallAttempt } from "../../src/domain/CallAttempt.ts"
import type { CallHint } from "../../src/domain/CallHint.ts"
import { orderFields } from "../../src/domain/CallOrder.ts"
import type { IssueReason } from "../../src/domain/Issue.ts"
import type { Rejection, RejectionReason } from "../../src/domain/Rejection.ts"
import type { AgentInfo, NumberInfo } from "../../src/provider/Catalog.ts"
import type { Capabilities } from "../../src/provider/Capabilities.ts"

/** A field without a note does not compile, nor does a note without a field. */
type Notes<Record_> = { readonly [Field in keyof Record_]-?: string }

const COMMENTED_ROW = /\/\*\*((?:[^*]|\*(?!\/))*)\*\/\n  (\w+): (?:\{|Schema\.|\w+,?\n)/g

type Rows = { readonly [field: string]: unknown }

/** What each field means is said once: in the comment above its row, in the table of fields or in the schema. */
export function notesIn<Table extends Rows>(source: string, table: Table): { readonly [Field in keyof Table]: string }
export function notesIn(source: string, table: Rows): { readonly [field: string]: string } {
  const comments = new Map(
    [...source.matchAll(COMMENTED_ROW)].map(([, comment = "", field = ""]) => [
      field,
      comment.replace(/\s*\n\s*\*?\s*/g, " ").trim()
    ])
  )
  return Object.fromEntries(
    Object.keys(table).map((field) => {
      const note = comments.get(field)
      if (note === undefined) throw new Error(`expected a comment above the row of ${field}`)
      return [field, note]
    })
  )
}

const sourceOf = (file: string): string => readFileSync(new URL(`../../src/${file}`, import.meta.url), "utf8")

export const attemptNotes = notesIn(sourceOf("domain/CallAttempt.ts"), attemptFields)
export const orderNotes = notesIn(sourceOf("domain/CallOrder.ts"), orderFields)
export const changeNotes = notesIn(sourceOf("calls/changes/CallChange.ts"), CallChange.fields)

export const callAttemptNotes: Notes<CallAttempt> = {
  ...attemptNotes,
  kind: orderNotes.kind,
  provider: orderNotes.provider,
  issues: orderNotes.issues,
  native: orderNotes.native
}

export const hintNotes: Notes<CallHint> = {
  kind: orderNotes.kind,
  provider: orderNotes.provider,
  event: "Sent before an inbound call is answered, while a call goes on, or after it is over.",
  orderId: "The order to read again.",
  attemptId: "The attempt it speaks of.",
  agentId: "The agent that will talk.",
  from: "The calling side, as given.",
  to: "The called side, as given.",
  result: "The provider's own word for what answered.",
  providerStatus: "The provider's own word for the status.",
  summary: "The provider's summary (Revox `annotation`).",
  transcript: "As in an attempt.",
  recordingUrl: "As in an attempt.",
  dialedAt: "When dialling began.",
  endedAt: "When it was over.",
  attemptsMade: "The provider's own count.",
  issues: orderNotes.issues,
  native: orderNotes.native
}

export const agentNotes: Notes<AgentInfo> = {
  kind: "What it is.",
  provider: orderNotes.provider,
  id: "By which an order names it.",
  name: "As it is stored.",
  language: "The language that it is set to, in the provider's word.",
  createdAt: "As the provider tells it.",
  updatedAt: "As the provider tells it."
}

export const numberNotes: Notes<NumberInfo> = {
  kind: agentNotes.kind,
  provider: orderNotes.provider,
  e164: "The number; absent where it is none in E.164.",
  id: "The provider's own id of it, which an order may have to name.",
  label: "What people call it.",
  agentIds:
    "The stored agents that it is assigned to; empty where there is none, absent where the provider does not tell.",
  createdAt: agentNotes.createdAt
}

export const rejectionNotes: Notes<Rejection> = {
  kind: orderNotes.kind,
  reason: "Why it is no record.",
  path: "Where in the payload; empty for the whole of it.",
  message: "What was expected instead. Holds no value of the input.",
  provider: "The provider, when that much is clear.",
  source: "Input name with line or index.",
  raw: "What was rejected, secrets redacted."
}

export const rejectionReasons: { readonly [Reason in RejectionReason]: string } = {
  unreadable_json: "Not JSON: cut off, a log line in between, nested too deeply or too long. The message says where.",
  unknown_shape: "JSON, but with the keys of no record of a known provider.",
  ambiguous_shape: "The keys of two records at once.",
  missing_id: "A record of a known provider without an id.",
  provider_mismatch: "A wrapper, a column or an option names another provider than the keys do.",
  newer_version: "Facts that a newer unicall wrote. This one would misread them."
}

export const issueReasons: { readonly [Reason in IssueReason]: string } = {
  unknown_word: "A word outside the provider's table. The field becomes `unrecognized`, or stays absent.",
  wrong_type: "A value of another type than the field has.",
  unreadable_time: "Not an instant: no zone, another format, or no time at all.",
  impossible_order: "A later step with an earlier time than the step before it. Both are kept; no duration is derived.",
  missing: "A field that every record of this kind should have.",
  missing_id: "An attempt without id. It stays in `native`, and is no entry of `attempts`.",
  read_as_view: "The record, or part of it, comes from a record that unicall wrote, and no longer from payloads."
}

export const capabilityNotes: { readonly [Ability in keyof Capabilities]-?: string } = {
  retries: "several attempts for one order (`automatic`: the provider redials, and an order cannot say how)",
  schedule: "a start time in the order",
  inlineAgent: "an agent defined in the order itself",
  metadata: "own values stored with the order",
  variables: "values for the prompt",
  concurrency: "a cap on simultaneous calls among orders with one key",
  callerNumber: "the number to call from",
  cancel: "cancelling",
  batchRead: "records read in one request by id, at most",
  list: "listing past calls",
  listItems: "what list items are",
  listFilters: "by what the list can be narrowed",
  referenceIn: "where your own key of an order rides",
  listTells: "whether list items tell your own key of an order",
  webhook: "message when a call is over",
  preCallWebhook: "message before an inbound call is answered",
  webhookAddresses: "of which messages an agent's address can be seen and set",
  listAgents: "listing the agents of the account",
  listNumbers: "listing its numbers (`assigned`: only those that an agent has)",
  answeredBy: "who answered, as a word of its own",
  outcome: "business verdict",
  extraction: "data extracted from the conversation",
  summary: "summary",
  transcript: "transcript",
  recording: "recording",
  idempotency: "whether the identical order may be sent again",
  webCalls: "calls from a browser"
}
