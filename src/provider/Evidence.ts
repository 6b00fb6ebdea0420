/** What a provider's records can prove, as data: what a comparison of providers may rest on, and what it must not pool. */
import type { Certainty } from "../domain/Reach.ts"
import { TIMING_FIGURES } from "../domain/Timing.ts"

/** The things a record may tell about a call. */
export const OBSERVABLES = [
  "dialed_time",
  "answer_time",
  "end_time",
  "created_time",
  "updated_time",
  "talk_time",
  "connected",
  "human",
  "voicemail",
  "ivr",
  "call_screening",
  "busy",
  "no_answer",
  "unreachable",
  "declined",
  "blocked",
  "invalid_number",
  "congestion",
  "not_permitted",
  "precondition_failed",
  "timeout",
  "account",
  "account_limit",
  "customer_error",
  "provider_error",
  "transferred",
  "remote_hangup",
  "outcome",
  "goal",
  "cost",
  "transcript",
  "recording",
  "own_number",
  ...TIMING_FIGURES
] as const
/** One of the things that a record may tell about a call. */
export type Observable = (typeof OBSERVABLES)[number]

/** Each of them in a clause: "does not tell …". */
export const OBSERVABLE_TITLES = {
  human: "that a person answered",
  voicemail: "that a mailbox answered",
  ivr: "that a telephone menu answered",
  call_screening: "that call screening answered",
  dialed_time: "when dialling began",
  answer_time: "when the call was answered",
  connected: "that the call was answered",
  end_time: "when the call ended",
  created_time: "when the order was created",
  updated_time: "when the record last changed",
  talk_time: "how long the call lasted",
  busy: "that the line was busy",
  no_answer: "that nobody answered",
  invalid_number: "that the number does not exist",
  unreachable: "that the number could not be reached",
  declined: "that the call was declined",
  blocked: "that the call was blocked on the way",
  congestion: "that the network was congested",
  not_permitted: "that the call was not permitted",
  precondition_failed: "that a precondition failed",
  timeout: "that dialling timed out",
  account: "that the account had no credit or was closed",
  account_limit: "that the account had as many calls as it may",
  customer_error: "that the customer's own server, model or settings were at fault",
  provider_error: "that the provider was at fault",
  transferred: "that the call was transferred",
  remote_hangup: "that the other side hung up",
  outcome: "what came of the order",
  goal: "whether the task was done",
  cost: "what the order cost",
  transcript: "what was said",
  recording: "the recording",
  own_number: "the number of your side",
  response_latency: "how soon the agent responded",
  interruptions_by_agent: "how often the agent cut the other side off",
  interruptions_by_remote: "how often the other side cut the agent off",
  remote_speech: "how long the other side spoke"
} as const satisfies Record<Observable, string>

/**
 * The rules by which providers know a thing, and what each stands for. Two that share a word are compared with each other,
 * except for `own_duration`, `own_verdict` and `other`, which are the same as nobody's.
 */
export const BASES = {
  dialing_instant: "a time at which it dialled",
  answer_instant: "a time of the answer",
  answer: "a statement that it was answered: a word of its own, or a time of the answer",
  end_instant: "a time of the end",
  record_instant: "a time of the record: when it was made or last changed",
  answer_to_end: "the time from the answer to the end",
  own_duration: "a duration that it measures by a rule of its own",
  own_verdict: "a verdict that it gives by a rule of its own, such as that of a model that reads the conversation",
  us_dollars: "an amount in US dollars",
  own_word: "a word of its own for this very thing",
  word_or_text: "a word of its own, or phrases in a text where that is missing",
  text: "phrases or codes in a text",
  detector: "a detector that listens to the line",
  reply_or_transfer: "a reply in the transcript after the agent spoke, or a transfer",
  turns: "the turns of the conversation",
  link: "a link",
  story: "the story that a simulation plays",
  other: "a rule that no other provider shares"
} as const
/** One of these rules. */
export type Basis = keyof typeof BASES

/** Whether two providers know it in the same way. */
export const isSameProof = (a: Proof, b: Proof): boolean =>
  a.certainty === b.certainty && a.basis === b.basis && !SHARED_WITH_NOBODY.has(a.basis)

const SHARED_WITH_NOBODY: ReadonlySet<Basis> = new Set(["own_duration", "own_verdict", "other"])

/** How a provider tells one of them. Two providers tell the same thing only if certainty and basis are the same. */
export interface Proof {
  readonly certainty: Certainty
  /** The rule by which it is known. */
  readonly basis: Basis
  /** The rule in a clause that completes "it knows this from …", in the provider's own field names. */
  readonly from: string
  /**
   * Of what is told only where it was set up, such as by a detector: the settings that do so, by their paths in the provider's own
   * options. Without one of them nobody knows whether it was, and that it tells nothing proves nothing.
   */
  readonly setUpBy?: ReadonlyArray<string>
}

/** What is absent or `undefined` the provider's records do not tell. */
export type ProviderEvidence = { readonly [observable in Observable]?: Proof | undefined }

/** How a provider tells a thing. One that gives a time of the answer tells with it that there was one. */
export const proofOf = (evidence: ProviderEvidence, observable: Observable): Proof | undefined => {
  const { connected, answer_time: time } = evidence
  if (observable !== "connected" || connected !== undefined) return evidence[observable]
  return time?.basis === "answer_instant" ? { ...time, basis: "answer" } : time
}
