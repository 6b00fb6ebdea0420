/** What a client is configured with, checked when it is made: a fault found later would be echoed by a transport. */
import * as Duration from "effect/Duration"
import { isLoopback } from "../../domain/loopback.ts"
import type { FieldFault } from "../../domain/PlaceCall.ts"
import { inMinutes, LONGEST_PLACE } from "../placingLimits.ts"
import type { ClientOptions } from "./ClientOptions.ts"

/** Transports refuse other characters in a header, and quote the whole value when they do. */
const HEADER_VALUE = /^[\u0021-\u007E]([\u0020-\u007E]*[\u0021-\u007E])?$/

export const headerFault = (field: string, value: string): FieldFault | undefined =>
  HEADER_VALUE.test(value)
    ? undefined
    : { field, expected: "one line of visible ASCII characters, without spaces or line breaks at its ends" }

const urlOf = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined)

export const baseUrlFault = (field: string, text: string): FieldFault | undefined => {
  const url = urlOf(text)
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return { field, expected: "an address that begins with https://" }
  }
  if (url.protocol === "http:" && !isLoopback(text)) {
    return { field, expected: "https: only a loopback address may be reached without encryption" }
  }
  // An empty query or fragment would swallow the path that comes after it.
  return url.username !== "" || url.password !== "" || /[?#]/.test(text)
    ? { field, expected: "an address without user, query or fragment" }
    : undefined
}

export const limitsFault = ({ timeouts, maxConcurrency, rateLimit }: ClientOptions): FieldFault | undefined => {
  const place = Duration.fromInputUnsafe(timeouts?.place ?? LONGEST_PLACE)
  if (Duration.isGreaterThan(place, LONGEST_PLACE))
    return { field: "timeouts.place", expected: `at most ${inMinutes(LONGEST_PLACE)}` }
  if (maxConcurrency !== undefined && !(maxConcurrency >= 1)) return { field: "maxConcurrency", expected: "1 or more" }
  return rateLimit !== undefined && !(rateLimit.limit >= 1)
    ? { field: "rateLimit.limit", expected: "1 or more" }
    : undefined
}
