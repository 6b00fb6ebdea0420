/**
 * Watching the calls of one provider. One loop looks at all calls that somebody waits for, together where the provider
 * reads several at once; a waiter is an entry in it and costs neither fiber nor timer of its own.
 */
import * as Arr from "effect/Array"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { OrderFact } from "../domain/Fact.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import { CallError } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import { holdsForAll, mayPass } from "../provider/failureScope.ts"
import { monotonicMillis } from "../provider/monotonicTime.ts"
import { makeCircuitBreaker } from "./CircuitBreaker.ts"
import { makeWaitedCalls, type WaitedCall, type Waiter } from "./WaitedCall.ts"
import { GROWTH, type PollOptions } from "./WaitOptions.ts"

export interface Poller {
  /** Looks at the call at once and then again and again; the returned function ends it. */
  readonly wait: (id: OrderId, waiter: Waiter) => () => void
  /** Looks at the call at once if somebody waits for it: something was heard of it. */
  readonly wake: (id: OrderId) => void
  /** How many calls are looked at. */
  readonly size: () => number
}

/** Calls due within this are looked at together. */
const TOGETHER_MILLIS = 250

/** Requests under way at a time; the client may have a smaller cap of its own. */
const READS = 16

/** The loop woke so much later than it meant to: the machine slept, or did nothing else. */
const OVERSLEPT_MILLIS = 5000

/** After that, time for one last look before the deadlines that have passed meanwhile. */
const LAST_LOOK_MILLIS = 30_000

/** Answers in a row that the key is refused, of whatever calls, after which nobody else is asked for. */
const MOST_REFUSALS = 3

type Reading = OrderFact | CallError | undefined

export const makePoller = Effect.fnUntraced(function* (
  provider: CallProvider,
  options: PollOptions,
  scope: Scope.Scope,
  onEnd: (order: CallOrder) => Effect.Effect<void>
): Effect.fn.Return<Poller> {
  const batch = Math.max(provider.adapter.capabilities.batchRead, 1)
  const first = Duration.toMillis(Duration.fromInputUnsafe(options.first))
  const longest = Duration.toMillis(Duration.fromInputUnsafe(options.longest))
  const calls = makeWaitedCalls(provider.adapter, onEnd)
  const breaker = makeCircuitBreaker(first, longest)
  const news = yield* Latch.make()
  const reads = yield* Semaphore.make(READS)
  const now = yield* Effect.clockWith((clock) => Effect.succeed(() => monotonicMillis(clock)))
  /** After a sleep: calls whose deadlines wait for one more look, until that moment. */
  const owed = { calls: new Set<WaitedCall>(), until: Number.NEGATIVE_INFINITY }
  /** Calls that failed where others did not: they are not read together with them. Few, so none has a field for it. */
  const alone = new WeakSet<WaitedCall>()
  let refusals = 0

  /** What a reading tells of the provider, beside the call. */
  const hear = (reading: Reading): void => {
    const error = reading instanceof CallError ? reading : undefined
    if (error !== undefined && mayPass(error.reason)) return breaker.failed(now(), error.retryAfter)
    breaker.answered(now())
    refusals = error?.reason._tag === "Unauthorized" ? refusals + 1 : 0
    if (error !== undefined && refusals >= MOST_REFUSALS) for (const call of calls.all()) calls.fail(call, error)
  }

  const take = (call: WaitedCall, reading: Reading): Effect.Effect<void> => {
    if (reading instanceof CallError) return Effect.sync(() => calls.fail(call, reading))
    // What was asked before the sleep is no look after it.
    if (!call.again) owed.calls.delete(call)
    alone.delete(call)
    return reading === undefined ? Effect.sync(() => calls.miss(call)) : calls.learn(call, reading)
  }

  const lookAtOne = (call: WaitedCall): Effect.Effect<void> =>
    Effect.flatMap(Effect.catch(provider.get(call.id), Effect.succeed<Reading>), (reading) => {
      hear(reading)
      return take(call, reading)
    })

  const readTogether = (together: ReadonlyArray<WaitedCall>, detail: "state" | "whole") => {
    const ids = together.map(({ id }) => id)
    return Effect.match(provider.getMany(ids, detail), {
      onFailure: (error) => {
        hear(error)
        return (): Reading => error
      },
      onSuccess: ({ orders, failures }) => {
        hear([...failures.values()].find(({ reason }) => holdsForAll(reason)))
        if (detail === "state") for (const call of together) if (failures.has(call.id)) alone.add(call)
        const byId = new Map(orders.map((order) => [order.id, order]))
        return ({ id }: WaitedCall): Reading => byId.get(id) ?? failures.get(id)
      }
    })
  }

  const lookAtMany = Effect.fnUntraced(function* (together: ReadonlyArray<WaitedCall>) {
    const stateOf = yield* readTogether(together, "state")
    const over = new Map<WaitedCall, OrderFact>()
    for (const call of together) {
      const state = stateOf(call)
      // What a state leaves out may have arrived since: of a call that is over, the whole is read.
      if (state instanceof CallError || state?.claims.status.terminal !== true) yield* take(call, state)
      else over.set(call, state)
    }
    if (over.size === 0) return
    const wholeOf = yield* readTogether([...over.keys()], "whole")
    for (const [call, state] of over) {
      owed.calls.delete(call)
      yield* calls.end(call, state, wholeOf(call))
    }
  })

  const rest = (looked: ReadonlyArray<WaitedCall>): void => {
    for (const call of looked) {
      call.busy = false
      call.nextAt = call.again ? now() : now() + call.interval
      call.again = false
      call.interval = Math.min(call.interval * GROWTH, longest)
    }
    news.openUnsafe()
  }

  const lookAt = (chunk: ReadonlyArray<WaitedCall>, isProbe: boolean): Effect.Effect<void> =>
    Effect.suspend(() => {
      // Much may have happened while it waited for its turn.
      const wanted = breaker.isTripped() && !isProbe ? [] : chunk.filter(({ waiters }) => waiters.length > 0)
      for (const call of chunk) call.busy = wanted.includes(call)
      const [call] = wanted
      if (call === undefined) return Effect.sync(() => news.openUnsafe())
      const looked = batch === 1 || alone.has(call) ? lookAtOne(call) : lookAtMany(wanted)
      // Even after a defect: a call that stays busy is never looked at again.
      return looked.pipe(Effect.ensuring(Effect.sync(() => rest(wanted))))
    }).pipe(reads.withPermits(1))

  const look = (chunks: ReadonlyArray<ReadonlyArray<WaitedCall>>): Effect.Effect<void> => {
    for (const call of chunks.flat()) call.busy = true
    const isProbe = breaker.isTripped()
    const looks = Effect.forEach(chunks, (chunk) => lookAt(chunk, isProbe), { concurrency: READS, discard: true })
    if (!isProbe) return looks
    const end = breaker.probe()
    const ended = Effect.sync(() => {
      end()
      news.openUnsafe()
    })
    return Effect.ensuring(looks, ended)
  }

  /** What is looked at in one request each; while only one may go, what has waited longest. */
  const chunksOf = (due: ReadonlyArray<WaitedCall>): ReadonlyArray<ReadonlyArray<WaitedCall>> => {
    const inOrder = breaker.isTripped() ? due.toSorted((a, b) => a.nextAt - b.nextAt) : due
    const together = inOrder.filter((call) => !alone.has(call))
    const single = inOrder.filter((call) => alone.has(call))
    const chunks = [...Arr.chunksOf(together, batch), ...single.map((call) => [call])]
    return breaker.isTripped() ? chunks.slice(0, 1) : chunks
  }

  const deadlineOf = (call: WaitedCall, { deadline }: Waiter): number =>
    owed.calls.has(call) ? Math.max(deadline, owed.until) : deadline

  const nextMoment = (): number => {
    const opensAt = breaker.opensAt()
    let next = Number.POSITIVE_INFINITY
    for (const call of calls.all()) {
      if (!call.busy) next = Math.min(next, Math.max(call.nextAt, opensAt))
      for (const waiter of call.waiters) next = Math.min(next, deadlineOf(call, waiter))
    }
    return next
  }

  /** Before a deadline counts that has passed while nobody could look, there is one look. */
  const lookOnceMore = (then: number): void => {
    owed.until = then + LAST_LOOK_MILLIS
    for (const call of calls.all()) {
      owed.calls.add(call)
      call.again = call.busy
      call.nextAt = then
    }
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
      // Calls that are added in the same turn are read together.
      yield* Effect.yieldNow
      if (now() - next > OVERSLEPT_MILLIS) lookOnceMore(now())
    }
    const then = now()
    if (then >= owed.until) owed.calls.clear()
    for (const call of calls.all()) calls.expire(call, (waiter) => deadlineOf(call, waiter) <= then)
    if (breaker.opensAt() > then) return
    const due = [...calls.all()].filter(({ busy, nextAt }) => !busy && nextAt <= then + TOGETHER_MILLIS)
    if (due.some(({ nextAt }) => nextAt <= then)) yield* Effect.forkIn(look(chunksOf(due)), scope)
  })

  let closed = false
  const expireAll = (): void => {
    for (const call of calls.all()) calls.expire(call, () => true)
  }
  const close = Effect.sync(() => {
    closed = true
    expireAll()
  })
  yield* Scope.addFinalizer(scope, close)
  yield* Effect.forkIn(Effect.forever(round()), scope)

  return {
    wait: (id, waiter) => {
      const call = calls.enter(id, waiter, first)
      call.nextAt = now()
      // Nobody would look at it any more.
      if (closed) expireAll()
      news.openUnsafe()
      return () => calls.leave(call, waiter)
    },
    wake: (id) => {
      const call = calls.find(id)
      if (call === undefined) return
      call.again = call.busy
      call.nextAt = now()
      call.interval = first
      news.openUnsafe()
    },
    size: calls.size
  }
})
