/** Where each field of a record stands in a RevRing body, and by which rule it is read; for `explain` and the documentation. */
import type { FieldSource } from "../../src/provider/Adapter.ts"
import { INSTANT_RULE as INSTANT } from "../../src/provider/FieldReader.ts"

export const orderSources: ReadonlyArray<FieldSource> = [
  { field: "id", paths: ["id"], rule: "opaque id, as text; order and attempt share it" },
  { field: "direction", paths: ["direction"], rule: "table of directions" },
  {
    field: "channel",
    paths: ["source", "toNumber", "agentId"],
    rule: "web if the source is web_widget or toNumber is the agent id, else phone"
  },
  { field: "from", paths: ["fromNumber"], rule: "as given" },
  { field: "to", paths: ["toNumber"], rule: "as given" },
  { field: "status", paths: ["status"], rule: "table of statuses, as an order" },
  { field: "providerStatus", paths: ["status"], rule: "the provider's own word" },
  { field: "agent.id", paths: ["agentId"], rule: "opaque id, as text" },
  { field: "agent.name", paths: ["agentName"], rule: "as given" },
  { field: "reference", paths: ["variables.call_reference"], rule: "the caller's own key, in a reserved variable" },
  { field: "createdAt", paths: ["createdAt"], rule: INSTANT },
  { field: "endedAt", paths: ["endedAt"], rule: `${INSTANT}; the order is one call` },
  { field: "updatedAt", paths: ["updatedAt"], rule: INSTANT },
  { field: "summary", paths: ["summary"], rule: "as given" },
  { field: "variables", paths: ["variables"], rule: "without the provider's system variables" },
  { field: "organizationId", paths: ["organizationId"], rule: "opaque id, as text" }
]

export const attemptSources: ReadonlyArray<FieldSource> = [
  { field: "id", paths: ["id"], rule: "the call's id: a RevRing call is one attempt" },
  { field: "orderId", paths: ["id"], rule: "the call's id" },
  { field: "status", paths: ["status"], rule: "table of statuses, as an attempt" },
  { field: "to", paths: ["toNumber"], rule: "the number called; absent for web calls" },
  { field: "dialedAt", paths: ["initiatedAt"], rule: `${INSTANT}; not while queued` },
  { field: "answeredAt", paths: ["startedAt"], rule: `${INSTANT}; startedAt is the moment of answer` },
  { field: "endedAt", paths: ["endedAt"], rule: INSTANT },
  {
    field: "answered",
    paths: ["startedAt", "durationSeconds"],
    rule: "true if an answer time or a duration above 0 is given; false if the call is over and startedAt is null"
  },
  {
    field: "answeredBy",
    paths: ["hangupCause", "status", "transcript"],
    rule: "voicemail if detected, human if transferred or if the remote party answers the agent, else absent"
  },
  {
    field: "failure",
    paths: ["hangupCause", "status", "errorMessage", "startedAt", "durationSeconds"],
    rule: "tables of causes and statuses, then codes and phrases in the text; text on a call that was answered is unclassified"
  },
  { field: "disconnect", paths: ["hangupCause", "status"], rule: "transferred by status, else table of causes" },
  { field: "transfer", paths: ["status"], rule: "begun if the status says so; what came of it is not told" },
  { field: "transcript", paths: ["transcript"], rule: "turns with roles by table, or one unsplit text" },
  { field: "recordingUrl", paths: ["recordingUrl"], rule: "as given" },
  { field: "metrics", paths: ["metrics"], rule: "verbatim" }
]

export const hintSources: ReadonlyArray<FieldSource> = [
  { field: "event", paths: ["event"], rule: "sent before an inbound call is answered; names no call" },
  { field: "agentId", paths: ["agentId"], rule: "opaque id, as text" },
  { field: "from", paths: ["fromNumber"], rule: "as given" },
  { field: "to", paths: ["toNumber"], rule: "as given" }
]
