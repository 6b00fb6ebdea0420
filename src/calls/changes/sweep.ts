/**
 * The sweep of a feed of changes: what was lost when a process died, or was never heard because no message came, is heard now. How
 * placements stand is recorded again, and calls are read of which nothing was heard for long, and those that ended a while ago and are
 * not complete. What is recorded twice is told once.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Instant, instantAt } from "../../domain/Instant.ts"
import type { OrderId } from "../../domain/Identifiers.ts"
import type { CallError } from "../../provider/CallError.ts"
import type { CallProvider } from "../../provider/CallProvider.ts"
import { WATCH } from "../absence.ts"
import { asideOf } from "../attribution.ts"
import { hasOrder } from "../heldReference.ts"
import { type AtProvider, reconcileAt } from "../outcome.ts"
import { placementsAt } from "../ownership.ts"
import type { JournalError, Placement } from "../PlacementJournal.ts"
import type { CallStage, ChangeFeed, FeedCall } from "./ChangeFeed.ts"
import { seenPlacement } from "./heardOf.ts"
import type { Seen } from "./KnownCall.ts"
import type { Recorder } from "./recorder.ts"

export interface SweepContext {
  readonly feed: ChangeFeed["Service"]
  readonly record: Recorder["record"]
  /** Each provider that is opened. */
  readonly sites: ReadonlyArray<AtProvider>
  readonly tenant: string
  /** Accepted calls of which nothing was heard for so long are read. */
  readonly olderThan: Duration.Duration
}

/** Of each provider, in one pass. */
const MOST_PLACEMENTS = 10_000
const MOST_READ = 1000

/** How long after its end a call is read for what is still to arrive. */
const ARRIVING = Duration.hours(1)

const PAGE = 500

const ALWAYS = Instant.make("9999-12-31T23:59:59.999Z")
const EVER = Instant.make("0000-01-01T00:00:00.000Z")

export const makeSweep = ({ feed, record, sites, tenant, olderThan }: SweepContext) => {
  /** Those of a stage with news since, but for what is told while this goes on. */
  const callsIn = Effect.fnUntraced(function* (stage: CallStage, since: Instant, until: Instant) {
    const all: Array<FeedCall> = []
    let after: Pick<FeedCall, "key" | "changedAt"> = { key: "", changedAt: since }
    for (;;) {
      const page = yield* feed.calls({ tenant, stage, after, limit: PAGE })
      all.push(...page.filter(({ changedAt }) => changedAt <= until))
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE || last.changedAt > until) return all
      after = last
    }
  })

  /** How placements stand by the journal: those that are open, and those called absent not long ago. */
  const placementsOf = Effect.fnUntraced(function* ({ journal, owner, provider }: AtProvider, now: number) {
    const filter = { ...placementsAt(owner, provider), limit: MOST_PLACEMENTS }
    const open = yield* journal.unfinished({ ...filter, before: ALWAYS })
    const since = instantAt(now - Duration.toMillis(WATCH)) ?? EVER
    const absent = journal.absence === undefined ? [] : yield* journal.absence.absent({ ...filter, since })
    return { open, absent }
  })

  /** The placement as it is kept by now. */
  const find = ({ journal, owner }: AtProvider, { key, known }: FeedCall) =>
    Effect.gen(function* (): Effect.fn.Return<Placement | undefined, JournalError> {
      const { provider, reference, orderId } = known
      const found = yield* orderId === undefined
        ? Effect.forEach([reference, asideOf(reference, key)], (each) =>
            journal.find({ tenant: owner.tenant, reference: each })
          )
        : Effect.map(journal.findCall({ tenant: owner.tenant, provider, orderId }), (each) => [each])
      return found.map(Option.getOrUndefined).find((each) => each?.token === key)
    })

  /** Told as open, and not among those that the journal has as open: given up, or over, and nobody said so. */
  const recordGone = Effect.fnUntraced(function* (
    at: AtProvider,
    call: FeedCall,
    now: Instant
  ): Effect.fn.Return<void, JournalError> {
    const { key, known } = call
    const { provider, reference, orderId } = known
    const placement = yield* find(at, call)
    if (placement === undefined && orderId !== undefined) return
    const seen: Seen | undefined =
      placement === undefined ? { key, provider, reference, state: "free" } : seenPlacement(placement, now)
    if (seen !== undefined) yield* record([seen])
  })

  const read = ({ adapter, getMany }: CallProvider, ids: ReadonlyArray<OrderId>): Effect.Effect<void> =>
    ids.length === 0
      ? Effect.void
      : Effect.matchEffect(getMany(ids, "whole"), {
          onSuccess: ({ failures }) =>
            failures.size === 0 ? Effect.void : unread(`${failures.size} calls of ${adapter.providerId}`),
          onFailure: ({ message }) => unread(message)
        })

  const sweepAt = Effect.fnUntraced(function* (
    at: AtProvider,
    told: { readonly open: ReadonlyArray<FeedCall>; readonly ended: ReadonlyArray<FeedCall> }
  ): Effect.fn.Return<void, CallError | JournalError> {
    const now = yield* Clock.currentTimeMillis
    const moment = instantAt(now) ?? EVER
    const { open, absent } = yield* placementsOf(at, now)
    yield* record([...open, ...absent].flatMap((placement) => seenPlacement(placement, moment) ?? []))
    const inJournal = new Set([...open, ...absent].map(({ token }) => token))
    const ofProvider = ({ known }: FeedCall) => known.provider === at.provider.adapter.providerId
    const gone = told.open.filter((call) => ofProvider(call) && !inJournal.has(call.key))
    // Where there are more than were listed, nobody knows which are gone.
    if (open.length < MOST_PLACEMENTS) for (const call of gone) yield* recordGone(at, call, moment)
    yield* read(
      at.provider,
      told.ended.filter(ofProvider).flatMap(({ known }) => known.orderId ?? [])
    )
    const isStale = ({ changedAt }: Placement) => now - Date.parse(changedAt) >= Duration.toMillis(olderThan)
    yield* reconcileAt(at, open.filter(hasOrder).filter(isStale).slice(0, MOST_READ), () => true)
  })

  return Effect.gen(function* (): Effect.fn.Return<void, JournalError> {
    const now = yield* Clock.currentTimeMillis
    const moment = instantAt(now) ?? EVER
    const open = yield* callsIn("open", EVER, moment)
    const ended = yield* callsIn("ended", instantAt(now - Duration.toMillis(ARRIVING)) ?? EVER, moment)
    yield* Effect.forEach(sites, (at) => Effect.catch(sweepAt(at, { open, ended }), ({ message }) => unread(message)), {
      concurrency: "unbounded",
      discard: true
    })
  })
}

const unread = (what: string): Effect.Effect<void> => Effect.logWarning(`the sweep of changes could not read ${what}`)
