/** Times as HTTP writes them: dates, and when to ask again. */

/** `Mon, 02 Mar 2026 15:00:00 GMT` (RFC 9110, 5.6.7). Of what else `Date.parse` takes, one without zone would be read as local time. */
const HTTP_DATE = /^\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\bGMT\s*$/

/** Milliseconds since 1970. */
export const httpDateMillis = (text: string | undefined): number | undefined => {
  const at = text !== undefined && HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

const LONGEST_SECONDS = 24 * 3600

/**
 * Seconds to wait: `retry-after-ms`, else `retry-after` as seconds or as a date. Absent if neither says, or says what
 * cannot be (a date in the past is 0, more than a day is a day). A date is by the server's clock: by its own `date`
 * where it told it, since ours may be wrong.
 */
export const retryAfterSeconds = (
  headers: { readonly [name: string]: string | undefined },
  now: number
): number | undefined => {
  const milliseconds = decimal(headers["retry-after-ms"])
  const at = httpDateMillis(headers["retry-after"])
  const dated = at === undefined ? undefined : (at - (httpDateMillis(headers["date"]) ?? now)) / 1000
  const seconds = milliseconds === undefined ? (decimal(headers["retry-after"]) ?? dated) : milliseconds / 1000
  return seconds === undefined ? undefined : Math.min(Math.max(seconds, 0), LONGEST_SECONDS)
}

const decimal = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d{1,15}(\.\d+)?\s*$/.test(text) ? Number(text) : undefined
