/** Whether the arms have the same calls, and handle them alike, trait by trait. */
import type { TraitName } from "../collector/traits.ts"
import type { Balance, BalanceMost } from "./Balance.ts"
import { FEWEST_PERSONS } from "../estimate.ts"
import { type Collected, countLost, NOT_TOLD, type TraitColumn, type UnitFacts } from "../Observations.ts"
import { rankTest } from "../statistics/homogeneity.ts"
import { NOT_MEASURED } from "../statistics/rates.ts"
import { clusteredInterval, type Counted, excludesZero, GUARD_ALPHA, independentInterval, shareOf } from "./chance.ts"

/** As tables name it, and whether it is settled before anybody is called or is what an arm makes of its orders. */
const ABOUT = {
  hour: { title: "Time of day of the order", from: "before" },
  weekday: { title: "Weekday of the order", from: "before" },
  country: { title: "Country called", from: "before" },
  caller_number: { title: "Caller number", from: "before" },
  campaign: { title: "Campaign", from: "before" },
  agent: { title: "Agent", from: "after" },
  wait: { title: "Wait for the first dial", from: "after" },
  dials: { title: "Dials made", from: "after" },
  orders_per_person: { title: "Orders for each person", from: "after" }
} as const satisfies Record<Balance["trait"], { readonly title: string; readonly from: Balance["from"] }>

export interface BalanceContext {
  readonly baseline: number
}

export const balanceOf = (collected: Collected, context: BalanceContext): ReadonlyArray<Balance> => {
  const traits = (collected.traits ?? []).filter(({ values }) => values.length > 0)
  const { arms } = collected.orders
  if (traits.length === 0 || arms.length < 2) return []
  const tests = traits.reduce((sum, { values }) => sum + values.length, 0) * (arms.length - 1)
  const rows = traits.map((column) => traitBalance(column, collected, context, GUARD_ALPHA / tests))
  return [...rows.filter(isTelling), personsBalance(collected, context)]
}

/** What is one and the same in each arm, as an agent of an arm by agents, says nothing beside the arm's name. */
const isTelling = ({ trait, arms }: Balance): boolean =>
  !(trait === "agent" || trait === "campaign") ||
  arms.some(({ shares }) => shares.some((share) => share > 0 && share < 1))

const traitBalance = (column: TraitColumn, { orders }: Collected, context: BalanceContext, alpha: number): Balance => {
  const { trait, values, of, isShared } = column
  const counts = orders.arms.map(() => new Float64Array(values.length))
  const notTold = orders.arms.map(() => 0)
  for (let row = 0; row < of.length; row++) {
    const [arm, value] = [orders.arm[row] ?? 0, of[row] ?? NOT_TOLD]
    const own = counts[arm]
    if (value === NOT_TOLD) notTold[arm] = (notTold[arm] ?? 0) + 1
    else if (own !== undefined) own[value] = (own[value] ?? 0) + 1
  }
  const found = mostDifferent(counts, values, orders.arms, context, alpha)
  const confirmed = ({ arm, value, most }: Found): boolean => {
    if (!excludesZero(most.interval)) return false
    const yes = of.map((each) => (each === NOT_TOLD ? NOT_MEASURED : Number(each === value)))
    const interval = clusteredInterval(orders, yes, arm, context.baseline, alpha)
    return interval !== undefined && excludesZero(interval)
  }
  return balance(trait, {
    values,
    counts,
    notTold,
    arms: orders.arms,
    found,
    differing: found.find(confirmed),
    isShared
  })
}

/** Persons by how many orders they have in an arm; who is in several arms is in each. */
const personsBalance = (collected: Collected, context: BalanceContext): Balance => {
  const { arms } = collected.orders
  const histograms = collected.units?.ordersPerPerson ?? ordersPerPerson(collected)
  const values = ["1 order", "2 orders", "3 orders", "4 orders or more"]
  const counts = histograms.map((histogram) => {
    const own = new Float64Array(values.length)
    for (const [orders, persons] of histogram) {
      const value = Math.min(values.length, orders) - 1
      if (value >= 0) own[value] = (own[value] ?? 0) + persons
    }
    return own
  })
  const found = mostDifferent(counts, values, arms, context, GUARD_ALPHA / (values.length * (arms.length - 1)))
  // The ranks see more than a single value, the interval holds at all looks.
  const isBeyond = rankTest(histograms) < GUARD_ALPHA
  const differing = isBeyond ? found.find(({ most }) => excludesZero(most.interval)) : undefined
  return balance("orders_per_person", {
    values,
    counts,
    notTold: arms.map(() => 0),
    arms,
    found,
    differing,
    isShared: true
  })
}

export const ordersPerPerson = ({ orders, lost }: Collected): UnitFacts["ordersPerPerson"] => {
  const { arm, arms, person, persons } = orders
  const called = arm.length - countLost(lost)
  return arms.map((_, wanted) => {
    const own = new Uint32Array(persons)
    for (let row = 0; row < called; row++) {
      if (arm[row] === wanted) own[person[row] ?? 0] = (own[person[row] ?? 0] ?? 0) + 1
    }
    const histogram = new Map<number, number>()
    for (const count of own) if (count > 0) histogram.set(count, (histogram.get(count) ?? 0) + 1)
    return histogram
  })
}

/** How an arm differs from the baseline the most. */
interface Found {
  readonly arm: number
  readonly value: number
  /** Share of the arm's units that would need another value for both arms to be alike. */
  readonly distance: number
  readonly most: BalanceMost
}

/** Of each arm against the baseline the value that sets them apart the most, in standard errors of independent units; the farthest arm first. */
const mostDifferent = (
  counts: ReadonlyArray<Float64Array>,
  values: ReadonlyArray<string>,
  arms: ReadonlyArray<string>,
  { baseline }: BalanceContext,
  alpha: number
): ReadonlyArray<Found> => {
  const sizes = counts.map(sum)
  const countedOf = (arm: number, value: number): Counted => ({ yes: counts[arm]?.[value] ?? 0, n: sizes[arm] ?? 0 })
  return arms
    .flatMap((name, arm): ReadonlyArray<Found> => {
      if (arm === baseline || Math.min(sizes[arm] ?? 0, sizes[baseline] ?? 0) < FEWEST_PERSONS) return []
      const each = values.map((_, value) => ({ value, a: countedOf(arm, value), b: countedOf(baseline, value) }))
      const distance = each.reduce((total, { a, b }) => total + Math.abs(shareOf(a) - shareOf(b)), 0) / 2
      const [{ value, a, b } = { value: 0, a: countedOf(arm, 0), b: countedOf(baseline, 0) }] = each.toSorted(
        (x, y) => standardErrors(y.a, y.b) - standardErrors(x.a, x.b)
      )
      const most = {
        value: values[value] ?? "",
        arm: name,
        baseline: arms[baseline] ?? "",
        share: shareOf(a),
        baselineShare: shareOf(b),
        interval: independentInterval(a, b, alpha),
        level: 1 - alpha
      }
      return [{ arm, value, distance, most }]
    })
    .toSorted((a, b) => b.distance - a.distance)
}

const standardErrors = (a: Counted, b: Counted): number => {
  const pooled = (a.yes + b.yes) / (a.n + b.n)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n))
  return error > 0 ? Math.abs(shareOf(a) - shareOf(b)) / error : 0
}

interface Parts {
  readonly values: ReadonlyArray<string>
  readonly counts: ReadonlyArray<Float64Array>
  readonly notTold: ReadonlyArray<number>
  readonly arms: ReadonlyArray<string>
  readonly found: ReadonlyArray<Found>
  /** The farthest of those that differ beyond chance. */
  readonly differing: Found | undefined
  readonly isShared: boolean
}

const balance = (trait: TraitName | "orders_per_person", parts: Parts): Balance => {
  const { values, counts, notTold, arms, found, differing, isShared } = parts
  const farthest = differing ?? found[0]
  return {
    trait,
    ...ABOUT[trait],
    values,
    arms: arms.map((arm, index) => {
      const n = sum(counts[index])
      return {
        arm,
        n,
        notTold: notTold[index] ?? 0,
        shares: values.map((_, at) => (n === 0 ? 0 : (counts[index]?.[at] ?? 0) / n))
      }
    }),
    distance: farthest?.distance ?? 0,
    outcome:
      farthest === undefined ? "too_few" : differing === undefined ? "alike" : isShared ? "differs" : "nothing_shared",
    ...(farthest === undefined ? {} : { most: farthest.most })
  }
}

const sum = (values: Float64Array | undefined): number => values?.reduce((total, value) => total + value, 0) ?? 0
