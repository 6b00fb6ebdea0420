/** Whether a rule is for an order. Pure. */
import { countryOfNumber } from "../domain/PhoneNumber.ts"
import { DAYS, type PlaceCall } from "../domain/PlaceCall.ts"
import { makeClock, minutesOfDay } from "../domain/wallClock.ts"
import { askedFields } from "../provider/orderNeeds.ts"
import type { Hours, When } from "./Configuration.ts"

/** `millis`: when the order is to be called. Reading the country of a number takes longest: it is read once, if a rule asks for it. */
export const makeIsFor = (order: PlaceCall, millis: number): ((when: When) => boolean) => {
  let known: string | undefined
  const isIn = (countries: ReadonlyArray<string>): boolean =>
    countries.includes((known ??= countryOfNumber(order.to) ?? ""))
  return ({ country, prefix, hours, needs }) =>
    (prefix === undefined || prefix.some((beginning) => order.to.startsWith(beginning))) &&
    (needs === undefined || holdsAll(askedFields(order), needs)) &&
    (hours === undefined || isWithin(hours, millis)) &&
    (country === undefined || isIn(country))
}

const holdsAll = (have: ReadonlyArray<string>, wanted: ReadonlyArray<string>): boolean =>
  wanted.every((each) => have.includes(each))

/** The end is not within. Hours that span midnight belong to the day on which they begin. */
const isWithin = ({ from, to, timeZone, days = DAYS }: Hours, millis: number): boolean => {
  const time = clockOf(timeZone)(millis)
  const minutes = minutesOfDay(time, millis)
  const isDay = (index: number): boolean => days.some((name) => name === DAYS[(index + 7) % 7])
  const begin = minutesOf(from)
  const end = minutesOf(to)
  if (begin < end) return isDay(time.day) && minutes >= begin && minutes < end
  return (isDay(time.day) && minutes >= begin) || (isDay(time.day - 1) && minutes < end)
}

const minutesOf = (wallClock: string): number => Number(wallClock.slice(0, 2)) * 60 + Number(wallClock.slice(3))

const clocks = new Map<string, ReturnType<typeof makeClock>>()

/** A configuration names few time zones, and a clock is slow to make. */
const clockOf = (timeZone: string): ReturnType<typeof makeClock> => {
  const clock = clocks.get(timeZone) ?? makeClock(timeZone)
  clocks.set(timeZone, clock)
  return clock
}
