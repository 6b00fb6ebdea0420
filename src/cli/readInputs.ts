/** From the names a command was given to payloads, for every command that reads records. */
import * as Effect from "effect/Effect"
import { UsageFailure } from "./CommandFailure.ts"
import { formHint, type InputFlags } from "./inputFlags.ts"
import { findInputs, type Input, readInput } from "./inputs.ts"
import type { ReadingJob } from "./job.ts"
import { makeSplitter, type SplitOptions } from "./split.ts"
import type { Progress } from "./summary.ts"

/** Without a name the input is what is piped in; a terminal has nothing to pipe. */
export const namedInputs = Effect.fnUntraced(function* (names: ReadonlyArray<string>, flags: InputFlags) {
  if (names.length === 0 && process.stdin.isTTY) {
    return yield* new UsageFailure({ message: "expected a file, folder or pattern to read, or input piped in" })
  }
  return yield* findInputs(names.length === 0 ? ["-"] : names, formHint(flags))
})

/** Bytes to read in all; absent where it cannot be known before. */
export const sizeOf = (inputs: ReadonlyArray<Input>): number | undefined =>
  inputs.some(({ size, path }) => size === undefined || path?.endsWith(".gz") === true)
    ? undefined
    : inputs.reduce((sum, { size }) => sum + (size ?? 0), 0)

/** Reads the inputs one after the other into the job. */
export const readInThread = Effect.fnUntraced(function* (
  inputs: ReadonlyArray<Input>,
  job: ReadingJob,
  options: SplitOptions,
  progress: Progress,
  flush: () => void
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
        if (input.path === undefined) flush()
      }
    })
    splitter.end()
    before += inThis
  }
})
