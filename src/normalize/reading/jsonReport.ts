/** Turns the bytes of a whole record into what is reported of it: its value, or what is wrong with it. */
import { findFault } from "./jsonFault.ts"
import { maxRawBytes, type Outlet } from "./outlet.ts"
import type { Region } from "./region.ts"
import { decodeUtf8, isUtf8, parseJson, trimEnd } from "./text.ts"

/** The value of the record whose bytes are `view`; undefined when it is damaged. */
export const valueOf = (region: Region, view: Uint8Array): unknown => {
  const text = region.fault !== "" || region.isTooLong ? undefined : decodeUtf8(view)
  return text === undefined ? undefined : parseJson(text)
}

const faultOf = (region: Region, view: Uint8Array): string => {
  const encoding = region.foreignEncoding(view)
  if (encoding !== undefined) return `expected UTF-8 but the input is ${encoding.toUpperCase()}, at ${region.start}`
  if (region.fault !== "") return region.fault
  if (region.isTooLong) return `record longer than ${region.maxBytes} bytes at ${region.start}`
  const fault = findFault(trimEnd(view))
  if (fault !== undefined) return `expected ${fault.expected} at ${region.placeOf(view, fault.at)}`
  if (!isUtf8(view)) return `invalid UTF-8 in the record at ${region.start}`
  // Only an element can be JSON and yet damaged: by what stands before or after it.
  return `expected "," or "]" next to the element at ${region.start}`
}

/** Reports a record as a damage; `prefix` tells what more than the record is damaged. */
export const reportDamage = (outlet: Outlet, region: Region, view: Uint8Array, prefix = ""): void => {
  // Only a text that is shown whole is trimmed: the end of a longer one may no longer be at hand.
  const shown = region.total <= maxRawBytes ? trimEnd(view) : view
  const total = region.total - view.length + shown.length
  outlet.damage(region.place.line, prefix + faultOf(region, view), shown, total, region.foreignEncoding(view))
}
