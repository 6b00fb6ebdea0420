/** `unicall webhooks`: where the messages of a stored agent go. The implementation is loaded on demand. */
import * as Command from "effect/cli/Command"
import { writing } from "../../calls/callCommand.ts"
import { connectionFlags, providerFlag, yesFlag } from "../../calls/callFlags.ts"
import { described, lazily, outputFlag } from "../../shell/commandRun.ts"
import { type Given, jsonFlag, onOff, requiredText, text } from "../../shell/flags.ts"

const agentFlags = {
  provider: providerFlag(),
  agent: requiredText("agent", "ID", "The agent, as stored at the provider")
}

const showFlags = { ...agentFlags, json: jsonFlag, ...outputFlag, ...connectionFlags }

export type ShowFlags = Given<typeof showFlags>

const showCommand = Command.make(
  "show",
  showFlags,
  writing(lazily(async () => (await import("./addressRun.ts")).runShow))
).pipe(
  described("Show where the messages of an agent go, secrets removed", {
    "unicall webhooks show --provider revox --agent 5f0c…": "The address that is set, or none"
  })
)

const setFlags = {
  ...agentFlags,
  calls: text(
    "calls",
    "URL|@FILE|none",
    "Where messages about calls go: https, or a loopback address; none takes it away"
  ),
  preCall: text("pre-call", "URL|@FILE|none", "Where is asked before an inbound call is answered"),
  dryRun: onOff("dry-run", "Only show what is there and what would be changed"),
  yes: yesFlag("Do not ask; needed in scripts"),
  json: jsonFlag,
  ...outputFlag,
  ...connectionFlags
}

export type SetFlags = Given<typeof setFlags>

const setCommand = Command.make(
  "set",
  setFlags,
  writing(lazily(async () => (await import("./addressRun.ts")).runSet))
).pipe(
  described("Set where the messages of an agent go, and change nothing else of it", {
    "unicall webhooks set --provider revox --agent 5f0c… --calls https://app.example.com/webhooks/revox --dry-run":
      "What would be changed",
    "unicall webhooks set --provider revring --agent 5f0c… --calls @address.txt":
      "An address with a secret, which nobody should read among the running processes"
  })
)

export const webhooksCommand = Command.make("webhooks").pipe(
  described("See and set where the messages of an agent go, at its provider"),
  Command.withSubcommands([showCommand, setCommand])
)
