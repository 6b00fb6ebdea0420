/** Whether the arms got the shares of units that they were meant to get. If not, something assigns wrongly and no figure can be trusted. */
import { binomialProbability, chiSquareSurvival } from "./distributions.ts"
import { seededRandom } from "./random.ts"

export interface SampleRatio {
  /** Units that each arm should have had. */
  readonly expected: ReadonlyArray<number>
  readonly chiSquare: number
  /** Chance of shares at least this far off if the assignment were right. */
  readonly p: number
  /** How `p` was found: exactly or by simulation where the chi-square distribution would mislead. */
  readonly method: "chi_square" | "exact" | "simulated"
}

/** The usual bound (Cochran 1954) below which a chi-square statistic does not follow its distribution. */
export const FEW_EXPECTED = 5
const SIMULATED = 10_000

/** Pearson's goodness of fit of `units` per arm against relative `shares`, each above 0. */
export const sampleRatio = (units: ReadonlyArray<number>, shares: ReadonlyArray<number>): SampleRatio => {
  const n = sum(units)
  const fractions = shares.map((share) => share / sum(shares))
  const expected = fractions.map((fraction) => fraction * n)
  const chiSquare = chiSquareOf(units, expected)
  if (n === 0 || units.length < 2) return { expected, chiSquare: 0, p: 1, method: "exact" }
  if (Math.min(...expected) >= FEW_EXPECTED) {
    return { expected, chiSquare, p: chiSquareSurvival(chiSquare, units.length - 1), method: "chi_square" }
  }
  return units.length === 2
    ? { expected, chiSquare, p: exactTail(units[0] ?? 0, n, fractions[0] ?? 0), method: "exact" }
    : { expected, chiSquare, p: simulatedTail(chiSquare, expected, fractions, n), method: "simulated" }
}

const sum = (values: ReadonlyArray<number>): number => values.reduce((total, value) => total + value, 0)

const chiSquareOf = (units: ReadonlyArray<number>, expected: ReadonlyArray<number>): number =>
  sum(expected.map((mean, arm) => (mean > 0 ? ((units[arm] ?? 0) - mean) ** 2 / mean : 0)))

/** Everything that is as unlikely as what was seen, or more. */
const exactTail = (observed: number, n: number, share: number): number => {
  const limit = binomialProbability(observed, n, share) * (1 + 1e-7)
  let tail = 0
  for (let k = 0; k <= n; k++) {
    const probability = binomialProbability(k, n, share)
    if (probability <= limit) tail += probability
  }
  return Math.min(1, tail)
}

const simulatedTail = (
  observed: number,
  expected: ReadonlyArray<number>,
  fractions: ReadonlyArray<number>,
  n: number
): number => {
  const random = seededRandom(n)
  const cumulative = fractions.map((_, arm) => sum(fractions.slice(0, arm + 1)))
  let asFar = 0
  for (let run = 0; run < SIMULATED; run++) {
    const units = fractions.map(() => 0)
    for (let unit = 0; unit < n; unit++) {
      const arm = armAt(cumulative, random.uniform())
      units[arm] = (units[arm] ?? 0) + 1
    }
    if (chiSquareOf(units, expected) >= observed * (1 - 1e-9)) asFar++
  }
  return (asFar + 1) / (SIMULATED + 1)
}

/** The arm whose part of the line from 0 to 1 a point is on. */
const armAt = (cumulative: ReadonlyArray<number>, point: number): number => {
  const arm = cumulative.findIndex((end) => point < end)
  return arm === -1 ? cumulative.length - 1 : arm
}
