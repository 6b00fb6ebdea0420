/**
 * The inbox of webhooks: what has been received and is not dealt with yet. A message is written here before it is acknowledged, so
 * that none is lost when the process dies. It holds ids and times, nothing that a message says of a call.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { JournalError } from "../calls/PlacementJournal.ts"
import { OrderId, ProviderId } from "../domain/Identifiers.ts"
import { Instant } from "../domain/Instant.ts"

/**
 * `waiting`: to be dealt with from `dueAt` on. `claimed`: somebody is at it, until `dueAt`; then it is free again, since they may
 * have died. `done`: kept for a while, so that the same message is known again. `parked`: nothing came of it in many tries, or in
 * too long a time; a person looks into it.
 */
export const InboxState = Schema.Literals(["waiting", "claimed", "done", "parked"])
export type InboxState = typeof InboxState.Type

/** A call that a message named. */
export const InboxEntry = Schema.Struct({
  /** A digest of the message as it was received, and which of its calls this is: the same message is the same entry. */
  id: Schema.NonEmptyString,
  /** `""`: the common tenant. */
  tenant: Schema.String,
  provider: ProviderId,
  /** The call that it names. */
  orderId: OrderId,
  /** Whether the journal knew the call when it came: those are dealt with first. */
  isKnown: Schema.Boolean,
  receivedAt: Instant,
  state: InboxState,
  /** When it is free to be claimed; of one that is done or parked, when it became so. */
  dueAt: Instant,
  /** How often it was claimed. */
  tries: Schema.Int,
  /** Tells a claim from an earlier one, which counts for nothing any more. */
  fence: Schema.Int,
  /** What kept it from being done, or why it is parked: a reason's name, no message. */
  problem: Schema.optionalKey(Schema.String)
})
export type InboxEntry = typeof InboxEntry.Type

/** What is received: an entry as it begins. */
export type Received = Pick<InboxEntry, "id" | "tenant" | "provider" | "orderId" | "isKnown" | "receivedAt">

/** What a claim came to. */
export type Dealt =
  | { readonly state: "done"; readonly problem?: string }
  /** Again from then on. `isFree`: this was no try. */
  | { readonly state: "waiting"; readonly dueAt: Instant; readonly problem: string; readonly isFree?: boolean }
  | { readonly state: "parked"; readonly problem: string }

/** Which entries to claim. */
export interface ClaimFilter {
  /** `""`: the common tenant. */
  readonly tenant: string
  /** Those that are due by then. */
  readonly now: Instant
  /** Free again from then on. */
  readonly until: Instant
  /** At most so many. */
  readonly limit: number
}

/** Which entries to list, those received last first. */
export interface InboxFilter {
  /** `""`: the common tenant. */
  readonly tenant: string
  /** Only those in this state. */
  readonly state?: InboxState
  /** At most so many. */
  readonly limit: number
}

/**
 * Laws, in one process and in several on one store: a message is taken once, however often and at how many places at once it
 * is received; a claim is one claimer's until it ends; what an older claim (by its fence) says changes nothing; an entry that was
 * taken is there until it is done and forgotten, or dropped; one tenant neither sees nor touches another's.
 */
export class WebhookInbox extends Context.Service<
  WebhookInbox,
  {
    /**
     * Takes all of one message, or none: `full` where more than `most` would then wait. What is there already stays as it is.
     */
    readonly receive: (entries: ReadonlyArray<Received>, most: number) => Effect.Effect<"taken" | "full", JournalError>
    /** Those whose time has come, known calls first, then those received first. */
    readonly claim: (filter: ClaimFilter) => Effect.Effect<ReadonlyArray<InboxEntry>, JournalError>
    /** Whether the claim still stood. */
    readonly settle: (
      entry: Pick<InboxEntry, "tenant" | "id" | "fence">,
      dealt: Dealt,
      at: Instant
    ) => Effect.Effect<boolean, JournalError>
    readonly list: (filter: InboxFilter) => Effect.Effect<ReadonlyArray<InboxEntry>, JournalError>
    /** Lets a parked or done entry wait again, with all its tries before it. Whether there was one. */
    readonly replay: (tenant: string, id: string, at: Instant) => Effect.Effect<boolean, JournalError>
    /** Takes an entry away that is not claimed. Whether there was one. */
    readonly drop: (tenant: string, id: string) => Effect.Effect<boolean, JournalError>
    /** Takes away what was done before; how many. */
    readonly forget: (tenant: string, before: Instant) => Effect.Effect<number, JournalError>
  }
>()("unicall/WebhookInbox") {}
