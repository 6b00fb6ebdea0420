/** Days, weeks and months by the calendar of a time zone. */
import { eachQuarter } from "../../../domain/wallClock.ts"

const DAY = 24 * 3_600_000

interface CalendarDay {
  /** `2026-05-05` */
  readonly day: string
  /** ISO 8601: `2026-W19`; weeks begin on Monday, and the first has the year's first Thursday. */
  readonly week: string
  /** `2026-05` */
  readonly month: string
}

/** The ISO week of a day that is given as midnight UTC. */
const isoWeek = (midnight: number): string => {
  const weekday = (new Date(midnight).getUTCDay() + 6) % 7
  const thursday = new Date(midnight + (3 - weekday) * DAY)
  const year = thursday.getUTCFullYear()
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY)) + 1
  return `${year}-W${String(week).padStart(2, "0")}`
}

/**
 * Reads instants off a time zone's calendar.
 *
 * @throws RangeError if there is no such time zone
 */
export const makeCalendar = (timeZone: string): ((instant: string) => CalendarDay) => {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" })
  const dayAt = eachQuarter(format, (part) => {
    const month = `${part("year").padStart(4, "0")}-${part("month")}`
    const day = `${month}-${part("day")}`
    return { day, week: isoWeek(Date.parse(`${day}T00:00:00Z`)), month }
  })
  return (instant) => dayAt(Date.parse(instant))
}
