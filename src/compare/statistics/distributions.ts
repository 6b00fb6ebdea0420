// oxlint-disable-next-line typescript/triple-slash-reference -- jstat brings no types, and programs compiled against the sources need them
/// <reference path="./jstat.d.ts" />
/** Distribution functions. Upper tails are computed as such: 1 − cdf has no digits left where a verdict is surest. */
import jstat from "jstat"

/** The z with P(Z ≤ z) = p, for 0 < p < 1. */
export const normalQuantile = (p: number): number => {
  const z = jstat.normal.inv(p, 0, 1)
  const tail = Math.min(p, 1 - p)
  // jstat's inverse rests on 1 − erf, which is coarse far out: two Newton steps on the tail itself.
  return tail > 1e-3 || !Number.isFinite(z) ? z : Math.sign(z) * closerTo(tail, closerTo(tail, Math.abs(z)))
}

const closerTo = (tail: number, z: number): number => z + (normalSurvival(z) - tail) / normalDensity(z)

/** P(Z ≤ z). */
export const normalCdf = (z: number): number => (z < 0 ? normalSurvival(-z) : 1 - normalSurvival(z))

/** P(Z > z), to many digits however far out. */
export const normalSurvival = (z: number): number => {
  if (z < 2.5) return 1 - jstat.normal.cdf(z, 0, 1)
  // Laplace's continued fraction of Mills' ratio.
  let fraction = z
  for (let k = 150; k >= 1; k--) fraction = z + k / fraction
  return normalDensity(z) / fraction
}

const normalDensity = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)

/** P(X > x) of a chi-square variable with `df` (1, 2, …) degrees of freedom: a sum of positive terms, exact in the tail. */
export const chiSquareSurvival = (x: number, df: number): number => {
  if (x <= 0) return 1
  const odd = df % 2
  let survival = odd === 1 ? 2 * normalSurvival(Math.sqrt(x)) : Math.exp(-x / 2)
  for (let k = 2 - odd; k < df; k += 2) {
    survival += Math.exp((k / 2) * Math.log(x / 2) - x / 2 - jstat.gammaln(k / 2 + 1))
  }
  return Math.min(1, survival)
}

/** The t with P(T ≤ t) = p of Student's distribution, for 0 < p < 1. */
export const studentQuantile = (p: number, df: number): number => jstat.studentt.inv(p, df)

/**
 * The multiplier that stands for `z` where the variance was estimated with `df` degrees of freedom: the same chance of
 * error under Student's distribution. Always at least `z`; beyond z = 6 it grows in proportion.
 */
export const studentMultiplier = (z: number, df: number): number => {
  if (z <= 0 || df > 1e5) return z
  const within = Math.min(z, 6)
  return Math.max(1, -studentQuantile(normalSurvival(within), Math.max(1, df)) / within) * z
}

/** Chance of exactly `k` of `n` when each has the chance `p`, 0 < p < 1. */
export const binomialProbability = (k: number, n: number, p: number): number =>
  Math.exp(
    jstat.gammaln(n + 1) - jstat.gammaln(k + 1) - jstat.gammaln(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p)
  )
