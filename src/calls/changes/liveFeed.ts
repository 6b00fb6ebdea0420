/** The feed of changes of live calls: what is heard is recorded where there is one, swept for, told, and forgotten in time. */
import * as Context from "effect/Context"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { instantAt } from "../../domain/Instant.ts"
import type { CallError } from "../../provider/CallError.ts"
import type { CallProvider } from "../../provider/CallProvider.ts"
import type { AtProvider } from "../outcome.ts"
import type { Owner } from "../ownership.ts"
import { type JournalError, PlacementJournal } from "../PlacementJournal.ts"
import { again, pauseOf } from "../settleEvery.ts"
import type { CallChange, HeardBy } from "./CallChange.ts"
import { ChangeFeed } from "./ChangeFeed.ts"
import { type ChangesOptions, consume, type ConsumingContext, invalidChanges } from "./consume.ts"
import { CurrentHeardBy } from "./CurrentHeardBy.ts"
import { makeRecorder } from "./recorder.ts"
import { makeSweep } from "./sweep.ts"

/** What is done for a feed of changes beside recording. */
export interface FeedOptions {
  /**
   * How often what was lost or never heard is looked for: calls are read of which nothing was heard for so long. At least 1 second,
   * finite.
   *
   * @default every 5 minutes while somebody consumes
   */
  readonly sweep?: Duration.Input | undefined
  /** How long changes are kept. @default 7 days */
  readonly keepFor?: Duration.Input | undefined
}

const SWEEP = Duration.minutes(5)
const KEPT = Duration.days(7)

/** What was told of a call that is over is known so long after there was something to tell; read later, it is told anew. */
const CALLS_KEPT = Duration.days(30)

const FORGETTING = Duration.hours(1)
/** Forgotten in one step: a few milliseconds, for which others wait. */
const STEP = 1000

export interface LiveFeed {
  /** The journal, and a provider, of which whatever is heard is recorded. */
  readonly journal: PlacementJournal["Service"]
  readonly recorded: (provider: CallProvider) => CallProvider
  /** An operation by which something is heard. */
  readonly hearing: <A, E, R>(by: HeardBy, operation: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  readonly changes: (
    options: ChangesOptions,
    read: ConsumingContext["read"]
  ) => Stream.Stream<CallChange, CallError | JournalError>
  /** Sweeps and forgets from now on, until the scope closes. */
  readonly start: (sites: ReadonlyArray<AtProvider>) => Effect.Effect<void>
}

const withoutFeed = (journal: PlacementJournal["Service"]): LiveFeed => ({
  journal,
  recorded: (provider) => provider,
  hearing: (_, operation) => operation,
  changes: () =>
    Stream.fail(
      invalidChanges({
        field: "changes",
        expected:
          "a feed, given when the calls are opened: the option changes, or ChangeFeed in the context of VoiceCalls"
      })
    ),
  start: () => Effect.void
})

interface LiveFeedContext {
  readonly owner: Owner
  readonly scope: Scope.Scope
  readonly options: FeedOptions | undefined
}

/**
 * Without a `ChangeFeed` in the context everything stays as it is, to the step. Fails with `InvalidRequest`, operation `configure`.
 */
export const liveFeedIn = (
  context: Context.Context<PlacementJournal>,
  options: LiveFeedContext
): Effect.Effect<LiveFeed, CallError> => {
  const journal = Context.get(context, PlacementJournal)
  return Option.match(Context.getOption(context, ChangeFeed), {
    onNone: () => Effect.succeed(withoutFeed(journal)),
    onSome: (feed) => makeLiveFeed(feed, journal, options)
  })
}

const makeLiveFeed = Effect.fnUntraced(function* (
  feed: ChangeFeed["Service"],
  journal: PlacementJournal["Service"],
  { owner, scope, options: { sweep, keepFor = KEPT } = {} }: LiveFeedContext
): Effect.fn.Return<LiveFeed, CallError> {
  const { tenant } = owner
  const every = yield* pauseOf("changes.sweep", sweep)
  const kept = (yield* pauseOf("changes.keepFor", keepFor)) ?? KEPT

  let coming = Deferred.makeUnsafe<void>()
  const onNews = (): void => {
    Deferred.doneUnsafe(coming, Effect.void)
    coming = Deferred.makeUnsafe()
  }
  const recorder = makeRecorder({ feed, journal, owner, scope, onNews })

  const consumed = Latch.makeUnsafe()
  let consumers = 0
  const counted = Effect.acquireRelease(
    Effect.sync(() => {
      consumers += 1
      consumed.openUnsafe()
    }),
    () =>
      Effect.sync(() => {
        consumers -= 1
        if (consumers === 0) consumed.closeUnsafe()
      })
  )

  const forgetting = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const changesBefore = instantAt(now - Duration.toMillis(kept))
    const callsBefore = instantAt(now - Duration.toMillis(Duration.max(kept, CALLS_KEPT)))
    if (changesBefore === undefined || callsBefore === undefined) return
    for (;;) {
      const { changes, calls } = yield* feed.forget({ tenant, changesBefore, callsBefore, limit: STEP })
      if (changes < STEP && calls < STEP) return
    }
  })

  return {
    journal: recorder.journal,
    recorded: recorder.recorded,
    hearing: (by, operation) => Effect.provideService(operation, CurrentHeardBy, by),
    changes: (asked, read) =>
      Stream.unwrap(Effect.as(counted, consume({ feed, tenant, read, news: () => coming }, asked))),
    start: (sites) =>
      Effect.gen(function* () {
        const { record } = recorder
        const sweeping = makeSweep({ feed, record, sites, tenant, olderThan: every ?? SWEEP })
        const whenWanted = every === undefined ? Effect.andThen(consumed.await, sweeping) : sweeping
        yield* Effect.forkIn(again(whenWanted, every ?? SWEEP, "the sweep of changes failed"), scope)
        yield* Effect.forkIn(again(forgetting, FORGETTING, "old changes could not be forgotten"), scope)
      })
  }
})
