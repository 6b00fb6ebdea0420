/** The calls that are waited for: what is known of each, and what its waiters are told. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { OrderFact } from "../domain/Fact.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import type { JsonObject } from "../domain/Json.ts"
import { mergeReadings } from "../domain/Merge.ts"
import { viewFact } from "../domain/View.ts"
import type { Adapter } from "../provider/Adapter.ts"
import {
  CallError,
  type CallErrorReason,
  formatCallRef,
  NotFound,
  type Operation,
  Unresolved
} from "../provider/CallError.ts"
import { mayPass } from "../provider/failureScope.ts"

/** Somebody who waits for a call. */
export interface Waiter {
  readonly operation: Operation
  /** Milliseconds on the monotonic clock. */
  readonly deadline: number
  /** Called with each changed record; true: nothing more is awaited. */
  readonly onRecord: (order: CallOrder) => boolean
  readonly onError: (error: CallError) => void
}

export interface WaitedCall {
  readonly id: OrderId
  /** All that was read so far, merged. Its record is made when somebody is to see it: many wait, few look. */
  fact: OrderFact | undefined
  /** The provider's record as it was last told. */
  native: JsonObject | undefined
  nextAt: number
  interval: number
  /** Looks in a row at which the provider did not know the call, or did not give the whole of it. */
  misses: number
  busy: boolean
  /** Something was heard while it was being looked at: the look may have come too early. */
  again: boolean
  waiters: ReadonlyArray<Waiter>
}

/** A call that has just been placed may not be found yet everywhere at the provider. */
const MOST_MISSES = 5

/** The calls of one provider that somebody waits for. */
export const makeWaitedCalls = (adapter: Adapter, onEnd: (order: CallOrder) => Effect.Effect<void>) => {
  const provider = adapter.providerId
  const calls = new Map<OrderId, WaitedCall>()

  const leave = (call: WaitedCall, gone: Waiter): void => {
    call.waiters = call.waiters.filter((waiter) => waiter !== gone)
    if (call.waiters.length === 0 && calls.get(call.id) === call) calls.delete(call.id)
  }

  const view = (fact: OrderFact): CallOrder => viewFact(fact, adapter)

  const lastOf = ({ fact }: WaitedCall) => (fact === undefined ? {} : { last: Redacted.make(view(fact)) })

  const refuse = (call: WaitedCall, reason: CallErrorReason): void => {
    const last = lastOf(call)
    for (const waiter of call.waiters) {
      leave(call, waiter)
      waiter.onError(new CallError({ provider, operation: waiter.operation, reason, ...last }))
    }
  }

  const expire = (call: WaitedCall, isOver: (waiter: Waiter) => boolean): void => {
    for (const waiter of call.waiters) {
      if (!isOver(waiter)) continue
      leave(call, waiter)
      const last = lastOf(call)
      const reason = new Unresolved({ call: formatCallRef({ provider, id: call.id }), ...last })
      waiter.onError(new CallError({ provider, operation: waiter.operation, reason, ...last }))
    }
  }

  /** Keeps a reading of which nobody is told yet. */
  const keep = (call: WaitedCall, reading: OrderFact): OrderFact => {
    const { fact } = call
    const merged = fact === undefined ? reading : mergeReadings(fact, reading, adapter.interpretation.recognizes)
    call.fact = merged
    return merged
  }

  /** Takes in a reading: the record if it is another than before. Most looks find nothing new. */
  const taken = (call: WaitedCall, reading: OrderFact): CallOrder | undefined => {
    call.misses = 0
    // Its end may be known without a word of the record: where that is deleted.
    const isEnd = reading.claims.status.terminal && call.fact?.claims.status.terminal !== true
    if (call.fact !== undefined && !isEnd && JSON.stringify(call.native) === JSON.stringify(reading.native))
      return undefined
    call.native = reading.native
    return view(keep(call, reading))
  }

  const announce = (call: WaitedCall, order: CallOrder | undefined): Effect.Effect<void> => {
    if (order === undefined) return Effect.void
    // A waiter that arrives while the end is written down gets the record from `enter`.
    const { waiters } = call
    const tell = Effect.sync(() => {
      for (const waiter of waiters) {
        if (call.waiters.includes(waiter) && waiter.onRecord(order)) leave(call, waiter)
      }
    })
    return order.terminal === true ? Effect.andThen(onEnd(order), tell) : tell
  }

  const learn = (call: WaitedCall, reading: OrderFact): Effect.Effect<void> => announce(call, taken(call, reading))

  const miss = (call: WaitedCall): void => {
    call.misses += 1
    if (call.misses >= MOST_MISSES) refuse(call, new NotFound({ call: formatCallRef({ provider, id: call.id }) }))
  }

  /** A failure that may pass is waited out, up to the deadline of each waiter. */
  const fail = (call: WaitedCall, { reason }: CallError): void => {
    if (reason._tag === "NotFound") miss(call)
    else if (!mayPass(reason)) refuse(call, reason)
  }

  /** Of a call whose state is that it is over, the whole: without it the end is told only if it is not to be had. */
  const end = (call: WaitedCall, state: OrderFact, whole: OrderFact | CallError | undefined): Effect.Effect<void> => {
    if (whole instanceof CallError) {
      call.misses += 1
      if (mayPass(whole.reason) && call.misses < MOST_MISSES) return Effect.sync(() => void keep(call, state))
      return Effect.andThen(learn(call, state), () => Effect.sync(() => fail(call, whole)))
    }
    const isLate = whole?.claims.status.terminal !== true
    const told = isLate ? taken(call, state) : undefined
    return announce(call, (whole === undefined ? undefined : taken(call, whole)) ?? told)
  }

  return {
    all: (): Iterable<WaitedCall> => calls.values(),
    size: () => calls.size,
    find: (id: OrderId): WaitedCall | undefined => calls.get(id),
    /** Adds somebody who waits, who is given what is known. */
    enter: (id: OrderId, waiter: Waiter, interval: number): WaitedCall => {
      const known = calls.get(id)
      const call: WaitedCall = known ?? {
        id,
        fact: undefined,
        native: undefined,
        nextAt: 0,
        interval,
        misses: 0,
        busy: false,
        again: false,
        waiters: []
      }
      if (known === undefined) calls.set(id, call)
      call.waiters = [...call.waiters, waiter]
      if (call.fact !== undefined && waiter.onRecord(view(call.fact))) leave(call, waiter)
      return call
    },
    leave,
    expire,
    miss,
    fail,
    /** Takes in a reading, and tells the waiters if it is new. */
    learn,
    end
  }
}
