/** `unicall agents`: which agents and numbers an account has. The implementation is loaded on demand. */
import * as Command from "effect/cli/Command"
import { writing } from "../../calls/callCommand.ts"
import { connectionFlags, providerFlag } from "../../calls/callFlags.ts"
import { described, lazily, outputFlag } from "../../shell/commandRun.ts"
import { type Given, jsonFlag } from "../../shell/flags.ts"

const flags = { provider: providerFlag(), json: jsonFlag, ...outputFlag, ...connectionFlags }

export type CatalogFlags = Given<typeof flags>

const listCommand = Command.make(
  "list",
  flags,
  writing(lazily(async () => (await import("./catalogRun.ts")).runAgents))
).pipe(
  described("List the agents that are stored at a provider; says so where they may not be all", {
    "unicall agents list --provider revox": "Their ids, by which orders name them"
  })
)

const numbersCommand = Command.make(
  "numbers",
  flags,
  writing(lazily(async () => (await import("./catalogRun.ts")).runNumbers))
).pipe(
  described("List the numbers of an account, with the agents that answer them; says so where they may not be all", {
    "unicall agents numbers --provider vapi --json": "One number a line, with the id that orders name"
  })
)

export const agentsCommand = Command.make("agents").pipe(
  described("See which agents and numbers an account has, at its provider"),
  Command.withSubcommands([listCommand, numbersCommand])
)
