/** `unicall list`: calls that a provider knows. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Command from "effect/cli/Command"
import { OrderStatus } from "../../../domain/CallStatus.ts"
import { momentGiven } from "../../../domain/Instant.ts"
import { present } from "../../../domain/present.ts"
import { openCalls, writing } from "../../calls/callCommand.ts"
import { connectionFlags, providerFlag } from "../../calls/callFlags.ts"
import { makeFailures } from "../../calls/callFailures.ts"
import { makeRecordOutput } from "../../records/recordOutput.ts"
import { usage } from "../../shell/failures.ts"
import { described, outputFlag } from "../../shell/commandRun.ts"
import { type Given, jsonFlag, nativeFlag, optional, text, whole, wordsOf } from "../../shell/flags.ts"

const flags = {
  provider: providerFlag(),
  status: text("status", "STATUS", "Only calls of these statuses, separated by commas"),
  createdAfter: text("created-after", "TIME", "Only calls created since: ISO 8601 with a zone"),
  createdBefore: text("created-before", "TIME", "Only calls created before: ISO 8601 with a zone"),
  agent: text("agent", "ID", "Only calls of this agent"),
  reference: text("reference", "KEY", "Only the call that was placed with this reference"),
  to: text("to", "NUMBER", "Only calls to this number, in E.164"),
  limit: whole("limit", "At most this many", 1, 1_000_000).pipe(optional),
  json: jsonFlag,
  native: nativeFlag,
  ...outputFlag,
  ...connectionFlags
}

const instant = Effect.fnUntraced(function* (flag: string, given: string | undefined) {
  if (given === undefined) return undefined
  return momentGiven(given) ?? (yield* usage(`${flag}: expected ISO 8601 with a zone: 2026-05-01T00:00:00Z`))
})

const run = Effect.fn("unicall.list")(function* (given: Given<typeof flags>) {
  const { provider, reference, to, limit = Infinity } = given
  const filter = present({
    provider,
    status: yield* wordsOf<OrderStatus>("--status", given.status, OrderStatus.literals),
    createdAfter: yield* instant("--created-after", given.createdAfter),
    createdBefore: yield* instant("--created-before", given.createdBefore),
    agentId: given.agent,
    reference,
    to
  })
  const { calls } = yield* openCalls(given, { needed: provider === undefined ? [] : [provider] })
  const failures = makeFailures(given)
  const output = makeRecordOutput(given)
  yield* calls.list(filter).pipe(
    Stream.take(limit),
    Stream.runForEach((record) => Effect.sync(() => output.add(record))),
    Effect.catch((error) => Effect.sync(() => failures.add(error))),
    Effect.ensuring(Effect.sync(output.end))
  )
  yield* failures.settle
}, Effect.scoped)

export const listCommand = Command.make("list", flags, writing(run)).pipe(
  described("List the calls that a provider knows; says so where they may not be all", {
    "unicall list --provider revox --status completed --json": "One record a line"
  })
)
