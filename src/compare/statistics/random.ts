/** Chance that is the same every time: what is simulated from a seed can be computed again by anybody. */

/** Each call gives the next number. */
export interface Random {
  /** Whole, from 0 up to but without 2³². */
  readonly word: () => number
  /** From 0 up to but without 1. */
  readonly uniform: () => number
}

/** Doty-Humphrey's sfc32: 128 bits of state, passes PractRand. */
export const seededRandom = (seed: number): Random => {
  let a = seed | 0
  let b = 0x9e3779b9 | 0
  let c = 0x243f6a88 | 0
  let counter = 1
  const word = (): number => {
    const next = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + next) | 0
    return next >>> 0
  }
  for (let warming = 0; warming < 15; warming++) word()
  return { word, uniform: () => word() / 2 ** 32 }
}

/** Counts of a Poisson variable of mean 1 by 16 random bits. */
const POISSON: Uint8Array = (() => {
  const table = new Uint8Array(2 ** 16)
  let probability = Math.exp(-1)
  let reached = 0
  for (let count = 0, cumulative = probability; reached < table.length; count++) {
    const end = count >= 8 ? table.length : Math.round(cumulative * table.length)
    table.fill(count, reached, end)
    reached = end
    probability /= count + 1
    cumulative += probability
  }
  return table
})()

/** Fills `weights` with how often each is drawn when as many as there are are drawn, in the mean, with replacement. */
export const drawPoisson = (random: Random, weights: Uint8Array): void => {
  for (let index = 0; index < weights.length; index += 2) {
    const word = random.word()
    weights[index] = POISSON[word & 0xffff] ?? 0
    weights[index + 1] = POISSON[word >>> 16] ?? 0
  }
}
