/** What a journal does so that less is kept of orders that are over: compacting them, and deleting them. */
import type * as Effect from "effect/Effect"
import type { Instant } from "../domain/Instant.ts"
import type { JournalError, PlacementKey } from "./PlacementJournal.ts"

/** Which ended placements are meant. */
export interface Ended {
  /** Whose: `""` for the common tenant, with what belongs to nobody. @default everybody's */
  readonly tenant?: string
  /** Only those whose end was written down before. */
  readonly endedBefore: Instant
}

/** One step of the way through all of them. */
export interface EndedStep extends Ended {
  /** Where the step before has ended. @default at the beginning */
  readonly after?: PlacementKey
  /** About so many placements are looked at. */
  readonly limit: number
}

/** What a step came to. */
export interface EndedProgress {
  /** Placements that were changed. */
  readonly changed: number
  /** Where the next step goes on; absent where nothing is left to be looked at. */
  readonly next?: PlacementKey
}

/** How many there are. */
export interface EndedCount {
  readonly ended: number
  /** Of these, those that can be compacted (`isCompactable`). */
  readonly compactable: number
  /** Of these, those that can be deleted (`isDeletable`). */
  readonly deletable: number
}

/**
 * Laws, of every implementation: no placement is changed that is not ended, or ended later, or is another tenant's; each
 * is changed as a whole or not at all, whatever becomes of the process; what is asked again changes nothing more; the steps
 * from the first to one without `next` pass every placement that was there all the time.
 */
export interface RetentionJournal {
  readonly countEnded: (filter: Ended) => Effect.Effect<EndedCount, JournalError>
  /** Makes of those that are `isCompactable` what `compactedPlacement` does. */
  readonly compactEnded: (step: EndedStep) => Effect.Effect<EndedProgress, JournalError>
  /** Removes those that are `isDeletable`: their references are free, and nothing is known of their orders. */
  readonly deleteEnded: (step: EndedStep) => Effect.Effect<EndedProgress, JournalError>
}
