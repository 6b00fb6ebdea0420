/** `unicall experiment stop`: ends an experiment for good; from then on nothing is placed under it. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { nowInstant } from "../../../calls/currentInstant.ts"
import { present } from "../../../domain/present.ts"
import { stopExperiment } from "../../../experiment/freeze.ts"
import { mistake } from "../../inputs/experimentFile.ts"
import { usage } from "../../shell/failures.ts"
import { jsonLine, plainText, print, tell } from "../../shell/terminal.ts"
import type { StopFlags } from "./experimentCommand.ts"
import { replaceExperiment } from "./replaceFile.ts"

export const runStop = Effect.fn("unicall.experiment.stop")(function* ({ file, reason, json }: StopFlags) {
  const at = yield* nowInstant
  const { id, stopped } = yield* replaceExperiment(file, { suffix: "stopping", doing: "stopped" }, (experiment) =>
    Result.mapError(stopExperiment(experiment, at, reason), (fault) =>
      fault.field === "reason" ? usage(`--reason: expected ${fault.expected}`) : mistake(file, fault)
    )
  )
  const digest = stopped?.digest ?? ""
  print(json ? jsonLine({ experiment: id, stopped: { at, ...present({ reason }) }, digest }) : `${digest}\n`)
  tell(
    `${plainText(id)} was stopped on ${at}: nothing is placed under it any more. Keep the digest above beside that of the start: it proves when and why.\n`
  )
})
