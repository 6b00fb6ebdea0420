/** What failed, for the log: without its words, which may quote a number or what was sent. */
import * as Cause from "effect/Cause"
import { problemOf } from "../calls/journalAnswers.ts"
import { JournalError } from "../calls/PlacementJournal.ts"

export const kindOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  return error instanceof JournalError ? error.message : problemOf(error)
}
