/** Tern dials as they are received. */
import * as Schema from "effect/Schema"
import { Flag, given, Id, List, Text, Time, TurnsOrText } from "../../../src/provider/index.ts"

/** `phase` */
export const PHASES = ["waiting", "calling", "talking", "finished", "aborted", "dead"] as const

/** `legs[].who` */
export const WHO = ["person", "machine"] as const

/** `legs[].why` */
export const WHYS = ["busy", "no_pickup", "bad_number", "blocked"] as const

/** `legs[].lines[].by` */
export const SPEAKERS = ["bot", "callee"] as const

export const Line = Schema.Struct({ by: Text, said: Text, at: Time })
export type Line = typeof Line.Type

export const Leg = Schema.Struct({
  /** Counts from 1 within the dial. */
  n: Id,
  started: Time,
  picked_up: Time,
  ended: Time,
  who: Text,
  why: Text,
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
  legs: List(Leg),
  verdict: given(Schema.Struct({ goal_met: Flag, note: Text })),
  audio: List(Schema.Struct({ url: Text }))
})
export type Dial = typeof Dial.Type
