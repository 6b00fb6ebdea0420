import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"
import * as CliError from "effect/cli/CliError"
import { EXIT } from "../ExitCode.ts"

/** An input or output that cannot be opened or read; `message` names it and the reason. */
export class InputUnreadable extends Schema.TaggedError<InputUnreadable>()("InputUnreadable", {
  message: Schema.String
}) {
  override readonly [Runtime.errorExitCode] = EXIT.unreadable
  override readonly [CliError.userMessage] = this.message
}

/** Flags that do not go together. */
export class UsageFailure extends Schema.TaggedError<UsageFailure>()("UsageFailure", { message: Schema.String }) {
  override readonly [Runtime.errorExitCode] = EXIT.usage
  override readonly [CliError.userMessage] = this.message
}

export const usage = (message: string): UsageFailure => new UsageFailure({ message })

/** Records were rejected, and `--fail-on-reject` was given or nothing else was in an input. The others have been written. */
export class RecordsRejected extends Schema.TaggedError<RecordsRejected>()("RecordsRejected", {
  message: Schema.String
}) {
  override readonly [Runtime.errorExitCode] = EXIT.rejected
  override readonly [CliError.userMessage] = this.message
}

/** No record stands where one was asked for. */
export class NoSuchRecord extends Schema.TaggedError<NoSuchRecord>()("NoSuchRecord", { message: Schema.String }) {
  override readonly [Runtime.errorExitCode] = EXIT.rejected
  override readonly [CliError.userMessage] = this.message
}

/** A check of the data forbids every conclusion, and the comparison that says so has been printed. */
export class NothingConcluded extends Schema.TaggedError<NothingConcluded>()("NothingConcluded", {
  message: Schema.String
}) {
  override readonly [Runtime.errorExitCode] = EXIT.inconclusive
  override readonly [CliError.userMessage] = this.message
}

/** Something about live calls failed, and each failure has been told on standard error already. */
export class CallsFailed extends Schema.TaggedError<CallsFailed>()("CallsFailed", { exitCode: Schema.Int }) {
  override readonly [Runtime.errorExitCode] = this.exitCode
}
