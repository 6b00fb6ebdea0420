/** A metric as it is measured: its choice of a definition, its counts and estimates, and the intervals of a contrast. */
import { present } from "../domain/present.ts"
import type { Frozen } from "../experiment/Experiment.ts"
import type { Better, Definition, Metric } from "../metrics/Metric.ts"
import type { Registry } from "../provider/registry.ts"
import type { Agreement } from "./Agreement.ts"
import type { Analysis, Contrast, Interval, MetricResult } from "./Comparison.ts"
import { type DefinitionEstimates, type EstimatedContrast, zOf } from "./estimate.ts"
import type { Collected, Observations } from "./Observations.ts"
import type { AnswerCounts } from "./samples.ts"
import { sequentialMultiplier } from "./statistics/sequential.ts"
import type { Judged } from "./verdictWords.ts"

export interface Goal {
  readonly metric: Metric
  readonly role: MetricResult["role"]
  readonly better: Better
  readonly smallestEffect: number
}

/** What all metrics are measured with. */
export interface AnalysisContext {
  readonly registry: Registry
  readonly collected: Collected
  /** By metric, the definitions that the experiment fixed at its start; without them the data chooses. */
  readonly fixed: Frozen["definitions"]
  /** Index of the arm that the others are compared with. */
  readonly baseline: number
  readonly analysis: Analysis
  /** Whether chance assigned the calls to the arms. */
  readonly randomized: boolean
  /** Persons in the arm and the baseline together for which a sequential analysis is tuned. */
  readonly planned: (arm: number) => number | undefined
  /** Why no verdict may be given, of any metric: the arms are not what they should be. */
  readonly forbidden: string | undefined
  /** Why there is no verdict yet. */
  readonly tooEarly: string | undefined
}

/** A metric with the definition that its arms have in common. */
export interface MetricChoice {
  readonly goal: Goal
  readonly definition: Definition<never> | undefined
  readonly refused: MetricResult["refused"]
  readonly observations: Observations
}

/** A metric that can be compared, with what it comes to. */
export interface Measured extends MetricChoice {
  readonly definition: Definition<never>
  readonly counts: ReadonlyArray<AnswerCounts>
  readonly estimates: DefinitionEstimates | undefined
  /** Of the definition used. */
  readonly agreement: Agreement | undefined
  readonly alpha: number
  readonly context: AnalysisContext
}

export type Names = Pick<Contrast, "arm" | "baseline">

export const namesOf = (
  { observations: { arms } }: MetricChoice,
  arm: number,
  { baseline }: AnalysisContext
): Names => ({
  arm: arms[arm] ?? "",
  baseline: arms[baseline] ?? ""
})

/** What a verdict is given by. */
export const judgedOf = ({ goal, context: { randomized } }: Measured): Judged => ({
  ...goal,
  kind: goal.metric.kind,
  randomized
})

/** The one that the verdict rests on. */
export const multiplierOf = (found: EstimatedContrast, arm: number, measured: Measured): number =>
  multipliers(found, arm, measured)[measured.context.analysis]

export const intervalsOf = (
  found: EstimatedContrast,
  arm: number,
  measured: Measured
): { readonly [analysis in Analysis]?: Interval } => {
  const { fixed, sequential } = multipliers(found, arm, measured)
  return present({ fixed: found.interval(fixed), sequential: found.interval(sequential) })
}

const multipliers = ({ persons }: EstimatedContrast, arm: number, { alpha, context }: Measured) =>
  ({
    fixed: zOf(1 - alpha),
    sequential: sequentialMultiplier({ alpha, n: Math.max(1, persons), planned: context.planned(arm) })
  }) satisfies { readonly [analysis in Analysis]: number }
