/** One metric, from the choice of its definition to the verdict on every arm. */
import { present } from "../domain/present.ts"
import type { Registry } from "../provider/registry.ts"
import { chooseDefinition } from "./comparability.ts"
import type { Analysis, ArmFigure, Contrast, Interval, MetricResult, Scenario, VerdictWord } from "./Comparison.ts"
import { type EstimatedArm, type EstimatedContrast, type Estimates, estimate, zOf } from "./estimate.ts"
import type { Better, Definition, Metric } from "../metrics/Metric.ts"
import { ANSWER, type Collected, type Observations, VALUE } from "./Observations.ts"
import { counted, effect, effectIntervalText, verdictText } from "./format.ts"
import { type Assumption, countCodes, keeps } from "./samples.ts"
import { contrastSentence } from "./sentences.ts"
import { sequentialMultiplier } from "./statistics/sequential.ts"
import { verdictOf } from "./verdict.ts"

export interface Goal {
  readonly metric: Metric
  readonly role: MetricResult["role"]
  readonly better: Better
  readonly smallestEffect: number
}

/** What all metrics are measured with. */
export interface Terms {
  readonly registry: Registry
  readonly collected: Collected
  /** Index of the arm that the others are compared with. */
  readonly baseline: number
  readonly analysis: Analysis
  /** Whether chance assigned the calls to the arms. */
  readonly byChance: boolean
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
export interface Chosen {
  readonly goal: Goal
  readonly definition: Definition<never> | undefined
  readonly refused: MetricResult["refused"]
  readonly observations: Observations
}

export const choose = (goal: Goal, { registry, collected }: Terms): Chosen => {
  const observations = goal.metric.scope === "placement" ? collected.placements : collected.orders
  const definitions: ReadonlyArray<Definition<never>> = goal.metric.definitions
  return { goal, observations, ...chooseDefinition(definitions, { registry, facts: collected.facts, observations }) }
}

/** `alpha`: chance of a wrong verdict on any arm by this metric. */
export const measure = (chosen: Chosen, alpha: number, terms: Terms): MetricResult => {
  const { goal, definition, refused, observations } = chosen
  const { metric, role, better, smallestEffect } = goal
  const head = {
    id: metric.id,
    title: metric.title,
    scope: metric.scope,
    kind: metric.kind,
    better,
    role,
    smallestEffect,
    ...(metric.among === undefined ? {} : { among: metric.among }),
    refused
  }
  const others = observations.arms.flatMap((_, arm) => (arm === terms.baseline ? [] : [arm]))
  if (definition === undefined) {
    return { ...head, arms: [], contrasts: others.map((arm) => notComparable(chosen, arm, terms)) }
  }
  const estimates = estimate(definition, observations)
  return {
    ...head,
    definition: { id: definition.id, text: definition.text },
    arms: observations.arms.map((_, arm) => figureOf(definition, observations, arm, estimates?.arms[arm])),
    contrasts: others.map((arm) => contrastOf({ chosen, definition, estimates, arm, alpha, terms }))
  }
}

const notComparable = ({ refused, observations }: Chosen, arm: number, { baseline }: Terms): Contrast => {
  const names = { arm: observations.arms[arm] ?? "", baseline: observations.arms[baseline] ?? "" }
  const why = refused.at(-1)?.sentence ?? "The arms have no definition in common."
  return forbid({ ...names, n: 0, baselineN: 0 }, why)
}

/** No effect and no interval: whoever sees one concludes something from it. */
const forbid = (head: Pick<Contrast, "arm" | "baseline" | "n" | "baselineN">, why: string): Contrast => ({
  ...head,
  verdict: "not_comparable",
  sentence: why,
  notComparable: why,
  sensitivity: []
})

const figureOf = (
  definition: Definition<never>,
  observations: Observations,
  arm: number,
  found: EstimatedArm | undefined
): ArmFigure => {
  const name = observations.arms[arm] ?? ""
  return {
    arm: name,
    n: found?.n ?? 0,
    persons: found?.persons ?? 0,
    ...present({ count: found?.count, value: found?.value, interval: found?.interval(zOf(ARM_LEVEL)) }),
    ...unmeasured(definition, observations, arm)
  }
}

const unmeasured = (
  definition: Definition<never>,
  observations: Observations,
  arm: number
): Pick<ArmFigure, "open" | "missing" | "certainty"> => {
  const { id, kind } = definition
  const codes = kind === "rate" ? observations.rate(id) : undefined
  if (codes !== undefined) {
    const counts = countCodes(observations, codes)[arm] ?? new Float64Array()
    const of = (code: number): number => counts[code] ?? 0
    return {
      open: of(ANSWER.open),
      missing: of(ANSWER.missing),
      certainty: {
        stated: of(ANSWER.yes_stated) + of(ANSWER.no_stated),
        detected: of(ANSWER.yes_detected) + of(ANSWER.no_detected),
        inferred: of(ANSWER.yes_inferred) + of(ANSWER.no_inferred)
      }
    }
  }
  const values = observations.value(id)
  const per = definition.kind === "rate" || definition.per === undefined ? undefined : observations.rate(definition.per)
  let [open, missing] = [0, 0]
  for (let row = 0; row < observations.size; row++) {
    if (observations.arm[row] !== arm || Number.isNaN(values?.[row])) continue
    if (values?.[row] === VALUE.open || per?.[row] === ANSWER.open) open += 1
    else if (values?.[row] === VALUE.missing || per?.[row] === ANSWER.missing) missing += 1
  }
  return { open, missing }
}

interface Asked {
  readonly chosen: Chosen
  readonly definition: Definition<never>
  readonly estimates: Estimates | undefined
  readonly arm: number
  readonly alpha: number
  readonly terms: Terms
}

const contrastOf = (asked: Asked): Contrast => {
  const { chosen, estimates, arm, alpha, terms } = asked
  const { goal, observations } = chosen
  const names = { arm: observations.arms[arm] ?? "", baseline: observations.arms[terms.baseline] ?? "" }
  const found = estimates?.contrast(arm, terms.baseline)
  const n = { n: found?.n ?? 0, baselineN: found?.baselineN ?? 0 }
  if (terms.forbidden !== undefined) return forbid({ ...names, ...n }, terms.forbidden)
  const intervals = found === undefined ? undefined : intervalsOf(found, arm, alpha, terms)
  const interval = terms.analysis === "fixed" ? intervals?.fixed : intervals?.sequential
  const measured = { ...n, ...present({ effect: found?.effect }), ...intervals }
  if (found === undefined || interval === undefined) {
    const sentence = found === undefined ? nothingMeasured(names, estimates?.arms, arm, terms.baseline) : tooFew(names)
    return { ...names, ...measured, ...earlyVerdict(goal), sentence, sensitivity: [] }
  }
  const level = 1 - alpha
  const superiority = found.superiority?.()
  const shown = {
    ...names,
    ...measured,
    interval,
    level,
    ...(superiority === undefined
      ? {}
      : { superiority: { value: superiority.value, interval: superiority.interval(zOf(ARM_LEVEL)) } })
  }
  const verdict = terms.tooEarly === undefined ? verdictOf(interval, goal) : earlyVerdict(goal).verdict
  const sentence = contrastSentence(
    { kind: goal.metric.kind, smallestEffect: goal.smallestEffect, byChance: terms.byChance },
    verdict,
    {
      ...names,
      effect: found.effect,
      interval,
      level,
      armValue: estimates?.arms[arm]?.value ?? Number.NaN,
      baselineValue: estimates?.arms[terms.baseline]?.value ?? Number.NaN
    }
  )
  const sensitivity = verdict === undefined || terms.tooEarly !== undefined ? [] : scenariosOf(asked, names)
  return {
    ...shown,
    ...present({ verdict }),
    sentence: `${terms.tooEarly === undefined ? "" : `${terms.tooEarly} `}${sentence}${unmatchedText(estimates, found, [arm, terms.baseline])}`,
    sensitivity,
    ...(sensitivity.length === 0 ? {} : { robust: sensitivity.every((each) => keeps(verdict, each.verdict)) })
  }
}

const earlyVerdict = ({ better }: Goal): { readonly verdict?: "not_enough_data" } =>
  better === "neither" ? {} : { verdict: "not_enough_data" }

type Names = Pick<Contrast, "arm" | "baseline">

const nothingMeasured = (
  { arm, baseline }: Names,
  arms: Estimates["arms"] | undefined,
  index: number,
  baselineIndex: number
): string =>
  arms?.[index] !== undefined && arms[baselineIndex] !== undefined
    ? `${arm} and ${baseline} have no stratum in common, so nothing in them is alike enough to compare.`
    : `Nothing could be measured in ${arms?.[index] === undefined ? arm : baseline}.`

/** What a difference of rates leaves out, since only one of the two arms has orders of that stratum. */
const unmatchedText = (estimates: Estimates | undefined, found: EstimatedContrast, arms: readonly [number, number]) => {
  const measured = arms.reduce((sum, arm) => sum + (estimates?.arms[arm]?.n ?? 0), 0)
  const unmatched = measured - found.n - found.baselineN
  return unmatched > 0
    ? ` Left out of the difference: ${counted(unmatched, "order")} of strata that only one of the two arms has.`
    : ""
}

/** Many calls to few persons are too few as well. */
const tooFew = ({ arm, baseline }: Names): string => `Too few persons were called to compare ${arm} with ${baseline}.`

const intervalsOf = (
  found: EstimatedContrast,
  arm: number,
  alpha: number,
  { planned }: Terms
): { readonly fixed?: Interval; readonly sequential?: Interval } => {
  const multiplier = sequentialMultiplier({ alpha, n: Math.max(1, found.persons), planned: planned(arm) })
  return present({ fixed: found.fixed(1 - alpha), sequential: found.sequential(multiplier) })
}

const SCENARIOS = {
  detected_wrong: () => "If everything that was only detected were wrong",
  inferred_wrong: () => "If everything that was only inferred were wrong",
  worst_for_arm: ({ arm, baseline }) =>
    `If every order without an answer had gone badly for ${arm} and well for ${baseline}`,
  worst_for_baseline: ({ arm, baseline }) =>
    `If every order without an answer had gone well for ${arm} and badly for ${baseline}`
} as const satisfies { readonly [scenario in Scenario["scenario"]]: (names: Names) => string }

const scenariosOf = (asked: Asked, names: Names): ReadonlyArray<Scenario> => {
  const { chosen, definition, arm, alpha, terms } = asked
  const { goal, observations } = chosen
  const codes = definition.kind === "rate" ? observations.rate(definition.id) : undefined
  if (codes === undefined) return []
  const counts = countCodes(observations, codes)
  const has = (...wanted: ReadonlyArray<number>): boolean =>
    [arm, terms.baseline].some((each) => wanted.some((code) => (counts[each]?.[code] ?? 0) > 0))
  const unknown = (armIsGood: boolean): Assumption => {
    const yesIsGood = goal.better === "higher"
    return { unknown: observations.arms.map((_, each) => (each === arm) === (armIsGood === yesIsGood)) }
  }
  const possible: ReadonlyArray<readonly [Scenario["scenario"], Assumption, boolean]> = [
    ["detected_wrong", { wrong: "detected" }, has(ANSWER.yes_detected, ANSWER.no_detected)],
    ["inferred_wrong", { wrong: "inferred" }, has(ANSWER.yes_inferred, ANSWER.no_inferred)],
    ["worst_for_arm", unknown(false), has(ANSWER.open, ANSWER.missing)],
    ["worst_for_baseline", unknown(true), has(ANSWER.open, ANSWER.missing)]
  ]
  return possible.flatMap(([scenario, assumption, applies]) => {
    if (!applies) return []
    const found = estimate(definition, observations, assumption)?.contrast(arm, terms.baseline)
    const intervals = found === undefined ? undefined : intervalsOf(found, arm, alpha, terms)
    const interval = terms.analysis === "fixed" ? intervals?.fixed : intervals?.sequential
    if (found === undefined || interval === undefined) return []
    const verdict: VerdictWord = verdictOf(interval, goal) ?? "not_enough_data"
    const sentence = `${SCENARIOS[scenario](names)}: ${effect("rate", found.effect)} (${effectIntervalText("rate", interval)}), ${verdictText(verdict).toLowerCase()}.`
    return [{ scenario, sentence, effect: found.effect, interval, verdict }]
  })
}
