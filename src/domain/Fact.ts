/**
 * A fact is one payload, redacted and read: what it claims, before anything is derived from it. Facts can be merged
 * (`Merge.ts`) and shown as records (`View.ts`); only what a provider said is in them, never a conclusion.
 */
import type { attemptFields } from "./CallAttempt.ts"
import type { Channel, orderFields } from "./CallOrder.ts"
import type { AttemptStatus, OrderStatus } from "./CallStatus.ts"
import type { FailureKind } from "./Failure.ts"
import type { ClaimsOf, MeaningOf } from "./fields.ts"
import type { AttemptId, OrderId, ProviderId } from "./Identifiers.ts"
import type { Instant } from "./Instant.ts"
import type { Issue } from "./Issue.ts"
import type { JsonObject, PathStep } from "./Json.ts"
import type { AnsweredByValue, Verdict } from "./Reach.ts"

/** A status as one fact claims it. */
export interface StatusClaim<S> {
  readonly value: S
  /** The provider's own word, absent if the status was derived. */
  readonly word?: string | undefined
  /** Whether this fact says that it is over. */
  readonly terminal: boolean
  /** The evidence, in provider words. */
  readonly because: string
}

/**
 * Provider words that the adapter's tables give a meaning to, each under the path of its place: `result`, `line.cause`,
 * `^.endedReason` in an attempt for a word of its order. The notation is that of `FieldSource`.
 */
export type RawWords = { readonly [field: string]: string | boolean | undefined }

/** What a provider's record says of an attempt, before it is interpreted. */
export type AttemptClaims = ClaimsOf<typeof attemptFields> & {
  readonly status: StatusClaim<AttemptStatus>
  /** Where the attempt stands in the order's native record; empty for a record of its own. */
  readonly path: ReadonlyArray<PathStep>
}

/** What a provider's record says of an order, before it is interpreted. */
export type OrderClaims = ClaimsOf<typeof orderFields> & { readonly status: StatusClaim<OrderStatus> }

/** Ages of claims that are not as old as their fact, after merging; keyed by field. */
export type Ages = ReadonlyMap<string, Instant | undefined>

interface Fact<Claims> {
  readonly provider: ProviderId
  /** How recent the fact is; absent if it tells no time. */
  readonly asOf?: Instant | undefined
  readonly ages?: Ages
  readonly claims: Claims
  readonly evidence: RawWords
  readonly issues: ReadonlyArray<Issue>
}

/** One reading of an attempt. */
export interface AttemptFact extends Fact<AttemptClaims> {
  readonly kind: "attempt"
  readonly id: AttemptId
  /** Only of an attempt that is a record of its own. */
  readonly native?: JsonObject | undefined
}

/** One reading of an order, with the attempts in it. */
export interface OrderFact extends Fact<OrderClaims> {
  readonly kind: "order"
  readonly id: OrderId
  readonly attempts: ReadonlyArray<AttemptFact>
  readonly native: JsonObject
  /** Terminal statuses claimed so far with the latest age of each; absent before merging. */
  readonly ends?: ReadonlyMap<OrderStatus, Instant | undefined>
}

/** What an adapter's tables make of an order's claims. */
export type OrderMeaning = MeaningOf<typeof orderFields> & {
  readonly channel: Channel
  /** Whether an order that goes on says that it dials no more: what its attempts came to is what it will have reached. */
  readonly dialingDone?: boolean
}

/** What an adapter's tables make of an attempt's claims. */
export type AttemptMeaning = MeaningOf<typeof attemptFields> & {
  /** The evidence for `answered`, in provider words, where it does not rest on a time of answer or a duration. */
  readonly answeredBecause?: string | undefined
  readonly answeredBy?: Verdict<AnsweredByValue> | undefined
  /** The failure as evidence for reach; absent if it is only kept as text. */
  readonly failureVerdict?: Verdict<FailureKind> | undefined
}

/** The adapter's side of a view: its field names, and its tables applied to claims. Pure. */
export interface Interpretation {
  /** The provider's names of the fields that rules of the domain refer to, as paths in the attempt: `startedAt`, `times.answered`. */
  readonly terms: {
    readonly dialedAt: string
    readonly answeredAt: string
    readonly endedAt: string
    readonly duration: string
  }
  readonly order: (order: OrderFact) => OrderMeaning
  readonly attempt: (attempt: AttemptFact) => AttemptMeaning
  /** Whether a word of evidence is in the adapter's tables; an unknown word never displaces a known one. */
  readonly recognizes: (field: string, word: string | boolean) => boolean
}
