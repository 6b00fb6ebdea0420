/** `unicall get`: calls as they are now. */
import * as Effect from "effect/Effect"
import * as Command from "effect/cli/Command"
import { formatCallRef } from "../../../provider/CallError.ts"
import { openCalls, writing } from "../../calls/callCommand.ts"
import { callArguments, connectionFlags, transcriptFlag } from "../../calls/callFlags.ts"
import { callRefs } from "../../calls/callRefs.ts"
import { makeFailures } from "../../calls/failures.ts"
import { makeDetailOutput } from "../../records/recordOutput.ts"
import { outputFlag } from "../../shell/commandRun.ts"
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
  const refs = yield* callRefs(given.calls)
  const { calls } = yield* openCalls(given, { needed: refs.map(({ provider }) => provider) })
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
  Command.withDescription("Show calls as they are now: one in detail, several as a table"),
  Command.withExamples([{ command: "unicall get revox:ID --transcript", description: "With what was said" }])
)
