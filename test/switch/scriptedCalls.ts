/**
 * Calls out of seeds, in words of the domain: how one goes and ends, what is said, and at which moment its records are read. Left
 * out is what is no matter of mapping alone: words that no documentation knows, calls from a browser, and versions of an API that say
 * less than their provider declares today.
 */
import type { Outcome } from "../../src/domain/CallOrder.ts"
import type { DisconnectReason } from "../../src/domain/Disconnect.ts"
import type { FailureKind } from "../../src/domain/Failure.ts"
import type { Turn } from "../../src/domain/Transcript.ts"
import { type Draws, makeDraws } from "../../src/testing/simulation/index.ts"
import { ordinary, type Story, type StoryAttempt } from "../../src/twin/story.ts"
import { momentsOf, settledAt, stateAt, type TimelineOptions } from "../../src/twin/timeline.ts"

/** A call as it goes, whoever tells of it. */
export interface ScriptedCall {
  readonly seed: string
  readonly story: Story
  readonly isInbound: boolean
  readonly remoteNumber: string
  readonly ownNumber: string
  readonly reference: string
  readonly metadata: { readonly [name: string]: string } | undefined
  readonly variables: { readonly [name: string]: string } | undefined
  readonly placedAt: number
  readonly timeline: TimelineOptions
  /** When its records are read. */
  readonly now: number
  readonly detectsVoicemail: boolean
  readonly revoxVersion: "V4" | "V5"
  readonly revringGeneration: 2 | 3
}

const several = <A>(count: number, make: (index: number) => A): ReadonlyArray<A> =>
  Array.from({ length: count }, (_, index) => make(index))

// What is said

const TEXTS = [
  "Hello, this is the assistant of Quillworks.",
  "Yes, sure, go ahead.",
  "",
  " ",
  "Mardi, non… plutôt jeudi après-midi, c’est possible ?",
  "Please leave a message after the tone.",
  "[silence]",
  "ok",
  "0123",
  "One line\nand another\twith a tab",
  "  spaces around  ",
  "你好,请问是哪位?",
  "👩🏽‍🦰 \u202Eright to left\u202C",
  '{"a":"text that looks like JSON"}',
  "assistant: I am the user"
] as const

const tool = (draws: Draws): Turn => ({
  role: "tool",
  text: "Tool: find_slots",
  toolName: draws.pick(["find_slots", "transferCall", "end_call"]),
  arguments: { week: "next" },
  ...(draws.chance(0.5) ? { output: '["Tuesday 10:00"]' } : {}),
  isError: false
})

const turns = (draws: Draws): ReadonlyArray<Turn> =>
  several(draws.chance(0.05) ? draws.below(60) : draws.below(9), () =>
    draws.chance(0.12) ? tool(draws) : { role: draws.pick(["agent", "remote"]), text: draws.pick(TEXTS) }
  )

// Dials

/** How a call with this party on the line may end. */
const ENDS = {
  human: ["remote_hangup", "agent_hangup", "transferred", "silence", "max_duration", "transfer_failed"],
  voicemail: ["voicemail", "voicemail", "remote_hangup", "agent_hangup", "max_duration"],
  ivr: ["ivr_dead_end", "remote_hangup", "agent_hangup", "silence"],
  call_screening: ["voicemail", "remote_hangup", "agent_hangup"],
  unknown: ["silence", "remote_hangup", "agent_hangup"]
} as const satisfies Record<
  NonNullable<StoryAttempt["answeredBy"]>,
  readonly [DisconnectReason, ...ReadonlyArray<DisconnectReason>]
>

const FAILURES = [
  "invalid_number",
  "busy",
  "no_answer",
  "unreachable",
  "declined",
  "blocked",
  "congestion",
  "not_permitted",
  "precondition_failed",
  "timeout",
  "account",
  "account_limit",
  "customer_error",
  "provider_error",
  "unclassified"
] as const satisfies ReadonlyArray<FailureKind>

const seconds = (draws: Draws, most: number): number =>
  draws.chance(0.5) ? 1 + draws.below(most) : Math.round(draws.next() * most * 1000 + 1) / 1000

const answered = (draws: Draws): StoryAttempt => {
  const answeredBy = draws.pick([
    "human",
    "human",
    "human",
    "voicemail",
    "voicemail",
    "ivr",
    "call_screening",
    "unknown"
  ])
  return {
    ringSeconds: seconds(draws, 45),
    answeredBy,
    talkSeconds: seconds(draws, draws.chance(0.1) ? 3600 : 240),
    end: draws.pick(ENDS[answeredBy]),
    turns: turns(draws)
  }
}

const failed = (draws: Draws): StoryAttempt => ({ ringSeconds: seconds(draws, 40), failure: draws.pick(FAILURES) })

const dials = (draws: Draws): ReadonlyArray<StoryAttempt> => {
  if (draws.chance(0.04)) return []
  const count = draws.chance(0.7) ? 1 : 2 + draws.below(4)
  return several(count, () => (draws.chance(0.6) ? answered(draws) : failed(draws)))
}

// Calls

const OUTCOMES = [
  "interested",
  "not_interested",
  "completed",
  "callback_later",
  "callback_new_number",
  "do_not_contact",
  "none"
] as const satisfies ReadonlyArray<Outcome>

/** A verdict on a conversation comes after its transcript. */
const enrichment = (draws: Draws): Story["enrichment"] => {
  const transcriptSeconds = seconds(draws, 300)
  return {
    transcriptSeconds,
    recordingSeconds: seconds(draws, 300),
    outcomeSeconds: transcriptSeconds + seconds(draws, 300)
  }
}

const story = (draws: Draws, attempts: ReadonlyArray<StoryAttempt>): Story => ({
  ...ordinary,
  digits: "00",
  name: "scripted",
  about: "Out of a seed.",
  ending: undefined,
  queueSeconds: draws.chance(0.5) ? 2 : seconds(draws, 900),
  retryDelaySeconds: seconds(draws, 7200),
  attempts,
  enrichment: enrichment(draws),
  ...(draws.chance(0.7) ? { outcome: draws.pick(OUTCOMES) } : {}),
  ...(draws.chance(0.7) ? { summary: "The visit was agreed." } : {}),
  ...(draws.chance(0.5) ? { extracted: { visit_day: "Tuesday", visit_hour: draws.below(24), party: ["a", null] } } : {})
})

const NAMES = ["first_name", "campaign", "Straße", "a b", "x"] as const

const ownValues = (draws: Draws): ScriptedCall["metadata"] =>
  draws.chance(0.3)
    ? undefined
    : Object.fromEntries(several(draws.below(4), () => [draws.pick(NAMES), draws.pick(TEXTS)]))

const START = Date.UTC(2026, 10, 20)
const YEAR_SECONDS = 365 * 86_400

const number = (draws: Draws): string => `+120255501${String(draws.below(98)).padStart(2, "0")}`

/** In mid-call only where there is one dial: between two dials a provider without redials has nothing to tell. */
const readAt = (
  draws: Draws,
  { story, placedAt, timeline }: Pick<ScriptedCall, "story" | "placedAt" | "timeline">
): number => {
  const settled = settledAt(story, placedAt, timeline)
  if (story.attempts.length > 1 || draws.chance(0.5)) return settled
  const moments = momentsOf(story, placedAt, timeline)
  const moment = moments[draws.below(moments.length)] ?? settled
  return draws.chance(0.5) ? moment : moment + draws.below(30_000)
}

/** The call of a seed. */
export const scriptedCall = (seed: string): ScriptedCall => {
  const draws = makeDraws("scripted call", seed)
  const isInbound = draws.chance(0.1)
  const played = story(draws, isInbound ? [answered(draws)] : dials(draws))
  const placedAt = START + draws.below(YEAR_SECONDS) * 1000 + draws.below(1000)
  const isScheduled = !isInbound && draws.chance(0.15)
  const isCanceled = !isInbound && played.attempts.length === 1 && draws.chance(0.1)
  const timeline: TimelineOptions = isScheduled ? { scheduledAt: placedAt + (1 + draws.below(86_400)) * 1000 } : {}
  const whole = settledAt(played, placedAt, timeline)
  const canceled = isCanceled ? { canceledAt: placedAt + draws.below(whole - placedAt) } : {}
  const call = {
    seed,
    story: isInbound ? { ...played, scheduleSeconds: 0, queueSeconds: 0 } : played,
    isInbound,
    remoteNumber: number(draws),
    ownNumber: "+12025550199",
    reference: `lead-${draws.uuid().slice(0, 8)}`,
    metadata: ownValues(draws),
    variables: ownValues(draws),
    placedAt,
    timeline: { ...timeline, ...canceled },
    detectsVoicemail: draws.chance(0.8),
    revoxVersion: draws.pick(["V4", "V5"] as const),
    revringGeneration: draws.pick([3, 3, 2] as const)
  }
  const now = readAt(draws, call)
  // While V5 writes a call up it has a status of its own for an order that goes on.
  const { writingUp } = stateAt(call.story, placedAt, now, call.timeline)
  return {
    ...call,
    now: writingUp && call.revoxVersion === "V5" ? settledAt(call.story, placedAt, call.timeline) : now
  }
}
