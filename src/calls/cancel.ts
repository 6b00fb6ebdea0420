/** Cancelling a call, and what came of it: the call itself tells, since a refusal is not told from an end by its status. */
import * as Effect from "effect/Effect"
import { viewFact } from "../domain/View.ts"
import { CallError, type CallRef, Unsupported } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import type { DeletedCalls } from "./deletedCalls.ts"
import type { Canceled } from "./Placed.ts"
import type { Poller } from "./Poller.ts"

const ask = Effect.fnUntraced(function* (
  { provider: { adapter, get, cancel }, deleted }: Connection,
  call: CallRef
): Effect.fn.Return<Canceled, CallError> {
  if (adapter.capabilities.cancel !== "yes") {
    const reason = new Unsupported({ capability: "cancel" })
    return yield* new CallError({ provider: call.provider, operation: "cancel", reason })
  }
  const fact = yield* get(call.id)
  const before = viewFact(fact, adapter)
  if (before.terminal === true) return { outcome: "already_over", call, order: before }
  const answer = yield* cancel(call.id).pipe(
    Effect.map((gone) => ({ gone })),
    Effect.catchReason("CallError", "InvalidRequest", ({ field }, { message }) =>
      // Without a field there is no more to it than that the provider refused.
      Effect.succeed({ refused: field === undefined ? {} : { because: message } })
    )
  )
  if ("gone" in answer && answer.gone !== undefined) deleted.keep(fact, answer.gone)
  const read = get(call.id)
  // Its record may be gone, and the call not canceled.
  const last =
    "refused" in answer ? Effect.catchReason(read, "CallError", "NotFound", () => Effect.succeed(fact)) : read
  const order = viewFact(yield* last, adapter)
  if (order.terminal === true) {
    return { outcome: order.status === "canceled" ? "canceled" : "already_over", call, order }
  }
  return "refused" in answer
    ? { outcome: "cannot", call, order, ...answer.refused }
    : { outcome: "requested", call, order }
})

/** A provider, the loop that watches its calls, and those of which it has no record any more. */
export interface Connection {
  readonly provider: CallProvider
  readonly poller: Poller
  readonly deleted: DeletedCalls
}

/** The waiters of the call see what became of it at once. */
export const cancel = (connection: Connection, call: CallRef): Effect.Effect<Canceled, CallError> =>
  ask(connection, call).pipe(Effect.ensuring(Effect.sync(() => connection.poller.wake(call.id))))
