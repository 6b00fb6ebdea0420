/**
 * The store of a feed of changes: the changes of each tenant, numbered; how far each consumer has come; and of each call what has been
 * told, so that nothing is told twice. It holds no content of calls and no number.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { Instant } from "../../domain/Instant.ts"
import type { JournalError } from "../PlacementJournal.ts"
import type { CallChange } from "./CallChange.ts"
import type { KnownCall, Seen } from "./KnownCall.ts"

/** Which changes to read, in their order. */
export interface FeedFilter {
  /** `""`: the common tenant. */
  readonly tenant: string
  /** Only those after this position; 0: all. */
  readonly after: number
  /** At most so many. */
  readonly limit: number
}

/** Changes in a row. */
export interface FeedPage {
  readonly changes: ReadonlyArray<CallChange>
  /**
   * The position of the first of them, or of the next that will come. Later than the one that was asked for: what is between has been
   * forgotten. Earlier: the feed has not come that far, so it is another one than was read before.
   */
  readonly next: number
}

/** How far a consumer has come. */
export interface FeedConsumer {
  readonly consumer: string
  /** The last change that it has acknowledged; 0 where there is none. */
  readonly position: number
  /** When that was. */
  readonly at: Instant
}

/** `open`: not known to be over. `ended`: over, and more is expected to arrive. `done`: given up, or over and complete. */
export type CallStage = "open" | "ended" | "done"

/** A call that has been told of. */
export interface FeedCall {
  readonly key: string
  readonly known: KnownCall
  /** When there was something to tell of it last. */
  readonly changedAt: Instant
}

/** Which calls to list, those with the oldest news first. */
export interface FeedCallFilter {
  /** `""`: the common tenant. */
  readonly tenant: string
  /** Only those that have come so far. */
  readonly stage: CallStage
  /** Only those that come after this one: its time, then its key. */
  readonly after: Pick<FeedCall, "key" | "changedAt">
  /** At most so many. */
  readonly limit: number
}

/** What is to be forgotten. */
export interface ForgetChanges {
  /** `""`: the common tenant. */
  readonly tenant: string
  /** Changes that were heard before; none that comes after one which is kept. */
  readonly changesBefore: Instant
  /** Calls that are done, with nothing to tell since: what is read of them later is told anew. */
  readonly callsBefore: Instant
  /** At most so many of each: others record meanwhile, and wait for one step. */
  readonly limit: number
}

/** How many were forgotten. */
export interface Forgotten {
  readonly changes: number
  readonly calls: number
}

/**
 * Laws, in one process and in several on one store: what is recorded comes to what `changesOf` makes of it, one hearing after the other,
 * in any order of those that come at once; where recording fails, any part may have been done, and done again it adds the rest; positions
 * rise by one from 1, and a change can be read as soon as a later one can; a consumer's position never goes back; what was answered survives a crash if the store
 * is durable; one tenant neither sees nor touches another's.
 */
export class ChangeFeed extends Context.Service<
  ChangeFeed,
  {
    /** Takes in what was heard. How many changes came of it. */
    readonly record: (tenant: string, heard: ReadonlyArray<Seen>, at: Instant) => Effect.Effect<number, JournalError>
    readonly read: (filter: FeedFilter) => Effect.Effect<FeedPage, JournalError>
    /** How far a consumer has come; none where it never acknowledged anything. */
    readonly position: (tenant: string, consumer: string) => Effect.Effect<Option.Option<number>, JournalError>
    /** From now on the consumer has come that far, if it had not come further, and if there is such a change. */
    readonly acknowledge: (
      tenant: string,
      consumer: string,
      position: number,
      at: Instant
    ) => Effect.Effect<void, JournalError>
    readonly consumers: (tenant: string) => Effect.Effect<ReadonlyArray<FeedConsumer>, JournalError>
    /** Forgets how far a consumer has come. Whether there was one. */
    readonly dropConsumer: (tenant: string, consumer: string) => Effect.Effect<boolean, JournalError>
    readonly calls: (filter: FeedCallFilter) => Effect.Effect<ReadonlyArray<FeedCall>, JournalError>
    /** The oldest first. */
    readonly forget: (forgetting: ForgetChanges) => Effect.Effect<Forgotten, JournalError>
  }
>()("unicall/ChangeFeed") {}
