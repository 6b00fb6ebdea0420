/** The metrics as tables of text: one arm beside the baseline; the baseline alone if there is no other. */
import { NOTHING } from "../compare/format.ts"
import type { MetricEntry } from "./metrics.ts"
import type { Outline } from "./outline.ts"
import type { Cell, Table } from "./table.ts"

const rowOf = ({ title, mark, figures, contrasts }: MetricEntry, arms: ReadonlyArray<string>): ReadonlyArray<Cell> => {
  const contrast = contrasts.find(({ arm }) => arm === arms[1])
  return [
    { words: `${title}${mark}` },
    ...arms.map((name) => ({ parts: figures.find(({ arm }) => arm === name)?.parts ?? [NOTHING] })),
    ...(arms.length > 1 ? [{ parts: contrast?.difference ?? [NOTHING] }, { verdict: contrast?.verdict }] : [])
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
