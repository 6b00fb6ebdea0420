/** Days, weeks and months by the calendar of a time zone. */

const QUARTER = 15 * 60_000
const DAY = 24 * 3_600_000
const LARGEST_CACHE = 100_000

export interface CalendarDay {
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
 * Reads instants off a time zone's calendar. Each quarter of an hour is looked up once: all offsets in use are whole
 * quarters.
 *
 * @throws RangeError if there is no such time zone
 */
export const makeCalendar = (timeZone: string): ((instant: string) => CalendarDay) => {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" })
  const known = new Map<number, CalendarDay>()
  return (instant) => {
    const quarter = Math.floor(Date.parse(instant) / QUARTER)
    const found = known.get(quarter)
    if (found !== undefined) return found
    const parts = new Map(format.formatToParts(quarter * QUARTER).map(({ type, value }) => [type, value]))
    const month = `${(parts.get("year") ?? "").padStart(4, "0")}-${parts.get("month") ?? ""}`
    const day = `${month}-${parts.get("day") ?? ""}`
    const calendarDay = { day, week: isoWeek(Date.parse(`${day}T00:00:00Z`)), month }
    if (known.size >= LARGEST_CACHE) known.clear()
    known.set(quarter, calendarDay)
    return calendarDay
  }
}
