/** `unicall cancel`: calls that shall not go on. */
import * as Effect from "effect/Effect"
import type { Canceled, CancelOutcome } from "../../../calls/Placed.ts"
import { type CallRef, formatCallRef } from "../../../provider/CallError.ts"
import { EXIT, type ExitCode } from "../../ExitCode.ts"
import { callRefs, providersOf } from "../../calls/callRefs.ts"
import { makeFailures } from "../../calls/failures.ts"
import { journalOf } from "../../calls/journalFile.ts"
import type { ConnectionFlags, JournalFlags } from "../../calls/callFlags.ts"
import { openCalls } from "../../calls/openCalls.ts"
import { makeResults, tellRest } from "../../calls/results.ts"
import { aligned, plural } from "../../shell/terminal.ts"

const TOGETHER = 8

export interface CancelFlags extends ConnectionFlags, JournalFlags {
  readonly calls: ReadonlyArray<string>
  readonly json: boolean
}

const EXIT_OF = {
  canceled: EXIT.ok,
  already_over: EXIT.ok,
  requested: EXIT.ok,
  cannot: EXIT.refused
} as const satisfies Record<CancelOutcome, ExitCode>

const MEANING = {
  canceled: "canceled",
  already_over: "was over already",
  requested: "the provider took the wish; the call is not over yet",
  cannot: "the provider refused, and the call goes on"
} as const satisfies Record<CancelOutcome, string>

const HEADER = ["CALL", "CANCEL", "STATUS", "REACH", "MEANING"]

const row = ({ outcome, call, order }: Canceled): ReadonlyArray<string> => [
  formatCallRef(call),
  outcome,
  order.status,
  order.reach.value,
  MEANING[outcome]
]

const json = ({ outcome, call, order }: Canceled): string =>
  `${JSON.stringify({ call: formatCallRef(call), outcome, status: order.status, reach: order.reach })}\n`

export const runCancel = Effect.fn("unicall.cancel")(function* (flags: CancelFlags) {
  const refs = yield* callRefs(flags.calls)
  const { calls } = yield* openCalls({
    needed: providersOf(refs),
    timeout: flags.timeout,
    journal: journalOf(flags, false)
  })
  const failures = makeFailures(flags)
  const results = yield* makeResults
  const rows: Array<ReadonlyArray<string>> = []
  const open = new Set(refs.map(formatCallRef))
  const cancelOne = (ref: CallRef) =>
    Effect.match(Effect.andThen(results.written, calls.cancel(ref)), {
      onSuccess: (canceled) => {
        open.delete(formatCallRef(ref))
        failures.note(EXIT_OF[canceled.outcome])
        if (flags.json) results.print(json(canceled), aligned([row(canceled)]))
        else rows.push(row(canceled))
      },
      onFailure: (error) => {
        open.delete(formatCallRef(ref))
        failures.add(error, formatCallRef(ref))
      }
    })
  const canceling = Effect.forEach(refs, cancelOne, { concurrency: TOGETHER, discard: true })
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
