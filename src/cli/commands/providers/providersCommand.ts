/** `unicall providers`: what each provider can do, and what says so. The implementation is loaded on demand. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { providers } from "../../providers.ts"
import { described, endedAtOnce, lazily, outputFlag, withOutput } from "../../shell/commandRun.ts"
import { choice, type Given, jsonFlag, text } from "../../shell/flags.ts"

const flags = {
  provider: choice("provider", providers.ids, "This provider only, with what says so").pipe(Flag.withAlias("p")),
  needs: text("needs", "NAMES", "Only providers that can do all of this: names of capabilities, separated by commas"),
  json: jsonFlag,
  ...outputFlag
}

export type ProvidersFlags = Given<typeof flags>

export const providersCommand = Command.make("providers", flags, (given: ProvidersFlags) =>
  endedAtOnce(withOutput(lazily(async () => (await import("./providersRun.ts")).runProviders))(given))
).pipe(
  described("Show what each provider can do, and what says so", {
    "unicall providers": "All of them beside one another",
    "unicall providers --provider revring": "One of them, each capability with its source",
    "unicall providers --needs schedule,metadata": "Those that can call at a time and store your own values"
  })
)
