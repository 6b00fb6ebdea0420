/**
 * The call model as plain objects: the records of the domain with ids and times as ordinary text. Times are ISO 8601 UTC;
 * a field that was not given is absent, never null.
 */
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

/** The provider has the order. */
export interface Accepted {
  readonly state: "accepted"
  readonly reference: string
  readonly call: CallRef
  /** As it was last read; absent if an order placed earlier cannot be read just now. */
  readonly order?: CallOrder
  /** Whether it had been placed before: nothing was sent this time. */
  readonly already: boolean
  /** The order that was placed is not the one asked for now: another agent, other variables. Nothing was sent. */
  readonly differs?: true
}

/**
 * Another process reserved the reference a short time ago and has written down no result: it is placing the order at this
 * moment, or it died while it was. Ask again at `askAgainAt`; by then it is accepted, free again after a refusal, or
 * uncertain.
 */
export interface InFlight {
  readonly state: "in_flight"
  readonly reference: string
  readonly provider: string
  readonly since: string
  readonly askAgainAt: string
  readonly differs?: true
}

/** What a search in the provider's list came to. */
export interface Search {
  /**
   * `whole`: every order since, and none is it. `part`: the list may lack orders, or nobody can tell how the clocks stood
   * to each other when it was placed. `early`: it was placed so short a time ago that the list may not have it yet; ask
   * again at `askAgainAt`. `none`: the provider's list does not tell orders by reference.
   */
  readonly compared: "whole" | "part" | "early" | "none"
  /** Orders that were compared. */
  readonly orders: number
  readonly askAgainAt?: string
}

/**
 * Whether the provider has the order is not known. The reference stays taken: it is not placed again until the order is
 * found (`reconcile`) or a person gives it up (`release`).
 */
export interface Uncertain {
  readonly state: "uncertain"
  readonly reference: string
  readonly provider: string
  readonly since: string
  /** What left it open: a reason's name; `NoResult` where the process that placed it left none. */
  readonly because: string
  /** After a search: how much of the provider's list could be compared, and how many orders. */
  readonly search?: Search
  readonly differs?: true
}

/** What placing comes to. */
export type Placed = Accepted | InFlight | Uncertain

/** No placement holds the reference: it was refused, given up, or never placed. It can be placed. */
export interface Free {
  readonly state: "free"
  readonly reference: string
}

/** What reconciling comes to. */
export type Reconciled = Placed | Free

/** The request that would place an order, with the key and other secrets removed. */
export interface DryRun {
  readonly provider: string
  readonly method: string
  readonly url: string
  /** Those that authenticate are added when it is sent. */
  readonly headers: { readonly [name: string]: string }
  readonly body: { readonly [name: string]: unknown }
}

/** What came of cancelling. */
export interface Canceled {
  /** `requested`: the provider took the wish, and the call is not over yet. `cannot`: it refused, and the call goes on. */
  readonly outcome: "canceled" | "already_over" | "requested" | "cannot"
  readonly call: CallRef
  /** As it stands now. */
  readonly order: CallOrder
}

/** The key is accepted. */
export interface KeyCheck {
  /** The provider's clock, where its answer told it. */
  readonly providerTime?: string
}
