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

/** What the rows of each person add to an estimate; persons without rows are not `seen`. */
export interface PersonSums {
  readonly sums: Float64Array
  readonly seen: Uint8Array
}

/** As few persons make a variance uncertain: below this Student's distribution stands for the normal one. */
export const MANY_PERSONS = 50

export const emptySums = (persons: number): PersonSums => ({
  sums: new Float64Array(persons),
  seen: new Uint8Array(persons)
})

/** The sums of a value of each row by the row's person. */
export const sumByPerson = (person: Uint32Array, persons: number, valueOf: (row: number) => number): PersonSums => {
  const side = emptySums(persons)
  for (let row = 0; row < person.length; row++) {
    const who = person[row] ?? 0
    side.sums[who] = (side.sums[who] ?? 0) + valueOf(row)
    side.seen[who] = 1
  }
  return side
}

// Loops: `reduce` of a typed array takes five times as long, and this runs once for each metric, arm and look.
export const countPersons = ({ seen }: PersonSums): number => {
  let count = 0
  for (let person = 0; person < seen.length; person++) count += seen[person] ?? 0
  return count
}

export const sumOfSquares = ({ sums }: PersonSums): number => {
  let total = 0
  for (let person = 0; person < sums.length; person++) total += (sums[person] ?? 0) ** 2
  return total
}

/** The variance of an estimate that the sums add up to, with the usual factor for few persons. */
export const varianceOf = (side: PersonSums): { readonly persons: number; readonly variance: number } => {
  const persons = countPersons(side)
  return { persons, variance: sumOfSquares(side) * (persons > 1 ? persons / (persons - 1) : 1) }
}

/**
 * How two arms vary together because of persons who are in both. A correlation that makes the interval narrower is believed
 * only from `MANY_PERSONS` shared persons on; before that it counts as 0.
 */
export const overlapOf = (a: PersonSums, b: PersonSums) => {
  let persons = 0
  let shared = 0
  let products = 0
  for (let person = 0; person < a.seen.length; person++) {
    const inA = a.seen[person] ?? 0
    const inB = b.seen[person] ?? 0
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
}

/**
 * As how many independent rows these rows tell: never more than there are. Where nothing varies (0 % or 100 %) the rows
 * of a person count as one.
 */
export const effectiveSize = ({ value, n, persons, variance, weighedN }: ShareOfRows): number => {
  const spread = value * (1 - value)
  if (persons < 2 || !(variance > 0) || !(spread > 1e-12)) return weighedN * (persons / n)
  return Math.min(n, (n * spread) / ((n - 1) * variance))
}

/** `z`, or what stands for it where there are few persons with several rows each. */
export const multiplierFor = (z: number, { n, persons }: Pick<ShareOfRows, "n" | "persons">): number =>
  persons < n && persons < MANY_PERSONS ? studentMultiplier(z, persons - 1) : z
