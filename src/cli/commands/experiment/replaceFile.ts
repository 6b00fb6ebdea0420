/** Replaces the file of an experiment by what becomes of it, however many processes try at the same time. */
import { closeSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Experiment } from "../../../experiment/Experiment.ts"
import { parseText } from "../../inputs/experimentFile.ts"
import { codeOf, type CommandFailure, unreadable, usage } from "../../shell/failures.ts"
import { writeFully } from "../../shell/output.ts"

type Change = (experiment: Experiment) => Result.Result<Experiment, CommandFailure>

/**
 * The new file is created first, which only one process can do: it serves as a lock. A crash leaves the old file or the
 * new one.
 */
const replace = (file: string, suffix: string, change: Change): Result.Result<Experiment, CommandFailure> => {
  const path = realpathSync(file)
  const next = `${path}.${suffix}`
  const fd = openSync(next, "wx", statSync(path).mode & 0o777)
  let isReplaced = false
  try {
    const experiment = Result.flatMap(parseText(file, readFileSync(path, "utf8")), change)
    if (Result.isFailure(experiment)) return experiment
    writeFully(fd, Buffer.from(`${JSON.stringify(experiment.success, null, 2)}\n`))
    fsyncSync(fd)
    renameSync(next, path)
    isReplaced = true
    return experiment
  } finally {
    closeSync(fd)
    if (!isReplaced) rmSync(next, { force: true })
  }
}

/** `doing`: what is under way meanwhile, `started`; with it the lock is called `FILE.starting`. */
export const replaceExperiment = (
  file: string,
  { suffix, doing }: { readonly suffix: string; readonly doing: string },
  change: Change
): Effect.Effect<Experiment, CommandFailure> =>
  Effect.flatMap(
    Effect.try({
      try: () => replace(file, suffix, change),
      catch: (error) =>
        codeOf(error) === "EEXIST"
          ? usage(`${file}: is being ${doing} just now; if it is not, remove ${file}.${suffix}`)
          : unreadable(file)(error)
    }),
    Effect.fromResult
  )
