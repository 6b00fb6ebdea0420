/** `unicall switch`: moving an application from one provider to another. The implementations are loaded on demand. */
import * as Command from "effect/cli/Command"
import { described } from "../../shell/commandRun.ts"
import { planCommand } from "./planCommand.ts"
import { scanCommand } from "./scanCommand.ts"

export const switchCommand = Command.make("switch").pipe(
  described("Move from one provider to another: what changes, what code becomes, and what is to be done"),
  Command.withSubcommands([planCommand, scanCommand])
)
