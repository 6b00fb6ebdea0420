/** Strata: groups of orders that are alike before anybody is called, so that arms are compared like with like. */
import { countryOfNumber } from "../../domain/PhoneNumber.ts"
import { type ClockTime, makeClock } from "../../domain/wallClock.ts"
import type { Stratum } from "../../experiment/Experiment.ts"
import { beginningOf } from "../../experiment/stratumCountry.ts"

/** Strata beyond the largest so many are pooled as `OTHER_STRATA`. */
export const MOST_STRATA = 500
export const OTHER_STRATA = "other"
const UNKNOWN = "unknown"

/** What an order, or a request for one, is sorted by. */
export interface Stratified {
  /** The number called. */
  readonly to?: string | undefined
  /** Its country, where that is told and the number is not. */
  readonly country?: string | undefined
  /** In milliseconds since the epoch; NaN if not told. */
  readonly at: number
  readonly campaign?: string | undefined
}

export type Strata = ReturnType<typeof makeStrata>

/**
 * Names strata, `FR · 14:00`. The hour is that of the order and not of its dial: when it is dialled is the arm's doing.
 */
export const makeStrata = (strata: ReadonlyArray<Stratum>, timeZone: string) => {
  const countryOf = makeCountryOf()
  const clock = makeClock(timeZone)
  const parts: { readonly [stratum in Stratum]: (subject: Stratified) => string | undefined } = {
    country: ({ to, country }) => country ?? (to === undefined ? undefined : countryOf(to)),
    hour: ({ at }) => (Number.isNaN(at) ? undefined : hourText(clock(at))),
    campaign: ({ campaign }) => campaign
  }
  const nameOf = (names: ReadonlyArray<string>): string => names.join(" · ")
  return {
    /** Of orders; what is not told is a stratum, too. */
    ofOrder: (order: Stratified): string => nameOf(strata.map((stratum) => parts[stratum](order) ?? UNKNOWN)),
    /** Of a request that may never have become an order: none unless all of it is told. */
    ofRequest: (request: Stratified): string | undefined => {
      const names = strata.flatMap((stratum) => parts[stratum](request) ?? [])
      return names.length === strata.length ? nameOf(names) : undefined
    }
  }
}

const hourText = ({ hour }: ClockTime): string => `${String(hour).padStart(2, "0")}:00`

const LARGEST_CACHE = 100_000

/** Each beginning of a number is looked up once. */
const makeCountryOf = (): ((to: string) => string) => {
  const known = new Map<string, string>()
  return (to) => {
    const alike = beginningOf(to)
    const found = known.get(alike)
    if (found !== undefined) return found
    if (known.size >= LARGEST_CACHE) known.clear()
    const country = countryOfNumber(alike) ?? UNKNOWN
    known.set(alike, country)
    return country
  }
}
