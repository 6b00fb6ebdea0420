/**
 * The inbox of webhooks: the calls that messages have named and that are still to be read. A message is written here before it is
 * acknowledged, so that none is lost when the process dies. It holds ids, times and digests, nothing that a message says of a call.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CallKey, JournalError } from "../calls/PlacementJournal.ts"
import { OrderId, ProviderId } from "../domain/Identifiers.ts"
import { Instant } from "../domain/Instant.ts"

/**
 * `waiting`: to be dealt with from `dueAt` on. `claimed`: somebody is at it, until `dueAt`; then it is free again, since they may
 * have died. `done`: kept for a while, so that the same message is known again. `parked`: nothing came of it in many tries over
 * days; a person looks into it.
 */
export const InboxState = Schema.Literals(["waiting", "claimed", "done", "parked"])
export type InboxState = typeof InboxState.Type

/** A call that messages have named: one entry for each call, however many messages there are. */
export const InboxEntry = Schema.Struct({
  /** `""`: the common tenant. */
  tenant: Schema.String,
  provider: ProviderId,
  orderId: OrderId,
  /** Whether the journal knew the call when it was last asked: those are dealt with first. */
  isKnown: Schema.Boolean,
  /** Since when it waits to be dealt with: the first message after it was done, or the replay. */
  since: Instant,
  state: InboxState,
  /** When it is free to be claimed; of one that is done or parked, when it became so. */
  dueAt: Instant,
  /** How often it was claimed since then. */
  tries: Schema.Int,
  /** How often its provider did not know it since then. */
  notFound: Schema.Int,
  /** Tells a claim from an earlier one, which counts for nothing any more. */
  fence: Schema.Int,
  /** Whether another message has come since it was claimed, so that it waits again when it is done. */
  isNamedAgain: Schema.Boolean,
  /** Digests of the messages that named it last, so that the same one is known again. */
  messages: Schema.Array(Schema.NonEmptyString),
  /** What kept it from being done, or why it is parked: a reason's name, no message. */
  problem: Schema.optionalKey(Schema.String)
})
export type InboxEntry = typeof InboxEntry.Type

/** A row of a store that holds no entry: another version's, or damaged. It is never claimed, and can be dropped. */
export interface UnreadableEntry extends Pick<InboxEntry, "tenant"> {
  readonly state: "unreadable"
  readonly provider: string
  readonly orderId: string
  /** The field that cannot be read. */
  readonly problem: string
}

/** What is received: a call, and the message that names it. */
export interface Received extends CallKey {
  /** A digest of the message. */
  readonly message: string
  /** Whether the journal knows the call. */
  readonly isKnown: boolean
  /** When it came. */
  readonly at: Instant
}

/** What a claim came to. */
export type Dealt =
  | { readonly state: "done"; readonly problem?: string }
  /** Again from then on. `isFree`: this was no try. */
  | { readonly state: "waiting"; readonly dueAt: Instant; readonly problem?: string; readonly isFree?: boolean }
  | { readonly state: "parked"; readonly problem: string }

/** How a claim is handed back. */
export interface ClaimOutcome {
  /** What it came to. */
  readonly dealt: Dealt
  /** When. */
  readonly at: Instant
  /** Whether the journal knows the call by now. */
  readonly isKnown: boolean
}

/** A claim: by its fence it is told from others of the same call. */
export type InboxClaim = Pick<InboxEntry, "tenant" | "provider" | "orderId" | "fence">

/** Which entries to claim. */
export interface ClaimFilter {
  /** `""`: the common tenant. */
  readonly tenant: string
  /** Only its calls. */
  readonly provider: ProviderId
  /** Those that are due by then. */
  readonly now: Instant
  /** Free again from then on. */
  readonly until: Instant
  /**
   * Nothing is claimed or put off for longer, by whatever clock: what is due later was written by one that has been set back since, and
   * is due now.
   */
  readonly latest: Instant
  /** At most so many. */
  readonly limit: number
}

/** Which entries to list, those that wait or waited since last first. */
export interface InboxFilter {
  /** `""`: the common tenant. */
  readonly tenant: string
  /** Only those in this state. */
  readonly state?: InboxState | "unreadable"
  /** At most so many. */
  readonly limit: number
}

/** Which of the entries that are done are forgotten. */
export interface Forgetting {
  /** `""`: the common tenant. */
  readonly tenant: string
  /** What was done before. */
  readonly before: Instant
  /** And the oldest beyond so many. */
  readonly most: number
}

/**
 * Laws, in one process and in several on one store: a call has one entry, and a message acts once, however often and at how many
 * places at once it is received, unless its call came to a problem; what is received while a call is dealt with is dealt with after
 * that; a claim is one claimer's until it ends; what an older claim (by its fence) says changes nothing; an entry that was
 * taken is there until it is done and forgotten, or dropped; one tenant neither sees nor touches another's, and takes none of its
 * room; a row that cannot be read keeps no other from being claimed or listed.
 */
export class WebhookInbox extends Context.Service<
  WebhookInbox,
  {
    /**
     * Takes all of one message, of one tenant, or none: `full` where more than `most` of that tenant would then wait. A call that
     * waits already takes no room.
     */
    readonly receive: (received: ReadonlyArray<Received>, most: number) => Effect.Effect<"taken" | "full", JournalError>
    /** Those whose time has come, known calls first, then those that have been due longest. */
    readonly claim: (filter: ClaimFilter) => Effect.Effect<ReadonlyArray<InboxEntry>, JournalError>
    /** Whether the claim still stood. */
    readonly settle: (claim: InboxClaim, settled: ClaimOutcome) => Effect.Effect<boolean, JournalError>
    readonly list: (filter: InboxFilter) => Effect.Effect<ReadonlyArray<InboxEntry | UnreadableEntry>, JournalError>
    readonly find: (call: CallKey) => Effect.Effect<InboxEntry | UnreadableEntry | undefined, JournalError>
    /** Lets an entry that is not claimed wait from now on as if it had just come. Whether there was one. */
    readonly replay: (call: CallKey, at: Instant) => Effect.Effect<boolean, JournalError>
    /** Takes an entry away that is not claimed. Whether there was one. */
    readonly drop: (call: CallKey) => Effect.Effect<boolean, JournalError>
    /** Takes away a thousand of those that are done, or fewer; how many. */
    readonly forget: (forgetting: Forgetting) => Effect.Effect<number, JournalError>
  }
>()("unicall/WebhookInbox") {}
