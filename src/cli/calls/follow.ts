/** Waiting for the end of one call. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { VoiceCalls } from "../../calls/VoiceCalls.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import type { CallError, CallRef } from "../../provider/CallError.ts"
import type { Board } from "./board.ts"
import type { WaitFlags } from "./callFlags.ts"

/** The last record that is known, and what kept it from being the end. */
export interface Followed {
  readonly order: CallOrder | undefined
  readonly error: CallError | undefined
}

export const follow = (
  calls: VoiceCalls["Service"],
  call: CallRef,
  { until, deadline, parts }: WaitFlags,
  board: Board
): Effect.Effect<Followed> =>
  Effect.suspend(() => {
    let order: CallOrder | undefined
    const show = (seen: CallOrder): void => {
      order = seen
      board.update(seen)
    }
    return calls.watch(call, { until, deadline, parts }).pipe(
      Stream.runForEach((seen) => Effect.sync(() => show(seen))),
      Effect.match({
        onSuccess: () => ({ order, error: undefined }),
        onFailure: (error) => ({ order: error.last === undefined ? order : Redacted.value(error.last), error })
      })
    )
  })
