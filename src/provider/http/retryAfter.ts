/** When to ask again, as servers say it. */

const LONGEST_SECONDS = 24 * 3600

/**
 * Seconds to wait: `retry-after-ms`, else `retry-after` as seconds or as a date. Absent if neither says, or says what
 * cannot be (a date in the past is 0, more than a day is a day).
 */
export const retryAfterSeconds = (
  headers: { readonly [name: string]: string | undefined },
  now: number
): number | undefined => {
  const milliseconds = decimal(headers["retry-after-ms"])
  const seconds = milliseconds === undefined ? secondsOf(headers["retry-after"], now) : milliseconds / 1000
  return seconds === undefined ? undefined : Math.min(Math.max(seconds, 0), LONGEST_SECONDS)
}

const decimal = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d{1,15}(\.\d+)?\s*$/.test(text) ? Number(text) : undefined

/** An HTTP date names its weekday first; anything else that `Date.parse` takes is no such date. */
const secondsOf = (text: string | undefined, now: number): number | undefined => {
  const seconds = decimal(text)
  if (seconds !== undefined || text === undefined || !/^\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return seconds
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : (at - now) / 1000
}
