/** What a verdict on a rate hangs on: answers that may be wrong or are not there, and the choice of the definition. */
import { present } from "../domain/present.ts"
import type { Interval, Scenario } from "./Comparison.ts"
import { type EstimatedContrast, estimate } from "./estimate.ts"
import { countText, effect, effectIntervalText, percent } from "./format.ts"
import { intervalsOf, judgedOf, type Measured, multiplierOf, type Names } from "./measured.ts"
import { ANSWER } from "./Observations.ts"
import { byOtherDefinitions } from "./otherDefinitions.ts"
import { type Assumption, sumOf } from "./samples.ts"
import { tippingPoints } from "./tippingPoints.ts"
import { type IntervalVerdict, verdictOf } from "./verdict.ts"
import { shownVerdict } from "./verdictWords.ts"

interface Judgement {
  readonly found: EstimatedContrast
  readonly verdict: IntervalVerdict
}

export const sensitivityOf = (
  measured: Measured,
  arm: number,
  names: Names,
  judgement: Judgement
): ReadonlyArray<Scenario> => [
  ...tippingScenarios(measured, arm, names, judgement),
  ...scenariosOf(measured, arm, names),
  ...otherDefinitionsOf(measured, arm)
]

const tippingScenarios = (
  measured: Measured,
  arm: number,
  names: Names,
  { found, verdict }: Judgement
): ReadonlyArray<Scenario> => {
  const { counts, goal, context } = measured
  if (found.shifted === undefined) return []
  const sides = { arm: counts[arm], baseline: counts[context.baseline] }
  const multiplier = multiplierOf(found, arm, measured)
  return tippingPoints({ verdict, goal }, sides, found.shifted, multiplier).map(({ shifted, side, ...point }) => {
    const { certainty, wrong: count, of, falls } = point
    const wrong = { certainty, arm: names[side], count, of, falls }
    return scenarioOf(
      measured,
      "some_wrong",
      wrongText(wrong),
      { ...shifted, interval: shifted.interval(multiplier) },
      wrong
    )
  })
}

const wrongText = ({ certainty, arm, count, of, falls }: NonNullable<Scenario["wrong"]>): string => {
  const some = `${countText(count)} of ${countText(of)} ${certainty} answers of ${arm} (${percent(count / of)}) were wrong`
  return falls ? `If ${some}` : `Even if ${some}, all that speak for it`
}

const scenarioOf = (
  measured: Measured,
  scenario: Scenario["scenario"],
  assumed: string,
  { effect: found, interval }: { readonly effect: number; readonly interval: Interval },
  wrong?: Scenario["wrong"]
): Scenario => {
  const verdict = verdictOf(interval, measured.goal) ?? "not_enough_data"
  const { text } = shownVerdict({ verdict, interval }, judgedOf(measured))
  const sentence = `${assumed}: ${effect("rate", found)} (${effectIntervalText("rate", interval)}), ${text.toLowerCase()}.`
  return { scenario, ...present({ wrong }), sentence, effect: found, interval, verdict }
}

const SCENARIOS = {
  worst_for_arm: ({ arm, baseline }) =>
    `If every order without an answer had gone badly for ${arm} and well for ${baseline}`,
  worst_for_baseline: ({ arm, baseline }) =>
    `If every order without an answer had gone well for ${arm} and badly for ${baseline}`
} as const satisfies {
  readonly [scenario in Exclude<Scenario["scenario"], "some_wrong" | "other_definition">]: (names: Names) => string
}

const scenariosOf = (measured: Measured, arm: number, names: Names): ReadonlyArray<Scenario> => {
  const { goal, definition, observations, counts, context } = measured
  if (definition.kind !== "rate") return []
  const unknown = (armIsGood: boolean): Assumption => {
    const yesIsGood = goal.better === "higher"
    return { unknown: observations.arms.map((_, each) => (each === arm) === (armIsGood === yesIsGood)) }
  }
  const isUnanswered = (code: number): boolean => code === ANSWER.open || code === ANSWER.missing
  if ([arm, context.baseline].every((each) => sumOf(counts[each], isUnanswered) === 0)) return []
  const possible = [
    ["worst_for_arm", unknown(false)],
    ["worst_for_baseline", unknown(true)]
  ] as const
  return possible.flatMap(([scenario, assumption]) => {
    const found = estimate(definition, observations, assumption)?.contrast(arm, context.baseline)
    const interval = found === undefined ? undefined : intervalsOf(found, arm, measured)[context.analysis]
    if (found === undefined || interval === undefined) return []
    return [scenarioOf(measured, scenario, SCENARIOS[scenario](names), { effect: found.effect, interval })]
  })
}

const otherDefinitionsOf = (measured: Measured, arm: number): ReadonlyArray<Scenario> => {
  const { goal, definition, refused, observations, context } = measured
  return byOtherDefinitions({
    definitions: goal.metric.definitions,
    used: definition,
    refused,
    observations,
    judged: judgedOf(measured),
    contrastOf: (estimates) => estimates?.contrast(arm, context.baseline),
    intervalOf: (found) => intervalsOf(found, arm, measured)[context.analysis]
  })
}
