/** Keeping less of orders that are over, for programs that are not written in Effect: on a journal, without any provider. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import { JournalHandle } from "../calls/JournalHandle.ts"
import type { JournalError, PlacementJournal } from "../calls/PlacementJournal.ts"
import * as Retention from "../calls/retention.ts"
import type { EndedCount } from "../calls/RetentionJournal.ts"
import { present } from "../domain/present.ts"
import { momentGiven } from "../domain/Instant.ts"
import type { CallError } from "../provider/CallError.ts"
import type { Check } from "../provider/optionChecks.ts"
import { insist, invalid, rejectionOfCause } from "./failureOf.ts"
import { CHECKS, type DeleteEndedOptions, type EndedOptions } from "./OperationOptions.ts"

type Work<A> = Effect.Effect<A, CallError | JournalError, PlacementJournal>

/** The journal is opened for this alone, and closed again. */
const onJournal = async <A, Options extends EndedOptions>(
  journal: JournalHandle,
  check: Check,
  options: Options,
  work: (given: Retention.EndedOptions) => Work<A>
): Promise<A> => {
  if (!(journal instanceof JournalHandle))
    throw invalid("configure", { field: "journal", expected: "a journal, such as sqliteJournal(file) makes" })
  insist("configure", check, options)
  const { signal, tenant } = options
  const endedBefore = momentGiven(options.endedBefore)
  if (endedBefore === undefined) throw invalid("configure", { field: "endedBefore", expected: "a time" })
  const insistOnGoing = (): void => {
    if (signal?.aborted === true) throw signal.reason
  }
  insistOnGoing()
  const working = work({ endedBefore, ...present({ tenant }) }).pipe(
    Effect.provide(JournalHandle.layerOf(journal), { local: true }),
    Effect.provide(Logger.layer([]))
  )
  const exit = await Effect.runPromiseExit(working, present({ signal }))
  if (Exit.isSuccess(exit)) return exit.value
  insistOnGoing()
  throw rejectionOfCause(exit.cause)
}

/**
 * How many placements ended before, and how many of them would be compacted or deleted. Changes none. Rejects with a
 * `JournalFailure` if the journal cannot be used, and with `InvalidRequest` for what is not as it must be.
 *
 * @example await countEnded(sqliteJournal("calls.sqlite"), { endedBefore: "2026-01-01T00:00:00Z" })
 */
export const countEnded = (journal: JournalHandle, options: EndedOptions): Promise<EndedCount> =>
  onJournal(journal, CHECKS.ended, options, Retention.countEnded)

/**
 * Leaves of ended placements the reference, whose it is, provider, order and times, so that their references stay taken for
 * ever; whether an order is the same one can no longer be told of them. How many were compacted. Others may place meanwhile;
 * aborted, it has done a part.
 */
export const compactEnded = (journal: JournalHandle, options: EndedOptions): Promise<number> =>
  onJournal(journal, CHECKS.ended, options, Retention.compactEnded)

/** Deletes ended placements: their references may be placed again, and the people be called again. How many were deleted. */
export const deleteEnded = (journal: JournalHandle, options: DeleteEndedOptions): Promise<number> =>
  onJournal(journal, CHECKS.deleteEnded, options, (given) =>
    Retention.deleteEnded({ ...given, permits: options.permits })
  )
