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

/** Everything that Tern can tell. */
export const fullest = dial("d-8", "+12025550108", {
  phase: "finished",
  over: at(70),
  legs: [
    {
      ...leg,
      started: at(2),
      picked_up: at(8),
      ended: at(62),
      who: "person",
      bye: "handover_failed",
      sid: "CA-invented-0001",
      handover: { number: "+12025550199", began: at(40), state: "busy" },
      pace: { answer_ms: [900, 700, 1300], cut_by_callee: 2, cut_by_bot: 0, callee_s: 11.5, bot_s: 24.25, quiet_s: 6 },
      lines: [
        { by: "bot", said: "Hello, this is Tern.", at: at(9), offset: 1.25 },
        { by: "callee", said: "A person, please.", at: null, offset: 4 },
        { by: "tool", said: "", tool: "hand_over", tool_call: "call-1", offset: 0 },
        { by: "third", said: "The line is busy." }
      ]
    }
  ],
  charge: {
    total: 0.1331,
    money: "USD",
    items: [{ what: "line", total: "0.10" }, null, { what: "voice", total: 1e-7 }]
  },
  verdict: { goal_met: null, note: null, task: "not_done", sure: 0.8, reasons: ["Nobody took the call."] }
})

const fullestRecord = order("d-8", "+12025550108", {
  status: "completed",
  providerStatus: "finished",
  terminal: true,
  enriched: { transcript: true, recording: false, outcome: false },
  endedAt: iso(70),
  goal: { achieved: "no", confidence: 0.8, reasons: ["Nobody took the call."] },
  cost: {
    amount: "0.1331",
    currency: "USD",
    parts: [
      { name: "line", amount: "0.10" },
      { name: "voice", amount: "0.0000001" }
    ]
  },
  reach: human,
  attempts: [
    {
      id: "d-8/1",
      orderId: "d-8",
      to: "+12025550108",
      carrierCallId: "CA-invented-0001",
      status: "ended",
      dialedAt: iso(2),
      answeredAt: iso(8),
      endedAt: iso(62),
      answered: true,
      ringSeconds: 6,
      talkSeconds: 54,
      talkSource: "derived",
      answeredBy: { value: "human", certainty: "stated" },
      disconnect: { by: "agent", reason: "transfer_failed" },
      transfer: { to: "+12025550199", at: iso(40), state: "not_connected" },
      transcript: {
        turns: [
          { role: "agent", text: "Hello, this is Tern.", at: iso(9), atSeconds: 1.25 },
          { role: "remote", text: "A person, please.", atSeconds: 4 },
          { role: "tool", text: "", atSeconds: 0, toolName: "hand_over", toolCallId: "call-1" },
          { role: "transfer_target", text: "The line is busy." }
        ]
      },
      timing: {
        latencies: [
          {
            stage: "response",
            definition: "from the callee's last word to the bot's first",
            averageMs: 966.667,
            medianMs: 900,
            p95Ms: 1300,
            count: 3,
            source: "pace.answer_ms"
          }
        ],
        interruptions: { byRemote: 2, byAgent: 0, source: "pace.cut_by_callee, pace.cut_by_bot" },
        speech: { remoteSeconds: 11.5, agentSeconds: 24.25, source: "pace.callee_s, pace.bot_s" },
        silence: { seconds: 6, source: "pace.quiet_s" }
      },
      reach: human
    }
  ]
})

export const fixtures: ReadonlyArray<ContractFixture> = [
  { name: "everything", wire: { dial: fullest }, expected: [fullestRecord] },
  {
    name: "a verdict that does not decide, a cost in credits and one that is no number",
    wire: {
      dials: [
        dial("d-9", "+12025550109", {
          phase: "finished",
          charge: { total: "12.50", unit: "credits", items: [{ what: "line", total: "twelve" }] },
          verdict: { goal_met: null, note: null, task: "Probably done.", sure: null }
        }),
        dial("d-10", "+12025550109", { phase: "finished", charge: { total: "$12.50", money: "USD" } })
      ]
    },
    expected: [
      order("d-9", "+12025550109", {
        status: "completed",
        providerStatus: "finished",
        terminal: true,
        enriched: nothing,
        goal: { achieved: "unknown", text: "Probably done." },
        cost: { amount: "12.50", unit: "credits", parts: [] },
        reach: { value: "unknown", certainty: "inferred", because: ["phase=finished"] },
        attempts: [],
        issues: [{ path: "charge.items[0].total", reason: "wrong_type", raw: "twelve" }]
      }),
      order("d-10", "+12025550109", {
        status: "completed",
        providerStatus: "finished",
        terminal: true,
        enriched: nothing,
        reach: { value: "unknown", certainty: "inferred", because: ["phase=finished"] },
        attempts: [],
        issues: [{ path: "charge.total", reason: "wrong_type", raw: "$12.50" }]
      })
    ]
  },
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
