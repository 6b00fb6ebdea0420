/** `unicall agents`: which agents and numbers an account has, and how that fits a configuration. The implementation is loaded on demand. */
import * as Command from "effect/cli/Command"
import { writing } from "../../calls/callCommand.ts"
import * as Flag from "effect/cli/Flag"
import { callableIds, configFlag, connectionFlags, providerFlag } from "../../calls/callFlags.ts"
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

const checkFlags = { config: configFlag, json: jsonFlag, ...outputFlag, ...connectionFlags }

export type CheckFlags = Given<typeof checkFlags>

const checkCommand = Command.make(
  "check",
  checkFlags,
  writing(lazily(async () => (await import("./checkRun.ts")).runCheck))
).pipe(
  described("Compare the named agents of a configuration with what their providers have", {
    "unicall agents check --config unicall.json": "Ids and numbers that are not there, and what could not be checked"
  })
)

const newFlags = {
  providers: Flag.Literals("provider", callableIds).pipe(
    Flag.withAlias("p"),
    Flag.withDescription("A provider whose agents are taken; may be repeated (default all that have a key)"),
    Flag.atLeast(0)
  ),
  ...outputFlag,
  ...connectionFlags
}

export type NewFlags = Given<typeof newFlags>

const newCommand = Command.make(
  "new",
  newFlags,
  writing(lazily(async () => (await import("./newRun.ts")).runNew))
).pipe(
  described("Write a configuration with the agents that are stored at the providers, by names of your own", {
    "unicall agents new -o unicall.json": "Agents of the same name at several providers become one"
  })
)

export const agentsCommand = Command.make("agents").pipe(
  described("See which agents and numbers an account has, at its provider, and name them in a configuration"),
  Command.withSubcommands([listCommand, numbersCommand, checkCommand, newCommand])
)
