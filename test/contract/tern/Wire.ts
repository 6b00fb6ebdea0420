/** Tern dials as they are received. */
import * as Schema from "effect/Schema"
import { Amount, Count, Flag, given, Id, List, Text, Time, TurnsOrText } from "../../../src/provider/index.ts"

/** `phase` */
export const PHASES = ["waiting", "calling", "talking", "finished", "aborted", "dead"] as const

/** `legs[].who` */
export const WHO = ["person", "machine"] as const

/** `legs[].why` */
export const WHYS = ["busy", "no_pickup", "bad_number", "blocked"] as const

/** `legs[].lines[].by` */
export const SPEAKERS = ["bot", "callee", "third", "tool"] as const

/** `legs[].bye` */
export const BYES = ["stopped", "taken_over", "handover_failed", "handed_over"] as const

/** `legs[].handover.state` */
export const HANDOVERS = ["begun", "busy", "through", "done"] as const

/** `verdict.task`, where it is a word: a model writes it, and may write anything. */
export const TASKS = ["done", "not_done"] as const

export const Line = Schema.Struct({ by: Text, said: Text, at: Time, offset: Count, tool: Text, tool_call: Text })
export type Line = typeof Line.Type

export const Leg = Schema.Struct({
  /** Counts from 1 within the dial. */
  n: Id,
  started: Time,
  picked_up: Time,
  ended: Time,
  who: Text,
  why: Text,
  bye: Text,
  sid: Text,
  handover: given(Schema.Struct({ number: Text, began: Time, state: Text })),
  pace: given(
    Schema.Struct({
      /** From the callee's last word to the bot's first. */
      answer_ms: List(Schema.Finite),
      cut_by_callee: Count,
      cut_by_bot: Count,
      callee_s: Count,
      bot_s: Count,
      quiet_s: Count
    })
  ),
  lines: TurnsOrText(Line)
})
export type Leg = typeof Leg.Type

export const Dial = Schema.Struct({
  uid: Id,
  ref: Text,
  phase: Text,
  party: given(Schema.Struct({ number: Text })),
  agent: Text,
  created: Time,
  over: Time,
  charge: given(
    Schema.Struct({ total: Amount, money: Text, unit: Text, items: List(Schema.Struct({ what: Text, total: Amount })) })
  ),
  legs: List(Leg),
  verdict: given(Schema.Struct({ goal_met: Flag, note: Text, task: Text, sure: Count, reasons: List(Schema.String) })),
  audio: List(Schema.Struct({ url: Text }))
})
export type Dial = typeof Dial.Type
