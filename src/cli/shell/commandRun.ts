/** How a command runs: loaded on demand, ended at once by signals where that is safe, its data going where `-o` says. */
import { fstatSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { CallsFailed, CommandFailure, tryFile } from "./failures.ts"
import { text } from "./flags.ts"
import { redirectData } from "./output.ts"
import { findTarget, type OpenFile, openWhole } from "./wholeFile.ts"

type Run<Flags, A, E, R> = (flags: Flags) => Effect.Effect<A, E, R>

/** Loads the implementation of a command on demand. */
export const lazily =
  <Flags, A, E, R>(load: () => Promise<Run<Flags, A, E, R>>): Run<Flags, A, E, R> =>
  (flags) =>
    Effect.flatMap(Effect.promise(load), (run) => run(flags))

/** Says in a command's help what it does; examples by their command lines. */
export const described =
  (description: string, examples: { readonly [command: string]: string } = {}) =>
  <const Name extends string, Input, Context, E, R>(command: Command.Command<Name, Input, Context, E, R>) =>
    command.pipe(
      Command.withDescription(description),
      Command.withExamples(Object.entries(examples).map(([line, shows]) => ({ command: line, description: shows })))
    )

const SIGNALS = ["SIGINT", "SIGTERM"] as const

/**
 * Leaves both signals to the system while a command runs. A listener in JavaScript runs only between two pieces of work:
 * not within a large record, nor while opening, reading or writing a pipe blocks. Only for commands that lose nothing: a
 * file keeps its old content until the new one is complete.
 */
export const endedAtOnce = <A, E, R>(command: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() =>
      SIGNALS.map((signal) => {
        const listeners = process.listeners(signal)
        process.removeAllListeners(signal)
        return { signal, listeners }
      })
    ),
    () => command,
    (taken) =>
      Effect.sync(() => {
        for (const { signal, listeners } of taken) for (const listener of listeners) process.on(signal, listener)
      })
  )

export const outputFlag = {
  output: text("output", "FILE", "Write data to this file instead of standard output, as a whole or not at all").pipe(
    Flag.withAlias("o")
  )
}

export interface OutputFlag {
  readonly output: string | undefined
}

/** Whether a command that failed has written all its data. */
const isComplete = (exit: Exit.Exit<unknown, unknown>): boolean =>
  Option.exists(
    Exit.findErrorOption(exit),
    (error) => error instanceof CallsFailed || (error instanceof CommandFailure && error.isComplete)
  )

interface OutputFile {
  /** The file stays however the command ends. */
  readonly keeps?: boolean
  /** It holds what nobody else may read. */
  readonly isPrivate?: boolean
}

/** Runs a command with its data going where `-o` says. */
export const withOutput = <Flags, A, E, R>(
  run: Run<Flags, A, E, R>,
  { keeps = false, isPrivate = false }: OutputFile = {}
) =>
  Effect.fnUntraced(function* (flags: Flags & OutputFlag) {
    const name = flags.output
    if (name === undefined || name === "-") return yield* run(flags)
    const target = yield* findTarget(name)
    const open = (): OpenFile => {
      const file = openWhole(target, { isPrivate })
      redirectData({ path: target.path, descriptor: file.descriptor })
      return file
    }
    const settle = (file: OpenFile, exit: Exit.Exit<unknown, unknown>): void => {
      redirectData(undefined)
      const isKept = Exit.isSuccess(exit) || ((keeps || isComplete(exit)) && fstatSync(file.descriptor).size > 0)
      return isKept ? file.keep() : file.discard()
    }
    return yield* Effect.acquireUseRelease(
      tryFile(name, open),
      () => run(flags),
      (file, exit) => tryFile(name, () => settle(file, exit))
    )
  })
