/** How much a value says, to choose between two of the same age: what is said only grows while a call goes on. */
import { canonicalJson } from "./Json.ts"

/** Values are merged with many others, so each is measured once. */
const lengths = new WeakMap<object, number>()

const lengthOf = (value: object): number => {
  const known = lengths.get(value)
  if (known !== undefined) return known
  const { length } = canonicalJson(value)
  lengths.set(value, length)
  return length
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

/** Equal as JSON; takes time only where the two have the same length. */
export const isSameValue = (a: unknown, b: unknown): boolean => {
  if (isObject(a) && isObject(b)) return lengthOf(a) === lengthOf(b) && canonicalJson(a) === canonicalJson(b)
  return a === b || (kindOf(a) === OTHER && kindOf(b) === OTHER && canonicalJson(a) === canonicalJson(b))
}

const OTHER = 0

/** Values of different kinds are compared by their kind alone, so that all of them stand in one order. */
const kindOf = (value: unknown): number => {
  if (isObject(value)) return 4
  if (typeof value === "string") return 3
  if (typeof value === "number" && Number.isFinite(value)) return 2
  return typeof value === "boolean" ? 1 : OTHER
}

/** Items of a list, turns of a transcript. */
const itemsOf = (value: object): number => {
  if (Array.isArray(value)) return value.length
  return "turns" in value && Array.isArray(value.turns) ? value.turns.length : 0
}

/** More turns or items, then the longer text; of numbers the larger. 0 does not mean that they are equal. */
export const compareExtent = (a: unknown, b: unknown): number => {
  if (isObject(a) && isObject(b)) return itemsOf(a) - itemsOf(b) || lengthOf(a) - lengthOf(b)
  if (typeof a === "string" && typeof b === "string") return a.length - b.length
  if (typeof a === "number" && typeof b === "number" && kindOf(a) === kindOf(b) && kindOf(a) !== OTHER) return a - b
  return kindOf(a) - kindOf(b)
}
