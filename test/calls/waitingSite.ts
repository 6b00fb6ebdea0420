/** A poller over a provider in memory, and a log of its looks. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import { awaitEnd, watch } from "../../src/calls/follow.ts"
import { keepingDeleted } from "../../src/calls/deletedCalls.ts"
import { makePoller } from "../../src/calls/Poller.ts"
import { POLL, type PollOptions, type WaitOptions } from "../../src/calls/WaitOptions.ts"
import type { CallOrder } from "../../src/domain/CallOrder.ts"
import type { OrderId } from "../../src/domain/Identifiers.ts"
import { parsePlaceCall } from "../../src/domain/PlaceCall.ts"
import { CallError, type CallErrorReason } from "../../src/provider/CallError.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { type InMemoryProviderOptions, makeInMemoryProvider } from "../../src/testing/index.ts"
import { numberOf, START } from "../../src/testing/liveSite.ts"

export const HUMAN = "00"
export const BUSY = "20"
export const LATE_ENRICHMENT = "52"
export const RINGS_FOREVER = "60"
export const QUEUED_FOREVER = "62"

/** Seconds from placing to the end: 2 in the queue, 6 of ringing, 42 of talk. */
export const HUMAN_ENDS = 50

export const place = (provider: CallProvider, digits: string, reference: string) =>
  Effect.gen(function* () {
    const order = Result.getOrThrow(
      parsePlaceCall({ to: numberOf(digits), from: "+12025550177", agent: { id: "agent-1" }, reference })
    )
    const fact = yield* provider.place(Result.getOrThrow(provider.request(order)))
    return { provider: fact.provider, id: fact.id }
  })

/** Gives everybody a turn, lets time pass, and gives everybody a turn again. */
export const pass = (time: Duration.Input) => Effect.andThen(turns, Effect.andThen(TestClock.adjust(time), turns))

const turns = Effect.forEach(Array.from({ length: 40 }), () => Effect.yieldNow, { discard: true })

interface Look {
  /** Seconds since the start. */
  readonly at: number
  readonly ids: ReadonlyArray<OrderId>
}

interface Setting {
  readonly poll?: Partial<PollOptions>
  readonly options?: InMemoryProviderOptions
  readonly change?: (provider: CallProvider) => Partial<CallProvider>
  readonly onEnd?: (order: CallOrder) => Effect.Effect<void>
}

const secondsNow = TestClock.testClockWith((clock) =>
  Effect.sync(() => (clock.currentTimeMillisUnsafe() - START) / 1000)
)

/** A poller over a provider in memory that reads calls one by one, and a log of its looks. */
export const open = Effect.fnUntraced(function* ({
  poll = {},
  options = { capabilities: { batchRead: 0 } },
  change = () => ({}),
  onEnd = () => Effect.void
}: Setting = {}) {
  yield* TestClock.setTime(START)
  const memory = makeInMemoryProvider(options)
  const looks: Array<Look> = []
  const changed: CallProvider = { ...memory, ...change(memory) }
  const logged = (ids: ReadonlyArray<OrderId>) => Effect.map(secondsNow, (at) => looks.push({ at, ids }))
  const provider: CallProvider = {
    ...changed,
    get: (id) => Effect.andThen(logged([id]), changed.get(id)),
    getMany: (ids, detail) => Effect.andThen(logged(ids), changed.getMany(ids, detail))
  }
  const poller = yield* makePoller(provider, { ...POLL, ...poll }, yield* Effect.scope, onEnd)
  const { providerId } = provider.adapter
  const connection = { ...keepingDeleted(provider), poller }
  return {
    memory,
    provider,
    poller,
    looks,
    lookedAt: () => looks.map(({ at }) => at),
    placed: (digits: string, reference = `lead-${digits}`) => place(memory, digits, reference),
    awaiting: (call: { readonly id: OrderId }, wait: WaitOptions) =>
      Effect.forkChild(awaitEnd(connection, { provider: providerId, id: call.id }, wait)),
    watching: (call: { readonly id: OrderId }, wait: WaitOptions) =>
      watch(connection, { provider: providerId, id: call.id }, wait)
  }
})

export const reasonOf = <A>(fiber: Fiber.Fiber<A, CallError>) =>
  Effect.map(Effect.flip(Fiber.join(fiber)), ({ reason }) => reason)

export const failing = (provider: CallProvider, reason: CallErrorReason) =>
  Effect.fail(new CallError({ provider: provider.adapter.providerId, operation: "get", reason }))
