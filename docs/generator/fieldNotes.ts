/** One sentence for each field of each record: the field tables and the JSON Schemas are made of these. */
import type { Attempt, CallAttempt } from "../../src/domain/CallAttempt.ts"
import type { CallHint } from "../../src/domain/CallHint.ts"
import type { CallOrder } from "../../src/domain/CallOrder.ts"
import type { IssueReason } from "../../src/domain/Issue.ts"
import type { Rejection, RejectionReason } from "../../src/domain/Rejection.ts"
import type { Capabilities } from "../../src/provider/Capabilities.ts"

/** A field without a note does not compile, nor does a note without a field. */
type Notes<Record_> = { readonly [Field in keyof Record_]-?: string }

export const attemptNotes: Notes<Attempt> = {
  id: "The provider's id of the attempt. At Revox never usable as an order id; at RevRing the call's id.",
  orderId: "The order it belongs to, when known.",
  status: "Where the dial stands. Says nothing about who was reached.",
  to: "The number dialled; absent for web calls.",
  dialedAt: "When dialling began.",
  answeredAt: "When the other side answered.",
  endedAt: "When it was over.",
  answered:
    "True: an answer time or a duration above 0 was given. False: the attempt is over and the provider says null. Else absent.",
  ringSeconds: "From dialled to answered; only from two known times in order.",
  talkSeconds: "The provider's own duration, else from answered to ended.",
  talkSource: "Whose figure talkSeconds is.",
  answeredBy: "What the remote party turned out to be, and how sure that is.",
  handledBy: "Whether the AI, a person, or both held the conversation (Revox V5).",
  failure: "Why it did not connect, or broke. `message` is the provider's own text.",
  disconnect: "Who ended it, and why.",
  transcript: "Turns, or one unsplit text where the provider gives no turns. Absent is not the same as empty.",
  recordingUrl: "Where the recording is. Treat it as private and as something that expires.",
  extracted: "What the provider extracted from the conversation: the customer's data, verbatim.",
  metrics: "The provider's technical figures, verbatim.",
  reach: "What the dial achieved in terms of contact, with its evidence.",
  native: "Only of an attempt that also came as a record of its own: that record, secrets redacted."
}

export const orderNotes: Notes<CallOrder> = {
  kind: "Tells this record from the other kinds.",
  provider: "Id of the provider.",
  id: "The provider's id of the order: opaque text.",
  direction: "Who calls whom, seen from the account at the provider.",
  channel: "Telephone, or a call from a browser.",
  from: "The calling side: E.164 where it is a telephone number, otherwise as given.",
  to: "The called side, likewise.",
  status: "Lifecycle of the order. `completed` means neither answered nor gone well.",
  providerStatus: "The provider's own word for it.",
  terminal: "Whether it is over. Absent if that is not known.",
  enriched: "What has arrived so far; it often trails the end of the call.",
  agent: "The assistant or agent that talks.",
  reference: "The caller's own key for this order.",
  createdAt: "When the order was made.",
  scheduledAt: "When it is to start.",
  nextAttemptAt: "When the next attempt is due (Revox V0 and V1 only).",
  updatedAt: "When the provider's record last changed.",
  attempts: "One entry for each dial, oldest first; always present.",
  attemptsMade: "The provider's own count; may differ from the number of attempts listed.",
  attemptsAllowed: "The provider's own limit.",
  outcome: "The provider's business verdict; never derived.",
  outcomeReason: "The provider's reason for that verdict.",
  summary: "The provider's summary of the conversation.",
  metadata: "The caller's values stored with the order.",
  variables: "The caller's values for the agent's prompt, without the provider's own.",
  campaign: "The campaign the order is part of.",
  organizationId: "The account at the provider.",
  reach: "The best that its attempts achieved in terms of contact, with the evidence.",
  issues: "Mapped fields that could not be understood; present only if there are any.",
  conflicts: "Ends that were claimed and lost when payloads were merged; present only if there are any.",
  native: "The provider's record as received, secrets redacted."
}

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
  event: "Sent before an inbound call is answered, or after a call is over.",
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

export const capabilityNotes: { readonly [Ability in keyof Capabilities]: string } = {
  retries: "several attempts for one order",
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
  listCarriesReference: "whether list items tell the caller's own key",
  webhook: "message when a call is over",
  preCallWebhook: "message before an inbound call is answered",
  answeredBy: "who answered, as a word of its own",
  outcome: "business verdict",
  extraction: "data extracted from the conversation",
  summary: "summary",
  transcript: "transcript",
  recording: "recording",
  idempotency: "whether the identical order may be sent again",
  webCalls: "calls from a browser"
}
