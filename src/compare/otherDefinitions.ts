/** What a contrast would come to by the metric's other definitions: whether a verdict hangs on the choice of one. */
import type { Definition } from "../metrics/Metric.ts"
import type { Interval, Refusal, Scenario } from "./Comparison.ts"
import { type EstimatedContrast, estimate } from "./estimate.ts"
import { effect, effectIntervalText } from "./format.ts"
import { type Observations, isAnswer, isYes } from "./Observations.ts"
import { verdictOf } from "./verdict.ts"
import { type Judged, shownVerdict } from "./verdictWords.ts"

/** Definitions for these reasons are not the same measure in all arms, and their rows say so; others have no figures. */
const SHOWN: ReadonlySet<Refusal["because"]> = new Set([
  "told_differently",
  "contradicted",
  "missing_differs",
  "not_fixed"
])

export interface OtherDefinitionsOf {
  readonly definitions: ReadonlyArray<Definition<never>>
  readonly used: Definition<never>
  readonly refused: ReadonlyArray<Refusal>
  readonly observations: Observations
  readonly judged: Judged
  readonly contrastOf: (found: ReturnType<typeof estimate>) => EstimatedContrast | undefined
  readonly intervalOf: (found: EstimatedContrast) => Interval | undefined
}

export const byOtherDefinitions = (given: OtherDefinitionsOf): ReadonlyArray<Scenario> => {
  const { definitions, used, refused, observations, judged, contrastOf, intervalOf } = given
  return definitions.flatMap((definition): ReadonlyArray<Scenario> => {
    const { id, text, transcriptRule: rule } = definition
    const refusal = refused.find((each) => each.definition === id)
    if (id === used.id || (refusal !== undefined && !SHOWN.has(refusal.because))) return []
    if (isSame(definition, used, observations)) return []
    const found = contrastOf(estimate(definition, observations))
    const interval = found === undefined ? undefined : intervalOf(found)
    if (found === undefined || interval === undefined) return []
    const verdict = verdictOf(interval, judged) ?? "not_enough_data"
    const { kind } = judged
    const figures = `${effect(kind, found.effect)} (${effectIntervalText(kind, interval)})`
    const why = refusal === undefined ? "" : ` ${refusal.sentence}`
    const sentence = `By another definition, “${text}”: ${figures}, ${shownVerdict({ verdict, interval }, judged).text.toLowerCase()}.${why}`
    return [
      {
        scenario: "other_definition",
        definition: { id, text, ...(rule === undefined ? {} : { rule }) },
        sentence,
        effect: found.effect,
        interval,
        verdict
      }
    ]
  })
}

/** Two definitions that say the same of every row differ in what they need only. */
const isSame = (one: Definition<never>, other: Definition<never>, { rate }: Observations): boolean => {
  const [a, b] = [rate(one.id), rate(other.id)]
  return (
    a !== undefined &&
    b !== undefined &&
    a.every((code, row) => isAnswer(code) === isAnswer(b[row] ?? 0) && isYes(code) === isYes(b[row] ?? 0))
  )
}
