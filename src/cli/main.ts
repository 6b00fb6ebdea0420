/** The command line of unicall. Data goes to standard output and nothing else does. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Argument from "effect/cli/Argument"
import * as CliConfig from "effect/cli/CliConfig"
import * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import packageJson from "../../package.json" with { type: "json" }
import { agentsCommand } from "./commands/agents/agentsCommand.ts"
import { cancelCommand } from "./commands/cancel/cancelCommand.ts"
import { changesCommand } from "./commands/changes/changesCommand.ts"
import { compareCommand } from "./commands/compare/compareCommand.ts"
import { makeDemoCommand } from "./commands/demo/demoCommand.ts"
import { doctorCommand } from "./commands/doctor/doctorCommand.ts"
import { experimentCommand } from "./commands/experiment/experimentCommand.ts"
import { explainCommand } from "./commands/explain/explainCommand.ts"
import { getCommand } from "./commands/get/getCommand.ts"
import { inboxCommand } from "./commands/inbox/inboxCommand.ts"
import { journalCommand } from "./commands/journal/journalCommand.ts"
import { labelCommand } from "./commands/label/labelCommand.ts"
import { listCommand } from "./commands/list/listCommand.ts"
import { listenCommand } from "./commands/listen/listenCommand.ts"
import { normalizeCommand } from "./commands/normalize/normalizeCommand.ts"
import { placeCommand } from "./commands/place/placeCommand.ts"
import { reconcileCommand } from "./commands/reconcile/reconcileCommand.ts"
import { switchCommand } from "./commands/switch/switchCommand.ts"
import { twinCommand } from "./commands/twin/twinCommand.ts"
import { waitCommand } from "./commands/wait/waitCommand.ts"
import { webhooksCommand } from "./commands/webhooks/webhooksCommand.ts"
import { EXIT } from "./ExitCode.ts"
import { ADAPTER_FLAG } from "./providers.ts"
import { CallsFailed, codeOf, CommandFailure, inputFailure, usage } from "./shell/failures.ts"
import { repeated } from "./shell/flags.ts"
import { OutputClosed } from "./shell/output.ts"
import { tell } from "./shell/terminal.ts"

const { version } = packageJson

const commands = [
  normalizeCommand,
  explainCommand,
  compareCommand,
  labelCommand,
  placeCommand,
  getCommand,
  listCommand,
  waitCommand,
  cancelCommand,
  reconcileCommand,
  changesCommand,
  journalCommand,
  agentsCommand,
  webhooksCommand,
  listenCommand,
  inboxCommand,
  doctorCommand,
  twinCommand,
  makeDemoCommand(Command.runWith(normalizeCommand, { version })),
  experimentCommand,
  switchCommand
] as const

const root = Command.make("unicall").pipe(Command.withDescription("One call model over every voice-agent provider"))

const helpCommand = Command.make(
  "help",
  {
    command: Argument.String("command").pipe(
      Argument.withDescription("The command, such as normalize or experiment plan; all of them without one"),
      Argument.variadic()
    )
  },
  ({ command }) => {
    const [name] = command
    const names = commands.map((each) => each.name)
    return name === undefined || names.some((known) => known === name)
      ? runCommands([...command, "--help"])
      : Effect.fail(usage(`help: expected one of ${names.join(", ")}`))
  }
).pipe(Command.withDescription("Show help for a command, as --help does"))

/** Read before the commands are made (`providers.ts`), and allowed everywhere. */
const adapterFlag = GlobalFlag.Setting("adapter")({
  flag: repeated(ADAPTER_FLAG, "FILE", "A JavaScript module with an adapter of your own; may be repeated")
})

const runCommands = Command.runWith(root.pipe(Command.withSubcommands(commands)), { version })

const unicall = root.pipe(Command.withSubcommands([...commands, helpCommand]), Command.withGlobalFlags([adapterFlag]))

/** Help that was asked for is data; help after a mistake is a note. */
const presenter = CliOutput.layerPresenter({
  present: (event) =>
    Effect.gen(function* () {
      const formatter = CliOutput.defaultFormatter({ colors: false })
      if (event._tag === "Help" && event.reason === "Implicit") {
        return yield* Console.error(formatter.formatHelpDoc(event.helpDoc))
      }
      if (event._tag !== "InvalidInvocation") return yield* CliOutput.defaultPresenter.present(event)
      yield* Console.error(formatter.formatErrors(event.errors).trim())
      yield* Console.error(`See: ${event.commandPath.join(" ")} --help`)
    })
})

/** What Effect says on standard error goes the way of all notes. */
const notes = Layer.succeed(
  Console.Console,
  Object.assign(Object.create(globalThis.console), {
    error: (...texts: ReadonlyArray<unknown>) => tell(`${texts.map(String).join(" ")}\n`)
  })
)

/** Log messages go to standard error, a line each. */
const logger = Logger.layer([
  Logger.make(({ logLevel, message }) => {
    const text = Array.isArray(message) ? message.map(String).join(" ") : String(message)
    tell(`unicall: ${logLevel.toLowerCase()}: ${text}\n`)
  })
])

/** A reader that closes the pipe ends the command normally; a full disk is a failure that is reported; anything else is a bug. */
const settleDefect = (defect: unknown): Effect.Effect<void, CommandFailure> => {
  if (defect instanceof OutputClosed) return Effect.void
  const code = codeOf(defect)
  // A module that cannot be loaded has a code as well, but no call into the system.
  if (code === undefined || !(defect instanceof Error && "syscall" in defect)) return Effect.die(defect)
  const failure = inputFailure(`output: cannot be written (${code})`)
  return Effect.andThen(Console.error(failure.message), failure)
}

const exitCodeOf = (cause: Cause.Cause<unknown>): number => {
  if (Cause.hasInterruptsOnly(cause)) return EXIT.interrupted
  const error = Cause.squash(cause)
  if (CliError.isCliError(error)) return EXIT.usage
  return error instanceof CommandFailure || error instanceof CallsFailed ? error.exitCode : EXIT.internal
}

/** The message of a defect may quote personal data: only its name and place are printed. */
const reportDefect = (cause: Cause.Cause<unknown>): void => {
  const error = Cause.squash(cause)
  if (!(error instanceof Error)) return tell(`unicall: internal error: ${typeof error} \n`)
  const place = /^ *(at .*?)\s*$/m.exec(error.stack ?? "")?.[1] ?? ""
  tell(`unicall: internal error: ${error.name} ${place}\n`)
}

// When the terminal is closed, work in progress is finished as after SIGTERM, which `runMain` handles.
process.on("SIGHUP", () => process.emit("SIGTERM", "SIGTERM"))

Command.run(unicall, { version }).pipe(
  Effect.catchDefect(settleDefect),
  Effect.provide(
    Layer.mergeAll(
      NodeServices.layer,
      presenter,
      notes,
      logger,
      CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] })
    )
  ),
  NodeRuntime.runMain({
    disableErrorReporting: true,
    teardown: (exit, onExit) => {
      if (Exit.isSuccess(exit)) return onExit(EXIT.ok)
      const code = exitCodeOf(exit.cause)
      if (code === EXIT.internal) reportDefect(exit.cause)
      onExit(code)
    }
  })
)
