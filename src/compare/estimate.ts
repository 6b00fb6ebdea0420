/** One face over the estimators: whatever is measured, arms have figures and two arms have an effect with intervals. */
import type { Interval } from "./Comparison.ts"
import type { Definition } from "../metrics/Metric.ts"
import { isAnswer, isYes, type Observations } from "./Observations.ts"
import { type Assumption, rateSample } from "./samples.ts"
import { normalQuantile } from "./statistics/distributions.ts"
import { estimateRates } from "./statistics/rates.ts"
import { estimateRatios } from "./statistics/ratios.ts"
import type { Superiority } from "./statistics/superiority.ts"
import { estimateValues } from "./statistics/values.ts"

export interface EstimatedArm {
  readonly n: number
  readonly persons: number
  readonly count?: number
  readonly value: number
  readonly interval: (z: number) => Interval | undefined
}

export interface EstimatedContrast {
  readonly effect: number
  readonly n: number
  readonly baselineN: number
  /** Distinct persons in either arm. */
  readonly persons: number
  /** For a single look. */
  readonly fixed: (level: number) => Interval | undefined
  /** For any number of looks: so many standard errors to each side. */
  readonly sequential: (multiplier: number) => Interval | undefined
  readonly superiority?: () => Superiority
}

export interface Estimates {
  /** By index of the arm. */
  readonly arms: ReadonlyArray<EstimatedArm | undefined>
  readonly contrast: (arm: number, baseline: number) => EstimatedContrast | undefined
}

/** Estimates by one definition; `undefined` if the observations have no answers to it. */
export const estimate = (
  definition: Definition<never>,
  observations: Observations,
  assumption?: Assumption
): Estimates | undefined => {
  if (definition.kind === "rate") {
    const codes = observations.rate(definition.id)
    return codes === undefined ? undefined : ratesOf(observations, codes, assumption)
  }
  const values = observations.value(definition.id)
  if (values === undefined) return undefined
  if (definition.per === undefined) return valuesOf(observations, values)
  const per = observations.rate(definition.per)
  return per === undefined ? undefined : ratiosOf(observations, values, per)
}

export const zOf = (level: number): number => normalQuantile(1 - (1 - level) / 2)

/** With fewer persons in an arm, limits of a rate miss the truth far more often than they say: one call is no evidence. */
export const FEWEST_PERSONS = 10

/** What the estimators of rates, medians and ratios say of two arms. */
interface Found {
  readonly effect: number
  readonly arm: { readonly n: number }
  readonly baseline: { readonly n: number }
  readonly persons: number
  readonly interval: (multiplier: number) => Interval | undefined
}

const contrasted = ({ effect, arm, baseline, persons, interval }: Found): EstimatedContrast => ({
  effect,
  n: arm.n,
  baselineN: baseline.n,
  persons,
  fixed: (level) => interval(zOf(level)),
  sequential: interval
})

const ratesOf = (observations: Observations, codes: Uint8Array, assumption: Assumption | undefined): Estimates => {
  const estimates = estimateRates(rateSample(observations, codes, assumption))
  return {
    arms: estimates.arms,
    contrast: (arm, baseline) => {
      const found = estimates.contrast(arm, baseline)
      if (found === undefined) return undefined
      const isEnough = Math.min(found.arm.persons, found.baseline.persons) >= FEWEST_PERSONS
      return contrasted(isEnough ? found : { ...found, interval: () => undefined })
    }
  }
}

const valuesOf = ({ arm, arms, person, persons }: Observations, value: Float64Array): Estimates => {
  const estimates = estimateValues({ value, arm, arms: arms.length, person, persons })
  return {
    arms: estimates.arms.map((found) => (found === undefined ? undefined : { ...found, value: found.median })),
    contrast: (a, baseline) => {
      const found = estimates.contrast(a, baseline)
      if (found === undefined) return undefined
      const fixed = (level: number) => found.bootstrap().interval(level)
      return { ...contrasted(found), fixed, superiority: found.superiority }
    }
  }
}

/** Orders whose answer is not known count in neither sum. */
const ratiosOf = (
  { arm, arms, person, persons, size }: Observations,
  numerator: Float64Array,
  codes: Uint8Array
): Estimates => {
  const denominator = new Float32Array(size)
  for (let row = 0; row < size; row++) {
    const code = codes[row] ?? 0
    denominator[row] = isAnswer(code) ? (isYes(code) ? 1 : 0) : Number.NaN
  }
  const estimates = estimateRatios({ numerator, denominator, arm, arms: arms.length, person, persons })
  return {
    arms: estimates.arms,
    contrast: (a, baseline) => {
      const found = estimates.contrast(a, baseline)
      return found === undefined ? undefined : contrasted(found)
    }
  }
}
