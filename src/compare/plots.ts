/** What people would rather look at than read: how an effect developed, funnels, failure kinds, distributions, hours. */
import { compareText } from "../domain/textOrder.ts"
import { present } from "../domain/present.ts"
import { makeClock } from "../domain/wallClock.ts"
import { titleOf } from "../metrics/Metric.ts"
import type { Distribution, FailureKinds, Funnel, HeatMap, OverTime, OverTimePoint } from "./Charts.ts"
import type { AnalysisContext, MetricChoice } from "./measured.ts"
import { type Collected, countLost, isAnswer, isYes, type Observations } from "./Observations.ts"
import { filled, rowsWhere } from "./rows.ts"
import { sampleOf } from "./samples.ts"
import { quantileOf, rowsByArm } from "./statistics/armValues.ts"
import { normalQuantile } from "./statistics/distributions.ts"
import { estimateRates } from "./statistics/rates.ts"
import { sequentialMultiplier } from "./statistics/sequential.ts"

const CONNECTED = "first_attempt.connected"

/** By the ids of metrics, which a test holds to those that there are. */
export const FUNNEL_STEPS = [
  { metric: CONNECTED, title: "First attempt connected" },
  { metric: "first_attempt.human_reached" },
  { metric: "order.success" }
] as const satisfies ReadonlyArray<{ readonly metric: string; readonly title?: string }>

/** What is shown of a metric, by the definition that is used. */
const shownAs = ({ goal: { metric }, definition }: MetricChoice) => ({
  title: titleOf(metric, definition),
  ...present({ rule: definition?.transcriptRule })
})

/**
 * Orders (or persons, where those are judged once each), then those of them that came as far as each step; before them
 * all that were assigned, if some were never called.
 */
export const funnelOf = ({ orders, units, lost }: Collected, choices: ReadonlyArray<MetricChoice>): Funnel => {
  const stepOf = (metric: string) => {
    const choice = choices.find(({ goal }) => goal.metric.id === metric)
    return { codes: orders.rate(choice?.definition?.id ?? ""), ...(choice && shownAs(choice)) }
  }
  const { codes: connected } = stepOf(CONNECTED)
  const everybody = new Uint8Array(orders.size)
  const called = orders.size - countLost(lost)
  const steps = [
    {
      id: "assigned",
      title: "Assigned",
      codes: called < orders.size ? everybody : undefined,
      counts: () => true,
      rows: orders.size
    },
    {
      id: "orders",
      title: units === undefined ? "Orders" : "Persons",
      codes: everybody,
      counts: () => true,
      rows: called
    },
    { id: "first_attempt", title: "First attempt’s result known", codes: connected, counts: isAnswer, rows: called },
    ...FUNNEL_STEPS.map(({ metric, ...named }) => ({
      id: metric,
      title: metric,
      ...stepOf(metric),
      ...named,
      counts: isYes,
      rows: called
    }))
  ].flatMap(({ codes, counts, rows, ...step }) => {
    if (codes === undefined) return []
    const byArm = orders.arms.map(() => 0)
    codes.subarray(0, rows).forEach((code, row) => {
      const arm = orders.arm[row] ?? 0
      if (counts(code)) byArm[arm] = (byArm[arm] ?? 0) + 1
    })
    return [{ step, byArm }]
  })
  return {
    steps: steps.map(({ step }) => step),
    arms: orders.arms.map((arm, index) => ({ arm, counts: steps.map(({ byArm }) => byArm[index] ?? 0) }))
  }
}

/** Kinds in order of how often they occur in all arms. */
export const failureKindsOf = ({ facts }: Collected, choices: ReadonlyArray<MetricChoice>): FailureKinds => {
  const totals = new Map<string, number>()
  for (const { failures } of facts) {
    for (const [kind, count] of failures) totals.set(kind, (totals.get(kind) ?? 0) + count)
  }
  const kinds = [...totals].toSorted((a, b) => b[1] - a[1] || compareText(a[0], b[0])).map(([kind]) => kind)
  const shared = new Set(choices.filter(({ definition }) => definition !== undefined).map(({ goal }) => goal.metric.id))
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
export const distributionsOf = (choices: ReadonlyArray<MetricChoice>): ReadonlyArray<Distribution> =>
  choices.flatMap((choice) => {
    const { goal, definition, observations } = choice
    const { metric } = goal
    const values = definition === undefined || metric.kind !== "seconds" ? undefined : observations.value(definition.id)
    if (values === undefined) return []
    const measured = rowsWhere(values.length, (row) => (values[row] ?? -1) >= 0)
    if (measured.length === 0) return []
    const all = filled(new Float64Array(measured.length), measured, (row) => values[row] ?? 0)
    const highest = quantileOf(all.toSorted(), 0.95)
    const step = STEPS.find((size) => highest / size <= MOST_BINS) ?? Math.ceil(highest / MOST_BINS)
    const bins = Math.max(1, Math.ceil(highest / step)) + 1
    return [
      {
        metric: metric.id,
        ...shownAs(choice),
        unit: "seconds" as const,
        step,
        arms: rowsByArm({ ...sampleOf(observations), value: values }).map(({ sorted: own }, of) => {
          const counts = Array.from({ length: bins }, () => 0)
          for (const value of own) {
            const bin = Math.min(bins - 1, Math.floor(value / step))
            counts[bin] = (counts[bin] ?? 0) + 1
          }
          const quartile = (p: number): number => (own.length === 0 ? 0 : quantileOf(own, p))
          return {
            arm: observations.arms[of] ?? "",
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
  { goal, definition, observations }: MetricChoice,
  lost: Collected["lost"],
  timeZone: string
): HeatMap | undefined => {
  const codes = observations.rate(definition?.id ?? "")
  if (codes === undefined) return undefined
  const clock = makeClock(timeZone)
  const { arm, arms, at } = observations
  const cells = arms.map(() =>
    Array.from({ length: DAYS * HOURS }, (_, cell) => ({
      day: Math.floor(cell / HOURS),
      hour: cell % HOURS,
      n: 0,
      count: 0
    }))
  )
  codes.subarray(0, codes.length - countLost(lost)).forEach((code, row) => {
    const time = at[row] ?? Number.NaN
    if (!isAnswer(code) || Number.isNaN(time)) return
    const { day, hour } = clock(time)
    const cell = cells[arm[row] ?? 0]?.[day * HOURS + hour]
    if (cell === undefined) return
    cell.n += 1
    if (isYes(code)) cell.count += 1
  })
  return {
    metric: goal.metric.id,
    ...present({ rule: definition?.transcriptRule }),
    timeZone,
    arms: arms.map((name, index) => ({ arm: name, cells: cells[index]?.filter(({ n }) => n > 0) ?? [] }))
  }
}

/** Of a line. */
const POINTS = 40

/** Rows that are measured and whose time is known, oldest first, with that time by place. */
const inOrderOfTime = ({ at, ...observations }: Observations, codes: Uint8Array) => {
  const measured = rowsWhere(observations.size, (row) => isAnswer(codes[row] ?? 0) && !Number.isNaN(at[row]))
  // Rows come in order of time, but for those who were never called.
  const isLater = (place: number): boolean => (at[measured[place] ?? 0] ?? 0) >= (at[measured[place - 1] ?? 0] ?? 0)
  let sorted = 1
  while (sorted < measured.length && isLater(sorted)) sorted += 1
  const rows = sorted >= measured.length ? measured : measured.toSorted((a, b) => (at[a] ?? 0) - (at[b] ?? 0))
  const sample = {
    yes: filled(new Uint8Array(rows.length), rows, (row) => Number(isYes(codes[row] ?? 0))),
    arm: filled(new Uint8Array(rows.length), rows, (row) => observations.arm[row] ?? 0),
    person: filled(new Uint32Array(rows.length), rows, (row) => observations.person[row] ?? 0),
    stratum: filled(new Uint16Array(rows.length), rows, (row) => observations.stratum[row] ?? 0)
  }
  return { sample, timeAt: (place: number): number => at[rows[place] ?? 0] ?? 0 }
}

/** Whether some that count as never called have no time: without them the course would end beside the figures. */
const hasTimelessLost = ({ size, at }: Observations, codes: Uint8Array, lost: Collected["lost"]): boolean => {
  for (let row = size - countLost(lost); row < size; row++) {
    if (isAnswer(codes[row] ?? 0) && Number.isNaN(at[row])) return true
  }
  return false
}

/**
 * The effect on a rate as orders came in, with the band that holds however often somebody looks: a line for each arm against
 * the baseline.
 */
export const overTimeOf = (
  { goal, definition, observations }: MetricChoice,
  alpha: number,
  { baseline, planned, collected: { lost } }: AnalysisContext
): ReadonlyArray<OverTime> => {
  const codes = observations.rate(definition?.id ?? "")
  if (codes === undefined || hasTimelessLost(observations, codes, lost)) return []
  const { sample, timeAt } = inOrderOfTime(observations, codes)
  const count = sample.yes.length
  const step = Math.max(1, Math.ceil(count / POINTS))
  const lines = observations.arms.map((arm) => ({
    metric: goal.metric.id,
    ...present({ rule: definition?.transcriptRule }),
    arm,
    points: new Array<OverTimePoint>()
  }))
  for (let rows = step; rows < count + step; rows += step) {
    const end = Math.min(rows, count)
    const estimates = estimateRates({ ...sampleOf(observations), ...sample, yes: sample.yes.subarray(0, end) })
    lines.forEach(({ points }, arm) => {
      const found = arm === baseline ? undefined : estimates.contrast(arm, baseline)
      if (found === undefined) return
      points.push({
        at: new Date(timeAt(end - 1)).toISOString(),
        n: found.n,
        effect: found.effect,
        fixed: found.interval(normalQuantile(1 - alpha / 2)),
        sequential: found.interval(sequentialMultiplier({ alpha, n: found.persons, planned: planned(arm) }))
      })
    })
  }
  return lines.filter(({ points }) => points.length > 0)
}
