/** Whether arms hold the same mixture, tested by what their units have. */
import { chiSquareSurvival } from "./distributions.ts"

/**
 * Kruskal and Wallis's rank test with its correction for ties: the chance of ranks at least this far apart if no arm tends
 * to higher values. One unit with very many counts for no more than any other. By arm, how many units have each value.
 */
export const rankTest = (arms: ReadonlyArray<ReadonlyMap<number, number>>): number => {
  const sizes = arms.map((arm) => [...arm.values()].reduce((sum, units) => sum + units, 0))
  const n = sizes.reduce((sum, size) => sum + size, 0)
  const filled = sizes.filter((size) => size > 0).length
  const rankSums = arms.map(() => 0)
  let [below, ties] = [0, 0]
  for (const value of [...new Set(arms.flatMap((arm) => [...arm.keys()]))].toSorted((a, b) => a - b)) {
    const units = arms.map((arm) => arm.get(value) ?? 0)
    const tied = units.reduce((sum, count) => sum + count, 0)
    // Ranks around the middle one, so that nothing large is subtracted from something large.
    const rank = below + (tied + 1) / 2 - (n + 1) / 2
    units.forEach((count, arm) => (rankSums[arm] = (rankSums[arm] ?? 0) + count * rank))
    below += tied
    ties += tied ** 3 - tied
  }
  const untied = 1 - ties / (n ** 3 - n)
  if (filled < 2 || !(untied > 0)) return 1
  const between = rankSums.reduce((sum, ranks, arm) => sum + (ranks === 0 ? 0 : ranks ** 2 / (sizes[arm] ?? 1)), 0)
  return chiSquareSurvival((12 * between) / (n * (n + 1) * untied), filled - 1)
}
