/** Commands of the command line run in this process, where a test file has mocked `node:fs` by `captured`. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Runtime from "effect/Runtime"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import { explainCommand } from "../../src/cli/explainCommand.ts"
import { normalizeCommand } from "../../src/cli/normalizeCommand.ts"
import { textOf, written } from "./captured.ts"

const root = Command.make("unicall").pipe(Command.withSubcommands([normalizeCommand, explainCommand]))

const quiet = CliOutput.layerPresenter({ present: () => Effect.void })

export interface RanHere {
  readonly code: number
  readonly stdout: string
  /** What was told, and the message of a failure. */
  readonly stderr: string
}

const failureOf = (exit: Exit.Exit<unknown, unknown>): { readonly code: number; readonly message: string } => {
  if (Exit.isSuccess(exit)) return { code: 0, message: "" }
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  if (!(error instanceof Error)) return { code: 70, message: String(exit.cause) }
  const code: unknown = Reflect.get(error, Runtime.errorExitCode)
  return { code: typeof code === "number" ? code : 2, message: error.message }
}

/** Runs `unicall …`; only one at a time. */
export const runHere = async (args: ReadonlyArray<string>): Promise<RanHere> => {
  written.clear()
  const run = Command.runWith(root, { version: "0" })(args).pipe(Effect.provide([NodeServices.layer, quiet]))
  const { code, message } = failureOf(await Effect.runPromiseExit(run))
  return { code, stdout: textOf(1), stderr: textOf(2) + message }
}
