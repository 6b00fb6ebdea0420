/** Columns of answers as the samples that statistics take, under an assumption about what is not certain. */
import type { VerdictWord } from "./Comparison.ts"
import { ANSWER, isAnswer, isYes, type Observations } from "./Observations.ts"
import { NOT_MEASURED, type RateSample } from "./statistics/rates.ts"

/** What is assumed of claims that are not stated, and of orders that are open or do not tell. */
export type Assumption =
  | { readonly wrong: "detected" | "inferred" }
  /** The answers that such orders of each arm would have given, by index of the arm. */
  | { readonly unknown: ReadonlyArray<boolean> }

/** By answer code, what counts: 1 yes, 0 no. */
const countsAs = (wrong: "detected" | "inferred" | undefined): Uint8Array => {
  const table = new Uint8Array(Object.keys(ANSWER).length).fill(NOT_MEASURED)
  for (const code of Object.values(ANSWER)) {
    if (!isAnswer(code)) continue
    const doubted =
      (wrong === "detected" && (code === ANSWER.yes_detected || code === ANSWER.no_detected)) ||
      (wrong === "inferred" && (code === ANSWER.yes_inferred || code === ANSWER.no_inferred))
    table[code] = isYes(code) !== doubted ? 1 : 0
  }
  return table
}

export const rateSample = (
  observations: Observations,
  codes: Uint8Array,
  assumption: Assumption | undefined
): RateSample => {
  const { arm, arms, person, persons, stratum, strata, size } = observations
  const table = countsAs(assumption !== undefined && "wrong" in assumption ? assumption.wrong : undefined)
  const unknown = assumption !== undefined && "unknown" in assumption ? assumption.unknown : undefined
  const yes = new Uint8Array(size)
  for (let row = 0; row < size; row++) {
    const code = codes[row] ?? ANSWER.outside
    const isUnknown = code === ANSWER.open || code === ANSWER.missing
    yes[row] =
      unknown !== undefined && isUnknown ? (unknown[arm[row] ?? 0] === true ? 1 : 0) : (table[code] ?? NOT_MEASURED)
  }
  return { yes, arm, arms: arms.length, person, persons, stratum, strata: Math.max(1, strata.length) }
}

/** How many answers of each code an arm has. */
export const countCodes = (observations: Observations, codes: Uint8Array): ReadonlyArray<Float64Array> => {
  const counts = observations.arms.map(() => new Float64Array(Object.keys(ANSWER).length))
  for (let row = 0; row < observations.size; row++) {
    const ofArm = counts[observations.arm[row] ?? 0]
    const code = codes[row] ?? ANSWER.outside
    if (ofArm !== undefined) ofArm[code] = (ofArm[code] ?? 0) + 1
  }
  return counts
}

/** Whether a scenario leaves the verdict as it is. */
export const keeps = (verdict: VerdictWord | undefined, scenario: VerdictWord): boolean => verdict === scenario
