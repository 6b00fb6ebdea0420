/** From the names a command was given to payloads, for every command that reads records. */
import * as Effect from "effect/Effect"
import { CommandFailure, usage } from "../shell/CommandFailure.ts"
import { tryFile, unreadable } from "../shell/fileFault.ts"
import { type Progress, silent } from "../shell/progress.ts"
import { findInputs, type Input } from "./findInputs.ts"
import { headOf, readInput } from "./inputBytes.ts"
import { formHint, type InputFlags, splitOptionsOf } from "./inputFlags.ts"
import { makeSplitter, type SplitJob, type SplitOptions } from "./split.ts"

/** What inputs are read into. */
export interface ReadingJob extends SplitJob {
  readonly tally: { read: number; rejected: number }
}

/** A header row longer than this is looked at when its file is read. */
const LONGEST_HEADER = 64 * 1024

/** Columns that were asked for are looked for before anything is written; those of a pipe when it is read. */
const checkColumns = Effect.fnUntraced(function* (input: Input, options: SplitOptions) {
  const { path, form, size, name } = input
  const asked = options.payloadColumn ?? options.providerColumn
  if (path === undefined || form !== "csv" || size === undefined || asked === undefined) return
  const head = yield* tryFile(name, () => headOf(path, LONGEST_HEADER))
  yield* Effect.try({
    try: () => makeSplitter(input, options, { payload: () => {}, unreadable: () => {} }).push(head),
    catch: (error) => (error instanceof CommandFailure ? error : unreadable(name)(error))
  })
})

/** Without a name the input is what is piped in; a terminal has nothing to pipe. */
export const namedInputs = Effect.fnUntraced(function* (names: ReadonlyArray<string>, flags: InputFlags) {
  if (names.length === 0 && process.stdin.isTTY) {
    return yield* usage("expected a file, folder or pattern to read, or input piped in")
  }
  const inputs = yield* findInputs(names.length === 0 ? ["-"] : names, formHint(flags))
  for (const input of inputs) yield* checkColumns(input, splitOptionsOf(flags))
  return inputs
})

/** Bytes to read in all; absent where it cannot be known before. */
export const sizeOf = (inputs: ReadonlyArray<Input>): number | undefined =>
  inputs.some(({ size }) => size === undefined) ? undefined : inputs.reduce((sum, { size }) => sum + (size ?? 0), 0)

interface ReadingHooks {
  readonly progress?: Progress
  /** Shows what has been read so far. */
  readonly flush?: () => void
  readonly inputRead?: (input: Input) => void
}

/** Reads the inputs one after the other into the job. */
export const readInThread = Effect.fnUntraced(function* (
  inputs: ReadonlyArray<Input>,
  job: ReadingJob,
  options: SplitOptions,
  { progress = silent, flush, inputRead }: ReadingHooks = {}
) {
  let before = 0
  for (const input of inputs) {
    const splitter = makeSplitter(input, options, job)
    let inThis = 0
    yield* readInput(input, {
      chunk: splitter.push,
      broken: splitter.broken,
      progress: (bytes) => {
        inThis = bytes
        progress.update(before + bytes, job.tally)
        // A pipe that has run dry may stay so for long: what has been read is shown.
        if (input.path === undefined) flush?.()
      }
    })
    splitter.end()
    before += inThis
    inputRead?.(input)
  }
})
