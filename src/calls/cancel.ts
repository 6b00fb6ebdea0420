/** Cancelling a call, and what came of it: the call itself tells, since a refusal is not told from an end by its status. */
import * as Effect from "effect/Effect"
import { viewFact } from "../domain/View.ts"
import { CallError, type CallRef, Unsupported } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import type { Canceled } from "./Placed.ts"
import type { Poller } from "./Poller.ts"

const ask = Effect.fnUntraced(function* (
  { adapter, get, cancel }: CallProvider,
  call: CallRef
): Effect.fn.Return<Canceled, CallError> {
  if (adapter.capabilities.cancel !== "yes") {
    const reason = new Unsupported({ capability: "cancel" })
    return yield* new CallError({ provider: call.provider, operation: "cancel", reason })
  }
  const before = viewFact(yield* get(call.id), adapter)
  if (before.terminal === true) return { outcome: "already_over", call, order: before }
  const answer = yield* cancel(call.id).pipe(
    Effect.catchReason("CallError", "InvalidRequest", () => Effect.succeed("refused" as const))
  )
  if (answer === "deleted") return { outcome: "canceled", call, order: before }
  const order = viewFact(yield* get(call.id), adapter)
  if (order.terminal === true) {
    return { outcome: order.status === "canceled" ? "canceled" : "already_over", call, order }
  }
  return { outcome: answer === "refused" ? "cannot" : "requested", call, order }
})

/** A provider, and the loop that watches its calls. */
export interface Connection {
  readonly provider: CallProvider
  readonly poller: Poller
}

/** The waiters of the call see what became of it at once. */
export const cancel = ({ provider, poller }: Connection, call: CallRef): Effect.Effect<Canceled, CallError> =>
  ask(provider, call).pipe(Effect.ensuring(Effect.sync(() => poller.wake(call.id))))
