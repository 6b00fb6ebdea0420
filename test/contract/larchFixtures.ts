/** Larch's calls, and the records that they become. */
import type { ContractFixture } from "../../src/testing/index.ts"

const leg = {
  legId: "l-1",
  progress: { phase: "over" },
  times: { started: "2026-05-04T15:00:00Z", ended: "2026-05-04T15:01:06Z" },
  seconds: 60,
  line: { connection: "made", cause: null, heard: "person" },
  artifact: {
    messages: [
      { role: "bot", text: "Hello." },
      { role: "user", text: "Hello?" }
    ],
    recordings: [{ url: "https://recordings.example/l-1" }, { url: "https://recordings.example/l-1-stereo" }]
  }
}
const unanswered = {
  legId: "l-0",
  progress: { phase: "over" },
  times: { started: "2026-05-04T14:00:00Z", ended: "2026-05-04T14:00:20Z" },
  line: { connection: "not-made", cause: "busy" }
}
const call = {
  callId: "k-1",
  status: "ended",
  endedReason: "customer-ended-call",
  createdAt: "2026-05-04T13:59:00Z",
  updatedAt: "2026-05-04T15:01:10Z",
  customer: { number: "+12025550101", externalId: "lead-7" },
  assistants: [
    { assistantId: "a-1", name: "Reception" },
    { assistantId: "a-2", name: "Sales" }
  ],
  analysis: {
    summary: "They will come.",
    successEvaluation: "true",
    structuredData: { persons: 2 },
    remarks: ["A first try was busy.", "Two persons."]
  },
  legs: [unanswered, leg]
}

const human = { value: "human", certainty: "stated", because: ["line.heard=person"] }
const busy = { value: "not_reached", certainty: "stated", because: ["line.cause=busy"] }

const legRecord = {
  id: "l-1",
  orderId: "k-1",
  status: "ended",
  dialedAt: "2026-05-04T15:00:00.000Z",
  endedAt: "2026-05-04T15:01:06.000Z",
  answered: true,
  talkSeconds: 60,
  talkSource: "provider",
  answeredBy: { value: "human", certainty: "stated" },
  transcript: {
    turns: [
      { role: "agent", text: "Hello." },
      { role: "remote", text: "Hello?" }
    ]
  },
  recordingUrl: "https://recordings.example/l-1",
  reach: human
}
const unansweredRecord = {
  id: "l-0",
  orderId: "k-1",
  status: "ended",
  dialedAt: "2026-05-04T14:00:00.000Z",
  endedAt: "2026-05-04T14:00:20.000Z",
  answered: false,
  failure: { kind: "busy" },
  reach: busy
}
const callRecord = {
  kind: "call_order",
  provider: "larch",
  id: "k-1",
  direction: "outbound",
  channel: "phone",
  to: "+12025550101",
  status: "completed",
  providerStatus: "ended",
  terminal: true,
  agent: { id: "a-1", name: "Reception" },
  reference: "lead-7",
  createdAt: "2026-05-04T13:59:00.000Z",
  updatedAt: "2026-05-04T15:01:10.000Z",
  outcome: "interested",
  outcomeReason: "Two persons.",
  summary: "They will come.",
  metadata: { persons: 2 },
  enriched: { transcript: true, recording: true, outcome: true },
  reach: human,
  attempts: [
    { ...unansweredRecord, to: "+12025550101", extracted: call.analysis },
    { ...legRecord, to: "+12025550101", extracted: call.analysis, disconnect: { reason: "remote_hangup" } }
  ]
}

const { answeredBy: _, ...withoutVerdict } = legRecord
const connected = { ...leg, artifact: null, line: { connection: "made" } }

export const larchCall = call

export const larchFixtures: ReadonlyArray<ContractFixture> = [
  { name: "two legs", wire: call, expected: [callRecord] },
  {
    name: "a page of calls and legs, with a cursor",
    wire: {
      results: [
        { ...call, callId: 17 },
        { ...leg, callId: "k-1" },
        { ...unanswered, callId: "k-1" }
      ],
      metadata: { nextCursor: "k-2", hasNextPage: true },
      next_page_token: "k-2"
    },
    expected: [
      { ...callRecord, id: "17", attempts: callRecord.attempts.map((each) => ({ ...each, orderId: "17" })) },
      { kind: "call_attempt", provider: "larch", ...legRecord },
      { kind: "call_attempt", provider: "larch", ...unansweredRecord }
    ]
  },
  {
    name: "connected, and nothing else is known",
    wire: { ...connected, callId: "k-1" },
    expected: [
      {
        kind: "call_attempt",
        provider: "larch",
        ...withoutVerdict,
        reach: { value: "answered", certainty: "inferred", because: ["line.connection=made"] }
      }
    ].map(({ transcript: _transcript, recordingUrl: _url, ...record }) => record)
  },
  {
    name: "without ids",
    wire: [
      { ...call, callId: null },
      { ...leg, legId: "" }
    ],
    expected: [
      { kind: "rejection", reason: "missing_id", path: "[0].callId" },
      { kind: "rejection", reason: "missing_id", path: "[1].legId" }
    ]
  },
  {
    name: "a message",
    wire: {
      message: {
        type: "call-finished",
        call: { callId: "k-1", status: "ended" },
        timestamps: ["2026-05-04T15:00:00Z", "2026-05-04T15:01:06Z"]
      }
    },
    expected: [
      {
        kind: "call_hint",
        provider: "larch",
        event: "post_call",
        orderId: "k-1",
        providerStatus: "ended",
        endedAt: "2026-05-04T15:01:06.000Z"
      }
    ]
  }
]
