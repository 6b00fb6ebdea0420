/** `unicall place --experiment`: every order goes to the arm of its unit. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { providers } from "../../providers.ts"
import { nowInstant } from "../../../calls/currentInstant.ts"
import { applyAssignment, notRunning } from "../../../experiment/assignmentTag.ts"
import type { Experiment } from "../../../experiment/Experiment.ts"
import type { Instant } from "../../../domain/Instant.ts"
import { UsageFailure } from "../../shell/CommandFailure.ts"
import { mistake, readExperiment } from "../../inputs/experimentFile.ts"
import type { OrderFlags } from "../../calls/callFlags.ts"
import type { Candidate } from "./orderInput.ts"

/** The experiment that orders are placed under, if any, once it is known to run. */
export const runningExperiment = Effect.fnUntraced(function* (flags: OrderFlags) {
  const file = Option.getOrUndefined(flags.experiment)
  if (file === undefined) return undefined
  if (Option.isSome(flags.provider)) {
    return yield* new UsageFailure({ message: "--provider: expected none: the experiment chooses it" })
  }
  const experiment = yield* readExperiment(file)
  const at = yield* nowInstant
  if (experiment.frozen === undefined) {
    const message = `${file}: expected an experiment that has been started: unicall experiment start`
    return yield* new UsageFailure({ message })
  }
  const fault = notRunning(experiment, at)
  if (fault !== undefined) return yield* mistake(file, fault)
  return { experiment, at }
})

const capabilitiesOf = (id: string) => providers.get(id)?.capabilities

/** The order as its arm places it, or why no arm takes it. */
export const assigned =
  ({ experiment, at }: { readonly experiment: Experiment; readonly at: Instant }) =>
  (candidate: Candidate): Candidate => {
    if (candidate.damaged !== undefined) return candidate
    const applied = applyAssignment(experiment, candidate.input, { capabilitiesOf, at })
    return Result.isFailure(applied)
      ? { ...candidate, fault: applied.failure }
      : { ...candidate, input: applied.success.order, experiment: { id: experiment.id, arm: applied.success.arm.name } }
  }
