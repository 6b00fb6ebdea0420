/** What a provider's records can prove, as data: what a comparison of providers may rest on, and what it must not pool. */
import type { Certainty } from "../domain/Reach.ts"

/** The things a record may tell about a call. */
export const OBSERVABLES = [
  "dialed_time",
  "answer_time",
  "end_time",
  "created_time",
  "updated_time",
  "talk_time",
  "human",
  "voicemail",
  "ivr",
  "call_screening",
  "busy",
  "no_answer",
  "unreachable",
  "declined",
  "invalid_number",
  "congestion",
  "not_permitted",
  "precondition_failed",
  "timeout",
  "provider_error",
  "transferred",
  "remote_hangup",
  "outcome",
  "transcript",
  "recording"
] as const
/** One of the things that a record may tell about a call. */
export type Observable = (typeof OBSERVABLES)[number]

/** How a provider tells one of them. Two providers tell the same thing only if certainty and basis are the same. */
export interface Proof {
  readonly certainty: Certainty
  /** The rule by which it is known, as a word of ours that providers share: `answer_instant`, `own_word`, `text`. */
  readonly basis: string
  /** The rule in a clause that completes "it knows this from …", in the provider's own field names. */
  readonly from: string
}

/** What is absent or `undefined` the provider's records do not tell. */
export type ProviderEvidence = { readonly [observable in Observable]?: Proof | undefined }
