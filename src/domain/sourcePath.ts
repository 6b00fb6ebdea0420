/** Places as adapters name them: `customer.number`, `messages[0].text`, `remarks[-1]`, `^.startedAt`. */
import { type PathStep, valueAt } from "./Json.ts"

const ABOVE = "^."

const STEP = /\[(-?\d+)\]|\[("(?:[^"\\]|\\.)*")\]|[^.[\]]+/g

const stepsOf = (path: string): ReadonlyArray<PathStep> =>
  [...path.matchAll(STEP)].map(([key, index, quoted]) =>
    index === undefined ? (quoted === undefined ? key : String(JSON.parse(quoted))) : Number(index)
  )

/**
 * Where such a path leads in a record. It begins at the attempt where one is given by its place, with `^.` at the order that
 * holds it; a negative index counts from the end. `undefined` if the order, as in an attempt that is a record of its own,
 * or an element counted from the end is not there.
 */
export const sourcePlace = (
  record: unknown,
  path: string,
  attempt?: ReadonlyArray<PathStep>
): ReadonlyArray<PathStep> | undefined => {
  const isAbove = path.startsWith(ABOVE)
  if (isAbove && attempt === undefined) return undefined
  const place: Array<PathStep> = isAbove ? [] : [...(attempt ?? [])]
  for (const step of stepsOf(isAbove ? path.slice(ABOVE.length) : path)) {
    if (typeof step === "string" || step >= 0) {
      place.push(step)
      continue
    }
    const list = valueAt(record, place)
    if (!Array.isArray(list) || list.length + step < 0) return undefined
    place.push(list.length + step)
  }
  return place
}
