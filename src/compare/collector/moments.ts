/** Moments as records tell them, `2026-03-01T10:00:00.000Z`: text of one form, which sorts as time does. */

const DAY = 86_400_000
/** Days from 1 March of the year 0 to 1 January 1970. */
const EPOCH = 719_468

/**
 * Milliseconds since the epoch of a moment in exactly that form, which must have been made sure of; NaN of none. Three
 * times as fast as `Date.parse`, which a million records feel.
 */
export const millisecondsOf = (moment: string | undefined): number => {
  if (moment === undefined) return Number.NaN
  const month = two(moment, 5)
  // Years begin in March here, so that the leap day is their last.
  const year = two(moment, 0) * 100 + two(moment, 2) - (month <= 2 ? 1 : 0)
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + two(moment, 8) - 1
  const days = year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + dayOfYear - EPOCH
  const seconds = (two(moment, 11) * 60 + two(moment, 14)) * 60 + two(moment, 17)
  return days * DAY + seconds * 1000 + digit(moment, 20) * 100 + two(moment, 21)
}

const digit = (text: string, at: number): number => text.charCodeAt(at) - 48
const two = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1)
