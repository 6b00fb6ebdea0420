/** `unicall place --experiment`: every order goes to the arm of its unit. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { nowInstant } from "../../../calls/currentInstant.ts"
import { applyAssignment, notRunning } from "../../../experiment/assignmentTag.ts"
import { mistake, readExperiment } from "../../inputs/experimentFile.ts"
import { capabilitiesOf } from "../../providers.ts"
import { usage } from "../../shell/CommandFailure.ts"
import type { Candidate } from "./orderInput.ts"
import type { PlaceFlags } from "./placeCommand.ts"

/** The experiment that orders are placed under, if any, once it is known to run. */
export const runningExperiment = Effect.fnUntraced(function* ({ experiment: file, provider }: PlaceFlags) {
  if (file === undefined) return undefined
  if (provider !== undefined) return yield* usage("--provider: expected none: the experiment chooses it")
  const experiment = yield* readExperiment(file)
  const at = yield* nowInstant
  if (experiment.frozen === undefined) {
    return yield* usage(`${file}: expected an experiment that has been started: unicall experiment start`)
  }
  const fault = notRunning(experiment, at)
  if (fault !== undefined) return yield* mistake(file, fault)
  return { experiment, at }
})

type Running = NonNullable<Effect.Success<ReturnType<typeof runningExperiment>>>

/** The order as its arm places it, or why no arm takes it. */
export const assigned =
  ({ experiment, at }: Running) =>
  (candidate: Candidate): Candidate => {
    if (candidate.damaged !== undefined) return candidate
    const applied = applyAssignment(experiment, candidate.input, { capabilitiesOf, at })
    return Result.isFailure(applied)
      ? { ...candidate, fault: applied.failure }
      : { ...candidate, input: applied.success.order, experiment: { id: experiment.id, arm: applied.success.arm.name } }
  }
