/** One metric, from the choice of its definition to the verdict on every arm. */
import { present } from "../domain/present.ts"
import { type Definition, titleOf } from "../metrics/Metric.ts"
import { chooseDefinition, keepDefinition } from "./comparability.ts"
import type { ArmFigure, Contrast, MetricResult, UsedDefinition } from "./Comparison.ts"
import { ARM_LEVEL, type DefinitionEstimates, type EstimatedContrast, estimate, zOf } from "./estimate.ts"
import { counted } from "./format.ts"
import { isRobust } from "./fragility.ts"
import {
  type AnalysisContext,
  type Goal,
  intervalsOf,
  judgedOf,
  type Measured,
  type MetricChoice,
  type Names,
  namesOf
} from "./measured.ts"
import { ANSWER, type Collected, type Observations } from "./Observations.ts"
import { agreementsOf, unlikeAgreement } from "./ownWord.ts"
import { countAnswers, DOUBTED, sumOf } from "./samples.ts"
import { sensitivityOf } from "./sensitivity.ts"
import { contrastSentence, type IntervalVerdict, verdictOf } from "./verdict.ts"

export const choose = (
  goal: Goal,
  { registry, collected, fixed }: Pick<AnalysisContext, "registry" | "collected" | "fixed">
): MetricChoice => {
  const observations = observationsFor(goal, collected)
  const definitions: ReadonlyArray<Definition<never>> = goal.metric.definitions
  const { smallestEffect } = goal
  const situation = { registry, facts: collected.facts, observations, smallestEffect }
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

/** `alpha`: chance of a wrong verdict on any arm by this metric. */
export const measure = (choice: MetricChoice, alpha: number, context: AnalysisContext): MetricResult => {
  const { goal, definition, refused, observations } = choice
  const { metric, role, better, smallestEffect } = goal
  const { id, scope, kind } = metric
  const [title, among] = [titleOf(metric, definition), definition?.among ?? metric.among]
  const unstratified = isUnstratified(goal, context.collected) ? true : undefined
  const agreement = agreementsOf(metric, observations)
  const told = present({ among, unstratified, agreement })
  const head = { id, title, scope, kind, better, role, smallestEffect, refused, ...told }
  const others = [...observations.arms.keys()].filter((arm) => arm !== context.baseline)
  if (definition === undefined) {
    const why = refused.at(-1)?.sentence ?? "The arms have no definition in common."
    const contrasts = others.map((arm) => forbid({ ...namesOf(choice, arm, context), n: 0, baselineN: 0 }, why))
    return { ...head, arms: [], contrasts }
  }
  const [counts, estimates] = [countAnswers(definition, observations), estimate(definition, observations)]
  const ownAgreement = agreement?.find((each) => each.definition === definition.id)
  const measured: Measured = { ...choice, definition, counts, estimates, agreement: ownAgreement, alpha, context }
  return {
    ...head,
    definition: usedDefinition(definition),
    arms: observations.arms.map((_, arm) => figureOf(measured, arm)),
    contrasts: others.map((arm) => contrastOf(measured, arm))
  }
}

const usedDefinition = ({ id, text, transcriptRule: rule }: Definition<never>): UsedDefinition => ({
  id,
  text,
  ...present({ rule })
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
    detected: of(...Object.values(DOUBTED.detected)),
    inferred: of(...Object.values(DOUBTED.inferred))
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
  const early: IntervalVerdict | undefined = better === "neither" ? undefined : "not_enough_data"
  if (found === undefined || interval === undefined) {
    const sentence =
      found === undefined ? nothingMeasured(names, estimates, arm, baseline) : noRange(measured, names, found)
    return { ...shown, ...present({ verdict: early }), sentence, sensitivity: [] }
  }
  const level = 1 - alpha
  const superiority = found.superiority?.()
  const verdict = tooEarly === undefined ? verdictOf(interval, goal) : early
  const [armValue, baselineValue] = [estimates?.arms[arm]?.value, estimates?.arms[baseline]?.value]
  const figures = { ...names, effect: found.effect, interval, level, armValue, baselineValue }
  const sentence = `${contrastSentence(judgedOf(measured), verdict, figures)}${unmatchedText(found)}`
  const sensitivity =
    verdict === undefined || tooEarly !== undefined ? [] : sensitivityOf(measured, arm, names, { found, verdict })
  return {
    ...shown,
    interval,
    level,
    ...(superiority === undefined
      ? {}
      : { superiority: { value: superiority.value, interval: superiority.interval(zOf(ARM_LEVEL)) } }),
    ...present({ verdict }),
    sentence: tooEarly === undefined ? sentence : `${tooEarly} ${sentence}`,
    ...present({ unlikeAgreement: unlikeAgreement(measured.agreement, names) }),
    sensitivity,
    ...present({ robust: isRobust({ ...present({ verdict }), sensitivity }) })
  }
}

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

/** Many calls to few persons are too few as well; a ratio of 0 has no range however many there are. */
const noRange = ({ definition }: Measured, names: Names, found: EstimatedContrast): string => {
  const isRatio = definition.kind !== "rate" && definition.per !== undefined
  const without = (["arm", "baseline"] as const).filter((side) => isRatio && found[side].value === 0)
  return without.length === 0
    ? `Too few persons were called to compare ${names.arm} with ${names.baseline}.`
    : `Nothing of it was counted in ${without.map((side) => names[side]).join(" and ")}, so the difference has no range.`
}
