/**
 * The call model as plain objects: the records of the domain with ids and times as ordinary text. Times are ISO 8601 UTC;
 * a field that was not given is absent, never null.
 */
import type { Brand } from "effect/Brand"
import type * as Changes from "../calls/changes/CallChange.ts"
import type * as Calls from "../calls/Placed.ts"
import type * as Addressing from "../calls/agentAddresses.ts"
import type * as Attempts from "../domain/CallAttempt.ts"
import type * as Orders from "../domain/CallOrder.ts"
import type { Failure } from "../domain/Failure.ts"
import type * as Catalog from "../provider/Catalog.ts"
import type * as Issues from "../domain/Issue.ts"
import type * as Reached from "../domain/Reach.ts"
import type * as Webhooks from "../webhooks/WebhookInbox.ts"

/** Ids and times as text, orders by their name here. */
type Plain<A> = A extends string & Brand<infer _>
  ? string
  : A extends Orders.CallOrder
    ? CallOrder
    : A extends object
      ? PlainFields<A>
      : A

type PlainFields<A> = { readonly [Name in keyof A]: Plain<A[Name]> }

/** What was achieved in terms of contact, with its evidence in the provider's words. */
export interface Reach extends PlainFields<Reached.Reach> {}

/** What the remote party turned out to be. */
export interface AnsweredBy extends PlainFields<Reached.AnsweredBy> {}

/** Why an attempt did not connect, or broke. */
export interface CallProblem extends PlainFields<Failure> {}

/** A field of the provider's record that could not be understood. */
export interface Issue extends PlainFields<Issues.Issue> {}

/** One dial of an order. */
export interface Attempt extends PlainFields<Attempts.Attempt> {}

/** One dial that a list tells without its order. */
export interface CallAttempt
  extends PlainFields<Attempts.Attempt>, PlainFields<Omit<Attempts.CallAttempt, keyof Attempts.Attempt>> {}

/** A request to reach someone, with its attempts. */
export interface CallOrder extends PlainFields<Orders.CallOrder> {}

/** A call by its provider and the provider's id of the order. */
export interface CallRef {
  readonly provider: string
  readonly id: string
}

/** The provider has the order. */
export interface Accepted extends PlainFields<Calls.Accepted> {}

/**
 * Another process reserved the reference a short time ago and has written down no result: it is placing the order at this
 * moment, or it died while it was. Ask again at `askAgainAt`; by then it is accepted, free again after a refusal, or
 * uncertain.
 */
export interface InFlight extends PlainFields<Calls.InFlight> {}

/** What a search in the provider's list came to. */
export interface Search extends PlainFields<Calls.Search> {}

/**
 * Whether the provider has the order is not known. The reference stays taken: it is not placed again until the order is
 * found (`reconcile`) or a person gives it up (`release`).
 */
export interface Uncertain extends PlainFields<Calls.Uncertain> {}

/** What only a person can find out about an uncertain order. */
export interface Question extends PlainFields<Calls.Question> {}

/**
 * The order is called absent, by a policy that somebody answers for or by a person. The reference may be placed again,
 * unless it is `doubted`.
 */
export interface Absent extends PlainFields<Calls.Absent> {}

/** It would have been placed later than its `notAfter`: nothing was sent, and the reference is as free as it was. */
export interface Expired extends PlainFields<Calls.Expired> {}

/** What placing comes to. */
export type Placed = Accepted | InFlight | Uncertain | Absent | Expired

/** What looking for a placement comes to. */
export type Looked = Exclude<Placed, Expired>

/** No placement holds the reference: it was refused, given up, or never placed. It can be placed. */
export interface Free extends PlainFields<Calls.Free> {}

/** What reconciling comes to. */
export type Reconciled = Looked | Free

/** The request that would place an order, with the key and other secrets removed. */
export interface DryRun extends PlainFields<Calls.DryRun> {}

/** Where an agent's messages go: user and values of query and fragment are removed, `null` where none is set. */
export interface AgentAddresses extends PlainFields<Addressing.AgentAddresses> {}

/** What setting addresses came to, or would come to. */
export interface AddressChanges extends PlainFields<Addressing.AddressChanges> {}

/** An agent that is stored at a provider. Its prompt, its tools and their secrets are left out. */
export interface AgentInfo extends PlainFields<Catalog.AgentInfo> {}

/** A number of the account. */
export interface NumberInfo extends PlainFields<Catalog.NumberInfo> {}

/** What came of cancelling. */
export interface Canceled extends PlainFields<Calls.Canceled> {}

/** One thing that has become known of a placed call. */
export interface CallChange extends PlainFields<Changes.CallChange> {}

/** The key is accepted. */
export interface KeyCheck {
  /** The provider's clock, where its answer told it. */
  readonly providerTime?: string
}

/** A call that webhooks have named: when it is read, or what came of that. */
export interface InboxEntry extends PlainFields<Webhooks.InboxEntry> {}

/** What stands in the inbox and cannot be read: another version's, or damaged. It can be dropped. */
export interface UnreadableEntry extends PlainFields<Webhooks.UnreadableEntry> {}
