/** One metric, from the choice of its definition to the verdict on every arm. */
import { present } from "../domain/present.ts"
import type { Better, Definition, Metric } from "../metrics/Metric.ts"
import type { Frozen } from "../experiment/Experiment.ts"
import type { Registry } from "../provider/registry.ts"
import { chooseDefinition, keepDefinition } from "./comparability.ts"
import type { Analysis, ArmFigure, Contrast, Interval, MetricResult, Scenario, VerdictWord } from "./Comparison.ts"
import { type DefinitionEstimates, type EstimatedContrast, estimate, zOf } from "./estimate.ts"
import { counted, effect, effectIntervalText } from "./format.ts"
import { ANSWER, type Collected, type Observations } from "./Observations.ts"
import { type AnswerCounts, type Assumption, countAnswers, DOUBTED, keeps, sumOf } from "./samples.ts"
import { sequentialMultiplier } from "./statistics/sequential.ts"
import { contrastSentence, verdictOf } from "./verdict.ts"
import { type Judged, shownVerdict } from "./verdictWords.ts"

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

/** Confidence of the intervals of single arms, which no verdict rests on. */
export const ARM_LEVEL = 0.95

/** A metric with the definition that its arms have in common. */
export interface MetricChoice {
  readonly goal: Goal
  readonly definition: Definition<never> | undefined
  readonly refused: MetricResult["refused"]
  readonly observations: Observations
}

export const choose = (goal: Goal, { registry, collected, fixed }: AnalysisContext): MetricChoice => {
  const observations = observationsFor(goal, collected)
  const definitions: ReadonlyArray<Definition<never>> = goal.metric.definitions
  const situation = { registry, facts: collected.facts, observations }
  const choice =
    fixed === undefined
      ? chooseDefinition(definitions, situation)
      : keepDefinition(definitions, fixed[goal.metric.id], situation)
  return { goal, observations, ...choice }
}

/** Whoever counts without its being known what they are sorted by would be a stratum that is found in no other order. */
const isUnstratified = ({ role }: Goal, { lost }: Collected): boolean =>
  role === "primary" && lost !== undefined && lost.withoutStratum > 0

const observationsFor = (goal: Goal, collected: Collected): Observations => {
  const { placements, orders } = collected
  if (goal.metric.scope === "placement") return placements
  return isUnstratified(goal, collected)
    ? { ...orders, stratum: new Uint16Array(orders.size), strata: ["all"] }
    : orders
}

/** A metric that can be compared, with what it comes to. */
interface Measured extends MetricChoice {
  readonly definition: Definition<never>
  readonly counts: ReadonlyArray<AnswerCounts>
  readonly estimates: DefinitionEstimates | undefined
  readonly alpha: number
  readonly context: AnalysisContext
}

/** `alpha`: chance of a wrong verdict on any arm by this metric. */
export const measure = (choice: MetricChoice, alpha: number, context: AnalysisContext): MetricResult => {
  const { goal, definition, refused, observations } = choice
  const { metric, role, better, smallestEffect } = goal
  const { id, title, scope, kind, among } = metric
  const unstratified = isUnstratified(goal, context.collected) ? true : undefined
  const head = { id, title, scope, kind, better, role, smallestEffect, ...present({ among, unstratified }), refused }
  const others = [...observations.arms.keys()].filter((arm) => arm !== context.baseline)
  if (definition === undefined) {
    const why = refused.at(-1)?.sentence ?? "The arms have no definition in common."
    const contrasts = others.map((arm) => forbid({ ...namesOf(choice, arm, context), n: 0, baselineN: 0 }, why))
    return { ...head, arms: [], contrasts }
  }
  const [counts, estimates] = [countAnswers(definition, observations), estimate(definition, observations)]
  const measured: Measured = { ...choice, definition, counts, estimates, alpha, context }
  return {
    ...head,
    definition: { id: definition.id, text: definition.text },
    arms: observations.arms.map((_, arm) => figureOf(measured, arm)),
    contrasts: others.map((arm) => contrastOf(measured, arm))
  }
}

type Names = Pick<Contrast, "arm" | "baseline">

const namesOf = ({ observations: { arms } }: MetricChoice, arm: number, { baseline }: AnalysisContext): Names => ({
  arm: arms[arm] ?? "",
  baseline: arms[baseline] ?? ""
})

/** No effect and no interval: whoever sees one concludes something from it. */
const forbid = (head: Names & Pick<Contrast, "n" | "baselineN">, why: string): Contrast => ({
  ...head,
  verdict: "not_comparable",
  sentence: why,
  notComparable: why,
  sensitivity: []
})

const figureOf = ({ definition, observations, counts, estimates }: Measured, arm: number): ArmFigure => {
  const found = estimates?.arms[arm]
  const of = (...wanted: ReadonlyArray<number>): number => sumOf(counts[arm], (code) => wanted.includes(code))
  const certainty = {
    stated: of(ANSWER.yes_stated, ANSWER.no_stated),
    detected: of(...DOUBTED.detected),
    inferred: of(...DOUBTED.inferred)
  }
  return {
    arm: observations.arms[arm] ?? "",
    n: found?.n ?? 0,
    persons: found?.persons ?? 0,
    ...present({ count: found?.count, value: found?.value, interval: found?.interval(zOf(ARM_LEVEL)) }),
    open: of(ANSWER.open),
    missing: of(ANSWER.missing),
    ...(definition.kind === "rate" ? { certainty, assumed: of(ANSWER.no_assumed) } : {})
  }
}

const contrastOf = (measured: Measured, arm: number): Contrast => {
  const { goal, estimates, alpha, context } = measured
  const { baseline, forbidden, tooEarly } = context
  const { better } = goal
  const names = namesOf(measured, arm, context)
  const found = estimates?.contrast(arm, baseline)
  const head = { ...names, n: found?.arm.n ?? 0, baselineN: found?.baseline.n ?? 0 }
  if (forbidden !== undefined) return forbid(head, forbidden)
  const intervals = found === undefined ? {} : intervalsOf(found, arm, measured)
  const interval = intervals[context.analysis]
  const shown = { ...head, ...present({ effect: found?.effect }), ...intervals }
  const early: VerdictWord | undefined = better === "neither" ? undefined : "not_enough_data"
  if (found === undefined || interval === undefined) {
    const sentence = found === undefined ? nothingMeasured(names, estimates, arm, baseline) : tooFew(names)
    return { ...shown, ...present({ verdict: early }), sentence, sensitivity: [] }
  }
  const level = 1 - alpha
  const superiority = found.superiority?.()
  const verdict = tooEarly === undefined ? verdictOf(interval, goal) : early
  const [armValue, baselineValue] = [estimates?.arms[arm]?.value, estimates?.arms[baseline]?.value]
  const figures = { ...names, effect: found.effect, interval, level, armValue, baselineValue }
  const sentence = `${contrastSentence(judgedOf(measured), verdict, figures)}${unmatchedText(found)}`
  const sensitivity = verdict === undefined || tooEarly !== undefined ? [] : scenariosOf(measured, arm, names)
  return {
    ...shown,
    interval,
    level,
    ...(superiority === undefined
      ? {}
      : { superiority: { value: superiority.value, interval: superiority.interval(zOf(ARM_LEVEL)) } }),
    ...present({ verdict }),
    sentence: tooEarly === undefined ? sentence : `${tooEarly} ${sentence}`,
    sensitivity,
    ...(sensitivity.length === 0 ? {} : { robust: sensitivity.every((each) => keeps(verdict, each.verdict)) })
  }
}

const judgedOf = ({ goal, context: { randomized } }: Measured): Judged => ({
  ...goal,
  kind: goal.metric.kind,
  randomized
})

const nothingMeasured = (
  { arm, baseline }: Names,
  estimates: DefinitionEstimates | undefined,
  index: number,
  baselineIndex: number
): string =>
  estimates?.arms[index] !== undefined && estimates.arms[baselineIndex] !== undefined
    ? `${arm} and ${baseline} have no stratum in common, so nothing in them is alike enough to compare.`
    : `Nothing could be measured in ${estimates?.arms[index] === undefined ? arm : baseline}.`

/** What a difference of rates leaves out, since only one of the two arms has orders of that stratum. */
const unmatchedText = ({ unmatched = 0 }: EstimatedContrast): string =>
  unmatched > 0
    ? ` Left out of the difference: ${counted(unmatched, "order")} of strata that only one of the two arms has.`
    : ""

/** Many calls to few persons are too few as well. */
const tooFew = ({ arm, baseline }: Names): string => `Too few persons were called to compare ${arm} with ${baseline}.`

const intervalsOf = (
  { persons, interval }: EstimatedContrast,
  arm: number,
  { alpha, context }: Measured
): { readonly [analysis in Analysis]?: Interval } => {
  const multiplier = sequentialMultiplier({ alpha, n: Math.max(1, persons), planned: context.planned(arm) })
  return present({ fixed: interval(zOf(1 - alpha)), sequential: interval(multiplier) })
}

const SCENARIOS = {
  detected_wrong: () => "If everything that was only detected were wrong",
  inferred_wrong: () => "If everything that was only inferred were wrong",
  worst_for_arm: ({ arm, baseline }) =>
    `If every order without an answer had gone badly for ${arm} and well for ${baseline}`,
  worst_for_baseline: ({ arm, baseline }) =>
    `If every order without an answer had gone well for ${arm} and badly for ${baseline}`
} as const satisfies { readonly [scenario in Scenario["scenario"]]: (names: Names) => string }

const scenariosOf = (measured: Measured, arm: number, names: Names): ReadonlyArray<Scenario> => {
  const { goal, definition, observations, counts, context } = measured
  if (definition.kind !== "rate") return []
  const unknown = (armIsGood: boolean): Assumption => {
    const yesIsGood = goal.better === "higher"
    return { unknown: observations.arms.map((_, each) => (each === arm) === (armIsGood === yesIsGood)) }
  }
  const unanswered = [ANSWER.open, ANSWER.missing]
  const possible: ReadonlyArray<readonly [Scenario["scenario"], Assumption, ReadonlyArray<number>]> = [
    ["detected_wrong", { wrong: "detected" }, DOUBTED.detected],
    ["inferred_wrong", { wrong: "inferred" }, DOUBTED.inferred],
    ["worst_for_arm", unknown(false), unanswered],
    ["worst_for_baseline", unknown(true), unanswered]
  ]
  return possible.flatMap(([scenario, assumption, codes]) => {
    const applies = [arm, context.baseline].some((each) => sumOf(counts[each], (code) => codes.includes(code)) > 0)
    const found = applies ? estimate(definition, observations, assumption)?.contrast(arm, context.baseline) : undefined
    const interval = found === undefined ? undefined : intervalsOf(found, arm, measured)[context.analysis]
    if (found === undefined || interval === undefined) return []
    const verdict = verdictOf(interval, goal) ?? "not_enough_data"
    const { text } = shownVerdict({ verdict, interval }, judgedOf(measured))
    const sentence = `${SCENARIOS[scenario](names)}: ${effect("rate", found.effect)} (${effectIntervalText("rate", interval)}), ${text.toLowerCase()}.`
    return [{ scenario, sentence, effect: found.effect, interval, verdict }]
  })
}
