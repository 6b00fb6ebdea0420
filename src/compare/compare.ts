/** The comparison: collected observations in, verdicts, figures and plots out. Pure; the same data gives the same result. */
import { present } from "../domain/present.ts"
import type { Registry } from "../provider/registry.ts"
import { checksOf, countArms } from "./checks.ts"
import type { Analysis, Arm, Comparison } from "./Comparison.ts"
import type { Experiment, MetricGoal } from "../experiment/Experiment.ts"
import { headlineOf } from "./headline.ts"
import { choose, type MetricChoice, type Goal, measure, type AnalysisContext } from "./measure.ts"
import type { Metric } from "../metrics/Metric.ts"
import { DEFAULT_PRIMARY, metricIds, metricsFor } from "../metrics/index.ts"
import type { ArmFacts, Collected } from "./Observations.ts"
import { countText } from "./format.ts"
import { overTimeOf } from "./overTime.ts"
import { distributionsOf, failureKindsOf, funnelOf, heatMapOf } from "./plots.ts"

/** What is compared, and how. */
export interface CompareOptions {
  /** Whose records were read. */
  readonly registry: Registry
  /** Gives the arms, the metrics and the settings. */
  readonly experiment?: Experiment | undefined
  /** How often somebody may look. @default the experiment's, else "sequential" */
  readonly analysis?: Analysis | undefined
  /** The chance of a wrong verdict that is accepted. @default the experiment's, else 0.05 */
  readonly alpha?: number | undefined
  /** IANA name, for hours and days. @default the experiment's, else "UTC" */
  readonly timeZone?: string | undefined
  /** Name of the arm that the others are compared with. @default the experiment's, else the first */
  readonly baseline?: string | undefined
  /** What orders were sorted by. */
  readonly strata?: ReadonlyArray<string> | undefined
  /** The metric that decides, without an experiment. */
  readonly primary?: MetricGoal | undefined
  /** Metrics that must not get worse, without an experiment. */
  readonly guardrails?: ReadonlyArray<MetricGoal> | undefined
  /** When the comparison is made, ISO 8601: after its end a fixed analysis concludes, however old the data. */
  readonly now?: string | undefined
  /** Told of each metric as it is measured. */
  readonly progress?: ((metric: string) => void) | undefined
}

const DEFAULT_ALPHA = 0.05

/**
 * Compares what was collected.
 *
 * @throws RangeError for an option that names no arm, metric or time zone there is, or that leaves open which way is good;
 * an experiment that has been parsed names none such
 */
export const compare = (collected: Collected, options: CompareOptions): Comparison => {
  const { registry, experiment } = options
  const { orders } = collected
  const analysis = options.analysis ?? experiment?.analysis ?? "sequential"
  const alpha = options.alpha ?? experiment?.alpha ?? DEFAULT_ALPHA
  if (!(alpha > 0 && alpha < 1)) throw new RangeError("alpha: expected a number above 0 and below 1")
  const timeZone = options.timeZone ?? experiment?.timeZone ?? "UTC"
  const counts = countArms(orders)
  const baseline = baselineIn(collected.facts, options.baseline ?? experiment?.baseline)
  const checks = checksOf(collected, counts, experiment)
  const tooEarly = analysis === "fixed" ? beforeItsEnd(collected, experiment, options.now) : undefined
  const planned = plannedPersons(experiment, orders.arms, baseline)
  const context: AnalysisContext = {
    registry,
    collected,
    baseline,
    analysis,
    randomized: experiment !== undefined,
    planned,
    forbidden: checks.find(({ outcome }) => outcome === "failed")?.sentence,
    tooEarly
  }
  const chosen = goalsOf(options).map((goal) => choose(goal, context))
  const share = shareAlpha(chosen, alpha, Math.max(1, orders.arms.length - 1))
  const metrics = chosen.map((each) => {
    options.progress?.(each.goal.metric.title)
    return measure(each, share(each), context)
  })
  const shown = shownOverTime(chosen)
  const arms = orders.arms.map((name, index): Arm => {
    const facts = collected.facts[index]
    const given = experiment?.arms.find((arm) => arm.name === name)
    const total = experiment?.arms.reduce((sum, arm) => sum + arm.share, 0) ?? 1
    return {
      name,
      providers: facts?.providers ?? [],
      ...present({ agent: facts?.agent }),
      baseline: index === baseline,
      orders: counts[index]?.orders ?? 0,
      persons: counts[index]?.persons ?? 0,
      open: facts?.open ?? 0,
      mostAttempts: facts?.mostAttempts ?? 0,
      ...(given === undefined ? {} : { share: given.share / total })
    }
  })
  const heatMap =
    shown === undefined ? undefined : heatMapOf(orders, shown.goal.metric.id, shown.definition?.id ?? "", timeZone)
  return {
    kind: "comparison",
    version: 1,
    ...(experiment === undefined ? {} : { experiment: describeExperiment(experiment) }),
    settings: { analysis, alpha, timeZone, stratifiedBy: options.strata ?? experiment?.strata ?? [] },
    headline: headlineOf({
      randomized: experiment !== undefined,
      analysis,
      checks,
      metrics,
      orders: orders.size,
      leftOut: collected.data.leftOut,
      arms: occupied(counts),
      tooEarly
    }),
    data: collected.data,
    arms,
    checks,
    metrics,
    overTime:
      shown?.definition === undefined
        ? []
        : overTimeOf(orders, {
            metric: shown.goal.metric.id,
            definition: shown.definition.id,
            baseline,
            alpha: share(shown),
            planned
          }),
    ...(heatMap === undefined ? {} : { heatMap }),
    funnel: funnelOf(collected, chosen),
    failureKinds: failureKindsOf(collected, chosen),
    distributions: distributionsOf(chosen)
  }
}

/** The arm that is called so, or that records name so; −1 if there is none. */
export const armNamed = (facts: ReadonlyArray<ArmFacts>, wanted: string): number =>
  facts.findIndex(({ name, key }) => name === wanted || key === wanted)

const baselineIn = (facts: ReadonlyArray<ArmFacts>, wanted: string | undefined): number => {
  if (wanted === undefined || facts.length === 0) return 0
  const found = armNamed(facts, wanted)
  if (found < 0) throw new RangeError(`baseline: expected one of ${facts.map(({ name }) => name).join(", ")}`)
  return found
}

const occupied = (counts: ReadonlyArray<{ readonly orders: number }>): number =>
  counts.filter(({ orders }) => orders > 0).length

/** Every metric with its part: the primary, the guardrails in their order, then all others. */
const goalsOf = ({ experiment, primary, guardrails }: CompareOptions): ReadonlyArray<Goal> => {
  const metrics = metricsFor(experiment?.successOutcomes)
  const goal = (wanted: MetricGoal, role: Goal["role"], field: string): Goal => {
    const metric = metrics.find(({ id }) => id === wanted.metric)
    if (metric === undefined) throw new RangeError(`${field}: expected one of ${[...metricIds].join(", ")}`)
    if (wanted.better === undefined && metric.better === "neither") {
      throw new RangeError(`${field}.better: expected "higher" or "lower": of ${metric.id} neither is better by itself`)
    }
    return withGoal(metric, role, wanted)
  }
  const named = [
    goal(experiment?.primary ?? primary ?? { metric: DEFAULT_PRIMARY }, "primary", "primary"),
    ...(experiment?.guardrails ?? guardrails ?? []).map((each, at) => goal(each, "guardrail", `guardrails[${at}]`))
  ]
  const taken = new Set(named.map(({ metric }) => metric.id))
  const others = metrics.filter(({ id }) => !taken.has(id)).map((metric) => withGoal(metric, "secondary", undefined))
  return [...named, ...others]
}

const withGoal = (metric: Metric, role: Goal["role"], goal: MetricGoal | undefined): Goal => ({
  metric,
  role,
  better: goal?.better ?? metric.better,
  smallestEffect: goal?.smallestEffect ?? metric.smallestEffect
})

/**
 * Bonferroni within the primary metric, the guardrails and the others: each family has `alpha`, which its metrics and arms
 * share. What gets no verdict takes no share.
 */
const shareAlpha = (chosen: ReadonlyArray<MetricChoice>, alpha: number, contrasts: number) => {
  const judged = chosen.filter(({ goal, definition }) => goal.better !== "neither" && definition !== undefined)
  return ({ goal }: MetricChoice): number => {
    if (goal.better === "neither") return alpha
    const family = judged.filter((other) => other.goal.role === goal.role).length
    return alpha / (Math.max(1, family) * contrasts)
  }
}

/** Of a fixed analysis the one look is at its end; before it, a verdict would be wrong too often. */
const beforeItsEnd = (
  { orders, data }: Collected,
  experiment: Experiment | undefined,
  now: string | undefined
): string | undefined => {
  if (experiment === undefined) return undefined
  const { plannedUnits, end } = experiment
  const units = experiment.unit === "reference" ? orders.size : orders.persons
  const isOver = end !== undefined && [data.asOf, now].some((time) => time !== undefined && time >= end)
  if (isOver) return undefined
  if (plannedUnits !== undefined && units < plannedUnits) {
    return `The experiment is analysed once, with ${countText(plannedUnits)} ${experiment.unit === "reference" ? "orders" : "persons"}; there are ${countText(units)} so far, so there is no verdict yet.`
  }
  if (plannedUnits === undefined && end !== undefined) {
    return `The experiment is analysed once, after its end on ${end.slice(0, 10)}, so there is no verdict yet.`
  }
  return undefined
}

/** How many of the planned units are in an arm and the baseline together. */
const plannedPersons =
  (experiment: Experiment | undefined, arms: ReadonlyArray<string>, baseline: number) =>
  (arm: number): number | undefined => {
    if (experiment?.plannedUnits === undefined) return undefined
    const shareOf = (index: number): number => experiment.arms.find(({ name }) => name === arms[index])?.share ?? 0
    const total = experiment.arms.reduce((sum, { share }) => sum + share, 0)
    return Math.max(1, (experiment.plannedUnits * (shareOf(arm) + shareOf(baseline))) / total)
  }

/** The primary metric, or where it cannot be shown over time the first that can. */
const shownOverTime = (chosen: ReadonlyArray<MetricChoice>): MetricChoice | undefined =>
  chosen.find(({ goal: { metric }, definition }) => definition?.kind === "rate" && metric.scope !== "placement")

const describeExperiment = (experiment: Experiment): NonNullable<Comparison["experiment"]> =>
  present({
    id: experiment.id,
    digest: experiment.frozen?.digest,
    frozen: experiment.frozen !== undefined,
    start: experiment.start,
    end: experiment.end,
    plannedUnits: experiment.plannedUnits
  })
