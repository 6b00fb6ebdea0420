/** How far a definition that rests on transcripts agrees with the provider's own word, as a comparison tells it. Pure types. */
import type { TranscriptRule } from "../metrics/transcriptRules.ts"
import type { Interval } from "./Comparison.ts"

/** What a definition makes of calls of which the provider itself says one thing. */
export interface Agreed {
  /** Such calls that the definition gives a verdict on. */
  readonly n: number
  /** Those of them on which it says the same. */
  readonly same: number
  /** Such calls without a verdict. */
  readonly unjudged: number
  /** `same / n`, with a 95 % interval; absent if there is none. */
  readonly share?: number
  readonly interval?: Interval
}

/** Calls of which the provider says that the claim holds, and of which it says that it does not. */
export interface AgreementOfArm {
  readonly arm: string
  readonly yes: Agreed
  readonly no: Agreed
}

/** How far a definition that rests on transcripts agrees with the provider's own word, stated or detected. */
export interface Agreement {
  /** Id of the definition, and what it counts. */
  readonly definition: string
  readonly title: string
  readonly rule: TranscriptRule
  /** What a yes of the provider claims: "a person answered". */
  readonly claim: string
  readonly arms: ReadonlyArray<AgreementOfArm>
}
