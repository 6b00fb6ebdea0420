/** Waiting for the end of one call. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
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

const lastIn = ({ last }: CallError): CallOrder | undefined => (last === undefined ? undefined : Redacted.value(last))

export const follow = (
  calls: VoiceCalls["Service"],
  call: CallRef,
  { until, deadline, parts }: WaitFlags,
  board: Board
): Effect.Effect<Followed> =>
  Effect.suspend(() => {
    let last: CallOrder | undefined
    return calls.watch(call, { until, deadline, parts: Option.getOrUndefined(parts) }).pipe(
      Stream.runForEach((order) =>
        Effect.sync(() => {
          last = order
          board.update(order)
        })
      ),
      Effect.match({
        onSuccess: (): Followed => ({ order: last, error: undefined }),
        onFailure: (error): Followed => ({ order: lastIn(error) ?? last, error })
      })
    )
  })
