/** The comparison: collected observations in, verdicts, figures and plots out. Pure; the same data gives the same result. */
import { present } from "../domain/present.ts"
import type { Registry } from "../provider/registry.ts"
import { checksOf, countArms } from "./checks.ts"
import type { Analysis, Arm, Comparison } from "./Comparison.ts"
import type { Experiment, MetricGoal } from "../experiment/Experiment.ts"
import { changeFault } from "../experiment/freeze.ts"
import { headlineOf } from "./headline.ts"
import { choose, measure } from "./measure.ts"
import type { AnalysisContext, Goal, MetricChoice } from "./measured.ts"
import { DEFAULT_PRIMARY, metricIds, metricsFor } from "../metrics/index.ts"
import { lastAskedFor, makeIsWindowOpen } from "./collector/window.ts"
import type { ArmFacts, Collected } from "./Observations.ts"
import { countText } from "./format.ts"
import { shareAlpha } from "./shareAlpha.ts"
import { guard } from "./guard/index.ts"
import { distributionsOf, failureKindsOf, funnelOf, heatMapOf, overTimeOf } from "./plots.ts"

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
 * an experiment that has been parsed names none such. For an experiment that was changed since it was started, too
 */
export const compare = (collected: Collected, options: CompareOptions): Comparison => {
  const { registry, experiment } = options
  const changed = experiment && changeFault(experiment)
  if (changed !== undefined) throw new RangeError(`experiment.${changed.field}: expected ${changed.expected}`)
  const { orders, facts, data } = collected
  const analysis = options.analysis ?? experiment?.analysis ?? "sequential"
  const alpha = options.alpha ?? experiment?.alpha ?? DEFAULT_ALPHA
  if (!(alpha > 0 && alpha < 1)) throw new RangeError("alpha: expected a number above 0 and below 1")
  const timeZone = options.timeZone ?? experiment?.timeZone ?? "UTC"
  const counts = countArms(collected)
  const baseline = baselineIn(facts, options.baseline ?? experiment?.baseline)
  const randomized = experiment !== undefined
  const stratifiedBy = options.strata ?? experiment?.strata ?? []
  const sources = { registry, collected, fixed: experiment?.frozen?.definitions }
  const choices = goalsOf(options).map((goal) => choose(goal, sources))
  const guarded = guard(collected, {
    ...guardOf(choices),
    counts,
    baseline,
    randomized,
    stratifiedBy,
    timeZone
  })
  const checks = [...checksOf(collected, counts, experiment), ...guarded.checks]
  const tooEarly = analysis === "fixed" ? beforeItsEnd(collected, experiment, options.now) : undefined
  const context: AnalysisContext = {
    ...sources,
    baseline,
    analysis,
    randomized,
    planned: plannedPersons(experiment, orders.arms, baseline),
    forbidden: checks.find(({ outcome }) => outcome === "failed")?.sentence,
    tooEarly
  }
  const share = shareAlpha(choices, alpha, Math.max(1, orders.arms.length - 1), context)
  const metrics = choices.map((choice) => {
    options.progress?.(choice.goal.metric.title)
    return measure(choice, share(choice), context)
  })
  const shown = shownOverTime(choices)
  const arms = orders.arms.map((name, index): Arm => {
    const { providers = [], agent, open = 0, mostAttempts = 0 } = facts[index] ?? {}
    const { orders: ordersOfArm, persons } = counts[index] ?? { orders: 0, persons: 0 }
    const given = experiment?.arms.find((arm) => arm.name === name)
    return {
      name,
      providers,
      ...present({ agent }),
      baseline: index === baseline,
      orders: ordersOfArm,
      persons,
      open,
      mostAttempts,
      ...(experiment === undefined || given === undefined ? {} : { share: given.share / totalShare(experiment) })
    }
  })
  return {
    kind: "comparison",
    version: 1,
    ...present({ experiment: experiment === undefined ? undefined : describeExperiment(experiment) }),
    settings: { analysis, alpha, timeZone, stratifiedBy },
    headline: headlineOf({
      randomized,
      analysis,
      checks,
      metrics,
      orders: data.orders,
      leftOut: data.leftOut,
      arms: counts.filter((arm) => arm.orders > 0).length,
      tooEarly
    }),
    data,
    arms,
    checks,
    balance: guarded.balance,
    metrics,
    overTime: shown === undefined ? [] : overTimeOf(shown, share(shown), context),
    ...present({ heatMap: shown === undefined ? undefined : heatMapOf(shown, collected.lost, timeZone) }),
    funnel: funnelOf(collected, choices),
    failureKinds: failureKindsOf(collected, choices),
    distributions: distributionsOf(choices)
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

/** Every metric with its part: the primary, the guardrails in their order, then all others. */
const goalsOf = ({ experiment, primary, guardrails }: CompareOptions): ReadonlyArray<Goal> => {
  const metrics = metricsFor(experiment?.successOutcomes)
  const goal = (wanted: MetricGoal, role: Goal["role"], field: string): Goal => {
    const metric = metrics.find(({ id }) => id === wanted.metric)
    if (metric === undefined) throw new RangeError(`${field}: expected one of ${[...metricIds].join(", ")}`)
    const { better = metric.better, smallestEffect = metric.smallestEffect } = wanted
    if (better === "neither" && role !== "secondary") {
      throw new RangeError(`${field}.better: expected "higher" or "lower": of ${metric.id} neither is better by itself`)
    }
    return { metric, role, better, smallestEffect }
  }
  const named = [
    goal(experiment?.primary ?? primary ?? { metric: DEFAULT_PRIMARY }, "primary", "primary"),
    ...(experiment?.guardrails ?? guardrails ?? []).map((each, at) => goal(each, "guardrail", `guardrails[${at}]`))
  ]
  const taken = new Set(named.map(({ metric }) => metric.id))
  const others = metrics.filter(({ id }) => !taken.has(id)).map(({ id }) => goal({ metric: id }, "secondary", id))
  return [...named, ...others]
}

/** Of a fixed analysis the one look is at its end; before it, a verdict would be wrong too often. */
const beforeItsEnd = (
  collected: Collected,
  experiment: Experiment | undefined,
  now: string | undefined
): string | undefined => {
  if (experiment === undefined) return undefined
  const { orders, data } = collected
  const { plannedUnits, end, unit, stopped, windowHours } = experiment
  // While windows are open, another look would see more.
  const openWindows = (time: string): number => countOpenWindows(collected, experiment, Date.parse(time))
  // Whoever stops may have looked: only the planned number of units is an end that the results have not chosen.
  const isOver = (time: string | undefined): boolean =>
    time !== undefined && end !== undefined && time >= end && openWindows(time) === 0
  if (stopped === undefined && [data.asOf, now].some(isOver)) return undefined
  if (plannedUnits === undefined) {
    if (end === undefined) return undefined
    const windowText = windowHours === undefined ? "" : " and once the window of each person has passed"
    return stopped === undefined
      ? `The experiment is analysed once, after its end on ${end.slice(0, 10)}${windowText}, so there is no verdict yet.`
      : `The experiment was to be analysed once, after its end on ${end.slice(0, 10)}, and was stopped before it, so there is no verdict.`
  }
  const what = unit === "reference" ? "orders" : "persons"
  const all = unit === "reference" ? orders.size : orders.persons
  const areAllPassed = now !== undefined && openWindows(now) === 0
  const units = areAllPassed || data.asOf === undefined ? all : all - openWindows(data.asOf)
  if (units >= plannedUnits) return undefined
  return stopped === undefined
    ? `The experiment is analysed once, with ${countText(plannedUnits)} ${what}; there are ${countText(units)} so far${windowHours === undefined ? "" : " whose window has passed"}, so there is no verdict yet.`
    : `The experiment was to be analysed once, with ${countText(plannedUnits)} ${what}, and was stopped with ${countText(units)}, so there is no verdict.`
}

/** Persons who are not judged yet at a time: what they count as may still change. */
const countOpenWindows = (
  { orders: { at }, lastAsked = lastAskedFor([at]) }: Collected,
  experiment: Experiment,
  moment: number
): number => at.filter(makeIsWindowOpen(experiment, lastAsked, moment)).length

const totalShare = ({ arms }: Experiment): number => arms.reduce((sum, { share }) => sum + share, 0)

/** Unless the primary metric is a rate, the least difference of one that matters. */
const SMALLEST_SHARE = 0.03

/** What the guard looks at by the primary metric. */
const guardOf = (choices: ReadonlyArray<MetricChoice>) => {
  const primary = choices.find(({ goal }) => goal.role === "primary")
  const { metric, smallestEffect } = primary?.goal ?? {}
  return {
    smallestShare: metric?.kind === "rate" && smallestEffect !== undefined ? smallestEffect : SMALLEST_SHARE,
    definition: metric?.scope === "placement" ? undefined : primary?.definition
  }
}

/** How many of the planned units are in an arm and the baseline together. */
const plannedPersons =
  (experiment: Experiment | undefined, arms: ReadonlyArray<string>, baseline: number) =>
  (arm: number): number | undefined => {
    if (experiment?.plannedUnits === undefined) return undefined
    const shareOf = (index: number): number => experiment.arms.find(({ name }) => name === arms[index])?.share ?? 0
    return Math.max(1, (experiment.plannedUnits * (shareOf(arm) + shareOf(baseline))) / totalShare(experiment))
  }

/** The primary metric, or where it cannot be shown over time the first that can. */
const shownOverTime = (choices: ReadonlyArray<MetricChoice>): MetricChoice | undefined =>
  choices.find(({ goal: { metric }, definition }) => definition?.kind === "rate" && metric.scope !== "placement")

const describeExperiment = (experiment: Experiment): Comparison["experiment"] => {
  const { id, frozen, stopped, start, end, plannedUnits } = experiment
  const stop = stopped && present({ at: stopped.at, reason: stopped.reason })
  return present({ id, digest: frozen?.digest, frozen: frozen !== undefined, start, end, stopped: stop, plannedUnits })
}
