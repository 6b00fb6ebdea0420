/** What data shows beside what adapters declare: whether it is whole, whether the arms have the same calls, and whether they stay what they are. */
import type { Check } from "../Comparison.ts"
import type { Balance } from "./Balance.ts"
import type { Definition } from "../../metrics/Metric.ts"
import type { Collected } from "../Observations.ts"
import { type BalanceContext, balanceOf } from "./balanceRows.ts"
import { balanceChecks, type BalanceReading } from "./balanceChecks.ts"
import { changedMidway } from "./changedMidway.ts"
import { runningCalls, unconnectedDials } from "./wholeness.ts"

export interface GuardContext extends BalanceContext, Omit<BalanceReading, "sameChances"> {
  /** Orders of each arm. */
  readonly counts: ReadonlyArray<{ readonly orders: number }>
  /** Of the primary metric, if it is one of calls. */
  readonly definition: Definition<never> | undefined
  readonly timeZone: string
}

export interface Guarded {
  readonly balance: ReadonlyArray<Balance>
  readonly checks: ReadonlyArray<Check>
}

export const guard = (collected: Collected, context: GuardContext): Guarded => {
  const { facts, orders } = collected
  const balance = balanceOf(collected, context)
  const most = facts.filter(({ mostAttempts }) => mostAttempts > 0).map(({ mostAttempts }) => mostAttempts)
  const found = [
    unconnectedDials(collected),
    runningCalls(collected, context.counts, context.smallestShare),
    ...balanceChecks(balance, { ...context, sameChances: new Set(most).size < 2 }),
    changedMidway(context.definition, orders, context)
  ]
  return { balance, checks: found.filter((each) => each !== undefined) }
}
