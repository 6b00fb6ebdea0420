/** Following one call: to its end, or change by change. */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { OrderId } from "../domain/Identifiers.ts"
import type { CallError, CallRef } from "../provider/CallError.ts"
import { monotonicMillis } from "../provider/monotonicTime.ts"
import type { Connection } from "./cancel.ts"
import { isDone, partsOf, type WaitOptions } from "./WaitOptions.ts"

/** Until when somebody waits, on the monotonic clock, and whether a record is what is waited for. */
const goalOf = ({ provider, deleted }: Connection, id: OrderId, wait: WaitOptions) =>
  Effect.clockWith((clock) => {
    const parts = wait.parts ?? partsOf(provider.adapter.capabilities)
    return Effect.succeed({
      deadline: monotonicMillis(clock) + Duration.toMillis(Duration.fromInputUnsafe(wait.deadline)),
      // Where the record is gone, nothing arrives after the end.
      done: (order: CallOrder) => isDone(order, deleted.has(id) ? "terminal" : (wait.until ?? "terminal"), parts)
    })
  })

export const awaitEnd = (
  connection: Connection,
  { id }: CallRef,
  wait: WaitOptions
): Effect.Effect<CallOrder, CallError> =>
  Effect.flatMap(goalOf(connection, id, wait), ({ deadline, done }) => {
    const end = Deferred.makeUnsafe<CallOrder, CallError>()
    const leave = connection.poller.wait(id, {
      operation: "awaitEnd",
      deadline,
      onRecord: (order) => done(order) && Deferred.doneUnsafe(end, Effect.succeed(order)),
      onError: (error) => Deferred.doneUnsafe(end, error)
    })
    return Effect.onInterrupt(Deferred.await(end), () => Effect.sync(leave))
  })

export const watch = (
  connection: Connection,
  { id }: CallRef,
  wait: WaitOptions
): Stream.Stream<CallOrder, CallError> =>
  Stream.callback<CallOrder, CallError>((queue) =>
    Effect.gen(function* () {
      const { deadline, done } = yield* goalOf(connection, id, wait)
      const leave = connection.poller.wait(id, {
        operation: "watch",
        deadline,
        onRecord: (order) => {
          Queue.offerUnsafe(queue, order)
          const over = done(order)
          if (over) Queue.endUnsafe(queue)
          return over
        },
        onError: (error) => Queue.failCauseUnsafe(queue, Cause.fail(error))
      })
      yield* Effect.addFinalizer(() => Effect.sync(leave))
    })
  )
