/** A history as a short text: two that are the same have the same, on every machine. */
import type { History } from "./history.ts"

/** FNV-1a over the code units, twice with different beginnings. */
const hash = (text: string): string => {
  let one = 0x811c9dc5
  let two = 0x9747b28c
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    one = Math.imul(one ^ unit, 0x01000193)
    two = Math.imul(two ^ unit, 0x5bd1e995)
  }
  return [one, two].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("")
}

export const digestOf = ({ events, orders }: History): string => hash(JSON.stringify([events, orders]))

/** Of several histories, in their order. */
export const joinedDigest = (before: string, digest: string): string => hash(`${before} ${digest}`)
