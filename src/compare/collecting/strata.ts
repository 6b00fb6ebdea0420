/** Strata: groups of orders that are alike before anybody is called, so that arms are compared like with like. */
import { countryOfNumber } from "../../domain/PhoneNumber.ts"
import type { Stratum } from "../experiment/Experiment.ts"
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
  const hourOf = makeHourOf(timeZone)
  const parts: { readonly [stratum in Stratum]: (candidate: Candidate) => string } = {
    country: ({ to }) => (to === undefined ? UNKNOWN : countryOf(to)),
    hour: ({ at }) => (at === undefined ? UNKNOWN : hourOf(millisecondsOf(at))),
    campaign: ({ order }) => order?.campaign?.id ?? order?.campaign?.name ?? UNKNOWN
  }
  if (strata.length === 0) return () => ""
  return (candidate) => strata.map((stratum) => parts[stratum](candidate)).join(" · ")
}

const LARGEST_CACHE = 100_000

const cached = <K>(compute: (key: K) => string): ((key: K) => string) => {
  const known = new Map<K, string>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined) return found
    if (known.size >= LARGEST_CACHE) known.clear()
    const value = compute(key)
    known.set(key, value)
    return value
  }
}

/** Digits that tell the country: calling code and area code. */
const PREFIX = 9

/** Numbers that begin alike are of one country: each beginning is looked up once, with fives for the rest. */
const makeCountryOf = (): ((to: string) => string) => {
  const lookUp = cached((alike: string) => countryOfNumber(alike) ?? UNKNOWN)
  return (to) => lookUp(to.length > 16 ? to.slice(0, 17) : to.slice(0, PREFIX).padEnd(to.length, "5"))
}

const QUARTER = 15 * 60_000

/** The hour of day on the clocks of a time zone; all offsets from UTC in use are whole quarters of an hour. */
const makeHourOf = (timeZone: string): ((milliseconds: number) => string) => {
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", hourCycle: "h23" })
  const lookUp = cached((quarter: number) => `${clock.format(quarter * QUARTER)}:00`)
  return (milliseconds) => lookUp(Math.floor(milliseconds / QUARTER))
}
