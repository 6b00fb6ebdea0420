/** Whether arms hold the same mixture, tested by what their units have. */
import { chiSquareSurvival } from "./distributions.ts"
import { FEW_EXPECTED, sampleRatio } from "./sampleRatio.ts"

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

/**
 * Pearson's test of whether units fall into these kinds alike in all arms: the chance of counts at least this far apart.
 * `counts`: by arm, of each kind; a unit is of one kind or none. Kinds too rare to be tested by themselves are tested
 * together. Where all are, units of any kind are tested against the arms' sizes, exactly or by simulation.
 */
export const kindsTest = (sizes: ReadonlyArray<number>, counts: ReadonlyArray<ReadonlyArray<number>>): number => {
  const filled = sizes.flatMap((size, arm) => (size > 0 ? [{ size, counts: counts[arm] ?? [] }] : []))
  const n = sum(filled.map(({ size }) => size))
  if (filled.length < 2) return 1
  const kinds = (filled[0]?.counts ?? []).map((_, kind) => filled.map((arm) => arm.counts[kind] ?? 0))
  const isFrequent = (kind: ReadonlyArray<number>): boolean =>
    filled.every(({ size }) => (sum(kind) * size) / n >= FEW_EXPECTED)
  const rare = filled.map((_, arm) => sum(kinds.filter((kind) => !isFrequent(kind)).map((kind) => kind[arm] ?? 0)))
  const tested = [...kinds.filter(isFrequent), ...(isFrequent(rare) ? [rare] : [])]
  const all = filled.map((_, arm) => sum(kinds.map((kind) => kind[arm] ?? 0)))
  const others = filled.map(({ size }, arm) => size - (all[arm] ?? 0))
  if (tested.length === 0 || !isFrequent(others)) {
    return sampleRatio(
      all,
      filled.map(({ size }) => size)
    ).p
  }
  // What is too rare even together stays with the units of no kind.
  const rest = filled.map(({ size }, arm) => size - sum(tested.map((kind) => kind[arm] ?? 0)))
  const columns = [...tested, rest]
  const chiSquare = sum(
    columns.flatMap((column) =>
      filled.map(({ size }, arm) => {
        const expected = (sum(column) * size) / n
        return ((column[arm] ?? 0) - expected) ** 2 / expected
      })
    )
  )
  return chiSquareSurvival(chiSquare, (filled.length - 1) * (columns.length - 1))
}

const sum = (values: ReadonlyArray<number>): number => values.reduce((total, value) => total + value, 0)
