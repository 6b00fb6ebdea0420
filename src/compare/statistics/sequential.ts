/** What makes looking early legitimate: a multiplier so large that no look at any time misleads more often than `alpha`. */

export interface SequentialOptions {
  /** Chance of a wrong claim over all looks together. */
  readonly alpha: number
  /** Persons so far in the two arms compared, 1 or more. */
  readonly n: number
  /** Persons in those two arms at which the interval is to be narrowest for its age. @default 2000 */
  readonly planned?: number | undefined
}

export const PLANNED_UNLESS_GIVEN = 2_000

/**
 * How many standard errors the interval reaches to each side: Robbins' normal-mixture boundary (1970; Howard et al.
 * 2021), applied to studentised estimates (asymptotic confidence sequences: Waudby-Smith et al. 2021). It holds for all n
 * at once; `planned` decides only where it is tightest, and must be chosen before looking.
 */
export const sequentialMultiplier = ({ alpha, n, planned = PLANNED_UNLESS_GIVEN }: SequentialOptions): number => {
  const surprise = 2 * Math.log(1 / alpha)
  const r = planned / (surprise + Math.log1p(surprise))
  return Math.sqrt((1 + r / n) * (Math.log((n + r) / r) + surprise))
}
