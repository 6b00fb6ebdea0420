/** A law of the journal, and how its cases compare. */
import type * as Effect from "effect/Effect"
import type { JournalError } from "../../calls/PlacementJournal.ts"
import type { Journal } from "./model.ts"
import { same } from "./step.ts"

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
