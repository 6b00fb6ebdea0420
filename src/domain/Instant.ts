import * as Schema from "effect/Schema"

/** A point in time as ISO 8601 UTC text with milliseconds; such texts compare in order of time. */
export const Instant = Schema.String.pipe(
  Schema.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u)),
  Schema.brand("unicall/Instant")
)
export type Instant = typeof Instant.Type

const ISO_8601 =
  /^(\d{4}-\d{2}-(\d{2}))[Tt ]((?:[01]\d|2[0-3]):[0-5]\d)(?::(\d{2})(?:[.,](\d+))?)?(?:[Zz]|([+-]\d{2}):?(\d{2})?)$/
const DECIMAL = /^\d+(\.\d+)?$/
const FIRST_SECOND = 1e8
const FIRST_MILLISECOND = 1e11
const LAST_MILLISECOND = 1e14

const fromEpoch = (value: number): Instant | undefined => {
  if (!(value >= FIRST_SECOND && value <= LAST_MILLISECOND)) return undefined
  return instantAt(value < FIRST_MILLISECOND ? value * 1000 : value)
}

/** The instant so many milliseconds after 1970, as clocks count; none outside the years 0 to 9999. */
export const instantAt = (milliseconds: number): Instant | undefined => {
  const date = new Date(milliseconds)
  if (Number.isNaN(date.getTime())) return undefined
  const text = date.toISOString()
  return isInstantText(text) ? text : undefined
}

/** Years outside 0000–9999 print longer than the fixed form and would not compare as text. */
const isInstantText = (text: string): text is Instant => text.length === 24

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

/** RFC 2822, as in the headers of mail and HTTP, a comment after the zone included. Of its zones those that are UTC. */
const RFC_2822 =
  /^(?:([a-z]{3}),[ \t]*)?(\d{1,2})[ \t]+([a-z]{3})[ \t]+(\d{4})[ \t]+(\d\d:\d\d(?::\d\d)?)[ \t]+([+-]\d{4}|GMT|UTC?|Z)(?:[ \t]*\([^()]*\))?$/i

/** A weekday that is not that of the date contradicts it, and then neither is believed. */
const fromRfc2822 = (text: string): Instant | undefined => {
  const match = RFC_2822.exec(text)
  if (match === null) return undefined
  const [, weekday, day = "", monthName = "", year, time, zone = ""] = match
  const month = MONTHS.indexOf(monthName.toLowerCase()) + 1
  const date = `${year}-${String(month).padStart(2, "0")}-${day.padStart(2, "0")}`
  const instant = month === 0 ? undefined : fromIso(`${date}T${time}${/^[+-]/.test(zone) ? zone : "Z"}`)
  const isThatDay = weekday === undefined || WEEKDAYS[new Date(date).getUTCDay()] === weekday.toLowerCase()
  return isThatDay ? instant : undefined
}

const fromIso = (text: string): Instant | undefined => {
  const match = ISO_8601.exec(text)
  if (match === null) return undefined
  const [, date, day, minutes, seconds = "00", fraction = "", offsetHours, offsetMinutes = "00"] = match
  const zone = offsetHours === undefined ? "Z" : `${offsetHours}:${offsetMinutes}`
  const wallClock = `${date}T${minutes}:${seconds}.${fraction.slice(0, 3).padEnd(3, "0")}`
  // `Date` rolls 30 February over into March: the day must survive the round trip.
  if (Number(day) > 28 && new Date(`${wallClock}Z`).getUTCDate() !== Number(day)) return undefined
  return instantAt(Date.parse(`${wallClock}${zone}`))
}

/**
 * Reads an instant: ISO 8601 with `Z` or an offset and any fraction (cut to milliseconds), RFC 2822
 * (`Sun, 29 Nov 2026 13:40:00 +0000`), epoch seconds (1e8 to 1e11) or milliseconds (1e11 to 1e14) as a number or plain
 * decimal text. Anything else, text without a zone above all, is not an instant and gives `undefined`: local time is
 * never assumed.
 */
export const parseInstant = (raw: unknown): Instant | undefined => {
  if (typeof raw === "number") return fromEpoch(raw)
  if (typeof raw !== "string") return undefined
  if (raw.length === 24 && isCanonical(raw)) return raw
  if (raw.length === 20) {
    const text = [raw.slice(0, 19), ".000Z"].join("")
    if (raw.endsWith("Z") && isCanonical(text)) return text
  }
  return DECIMAL.test(raw) ? fromEpoch(Number(raw)) : (fromIso(raw) ?? fromRfc2822(raw))
}

/**
 * A moment as people give it: ISO 8601 with a zone, or a `Date`. Digits alone, in records an epoch, may be a date of theirs, which
 * would be one long past.
 */
export const momentGiven = (value: unknown): Instant | undefined => {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : instantAt(value.getTime())
  return typeof value === "string" ? fromIso(value) : undefined
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** The same, or a day alone, which is its beginning in UTC. */
export const momentOrDayGiven = (text: string): Instant | undefined =>
  momentGiven(DAY.test(text) ? `${text}T00:00:00Z` : text)

/** Most records carry instants in our form or in whole seconds: recognising one is cheaper than parsing and printing it. */
const isCanonical = (text: string): text is Instant => {
  for (let index = 0; index < CANONICAL.length; index++) {
    const code = text.charCodeAt(index)
    const wanted = CANONICAL.charCodeAt(index)
    if (wanted === ZERO ? code < ZERO || code > NINE : code !== wanted) return false
  }
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const inCalendar = month >= 1 && day >= 1 && day <= (DAYS[month - 1] ?? 0)
  return inCalendar && twoDigits(text, 11) < 24 && twoDigits(text, 14) < 60 && twoDigits(text, 17) < 60
}

/** The form, a zero standing for any digit. */
const CANONICAL = "0000-00-00T00:00:00.000Z"
const ZERO = 48
const NINE = 57
/** Days of the months; 29 February is left to the thorough way, which knows the leap years. */
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const twoDigits = (text: string, at: number): number =>
  (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO

/** Seconds from one instant to another, with millisecond precision; `undefined` unless both are known and in order. */
export const secondsBetween = (from: Instant | undefined, to: Instant | undefined): number | undefined => {
  if (from === undefined || to === undefined || to < from) return undefined
  const sameDay = to.startsWith(from.slice(0, DATE_LENGTH))
  return (sameDay ? millisecondsOfDay(to) - millisecondsOfDay(from) : Date.parse(to) - Date.parse(from)) / 1000
}

const DATE_LENGTH = 10

const millisecondsOfDay = (instant: Instant): number =>
  ((twoDigits(instant, 11) * 60 + twoDigits(instant, 14)) * 60 + twoDigits(instant, 17)) * 1000 +
  (instant.charCodeAt(20) - ZERO) * 100 +
  twoDigits(instant, 21)

/** The latest of the instants that are given; `undefined` if none is. */
export const latest = (...instants: ReadonlyArray<Instant | undefined>): Instant | undefined =>
  instants.reduce(
    (best, instant) => (best === undefined || (instant !== undefined && instant > best) ? instant : best),
    undefined
  )
