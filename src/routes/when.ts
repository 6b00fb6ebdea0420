/** Whether a rule is for an order. Pure. */
import { eachQuarter } from "../domain/wallClock.ts"
import { countryOfNumber } from "../domain/PhoneNumber.ts"
import type { PlaceCall } from "../domain/PlaceCall.ts"
import { askedFields } from "../provider/orderNeeds.ts"
import type { Hours, When } from "./Configuration.ts"

/** `millis`: when the order is to be called. */
export const isFor = ({ country, prefix, hours, needs }: When, order: PlaceCall, millis: number): boolean =>
  (prefix === undefined || prefix.some((beginning) => order.to.startsWith(beginning))) &&
  (needs === undefined || holdsAll(askedFields(order), needs)) &&
  (hours === undefined || isWithin(hours, millis)) &&
  (country === undefined || country.includes(countryOfNumber(order.to) ?? ""))

const holdsAll = (have: ReadonlyArray<string>, wanted: ReadonlyArray<string>): boolean =>
  wanted.every((each) => have.includes(each))

const DAY = 24 * 60
const MINUTE = 60_000
const WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const

/** The end is not within. Hours that span midnight belong to the day on which they begin. */
const isWithin = ({ from, to, timeZone, days = WEEK }: Hours, millis: number): boolean => {
  const { day, minutes } = clockOf(timeZone)(millis)
  const isDay = (index: number): boolean => days.some((name) => name === WEEK[(index + 7) % 7])
  const begin = minutesOf(from)
  const end = minutesOf(to)
  if (begin < end) return isDay(day) && minutes >= begin && minutes < end
  return (isDay(day) && minutes >= begin) || (isDay(day - 1) && minutes < end)
}

const minutesOf = (wallClock: string): number => Number(wallClock.slice(0, 2)) * 60 + Number(wallClock.slice(3))

interface ClockMinute {
  /** 0 is Monday. */
  readonly day: number
  readonly minutes: number
}

const SHORT_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
const clocks = new Map<string, (millis: number) => ClockMinute>()

/** A configuration names few time zones, and a clock is slow to make. */
const clockOf = (timeZone: string): ((millis: number) => ClockMinute) => {
  const known = clocks.get(timeZone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23"
  })
  const quarter = eachQuarter(format, (part) => ({
    day: SHORT_DAYS.indexOf(part("weekday")),
    minutes: Number(part("hour")) * 60 + Number(part("minute"))
  }))
  const clock = (millis: number): ClockMinute => {
    const { day, minutes } = quarter(millis)
    const since = Math.floor(millis / MINUTE) % 15
    return { day, minutes: (minutes + since) % DAY }
  }
  clocks.set(timeZone, clock)
  return clock
}
