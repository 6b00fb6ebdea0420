/**
 * Watching the calls of one provider. One loop looks at all calls that somebody waits for, together where the provider
 * reads several at once; a waiter is an entry in it and costs neither fiber nor timer of its own.
 */
import * as Arr from "effect/Array"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { OrderFact } from "../domain/Fact.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import type { JsonObject } from "../domain/Json.ts"
import { mergeReadings } from "../domain/Merge.ts"
import { viewOrder } from "../domain/View.ts"
import {
  CallError,
  type CallErrorReason,
  formatCallRef,
  NotFound,
  type Operation,
  Unresolved
} from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import { GROWTH, type PollOptions } from "./Waiting.ts"

/** Somebody who waits for a call. */
export interface Waiter {
  readonly operation: Operation
  /** Milliseconds on the clock. */
  readonly deadline: number
  /** Called with each changed record; true: nothing more is awaited. */
  readonly onRecord: (order: CallOrder) => boolean
  readonly onError: (error: CallError) => void
}

export interface Poller {
  /** Looks at the call at once and then again and again; the returned function ends it. */
  readonly wait: (id: OrderId, waiter: Waiter) => () => void
  /** Looks at the call at once if somebody waits for it: something was heard of it. */
  readonly wake: (id: OrderId) => void
  /** How many calls are looked at. */
  readonly size: () => number
}

interface Entry {
  readonly id: OrderId
  /** All that was read so far, merged. Its record is made when somebody is to see it: many wait, few look. */
  fact: OrderFact | undefined
  /** The provider's record as it was last read. */
  native: JsonObject | undefined
  nextAt: number
  interval: number
  /** Looks in a row at which the provider did not know the call. */
  misses: number
  busy: boolean
  /** Something was heard while it was being looked at: the look may have come too early. */
  again: boolean
  waiters: ReadonlyArray<Waiter>
}

/** A call that has just been placed may not be found yet everywhere at the provider. */
const MOST_MISSES = 5

/** Calls due within this are looked at together. */
const TOGETHER_MILLIS = 250

/** Requests under way at a time; the client may have a smaller cap of its own. */
const READS = 16

export const makePoller = (
  provider: CallProvider,
  options: PollOptions,
  scope: Scope.Scope,
  onEnd: (order: CallOrder) => Effect.Effect<void>
): Effect.Effect<Poller> =>
  Effect.gen(function* () {
    const { adapter } = provider
    const batch = adapter.capabilities.batchRead
    const first = Duration.toMillis(Duration.fromInputUnsafe(options.first))
    const longest = Duration.toMillis(Duration.fromInputUnsafe(options.longest))
    const entries = new Map<OrderId, Entry>()
    const news = yield* Latch.make()
    const reads = yield* Semaphore.make(READS)
    const now = yield* Effect.clockWith((clock) => Effect.succeed(() => clock.currentTimeMillisUnsafe()))

    const leave = (entry: Entry, gone: Waiter): void => {
      entry.waiters = entry.waiters.filter((waiter) => waiter !== gone)
      if (entry.waiters.length === 0 && entries.get(entry.id) === entry) entries.delete(entry.id)
    }

    const refuse = (entry: Entry, reason: CallErrorReason): void => {
      for (const waiter of entry.waiters) {
        leave(entry, waiter)
        waiter.onError(new CallError({ provider: adapter.providerId, operation: waiter.operation, reason }))
      }
    }

    const expire = (entry: Entry, now: number): void => {
      for (const waiter of entry.waiters) {
        if (waiter.deadline > now) continue
        leave(entry, waiter)
        const call = formatCallRef({ provider: adapter.providerId, id: entry.id })
        const last = entry.fact === undefined ? {} : { last: Redacted.make(view(entry.fact)) }
        const reason = new Unresolved({ call, ...last })
        waiter.onError(new CallError({ provider: adapter.providerId, operation: waiter.operation, reason }))
      }
    }

    const view = (fact: OrderFact): CallOrder => viewOrder(fact, fact.attempts, adapter.interpretation)

    /** Takes in a reading: the record if it is another than before. Most looks find nothing new. */
    const learn = (entry: Entry, reading: OrderFact): CallOrder | undefined => {
      entry.misses = 0
      const known = entry.fact
      if (known !== undefined && JSON.stringify(entry.native) === JSON.stringify(reading.native)) return undefined
      entry.native = reading.native
      entry.fact = known === undefined ? reading : mergeReadings(known, reading, adapter.interpretation.recognizes)
      return view(entry.fact)
    }

    const announce = (entry: Entry, order: CallOrder | undefined): Effect.Effect<void> => {
      if (order === undefined) return Effect.void
      // Whoever comes while an end is being written down is given the record by `wait`.
      const { waiters } = entry
      const tell = Effect.sync(() => {
        for (const waiter of waiters) {
          if (entry.waiters.includes(waiter) && waiter.onRecord(order)) leave(entry, waiter)
        }
      })
      return order.terminal === true ? Effect.andThen(onEnd(order), tell) : tell
    }

    const miss = (entry: Entry): void => {
      entry.misses += 1
      if (entry.misses >= MOST_MISSES) refuse(entry, new NotFound({}))
    }

    /** A failure that may pass is waited out, up to the deadline of whoever waits. */
    const fail = (looked: ReadonlyArray<Entry>, { reason }: CallError): void => {
      const passes = reason.retryable || reason._tag === "UnreadableResponse"
      for (const entry of looked) {
        if (reason._tag === "NotFound") miss(entry)
        else if (!passes) refuse(entry, reason)
      }
    }

    const lookAtOne = (entry: Entry): Effect.Effect<void> =>
      Effect.matchEffect(provider.get(entry.id), {
        onSuccess: (fact) => announce(entry, learn(entry, fact)),
        onFailure: (error) => Effect.sync(() => fail([entry], error))
      })

    const lookAtMany = Effect.fnUntraced(function* (looked: ReadonlyArray<Entry>) {
      const states = byId(yield* provider.getMany(idsOf(looked), "state"))
      const over: Array<Entry> = []
      for (const entry of looked) {
        const fact = states.get(entry.id)
        if (fact === undefined) miss(entry)
        // What a state leaves out may have arrived since: of a call that is over, the whole is read.
        else if (fact.claims.status.terminal) over.push(entry)
        else yield* announce(entry, learn(entry, fact))
      }
      if (over.length === 0) return
      const whole = byId(yield* provider.getMany(idsOf(over), "whole"))
      for (const entry of over) {
        const [state, fact] = [states.get(entry.id), whole.get(entry.id)]
        const late = fact?.claims.status.terminal !== true
        const told = late && state !== undefined ? learn(entry, state) : undefined
        yield* announce(entry, (fact === undefined ? undefined : learn(entry, fact)) ?? told)
      }
    })

    const rest = (looked: ReadonlyArray<Entry>): void => {
      for (const entry of looked) {
        entry.busy = false
        entry.nextAt = entry.again ? now() : now() + entry.interval
        entry.again = false
        entry.interval = Math.min(entry.interval * GROWTH, longest)
      }
      news.openUnsafe()
    }

    const lookAt = (chunk: ReadonlyArray<Entry>): Effect.Effect<void> => {
      const [entry] = chunk
      const looked =
        batch > 1
          ? Effect.catch(lookAtMany(chunk), (error) => Effect.sync(() => fail(chunk, error)))
          : entry === undefined
            ? Effect.void
            : lookAtOne(entry)
      // Even after a defect: a call that stays busy is never looked at again.
      return reads.withPermits(1)(
        Effect.ensuring(
          looked,
          Effect.sync(() => rest(chunk))
        )
      )
    }

    const look = (due: ReadonlyArray<Entry>): Effect.Effect<void> =>
      Effect.forEach(Arr.chunksOf(due, Math.max(batch, 1)), lookAt, { concurrency: READS, discard: true })

    const nextMoment = (): number => {
      let next = Number.POSITIVE_INFINITY
      for (const entry of entries.values()) {
        if (!entry.busy && entry.nextAt < next) next = entry.nextAt
        for (const { deadline } of entry.waiters) if (deadline < next) next = deadline
      }
      return next
    }

    const round = Effect.fnUntraced(function* () {
      news.closeUnsafe()
      const next = nextMoment()
      const started = now()
      if (next > started) {
        const heard = news.await
        yield* next === Number.POSITIVE_INFINITY
          ? heard
          : Effect.raceFirst(Effect.sleep(Duration.millis(next - started)), heard)
        // Whoever came in the same turn is looked at in the same look.
        yield* Effect.yieldNow
      }
      const then = now()
      for (const entry of entries.values()) expire(entry, then)
      const due = [...entries.values()].filter(({ busy, nextAt }) => !busy && nextAt <= then + TOGETHER_MILLIS)
      if (!due.some(({ nextAt }) => nextAt <= then)) return
      for (const entry of due) entry.busy = true
      yield* Effect.forkIn(look(due), scope)
    })

    let closed = false
    yield* Scope.addFinalizer(
      scope,
      Effect.sync(() => {
        closed = true
        for (const entry of entries.values()) expire(entry, Number.POSITIVE_INFINITY)
      })
    )
    yield* Effect.forkIn(Effect.forever(round()), scope)

    return {
      wait: (id, waiter) => {
        const known = entries.get(id)
        const entry: Entry = known ?? {
          id,
          fact: undefined,
          native: undefined,
          nextAt: now(),
          interval: first,
          misses: 0,
          busy: false,
          again: false,
          waiters: []
        }
        if (known === undefined) entries.set(id, entry)
        else known.nextAt = now()
        entry.waiters = [...entry.waiters, waiter]
        if (known?.fact !== undefined && waiter.onRecord(view(known.fact))) leave(entry, waiter)
        // Nobody would look at it any more.
        if (closed) expire(entry, Number.POSITIVE_INFINITY)
        news.openUnsafe()
        return () => leave(entry, waiter)
      },
      wake: (id) => {
        const entry = entries.get(id)
        if (entry === undefined) return
        entry.again = entry.busy
        entry.nextAt = now()
        entry.interval = first
        news.openUnsafe()
      },
      size: () => entries.size
    }
  })

const idsOf = (entries: ReadonlyArray<Entry>): ReadonlyArray<OrderId> => entries.map(({ id }) => id)

const byId = (orders: ReadonlyArray<OrderFact>): ReadonlyMap<OrderId, OrderFact> =>
  new Map(orders.map((order) => [order.id, order]))
