/** What the flags of `compare` come to: an experiment's settings, or those of the flags where there is none. */
import * as Effect from "effect/Effect"
import { metricIds, undirectedMetricIds } from "../../../metrics/index.ts"
import { readExperiment } from "../../inputs/experimentFile.ts"
import { usage } from "../../shell/CommandFailure.ts"
import { refuseGiven, timeZoneOf } from "../../shell/flags.ts"
import type { CompareFlags } from "./compareCommand.ts"

export const settingsOf = Effect.fnUntraced(function* (flags: CompareFlags) {
  const { by, baseline, analysis, alpha, primary } = flags
  if (flags.json && flags.markdown) return yield* usage("--json and --markdown: expected one of them")
  if (flags.experiment !== undefined) {
    // An experiment has settled them before its first result was seen.
    const settled = { "--by": by, "--baseline": baseline, "--analysis": analysis, "--alpha": alpha }
    yield* refuseGiven(
      { ...settled, "--time-zone": flags.timeZone, "--primary": primary },
      "without --experiment; the experiment settles it"
    )
  }
  const experiment = flags.experiment === undefined ? undefined : yield* readExperiment(flags.experiment)
  const timeZone = yield* timeZoneOf(flags.timeZone)
  if (primary !== undefined && !metricIds.has(primary)) {
    return yield* usage(`--primary: expected one of ${[...metricIds].join(", ")}`)
  }
  if (primary !== undefined && undirectedMetricIds.has(primary)) {
    return yield* usage(
      `--primary: expected a metric of which one direction is better; for ${primary} an experiment can say which`
    )
  }
  return { experiment, armsBy: by ?? "provider", baseline, analysis, alpha, timeZone, primary } as const
})

export type Settings = Effect.Success<ReturnType<typeof settingsOf>>
