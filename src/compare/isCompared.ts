import type { MetricResult } from "./Comparison.ts"

/** The arms have a definition in common, and the data holds something that it could be measured on. */
export const isCompared = (metric: MetricResult): boolean => metric.definition !== undefined && !isEmpty(metric)

/** Such as what is measured on placements where the data has none. */
export const isEmpty = ({ definition, arms }: MetricResult): boolean =>
  definition !== undefined && arms.every(({ n, open, missing }) => n + open + missing === 0)
