/** Strata: groups of orders that are alike before anybody is called, so that arms are compared like with like. */
import type { Observations } from "../Observations.ts"
import { mostFrequent } from "./gather.ts"
import type { TraitReader } from "./traits.ts"

/** Strata beyond the largest so many are pooled as `OTHER_STRATA`. */
export const MOST_STRATA = 500
const OTHER_STRATA = "other"

/** Numbers the strata of rows by all of these traits together, `FR · 14:00`. */
export const numberStrata = (
  traits: ReadonlyArray<TraitReader>,
  rows: Uint32Array
): Pick<Observations, "stratum" | "strata"> => {
  const found = new Map<number, number>()
  const [names, counts]: [Array<string>, Array<number>] = [[], []]
  const own = rows.map((row) => {
    const key = traits.reduce((sum, { texts, of }) => sum * texts.length + of(row), 0)
    const known = found.get(key) ?? names.length
    if (known === names.length) {
      found.set(key, known)
      names.push(traits.map(({ texts, of }) => texts[of(row)] ?? "").join(" · "))
    }
    counts[known] = (counts[known] ?? 0) + 1
    return known
  })
  const largest = mostFrequent(new Map(names.map((name, at) => [name, counts[at] ?? 0])), MOST_STRATA)
  const places = new Map(largest.map((name, place) => [name, place]))
  const placeOf = names.map((name) => places.get(name) ?? largest.length)
  return {
    stratum: Uint16Array.from(own, (each) => placeOf[each] ?? 0),
    strata: names.length > largest.length ? [...largest, OTHER_STRATA] : largest
  }
}
