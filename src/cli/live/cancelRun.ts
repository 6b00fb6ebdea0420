/** `unicall cancel`: calls that shall not go on. */
import * as Effect from "effect/Effect"
import type { Canceled, CancelOutcome } from "../../calls/Placed.ts"
import { formatCallRef } from "../../provider/CallError.ts"
import { EXIT, type ExitCode } from "../ExitCode.ts"
import { callRefs, providersOf } from "./callRefs.ts"
import { makeFailures } from "./failures.ts"
import { journalOf } from "./journalFile.ts"
import type { ConnectionFlags, JournalFlags } from "./liveFlags.ts"
import { openCalls } from "./openCalls.ts"
import { aligned, print } from "./terminal.ts"

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
  const rows: Array<ReadonlyArray<string>> = []
  yield* Effect.forEach(
    refs,
    (ref) =>
      Effect.match(calls.cancel(ref), {
        onSuccess: (canceled) => {
          failures.note(EXIT_OF[canceled.outcome])
          if (flags.json) print(json(canceled))
          else rows.push(row(canceled))
        },
        onFailure: (error) => failures.add(error, formatCallRef(ref))
      }),
    { concurrency: TOGETHER, discard: true }
  ).pipe(
    Effect.ensuring(
      Effect.sync(() => {
        if (rows.length > 0) print(aligned([["CALL", "CANCEL", "STATUS", "REACH", "MEANING"], ...rows]))
      })
    )
  )
  yield* failures.settle
}, Effect.scoped)
