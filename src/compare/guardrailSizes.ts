/** How many units it takes to exclude harm in the guardrails of an experiment. */
import * as Result from "effect/Result"
import type { FieldFault } from "../domain/PlaceCall.ts"
import type { Experiment } from "../experiment/Experiment.ts"
import { metricsFor } from "../metrics/index.ts"
import type { MetricResult } from "./Comparison.ts"
import { type PowerDesign, type Units, unitsNeeded } from "./statistics/power.ts"

/** A metric that an experiment is sized for. */
export interface SizedMetric {
  readonly id: string
  readonly title: string
  readonly role: Exclude<MetricResult["role"], "secondary">
  /** As it was assumed. */
  readonly baselineRate: number
  /** The difference to be found; of a guardrail the harm to be excluded. */
  readonly smallestEffect: number
  /** What it alone needs, in all arms together. */
  readonly units: number
}

/** A guardrail that an experiment is not sized for: no rate was assumed, or it is a time or a count. */
export interface UnsizedMetric {
  readonly id: string
  readonly title: string
  readonly because: "no_rate" | "not_a_rate"
}

export interface GuardrailSizes {
  readonly sized: ReadonlyArray<{ readonly metric: SizedMetric; readonly needed: Units }>
  readonly unsized: ReadonlyArray<UnsizedMetric>
}

/** `rates` by id of the metric; `design` with the alpha that all guardrails share. */
export const sizeGuardrails = (
  { guardrails = [], successOutcomes }: Experiment,
  rates: { readonly [metric: string]: number },
  design: Omit<PowerDesign, "baselineRate" | "effect">,
  power: number
): Result.Result<GuardrailSizes, FieldFault> => {
  const metrics = guardrails.flatMap(({ metric, smallestEffect }, at) => {
    const found = metricsFor(successOutcomes).find(({ id }) => id === metric)
    return found === undefined ? [] : [{ ...found, smallestEffect: smallestEffect ?? found.smallestEffect, at }]
  })
  const known = metrics.filter(({ kind }) => kind === "rate").map(({ id }) => id)
  for (const [id, rate] of Object.entries(rates)) {
    if (!known.includes(id))
      return fault(known.length === 0 ? "an experiment whose guardrails are rates" : known.join(", "))
    if (!(rate > 0 && rate < 1)) return fault(`a share above 0 and below 1 for ${id}`)
  }
  const sized: Array<GuardrailSizes["sized"][number]> = []
  const unsized: Array<UnsizedMetric> = []
  for (const { id, title, kind, smallestEffect, at } of metrics) {
    const baselineRate = Object.hasOwn(rates, id) ? rates[id] : undefined
    if (baselineRate === undefined) {
      unsized.push({ id, title, because: kind === "rate" ? "no_rate" : "not_a_rate" })
      continue
    }
    const alpha = design.alpha / guardrails.length
    const needed = unitsNeeded({ ...design, alpha, baselineRate, effect: smallestEffect, claim: "no_harm" }, power)
    if (needed === undefined) {
      return Result.fail({ field: `guardrails[${at}].smallestEffect`, expected: "a difference that calls can show" })
    }
    sized.push({ metric: { id, title, role: "guardrail", baselineRate, smallestEffect, units: needed.all }, needed })
  }
  return Result.succeed({ sized, unsized })
}

const fault = (expected: string): Result.Result<never, FieldFault> => Result.fail({ field: "guardrailRates", expected })
