/** Dates as HTTP writes them: `Mon, 02 Mar 2026 15:00:00 GMT` (RFC 9110, 5.6.7). */

/** Anything else that `Date.parse` takes is no such date; one without zone it would read as local time. */
const HTTP_DATE = /^\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\bGMT\s*$/

/** Milliseconds since 1970. */
export const httpDateMillis = (text: string | undefined): number | undefined => {
  const at = text !== undefined && HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}
