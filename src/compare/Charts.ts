/** What is drawn beside the figures of a comparison: how orders came in, how far they came, and how values spread. */
import type { TranscriptRule } from "../metrics/transcriptRules.ts"
import type { Interval } from "./Comparison.ts"

/** Effect of the primary metric as orders came in, oldest first; a point each time the data has grown by a step. */
export interface OverTimePoint {
  readonly at: string
  readonly n: number
  readonly effect: number
  readonly fixed: Interval
  readonly sequential: Interval
}

/** How the effect of the primary metric developed as orders came in. */
export interface OverTime {
  readonly metric: string
  readonly rule?: TranscriptRule
  readonly arm: string
  readonly points: ReadonlyArray<OverTimePoint>
}

/** Orders of an arm by day of the week (0: Monday) and hour, in `timeZone`; yes-answers of `metric` among those measured. */
export interface HeatMap {
  readonly metric: string
  readonly rule?: TranscriptRule
  readonly timeZone: string
  readonly arms: ReadonlyArray<{
    readonly arm: string
    readonly cells: ReadonlyArray<{
      readonly day: number
      readonly hour: number
      readonly n: number
      readonly count: number
    }>
  }>
}

/** How far the orders of an arm came; every step by a definition that all arms share, steps without one are left out. */
export interface Funnel {
  readonly steps: ReadonlyArray<{ readonly id: string; readonly title: string; readonly rule?: TranscriptRule }>
  readonly arms: ReadonlyArray<{ readonly arm: string; readonly counts: ReadonlyArray<number> }>
}

/** Why first attempts did not connect, in each provider's own words; `comparable` says which kinds mean the same in all arms. */
export interface FailureKinds {
  readonly kinds: ReadonlyArray<{ readonly kind: string; readonly comparable: boolean }>
  readonly arms: ReadonlyArray<{
    readonly arm: string
    readonly dialed: number
    readonly counts: ReadonlyArray<number>
  }>
}

/** Counts of values of a metric in equal steps from 0; the last bin holds everything above. */
export interface Distribution {
  readonly metric: string
  readonly rule?: TranscriptRule
  readonly title: string
  readonly unit: "seconds" | "count"
  readonly step: number
  readonly arms: ReadonlyArray<{
    readonly arm: string
    readonly n: number
    readonly counts: ReadonlyArray<number>
    readonly quartiles: readonly [number, number, number]
  }>
}
