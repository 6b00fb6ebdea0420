/** `unicall wait`: calls until their end. */
import * as Effect from "effect/Effect"
import * as Command from "effect/cli/Command"
import { formatCallRef } from "../../../provider/CallError.ts"
import { makeBoard } from "../../calls/board.ts"
import { openCalls, writing } from "../../calls/callCommand.ts"
import { callArguments, connectionFlags, journalFlags, transcriptFlag, waitFlags } from "../../calls/callFlags.ts"
import { callRefs } from "../../calls/callRefs.ts"
import { makeFailures } from "../../calls/failures.ts"
import { follow } from "../../calls/follow.ts"
import { makeDetailOutput } from "../../records/recordOutput.ts"
import { outputFlag } from "../../shell/commandRun.ts"
import { type Given, jsonFlag, nativeFlag } from "../../shell/flags.ts"

const flags = {
  calls: callArguments,
  ...waitFlags,
  json: jsonFlag,
  native: nativeFlag,
  transcript: transcriptFlag,
  ...journalFlags,
  ...outputFlag,
  ...connectionFlags
}

const run = Effect.fn("unicall.wait")(function* (given: Given<typeof flags>) {
  const refs = yield* callRefs(given.calls)
  const { calls } = yield* openCalls(given, { needed: refs.map(({ provider }) => provider), journal: "optional" })
  const board = makeBoard(refs.length)
  const failures = makeFailures(given, board.line)
  const output = makeDetailOutput(given, refs.length)
  yield* Effect.forEach(
    refs,
    (ref) =>
      Effect.map(follow(calls, ref, given, board), ({ order, error }) => {
        board.clear()
        if (error !== undefined) failures.add(error, formatCallRef(ref))
        if (order !== undefined) output.add(order)
      }),
    { concurrency: "unbounded", discard: true }
  ).pipe(Effect.ensuring(Effect.sync(() => (board.clear(), output.end()))))
  yield* failures.settle
}, Effect.scoped)

export const waitCommand = Command.make("wait", flags, writing(run)).pipe(
  Command.withDescription("Wait for the end of calls; safe to stop and to start again"),
  Command.withExamples([
    { command: "unicall wait revox:ID --until enriched --deadline 30m", description: "Until the transcript is there" }
  ])
)
