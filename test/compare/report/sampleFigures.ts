/** Builds parts of sample comparisons from counts, so that rates, intervals and verdicts in them agree with each other. */
import type { OverTimePoint } from "../../../src/compare/Charts.ts"
import type {
  ArmFigure,
  Contrast,
  Interval,
  MetricResult,
  Scenario,
  VerdictWord
} from "../../../src/compare/Comparison.ts"
import type { Better } from "../../../src/metrics/Metric.ts"
import * as format from "../../../src/compare/format.ts"
import { verdictOf } from "../../../src/compare/verdict.ts"

/** Multipliers of a single look at 95 %, and of any number of looks at about 2,000 planned persons. */
const FIXED = 1.96
const SEQUENTIAL = 2.9

export interface Rate {
  readonly arm: string
  readonly count: number
  readonly n: number
  readonly open?: number
  readonly missing?: number
}

const wilson = ({ count, n }: Rate, z: number): Interval => {
  const rate = count / n
  const middle = (rate + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const half = (z * Math.sqrt((rate * (1 - rate)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n)
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

const newcombe = (arm: Rate, baseline: Rate, z: number): Interval => {
  const [a, b] = [wilson(arm, z), wilson(baseline, z)]
  const [p, q] = [arm.count / arm.n, baseline.count / baseline.n]
  return { low: p - q - Math.hypot(p - a.low, b.high - q), high: p - q + Math.hypot(a.high - p, q - b.low) }
}

export const rateFigure = (rate: Rate): ArmFigure => ({
  arm: rate.arm,
  n: rate.n,
  persons: Math.round(rate.n * 0.96),
  count: rate.count,
  ...(rate.n === 0 ? {} : { value: rate.count / rate.n, interval: wilson(rate, FIXED) }),
  open: rate.open ?? 0,
  missing: rate.missing ?? 0,
  certainty: {
    stated: Math.round(rate.n * 0.7),
    detected: Math.round(rate.n * 0.2),
    inferred: Math.round(rate.n * 0.1)
  }
})

const judge = (interval: Interval, { smallest, better, role }: ContrastOptions): VerdictWord =>
  verdictOf(interval, { better, smallestEffect: smallest, role }) ?? "not_enough_data"

const sentenceOf = (arm: string, kind: MetricResult["kind"], effect: number, interval: Interval, level: number) =>
  `${arm} differs by ${format.effect(kind, effect)} (${format.levelText(level)} interval ${format.effectIntervalText(kind, interval)}).`

export interface ContrastOptions {
  readonly role: MetricResult["role"]
  readonly smallest: number
  readonly better: Better
  readonly level?: number
  readonly sensitive?: boolean
  readonly notComparable?: string
}

const scenario = (
  word: Scenario["scenario"],
  sentence: string,
  shift: number,
  interval: Interval,
  o: ContrastOptions
) => {
  const moved = { low: interval.low + shift, high: interval.high + shift }
  return {
    scenario: word,
    sentence,
    effect: (moved.low + moved.high) / 2,
    interval: moved,
    verdict: judge(moved, o)
  }
}

export const rateContrast = (arm: Rate, baseline: Rate, o: ContrastOptions): Contrast => {
  const base = { arm: arm.arm, baseline: baseline.arm, n: arm.n, baselineN: baseline.n }
  if (arm.n === 0 || baseline.n === 0) {
    return {
      ...base,
      verdict: "not_enough_data",
      sentence: `${arm.arm} has no calls that could be measured.`,
      sensitivity: []
    }
  }
  const effect = arm.count / arm.n - baseline.count / baseline.n
  const fixed = newcombe(arm, baseline, FIXED)
  const sequential = newcombe(arm, baseline, SEQUENTIAL)
  const level = o.level ?? 0.95
  const verdict = o.notComparable === undefined ? judge(sequential, o) : "not_comparable"
  const inferred = scenario("some_wrong", "If 34 of 470 inferred answers (7.2 %) were wrong.", -0.03, sequential, o)
  const sensitivity = o.sensitive
    ? [
        {
          ...scenario("some_wrong", "Even if all 20 detected answers were wrong.", -0.018, sequential, o),
          wrong: { certainty: "detected", arm: arm.arm, count: 20, of: 20, falls: false }
        } as const,
        {
          ...inferred,
          wrong: {
            certainty: "inferred",
            arm: arm.arm,
            count: 34,
            of: 470,
            falls: inferred.verdict !== verdict
          }
        } as const,
        scenario("worst_for_arm", `If all that is open or missing went against ${arm.arm}.`, -0.07, sequential, o)
      ]
    : []
  return {
    ...base,
    ...(o.better === "neither" && o.notComparable === undefined ? {} : { verdict }),
    sentence: o.notComparable ?? sentenceOf(arm.arm, "rate", effect, sequential, level),
    ...(o.notComparable === undefined ? {} : { notComparable: o.notComparable }),
    effect,
    interval: sequential,
    level,
    fixed,
    sequential,
    sensitivity,
    ...(o.sensitive
      ? { robust: sensitivity.every((each) => each.scenario === "some_wrong" || each.verdict === verdict) }
      : {})
  }
}

export interface Value {
  readonly arm: string
  readonly n: number
  readonly median: number
  /** Half the width of the median's interval. */
  readonly half: number
}

export const valueFigure = ({ arm, n, median, half }: Value): ArmFigure => ({
  arm,
  n,
  persons: Math.round(n * 0.96),
  value: median,
  interval: { low: Math.max(0, median - half), high: median + half },
  open: 2,
  missing: 0
})

export const valueContrast = (kind: "seconds" | "count", arm: Value, baseline: Value, o: ContrastOptions): Contrast => {
  const effect = arm.median - baseline.median
  const half = Math.hypot(arm.half, baseline.half)
  const fixed = { low: effect - half, high: effect + half }
  const sequential = { low: effect - (half * SEQUENTIAL) / FIXED, high: effect + (half * SEQUENTIAL) / FIXED }
  const level = o.level ?? 0.95
  return {
    arm: arm.arm,
    baseline: baseline.arm,
    n: arm.n,
    baselineN: baseline.n,
    ...(o.better === "neither" ? {} : { verdict: judge(sequential, o) }),
    sentence: sentenceOf(arm.arm, kind, effect, sequential, level),
    effect,
    interval: sequential,
    level,
    fixed,
    sequential,
    superiority: { value: 0.53, interval: { low: 0.5, high: 0.56 } },
    sensitivity: []
  }
}

/** Effects that settle on `effect` while the intervals narrow; a fixed wobble instead of chance. */
export const overTimePoints = (effect: number, persons: number, steps: number): ReadonlyArray<OverTimePoint> =>
  Array.from({ length: steps }, (_, index) => {
    const n = Math.round((persons * (index + 1)) / steps)
    const se = 2 * Math.sqrt(0.24 / n)
    const at = effect + se * 0.9 * Math.sin(index * 1.7)
    const multiplier = SEQUENTIAL + 2 / Math.sqrt(index + 1)
    return {
      at: new Date(Date.UTC(2026, 2, 2, 8) + index * 86_400_000 * 0.9).toISOString(),
      n,
      effect: at,
      fixed: { low: at - FIXED * se, high: at + FIXED * se },
      sequential: { low: Math.max(-1, at - multiplier * se), high: Math.min(1, at + multiplier * se) }
    }
  })

/** Office hours on weekdays, busiest before noon. */
export const heatCells = (base: number) =>
  Array.from({ length: 6 * 11 }, (_, index) => {
    const [day, hour] = [Math.floor(index / 11), 8 + (index % 11)]
    const n = day === 5 ? (hour < 13 ? 6 : 0) : Math.round(28 - Math.abs(hour - 11) * 2.5)
    const rate = base + 0.12 * Math.sin((hour - 6) / 3) - (day === 5 ? 0.1 : 0.01 * day)
    return { day, hour, n, count: Math.round(n * Math.min(1, Math.max(0, rate))) }
  }).filter(({ n }) => n > 0)

/** Counts per bin of a long-tailed shape with its peak at `peak`. */
export const longTail = (bins: number, peak: number, total: number): ReadonlyArray<number> => {
  const weights = Array.from({ length: bins }, (_, bin) => ((bin + 0.5) / peak) * Math.exp(1 - (bin + 0.5) / peak))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => Math.round((weight / sum) * total))
}
