/** Failures that end a command; the message is shown on standard error. */
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"
import * as CliError from "effect/cli/CliError"
import { EXIT, type ExitCode } from "../ExitCode.ts"

export class CommandFailure extends Schema.TaggedError<CommandFailure>()("CommandFailure", {
  message: Schema.String,
  exitCode: Schema.Int,
  /** Whether the command has written all its data, and the failure is about what is in them. */
  isComplete: Schema.Boolean
}) {
  override readonly [Runtime.errorExitCode] = this.exitCode
  override readonly [CliError.userMessage] = this.message
}

const failure =
  (exitCode: ExitCode, isComplete = false) =>
  (message: string): CommandFailure =>
    new CommandFailure({ message, exitCode, isComplete })

/** Flags that do not go together. */
export const usage = failure(EXIT.usage)

/** An input or output that cannot be opened or read; the message names it and the reason. */
export const inputFailure = failure(EXIT.unreadable)

/** No record stands where one was asked for. */
export const noSuchRecord = failure(EXIT.rejected)

/** Records were rejected, and `--fail-on-reject` was given or nothing else was in an input. The others have been written. */
export const recordsRejected = failure(EXIT.rejected, true)

/** A check of the data forbids every conclusion, and the comparison that says so has been printed. */
export const nothingConcluded = failure(EXIT.inconclusive, true)

/** Something about live calls failed, and each failure has been shown on standard error already. */
export class CallsFailed extends Schema.TaggedError<CallsFailed>()("CallsFailed", { exitCode: Schema.Int }) {
  override readonly [Runtime.errorExitCode] = this.exitCode
}
