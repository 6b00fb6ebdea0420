/** `unicall wait`: calls until their end. */
import * as Effect from "effect/Effect"
import { formatCallRef } from "../../../provider/CallError.ts"
import { makeBoard } from "../../calls/board.ts"
import { callRefs, providersOf } from "../../calls/callRefs.ts"
import { makeFailures } from "../../calls/failures.ts"
import { follow } from "../../calls/follow.ts"
import { journalOf } from "../../calls/journalFile.ts"
import type { ConnectionFlags, JournalFlags, WaitFlags } from "../../calls/callFlags.ts"
import { openCalls } from "../../calls/openCalls.ts"
import { makeDetailOutput, type RecordFlags } from "../../records/recordOutput.ts"

export interface WaitRunFlags extends ConnectionFlags, JournalFlags, WaitFlags, RecordFlags {
  readonly calls: ReadonlyArray<string>
  readonly transcript: boolean
}

export const runWait = Effect.fn("unicall.wait")(function* (flags: WaitRunFlags) {
  const refs = yield* callRefs(flags.calls)
  const { calls } = yield* openCalls({
    needed: providersOf(refs),
    timeout: flags.timeout,
    journal: journalOf(flags, false)
  })
  const board = makeBoard(refs.length)
  const failures = makeFailures({ showAnswer: flags.showAnswer, write: board.line })
  const output = makeDetailOutput(flags, refs.length)
  yield* Effect.forEach(
    refs,
    (ref) =>
      Effect.map(follow(calls, ref, flags, board), ({ order, error }) => {
        board.clear()
        if (error !== undefined) failures.add(error, formatCallRef(ref))
        if (order !== undefined) output.add(order)
      }),
    { concurrency: "unbounded", discard: true }
  ).pipe(Effect.ensuring(Effect.sync(() => (board.clear(), output.end()))))
  yield* failures.settle
}, Effect.scoped)
