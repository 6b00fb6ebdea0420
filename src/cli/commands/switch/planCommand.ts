/** `unicall switch plan`: what an application uses of its provider, and says of it in a configuration, and what becomes of each at another. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { inputFlags, inputsArgument } from "../../inputs/readInputs.ts"
import { providers } from "../../providers.ts"
import { described, lazily, outputFlag, withOutput } from "../../shell/commandRun.ts"
import { failOnRejectFlag, type Given, onOff, text } from "../../shell/flags.ts"

const provider = (name: string, description: string) =>
  Flag.Literals(name, providers.ids).pipe(Flag.withDescription(description))

const flags = {
  inputs: inputsArgument,
  from: provider("from", "The provider that is left: its records are counted, and no others"),
  to: provider("to", "The provider to go to"),
  config: text("config", "FILE", "Plan by named agents and routes, too, as JSON; without inputs, by them alone"),
  html: text("html", "FILE", "Write the plan as a page to this file; it needs no network"),
  json: onOff("json", "Print the whole plan as one JSON document"),
  markdown: onOff("markdown", "Print it as Markdown, for a pull request or a wiki"),
  failOnReject: failOnRejectFlag,
  ...outputFlag,
  ...inputFlags
}

export type PlanFlags = Given<typeof flags>

export const planCommand = Command.make(
  "plan",
  flags,
  withOutput(lazily(async () => (await import("./planRun.ts")).runPlan))
).pipe(
  described("Plan a move by your own records: what you use, how often, and what becomes of it", {
    "unicall switch plan --from revox --to revring exports/": "Before anybody moves",
    "unicall switch plan --from revox --to revring calls.ndjson --html plan.html": "As a page to share",
    "unicall switch plan --from revox --to revring --config unicall.json": "What to write in a configuration"
  })
)
