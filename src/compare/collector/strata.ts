/** Strata: groups of orders that are alike before anybody is called, so that arms are compared like with like. */
import { makeClock } from "../../domain/wallClock.ts"
import type { Stratum } from "../../experiment/Experiment.ts"
import type { Observations } from "../Observations.ts"
import { mostFrequent } from "./gather.ts"
import { type PlacedRequest, STRATA_OF_REQUEST, type TraitReader } from "./traits.ts"

/** Strata beyond the largest so many are pooled as `OTHER_STRATA`. */
export const MOST_STRATA = 500
export const OTHER_STRATA = "other"

const nameOf = (values: ReadonlyArray<string>): string => values.join(" · ")

/** Names the stratum of a request that may never have become an order; empty unless all of it is told. */
export const makeRequestStratum = (
  strata: ReadonlyArray<Stratum>,
  timeZone: string
): ((request: PlacedRequest) => string) => {
  const clock = makeClock(timeZone)
  return (request) => {
    const values = strata.flatMap((stratum) => STRATA_OF_REQUEST[stratum](request, clock) ?? [])
    return values.length === strata.length ? nameOf(values) : ""
  }
}

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
      names.push(nameOf(traits.map(({ texts, of }) => texts[of(row)] ?? "")))
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
