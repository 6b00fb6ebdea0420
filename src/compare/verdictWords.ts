/** The words of verdicts. Where chance did not assign the calls to the arms, they are those of an observation. */
import type { Better } from "../metrics/Metric.ts"
import type { Contrast, MetricResult, VerdictWord } from "./Comparison.ts"
import { smallestEffectText } from "./format.ts"

/** What is shown in place of `better`, `worse` and `not_worse` where there is no experiment. */
type Observed = "higher" | "lower" | "not_higher" | "not_lower"

export type ShownWord = VerdictWord | Observed | "described"

/** A verdict as reports show it. */
export interface ShownVerdict {
  readonly word: ShownWord
  readonly text: string
}

/** What a verdict is about, and whether chance assigned the calls to the arms. */
export type Judged = Pick<MetricResult, "kind" | "better" | "role" | "smallestEffect"> & {
  readonly randomized: boolean
}

const NAMES = {
  better: "Better",
  worse: "Worse",
  not_worse: "Not worse by what matters",
  no_meaningful_difference: "No meaningful difference",
  not_enough_data: "Not enough data",
  not_comparable: "Not comparable",
  higher: "Higher in this data",
  lower: "Lower in this data",
  not_higher: "Not higher by what matters",
  not_lower: "Not lower by what matters",
  described: "Described only"
} as const satisfies Record<ShownWord, string>

/** The word alone, without how much matters. */
export const wordText = (word: ShownWord): string => NAMES[word]

const OBSERVED = {
  higher: { better: "higher", worse: "lower", not_worse: "not_lower" },
  lower: { better: "lower", worse: "higher", not_worse: "not_higher" }
} as const satisfies Record<
  Exclude<Better, "neither">,
  Record<Extract<VerdictWord, "better" | "worse" | "not_worse">, Observed>
>

export const shownWord = (
  verdict: VerdictWord | undefined,
  { better, randomized }: Pick<Judged, "better" | "randomized">
): ShownWord => {
  if (verdict === undefined) return "described"
  if (randomized || better === "neither") return verdict
  return verdict === "better" || verdict === "worse" || verdict === "not_worse" ? OBSERVED[better][verdict] : verdict
}

/** What a guardrail must not get: "worse", or in an observation the direction that is not good. */
export const harmWord = ({ better, randomized }: Pick<Judged, "better" | "randomized">): string =>
  randomized ? "worse" : better === "higher" ? "lower" : "higher"

/** Whether the whole interval lies on the side that is not good. */
export const isHarmShown = ({ interval }: Pick<Contrast, "interval">, { better }: Pick<Judged, "better">): boolean =>
  interval !== undefined && (better === "higher" ? interval.high < 0 : better === "lower" && interval.low > 0)

/** "Better"; "Not worse by 5.0 points or more"; "Described only" where neither direction is better. */
export const shownVerdict = (contrast: Pick<Contrast, "verdict" | "interval">, judged: Judged): ShownVerdict => {
  const word = shownWord(contrast.verdict, judged)
  if (contrast.verdict !== "not_worse") return { word, text: NAMES[word] }
  const [harm, least] = [harmWord(judged), smallestEffectText(judged.kind, judged.smallestEffect)]
  return {
    word,
    text: isHarmShown(contrast, judged)
      ? `${harm.charAt(0).toUpperCase()}${harm.slice(1)}, but by less than ${least}`
      : `Not ${harm} by ${least} or more`
  }
}
