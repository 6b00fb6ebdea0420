/** `unicall experiment start`: starts an experiment once, however many processes try at the same time. */
import { closeSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { nowInstant } from "../../../calls/currentInstant.ts"
import type { Experiment } from "../../../experiment/Experiment.ts"
import { freeze } from "../../../experiment/freeze.ts"
import { PLANNED_UNLESS_GIVEN } from "../../../compare/statistics/sequential.ts"
import type { Instant } from "../../../domain/Instant.ts"
import { codeOf, type CommandFailure, unreadable, usage } from "../../shell/failures.ts"
import { count, jsonLine, plainText, print, tell } from "../../shell/terminal.ts"
import { writeFully } from "../../shell/output.ts"
import { mistake, parseText } from "../../inputs/experimentFile.ts"
import type { StartFlags } from "./experimentCommand.ts"
import { AGENT_TO_FILL_IN } from "./newRun.ts"

const started = (file: string, text: string, at: Instant): Result.Result<Experiment, CommandFailure> =>
  Result.flatMap(parseText(file, text), (experiment) => {
    const { frozen } = experiment
    if (frozen !== undefined) {
      return Result.fail(usage(`${file}: expected an experiment that was not started; this one was, on ${frozen.at}`))
    }
    const open = experiment.arms.findIndex(({ agent }) => agent === AGENT_TO_FILL_IN)
    if (open >= 0) {
      return Result.fail(mistake(file, { field: `arms[${open}].agent`, expected: "the id of an agent of yours" }))
    }
    return Result.mapError(freeze(experiment, at), (fault) => mistake(file, fault))
  })

/**
 * The new file is created first, which only one process can do: it serves as a lock. A crash leaves the old file or the
 * new one.
 */
const replace = (file: string, at: Instant): Result.Result<Experiment, CommandFailure> => {
  const path = realpathSync(file)
  const next = `${path}.starting`
  const fd = openSync(next, "wx", statSync(path).mode & 0o777)
  let isStarted = false
  try {
    const experiment = started(file, readFileSync(path, "utf8"), at)
    if (Result.isFailure(experiment)) return experiment
    writeFully(fd, Buffer.from(`${JSON.stringify(experiment.success, null, 2)}\n`))
    fsyncSync(fd)
    renameSync(next, path)
    isStarted = true
    return experiment
  } finally {
    closeSync(fd)
    if (!isStarted) rmSync(next, { force: true })
  }
}

export const runStart = Effect.fn("unicall.experiment.start")(function* ({ file, json }: StartFlags) {
  const at = yield* nowInstant
  const replaced = yield* Effect.try({
    try: () => replace(file, at),
    catch: (error) =>
      codeOf(error) === "EEXIST"
        ? usage(`${file}: is being started just now; if it is not, remove ${file}.starting`)
        : unreadable(file)(error)
  })
  const { id, start, frozen, plannedUnits } = yield* Effect.fromResult(replaced)
  const digest = frozen?.digest ?? ""
  print(json ? jsonLine({ experiment: id, start, digest }) : `${digest}\n`)
  tell(
    `${plainText(id)} runs from ${start ?? at} on. Keep the digest above where others see it: it proves later that nothing was changed.\n`
  )
  if (plannedUnits === undefined) {
    tell(`It has no plannedUnits: the comparison is tuned to ${count(PLANNED_UNLESS_GIVEN)}.\n`)
  }
})
