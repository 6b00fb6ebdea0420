/** Pseudo-random ids and draws: the same seed and text give the same id and the same draw on every run. */

/** Murmur3's mixing over the code units of a text. */
const hash = (text: string, seed: number): number => {
  let state = seed ^ 0x9e3779b9
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0xcc9e2d51)
    state = (state << 13) | (state >>> 19)
    state = (Math.imul(state, 5) + 0xe6546b64) | 0
  }
  state ^= text.length
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return (state ^ (state >>> 16)) >>> 0
}

const textOf = (parts: ReadonlyArray<string | number>): string => parts.join("\u0000")

/** An id in the form of a version 4 UUID. */
export const uuidFrom = (...parts: ReadonlyArray<string | number>): string => {
  const text = textOf(parts)
  const hex = [1, 2, 3, 4].map((seed) => hash(text, seed).toString(16).padStart(8, "0")).join("")
  const variant = "89ab"[parseInt(hex.charAt(16), 16) % 4]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}

/** A number from 0 up to 1. */
export const drawFrom = (...parts: ReadonlyArray<string | number>): number => hash(textOf(parts), 5) / 0x1_0000_0000
