/** `unicall experiment start`: starts an experiment once. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { nowInstant } from "../../../calls/currentInstant.ts"
import type { Experiment } from "../../../experiment/Experiment.ts"
import { passedOver } from "../../../experiment/definitions.ts"
import { freeze } from "../../../experiment/freeze.ts"
import { PLANNED_UNLESS_GIVEN } from "../../../compare/statistics/sequential.ts"
import type { Instant } from "../../../domain/Instant.ts"
import { providers } from "../../providers.ts"
import { type CommandFailure, usage } from "../../shell/failures.ts"
import { count, jsonLine, plainText, print, tell } from "../../shell/terminal.ts"
import { mistake } from "../../inputs/experimentFile.ts"
import type { StartFlags } from "./experimentCommand.ts"
import { AGENT_TO_FILL_IN } from "./newRun.ts"
import { replaceExperiment } from "./replaceFile.ts"

const startedAt =
  (file: string, at: Instant) =>
  (experiment: Experiment): Result.Result<Experiment, CommandFailure> => {
    const { frozen } = experiment
    if (frozen !== undefined) {
      return Result.fail(usage(`${file}: expected an experiment that was not started; this one was, on ${frozen.at}`))
    }
    const open = experiment.arms.findIndex(({ agent }) => agent === AGENT_TO_FILL_IN)
    if (open >= 0) {
      return Result.fail(mistake(file, { field: `arms[${open}].agent`, expected: "the id of an agent of yours" }))
    }
    return Result.mapError(freeze(experiment, at, providers), (fault) => mistake(file, fault))
  }

export const runStart = Effect.fn("unicall.experiment.start")(function* ({ file, json }: StartFlags) {
  const at = yield* nowInstant
  const replaced = yield* replaceExperiment(file, { suffix: "starting", doing: "started" }, startedAt(file, at))
  const { id, primary, start, frozen, plannedUnits } = replaced
  const { digest = "", definitions = {} } = frozen ?? {}
  print(json ? jsonLine({ experiment: id, start, digest }) : `${digest}\n`)
  tell(
    `${plainText(id)} runs from ${start ?? at} on. Keep the digest above where others see it: it proves later that nothing was changed.\n`
  )
  tell(`${primary.metric} is measured by ${definitions[primary.metric]?.id}, and by nothing else, at every look.\n`)
  const instead = passedOver(replaced, providers)
  if (instead !== undefined) tell(`Not by ${instead.definition}: ${instead.because}\n`)
  if (plannedUnits === undefined) {
    tell(`It has no plannedUnits: the comparison is tuned to ${count(PLANNED_UNLESS_GIVEN)}.\n`)
  }
})
