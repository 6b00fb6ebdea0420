/** Exact binomial probabilities by plain sums of logarithms, with nothing of what is tested in them. */

const logFactorials = (n: number): ReadonlyArray<number> => {
  const logs = [0]
  for (let k = 1; k <= n; k++) logs.push(logs[k - 1]! + Math.log(k))
  return logs
}

/** Chance of each count from 0 to n, 0 < p < 1. */
export const binomial = (n: number, p: number): ReadonlyArray<number> => {
  const log = logFactorials(n)
  return Array.from({ length: n + 1 }, (_, k) =>
    Math.exp(log[n]! - log[k]! - log[n - k]! + k * Math.log(p) + (n - k) * Math.log1p(-p))
  )
}

/**
 * How often something of chance `p` may happen in so many runs: the least range outside of which fewer than one in a
 * thousand of such series would fall on either side.
 */
export const expectedCounts = (runs: number, p: number): { readonly least: number; readonly most: number } => {
  const chance = binomial(runs, p)
  const beyond = (from: number, step: 1 | -1): number => {
    let [count, tail] = [from, 0]
    while (tail + chance[count]! < 0.001) {
      tail += chance[count]!
      count += step
    }
    return count
  }
  return { least: beyond(0, 1), most: beyond(runs, -1) }
}
