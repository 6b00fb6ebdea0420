/** Failures that end a command, with a message for standard error; why a file cannot be read or written, in words. */
import { closeSync, openSync } from "node:fs"
import * as Effect from "effect/Effect"
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

/** Invalid flags, or flags that do not go together. */
export const usage = failure(EXIT.usage)

/** An input or output that cannot be opened or read; the message names it and the reason. */
export const inputFailure = failure(EXIT.unreadable)

/** The requested record does not exist. */
export const noSuchRecord = failure(EXIT.rejected)

/** Records were rejected, and `--fail-on-reject` was given or nothing else was in an input. The others have been written. */
export const recordsRejected = failure(EXIT.rejected, true)

/** A check of the data forbids every conclusion, and the comparison that says so has been printed. */
export const nothingConcluded = failure(EXIT.inconclusive, true)

/** Something about live calls failed, and each failure has been shown on standard error already. */
export class CallsFailed extends Schema.TaggedError<CallsFailed>()("CallsFailed", { exitCode: Schema.Int }) {
  override readonly [Runtime.errorExitCode] = this.exitCode
}

const REASONS = new Map([
  ["ENOENT", "no such file or folder"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["EISDIR", "is a folder"],
  ["ENOTDIR", "no such file or folder"],
  ["ELOOP", "a link that leads to itself"],
  ["ENOSPC", "no space left on the device"]
])

/** The system's code of an error, such as `ENOENT`. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined

export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return "cannot be read"
  const code = codeOf(error)
  return code === undefined ? error.message : (REASONS.get(code) ?? `cannot be read (${code})`)
}

export const unreadable =
  (name: string) =>
  (error: unknown): CommandFailure =>
    error instanceof CommandFailure ? error : inputFailure(`${name}: ${reasonOf(error)}`)

/** Uses a file; the failure names it. */
export const tryFile = <A>(name: string, use: () => A): Effect.Effect<A, CommandFailure> =>
  Effect.try({ try: use, catch: unreadable(name) })

/** Opens a file for reading, and closes it after use. */
export const usingFile = <A, E, R>(name: string, path: string, use: (descriptor: number) => Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    tryFile(name, () => openSync(path, "r")),
    use,
    (descriptor) => Effect.sync(() => closeSync(descriptor))
  )

/** The same for a file or folder that is used synchronously. */
export const whileOpen = <A>(path: string, use: (descriptor: number) => A): A => {
  const descriptor = openSync(path, "r")
  try {
    return use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
