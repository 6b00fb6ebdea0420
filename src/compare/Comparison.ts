/** What a comparison comes to: plain JSON, no personal data; all reports are made from it and from nothing else. */
import type { Certainty } from "../domain/Reach.ts"
import type { Better, Scope } from "../metrics/Metric.ts"

/**
 * `better` and `worse` go by the metric's `better`; without an experiment they only say on which side the figures of this
 * data lie. `not_worse`, of a guardrail: it is not worse by its `smallestEffect` or more. `not_comparable` always comes
 * with the reason why.
 */
export type VerdictWord =
  | "better"
  | "worse"
  | "not_worse"
  | "no_meaningful_difference"
  | "not_enough_data"
  | "not_comparable"

/** A range that holds the true difference with the confidence asked for. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * `sequential`: intervals that hold however often somebody looks; `fixed`: narrower ones, for a single look once the
 * experiment is over.
 */
export type Analysis = "sequential" | "fixed"

/** One of the groups that are compared, and what is in it. */
export interface Arm {
  readonly name: string
  /** Provider ids found in it. */
  readonly providers: ReadonlyArray<string>
  readonly agent?: string
  /** The arm that the others are compared with. */
  readonly baseline: boolean
  readonly orders: number
  /** Distinct persons called; orders to one person are not independent of each other. */
  readonly persons: number
  /** Orders that are not over yet. */
  readonly open: number
  /** The most dials that an order of this arm was allowed or took. */
  readonly mostAttempts: number
  /** Share of all units that the experiment gives it; absent without an experiment. */
  readonly share?: number
}

/** Something looked at before any figure: a `failed` one forbids conclusions, a `warning` is to be read with them. */
export interface Check {
  readonly id:
    | "sample_ratio"
    | "crossovers"
    | "orders_per_person"
    | "losses"
    | "open_orders"
    | "no_assignment"
    | "unmarked_orders"
    | "not_started"
    | "definitions_not_fixed"
    | "stopped"
    | "placed_before_start"
    | "overlapping_persons"
    | "unequal_time"
  readonly outcome: "passed" | "warning" | "failed"
  readonly sentence: string
  /** Figures that the sentence quotes. */
  readonly figures: { readonly [name: string]: number }
}

/** Why a definition is not compared, in one sentence. */
export interface Refusal {
  readonly definition: string
  readonly text: string
  readonly because: "not_told" | "told_differently" | "more_chances" | "contradicted" | "missing_differs" | "not_fixed"
  readonly sentence: string
}

/** What a metric comes to in one arm. */
export interface ArmFigure {
  readonly arm: string
  /** Orders (or calls, or placements) measured. */
  readonly n: number
  readonly persons: number
  /** Yes-answers, of a rate. */
  readonly count?: number
  /** The rate (0 to 1), or the median. Absent if nothing could be measured. */
  readonly value?: number
  readonly interval?: Interval
  /** Not measured: not over yet; record does not tell. */
  readonly open: number
  readonly missing: number
  /** How sure the claims behind the figure are, as counts by certainty; of rates. */
  readonly certainty?: { readonly [certainty in Certainty]: number }
  /**
   * Those among the measured that nobody tells anything of and that count as no: never called, or not over after a week. Of
   * rates; only an experiment's primary metric has any.
   */
  readonly assumed?: number
}

/** What the effect would be if all claims of a certainty were wrong, or if what is open or missing had gone one way. */
export interface Scenario {
  readonly scenario: "detected_wrong" | "inferred_wrong" | "worst_for_arm" | "worst_for_baseline"
  readonly sentence: string
  readonly effect: number
  readonly interval: Interval
  readonly verdict: VerdictWord
}

/** One arm against the baseline. */
export interface Contrast {
  readonly arm: string
  readonly baseline: string
  /** Absent for a metric that can be compared and of which neither direction is better; it is then only described. */
  readonly verdict?: VerdictWord
  /** The verdict in a sentence with its numbers. */
  readonly sentence: string
  /** Difference arm − baseline: of rates (0.05: five points), of medians; of counts per person reached. Absent if it cannot be computed. */
  readonly effect?: number
  /** The interval that the verdict rests on. */
  readonly interval?: Interval
  /** Confidence of that interval after correction for several metrics: 0.95 or more. */
  readonly level?: number
  /** The same for a single look, and for any number of looks. */
  readonly fixed?: Interval
  readonly sequential?: Interval
  /** Chance that a random call of the arm has a higher value than one of the baseline, ties counted half; of values. */
  readonly superiority?: { readonly value: number; readonly interval: Interval }
  /** Yes-answers and measured of both, for the interval's reader. */
  readonly n: number
  readonly baselineN: number
  /** Why there is no verdict but `not_comparable`. */
  readonly notComparable?: string
  readonly sensitivity: ReadonlyArray<Scenario>
  /** Whether no scenario turns the verdict round or takes it away. */
  readonly robust?: boolean
}

/** What a metric comes to in all arms, and between them. */
export interface MetricResult {
  readonly id: string
  readonly title: string
  readonly scope: Scope
  readonly kind: "rate" | "seconds" | "count"
  readonly better: Better
  readonly role: "primary" | "guardrail" | "secondary"
  readonly smallestEffect: number
  readonly among?: string
  /** Not compared like with like though there are strata: of some that count it is not known which they are of. */
  readonly unstratified?: boolean
  /** The definition used; absent if the arms have none in common. */
  readonly definition?: { readonly id: string; readonly text: string }
  /** Stricter definitions that the arms do not have in common, with the reason of each. */
  readonly refused: ReadonlyArray<Refusal>
  /** Empty if there is no common definition: figures side by side would invite the comparison that is refused. */
  readonly arms: ReadonlyArray<ArmFigure>
  readonly contrasts: ReadonlyArray<Contrast>
}

/** Records in = orders + folded + placements + everything left out, always. */
export interface DataSummary {
  readonly records: number
  /** Orders that are compared. */
  readonly orders: number
  /** Records about an order (or attempt) that another record is about as well. */
  readonly folded: number
  /** Left out, by reason, in words: inbound, web, no arm, outside the period, hints, rejected. */
  readonly leftOut: ReadonlyArray<{ readonly reason: string; readonly count: number }>
  /** Orders of which only attempts are in the data; counted in `orders`. */
  readonly attemptsOnly: number
  readonly persons: number
  /** ISO 8601: first and last order, and the latest moment told of. */
  readonly from?: string
  readonly to?: string
  readonly asOf?: string
  readonly placements: number
}

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
  readonly arm: string
  readonly points: ReadonlyArray<OverTimePoint>
}

/** Orders of an arm by day of the week (0: Monday) and hour, in `timeZone`; yes-answers of `metric` among those measured. */
export interface HeatMap {
  readonly metric: string
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
  readonly steps: ReadonlyArray<{ readonly id: string; readonly title: string }>
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

/** What a comparison of providers or arms comes to. */
export interface Comparison {
  readonly kind: "comparison"
  readonly version: 1
  readonly experiment?: {
    readonly id: string
    /** Of the experiment as it was started; absent if it was not. */
    readonly digest?: string
    readonly frozen: boolean
    readonly start?: string
    readonly end?: string
    /** Orders placed after it are left out. */
    readonly stopped?: { readonly at: string; readonly reason?: string }
    /** Units in all that the plan asks for. */
    readonly plannedUnits?: number
  }
  readonly settings: {
    readonly analysis: Analysis
    /** Chance of a wrong verdict on the primary metric, on any of the guardrails together, and on any other metric together. */
    readonly alpha: number
    readonly timeZone: string
    readonly stratifiedBy: ReadonlyArray<string>
  }
  /** What came of it, in sentences for people who read nothing else. */
  readonly headline: ReadonlyArray<string>
  readonly data: DataSummary
  readonly arms: ReadonlyArray<Arm>
  readonly checks: ReadonlyArray<Check>
  readonly metrics: ReadonlyArray<MetricResult>
  readonly overTime: ReadonlyArray<OverTime>
  readonly heatMap?: HeatMap
  readonly funnel: Funnel
  readonly failureKinds: FailureKinds
  readonly distributions: ReadonlyArray<Distribution>
}
