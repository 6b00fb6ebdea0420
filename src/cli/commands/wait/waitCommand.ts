/** `unicall wait`: waits for the end of calls. */
import * as Effect from "effect/Effect"
import * as Command from "effect/cli/Command"
import { formatCallRef } from "../../../provider/CallError.ts"
import { follow, makeBoard } from "../../calls/follow.ts"
import { openNamed, writing } from "../../calls/callCommand.ts"
import { callArguments, connectionFlags, recordingFlags, transcriptFlag, waitFlags } from "../../calls/callFlags.ts"
import { makeFailures } from "../../calls/callFailures.ts"
import { makeDetailOutput } from "../../records/recordOutput.ts"
import { described, outputFlag } from "../../shell/commandRun.ts"
import { type Given, jsonFlag, nativeFlag } from "../../shell/flags.ts"

const flags = {
  calls: callArguments,
  ...waitFlags,
  json: jsonFlag,
  native: nativeFlag,
  transcript: transcriptFlag,
  ...recordingFlags,
  ...outputFlag,
  ...connectionFlags
}

const run = Effect.fn("unicall.wait")(function* (given: Given<typeof flags>) {
  const { refs, calls } = yield* openNamed(given, { journal: "optional" })
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
  described("Wait for the end of calls; safe to stop and to start again", {
    "unicall wait revox:ID --until enriched --deadline 30m": "Until the transcript is there"
  })
)
