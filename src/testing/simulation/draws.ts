/** Chance out of a seed: the same seed draws the same on every run, machine and version of Node. */
import { drawFrom } from "../../twin/seeded.ts"

/** A source of draws. */
export interface Draws {
  /** From 0 up to 1. */
  readonly next: () => number
  /** A whole number from 0 up to `below`. */
  readonly below: (below: number) => number
  /** Whether something of this probability happens. */
  readonly chance: (probability: number) => boolean
  /** One of several, each as likely. */
  readonly pick: <const A>(several: readonly [A, ...ReadonlyArray<A>]) => A
  /** In the form of a version 4 UUID. */
  readonly uuid: () => string
}

const RANGE = 0x1_0000_0000

/** sfc32 by Chris Doty-Humphrey (PractRand), with four words out of the seed. */
export const makeDraws = (...seed: ReadonlyArray<string | number>): Draws => {
  let a = Math.floor(drawFrom(...seed, 0) * RANGE)
  let b = Math.floor(drawFrom(...seed, 1) * RANGE)
  let c = Math.floor(drawFrom(...seed, 2) * RANGE)
  let counter = 1
  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let round = 0; round < 12; round++) word()
  const next = () => word() / RANGE
  const below = (bound: number) => Math.floor(next() * bound)
  const hex = () => word().toString(16).padStart(8, "0")
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (several) => several[below(several.length)] ?? several[0],
    uuid: () => {
      const [one, two, three, four] = [hex(), hex(), hex(), hex()]
      const variant = "89ab"[below(4)]
      return `${one}-${two.slice(0, 4)}-4${two.slice(5)}-${variant}${three.slice(1, 4)}-${three.slice(4)}${four}`
    }
  }
}
