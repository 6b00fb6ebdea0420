/** Bodies of Tern, with the records that they become. All invented. */
import type { ContractFixture } from "../../../src/testing/index.ts"

const T = 1_778_250_000_000 // 2026-05-08T14:20:00.000Z
const at = (seconds: number) => T + seconds * 1000
const iso = (seconds: number) => new Date(at(seconds)).toISOString()

const leg = { n: 1, started: null, picked_up: null, ended: null, who: null, why: null, lines: [] }
const dial = (uid: string, number: string, more: object) => ({
  uid,
  ref: null,
  party: { number },
  agent: "agent-1",
  created: at(0),
  legs: [],
  verdict: { goal_met: null, note: null },
  audio: [],
  api_secret: "tern-very-secret",
  ...more
})
const order = (id: string, to: string, more: object) => ({
  kind: "call_order",
  provider: "tern",
  id,
  direction: "outbound",
  channel: "phone",
  to,
  agent: { id: "agent-1" },
  createdAt: iso(0),
  ...more
})
const nothing = { transcript: false, recording: false, outcome: false }
const human = { value: "human", certainty: "stated", because: ["who=person"] }
const machine = { value: "voicemail", certainty: "stated", because: ["who=machine"] }
const noPickup = { value: "not_reached", certainty: "stated", because: ["why=no_pickup"] }

const person = dial("d-1", "+12025550101", {
  ref: "lead-1",
  phase: "finished",
  legs: [
    {
      ...leg,
      started: at(2),
      picked_up: at(8),
      ended: at(50),
      who: "person",
      lines: [
        { by: "bot", said: "Hello, this is Tern.", at: at(9) },
        { by: "callee", said: "Hello, yes please.", at: at(12) }
      ]
    }
  ],
  verdict: { goal_met: true, note: "Took the offer." },
  audio: [{ url: "https://audio.tern.example.invalid/d-1.wav" }]
})
const personRecord = order("d-1", "+12025550101", {
  reference: "lead-1",
  status: "completed",
  providerStatus: "finished",
  terminal: true,
  enriched: { transcript: true, recording: true, outcome: true },
  outcome: "completed",
  outcomeReason: "Took the offer.",
  reach: human,
  attempts: [
    {
      id: "d-1/1",
      orderId: "d-1",
      to: "+12025550101",
      status: "ended",
      dialedAt: iso(2),
      answeredAt: iso(8),
      endedAt: iso(50),
      answered: true,
      ringSeconds: 6,
      talkSeconds: 42,
      talkSource: "derived",
      answeredBy: { value: "human", certainty: "stated" },
      transcript: {
        turns: [
          { role: "agent", text: "Hello, this is Tern.", at: iso(9) },
          { role: "remote", text: "Hello, yes please.", at: iso(12) }
        ]
      },
      recordingUrl: "https://audio.tern.example.invalid/d-1.wav",
      reach: human
    }
  ]
})

const failed = (digits: string, why: string, kind: string, reach: string): ContractFixture => {
  const verdict = { value: reach, certainty: "stated", because: [`why=${why}`] }
  const number = `+120255501${digits}`
  return {
    name: why,
    wire: dial(`d-${why}`, number, { phase: "dead", legs: [{ ...leg, started: at(2), ended: at(5), why }] }),
    expected: [
      order(`d-${why}`, number, {
        status: "failed",
        providerStatus: "dead",
        terminal: true,
        enriched: nothing,
        reach: verdict,
        attempts: [
          {
            id: `d-${why}/1`,
            orderId: `d-${why}`,
            to: number,
            status: "failed",
            dialedAt: iso(2),
            endedAt: iso(5),
            answered: false,
            failure: { kind },
            transcript: { turns: [] },
            reach: verdict
          }
        ]
      })
    ]
  }
}

const waiting = dial("d-2", "+12025550102", { phase: "waiting" })
const waitingRecord = order("d-2", "+12025550102", {
  status: "queued",
  providerStatus: "waiting",
  terminal: false,
  enriched: nothing,
  reach: { value: "pending", certainty: "stated", because: ["phase=waiting"] },
  attempts: []
})

export const fixtures: ReadonlyArray<ContractFixture> = [
  { name: "person", wire: { dial: person }, expected: [personRecord] },
  { name: "waiting", wire: { dial: waiting }, expected: [waitingRecord] },
  failed("10", "busy", "busy", "not_reached"),
  failed("11", "bad_number", "invalid_number", "failed"),
  failed("12", "blocked", "not_permitted", "failed"),
  {
    name: "no pick-up, then a mailbox",
    wire: dial("d-3", "+12025550103", {
      phase: "finished",
      legs: [
        { ...leg, started: at(2), ended: at(32), why: "no_pickup" },
        {
          ...leg,
          n: 2,
          started: at(600),
          picked_up: at(605),
          ended: at(620),
          who: "machine",
          lines: [{ by: "bot", said: "Please call back.", at: at(607) }]
        }
      ],
      verdict: { goal_met: false, note: null },
      audio: [{ url: "https://audio.tern.example.invalid/d-3.wav" }]
    }),
    expected: [
      order("d-3", "+12025550103", {
        status: "completed",
        providerStatus: "finished",
        terminal: true,
        enriched: { transcript: true, recording: true, outcome: true },
        outcome: "none",
        reach: machine,
        attempts: [
          {
            id: "d-3/1",
            orderId: "d-3",
            to: "+12025550103",
            status: "failed",
            dialedAt: iso(2),
            endedAt: iso(32),
            answered: false,
            failure: { kind: "no_answer" },
            transcript: { turns: [] },
            reach: noPickup
          },
          {
            id: "d-3/2",
            orderId: "d-3",
            to: "+12025550103",
            status: "ended",
            dialedAt: iso(600),
            answeredAt: iso(605),
            endedAt: iso(620),
            answered: true,
            ringSeconds: 5,
            talkSeconds: 15,
            talkSource: "derived",
            answeredBy: { value: "voicemail", certainty: "stated" },
            transcript: { turns: [{ role: "agent", text: "Please call back.", at: iso(607) }] },
            recordingUrl: "https://audio.tern.example.invalid/d-3.wav",
            reach: machine
          }
        ]
      })
    ]
  },
  {
    name: "calling",
    wire: dial("d-4", "+12025550104", { phase: "calling", legs: [{ ...leg, started: at(2) }] }),
    expected: [
      order("d-4", "+12025550104", {
        status: "in_progress",
        providerStatus: "calling",
        terminal: false,
        enriched: nothing,
        reach: { value: "pending", certainty: "stated", because: ["phase=calling"] },
        attempts: [
          {
            id: "d-4/1",
            orderId: "d-4",
            to: "+12025550104",
            status: "dialing",
            dialedAt: iso(2),
            transcript: { turns: [] },
            reach: { value: "pending", certainty: "stated", because: ["started"] }
          }
        ]
      })
    ]
  },
  {
    name: "talking, in a webhook",
    wire: {
      event: "dial.changed",
      dial: dial("d-5", "+12025550105", {
        phase: "talking",
        legs: [{ ...leg, started: at(2), picked_up: at(6), lines: null }]
      })
    },
    expected: [
      order("d-5", "+12025550105", {
        status: "in_progress",
        providerStatus: "talking",
        terminal: false,
        enriched: nothing,
        reach: { value: "pending", certainty: "stated", because: ["phase=talking"] },
        attempts: [
          {
            id: "d-5/1",
            orderId: "d-5",
            to: "+12025550105",
            status: "in_progress",
            dialedAt: iso(2),
            answeredAt: iso(6),
            answered: true,
            ringSeconds: 4,
            reach: { value: "pending", certainty: "stated", because: ["picked_up"] }
          }
        ]
      })
    ]
  },
  {
    name: "aborted",
    wire: dial("d-6", "+12025550106", { phase: "aborted" }),
    expected: [
      order("d-6", "+12025550106", {
        status: "canceled",
        providerStatus: "aborted",
        terminal: true,
        enriched: nothing,
        reach: { value: "canceled", certainty: "stated", because: ["phase=aborted"] },
        attempts: []
      })
    ]
  },
  {
    name: "a page of a list",
    wire: { dials: [person, waiting], next: "c-2" },
    expected: [personRecord, waitingRecord]
  },
  {
    name: "a leg without a number",
    wire: dial("d-7", "+12025550107", { phase: "calling", legs: [{ ...leg, n: null, started: at(2) }] }),
    expected: [
      order("d-7", "+12025550107", {
        status: "in_progress",
        providerStatus: "calling",
        terminal: false,
        enriched: nothing,
        reach: { value: "pending", certainty: "stated", because: ["phase=calling"] },
        attempts: [],
        issues: [{ path: "legs[0].n", reason: "missing_id" }]
      })
    ]
  }
]
