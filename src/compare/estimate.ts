/** One face over the estimators: whatever is measured, arms have figures and two arms have an effect with intervals. */
import type { Definition } from "../metrics/Metric.ts"
import { isAnswer, isYes, type Observations } from "./Observations.ts"
import { type Assumption, rateSample, sampleOf } from "./samples.ts"
import type { Difference, Estimate, Estimates } from "./statistics/difference.ts"
import { normalQuantile } from "./statistics/distributions.ts"
import { estimateRates, type RateDifference, type RateSample } from "./statistics/rates.ts"
import { estimateRatios } from "./statistics/ratios.ts"
import { estimateValues, type MedianDifference } from "./statistics/values.ts"

/** What only some estimators find is absent from the others'. */
export type EstimatedContrast = Difference & Partial<Omit<RateDifference & MedianDifference, keyof Difference>>
export type DefinitionEstimates = Estimates<Estimate, EstimatedContrast>

/** Estimates by one definition; `undefined` if the observations have no answers to it. */
export const estimate = (
  definition: Definition<never>,
  observations: Observations,
  assumption?: Assumption
): DefinitionEstimates | undefined => {
  if (definition.kind === "rate") {
    const codes = observations.rate(definition.id)
    return codes === undefined ? undefined : ratesOf(rateSample(observations, codes, assumption))
  }
  const value = observations.value(definition.id)
  if (value === undefined) return undefined
  if (definition.per === undefined) return estimateValues({ ...sampleOf(observations), value })
  const codes = observations.rate(definition.per)
  if (codes === undefined) return undefined
  // Orders whose answer is not known count in neither sum.
  const denominator = new Float32Array(codes.length)
  codes.forEach((code, row) => (denominator[row] = isAnswer(code) ? Number(isYes(code)) : Number.NaN))
  return estimateRatios({ ...sampleOf(observations), numerator: value, denominator })
}

/** Confidence of the intervals of single arms, which no verdict rests on. */
export const ARM_LEVEL = 0.95

export const zOf = (level: number): number => normalQuantile(1 - (1 - level) / 2)

/** With fewer persons in an arm, limits of a rate miss the truth far more often than they say: one call is no evidence. */
export const FEWEST_PERSONS = 10

const ratesOf = (sample: RateSample): DefinitionEstimates => {
  const estimates = estimateRates(sample)
  return {
    arms: estimates.arms,
    contrast: (arm, baseline) => {
      const found = estimates.contrast(arm, baseline)
      const isEnough = found === undefined || Math.min(found.arm.persons, found.baseline.persons) >= FEWEST_PERSONS
      return isEnough ? found : { ...found, interval: () => undefined }
    }
  }
}
