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
