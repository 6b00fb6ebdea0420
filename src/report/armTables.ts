/** The metrics as tables of text: one arm beside the baseline; the baseline alone if there is no other. */
import { figureOf, type MetricEntry } from "./metrics.ts"
import type { Outline } from "./outline.ts"
import type { Cell, Table } from "./table.ts"

const rowOf = (metric: MetricEntry, arms: ReadonlyArray<string>): ReadonlyArray<Cell> => {
  const contrast = metric.contrasts.find(({ arm }) => arm === arms[1])
  return [
    { words: `${metric.title}${metric.mark}` },
    ...arms.map((arm) => ({ parts: figureOf(metric, arm) })),
    ...(contrast === undefined ? [] : [{ parts: contrast.difference }, { verdict: contrast.verdict }])
  ]
}

export const armTables = ({ arms, groups }: Outline["metrics"]): ReadonlyArray<Table> => {
  const [baseline, ...others] = arms
  if (baseline === undefined || groups.length === 0) return []
  const pairs = others.length === 0 ? [[baseline]] : others.map((other) => [baseline, other])
  return pairs.map((pair) => ({
    title: pair.toReversed().join(" against "),
    head: ["Metric", ...pair.map((arm) => ({ arm })), ...(pair.length > 1 ? ["Difference", "Verdict"] : [])],
    rows: groups.flatMap(({ heading, metrics }) => [
      [{ words: heading }],
      ...metrics.map((metric) => rowOf(metric, pair))
    ])
  }))
}
