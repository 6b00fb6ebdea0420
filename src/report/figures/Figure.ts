/** A figure of a report: what it shows in sentences, what is to be drawn, and all its numbers. */
import type { Distribution, HeatMap, OverTime } from "../../compare/Charts.ts"
import type { Comparison, MetricResult } from "../../compare/Comparison.ts"
import type { Table } from "../table.ts"

export interface BarGroup {
  readonly title: string
  /** Why its bars must not be compared. */
  readonly caution: string | undefined
  readonly bars: ReadonlyArray<{ readonly arm: string; readonly count: number; readonly of: number }>
}

export interface Course extends OverTime {
  readonly measured: MetricResult
  readonly settings: Comparison["settings"]
  /** Of several the first says what the bands mean. */
  readonly isFirst: boolean
}

export type Plot =
  | { readonly kind: "bars"; readonly groups: ReadonlyArray<BarGroup> }
  | { readonly kind: "spread"; readonly spread: Distribution }
  | { readonly kind: "course"; readonly course: Course }
  | { readonly kind: "hours"; readonly arms: HeatMap["arms"] }

export interface Figure {
  readonly title: string
  /** What is to be seen, or why there is nothing. */
  readonly message: ReadonlyArray<string>
  readonly drawn?: {
    readonly plot: Plot
    /** All its numbers: a row for each mark. Without rows where the drawing is a table itself. */
    readonly table: Table
  }
}

export const nothing = (title: string, sentence: string): Figure => ({ title, message: [sentence] })

/** From 0. */
export const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const
