/** What may be said of a metric: decided once, so that no two reports can answer differently. */
import { isEmpty } from "../compare/isCompared.ts"
import type { Check, Comparison, Contrast, MetricResult } from "../compare/Comparison.ts"

/** Whether chance assigned the calls to the arms: only an experiment does. */
export const isRandomized = ({ experiment }: Comparison): boolean => experiment !== undefined

/** Each reason once; without those that a failed check gives for all metrics, which stand among the checks. */
export const whyNotCompared = (metric: MetricResult, checks: ReadonlyArray<Check>): ReadonlyArray<string> => {
  if (isEmpty(metric)) return ["The data holds nothing to measure here."]
  const refused = metric.definition === undefined ? metric.refused.map(({ sentence }) => sentence) : []
  const forbidden = metric.contrasts.filter((contrast) => !isForbidden(contrast, checks))
  return [...refused, ...forbidden.flatMap(({ notComparable }) => notComparable ?? [])]
}

/** A failed check is why there is no verdict. */
export const isForbidden = ({ notComparable }: Contrast, checks: ReadonlyArray<Check>): boolean =>
  checks.some(({ outcome, sentence }) => outcome === "failed" && sentence === notComparable)

/** Compared, but not by its first definition. */
export const isByAnother = ({ definition, refused }: MetricResult): boolean =>
  definition !== undefined && refused.length > 0

/** Has a difference that may be shown: a refused one would invite the comparison. */
export const isShown = (contrast: Contrast): contrast is Contrast & Required<Pick<Contrast, "effect">> =>
  contrast.notComparable === undefined && contrast.effect !== undefined
