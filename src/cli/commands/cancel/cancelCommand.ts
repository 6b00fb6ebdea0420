/** `unicall cancel`: ends calls. */
import * as Effect from "effect/Effect"
import * as Command from "effect/cli/Command"
import type { Canceled, CancelOutcome } from "../../../calls/Placed.ts"
import { present } from "../../../domain/present.ts"
import { formatCallRef } from "../../../provider/CallError.ts"
import { openNamed, writing } from "../../calls/callCommand.ts"
import { callArguments, connectionFlags, recordingFlags } from "../../calls/callFlags.ts"
import { makeFailures } from "../../calls/callFailures.ts"
import { makeResults, tellRest } from "../../calls/results.ts"
import { EXIT, type ExitCode } from "../../ExitCode.ts"
import { described, outputFlag } from "../../shell/commandRun.ts"
import { type Given, jsonFlag } from "../../shell/flags.ts"
import { aligned, jsonLine, plural } from "../../shell/terminal.ts"

const TOGETHER = 8

const MEANINGS = {
  canceled: [EXIT.ok, "canceled"],
  already_over: [EXIT.ok, "was over already"],
  requested: [EXIT.ok, "the provider accepted the cancel request; the call is not over yet"],
  cannot: [EXIT.refused, "the provider refused, and the call goes on"]
} as const satisfies Record<CancelOutcome, readonly [ExitCode, string]>

const HEADER = ["CALL", "CANCEL", "STATUS", "REACH", "MEANING"]

const flags = { calls: callArguments, json: jsonFlag, ...recordingFlags, ...outputFlag, ...connectionFlags }

const run = Effect.fn("unicall.cancel")(function* (given: Given<typeof flags>) {
  const { refs, calls } = yield* openNamed(given, { journal: "optional" })
  const failures = makeFailures(given)
  const results = yield* makeResults
  const rows: Array<ReadonlyArray<string>> = []
  const open = new Set(refs.map(formatCallRef))
  const show = ({ outcome, order: { status, reach }, because }: Canceled, call: string): void => {
    const [exit, known] = MEANINGS[outcome]
    const meaning = because === undefined ? known : `${known}: ${because}`
    failures.note(exit)
    const row = [call, outcome, status, reach.value, meaning]
    if (given.json) results.print(jsonLine({ call, outcome, status, reach, ...present({ because }) }), aligned([row]))
    else rows.push(row)
  }
  const canceling = Effect.forEach(
    refs,
    (ref) => {
      const call = formatCallRef(ref)
      return Effect.map(Effect.andThen(results.written, Effect.result(calls.cancel(ref))), (result) => {
        open.delete(call)
        if (result._tag === "Success") show(result.success, call)
        else failures.add(result.failure, call)
      })
    },
    { concurrency: TOGETHER, discard: true }
  )
  const end = Effect.sync(() => {
    const table = aligned([HEADER, ...rows])
    if (rows.length > 0) results.print(table, table)
    results.end()
    tellRest(`${plural(open.size, "call")} not known to be canceled; ask again`, [...open])
  })
  yield* Effect.ensuring(results.whileWritten(canceling), end)
  yield* results.settle
  yield* failures.settle
}, Effect.scoped)

export const cancelCommand = Command.make("cancel", flags, writing(run, true)).pipe(
  described("Cancel calls, and tell what came of it")
)
