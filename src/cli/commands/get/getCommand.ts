/** `unicall get`: shows calls as they are now. */
import * as Effect from "effect/Effect"
import * as Command from "effect/cli/Command"
import { formatCallRef } from "../../../provider/CallError.ts"
import { openNamed, writing } from "../../calls/callCommand.ts"
import { callArguments, connectionFlags, transcriptFlag } from "../../calls/callFlags.ts"
import { makeFailures } from "../../calls/callFailures.ts"
import { makeDetailOutput } from "../../records/recordOutput.ts"
import { described, outputFlag } from "../../shell/commandRun.ts"
import { type Given, jsonFlag, nativeFlag } from "../../shell/flags.ts"

/** Reads under way at a time. */
const TOGETHER = 8

const flags = {
  calls: callArguments,
  json: jsonFlag,
  native: nativeFlag,
  transcript: transcriptFlag,
  ...outputFlag,
  ...connectionFlags
}

const run = Effect.fn("unicall.get")(function* (given: Given<typeof flags>) {
  const { refs, calls } = yield* openNamed(given)
  const failures = makeFailures(given)
  const results = yield* Effect.forEach(
    refs,
    (ref) => Effect.map(Effect.result(calls.get(ref)), (result) => ({ ref, result })),
    { concurrency: TOGETHER }
  )
  const output = makeDetailOutput(given, refs.length)
  for (const { ref, result } of results) {
    if (result._tag === "Success") output.add(result.success)
    else failures.add(result.failure, formatCallRef(ref))
  }
  output.end()
  yield* failures.settle
}, Effect.scoped)

export const getCommand = Command.make("get", flags, writing(run)).pipe(
  described("Show calls as they are now: one in detail, several as a table", {
    "unicall get revox:ID --transcript": "With what was said"
  })
)
