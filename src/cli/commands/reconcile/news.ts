/** What `unicall reconcile` says of placements that are looked at again and again. */
import type { Looked, Reconciled } from "../../../calls/Placed.ts"
import { formatCallRef } from "../../../provider/CallError.ts"

/** Whether a person, or time, has to tell what became of it. */
export const isOpen = (placed: Reconciled): boolean =>
  placed.state === "uncertain" || placed.state === "in_flight" || (placed.state === "absent" && placed.doubted === true)

/** A reference has several placements where one was called absent and placed again. */
const keyOf = (placed: Looked): string =>
  JSON.stringify([
    placed.reference,
    placed.state === "accepted" ? formatCallRef(placed.call) : [placed.provider, placed.since]
  ])

/** Tells whether a placement has not been shown yet as it is now. */
export const makeNews = () => {
  const shown = new Map<string, string>()
  return (placed: Looked): boolean => {
    const open = placed.state === "uncertain" ? [placed.evidence, placed.question] : isOpen(placed)
    const said = JSON.stringify([placed.state, open])
    const key = keyOf(placed)
    const isShown = shown.get(key) === said
    shown.set(key, said)
    return !isShown
  }
}
