/** `unicall switch`: moving an application from one provider to another. The implementation is loaded on demand. */
import * as Command from "effect/cli/Command"
import { described } from "../../shell/commandRun.ts"
import { planCommand } from "./planCommand.ts"

export const switchCommand = Command.make("switch").pipe(
  described("Move from one provider to another: what changes, and what is to be done"),
  Command.withSubcommands([planCommand])
)
