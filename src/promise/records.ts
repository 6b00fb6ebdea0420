/**
 * The call model as plain objects: the records of the domain with ids and times as ordinary text. Times are ISO 8601 UTC;
 * a field that was not given is absent, never null.
 */
import type { Brand } from "effect/Brand"
import type * as Calls from "../calls/Placed.ts"
import type * as Orders from "../domain/CallOrder.ts"
import type { Channel, Direction, Outcome } from "../domain/CallOrder.ts"
import type { AttemptStatus, OrderStatus } from "../domain/CallStatus.ts"
import type { Disconnect } from "../domain/Disconnect.ts"
import type { FailureKind } from "../domain/Failure.ts"
import type { IssueReason } from "../domain/Issue.ts"
import type { AnsweredByValue, Certainty, ReachValue } from "../domain/Reach.ts"
import type { Transcript } from "../domain/Transcript.ts"

/** What was achieved in terms of contact, with its evidence in the provider's words. */
export interface Reach {
  readonly value: ReachValue
  /** The provider states it, a detector of the provider's found it, or it is inferred. */
  readonly certainty: Certainty
  readonly because: ReadonlyArray<string>
  /** Other evidence speaks against it. */
  readonly contradicted?: true
}

/** What the remote party turned out to be. */
export interface AnsweredBy {
  readonly value: AnsweredByValue
  readonly certainty: Certainty
}

/** Why an attempt did not connect, or broke. */
export interface CallProblem {
  readonly kind: FailureKind
  readonly sipCode?: number
  /** The provider's own text. */
  readonly message?: string
}

/** A field of the provider's record that could not be understood. */
export interface Issue {
  readonly path: string
  readonly reason: IssueReason
  readonly raw?: unknown
}

interface Dial {
  /** The provider's id of the attempt, which may not be usable as an order's. */
  readonly id: string
  /** The order it belongs to, when known. */
  readonly orderId?: string
  /** Where the dial stands. Says nothing about who was reached. */
  readonly status: AttemptStatus
  /** The number dialled. */
  readonly to?: string
  readonly dialedAt?: string
  readonly answeredAt?: string
  readonly endedAt?: string
  /** Absent if it is not known. */
  readonly answered?: boolean
  readonly ringSeconds?: number
  /** The provider's own duration, else from answered to ended. */
  readonly talkSeconds?: number
  readonly talkSource?: "provider" | "derived"
  readonly answeredBy?: AnsweredBy
  /** Whether the AI, a person, or both held the conversation. */
  readonly handledBy?: ReadonlyArray<"ai" | "human">
  readonly failure?: CallProblem
  /** Who ended it, and why. */
  readonly disconnect?: Disconnect
  /** Turns, or one unsplit text where the provider gives no turns. */
  readonly transcript?: Transcript
  /** Treat it as private and as something that expires. */
  readonly recordingUrl?: string
  /** What the provider extracted from the conversation: the customer's data, verbatim. */
  readonly extracted?: { readonly [name: string]: unknown }
  /** The provider's technical figures, verbatim. */
  readonly metrics?: { readonly [name: string]: unknown }
  /** What the dial achieved in terms of contact. */
  readonly reach: Reach
  /** The provider's record as received, secrets redacted. */
  readonly native?: { readonly [name: string]: unknown }
}

/** One dial of an order. */
export interface Attempt extends Dial {}

/** One dial that a list tells without its order. */
export interface CallAttempt extends Dial {
  readonly kind: "call_attempt"
  readonly provider: string
  /** Present only if there are any. */
  readonly issues?: ReadonlyArray<Issue>
}

/** A request to reach someone, with its attempts. */
export interface CallOrder {
  readonly kind: "call_order"
  /** Id of the provider. */
  readonly provider: string
  /** The provider's id of the order. */
  readonly id: string
  /** Who calls whom, seen from the account at the provider. */
  readonly direction?: Direction
  /** Telephone, or a call from a browser. */
  readonly channel?: Channel
  readonly from?: string
  readonly to?: string
  /** Where the order stands. `completed` means neither answered nor gone well: see `reach` and `outcome`. */
  readonly status: OrderStatus
  /** The provider's own word for it. */
  readonly providerStatus?: string
  /** Whether it is over. Absent if that is not known. */
  readonly terminal?: boolean
  /** What has arrived so far; it often trails the end of the call. */
  readonly enriched: { readonly transcript: boolean; readonly recording: boolean; readonly outcome: boolean }
  readonly agent?: { readonly id?: string; readonly name?: string }
  /** Your own key for this order. */
  readonly reference?: string
  readonly createdAt?: string
  readonly scheduledAt?: string
  /** When the next attempt is due. */
  readonly nextAttemptAt?: string
  /** When the provider's record last changed. */
  readonly updatedAt?: string
  /** One entry for each dial, oldest first; always present. */
  readonly attempts: ReadonlyArray<Attempt>
  /** The provider's own count; may differ from the number of attempts listed. */
  readonly attemptsMade?: number
  readonly attemptsAllowed?: number
  /** The provider's business verdict; never derived. */
  readonly outcome?: Outcome
  readonly outcomeReason?: string
  /** The provider's summary of the conversation. */
  readonly summary?: string
  /** The values you stored with the order. */
  readonly metadata?: { readonly [name: string]: unknown }
  /** The values you gave for the agent's prompt. */
  readonly variables?: { readonly [name: string]: unknown }
  readonly campaign?: { readonly id?: string; readonly name?: string }
  readonly organizationId?: string
  /** The best that its attempts achieved in terms of contact. */
  readonly reach: Reach
  /** Fields that could not be understood; present only if there are any. */
  readonly issues?: ReadonlyArray<Issue>
  /** Ends that were claimed and lost against others; present only if there are any. */
  readonly conflicts?: ReadonlyArray<{ readonly path: string; readonly value: string; readonly asOf?: string }>
  /** The provider's record as received, secrets redacted. */
  readonly native?: { readonly [name: string]: unknown }
}

/** A call by its provider and the provider's id of the order. */
export interface CallRef {
  readonly provider: string
  readonly id: string
}

/** Ids and times as text, orders as they are here. */
type Plain<A> = A extends string & Brand<infer _>
  ? string
  : A extends Orders.CallOrder
    ? CallOrder
    : A extends object
      ? { readonly [Name in keyof A]: Plain<A[Name]> }
      : A

/** The provider has the order. */
export interface Accepted extends Plain<Calls.Accepted> {}

/**
 * Another process reserved the reference a short time ago and has written down no result: it is placing the order at this
 * moment, or it died while it was. Ask again at `askAgainAt`; by then it is accepted, free again after a refusal, or
 * uncertain.
 */
export interface InFlight extends Plain<Calls.InFlight> {}

/** What a search in the provider's list came to. */
export interface Search extends Plain<Calls.Search> {}

/**
 * Whether the provider has the order is not known. The reference stays taken: it is not placed again until the order is
 * found (`reconcile`) or a person gives it up (`release`).
 */
export interface Uncertain extends Plain<Calls.Uncertain> {}

/** What placing comes to. */
export type Placed = Accepted | InFlight | Uncertain

/** No placement holds the reference: it was refused, given up, or never placed. It can be placed. */
export interface Free extends Plain<Calls.Free> {}

/** What reconciling comes to. */
export type Reconciled = Placed | Free

/** The request that would place an order, with the key and other secrets removed. */
export interface DryRun extends Plain<Calls.DryRun> {}

/** What came of cancelling. */
export interface Canceled extends Plain<Calls.Canceled> {}

/** The key is accepted. */
export interface KeyCheck {
  /** The provider's clock, where its answer told it. */
  readonly providerTime?: string
}
