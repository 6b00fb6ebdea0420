/** `unicall switch`: from one provider to another. Each part is a command of its own, loaded on demand. */
import * as Command from "effect/cli/Command"
import { described } from "../../shell/commandRun.ts"
import { scanCommand } from "./scanCommand.ts"

const subcommands = [scanCommand] as const

export const switchCommand = Command.make("switch").pipe(
  described("Prepare to switch providers: what the code becomes"),
  Command.withSubcommands(subcommands)
)
