/** The effect on the primary metric as orders came in, with the band that holds however often somebody looks. */
import type { OverTime, OverTimePoint } from "./Comparison.ts"
import { isAnswer, isYes, type Observations } from "./Observations.ts"
import { sampleOf } from "./samples.ts"
import { normalQuantile } from "./statistics/distributions.ts"
import { estimateRates, type RateSample } from "./statistics/rates.ts"
import { sequentialMultiplier } from "./statistics/sequential.ts"

const POINTS = 40

export interface OverTimeOptions {
  readonly metric: string
  readonly definition: string
  readonly baseline: number
  readonly alpha: number
  readonly planned: (arm: number) => number | undefined
}

/** Rows that are measured and whose time is known, oldest first. */
const inOrderOfTime = (observations: Observations, codes: Uint8Array): RateSample & { readonly at: Float64Array } => {
  const { at, size } = observations
  let count = 0
  const rows = new Uint32Array(size)
  for (let row = 0; row < size; row++) {
    if (isAnswer(codes[row] ?? 0) && !Number.isNaN(at[row] ?? Number.NaN)) rows[count++] = row
  }
  const sample = {
    yes: new Uint8Array(count),
    arm: new Uint8Array(count),
    person: new Uint32Array(count),
    stratum: new Uint16Array(count),
    at: new Float64Array(count)
  }
  const sorted = rows.subarray(0, count).toSorted((a, b) => (at[a] ?? 0) - (at[b] ?? 0))
  sorted.forEach((row, place) => {
    sample.yes[place] = isYes(codes[row] ?? 0) ? 1 : 0
    sample.arm[place] = observations.arm[row] ?? 0
    sample.person[place] = observations.person[row] ?? 0
    sample.stratum[place] = observations.stratum[row] ?? 0
    sample.at[place] = at[row] ?? 0
  })
  return { ...sampleOf(observations), ...sample }
}

/** Of a rate; a line for each arm against the baseline. */
export const overTimeOf = (observations: Observations, options: OverTimeOptions): ReadonlyArray<OverTime> => {
  const codes = observations.rate(options.definition)
  if (codes === undefined) return []
  const sample = inOrderOfTime(observations, codes)
  const count = sample.yes.length
  const step = Math.max(1, Math.ceil(count / POINTS))
  const lines = observations.arms.map((): Array<OverTimePoint> => [])
  for (let rows = step; rows < count + step; rows += step) {
    const end = Math.min(rows, count)
    const estimates = estimateRates({ ...sample, yes: sample.yes.subarray(0, end) })
    lines.forEach((points, arm) => {
      const found = arm === options.baseline ? undefined : estimates.contrast(arm, options.baseline)
      if (found === undefined) return
      const { alpha, planned } = options
      points.push({
        at: new Date(sample.at[end - 1] ?? 0).toISOString(),
        n: found.n,
        effect: found.effect,
        fixed: found.interval(normalQuantile(1 - alpha / 2)),
        sequential: found.interval(sequentialMultiplier({ alpha, n: found.persons, planned: planned(arm) }))
      })
    })
  }
  return lines.flatMap((points, arm) =>
    points.length === 0 ? [] : [{ metric: options.metric, arm: observations.arms[arm] ?? "", points }]
  )
}
