/** Whether the arms have the same calls, as a comparison tells it. */
import type { TraitName } from "../collector/traits.ts"
import type { Interval } from "../Comparison.ts"

/** The value of a trait in which an arm and the baseline differ the most. */
export interface BalanceMost {
  readonly value: string
  readonly arm: string
  readonly baseline: string
  /** Of the arm and of the baseline, from 0 to 1. */
  readonly share: number
  readonly baselineShare: number
  /** Of the difference of the two, for any number of looks, as if all units were independent. */
  readonly interval: Interval
  readonly level: number
}

/**
 * A trait that arms may differ in beside what comes of their orders. `before`: settled before anybody is called, so that
 * chance would make it alike; `after`: what an arm, or whoever places its orders, makes of them.
 */
export interface Balance {
  readonly trait: TraitName | "orders_per_person"
  readonly title: string
  readonly from: "before" | "after"
  /** As people read them; the last may stand for all that are rarer. */
  readonly values: ReadonlyArray<string>
  /** Of orders (in an experiment, of what was assigned); of `orders_per_person`, of persons. Shares are of those told, by value. */
  readonly arms: ReadonlyArray<{
    readonly arm: string
    readonly n: number
    readonly notTold: number
    readonly shares: ReadonlyArray<number>
  }>
  /** Share of an arm's units that would need another value for it to be like the baseline; of the arm farthest from it, first among those that differ beyond chance. */
  readonly distance: number
  /** `differs`: beyond chance. `nothing_shared`: so much that no value is found in two arms. `too_few` units to tell. */
  readonly outcome: "alike" | "differs" | "nothing_shared" | "too_few"
  /** Of the same arm; absent with too few units. */
  readonly most?: BalanceMost
}
