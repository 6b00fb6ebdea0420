/** `unicall get`: calls as they are now. */
import * as Effect from "effect/Effect"
import { formatCallRef } from "../../../provider/CallError.ts"
import { callRefs, providersOf } from "../../calls/callRefs.ts"
import { makeFailures } from "../../calls/failures.ts"
import type { ConnectionFlags } from "../../calls/callFlags.ts"
import { openCalls } from "../../calls/openCalls.ts"
import { makeDetailOutput, type RecordFlags } from "../../records/recordOutput.ts"

/** Reads under way at a time. */
const TOGETHER = 8

export interface GetFlags extends ConnectionFlags, RecordFlags {
  readonly calls: ReadonlyArray<string>
  readonly transcript: boolean
}

export const runGet = Effect.fn("unicall.get")(function* (flags: GetFlags) {
  const refs = yield* callRefs(flags.calls)
  const { calls } = yield* openCalls({ needed: providersOf(refs), timeout: flags.timeout, journal: undefined })
  const failures = makeFailures(flags)
  const results = yield* Effect.forEach(refs, (ref) => Effect.result(calls.get(ref)), { concurrency: TOGETHER })
  const output = makeDetailOutput(flags, refs.length)
  refs.forEach((ref, index) => {
    const result = results[index]
    if (result === undefined) return
    if (result._tag === "Success") output.add(result.success)
    else failures.add(result.failure, formatCallRef(ref))
  })
  output.end()
  yield* failures.settle
}, Effect.scoped)
