/** `unicall agents new`: a configuration with the agents that are stored at the providers. */
import * as Effect from "effect/Effect"
import { foundAgents } from "../../../routes/foundAgents.ts"
import { readAccount } from "../../calls/account.ts"
import { openCalls } from "../../calls/callCommand.ts"
import { makeFailures } from "../../calls/callFailures.ts"
import { liveProviders, variable } from "../../calls/environment.ts"
import { EXIT } from "../../ExitCode.ts"
import { callable } from "../../providers.ts"
import { plural, print, tell } from "../../shell/terminal.ts"
import type { NewFlags } from "./agentsCommand.ts"

/** Where editors find the schema, in a project that has unicall installed. */
const SCHEMA = "./node_modules/unicall/docs/schema/configuration.json"

export const runNew = Effect.fn("unicall.agents.new")(function* (flags: NewFlags) {
  const failures = makeFailures(flags)
  const wanted = wantedOf(flags.providers)
  // Says which keys there could be.
  if (wanted.length === 0) yield* Effect.scoped(openCalls(flags))
  const read = yield* Effect.forEach(
    wanted,
    ({ id, capabilities }) =>
      Effect.map(readAccount(flags, id, { failures, onIncomplete: failures.add }), ({ agents, numbers }) => {
        if (agents === "cannot_be_listed") {
          failures.note(EXIT.unsupported)
          tell(`${id}: left out, it cannot list its agents\n`)
        }
        return {
          agents: typeof agents === "string" ? [] : agents.items,
          numbers: typeof numbers === "string" ? [] : numbers.items,
          takesNumber: capabilities.callerNumber !== "none",
          isRead: typeof agents !== "string"
        }
      }),
    { concurrency: "unbounded" }
  )
  const { agents, ambiguous, unassigned } = foundAgents(read)
  if (read.some(({ isRead }) => isRead)) {
    print(`${JSON.stringify({ $schema: SCHEMA, agents }, null, 2)}\n`)
    tell(
      `${plural(Object.keys(agents).length, "named agent")} of ${plural(read.flatMap((each) => each.agents).length, "agent")}\n`
    )
    for (const { id, orderNotes } of wanted) {
      const note = orderNotes?.from
      const hasNumbers = Object.values(agents).some(({ providers }) => providers[id]?.from !== undefined)
      if (note !== undefined && hasNumbers) tell(`${id}: ${note}\n`)
    }
    if (ambiguous > 0)
      tell(
        `${plural(ambiguous, "name")} of several agents at one provider: each of them stands alone, join them by hand\n`
      )
    if (unassigned > 0)
      tell(`${plural(unassigned, "number")} not assigned to any agent: left out, unicall agents numbers lists them\n`)
  }
  yield* failures.settle
})

/** Those that are named, each once; otherwise those that have a key. */
const wantedOf = (named: ReadonlyArray<string>) => {
  const keyed = liveProviders.filter(({ keyVariable }) => variable(keyVariable) !== undefined)
  const wanted = new Set<string>(named.length > 0 ? named : keyed.map(({ id }) => id))
  return callable.filter(({ id }) => wanted.has(id))
}
