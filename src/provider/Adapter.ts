import type { CallHint } from "../domain/CallHint.ts"
import type { AttemptFact, Interpretation, OrderFact } from "../domain/Fact.ts"
import type { ProviderId } from "../domain/Identifiers.ts"
import type { JsonObject, PathStep } from "../domain/Json.ts"
import type { RejectionReason } from "../domain/Rejection.ts"
import type { SecretKeys } from "../domain/SecretKeys.ts"
import type { Role } from "../domain/Transcript.ts"
import type { WordTable } from "../domain/Words.ts"
import type { Capabilities } from "./Capabilities.ts"
import type { CapabilitySources } from "./capabilitySources.ts"
import type { Endings } from "./Endings.ts"
import type { Envelopes } from "./envelopes.ts"
import type { ProviderEvidence } from "./Evidence.ts"

/** A body of the right shape that still is no record; `path` is relative to it, `message` says what was expected. */
export interface Unreadable {
  readonly kind: "unreadable"
  readonly reason: RejectionReason
  readonly path: ReadonlyArray<PathStep>
  readonly message: string
}

/** What a body turned out to be. */
export type Reading = OrderFact | AttemptFact | CallHint | Unreadable

/** One form in which a provider writes about calls, told from all others by its keys alone. */
export interface Shape {
  readonly name: string
  /** The keys that tell it, in words, for documentation and error messages. */
  readonly signs: string
  readonly matches: (body: JsonObject) => boolean
  /** Reads a body whose secrets have been redacted. Pure; never throws. */
  readonly read: (body: JsonObject) => Reading
}

/** One form of a body that holds no record of a call, and is nothing wrong: a campaign's row that was not called yet. */
export type RecordlessShape = Omit<Shape, "read">

/** Where a field of a record comes from. */
export interface FieldSource {
  /** In the record, `agent.id`; in an attempt without the way to it. */
  readonly field: string
  /**
   * Every place in the provider's record that decides, one instead of another or several together; a status word's first:
   * `customer.number`, `recordings[0].url`, `remarks[-1]` for the last of a list. Those of an attempt begin where it stands;
   * `^.startedAt` begins at the order that holds it. Empty where nothing in the record decides.
   */
  readonly paths: ReadonlyArray<string>
  /** How it is read. */
  readonly rule: string
}

/** Where the attempts stand in the provider's record of their order, by attempt id: `["legs", 0]`, or `[]` if the order is its own attempt. */
export type LocateAttempts = (native: JsonObject) => ReadonlyMap<string, ReadonlyArray<PathStep>>

/** All of a provider that reading its records takes: pure data and pure functions. */
export interface Adapter<Id extends string = string> {
  readonly id: Id
  readonly providerId: ProviderId
  /** The provider's name as people write it. */
  readonly title: string
  readonly capabilities: Capabilities
  /** What says so, for each capability that does not tell it itself. */
  readonly capabilitySources: CapabilitySources
  /** What its records can prove: comparisons of providers rest on it. */
  readonly evidence: ProviderEvidence
  /** The longest reference that it carries, in characters. @default LONGEST_REFERENCE */
  readonly longestReference?: number | undefined
  /** What it asks beside a field of an order that it takes, in a sentence. */
  readonly orderNotes?: { readonly [field in "from" | "retry"]?: string } | undefined
  /** How its records say that something is over. Absent: as the call model has it. */
  readonly endings?: Endings | undefined
  readonly shapes: ReadonlyArray<Shape>
  /** Looked for among what none of the shapes fits. */
  readonly recordless?: ReadonlyArray<RecordlessShape>
  /** Keys under which it puts records. Without any, only arrays are opened, and what names of wrapper fields point at. */
  readonly envelopes?: Envelopes | undefined
  /** The words of its transcripts for who speaks. */
  readonly roleWords?: WordTable<Role> | undefined
  /** Keys of secrets that only this provider uses, beside those of every provider. */
  readonly secretKeys?: SecretKeys | undefined
  readonly interpretation: Interpretation
  readonly sources: {
    readonly order: ReadonlyArray<FieldSource>
    readonly attempt: ReadonlyArray<FieldSource>
    readonly hint: ReadonlyArray<FieldSource>
    readonly locateAttempts: LocateAttempts
  }
}
