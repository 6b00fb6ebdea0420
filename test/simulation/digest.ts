/** A history as a short text: two that are the same have the same, on every machine. */
import type { History } from "./history.ts"

type Words = readonly [one: number, two: number]

/** FNV-1a over the code units, twice with different beginnings. */
const hash = (text: string): Words => {
  let one = 0x811c9dc5
  let two = 0x9747b28c
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    one = Math.imul(one ^ unit, 0x01000193)
    two = Math.imul(two ^ unit, 0x5bd1e995)
  }
  return [one >>> 0, two >>> 0]
}

const textOf = (words: Words): string => words.map((word) => word.toString(16).padStart(8, "0")).join("")

const wordsOf = (digest: string): Words => [
  Number.parseInt(digest.slice(0, 8), 16),
  Number.parseInt(digest.slice(8), 16)
]

/** Of no history. */
export const NO_DIGEST = "0".repeat(16)

/** Of a message, at once: what the product takes of it is told by a promise. */
export const digestOfMessage = (body: string): string => textOf(hash(body))

/** Of the history of a seed; `what` it came to, if it could not be played. */
export const digestOf = (seed: string, what: History | string): string =>
  textOf(hash(JSON.stringify([seed, typeof what === "string" ? what : [what.events, what.orders]])))

/** Of several histories, whatever their order and by how many workers, in which parts, they were played. */
export const joinedDigest = (one: string, other: string): string => {
  const [first, second] = [wordsOf(one), wordsOf(other)]
  return textOf([(first[0] + second[0]) >>> 0, (first[1] + second[1]) >>> 0])
}
