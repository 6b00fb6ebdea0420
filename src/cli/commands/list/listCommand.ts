/** `unicall list`: calls that a provider knows. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { ListOptions } from "../../../calls/VoiceCalls.ts"
import { OrderStatus } from "../../../domain/CallStatus.ts"
import { type Instant, parseInstant } from "../../../domain/Instant.ts"
import { present } from "../../../domain/present.ts"
import { usage, type UsageFailure } from "../../shell/CommandFailure.ts"
import { makeFailures } from "../../calls/failures.ts"
import { wordsOf } from "../../shell/flagChecks.ts"
import type { ConnectionFlags } from "../../calls/callFlags.ts"
import { openCalls } from "../../calls/openCalls.ts"
import { makeRecordOutput, type RecordFlags } from "../../records/recordOutput.ts"

export interface ListFlags extends ConnectionFlags, RecordFlags {
  readonly provider: Option.Option<string>
  readonly status: Option.Option<string>
  readonly createdAfter: Option.Option<string>
  readonly createdBefore: Option.Option<string>
  readonly agent: Option.Option<string>
  readonly reference: Option.Option<string>
  readonly to: Option.Option<string>
  readonly limit: Option.Option<number>
}

const instant = Effect.fnUntraced(function* (flag: string, text: string): Effect.fn.Return<Instant, UsageFailure> {
  const read = parseInstant(text)
  return read ?? (yield* usage(`${flag}: expected ISO 8601 with a zone: 2026-05-01T00:00:00Z`))
})

const filterOf = Effect.fnUntraced(function* (flags: ListFlags): Effect.fn.Return<ListOptions, UsageFailure> {
  const after = Option.getOrUndefined(flags.createdAfter)
  const before = Option.getOrUndefined(flags.createdBefore)
  return present({
    provider: Option.getOrUndefined(flags.provider),
    status: yield* wordsOf<OrderStatus>("--status", flags.status, OrderStatus.literals),
    createdAfter: after === undefined ? undefined : yield* instant("--created-after", after),
    createdBefore: before === undefined ? undefined : yield* instant("--created-before", before),
    agentId: Option.getOrUndefined(flags.agent),
    reference: Option.getOrUndefined(flags.reference),
    to: Option.getOrUndefined(flags.to)
  })
})

export const runList = Effect.fn("unicall.list")(function* (flags: ListFlags) {
  const filter = yield* filterOf(flags)
  const { calls } = yield* openCalls({
    needed: filter.provider === undefined ? [] : [filter.provider],
    timeout: flags.timeout,
    journal: undefined
  })
  const failures = makeFailures(flags)
  const output = makeRecordOutput(flags)
  const listed = calls.list(filter)
  yield* Option.match(flags.limit, { onNone: () => listed, onSome: (limit) => Stream.take(listed, limit) }).pipe(
    Stream.runForEach((record) => Effect.sync(() => output.add(record))),
    Effect.catch((error) => Effect.sync(() => failures.add(error))),
    Effect.ensuring(Effect.sync(output.end))
  )
  yield* failures.settle
}, Effect.scoped)
