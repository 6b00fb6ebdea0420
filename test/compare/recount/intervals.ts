/** The formulas of docs/comparing.md once more, for samples in which each person counts once. */

export interface Range {
  readonly effect: number
  readonly low: number
  readonly high: number
}

export interface Answered {
  readonly isYes: boolean
  readonly stratum: number
}

const sum = (values: ReadonlyArray<number>): number => values.reduce((total, value) => total + value, 0)

/** Of the normal mixture, for any number of looks. */
export const boundary = (alpha: number, n: number, planned: number): number => {
  const r = planned / (2 * Math.log(1 / alpha) + Math.log(1 + 2 * Math.log(1 / alpha)))
  return Math.sqrt((1 + r / n) * (Math.log((n + r) / r) + 2 * Math.log(1 / alpha)))
}

const wilsonLimits = (p: number, n: number, c: number): readonly [number, number] => {
  const root = c * Math.sqrt((p * (1 - p)) / n + (c * c) / (4 * n * n))
  return [(p + (c * c) / (2 * n) - root) / (1 + (c * c) / n), (p + (c * c) / (2 * n) + root) / (1 + (c * c) / n)]
}

/** A rate with each stratum at its share of both arms, and as how many independent orders its rows tell. */
const weighted = (own: ReadonlyArray<Answered>, both: ReadonlyArray<Answered>) => {
  const strata = [...new Set(both.map(({ stratum }) => stratum))].map((stratum) => {
    const answers = own.filter((each) => each.stratum === stratum)
    return {
      share: both.filter((each) => each.stratum === stratum).length / both.length,
      n: answers.length,
      rate: answers.filter(({ isYes }) => isYes).length / answers.length
    }
  })
  const p = sum(strata.map(({ share, rate }) => share * rate))
  const n = own.length
  const seen = sum(
    strata.map(({ share, n: rows, rate }) =>
      rows === 1 ? share ** 2 * (rate - p) ** 2 : (share ** 2 * rate * (1 - rate)) / (rows - 1)
    )
  )
  // With two rows' worth of the arm's own spread.
  const spread = (p * (1 - p) * n) / (n - 1)
  const smoothed = sum(
    strata.map(
      ({ share, n: rows, rate }) => (share ** 2 * ((rows * rate * (1 - rate) + 2 * spread) / (rows + 1))) / rows
    )
  )
  return {
    p,
    n: seen > 0 ? Math.min(spread / seen, spread / smoothed) : 1 / sum(strata.map((s) => s.share ** 2 / s.n))
  }
}

/** Arm minus baseline; `wrong`: by how much the rates of both are moved. */
export const differenceOfRates = (
  arm: ReadonlyArray<Answered>,
  baseline: ReadonlyArray<Answered>,
  c: number,
  wrong: { readonly arm?: number; readonly baseline?: number } = {}
): Range => {
  const isIn = (rows: ReadonlyArray<Answered>, stratum: number) => rows.some((row) => row.stratum === stratum)
  const like = [...arm, ...baseline].filter(({ stratum }) => isIn(arm, stratum) && isIn(baseline, stratum))
  const sideOf = (rows: ReadonlyArray<Answered>) =>
    weighted(
      rows.filter((row) => like.includes(row)),
      like
    )
  const [a, b] = [sideOf(arm), sideOf(baseline)]
  const [p, q] = [a.p + (wrong.arm ?? 0), b.p + (wrong.baseline ?? 0)]
  const [l1, u1] = wilsonLimits(p, a.n, c)
  const [l2, u2] = wilsonLimits(q, b.n, c)
  return { effect: p - q, low: p - q - Math.hypot(p - l1, u2 - q), high: p - q + Math.hypot(u1 - p, q - l2) }
}

const valueAt = (sorted: ReadonlyArray<number>, rank: number): number => {
  const below = sorted[Math.floor(rank) - 1] ?? Number.NaN
  const above = sorted[Math.ceil(rank) - 1] ?? Number.NaN
  return below + (above - below) * (rank - Math.floor(rank))
}

/** The value below which a share of the others is, between neighbours. */
export const quantile = (values: ReadonlyArray<number>, p: number): number =>
  valueAt(
    values.toSorted((a, b) => a - b),
    p * (values.length - 1) + 1
  )

export const differenceOfMedians = (arm: ReadonlyArray<number>, baseline: ReadonlyArray<number>, c: number): Range => {
  const sideOf = (values: ReadonlyArray<number>) => {
    const sorted = values.toSorted((a, b) => a - b)
    const n = values.length
    const middle = quantile(values, 0.5)
    const share = values.filter((value) => value <= middle).length / n
    const effective = Math.min(n, (n * share * (1 - share)) / ((n - 1) * ((share * (1 - share)) / (n - 1))))
    const reach = c / (2 * Math.sqrt(effective))
    return { middle, low: valueAt(sorted, n * (0.5 - reach) + 0.5), high: valueAt(sorted, n * (0.5 + reach) + 0.5) }
  }
  const [a, b] = [sideOf(arm), sideOf(baseline)]
  const effect = a.middle - b.middle
  return {
    effect,
    low: effect - Math.hypot(a.middle - a.low, b.high - b.middle),
    high: effect + Math.hypot(a.high - a.middle, b.middle - b.low)
  }
}

/** How often a value of the one is above one of the other: pair by pair, with DeLong's variance. 95 %, for one look. */
export const superiority = (arm: ReadonlyArray<number>, baseline: ReadonlyArray<number>): Range => {
  const wins = (one: number, other: number): number => (one > other ? 1 : one === other ? 0.5 : 0)
  const ofArm = arm.map((one) => sum(baseline.map((other) => wins(one, other))) / baseline.length)
  const ofBaseline = baseline.map((other) => sum(arm.map((one) => wins(one, other))) / arm.length)
  const effect = sum(ofArm) / arm.length
  const varianceOf = (values: ReadonlyArray<number>): number =>
    sum(values.map((value) => (value - effect) ** 2)) / (values.length - 1) / values.length
  const df = Math.min(arm.length, baseline.length) - 1
  // Student's quantile by Cornish and Fisher's expansion.
  const z = 1.959963984540054
  const t = z + (z ** 3 + z) / (4 * df)
  const reach = (t * Math.sqrt(varianceOf(ofArm) + varianceOf(ofBaseline))) / (effect * (1 - effect))
  const middle = Math.log(effect / (1 - effect))
  return { effect, low: 1 / (1 + Math.exp(reach - middle)), high: 1 / (1 + Math.exp(-reach - middle)) }
}
