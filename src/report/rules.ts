/** What may be said of a metric, and in which order: decided once, so that no two reports can answer differently. */
import type { Check, Comparison, Contrast, MetricResult, Scenario } from "../compare/Comparison.ts"
import type { Scope } from "../metrics/Metric.ts"
import { keeps } from "../compare/samples.ts"

/** What is measured, in the order of all reports. */
export const SCOPES = ["first_attempt", "order", "placement"] as const satisfies ReadonlyArray<Scope>

/** What metrics are for, in the order of all reports. */
export const ROLES = [
  { role: "primary", heading: "Primary metric" },
  { role: "guardrail", heading: "Guardrails" },
  { role: "secondary", heading: "Other metrics" }
] as const satisfies ReadonlyArray<{ readonly role: MetricResult["role"]; readonly heading: string }>

const GRAVITY = { failed: 0, warning: 1, passed: 2 } as const satisfies Record<Check["outcome"], number>

/** What forbids or qualifies conclusions first. */
export const byGravity = (checks: ReadonlyArray<Check>): ReadonlyArray<Check> =>
  checks.toSorted((a, b) => GRAVITY[a.outcome] - GRAVITY[b.outcome])

/** The arms have a definition in common, and the data holds something that it could be measured on. */
export const isCompared = (metric: MetricResult): boolean => metric.definition !== undefined && !isEmpty(metric)

/** Such as what is measured on placements where the data has none. */
const isEmpty = ({ definition, arms }: MetricResult): boolean =>
  definition !== undefined && arms.every(({ n, open, missing }) => n + open + missing === 0)

/** Each reason once; without those that a failed check gives for all metrics, which stand among the checks. */
export const whyNotCompared = (metric: MetricResult, checks: ReadonlyArray<Check>): ReadonlyArray<string> => {
  if (isEmpty(metric)) return ["The data holds nothing to measure here."]
  const refused = metric.definition === undefined ? metric.refused.map(({ sentence }) => sentence) : []
  const forbidden = metric.contrasts.filter((contrast) => !isForbidden(contrast, checks))
  return [...new Set([...refused, ...forbidden.flatMap(({ notComparable }) => notComparable ?? [])])]
}

/** A failed check is why there is no verdict. */
export const isForbidden = ({ notComparable }: Contrast, checks: ReadonlyArray<Check>): boolean =>
  checks.some(({ outcome, sentence }) => outcome === "failed" && sentence === notComparable)

/** Compared, but not by its strictest definition, which its title promises. */
export const isLessStrict = ({ definition, refused }: MetricResult): boolean =>
  definition !== undefined && refused.length > 0

/** Has a difference that may be shown: a refused one would invite the comparison. */
export const isShown = (contrast: Contrast): contrast is Contrast & Required<Pick<Contrast, "effect">> =>
  contrast.notComparable === undefined && contrast.effect !== undefined

/** A contrast whose difference and interval may be shown. */
export type Drawable = Contrast & Required<Pick<Contrast, "effect" | "interval">>

export const isDrawable = (contrast: Contrast): contrast is Drawable =>
  isShown(contrast) && contrast.interval !== undefined

/** Whether a what-if scenario turns the verdict round or takes it away. */
export const changesVerdict = ({ verdict }: Contrast, scenario: Scenario): boolean =>
  verdict !== undefined && !keeps(verdict, scenario.verdict)

/** What strata do to differences of rates; nothing where no such difference is shown. */
export const likeWithLike = (
  { stratifiedBy }: Comparison["settings"],
  metrics: ReadonlyArray<MetricResult>
): string | undefined =>
  stratifiedBy.length > 0 && metrics.some(({ kind, contrasts }) => kind === "rate" && contrasts.some(isShown))
    ? `Rates are compared like with like, by ${stratifiedBy.join(", ")}: ${OTHER_DIFFERENCE}`
    : undefined

export const OTHER_DIFFERENCE = "a difference may be another than that of the two rates beside it."
