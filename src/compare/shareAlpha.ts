/**
 * Bonferroni within the primary metric, the guardrails and the others: each family has α, which its metrics and arms share.
 * How many share it must not hang on what the results are, nor change from one look to the next: in an experiment that is
 * settled by the definitions that it fixed at its start.
 */
import { sameAnswers } from "../metrics/sameAnswers.ts"
import type { AnalysisContext, Goal, MetricChoice } from "./measured.ts"

/** What of the context decides. */
type Sharing = Pick<AnalysisContext, "fixed"> & {
  readonly collected: Pick<AnalysisContext["collected"], "placements" | "units">
}

/** The chance of a wrong verdict that a verdict on one arm has. What gets no verdict takes no part. */
export const shareAlpha = (
  chosen: ReadonlyArray<MetricChoice>,
  alpha: number,
  contrasts: number,
  sharing: Sharing
): ((choice: Pick<MetricChoice, "goal">) => number) => {
  const claims = { primary: new Set<string>(), guardrail: new Set<string>(), secondary: new Set<string>() }
  for (const choice of chosen) {
    const claim = choice.goal.better === "neither" ? undefined : claimOf(choice, sharing)
    if (claim !== undefined) claims[choice.goal.role].add(claim)
  }
  return ({ goal }: { readonly goal: Goal }) =>
    goal.better === "neither" ? alpha : alpha / (Math.max(1, claims[goal.role].size) * contrasts)
}

/**
 * The same for metrics that say the same. A metric that this look cannot compare keeps the part that the experiment gave it;
 * without placements in the data there is nothing to claim of them.
 */
const claimOf = (
  { goal: { metric }, definition }: MetricChoice,
  { fixed, collected: { placements, units } }: Sharing
): string | undefined => {
  if (metric.scope === "placement" && placements.size === 0) return undefined
  const used = fixed === undefined ? definition?.id : fixed[metric.id]?.id
  // A window widens the one and not the other.
  return used === undefined || units?.windowHours !== undefined ? used : sameAnswers(used)
}
