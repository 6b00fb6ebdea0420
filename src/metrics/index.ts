/** Every metric there is, by where it is measured; docs/comparing.md is generated from this. */
import type { Metric } from "./Metric.ts"
import { firstAttemptMetrics } from "./firstAttempt.ts"
import { orderMetrics } from "./order.ts"
import { placementMetrics } from "./placement.ts"

/** Outcomes that count as success unless an experiment names others. */
export const DEFAULT_SUCCESSES: ReadonlyArray<string> = ["interested", "completed"]

/** The primary metric unless an experiment or an option names another. */
export const DEFAULT_PRIMARY = "first_attempt.human_reached"

/** Every metric, with these outcomes counted as success. */
export const metricsFor = (successes: ReadonlyArray<string> = DEFAULT_SUCCESSES): ReadonlyArray<Metric> => [
  ...firstAttemptMetrics,
  ...orderMetrics(successes),
  ...placementMetrics
]

/** The ids of every metric. */
export const metricIds: ReadonlySet<string> = new Set(metricsFor().map(({ id }) => id))

/** Metrics of which neither direction is better by itself. */
export const undirectedMetricIds: ReadonlySet<string> = new Set(
  metricsFor()
    .filter(({ better }) => better === "neither")
    .map(({ id }) => id)
)
