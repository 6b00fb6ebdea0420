/** When to ask again, as servers say it. */
import { httpDateMillis } from "./httpDate.ts"

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
  const seconds =
    milliseconds === undefined
      ? secondsOf(headers["retry-after"], httpDateMillis(headers["date"]) ?? now)
      : milliseconds / 1000
  return seconds === undefined ? undefined : Math.min(Math.max(seconds, 0), LONGEST_SECONDS)
}

const decimal = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d{1,15}(\.\d+)?\s*$/.test(text) ? Number(text) : undefined

const secondsOf = (text: string | undefined, now: number): number | undefined => {
  const seconds = decimal(text)
  if (seconds !== undefined) return seconds
  const at = httpDateMillis(text)
  return at === undefined ? undefined : (at - now) / 1000
}
