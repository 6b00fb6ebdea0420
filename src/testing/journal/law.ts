/** A law of the journal, and how its cases compare. */
import * as Effect from "effect/Effect"
import type { AbsenceJournal, JournalError } from "../../calls/PlacementJournal.ts"
import type { RetentionJournal } from "../../calls/RetentionJournal.ts"
import type { Journal } from "./model.ts"
import { same } from "./modelState.ts"

export type Fail = (message: string) => void

export interface Law {
  readonly name: string
  /** Tells `fail` everything that is wrong. */
  readonly check: (journal: Journal, fail: Fail) => Effect.Effect<void, JournalError>
}

/** What `Option`s and placements hold is shown as JSON: everything in these tests is invented. */
export const expectSame = (fail: Fail, what: string, got: unknown, expected: unknown): void => {
  if (!same(got, expected)) fail(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`)
}

export const law = (name: string, check: Law["check"]): Law => ({ name: `MUST ${name}`, check })

/** Nothing is asked of a journal that keeps no placements that are absent: no policy is taken on it. */
export const lawOfAbsence = (
  name: string,
  check: (journal: Journal, fail: Fail, absence: AbsenceJournal) => Effect.Effect<void, JournalError>
): Law =>
  law(name, (journal, fail) => (journal.absence === undefined ? Effect.void : check(journal, fail, journal.absence)))

/** Nothing is asked of a journal that neither compacts nor deletes. */
export const lawOfRetention = (
  name: string,
  check: (journal: Journal, fail: Fail, retention: RetentionJournal) => Effect.Effect<void, JournalError>
): Law =>
  law(name, (journal, fail) =>
    journal.retention === undefined ? Effect.void : check(journal, fail, journal.retention)
  )
