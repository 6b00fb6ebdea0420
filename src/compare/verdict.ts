/** What an interval says, given which way is good and how much matters: the verdict, and its sentence with the numbers. */
import type { Better } from "../metrics/Metric.ts"
import type { Contrast, Interval, MetricResult, VerdictWord } from "./Comparison.ts"
import { effect, effectIntervalText, figure, levelText, smallestEffectText } from "./format.ts"

export type IntervalVerdict = Exclude<VerdictWord, "not_comparable">

/** The verdict of an interval alone; none where neither direction is better. */
export const verdictOf = (
  { low, high }: Interval,
  { better, smallestEffect }: { readonly better: Better; readonly smallestEffect: number }
): IntervalVerdict | undefined => {
  if (better === "neither") return undefined
  if (low > -smallestEffect && high < smallestEffect) return "no_meaningful_difference"
  const [worst, best] = better === "higher" ? [low, high] : [-high, -low]
  return worst > 0 ? "better" : best < 0 ? "worse" : "not_enough_data"
}

type Names = Pick<Contrast, "arm" | "baseline">

/** Of calls that chance did not assign, all that can be said is how they went. */
const SENTENCES = {
  better: ({ arm, baseline }, { randomized }) =>
    randomized ? `${arm} is better than ${baseline}.` : `${arm} did better than ${baseline} in this data.`,
  worse: ({ arm, baseline }, { randomized }) =>
    randomized ? `${arm} is worse than ${baseline}.` : `${arm} did worse than ${baseline} in this data.`,
  no_meaningful_difference: ({ arm, baseline }, { least }) =>
    `${arm} and ${baseline} do not differ by as much as matters (${least}).`,
  not_enough_data: ({ arm, baseline }) => `not enough data to tell ${arm} from ${baseline}.`
} as const satisfies Record<
  IntervalVerdict,
  (names: Names, given: { readonly randomized: boolean; readonly least: string }) => string
>

/** What a verdict is about, and whether chance assigned the calls to the arms. */
export type Judged = Pick<MetricResult, "kind" | "smallestEffect"> & { readonly randomized: boolean }

export const verdictSentence = (
  verdict: IntervalVerdict,
  names: Names,
  { kind, smallestEffect, randomized }: Judged
): string => SENTENCES[verdict](names, { randomized, least: smallestEffectText(kind, smallestEffect) })

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
  if (verdict === undefined) return `${numbers} Neither way is better by itself.`
  return `${upperFirst(verdictSentence(verdict, figures, judged), verdict)} ${numbers}`
}

/** Names of arms stay as they are written. */
const upperFirst = (sentence: string, verdict: IntervalVerdict): string =>
  verdict === "not_enough_data" ? `N${sentence.slice(1)}` : sentence
