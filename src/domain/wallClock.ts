/** Days and hours by the clocks of a time zone. */

const QUARTER = 15 * 60_000
const LARGEST_CACHE = 100_000
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

/** A moment by the clock, of the quarter of an hour in which it is; `day` 0 is Monday. */
export interface ClockTime {
  readonly day: number
  readonly hour: number
  /** Of the hour, at which the quarter begins. */
  readonly minute: number
}

/** Whether it is a name that this machine has a clock for, `Europe/Paris`. */
export const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== ""
  } catch {
    return false
  }
}

/** What a format says of milliseconds since the epoch, looked up once for each quarter of an hour: offsets from UTC are whole quarters. */
export const eachQuarter = <A>(
  format: Intl.DateTimeFormat,
  read: (part: (type: Intl.DateTimeFormatPartTypes) => string) => A
): ((milliseconds: number) => A) => {
  const known = new Map<number, A>()
  return (milliseconds) => {
    const quarter = Math.floor(milliseconds / QUARTER)
    const found = known.get(quarter)
    if (found !== undefined) return found
    const parts = new Map(format.formatToParts(quarter * QUARTER).map(({ type, value }) => [type, value]))
    const told = read((type) => parts.get(type) ?? "")
    if (known.size >= LARGEST_CACHE) known.clear()
    known.set(quarter, told)
    return told
  }
}

/**
 * Reads milliseconds since the epoch off a time zone's clock.
 *
 * @throws RangeError if there is no such time zone
 */
export const makeClock = (timeZone: string): ((milliseconds: number) => ClockTime) => {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23"
  })
  return eachQuarter(format, (part) => ({
    day: WEEKDAYS.indexOf(part("weekday")),
    hour: Number(part("hour")),
    minute: Number(part("minute"))
  }))
}

/** Whole minutes since midnight of a moment, given what its clock says of the quarter. */
export const minutesOfDay = ({ hour, minute }: ClockTime, milliseconds: number): number =>
  hour * 60 + minute + Math.floor((milliseconds % QUARTER) / 60_000)
