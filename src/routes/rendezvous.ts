/**
 * Choosing by chance, but always the same for one key: each candidate draws a number from the key, and the best wins
 * (weighted rendezvous hashing). Where a weight grows, keys move to its candidate and nowhere else.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { utf8ToBytes } from "@noble/hashes/utils.js"

type Weights = ReadonlyArray<readonly [candidate: string, weight: number]>

/**
 * The candidates by what they drew for a key, the best first; those without weight are not among them. `scope` keeps the draws of two
 * rankings apart. The digests of the candidates, which take the time, are made once.
 */
export const makeRanking = (weights: Weights, scope: string): ((key: string) => ReadonlyArray<string>) => {
  const candidates = candidatesOf(weights, scope)
  return (key) => {
    const words = wordsOf([key])
    return candidates
      .map((drawn) => ({ candidate: drawn.candidate, score: scoreOf(words, drawn) }))
      .toSorted((a, b) => a.score - b.score)
      .map(({ candidate }) => candidate)
  }
}

/** The first of `makeRanking` where all candidates have the same weight, for many keys and many candidates. */
export const makeChoice = <Candidate extends string>(
  candidates: ReadonlyArray<Candidate>,
  scope: string
): ((key: string) => Candidate | undefined) => {
  const each = candidates.map((candidate) => ({ candidate, words: wordsOf([scope, candidate]) }))
  return (key) => {
    const words = wordsOf([key])
    let [best, most]: [best: Candidate | undefined, most: number] = [undefined, 0]
    for (const { candidate, words: own } of each) {
      const draw = drawOf(words, own)
      if (draw > most) [best, most] = [candidate, draw]
    }
    return best
  }
}

const candidatesOf = (weights: Weights, scope: string) =>
  weights
    .filter(([, weight]) => weight > 0)
    .map(([candidate, weight]) => ({ candidate, weight, words: wordsOf([scope, candidate]) }))

/** What a candidate drew for a key; the least is the best. */
const scoreOf = (key: Words, { weight, words }: { readonly weight: number; readonly words: Words }): number =>
  -Math.log(drawOf(key, words)) / weight

interface Words {
  readonly one: number
  readonly two: number
}

/** Used again for each digest: buffers of their own would make collecting garbage the longest part of a decision. */
const empty = sha256.create()
const hash = sha256.create()
const digest = new Uint8Array(sha256.outputLen)
const view = new DataView(digest.buffer)

const wordsOf = (texts: ReadonlyArray<string>): Words => {
  empty
    ._cloneInto(hash)
    .update(utf8ToBytes(JSON.stringify(texts)))
    .digestInto(digest)
  return { one: view.getUint32(0), two: view.getUint32(4) }
}

/** From above 0 to below 1, the same for the same words; of one key, different candidates draw independently. */
const drawOf = (key: Words, candidate: Words): number => {
  const first = scrambled(key.one ^ candidate.one)
  const high = scrambled(key.two ^ candidate.two ^ first)
  const low = scrambled(first ^ high)
  return (high * 2 ** 20 + (low >>> 12) + 0.5) / 2 ** 52
}

/** Any bit changes half of the others (the last step of MurmurHash3 by Austin Appleby). */
const scrambled = (word: number): number => {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return (twice ^ (twice >>> 16)) >>> 0
}
