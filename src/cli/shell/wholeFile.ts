/** Files that are there as a whole or not at all, and the one that `-o` names. */
import { accessSync, closeSync, constants, fstatSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs"
import { dirname } from "node:path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Flag from "effect/cli/Flag"
import { CallsFailed, NothingConcluded, RecordsRejected, usage } from "./CommandFailure.ts"
import { unreadable } from "./fileFault.ts"
import { redirectData } from "./output.ts"
import { placeOf } from "./placeOf.ts"

/** A place where a file can be written. */
export interface Target {
  /** As the user named it. */
  readonly name: string
  /** Where it really is: a link stays a link. */
  readonly path: string
  /** A device or a pipe, which takes what is written as it comes. */
  readonly isStream: boolean
}

/** Looked at before anything is read: whoever has waited for long should not be told then that it cannot be written. */
export const findTarget = Effect.fnUntraced(function* (name: string) {
  const found = yield* Effect.try({ try: () => statSync(name, { throwIfNoEntry: false }), catch: unreadable(name) })
  if (found?.isDirectory() === true) {
    return yield* usage(`${name}: expected the name of a file to write`)
  }
  const isStream = found !== undefined && !found.isFile()
  const path = yield* Effect.try({
    try: () => {
      // A pipe has no name of its own, as behind /dev/stdout.
      const real = isStream ? name : placeOf(name)
      accessSync(isStream ? real : dirname(real), constants.W_OK)
      return real
    },
    catch: unreadable(name)
  })
  return { name, path, isStream } satisfies Target
})

export interface OpenFile {
  readonly descriptor: number
  /** Puts the file in its place. */
  readonly keep: () => void
  /** Leaves what was there before as it was. */
  readonly discard: () => void
}

/** `part` is where it is written until it is whole. */
export const openWhole = ({ path, isStream }: Target, part = `${path}.${process.pid}.part`): OpenFile => {
  if (isStream) {
    const descriptor = openSync(path, "w")
    return { descriptor, keep: () => closeSync(descriptor), discard: () => closeSync(descriptor) }
  }
  rmSync(part, { force: true })
  const descriptor = openSync(part, "wx", (statSync(path, { throwIfNoEntry: false })?.mode ?? 0o666) & 0o777)
  const discard = () => {
    closeSync(descriptor)
    rmSync(part, { force: true })
  }
  return {
    descriptor,
    keep: () => {
      try {
        fsyncSync(descriptor)
        renameSync(part, path)
      } finally {
        discard()
      }
    },
    discard
  }
}

export const outputFlag = {
  output: Flag.String("output").pipe(
    Flag.withAlias("o"),
    Flag.withMetavar("FILE"),
    Flag.withDescription("Write data to this file instead of standard output, as a whole or not at all"),
    Flag.optional
  )
}

export interface OutputFlag {
  readonly output: Option.Option<string>
}

/** Whether a command has written all its data, whatever its exit code says about them. */
const isComplete = (exit: Exit.Exit<unknown, unknown>): boolean =>
  Option.exists(
    Exit.findErrorOption(exit),
    (error) => error instanceof RecordsRejected || error instanceof NothingConcluded || error instanceof CallsFailed
  )

/** Runs a command with its data going where `-o` says; with `keeps` what it has written stays however it ends. */
export const withOutput = <Flags, A, E, R>(run: (flags: Flags) => Effect.Effect<A, E, R>, keeps = false) =>
  Effect.fnUntraced(function* (flags: Flags & OutputFlag) {
    const name = Option.getOrUndefined(flags.output)
    if (name === undefined || name === "-") return yield* run(flags)
    const target = yield* findTarget(name)
    const settle = (file: OpenFile, exit: Exit.Exit<unknown, unknown>) => {
      redirectData(undefined)
      const settled = () => {
        const isKept = Exit.isSuccess(exit) || ((keeps || isComplete(exit)) && fstatSync(file.descriptor).size > 0)
        return isKept ? file.keep() : file.discard()
      }
      return Effect.try({ try: settled, catch: unreadable(name) })
    }
    return yield* Effect.acquireUseRelease(
      Effect.try({
        try: () => {
          const file = openWhole(target)
          redirectData({ path: target.path, descriptor: file.descriptor })
          return file
        },
        catch: unreadable(name)
      }),
      () => run(flags),
      settle
    )
  })
