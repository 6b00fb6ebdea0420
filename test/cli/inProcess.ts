/** Commands of the command line run in this process, where a test file has mocked `node:fs` by `captured`. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Runtime from "effect/Runtime"
import * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import { explainCommand } from "../../src/cli/commands/explain/explainCommand.ts"
import { normalizeCommand } from "../../src/cli/commands/normalize/normalizeCommand.ts"
import { textOf, written } from "./captured.ts"

const root = Command.make("unicall").pipe(Command.withSubcommands([normalizeCommand, explainCommand]))

const formatter = CliOutput.defaultFormatter({ colors: false })

const append = (descriptor: number, text: string): void => {
  written.set(descriptor, (written.get(descriptor) ?? "") + Buffer.from(text).toString("latin1"))
}

const presenter = CliOutput.layerPresenter({
  present: (event) =>
    Effect.sync(() => {
      if (event._tag === "InvalidInvocation") append(2, formatter.formatErrors(event.errors))
      if (event._tag === "Help") append(event.reason === "Requested" ? 1 : 2, formatter.formatHelpDoc(event.helpDoc))
    })
})

export interface RanHere {
  readonly code: number
  readonly stdout: string
  /** What was told, and the message of a failure. */
  readonly stderr: string
}

const failureOf = (exit: Exit.Exit<unknown, unknown>): { readonly code: number; readonly message: string } => {
  if (Exit.isSuccess(exit)) return { code: 0, message: "" }
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  if (CliError.isCliError(error)) return { code: 2, message: error.message }
  if (!(error instanceof Error)) return { code: 70, message: String(exit.cause) }
  const code: unknown = Reflect.get(error, Runtime.errorExitCode)
  return { code: typeof code === "number" ? code : 2, message: error.message }
}

const runAlone = async (args: ReadonlyArray<string>): Promise<RanHere> => {
  written.clear()
  const run = Command.runWith(root, { version: "0" })(args).pipe(Effect.provide([NodeServices.layer, presenter]))
  const { code, message } = failureOf(await Effect.runPromiseExit(run))
  return { code, stdout: textOf(1), stderr: textOf(2) + message }
}

let before: Promise<unknown> = Promise.resolve()

/** Runs `unicall …` in the working directory, one after the other. */
export const runHere = (args: ReadonlyArray<string>): Promise<RanHere> => {
  const ran = before.then(() => runAlone(args))
  before = ran
  return ran
}
