/**
 * Choosing by chance, but always the same for one key: each candidate draws a number from the key, and the best wins
 * (weighted rendezvous hashing). Where a weight grows, keys move to its candidate and nowhere else.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { utf8ToBytes } from "@noble/hashes/utils.js"

/** From above 0 to below 1, the same for the same texts. */
const drawOf = (texts: ReadonlyArray<string>): number => {
  const digest = sha256(utf8ToBytes(JSON.stringify(texts)))
  const view = new DataView(digest.buffer, digest.byteOffset, 8)
  return (view.getUint32(0) * 2 ** 20 + (view.getUint32(4) >>> 12) + 0.5) / 2 ** 52
}

/** The candidates by what they drew, the best first; those without weight are not among them. */
export const ranked = (
  weights: ReadonlyArray<readonly [candidate: string, weight: number]>,
  scope: string,
  key: string
): ReadonlyArray<string> =>
  weights
    .filter(([, weight]) => weight > 0)
    .map(([candidate, weight]) => ({ candidate, score: -Math.log(drawOf([scope, candidate, key])) / weight }))
    .toSorted((a, b) => a.score - b.score)
    .map(({ candidate }) => candidate)
