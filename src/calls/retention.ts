/**
 * Keeping less of orders that are over. Compacting leaves what keeps a reference taken; deleting leaves nothing, so that
 * the reference may be placed again and the person be called again. Neither touches what is not ended.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Instant, instantAt } from "../domain/Instant.ts"
import { present } from "../domain/present.ts"
import { CallError, InvalidRequest } from "../provider/CallError.ts"
import { isTenant } from "./ownership.ts"
import { type JournalError, PlacementJournal, type PlacementKey } from "./PlacementJournal.ts"
import type { Ended, EndedCount, EndedProgress, EndedStep, RetentionJournal } from "./RetentionJournal.ts"

/** Which ended placements are meant. */
export interface EndedOptions {
  /** Those whose end was written down before: a day ago or earlier, to delete them thirty days. */
  readonly endedBefore: Instant
  /** Only this tenant's; `""` for the common tenant of all who name none. @default everybody's */
  readonly tenant?: string | undefined
}

/** Which are deleted, and that somebody knows what it permits. */
export interface DeleteOptions extends EndedOptions {
  /**
   * The references may be placed again, and the people be called again; a webhook or an import of these orders is that of
   * an unknown one.
   */
  readonly permits: "placing_again"
}

/** Before that, yesterday's file may be run again, and whoever does is told where an order differs. */
export const COMPACTED_AFTER = Duration.days(1)

/** Longer than the list of any provider is known to tell an order, which would be taken for the one that is placed again. */
export const DELETED_AFTER = Duration.days(30)

/** Placements that a step looks at: a few milliseconds of a journal's time. */
const STEP = 1000

const invalid = (field: string, expected: string): CallError =>
  new CallError({ operation: "configure", reason: new InvalidRequest({ field, expected }) })

const daysOf = (age: Duration.Duration): string => {
  const days = Duration.toDays(age)
  return days === 1 ? "a day" : `${days} days`
}

/** Fails unless so much time has passed since, by our clock. */
export const insistOnAge = Effect.fnUntraced(function* (
  endedBefore: Instant,
  least: Duration.Duration
): Effect.fn.Return<void, CallError> {
  const latest = instantAt((yield* Clock.currentTimeMillis) - Duration.toMillis(least))
  if (latest === undefined || endedBefore > latest)
    return yield* invalid("endedBefore", `a time ${daysOf(least)} ago, or earlier`)
})

const opened = Effect.fnUntraced(function* ({ endedBefore, tenant }: EndedOptions, least: Duration.Duration) {
  const { retention } = yield* PlacementJournal
  if (retention === undefined)
    return yield* invalid("journal", "one that can: its functions countEnded, compactEnded and deleteEnded are missing")
  if (tenant !== undefined && tenant !== "" && !isTenant(tenant))
    return yield* invalid("tenant", "one line of 1 to 200 characters, or nothing for the common tenant")
  yield* insistOnAge(endedBefore, least)
  return { retention, filter: { endedBefore, ...present({ tenant }) } satisfies Ended }
})

/** Between two steps others come in, and whoever is stopped there has done a part: the next time does the rest. */
export const allOf = Effect.fnUntraced(function* (
  step: (step: EndedStep) => Effect.Effect<EndedProgress, JournalError>,
  filter: Ended
): Effect.fn.Return<number, JournalError> {
  let changed = 0
  let after: PlacementKey | undefined
  do {
    const progress: EndedProgress = yield* step({ ...filter, ...present({ after }), limit: STEP })
    changed += progress.changed
    after = progress.next
  } while (after !== undefined)
  return changed
})

const changing = (
  options: EndedOptions,
  least: Duration.Duration,
  stepOf: (retention: RetentionJournal) => RetentionJournal["compactEnded"]
): Effect.Effect<number, CallError | JournalError, PlacementJournal> =>
  Effect.flatMap(opened(options, least), ({ retention, filter }) => allOf(stepOf(retention), filter))

/** How many placements ended before, and how many of them would be compacted or deleted. Changes none. */
export const countEnded = (
  options: EndedOptions
): Effect.Effect<EndedCount, CallError | JournalError, PlacementJournal> =>
  Effect.flatMap(opened(options, Duration.zero), ({ retention, filter }) => retention.countEnded(filter))

/**
 * Leaves of ended placements the reference, whose it is, provider, order and times, so that the references stay taken for
 * ever. Whether an order is the same one can no longer be told of them. How many were compacted.
 */
export const compactEnded = (
  options: EndedOptions
): Effect.Effect<number, CallError | JournalError, PlacementJournal> =>
  changing(options, COMPACTED_AFTER, ({ compactEnded: step }) => step)

/** Deletes ended placements: their references are free. How many were deleted. */
export const deleteEnded = (
  options: DeleteOptions
): Effect.Effect<number, CallError | JournalError, PlacementJournal> =>
  changing(options, DELETED_AFTER, ({ deleteEnded: step }) => step)
