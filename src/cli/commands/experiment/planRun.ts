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
  guardrailRates: "--guardrail-rate",
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

const neededText = (
  { role, title, id, baselineRate, smallestEffect }: Plan["metrics"][number],
  power: number
): ReadonlyArray<string> => {
  const wanted = {
    primary: `To find a difference of ${points(smallestEffect)} or more, up or down`,
    guardrail: `To exclude harm of ${points(smallestEffect)} or more where there is none`
  }
  return [
    `${role === "guardrail" ? "Guardrail " : ""}${title} (${id}), ${percent(baselineRate)} in the baseline arm.`,
    `${wanted[role]}, with a chance of ${percent(power)}:`
  ]
}

const textOf = (plan: Plan, [one, many]: readonly [string, string]): string => {
  const { metric, metrics, decidedBy, power, alpha, units, orders, days, perArm, analysis, otherSizes } = plan
  const needed = metrics.map((each) => ({ ...each, lines: neededText(each, power) }))
  const decisive = metrics.find(({ id }) => id === decidedBy)
  const lines = [
    ...(needed.length === 1
      ? needed.flatMap((each) => each.lines)
      : [
          ...needed.flatMap((each) => [...each.lines, `  ${plural(each.units, one, many)}`]),
          `${decisive?.title} needs the most, so the experiment needs:`
        ]),
    `  ${plural(units, one, many)}: ${perArm.map((each) => `${plainText(each.arm)} ${count(each.units)}`).join(", ")}`,
    ...(orders === units ? [] : [`  ${plural(orders, "order")}`]),
    ...(days === undefined ? [] : [`  ${plural(days, "day")}`]),
    `Of experiments whose arms do not differ, ${percent(alpha)} at most call one better or worse by the primary metric${
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
  const caption = needed.length === 1 ? "" : `What each number of ${many} finds in ${metric.title}:\n\n`
  return `${lines.join("\n")}\n\n${caption}${aligned([header, ...sizes.map((size) => rowOf(size, size === plan))])}`
}

/** "METRIC=SHARE"; what is no number is refused as a share. */
const metricAndRate = (text: string): readonly [metric: string, rate: number] => {
  const [metric = "", rate = ""] = text.split("=")
  return [metric.trim(), rate.trim() === "" ? Number.NaN : Number(rate)]
}

export const runPlan = Effect.fn("unicall.experiment.plan")(function* (flags: PlanFlags) {
  const experiment = yield* readExperiment(flags.file)
  const { baselineRate = WORST_RATE, power = DEFAULT_POWER, perDay, ordersPerUnit, correlation } = flags
  const assumptions = {
    baselineRate,
    guardrailRates: Object.fromEntries(flags.guardrailRates.map(metricAndRate)),
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
  const { insteadOf } = plan.metric
  if (insteadOf !== undefined)
    tell(`${plan.metric.title} is counted, not ${insteadOf.definition}: ${insteadOf.because}\n`)
  for (const { id, because } of plan.unsized) {
    tell(
      because === "no_rate"
        ? `Not planned for guardrail ${id}: give its rate by --guardrail-rate ${id}=SHARE.\n`
        : `Not planned for guardrail ${id}: how many units a time or a count needs does not follow from a rate.\n`
    )
  }
  if (experiment.frozen === undefined && experiment.plannedUnits !== plan.units) {
    tell(`Write "plannedUnits": ${plan.units} into the file before it is started: the comparison is tuned to it.\n`)
  }
})
