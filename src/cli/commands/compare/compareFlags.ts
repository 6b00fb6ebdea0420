/** What the flags of `compare` come to: an experiment's settings, or those of the flags where there is none. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Analysis } from "../../../compare/Comparison.ts"
import type { Experiment } from "../../../experiment/Experiment.ts"
import { metricIds, undirectedMetricIds } from "../../../metrics/index.ts"
import type { ArmsBy } from "../../../compare/collector/populations.ts"
import { usage } from "../../shell/CommandFailure.ts"
import { refuseGiven, timeZoneOf } from "../../shell/flagChecks.ts"
import { readExperiment } from "../../inputs/experimentFile.ts"
import type { InputFlags } from "../../inputs/inputFlags.ts"

export interface CompareFlags extends InputFlags {
  readonly inputs: ReadonlyArray<string>
  readonly experiment: Option.Option<string>
  readonly by: Option.Option<ArmsBy>
  readonly baseline: Option.Option<string>
  readonly analysis: Option.Option<Analysis>
  readonly alpha: Option.Option<number>
  readonly timeZone: Option.Option<string>
  readonly primary: Option.Option<string>
  readonly journal: Option.Option<string>
  readonly html: Option.Option<string>
  readonly json: boolean
  readonly markdown: boolean
  readonly failOnReject: boolean
}

export interface Settings {
  readonly experiment: Experiment | undefined
  readonly armsBy: ArmsBy
  readonly baseline: string | undefined
  readonly analysis: Analysis | undefined
  readonly alpha: number | undefined
  readonly timeZone: string | undefined
  readonly primary: string | undefined
}

/** Settled by an experiment, before its first result was seen. */
const settledByExperiment = ({ by, baseline, analysis, alpha, timeZone, primary }: CompareFlags) => ({
  "--by": by,
  "--baseline": baseline,
  "--analysis": analysis,
  "--alpha": alpha,
  "--time-zone": timeZone,
  "--primary": primary
})

export const settingsOf = Effect.fnUntraced(function* (flags: CompareFlags) {
  if (flags.json && flags.markdown) return yield* usage("--json and --markdown: expected one of them")
  const file = Option.getOrUndefined(flags.experiment)
  if (file !== undefined) {
    yield* refuseGiven(settledByExperiment(flags), "without --experiment; the experiment settles it")
  }
  const experiment = file === undefined ? undefined : yield* readExperiment(file)
  const timeZone = yield* timeZoneOf(flags.timeZone)
  const primary = Option.getOrUndefined(flags.primary)
  if (primary !== undefined && !metricIds.has(primary)) {
    return yield* usage(`--primary: expected one of ${[...metricIds].join(", ")}`)
  }
  if (primary !== undefined && undirectedMetricIds.has(primary)) {
    return yield* usage(
      `--primary: expected a metric of which one direction is better; for ${primary} an experiment can say which`
    )
  }
  return {
    experiment,
    armsBy: Option.getOrElse(flags.by, () => "provider" as const),
    baseline: Option.getOrUndefined(flags.baseline),
    analysis: Option.getOrUndefined(flags.analysis),
    alpha: Option.getOrUndefined(flags.alpha),
    timeZone,
    primary
  } satisfies Settings
})
