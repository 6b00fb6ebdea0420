/** Claims what is due and deals with it, a few calls of each provider at a time. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { JournalError } from "../calls/PlacementJournal.ts"
import type { ProviderId } from "../domain/Identifiers.ts"
import { instantAt } from "../domain/Instant.ts"
import { LONGEST_PAUSE } from "./afterReading.ts"
import { type Dealing, makeDeal } from "./deal.ts"
import type { Dealt, InboxEntry } from "./WebhookInbox.ts"

/** What became of calls, by number. */
export interface Counts {
  readonly done: number
  /** Nobody placed them here, or their provider does not know them or refuses them. */
  readonly unknown: number
  readonly again: number
  readonly parked: number
}

/** How long a claim is good for: what is claimed is read at once, and for less long than that. */
const LEASE = Duration.toMillis(Duration.minutes(5))

/**
 * By how much the clocks of processes that share an inbox may differ. What one that is ahead has claimed or put off is not free to the
 * others: each would take it from the other, for ever. That long it waits, too, where a clock is set back and its process has died.
 */
const CLOCKS_APART = Duration.toMillis(Duration.hours(1))

const CLAIMED_AT_ONCE = 16

const outcomeOf = (dealt: Dealt): keyof Counts => {
  if (dealt.state === "done") return dealt.problem === undefined ? "done" : "unknown"
  return dealt.state === "waiting" ? "again" : "parked"
}

const count = (all: ReadonlyArray<Dealt | undefined>): Counts => {
  const counts = { done: 0, unknown: 0, again: 0, parked: 0 }
  for (const dealt of all) if (dealt !== undefined) counts[outcomeOf(dealt)] += 1
  return counts
}

export const sumOf = (all: ReadonlyArray<Counts>): Counts => {
  const sum = (name: keyof Counts): number => all.reduce((total, counts) => total + counts[name], 0)
  return { done: sum("done"), unknown: sum("unknown"), again: sum("again"), parked: sum("parked") }
}

interface Dispatching extends Dealing {
  readonly tenant: string
  /** Told that there is room for another call of a provider. */
  readonly ended: (provider: ProviderId) => void
}

/** Until its scope ends; then what is claimed is free at once. */
export const makeDispatch = Effect.fnUntraced(function* (dispatching: Dispatching) {
  const { inbox, tenant, ended } = dispatching
  const { dealWith, giveBack } = makeDeal(dispatching)
  const scope = yield* Effect.scope
  /** What is claimed, with what deals with it. */
  const held = new Map<InboxEntry, Fiber.Fiber<Dealt | undefined>>()
  yield* Effect.addFinalizer(() => Effect.forEach(held.keys(), giveBack, { concurrency: "unbounded", discard: true }))

  const heldOf = (provider: ProviderId) => [...held].filter(([entry]) => entry.provider === provider)

  const claim = Effect.fnUntraced(function* (provider: ProviderId, limit: number) {
    const now = yield* Clock.currentTimeMillis
    const [at, until, latest] = [now, now + LEASE, now + LONGEST_PAUSE + CLOCKS_APART].map(instantAt)
    if (limit < 1 || at === undefined || until === undefined || latest === undefined) return []
    return yield* inbox.claim({ tenant, provider, now: at, until, latest, limit })
  })

  const begin = Effect.fnUntraced(function* (entry: InboxEntry) {
    const over = (dealt: Dealt | undefined) =>
      Effect.sync(() => {
        held.delete(entry)
        // What another process has taken meanwhile would be taken back at once.
        if (dealt !== undefined) ended(entry.provider)
      })
    const fiber = yield* Effect.forkIn(Effect.tap(dealWith(entry), over), scope)
    held.set(entry, fiber)
    return fiber
  })

  /** Begins to deal with as many as there is room for. Nothing is claimed that is not held. */
  const start = Effect.fnUntraced(function* (provider: ProviderId) {
    const claimed = yield* claim(provider, CLAIMED_AT_ONCE - heldOf(provider).length)
    return yield* Effect.forEach(claimed, begin)
  }, Effect.uninterruptible)

  return {
    start,
    /** Deals with all that is due of one provider; ends where others take it all, or what came of it cannot be written down. */
    finish: Effect.fnUntraced(function* (provider: ProviderId): Effect.fn.Return<Counts, JournalError> {
      const all: Array<Dealt | undefined> = []
      for (;;) {
        const started = yield* start(provider)
        const open = heldOf(provider).map(([, fiber]) => fiber)
        if (started.length === 0 && open.length === 0) return count(all)
        const dealt = yield* Fiber.joinAll(started)
        all.push(...dealt)
        yield* Fiber.awaitAll(open)
        if (started.length > 0 && dealt.every((each) => each === undefined)) return count(all)
      }
    })
  }
})
