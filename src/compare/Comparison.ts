/** What a comparison comes to: plain JSON, no personal data; all reports are made from it and from nothing else. */
import type { Certainty } from "../domain/Reach.ts"
import type { Better, Scope } from "../metrics/Metric.ts"
import type { TranscriptRule } from "../metrics/transcriptRules.ts"
import type { Agreement } from "./Agreement.ts"
import type { Distribution, FailureKinds, Funnel, HeatMap, OverTime } from "./Charts.ts"
import type { Balance } from "./guard/Balance.ts"

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
    | "unconnected_dials"
    | "running_calls"
    | "balance"
    | "caller_numbers"
    | "waiting"
    | "redialling"
    | "changed_midway"
  readonly outcome: "passed" | "warning" | "failed"
  readonly sentence: string
  /** Figures that the sentence quotes. */
  readonly figures: { readonly [name: string]: number }
}

/** Why a definition is not compared, in one sentence. */
export interface Refusal {
  readonly definition: string
  readonly text: string
  readonly because:
    | "not_told"
    | "told_differently"
    | "more_chances"
    | "contradicted"
    | "missing_differs"
    | "never_there"
    | "few_conversations"
    | "not_fixed"
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

/** A definition by which something is counted. */
export interface UsedDefinition {
  readonly id: string
  readonly text: string
  /** The rule over transcripts that it rests on, with its version: numbers of different versions must not be compared. */
  readonly rule?: TranscriptRule
}

/**
 * What the effect would be if what is open or missing had gone one way, or by another definition of the metric; or, of a
 * verdict, at its tipping point: with the least number of wrong answers of a certainty in an arm by which it falls.
 */
export interface Scenario {
  readonly scenario: "some_wrong" | "worst_for_arm" | "worst_for_baseline" | "other_definition"
  /** Of `other_definition`: which. */
  readonly definition?: UsedDefinition
  /** Of `some_wrong`. `falls`: false where the verdict holds though all answers that speak for it were wrong. */
  readonly wrong?: {
    readonly certainty: Exclude<Certainty, "stated">
    readonly arm: string
    readonly count: number
    /** Answers of this certainty in the arm. */
    readonly of: number
    readonly falls: boolean
  }
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
  /** Why the difference may come from the definition: in one arm it agrees otherwise with the provider's own word, or nobody can tell. */
  readonly unlikeAgreement?: string
  /** Whether the verdict is the same however the orders without an answer had gone, and by every other definition. */
  readonly robust?: boolean
}

/** What a metric comes to in all arms, and between them. */
export interface MetricResult {
  readonly id: string
  /** What the definition used counts; it may be something else than the metric's first. */
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
  readonly definition?: UsedDefinition
  /** Preferred definitions that the arms do not have in common, with the reason of each. */
  readonly refused: ReadonlyArray<Refusal>
  /** Of each definition that rests on transcripts; absent where no provider says by itself what it concludes. */
  readonly agreement?: ReadonlyArray<Agreement>
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
  /** Trait by trait, whether the arms have the same calls and handle them alike; empty with fewer than two arms. */
  readonly balance: ReadonlyArray<Balance>
  readonly metrics: ReadonlyArray<MetricResult>
  readonly overTime: ReadonlyArray<OverTime>
  readonly heatMap?: HeatMap
  readonly funnel: Funnel
  readonly failureKinds: FailureKinds
  readonly distributions: ReadonlyArray<Distribution>
}
