/** Columns of answers as the samples that statistics take, under an assumption about what is not certain. */
import type { VerdictWord } from "./Comparison.ts"
import type { Definition } from "../metrics/Metric.ts"
import { ANSWER, isAnswer, isYes, type Observations, VALUE } from "./Observations.ts"
import { NOT_MEASURED, type RateSample } from "./statistics/rates.ts"

/** What is assumed of orders that are open or do not tell. */
export interface Assumption {
  /** The answers that such orders of each arm would have given, by index of the arm. */
  readonly unknown: ReadonlyArray<boolean>
}

/** What every sample holds of observations. */
export const sampleOf = ({ arm, arms, person, persons, stratum, strata }: Observations) => ({
  arm,
  arms: arms.length,
  person,
  persons,
  stratum,
  strata: Math.max(1, strata.length)
})

/** Answers that are not stated. */
export const DOUBTED = {
  detected: { yes: ANSWER.yes_detected, no: ANSWER.no_detected },
  inferred: { yes: ANSWER.yes_inferred, no: ANSWER.no_inferred }
} as const

export const rateSample = (observations: Observations, codes: Uint8Array, assumption?: Assumption): RateSample => {
  const unknown = assumption?.unknown
  /** By answer code, what counts. */
  const counted = Uint8Array.from(Object.values(ANSWER), (code) =>
    isAnswer(code) ? Number(isYes(code)) : NOT_MEASURED
  )
  const yes = codes.map((code, row) => {
    const isUnknown = code === ANSWER.open || code === ANSWER.missing
    return unknown !== undefined && isUnknown
      ? Number(unknown[observations.arm[row] ?? 0])
      : (counted[code] ?? NOT_MEASURED)
  })
  return { ...sampleOf(observations), yes }
}

/**
 * A definition's answers as codes; a value that is known counts as a stated yes. Of a ratio, both what is divided and what
 * it is divided by have to be known.
 */
export const codesOf = (definition: Definition<never>, { rate, value }: Observations): Uint8Array | undefined => {
  if (definition.kind === "rate") return rate(definition.id)
  const per = definition.per === undefined ? undefined : rate(definition.per)
  const values = value(definition.id)
  if (values === undefined) return undefined
  const codes = new Uint8Array(values.length)
  for (let row = 0; row < codes.length; row++) codes[row] = codeOfValue(values[row] ?? VALUE.outside, per?.[row])
  return codes
}

const codeOfValue = (value: number, per: number | undefined): number => {
  if (Number.isNaN(value)) return ANSWER.outside
  if (value === VALUE.open || per === ANSWER.open) return ANSWER.open
  return value === VALUE.missing || per === ANSWER.missing ? ANSWER.missing : ANSWER.yes_stated
}

/** How many answers an arm has, by code. */
export type AnswerCounts = Float64Array

export const countAnswers = (
  definition: Definition<never>,
  observations: Observations
): ReadonlyArray<AnswerCounts> => {
  const counts = observations.arms.map(() => new Float64Array(Object.keys(ANSWER).length))
  codesOf(definition, observations)?.forEach((code, row) => {
    const ofArm = counts[observations.arm[row] ?? 0]
    if (ofArm !== undefined) ofArm[code] = (ofArm[code] ?? 0) + 1
  })
  return counts
}

/** Answers of an arm with these codes. */
export const sumOf = (counts: AnswerCounts | undefined, isWanted: (code: number) => boolean): number =>
  counts?.reduce((sum, count, code) => (isWanted(code) ? sum + count : sum), 0) ?? 0

/** Whether a scenario leaves the verdict as it is; what is better is not worse either. */
export const keeps = (verdict: VerdictWord | undefined, scenario: VerdictWord): boolean =>
  verdict === scenario || (verdict === "not_worse" && scenario === "better")
