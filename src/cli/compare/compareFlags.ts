/** What the flags of `compare` come to: an experiment's settings, or those of the flags where there is none. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { isTimeZone } from "../../domain/wallClock.ts"
import type { Analysis } from "../../compare/Comparison.ts"
import type { Experiment } from "../../compare/experiment/Experiment.ts"
import { metricIds, undirectedMetricIds } from "../../compare/metrics/index.ts"
import type { ArmsBy } from "../../compare/collecting/populations.ts"
import { UsageFailure } from "../CommandFailure.ts"
import { readExperiment } from "../experiment/experimentFile.ts"
import type { InputFlags } from "../inputFlags.ts"

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
const settledByExperiment = (flags: CompareFlags) =>
  [
    ["--by", Option.isSome(flags.by)],
    ["--baseline", Option.isSome(flags.baseline)],
    ["--analysis", Option.isSome(flags.analysis)],
    ["--alpha", Option.isSome(flags.alpha)],
    ["--time-zone", Option.isSome(flags.timeZone)],
    ["--primary", Option.isSome(flags.primary)]
  ] as const

const usage = (message: string): UsageFailure => new UsageFailure({ message })

export const settingsOf = Effect.fnUntraced(function* (flags: CompareFlags) {
  if (flags.json && flags.markdown) return yield* usage("--json and --markdown: expected one of them")
  const file = Option.getOrUndefined(flags.experiment)
  const contrary = settledByExperiment(flags).find(([, isGiven]) => isGiven)
  if (file !== undefined && contrary !== undefined) {
    return yield* usage(`${contrary[0]}: expected without --experiment; the experiment settles it`)
  }
  const experiment = file === undefined ? undefined : yield* readExperiment(file)
  const timeZone = Option.getOrUndefined(flags.timeZone)
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    return yield* usage("--time-zone: expected an IANA name such as Europe/Paris")
  }
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
