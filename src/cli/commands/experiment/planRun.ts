/** `unicall experiment plan`: units, days, and what other sizes would find. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { present } from "../../../domain/present.ts"
import type { Unit } from "../../../experiment/Experiment.ts"
import { type Plan, planExperiment, type Size } from "../../../compare/plan.ts"
import { providers } from "../../providers.ts"
import { usage } from "../../shell/failures.ts"
import { aligned, count, jsonLine, plainText, plural, print, tell } from "../../shell/terminal.ts"
import { mistake, readExperiment } from "../../inputs/experimentFile.ts"
import type { PlanFlags } from "./experimentCommand.ts"

/** The rate that needs the most units. */
const WORST_RATE = 0.5
const DEFAULT_POWER = 0.8

const FLAG_OF: { readonly [field: string]: string } = {
  baselineRate: "--baseline-rate",
  power: "--power",
  perDay: "--per-day",
  ordersPerUnit: "--orders-per-unit",
  intraPersonCorrelation: "--correlation"
}

const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`
const points = (share: number): string => `${(100 * share).toFixed(1)} points`

/** What is assigned, in words of people. */
const UNITS = {
  number: ["person", "persons"],
  contact: ["contact", "contacts"],
  reference: ["order", "orders"]
} as const satisfies Record<Unit, readonly [string, string]>

const rowOf = ({ units, orders, days, effect }: Size, planned: boolean): ReadonlyArray<string> => [
  count(units),
  ...(orders === units ? [] : [count(orders)]),
  ...(days === undefined ? [] : [count(days)]),
  effect === undefined ? "none" : points(effect),
  planned ? "the plan" : ""
]

const textOf = (plan: Plan, [one, many]: readonly [string, string]): string => {
  const { metric, effect = 0, baselineRate, power, alpha, units, orders, days, perArm, analysis, otherSizes } = plan
  const lines = [
    `${metric.title} (${metric.id}), ${percent(baselineRate)} in the baseline arm.`,
    `To find a difference of ${points(effect)} or more, up or down, with a chance of ${percent(power)}:`,
    `  ${plural(units, one, many)}: ${perArm.map((each) => `${plainText(each.arm)} ${count(each.units)}`).join(", ")}`,
    ...(orders === units ? [] : [`  ${plural(orders, "order")}`]),
    ...(days === undefined ? [] : [`  ${plural(days, "day")}`]),
    `Of experiments whose arms do not differ, ${percent(alpha)} at most call one better or worse${
      analysis === "sequential" ? ", however often you look." : ", if you look once, at the end."
    }`
  ]
  const sizes = [
    ...otherSizes.filter((size) => size.units < units),
    plan,
    ...otherSizes.filter((size) => size.units >= units)
  ]
  const header = [
    many.toUpperCase(),
    ...(orders === units ? [] : ["ORDERS"]),
    ...(days === undefined ? [] : ["DAYS"]),
    "FINDS",
    ""
  ]
  return `${lines.join("\n")}\n\n${aligned([header, ...sizes.map((size) => rowOf(size, size === plan))])}`
}

export const runPlan = Effect.fn("unicall.experiment.plan")(function* (flags: PlanFlags) {
  const experiment = yield* readExperiment(flags.file)
  const { baselineRate = WORST_RATE, power = DEFAULT_POWER, perDay, ordersPerUnit, correlation } = flags
  const assumptions = {
    baselineRate,
    power,
    ...present({ perDay, ordersPerUnit, intraPersonCorrelation: correlation })
  }
  const planned = planExperiment(experiment, assumptions, providers)
  if (Result.isFailure(planned)) {
    const { field, expected } = planned.failure
    const flag = Object.hasOwn(FLAG_OF, field) ? FLAG_OF[field] : undefined
    return yield* flag === undefined ? mistake(flags.file, planned.failure) : usage(`${flag}: expected ${expected}`)
  }
  const plan = planned.success
  print(flags.json ? jsonLine(plan) : textOf(plan, UNITS[experiment.unit]))
  if (flags.baselineRate === undefined) {
    tell("Without --baseline-rate a rate of 50 % is assumed, which takes the most.\n")
  }
  if (experiment.frozen === undefined && experiment.plannedUnits !== plan.units) {
    tell(`Write "plannedUnits": ${plan.units} into the file before it is started: the comparison is tuned to it.\n`)
  }
})
