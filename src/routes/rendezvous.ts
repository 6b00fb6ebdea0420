/**
 * Choosing by chance, but always the same for one key: each candidate draws a number from the key, and the best wins
 * (weighted rendezvous hashing). Where a weight grows, keys move to its candidate and nowhere else.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { utf8ToBytes } from "@noble/hashes/utils.js"

type Weights = ReadonlyArray<readonly [candidate: string, weight: number]>

/** The candidates by what they drew, the best first; those without weight are not among them. */
export const ranked = (weights: Weights, scope: string, key: string): ReadonlyArray<string> =>
  makeRanking(weights, scope)(key)

/** `ranked` for many keys: the digests of the candidates are what takes the time. */
export const makeRanking = (weights: Weights, scope: string): ((key: string) => ReadonlyArray<string>) => {
  const scores = makeScores(weights, scope)
  return (key) => [...scores(key)].toSorted(([, one], [, other]) => one - other).map(([candidate]) => candidate)
}

/** The first of `makeRanking`, of many candidates. */
export const makeChoice = (weights: Weights, scope: string): ((key: string) => string | undefined) => {
  const scores = makeScores(weights, scope)
  return (key) => {
    let best: readonly [candidate: string | undefined, score: number] = [undefined, Infinity]
    for (const each of scores(key)) if (each[1] < best[1]) best = each
    return best[0]
  }
}

/** What each candidate drew; the least is the best. */
const makeScores = (weights: Weights, scope: string) => {
  const candidates = weights
    .filter(([, weight]) => weight > 0)
    .map(([candidate, weight]) => ({ candidate, weight, words: wordsOf([scope, candidate]) }))
  return (key: string): ReadonlyArray<readonly [candidate: string, score: number]> => {
    const words = wordsOf([key])
    return candidates.map(({ candidate, weight, words: own }) => [candidate, -Math.log(drawOf(words, own)) / weight])
  }
}

type Words = readonly [one: number, two: number]

const wordsOf = (texts: ReadonlyArray<string>): Words => {
  const digest = sha256(utf8ToBytes(JSON.stringify(texts)))
  const view = new DataView(digest.buffer, digest.byteOffset, 8)
  return [view.getUint32(0), view.getUint32(4)]
}

/** From above 0 to below 1, the same for the same words; of one key, different candidates draw independently. */
const drawOf = ([key, otherKey]: Words, [candidate, otherCandidate]: Words): number => {
  const first = scrambled(key ^ candidate)
  const high = scrambled(otherKey ^ otherCandidate ^ first)
  const low = scrambled(first ^ high)
  return (high * 2 ** 20 + (low >>> 12) + 0.5) / 2 ** 52
}

/** Any bit changes half of the others (the last step of MurmurHash3 by Austin Appleby). */
const scrambled = (word: number): number => {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return (twice ^ (twice >>> 16)) >>> 0
}
