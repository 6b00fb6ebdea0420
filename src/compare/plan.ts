/** How many units an experiment needs, and how long that takes, before it starts. */
import * as Result from "effect/Result"
import type { FieldFault } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import type { Analysis } from "./Comparison.ts"
import { incomparableGoal, measuredAs, type PassedOver, passedOver, type Witnesses } from "../experiment/definitions.ts"
import { baselineOf, type Experiment, type ExperimentArm } from "../experiment/Experiment.ts"
import { metricsFor } from "../metrics/index.ts"
import { type SizedMetric, sizeGuardrails, type UnsizedMetric } from "./guardrailSizes.ts"
import { detectableEffect, type PowerDesign, type Units, unitsNeeded } from "./statistics/power.ts"

/** What is not known before, and has to be assumed. */
export interface Assumptions {
  /** The rate of the primary metric in the baseline arm, above 0 and below 1. */
  readonly baselineRate: number
  /** The rates of guardrails in the baseline arm, by metric; those without one are not sized for. @default none */
  readonly guardrailRates?: { readonly [metric: string]: number }
  /**
   * The chance of a verdict where the arms differ by the smallest effect that matters, and that harm is excluded where a
   * guardrail does not differ; of each metric by itself, above 0 and below 1.
   */
  readonly power: number
  /** Orders placed a day; without it there is no duration. */
  readonly perDay?: number
  /** Orders to each unit. @default 1 */
  readonly ordersPerUnit?: number
  /** How alike the orders of one unit are: 0 (no more than others) to 1 (always the same). Without effect where persons are assigned. @default 0 */
  readonly intraPersonCorrelation?: number
}

/** What a number of units can show. */
export interface Size {
  /** In all arms together. */
  readonly units: number
  readonly orders: number
  /** Rounded up to whole days. */
  readonly days?: number
  /** The least difference, up or down, that is found with the power asked for: 0.03 is three points. Absent if none is. */
  readonly effect?: number
}

/** How many units an experiment needs, and how long they take. */
export interface Plan extends Size {
  /** The primary metric, which all `effect`s are of. */
  readonly metric: {
    readonly id: string
    /** Of what is counted. */
    readonly title: string
    /** The preferred definition, where it rests on something that may not be set up, such as a detector of mailboxes. */
    readonly insteadOf?: PassedOver
  }
  /** The primary metric and the guardrails that the plan is sized for. */
  readonly metrics: ReadonlyArray<SizedMetric>
  /** The id of the one that needs the most units, which are those of the plan. */
  readonly decidedBy: string
  /** Guardrails that the plan is not sized for. */
  readonly unsized: ReadonlyArray<UnsizedMetric>
  readonly perArm: ReadonlyArray<{ readonly arm: string; readonly units: number }>
  readonly analysis: Analysis
  readonly alpha: number
  readonly power: number
  readonly baselineRate: number
  /** The same for half, twice and four times as many units. */
  readonly otherSizes: ReadonlyArray<Size>
}

const OTHER_SIZES = [0.5, 2, 4]

/**
 * Only rates can be planned from a base rate. Fails with the assumption, or the field of the experiment, that does not fit:
 * also a goal that the arms' providers can never be compared by.
 */
export const planExperiment = (
  experiment: Experiment,
  assumptions: Assumptions,
  providers: Witnesses
): Result.Result<Plan, FieldFault> => {
  const { primary, alpha = 0.05, analysis = "sequential", successOutcomes } = experiment
  const {
    baselineRate,
    guardrailRates = {},
    power,
    perDay,
    ordersPerUnit = 1,
    intraPersonCorrelation = 0
  } = assumptions
  const metrics = metricsFor(successOutcomes)
  const metric = metrics.find(({ id }) => id === primary.metric)
  if (metric?.kind !== "rate") return Result.fail({ field: "primary.metric", expected: ONLY_RATES })
  const fault = incomparableGoal(experiment, providers) ?? faultIn(assumptions)
  if (fault !== undefined) return Result.fail(fault)
  const effect = primary.smallestEffect ?? metric.smallestEffect
  const inOrder = baselineFirst(experiment)
  const design = {
    baselineRate,
    // Each arm is compared with the baseline at its part of alpha, as `compare` does.
    alpha: alpha / (inOrder.length - 1),
    analysis,
    shares: inOrder.map(({ share }) => share),
    // An assigned person is judged once, however many orders there are.
    designEffect:
      experiment.unit === "reference" ? (1 + (ordersPerUnit - 1) * intraPersonCorrelation) / ordersPerUnit : 1
  }
  const needed = unitsEitherWay(design, effect, power)
  if (needed === undefined) {
    return Result.fail({ field: "primary.smallestEffect", expected: "a difference that the rate has room for" })
  }
  const guardrails = sizeGuardrails(experiment, guardrailRates, design, power)
  if (Result.isFailure(guardrails)) return Result.fail(guardrails.failure)
  const { id } = metric
  const named = <M extends { readonly id: string; readonly title: string }>(each: M): M => {
    const found = metrics.find((known) => known.id === each.id)
    return found === undefined ? each : { ...each, title: measuredAs(found, experiment, providers) }
  }
  const { title } = named(metric)
  const sized = [
    {
      metric: { id, title, role: "primary" as const, baselineRate, smallestEffect: effect, units: needed.all },
      needed
    },
    ...guardrails.success.sized
  ]
  const most = sized.reduce((top, each) => (each.needed.all > top.needed.all ? each : top))
  const { all, arms } = most.needed
  const sizeOf = (units: number, found: number | undefined): Size => {
    const orders = Math.ceil(units * ordersPerUnit)
    const days = perDay === undefined ? undefined : Math.ceil(orders / perDay)
    return { units, orders, ...present({ days, effect: found }) }
  }
  return Result.succeed({
    metric: { id, title, ...present({ insteadOf: passedOver(experiment, providers) }) },
    metrics: sized.map((each) => named(each.metric)),
    decidedBy: most.metric.id,
    unsized: guardrails.success.unsized.map(named),
    ...sizeOf(all, all === needed.all ? effect : effectEitherWay(design, all, power)),
    perArm: inOrder.map(({ name }, at) => ({ arm: name, units: arms[at] ?? 0 })),
    analysis,
    alpha,
    power,
    baselineRate,
    otherSizes: OTHER_SIZES.map((times) => {
      const units = Math.ceil(times * all)
      return sizeOf(units, effectEitherWay(design, units, power))
    })
  })
}

const ONLY_RATES =
  "a rate: how many units a time or a count needs depends on how it varies, which a base rate does not tell"

const baselineFirst = (experiment: Experiment): ReadonlyArray<ExperimentArm> => {
  const baseline = baselineOf(experiment)
  return experiment.arms.toSorted((a, b) => Number(b.name === baseline) - Number(a.name === baseline))
}

type Design = Omit<PowerDesign, "effect">

/** Units for a difference upwards or downwards, whichever takes more of those that the rate has room for. */
const unitsEitherWay = (design: Design, effect: number, power: number): Units | undefined =>
  [effect, -effect]
    .filter((difference) => isBetween(design.baselineRate + difference, 0, 1))
    .flatMap((difference) => unitsNeeded({ ...design, effect: difference }, power) ?? [])
    .reduce<Units | undefined>((most, units) => ((most?.all ?? 0) > units.all ? most : units), undefined)

const effectEitherWay = (design: Design, units: number, power: number): number | undefined => {
  const found = [detectableEffect(design, units, power, "up"), detectableEffect(design, units, power, "down")]
  const sizes = found.filter((effect) => effect !== undefined).map(Math.abs)
  return sizes.length === 0 ? undefined : Math.max(...sizes)
}

const isBetween = (value: number, low: number, high: number): boolean => value > low && value < high

const RULES: ReadonlyArray<
  readonly [Exclude<keyof Assumptions, "guardrailRates">, (value: number) => boolean, expected: string]
> = [
  ["baselineRate", (rate) => isBetween(rate, 0, 1), "a share above 0 and below 1"],
  ["power", (power) => isBetween(power, 0, 1), "a share above 0 and below 1"],
  ["perDay", (orders) => isBetween(orders, 0, Infinity), "a number above 0"],
  ["ordersPerUnit", (orders) => orders >= 1 && orders < Infinity, "1 or more"],
  ["intraPersonCorrelation", (correlation) => correlation >= 0 && correlation <= 1, "a number from 0 to 1"]
]

const faultIn = (assumptions: Assumptions): FieldFault | undefined => {
  for (const [field, holds, expected] of RULES) {
    const value = assumptions[field]
    if (value !== undefined && !holds(value)) return { field, expected }
  }
  return undefined
}
