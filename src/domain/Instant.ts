import * as Schema from "effect/Schema"

/** A point in time as ISO 8601 UTC text with milliseconds; such texts compare in order of time. */
export const Instant = Schema.String.pipe(
  Schema.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)),
  Schema.brand("unicall/Instant")
)
export type Instant = typeof Instant.Type

const ISO_8601 = /^(\d{4}-\d{2}-(\d{2}))[Tt ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:[Zz]|([+-]\d{2}):?(\d{2})?)$/
const DECIMAL = /^\d+(\.\d+)?$/
const FIRST_SECOND = 1e8
const FIRST_MILLISECOND = 1e11
const LAST_MILLISECOND = 1e14

const fromEpoch = (value: number): Instant | undefined => {
  if (!(value >= FIRST_SECOND && value <= LAST_MILLISECOND)) return undefined
  return fromMilliseconds(value < FIRST_MILLISECOND ? value * 1000 : value)
}

const fromMilliseconds = (milliseconds: number): Instant | undefined => {
  const date = new Date(milliseconds)
  if (Number.isNaN(date.getTime())) return undefined
  const text = date.toISOString()
  return isInstantText(text) ? text : undefined
}

/** Years outside 0000–9999 print longer than the fixed form and would not compare as text. */
const isInstantText = (text: string): text is Instant => text.length === 24

const fromIso = (text: string): Instant | undefined => {
  const match = ISO_8601.exec(text)
  if (match === null) return undefined
  const [, date, day, minutes, seconds = "00", fraction = "", offsetHours, offsetMinutes = "00"] = match
  const zone = offsetHours === undefined ? "Z" : `${offsetHours}:${offsetMinutes}`
  const wallClock = `${date}T${minutes}:${seconds}.${fraction.slice(0, 3).padEnd(3, "0")}`
  // `Date` rolls 30 February over into March: the day must survive the round trip.
  if (new Date(`${wallClock}Z`).getUTCDate() !== Number(day)) return undefined
  return fromMilliseconds(Date.parse(`${wallClock}${zone}`))
}

/**
 * Reads an instant: ISO 8601 with `Z` or an offset and any fraction (cut to milliseconds), epoch seconds
 * (1e8 to 1e11) or milliseconds (1e11 to 1e14) as a number or plain decimal text. Anything else, text without a
 * zone above all, is not an instant and gives `undefined`: local time is never assumed.
 */
export const parseInstant = (raw: unknown): Instant | undefined => {
  if (typeof raw === "number") return fromEpoch(raw)
  if (typeof raw !== "string") return undefined
  if (raw.length === 24 && isCanonical(raw)) return raw
  if (raw.length === 20) {
    const text = `${raw.slice(0, 19)}.000Z`
    if (raw.endsWith("Z") && isCanonical(text)) return text
  }
  return DECIMAL.test(raw) ? fromEpoch(Number(raw)) : fromIso(raw)
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Most records carry instants in our form or in whole seconds: recognising one is cheaper than parsing and printing it. */
const isCanonical = (text: string): text is Instant => {
  if (!/^\d{4}-(?:0[1-9]|1[0-2])-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/.test(text)) return false
  const day = Number(text.slice(8, 10))
  return day >= 1 && (day <= 28 || day <= (DAYS[Number(text.slice(5, 7)) - 1] ?? 0))
}

/** Seconds from one instant to another, with millisecond precision; `undefined` unless both are known and in order. */
export const secondsBetween = (from: Instant | undefined, to: Instant | undefined): number | undefined =>
  from === undefined || to === undefined || to < from ? undefined : (Date.parse(to) - Date.parse(from)) / 1000

export const latest = (...instants: ReadonlyArray<Instant | undefined>): Instant | undefined =>
  instants.reduce(
    (best, instant) => (best === undefined || (instant !== undefined && instant > best) ? instant : best),
    undefined
  )
