/** Strata: groups of orders that are alike before anybody is called, so that arms are compared like with like. */
import { countryOfNumber } from "../../domain/PhoneNumber.ts"
import { type ClockTime, makeClock } from "../../domain/wallClock.ts"
import type { Stratum } from "../../experiment/Experiment.ts"
import { millisecondsOf } from "./moments.ts"
import type { Candidate } from "./populations.ts"

/** Strata beyond the largest so many are pooled as `OTHER_STRATA`. */
export const MOST_STRATA = 500
export const OTHER_STRATA = "other"
const UNKNOWN = "unknown"

/**
 * Makes the function that names an order's stratum, `FR · 14:00`. The hour is that of the order and not of its dial: when
 * it is dialled is the arm's doing.
 */
export const makeStratumOf = (strata: ReadonlyArray<Stratum>, timeZone: string): ((candidate: Candidate) => string) => {
  const countryOf = makeCountryOf()
  const clock = makeClock(timeZone)
  const parts: { readonly [stratum in Stratum]: (candidate: Candidate) => string } = {
    country: ({ to }) => (to === undefined ? UNKNOWN : countryOf(to)),
    hour: ({ at }) => (at === undefined ? UNKNOWN : hourText(clock(millisecondsOf(at)))),
    campaign: ({ order }) => order?.campaign?.id ?? order?.campaign?.name ?? UNKNOWN
  }
  if (strata.length === 0) return () => ""
  return (candidate) => strata.map((stratum) => parts[stratum](candidate)).join(" · ")
}

const hourText = ({ hour }: ClockTime): string => `${String(hour).padStart(2, "0")}:00`

const LARGEST_CACHE = 100_000

/** Digits that tell the country: calling code and area code. */
const PREFIX = 9

/** Numbers that begin alike are of one country: each beginning is looked up once, with fives for the rest. */
const makeCountryOf = (): ((to: string) => string) => {
  const known = new Map<string, string>()
  return (to) => {
    const alike = to.length > 16 ? to.slice(0, 17) : to.slice(0, PREFIX).padEnd(to.length, "5")
    const found = known.get(alike)
    if (found !== undefined) return found
    if (known.size >= LARGEST_CACHE) known.clear()
    const country = countryOfNumber(alike) ?? UNKNOWN
    known.set(alike, country)
    return country
  }
}
