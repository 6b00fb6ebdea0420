/** What people would rather look at than read: funnels, failure kinds, distributions, hours. Only definitions that all arms share. */
import { compareText } from "../domain/textOrder.ts"
import { makeClock } from "../domain/wallClock.ts"
import type { Distribution, FailureKinds, Funnel, HeatMap } from "./Comparison.ts"
import type { MetricChoice } from "./measure.ts"
import { type Collected, isAnswer, isYes, type Observations } from "./Observations.ts"
import { quantileOf } from "./statistics/armValues.ts"

const FUNNEL_STEPS = [
  { metric: "first_attempt.connected", title: "First attempt connected" },
  { metric: "first_attempt.human_reached", title: "Human reached" },
  { metric: "order.success", title: "Success" }
] as const

const countRows = ({ size, arm, arms }: Observations, counts: (row: number) => boolean): ReadonlyArray<number> => {
  const found = arms.map(() => 0)
  for (let row = 0; row < size; row++) {
    const of = arm[row] ?? 0
    if (counts(row)) found[of] = (found[of] ?? 0) + 1
  }
  return found
}

/** Orders, then those of them that came as far as each step. */
export const funnelOf = ({ orders }: Collected, chosen: ReadonlyArray<MetricChoice>): Funnel => {
  const connected = codesOf("first_attempt.connected", orders, chosen)
  const steps = [
    { id: "orders", title: "Orders", counts: countRows(orders, () => true) },
    ...(connected === undefined
      ? []
      : [
          {
            id: "first_attempt",
            title: "First attempt’s result known",
            counts: countRows(orders, (row) => isAnswer(connected[row] ?? 0))
          }
        ]),
    ...FUNNEL_STEPS.flatMap(({ metric, title }) => {
      const codes = codesOf(metric, orders, chosen)
      return codes === undefined
        ? []
        : [{ id: metric, title, counts: countRows(orders, (row) => isYes(codes[row] ?? 0)) }]
    })
  ]
  return {
    steps: steps.map(({ id, title }) => ({ id, title })),
    arms: orders.arms.map((arm, index) => ({ arm, counts: steps.map(({ counts }) => counts[index] ?? 0) }))
  }
}

const codesOf = (metric: string, orders: Observations, chosen: ReadonlyArray<MetricChoice>): Uint8Array | undefined => {
  const definition = chosen.find(({ goal }) => goal.metric.id === metric)?.definition
  return definition === undefined ? undefined : orders.rate(definition.id)
}

/** Kinds in order of how often they occur in all arms. */
export const failureKindsOf = ({ facts }: Collected, chosen: ReadonlyArray<MetricChoice>): FailureKinds => {
  const totals = new Map<string, number>()
  for (const { failures } of facts) {
    for (const [kind, count] of failures) totals.set(kind, (totals.get(kind) ?? 0) + count)
  }
  const kinds = [...totals].toSorted((a, b) => b[1] - a[1] || compareText(a[0], b[0])).map(([kind]) => kind)
  const shared = new Set(chosen.flatMap(({ goal, definition }) => (definition === undefined ? [] : [goal.metric.id])))
  return {
    kinds: kinds.map((kind) => ({ kind, comparable: shared.has(`first_attempt.${kind}`) })),
    arms: facts.map(({ name, dialed, failures }) => ({
      arm: name,
      dialed,
      counts: kinds.map((kind) => failures.get(kind) ?? 0)
    }))
  }
}

const STEPS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400, 604_800]
const MOST_BINS = 24

/** Distribution of each time that is measured; the last of the bins holds the highest twentieth and beyond. */
export const distributionsOf = (chosen: ReadonlyArray<MetricChoice>): ReadonlyArray<Distribution> =>
  chosen.flatMap(({ goal: { metric }, definition, observations }) => {
    const values = definition === undefined || metric.kind !== "seconds" ? undefined : observations.value(definition.id)
    if (values === undefined) return []
    const { arm, arms } = observations
    const measured = values.filter((value) => value >= 0)
    if (measured.length === 0) return []
    const highest = quantileOf(Float64Array.from(measured).toSorted(), 0.95)
    const step = STEPS.find((size) => highest / size <= MOST_BINS) ?? Math.ceil(highest / MOST_BINS)
    const bins = Math.max(1, Math.ceil(highest / step)) + 1
    return [
      {
        metric: metric.id,
        title: metric.title,
        unit: "seconds" as const,
        step,
        arms: arms.map((name, of) => {
          const own = Float64Array.from(values.filter((value, row) => value >= 0 && arm[row] === of)).toSorted()
          const counts = Array.from({ length: bins }, () => 0)
          for (const value of own) {
            const bin = Math.min(bins - 1, Math.floor(value / step))
            counts[bin] = (counts[bin] ?? 0) + 1
          }
          const quartile = (p: number): number => (own.length === 0 ? 0 : quantileOf(own, p))
          return {
            arm: name,
            n: own.length,
            counts,
            quartiles: [quartile(0.25), quartile(0.5), quartile(0.75)] as const
          }
        })
      }
    ]
  })

const HOURS = 24
const DAYS = 7

/** Measured orders and yes-answers by the hour at which the order was created. */
export const heatMapOf = (
  observations: Observations,
  metric: string,
  definition: string,
  timeZone: string
): HeatMap | undefined => {
  const codes = observations.rate(definition)
  if (codes === undefined) return undefined
  const clock = makeClock(timeZone)
  const { arm, arms, at, size } = observations
  const n = arms.map(() => new Float64Array(DAYS * HOURS))
  const count = arms.map(() => new Float64Array(DAYS * HOURS))
  for (let row = 0; row < size; row++) {
    const code = codes[row] ?? 0
    const time = at[row] ?? Number.NaN
    if (!isAnswer(code) || Number.isNaN(time)) continue
    const { day, hour } = clock(time)
    const cell = day * HOURS + hour
    const [measured, yes] = [n[arm[row] ?? 0], count[arm[row] ?? 0]]
    if (measured === undefined || yes === undefined) continue
    measured[cell] = (measured[cell] ?? 0) + 1
    if (isYes(code)) yes[cell] = (yes[cell] ?? 0) + 1
  }
  return {
    metric,
    timeZone,
    arms: arms.map((name, index) => ({
      arm: name,
      cells: Array.from({ length: DAYS * HOURS }, (_, cell) => ({
        day: Math.floor(cell / HOURS),
        hour: cell % HOURS,
        n: n[index]?.[cell] ?? 0,
        count: count[index]?.[cell] ?? 0
      })).filter((each) => each.n > 0)
    }))
  }
}
