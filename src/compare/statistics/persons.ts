/**
 * Sums per person. Orders to one person are not independent of each other, so each standard error here is built from
 * what the rows of a person add up to (the linearised, cluster-robust variance: Liang and Zeger 1986, Binder 1983).
 */
import { studentMultiplier } from "./distributions.ts"

/** Rows of some arms, with whoever was called. All columns of a sample have one row per observation. */
export interface Grouped {
  /** Index of the arm, below `arms`. */
  readonly arm: Uint8Array
  readonly arms: number
  /** Below `persons`. */
  readonly person: Uint32Array
  readonly persons: number
}

/** What the rows of each person add to an estimate. */
export interface PersonSums {
  readonly sums: Float64Array
  /** What the rows of each person add, squared and summed. */
  readonly squares: Float64Array
  /** How many rows each person has; 0 for who has none. */
  readonly rows: Uint32Array
  /** Rows of all persons. */
  n: number
}

/** As few degrees of freedom make a correlation uncertain. */
export const MANY_PERSONS = 50

export const emptySums = (persons: number): PersonSums => ({
  sums: new Float64Array(persons),
  squares: new Float64Array(persons),
  rows: new Uint32Array(persons),
  n: 0
})

let reused = new WeakRef<Array<PersonSums>>([])

/** Empty sums in the place of those that were made last: every metric needs some, and of a million persons each takes twenty megabytes. */
export const reusedSums = (persons: number, count: number): ReadonlyArray<PersonSums> => {
  const kept = reused.deref()?.filter(({ sums }) => sums.length === persons) ?? []
  for (const side of kept) {
    for (const column of [side.sums, side.squares, side.rows]) column.fill(0)
    side.n = 0
  }
  while (kept.length < count) kept.push(emptySums(persons))
  reused = new WeakRef(kept)
  return kept.slice(0, count)
}

/** A row of a person adds to the sums. */
export const addRow = (side: PersonSums, person: number, value: number): void => {
  side.sums[person] = (side.sums[person] ?? 0) + value
  side.squares[person] = (side.squares[person] ?? 0) + value * value
  side.rows[person] = (side.rows[person] ?? 0) + 1
  side.n += 1
}

/** The sums of a value of each row by the row's person. */
export const sumByPerson = (person: Uint32Array, persons: number, valueOf: (row: number) => number): PersonSums => {
  const side = emptySums(persons)
  for (let row = 0; row < person.length; row++) addRow(side, person[row] ?? 0, valueOf(row))
  return side
}

// Loops here and below: `reduce` of a typed array takes five times as long, and this runs for each metric, arm and look.
const sumOfSquares = ({ sums }: PersonSums): number => {
  let total = 0
  for (let person = 0; person < sums.length; person++) total += (sums[person] ?? 0) ** 2
  return total
}

/** How far an estimate that the sums add up to may be off, and how well that is known. */
export interface ClusterVariance {
  readonly persons: number
  readonly variance: number
  /** Of Student's distribution. */
  readonly degrees: number
}

/**
 * The variance of an estimate that the sums add up to: the larger of two. The first is cluster-robust; who has a large part of
 * the rows draws the estimate to himself, and his sum is made larger by as much (Bell and McCaffrey 2002, for a mean). It knows only
 * what the largest persons happened to do. The second takes the rows of all persons to be as alike as those of a person are, where
 * each row counts the same, whoever's it is (Karlin, Cameron and Williams 1981): so many small persons tell what a few large
 * ones may do. Degrees of freedom are those of the effective number of persons (Carter, Schnepel and Steigerwald 2017):
 * few if a few persons have most of the rows and these are alike.
 */
export const varianceOf = (side: PersonSums): ClusterVariance => {
  const { sums, squares, rows, n } = side
  let [persons, robust, independent] = [0, 0, 0]
  /** Of the rows of each person, their number to these powers. */
  let [second, third, fourth] = [0, 0, 0]
  /** Rows of persons who have others, and the mean product of such a row and another of its person. */
  let [paired, products] = [0, 0]
  for (let person = 0; person < rows.length; person++) {
    const own = rows[person] ?? 0
    if (own === 0) continue
    persons += 1
    const square = own * own
    second += square
    third += square * own
    fourth += square * square
    const [sum, ownSquares] = [sums[person] ?? 0, squares[person] ?? 0]
    robust += sum ** 2 / (own < n ? 1 - own / n : 1)
    independent += ownSquares
    if (own === 1) continue
    paired += own
    products += (sum ** 2 - ownSquares) / (own - 1)
  }
  const rowsOfPerson = second / n
  const within = independent > 0 && paired > 0 ? limited((products / paired) * (n / independent)) : 0
  const variance = Math.max(robust, independent * (1 + (rowsOfPerson - 1) * within))
  const alike = Math.max(within, likeness(robust / independent, rowsOfPerson))
  // A person weighs own × (1 + (own − 1) × alike), squared and summed here without a second pass.
  const unlike = 1 - alike
  const weights = n * unlike + alike * second
  const weightSquares = unlike ** 2 * second + 2 * alike * unlike * third + alike ** 2 * fourth
  return { persons, variance, degrees: weights ** 2 / weightSquares - 1 }
}

const limited = (correlation: number): number => Math.max(0, Math.min(1, correlation))

/** From 0 to 1: how alike rows of a person are, by how much they make the variance larger (Kish 1965). */
const likeness = (designEffect: number, rowsOfPerson: number): number =>
  rowsOfPerson > 1 && designEffect > 1 ? limited((designEffect - 1) / (rowsOfPerson - 1)) : 0

/**
 * How two arms vary together because of persons who are in both. A correlation that makes the interval narrower is believed
 * only from `MANY_PERSONS` shared persons on; before that it counts as 0.
 */
export const overlapOf = (a: PersonSums, b: PersonSums) => {
  let persons = 0
  let shared = 0
  let products = 0
  for (let person = 0; person < a.rows.length; person++) {
    const inA = Number((a.rows[person] ?? 0) > 0)
    const inB = Number((b.rows[person] ?? 0) > 0)
    persons += inA | inB
    shared += inA & inB
    products += (a.sums[person] ?? 0) * (b.sums[person] ?? 0)
  }
  const scale = Math.sqrt(sumOfSquares(a) * sumOfSquares(b))
  const raw = scale > 0 ? products / scale : 0
  const believed = shared >= MANY_PERSONS ? raw : Math.min(0, raw)
  return { persons, sharedPersons: shared, correlation: Math.max(-1, Math.min(1, believed)) }
}

/** A share of `n` rows as the interval machine sees it. */
export interface ShareOfRows {
  readonly value: number
  readonly n: number
  readonly persons: number
  /** Variance of `value`, cluster-robust; the small-sample factors are in it. */
  readonly variance: number
  /** What `n` comes to once rows count unequally (Kish 1965); `n` itself where they do not. */
  readonly weighedN: number
  /** As how many these rows tell at most; more than `n` if strata make them alike. */
  readonly most: number
}

/**
 * As how many independent rows these rows tell: never more than `most`. Where nothing varies (0 % or 100 %) the rows
 * of a person count as one.
 */
export const effectiveSize = ({ value, n, persons, variance, weighedN, most }: ShareOfRows): number => {
  const spread = value * (1 - value)
  if (persons < 2 || !(variance > 0) || !(spread > 1e-12)) return weighedN * (persons / n)
  return Math.min(most, (n * spread) / ((n - 1) * variance))
}

/** `z`, or what stands for it where persons have several rows each. */
export const multiplierFor = (
  z: number,
  { n, persons, degrees }: Omit<ClusterVariance, "variance"> & { readonly n: number }
): number => (persons < n ? studentMultiplier(z, degrees) : z)
