/**
 * Records what is heard of placed calls in a feed of changes. Every order that anybody reads is recorded before it is handed on, hence
 * before the journal goes by it; what the journal is told, after it has been written. An end is written into the journal only once the
 * feed has it. So whatever is lost when a process dies, the journal still has open, and the sweep reads it again.
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { OrderFact } from "../../domain/Fact.ts"
import type { OrderId, ProviderId } from "../../domain/Identifiers.ts"
import type { CallProvider } from "../../provider/CallProvider.ts"
import { nowInstant } from "../currentInstant.ts"
import { holderOf, type Owner } from "../ownership.ts"
import type { JournalError, Placement, PlacementJournal, Settlement } from "../PlacementJournal.ts"
import type { HeardBy } from "./CallChange.ts"
import type { ChangeFeed } from "./ChangeFeed.ts"
import { CurrentHeardBy } from "./CurrentHeardBy.ts"
import { readingOfFact, seenFreed, seenPlacement } from "./heardOf.ts"
import type { Seen } from "./KnownCall.ts"
import { makeLately } from "./lately.ts"
import type { Reading } from "./Reading.ts"

type Journal = PlacementJournal["Service"]
type Ended = Extract<Settlement, { readonly state: "ended" }>

export interface RecorderContext {
  readonly feed: ChangeFeed["Service"]
  readonly journal: Journal
  readonly owner: Owner
  /** What is recorded is recorded here, whatever becomes of who heard it. */
  readonly scope: Scope.Scope
  /** Told of every change. */
  readonly onNews: () => void
}

export interface Recorder {
  /** The journal, of which nothing is written without its being recorded. */
  readonly journal: Journal
  /** The provider, of which no order is read without its being recorded. */
  readonly recorded: (provider: CallProvider) => CallProvider
  /** Records how placements stand; whether that was done. Never fails. */
  readonly record: (seen: ReadonlyArray<Seen>) => Effect.Effect<boolean>
}

/** A feed that does not answer keeps nobody from reading, and for a while nothing is asked of it. */
const PATIENCE = Duration.seconds(2)
const REST_MILLIS = 5000

export const makeRecorder = ({ feed, journal, owner, scope, onNews }: RecorderContext): Recorder => {
  const { tenant } = owner
  /** What the feed has of each order and placement, as text. */
  const recordedAs = makeLately<string>(10_000)
  /** Readings of orders that no placement was known to have, or that could not be recorded. */
  const unrecorded = makeLately<{ readonly reading: Reading; readonly heardBy: HeardBy }>(1000)
  let failedAt = Number.NEGATIVE_INFINITY

  /** Never fails, and takes no longer than its patience; whether it was done. It is not undone by the end of who asked for it. */
  const attempt = (work: Effect.Effect<void, JournalError>): Effect.Effect<boolean> =>
    Effect.clockWith((clock) => {
      const now = clock.currentTimeMillisUnsafe()
      if (now >= failedAt && now - failedAt < REST_MILLIS) return Effect.succeed(false)
      const done = work.pipe(
        Effect.timeout(PATIENCE),
        Effect.as(true),
        Effect.catchCause((cause) => {
          if (Cause.hasInterruptsOnly(cause)) return Effect.succeed(false)
          failedAt = clock.currentTimeMillisUnsafe()
          return Effect.as(Effect.logWarning(`changes of calls could not be recorded: ${messageOf(cause)}`), false)
        })
      )
      return Effect.map(
        Effect.flatMap(Effect.forkIn(done, scope), Fiber.await),
        (exit) => Exit.isSuccess(exit) && exit.value
      )
    })

  const append = Effect.fnUntraced(function* (seen: ReadonlyArray<Seen>): Effect.fn.Return<void, JournalError> {
    if (seen.length > 0 && (yield* feed.record(tenant, seen, yield* nowInstant)) > 0) onNews()
  })

  const record = (seen: ReadonlyArray<Seen>): Effect.Effect<boolean> => {
    const fresh = seen.filter((each) => recordedAs.get(each.key) !== textOf(each))
    if (fresh.length === 0) return Effect.succeed(true)
    return Effect.tap(attempt(append(fresh)), (isDone) =>
      Effect.sync(() => {
        if (isDone) for (const each of fresh) recordedAs.set(each.key, textOf(each))
      })
    )
  }

  const ourPlacement = (provider: ProviderId, orderId: OrderId): Effect.Effect<Placement | undefined, JournalError> =>
    Effect.map(journal.findCall({ tenant, provider, orderId }), (found) =>
      Option.getOrUndefined(Option.filter(found, (placement) => holderOf(owner, placement) === "us"))
    )

  /** Of orders that were read: those of our placements. The others are kept in mind, for a placement may be found to have them. */
  const hear = (provider: CallProvider, facts: ReadonlyArray<OrderFact>, by: "read" | "list"): Effect.Effect<void> => {
    const { providerId } = provider.adapter
    const hearing = Effect.flatMap(CurrentHeardBy, (hearing) => {
      const heardBy = hearing === "webhook" ? hearing : by
      const fresh = facts.flatMap((fact) => {
        const reading = readingOfFact(provider, fact)
        const key = orderKey(providerId, fact.id)
        const text = textOfReading(reading)
        return recordedAs.get(key) === text ? [] : [{ key, reading, text }]
      })
      if (fresh.length === 0) return Effect.void
      for (const { key, reading } of fresh) unrecorded.set(key, { reading, heardBy })
      const recording = Effect.gen(function* () {
        const now = yield* nowInstant
        const placed = yield* Effect.forEach(
          fresh,
          (each) =>
            Effect.map(ourPlacement(providerId, each.reading.orderId), (placement) => {
              const seen = placement && seenPlacement(placement, now, { reading: each.reading, heardBy })
              return seen === undefined ? [] : [{ ...each, seen }]
            }),
          { concurrency: 16 }
        )
        const ours = placed.flat()
        yield* append(ours.map(({ seen }) => seen))
        for (const { key, text, reading } of ours) {
          recordedAs.set(key, text)
          if (unrecorded.get(key)?.reading === reading) unrecorded.delete(key)
        }
      })
      return Effect.asVoid(attempt(recording))
    })
    return Effect.catchDefect(hearing, () => Effect.logWarning("what was read of calls is no change: a defect"))
  }

  /** Of a placement that has just been written down. */
  const hearPlacement = (placement: Placement, more: Partial<Seen> = {}): Effect.Effect<boolean> =>
    Effect.gen(function* () {
      if (holderOf(owner, placement) !== "us") return true
      const key = placement.orderId === undefined ? "" : orderKey(placement.provider, placement.orderId)
      const last = unrecorded.get(key)
      const heardBy = (yield* CurrentHeardBy) ?? last?.heardBy
      const seen = seenPlacement(placement, yield* nowInstant, { reading: last?.reading, heardBy })
      if (seen === undefined) return true
      const isDone = yield* record([{ ...seen, ...more }])
      if (isDone && last !== undefined && unrecorded.get(key) === last) unrecorded.delete(key)
      return isDone
    })

  /** The journal reads nothing again that has ended, so an end has to be in the feed by then. Until it is, the call stays open. */
  const settleEnd = Effect.fnUntraced(function* (
    key: Parameters<Journal["settle"]>[0],
    token: string,
    settlement: Ended,
    at: Parameters<Journal["settle"]>[3]
  ): Effect.fn.Return<Option.Option<Placement>, JournalError> {
    const { orderId, status } = settlement
    const settle = (what: Settlement) => journal.settle(key, token, what, at)
    const open = settle({ ...settlement, state: "accepted" })
    const held = Option.getOrUndefined(yield* journal.find(key))
    const isNews = held?.token === token && held.state !== "ended" && (held.orderId ?? orderId) === orderId
    if (!isNews) return yield* settle(settlement)
    const isKnown = held.orderId !== undefined && holderOf(owner, held) === "us"
    const accepted = isKnown ? held : Option.getOrUndefined(yield* open)
    if (accepted?.orderId !== orderId) return Option.fromNullishOr(accepted)
    if (yield* hearPlacement(accepted, { over: true, status })) return yield* settle(settlement)
    return isKnown ? yield* open : Option.some(accepted)
  })

  return {
    record,
    journal: {
      ...journal,
      settle: (key, token, settlement, at) =>
        settlement.state === "ended"
          ? settleEnd(key, token, settlement, at)
          : Effect.tap(journal.settle(key, token, settlement, at), (settled) =>
              Option.isSome(settled) ? hearPlacement(settled.value) : Effect.void
            ),
      release: (key, token, changedAt) =>
        Effect.gen(function* () {
          const held = Option.getOrUndefined(yield* journal.find(key))
          const isReleased = yield* journal.release(key, token, changedAt)
          if (isReleased && held?.token === token) yield* record([seenFreed(held, yield* CurrentHeardBy)])
          return isReleased
        })
    },
    recorded: (provider) => ({
      ...provider,
      get: (id) => Effect.tap(provider.get(id), (fact) => hear(provider, [fact], "read")),
      getMany: (ids, detail) =>
        Effect.tap(provider.getMany(ids, detail), ({ orders }) => hear(provider, orders, "read")),
      list: (filter) =>
        Stream.mapArrayEffect(provider.list(filter), (facts) =>
          Effect.as(
            hear(
              provider,
              facts.filter((fact) => fact.kind === "order"),
              "list"
            ),
            facts
          )
        )
    })
  }
}

const orderKey = (provider: ProviderId, id: OrderId): string => JSON.stringify([provider, id])

const textOfReading = ({ digests, attempts, ...reading }: Reading): string =>
  JSON.stringify([reading, [...digests], attempts.map((each) => [each, [...each.digests]])])

const textOf = ({ reading, heardBy: _by, ...seen }: Seen): string =>
  JSON.stringify([seen, reading === undefined ? "" : textOfReading(reading)])

const messageOf = (cause: Cause.Cause<{ readonly message: string }>): string =>
  Option.match(Cause.findErrorOption(cause), { onNone: () => "a defect", onSome: ({ message }) => message })
