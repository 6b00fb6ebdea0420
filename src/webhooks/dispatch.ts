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
    const [at, until, latest] = [instantAt(now), instantAt(now + LEASE), instantAt(now + LONGEST_PAUSE)]
    if (limit < 1 || at === undefined || until === undefined || latest === undefined) return []
    return yield* inbox.claim({ tenant, provider, now: at, until, latest, limit })
  })

  const begin = Effect.fnUntraced(function* (entry: InboxEntry) {
    const over = Effect.sync(() => {
      held.delete(entry)
      ended(entry.provider)
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
    /** Deals with all that is due of one provider. */
    finish: Effect.fnUntraced(function* (provider: ProviderId): Effect.fn.Return<Counts, JournalError> {
      const all: Array<Dealt | undefined> = []
      for (;;) {
        const started = yield* start(provider)
        const open = heldOf(provider).map(([, fiber]) => fiber)
        if (started.length === 0 && open.length === 0) return count(all)
        all.push(...(yield* Fiber.joinAll(started)))
        yield* Fiber.awaitAll(open)
      }
    })
  }
})
