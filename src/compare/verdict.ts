/** What an interval says, given which way is good and how much matters: the verdict, and its sentence with the numbers. */
import type { Contrast, Interval, MetricResult, VerdictWord } from "./Comparison.ts"
import { effect, effectIntervalText, figure, levelText, smallestEffectText } from "./format.ts"
import { harmWord, isHarmShown, type Judged, shownWord } from "./verdictWords.ts"

export type IntervalVerdict = Exclude<VerdictWord, "not_comparable">

/**
 * The verdict of an interval alone; none where neither direction is better. A guardrail asks whether harm of
 * `smallestEffect` or more is excluded, any other metric whether there is a difference that matters.
 */
export const verdictOf = (
  { low, high }: Interval,
  { better, smallestEffect, role }: Pick<MetricResult, "better" | "smallestEffect" | "role">
): IntervalVerdict | undefined => {
  if (better === "neither") return undefined
  const [worst, best] = better === "higher" ? [low, high] : [-high, -low]
  const isHarmExcluded = worst > -smallestEffect
  if (isHarmExcluded && best < smallestEffect) return role === "guardrail" ? "not_worse" : "no_meaningful_difference"
  if (worst > 0) return "better"
  if (role === "guardrail" && isHarmExcluded) return "not_worse"
  return best < 0 ? "worse" : "not_enough_data"
}

type Names = Pick<Contrast, "arm" | "baseline">
type Compared = Names & Pick<Contrast, "interval">

export const verdictSentence = (verdict: IntervalVerdict, contrast: Compared, judged: Judged): string => {
  const { arm, baseline } = contrast
  const { role, kind, smallestEffect, randomized } = judged
  const least = smallestEffectText(kind, smallestEffect)
  const harm = harmWord(judged)
  // Of calls that chance did not assign, all that can be said is how they went.
  const end = randomized ? "." : " in this data."
  switch (verdict) {
    case "better":
    case "worse":
      return `${arm} is ${shownWord(verdict, judged)} than ${baseline}${end}`
    case "not_worse":
      return isHarmShown(contrast, judged)
        ? `${arm} is ${harm} than ${baseline}, but by less than ${least}${end}`
        : `${arm} is not ${harm} than ${baseline} by ${least} or more${end}`
    case "no_meaningful_difference":
      return `${arm} and ${baseline} do not differ by as much as matters (${least})${end}`
    case "not_enough_data":
      return role === "guardrail"
        ? `not enough data to say whether ${arm} is ${harm} than ${baseline} by ${least} or more.`
        : `not enough data to tell ${arm} from ${baseline}.`
  }
}

type Figures = Names &
  Pick<Contrast, "effect" | "interval" | "level"> & {
    readonly armValue: number | undefined
    readonly baselineValue: number | undefined
  }

/** "b 50.0 %, a 40.0 %; difference +10.0 points (95 % interval +5.2 to +14.7 points)." */
export const figuresSentence = (kind: MetricResult["kind"], figures: Figures): string => {
  const { arm, baseline, interval, level } = figures
  const values = `${arm} ${figure(kind, figures.armValue)}, ${baseline} ${figure(kind, figures.baselineValue)}`
  const range =
    interval === undefined || level === undefined
      ? ""
      : ` (${levelText(level)} interval ${effectIntervalText(kind, interval)})`
  return `${values}; difference${isWeighted(kind, figures) ? ", like with like," : ""} ${effect(kind, figures.effect)}${range}.`
}

/** Strata make the difference another than that of the two figures beside it. */
const isWeighted = (kind: MetricResult["kind"], { armValue, baselineValue, effect: difference }: Figures): boolean =>
  kind === "rate" &&
  armValue !== undefined &&
  baselineValue !== undefined &&
  difference !== undefined &&
  Math.abs(armValue - baselineValue - difference) > 0.0005

/** The sentence of a contrast that could be computed; without a verdict where neither direction is better. */
export const contrastSentence = (judged: Judged, verdict: IntervalVerdict | undefined, figures: Figures): string => {
  const numbers = figuresSentence(judged.kind, figures)
  if (verdict === undefined) return `${numbers} Neither way is good by itself.`
  return `${upperFirst(verdictSentence(verdict, figures, judged), verdict)} ${numbers}`
}

/** Names of arms stay as they are written. */
const upperFirst = (sentence: string, verdict: IntervalVerdict): string =>
  verdict === "not_enough_data" ? `N${sentence.slice(1)}` : sentence
